/*
 * final_plan.c: what reading FINAL takes: columns, sources, and the parts that threads take.
 *
 * flow     query/final_source.c → here → final_inputs.c (sources), final_keys.c, final_alone.c
 * ranges   begin where granules begin, as many granules in one as in the other; so a granule of a segment is read by
 *          two threads where a range ends in it. Rows of a key are in one range: bounds are keys, or begin with the
 *          same columns
 */
#include "storage/final_private.h"

#include "base/interrupt.h"

#include <stdlib.h>

#define RANGE_UNITS_MIN 4U

bool final_is_known(const struct snapshot *snapshot)
{
    enum combining_kind kind;
    return engine_combines(snapshot->version->def->engine, &kind);
}

/* ---- which columns */

/* Which of the request's is computed: its number behind the stored ones, as programs have it; 0: it is not. */
static uint32_t computed_of(const struct table_def *def, uint32_t column)
{
    uint32_t first = table_column_count(def) + SCAN_PLACE_COUNT;
    return column >= first ? def->column_count + (column - first) : 0;
}

static void need_computed(const struct final_plan *plan, uint32_t index, uint8_t *needed)
{
    const struct table_def *def = final_def(plan);
    uint32_t count = def->column_count + def->computed_count;
    for (uint32_t k = 0; k < count; k++) {
        if (k == index || !table_functions()->default_reads(final_program(plan), index, k)) {
            continue;
        }
        if (k < def->column_count) {
            needed[k] = 1;
        } else {
            need_computed(plan, k, needed);
        }
    }
}

static struct err *choose_columns(struct final_plan *plan)
{
    const struct table_def *def = final_def(plan);
    const struct final_request *request = plan->request;
    uint32_t count = table_column_count(def);
    uint8_t *needed = arena_zalloc(plan->arena, count + 1U), *wanted = arena_zalloc(plan->arena, count + 1U);
    struct table_program *program = final_program(plan);

    plan->reads = ARENA_ARRAY(plan->arena, uint32_t, count + 1U);
    plan->wanted = ARENA_ARRAY(plan->arena, uint8_t, count + 1U);
    plan->slots = ARENA_ARRAY(plan->arena, int, count + 1U);
    if (needed == NULL || wanted == NULL || plan->reads == NULL || plan->wanted == NULL || plan->slots == NULL) {
        return arena_error(plan->arena);
    }
    for (uint32_t i = 0; i < request->column_count; i++) {
        uint32_t computed = computed_of(def, request->columns[i]);
        ASSERT(computed > 0 || request->columns[i] < count); /* nobody asks FINAL where rows are */
        if (computed > 0) {
            need_computed(plan, computed, wanted);
        } else {
            wanted[request->columns[i]] = 1;
        }
    }
    combining_reads(plan->combining, def->column_count, needed);
    int partition = table_plain_column(def, def->partition_by);
    if (request->by_partition && partition >= 0) {
        needed[partition] = 1;
    }
    for (uint32_t k = 0; k < def->order_by_count; k++) {
        int plain = table_plain_column(def, def->order_by[k]);
        if (plain >= 0) {
            needed[plain] = 1;
        }
        plan->prefix_count += plain >= 0 && plan->prefix_count == k ? 1 : 0;
    }
    for (uint32_t c = 0; program != NULL && c < def->column_count; c++) {
        needed[c] |= table_functions()->key_reads(program, c); /* the partition's too: rarely more than the key's */
    }
    for (uint32_t i = 0; plan->ties && i < COLUMN_HIDDEN_COUNT; i++) {
        needed[def->column_count + i] = 1;
    }
    for (uint32_t c = 0; c < count; c++) {
        plan->slots[c] = needed[c] || wanted[c] ? (int)plan->read_count : -1;
        if (needed[c] || wanted[c]) {
            plan->wanted[plan->read_count] = wanted[c];
            plan->reads[plan->read_count++] = c;
        }
    }
    return NULL;
}

/* ---- ranges */

struct unit_key { /* the first row of a unit */
    const struct final_source *source;
    uint32_t unit;
};

static int keys_compare(const struct final_plan *plan, const struct unit_key *a, const struct unit_key *b)
{
    int order = 0;
    for (uint32_t k = 0; k < plan->prefix_count && order == 0; k++) {
        order = column_compare(a->source->firsts[k], a->unit, b->source->firsts[k], b->unit);
    }
    return order;
}

static int by_key(const void *left, const void *right, void *user)
{
    return keys_compare(user, left, right);
}

static bool is_merged(const struct final_source *source, uint32_t unit)
{
    return source->alone == NULL || source->alone[unit] == 0;
}

/* Bounds out of the sorted keys. */
static struct err *cut_ranges(struct final_plan *plan, const struct unit_key *keys, uint64_t count, uint32_t ranges)
{
    struct arena *arena = plan->arena;
    struct unit_key *chosen = ARENA_ARRAY(arena, struct unit_key, ranges + 1U);
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, ranges + 1U);
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, ranges + 1U), *rows = ARENA_ARRAY(arena, uint32_t, ranges + 1U);
    uint32_t bounds = 0;

    plan->bounds = ARENA_ARRAY(arena, struct column *, plan->prefix_count + 1U);
    if (chosen == NULL || columns == NULL || sources == NULL || rows == NULL || plan->bounds == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 1; i < ranges; i++) {
        const struct unit_key *key = &keys[count * i / ranges];
        if (keys_compare(plan, bounds == 0 ? &keys[0] : &chosen[bounds - 1], key) < 0) {
            chosen[bounds++] = *key;
        }
    }
    for (uint32_t k = 0; k < plan->prefix_count && bounds > 0; k++) {
        for (uint32_t i = 0; i < bounds; i++) {
            columns[i] = chosen[i].source->firsts[k];
            sources[i] = i;
            rows[i] = chosen[i].unit;
        }
        plan->bounds[k] = column_pick(arena, columns[0]->type, columns, bounds, sources, rows, bounds);
        if (plan->bounds[k] == NULL) {
            return arena_error(arena);
        }
    }
    plan->range_count = bounds + 1;
    return NULL;
}

static struct err *make_ranges(struct final_plan *plan)
{
    struct err *err = NULL;
    struct arena *work = arena_beside(plan->arena);
    uint64_t known = 0, merged = 0;
    struct unit_key *keys = work == NULL ? NULL : ARENA_ARRAY(work, struct unit_key, plan->scan->unit_count + 1);

    if (keys == NULL) {
        err = work == NULL ? err_oom() : arena_error(work);
        goto done;
    }
    for (uint32_t i = 0; i < plan->source_count; i++) {
        const struct final_source *source = &plan->sources[i];
        for (uint32_t u = 0; u < source->unit_count; u++) {
            merged += is_merged(source, u) ? 1 : 0;
            if (source->firsts != NULL && is_merged(source, u)) {
                keys[known++] = (struct unit_key){source, u};
            }
        }
    }
    uint64_t ranges = known / RANGE_UNITS_MIN;
    ranges = ranges < plan->request->ranges ? ranges : plan->request->ranges;
    while (ranges > 2 && ranges * plan->source_count > known) {
        ranges--; /* granules that lie in two ranges would be as many as the others */
    }
    if (merged == 0 || ranges < 2) {
        plan->range_count = merged == 0 ? 0 : 1;
        goto done;
    }
    OR_DONE(interrupt_check());
    qsort_r(keys, known, sizeof(*keys), by_key, plan);
    err = cut_ranges(plan, keys, known, (uint32_t)ranges);
done:
    arena_destroy(work);
    return err;
}

uint32_t final_rows_below(const struct final_plan *plan, struct column *const *keys, uint32_t row, uint32_t end,
                          uint32_t bound)
{
    while (row < end) {
        uint32_t middle = row + (end - row) / 2;
        int order = 0;
        for (uint32_t k = 0; k < plan->prefix_count && order == 0; k++) {
            order = column_compare(keys[k], middle, plan->bounds[k], bound - 1);
        }
        if (order < 0) {
            row = middle + 1;
        } else {
            end = middle;
        }
    }
    return row;
}

static struct err *collect_alone(struct final_plan *plan)
{
    plan->alone = ARENA_ARRAY(plan->arena, struct scan_unit, plan->scan->unit_count + 1);
    if (plan->alone == NULL) {
        return arena_error(plan->arena);
    }
    for (uint32_t i = 0; i < plan->source_count; i++) {
        for (uint32_t u = 0; u < plan->sources[i].unit_count; u++) {
            if (!is_merged(&plan->sources[i], u)) {
                plan->alone[plan->alone_count++] = plan->sources[i].units[u];
            }
        }
    }
    return NULL;
}

/* ---- the plan */

struct err *final_prepare(struct snapshot *snapshot, struct arena *arena, const struct final_request *request,
                          struct final_plan **out)
{
    struct err *err = NULL;
    struct final_plan *plan = arena_zalloc(arena, sizeof(*plan));
    uint32_t allowed = 0;

    if (plan == NULL) {
        return arena_error(arena);
    }
    *plan = (struct final_plan){.snapshot = snapshot, .arena = arena, .request = request};
    const struct table_def *def = final_def(plan);
    plan->key_count = def->order_by_count + (request->by_partition && def->partition_by[0] != 0 ? 1 : 0);
    struct scan_condition *conditions = ARENA_ARRAY(arena, struct scan_condition, request->condition_count + 1U);
    if (conditions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < request->condition_count; i++) {
        bool key = false;
        for (uint32_t k = 0; k < def->order_by_count && !key; k++) {
            key = table_plain_column(def, def->order_by[k]) == (int)request->conditions[i].column;
        }
        if (key) {
            conditions[allowed++] = request->conditions[i];
        }
    }
    OR_DONE(scan_open(snapshot, arena, conditions, allowed, &plan->scan));
    OR_DONE(combining_of(arena, snapshot->table, def, &plan->combining));
    ASSERT(plan->combining != NULL);
    OR_DONE(final_make_sources(plan));
    OR_DONE(choose_columns(plan));
    OR_DONE(final_know_keys(plan));
    OR_DONE(final_find_alone(plan));
    OR_DONE(collect_alone(plan));
    OR_DONE(make_ranges(plan));
    *out = plan;
done:
    return err;
}

uint32_t final_part_count(const struct final_plan *plan)
{
    return plan->range_count + (uint32_t)((plan->alone_count + FINAL_ALONE_UNITS - 1) / FINAL_ALONE_UNITS);
}

void final_numbers(const struct final_plan *plan, struct scan_numbers *out)
{
    scan_numbers(plan->scan, out);
}
