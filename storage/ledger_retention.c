/*
 * ledger_retention.c: holds, and segments that are set aside: their records, and the holds of the ledger's state.
 *
 * flow     storage/partition.c, storage/hold.c → here; ledger_state.c (stage, publish) → here
 * holds    one per table and reason. While one stands, staged ones included, nothing leaves its table: the ledger
 *          refuses removals that are no merge's, detaching and dropping, in the writer and at every replay. A release
 *          counts from its staging on.
 * format   docs/FORMAT.md, "Ledger records", types 30 to 33
 */
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- records */
void record_encode_moved(struct record_out *out, const struct segments_moved *moved)
{
    size_t begin = record_begin(out, LEDGER_SEGMENTS_MOVE);

    record_put_varint(out, moved->table_id);
    record_put_varint(out, (uint64_t)moved->move);
    record_put_varint(out, moved->segment_count);
    for (uint32_t i = 0; i < moved->segment_count; i++) {
        record_put_varint(out, moved->segments[i].pack);
        record_put_varint(out, moved->segments[i].offset);
    }
    record_end(out, begin);
}

struct err *record_decode_moved(struct slice payload, struct arena *arena, struct segments_moved *moved)
{
    struct record_in in = record_in_of(payload);

    *moved = (struct segments_moved){.table_id = record_get_varint(&in)};
    uint64_t move = record_get_varint(&in);
    if (move < MOVE_DETACH || move > MOVE_DROP_DETACHED) {
        in.bad = true;
    }
    moved->move = (enum segment_move)move;
    uint32_t count = record_get_count(&in, 2);
    struct segment_name *names = ARENA_ARRAY(arena, struct segment_name, (size_t)count + 1);
    if (names == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        names[i].pack = record_get_varint(&in);
        names[i].offset = record_get_varint(&in);
    }
    moved->segments = names;
    moved->segment_count = count;
    if (count == 0) {
        in.bad = true;
    }
    return record_in_end(&in, "the record of detached segments");
}

void record_encode_expiry(struct record_out *out, const struct ledger_expiry *expiry)
{
    size_t begin = record_begin(out, LEDGER_EXPIRY);

    record_put_varint(out, expiry->table_id);
    record_put_varint(out, expiry->ttl_version);
    record_put_varint(out, expiry->count);
    for (uint32_t i = 0; i < expiry->count; i++) {
        record_put_varint(out, expiry->segments[i].pack);
        record_put_varint(out, expiry->segments[i].offset);
        record_put_signed(out, expiry->expires_at_us[i]);
    }
    record_end(out, begin);
}

struct err *record_decode_expiry(struct slice payload, struct arena *arena, struct ledger_expiry *expiry)
{
    struct record_in in = record_in_of(payload);

    *expiry = (struct ledger_expiry){.table_id = record_get_varint(&in)};
    expiry->ttl_version = record_get_varint32(&in);
    expiry->count = record_get_count(&in, 3);
    struct segment_name *names = ARENA_ARRAY(arena, struct segment_name, (size_t)expiry->count + 1);
    int64_t *expires = ARENA_ARRAY(arena, int64_t, (size_t)expiry->count + 1);
    if (names == NULL || expires == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < expiry->count; i++) {
        names[i].pack = record_get_varint(&in);
        names[i].offset = record_get_varint(&in);
        expires[i] = record_get_signed(&in);
    }
    expiry->segments = names;
    expiry->expires_at_us = expires;
    in.bad = in.bad || expiry->count == 0;
    return record_in_end(&in, "the record of segments' expiry");
}

void record_encode_hold(struct record_out *out, const struct ledger_hold *hold)
{
    size_t begin = record_begin(out, LEDGER_HOLD);

    record_put_varint(out, hold->table_id);
    record_put_text(out, hold->reason);
    record_put_signed(out, hold->placed_at_us);
    record_end(out, begin);
}

static struct slice get_reason(struct record_in *in)
{
    struct slice reason = record_get_text(in);
    in->bad = in->bad || reason.length == 0 || reason.length > HOLD_REASON_BYTES_MAX;
    return reason;
}

struct err *record_decode_hold(struct slice payload, struct ledger_hold *hold)
{
    struct record_in in = record_in_of(payload);

    hold->table_id = record_get_varint(&in);
    hold->reason = get_reason(&in);
    hold->placed_at_us = record_get_signed(&in);
    return record_in_end(&in, "the record of a hold");
}

void record_encode_release(struct record_out *out, uint64_t table_id, struct slice reason)
{
    size_t begin = record_begin(out, LEDGER_HOLD_RELEASE);

    record_put_varint(out, table_id);
    record_put_text(out, reason);
    record_end(out, begin);
}

struct err *record_decode_release(struct slice payload, uint64_t *table_id, struct slice *reason)
{
    struct record_in in = record_in_of(payload);

    *table_id = record_get_varint(&in);
    *reason = get_reason(&in);
    return record_in_end(&in, "the record of a released hold");
}

/* ---- the state */
struct err *expiry_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_expiry expiry;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_expiry(payload, stage->arena, &expiry));
    OR_DONE(state_table_check(state, expiry.table_id, &table));
    for (uint32_t i = 0; i < expiry.count; i++) {
        const struct segment_name *name = &expiry.segments[i];
        const struct segment_entry *entry = map_find(&state->segments, (struct map_key){name->pack, name->offset, 0});
        if (entry == NULL || entry->leaving || entry->segment.table_id != expiry.table_id ||
            expiry.ttl_version < entry->segment.ttl_version || expiry.ttl_version > table->version_staged) {
            err = err_new(ERR_LOGICAL,
                          "segment at %" PRIu64 " of pack %" PRIu64 " has no expiry by schema version %" PRIu32
                          " of table %" PRIu64,
                          name->offset, name->pack, expiry.ttl_version, expiry.table_id);
            goto done;
        }
    }
done:
    return err;
}

struct err *expiry_publish(struct ledger_state *state, struct arena *arena, struct slice payload)
{
    struct ledger_expiry expiry;
    struct err *err = record_decode_expiry(payload, arena, &expiry);

    for (uint32_t i = 0; err == NULL && i < expiry.count; i++) {
        struct segment_entry *entry =
            map_find(&state->segments, (struct map_key){expiry.segments[i].pack, expiry.segments[i].offset, 0});
        ASSERT(entry != NULL);
        entry->segment.expires_at_us = expiry.expires_at_us[i];
        entry->segment.ttl_version = expiry.ttl_version;
    }
    return err;
}

static uint32_t hold_index(const struct table_entry *table, struct slice reason, bool *found)
{
    uint32_t at = 0;
    while (at < table->hold_count && slice_compare(table->holds[at]->reason, reason) < 0) {
        at++;
    }
    *found = at < table->hold_count && slice_equal(table->holds[at]->reason, reason);
    return at;
}

static void hold_remove(struct table_entry *table, uint32_t at)
{
    free(table->holds[at]);
    table->hold_count--;
    memmove(&table->holds[at], &table->holds[at + 1], (table->hold_count - at) * sizeof(*table->holds));
}

void holds_free(struct table_entry *table)
{
    for (uint32_t i = 0; i < table->hold_count; i++) {
        free(table->holds[i]);
    }
    free(table->holds);
}

struct err *holds_check(const struct table_entry *table, const char *what)
{
    for (uint32_t i = 0; i < table->hold_count; i++) {
        if (!table->holds[i]->leaving) {
            const struct table_def *def = table->version_count == 0 ? NULL : table->versions[table->version_count - 1];
            const char *database = def == NULL ? "" : def->database, *name = def == NULL ? "" : def->name;
            return err_new(ERR_TABLE_HELD,
                           "%s: table %s.%s is held: '%.*s'. Nothing leaves it before that is released: ALTER TABLE "
                           "%s.%s RELEASE HOLD '%.*s'",
                           what, database, name, SLICE_ARG(table->holds[i]->reason), database, name,
                           SLICE_ARG(table->holds[i]->reason));
        }
    }
    return NULL;
}

struct err *holds_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_hold record;
    struct table_entry *table = NULL;
    bool found = false;

    OR_DONE(record_decode_hold(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    uint32_t at = hold_index(table, record.reason, &found);
    if (found || table->hold_count >= HOLDS_MAX) {
        err = err_new(ERR_LOGICAL, "table %" PRIu64 " %s: '%.*s'", record.table_id,
                      found ? "is held for this reason already" : "has too many holds", SLICE_ARG(record.reason));
        goto done;
    }
    struct hold_entry *hold = calloc(1, sizeof(*hold) + record.reason.length);
    if (hold == NULL ||
        !array_grow((void **)&table->holds, &table->hold_capacity, table->hold_count, sizeof(*table->holds))) {
        free(hold);
        err = err_oom();
        goto done;
    }
    memcpy(hold + 1, record.reason.data, record.reason.length);
    hold->reason = slice_of((const char *)(hold + 1), record.reason.length);
    hold->placed_at_us = record.placed_at_us;
    if (!stage_undo_push(stage, UNDO_HOLD_NEW, hold, (int64_t)record.table_id, 0)) {
        free(hold);
        err = err_oom();
        goto done;
    }
    memmove(&table->holds[at + 1], &table->holds[at], (table->hold_count - at) * sizeof(*table->holds));
    table->holds[at] = hold;
    table->hold_count++;
done:
    return err;
}

void holds_undo_new(struct ledger_state *state, uint64_t table_id, const struct hold_entry *hold)
{
    struct table_entry *table = state_table(state, table_id);
    for (uint32_t i = 0; table != NULL && i < table->hold_count; i++) {
        if (table->holds[i] == hold) {
            hold_remove(table, i);
            return;
        }
    }
}

struct err *holds_publish(struct ledger_state *state, struct slice payload)
{
    struct ledger_hold record;
    struct err *err = record_decode_hold(payload, &record);
    ASSERT(err == NULL); /* staged before */
    struct table_entry *table = state_table(state, record.table_id);
    bool found = false;
    ASSERT(table != NULL);
    uint32_t at = hold_index(table, record.reason, &found);
    ASSERT(found);
    table->holds[at]->visible = true;
    return NULL;
}

struct err *holds_stage_release(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct table_entry *table = NULL;
    uint64_t table_id = 0;
    struct slice reason;
    bool found = false;

    OR_DONE(record_decode_release(payload, &table_id, &reason));
    OR_DONE(state_table_check(state, table_id, &table));
    uint32_t at = hold_index(table, reason, &found);
    if (!found || table->holds[at]->leaving) {
        err =
            err_new(ERR_LOGICAL, "table %" PRIu64 " is not held for this reason: '%.*s'", table_id, SLICE_ARG(reason));
        goto done;
    }
    if (!stage_undo_push(stage, UNDO_HOLD_LEAVING, table->holds[at], 0, 0)) {
        err = err_oom();
        goto done;
    }
    table->holds[at]->leaving = true;
done:
    return err;
}

struct err *holds_publish_release(struct ledger_state *state, struct slice payload)
{
    uint64_t table_id = 0;
    struct slice reason;
    bool found = false;
    struct err *err = record_decode_release(payload, &table_id, &reason);
    ASSERT(err == NULL);
    struct table_entry *table = state_table(state, table_id);
    ASSERT(table != NULL);
    uint32_t at = hold_index(table, reason, &found);
    ASSERT(found && table->holds[at]->leaving);
    hold_remove(table, at);
    return NULL;
}
