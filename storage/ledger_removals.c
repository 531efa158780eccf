/*
 * ledger_removals.c: what became of rows whose coverage stays: when they left their table, why, and by which commit.
 *
 * flow     publishing of removals, deletions, changes, merges and repairs → here; ledger_state_encode → here;
 *          system.offset_ledger reads it
 * bounded  REMOVALS_MAX rows of a table: when they are as many, the older half is merged by reason, in the order of
 *          reasons, each with the last one's commit
 * merges   count if their rows and those that they make are not the same. A commit has one row of each reason.
 */
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <stdlib.h>
#include <string.h>

static void add(struct ledger_removal *to, const struct ledger_removal *from)
{
    to->removed_rows += from->removed_rows;
    to->removed_sum += from->removed_sum;
    to->added_rows += from->added_rows;
    to->added_sum += from->added_sum;
}

static void fold(struct table_entry *table)
{
    struct ledger_removal merged[REMOVAL_REASONS] = {0};
    uint32_t count = 0, half = table->removal_count / 2;

    for (uint32_t i = 0; i < half; i++) {
        const struct ledger_removal *one = &table->removals[i];
        struct ledger_removal *to = &merged[one->reason];
        struct ledger_removal all = *one;
        all.commit_count =
            one->commit_count > UINT32_MAX - to->commit_count ? UINT32_MAX : one->commit_count + to->commit_count;
        add(&all, to);
        *to = all;
    }
    for (uint32_t reason = 0; reason < REMOVAL_REASONS; reason++) {
        if (merged[reason].commit_count > 0) {
            table->removals[count++] = merged[reason];
        }
    }
    memmove(&table->removals[count], &table->removals[half], (table->removal_count - half) * sizeof(*table->removals));
    table->removal_count -= half - count;
}

static struct err *room(struct table_entry *table)
{
    if (table->removals == NULL) {
        table->removals = calloc(REMOVALS_MAX, sizeof(*table->removals));
    }
    return table->removals == NULL ? err_oom() : NULL;
}

/* The row of this commit with this reason, or NULL. */
static struct ledger_removal *of_commit(struct table_entry *table, enum removal_reason reason,
                                        const struct commit_info *commit)
{
    for (uint32_t i = table->removal_count; i > 0 && table->removals[i - 1].commit == commit->number; i--) {
        if (table->removals[i - 1].commit_count == 1 && table->removals[i - 1].reason == reason) {
            return &table->removals[i - 1];
        }
    }
    return NULL;
}

struct err *removals_become(struct ledger_state *state, const struct ledger_removal *removal,
                            const struct commit_info *commit)
{
    struct table_entry *table = state_table(state, removal->table_id);
    struct ledger_removal *deleted = table == NULL ? NULL : of_commit(table, REMOVAL_DELETE, commit);
    struct ledger_removal whole = *removal;

    if (deleted != NULL) { /* the rows are one of another reason */
        uint32_t at = (uint32_t)(deleted - table->removals);
        add(&whole, deleted);
        memmove(deleted, deleted + 1, (table->removal_count - at - 1) * sizeof *deleted);
        table->removal_count--;
    }
    return removals_note(state, &whole, commit);
}

struct err *removals_note(struct ledger_state *state, const struct ledger_removal *removal,
                          const struct commit_info *commit)
{
    struct err *err = NULL;
    struct table_entry *table = state_table(state, removal->table_id);

    if (table == NULL || (removal->removed_rows == 0 && removal->added_rows == 0)) {
        return NULL;
    }
    OR_DONE(room(table));
    struct ledger_removal *before = of_commit(table, removal->reason, commit);
    if (before != NULL) {
        add(before, removal);
        goto done;
    }
    if (table->removal_count == REMOVALS_MAX) {
        fold(table);
    }
    struct ledger_removal *row = &table->removals[table->removal_count++];
    *row = *removal;
    row->commit_count = 1;
    row->commit = commit->number;
    row->committed_at_us = commit->time_us;
    memcpy(row->hash, commit->hash, sizeof row->hash);
done:
    return err;
}

void removals_forget(struct ledger_state *state)
{
    struct table_entry *table;
    size_t position = 0;
    while ((table = map_next(&state->tables, &position)) != NULL) {
        table->removal_count = 0;
    }
}

/* ---- in checkpoints */

void removals_encode(struct record_out *out, const struct table_entry *table)
{
    if (table->removal_count == 0) {
        return;
    }
    size_t begin = record_begin(out, LEDGER_REMOVALS);
    record_put_varint(out, table->id);
    record_put_varint(out, table->removal_count);
    for (uint32_t i = 0; i < table->removal_count; i++) {
        const struct ledger_removal *row = &table->removals[i];
        record_put_varint(out, row->reason);
        record_put_varint(out, row->removed_rows);
        record_put_u128(out, row->removed_sum);
        record_put_varint(out, row->added_rows);
        record_put_u128(out, row->added_sum);
        record_put_varint(out, row->commit_count);
        record_put_varint(out, row->commit);
        record_put_signed(out, row->committed_at_us);
        record_put(out, row->hash, sizeof row->hash);
    }
    record_end(out, begin);
}

/* rows: REMOVALS_MAX of room; NULL: only checked. */
static struct err *decode(struct slice payload, uint64_t *table_id, struct ledger_removal *rows, uint32_t *count)
{
    struct record_in in = record_in_of(payload);

    *table_id = record_get_varint(&in);
    *count = record_get_varint32(&in);
    in.bad = in.bad || *count == 0 || *count > REMOVALS_MAX;
    for (uint32_t i = 0; i < *count && !in.bad; i++) {
        struct ledger_removal row = {.table_id = *table_id};
        uint32_t reason = record_get_varint32(&in);
        row.removed_rows = record_get_varint(&in);
        row.removed_sum = record_get_u128(&in);
        row.added_rows = record_get_varint(&in);
        row.added_sum = record_get_u128(&in);
        row.commit_count = record_get_varint32(&in);
        row.commit = record_get_varint(&in);
        row.committed_at_us = record_get_signed(&in);
        record_get(&in, row.hash, sizeof row.hash);
        in.bad = in.bad || reason == 0 || reason >= REMOVAL_REASONS || row.commit_count == 0;
        row.reason = (enum removal_reason)reason;
        if (rows != NULL) {
            rows[i] = row;
        }
    }
    return record_in_end(&in, "the record of rows that left a table");
}

struct err *removals_stage(struct ledger_state *state, const struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct table_entry *table = NULL;
    uint64_t table_id = 0;
    uint32_t count = 0;

    OR_DONE(decode(payload, &table_id, NULL, &count));
    if (!stage->checkpoint) {
        err = err_new(ERR_LOGICAL, "the record of rows that left a table stands outside a checkpoint");
        goto done;
    }
    err = state_table_check(state, table_id, &table);
done:
    return err;
}

struct err *removals_publish(struct ledger_state *state, struct slice payload)
{
    uint64_t table_id = 0;
    uint32_t count = 0;
    struct err *err = decode(payload, &table_id, NULL, &count);
    ASSERT(err == NULL); /* staged before */
    struct table_entry *table = state_table(state, table_id);
    ASSERT(table != NULL);
    OR_DONE(room(table));
    OR_DONE(decode(payload, &table_id, table->removals, &count));
    table->removal_count = count;
done:
    return err;
}

/* ---- reading */

static int removal_compare(const void *left, const void *right)
{
    const struct ledger_removal *a = left, *b = right;
    return a->table_id != b->table_id ? (a->table_id < b->table_id ? -1 : 1)
           : a->commit != b->commit   ? (a->commit < b->commit ? -1 : 1)
                                      : (a->reason > b->reason) - (a->reason < b->reason);
}

struct err *ledger_removals(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_removal **out,
                            uint32_t *count)
{
    struct err *err = NULL;
    const struct ledger_state *state = ledger_state_lock(ledger);
    const struct table_entry *table;
    size_t position = 0, all = 0;

    *count = 0;
    while ((table = map_next(&state->tables, &position)) != NULL) {
        all += table->removal_count;
    }
    *out = ARENA_ARRAY(arena, struct ledger_removal, all + 1);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    position = 0;
    while ((table = map_next(&state->tables, &position)) != NULL) {
        if (table->visible && table->removal_count > 0 && (table_id == 0 || table->id == table_id)) {
            memcpy(*out + *count, table->removals, table->removal_count * sizeof **out);
            *count += table->removal_count;
        }
    }
    if (*count > 1) {
        qsort(*out, *count, sizeof **out, removal_compare);
    }
done:
    ledger_state_unlock(ledger);
    return err;
}
