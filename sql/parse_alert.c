/*
 * parse_alert.c: CREATE, DROP, ALTER, SHOW CREATE and BACKTEST of alerts and recording rules.
 *
 *   CREATE [OR REPLACE] ALERT [IF NOT EXISTS] [db.]name AS SELECT …
 *       [EVERY n unit] [FOR n unit] [KEEP FIRING FOR n unit] [DELAY n unit] [MAX WAIT n unit] [MAX INSTANCES n]
 *       [LABELS (name = 'template', …)] [ANNOTATIONS (name = 'template', …)] [PAUSED]
 *   CREATE [OR REPLACE] RECORDING RULE [IF NOT EXISTS] [db.]name AS SELECT … [EVERY …] [DELAY …] [LABELS (…)] …
 *
 * Clauses come in any order, each once. Their first words end the SELECT: they are no aliases there.
 */
#include "sql/parse.h"

static const char *const clause_words[] = {"EVERY", "KEEP", "DELAY", "MAX", "LABELS", "ANNOTATIONS", "PAUSED", NULL};

bool parse_is_alert_clause(struct slice word)
{
    return word_in(word, clause_words);
}

bool parse_time_unit(struct parser *parser, const struct ast *number, int64_t *out_us)
{
    static const struct {
        const char *one, *many;
        int64_t us;
    } units[] = {{"MILLISECOND", "MILLISECONDS", 1000}, {"SECOND", "SECONDS", 1000000},
                 {"MINUTE", "MINUTES", 60000000},       {"HOUR", "HOURS", INT64_C(3600000000)},
                 {"DAY", "DAYS", INT64_C(86400000000)}, {"WEEK", "WEEKS", INT64_C(604800000000)}};
    for (size_t k = 0; k < sizeof(units) / sizeof(units[0]); k++) {
        if (parse_accept(parser, units[k].one) || parse_accept(parser, units[k].many)) {
            if (number->literal != AST_UINT || number->number > (uint64_t)(INT64_C(315360000000000) / units[k].us)) {
                return parse_fail_here(parser, "a time is a whole number, of 10 years at most");
            }
            *out_us = (int64_t)number->number * units[k].us;
            return true;
        }
    }
    return parse_fail(parser);
}

bool parse_time(struct parser *parser, int64_t *out_us)
{
    (void)parse_accept(parser, "INTERVAL");
    if (parser->token.kind != TOKEN_NUMBER) {
        parse_note(parser, "a number of seconds, minutes, …");
        return parse_fail(parser);
    }
    const struct ast *number = parse_number(parser, parser->token.offset, false);
    return number != NULL && parse_time_unit(parser, number, out_us);
}

/* A time that is given once. */
static bool parse_duration(struct parser *parser, int64_t *out)
{
    if (*out >= 0) {
        return parse_fail_here(parser, "this time was given before");
    }
    return parse_time(parser, out);
}

/* (name = 'text', …) */
static bool parse_labels(struct parser *parser, struct ast_label **labels, uint32_t *count)
{
    if (*labels != NULL) {
        return parse_fail_here(parser, "these were given before");
    }
    if (!parse_expect_kind(parser, TOKEN_OPEN, "'('")) {
        return false;
    }
    while (parser->token.kind != TOKEN_CLOSE) {
        if (*count > 0 && !parse_expect_kind(parser, TOKEN_COMMA, "','")) {
            return false;
        }
        uint32_t offset = parser->token.offset;
        struct ast_label *label = array_add(parser, labels, count, sizeof(**labels));
        if (label == NULL) {
            return false;
        }
        label->offset = offset;
        if (!parse_identifier(parser, "a label's name", &label->name) ||
            !parse_expect_kind(parser, TOKEN_EQUALS, "'='") || !parse_string(parser, "its value", &label->value)) {
            return false;
        }
        for (uint32_t k = 0; k + 1 < *count; k++) {
            if (slice_equal((*labels)[k].name, (*labels)[*count - 1].name)) {
                return parse_fail_here(parser, "%.*s is there twice", SLICE_ARG((*labels)[k].name));
            }
        }
    }
    parse_advance(parser);
    return true;
}

static bool parse_clauses(struct parser *parser, struct ast_alert *alert)
{
    for (bool more = true; more && parser->err == NULL;) {
        if (parse_accept(parser, "EVERY")) {
            more = parse_duration(parser, &alert->every_us);
        } else if (!alert->record && parse_accept(parser, "FOR")) {
            more = parse_duration(parser, &alert->for_us);
        } else if (!alert->record && parse_accept(parser, "KEEP FIRING FOR")) {
            more = parse_duration(parser, &alert->keep_us);
        } else if (parse_accept(parser, "DELAY")) {
            more = parse_duration(parser, &alert->delay_us);
        } else if (parse_accept(parser, "MAX WAIT")) {
            more = parse_duration(parser, &alert->max_wait_us);
        } else if (parse_accept(parser, "MAX INSTANCES")) {
            const struct ast *number =
                parser->token.kind == TOKEN_NUMBER ? parse_number(parser, parser->token.offset, false) : NULL;
            if (number == NULL || number->literal != AST_UINT || number->number == 0 || number->number > UINT32_MAX) {
                return parser->err != NULL ? false : parse_fail_here(parser, "MAX INSTANCES is a whole number above 0");
            }
            alert->instances_max = number->number;
        } else if (parse_accept(parser, "LABELS")) {
            more = parse_labels(parser, &alert->labels, &alert->label_count);
        } else if (!alert->record && parse_accept(parser, "ANNOTATIONS")) {
            more = parse_labels(parser, &alert->annotations, &alert->annotation_count);
        } else if (parse_accept(parser, "PAUSED")) {
            alert->paused = true;
        } else {
            more = false;
        }
    }
    return parser->err == NULL;
}

/* AS SELECT … clauses */
static bool parse_body(struct parser *parser, struct ast_alert *alert)
{
    if (!parse_expect(parser, "AS")) {
        return false;
    }
    if (!parse_starts_query(parser) && parser->token.kind != TOKEN_OPEN) {
        parse_note(parser, "SELECT");
        return parse_fail(parser);
    }
    parser->in_alert = true;
    alert->select = parse_select_query(parser);
    parser->in_alert = false;
    return alert->select != NULL && parse_clauses(parser, alert);
}

static struct ast_alert *alert_new(struct parser *parser, struct ast_statement *statement, enum ast_alert_action action,
                                   bool record)
{
    struct ast_alert *alert = ARENA_NEW(parser->arena, struct ast_alert);
    if (alert == NULL) {
        parse_oom(parser);
        return NULL;
    }
    alert->action = action;
    alert->record = record;
    alert->every_us = alert->for_us = alert->keep_us = alert->max_wait_us = alert->delay_us = -1;
    statement->kind = AST_ALERT;
    statement->alert = alert;
    return alert;
}

static const char *what_of(bool record)
{
    return record ? "a recording rule's name" : "an alert's name";
}

/* "ALERT" or "RECORDING RULE" */
static bool accept_kind(struct parser *parser, bool *record)
{
    *record = parse_accept(parser, "RECORDING RULE");
    return *record || parse_accept(parser, "ALERT");
}

bool parse_create_alert(struct parser *parser, struct ast_statement *statement, bool or_replace, bool *known)
{
    bool record;
    *known = accept_kind(parser, &record);
    if (!*known) {
        return true;
    }
    struct ast_alert *alert = alert_new(parser, statement, AST_ALERT_CREATE, record);
    if (alert == NULL) {
        return false;
    }
    alert->or_replace = or_replace;
    alert->if_not_exists = parse_if_not_exists(parser);
    return parse_names(parser, statement, what_of(record)) && refuse_on_cluster(parser) && parse_body(parser, alert);
}

bool parse_drop_alert(struct parser *parser, struct ast_statement *statement, bool *known)
{
    bool record;
    *known = accept_kind(parser, &record);
    if (!*known) {
        return true;
    }
    if (alert_new(parser, statement, AST_ALERT_DROP, record) == NULL) {
        return false;
    }
    statement->if_exists = parse_accept(parser, "IF EXISTS");
    return parse_names(parser, statement, what_of(record));
}

bool parse_alter_alert(struct parser *parser, struct ast_statement *statement, bool *known)
{
    bool record;
    *known = accept_kind(parser, &record);
    if (!*known) {
        return true;
    }
    struct ast_alert *alert = alert_new(parser, statement, AST_ALERT_PAUSE, record);
    if (alert == NULL || !parse_names(parser, statement, what_of(record))) {
        return false;
    }
    if (parse_accept(parser, "PAUSE")) {
        return true;
    }
    alert->action = AST_ALERT_RESUME;
    return parse_expect(parser, "RESUME");
}

bool parse_show_create_alert(struct parser *parser, struct ast_statement *statement, bool *known)
{
    bool record;
    *known = accept_kind(parser, &record);
    return !*known || (alert_new(parser, statement, AST_ALERT_SHOW_CREATE, record) != NULL &&
                       parse_names(parser, statement, what_of(record)) && parse_output(parser, statement));
}

/* BACKTEST ALERT name FROM 'time' [TO 'time'] | BACKTEST ALERT AS SELECT … EVERY … FROM 'time' [TO 'time'] */
bool parse_backtest(struct parser *parser, struct ast_statement *statement)
{
    struct ast_alert *alert = alert_new(parser, statement, AST_ALERT_BACKTEST, false);
    if (alert == NULL || !parse_expect(parser, "ALERT")) {
        return false;
    }
    if (parse_peek(parser, "AS")) {
        if (!parse_body(parser, alert)) {
            return false;
        }
        if (alert->every_us < 0) {
            parse_note(parser, "EVERY");
            return parse_fail(parser);
        }
    } else if (!parse_names(parser, statement, what_of(false))) {
        return false;
    }
    return parse_expect(parser, "FROM") && parse_string(parser, "a time", &statement->from) &&
           (!parse_accept(parser, "TO") || parse_string(parser, "a time", &statement->to)) &&
           parse_output(parser, statement);
}
