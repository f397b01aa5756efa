/* ui_words: names as a database holds them and how people read them. Included by ui/ui.h. */
#ifndef KONTOR_UI_WORDS_H
#define KONTOR_UI_WORDS_H

#include "ui/ui.h"

/* A set is an array ended by {0}: {{"company", M("Company")}, …, {0}}. */
struct ui_word {
    const char *name, *label; /* as stored; message key */
};
/* The label's key; NULL: no such name. */
const char *ui_word_label(const struct ui_word *words, struct str name);
/* Translated; the name itself when it is not among them. */
struct str ui_word_of(const struct lang *lang, const struct ui_word *words, struct str name);
void ui_form_words(struct ui_form *form, const char *field, const struct ui_word *words);
void ui_list_words(struct ui_list *list, const char *filter, const struct ui_word *words);

#endif
