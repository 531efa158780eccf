/*
 * ledger_quarantine.c: records of segments that were found damaged, and of those that are whole again.
 *
 * flow     storage/quarantine.c → here; ledger_state.c (stage, publish) → here
 * state    a segment's entry has the reason. It leaves with the segment. Both records may be repeated.
 */
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void record_encode_quarantine(struct record_out *out, const struct ledger_quarantine *quarantine)
{
    size_t begin = record_begin(out, LEDGER_QUARANTINE);

    record_put_varint(out, quarantine->table_id);
    record_put_varint(out, quarantine->segment.pack);
    record_put_varint(out, quarantine->segment.offset);
    record_put_signed(out, quarantine->at_us);
    record_put_text(out, quarantine->reason);
    record_end(out, begin);
}

static struct err *decode(uint32_t type, struct slice payload, struct ledger_quarantine *quarantine)
{
    struct record_in in = record_in_of(payload);

    *quarantine = (struct ledger_quarantine){.table_id = record_get_varint(&in)};
    quarantine->segment.pack = record_get_varint(&in);
    quarantine->segment.offset = record_get_varint(&in);
    if (type == LEDGER_QUARANTINE) {
        quarantine->at_us = record_get_signed(&in);
        quarantine->reason = record_get_text(&in);
        if (in.bad || quarantine->reason.length == 0 || quarantine->reason.length > QUARANTINE_REASON_MAX ||
            memchr(quarantine->reason.data, 0, quarantine->reason.length) != NULL) {
            in.bad = true;
        }
    }
    return record_in_end(&in, "the record of a damaged segment");
}

struct err *ledger_batch_quarantine(struct ledger_batch *batch, const struct ledger_quarantine *quarantine)
{
    struct record_out *out = ledger_batch_records(batch);
    record_encode_quarantine(out, quarantine);
    return out->failed ? err_oom() : NULL;
}

struct err *ledger_batch_quarantine_end(struct ledger_batch *batch, uint64_t table_id, struct segment_name segment)
{
    struct record_out *out = ledger_batch_records(batch);
    size_t begin = record_begin(out, LEDGER_QUARANTINE_END);
    record_put_varint(out, table_id);
    record_put_varint(out, segment.pack);
    record_put_varint(out, segment.offset);
    record_end(out, begin);
    return out->failed ? err_oom() : NULL;
}

static struct segment_entry *entry_of(const struct ledger_state *state, struct segment_name name)
{
    return map_find(&state->segments, (struct map_key){name.pack, name.offset, 0});
}

struct err *quarantine_stage(struct ledger_state *state, const struct stage *stage, uint32_t type, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_quarantine quarantine;
    struct table_entry *table = NULL;

    OR_DONE(decode(type, payload, &quarantine));
    OR_DONE(state_table_check(state, quarantine.table_id, &table));
    const struct segment_entry *entry = entry_of(state, quarantine.segment);
    /* in a checkpoint it may be said to be detached before */
    if (entry == NULL || (entry->leaving && !stage->checkpoint) || entry->segment.table_id != quarantine.table_id) {
        err = err_new(ERR_LOGICAL, "segment at %" PRIu64 " of pack %" PRIu64 " of table %" PRIu64 " %s",
                      quarantine.segment.offset, quarantine.segment.pack, quarantine.table_id,
                      entry != NULL && entry->leaving ? "is being removed" : "is not in the ledger");
    }
done:
    return err;
}

struct err *quarantine_publish(struct ledger_state *state, uint32_t type, struct slice payload)
{
    struct ledger_quarantine quarantine;
    struct err *err = decode(type, payload, &quarantine);
    ASSERT(err == NULL); /* staged before */
    struct segment_entry *entry = entry_of(state, quarantine.segment);
    ASSERT(entry != NULL);
    char *reason = NULL;
    if (type == LEDGER_QUARANTINE) {
        ASSERT(quarantine.reason.data != NULL && quarantine.reason.length > 0);
        reason = strndup(quarantine.reason.data, quarantine.reason.length);
    }
    if (type == LEDGER_QUARANTINE && reason == NULL) {
        return err_oom();
    }
    state->segments_damaged -= entry->damage != NULL ? 1 : 0;
    state->segments_damaged += reason != NULL ? 1 : 0;
    free(entry->damage);
    entry->damage = reason;
    entry->damaged_at_us = quarantine.at_us;
    return NULL;
}

/* The record that says what a segment's entry says. */
void quarantine_encode(struct record_out *out, const struct segment_entry *entry)
{
    struct ledger_quarantine quarantine = {entry->segment.table_id,
                                           {entry->segment.pack, entry->segment.offset},
                                           entry->damaged_at_us,
                                           slice_text(entry->damage)};
    record_encode_quarantine(out, &quarantine);
}

struct err *ledger_quarantine_of(struct ledger *ledger, struct segment_name segment, struct ledger_quarantine *out,
                                 char **reason)
{
    struct err *err = NULL;
    const struct ledger_state *state = ledger_state_lock(ledger);
    const struct segment_entry *entry = state->segments_damaged == 0 ? NULL : entry_of(state, segment);

    *reason = NULL;
    if (entry != NULL && entry->damage != NULL) {
        *reason = strdup(entry->damage);
        *out = (struct ledger_quarantine){entry->segment.table_id, segment, entry->damaged_at_us, {NULL, 0}};
        err = *reason == NULL ? err_oom() : NULL;
    }
    ledger_state_unlock(ledger);
    return err;
}
