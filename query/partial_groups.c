/*
 * partial_groups.c: groups into entries of the partial-result cache, and entries into groups.
 *
 * bytes    an entry is one allocation: keys as FLAT columns, then states: plain ones as they are, of others their
 *          bytes. Groups that came out of a run are packed, and then merged as if they had been found: there is one way
 *          in.
 */
#include "query/partial_groups.h"

#include "base/metrics.h"
#include "query/grouping.h"
#include "query/nested_key.h"

#include <string.h>

/* So many rows read must stand behind a group, and so few bytes behind a row, for a run to be kept: fewer of states
 * that are not plain, since these are built again at each hit; more of those that are little more than copied, such as
 * the values of a quantile. */
#define ROWS_PER_GROUP_MIN      8U
#define BYTES_PER_ROW_MAX       4U
#define STATE_BYTES_PER_ROW_MAX 1U
#define BULK_BYTES_PER_ROW_MAX  10U
#define BYTES_FREE              ((uint64_t)64 << 10)
/* Runs whose groups were not kept, of one worker: their memory stays, as states merged may point into it. */
#define UNKEPT_MAX 32U
/* Groups that are merged at once. */
#define GROUPS_AT_ONCE 8192U

METRIC_COUNTER(partial_hits, "weir_partial_cache_hits_total", "runs of rows that were answered from kept groups");
METRIC_COUNTER(partial_misses, "weir_partial_cache_misses_total", "runs of rows that were not in the cache");

struct partial_session {
    struct partial_cache *cache;
    struct stage *stage;
    struct digest plan; /* what is computed, but for the scan's conditions */
    struct digest refusal;
    _Atomic bool off;
    struct partial_worker {
        uint32_t depth;
        uint32_t unkept;
        struct groups *before[PARTIAL_DEPTH_MAX]; /* while the worker has groups of their own */
        struct arena *arenas[PARTIAL_DEPTH_MAX];  /* of these */
    } workers[WORKERS_MAX];
};

struct err *partial_session_begin(struct execution *execution, const struct plan *aggregation, struct stage *stage,
                                  struct partial_session **out)
{
    struct err *err = NULL;
    const struct plan *scan;
    struct digest digest;
    bool settled;
    *out = NULL;
    if (execution->options->partial_cache == NULL || execution->options->limits.max_rows_to_group_by != 0) {
        return NULL;
    }
    OR_DONE(aggregation_digest(execution->arena, aggregation, execution->options->context, &digest, &scan, &settled));
    if (scan == NULL || !settled || scan->source->open == NULL) {
        return NULL;
    }
    struct partial_session *session = ARENA_NEW(execution->arena, struct partial_session);
    if (session == NULL) {
        return arena_error(execution->arena);
    }
    session->cache = execution->options->partial_cache;
    session->stage = stage;
    session->plan = digest;
    *out = session;
done:
    return err;
}

bool partial_session_goes_on(struct partial_session *session, struct digest conditions)
{
    const struct digest parts[2] = {session->plan, conditions};
    session->refusal = digest_of(parts, sizeof(parts));
    const struct partial *refused = partial_cache_find(session->cache, session->refusal);
    partial_unref(refused);
    return refused == NULL;
}

bool partial_session_is_off(const struct partial_session *session)
{
    return atomic_load_explicit(&session->off, memory_order_relaxed);
}

struct digest partial_key(const struct partial_session *session, const struct source_run *run, struct digest conditions,
                          const uint64_t places[2])
{
    uint64_t words[10] = {session->plan.low, session->plan.high, conditions.low, conditions.high, places[0], places[1]};
    memcpy(words + 6, run->rows, sizeof(run->rows));
    static_assert(sizeof(run->rows) == 4 * sizeof(words[0]), "all of it is part of the key");
    return digest_of(words, sizeof(words));
}

/* --- entry → groups ---------------------------------------------------------------------------------------------- */

/* Key k of groups [begin, begin + count). */
static struct err *key_column(const struct grouping *grouping, struct arena *arena, const struct partial *partial,
                              uint32_t k, uint32_t begin, uint32_t count, struct column **out)
{
    const struct type *type = grouping->key_types[k];
    if (type_is_nested(type)) {
        return nested_key_decode(arena, type, (const struct slice *)partial->keys[k] + begin, count, out);
    }
    struct column *column = ARENA_NEW(arena, struct column);
    if (column == NULL) {
        return arena_error(arena);
    }
    column->type = type;
    column->form = COLUMN_FLAT;
    column->row_count = count;
    column->values = (char *)partial->keys[k] + (size_t)begin * type->width;
    column->nulls = partial->nulls[k] == NULL ? NULL : partial->nulls[k] + begin;
    *out = column;
    return NULL;
}

/* The states of a group of the entry. */
static struct err *merge_states(struct stage *stage, struct worker *worker, struct groups *into, char *state,
                                char *from, bool fresh)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
        char *to = state + grouping->offsets[a];
        char *kept = from + grouping->offsets[a];
        if (grouping->follows[a]) {
            continue;
        }
        if (!aggregate->plain) {
            const struct slice *bytes = (const struct slice *)(const void *)kept;
            struct state_reader reader = {.at = bytes->data, .end = bytes->data + bytes->length};
            OR_DONE(aggregate->read_state(aggregate, into->arena, worker->scratch, &reader, to));
        } else if (fresh) {
            memcpy(to, kept, aggregate->state_bytes);
        } else {
            OR_DONE(aggregate->merge(aggregate, into->arena, to, kept)); /* leaves a plain state as it is */
        }
    }
done:
    return err;
}

/* Groups [begin, begin + count) of the entry. */
static struct err *merge_some(struct partial_session *session, struct worker *worker, struct groups *into,
                              const struct partial *partial, uint32_t begin, uint32_t count)
{
    struct err *err = NULL;
    struct stage *stage = session->stage;
    const struct grouping *grouping = stage->shared;
    uint32_t key_count = stage->plan->expression_count;
    uint32_t before = groups_count(into);
    uint32_t *numbers = arena_zalloc(worker->scratch, count * sizeof(*numbers));
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, key_count + 1U);
    bool single = false;
    if (numbers == NULL || keys == NULL) {
        return arena_error(worker->scratch);
    }
    if (into->table != NULL) {
        for (uint32_t k = 0; k < key_count; k++) {
            OR_DONE(key_column(grouping, worker->scratch, partial, k, begin, count, &keys[k]));
        }
        OR_DONE(group_table_find(into->table, worker->scratch, (const struct column *const *)keys, count, numbers,
                                 &single));
    }
    OR_DONE(groups_grow(grouping, into, into->table == NULL ? 1 : group_table_count(into->table)));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = single ? numbers[0] : numbers[i];
        char *state = into->states + (size_t)number * grouping->stride;
        char *from = partial->states + (size_t)(begin + i) * grouping->stride;
        /* keys of an entry are distinct: in a group that is new nobody else is yet */
        OR_DONE(merge_states(stage, worker, into, state, from, number >= before));
    }
done:
    return err;
}

static struct err *groups_of(struct partial_session *session, struct worker *worker, struct groups **out)
{
    return groups_of_worker(session->stage, worker, out);
}

static struct err *merge_partial(struct partial_session *session, struct worker *worker, const struct partial *partial)
{
    struct err *err = NULL;
    struct groups *into;
    OR_DONE(groups_of(session, worker, &into));
    for (uint32_t begin = 0; begin < partial->group_count; begin += GROUPS_AT_ONCE) {
        uint32_t left = partial->group_count - begin;
        OR_DONE(execution_check(session->stage->execution));
        OR_DONE(merge_some(session, worker, into, partial, begin, left < GROUPS_AT_ONCE ? left : GROUPS_AT_ONCE));
        arena_reset(worker->scratch);
    }
done:
    return err;
}

static void count(struct worker *worker, bool hit)
{
    struct query_progress *progress = worker->execution->progress;
    metric_add(hit ? &metric_partial_hits : &metric_partial_misses, 1);
    atomic_fetch_add_explicit(hit ? &progress->partial_hits : &progress->partial_misses, 1, memory_order_relaxed);
}

struct err *partial_take(struct partial_session *session, struct worker *worker, struct digest key, uint64_t *row_count,
                         bool *found)
{
    const struct partial *partial = partial_cache_find(session->cache, key);
    struct err *err = partial == NULL ? NULL : merge_partial(session, worker, partial);
    if (err == NULL && partial != NULL) {
        err = groups_spill_when_full(session->stage, worker, session->stage->state[worker->index]);
    }
    *found = partial != NULL;
    *row_count = partial == NULL ? 0 : partial->row_count;
    if (partial != NULL) {
        count(worker, true);
    }
    partial_unref(partial);
    return err;
}

/* --- groups → entry ---------------------------------------------------------------------------------------------- */

/* Where the parts of an entry go; without an entry they are only counted. */
struct packing {
    char *base; /* or NULL */
    uint64_t at;
};

static void *pack_room(struct packing *packing, uint64_t bytes)
{
    void *place = packing->base == NULL ? NULL : packing->base + packing->at;
    packing->at += (bytes + 15) & ~(uint64_t)15;
    return place;
}

static void *pack_bytes(struct packing *packing, const void *bytes, uint64_t length)
{
    void *place = pack_room(packing, length);
    if (place != NULL && length > 0) {
        memcpy(place, bytes, length);
    }
    return place;
}

static struct slice *pack_texts(struct packing *packing, const struct slice *texts, uint32_t count)
{
    struct slice *place = pack_room(packing, count * sizeof(*texts));
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        bytes += texts[i].length;
    }
    char *at = pack_room(packing, bytes);
    for (uint32_t i = 0; place != NULL && i < count; i++) {
        place[i] = slice_of(at, texts[i].length);
        if (texts[i].length > 0) {
            memcpy(at, texts[i].data, texts[i].length);
            at += texts[i].length;
        }
    }
    return place;
}

/* The keys of all groups, nested ones as strings. */
static struct err *all_keys(const struct grouping *grouping, struct arena *arena, const struct groups *groups,
                            uint32_t key_count, struct column **keys)
{
    struct err *err = NULL;
    uint32_t count = groups_count(groups);
    for (uint32_t k = 0; groups->table != NULL && k < key_count; k++) {
        OR_DONE(group_table_key(groups->table, arena, k, 0, count, &keys[k]));
        if (type_is_nested(grouping->key_types[k])) {
            struct column *texts = column_new(arena, type_simple(TYPE_STRING), count);
            if (texts == NULL) {
                return arena_error(arena);
            }
            OR_DONE(nested_key_encode(arena, keys[k], count, texts->values));
            keys[k] = texts;
        }
    }
done:
    return err;
}

/* Bytes of the states that are not plain, group by group; ends[]: of each one's. */
struct state_bytes {
    struct state_writer writer;
    uint64_t *ends;
    uint32_t per_group;
};

static bool is_written(const struct plan *plan, const struct grouping *grouping, uint32_t a)
{
    return !plan->aggregates[a].aggregate->plain && !grouping->follows[a];
}

static struct err *write_states(struct partial_session *session, struct worker *worker, const struct groups *groups,
                                uint64_t bytes_max, struct state_bytes *bytes)
{
    struct err *err = NULL;
    const struct plan *plan = session->stage->plan;
    const struct grouping *grouping = session->stage->shared;
    uint32_t count = groups_count(groups);
    uint64_t at = 0;
    *bytes = (struct state_bytes){.writer = {.arena = worker->scratch}};
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        bytes->per_group += is_written(plan, grouping, a);
    }
    if (bytes->per_group == 0) {
        return NULL;
    }
    bytes->ends = ARENA_ARRAY(worker->scratch, uint64_t, (uint64_t)bytes->per_group * count + 1);
    if (bytes->ends == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint32_t g = 0; g < count && bytes->writer.length <= bytes_max; g++) {
        for (uint32_t a = 0; a < plan->aggregate_count; a++) {
            const struct aggregate *aggregate = plan->aggregates[a].aggregate;
            if (is_written(plan, grouping, a)) {
                char *state = groups->states + (size_t)g * grouping->stride + grouping->offsets[a];
                OR_DONE(aggregate->write_state(aggregate, state, &bytes->writer));
                bytes->ends[at++] = bytes->writer.length;
            }
        }
    }
    err = state_writer_error(&bytes->writer);
done:
    return err;
}

/* Where the bytes of each state that is not plain are. */
static void point_to_bytes(const struct plan *plan, const struct grouping *grouping, const struct state_bytes *bytes,
                           const char *base, struct partial *partial)
{
    uint64_t at = 0;
    uint64_t begin = 0;
    for (uint32_t g = 0; bytes->per_group > 0 && g < partial->group_count; g++) {
        for (uint32_t a = 0; a < plan->aggregate_count; a++) {
            if (is_written(plan, grouping, a)) {
                struct slice *place = (void *)(partial->states + (size_t)g * grouping->stride + grouping->offsets[a]);
                *place = slice_of(base + begin, bytes->ends[at] - begin);
                begin = bytes->ends[at++];
            }
        }
    }
}

static void pack_groups(const struct stage *stage, const struct groups *groups, struct column *const *keys,
                        const struct state_bytes *bytes, struct packing *packing, struct partial *partial)
{
    const struct grouping *grouping = stage->shared;
    uint32_t key_count = stage->plan->expression_count;
    uint32_t count = groups_count(groups);
    void **values = pack_room(packing, key_count * sizeof(void *));
    uint8_t **nulls = pack_room(packing, key_count * sizeof(uint8_t *));
    for (uint32_t k = 0; groups->table != NULL && k < key_count; k++) {
        const struct type *type = keys[k]->type;
        void *own_values = type->kind == TYPE_STRING
                               ? pack_texts(packing, keys[k]->values, count)
                               : pack_bytes(packing, keys[k]->values, (uint64_t)count * type->width);
        uint8_t *own_nulls = keys[k]->nulls == NULL ? NULL : pack_bytes(packing, keys[k]->nulls, count);
        if (partial != NULL) {
            values[k] = own_values;
            nulls[k] = own_nulls;
        }
    }
    char *states = pack_bytes(packing, groups->states, (uint64_t)count * grouping->stride);
    const char *base = pack_bytes(packing, bytes->writer.data, bytes->writer.length);
    if (partial != NULL) {
        partial->group_count = count;
        partial->keys = values;
        partial->nulls = nulls;
        partial->states = states;
        point_to_bytes(stage->plan, grouping, bytes, base, partial);
    }
}

static uint64_t state_bytes_per_row(const struct plan *plan, const struct grouping *grouping)
{
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        if (is_written(plan, grouping, a) && !plan->aggregates[a].aggregate->bulk) {
            return STATE_BYTES_PER_ROW_MAX;
        }
    }
    return BULK_BYTES_PER_ROW_MAX;
}

/* *out NULL: it would be too large to be worth keeping. One reference. */
static struct err *groups_pack(struct partial_session *session, struct worker *worker, const struct groups *groups,
                               uint64_t row_count, struct partial **out)
{
    struct err *err = NULL;
    const struct stage *stage = session->stage;
    uint32_t key_count = stage->plan->expression_count;
    struct packing packing = {NULL, (sizeof(struct partial) + 15) & ~(size_t)15};
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, key_count + 1U);
    uint64_t first = packing.at;
    uint64_t state_bytes_max = BYTES_FREE + row_count * state_bytes_per_row(stage->plan, stage->shared);
    uint64_t bytes_max = BYTES_FREE + row_count * BYTES_PER_ROW_MAX;
    struct state_bytes bytes;
    *out = NULL;
    if (keys == NULL) {
        return arena_error(worker->scratch);
    }
    if (groups->table != NULL && groups_count(groups) > row_count / ROWS_PER_GROUP_MIN + 1) {
        return NULL;
    }
    OR_DONE(write_states(session, worker, groups, state_bytes_max, &bytes));
    if (bytes.writer.length > state_bytes_max) {
        return NULL;
    }
    OR_DONE(all_keys(stage->shared, worker->scratch, groups, key_count, keys));
    pack_groups(stage, groups, keys, &bytes, &packing, NULL);
    if (packing.at - bytes.writer.length > bytes_max || packing.at > partial_cache_bytes_max(session->cache) / 16) {
        return NULL;
    }
    struct partial *partial = partial_new(packing.at);
    if (partial == NULL) {
        return err_oom();
    }
    packing = (struct packing){(char *)partial, first};
    pack_groups(stage, groups, keys, &bytes, &packing, partial);
    partial->row_count = row_count;
    *out = partial;
done:
    return err;
}

/* --- a run that is computed -------------------------------------------------------------------------------------- */

struct err *partial_begin(struct partial_session *session, struct worker *worker)
{
    struct err *err = NULL;
    struct stage *stage = session->stage;
    struct partial_worker *state = &session->workers[worker->index];
    struct arena **arena = &state->arenas[state->depth];
    struct groups *before = NULL, *own = NULL;
    ASSERT(state->depth < PARTIAL_DEPTH_MAX);
    OR_DONE(groups_of(session, worker, &before));
    if (*arena == NULL) {
        *arena = arena_create(worker->execution->options->budget);
        if (*arena == NULL) {
            return err_oom();
        }
        if (!arena_on_destroy(worker->arena, (void (*)(void *))arena_destroy, *arena)) {
            arena_destroy(*arena);
            *arena = NULL;
            return arena_error(worker->arena);
        }
    }
    OR_DONE(groups_new(stage, *arena, before->evaluator, &own));
    state->before[state->depth++] = before;
    stage->state[worker->index] = own;
done:
    return err;
}

/* The query goes on without the cache, and so do those that follow it. */
static void refuse(struct partial_session *session)
{
    static const uint64_t nobody[2] = {UINT64_MAX, UINT64_MAX};
    if (!atomic_exchange(&session->off, true)) {
        struct partial *refused = partial_new(sizeof(*refused));
        if (refused != NULL) {
            refused->refused = true;
            partial_cache_add(session->cache, session->refusal, nobody, refused);
        }
    }
}

struct err *partial_end(struct partial_session *session, struct worker *worker, struct digest key,
                        const struct source_run *run, uint64_t row_count, bool has_read, bool decides)
{
    struct err *err = NULL;
    struct stage *stage = session->stage;
    struct partial_worker *state = &session->workers[worker->index];
    struct groups *own = stage->state[worker->index];
    struct groups *before = state->before[--state->depth];
    struct arena **arena = &state->arenas[state->depth];
    struct partial *partial = NULL;
    stage->state[worker->index] = before;
    if (has_read) {
        count(worker, false);
    }
    if (run != NULL) {
        OR_DONE(groups_pack(session, worker, own, row_count, &partial));
    }
    if (partial != NULL) {
        OR_DONE(merge_partial(session, worker, partial));
        partial_cache_add(session->cache, key, run->rows, partial);
        partial = NULL;
        arena_reset(*arena);
    } else {
        if (run != NULL && decides) {
            refuse(session);
        } else if (++state->unkept >= UNKEPT_MAX) {
            atomic_store(&session->off, true);
        }
        if (groups_count(own) > 0) {
            OR_DONE(groups_grow(stage->shared, before, own->table == NULL ? 1 : 0));
            OR_DONE(groups_merge(stage, worker, before, own));
        }
        *arena = NULL; /* the states merged may be in it: it ends with the worker's */
    }
    arena_reset(worker->scratch);
    OR_DONE(groups_spill_when_full(stage, worker, before));
done:
    partial_unref(partial);
    return err;
}
