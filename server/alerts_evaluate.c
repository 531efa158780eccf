/*
 * alerts_evaluate.c: a rule's SELECT at one T, and its rows as instances would have them.
 *
 * columns  one column is the value: the one called `value`, or the only number. All others are labels: their values as
 *          text
 * rows     a row whose value is NULL is none; a label that is NULL or empty is none
 * bounds   rows by the rule's limit, memory by the query's budget, time by QUERY_TIME_US_MAX
 */
#include "server/alerts_private.h"

#include "alert/template.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "query/monotone.h"
#include "server/completeness.h"
#include "server/data_time.h"
#include "server/inner_query.h"
#include "storage/table.h"

#include <stdio.h>

#define QUERY_TIME_US_MAX UINT64_C(60000000)

struct asking {
    struct arena *arena;
    const struct rule *rule;
    const struct function_context *context;
    const struct plan *plan;
    uint32_t value_column;
    uint32_t limit;
    int64_t t_us;
    struct instance_row *rows;
    uint32_t count, room;
};

static bool is_number(const struct type *type)
{
    return (type->kind >= TYPE_INT8 && type->kind <= TYPE_FLOAT64) || type->kind == TYPE_DECIMAL ||
           type->kind == TYPE_INT128 || type->kind == TYPE_UINT128 || type->kind == TYPE_INT256 ||
           type->kind == TYPE_UINT256;
}

/* Which column is the value? */
static struct err *find_value(const struct plan *plan, uint32_t *out)
{
    uint32_t numbers = 0;
    for (uint32_t k = 0; k < plan->column_count; k++) {
        if (slice_equal(plan->columns[k].name, slice_text("value"))) {
            *out = k;
            return is_number(plan->columns[k].type)
                       ? NULL
                       : err_new(ERR_BAD_ARGUMENTS, "the column value of a rule's SELECT must be a number");
        }
    }
    for (uint32_t k = 0; k < plan->column_count; k++) {
        if (is_number(plan->columns[k].type)) {
            numbers++;
            *out = k;
        }
    }
    return numbers == 1
               ? NULL
               : err_new(ERR_BAD_ARGUMENTS,
                         "a rule's SELECT has %u columns of numbers; call the one that is the value `value`, the "
                         "others become labels",
                         numbers);
}

static struct err *check_columns(const struct plan *plan, uint32_t value_column)
{
    for (uint32_t k = 0; k < plan->column_count; k++) {
        if (k != value_column && !label_name_is_valid(plan->columns[k].name)) {
            return err_new(
                ERR_BAD_ARGUMENTS,
                "the column \"%.*s\" becomes a label, but is no name of one: give it one with AS (letters, digits "
                "and _)",
                SLICE_ARG(slice_cut(plan->columns[k].name, 100)));
        }
    }
    return NULL;
}

/* The rule's templates, filled in. */
static struct err *expand(struct asking *asking, const struct labels *templates, const struct labels *row, double value,
                          struct labels *out)
{
    const struct template_input input = {.labels = *row, .value = value, .now_us = asking->t_us};
    out->count = templates->count;
    out->items = ARENA_ARRAY(asking->arena, struct label, (size_t)templates->count + 1);
    if (out->items == NULL) {
        return arena_error(asking->arena);
    }
    for (uint32_t k = 0; k < templates->count; k++) {
        struct slice text = templates->items[k].value;
        out->items[k] = templates->items[k];
        if (text.length == 0 || memchr(text.data, '{', text.length) == NULL) {
            continue;
        }
        struct buffer expanded = {0};
        (void)template_expand(text, &input, &expanded);
        out->items[k].value = expanded.failed ? (struct slice){0} : arena_slice(asking->arena, buffer_all(&expanded));
        bool failed = out->items[k].value.data == NULL;
        buffer_deinit(&expanded);
        if (failed) {
            return arena_error(asking->arena);
        }
    }
    return NULL;
}

static struct err *add_row(struct asking *asking, struct column *const *texts, const struct column *values,
                           uint32_t row)
{
    struct err *err = NULL;
    const struct plan *plan = asking->plan;
    struct labels labels = {0}, expanded, both;
    struct slice twice;
    double value;

    if (column_is_null(values, row)) {
        return NULL;
    }
    memcpy(&value, column_value(values, row), sizeof(value));
    if (asking->count == asking->limit) {
        return err_new(ERR_BAD_ARGUMENTS, "the answer has more rows than the rule's limit of %u", asking->limit);
    }
    if (asking->count == asking->room) {
        uint32_t room = asking->room * 2 + 16;
        struct instance_row *rows = arena_grow(asking->arena, asking->rows, asking->count * sizeof(*rows),
                                               asking->room * sizeof(*rows), room * sizeof(*rows));
        if (rows == NULL) {
            return arena_error(asking->arena);
        }
        asking->rows = rows;
        asking->room = room;
    }
    labels.items = ARENA_ARRAY(asking->arena, struct label, plan->column_count);
    if (labels.items == NULL) {
        return arena_error(asking->arena);
    }
    for (uint32_t k = 0; k < plan->column_count; k++) {
        if (k == asking->value_column || column_is_null(texts[k], row)) {
            continue;
        }
        struct slice text;
        memcpy(&text, column_value(texts[k], row), sizeof(text));
        struct label *label = &labels.items[labels.count];
        label->name = plan->columns[k].name;
        label->value = arena_slice(asking->arena, text);
        if (label->value.data == NULL) {
            return arena_error(asking->arena);
        }
        labels.count += text.length > 0;
    }
    if (!labels_sort(&labels, &twice)) {
        return err_new(ERR_BAD_ARGUMENTS, "two columns of the answer are called %.*s", SLICE_ARG(twice));
    }
    struct instance_row *out = &asking->rows[asking->count];
    *out = (struct instance_row){.value = value};
    OR_DONE(expand(asking, &asking->rule->labels, &labels, value, &expanded));
    OR_DONE(rule_labels(asking->arena, asking->rule, &labels, &expanded, &both));
    out->labels = both;
    OR_DONE(expand(asking, &asking->rule->annotations, &labels, value, &out->annotations));
    asking->count++;
done:
    return err;
}

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct asking *asking = user;
    struct column **texts = ARENA_ARRAY(asking->arena, struct column *, (size_t)asking->plan->column_count + 1);
    struct column *values = NULL;
    (void)stop;
    if (texts == NULL) {
        return arena_error(asking->arena);
    }
    const struct type *text = type_nullable(asking->arena, type_simple(TYPE_STRING), true);
    const struct type *real = type_nullable(asking->arena, type_simple(TYPE_FLOAT64), true);
    if (text == NULL || real == NULL) {
        return arena_error(asking->arena);
    }
    for (uint32_t k = 0; k < asking->plan->column_count; k++) {
        if (k != asking->value_column) {
            OR_DONE(function_cast(asking->arena, asking->context, chunk->columns[k], text, &texts[k]));
        }
    }
    OR_DONE(function_cast(asking->arena, asking->context, chunk->columns[asking->value_column], real, &values));
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        OR_DONE(add_row(asking, texts, values, row));
    }
done:
    return err;
}

/* Are rows of the one table that is read only ever added to it? */
static struct err *look_at_table(struct server *server, struct arena *arena, struct alert_answer *out)
{
    const char *database = out->table_count == 1 ? arena_text(arena, out->tables[0].database) : "";
    const char *name = out->table_count == 1 ? arena_text(arena, out->tables[0].name) : "";
    if (database == NULL || name == NULL) {
        return arena_error(arena);
    }
    struct table *table = catalogue_table_find(server->store->catalogue, database, name);
    struct table_def *def = table == NULL ? NULL : table_definition(table);
    if (out->table_count != 1 || def == NULL) {
        out->waits = "it does not read one table";
    } else if (strcmp(def->engine, "MergeTree") != 0) {
        out->waits = "its table combines or replaces rows";
    }
    table_def_unref(def);
    table_unref(table);
    return NULL;
}

/* May the rule fire early? */
static struct err *look_early(struct server *server, struct arena *arena, const struct rule *rule,
                              const struct inner_query *inner, const struct function_marks *marks,
                              uint32_t value_column, struct alert_answer *out)
{
    if (rule->kind != RULE_ALERT || rule->for_us > 0 || rule->offset_us > 0) {
        out->waits = rule->kind != RULE_ALERT ? "it records"
                     : rule->for_us > 0       ? "it has FOR: rows must be there at each moment"
                                              : "it has DELAY";
        return NULL;
    }
    if (inner->execution->settings.incomplete_buckets != BUCKETS_KEEP) {
        out->waits = "it leaves out buckets that are not complete";
        return NULL;
    }
    out->waits = plan_monotone(&inner->plan, marks, value_column);
    return out->waits != NULL ? NULL : look_at_table(server, arena, out);
}

struct err *alert_bind(struct server *server, const struct rule *rule, int64_t t_us, bool kept,
                       struct function_marks *marks, struct inner_query *inner)
{
    struct err *err = NULL;
    const struct inner_query_options options = {.what = "a rule's query",
                                                .database = rule->database,
                                                .now_us = t_us - rule->offset_us,
                                                .budget = kept ? &server->rule_panes_budget : NULL,
                                                .memory_max =
                                                    kept ? server->config.alert_panes_memory_max / RULE_PANES_PART : 0,
                                                .notes_completeness = true,
                                                .caches = true};
    OR_DONE(inner_query_begin(inner, server, &options));
    inner->execution->bind.before_us = t_us - rule->offset_us;
    inner->execution->context.marks = marks;
    err = inner_query_bind(inner, rule->query);
done:
    if (inner->execution != NULL) {
        inner->execution->context.marks = NULL;
    }
    return err;
}

/* What it reads goes to `out`. */
static struct err *begin(struct server *server, struct arena *arena, const struct rule *rule, int64_t t_us,
                         struct inner_query *inner, struct function_marks *marks, struct alert_answer *out,
                         uint32_t *value_column)
{
    struct err *err = NULL;
    OR_DONE(alert_bind(server, rule, t_us, false, marks, inner));
    OR_DONE(find_value(inner->plan.plan, value_column));
    OR_DONE(check_columns(inner->plan.plan, *value_column));
done:
    out->waits = "it could not be asked";
    if (inner->execution != NULL) {
        out->reads_recorded = inner->execution->reads_recorded;
        err_keep_first(&err, completeness_tables(inner->execution, arena, &out->tables, &out->table_count));
        if (err == NULL) {
            err = look_early(server, arena, rule, inner, marks, *value_column, out);
        }
    }
    return err;
}

struct err *alert_check(struct server *server, struct arena *arena, const struct rule *rule, struct alert_answer *out)
{
    struct err *err = NULL;
    struct inner_query inner = {0};
    struct function_marks marks = {0};
    uint32_t value_column = 0;
    *out = (struct alert_answer){0};
    err = begin(server, arena, rule, clock_wall_us(), &inner, &marks, out, &value_column);
    inner_query_end(&inner);
    return err;
}

struct err *alert_ask(struct server *server, struct arena *arena, struct rule *rule, int64_t t_us,
                      struct rule_panes *panes, struct query_progress *progress, struct alert_answer *out)
{
    struct err *err = NULL;
    struct inner_query inner = {0};
    struct function_marks marks = {0};
    struct interrupt interrupt;
    struct asking asking = {
        .arena = arena, .rule = rule, .limit = rule->limit == 0 ? RULE_INSTANCES_MAX : rule->limit, .t_us = t_us};
    *out = (struct alert_answer){0};
    interrupt_begin_until(&interrupt, &progress->cancelled, clock_monotonic_us() + QUERY_TIME_US_MAX,
                          QUERY_TIME_US_MAX);
    OR_DONE(begin(server, arena, rule, t_us, &inner, &marks, out, &asking.value_column));
    out->scans = "nobody keeps panes for it";
    if (panes != NULL) {
        const struct rule_asked asked = {rule, t_us, &marks, progress};
        OR_DONE(rule_panes_answer(panes, server, &asked, &inner, &out->scans));
    }
    asking.context = &inner.execution->context;
    asking.plan = inner.plan.plan;
    OR_DONE(inner_query_run(&inner, 1, progress, take_chunk, &asking));
    out->rows = asking.rows;
    out->count = asking.count;
    for (uint32_t k = 0; k < out->count; k++) { /* names are the plan's */
        const struct labels borrowed = out->rows[k].labels;
        if (!labels_copy(arena, &borrowed, &out->rows[k].labels)) {
            err = arena_error(arena);
            goto done;
        }
    }
done:
    inner_query_end(&inner);
    err = interrupt_over(err);
    interrupt_end(&interrupt);
    return err;
}
