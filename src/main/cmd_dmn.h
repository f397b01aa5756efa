/* What the commands about decision models share: files of models and what they import. */
#ifndef KONTOR_CMD_DMN_H
#define KONTOR_CMD_DMN_H

#include "cli/cli.h"
#include "dmn/dmn.h"

/* Names in a folder, sorted, without hidden ones. */
enum rc model_folder_list(struct cli *cli, struct str path, struct str_list *out);
/* The folder of a path: "." without one. */
struct str model_folder_of(struct str path);
/* Reads a model and, by their namespaces, those that it imports from the same folder. What a model
 * says of places (locationURI) is never followed. */
enum rc model_read(struct cli *cli, struct arena *arena, struct str path, enum feel_library library,
                   struct fault *fault, const struct dmn_model **out);
enum rc run_dmn_test(struct cli *cli);

#endif
