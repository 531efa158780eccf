/*
 * ledger_restored.c: the record that says from which backup a table was made, and what must be in it.
 *
 * flow     storage/ledger_state.c → here
 * rule     the commit adds exactly the segments, rows and row sum that the record states
 */
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void record_encode_restored(struct record_out *out, const struct ledger_restored *restored)
{
    size_t begin = record_begin(out, LEDGER_RESTORED);

    record_put_varint(out, restored->table_id);
    record_put(out, restored->backup_id, sizeof restored->backup_id);
    record_put_text(out, restored->backup_name);
    record_put(out, restored->store_id, sizeof restored->store_id);
    record_put_varint(out, restored->table_id_there);
    record_put_varint(out, restored->commit);
    record_put_signed(out, restored->time_us);
    record_put(out, restored->hash, sizeof restored->hash);
    record_put_varint(out, restored->segment_count);
    record_put_varint(out, restored->row_count);
    record_put_u128(out, restored->row_sum);
    record_end(out, begin);
}

struct err *record_decode_restored(struct slice payload, struct ledger_restored *restored)
{
    struct record_in in = record_in_of(payload);

    *restored = (struct ledger_restored){.table_id = record_get_varint(&in)};
    record_get(&in, restored->backup_id, sizeof restored->backup_id);
    restored->backup_name = record_get_text(&in);
    record_get(&in, restored->store_id, sizeof restored->store_id);
    restored->table_id_there = record_get_varint(&in);
    restored->commit = record_get_varint(&in);
    restored->time_us = record_get_signed(&in);
    record_get(&in, restored->hash, sizeof restored->hash);
    restored->segment_count = record_get_varint32(&in);
    restored->row_count = record_get_varint(&in);
    restored->row_sum = record_get_u128(&in);
    return record_in_end(&in, "the record of a restored table");
}

struct err *restored_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_restored restored;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_restored(payload, &restored));
    OR_DONE(state_table_check(state, restored.table_id, &table));
    struct stage_tally *tally = stage_tally(stage, restored.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    if (table->restored != NULL || tally->restored) {
        err = err_new(ERR_LOGICAL, "table %" PRIu64 " is restored twice", restored.table_id);
        goto done;
    }
    if (!stage->checkpoint) {
        tally->restored = true;
        tally->expected = restored;
        tally->expected.backup_name = (struct slice){0};
    }
done:
    return err;
}

struct err *restored_check(const struct stage_tally *tally)
{
    const struct ledger_restored *expected = &tally->expected;
    if (tally->segments_added == expected->segment_count && tally->rows_added == expected->row_count &&
        tally->sum_added == expected->row_sum) {
        return NULL;
    }
    return err_new(ERR_LOGICAL,
                   "row conservation: table %" PRIu64 " is restored with %" PRIu32 " segments and %" PRIu64
                   " rows; its record says %" PRIu32 " and %" PRIu64 "%s",
                   tally->table_id, tally->segments_added, tally->rows_added, expected->segment_count,
                   expected->row_count,
                   tally->rows_added == expected->row_count ? ", and perhaps another row sum" : "");
}

/* A copy with its name behind it. */
static struct ledger_restored *restored_copy(const struct ledger_restored *restored)
{
    struct ledger_restored *copy = malloc(sizeof *copy + restored->backup_name.length + 1);
    if (copy != NULL) {
        char *name = (char *)(copy + 1);
        *copy = *restored;
        if (restored->backup_name.length > 0) {
            memcpy(name, restored->backup_name.data, restored->backup_name.length);
        }
        copy->backup_name = slice_of(name, restored->backup_name.length);
    }
    return copy;
}

struct err *restored_publish(struct ledger_state *state, struct slice payload)
{
    struct ledger_restored restored;
    struct err *err = record_decode_restored(payload, &restored);
    ASSERT(err == NULL); /* staged before */
    struct table_entry *table = state_table(state, restored.table_id);
    ASSERT(table != NULL);
    free(table->restored);
    table->restored = restored_copy(&restored);
    return table->restored == NULL ? err_oom() : NULL;
}

struct err *ledger_restored(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_restored *out,
                            bool *found)
{
    struct err *err = NULL;
    const struct ledger_state *state = ledger_state_lock(ledger);
    const struct table_entry *table = state_table(state, table_id);
    *found = table != NULL && table->visible && table->restored != NULL;
    if (*found) {
        *out = *table->restored;
        out->backup_name = arena_slice(arena, out->backup_name);
        err = out->backup_name.data == NULL ? arena_error(arena) : NULL;
    }
    ledger_state_unlock(ledger);
    return err;
}
