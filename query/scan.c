/*
 * scan.c: reads a table source with the filters above it, on all workers.
 *
 * parts    of nested columns what the conditions and the node above look at: scan_need.c
 * unit     zone maps first: a unit that no row of can pass is not read, a condition that every row passes is not
 *          evaluated. Then condition by condition (scan_filter.c); then the other columns, at the rows that passed.
 *          Nothing is read for a bare count().
 * top      above it the first n rows by a column are wanted: units whose zones promise most come first, and of a unit
 *          that column is read before the others, which are read only when some row is still good enough
 * ends     above it are only min and max of columns: of a unit that passes whole, the two ends that its zone gives
 * order    conditions as written, cheap ones (one column against a constant) first
 * thread   every worker takes units from the source, or parts of a generator; other generators run on the first worker
 */
#include "query/index_rules.h"
#include "query/scan_plan.h"

#include "base/clock.h"

#include <stdatomic.h>
#include <stdlib.h>

/*
 * A column is picked from where one row in so many passed, or fewer: unpacking all is quicker else. Numbers without
 * NULLs are unpacked in a fraction of a nanosecond each.
 */
#define PICK_PART         8U
#define PICK_NUMBERS_PART 24U

bool scan_picks(const struct type *type, uint32_t count, uint32_t rows)
{
    return count <= rows / (number_ranges_suit(type) && !type->nullable ? PICK_NUMBERS_PART : PICK_PART);
}

/* following: conditions behind it, which find room, too. */
static struct err *conjunct_add(struct arena *arena, const struct function_context *context, struct conjunct *conjuncts,
                                uint32_t *count, uint32_t following, const struct expression *expression)
{
    struct err *err = NULL;
    if (expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, "and") == 0 &&
        *count + expression->child_count + following <= CONJUNCTS_MAX) {
        for (uint32_t i = 0; i < expression->child_count; i++) {
            OR_DONE(conjunct_add(arena, context, conjuncts, count, following + expression->child_count - i - 1,
                                 expression->children[i]));
        }
        return NULL;
    }
    ASSERT(*count < CONJUNCTS_MAX);
    OR_DONE(expression_settle(arena, expression, &expression));
    OR_DONE(disjunction_as_set(arena, context, &expression));
    conjuncts[*count].expression = expression;
    OR_DONE(program_compile(arena, &expression, 1, &conjuncts[*count].program));
    (*count)++;
done:
    return err;
}

/*
 * Small work is done sooner by one worker: the first calls for the others once it has read this many columns of units,
 * or gone through that many units that were answered without. scan_runs.c has its own rule.
 */
#define READS_ALONE 3U
#define UNITS_ALONE 256U

static void step_alone(struct scan_plan *scan, struct worker *worker, uint32_t steps)
{
    if (worker->index == 0 && scan->partial == NULL && scan->steps_alone < UNITS_ALONE) {
        scan->steps_alone += steps;
        if (scan->steps_alone >= UNITS_ALONE) {
            execution_call_others(worker);
        }
    }
}

void unit_step(struct unit_work *work)
{
    step_alone(work->scan, work->worker, UNITS_ALONE / READS_ALONE + 1);
}

/* --- one unit ---------------------------------------------------------------------------------------------------- */

struct err *unit_column(struct unit_work *work, uint32_t index, const struct column_need *need)
{
    struct err *err = NULL;
    struct scan_plan *scan = work->scan;
    struct column *column;
    uint32_t chunk_rows;
    bool dictionaries;
    need = need == NULL ? &column_need_whole : need;
    if (work->full[index] != NULL &&
        (work->read[index]->whole || column_need_covers(scan->plan->columns[index].type, work->read[index], need))) {
        return NULL;
    }
    unit_step(work);
    OR_DONE(scan->scan->operations->read(scan->scan, work->worker->scratch, work->unit, index, need, &column));
    query_stress_get(&chunk_rows, &dictionaries);
    if (dictionaries) {
        OR_DONE(column_stress(work->worker->scratch, column, &column));
    }
    atomic_fetch_add_explicit(&scan->execution->progress->bytes_read, column_bytes(column), memory_order_relaxed);
    work->full[index] = column;
    work->read[index] = need;
done:
    return err;
}

/* What indexes say of the conditions that zones leave open: no row passes? */
static struct err *unit_indexes(struct unit_work *work, bool *none)
{
    struct err *err = NULL;
    struct scan_plan *scan = work->scan;
    for (uint32_t i = 0; i < scan->conjunct_count && scan->scan->operations->excludes != NULL && !*none; i++) {
        struct index_shape by;
        if (scan->conjuncts[i].test != NULL && !work->decided[i]) {
            OR_DONE(scan->scan->operations->excludes(scan->scan, work->worker->scratch, work->unit,
                                                     scan->conjuncts[i].test, none, &by));
        }
    }
    if (*none) {
        atomic_fetch_add_explicit(&scan->execution->progress->units_skipped_by_indexes, 1, memory_order_relaxed);
    }
done:
    return err;
}

struct err *unit_zones(struct unit_work *work, bool *none)
{
    struct err *err = NULL;
    struct scan_plan *scan = work->scan;
    *none = false;
    if (scan->bound != NULL && scan->scan->operations->zone != NULL) {
        const struct sort_bound *bound = scan->bound;
        uint64_t word = atomic_load_explicit(&bound->word, memory_order_relaxed);
        struct source_zone zone = {0};
        scan->scan->operations->zone(scan->scan, work->worker->scratch, work->unit, bound->column, &zone);
        bool first = bound->key->nulls_first && (zone.has_nulls || type_is_float(bound->type));
        if (word != UINT64_MAX && zone.known && !first &&
            (zone.all_null || sort_bound_word(bound, bound->key->descending ? zone.max : zone.min) > word)) {
            *none = true;
            return NULL;
        }
    }
    for (uint32_t i = 0; i < scan->conjunct_count && scan->scan->operations->zone != NULL; i++) {
        const struct prune *prune = scan->conjuncts[i].prune;
        struct source_zone zone = {0};
        enum prune_answer answer;
        if (prune == NULL) {
            continue;
        }
        scan->scan->operations->zone(scan->scan, work->worker->scratch, work->unit, prune_column(prune), &zone);
        OR_DONE(
            prune_test(prune, work->worker->scratch, &zone, scan->plan->columns[prune_column(prune)].type, &answer));
        if (answer == PRUNE_NONE) {
            *none = true;
            return NULL;
        }
        work->decided[i] = answer == PRUNE_ALL;
    }
    return unit_indexes(work, none);
done:
    return err;
}

/* Leaves out rows that a sort above the scan would drop. */
static struct err *unit_bound(struct unit_work *work)
{
    struct err *err = NULL;
    const struct sort_bound *bound = work->scan->bound;
    if (bound == NULL || work->count == 0 || atomic_load_explicit(&bound->word, memory_order_relaxed) == UINT64_MAX) {
        return NULL;
    }
    OR_DONE(unit_column(work, bound->column, &column_need_whole));
    if (work->count < work->unit->row_count) {
        OR_DONE(unit_positions(work));
    }
    work->bits = NULL;
    OR_DONE(sort_bound_rows(bound, work->worker->scratch, work->full[bound->column], work->unit->row_count,
                            &work->positions, &work->count));
done:
    return err;
}

/* A chunk of one row, its columns constant: for tests. */
static struct err *make_constant(struct worker *worker, struct chunk *chunk)
{
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        if (chunk->columns[c] == NULL || chunk->columns[c]->type->view != TYPE_VIEW_NONE) {
            continue;
        }
        const struct column *flat = column_flat(worker->scratch, chunk->columns[c]);
        struct column *made = flat == NULL ? NULL : column_part(worker->scratch, flat, 0, 1);
        if (made == NULL) {
            return arena_error(worker->scratch);
        }
        made->form = COLUMN_CONST;
        chunk->columns[c] = made;
    }
    return NULL;
}

/* For tests (query_stress): the first parts of a chunk are small, the rest is one: large inputs would take minutes. */
#define STRESS_PARTS_MAX 64U

static struct err *push_split(struct stage *next, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    uint32_t chunk_rows;
    bool dictionaries;
    query_stress_get(&chunk_rows, &dictionaries);
    if (chunk_rows == 0 || (chunk->row_count <= chunk_rows && chunk_rows > 1)) {
        return operator_push(next, worker, chunk, stop);
    }
    for (uint32_t begin = 0, end; begin < chunk->row_count && !*stop; begin = end) {
        bool whole = begin >= STRESS_PARTS_MAX * chunk_rows || chunk->row_count - begin < chunk_rows;
        end = whole ? chunk->row_count : begin + chunk_rows;
        struct chunk *part = chunk_new(worker->scratch, chunk->column_count, end - begin);
        if (part == NULL) {
            return arena_error(worker->scratch);
        }
        for (uint32_t c = 0; c < chunk->column_count; c++) {
            if (chunk->columns[c] != NULL) {
                part->columns[c] = column_part(worker->scratch, chunk->columns[c], begin, end);
                if (part->columns[c] == NULL) {
                    return arena_error(worker->scratch);
                }
            }
        }
        if (chunk_rows == 1 && part->row_count == 1) {
            OR_DONE(make_constant(worker, part));
        }
        OR_DONE(operator_push(next, worker, part, stop));
    }
done:
    return err;
}

/* Two rows: the smallest and the greatest value of each column that is read; *out NULL: they are not known exactly. */
static struct err *unit_ends(const struct unit_work *work, struct chunk **out)
{
    const struct scan_plan *scan = work->scan;
    struct arena *scratch = work->worker->scratch;
    struct chunk *chunk = chunk_new(scratch, scan->plan->column_count, 2);

    *out = NULL;
    if (chunk == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < scan->conjunct_count; i++) {
        if (!work->decided[i]) {
            return NULL;
        }
    }
    for (uint32_t c = 0; c < scan->plan->column_count; c++) {
        const struct type *type = scan->plan->columns[c].type;
        struct source_zone zone = {0};
        if (scan->needed != NULL && !scan->needed[c]) {
            continue;
        }
        if (type_is_nested(type) || type_is_string(type) || type_is_float(type) || type->width > 8 ||
            scan->scan->operations->zone == NULL) {
            return NULL;
        }
        scan->scan->operations->zone(scan->scan, work->worker->scratch, work->unit, c, &zone);
        if (!zone.known || zone.loose) {
            return NULL;
        }
        struct column *ends = column_new(scratch, type, 2);
        if (ends == NULL) {
            return arena_error(scratch);
        }
        if (zone.all_null) {
            memset(ends->values, 0, 2 * (size_t)type->width);
            memset(ends->nulls, 1, 2);
        } else {
            memcpy(ends->values, zone.min, type->width);
            memcpy((char *)ends->values + type->width, zone.max, type->width);
        }
        chunk->columns[c] = ends;
    }
    *out = chunk;
    return NULL;
}

/* A column at the rows that passed. Of few ones the source may know them without decoding the others. */
static struct err *unit_take(struct unit_work *work, uint32_t index, struct column **out)
{
    struct err *err = NULL;
    struct source_unit_scan *source = work->scan->scan;
    struct arena *scratch = work->worker->scratch;
    const struct column_need *need = work->scan->needs == NULL ? &column_need_whole : work->scan->needs[index];
    uint32_t chunk_rows;
    bool dictionaries;
    *out = NULL;
    query_stress_get(&chunk_rows, &dictionaries);
    if (scan_picks(work->scan->plan->columns[index].type, work->count, work->unit->row_count) &&
        work->full[index] == NULL && source->operations->pick != NULL && (need == NULL || need->whole) &&
        !dictionaries) {
        OR_DONE(unit_positions(work));
        OR_DONE(source->operations->pick(source, scratch, work->unit, index, work->positions, work->count, out));
    }
    if (*out != NULL) {
        atomic_fetch_add_explicit(&work->scan->execution->progress->bytes_read, column_bytes(*out),
                                  memory_order_relaxed);
        work->picked[index] = 1;
        return NULL;
    }
    OR_DONE(unit_column(work, index, need));
    if (work->count == work->unit->row_count) {
        *out = (struct column *)(uintptr_t)work->full[index];
        return NULL;
    }
    OR_DONE(unit_positions(work));
    *out = column_take(scratch, work->full[index], work->positions, work->count);
    err = *out == NULL ? arena_error(scratch) : NULL;
done:
    return err;
}

/* What was read of this unit will be of the next ones, too. Not of the first: perhaps it is enough. */
static void unit_prefetch(const struct unit_work *work)
{
    struct scan_plan *scan = work->scan;
    uint32_t columns[SOURCE_PREFETCH_MAX], count = 0;
    if (scan->scan->operations->prefetch == NULL || !atomic_load_explicit(&scan->steady, memory_order_relaxed)) {
        return;
    }
    for (uint32_t c = 0; c < scan->plan->column_count && count < SOURCE_PREFETCH_MAX; c++) {
        if (work->full[c] != NULL || work->picked[c]) {
            columns[count++] = c;
        }
    }
    if (count > 0) {
        scan->scan->operations->prefetch(scan->scan, work->unit, columns, count);
    }
}

struct err *unit_run(struct scan_plan *scan, struct worker *worker, const struct source_unit *unit,
                     struct evaluator *const *evaluators, bool *stop)
{
    struct err *err = NULL;
    const struct plan *plan = scan->plan;
    struct arena *scratch = worker->scratch;
    struct unit_work work = {.scan = scan, .worker = worker, .unit = unit, .count = unit->row_count};
    bool enough = false;
    bool none;

    work.full = arena_zalloc(scratch, (plan->column_count + 1U) * sizeof(*work.full));
    work.read = ARENA_ARRAY(scratch, const struct column_need *, plan->column_count + 1U);
    work.decided = arena_zalloc(scratch, scan->conjunct_count + 1U);
    work.picked = arena_zalloc(scratch, plan->column_count + 1U);
    struct chunk *chunk = chunk_new(scratch, plan->column_count, unit->row_count);
    if (work.full == NULL || work.read == NULL || work.decided == NULL || work.picked == NULL || chunk == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(unit_zones(&work, &none));
    if (none) {
        atomic_fetch_add_explicit(&scan->execution->progress->units_skipped, 1, memory_order_relaxed);
        return NULL;
    }
    OR_DONE(execution_rows(scan->execution, unit->row_count, &enough));
    if (enough) { /* this unit is the last */
        atomic_store(&scan->stopped, true);
    }
    if (scan->ends_only) {
        struct chunk *ends;
        OR_DONE(unit_ends(&work, &ends));
        if (ends != NULL) {
            return push_split(scan->next, worker, ends, stop);
        }
    }
    OR_DONE(unit_filter(&work, evaluators));
    atomic_store_explicit(&scan->last_part, (uint32_t)((uint64_t)work.count * SCAN_PART_ALL / unit->row_count),
                          memory_order_relaxed);
    OR_DONE(unit_bound(&work));
    if (work.count == 0) {
        unit_prefetch(&work);
        atomic_store_explicit(&scan->steady, true, memory_order_relaxed);
        return NULL;
    }
    chunk->row_count = work.count;
    for (uint32_t c = 0; c < plan->column_count; c++) {
        if (scan->needed != NULL && !scan->needed[c]) {
            continue;
        }
        OR_DONE(unit_take(&work, c, &chunk->columns[c]));
    }
    unit_prefetch(&work);
    OR_DONE(push_split(scan->next, worker, chunk, stop));
    if (!*stop) {
        atomic_store_explicit(&scan->steady, true, memory_order_relaxed);
    }
done:
    return err;
}

/* --- workers ----------------------------------------------------------------------------------------------------- */

static struct err *scan_work(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct scan_plan *scan = object;
    struct source_unit unit;
    bool have = false;
    bool stop = false;
    struct evaluator **evaluators = ARENA_ARRAY(worker->arena, struct evaluator *, scan->conjunct_count + 1U);

    if (evaluators == NULL) {
        return arena_error(worker->arena);
    }
    for (uint32_t i = 0; i < scan->conjunct_count; i++) {
        OR_DONE(evaluator_create(worker->arena, scan->conjuncts[i].program, &evaluators[i]));
    }
    if (scan->partial != NULL) {
        err = scan_runs(scan, worker, evaluators, &stop);
        goto done;
    }
    while (!stop && !atomic_load_explicit(&scan->stopped, memory_order_relaxed)) {
        bool found = false;
        OR_DONE(execution_check(scan->execution));
        OR_DONE(scan->scan->operations->next(scan->scan, worker->scratch, &unit, &found));
        if (!found) {
            break;
        }
        have = true;
        step_alone(scan, worker, 1);
        OR_DONE(unit_run(scan, worker, &unit, evaluators, &stop));
        have = false;
        if (scan->scan->operations->release != NULL) {
            scan->scan->operations->release(scan->scan, &unit);
        }
        arena_reset(worker->scratch);
    }
done:
    if (have && scan->scan->operations->release != NULL) {
        scan->scan->operations->release(scan->scan, &unit);
    }
    if (stop || err != NULL) {
        atomic_store(&scan->stopped, true);
    }
    return err;
}

/* --- generators -------------------------------------------------------------------------------------------------- */

struct source_output {
    struct scan_plan *scan;
    struct worker *worker;
    struct evaluator **evaluators;
};

struct err *source_emit(struct source_output *output, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct scan_plan *scan = output->scan;
    struct worker *worker = output->worker;
    struct chunk view = *chunk;
    uint32_t chunk_rows;
    bool dictionaries, enough = false;

    *stop = atomic_load_explicit(&scan->stopped, memory_order_relaxed);
    OR_DONE(execution_check(scan->execution));
    if (chunk->row_count == 0 || *stop) {
        return NULL;
    }
    OR_DONE(execution_rows(scan->execution, chunk->row_count, &enough));
    query_stress_get(&chunk_rows, &dictionaries);
    struct column **columns = ARENA_ARRAY(worker->scratch, struct column *, chunk->column_count + 1U);
    if (columns == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        columns[c] = chunk->columns[c];
        if (dictionaries) {
            OR_DONE(column_stress(worker->scratch, columns[c], &columns[c]));
        }
        atomic_fetch_add_explicit(&scan->execution->progress->bytes_read, column_bytes(columns[c]),
                                  memory_order_relaxed);
    }
    view.columns = columns;
    const struct chunk *kept = &view;
    for (uint32_t i = 0; i < scan->conjunct_count && kept->row_count > 0; i++) {
        struct column *condition;
        uint32_t count;
        uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, kept->row_count);
        if (positions == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(evaluator_run(output->evaluators[i], worker->scratch, (const struct column *const *)kept->columns,
                              kept->row_count, &condition));
        OR_DONE(positions_of(worker->scratch, condition, kept->row_count, positions, &count));
        if (count < kept->row_count) {
            kept = chunk_take(worker->scratch, kept, positions, count);
            if (kept == NULL) {
                return arena_error(worker->scratch);
            }
        }
    }
    if (kept->row_count > 0) {
        OR_DONE(push_split(scan->next, worker, kept, stop));
    }
    if (enough || *stop) { /* other workers', too */
        atomic_store_explicit(&scan->stopped, true, memory_order_relaxed);
    }
    *stop = atomic_load_explicit(&scan->stopped, memory_order_relaxed);
    arena_reset(worker->scratch);
done:
    return err;
}

static struct err *output_begin(struct scan_plan *scan, struct worker *worker, struct source_output *output)
{
    struct err *err = NULL;
    *output = (struct source_output){scan, worker, NULL};
    output->evaluators = ARENA_ARRAY(worker->arena, struct evaluator *, scan->conjunct_count + 1U);
    if (output->evaluators == NULL) {
        return arena_error(worker->arena);
    }
    for (uint32_t i = 0; i < scan->conjunct_count; i++) {
        OR_DONE(evaluator_create(worker->arena, scan->conjuncts[i].program, &output->evaluators[i]));
    }
done:
    return err;
}

#define PARTS_A_WORKER 4U /* some are done sooner than others */

struct generated_parts {
    struct scan_plan *scan;
    void *parts;
    uint32_t count;
    _Atomic uint32_t next;
};

static struct err *parts_work(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct generated_parts *work = object;
    struct scan_plan *scan = work->scan;
    struct table_source *source = scan->plan->source;
    struct source_output output;

    OR_DONE(output_begin(scan, worker, &output));
    while (!atomic_load_explicit(&scan->stopped, memory_order_relaxed)) {
        uint32_t part = atomic_fetch_add_explicit(&work->next, 1, memory_order_relaxed);
        if (part >= work->count) {
            break;
        }
        OR_DONE(source->generate_part(source, worker->arena, work->parts, part, &output));
    }
done:
    if (err != NULL) {
        atomic_store(&scan->stopped, true);
    }
    return err;
}

static struct err *generator_run(struct scan_plan *scan, const struct source_request *request)
{
    struct err *err = NULL;
    struct table_source *source = scan->plan->source;
    struct worker *worker = &scan->execution->workers[0];
    struct source_output output;
    uint32_t workers = scan->execution->worker_count;

    if (source->divide != NULL) {
        struct generated_parts work = {.scan = scan};
        OR_DONE(source->divide(source, worker->arena, request, workers == 1 ? 1 : workers * PARTS_A_WORKER, &work.parts,
                               &work.count));
        return execution_parallel(scan->execution, work.count < workers ? work.count : workers, parts_work, &work);
    }
    OR_DONE(output_begin(scan, worker, &output));
    OR_DONE(source->generate(source, worker->arena, request, &output));
done:
    return err;
}

/* --- the scan ---------------------------------------------------------------------------------------------------- */

static int cheap_first(const void *a, const void *b)
{
    const struct conjunct *x = a;
    const struct conjunct *y = b;
    return (x->prune == NULL) - (y->prune == NULL);
}

static struct err *units_run(struct scan_plan *scan)
{
    uint64_t units = scan->scan->row_count / CHUNK_ROWS_MAX + 1;
    uint32_t count = units / 2 < WORKERS_MAX ? (uint32_t)(units / 2) : WORKERS_MAX;
    return execution_parallel_lazy(scan->execution, count, scan_work, scan);
}

struct err *scan_run(struct execution *execution, const struct plan *plan, const struct expression *const *filters,
                     uint32_t filter_count, const uint8_t *needed, uint64_t rows_max, struct stage *next)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct scan_plan *scan = ARENA_NEW(arena, struct scan_plan);
    struct source_condition *conditions = ARENA_ARRAY(arena, struct source_condition, 2 * CONJUNCTS_MAX);
    struct conjunct *conjuncts = arena_zalloc(arena, CONJUNCTS_MAX * sizeof(*conjuncts));
    struct source_request *request = ARENA_NEW(arena, struct source_request);
    uint32_t condition_count = 0;

    if (scan == NULL || conditions == NULL || conjuncts == NULL || request == NULL) {
        return arena_error(arena);
    }
    scan->execution = execution;
    scan->plan = plan;
    scan->conjuncts = conjuncts;
    scan->needed = needed;
    scan->next = next;
    scan->needs = execution->needs;
    execution->needs = NULL;
    scan->bound = execution->bound;
    execution->bound = NULL;
    scan->ends_only = execution->ends_only;
    execution->ends_only = false;
    scan->partial = scan->ends_only ? NULL : execution->partial; /* zone maps are as quick */
    execution->partial = NULL;
    for (uint32_t i = 0; i < filter_count; i++) {
        OR_DONE(conjunct_add(arena, execution->options->context, conjuncts, &scan->conjunct_count, filter_count - i - 1,
                             filters[i]));
    }
    struct index_rules_use *rules;
    OR_DONE(scan_needs_begin(arena, plan->column_count, &scan->first_needs));
    OR_DONE(index_rules_begin(arena, plan, &rules));
    for (uint32_t i = 0; i < scan->conjunct_count; i++) {
        OR_DONE(scan_needs_add(arena, conjuncts[i].expression, scan->first_needs));
        OR_DONE(prune_compile(arena, execution->options->context, conjuncts[i].expression, &conjuncts[i].prune));
        OR_DONE(index_condition(arena, execution->options->context, conjuncts[i].expression, &conjuncts[i].test));
        OR_DONE(bitmap_condition(arena, execution->options->context, conjuncts[i].expression, &conjuncts[i].bitmap));
        OR_DONE(index_rules_condition(rules, conjuncts[i].expression, conjuncts[i].prune, &conjuncts[i].test,
                                      &conjuncts[i].bitmap));
        if (conjuncts[i].prune != NULL) {
            OR_DONE(prune_ranges(conjuncts[i].prune, arena, plan->columns[prune_column(conjuncts[i].prune)].type,
                                 &conjuncts[i].ranges));
            OR_DONE(prune_conditions(conjuncts[i].prune, arena, conditions, &condition_count));
        }
    }
    OR_DONE(index_rules_end(rules, plan->column_count > 0 && !scan->ends_only));
    qsort(conjuncts, scan->conjunct_count, sizeof(*conjuncts), cheap_first);
    for (uint32_t i = 0; i < condition_count; i++) {
        conditions[i].column = plan->source_columns[conditions[i].column];
    }
    *request = (struct source_request){plan->source_columns,
                                       plan->column_count,
                                       conditions,
                                       condition_count,
                                       scan->conjunct_count == 0 ? rows_max : UINT64_MAX,
                                       {false, false, 0}};
    if (scan->bound != NULL) {
        request->order =
            (struct source_order){true, scan->bound->key->descending, plan->source_columns[scan->bound->column]};
    }
    if (plan->source->generate != NULL) {
        OR_DONE(generator_run(scan, request));
    } else {
        OR_DONE(plan->source->open(plan->source, arena, request, &scan->scan));
        atomic_fetch_add(&execution->progress->rows_total, scan->scan->row_count);
        atomic_fetch_add(&execution->progress->parts_missing, scan->scan->parts_missing);
        if (scan->partial != NULL) {
            OR_DONE(scan_runs_prepare(scan));
        }
        OR_DONE(units_run(scan));
    }
    bool enough = false; /* the bytes of the last units */
    OR_DONE(execution_rows(execution, 0, &enough));
done:
    return err;
}
