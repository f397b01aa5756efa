/* Names as a database holds them and how people read them: cells, options of forms and filters. */
#include "ui/ui.h"

const char *ui_word_label(const struct ui_word *words, struct str name)
{
    for (; words->name; words++)
        if (str_eq(name, str_of(words->name)))
            return words->label;
    return NULL;
}

struct str ui_word_of(const struct lang *lang, const struct ui_word *words, struct str name)
{
    const char *label = ui_word_label(words, name);
    return label ? tr(lang, label) : name;
}

void ui_form_words(struct ui_form *form, const char *field, const struct ui_word *words)
{
    for (; words->name; words++)
        ui_form_option(form, field, str_of(words->name), tr(form->op->lang, words->label));
}

void ui_list_words(struct ui_list *list, const char *filter, const struct ui_word *words)
{
    for (; words->name; words++)
        ui_list_option(list, filter, str_of(words->name), tr(list->op->lang, words->label));
}
