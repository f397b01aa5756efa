/* No value changes the structure of a page: two values from the input in every place, the skeleton
 * compared with that of a harmless page. */
#include "html/html_test_kit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    AUTO_ARENA arena = arena_new(0);
    AUTO_OUT plain = OUT(arena, 65536), o = OUT(arena, 1 << 20);
    AUTO_BUF want = BUF(65536), skeleton = BUF(1 << 20);
    struct str all = {(const char *)data, size};
    size_t half = size / 2;
    kit_page(&plain, STR("a"), STR("b"));
    kit_page(&o, str_sub(all, 0, half), str_sub(all, half, size - half));
    kit_skeleton(buf_str(&plain.buf), &want);
    kit_skeleton(buf_str(&o.buf), &skeleton);
    assert(str_eq(buf_str(&skeleton), buf_str(&want)));
    return 0;
}
