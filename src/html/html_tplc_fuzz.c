/* The template compiler: any text is compiled or refused with a message, nothing else happens; and
 * what it accepts in a text place leaves the place as it was (a second view still compiles). */
#define TPLC_INSIDE
#include <assert.h>
#include <stdint.h>

#include "tools/tplc.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct compiler compiler;

static bool compiles(char *source, size_t len)
{
    struct text *const texts[] = {&compiler.literal, &compiler.args, &compiler.code,
                                  &compiler.head,    &compiler.uses, &compiler.messages};
    for (size_t i = 0; i < LEN(texts); i++)
        free(texts[i]->at);
    compiler = (struct compiler){.path = "v.html"};
    tplc_error[0] = 0;
    if (setjmp(tplc_refused) == 0) {
        compile_source(&compiler, source, len);
        return true;
    }
    assert(strncmp(tplc_error, "v.html:", 7) == 0);
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char before[] = "{% view a(int x) %}",
                      after[] = "{% end %}{% view b() %}<p></p>{% end %}";
    char *source = calloc(1, size + sizeof(before) + sizeof(after));
    if (!source || size > 8192 || memchr(data, 0, size)) {
        free(source);
        return 0;
    }
    memcpy(source, before, sizeof(before) - 1);
    memcpy(source + sizeof(before) - 1, data, size);
    memcpy(source + sizeof(before) - 1 + size, after, sizeof(after));
    (void)compiles(source, strlen(source));
    memmove(source, data, size);
    source[size] = 0;
    (void)compiles(source, size);
    free(source);
    return 0;
}
