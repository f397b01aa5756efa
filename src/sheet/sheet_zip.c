/* The archive of a workbook, through libzip over any source of bytes. All that can be known before
 * unpacking is checked first: the directory is small, nothing is encrypted, nested or packed by
 * another method than deflate, and no part promises more than it may. What is unpacked is counted
 * again while it comes, because the directory can lie. */
#include <zip.h>

#include "sheet/sheet_int.h"

enum {
    PARTS_MAX = 4096,
    DIRECTORY_BYTES_MAX = 4 << 20,
    TAIL_BYTES = 65535 + 22 + 20, /* the end record, its longest comment, the zip64 locator */
    RATIO_MAX = 100,
    RATIO_FROM_BYTES = 1 << 20 /* smaller parts may be as repetitive as they like */
};

/* ---- libzip reads through the source ---- */

static zip_int64_t source_seek(struct sheet__package *package, void *data, zip_uint64_t len)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_int64_t offset = zip_source_seek_compute_offset(
        (zip_uint64_t)package->offset, (zip_uint64_t)package->source.size_bytes, data, len, &error);
    zip_error_fini(&error);
    if (offset < 0)
        return -1;
    package->offset = offset;
    return 0;
}

static zip_int64_t source_read(struct sheet__package *package, char *at, zip_uint64_t len)
{
    size_t got = 0;
    enum rc rc = package->source.read_at(package->source.self, package->offset, at, len, &got);
    if (rc != RC_OK) {
        package->source_rc = rc;
        return -1;
    }
    package->offset += (int64_t)got;
    return (zip_int64_t)got;
}

static zip_int64_t source_stat(const struct sheet__package *package, void *data, zip_uint64_t len)
{
    if (len < sizeof(zip_stat_t))
        return -1;
    zip_stat_t *stat = data;
    zip_stat_init(stat);
    stat->valid = ZIP_STAT_SIZE;
    stat->size = (zip_uint64_t)package->source.size_bytes;
    return (zip_int64_t)sizeof(*stat);
}

static zip_int64_t source_error(const struct sheet__package *package, void *data, zip_uint64_t len)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_error_set(&error, package->source_rc != RC_OK ? ZIP_ER_READ : ZIP_ER_INVAL, 0);
    zip_int64_t size = zip_error_to_data(&error, data, len);
    zip_error_fini(&error);
    return size;
}

static zip_int64_t source_call(void *self, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
    struct sheet__package *package = self;
    switch (command) {
    case ZIP_SOURCE_OPEN: package->offset = 0; return 0;
    case ZIP_SOURCE_READ: return source_read(package, data, len);
    case ZIP_SOURCE_SEEK: return source_seek(package, data, len);
    case ZIP_SOURCE_TELL: return package->offset;
    case ZIP_SOURCE_STAT: return source_stat(package, data, len);
    case ZIP_SOURCE_ERROR: return source_error(package, data, len);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE: return 0;
    case ZIP_SOURCE_SUPPORTS: return ZIP_SOURCE_SUPPORTS_SEEKABLE;
    default: return -1;
    }
}

/* ---- the directory, before libzip gives each of its entries memory ---- */

static uint64_t le(const char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes; i > 0; i--)
        value = value << 8 | (unsigned char)at[i - 1];
    return value;
}

static enum rc read_exactly(struct sheet *sheet, int64_t offset, char *at, size_t len,
                            size_t *out_len)
{
    size_t total = 0;
    while (total < len) {
        size_t got = 0;
        TRY(sheet->source.read_at(sheet->source.self, offset + (int64_t)total, at + total,
                                  len - total, &got));
        if (got == 0)
            break;
        total += got;
    }
    *out_len = total;
    return RC_OK;
}

enum rc sheet__broken(struct sheet *sheet)
{
    return fault_add(sheet->fault, RC_INVALID, NULL,
                     "The workbook is damaged or was not sent whole. Open it in a spreadsheet "
                     "program, save it as .xlsx and send it again.",
                     NULL);
}

static enum rc too_many_parts(struct sheet *sheet)
{
    return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                     "The workbook consists of too many parts. Copy the table into a new workbook "
                     "and send that.",
                     NULL);
}

/* The zip64 end record that the locator points at says more than the short one. */
static enum rc zip64_check(struct sheet *sheet, const char *locator)
{
    char record[56];
    size_t len;
    uint64_t offset = le(locator + 8, 8);
    if (offset > (uint64_t)sheet->source.size_bytes)
        return sheet__broken(sheet);
    TRY(read_exactly(sheet, (int64_t)offset, record, sizeof(record), &len));
    if (len < sizeof(record) || memcmp(record, "PK\6\6", 4) != 0)
        return sheet__broken(sheet);
    if (le(record + 32, 8) > PARTS_MAX || le(record + 40, 8) > DIRECTORY_BYTES_MAX)
        return too_many_parts(sheet);
    return RC_OK;
}

static enum rc directory_check(struct sheet *sheet)
{
    int64_t size = sheet->source.size_bytes;
    int64_t from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
    struct arena_mark mark = arena_mark(sheet->arena);
    char *tail = arena_alloc(sheet->arena, TAIL_BYTES);
    size_t len;
    TRY(read_exactly(sheet, from, tail, (size_t)(size - from), &len));
    bool has_end = false;
    /* Every record that could be the end must be harmless: which one libzip takes is its matter. */
    for (size_t i = 0; i + 22 <= len; i++) {
        if (memcmp(tail + i, "PK\5\6", 4) != 0)
            continue;
        has_end = true;
        uint64_t parts = le(tail + i + 10, 2), bytes = le(tail + i + 12, 4);
        bool is_zip64 = i >= 20 && memcmp(tail + i - 20, "PK\6\7", 4) == 0;
        if (is_zip64)
            TRY(zip64_check(sheet, tail + i - 20));
        if ((parts > PARTS_MAX && !(is_zip64 && parts == 0xFFFF)) ||
            (bytes > DIRECTORY_BYTES_MAX && !(is_zip64 && bytes == 0xFFFFFFFF)))
            return too_many_parts(sheet);
    }
    arena_rewind(sheet->arena, mark);
    return has_end ? RC_OK : sheet__broken(sheet);
}

/* ---- parts ---- */

/* Part names compare without case (ECMA-376 part 2, 9.1.1); some writers use backslashes. */
static struct str path_normal(struct arena *arena, struct str path)
{
    while (path.len > 0 && (path.at[0] == '/' || path.at[0] == '\\'))
        path = str_sub(path, 1, path.len);
    char *normal = arena_alloc(arena, path.len + 1);
    for (size_t i = 0; i < path.len; i++) {
        char c = (char)(path.at[i] == '\\' ? '/' : path.at[i]);
        normal[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return (struct str){normal, path.len};
}

bool sheet__part_find(const struct sheet__package *package, struct str path, int64_t *out_index)
{
    AUTO_ARENA arena = arena_new(64 * 1024);
    if (path.len > SHEET__PATH_MAX)
        return false;
    const void *found = map_get(package->parts, path_normal(arena, path));
    if (!found)
        return false;
    *out_index = (int64_t)(intptr_t)found - 1;
    return true;
}

enum rc sheet__unpacked(struct sheet *sheet, uint64_t more, uint64_t part_bytes,
                        uint64_t packed_bytes)
{
    struct sheet__package *package = &sheet->package;
    uint64_t room = (uint64_t)(package->unpacked_max - package->unpacked_bytes);
    if (more > room || (part_bytes > RATIO_FROM_BYTES && part_bytes / RATIO_MAX > packed_bytes))
        return fault_add(sheet->fault, RC_TOO_LARGE, NULL,
                         "The workbook unpacks to far more than its size, as no table does. Copy "
                         "the values into a new workbook, or send them as CSV.",
                         NULL);
    package->unpacked_bytes += (int64_t)more;
    return RC_OK;
}

int64_t sheet__part_bytes(const struct sheet__package *package, int64_t index)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    bool is_known = zip_stat_index(package->zip, (zip_uint64_t)index, 0, &stat) == 0;
    return is_known ? (int64_t)stat.size : 0;
}

static bool is_nested(const char *head, zip_int64_t len)
{
    return len == 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0);
}

static enum rc part_check(struct sheet *sheet, zip_uint64_t i, const zip_stat_t *stat)
{
    struct sheet__package *package = &sheet->package;
    if (stat->encryption_method != ZIP_EM_NONE)
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "The workbook is protected by a password. Take the password off and send "
                         "it again.",
                         NULL);
    if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
        return sheet__broken(sheet);
    TRY(sheet__unpacked(sheet, stat->size, stat->size, stat->comp_size));
    if (stat->size < 4)
        return RC_OK;
    char head[4];
    zip_file_t *file = zip_fopen_index(package->zip, i, 0);
    if (!file)
        return package->source_rc != RC_OK ? package->source_rc : sheet__broken(sheet);
    zip_int64_t len = zip_fread(file, head, sizeof(head));
    (void)zip_fclose(file);
    if (is_nested(head, len))
        return fault_add(sheet->fault, RC_INVALID, NULL,
                         "The archive holds another archive or an embedded document. Send a "
                         "workbook with nothing but the table.",
                         NULL);
    return RC_OK;
}

static enum rc parts_list(struct sheet *sheet)
{
    struct sheet__package *package = &sheet->package;
    zip_int64_t len = zip_get_num_entries(package->zip, 0);
    package->parts = map_new(sheet->arena);
    if (len > PARTS_MAX)
        return too_many_parts(sheet);
    for (zip_int64_t i = 0; i < len; i++) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        if (zip_stat_index(package->zip, (zip_uint64_t)i, 0, &stat) < 0)
            return sheet__broken(sheet);
        TRY(part_check(sheet, (zip_uint64_t)i, &stat));
        struct str path = str_of(stat.name);
        if (path.len <= SHEET__PATH_MAX)
            *map_put(package->parts, path_normal(sheet->arena, path)) = (void *)(intptr_t)(i + 1);
    }
    package->unpacked_bytes = 0; /* from here on it counts what really came out */
    return RC_OK;
}

enum rc sheet__package_open(struct sheet *sheet)
{
    struct sheet__package *package = &sheet->package;
    package->source = sheet->source;
    TRY(directory_check(sheet));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_function_create(source_call, package, &error);
    if (source) {
        package->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
        if (!package->zip)
            zip_source_free(source);
    }
    zip_error_fini(&error);
    if (!package->zip)
        return package->source_rc != RC_OK ? package->source_rc : sheet__broken(sheet);
    return parts_list(sheet);
}

void sheet__package_close(struct sheet__package *package)
{
    if (package->zip)
        zip_discard(package->zip);
    package->zip = NULL;
}
