/* Pages. */
#include "import/import_int.h"
const struct route import_routes[] = {{0}};
const struct ui_page import_pages[] = {{0}};
const size_t import_pages_len = 0;
