/*
 * ledger_segments.c: the live segments of all tables, and row conservation.
 *
 * flow     storage/ledger_state.c (stage, publish) → here
 * check    a merge: sum(inputs) − removed = sum(outputs), in rows and in the 128-bit sums of their hashes (mod 2^128).
 *          The outputs are the next output_count segments that the same commit adds to the table.
 * state    segment_entry: staged (invisible) → visible → leaving (a removal is staged) → gone
 */
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct map_key name_key(uint64_t pack, uint64_t offset)
{
    return (struct map_key){pack, offset, 0};
}

static struct err *segment_entry_new(const struct ledger_segment *segment, struct segment_entry **out)
{
    struct segment_entry *entry = calloc(1, sizeof *entry + segment->partition.length + 1);
    if (entry == NULL) {
        return err_oom();
    }
    entry->segment = *segment;
    if (segment->partition.length > 0) {
        memcpy(entry->partition, segment->partition.data, segment->partition.length);
    }
    entry->segment.partition = slice_of(entry->partition, segment->partition.length);
    entry->segment.codec = (struct slice){0};
    *out = entry;
    return NULL;
}

/* "3fa0…": the sums that errors show */
static void sum_text(unsigned __int128 sum, char text[33])
{
    (void)snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, (uint64_t)(sum >> 64), (uint64_t)sum);
}

struct err *segments_stage_add(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_segment segment;
    struct segment_entry *entry = NULL;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_segment(payload, &segment));
    OR_DONE(state_table_check(state, segment.table_id, &table));
    if (segment.pack == 0 || segment.length == 0 || segment.row_count == 0 || segment.schema_version == 0 ||
        segment.schema_version > table->version_staged) {
        err = err_new(ERR_LOGICAL,
                      "segment at %" PRIu64 " of pack %" PRIu64 " has %" PRIu64 " rows in %" PRIu64
                      " bytes of schema version %" PRIu32 "; the table's newest version is %" PRIu32,
                      segment.offset, segment.pack, segment.row_count, segment.length, segment.schema_version,
                      table->version_staged);
        goto done;
    }
    if ((segment.commit != 0) != stage->checkpoint) {
        err = err_new(ERR_LOGICAL, "segment at %" PRIu64 " of pack %" PRIu64 " claims to be of commit %" PRIu64,
                      segment.offset, segment.pack, segment.commit);
        goto done;
    }
    if (map_find(&state->segments, name_key(segment.pack, segment.offset)) != NULL) {
        err = err_new(ERR_LOGICAL, "segment at %" PRIu64 " of pack %" PRIu64 " is in the ledger already",
                      segment.offset, segment.pack);
        goto done;
    }
    if (!stage->checkpoint) {
        struct stage_tally *tally = stage_tally(stage, segment.table_id);
        if (tally == NULL) {
            err = err_oom();
            goto done;
        }
        if (tally->outputs_left > 0) {
            tally->outputs_left--;
            if (tally->rewritten_version != 0 && segment.schema_version != tally->rewritten_version) {
                err = err_new(ERR_LOGICAL,
                              "a merge's output at %" PRIu64 " of pack %" PRIu64 " has schema version %" PRIu32
                              ", its inputs were rewritten for %" PRIu32,
                              segment.offset, segment.pack, segment.schema_version, tally->rewritten_version);
                goto done;
            }
            if (segment.row_count > tally->merge_rows) {
                err = err_new(ERR_LOGICAL,
                              "row conservation: a merge's output at %" PRIu64 " of pack %" PRIu64 " has %" PRIu64
                              " rows, more than the %" PRIu64 " that its inputs left",
                              segment.offset, segment.pack, segment.row_count, tally->merge_rows);
                goto done;
            }
            tally->merge_rows -= segment.row_count;
            tally->merge_sum -= segment.row_sum;
        } else {
            tally->rows_added += segment.row_count;
            tally->sum_added += segment.row_sum;
            tally->segments_added++;
        }
    }
    OR_DONE(segment_entry_new(&segment, &entry));
    if (!map_insert(&state->segments, name_key(segment.pack, segment.offset), entry)) {
        free(entry);
        err = err_oom();
        goto done;
    }
    if (!stage_undo_push(stage, UNDO_SEGMENT_NEW, entry, 0, 0)) {
        segment_entry_remove(state, entry);
        err = err_oom();
        goto done;
    }
    if (segment.pack > state->pack_max) {
        state->pack_max = segment.pack; /* not undone: a number is never used twice */
    }
done:
    return err;
}

/* One more, or one less, of what lives in a pack. */
struct err *segment_pack_take(struct ledger_state *state, uint64_t number)
{
    struct pack_entry *pack = map_find(&state->packs, (struct map_key){number, 0, 0});

    if (pack == NULL) {
        pack = calloc(1, sizeof *pack);
        if (pack == NULL || !map_insert(&state->packs, (struct map_key){number, 0, 0}, pack)) {
            free(pack);
            return err_oom();
        }
        pack->pack = number;
    }
    pack->live++;
    if (number > state->pack_max_published) {
        state->pack_max_published = number;
    }
    return NULL;
}

void segment_pack_release(struct ledger_state *state, uint64_t number)
{
    struct pack_entry *pack = map_find(&state->packs, (struct map_key){number, 0, 0});

    ASSERT(pack != NULL && pack->live > 0);
    if (--pack->live == 0) {
        map_remove(&state->packs, (struct map_key){number, 0, 0});
        free(pack);
    }
}

void segment_entry_remove(struct ledger_state *state, struct segment_entry *entry)
{
    const struct ledger_segment *segment = &entry->segment;

    if (entry->visible) {
        segment_pack_release(state, segment->pack);
        if (segment->deleted.row_count > 0) {
            segment_pack_release(state, segment->deleted.pack);
        }
        if (entry->detached) {
            state->segments_detached--;
        } else {
            state->rows_live -= ledger_segment_live_rows(segment);
        }
    }
    map_remove(&state->segments, name_key(segment->pack, segment->offset));
    state->segments_damaged -= entry->damage != NULL ? 1 : 0;
    free(entry->damage);
    free(entry->codec);
    free(entry);
}

struct err *segments_publish_add(struct ledger_state *state, struct slice payload, bool checkpoint,
                                 const struct commit_info *commit)
{
    struct ledger_segment segment;
    struct err *err = record_decode_segment(payload, &segment);
    ASSERT(err == NULL); /* staged before */
    struct segment_entry *entry = map_find(&state->segments, name_key(segment.pack, segment.offset));

    ASSERT(entry != NULL && !entry->visible);
    err = segment_pack_take(state, segment.pack);
    if (err != NULL) {
        return err;
    }
    if (!checkpoint) {
        entry->segment.commit = commit->number;
        entry->segment.committed_at_us = commit->time_us;
    }
    entry->visible = true;
    state->rows_live += segment.row_count;
    return NULL;
}

/* ---- removal, and being set aside */

struct err *segment_stage_leave(struct ledger_state *state, struct stage *stage, uint64_t table_id,
                                const struct segment_name *name, bool detached, struct segment_entry **out)
{
    struct segment_entry *entry = map_find(&state->segments, name_key(name->pack, name->offset));

    /* in a checkpoint the list of its deleted rows stands before it is said to be detached */
    if (entry == NULL || entry->leaving || (entry->deleting && !stage->checkpoint) || entry->detached != detached ||
        entry->segment.table_id != table_id) {
        return err_new(ERR_LOGICAL, "segment at %" PRIu64 " of pack %" PRIu64 " cannot leave table %" PRIu64 ": %s",
                       name->offset, name->pack, table_id,
                       entry == NULL                 ? "no live segment has this name"
                       : entry->leaving              ? "another commit removes it"
                       : entry->deleting             ? "another commit deletes rows of it"
                       : entry->detached != detached ? (detached ? "it is not detached" : "it is detached")
                                                     : "it belongs to another table");
    }
    if (!stage_undo_push(stage, UNDO_SEGMENT_LEAVING, entry, 0, 0)) {
        return err_oom();
    }
    entry->leaving = true;
    *out = entry;
    return NULL;
}

struct err *segments_stage_move(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct segments_moved moved;
    struct table_entry *table = NULL;
    struct segment_entry *entry = NULL;

    OR_DONE(record_decode_moved(payload, stage->arena, &moved));
    OR_DONE(state_table_check(state, moved.table_id, &table));
    if (moved.move != MOVE_ATTACH) {
        OR_DONE(holds_check(table, moved.move == MOVE_DETACH ? "DETACH" : "DROP DETACHED"));
    }
    for (uint32_t i = 0; i < moved.segment_count; i++) {
        OR_DONE(
            segment_stage_leave(state, stage, moved.table_id, &moved.segments[i], moved.move != MOVE_DETACH, &entry));
    }
done:
    return err;
}

struct err *segments_publish_move(struct ledger_state *state, struct arena *arena, struct slice payload,
                                  const struct commit_info *commit)
{
    struct segments_moved moved;
    struct err *err = record_decode_moved(payload, arena, &moved);
    struct ledger_removal removal = {.table_id = moved.table_id, .reason = REMOVAL_DROP};

    for (uint32_t i = 0; err == NULL && i < moved.segment_count; i++) {
        struct segment_entry *entry =
            map_find(&state->segments, name_key(moved.segments[i].pack, moved.segments[i].offset));
        ASSERT(entry != NULL && entry->leaving && entry->visible);
        entry->leaving = false;
        if (moved.move == MOVE_DROP_DETACHED) {
            removal.removed_rows += ledger_segment_live_rows(&entry->segment);
            removal.removed_sum += entry->segment.row_sum - entry->segment.deleted.row_sum;
            segment_entry_remove(state, entry);
            continue;
        }
        entry->detached = moved.move == MOVE_DETACH;
        state->segments_detached += entry->detached ? 1 : (uint64_t)-1;
        uint64_t rows = ledger_segment_live_rows(&entry->segment);
        state->rows_live += entry->detached ? -rows : rows;
    }
    return err != NULL || moved.move != MOVE_DROP_DETACHED ? err : removals_note(state, &removal, commit);
}

struct err *segments_stage_rewritten(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct segment_rewritten rewritten;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_rewritten(payload, &rewritten));
    OR_DONE(state_table_check(state, rewritten.table_id, &table));
    struct segment_entry *entry =
        map_find(&state->segments, name_key(rewritten.segment.pack, rewritten.segment.offset));
    struct stage_tally *tally = stage_tally(stage, rewritten.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    if (entry == NULL || !entry->visible || entry->leaving || entry->deleting || entry->detached || entry->rewritten ||
        entry->segment.table_id != rewritten.table_id || rewritten.schema_version <= entry->segment.schema_version ||
        rewritten.schema_version > table->version_staged || tally->outputs_left > 0 ||
        (tally->rewritten > 0 && tally->rewritten_version != rewritten.schema_version)) {
        err = err_new(ERR_LOGICAL,
                      "segment at %" PRIu64 " of pack %" PRIu64 " of table %" PRIu64
                      " cannot be rewritten for schema version %" PRIu32,
                      rewritten.segment.offset, rewritten.segment.pack, rewritten.table_id, rewritten.schema_version);
        goto done;
    }
    if (!stage_undo_push(stage, UNDO_SEGMENT_REWRITTEN, entry, 0, 0)) {
        err = err_oom();
        goto done;
    }
    entry->rewritten = true;
    tally->rewritten++;
    tally->rewritten_version = rewritten.schema_version;
    tally->rewritten_sum += rewritten.row_sum - (entry->segment.row_sum - entry->segment.deleted.row_sum);
done:
    return err;
}

struct err *segments_stage_remove(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct segments_removed removed;
    struct table_entry *table = NULL;
    uint64_t rows = 0;
    uint32_t rewritten = 0;
    unsigned __int128 sum = 0;

    OR_DONE(record_decode_removed(payload, stage->arena, &removed));
    OR_DONE(state_table_check(state, removed.table_id, &table));
    if (removed.reason != REMOVE_MERGE && removed.reason != REMOVE_REPLACE && removed.reason != REMOVE_DELETED &&
        (removed.output_count != 0 || removed.removed_row_sum != 0)) {
        err = err_new(ERR_LOGICAL, "segments that leave without a merge cannot have outputs");
        goto done;
    }
    if (removed.reason != REMOVE_MERGE && removed.segment_count > 0) {
        OR_DONE(holds_check(table, removed.reason == REMOVE_TTL ? "retention" : "removing rows"));
    }
    for (uint32_t i = 0; i < removed.segment_count; i++) {
        struct segment_entry *entry = NULL;
        OR_DONE(segment_stage_leave(state, stage, removed.table_id, &removed.segments[i], false, &entry));
        rewritten += entry->rewritten ? 1 : 0;
        rows += ledger_segment_live_rows(&entry->segment);
        sum += entry->segment.row_sum - entry->segment.deleted.row_sum;
    }
    struct stage_tally *tally = stage_tally(stage, removed.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    if (rewritten != tally->rewritten || (rewritten > 0 && removed.reason != REMOVE_MERGE)) {
        err = err_new(ERR_LOGICAL, "%" PRIu32 " segments of table %" PRIu64 " were rewritten, the merge has %" PRIu32,
                      tally->rewritten, removed.table_id, rewritten);
        goto done;
    }
    tally->rewritten_version = rewritten > 0 ? tally->rewritten_version : 0;
    if (removed.reason == REMOVE_DELETED) {
        if (removed.removed_row_count != rows || removed.removed_row_sum != sum || removed.output_count != 0) {
            err = err_new(ERR_LOGICAL,
                          "row conservation: %" PRIu32 " segments with %" PRIu64
                          " rows leave as deleted, the record says %" PRIu64 "; or their row sums differ",
                          removed.segment_count, rows, removed.removed_row_count);
            goto done;
        }
        tally->deleted_rows += rows;
        tally->deleted_sum += sum;
    } else if (removed.reason != REMOVE_MERGE) {
        tally->rows_added += removed.removed_row_count;
    } else {
        if (removed.removed_row_count > rows) {
            err = err_new(ERR_LOGICAL,
                          "row conservation: a merge of %" PRIu32 " segments with %" PRIu64 " rows removes %" PRIu64,
                          removed.segment_count, rows, removed.removed_row_count);
            goto done;
        }
        if (tally->outputs_left > 0) {
            err = err_new(ERR_LOGICAL, "a merge begins before the last one of its table has all its outputs");
            goto done;
        }
        rows += tally->added_rows - removed.removed_row_count;
        sum += tally->rewritten_sum + tally->added_sum - removed.removed_row_sum;
        tally->rewritten = 0;
        tally->rewritten_sum = 0;
        tally->added_rows = 0;
        tally->added_sum = 0;
        if (tally->merge_rows != 0 || tally->merge_sum != 0 || (removed.output_count == 0 && (rows != 0 || sum != 0))) {
            char text[33];
            sum_text(tally->merge_sum + sum, text);
            err = err_new(ERR_LOGICAL,
                          "row conservation: a merge of %" PRIu32 " segments loses %" PRIu64 " rows (sum %s)",
                          removed.segment_count, tally->merge_rows + rows, text);
            goto done;
        }
        tally->outputs_left = removed.output_count;
        tally->merge_rows = rows;
        tally->merge_sum = sum;
    }
done:
    return err;
}

struct err *ledger_state_stage_end(struct ledger_state *state, struct stage *stage)
{
    (void)state;
    for (uint32_t i = 0; i < stage->tally_count; i++) {
        const struct stage_tally *tally = &stage->tallies[i];
        if (tally->outputs_left > 0) {
            return err_new(ERR_LOGICAL,
                           "row conservation: %" PRIu32 " outputs of a merge in table %" PRIu64 " are missing",
                           tally->outputs_left, tally->table_id);
        }
        if (tally->rewritten > 0) {
            return err_new(ERR_LOGICAL, "%" PRIu32 " segments of table %" PRIu64 " were rewritten for no merge",
                           tally->rewritten, tally->table_id);
        }
        if (tally->merge_rows != 0 || tally->merge_sum != 0) {
            char text[33];
            sum_text(tally->merge_sum, text);
            return err_new(ERR_LOGICAL,
                           "row conservation: a merge in table %" PRIu64 " loses %" PRIu64
                           " rows; inputs − removed − outputs leaves the row sum %s",
                           tally->table_id, tally->merge_rows, text);
        }
        if (tally->restored) {
            struct err *err = restored_check(tally);
            if (err != NULL) {
                return err;
            }
        }
        if (tally->added_rows != 0) {
            return err_new(ERR_LOGICAL, "rows that a merge in table %" PRIu64 " makes have no merge", tally->table_id);
        }
        if (tally->rows_claimed > tally->rows_added) {
            return err_new(ERR_LOGICAL,
                           "coverage says that %" PRIu64 " rows of table %" PRIu64
                           " are stored, the segments of the commit hold %" PRIu64,
                           tally->rows_claimed, tally->table_id, tally->rows_added);
        }
    }
    return NULL;
}

struct err *segments_publish_remove(struct ledger_state *state, struct arena *arena, struct slice payload,
                                    const struct commit_info *commit)
{
    static const enum removal_reason reasons[] = {
        [REMOVE_MERGE] = REMOVAL_MERGE, [REMOVE_TTL] = REMOVAL_TTL,         [REMOVE_TRUNCATE] = REMOVAL_TRUNCATE,
        [REMOVE_DROP] = REMOVAL_DROP,   [REMOVE_REPLACE] = REMOVAL_REPLACE, [REMOVE_DELETED] = REMOVAL_DELETE,
    };
    struct segments_removed removed;
    struct err *err = record_decode_removed(payload, arena, &removed);
    if (err != NULL) {
        return err;
    }
    bool counted = removed.reason != REMOVE_MERGE && removed.reason != REMOVE_DELETED;
    struct ledger_removal removal = {.table_id = removed.table_id,
                                     .reason = reasons[removed.reason],
                                     .removed_rows = removed.removed_row_count,
                                     .removed_sum = removed.removed_row_sum};
    state->merges_checked += removed.reason == REMOVE_MERGE ? 1 : 0;
    for (uint32_t i = 0; i < removed.segment_count; i++) {
        struct segment_entry *entry =
            map_find(&state->segments, name_key(removed.segments[i].pack, removed.segments[i].offset));
        ASSERT(entry != NULL && entry->leaving);
        removal.removed_rows += counted ? ledger_segment_live_rows(&entry->segment) : 0;
        removal.removed_sum += counted ? entry->segment.row_sum - entry->segment.deleted.row_sum : 0;
        segment_entry_remove(state, entry);
    }
    return removals_note(state, &removal, commit);
}

/* In portions: a removal moves the slots that follow it. */
void segments_drop_table(struct ledger_state *state, uint64_t table_id)
{
    struct segment_entry *entry = NULL;

    do {
        struct segment_entry *batch[256];
        size_t count = 0;
        size_t position = 0;
        while (count < sizeof batch / sizeof batch[0] && (entry = map_next(&state->segments, &position)) != NULL) {
            if (entry->segment.table_id == table_id) {
                batch[count++] = entry;
            }
        }
        for (size_t i = 0; i < count; i++) {
            segment_entry_remove(state, batch[i]);
        }
    } while (entry != NULL);
}
