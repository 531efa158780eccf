/*
 * join_build.c: the right side of a join: kept whole, then laid out for looking up.
 *
 * push     every worker copies the columns that the join needs, and its keys, into its own arena
 * finish   the copies become one column each, with one row more: what a left row without a match gets. Dictionaries
 *          stay when all chunks share one. Then the hash table over the keys; ASOF's rows are sorted within each key.
 */
#include "query/join_operator.h"

#include "query/functions/functions.h"

struct kept_dictionary {
    uint64_t id;
    const struct column *column;
};

#define DICTIONARIES_KEPT 16U
#define TABLE_ROW_BYTES   48U                   /* of the hash table, about */
#define TIGHT_BYTES_MIN   ((uint64_t)256 << 10) /* less is not worth files */

/* What one worker has read. */
struct build_rows {
    struct evaluator *evaluator;
    struct arena *arena;
    struct chunk **chunks; /* columns: kept ones, NULL for the others; then keys, then ASOF's time */
    uint32_t chunk_count;
    uint32_t chunk_capacity;
    uint64_t row_count;
    struct kept_dictionary dictionaries[DICTIONARIES_KEPT];
    uint32_t dictionary_count;
};

static void cleanup_arena(void *arena)
{
    arena_destroy(arena);
}

struct err *join_arena(struct execution *execution, struct arena *owner, struct arena **out)
{
    *out = arena_create(execution->options->budget);
    if (*out == NULL) {
        return err_oom();
    }
    if (!arena_on_destroy(owner, cleanup_arena, *out)) {
        arena_destroy(*out);
        return arena_error(owner);
    }
    return NULL;
}

static struct err *build_rows_of(struct stage *stage, struct worker *worker, struct build_rows **out)
{
    struct err *err = NULL;
    struct join *join = stage->shared;
    struct build_rows *rows = stage->state[worker->index];
    if (rows == NULL) {
        rows = ARENA_NEW(worker->arena, struct build_rows);
        if (rows == NULL) {
            return arena_error(worker->arena);
        }
        OR_DONE(join_arena(stage->execution, worker->arena, &rows->arena));
        OR_DONE(evaluator_create(worker->arena, join->right_program, &rows->evaluator));
        stage->state[worker->index] = rows;
    }
    *out = rows;
done:
    return err;
}

/* A dictionary that many chunks share is copied once. */
static const struct column *keep_dictionary(struct build_rows *rows, const struct column *column)
{
    for (uint32_t i = 0; column->dictionary_id != 0 && i < rows->dictionary_count; i++) {
        const struct kept_dictionary *kept = &rows->dictionaries[i];
        if (kept->id == column->dictionary_id && kept->column->row_count >= column->dictionary->row_count) {
            return kept->column;
        }
    }
    const struct column *copy = column_copy(rows->arena, column->dictionary);
    if (copy != NULL && column->dictionary_id != 0 && rows->dictionary_count < DICTIONARIES_KEPT) {
        rows->dictionaries[rows->dictionary_count++] = (struct kept_dictionary){column->dictionary_id, copy};
    }
    return copy;
}

static struct column *keep_column(struct build_rows *rows, struct arena *scratch, const struct column *column)
{
    if (column->form == COLUMN_DICT &&
        (column->dictionary_id != 0 || column->dictionary->row_count <= column->row_count)) {
        uint32_t *codes = ARENA_ARRAY(rows->arena, uint32_t, column->row_count);
        const struct column *dictionary = keep_dictionary(rows, column);
        if (codes == NULL || dictionary == NULL) {
            return NULL;
        }
        memcpy(codes, column->codes, column->row_count * sizeof(*codes));
        return column_dict(rows->arena, column->type, codes, column->row_count, dictionary, column->dictionary_id);
    }
    if (column->form == COLUMN_DICT) {
        column = column_flat(scratch, column);
    }
    return column == NULL ? NULL : column_copy(rows->arena, column);
}

static struct err *add_chunk(struct worker *worker, struct build_rows *rows, struct chunk *kept)
{
    if (rows->chunk_count == rows->chunk_capacity) {
        uint32_t capacity = rows->chunk_capacity == 0 ? 64 : rows->chunk_capacity * 2;
        struct chunk **chunks = ARENA_ARRAY(worker->arena, struct chunk *, capacity);
        if (chunks == NULL) {
            return arena_error(worker->arena);
        }
        if (rows->chunk_count > 0) {
            memcpy(chunks, rows->chunks, rows->chunk_count * sizeof(struct chunk *));
        }
        rows->chunks = chunks;
        rows->chunk_capacity = capacity;
    }
    rows->chunks[rows->chunk_count++] = kept;
    rows->row_count += kept->row_count;
    return NULL;
}

/* What the worker has kept goes to files. */
static struct err *build_spill(struct join *join, struct worker *worker, struct build_rows *rows)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < rows->chunk_count; i++) {
        OR_DONE(join_spill_right(join, worker, rows->chunks[i]));
    }
    rows->chunk_count = 0;
    rows->row_count = 0;
    rows->dictionary_count = 0;
    arena_reset(rows->arena);
done:
    return err;
}

/* The same once they are too much, and from then on. */
static struct err *build_spill_when_full(struct join *join, struct worker *worker, struct build_rows *rows,
                                         uint32_t sharers)
{
    const struct execution *execution = worker->execution;
    const struct spill_when when = spill_when_joining(&execution->options->limits);
    bool external = atomic_load_explicit(&join->external, memory_order_relaxed);
    if (!external &&
        (!join->may_spill || !execution_should_spill(execution, &when, arena_bytes(rows->arena), sharers))) {
        return NULL;
    }
    atomic_store(&join->external, true);
    return build_spill(join, worker, rows);
}

struct err *join_build_arena(struct stage *build_stage, struct worker *worker, struct arena **out)
{
    struct err *err = NULL;
    struct build_rows *rows;
    OR_DONE(build_rows_of(build_stage, worker, &rows));
    *out = rows->arena;
done:
    return err;
}

struct err *join_build_add(struct stage *build_stage, struct worker *worker, struct chunk *kept)
{
    struct err *err = NULL;
    struct build_rows *rows;
    OR_DONE(build_rows_of(build_stage, worker, &rows));
    OR_DONE(add_chunk(worker, rows, kept));
    OR_DONE(build_spill_when_full(build_stage->shared, worker, rows, 1));
done:
    return err;
}

static struct err *build_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct join *join = stage->shared;
    struct build_rows *rows;
    const struct query_limits *limits = &stage->execution->options->limits;
    uint64_t bytes = 0;

    OR_DONE(build_rows_of(stage, worker, &rows));
    struct chunk *kept = chunk_new(rows->arena, join->build_column_count, chunk->row_count);
    struct column **made = ARENA_ARRAY(worker->scratch, struct column *, join->build_column_count + 1U);
    if (kept == NULL || made == NULL) {
        return kept == NULL ? arena_error(rows->arena) : arena_error(worker->scratch);
    }
    OR_DONE(evaluator_run(rows->evaluator, worker->scratch, (const struct column *const *)chunk->columns,
                          chunk->row_count, made + join->right_count));
    for (uint32_t c = 0; c < join->build_column_count; c++) {
        const struct column *column = c < join->right_count ? chunk->columns[c] : made[c];
        if (!join->build_kept[c]) {
            continue;
        }
        kept->columns[c] = keep_column(rows, worker->scratch, column);
        if (kept->columns[c] == NULL) {
            return arena_error(rows->arena);
        }
        bytes += column_bytes(kept->columns[c]);
    }
    OR_DONE(add_chunk(worker, rows, kept));
    OR_DONE(query_limit_check(ERR_SET_SIZE_LIMIT, "JOIN", limits->max_rows_in_join,
                              atomic_fetch_add(&join->kept_rows, chunk->row_count) + chunk->row_count,
                              limits->max_bytes_in_join, atomic_fetch_add(&join->kept_bytes, bytes) + bytes,
                              limits->join_overflow_mode, stop));
    OR_DONE(build_spill_when_full(join, worker, rows, stage->execution->worker_count));
done:
    return err;
}

/* --- one column out of many ----------------------------------------------------------------------------------------
 */

/* The default as one more entry of a dictionary, unless it is one; *code: its place. */
static const struct column *with_default(struct arena *arena, const struct column *dictionary, const struct type *type,
                                         uint32_t *code)
{
    struct column *fallback = column_default(arena, type, 1);
    if (fallback == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < dictionary->row_count; i++) {
        if (column_compare(dictionary, i, fallback, 0) == 0) {
            *code = i;
            return dictionary;
        }
    }
    const struct column *both[2] = {dictionary, fallback};
    *code = dictionary->row_count;
    return column_concat(arena, both, 2);
}

/* The same column under a type that may be nullable where its own is not. */
static struct column *typed(struct arena *arena, const struct column *column, const struct type *type)
{
    struct column *out = ARENA_NEW(arena, struct column);
    if (out == NULL) {
        return NULL;
    }
    *out = *column;
    out->type = type;
    out->nulls = type->nullable ? column->nulls : NULL;
    if (column->form == COLUMN_DICT) {
        out->dictionary = typed(arena, column->dictionary, type);
        if (out->dictionary == NULL) {
            return NULL;
        }
    }
    return out;
}

struct column *join_typed(struct arena *arena, struct column *column, const struct type *type)
{
    return column->type == type || type_equal(column->type, type) ? column : typed(arena, column, type);
}

static struct column *concat_codes(struct arena *arena, const struct column *const *columns, uint32_t count,
                                   uint32_t row_count, const struct type *type, bool fallback)
{
    const struct column *dictionary = columns[0]->dictionary;
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    uint64_t id = columns[0]->dictionary_id;
    uint32_t at = 0;

    for (uint32_t k = 1; k < count; k++) { /* the same one, grown since */
        dictionary = columns[k]->dictionary->row_count > dictionary->row_count ? columns[k]->dictionary : dictionary;
    }
    const struct column *same = join_typed(arena, (struct column *)(uintptr_t)dictionary, type);
    if (codes == NULL || same == NULL) {
        return NULL;
    }
    for (uint32_t k = 0; k < count; k++) {
        memcpy(codes + at, columns[k]->codes, columns[k]->row_count * sizeof(*codes));
        at += columns[k]->row_count;
    }
    codes[row_count] = 0;
    const struct column *whole = fallback ? with_default(arena, same, type, &codes[row_count]) : same;
    if (whole == NULL) {
        return NULL;
    }
    return column_dict(arena, type, codes, row_count + 1U, whole, whole == same ? id : 0);
}

/* Plain values: no copy but the one. */
static struct column *concat_values(struct arena *arena, const struct column *const *columns, uint32_t count,
                                    uint32_t row_count, const struct type *type)
{
    struct column *out = column_new(arena, type, row_count + 1U);
    struct column *fallback = column_default(arena, type, 1);
    size_t width = type->width;
    uint32_t at = 0;

    if (out == NULL || fallback == NULL) {
        return NULL;
    }
    for (uint32_t k = 0; k <= count; k++) {
        if (interrupted()) {
            return NULL; /* arena_error says it */
        }
        const struct column *column = k < count ? columns[k] : fallback;
        char *values = (char *)out->values + at * width;
        if (column->form == COLUMN_FLAT) {
            memcpy(values, column->values, column->row_count * width);
            if (column->nulls != NULL && out->nulls != NULL) {
                memcpy(out->nulls + at, column->nulls, column->row_count);
            }
        } else {
            for (uint32_t i = 0; i < column->row_count; i++) {
                memcpy(values + i * width, column_value(column, i), width);
                if (out->nulls != NULL) {
                    out->nulls[at + i] = column_is_null(column, i);
                }
            }
        }
        at += column->row_count;
    }
    return out;
}

static struct column *concat(struct arena *arena, const struct column **columns, uint32_t count, uint32_t row_count,
                             const struct type *type, bool fallback)
{
    bool codes = count > 0;
    for (uint32_t k = 0; k < count; k++) {
        codes &= columns[k]->form == COLUMN_DICT &&
                 (columns[k]->dictionary == columns[0]->dictionary ||
                  (columns[k]->dictionary_id != 0 && columns[k]->dictionary_id == columns[0]->dictionary_id));
    }
    if (codes) {
        return concat_codes(arena, columns, count, row_count, type, fallback);
    }
    if (!type_is_nested(type)) {
        return concat_values(arena, columns, count, row_count, type);
    }
    columns[count] = column_default(arena, type, 1); /* the caller left room */
    return columns[count] == NULL ? NULL : column_concat(arena, columns, count + 1);
}

/* --- finish ---------------------------------------------------------------------------------------------------------
 */

struct columns_task {
    struct join *join;
    struct stage *stage;
    struct arena *arenas[WORKERS_MAX];
    struct arena *scratches[WORKERS_MAX];
    uint32_t chunk_count;
    uint32_t task_count;
    struct err *errors[WORKERS_MAX];
};

/* Every task_count-th column. */
static void columns_run(void *object, uint32_t k)
{
    struct columns_task *task = object;
    struct join *join = task->join;
    struct arena *arena = task->arenas[k];
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, task->chunk_count + 1U);

    if (columns == NULL) {
        task->errors[k] = arena_error(arena);
        return;
    }
    for (uint32_t c = k; c < join->build_column_count; c += task->task_count) {
        uint32_t count = 0;
        if (!join->build_kept[c]) {
            continue;
        }
        for (uint32_t w = 0; w < WORKERS_MAX; w++) {
            const struct build_rows *rows = task->stage->state[w];
            for (uint32_t i = 0; rows != NULL && i < rows->chunk_count; i++) {
                columns[count++] = rows->chunks[i]->columns[c];
            }
        }
        join->build[c] = concat(arena, columns, count, join->row_count, join->build_types[c], join->right_default);
        if (join->build[c] == NULL) {
            task->errors[k] = arena_error(arena);
            return;
        }
        if (c < join->right_count) {
            task->errors[k] = join_encode(arena, task->scratches[k], join->build[c], &join->build[c]);
            arena_reset(task->scratches[k]);
            if (task->errors[k] != NULL) {
                return;
            }
        }
    }
}

static struct err *build_columns(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct join *join = stage->shared;
    struct columns_task task = {.join = join, .stage = stage, .task_count = 1};
    uint64_t row_count = 0;

    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct build_rows *rows = stage->state[w];
        row_count += rows == NULL ? 0 : rows->row_count;
        task.chunk_count += rows == NULL ? 0 : rows->chunk_count;
    }
    if (row_count >= JOIN_NONE) {
        return err_new(ERR_MEMORY_LIMIT, "%llu rows on the right side of a join are too many",
                       (unsigned long long)row_count);
    }
    join->row_count = (uint32_t)row_count;
    if (row_count >= 65536) {
        task.task_count = stage->execution->worker_count;
    }
    for (uint32_t k = 0; k < task.task_count; k++) {
        OR_DONE(join_arena(stage->execution, worker->arena, &task.arenas[k]));
        OR_DONE(join_arena(stage->execution, worker->arena, &task.scratches[k]));
    }
    OR_DONE(join_parallel(stage->execution, task.task_count, columns_run, &task));
    for (uint32_t k = 0; k < task.task_count; k++) {
        err_keep_first(&err, task.errors[k]);
    }
done:
    return err;
}

/* Would one column out of many, and a table over them, take more memory than there is? */
static bool is_tight(const struct stage *stage)
{
    const struct join *join = stage->shared;
    uint64_t bytes = 0;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct build_rows *rows = stage->state[w];
        bytes +=
            rows == NULL || rows->row_count == 0 ? 0 : arena_bytes(rows->arena) + rows->row_count * TABLE_ROW_BYTES;
    }
    return join->may_spill && bytes >= TIGHT_BYTES_MIN && execution_is_tight(stage->execution, bytes);
}

/* The copies are not needed any more, unless strings or elements of the columns still stand in them. */
static void drop_copies(struct stage *stage)
{
    const struct join *join = stage->shared;
    for (uint32_t c = 0; c < join->build_column_count; c++) {
        const struct type *type = join->build_types[c];
        if (join->build_kept[c] &&
            (type->kind == TYPE_STRING || type_is_nested(type) || join->build[c]->form != COLUMN_FLAT)) {
            return;
        }
    }
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        struct build_rows *rows = stage->state[w];
        if (rows != NULL) {
            rows->chunk_count = 0;
            arena_reset(rows->arena);
        }
    }
}

static struct err *build_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct join *join = stage->shared;
    const struct plan_join *spec = join->spec;
    const struct column **keys = ARENA_ARRAY(worker->scratch, const struct column *, spec->key_count + 1U);

    if (keys == NULL) {
        return arena_error(worker->scratch);
    }
    if (!join->external && is_tight(stage)) {
        join->external = true;
    }
    for (uint32_t w = 0; join->external && w < WORKERS_MAX; w++) {
        if (stage->state[w] != NULL) {
            OR_DONE(build_spill(join, &stage->execution->workers[w], stage->state[w]));
        }
    }
    if (join->external) {
        return NULL;
    }
    OR_DONE(build_columns(stage, worker));
    drop_copies(stage);
    for (uint32_t k = 0; k < spec->key_count; k++) {
        keys[k] = column_part(worker->arena, join->build[join->key_columns[k]], 0, join->row_count);
        if (keys[k] == NULL) {
            return arena_error(worker->arena);
        }
    }
    const struct column *time = NULL;
    if (spec->strictness == JOIN_ASOF) {
        time = column_part(worker->arena, join->build[join->time_column], 0, join->row_count);
        if (time == NULL) {
            return arena_error(worker->arena);
        }
    }
    OR_DONE(join_table_build(join->table, stage->execution, keys, time, join->row_count));
    if (time != NULL) {
        OR_DONE(asof_build(join, stage->execution, worker));
    }
    if (join->marks) {
        join->matched = arena_zalloc(worker->arena, join->row_count + 1U);
        if (join->matched == NULL) {
            err = arena_error(worker->arena);
        }
    }
done:
    return err;
}

const struct operator_kind join_build_kind = {build_push, build_finish};
