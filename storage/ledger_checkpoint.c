/*
 * ledger_checkpoint.c: the published state as records.
 *
 * The order depends on the state alone (everything is sorted), so that verification can compare a checkpoint byte by
 * byte with the state that the commits before it build. Staged, not yet durable entries are left out.
 * order    counters, databases, tables (all versions), streams, incarnations, sources, objects, coverage and its
 *          history, segments, when they expire by a later TTL, which of them are detached and damaged, holds, tokens,
 *          where restored tables came from, pruned files
 * format   docs/FORMAT.md, "Checkpoints"
 */
#include "storage/ledger_state.h"

#include <stdlib.h>

static int table_compare(const void *a, const void *b)
{
    const struct table_entry *const *x = a, *const *y = b;
    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

static int source_compare(const void *a, const void *b)
{
    const struct source_entry *const *x = a, *const *y = b;
    return ((*x)->def->id > (*y)->def->id) - ((*x)->def->id < (*y)->def->id);
}

static int object_compare(const void *a, const void *b)
{
    const struct object_entry *const *x = a, *const *y = b;
    return ((*x)->def->id > (*y)->def->id) - ((*x)->def->id < (*y)->def->id);
}

static int coverage_compare(const void *a, const void *b)
{
    const struct coverage_entry *const *x = a, *const *y = b;
    return coverage_key_compare(&(*x)->position.key, &(*y)->position.key);
}

static int segment_compare(const void *a, const void *b)
{
    const struct ledger_segment *x = &(*(const struct segment_entry *const *)a)->segment;
    const struct ledger_segment *y = &(*(const struct segment_entry *const *)b)->segment;
    if (x->table_id != y->table_id) {
        return x->table_id < y->table_id ? -1 : 1;
    }
    if (x->pack != y->pack) {
        return x->pack < y->pack ? -1 : 1;
    }
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* All values of a map, sorted. */
static struct err *map_sorted(struct arena *arena, const struct map *map, int (*compare)(const void *, const void *),
                              void ***out, size_t *count)
{
    void **values = ARENA_ARRAY(arena, void *, map->count + 1);
    size_t position = 0;
    void *value;

    *count = 0;
    if (values == NULL) {
        return arena_error(arena);
    }
    while ((value = map_next(map, &position)) != NULL) {
        values[(*count)++] = value;
    }
    qsort(values, *count, sizeof(void *), compare);
    *out = values;
    return NULL;
}

static void encode_tokens(struct record_out *out, const struct table_entry *table)
{
    for (uint32_t i = 0; i < table->token_count; i++) {
        const struct token_entry *token = &table->tokens[(table->token_first + i) % TOKEN_COUNT_MAX];
        struct ledger_token record = {table->id, token->hash, token->used_at_us};
        record_encode_token(out, &record);
    }
}

static struct err *encode_coverage(struct record_out *out, struct arena *arena, const struct coverage_entry *entry)
{
    struct offset_range *dead = ARENA_ARRAY(arena, struct offset_range, entry->dead.count + 1);

    if (dead == NULL || entry->dead.count > UINT32_MAX) {
        return dead == NULL ? arena_error(arena) : err_new(ERR_LOGICAL, "too many dead addresses for a checkpoint");
    }
    for (size_t i = 0; i < entry->dead.count; i++) {
        dead[i] = (struct offset_range){(int64_t)entry->dead.intervals[i].begin, (int64_t)entry->dead.intervals[i].end};
    }
    struct coverage_state_record record = {entry->position, entry->source_id, dead, (uint32_t)entry->dead.count};
    record_encode_coverage_state(out, LEDGER_CHECKPOINT_COVERAGE, &record);
    return NULL;
}

/* One record for each table with detached segments; they are in the order of tables. */
static struct err *encode_detached(struct record_out *out, struct arena *arena, struct segment_entry *const *segments,
                                   size_t count)
{
    struct segment_name *names = NULL;

    for (size_t begin = 0, end; begin < count; begin = end) {
        struct segments_moved moved = {.table_id = segments[begin]->segment.table_id, .move = MOVE_DETACH};
        for (end = begin; end < count && segments[end]->segment.table_id == moved.table_id; end++) {
            if (segments[end]->visible && segments[end]->detached) {
                names = names == NULL ? ARENA_ARRAY(arena, struct segment_name, count) : names;
                if (names == NULL) {
                    return arena_error(arena);
                }
                names[moved.segment_count++] =
                    (struct segment_name){segments[end]->segment.pack, segments[end]->segment.offset};
            }
        }
        moved.segments = names;
        if (moved.segment_count > 0) {
            record_encode_moved(out, &moved);
        }
    }
    return NULL;
}

/* For each table and schema version, ascending, the segments that expire by the TTL of this version though an older one
 * wrote them. */
static struct err *encode_expiry(struct record_out *out, struct arena *arena, struct segment_entry *const *segments,
                                 size_t count)
{
    struct segment_name *names = ARENA_ARRAY(arena, struct segment_name, count + 1);
    int64_t *expires = ARENA_ARRAY(arena, int64_t, count + 1);

    if (names == NULL || expires == NULL) {
        return arena_error(arena);
    }
    for (size_t begin = 0, end; begin < count; begin = end) {
        struct ledger_expiry expiry = {segments[begin]->segment.table_id, 0, names, expires, 0};
        for (uint32_t version = 0; version != UINT32_MAX; expiry.ttl_version = version) {
            version = UINT32_MAX; /* the next */
            expiry.count = 0;
            for (end = begin; end < count && segments[end]->segment.table_id == expiry.table_id; end++) {
                const struct ledger_segment *segment = &segments[end]->segment;
                bool is = segments[end]->visible && segment->ttl_version != segment->schema_version;
                if (is && segment->ttl_version == expiry.ttl_version) {
                    names[expiry.count] = (struct segment_name){segment->pack, segment->offset};
                    expires[expiry.count++] = segment->expires_at_us;
                } else if (is && segment->ttl_version > expiry.ttl_version && segment->ttl_version < version) {
                    version = segment->ttl_version;
                }
            }
            if (expiry.count > 0) {
                record_encode_expiry(out, &expiry);
            }
        }
    }
    return NULL;
}

static void encode_holds(struct record_out *out, const struct table_entry *table)
{
    for (uint32_t i = 0; i < table->hold_count; i++) {
        const struct hold_entry *hold = table->holds[i];
        if (hold->visible) {
            struct ledger_hold record = {table->id, hold->reason, hold->placed_at_us};
            record_encode_hold(out, &record);
        }
    }
}

struct err *ledger_state_encode(struct ledger_state *state, struct record_out *out)
{
    return ledger_state_encode_some(state, NULL, NULL, out);
}

struct err *ledger_state_encode_some(struct ledger_state *state,
                                     bool (*keep)(const void *user, const struct segment_entry *entry),
                                     const void *user, struct record_out *out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    void **tables = NULL, **values = NULL;
    size_t table_count = 0, count = 0;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    struct checkpoint_record counters = {
        .table_id_next = state->table_id_next,
        .source_id_next = state->source_id_next,
        .stream_id_next = state->stream_count + 1,
        .pack_max = state->pack_max_published,
        .insert_log_sequence = state->insert_log_sequence,
        .commit = state->last.number,
    };
    record_encode_checkpoint(out, &counters);
    for (uint32_t i = 0; i < state->database_count; i++) {
        record_encode_text(out, LEDGER_DATABASE_CREATE, slice_text(state->databases[i]));
    }
    OR_DONE(map_sorted(arena, &state->tables, table_compare, &tables, &table_count));
    for (size_t i = 0; i < table_count; i++) {
        const struct table_entry *table = tables[i];
        for (uint32_t v = 0; v < table->version_count; v++) {
            record_encode_table(out, arena, table->versions[v]);
        }
    }
    for (uint32_t i = 0; i < state->stream_count; i++) {
        record_encode_stream(out, state->streams[i].id, state->streams[i].identity);
    }
    for (uint32_t i = 0; i < state->incarnation_count; i++) {
        const struct incarnation_entry *entry = &state->incarnations[i];
        struct ledger_incarnation record = {entry->table_id, entry->stream_id, entry->incarnation};
        record_encode_incarnation(out, &record);
    }
    OR_DONE(map_sorted(arena, &state->sources, source_compare, &values, &count));
    for (size_t i = 0; i < count; i++) {
        record_encode_source(out, ((const struct source_entry *)values[i])->def);
    }
    OR_DONE(map_sorted(arena, &state->objects, object_compare, &values, &count));
    for (size_t i = 0; i < count; i++) {
        const struct object_def *def = ((const struct object_entry *)values[i])->def;
        record_encode_object(out, def);
        if (def->stopped[0] != 0) {
            record_encode_view_stopped(out, def->id, def->stopped_at_us, slice_text(def->stopped));
        }
        if (def->refreshed_us != 0) {
            record_encode_view_refreshed(out, &(struct view_refreshed){def->id, def->refreshed_slot_us,
                                                                       def->refreshed_began_us, def->refreshed_us});
        }
    }
    access_encode(state, out);
    OR_DONE(map_sorted(arena, &state->coverage, coverage_compare, &values, &count));
    for (size_t i = 0; i < count; i++) {
        const struct coverage_entry *entry = values[i];
        if (entry->visible) {
            OR_DONE(encode_coverage(out, arena, entry));
            if (entry->row_count > 0) {
                record_encode_rows(out, &entry->position.key, entry->rows, entry->row_count);
            }
        }
    }
    OR_DONE(map_sorted(arena, &state->segments, segment_compare, &values, &count));
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (keep == NULL || keep(user, values[i])) {
            values[kept++] = values[i];
        }
    }
    count = kept;
    for (size_t i = 0; i < count; i++) {
        const struct segment_entry *entry = values[i];
        if (entry->visible) {
            record_encode_segment(out, &entry->segment);
            place_encode(out, &entry->segment);
            segment_codec_encode(out, &entry->segment);
            if (entry->segment.deleted.row_count > 0) {
                const struct rows_deleted deleted = {.table_id = entry->segment.table_id,
                                                     .segment = {entry->segment.pack, entry->segment.offset},
                                                     .deleted = entry->segment.deleted};
                record_encode_deleted(out, &deleted);
            }
        }
    }
    OR_DONE(encode_expiry(out, arena, (struct segment_entry *const *)(void *)values, count));
    OR_DONE(encode_detached(out, arena, (struct segment_entry *const *)(void *)values, count));
    for (size_t i = 0; i < count; i++) {
        const struct segment_entry *entry = values[i];
        if (entry->visible && entry->damage != NULL) {
            quarantine_encode(out, entry);
        }
    }
    for (size_t i = 0; i < table_count; i++) {
        removals_encode(out, tables[i]);
    }
    for (size_t i = 0; i < table_count; i++) {
        encode_holds(out, tables[i]);
    }
    for (size_t i = 0; i < table_count; i++) {
        encode_tokens(out, tables[i]);
    }
    for (size_t i = 0; i < table_count; i++) {
        const struct table_entry *table = tables[i];
        if (table->visible && table->restored != NULL) {
            record_encode_restored(out, table->restored);
        }
    }
    if (state->pruned.file_last > 0) {
        record_encode_pruned(out, &state->pruned);
    }
    if (out->failed) {
        err = err_oom();
    }
done:
    arena_destroy(arena);
    return err;
}
