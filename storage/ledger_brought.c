/*
 * ledger_brought.c: records of rows that come to a table with segments of another one, and leave that one or stay there
 * too.
 *
 * flow     storage/transfer.c → here; ledger_state.c (stage, publish) → here
 * check    rows and row sums of the named segments, without their deleted rows, are those of the next segments that the
 *          commit adds to the table. A segment whose rows have columns in another order, or of an older schema version,
 *          counts with the row sum that they had as they were read for the new table.
 * hold     what leaves a table that is held is refused
 * format   docs/FORMAT.md, "Ledger records", type 43
 */
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>

struct err *ledger_batch_brought(struct ledger_batch *batch, const struct segments_brought *brought)
{
    struct record_out *out = ledger_batch_records(batch);
    size_t begin = record_begin(out, LEDGER_SEGMENTS_BROUGHT);

    record_put_varint(out, brought->table_id);
    record_put_varint(out, brought->from_table_id);
    record_put_varint(out, brought->leave ? 1 : 0);
    record_put_varint(out, brought->output_count);
    record_put_varint(out, brought->segment_count);
    for (uint32_t i = 0; i < brought->segment_count; i++) {
        const struct segment_brought *one = &brought->segments[i];
        record_put_varint(out, one->name.pack);
        record_put_varint(out, one->name.offset);
        record_put_varint(out, one->rewritten ? 1 : 0);
        if (one->rewritten) {
            record_put_u128(out, one->row_sum);
        }
    }
    record_end(out, begin);
    return out->failed ? err_oom() : NULL;
}

static struct err *decode(struct slice payload, struct arena *arena, struct segments_brought *brought)
{
    struct record_in in = record_in_of(payload);

    *brought = (struct segments_brought){.table_id = record_get_varint(&in)};
    brought->from_table_id = record_get_varint(&in);
    uint64_t leave = record_get_varint(&in);
    brought->output_count = record_get_varint32(&in);
    brought->segment_count = record_get_count(&in, 3);
    struct segment_brought *segments = ARENA_ARRAY(arena, struct segment_brought, (size_t)brought->segment_count + 1);
    if (segments == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < brought->segment_count && !in.bad; i++) {
        segments[i] = (struct segment_brought){.name.pack = record_get_varint(&in)};
        segments[i].name.offset = record_get_varint(&in);
        uint64_t rewritten = record_get_varint(&in);
        const struct segment_name *name = &segments[i].name, *before = i == 0 ? NULL : &segments[i - 1].name;
        in.bad = in.bad || rewritten > 1 ||
                 (before != NULL &&
                  (name->pack < before->pack || (name->pack == before->pack && name->offset <= before->offset)));
        segments[i].rewritten = rewritten == 1;
        segments[i].row_sum = rewritten == 1 ? record_get_u128(&in) : 0;
    }
    brought->segments = segments;
    brought->leave = leave == 1;
    in.bad = in.bad || leave > 1 || brought->segment_count == 0 || brought->output_count == 0;
    return record_in_end(&in, "the record of segments that come from another table");
}

static struct segment_entry *entry_of(const struct ledger_state *state, struct segment_name name)
{
    return map_find(&state->segments, (struct map_key){name.pack, name.offset, 0});
}

/* It stays, but no other commit takes it, or rows of it, away. */
static struct err *stays(const struct ledger_state *state, uint64_t table_id, struct segment_name name,
                         struct segment_entry **out)
{
    struct segment_entry *entry = entry_of(state, name);
    *out = entry;
    return entry != NULL && entry->visible && !entry->leaving && !entry->deleting && !entry->detached &&
                   entry->segment.table_id == table_id
               ? NULL
               : err_new(ERR_LOGICAL,
                         "segment at %" PRIu64 " of pack %" PRIu64 " cannot be copied: table %" PRIu64
                         " has no such live segment",
                         name.offset, name.pack, table_id);
}

struct err *brought_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct segments_brought brought;
    struct table_entry *to = NULL, *from = NULL;
    uint64_t rows = 0;
    unsigned __int128 sum = 0;

    OR_DONE(decode(payload, stage->arena, &brought));
    OR_DONE(state_table_check(state, brought.table_id, &to));
    OR_DONE(state_table_check(state, brought.from_table_id, &from));
    if (brought.leave) {
        OR_DONE(holds_check(from, "MOVE PARTITION"));
    }
    for (uint32_t i = 0; i < brought.segment_count; i++) {
        const struct segment_brought *one = &brought.segments[i];
        struct segment_entry *entry = NULL;
        OR_DONE(brought.leave ? segment_stage_leave(state, stage, brought.from_table_id, &one->name, false, &entry)
                              : stays(state, brought.from_table_id, one->name, &entry));
        rows += ledger_segment_live_rows(&entry->segment);
        sum += one->rewritten ? one->row_sum : entry->segment.row_sum - entry->segment.deleted.row_sum;
    }
    struct stage_tally *tally = stage_tally(stage, brought.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    if (tally->outputs_left > 0 || tally->merge_rows != 0 || tally->merge_sum != 0) {
        err = err_new(ERR_LOGICAL, "segments come to table %" PRIu64 " within a merge", brought.table_id);
        goto done;
    }
    tally->outputs_left = brought.output_count;
    tally->merge_rows = rows;
    tally->merge_sum = sum;
done:
    return err;
}

struct err *brought_publish(struct ledger_state *state, struct arena *arena, struct slice payload,
                            const struct commit_info *commit)
{
    struct segments_brought brought;
    struct err *err = decode(payload, arena, &brought);

    if (err != NULL) {
        return err;
    }
    enum removal_reason reason = brought.leave ? REMOVAL_MOVE : REMOVAL_COPY;
    struct ledger_removal left = {.table_id = brought.from_table_id, .reason = reason};
    struct ledger_removal came = {.table_id = brought.table_id, .reason = reason};
    for (uint32_t i = 0; i < brought.segment_count; i++) {
        const struct segment_brought *one = &brought.segments[i];
        struct segment_entry *entry = entry_of(state, one->name);
        ASSERT(entry != NULL && entry->visible && entry->leaving >= brought.leave);
        uint64_t rows = ledger_segment_live_rows(&entry->segment);
        unsigned __int128 sum = entry->segment.row_sum - entry->segment.deleted.row_sum;
        came.added_rows += rows;
        came.added_sum += one->rewritten ? one->row_sum : sum;
        if (brought.leave) {
            left.removed_rows += rows;
            left.removed_sum += sum;
            segment_entry_remove(state, entry);
        }
    }
    err = removals_note(state, &left, commit);
    return err != NULL ? err : removals_note(state, &came, commit);
}
