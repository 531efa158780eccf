/*
 * ledger_deleted.c: rows that left their segments' tables while their bytes stay, rows that came back changed, and
 * rows that merges make of others.
 *
 * flow     storage/ledger_state.c (stage, publish) → here
 * check    what is deleted only grows, and leaves at least one row (else the segment itself leaves, REMOVE_DELETED);
 *          an UPDATE's new segments hold as many rows as its commit deleted
 * state    segment.deleted of segment_entry: published; deleting: staged
 */
#include "storage/ledger_state.h"

#include <inttypes.h>

/* ---- bytes */

void record_encode_deleted(struct record_out *out, const struct rows_deleted *deleted)
{
    size_t begin = record_begin(out, LEDGER_ROWS_DELETED);

    record_put_varint(out, deleted->table_id);
    record_put_varint(out, deleted->segment.pack);
    record_put_varint(out, deleted->segment.offset);
    record_put_varint(out, deleted->deleted.pack);
    record_put_varint(out, deleted->deleted.offset);
    record_put_varint(out, deleted->deleted.length);
    record_put_u64(out, deleted->deleted.hash);
    record_put_varint(out, deleted->deleted.row_count);
    record_put_u128(out, deleted->deleted.row_sum);
    record_end(out, begin);
}

struct err *record_decode_deleted(struct slice payload, struct rows_deleted *deleted)
{
    struct record_in in = record_in_of(payload);

    *deleted = (struct rows_deleted){0};
    deleted->table_id = record_get_varint(&in);
    deleted->segment.pack = record_get_varint(&in);
    deleted->segment.offset = record_get_varint(&in);
    deleted->deleted.pack = record_get_varint(&in);
    deleted->deleted.offset = record_get_varint(&in);
    deleted->deleted.length = record_get_varint(&in);
    deleted->deleted.hash = record_get_u64(&in);
    deleted->deleted.row_count = record_get_varint(&in);
    deleted->deleted.row_sum = record_get_u128(&in);
    return record_in_end(&in, "the record of deleted rows");
}

void record_encode_changed(struct record_out *out, const struct rows_changed *changed)
{
    size_t begin = record_begin(out, LEDGER_ROWS_CHANGED);

    record_put_varint(out, changed->table_id);
    record_put_varint(out, changed->row_count);
    record_put_u128(out, changed->old_sum);
    record_put_u128(out, changed->new_sum);
    record_put_varint(out, changed->output_count);
    record_end(out, begin);
}

struct err *record_decode_changed(struct slice payload, struct rows_changed *changed)
{
    struct record_in in = record_in_of(payload);

    *changed = (struct rows_changed){0};
    changed->table_id = record_get_varint(&in);
    changed->row_count = record_get_varint(&in);
    changed->old_sum = record_get_u128(&in);
    changed->new_sum = record_get_u128(&in);
    changed->output_count = record_get_varint32(&in);
    return record_in_end(&in, "the record of changed rows");
}

void record_encode_expired(struct record_out *out, const struct rows_expired *expired)
{
    size_t begin = record_begin(out, LEDGER_ROWS_EXPIRED);

    record_put_varint(out, expired->table_id);
    record_put_varint(out, expired->row_count);
    record_put_u128(out, expired->old_sum);
    record_put_varint(out, expired->new_row_count);
    record_put_u128(out, expired->new_sum);
    record_put_varint(out, expired->output_count);
    record_end(out, begin);
}

struct err *record_decode_expired(struct slice payload, struct rows_expired *expired)
{
    struct record_in in = record_in_of(payload);

    *expired = (struct rows_expired){0};
    expired->table_id = record_get_varint(&in);
    expired->row_count = record_get_varint(&in);
    expired->old_sum = record_get_u128(&in);
    expired->new_row_count = record_get_varint(&in);
    expired->new_sum = record_get_u128(&in);
    expired->output_count = record_get_varint32(&in);
    return record_in_end(&in, "the record of rows that expired");
}

void record_encode_merge_adds(struct record_out *out, const struct merge_adds *adds)
{
    size_t begin = record_begin(out, LEDGER_MERGE_ADDS);

    record_put_varint(out, adds->table_id);
    record_put_varint(out, adds->row_count);
    record_put_u128(out, adds->row_sum);
    record_end(out, begin);
}

struct err *record_decode_merge_adds(struct slice payload, struct merge_adds *adds)
{
    struct record_in in = record_in_of(payload);

    *adds = (struct merge_adds){0};
    adds->table_id = record_get_varint(&in);
    adds->row_count = record_get_varint(&in);
    adds->row_sum = record_get_u128(&in);
    return record_in_end(&in, "the record of rows that a merge makes");
}

/* ---- state */

static struct segment_entry *entry_of(const struct ledger_state *state, const struct segment_name *name)
{
    return map_find(&state->segments, (struct map_key){name->pack, name->offset, 0});
}

struct err *deleted_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct rows_deleted record;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_deleted(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    if (!stage->checkpoint) {
        OR_DONE(holds_check(table, "deleting rows"));
    }
    struct segment_entry *entry = entry_of(state, &record.segment);
    if (entry == NULL || entry->leaving || entry->deleting || entry->detached || entry->rewritten ||
        entry->segment.table_id != record.table_id) {
        err = err_new(ERR_LOGICAL,
                      "rows of the segment at %" PRIu64 " of pack %" PRIu64 " cannot be deleted from table %" PRIu64
                      ": %s",
                      record.segment.offset, record.segment.pack, record.table_id,
                      entry == NULL     ? "no live segment has this name"
                      : entry->leaving  ? "another commit removes it"
                      : entry->deleting ? "another commit deletes rows of it"
                      : entry->detached ? "it is detached"
                                        : "it belongs to another table");
        goto done;
    }
    const struct ledger_deleted *before = &entry->segment.deleted, *after = &record.deleted;
    if (after->pack == 0 || after->length == 0 || after->row_count <= before->row_count ||
        after->row_count >= entry->segment.row_count) {
        err = err_new(ERR_LOGICAL,
                      "row conservation: of the segment at %" PRIu64 " of pack %" PRIu64 " with %" PRIu64
                      " rows, %" PRIu64 " are deleted, and then %" PRIu64,
                      record.segment.offset, record.segment.pack, entry->segment.row_count, before->row_count,
                      after->row_count);
        goto done;
    }
    struct stage_tally *tally = stage_tally(stage, record.table_id);
    if (tally == NULL || !stage_undo_push(stage, UNDO_SEGMENT_DELETING, entry, 0, 0)) {
        err = err_oom();
        goto done;
    }
    tally->deleted_rows += after->row_count - before->row_count;
    tally->deleted_sum += after->row_sum - before->row_sum;
    entry->deleting = true;
    if (after->pack > state->pack_max) {
        state->pack_max = after->pack; /* not undone: a number is never used twice */
    }
done:
    return err;
}

struct err *deleted_publish(struct ledger_state *state, struct slice payload, bool checkpoint,
                            const struct commit_info *commit)
{
    struct rows_deleted record;
    struct err *err = record_decode_deleted(payload, &record);
    ASSERT(err == NULL); /* staged before */
    struct segment_entry *entry = entry_of(state, &record.segment);

    ASSERT(entry != NULL && entry->deleting && entry->visible);
    err = segment_pack_take(state, record.deleted.pack);
    if (err != NULL) {
        return err;
    }
    if (entry->segment.deleted.row_count > 0) {
        segment_pack_release(state, entry->segment.deleted.pack);
    }
    const struct ledger_removal removal = {.table_id = record.table_id,
                                           .reason = REMOVAL_DELETE,
                                           .removed_rows = record.deleted.row_count - entry->segment.deleted.row_count,
                                           .removed_sum = record.deleted.row_sum - entry->segment.deleted.row_sum};
    state->rows_live -= removal.removed_rows;
    entry->segment.deleted = record.deleted;
    entry->deleting = false;
    return checkpoint ? NULL : removals_note(state, &removal, commit);
}

struct err *changed_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit)
{
    struct rows_changed record;
    struct err *err = record_decode_changed(payload, &record);
    ASSERT(err == NULL); /* staged before */
    const struct ledger_removal removal = {.table_id = record.table_id,
                                           .reason = REMOVAL_UPDATE,
                                           .added_rows = record.row_count,
                                           .added_sum = record.new_sum};
    return removals_become(state, &removal, commit);
}

struct err *expired_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit)
{
    struct rows_expired record;
    struct err *err = record_decode_expired(payload, &record);
    ASSERT(err == NULL); /* staged before */
    const struct ledger_removal removal = {.table_id = record.table_id,
                                           .reason = REMOVAL_TTL,
                                           .added_rows = record.new_row_count,
                                           .added_sum = record.new_sum};
    return removals_become(state, &removal, commit);
}

struct err *merge_adds_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit)
{
    struct merge_adds record;
    struct err *err = record_decode_merge_adds(payload, &record);
    ASSERT(err == NULL); /* staged before */
    const struct ledger_removal removal = {.table_id = record.table_id,
                                           .reason = REMOVAL_MERGE,
                                           .added_rows = record.row_count,
                                           .added_sum = record.row_sum};
    return removals_note(state, &removal, commit);
}

/* The rows that the commit has deleted so far, all of them, are those that others stand for: no other record's. */
static bool deleted_become(struct stage_tally *tally, uint64_t rows, unsigned __int128 sum)
{
    if (rows == 0 || rows != tally->deleted_rows || sum != tally->deleted_sum || tally->outputs_left > 0 ||
        tally->merge_rows != 0) {
        return false;
    }
    tally->deleted_rows = 0;
    tally->deleted_sum = 0;
    return true;
}

struct err *changed_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct rows_changed record;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_changed(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    struct stage_tally *tally = stage_tally(stage, record.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    if (record.output_count == 0 || !deleted_become(tally, record.row_count, record.old_sum)) {
        err = err_new(ERR_LOGICAL,
                      "row conservation: %" PRIu64 " rows of table %" PRIu64 " change, the commit deletes %" PRIu64
                      "; or their row sums differ",
                      record.row_count, record.table_id, tally->deleted_rows);
        goto done;
    }
    tally->outputs_left = record.output_count;
    tally->merge_rows = record.row_count;
    tally->merge_sum = record.new_sum;
done:
    return err;
}

struct err *expired_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct rows_expired record;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_expired(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    struct stage_tally *tally = stage_tally(stage, record.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    bool nothing = record.new_row_count == 0;
    if (record.new_row_count > record.row_count || nothing != (record.output_count == 0) ||
        (nothing && record.new_sum != 0) || !deleted_become(tally, record.row_count, record.old_sum)) {
        err = err_new(ERR_LOGICAL,
                      "row conservation: %" PRIu64 " rows of table %" PRIu64 " expire and leave %" PRIu64
                      ", the commit deletes %" PRIu64 "; or their row sums differ",
                      record.row_count, record.table_id, record.new_row_count, tally->deleted_rows);
        goto done;
    }
    tally->outputs_left = record.output_count;
    tally->merge_rows = record.new_row_count;
    tally->merge_sum = record.new_sum;
done:
    return err;
}

struct err *merge_adds_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct merge_adds record;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_merge_adds(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    struct stage_tally *tally = stage_tally(stage, record.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    if (record.row_count == 0 || tally->added_rows != 0 || tally->outputs_left > 0) {
        err = err_new(ERR_LOGICAL, "rows that a merge in table %" PRIu64 " makes are told twice, or within another",
                      record.table_id);
        goto done;
    }
    tally->added_rows = record.row_count;
    tally->added_sum = record.row_sum;
done:
    return err;
}
