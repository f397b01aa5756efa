/* files_int: what the files of this module share. */
#ifndef KONTOR_FILES_INT_H
#define KONTOR_FILES_INT_H

#include "files/files.h"

struct file_reader {
    struct op *op;
    struct file_info info;
    int64_t parts_len, next_place, loaded_place; /* loaded_place -1: none */
    size_t text_at;                              /* of file_text_source, in the loaded part */
    size_t len;
    char bytes[FILE_PART_BYTES];
};

/* Makes the reader of a file that was found by other means. */
struct file_reader *file__reader(struct op *op, const struct file_info *info);

#endif
