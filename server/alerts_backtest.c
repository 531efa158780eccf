/*
 * alerts_backtest.c: BACKTEST ALERT: which transitions a rule would have made, by the code that evaluates it.
 *
 * time     each T of the rule's grid in the range, against the rows as they are now: those that came late are seen, too
 * bounds   STEPS_MAX evaluations, ROWS_MAX transitions; it ends with its query (KILL QUERY, a client that leaves)
 */
#include "server/alerts_private.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "format/value.h"
#include "server/objects.h"
#include "sql/printer.h"

#define STEPS_MAX 1000000
#define ROWS_MAX  100000U

static struct err *time_of(const struct execution *execution, struct slice text, const char *which, int64_t *us)
{
    int32_t days = 0;
    int64_t ticks = 0;
    if (value_parse_date(text, &days)) {
        char *midnight = arena_format(execution->arena, "%.*s 00:00:00", SLICE_ARG(text));
        if (midnight == NULL) {
            return arena_error(execution->arena);
        }
        text = slice_text(midnight);
    }
    if (!value_parse_datetime(text, execution->context.zone, 6, &ticks)) {
        return err_new(ERR_CANNOT_PARSE_DATETIME, "BACKTEST ALERT … %s '%.*s' is no time; write '2026-01-31 12:00:00'",
                       which, SLICE_ARG(slice_cut(text, 60)));
    }
    *us = ticks;
    return NULL;
}

static struct err *rule_of(struct execution *execution, const struct ast_statement *statement, struct rule **out)
{
    struct err *err = NULL;
    struct object_def *def = NULL;
    struct slice database, name;
    if (statement->alert->select != NULL) {
        return alert_define_draft(execution->arena, statement->alert, execution->database, slice_text("backtest"), out);
    }
    OR_DONE(statement_names(execution, statement, &database, &name));
    database = statement_database(execution, database);
    OR_DONE(object_named(execution, database, name, &def));
    if (def != NULL && def->kind == OBJECT_ALERT) {
        err = alert_define_rule(def, out);
        goto done;
    }
    struct alert_view *views = NULL; /* of a file? */
    uint32_t count = 0;
    OR_DONE(alerts_list(execution->server, execution->arena, false, &views, &count));
    for (uint32_t k = 0; k < count && *out == NULL; k++) {
        if (views[k].rule->file.length > 0 && slice_equal(views[k].rule->name, name)) {
            *out = rule_ref(views[k].rule);
        }
    }
    if (*out == NULL) {
        err = err_new(ERR_UNKNOWN_TABLE, "There is no rule %.*s.%.*s", SLICE_ARG(database), SLICE_ARG(name));
    }
done:
    object_def_unref(def);
    return err;
}

/* One row of the answer: a tuple of values(…). */
static struct err *put_row(struct execution *execution, struct buffer *rows, const struct transition *transition)
{
    struct buffer labels = {0}, annotations = {0};
    const struct instance *instance = transition->instance;
    char fingerprint[17];
    fingerprint_text(instance->fingerprint, fingerprint);
    labels_json(&labels, &instance->labels);
    labels_json(&annotations, &instance->annotations);
    struct slice label_text = sql_string(execution->arena, buffer_all(&labels));
    struct slice annotation_text = sql_string(execution->arena, buffer_all(&annotations));
    bool failed = labels.failed || annotations.failed || label_text.data == NULL || annotation_text.data == NULL;
    if (!failed) {
        buffer_printf(rows, ", (%lld, '%s', '%s', '%s', '%s', ", (long long)transition->at_us,
                      instance_states[transition->from], instance_states[transition->to],
                      transition_reasons[transition->reason], fingerprint);
        buffer_slice(rows, label_text);
        buffer_printf(rows, ", %.17g, ", instance->value);
        buffer_slice(rows, annotation_text);
        buffer_text(rows, ")");
    }
    buffer_deinit(&labels);
    buffer_deinit(&annotations);
    return failed || rows->failed ? err_oom() : NULL;
}

static struct err *run(struct execution *execution, struct rule *rule, int64_t from_us, int64_t to_us,
                       struct instances *instances, struct buffer *rows, uint32_t *row_count)
{
    struct err *err = NULL;
    struct arena *arena = arena_beside(execution->arena);
    if (arena == NULL) {
        return err_oom();
    }
    int64_t first_us = rule_moment(rule, from_us + rule->interval_us - 1);
    for (int64_t t_us = first_us; t_us <= to_us; t_us += rule->interval_us) {
        struct alert_answer answer;
        struct transition *list = NULL;
        uint32_t count = 0;
        OR_DONE(interrupt_check());
        arena_reset(arena);
        OR_DONE(alert_ask(execution->server, arena, rule, t_us, NULL, &execution->process->progress, &answer));
        OR_DONE(instances_step(instances, rule, t_us, answer.rows, answer.count, arena, &list, &count));
        *row_count += count;
        if (*row_count > ROWS_MAX) {
            err = err_new(ERR_TOO_MANY_ROWS, "a backtest answers with %u transitions at most: take a shorter range",
                          ROWS_MAX);
            goto done;
        }
        for (uint32_t k = 0; k < count; k++) {
            OR_DONE(put_row(execution, rows, &list[k]));
        }
    }
done:
    arena_destroy(arena);
    return err;
}

struct err *alert_backtest(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct rule *rule = NULL;
    struct instances *instances = instances_create();
    struct buffer rows = {0};
    struct interrupt interrupt;
    uint32_t row_count = 0;
    int64_t from_us, to_us = clock_wall_us();

    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    if (instances == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(time_of(execution, statement->from, "FROM", &from_us));
    if (statement->to.data != NULL) {
        OR_DONE(time_of(execution, statement->to, "TO", &to_us));
    }
    OR_DONE(rule_of(execution, statement, &rule));
    if (to_us > from_us && (to_us - from_us) / rule->interval_us > STEPS_MAX) {
        err = err_new(ERR_TOO_MANY_ROWS, "the range has %lld evaluations, a backtest makes %d at most",
                      (long long)((to_us - from_us) / rule->interval_us), STEPS_MAX);
        goto done;
    }
    OR_DONE(run(execution, rule, from_us, to_us, instances, &rows, &row_count));
    struct slice text = arena_slice(execution->arena, buffer_all(&rows));
    if (text.data == NULL && rows.length > 0) {
        err = arena_error(execution->arena);
        goto done;
    }
    err = execute_text(
        execution,
        "SELECT fromUnixTimestamp64Micro(at_us, 'UTC') AS at, from_state, to_state, reason, fingerprint, labels, "
        "value, annotations FROM values('at_us Int64, from_state String, to_state String, reason String, "
        "fingerprint String, labels String, value Float64, annotations String'%.*s) WHERE at_us != "
        "-9223372036854775807",
        SLICE_ARG(row_count > 0 ? text : slice_text(", (-9223372036854775807, '', '', '', '', '', 0, '')")));
done:
    err = interrupt_over(err);
    interrupt_end(&interrupt);
    buffer_deinit(&rows);
    instances_destroy(instances);
    rule_unref(rule);
    return err;
}
