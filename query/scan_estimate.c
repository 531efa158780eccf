/*
 * scan_estimate.c: what a scan would read and leave out, without reading: EXPLAIN indexes = 1, EXPLAIN ESTIMATE.
 *
 * As scan.c does it: the source is opened with the conditions that it understands, and leaves out segments and granules
 * by the ledger's and its own statistics; then zone maps are tested, condition by condition, then indexes. What comes
 * with the rows themselves (a join's keys, a sort's bound) is not known here.
 */
#include "query/explain.h"
#include "query/index_rules.h"
#include "query/pipeline.h"

#include <stdlib.h>

#define STEPS_MAX 64U

struct estimate_work {
    struct arena *arena;
    const struct query_plan *query;
    struct scan_estimate *out;
    const struct expression *conditions[STEPS_MAX];
    struct prune *prunes[STEPS_MAX];
    const struct index_test *tests[STEPS_MAX];
};

static void split(struct estimate_work *work, const struct expression *condition)
{
    if (condition->kind == EXPRESSION_CALL && strcmp(condition->function->name, "and") == 0 &&
        work->out->step_count + condition->child_count < STEPS_MAX) {
        for (uint32_t i = 0; i < condition->child_count; i++) {
            split(work, condition->children[i]);
        }
        return;
    }
    if (work->out->step_count < STEPS_MAX) {
        work->conditions[work->out->step_count++] = condition;
    }
}

/* Does the condition wait for a subquery? */
static struct err *find_unknown(void *user, const struct expression *expression)
{
    struct estimate_work *work = user;
    if (expression->kind == EXPRESSION_PARAMETER && expression->parameter->value == NULL) {
        return err_new(ERR_ABORTED, "a subquery");
    }
    for (uint32_t i = 0; expression->kind == EXPRESSION_IN && i < work->query->subquery_count; i++) {
        if (work->query->subqueries[i].set == expression->set) {
            return err_new(ERR_ABORTED, "a subquery");
        }
    }
    return NULL;
}

static bool is_unknown(struct estimate_work *work, const struct expression *condition)
{
    struct err *found = expression_walk(condition, find_unknown, work);
    bool unknown = found != NULL;
    err_free(found);
    return unknown;
}

static struct err *compile(struct estimate_work *work, const struct function_context *context, const struct plan *scan,
                           struct source_condition *conditions, uint32_t *condition_count)
{
    struct err *err = NULL;
    struct scan_estimate *out = work->out;
    struct index_rules_use *rules;

    OR_DONE(index_rules_begin(work->arena, scan, &rules));
    out->steps = arena_zalloc(work->arena, (out->step_count + 1U) * sizeof(*out->steps));
    if (out->steps == NULL) {
        return arena_error(work->arena);
    }
    for (uint32_t i = 0; i < out->step_count; i++) {
        OR_DONE(expression_text(work->arena, work->conditions[i], scan->columns, scan->column_count,
                                &out->steps[i].condition));
        out->steps[i].unknown = is_unknown(work, work->conditions[i]);
        if (!out->steps[i].unknown) {
            OR_DONE(prune_compile(work->arena, context, work->conditions[i], &work->prunes[i]));
        }
        out->steps[i].prunes = work->prunes[i] != NULL;
        if (work->prunes[i] != NULL) {
            out->steps[i].column = scan->source_columns[prune_column(work->prunes[i])];
        }
        if (!out->steps[i].unknown) {
            OR_DONE(index_condition(work->arena, context, work->conditions[i], &work->tests[i]));
        }
        const struct index_test *bitmap = NULL;
        OR_DONE(index_rules_condition(rules, work->conditions[i], work->prunes[i], &work->tests[i], &bitmap));
        out->steps[i].tests = work->tests[i] != NULL;
        if (work->prunes[i] != NULL) {
            OR_DONE(prune_conditions(work->prunes[i], work->arena, conditions, condition_count));
        }
    }
    for (uint32_t i = 0; i < *condition_count; i++) {
        conditions[i].column = scan->source_columns[conditions[i].column];
    }
    err = index_rules_end(rules, scan->column_count > 0);
done:
    return err;
}

static struct err *count_use(struct estimate_work *work, uint32_t step, const struct index_shape *shape, uint32_t part)
{
    struct scan_estimate *out = work->out;
    uint32_t k = 0;
    while (k < out->use_count &&
           (out->uses[k].step != step || out->uses[k].shape.kind != shape->kind ||
            out->uses[k].shape.input != shape->input || out->uses[k].shape.column != shape->column ||
            out->uses[k].shape.parameter != shape->parameter || out->uses[k].shape.group != shape->group)) {
        k++;
    }
    if (k == out->use_count) {
        struct index_use *uses = ARENA_ARRAY(work->arena, struct index_use, k + 1U);
        if (uses == NULL) {
            return arena_error(work->arena);
        }
        if (k > 0) {
            memcpy(uses, out->uses, k * sizeof(*uses));
        }
        uses[k] = (struct index_use){.step = step, .shape = *shape};
        uses[k].parts_out = arena_zalloc(work->arena, (out->segments + 1) * sizeof(uint32_t));
        if (uses[k].parts_out == NULL) {
            return arena_error(work->arena);
        }
        out->uses = uses;
        out->use_count++;
    }
    out->uses[k].granules_out++;
    out->uses[k].parts_out[part]++;
    return NULL;
}

/* Do indexes leave the unit? Counts for each step, and each index. */
static struct err *test_indexes(struct estimate_work *work, struct source_unit_scan *units,
                                const struct source_unit *unit, struct arena *scratch, bool *read)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < work->out->step_count && units->operations->excludes != NULL && *read; i++) {
        struct index_shape by;
        bool excludes = false;
        if (work->tests[i] != NULL) {
            OR_DONE(units->operations->excludes(units, scratch, unit, work->tests[i], &excludes, &by));
            work->out->steps[i].tested_in++;
            work->out->steps[i].parts_in[unit->part]++;
        }
        if (excludes) {
            OR_DONE(count_use(work, i, &by, unit->part));
            *read = false;
        }
    }
done:
    return err;
}

/* Is the unit read? Counts for each step. */
static struct err *test_unit(struct estimate_work *work, const struct plan *scan, struct source_unit_scan *units,
                             const struct source_unit *unit, struct arena *scratch, bool *read)
{
    struct err *err = NULL;

    *read = true;
    for (uint32_t i = 0; i < work->out->step_count && units->operations->zone != NULL && *read; i++) {
        struct source_zone zone = {0};
        enum prune_answer answer = PRUNE_SOME;
        if (work->prunes[i] == NULL) {
            continue;
        }
        uint32_t column = prune_column(work->prunes[i]);
        units->operations->zone(units, scratch, unit, column, &zone);
        OR_DONE(prune_test(work->prunes[i], scratch, &zone, scan->columns[column].type, &answer));
        work->out->steps[i].granules_in++;
        work->out->steps[i].granules_out += answer == PRUNE_NONE;
        *read = answer != PRUNE_NONE;
    }
    return test_indexes(work, units, unit, scratch, read);
done:
    return err;
}

struct err *scan_estimate(struct arena *arena, const struct function_context *context, const struct query_plan *query,
                          const struct plan *scan, const struct expression *const *filters, uint32_t filter_count,
                          struct scan_estimate *out)
{
    struct err *err = NULL;
    struct estimate_work *work = ARENA_NEW(arena, struct estimate_work);
    struct source_condition *conditions = ARENA_ARRAY(arena, struct source_condition, 2 * STEPS_MAX);
    struct source_unit_scan *units = NULL;
    struct arena *scratch = arena_beside(arena);
    uint32_t condition_count = 0;
    bool found = true;

    if (work == NULL || conditions == NULL || scratch == NULL) {
        err = arena_error(arena);
        goto done;
    }
    work->arena = arena;
    work->query = query;
    work->out = out;
    out->scan = scan;
    for (uint32_t i = 0; i < filter_count; i++) {
        split(work, filters[i]);
    }
    OR_DONE(compile(work, context, scan, conditions, &condition_count));
    struct source_request request = {.columns = scan->source_columns,
                                     .column_count = scan->column_count,
                                     .conditions = conditions,
                                     .condition_count = condition_count,
                                     .rows_max = UINT64_MAX};
    OR_DONE(scan->source->open(scan->source, arena, &request, &units));
    uint8_t *segments = arena_zalloc(arena, units->part_count + 1U);
    if (segments == NULL) {
        err = arena_error(arena);
        goto done;
    }
    out->segments = units->part_count;
    for (uint32_t i = 0; i < out->step_count; i++) {
        out->steps[i].parts_in = arena_zalloc(arena, (out->segments + 1) * sizeof(uint32_t));
        if (out->steps[i].parts_in == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    out->segments_skipped = units->parts_skipped;
    out->granules_skipped_with_segments = units->units_skipped_with_parts;
    out->granules_skipped = units->units_skipped;
    out->granules = units->units_skipped_with_parts + units->units_skipped;
    while (true) {
        struct source_unit unit = {0};
        bool read = false;
        OR_DONE(units->operations->next(units, scratch, &unit, &found));
        if (!found) {
            break;
        }
        bool head = unit.part >= units->part_count;
        if (head) {
            read = true;
            out->head_chunks++;
        } else {
            OR_DONE(test_unit(work, scan, units, &unit, scratch, &read));
            out->granules++;
            out->granules_left += read;
            out->segments_left += read && !segments[unit.part];
            segments[unit.part] |= read;
        }
        out->rows_left += read ? unit.row_count : 0;
        if (units->operations->release != NULL) {
            units->operations->release(units, &unit);
        }
        arena_reset(scratch);
    }
done:
    arena_destroy(scratch);
    return err;
}
