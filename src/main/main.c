/* kontor. Everything is in program.c, so that tests can link it. */
#include "main/program.h"

int main(int argc, char **argv)
{
    return program_main(argc, argv);
}
