/* The files of examples/demo, inside the program: a demo needs no source tree beside it. */
#include "demo/demo_int.h"

/* The Makefile says that this file depends on them. */
#define EMBED(symbol, file)                                                                        \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"examples/demo/" file "\"\n" #symbol         \
            "_end:\n.byte 0\n.previous\n");                                                        \
    extern const char symbol[], symbol##_end[]

EMBED(demo__dealer_1, "dealer-1.dmn");
EMBED(demo__dealer_2, "dealer-2.dmn");
EMBED(demo__dealer_3, "dealer-3.dmn");
EMBED(demo__agent_1, "agent-1.dmn");
EMBED(demo__agent_2, "agent-2.dmn");
EMBED(demo__distributor_1, "distributor-1.dmn");
EMBED(demo__distributor_2, "distributor-2.dmn");
EMBED(demo__distributor_3, "distributor-3.dmn");
EMBED(demo__referral_1, "referral-1.dmn");
EMBED(demo__referral_2, "referral-2.dmn");

static const struct {
    const char *name, *at, *end;
} files[] = {
    {"dealer-1", demo__dealer_1, demo__dealer_1_end},
    {"dealer-2", demo__dealer_2, demo__dealer_2_end},
    {"dealer-3", demo__dealer_3, demo__dealer_3_end},
    {"agent-1", demo__agent_1, demo__agent_1_end},
    {"agent-2", demo__agent_2, demo__agent_2_end},
    {"distributor-1", demo__distributor_1, demo__distributor_1_end},
    {"distributor-2", demo__distributor_2, demo__distributor_2_end},
    {"distributor-3", demo__distributor_3, demo__distributor_3_end},
    {"referral-1", demo__referral_1, demo__referral_1_end},
    {"referral-2", demo__referral_2, demo__referral_2_end},
};

struct str demo_file(const char *name)
{
    for (size_t i = 0; i < LEN(files); i++)
        if (strcmp(files[i].name, name) == 0)
            return (struct str){files[i].at, (size_t)(files[i].end - files[i].at)};
    assert(false && "no such file");
    return STR_NONE;
}
