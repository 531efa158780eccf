/*
 * execute.c: runs a plan: subqueries first, then chains of operators from each source to the sink.
 *
 * flow     server, sql → query_execute → scan.c → operators → the sink
 * thread   the caller is worker 0; the others are tasks of the shared pool. The sink is called under a mutex.
 * owner    the execution's arenas die with the call; the plan is the caller's
 */
#include "query/join_operator.h"
#include "query/limit_count.h"
#include "query/partial_groups.h"

#include "base/clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>

#define HELD_BYTES_MIN ((uint64_t)256 << 10) /* less is not worth a file */

static uint32_t stress_rows;
static bool stress_dictionaries;

void query_stress(uint32_t chunk_rows, bool dictionaries)
{
    stress_rows = chunk_rows;
    stress_dictionaries = dictionaries;
}

void query_stress_get(uint32_t *chunk_rows, bool *dictionaries)
{
    *chunk_rows = stress_rows;
    *dictionaries = stress_dictionaries;
}

void query_cancel(struct query_progress *progress)
{
    atomic_store(&progress->cancelled, true);
}

struct err *execution_check(struct execution *execution)
{
    (void)execution;
    return interrupt_check();
}

/* min_execution_speed */
static struct err *check_speed(const struct execution *execution, uint64_t rows, uint64_t bytes)
{
    const struct query_limits *limits = &execution->options->limits;
    if (limits->min_execution_speed == 0 && limits->min_execution_speed_bytes == 0) {
        return NULL;
    }
    uint64_t elapsed_us = clock_monotonic_us() - execution->begin_us;
    double seconds = (double)(elapsed_us == 0 ? 1 : elapsed_us) / 1e6;
    if (elapsed_us <= limits->timeout_before_checking_execution_speed_us) {
        return NULL;
    }
    if ((double)rows / seconds < (double)limits->min_execution_speed) {
        return err_new(ERR_TOO_SLOW, "Query is executing too slow: %g rows/sec., minimum: %llu", (double)rows / seconds,
                       (unsigned long long)limits->min_execution_speed);
    }
    if ((double)bytes / seconds < (double)limits->min_execution_speed_bytes) {
        return err_new(ERR_TOO_SLOW, "Query is executing too slow: %g bytes/sec., minimum: %llu",
                       (double)bytes / seconds, (unsigned long long)limits->min_execution_speed_bytes);
    }
    return NULL;
}

struct err *execution_rows(struct execution *execution, uint64_t rows, bool *enough)
{
    const struct query_limits *limits = &execution->options->limits;
    struct query_progress *progress = execution->progress;
    uint64_t read = atomic_fetch_add_explicit(&progress->rows_read, rows, memory_order_relaxed) + rows;
    uint64_t bytes = atomic_load_explicit(&progress->bytes_read, memory_order_relaxed);
    bool too_many = limits->max_rows_to_read != 0 && read > limits->max_rows_to_read;
    if (execution->break_us != 0 && clock_monotonic_us() > execution->break_us) {
        *enough = true;
    }
    struct err *err = check_speed(execution, read, bytes);
    if (err != NULL) {
        return err;
    }
    return query_limit_check(too_many ? ERR_TOO_MANY_ROWS : ERR_TOO_MANY_BYTES,
                             too_many ? "rows to read" : "bytes to read", limits->max_rows_to_read, read,
                             limits->max_bytes_to_read, bytes, limits->read_overflow_mode, enough);
}

/* So much of the bytes as the setting says; 0: it is not set, a half. */
static uint64_t share_of(uint64_t bytes, uint64_t ratio)
{
    return ratio == 0 ? bytes / 2 : (uint64_t)((double)bytes * ((double)(ratio - 1) / LIMIT_RATIO_ONE));
}

/* Is so much of a budget taken that the holder of these bytes, who may want `more` at once, should give them up? A
 * small part is not worth a file, as somebody else holds the memory; but where all queries together have little left,
 * those that hold less give it up too. */
static bool is_much_taken(const struct execution *execution, uint64_t ratio, uint64_t bytes, uint64_t more)
{
    for (const struct budget *level = execution->options->budget; ratio != 1 && level != NULL; level = level->parent) {
        uint64_t taken = atomic_load_explicit(&((struct budget *)(uintptr_t)level)->bytes, memory_order_relaxed);
        uint64_t max = level->bytes_max;
        bool is_shared = level != execution->options->budget;
        if (max != 0 && bytes >= max / 32 && (taken >= share_of(max, ratio) || taken + more > max / 8 * 7)) {
            return true;
        }
        if (max != 0 && is_shared && bytes >= max / 512 && bytes >= HELD_BYTES_MIN && taken >= max / 4 * 3) {
            return true;
        }
    }
    return false;
}

bool execution_should_spill(const struct execution *execution, const struct spill_when *when, uint64_t bytes,
                            uint32_t sharers)
{
    uint64_t more = when->is_table ? 3 * sharers * bytes : 0;
    return execution->options->spill != NULL &&
           (when->bytes != 0 ? bytes >= when->bytes / sharers : is_much_taken(execution, when->ratio, bytes, more));
}

bool execution_is_tight(const struct execution *execution, uint64_t bytes)
{
    for (const struct budget *level = execution->options->budget; level != NULL && execution->options->spill != NULL;
         level = level->parent) {
        uint64_t taken = atomic_load_explicit(&((struct budget *)(uintptr_t)level)->bytes, memory_order_relaxed);
        if (level->bytes_max != 0 && taken + bytes > level->bytes_max / 8 * 7) {
            return true;
        }
    }
    return false;
}

/* --- the ends of chains ------------------------------------------------------------------------------------------ */

static struct err *sink_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct execution *execution = stage->execution;
    const struct query_limits *limits = &execution->options->limits;
    struct query_progress *progress = execution->progress;
    struct err *err;
    uint64_t chunk_bytes = 0;
    (void)worker;
    for (uint32_t c = 0; limits->max_result_bytes != 0 && c < chunk->column_count; c++) {
        chunk_bytes += column_bytes(chunk->columns[c]);
    }
    pthread_mutex_lock(&execution->sink_mutex);
    uint64_t rows = atomic_fetch_add(&progress->rows_result, chunk->row_count) + chunk->row_count;
    uint64_t bytes = atomic_fetch_add(&progress->bytes_result, chunk_bytes) + chunk_bytes;
    bool enough = limits->result_overflow_mode == OVERFLOW_BREAK && limits->max_result_rows == rows;
    err = query_limit_check(ERR_TOO_MANY_ROWS_OR_BYTES, "result", limits->max_result_rows, rows,
                            limits->max_result_bytes, bytes, limits->result_overflow_mode, &enough);
    if (err == NULL) {
        err = execution->sink(execution->user, chunk, stop);
        *stop |= enough;
    }
    pthread_mutex_unlock(&execution->sink_mutex);
    return err;
}

static struct err *end_finish(struct stage *stage, struct worker *worker)
{
    (void)stage;
    (void)worker;
    return NULL;
}

static const struct operator_kind sink_kind = {sink_push, end_finish};

/* Above a union: its inputs finish one after another, what follows only once. */
static struct err *gate_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    return operator_push(stage->next, worker, chunk, stop);
}

static const struct operator_kind gate_kind = {gate_push, end_finish};

static struct err *totals_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    (void)worker;
    (void)stop;
    return stage->execution->options->totals(stage->execution->user, chunk);
}

static const struct operator_kind totals_kind = {totals_push, end_finish};

struct collect {
    const struct plan_subquery *subquery;
    struct arena *arena;
    pthread_mutex_t mutex;
    uint64_t rows;
};

static struct err *collect_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct collect *collect = stage->shared;
    const struct plan_subquery *subquery = collect->subquery;
    (void)worker;
    pthread_mutex_lock(&collect->mutex);
    collect->rows += chunk->row_count;
    if (subquery->set != NULL) {
        const struct query_limits *limits = &stage->execution->options->limits;
        err = value_set_add(subquery->set, (const struct column *const *)chunk->columns, chunk->row_count);
        if (err == NULL) {
            err = query_limit_check(ERR_SET_SIZE_LIMIT, "IN-set", limits->max_rows_in_set,
                                    value_set_count(subquery->set), limits->max_bytes_in_set,
                                    value_set_bytes(subquery->set), limits->set_overflow_mode, stop);
        }
    } else if (collect->rows > 1) {
        err = err_new(ERR_SCALAR_SUBQUERY, "Scalar subquery returned more than one row");
    } else {
        const struct column *flat = column_flat(collect->arena, chunk->columns[0]);
        struct column *copy = flat == NULL ? NULL : column_copy(collect->arena, flat);
        if (copy == NULL) {
            err = arena_error(collect->arena);
        } else {
            copy->type = subquery->parameter->type;
            copy->form = COLUMN_CONST;
            subquery->parameter->value = copy;
        }
    }
    pthread_mutex_unlock(&collect->mutex);
    return err;
}

static const struct operator_kind collect_kind = {collect_push, end_finish};

/* --- building and running ---------------------------------------------------------------------------------------- */

static struct err *run_plan(struct execution *execution, const struct plan *plan, const uint8_t *needed,
                            struct stage *next);

/* Which columns of its input does the node above it read? NULL: all. */
static struct err *needed_columns(struct execution *execution, const struct plan *scan, const struct plan *above,
                                  const uint8_t **out)
{
    struct err *err = NULL;
    struct program *program;
    *out = NULL;
    if (above == NULL ||
        (above->kind != PLAN_PROJECT && above->kind != PLAN_AGGREGATE && above->kind != PLAN_GROUPING_SETS)) {
        return NULL;
    }
    uint32_t count = above->expression_count;
    for (uint32_t a = 0; a < above->aggregate_count; a++) {
        count += above->aggregates[a].aggregate->argument_count;
    }
    const struct expression **all = ARENA_ARRAY(execution->arena, const struct expression *, count + 1U);
    uint8_t *needed = arena_zalloc(execution->arena, scan->column_count + 1U);
    if (all == NULL || needed == NULL) {
        return arena_error(execution->arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < above->expression_count; i++) {
        all[at++] = above->expressions[i];
    }
    for (uint32_t a = 0; a < above->aggregate_count; a++) {
        for (uint32_t i = 0; i < above->aggregates[a].aggregate->argument_count; i++) {
            all[at++] = above->aggregates[a].arguments[i];
        }
    }
    OR_DONE(program_compile(execution->arena, all, count, &program));
    uint32_t used;
    const uint32_t *columns = program_columns(program, &used);
    for (uint32_t i = 0; i < used; i++) {
        needed[columns[i]] = 1;
    }
    *out = needed;
done:
    return err;
}

static struct err *run_values(struct execution *execution, const struct plan *plan, struct stage *next)
{
    struct err *err = NULL;
    bool stop = false;
    struct worker *worker = &execution->workers[0];
    for (uint32_t begin = 0; begin < plan->values->row_count && !stop; begin += CHUNK_ROWS_MAX) {
        uint32_t end =
            plan->values->row_count - begin < CHUNK_ROWS_MAX ? plan->values->row_count : begin + CHUNK_ROWS_MAX;
        struct chunk *part = chunk_part(worker->scratch, plan->values, begin, end);
        if (part == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(operator_push(next, worker, part, &stop));
        arena_reset(worker->scratch);
    }
done:
    return err;
}

static struct err *run_totals(struct execution *execution, const struct plan *plan, struct stage *next)
{
    struct err *err = NULL;
    struct worker *worker = &execution->workers[0];
    bool stop = false;
    for (const struct totals *totals = execution->totals; totals != NULL; totals = totals->next) {
        if (totals->of == plan->totals_of) {
            OR_DONE(operator_push(next, worker, totals->row, &stop));
            break;
        }
    }
    OR_DONE(next->kind->finish(next, worker));
done:
    return err;
}

/* Is the node an aggregation of everything that asks for the smallest and greatest values of columns, and no more? */
static bool is_ends_only(const struct plan *plan)
{
    if (plan->kind != PLAN_AGGREGATE || plan->expression_count > 0 || plan->aggregate_count == 0) {
        return false;
    }
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        const char *name = plan->aggregates[a].aggregate->name;
        if ((strcasecmp(name, "min") != 0 && strcasecmp(name, "max") != 0) ||
            plan->aggregates[a].arguments[0]->kind != EXPRESSION_COLUMN) {
            return false;
        }
    }
    return true;
}

/* Do all rows come to this node, whatever it still wants? */
static bool takes_all(const struct execution *execution, const struct plan *plan)
{
    return execution->options->exact_rows_before_limit && limit_is_counted(execution, plan);
}

/* Runs the source below `plan`, whose filters and the node above it are known, into next, then finishes next. */
static struct err *run_source(struct execution *execution, const struct plan *plan, const struct plan *above,
                              const uint8_t *needed, struct stage *next, bool *handled)
{
    struct err *err = NULL;
    const struct expression *filters[PLAN_FILTERS_MAX];
    uint32_t count = 0;
    const struct plan *leaf = plan_below_filters(plan, filters, &count);

    *handled = leaf->kind == PLAN_SCAN;
    if (!*handled) {
        return NULL;
    }
    uint64_t rows_max = UINT64_MAX;
    if (above != NULL && above->kind == PLAN_LIMIT && count == 0 && above->limit < UINT64_MAX - above->offset &&
        !takes_all(execution, above)) {
        rows_max = above->limit + above->offset;
    }
    execution->ends_only = above != NULL && is_ends_only(above);
    OR_DONE(scan_run(execution, leaf, filters, count, needed, rows_max, next));
    OR_DONE(next->kind->finish(next, &execution->workers[0]));
done:
    return err;
}

/* Is the first key of a sort with a limit a column of the scan below, through filters and projections alone? */
static struct err *find_bound(struct execution *execution, const struct plan *sort, struct sort_bound **out)
{
    *out = NULL;
    if (sort->limit > 1000000 || sort->sort_key_count == 0 || takes_all(execution, sort)) {
        return NULL;
    }
    const struct expression *key = sort->sort_keys[0].expression;
    const struct plan *below = sort->inputs[0];
    while (key->kind == EXPRESSION_COLUMN && below->kind != PLAN_SCAN) {
        if (below->kind == PLAN_PROJECT) {
            key = below->expressions[key->column_index];
        } else if (below->kind != PLAN_FILTER) {
            return NULL;
        }
        below = below->inputs[0];
    }
    if (key->kind != EXPRESSION_COLUMN || below->kind != PLAN_SCAN) {
        return NULL;
    }
    struct sort_bound *bound = ARENA_NEW(execution->arena, struct sort_bound);
    if (bound == NULL) {
        return arena_error(execution->arena);
    }
    bound->column = key->column_index;
    bound->key = &sort->sort_keys[0];
    bound->type = key->type;
    atomic_init(&bound->word, UINT64_MAX);
    *out = bound;
    return NULL;
}

static struct err *run_below(struct execution *execution, const struct plan *plan, struct stage *stage)
{
    struct err *err = NULL;
    const uint8_t *needed;
    bool handled;
    OR_DONE(needed_columns(execution, plan->inputs[0], plan, &needed));
    if (plan->kind == PLAN_AGGREGATE) {
        OR_DONE(partial_session_begin(execution, plan, stage, &execution->partial));
    }
    OR_DONE(scan_needs_of(execution->arena, plan, &execution->needs));
    OR_DONE(run_source(execution, plan->inputs[0], plan, needed, stage, &handled));
    if (!handled) {
        OR_DONE(run_plan(execution, plan->inputs[0], needed, stage));
    }
done:
    return err;
}

/* A filter reads columns too: needed, and those of its condition. */
static struct err *needed_by_filter(struct execution *execution, const struct plan *filter, const uint8_t **needed)
{
    struct err *err = NULL;
    struct program *program;
    uint32_t used;
    if (*needed == NULL) {
        return NULL;
    }
    uint8_t *all = arena_alloc(execution->arena, filter->column_count + 1U);
    if (all == NULL) {
        return arena_error(execution->arena);
    }
    memcpy(all, *needed, filter->column_count);
    OR_DONE(program_compile(execution->arena, &filter->condition, 1, &program));
    const uint32_t *columns = program_columns(program, &used);
    for (uint32_t i = 0; i < used; i++) {
        all[columns[i]] = 1;
    }
    *needed = all;
done:
    return err;
}

static struct err *run_side(struct execution *execution, const struct plan *side, const uint8_t *needed,
                            struct stage *next)
{
    bool handled;
    struct err *err = run_source(execution, side, NULL, needed, next, &handled);
    return err != NULL || handled ? err : run_plan(execution, side, needed, next);
}

static struct err *run_join(struct execution *execution, const struct plan *plan, const uint8_t *needed,
                            struct stage *next)
{
    struct err *err = NULL;
    struct join *join;
    OR_DONE(join_begin(execution, plan, needed, next, &join));
    OR_DONE(run_side(execution, plan->inputs[1], join->right_needed, join->build_stage));
    if (join_left_is_idle(join)) {
        OR_DONE(join->probe_stage->kind->finish(join->probe_stage, &execution->workers[0]));
    } else {
        const struct plan *left = plan->inputs[0];
        if (!join->external) {
            OR_DONE(join_filter(execution, join, &left));
        }
        OR_DONE(run_side(execution, left, join->left_needed, join->probe_stage));
    }
done:
    return err;
}

static struct err *run_plan(struct execution *execution, const struct plan *plan, const uint8_t *needed,
                            struct stage *next)
{
    struct err *err = NULL;
    struct stage *stage = NULL;
    bool handled;

    switch (plan->kind) {
    case PLAN_SCAN:
        OR_DONE(run_source(execution, plan, NULL, needed, next, &handled));
        break;
    case PLAN_VALUES:
        OR_DONE(run_values(execution, plan, next));
        OR_DONE(next->kind->finish(next, &execution->workers[0]));
        break;
    case PLAN_FILTER:
        OR_DONE(run_source(execution, plan, NULL, needed, next, &handled));
        if (!handled) {
            OR_DONE(operator_filter(execution, plan, next, &stage));
            OR_DONE(needed_by_filter(execution, plan, &needed));
            OR_DONE(run_plan(execution, plan->inputs[0], needed, stage));
            stage = NULL;
        }
        break;
    case PLAN_JOIN:
        OR_DONE(run_join(execution, plan, needed, next));
        break;
    case PLAN_PROJECT:
        OR_DONE(operator_project(execution, plan, next, &stage));
        break;
    case PLAN_AGGREGATE:
        OR_DONE(operator_aggregate(execution, plan, next, &stage));
        break;
    case PLAN_SORT:
        OR_DONE(find_bound(execution, plan, &execution->bound));
        OR_DONE(operator_sort(execution, plan, next, execution->bound, &stage));
        break;
    case PLAN_LIMIT:
        OR_DONE(operator_limit(execution, plan, next, &stage));
        break;
    case PLAN_TAIL:
        OR_DONE(operator_tail(execution, plan, next, &stage));
        break;
    case PLAN_LIMIT_BY:
        OR_DONE(operator_limit_by(execution, plan, next, &stage));
        break;
    case PLAN_ARRAY_JOIN:
        OR_DONE(operator_array_join(execution, plan, next, &stage));
        break;
    case PLAN_DISTINCT:
        OR_DONE(operator_distinct(execution, plan, next, &stage));
        break;
    case PLAN_FILL:
        OR_DONE(operator_fill(execution, plan, next, &stage));
        break;
    case PLAN_WINDOW:
        OR_DONE(operator_window(execution, plan, next, &stage));
        break;
    case PLAN_PANES:
        OR_DONE(operator_panes(execution, plan, next, &stage));
        break;
    case PLAN_INTERSECT:
    case PLAN_EXCEPT: {
        struct stage *right = NULL;
        OR_DONE(operator_set(execution, plan, next, &right, &stage));
        OR_DONE(run_plan(execution, plan->inputs[1], NULL, right));
        break;
    }
    case PLAN_GROUPING_SETS:
        OR_DONE(operator_grouping_sets(execution, plan, next, &stage));
        break;
    case PLAN_TOTALS:
        OR_DONE(run_totals(execution, plan, next));
        break;
    case PLAN_UNION:
        OR_DONE(operator_new(execution, &gate_kind, plan, next, &stage));
        for (uint32_t i = 0; i < plan->input_count; i++) {
            OR_DONE(run_plan(execution, plan->inputs[i], NULL, stage));
        }
        OR_DONE(next->kind->finish(next, &execution->workers[0]));
        stage = NULL;
        break;
    }
    if (stage != NULL && limit_is_counted(execution, plan)) {
        OR_DONE(operator_limit_count(execution, plan, stage, &stage));
    }
    if (stage != NULL) {
        OR_DONE(run_below(execution, plan, stage));
    }
done:
    return err;
}

static struct err *run_subquery(struct execution *execution, const struct plan_subquery *subquery)
{
    struct err *err = NULL;
    struct stage *stage = NULL;
    struct collect *collect = ARENA_NEW(execution->arena, struct collect);
    if (collect == NULL) {
        return arena_error(execution->arena);
    }
    collect->subquery = subquery;
    collect->arena = arena_create(execution->options->budget);
    if (collect->arena == NULL) {
        return err_oom();
    }
    pthread_mutex_init(&collect->mutex, NULL);
    if (!arena_on_destroy(execution->arena, (void (*)(void *))arena_destroy, collect->arena)) {
        arena_destroy(collect->arena);
        err = arena_error(execution->arena);
        goto done;
    }
    OR_DONE(operator_new(execution, &collect_kind, subquery->plan, NULL, &stage));
    stage->shared = collect;
    OR_DONE(run_plan(execution, subquery->plan, NULL, stage));
    if (subquery->set != NULL) {
        OR_DONE(value_set_seal(subquery->set));
    }
    if (subquery->parameter != NULL && collect->rows == 0 && !subquery->parameter->type->nullable) {
        struct slice name = type_name(collect->arena, subquery->parameter->type);
        err = err_new(ERR_SCALAR_SUBQUERY,
                      "Scalar subquery returned empty result of type %.*s which cannot be Nullable", SLICE_ARG(name));
    } else if (subquery->parameter != NULL && collect->rows == 0) {
        subquery->parameter->value = column_const_null(collect->arena, subquery->parameter->type, 1);
        if (subquery->parameter->value == NULL) {
            err = arena_error(collect->arena);
        }
    }
done:
    pthread_mutex_destroy(&collect->mutex);
    return err_while(err, "in a subquery");
}

static struct err *execution_init(struct execution *execution, const struct query_options *options)
{
    uint32_t pool_threads = query_thread_count();
    uint32_t count =
        options->threads_max == 0 || options->threads_max > pool_threads ? pool_threads : options->threads_max;
    execution->worker_count = count < WORKERS_MAX ? count : WORKERS_MAX;
    for (uint32_t w = 0; w < execution->worker_count; w++) {
        struct worker *worker = &execution->workers[w];
        worker->index = w;
        worker->execution = execution;
        worker->arena = arena_create(options->budget);
        worker->scratch = arena_create(options->budget);
        if (worker->arena == NULL || worker->scratch == NULL) {
            return err_oom();
        }
    }
    execution->arena = arena_create(options->budget);
    return execution->arena == NULL ? err_oom() : NULL;
}

/* The caller may have one already: of the statement that this is a part of. */
static void set_deadlines(struct execution *execution, const struct query_limits *limits)
{
    uint64_t outer_us = interrupt_deadline_us();
    uint64_t own_us = limits->max_execution_time_us == 0 ? 0 : clock_monotonic_us() + limits->max_execution_time_us;
    bool breaks = limits->timeout_overflow_mode == OVERFLOW_BREAK;
    execution->begin_us = clock_monotonic_us();
    execution->break_us = breaks ? own_us : 0;
    execution->deadline_us = breaks || own_us == 0 || (outer_us != 0 && outer_us < own_us) ? outer_us : own_us;
}

struct err *query_execute(const struct query_plan *plan, const struct query_options *options,
                          struct query_progress *progress, query_sink sink, void *user)
{
    struct err *err = NULL;
    struct execution *execution = calloc(1, sizeof(*execution));
    struct stage *end = NULL;

    if (execution == NULL) {
        return err_oom();
    }
    struct interrupt interrupt;
    set_deadlines(execution, &options->limits);
    interrupt_begin_until(&interrupt, &progress->cancelled, execution->deadline_us,
                          options->limits.max_execution_time_us);
    execution->options = options;
    execution->progress = progress;
    execution->sink = sink;
    execution->user = user;
    struct spill_use spill = {
        .space = options->spill,
        .bytes_max = options->limits.max_temporary_data_on_disk_size_for_query,
        .budget = options->budget,
        .bytes_total = &progress->bytes_spilled,
    };
    execution->spill = &spill;
    pthread_mutex_init(&execution->sink_mutex, NULL);
    OR_DONE(execution_init(execution, options));
    for (uint32_t i = 0; i < plan->subquery_count; i++) {
        OR_DONE(run_subquery(execution, &plan->subqueries[i]));
    }
    OR_DONE(operator_new(execution, &sink_kind, plan->plan, NULL, &end));
    OR_DONE(limit_count_find(execution, plan->plan));
    OR_DONE(run_plan(execution, plan->plan, NULL, end));
    if (plan->plan->totals != NULL && options->totals != NULL) {
        OR_DONE(operator_new(execution, &totals_kind, plan->plan->totals, NULL, &end));
        OR_DONE(run_plan(execution, plan->plan->totals, NULL, end));
    }
done:
    err = interrupt_over(err);
    for (uint32_t w = 0; w < execution->worker_count; w++) {
        arena_destroy(execution->workers[w].scratch);
    }
    arena_destroy(execution->arena);
    for (uint32_t w = 0; w < execution->worker_count; w++) {
        arena_destroy(execution->workers[w].arena);
    }
    pthread_mutex_destroy(&execution->sink_mutex);
    free(execution);
    interrupt_end(&interrupt);
    return err;
}
