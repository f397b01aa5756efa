/* Schemes for tests: a few decisions written as one line each become a DMN file. */
#ifndef KONTOR_REWARD_RECIPE_SCENE_H
#define KONTOR_REWARD_RECIPE_SCENE_H

#include "reward/reward_scene.h"

struct recipe {
    const char *name, *output; /* attributes of kontor:output; NULL: a decision on the way */
    const char *needs;         /* inputs and decisions, separated by commas */
    const char *text;
};

SCENE void recipe_escape(struct buf *buf, const char *text)
{
    for (; *text; text++)
        if (*text == '<')
            buf_put(buf, STR("&lt;"));
        else if (*text == '&')
            buf_put(buf, STR("&amp;"));
        else
            buf_char(buf, *text);
}

SCENE bool recipe_is_decision(const struct recipe *recipes, size_t len, struct str name)
{
    for (size_t i = 0; i < len; i++)
        if (str_eq(str_of(recipes[i].name), name))
            return true;
    return false;
}

SCENE void recipe_inputs(struct fixture *f, struct buf *buf, const struct recipe *recipes,
                         size_t len)
{
    struct map *seen = map_new(f->arena);
    for (size_t i = 0; i < len; i++)
        for (struct str rest = str_of(recipes[i].needs); rest.at && rest.len;) {
            struct str name = str_cut(&rest, ',');
            void **slot = map_put(seen, name);
            if (!*slot && !recipe_is_decision(recipes, len, name))
                buf_printf(buf,
                           "<inputData id=\"i_" STR_FMT "\" name=\"" STR_FMT
                           "\"><variable name=\"" STR_FMT "\" typeRef=\"Any\"/></inputData>\n",
                           STR_ARG(name), STR_ARG(name), STR_ARG(name));
            *slot = buf;
        }
}

SCENE struct str recipe_dmn(struct fixture *f, const char *scheme, const struct recipe *recipes,
                            size_t len)
{
    AUTO_BUF buf = BUF(1 << 20);
    buf_printf(&buf,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
               "xmlns:kontor=\"urn:kontor:dmn:1\" id=\"m\" name=\"Recipe\" namespace=\"urn:r\">\n"
               "<extensionElements><kontor:scheme currency=\"USD\" %s/></extensionElements>\n",
               scheme);
    recipe_inputs(f, &buf, recipes, len);
    for (size_t i = 0; i < len; i++) {
        buf_printf(&buf, "<decision id=\"d%zu\" name=\"%s\">", i, recipes[i].name);
        if (recipes[i].output)
            buf_printf(&buf, "<extensionElements><kontor:output %s/></extensionElements>",
                       recipes[i].output);
        buf_printf(&buf, "<variable name=\"%s\" typeRef=\"Any\"/>", recipes[i].name);
        for (struct str rest = str_of(recipes[i].needs); rest.at && rest.len;) {
            struct str name = str_cut(&rest, ',');
            size_t k = 0;
            while (k < len && !str_eq(str_of(recipes[k].name), name))
                k++;
            if (k < len)
                buf_printf(&buf, "<informationRequirement><requiredDecision href=\"#d%zu\"/>", k);
            else
                buf_printf(&buf, "<informationRequirement><requiredInput href=\"#i_" STR_FMT "\"/>",
                           STR_ARG(name));
            buf_put(&buf, STR("</informationRequirement>"));
        }
        buf_put(&buf, STR("<literalExpression><text>"));
        recipe_escape(&buf, recipes[i].text);
        buf_put(&buf, STR("</text></literalExpression></decision>\n"));
    }
    buf_put(&buf, STR("</definitions>\n"));
    return str_dup(f->arena, buf_str(&buf));
}

/* The scene with every contract bound to this scheme. */
SCENE void recipe_begin(struct fixture *f, struct scene *s, const char *scheme,
                        const struct recipe *recipes, size_t len)
{
    scene_begin_with(f, s, recipe_dmn(f, scheme, recipes, len));
}

SCENE const struct reward_calculation *recipe_calculate(struct fixture *f, int month,
                                                        int64_t contract_id)
{
    const struct reward_calculation *calculation = NULL;
    struct reward_ask ask = {.period = scene_month(month), .contract_id = contract_id};
    scene_must(f, reward_calculate(&f->op, f->arena, &ask, &calculation), "calculate");
    return calculation;
}

SCENE const struct reward_result *recipe_result(const struct reward_calculation *calculation,
                                                int64_t contract_id)
{
    for (size_t i = 0; i < calculation->results_len; i++)
        if (calculation->results[i].contract->id == contract_id)
            return &calculation->results[i];
    printf("Bail out! no result\n");
    exit(1);
}

/* A sale of 20 September at an outlet, to a customer; 0: none. */
SCENE int64_t recipe_sale(struct fixture *f, struct scene *s, int who, int64_t outlet_id,
                          int64_t customer_id, int64_t net_minor)
{
    struct event_credit credit = {.partner_id = s->partner_ids[who],
                                  .role = STR("seller"),
                                  .share = EVENT_SHARE_WHOLE,
                                  .reason = STR("file")};
    struct event_new event = {.source = STR("shop"),
                              .external_id = str_printf(f->arena, "O-%04d", ++s->events),
                              .type = EVENT_SALE,
                              .occurred_at = scene_at(2026, 9, 20),
                              .currency = currency_find(STR("USD")),
                              .amount_minor = net_minor,
                              .net_minor = net_minor,
                              .quantity = EVENT_QUANTITY_ONE,
                              .outlet_id = outlet_id,
                              .customer_id = customer_id,
                              .credits = &credit,
                              .credits_len = 1};
    struct event_answer answer;
    scene_must(f, event_store(&f->op, &event, 1, &answer), "an event");
    return answer.event_seq;
}

/* The amounts of a result's lines in their order: "500 250 -1"; "-" where a rule gave nothing. */
SCENE struct str recipe_amounts(struct fixture *f, const struct reward_calculation *calculation,
                                const struct reward_result *result)
{
    struct reward_details details;
    AUTO_BUF text = BUF(1 << 16);
    scene_must(f, reward_details_of(&f->op, calculation, result, &details), "details");
    for (size_t i = 0; i < details.lines.len; i++) {
        const struct reward_line *line = &details.lines.at[i];
        buf_put(&text, i ? STR(" ") : STR(""));
        if (line->aside == REWARD_NOTHING)
            buf_put(&text, STR("-"));
        else
            buf_printf(&text, "%s%lld", line->aside ? "!" : "", (long long)line->amount_minor);
    }
    return str_dup(f->arena, buf_str(&text));
}

/* Calculated, approved and posted; verified afterwards. */
SCENE int64_t recipe_post(struct fixture *f, int month)
{
    struct reward_verified verified;
    int64_t id = scene_run(f, month);
    fixture_sql(f, "update reward_run set state = 'approved' where state = 'calculated'");
    fixture_sql(f, "update reward_result set state = 'approved' where state = 'calculated'");
    scene_must(f, reward_run_post(&f->op, id), "posting");
    ok(reward_verify(&f->op, &verified) == RC_OK && !verified.first_problem.at &&
           verified.changed == 0,
       "what is posted can be computed again");
    if (verified.first_problem.at)
        printf("# " STR_FMT "\n", STR_ARG(verified.first_problem));
    return id;
}

struct recipe_event { /* any event of the customer, with its credits */
    enum event_type type;
    int64_t at, net_minor, original_seq;
    int64_t shares[3]; /* of the partners; 0: no part */
};

SCENE int64_t recipe_event(struct fixture *f, struct scene *s, const struct recipe_event *back)
{
    struct event_credit credits[3];
    size_t len = 0;
    for (size_t i = 0; i < LEN(back->shares); i++)
        if (back->shares[i] > 0)
            credits[len++] = (struct event_credit){.partner_id = s->partner_ids[i],
                                                   .role = STR("seller"),
                                                   .share = back->shares[i],
                                                   .reason = STR("file")};
    struct event_new event = {.source = STR("shop"),
                              .external_id = str_printf(f->arena, "B-%04d", ++s->events),
                              .type = back->type,
                              .occurred_at = back->at,
                              .currency = currency_find(STR("USD")),
                              .amount_minor = back->net_minor,
                              .net_minor = back->net_minor,
                              .quantity = EVENT_QUANTITY_ONE,
                              .customer_id = s->customer_id,
                              .original_seq = back->original_seq,
                              .credits = credits,
                              .credits_len = len};
    struct event_answer answer;
    scene_must(f, event_store(&f->op, &event, 1, &answer), "an event");
    return answer.event_seq;
}

#define RECIPE(f, s, scheme, ...)                                                                  \
    do {                                                                                           \
        static const struct recipe recipes_[] = {__VA_ARGS__};                                     \
        recipe_begin(f, s, scheme, recipes_, LEN(recipes_));                                       \
    } while (0)

#endif
