/*
 * repair.c: rows of a damaged segment come back in new ones.
 *
 * flow     server/repair.c → here → repair_find.c (which messages), row_pack.c → pack → ledger_commit →
 *          table_change_apply
 * owns     the table's turn of mutations between begin and end; the pack until the ledger names it
 * order    pack synced, ledger committed, version swapped: under tables->commits, exclusively
 */
#include "storage/repair.h"

#include "base/interrupt.h"
#include "base/log.h"
#include "storage/combining.h"
#include "storage/merge.h"
#include "storage/quarantine.h"
#include "storage/repair_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- begin, end */

static struct table_segment *find(const struct table_version *version, const struct segment_name *name)
{
    for (uint32_t i = 0; i < version->segment_count; i++) {
        const struct ledger_segment *info = &version->segments[i]->info;
        if (info->pack == name->pack && info->offset == name->offset) {
            return version->segments[i];
        }
    }
    return NULL;
}

/* Footer and deletions, as far as they can be read. */
static struct err *open_segment(struct repair *repair)
{
    struct err *err = table_segment_open(repair->segment, &repair->reader);
    if (err_code(err) == ERR_OOM || err_code(err) == ERR_MEMORY_LIMIT || err_code(err) == ERR_QUERY_CANCELLED) {
        return err;
    }
    repair->reader = err == NULL ? repair->reader : NULL;
    err_free(err);
    err = table_segment_deleted(repair->segment, &repair->deleted);
    if (quarantine_is_damage(err) || err_code(err) == ERR_OPEN_FILE || err_code(err) == ERR_IO) {
        err_free(err);
        err = NULL;
        repair->hopeless = "the list of its deleted rows is damaged, too: they would come back";
    }
    return err;
}

struct err *repair_begin(struct table *table, const struct segment_name *segment, bool without_unknown,
                         struct arena *arena, struct budget *budget, struct repair **out)
{
    struct err *err = NULL;
    enum combining_kind combining;
    struct repair *repair = calloc(1, sizeof(*repair));

    *out = NULL;
    if (repair == NULL) {
        return err_oom();
    }
    err = table_turn_take(table);
    if (err != NULL) {
        free(repair);
        return err;
    }
    repair->table = table_ref(table);
    repair->arena = arena;
    repair->without_unknown = without_unknown;
    repair->version = table_version_take(table);
    struct table_segment *found = find(repair->version, segment);
    if (found == NULL || table_segment_damage(found) == NULL) {
        goto done;
    }
    repair->segment = table_segment_ref(found);
    const struct ledger_segment *info = &found->info;
    repair->def = catalogue_table_version(table->store->catalogue, table->id, info->schema_version);
    if (repair->def == NULL) {
        err = err_new(ERR_LOGICAL, "schema version %" PRIu32 " of table %" PRIu64 " is not known", info->schema_version,
                      table->id);
        goto done;
    }
    OR_DONE(table_program_need(table, repair->def));
    repair->pack = (struct row_pack){.table = table, .arena = arena, .budget = budget, .def = repair->def};
    if (engine_combines(repair->def->engine, &combining)) {
        repair->pack.place = row_pack_place_of(info);
    }
    repair->granule_count = (uint32_t)((info->row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX);
    repair->granules = ARENA_ARRAY(arena, uint8_t, (size_t)repair->granule_count + 1);
    if (repair->granules == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(open_segment(repair));
    if (repair->hopeless == NULL) {
        OR_DONE(repair_find(repair));
    }
    *out = repair;
    repair = NULL;
done:
    repair_end(repair);
    return err;
}

void repair_end(struct repair *repair)
{
    if (repair == NULL) {
        return;
    }
    row_pack_deinit(&repair->pack);
    segment_unref(repair->reader);
    table_segment_unref(repair->segment);
    table_version_unref(repair->version);
    table_def_unref(repair->def);
    table_turn_give(repair->table);
    table_unref(repair->table);
    free(repair);
}

const struct table_def *repair_def(const struct repair *repair)
{
    return repair->def;
}

const struct repair_range *repair_ranges(const struct repair *repair, uint32_t *count)
{
    *count = repair->range_count;
    return repair->ranges;
}

/* ---- what became of rows */

static struct err *note(struct repair *repair, enum repair_status status, const struct address *address, int64_t last,
                        uint64_t rows, const char *why)
{
    struct repair_entry *before = repair->entry_count == 0 ? NULL : &repair->entries[repair->entry_count - 1];
    bool same = before != NULL && address != NULL && before->addressed && before->status == status &&
                before->stream == address->stream && before->partition == address->partition && before->why == why;
    if (same && address->offset >= before->first &&
        (address->offset <= before->last + 1 || repair->entry_count >= REPAIR_ENTRIES_MAX)) {
        before->last = last > before->last ? last : before->last;
        before->rows += rows;
        return NULL;
    }
    if (repair->entries == NULL || repair->entry_count == repair->entry_capacity) {
        uint32_t larger = repair->entry_capacity == 0 ? 64 : repair->entry_capacity * 2;
        struct repair_entry *grown = ARENA_ARRAY(repair->arena, struct repair_entry, larger);
        if (grown == NULL) {
            return arena_error(repair->arena);
        }
        if (repair->entries != NULL) {
            memcpy(grown, repair->entries, repair->entry_count * sizeof(*grown));
        }
        repair->entries = grown;
        repair->entry_capacity = larger;
    }
    struct repair_entry *entry = &repair->entries[repair->entry_count++];
    *entry = (struct repair_entry){.status = status, .addressed = address != NULL, .rows = rows, .why = why};
    if (address != NULL) {
        entry->stream = address->stream;
        entry->partition = address->partition;
        entry->first = address->offset;
        entry->last = last;
    }
    return NULL;
}

struct err *repair_absent(struct repair *repair, const struct repair_range *range, const char *why)
{
    struct err *err = NULL;
    const struct address first = {range->stream, range->first, range->partition};
    const struct address end = {range->stream, range->end, range->partition};
    uint32_t low = 0, high = repair->wanted_count;
    bool known = false;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool before = address_compare(&repair->wanted[middle].address, &first) < 0;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    for (; low < repair->wanted_count && address_compare(&repair->wanted[low].address, &end) < 0; low++) {
        struct wanted *wanted = &repair->wanted[low];
        known = true;
        if (wanted->deleted == 0 && wanted->got == 0) {
            OR_DONE(note(repair, REPAIR_MISSING, &wanted->address, wanted->address.offset, wanted->rows, why));
            wanted->told = true;
        }
    }
    if (!known) {
        err = note(repair, REPAIR_MISSING, &first, range->end - 1, 0, why);
    }
done:
    return err;
}

/* ---- rows */

/* Was this row of a message not lost? Each such row once. */
static struct err *met_elsewhere(struct repair *repair, struct arena *work, const struct chunk *rows, uint32_t row,
                                 uint32_t wanted, bool *met)
{
    struct err *err = NULL;
    unsigned __int128 hash = 0;
    const struct chunk *one = chunk_part(work, rows, row, row + 1);
    *met = false;
    if (one == NULL) {
        return arena_error(work);
    }
    OR_DONE(chunk_row_sum(work, one, &hash));
    uint32_t low = 0, high = repair->elsewhere_count; /* in the order of wanted */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool before = repair->elsewhere[middle].wanted < wanted;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    for (; low < repair->elsewhere_count && repair->elsewhere[low].wanted == wanted && !*met; low++) {
        struct elsewhere *other = &repair->elsewhere[low];
        if (!other->met && other->hash == hash) {
            other->met = *met = true;
        }
    }
done:
    return err;
}

/* Rows of other partitions are in other segments. *keep NULL: all are of this one. */
static struct err *rows_of_partition(struct repair *repair, struct arena *work, const struct chunk *rows,
                                     uint8_t **keep)
{
    struct err *err = NULL;
    const struct table_def *def = repair->def;
    struct slice mine = repair->segment->info.partition;
    struct column *values = NULL;
    struct table_program *program = table_program_of(repair->table, def);

    *keep = NULL;
    if (def->partition_by[0] == 0 || slice_equal(mine, slice_text("*"))) {
        return NULL;
    }
    *keep = ARENA_ARRAY(work, uint8_t, rows->row_count);
    if (*keep == NULL) {
        return arena_error(work);
    }
    OR_DONE(table_evaluate(def, program, work, TABLE_PARTITION_BY, 0, rows, &values));
    for (uint32_t row = 0; row < rows->row_count; row++) {
        struct slice text;
        OR_DONE(table_partition_text(def, program, work, values, row, &text));
        (*keep)[row] = slice_equal(text, mine) ? 1 : 0;
    }
done:
    return err;
}

bool repair_is_candidate(const struct repair *repair, const struct address *address)
{
    uint32_t low = 0, high = repair->candidate_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct repair_range *range = &repair->candidates[middle];
        const struct address first = {range->stream, range->first, range->partition};
        if (address_compare(address, &first) < 0) {
            high = middle;
        } else if (address->stream == range->stream && address->partition == range->partition &&
                   address->offset < range->end) {
            return true;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

struct err *repair_take(struct repair *repair, const struct chunk *rows)
{
    struct err *err = NULL;
    uint32_t first_hidden = repair->def->column_count, count = 0;
    struct arena *work = arena_beside(repair->arena);
    uint32_t *positions = work == NULL ? NULL : ARENA_ARRAY(work, uint32_t, rows->row_count + 1);
    uint8_t *keep = NULL;
    const struct addresses addresses = {rows->columns[first_hidden + COLUMN_STREAM],
                                        rows->columns[first_hidden + COLUMN_PARTITION],
                                        rows->columns[first_hidden + COLUMN_OFFSET]};

    if (positions == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(repair_lateness_give(repair, work, &rows));
    OR_DONE(rows_of_partition(repair, work, rows, &keep));
    for (uint32_t row = 0; row < rows->row_count; row++) {
        struct address address = address_of(&addresses, row);
        struct wanted *wanted = keep != NULL && keep[row] == 0 ? NULL : repair_wanted(repair, &address);
        bool met = false;
        if (wanted != NULL && wanted->elsewhere) {
            OR_DONE(met_elsewhere(repair, work, rows, row, (uint32_t)(wanted - repair->wanted), &met));
        }
        if ((keep != NULL && keep[row] == 0) || met || (wanted == NULL && !repair_is_candidate(repair, &address))) {
            continue;
        }
        if (wanted != NULL && (wanted->deleted > 0 || wanted->got >= wanted->rows)) {
            wanted->got++; /* which of them were deleted is not known, or there are more than there were */
            continue;
        }
        if (wanted != NULL) {
            wanted->got++;
        } else {
            repair->unknown_got++;
        }
        positions[count++] = row;
        OR_DONE(note(repair, REPAIR_REPAIRED, &address, address.offset, 1, NULL));
    }
    if (count > 0) {
        const struct chunk *mine = chunk_take(work, rows, positions, count);
        err = mine == NULL ? arena_error(work) : row_pack_add(&repair->pack, mine);
    }
done:
    arena_destroy(work);
    return err;
}

/* Rows that the segment still gives. */
static struct err *keep_rows(struct repair *repair)
{
    struct err *err = NULL;
    struct arena *work = arena_beside(repair->arena);
    if (work == NULL) {
        return err_oom();
    }
    for (uint32_t g = 0; g < repair->granule_count; g++) {
        struct chunk *chunk = NULL;
        if (repair->granules[g] != GRANULE_WHOLE) {
            continue;
        }
        OR_DONE(interrupt_check());
        arena_reset(work);
        OR_DONE(repair_granule(repair, work, g, &chunk));
        if (repair->deleted != NULL && row_set_count_in(repair->deleted, g) > 0) {
            uint32_t *positions = ARENA_ARRAY(work, uint32_t, chunk->row_count);
            if (positions == NULL) {
                err = arena_error(work);
                goto done;
            }
            uint32_t count = row_set_rows(repair->deleted, g, chunk->row_count, false, positions);
            if (count == 0) {
                continue;
            }
            chunk = chunk_take(work, chunk, positions, count);
            if (chunk == NULL) {
                err = arena_error(work);
                goto done;
            }
        }
        OR_DONE(row_pack_add(&repair->pack, chunk));
    }
done:
    arena_destroy(work);
    return err;
}

/* ---- finish */

/* Counts and names what did not come. *more: a message gives more rows than there were. */
static struct err *find_lost(struct repair *repair, uint64_t *lost, bool *more)
{
    struct err *err = NULL;
    *more = false;
    *lost = 0;
    for (uint32_t i = 0; i < repair->wanted_count; i++) {
        const struct wanted *wanted = &repair->wanted[i];
        uint32_t live = wanted->rows - wanted->deleted;
        bool mixed = wanted->deleted > 0 && live > 0;
        uint32_t came = mixed ? 0 : wanted->got < live ? wanted->got : live;
        *more = *more || (wanted->deleted == 0 && wanted->got > wanted->rows);
        *lost += live - came;
        if (live == came || wanted->told) {
            continue;
        }
        OR_DONE(note(repair, REPAIR_MISSING, &wanted->address, wanted->address.offset, live - came,
                     wanted->address.stream >> 32 == STREAM_INSERT_LOG
                         ? "its rows came by INSERT, and the insert log does not have them any more"
                     : mixed ? "of this message's rows some were deleted, and which is not known"
                             : "the message is not in the topic any more, or gives no such row"));
    }
    uint64_t unknown = repair->unknown - repair->unknown_deleted;
    if (unknown > repair->unknown_got) {
        *lost += unknown - repair->unknown_got;
        OR_DONE(note(repair, REPAIR_MISSING, NULL, 0, unknown - repair->unknown_got,
                     repair->unknown_deleted > 0 ? "some of these rows were deleted, and which is not known"
                                                 : "nothing tells which messages these rows came from"));
    }
done:
    return err;
}

static int entry_compare(const void *left, const void *right)
{
    const struct repair_entry *a = left, *b = right;
    const struct address at[2] = {{a->stream, a->first, a->partition}, {b->stream, b->first, b->partition}};
    return a->status != b->status         ? (a->status < b->status ? -1 : 1)
           : a->addressed != b->addressed ? (a->addressed ? -1 : 1)
                                          : address_compare(&at[0], &at[1]);
}

/* Why the rows that there are must not take the segment's place; NULL: they may. */
static const char *refusal(const struct repair *repair, const struct repair_options *options,
                           struct repair_outcome *out, bool more)
{
    uint64_t unknown = repair->unknown - repair->unknown_deleted;
    bool proven = out->proven && !more;
    if (repair->unknown_got > 0 && !proven && (!repair->unknown_exact || repair->unknown_got > unknown)) {
        out->unknown = true;
        return "which messages it held cannot be proven: those that come into question have other rows";
    }
    if (more) {
        return "a message gives more rows than it did: the source's AS SELECT is another one";
    }
    if (out->lost > 0 && !options->lose_rows) {
        return "rows are missing; SETTINGS repair_lose_rows = 1 goes on without them";
    }
    if (out->lost == 0 && !proven && !options->change_rows) {
        return "the rows are not those that were stored: their row sums differ (an UPDATE, now() in a DEFAULT, another "
               "AS SELECT); SETTINGS repair_change_rows = 1 takes them";
    }
    return NULL;
}

static struct err *commit(struct repair *repair, uint64_t lost, unsigned __int128 sum)
{
    struct err *err = NULL;
    struct table *table = repair->table;
    struct row_pack *pack = &repair->pack;
    struct ledger_batch *batch = ledger_batch_create();
    struct table_segment **add = ARENA_ARRAY(repair->arena, struct table_segment *, (size_t)pack->added_count + 1);
    struct table_change change = {.add = add, .remove = &repair->segment, .remove_count = 1};
    struct commit_info info = {0};
    bool locked = false;

    if (batch == NULL || add == NULL) {
        err = err_oom();
        goto done;
    }
    const struct segment_repaired repaired = {.table_id = table->id,
                                              .segment = {repair->segment->info.pack, repair->segment->info.offset},
                                              .lost_rows = lost,
                                              .output_count = pack->added_count,
                                              .row_sum = sum};
    OR_DONE(ledger_batch_repaired(batch, &repaired));
    for (uint32_t i = 0; i < pack->added_count; i++) {
        OR_DONE(ledger_batch_segment(batch, &pack->added[i]));
        add[i] = table_segment_create(table->tables, &pack->added[i]);
        if (add[i] == NULL) {
            err = err_oom();
            goto done;
        }
        change.add_count++;
    }
    shared_lock_write(&table->tables->commits);
    locked = true;
    struct table_version *now = table_version_take(table);
    bool gone = find(now, &repaired.segment) != repair->segment;
    table_version_unref(now);
    if (gone || table->dropping || table->dropped) {
        err = err_new(ERR_ABORTED, "the segment left the table while it was repaired");
        goto done;
    }
    pack->named = true;
    err = ledger_commit(table->store->ledger, batch, &info);
    pack->named = err == NULL || (err_code(err) != ERR_LOGICAL && err_code(err) != ERR_TABLE_HELD);
    OR_DONE(err);
    for (uint32_t i = 0; i < pack->added_count; i++) {
        add[i]->info.commit = info.number;
        add[i]->info.committed_at_us = info.time_us;
    }
    table_change_apply(table, &change);
    table_retire_packs(table->store, &repair->segment, 1);
    LOG_INFO("a damaged segment was repaired", LOG_UINT("table", table->id), LOG_UINT("pack", repaired.segment.pack),
             LOG_UINT("offset", repaired.segment.offset), LOG_UINT("lost", lost));
done:
    if (locked) {
        shared_lock_give(&table->tables->commits);
    }
    for (uint32_t i = 0; i < change.add_count; i++) {
        table_segment_unref(add[i]);
    }
    ledger_batch_destroy(batch);
    return err;
}

struct err *repair_finish(struct repair *repair, const struct repair_options *options, struct repair_outcome *out)
{
    struct err *err = NULL;
    const struct ledger_segment *info = &repair->segment->info;
    unsigned __int128 sum = 0;
    bool more = false;

    *out = (struct repair_outcome){.why = repair->hopeless};
    if (repair->hopeless != NULL) {
        out->lost = ledger_segment_live_rows(info);
        goto done;
    }
    OR_DONE(row_pack_flush(&repair->pack)); /* each segment's rows of a key lie in the order of insertion */
    if (repair->kept > 0) {
        OR_DONE(note(repair, REPAIR_KEPT, NULL, 0, repair->kept, NULL));
        OR_DONE(keep_rows(repair));
    }
    OR_DONE(find_lost(repair, &out->lost, &more));
    OR_DONE(row_pack_finish(&repair->pack));
    for (uint32_t i = 0; i < repair->pack.added_count; i++) {
        sum += repair->pack.added[i].row_sum;
    }
    out->proven = out->lost == 0 && sum == info->row_sum - info->deleted.row_sum;
    if (repair->entry_count > 0) {
        qsort(repair->entries, repair->entry_count, sizeof(*repair->entries), entry_compare);
    }
    out->entries = repair->entries;
    out->entry_count = repair->entry_count;
    out->why = refusal(repair, options, out, more);
    if (out->why != NULL) {
        goto done;
    }
    OR_DONE(commit(repair, out->lost, sum));
    out->repaired = true;
done:
    return err;
}
