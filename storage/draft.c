/*
 * draft.c: one commit: rows of several tables, their records, one pack, one ledger commit, one swap per table.
 *
 * flow     workers seal heads → here → flush.c → pack → ledger_commit → table_change_apply
 * owns     the sealed heads, until they are segments (or the draft is given up)
 * order    pack synced, its folder synced, ledger committed, versions swapped. Between the check that no TRUNCATE came
 *          in between and the swap, tables->commits is held shared.
 */
#include "storage/draft.h"

#include "base/metrics.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "storage/draft_private.h"
#include "storage/flush.h"
#include "storage/ledger_private.h"
#include "storage/pressure.h"
#include "storage/segment.h"
#include "storage/snapshot.h"
#include "storage/views_private.h"

#include <stdlib.h>

FAILPOINT(draft_pack_unlink);

struct draft_table {
    struct table *table;
    struct head **heads;
    uint32_t head_count;
    uint64_t epoch; /* of the table, when its rows were encoded */
    uint64_t rows;  /* all that was sealed */
    uint64_t rows_encoded;
    bool dropped;
    struct ledger_segment *segments;
    uint32_t segment_count;
    struct ledger_token *tokens;
    uint32_t token_count;
};

struct draft {
    struct store *store;
    struct tables *tables;
    struct draft_table *parts;
    uint32_t part_count;
    struct ledger_batch *records;
    struct head_writer *dead_letters;
    bool any_partitions;
};

struct err *draft_create(struct store *store, struct draft **out)
{
    struct err *err = NULL;
    struct draft *draft = calloc(1, sizeof(*draft));

    if (draft == NULL || (draft->records = ledger_batch_create()) == NULL ||
        (draft->tables = tables_of(store)) == NULL) {
        err = err_oom();
        goto done;
    }
    draft->store = store;
    *out = draft;
    draft = NULL;
done:
    draft_destroy(draft);
    return err;
}

/* Heads leave their tables: as segments (added), or because the draft is given up. */
static void part_swap(struct draft_table *part, struct table_segment **added, uint32_t added_count)
{
    table_change_apply(part->table, &(struct table_change){.add = added,
                                                           .add_count = added_count,
                                                           .heads_remove = part->heads,
                                                           .head_remove_count = part->head_count});
    for (uint32_t i = 0; i < part->head_count; i++) {
        head_unref(part->heads[i]);
    }
    part->head_count = 0;
}

static void parts_clear(struct draft *draft)
{
    for (uint32_t i = 0; i < draft->part_count; i++) {
        if (draft->parts[i].head_count > 0) {
            part_swap(&draft->parts[i], NULL, 0);
        }
        table_unref(draft->parts[i].table);
        free(draft->parts[i].heads);
        free(draft->parts[i].tokens);
    }
    free(draft->parts);
    draft->parts = NULL;
    draft->part_count = 0;
}

void draft_destroy(struct draft *draft)
{
    if (draft == NULL) {
        return;
    }
    head_writer_close(draft->dead_letters);
    parts_clear(draft);
    ledger_batch_destroy(draft->records);
    tables_unref(draft->tables);
    free(draft);
}

struct ledger_batch *draft_batch(struct draft *draft)
{
    return draft->records;
}

void draft_allow_partitions(struct draft *draft)
{
    draft->any_partitions = true;
}

struct head_writer **draft_dead_letter_writer(struct draft *draft)
{
    return &draft->dead_letters;
}

struct tables *draft_tables(const struct draft *draft)
{
    return draft->tables;
}

static struct draft_table *part_of(struct draft *draft, struct table *table)
{
    for (uint32_t i = 0; i < draft->part_count; i++) {
        if (draft->parts[i].table == table) {
            return &draft->parts[i];
        }
    }
    struct draft_table *parts = realloc(draft->parts, (draft->part_count + 1) * sizeof(*parts));
    if (parts == NULL) {
        return NULL;
    }
    draft->parts = parts;
    struct draft_table *part = &parts[draft->part_count++];
    *part = (struct draft_table){.table = table_ref(table)};
    return part;
}

struct err *draft_seal(struct draft *draft, struct head_writer *writer)
{
    struct err *err = NULL;
    struct head *head = NULL;
    struct draft_table *part = part_of(draft, head_writer_table(writer));

    if (part == NULL) {
        err = err_oom();
        goto done;
    }
    struct head **heads = realloc(part->heads, (part->head_count + 1) * sizeof(struct head *));
    if (heads == NULL) {
        err = err_oom();
        goto done;
    }
    part->heads = heads;
    OR_DONE(head_seal(writer, &head));
    if (head != NULL) {
        part->heads[part->head_count++] = head;
        part->rows += head_rows_between(head, 0, atomic_load_explicit(&head->visible, memory_order_relaxed));
    }
done:
    return err;
}

struct err *draft_token(struct draft *draft, struct table *table, unsigned __int128 hash, int64_t used_at_us)
{
    struct draft_table *part = part_of(draft, table);
    struct ledger_token *tokens =
        part == NULL ? NULL : realloc(part->tokens, (part->token_count + 1) * sizeof(*tokens));
    if (tokens == NULL) {
        return err_oom();
    }
    part->tokens = tokens;
    tokens[part->token_count++] = (struct ledger_token){table->id, hash, used_at_us};
    return NULL;
}

uint64_t draft_rows(const struct draft *draft)
{
    uint64_t rows = 0;
    for (uint32_t i = 0; i < draft->part_count; i++) {
        rows += draft->parts[i].rows;
    }
    return rows;
}

bool draft_is_empty(const struct draft *draft)
{
    return draft_rows(draft) == 0 && draft->dead_letters == NULL && ledger_batch_is_empty(draft->records);
}

bool draft_error_is_final(const struct err *err)
{
    switch (err_code(err)) {
    case ERR_IO:
    case ERR_NOT_ENOUGH_SPACE:
    case ERR_MEMORY_LIMIT:
    case ERR_OPEN_FILE:
        return false;
    default:
        return true;
    }
}

/* ---- committing */
/* Notes the epochs that what is encoded now belongs to; waits while a table is being dropped. */
static void epochs_note(struct draft *draft)
{
    struct tables *tables = draft->tables;
    for (;;) {
        bool wait = false;
        shared_lock_read(&tables->commits);
        for (uint32_t i = 0; i < draft->part_count; i++) {
            draft->parts[i].epoch = draft->parts[i].table->epoch;
            draft->parts[i].dropped = draft->parts[i].table->dropped;
            wait = wait || draft->parts[i].table->dropping;
        }
        shared_lock_give(&tables->commits);
        if (!wait) {
            return;
        }
        tables_wait_drop(tables);
    }
}

/* tables->commits is held shared. */
static bool epochs_hold(const struct draft *draft)
{
    for (uint32_t i = 0; i < draft->part_count; i++) {
        const struct draft_table *part = &draft->parts[i];
        if (part->table->dropping || part->table->dropped != part->dropped || part->table->epoch != part->epoch) {
            return false;
        }
    }
    return true;
}

/* The rows of a part that TRUNCATE left, as segments in the pack. */
static struct err *part_encode(struct draft *draft, struct draft_table *part, struct arena *arena,
                               struct pack_writer *pack, uint64_t number)
{
    struct err *err = NULL;
    struct table_version *version = table_version_take(part->table);
    struct flush_head *heads = ARENA_ARRAY(arena, struct flush_head, part->head_count + 1);
    struct flush_rows rows = {.table = part->table};
    struct chunk **chunks = NULL;

    part->segments = NULL;
    part->segment_count = 0;
    part->rows_encoded = 0;
    if (heads == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t begin = 0, end; begin < part->head_count; begin = end) {
        /* heads of one schema version together */
        uint32_t count = 0;
        for (end = begin;
             end < part->head_count && part->heads[end]->def->schema_version == part->heads[begin]->def->schema_version;
             end++) {
            struct head *head = part->heads[end];
            struct flush_head *entry = &heads[count++];
            *entry = (struct flush_head){head, 0, atomic_load_explicit(&head->visible, memory_order_relaxed)};
            for (uint32_t i = 0; i < version->head_count; i++) {
                if (version->heads[i].head == head) {
                    entry->from = version->heads[i].skip;
                }
            }
            part->rows_encoded += head_rows_between(head, entry->from, entry->to);
        }
        struct ledger_segment *segments = NULL;
        uint32_t segment_count = 0;
        OR_DONE(flush_view(arena, heads, count, &chunks, &rows.chunk_count));
        rows.chunks = chunks;
        rows.def = part->heads[begin]->def;
        OR_DONE(flush_rows(arena, &rows, pack, number, draft->any_partitions ? 0 : COMMIT_PARTITIONS_MAX, &segments,
                           &segment_count));
        struct ledger_segment *all = ARENA_ARRAY(arena, struct ledger_segment, part->segment_count + segment_count + 1);
        if (all == NULL) {
            err = arena_error(arena);
            goto done;
        }
        if (part->segment_count > 0) {
            memcpy(all, part->segments, part->segment_count * sizeof(*all));
        }
        if (segment_count > 0) {
            memcpy(all + part->segment_count, segments, segment_count * sizeof(*all));
        }
        part->segments = all;
        part->segment_count += segment_count;
    }
done:
    table_version_unref(version);
    return err;
}

/* What views make of them. */
static struct err *part_views(struct draft_table *part, struct arena *arena, struct view_commit *views,
                              struct pack_writer *pack, uint64_t number)
{
    struct err *err = NULL;
    struct table_version *version = table_version_take(part->table);
    struct flush_head *heads = ARENA_ARRAY(arena, struct flush_head, part->head_count + 1);
    struct snapshot *rows = NULL;

    if (heads == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < part->head_count; k++) {
        struct head *head = part->heads[k];
        heads[k] = (struct flush_head){head, 0, atomic_load_explicit(&head->visible, memory_order_relaxed)};
        for (uint32_t i = 0; i < version->head_count; i++) {
            heads[k].from = version->heads[i].head == head ? version->heads[i].skip : heads[k].from;
        }
    }
    OR_DONE(snapshot_of_heads(part->table, heads, part->head_count, &rows));
    err = view_commit_rows(views, part->table, rows, pack, number);
done:
    snapshot_unref(rows);
    table_version_unref(version);
    return err;
}

struct err *batch_copy(const struct ledger_batch *from, struct ledger_batch **out)
{
    struct ledger_batch *copy = ledger_batch_create();
    const struct record_out *records = &((const struct ledger_batch *)from)->records;
    if (copy == NULL) {
        return err_oom();
    }
    record_put(ledger_batch_records(copy), records->data, records->length);
    if (ledger_batch_records(copy)->failed) {
        ledger_batch_destroy(copy);
        return err_oom();
    }
    *out = copy;
    return NULL;
}

struct err *pack_create(struct store *store, uint64_t number, struct pack_writer **out)
{
    char path[STORE_PATH_BYTES];
    store_pack_path(store, number, path);
    return pack_writer_open(store->io, path, NULL, out);
}

void pack_discard(struct store *store, uint64_t number)
{
    char path[STORE_PATH_BYTES];
    store_pack_path(store, number, path);
    err_free(io_unlink(store->io, path, &failpoint_draft_pack_unlink)); /* else an orphan: moved away at start */
}

/* One attempt. *again: a TRUNCATE or DROP came in between, nothing was committed. */
static struct err *commit_once(struct draft *draft, struct commit_info *commit, bool *again)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct pack_writer *pack = NULL;
    struct ledger_batch *batch = NULL;
    struct table_segment **added = NULL;
    struct view_commit *views = NULL;
    uint64_t number = 0;
    uint32_t total = 0, at = 0;
    bool locked = false, finished = false, uncertain = false;

    *again = false;
    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    epochs_note(draft);
    OR_DONE(view_commit_begin(draft->tables, &views));
    OR_DONE(batch_copy(draft->records, &batch));
    for (uint32_t i = 0; i < draft->part_count; i++) {
        struct draft_table *part = &draft->parts[i];
        for (uint32_t k = 0; k < part->token_count && !part->dropped; k++) {
            OR_DONE(ledger_batch_token(batch, &part->tokens[k]));
        }
        if (part->rows == 0 || part->dropped) {
            part->segment_count = 0;
            continue;
        }
        if (pack == NULL) {
            number = store_pack_next(draft->store);
            OR_DONE(pack_create(draft->store, number, &pack));
        }
        OR_DONE(part_encode(draft, part, arena, pack, number));
        for (uint32_t k = 0; k < part->segment_count; k++) {
            OR_DONE(ledger_batch_segment(batch, &part->segments[k]));
        }
        if (part->rows_encoded < part->rows) {
            struct segments_removed removed = {.table_id = part->table->id,
                                               .reason = REMOVE_TRUNCATE,
                                               .removed_row_count = part->rows - part->rows_encoded};
            OR_DONE(ledger_batch_remove(batch, &removed));
        }
        total += part->segment_count;
        if (view_commit_wants(views, part->table)) {
            OR_DONE(part_views(part, arena, views, pack, number));
        }
    }
    if (pack != NULL) {
        OR_DONE(view_commit_records(views, batch));
        OR_DONE(pack_writer_finish(pack));
        finished = true;
    }
    /* what the swap needs exists before anything is durable */
    added = calloc((size_t)total + 1, sizeof(struct table_segment *));
    if (added == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < draft->part_count; i++) {
        for (uint32_t k = 0; k < draft->parts[i].segment_count; k++, at++) {
            added[at] = table_segment_create(draft->tables, &draft->parts[i].segments[k]);
            if (added[at] == NULL) {
                err = err_oom();
                goto done;
            }
        }
    }
    for (uint32_t i = 0; i < draft->part_count; i++) {
        if (draft->parts[i].segment_count > 0) {
            pressure_wait(draft->parts[i].table, draft->parts[i].segments, draft->parts[i].segment_count);
        }
    }
    shared_lock_read(&draft->tables->commits);
    locked = true;
    if (!epochs_hold(draft) || !view_commit_holds(views)) {
        *again = true;
        goto done;
    }
    struct commit_info info = {0};
    if (!ledger_batch_is_empty(batch)) {
        uncertain = true; /* from here on the ledger may name the pack */
        OR_DONE(ledger_commit(draft->store->ledger, batch, &info));
    }
    at = 0;
    view_commit_swap(views, &info);
    for (uint32_t i = 0; i < draft->part_count; i++) {
        struct draft_table *part = &draft->parts[i];
        for (uint32_t k = 0; k < part->segment_count; k++) {
            added[at + k]->info.commit = info.number;
            added[at + k]->info.committed_at_us = info.time_us;
        }
        part_swap(part, added + at, part->segment_count);
        at += part->segment_count;
    }
    view_commit_swapped(views);
    if (commit != NULL) {
        *commit = info;
    }
done:
    if (locked) {
        shared_lock_give(&draft->tables->commits);
    }
    if (err == NULL && !*again) {
        view_commit_tell(views);
    }
    view_commit_end(views);
    for (uint32_t i = 0; added != NULL && i < total; i++) {
        table_segment_unref(added[i]);
    }
    free(added);
    pack_writer_close(pack);
    if (finished && !uncertain) {
        pack_discard(draft->store, number);
    }
    ledger_batch_destroy(batch);
    arena_destroy(arena);
    return err;
}

METRIC_SECONDS(commit, "weir_commit_seconds", "commits of sealed heads: sorting, encoding, syncing, ledger");
METRIC_COUNTER(commits_failed, "weir_commits_failed_total", "commits that failed; most are tried again");
METRIC_COUNTER(committed_rows, "weir_committed_rows_total", "rows of sealed heads that became durable segments");

struct err *draft_commit(struct draft *draft, struct commit_info *commit)
{
    struct err *err = NULL;
    bool again = true;

    if (draft->dead_letters != NULL) {
        OR_DONE(draft_seal(draft, draft->dead_letters));
        head_writer_close(draft->dead_letters);
        draft->dead_letters = NULL;
    }
    uint64_t begin = clock_monotonic_us(), rows = draft_rows(draft);
    while (again) {
        OR_DONE(commit_once(draft, commit, &again));
    }
    metric_observe_us(&metric_commit, clock_monotonic_us() - begin);
    metric_add(&metric_committed_rows, rows);
    parts_clear(draft);
    struct ledger_batch *fresh = ledger_batch_create();
    if (fresh != NULL) { /* else the draft is only good for draft_destroy */
        ledger_batch_destroy(draft->records);
        draft->records = fresh;
    }
done:
    if (err != NULL) {
        metric_add(&metric_commits_failed, 1);
    }
    return err_while(err, "committing %llu rows", (unsigned long long)draft_rows(draft));
}
