/*
 * ledger_record.c: encoders and decoders of the ledger's data records; definitions are in ledger_definition.c.
 *
 * flow     storage/ledger.c (batches), ledger_state.c (replay, checkpoints) → here → ledger_bytes.c
 * format   docs/FORMAT.md, "Ledger records"; tests/format/ledger_reader.py is written from that text
 */
#include "storage/ledger_record.h"

#include <assert.h>
#include <string.h>

static const char *const record_names[] = {
    [LEDGER_COMMIT] = "commit",
    [LEDGER_DATABASE_CREATE] = "create database",
    [LEDGER_DATABASE_DROP] = "drop database",
    [LEDGER_TABLE] = "table",
    [LEDGER_TABLE_DROP] = "drop table",
    [LEDGER_SOURCE] = "source",
    [LEDGER_SOURCE_DROP] = "drop source",
    [LEDGER_STREAM] = "stream",
    [LEDGER_INCARNATION] = "incarnation",
    [LEDGER_START] = "start offset",
    [LEDGER_COVERAGE] = "coverage",
    [LEDGER_SEGMENT_ADD] = "segment added",
    [LEDGER_SEGMENTS_REMOVE] = "segments removed",
    [LEDGER_DEAD_CLAIM] = "dead-letter claim",
    [LEDGER_TOKEN] = "deduplication token",
    [LEDGER_INSERT_LOG] = "insert-log progress",
    [LEDGER_PRUNED] = "pruned files",
    [LEDGER_CLOSE] = "close",
    [LEDGER_CHECKPOINT] = "checkpoint",
    [LEDGER_CHECKPOINT_COVERAGE] = "coverage of a checkpoint",
    [LEDGER_CHECKPOINT_ROWS] = "coverage history of a checkpoint",
    [LEDGER_SEGMENT_REWRITTEN] = "segment rewritten",
    [LEDGER_ROWS_DELETED] = "deleted rows",
    [LEDGER_ROWS_CHANGED] = "changed rows",
    [LEDGER_ROWS_EXPIRED] = "rows that expired",
    [LEDGER_MERGE_ADDS] = "rows that a merge makes",
    [LEDGER_SEGMENT_PLACE] = "place of a segment",
    [LEDGER_SEGMENTS_MOVE] = "segments detached or attached",
    [LEDGER_HOLD] = "hold",
    [LEDGER_HOLD_RELEASE] = "hold released",
    [LEDGER_EXPIRY] = "expiry of segments",
    [LEDGER_SEGMENT_CODEC] = "codec of a segment",
    [LEDGER_RESTORED] = "restored table",
    [LEDGER_RESTORED_COVERAGE] = "coverage of a restored table",
    [LEDGER_QUARANTINE] = "damaged segment",
    [LEDGER_QUARANTINE_END] = "segment that is whole again",
    [LEDGER_ACCESS] = "user, role, quota or profile",
    [LEDGER_OBJECT] = "object",
    [LEDGER_OBJECT_DROP] = "drop object",
    [LEDGER_REPAIRED] = "repaired segment",
    [LEDGER_SEGMENTS_BROUGHT] = "segments from another table",
    [LEDGER_REMOVALS] = "rows that left",
    [LEDGER_VIEW_STOPPED] = "stopped view",
    [LEDGER_VIEW_REFRESHED] = "refreshed view",
};

const char *record_type_name(uint32_t type)
{
    if (type < sizeof record_names / sizeof record_names[0] && record_names[type] != NULL) {
        return record_names[type];
    }
    return "unknown";
}

void record_put_key(struct record_out *out, const struct coverage_key *key)
{
    record_put_varint(out, key->table_id);
    record_put_varint(out, key->stream_id);
    record_put_varint(out, key->incarnation);
    record_put_varint(out, (uint32_t)key->partition);
}

static struct coverage_key get_key(struct record_in *in)
{
    struct coverage_key key = {0};

    key.table_id = record_get_varint(in);
    key.stream_id = record_get_varint32(in);
    key.incarnation = record_get_varint32(in);
    uint32_t partition = record_get_varint32(in);
    if (partition > INT32_MAX) {
        in->bad = true;
        return key;
    }
    key.partition = (int32_t)partition;
    return key;
}

static void put_counts(struct record_out *out, const struct coverage_counts *counts)
{
    record_put_varint(out, counts->stored);
    record_put_varint(out, counts->filtered);
    record_put_varint(out, counts->dead);
    record_put_varint(out, counts->duplicate);
    record_put_varint(out, counts->absent);
    record_put_varint(out, counts->expired);
}

static struct coverage_counts get_counts(struct record_in *in)
{
    struct coverage_counts counts = {0};

    counts.stored = record_get_varint(in);
    counts.filtered = record_get_varint(in);
    counts.dead = record_get_varint(in);
    counts.duplicate = record_get_varint(in);
    counts.absent = record_get_varint(in);
    counts.expired = record_get_varint(in);
    return counts;
}

/* first, then end − first */
static void put_range(struct record_out *out, int64_t first, int64_t end)
{
    record_put_varint(out, (uint64_t)first);
    record_put_varint(out, (uint64_t)(end - first));
}

static void get_range(struct record_in *in, int64_t *first, int64_t *end)
{
    *first = record_get_offset(in);
    int64_t length = record_get_offset(in);
    if (length > INT64_MAX - *first) {
        in->bad = true;
        length = 0;
    }
    *end = *first + length;
}

/* A fingerprint and the highest event time, each behind a flag bit. */
#define SEEN_FINGERPRINT 1U
#define SEEN_EVENT_TIME  2U

static void put_seen(struct record_out *out, const struct fingerprint *fingerprint, int64_t event_time_max_us)
{
    uint32_t flags =
        (fingerprint->present ? SEEN_FINGERPRINT : 0) | (event_time_max_us != INT64_MIN ? SEEN_EVENT_TIME : 0);

    record_put_varint(out, flags);
    if (fingerprint->present) {
        record_put_varint(out, (uint64_t)fingerprint->offset);
        record_put_signed(out, fingerprint->timestamp_ms);
        record_put_u64(out, fingerprint->key_hash);
        record_put_u64(out, fingerprint->value_hash);
    }
    if (event_time_max_us != INT64_MIN) {
        record_put_signed(out, event_time_max_us);
    }
}

static void get_seen(struct record_in *in, struct fingerprint *fingerprint, int64_t *event_time_max_us)
{
    uint64_t flags = record_get_varint(in);

    *fingerprint = (struct fingerprint){0};
    *event_time_max_us = INT64_MIN;
    if (flags > (SEEN_FINGERPRINT | SEEN_EVENT_TIME)) {
        in->bad = true;
        return;
    }
    if (flags & SEEN_FINGERPRINT) {
        fingerprint->present = true;
        fingerprint->offset = record_get_offset(in);
        fingerprint->timestamp_ms = record_get_signed(in);
        fingerprint->key_hash = record_get_u64(in);
        fingerprint->value_hash = record_get_u64(in);
    }
    if (flags & SEEN_EVENT_TIME) {
        *event_time_max_us = record_get_signed(in);
    }
}

/* Ascending ranges: the gap from the previous end (the first: from base), then the length. */
static void put_ranges(struct record_out *out, int64_t base, const struct offset_range *ranges, uint32_t count)
{
    record_put_varint(out, count);
    for (uint32_t i = 0; i < count; i++) {
        record_put_varint(out, (uint64_t)(ranges[i].first - base));
        record_put_varint(out, (uint64_t)(ranges[i].end - ranges[i].first));
        base = ranges[i].end;
    }
}

static struct err *get_ranges(struct record_in *in, struct arena *arena, int64_t base,
                              const struct offset_range **ranges, uint32_t *count)
{
    uint32_t wanted = record_get_count(in, 2);
    struct offset_range *made = NULL;

    *ranges = NULL;
    *count = 0;
    if (wanted == 0) {
        return NULL;
    }
    made = ARENA_ARRAY(arena, struct offset_range, wanted);
    if (made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < wanted; i++) {
        int64_t gap = record_get_offset(in);
        int64_t length = record_get_offset(in);
        if (length == 0 || gap > INT64_MAX - base || length > INT64_MAX - base - gap) {
            in->bad = true;
            return NULL;
        }
        made[i] = (struct offset_range){base + gap, base + gap + length};
        base = made[i].end;
    }
    *ranges = made;
    *count = wanted;
    return NULL;
}

/* ---- segments */

void record_encode_segment(struct record_out *out, const struct ledger_segment *segment)
{
    size_t begin = record_begin(out, LEDGER_SEGMENT_ADD);

    record_put_varint(out, segment->table_id);
    record_put_varint(out, segment->pack);
    record_put_varint(out, segment->offset);
    record_put_varint(out, segment->length);
    record_put_varint(out, segment->row_count);
    record_put_u128(out, segment->row_sum);
    record_put_u64(out, segment->footer_hash);
    record_put_varint(out, segment->schema_version);
    record_put_varint(out, segment->level);
    record_put_signed(out, segment->time_min_us);
    record_put_signed(out, segment->time_max_us);
    record_put_signed(out, segment->expires_at_us);
    record_put_text(out, segment->partition);
    record_put_varint(out, segment->commit);
    record_put_signed(out, segment->committed_at_us);
    record_end(out, begin);
}

struct err *record_decode_segment(struct slice payload, struct ledger_segment *segment)
{
    struct record_in in = record_in_of(payload);

    *segment = (struct ledger_segment){0};
    segment->table_id = record_get_varint(&in);
    segment->pack = record_get_varint(&in);
    segment->offset = record_get_varint(&in);
    segment->length = record_get_varint(&in);
    segment->row_count = record_get_varint(&in);
    segment->row_sum = record_get_u128(&in);
    segment->footer_hash = record_get_u64(&in);
    segment->schema_version = record_get_varint32(&in);
    segment->ttl_version = segment->schema_version;
    segment->level = record_get_varint32(&in);
    segment->time_min_us = record_get_signed(&in);
    segment->time_max_us = record_get_signed(&in);
    segment->expires_at_us = record_get_signed(&in);
    segment->partition = record_get_text(&in);
    segment->commit = record_get_varint(&in);
    segment->committed_at_us = record_get_signed(&in);
    return record_in_end(&in, "the record of a segment");
}

void record_encode_removed(struct record_out *out, const struct segments_removed *removed)
{
    size_t begin = record_begin(out, LEDGER_SEGMENTS_REMOVE);

    record_put_varint(out, removed->table_id);
    record_put_varint(out, (uint64_t)removed->reason);
    record_put_varint(out, removed->removed_row_count);
    record_put_u128(out, removed->removed_row_sum);
    record_put_varint(out, removed->output_count);
    record_put_varint(out, removed->segment_count);
    for (uint32_t i = 0; i < removed->segment_count; i++) {
        record_put_varint(out, removed->segments[i].pack);
        record_put_varint(out, removed->segments[i].offset);
    }
    record_end(out, begin);
}

struct err *record_decode_removed(struct slice payload, struct arena *arena, struct segments_removed *removed)
{
    struct record_in in = record_in_of(payload);

    *removed = (struct segments_removed){0};
    removed->table_id = record_get_varint(&in);
    uint64_t reason = record_get_varint(&in);
    if (reason < REMOVE_MERGE || reason > REMOVE_DELETED) {
        in.bad = true;
    }
    removed->reason = (enum segment_removal)reason;
    removed->removed_row_count = record_get_varint(&in);
    removed->removed_row_sum = record_get_u128(&in);
    removed->output_count = record_get_varint32(&in);
    uint32_t count = record_get_count(&in, 2);
    struct segment_name *names = NULL;
    if (count > 0) {
        names = ARENA_ARRAY(arena, struct segment_name, count);
        if (names == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        names[i].pack = record_get_varint(&in);
        names[i].offset = record_get_varint(&in);
    }
    removed->segments = names;
    removed->segment_count = count;
    return record_in_end(&in, "the record of removed segments");
}

void record_encode_rewritten(struct record_out *out, const struct segment_rewritten *rewritten)
{
    size_t begin = record_begin(out, LEDGER_SEGMENT_REWRITTEN);

    record_put_varint(out, rewritten->table_id);
    record_put_varint(out, rewritten->segment.pack);
    record_put_varint(out, rewritten->segment.offset);
    record_put_varint(out, rewritten->schema_version);
    record_put_u128(out, rewritten->row_sum);
    record_end(out, begin);
}

struct err *record_decode_rewritten(struct slice payload, struct segment_rewritten *rewritten)
{
    struct record_in in = record_in_of(payload);

    *rewritten = (struct segment_rewritten){0};
    rewritten->table_id = record_get_varint(&in);
    rewritten->segment.pack = record_get_varint(&in);
    rewritten->segment.offset = record_get_varint(&in);
    rewritten->schema_version = record_get_varint32(&in);
    rewritten->row_sum = record_get_u128(&in);
    return record_in_end(&in, "the record of a rewritten segment");
}

/* ---- coverage */

void record_encode_coverage(struct record_out *out, const struct coverage_range *range)
{
    size_t begin = record_begin(out, LEDGER_COVERAGE);

    record_put_key(out, &range->key);
    put_range(out, range->first, range->end);
    put_counts(out, &range->counts);
    put_seen(out, &range->fingerprint, range->event_time_max_us);
    put_ranges(out, range->first, range->dead, range->dead_count);
    record_end(out, begin);
}

struct err *record_decode_coverage(struct slice payload, struct arena *arena, struct coverage_range *range)
{
    struct err *err = NULL;
    struct record_in in = record_in_of(payload);

    *range = (struct coverage_range){0};
    range->key = get_key(&in);
    get_range(&in, &range->first, &range->end);
    range->counts = get_counts(&in);
    get_seen(&in, &range->fingerprint, &range->event_time_max_us);
    OR_DONE(get_ranges(&in, arena, range->first, &range->dead, &range->dead_count));
    OR_DONE(record_in_end(&in, "a coverage record"));
done:
    return err;
}

void record_encode_start(struct record_out *out, const struct ledger_start *start)
{
    size_t begin = record_begin(out, LEDGER_START);

    record_put_key(out, &start->key);
    record_put_varint(out, start->source_id);
    record_put_varint(out, (uint64_t)start->offset);
    record_end(out, begin);
}

struct err *record_decode_start(struct slice payload, struct ledger_start *start)
{
    struct record_in in = record_in_of(payload);

    *start = (struct ledger_start){0};
    start->key = get_key(&in);
    start->source_id = record_get_varint(&in);
    start->offset = record_get_offset(&in);
    return record_in_end(&in, "the record of a start offset");
}

void record_encode_claim(struct record_out *out, const struct ledger_claim *claim)
{
    size_t begin = record_begin(out, LEDGER_DEAD_CLAIM);

    record_put_key(out, &claim->key);
    put_range(out, claim->first, claim->end);
    record_put_varint(out, claim->stored ? 1 : 0);
    record_end(out, begin);
}

struct err *record_decode_claim(struct slice payload, struct ledger_claim *claim)
{
    struct record_in in = record_in_of(payload);

    *claim = (struct ledger_claim){0};
    claim->key = get_key(&in);
    get_range(&in, &claim->first, &claim->end);
    uint64_t stored = record_get_varint(&in);
    if (stored > 1) {
        in.bad = true;
    }
    claim->stored = stored == 1;
    return record_in_end(&in, "the record of a dead-letter claim");
}

void record_encode_incarnation(struct record_out *out, const struct ledger_incarnation *incarnation)
{
    size_t begin = record_begin(out, LEDGER_INCARNATION);

    record_put_varint(out, incarnation->table_id);
    record_put_varint(out, incarnation->stream_id);
    record_put_varint(out, incarnation->incarnation);
    record_end(out, begin);
}

struct err *record_decode_incarnation(struct slice payload, struct ledger_incarnation *incarnation)
{
    struct record_in in = record_in_of(payload);

    incarnation->table_id = record_get_varint(&in);
    incarnation->stream_id = record_get_varint32(&in);
    incarnation->incarnation = record_get_varint32(&in);
    return record_in_end(&in, "the record of an incarnation");
}

void record_encode_token(struct record_out *out, const struct ledger_token *token)
{
    size_t begin = record_begin(out, LEDGER_TOKEN);

    record_put_varint(out, token->table_id);
    record_put_u128(out, token->hash);
    record_put_signed(out, token->used_at_us);
    record_end(out, begin);
}

struct err *record_decode_token(struct slice payload, struct ledger_token *token)
{
    struct record_in in = record_in_of(payload);

    token->table_id = record_get_varint(&in);
    token->hash = record_get_u128(&in);
    token->used_at_us = record_get_signed(&in);
    return record_in_end(&in, "the record of a deduplication token");
}

/* ---- plain ones */

void record_encode_varint(struct record_out *out, enum ledger_record_type type, uint64_t value)
{
    size_t begin = record_begin(out, type);

    record_put_varint(out, value);
    record_end(out, begin);
}

struct err *record_decode_varint(struct slice payload, const char *what, uint64_t *value)
{
    struct record_in in = record_in_of(payload);

    *value = record_get_varint(&in);
    return record_in_end(&in, what);
}

void record_encode_text(struct record_out *out, enum ledger_record_type type, struct slice text)
{
    size_t begin = record_begin(out, type);

    record_put_text(out, text);
    record_end(out, begin);
}

struct err *record_decode_text(struct slice payload, const char *what, struct slice *text)
{
    struct record_in in = record_in_of(payload);

    *text = record_get_text(&in);
    return record_in_end(&in, what);
}

void record_encode_stream(struct record_out *out, uint32_t stream_id, struct slice identity)
{
    size_t begin = record_begin(out, LEDGER_STREAM);

    record_put_varint(out, stream_id);
    record_put_text(out, identity);
    record_end(out, begin);
}

struct err *record_decode_stream(struct slice payload, uint32_t *stream_id, struct slice *identity)
{
    struct record_in in = record_in_of(payload);

    *stream_id = record_get_varint32(&in);
    *identity = record_get_text(&in);
    return record_in_end(&in, "the record of a stream");
}

/* ---- checkpoints */

void record_encode_pruned(struct record_out *out, const struct pruned_record *pruned)
{
    size_t begin = record_begin(out, LEDGER_PRUNED);

    record_put_varint(out, pruned->file_last);
    record_put_varint(out, pruned->commit_last);
    record_put_varint(out, pruned->bytes);
    record_put(out, pruned->hash, sizeof pruned->hash);
    record_end(out, begin);
}

struct err *record_decode_pruned(struct slice payload, struct pruned_record *pruned)
{
    struct record_in in = record_in_of(payload);

    pruned->file_last = record_get_varint(&in);
    pruned->commit_last = record_get_varint(&in);
    pruned->bytes = record_get_varint(&in);
    record_get(&in, pruned->hash, sizeof pruned->hash);
    return record_in_end(&in, "the record of pruned files");
}

void record_encode_checkpoint(struct record_out *out, const struct checkpoint_record *checkpoint)
{
    size_t begin = record_begin(out, LEDGER_CHECKPOINT);

    record_put_varint(out, checkpoint->table_id_next);
    record_put_varint(out, checkpoint->source_id_next);
    record_put_varint(out, checkpoint->stream_id_next);
    record_put_varint(out, checkpoint->pack_max);
    record_put_varint(out, checkpoint->insert_log_sequence);
    record_put_varint(out, checkpoint->commit);
    record_end(out, begin);
}

struct err *record_decode_checkpoint(struct slice payload, struct checkpoint_record *checkpoint)
{
    struct record_in in = record_in_of(payload);

    checkpoint->table_id_next = record_get_varint(&in);
    checkpoint->source_id_next = record_get_varint(&in);
    checkpoint->stream_id_next = record_get_varint32(&in);
    checkpoint->pack_max = record_get_varint(&in);
    checkpoint->insert_log_sequence = record_get_varint(&in);
    checkpoint->commit = record_get_varint(&in);
    return record_in_end(&in, "a checkpoint record");
}

void record_encode_coverage_state(struct record_out *out, enum ledger_record_type type,
                                  const struct coverage_state_record *state)
{
    const struct coverage_position *position = &state->position;
    size_t begin = record_begin(out, type);

    record_put_key(out, &position->key);
    record_put_varint(out, state->source_id);
    put_range(out, position->start, position->end);
    put_counts(out, &position->counts);
    put_seen(out, &position->fingerprint, position->event_time_max_us);
    record_put_varint(out, position->commit);
    record_put_signed(out, position->committed_at_us);
    put_ranges(out, position->start, state->dead, state->dead_count);
    record_end(out, begin);
}

struct err *record_decode_coverage_state(struct slice payload, struct arena *arena, struct coverage_state_record *state)
{
    struct err *err = NULL;
    struct record_in in = record_in_of(payload);
    struct coverage_position *position = &state->position;

    *state = (struct coverage_state_record){0};
    position->key = get_key(&in);
    state->source_id = record_get_varint(&in);
    get_range(&in, &position->start, &position->end);
    position->counts = get_counts(&in);
    get_seen(&in, &position->fingerprint, &position->event_time_max_us);
    position->commit = record_get_varint(&in);
    position->committed_at_us = record_get_signed(&in);
    OR_DONE(get_ranges(&in, arena, position->start, &state->dead, &state->dead_count));
    OR_DONE(record_in_end(&in, "a checkpoint's coverage record"));
done:
    return err;
}

void record_encode_rows(struct record_out *out, const struct coverage_key *key, const struct coverage_row *rows,
                        uint32_t count)
{
    size_t begin = record_begin(out, LEDGER_CHECKPOINT_ROWS);

    record_put_key(out, key);
    record_put_varint(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put_range(out, rows[i].first, rows[i].end);
        put_counts(out, &rows[i].counts);
        record_put_varint(out, rows[i].range_count);
        record_put_varint(out, rows[i].commit);
        record_put_signed(out, rows[i].committed_at_us);
        record_put(out, rows[i].hash, sizeof rows[i].hash);
    }
    record_end(out, begin);
}

/* Two varints, six counts, three varints, the hash: no row is shorter. */
#define ROW_BYTES_MIN (11U + LEDGER_HASH_BYTES)

struct err *record_decode_rows(struct slice payload, struct arena *arena, struct coverage_key *key,
                               struct coverage_row **rows, uint32_t *count)
{
    struct record_in in = record_in_of(payload);

    *key = get_key(&in);
    *count = record_get_count(&in, ROW_BYTES_MIN);
    *rows = NULL;
    if (*count > 0) {
        *rows = ARENA_ARRAY(arena, struct coverage_row, *count);
        if (*rows == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < *count; i++) {
        struct coverage_row *row = &(*rows)[i];
        *row = (struct coverage_row){0};
        row->key = *key;
        get_range(&in, &row->first, &row->end);
        row->counts = get_counts(&in);
        row->range_count = record_get_varint32(&in);
        row->commit = record_get_varint(&in);
        row->committed_at_us = record_get_signed(&in);
        record_get(&in, row->hash, sizeof row->hash);
    }
    return record_in_end(&in, "a checkpoint's coverage history");
}

/* ---- the end of a commit */

#define COMMIT_IS_CHECKPOINT 1U

void record_put_commit(struct record_out *out, const struct commit_record *commit)
{
    record_put_u64(out, commit->number);
    record_put_u64(out, (uint64_t)commit->time_us);
    record_put_u64(out, commit->durable);
    record_put_u64(out, commit->bytes);
    record_put_u32(out, commit->record_count);
    record_put_u32(out, commit->checkpoint ? COMMIT_IS_CHECKPOINT : 0);
    record_put(out, commit->hash, sizeof commit->hash);
}

struct err *record_decode_commit(struct slice payload, struct commit_record *commit)
{
    struct record_in in = record_in_of(payload);

    static_assert(COMMIT_RECORD_BYTES == 8 * 4 + 4 * 2 + LEDGER_HASH_BYTES, "docs/FORMAT.md, \"Commit\"");
    commit->number = record_get_u64(&in);
    commit->time_us = (int64_t)record_get_u64(&in);
    commit->durable = record_get_u64(&in);
    commit->bytes = record_get_u64(&in);
    commit->record_count = record_get_u32(&in);
    uint32_t flags = record_get_u32(&in);
    if (flags > COMMIT_IS_CHECKPOINT) {
        in.bad = true;
    }
    commit->checkpoint = (flags & COMMIT_IS_CHECKPOINT) != 0;
    record_get(&in, commit->hash, sizeof commit->hash);
    return record_in_end(&in, "the end of a commit");
}
