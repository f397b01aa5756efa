/* Files of decision models. An import names a namespace; the model that bears it is looked for
 * among the files beside the importing one, so that no file outside the folder is ever opened. */
#include <dirent.h>

#include "main/cmd_dmn.h"
#include "main/cmd_feel.h"

enum { MODELS_MAX = 64 };

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum rc model_folder_list(struct cli *cli, struct str path, struct str_list *out)
{
    DIR *dir = opendir(str_c(cli->arena, path));
    if (!dir)
        return fail(&cli->op, RC_MISSING, NULL, "The file {0} cannot be read.",
                    str_c(cli->arena, path));
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        if (entry->d_name[0] != '.')
            VEC_PUSH(cli->arena, out, str_dup(cli->arena, str_of(entry->d_name)));
    (void)closedir(dir);
    if (out->len)
        qsort(out->at, out->len, sizeof(*out->at), by_name);
    return RC_OK;
}

struct str model_folder_of(struct str path)
{
    size_t slash = path.len;
    while (slash > 0 && path.at[slash - 1] != '/')
        slash--;
    if (slash == 0)
        return STR(".");
    return slash == 1 ? STR("/") : str_sub(path, 0, slash - 1);
}

/* ---- imports ---- */

struct model_file {
    struct str xml, namespace;
    const struct dmn_node *root;
    bool is_needed;
};

struct model_files {
    struct model_file at[MODELS_MAX];
    size_t len;
};

static const struct dmn_node *element_from(const struct dmn_node *node, const char *name)
{
    while (node && !(node->kind == DMN_NODE_ELEMENT && (!name || str_eq(node->name, str_of(name)))))
        node = node->next;
    return node;
}

static struct str attribute(const struct dmn_node *node, const char *name)
{
    for (size_t i = 0; i < node->attributes_len; i++)
        if (str_eq(node->attributes[i].name, str_of(name)))
            return node->attributes[i].value;
    return STR("");
}

/* Marks what the file imports, and what that imports; only unmarked ones are gone into. */
static void need(struct model_files *files, const struct dmn_node *root)
{
    const struct dmn_node *import = element_from(root->first, "import");
    for (; import; import = element_from(import->next, "import"))
        for (size_t i = 0; i < files->len; i++) {
            struct model_file *file = &files->at[i];
            if (file->is_needed || !str_eq(file->namespace, attribute(import, "namespace")))
                continue;
            file->is_needed = true;
            need(files, file->root);
        }
}

/* Models of the folder that can be read; a broken one that nobody needs is nobody's fault. */
static enum rc read_beside(struct cli *cli, struct arena *arena, struct str path,
                           struct model_files *out)
{
    struct str_list names = {0};
    struct str folder = model_folder_of(path);
    TRY(model_folder_list(cli, folder, &names));
    for (size_t i = 0; i < names.len && out->len < MODELS_MAX; i++) {
        struct fault unused = {.arena = arena};
        struct dmn_node *document = NULL;
        struct model_file file = {0};
        struct str inner =
            str_printf(arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(names.at[i]));
        if (!str_ends(inner, STR(".dmn")) || str_eq(inner, path) ||
            cli_read_file(cli, inner, DMN_XML_MAX_BYTES, &file.xml) != RC_OK ||
            dmn_parse(arena, file.xml, &unused, &document) != RC_OK)
            continue;
        file.root = element_from(document->first, NULL);
        file.namespace = attribute(file.root, "namespace");
        out->at[out->len++] = file;
    }
    fault_clear(&cli->op.fault);
    return RC_OK;
}

enum rc model_read(struct cli *cli, struct arena *arena, struct str path, enum feel_library library,
                   struct fault *fault, const struct dmn_model **out)
{
    struct str xml, others[MODELS_MAX];
    struct dmn_node *document = NULL;
    struct model_files *files = NEW(arena, struct model_files);
    size_t len = 0;
    TRY(cli_read_file(cli, path, FORMULA_FILE_MAX_BYTES, &xml));
    TRY(dmn_parse(arena, xml, fault, &document));
    const struct dmn_node *root = element_from(document->first, NULL);
    if (element_from(root->first, "import")) {
        TRY(read_beside(cli, arena, path, files));
        need(files, root);
    }
    for (size_t i = 0; i < files->len; i++)
        if (files->at[i].is_needed)
            others[len++] = files->at[i].xml;
    return dmn_read(arena, xml, others, len, library, fault, out);
}
