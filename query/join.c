/*
 * join.c: the left side of a join: looked up as it comes, and what is left of the right side at the end.
 *
 * push     keys → rows of the table → pairs of rows, at most a chunk's worth at a time → the rest of ON → output.
 *          Unique keys without a rest make one pass over the chunk and no other.
 * output   left columns are taken at the pairs' rows (or go on as they are, when every row has one pair), right ones
 *          out of what join_build.c laid out
 * finish   RIGHT, FULL, RIGHT ANTI: right rows that no pair had, with defaults for the left columns
 * memory   a chunk may have any number of pairs: what follows works in an arena that is reset after each chunk of
 *          them
 */
#include "query/join_operator.h"

#include "query/functions/functions.h"

struct pairs {
    uint32_t *left;
    uint32_t *right;
    uint32_t count;
    uint32_t max;
    bool whole; /* left is 0, 1, 2, … up to the chunk's rows: not set then */
};

struct probe_worker {
    struct evaluator *keys;
    struct evaluator *rest;
    struct join_finder *finder;
    uint32_t *hints;     /* ASOF */
    struct arena *arena; /* of one chunk of pairs */
};

/* One push. */
struct probe {
    struct stage *stage;
    struct join *join;
    struct probe_worker *state;
    struct worker inner; /* what follows sees: scratch is state->arena */
    const struct chunk *chunk;
    struct pairs pairs;
    uint8_t *hit;  /* per left row: it has a pair; when there is a rest of ON */
    uint8_t *seen; /* likewise, in an earlier block of right rows; or NULL */
    bool *stop;
};

static bool is_left_strict(const struct plan_join *spec, enum join_strictness strictness)
{
    return spec->strictness == strictness && spec->kind == JOIN_LEFT;
}

static bool is_right_strict(const struct plan_join *spec, enum join_strictness strictness)
{
    return spec->strictness == strictness && spec->kind == JOIN_RIGHT;
}

static void mark(const struct join *join, uint32_t row)
{
    if (atomic_load_explicit(&join->matched[row], memory_order_relaxed) == 0) {
        atomic_store_explicit(&join->matched[row], 1, memory_order_relaxed);
    }
}

/* Is the caller the first to match this row? */
static bool claim(const struct join *join, uint32_t row)
{
    return atomic_load_explicit(&join->matched[row], memory_order_relaxed) == 0 &&
           atomic_exchange_explicit(&join->matched[row], 1, memory_order_relaxed) == 0;
}

/* --- output ----------------------------------------------------------------------------------------------------------
 */

static struct err *output_column(struct probe *probe, const struct join_output *output, const struct type *type,
                                 bool whole, struct column **out)
{
    const struct join *join = probe->join;
    struct arena *arena = probe->state->arena;
    const struct pairs *pairs = &probe->pairs;
    struct column *made;

    if (output->left == JOIN_NONE) {
        made = column_take(arena, join->build[output->right], pairs->right, pairs->count);
    } else {
        struct column *left = probe->chunk->columns[output->left];
        made = whole ? left : column_take(arena, left, pairs->left, pairs->count);
    }
    *out = made == NULL ? NULL : join_typed(arena, made, type);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* Hands on what the pairs say, and forgets them. */
static struct err *emit(struct probe *probe)
{
    struct err *err = NULL;
    struct join *join = probe->join;
    const struct plan *plan = join->plan;
    struct pairs *pairs = &probe->pairs;
    bool whole = pairs->whole || pairs->count == probe->chunk->row_count;

    if (pairs->count == 0 || *probe->stop) {
        goto done;
    }
    for (uint32_t i = 0; whole && !pairs->whole && i < pairs->count; i++) {
        whole = pairs->left[i] == i;
    }
    struct chunk *chunk = chunk_new(probe->state->arena, plan->column_count, pairs->count);
    if (chunk == NULL) {
        return arena_error(probe->state->arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        if (join->needed[c]) {
            OR_DONE(output_column(probe, &join->spec->outputs[c], plan->columns[c].type, whole, &chunk->columns[c]));
        }
    }
    OR_DONE(operator_push(probe->stage->next, &probe->inner, chunk, probe->stop));
    OR_DONE(execution_check(probe->stage->execution));
done:
    pairs->count = 0;
    arena_reset(probe->state->arena);
    return err;
}

/* --- the rest of ON --------------------------------------------------------------------------------------------------
 */

/* The pairs of which the rest of ON is true; the others are dropped. */
static struct err *keep_true(struct probe *probe)
{
    struct err *err = NULL;
    struct join *join = probe->join;
    struct arena *arena = probe->state->arena;
    struct pairs *pairs = &probe->pairs;
    uint32_t used;
    const uint32_t *columns = program_columns(join->rest_program, &used);
    const struct column **input = arena_zalloc(arena, (join->left_count + join->right_count + 1U) * sizeof(*input));
    uint32_t *passed = ARENA_ARRAY(arena, uint32_t, pairs->count + 1U);
    struct column *condition;
    uint32_t count;

    if (input == NULL || passed == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < used; i++) {
        uint32_t c = columns[i];
        struct column *taken;
        if (c < join->left_count) {
            taken = column_take(arena, probe->chunk->columns[c], pairs->left, pairs->count);
        } else {
            const struct type *type = join->plan->inputs[1]->columns[c - join->left_count].type;
            taken = column_take(arena, join->build[c - join->left_count], pairs->right, pairs->count);
            taken = taken == NULL ? NULL : join_typed(arena, taken, type);
        }
        if (taken == NULL) {
            return arena_error(arena);
        }
        input[c] = taken;
    }
    OR_DONE(evaluator_run(probe->state->rest, arena, input, pairs->count, &condition));
    OR_DONE(positions_of(arena, condition, pairs->count, passed, &count));
    for (uint32_t i = 0; i < count; i++) {
        pairs->left[i] = pairs->left[passed[i]];
        pairs->right[i] = pairs->right[passed[i]];
    }
    pairs->count = count;
done:
    return err;
}

/* Of the candidates, which the rest of ON lets pass: what the join's kind makes of them. */
static struct err *settle(struct probe *probe)
{
    struct err *err = NULL;
    const struct join *join = probe->join;
    const struct plan_join *spec = join->spec;
    struct pairs *pairs = &probe->pairs;
    uint32_t kept = 0;

    if (pairs->count == 0) {
        return NULL;
    }
    OR_DONE(keep_true(probe));
    for (uint32_t i = 0; i < pairs->count; i++) {
        uint32_t left = pairs->left[i];
        uint32_t right = pairs->right[i];
        bool keep = true;
        if (is_left_strict(spec, JOIN_ANY) || is_left_strict(spec, JOIN_SEMI)) {
            keep = probe->hit[left] == 0;
        } else if (spec->strictness == JOIN_ANY && spec->kind == JOIN_INNER) {
            keep = probe->hit[left] == 0 && claim(join, right);
        } else if (is_right_strict(spec, JOIN_ANY) || is_right_strict(spec, JOIN_SEMI)) {
            keep = claim(join, right);
        } else if (join->marks) {
            mark(join, right);
        }
        if (spec->strictness != JOIN_ANY || spec->kind != JOIN_INNER || keep) {
            probe->hit[left] = 1;
        }
        pairs->left[kept] = left;
        pairs->right[kept] = right;
        kept += keep && spec->strictness != JOIN_ANTI;
    }
    pairs->count = kept;
    if (kept == 0) {
        arena_reset(probe->state->arena);
    } else {
        OR_DONE(emit(probe));
    }
    OR_DONE(execution_check(probe->stage->execution));
done:
    return err;
}

/* --- pairs -----------------------------------------------------------------------------------------------------------
 */

static inline void add_pair(struct pairs *pairs, uint32_t left, uint32_t right)
{
    pairs->left[pairs->count] = left;
    pairs->right[pairs->count] = right;
    pairs->count++;
}

/* One left row after another; a flush when the pairs are many. */
static struct err *pair_all(struct probe *probe, const uint32_t *first, const uint32_t *count)
{
    struct err *err = NULL;
    const struct join *join = probe->join;
    const struct plan_join *spec = join->spec;
    struct pairs *pairs = &probe->pairs;
    uint32_t rows = probe->chunk->row_count;
    bool rest = join->rest_program != NULL;
    bool once = !rest && (is_left_strict(spec, JOIN_ANY) || is_left_strict(spec, JOIN_SEMI) ||
                          (spec->strictness == JOIN_ANY && spec->kind == JOIN_INNER));
    bool claims = !rest && (spec->strictness == JOIN_ANY || spec->strictness == JOIN_SEMI) && spec->kind != JOIN_LEFT;
    bool anti = !rest && spec->strictness == JOIN_ANTI;
    bool defaults = join->right_default && (probe->seen == NULL || join->last_block);

    for (uint32_t i = 0; i < rows && !*probe->stop; i++) {
        bool seen = probe->seen != NULL && !rest && probe->seen[i] != 0;
        uint32_t candidates = once && seen ? 0 : once && count[i] > 1 ? 1 : count[i];
        for (uint32_t k = 0; k < candidates; k++) {
            uint32_t row = join_table_row(join->table, first[i] + k);
            if (!rest && join->marks && !claims) {
                mark(join, row);
            }
            if (anti || (claims && !claim(join, row))) {
                continue;
            }
            add_pair(pairs, i, row);
            if (pairs->count == pairs->max) {
                OR_DONE(rest ? settle(probe) : emit(probe));
            }
        }
        if (probe->seen != NULL && !rest && count[i] > 0) {
            probe->seen[i] = 1;
        }
        if (!rest && defaults && count[i] == 0 && !seen) {
            add_pair(pairs, i, join->row_count);
            if (pairs->count == pairs->max) {
                OR_DONE(emit(probe));
            }
        }
    }
    OR_DONE(rest ? settle(probe) : emit(probe));
    for (uint32_t i = 0; rest && defaults && i < rows && !*probe->stop; i++) {
        if (probe->hit[i] == 0) {
            add_pair(pairs, i, join->row_count);
            if (pairs->count == pairs->max) {
                OR_DONE(emit(probe));
            }
        }
    }
    OR_DONE(emit(probe));
done:
    return err;
}

/* No key twice, nothing but keys: at most one pair for each left row. */
static struct err *pair_unique(struct probe *probe, uint32_t *first, const uint32_t *count)
{
    const struct join *join = probe->join;
    const uint32_t *table_rows = join->table->rows;
    struct pairs *pairs = &probe->pairs;
    uint32_t rows = probe->chunk->row_count;
    uint32_t matched = 0;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < rows; i++) {
        matched += count[i]; /* 0 or 1 */
    }
    for (uint32_t i = 0; table_rows != NULL && i < rows; i++) {
        first[i] = count[i] == 0 ? 0 : table_rows[first[i]];
    }
    for (uint32_t i = 0; join->marks && i < rows; i++) {
        if (count[i] != 0) {
            mark(join, first[i]);
        }
    }
    if (join->spec->strictness == JOIN_ANTI) {
        for (uint32_t i = 0; i < rows; i++) {
            pairs->left[kept] = i;
            pairs->right[kept] = join->row_count;
            kept += count[i] == 0;
        }
        kept = join->spec->kind == JOIN_RIGHT ? 0 : kept;
    } else if (matched == rows || join->right_default) {
        for (uint32_t i = 0; matched < rows && i < rows; i++) {
            first[i] = count[i] == 0 ? join->row_count : first[i];
        }
        pairs->right = first;
        pairs->whole = true;
        kept = rows;
    } else if (matched > 0) {
        for (uint32_t i = 0; i < rows; i++) {
            pairs->left[kept] = i;
            pairs->right[kept] = first[i];
            kept += count[i] != 0;
        }
    }
    pairs->count = kept;
    return emit(probe);
}

/* --- push ------------------------------------------------------------------------------------------------------------
 */

static struct err *probe_worker_of(struct stage *stage, struct worker *worker, struct probe_worker **out)
{
    struct err *err = NULL;
    struct join *join = stage->shared;
    struct probe_worker *state = stage->state[worker->index];
    if (state == NULL) {
        state = ARENA_NEW(worker->arena, struct probe_worker);
        if (state == NULL) {
            return arena_error(worker->arena);
        }
        OR_DONE(join_arena(stage->execution, worker->arena, &state->arena));
        OR_DONE(evaluator_create(worker->arena, join->left_program, &state->keys));
        state->finder = join_finder_create(worker->arena);
        state->hints = arena_zalloc(worker->arena, join->spec->strictness == JOIN_ASOF ? 4U << ASOF_HINT_BITS : 4U);
        if (state->finder == NULL || state->hints == NULL) {
            return arena_error(worker->arena);
        }
        if (join->rest_program != NULL) {
            OR_DONE(evaluator_create(worker->arena, join->rest_program, &state->rest));
        }
        stage->state[worker->index] = state;
    }
    *out = state;
done:
    return err;
}

/* Claims need an order of attempts; the single pass has none. */
static bool is_unique_pass(const struct join *join)
{
    const struct plan_join *spec = join->spec;
    bool claims = (spec->strictness == JOIN_ANY || spec->strictness == JOIN_SEMI) && spec->kind != JOIN_LEFT;
    return (join->table->longest <= 1 || spec->strictness == JOIN_ASOF) && join->table->key_count > 0 &&
           join->rest_program == NULL && !claims && join->seen == NULL;
}

static struct err *probe_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct join *join = stage->shared;
    struct probe probe = {.stage = stage, .join = join, .chunk = chunk, .inner = *worker, .stop = stop};
    uint32_t rows = chunk->row_count;
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, join->spec->key_count + 2U);
    uint32_t *first = ARENA_ARRAY(worker->scratch, uint32_t, rows);
    uint32_t *count = ARENA_ARRAY(worker->scratch, uint32_t, rows);
    uint32_t chunk_rows;
    bool dictionaries;

    OR_DONE(probe_worker_of(stage, worker, &probe.state));
    query_stress_get(&chunk_rows, &dictionaries);
    probe.inner.scratch = probe.state->arena;
    probe.pairs.max = chunk_rows > 0 ? chunk_rows : CHUNK_ROWS_MAX;
    uint32_t room = rows > probe.pairs.max ? rows : probe.pairs.max;
    probe.pairs.left = ARENA_ARRAY(worker->scratch, uint32_t, room);
    probe.pairs.right = ARENA_ARRAY(worker->scratch, uint32_t, room);
    probe.seen = join->seen == NULL ? NULL : join->seen[worker->index];
    probe.hit = join->rest_program == NULL ? NULL
                : probe.seen != NULL       ? probe.seen
                                           : arena_zalloc(worker->scratch, rows);
    if (keys == NULL || first == NULL || count == NULL || probe.pairs.left == NULL || probe.pairs.right == NULL ||
        (probe.hit == NULL && join->rest_program != NULL)) {
        return arena_error(worker->scratch);
    }
    OR_DONE(
        evaluator_run(probe.state->keys, worker->scratch, (const struct column *const *)chunk->columns, rows, keys));
    if (join->external) {
        return join_spill_left(join, worker, chunk, keys);
    }
    OR_DONE(join_table_find(join->table, probe.state->finder, worker->scratch, (const struct column *const *)keys, rows,
                            first, count));
    if (join->spec->strictness == JOIN_ASOF) {
        OR_DONE(asof_find(join, probe.state->hints, worker->scratch, keys[join->spec->key_count], rows, first, count));
    }
    if (is_unique_pass(join)) {
        OR_DONE(pair_unique(&probe, first, count));
    } else {
        OR_DONE(pair_all(&probe, first, count));
    }
done:
    if (*stop) {
        atomic_store_explicit(&join->stopped, true, memory_order_relaxed);
    }
    return err;
}

/* --- finish ----------------------------------------------------------------------------------------------------------
 */

static struct err *emit_right(struct stage *stage, struct worker *inner, const uint32_t *positions, uint32_t count,
                              bool *stop)
{
    struct err *err = NULL;
    const struct join *join = stage->shared;
    const struct plan *plan = join->plan;
    struct chunk *chunk = chunk_new(inner->scratch, plan->column_count, count);

    if (chunk == NULL) {
        return arena_error(inner->scratch);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        const struct join_output *output = &join->spec->outputs[c];
        const struct type *type = plan->columns[c].type;
        struct column *made;
        if (!join->needed[c]) {
            continue;
        }
        if (output->right == JOIN_NONE) {
            made = column_default(inner->scratch, type, count);
        } else {
            made = column_take(inner->scratch, join->build[output->right], positions, count);
            made = made == NULL ? NULL : join_typed(inner->scratch, made, type);
        }
        if (made == NULL) {
            return arena_error(inner->scratch);
        }
        chunk->columns[c] = made;
    }
    OR_DONE(execution_check(stage->execution));
    OR_DONE(operator_push(stage->next, inner, chunk, stop));
done:
    return err;
}

static struct err *probe_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct join *join = stage->shared;
    struct worker inner = *worker;
    uint32_t max;
    bool dictionaries;
    bool stop = false;
    uint32_t count = 0;

    if (join->external) {
        OR_DONE(join_external_finish(join));
        return stage->next->kind->finish(stage->next, worker);
    }
    query_stress_get(&max, &dictionaries);
    max = max > 0 ? max : CHUNK_ROWS_MAX;
    uint32_t *positions = ARENA_ARRAY(worker->arena, uint32_t, max);
    if (positions == NULL) {
        return arena_error(worker->arena);
    }
    OR_DONE(join_arena(stage->execution, worker->arena, &inner.scratch));
    for (uint32_t row = 0; join->right_rest && row < join->row_count && !stop && !join->stopped; row++) {
        if (atomic_load_explicit(&join->matched[row], memory_order_relaxed) == 0) {
            positions[count++] = row;
        }
        if (count == max || (row + 1 == join->row_count && count > 0)) {
            OR_DONE(emit_right(stage, &inner, positions, count, &stop));
            arena_reset(inner.scratch);
            count = 0;
        }
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

const struct operator_kind join_probe_kind = {probe_push, probe_finish};

/* --- making ----------------------------------------------------------------------------------------------------------
 */

bool join_left_is_idle(const struct join *join)
{
    return join->row_count == 0 && !join->right_default && !join->external;
}

static struct err *side_program(struct execution *execution, const struct expression *const *keys, uint32_t key_count,
                                const struct expression *time, uint8_t *needed, struct program **out)
{
    struct err *err = NULL;
    const struct expression **all = ARENA_ARRAY(execution->arena, const struct expression *, key_count + 1U);
    uint32_t used;

    if (all == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        all[k] = keys[k];
    }
    all[key_count] = time;
    OR_DONE(program_compile(execution->arena, all, key_count + (time != NULL), out));
    const uint32_t *columns = program_columns(*out, &used);
    for (uint32_t i = 0; i < used; i++) {
        needed[columns[i]] = 1;
    }
done:
    return err;
}

/* What the right side is kept as: needed columns, and keys that are not columns. */
static struct err *build_layout(struct execution *execution, struct join *join)
{
    const struct plan_join *spec = join->spec;
    const struct plan *right = join->plan->inputs[1];
    struct arena *arena = execution->arena;
    uint32_t extra = spec->key_count + (spec->right_time != NULL);
    uint32_t count = join->right_count + extra;

    join->build_column_count = count;
    join->build = arena_zalloc(arena, (count + 1U) * sizeof(*join->build));
    join->build_kept = arena_zalloc(arena, count + 1U);
    join->build_types = ARENA_ARRAY(arena, const struct type *, count + 1U);
    join->key_columns = ARENA_ARRAY(arena, uint32_t, extra + 1U);
    if (join->build == NULL || join->build_kept == NULL || join->build_types == NULL || join->key_columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < join->right_count; c++) {
        join->build_types[c] =
            spec->right_nulls ? join_nullable(arena, right->columns[c].type) : right->columns[c].type;
        if (join->build_types[c] == NULL) {
            return arena_error(arena);
        }
        for (uint32_t o = 0; o < join->plan->column_count; o++) {
            join->build_kept[c] |= join->needed[o] && spec->outputs[o].right == c;
        }
    }
    if (join->rest_program != NULL) {
        uint32_t used;
        const uint32_t *columns = program_columns(join->rest_program, &used);
        for (uint32_t i = 0; i < used; i++) {
            if (columns[i] >= join->left_count) {
                join->build_kept[columns[i] - join->left_count] = 1;
            }
        }
    }
    for (uint32_t k = 0; k < extra; k++) {
        const struct expression *key = k < spec->key_count ? spec->right_keys[k] : spec->right_time;
        bool shared = key->kind == EXPRESSION_COLUMN && join->build_kept[key->column_index];
        join->build_types[join->right_count + k] = key->type;
        join->build_kept[join->right_count + k] = !shared;
        join->key_columns[k] = shared ? key->column_index : join->right_count + k;
    }
    join->time_column = join->key_columns[extra == 0 ? 0 : extra - 1];
    return NULL;
}

static struct err *bare_types(struct arena *arena, const struct plan_join *spec, const struct type ***out)
{
    const struct type **types = ARENA_ARRAY(arena, const struct type *, spec->key_count + 1U);
    for (uint32_t k = 0; types != NULL && k < spec->key_count; k++) {
        const struct type *type = type_low_cardinality(arena, spec->right_keys[k]->type, false);
        types[k] = type == NULL || type->kind == TYPE_NOTHING ? type : type_nullable(arena, type, false);
        if (types[k] == NULL) {
            return arena_error(arena);
        }
    }
    *out = types;
    return types == NULL ? arena_error(arena) : NULL;
}

/* Which columns of the sides are read, for output and the rest of ON. */
static struct err *needed_of_sides(struct execution *execution, struct join *join, const uint8_t *needed)
{
    const struct plan *plan = join->plan;
    const struct plan_join *spec = join->spec;

    join->needed = arena_zalloc(execution->arena, plan->column_count + 1U);
    join->left_needed = arena_zalloc(execution->arena, join->left_count + 1U);
    join->right_needed = arena_zalloc(execution->arena, join->right_count + 1U);
    if (join->needed == NULL || join->left_needed == NULL || join->right_needed == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        const struct join_output *output = &spec->outputs[c];
        join->needed[c] = needed == NULL || needed[c];
        if (join->needed[c] && output->left != JOIN_NONE) {
            join->left_needed[output->left] = 1;
        }
        if (join->needed[c] && output->right != JOIN_NONE) {
            join->right_needed[output->right] = 1;
        }
    }
    if (join->rest_program != NULL) {
        uint32_t used;
        const uint32_t *columns = program_columns(join->rest_program, &used);
        for (uint32_t i = 0; i < used; i++) {
            if (columns[i] < join->left_count) {
                join->left_needed[columns[i]] = 1;
            } else {
                join->right_needed[columns[i] - join->left_count] = 1;
            }
        }
    }
    return NULL;
}

struct err *join_begin(struct execution *execution, const struct plan *plan, const uint8_t *needed, struct stage *next,
                       struct join **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    const struct plan_join *spec = plan->join;
    struct join *join = ARENA_NEW(arena, struct join);
    const struct type **types;

    if (join == NULL) {
        return arena_error(arena);
    }
    join->plan = plan;
    join->spec = spec;
    join->left_count = plan->inputs[0]->column_count;
    join->right_count = plan->inputs[1]->column_count;
    bool claims = (spec->strictness == JOIN_ANY || spec->strictness == JOIN_SEMI) && spec->kind != JOIN_LEFT;
    bool keeps_right = spec->kind == JOIN_RIGHT || spec->kind == JOIN_FULL;
    join->may_spill = spec->key_count > 0;
    join->marks = claims || keeps_right;
    join->right_rest = keeps_right && spec->strictness != JOIN_SEMI;
    join->right_default = (spec->kind == JOIN_LEFT || spec->kind == JOIN_FULL) && spec->strictness != JOIN_SEMI;
    if (spec->rest != NULL) {
        OR_DONE(program_compile(arena, &spec->rest, 1, &join->rest_program));
    }
    OR_DONE(needed_of_sides(execution, join, needed));
    OR_DONE(side_program(execution, spec->left_keys, spec->key_count, spec->left_time, join->left_needed,
                         &join->left_program));
    OR_DONE(side_program(execution, spec->right_keys, spec->key_count, spec->right_time, join->right_needed,
                         &join->right_program));
    OR_DONE(build_layout(execution, join));
    OR_DONE(bare_types(arena, spec, &types));
    OR_DONE(join_table_create(arena, types, spec->null_safe, spec->key_count, &join->table));
    OR_DONE(operator_new(execution, &join_build_kind, plan, NULL, &join->build_stage));
    OR_DONE(operator_new(execution, &join_probe_kind, plan, next, &join->probe_stage));
    join->build_stage->shared = join;
    join->probe_stage->shared = join;
    *out = join;
done:
    return err;
}
