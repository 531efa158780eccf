/*
 * ledger_repaired.c: records of damaged segments that leave, because what was found of their rows comes in others.
 *
 * flow     storage/repair.c → here; ledger_state.c (stage, publish) → here
 * check    the segment is in quarantine; its live rows − lost ones = those of the outputs, whose row sum is the
 *          record's. While the table is held nothing may be lost.
 */
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>

struct err *ledger_batch_repaired(struct ledger_batch *batch, const struct segment_repaired *repaired)
{
    struct record_out *out = ledger_batch_records(batch);
    size_t begin = record_begin(out, LEDGER_REPAIRED);

    record_put_varint(out, repaired->table_id);
    record_put_varint(out, repaired->segment.pack);
    record_put_varint(out, repaired->segment.offset);
    record_put_varint(out, repaired->lost_rows);
    record_put_varint(out, repaired->output_count);
    record_put_u128(out, repaired->row_sum);
    record_end(out, begin);
    return out->failed ? err_oom() : NULL;
}

static struct err *decode(struct slice payload, struct segment_repaired *repaired)
{
    struct record_in in = record_in_of(payload);

    *repaired = (struct segment_repaired){.table_id = record_get_varint(&in)};
    repaired->segment.pack = record_get_varint(&in);
    repaired->segment.offset = record_get_varint(&in);
    repaired->lost_rows = record_get_varint(&in);
    repaired->output_count = record_get_varint32(&in);
    repaired->row_sum = record_get_u128(&in);
    return record_in_end(&in, "the record of a repaired segment");
}

struct err *repaired_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct segment_repaired repaired;
    struct table_entry *table = NULL;
    struct segment_entry *entry = NULL;

    OR_DONE(decode(payload, &repaired));
    OR_DONE(state_table_check(state, repaired.table_id, &table));
    if (repaired.lost_rows > 0) {
        OR_DONE(holds_check(table, "REPAIR that gives up rows"));
    }
    OR_DONE(segment_stage_leave(state, stage, repaired.table_id, &repaired.segment, false, &entry));
    struct stage_tally *tally = stage_tally(stage, repaired.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    uint64_t rows = ledger_segment_live_rows(&entry->segment);
    if (entry->damage == NULL || repaired.lost_rows > rows ||
        (repaired.output_count == 0) != (repaired.lost_rows == rows) ||
        (repaired.output_count == 0 && repaired.row_sum != 0) || tally->outputs_left > 0 || tally->merge_rows != 0) {
        err = err_new(ERR_LOGICAL,
                      "segment at %" PRIu64 " of pack %" PRIu64 " of table %" PRIu64 " cannot be repaired: %s",
                      repaired.segment.offset, repaired.segment.pack, repaired.table_id,
                      entry->damage == NULL ? "it is not damaged" : "its record contradicts its rows, or another one");
        goto done;
    }
    tally->outputs_left = repaired.output_count;
    tally->merge_rows = rows - repaired.lost_rows;
    tally->merge_sum = repaired.row_sum;
done:
    return err;
}

struct err *repaired_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit)
{
    struct segment_repaired repaired;
    struct err *err = decode(payload, &repaired);
    ASSERT(err == NULL); /* staged before */
    struct segment_entry *entry =
        map_find(&state->segments, (struct map_key){repaired.segment.pack, repaired.segment.offset, 0});
    ASSERT(entry != NULL && entry->leaving);
    uint64_t rows = ledger_segment_live_rows(&entry->segment);
    const struct ledger_removal removal = {.table_id = repaired.table_id,
                                           .reason = REMOVAL_REPAIR,
                                           .removed_rows = rows,
                                           .removed_sum = entry->segment.row_sum - entry->segment.deleted.row_sum,
                                           .added_rows = rows - repaired.lost_rows,
                                           .added_sum = repaired.row_sum};
    bool same = removal.removed_rows == removal.added_rows && removal.removed_sum == removal.added_sum;
    segment_entry_remove(state, entry);
    return same ? NULL : removals_note(state, &removal, commit);
}
