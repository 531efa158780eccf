/*
 * transfer.c: see transfer.h.
 *
 * flow     ALTER TABLE … MOVE | ATTACH | REPLACE PARTITION → here → segment_copy.c, or merge.c with another table's
 *          schema → ledger → both tables' next versions
 * owns     the new packs until the ledger names them
 * order    turn of the table that rows come from → its segments → packs synced → ledger committed and versions swapped
 *          under tables->commits, exclusively, if these segments are still there as they were
 */
#include "storage/transfer.h"

#include "base/interrupt.h"
#include "storage/block_cache.h"
#include "storage/combining.h"
#include "storage/compactor.h"
#include "storage/draft_private.h"
#include "storage/flush.h"
#include "storage/merge.h"
#include "storage/quarantine.h"
#include "storage/segment_copy.h"
#include "storage/segment_layout.h"
#include "storage/table_private.h"
#include "storage/verify.h"

#include <stdlib.h>
#include <string.h>

FAILPOINT(transfer_write);
FAILPOINT(transfer_sync);
FAILPOINT(transfer_sync_dir);

#define CACHE_BYTES ((uint64_t)8 << 20)

struct transfer {
    struct table *from, *to;
    enum transfer_kind kind;
    const struct partition_choice *choice;
    struct arena *arena;
    struct block_cache *cache;
    struct table_version *version;   /* of from */
    struct table_def *def;           /* of to */
    uint32_t *places;                /* of each of to's columns among from's */
    bool same_order;                 /* these are 0, 1, … */
    bool same_columns;               /* and have the same ids, and the same one says the event time */
    struct table_segment **segments; /* chosen, by (pack, offset) */
    struct ledger_segment *here;     /* what they become */
    struct segment_brought *brought;
    uint32_t count;
    uint64_t *packs; /* that were made */
    uint32_t pack_count;
    bool uncertain; /* the ledger may name them */
};

/* ---- what fits */

static struct err *different(enum err_code code, const char *what)
{
    return err_new(code, "Tables have different %s.", what);
}

static int column_of(const struct table_def *def, const struct column_def *wanted)
{
    for (uint32_t i = 0; i < def->column_count; i++) {
        if (strcmp(def->columns[i].name, wanted->name) == 0 && type_equal(def->columns[i].type, wanted->type)) {
            return (int)i;
        }
    }
    return -1;
}

/* "a, b" as given; not given: all of the sort key. */
static bool same_primary_key(const struct table_def *a, const struct table_def *b)
{
    if ((a->primary_key[0] == 0) == (b->primary_key[0] == 0)) {
        return strcmp(a->primary_key, b->primary_key) == 0;
    }
    const char *key = a->primary_key[0] == 0 ? b->primary_key : a->primary_key;
    for (uint32_t i = 0; i < a->order_by_count; i++) { /* both have the same sort key */
        size_t length = strlen(a->order_by[i]);
        const char *between = i + 1 < a->order_by_count ? ", " : "";
        if (strncmp(key, a->order_by[i], length) != 0 || strncmp(key + length, between, strlen(between)) != 0) {
            return false;
        }
        key += length + strlen(between);
    }
    return key[0] == 0;
}

static struct err *check(const struct table_def *from, const struct table_def *to)
{
    bool same = from->column_count == to->column_count;
    for (uint32_t i = 0; same && i < to->column_count; i++) {
        same = column_of(from, &to->columns[i]) >= 0;
    }
    if (!same) {
        return different(ERR_INCOMPATIBLE_COLUMNS, "structure");
    }
    same = from->order_by_count == to->order_by_count;
    for (uint32_t i = 0; same && i < to->order_by_count; i++) {
        same = strcmp(from->order_by[i], to->order_by[i]) == 0;
    }
    if (!same) {
        return different(ERR_BAD_ARGUMENTS, "ordering");
    }
    if (!same_primary_key(from, to)) {
        return different(ERR_BAD_ARGUMENTS, "primary key");
    }
    return strcmp(from->partition_by, to->partition_by) == 0 ? NULL : different(ERR_BAD_ARGUMENTS, "partition key");
}

struct err *table_transfer_check(struct table *from, struct table *to)
{
    struct table_def *a = table_definition(from), *b = table_definition(to);
    struct err *err = check(a, b);
    table_def_unref(b);
    table_def_unref(a);
    return err;
}

static struct err *map_columns(struct transfer *t)
{
    const struct table_def *from = t->version->def, *to = t->def;
    uint32_t count = table_column_count(to);

    t->places = ARENA_ARRAY(t->arena, uint32_t, (size_t)count + 1);
    if (t->places == NULL) {
        return arena_error(t->arena);
    }
    t->same_order = t->same_columns = true;
    for (uint32_t i = 0; i < count; i++) {
        int at = i < to->column_count ? column_of(from, &to->columns[i]) : (int)i;
        ASSERT(at >= 0); /* check() */
        t->places[i] = (uint32_t)at;
        t->same_order = t->same_order && t->places[i] == i;
        t->same_columns = t->same_columns && table_column_id(from, i) == table_column_id(to, i);
    }
    t->same_columns = t->same_columns && t->same_order && table_time_column(from) == table_time_column(to);
    return NULL;
}

/* ---- which */

static int by_name(const void *left, const void *right)
{
    const struct ledger_segment *a = &(*(struct table_segment *const *)left)->info;
    const struct ledger_segment *b = &(*(struct table_segment *const *)right)->info;
    return a->pack != b->pack ? (a->pack > b->pack) - (a->pack < b->pack)
                              : (a->offset > b->offset) - (a->offset < b->offset);
}

static bool is_chosen(const struct transfer *t, const struct ledger_segment *segment)
{
    return t->choice->partition == NULL || slice_equal(segment->partition, *t->choice->partition);
}

static struct err *choose(struct transfer *t)
{
    size_t all = t->version->segment_count;

    t->segments = ARENA_ARRAY(t->arena, struct table_segment *, all + 1);
    t->here = ARENA_ARRAY(t->arena, struct ledger_segment, all + 1);
    t->brought = ARENA_ARRAY(t->arena, struct segment_brought, all + 1);
    t->packs = ARENA_ARRAY(t->arena, uint64_t, all + 1);
    if (t->segments == NULL || t->here == NULL || t->brought == NULL || t->packs == NULL) {
        return arena_error(t->arena);
    }
    for (uint32_t i = 0; i < all; i++) {
        struct table_segment *segment = t->version->segments[i];
        if (!is_chosen(t, &segment->info)) {
            continue;
        }
        if (table_segment_damage(segment) != NULL) {
            return quarantine_error(t->from, segment);
        }
        t->segments[t->count++] = segment;
    }
    if (t->count > 1) {
        qsort(t->segments, t->count, sizeof(struct table_segment *), by_name);
    }
    return NULL;
}

static int by_insertion(const void *left, const void *right)
{
    const struct table_segment *const *a = left, *const *b = right;
    return ledger_segment_order(&(*a)->info, &(*b)->info);
}

/* Where the engine combines rows, those that come count as inserted now, in the order that they had; of another engine's
 * table, as not combined yet. */
static struct err *keep_order(struct transfer *t)
{
    enum combining_kind kind;
    if (!engine_combines(t->def->engine, &kind)) {
        return NULL;
    }
    struct table_segment **sorted = ARENA_ARRAY(t->arena, struct table_segment *, (size_t)t->count + 1);
    bool same_engine = strcmp(t->version->def->engine, t->def->engine) == 0;
    uint64_t rank = 0;
    if (sorted == NULL) {
        return arena_error(t->arena);
    }
    memcpy(sorted, t->segments, t->count * sizeof(struct table_segment *));
    qsort(sorted, t->count, sizeof(struct table_segment *), by_insertion);
    for (uint32_t i = 0; i < t->count; i++) {
        rank += i == 0 || by_insertion(&sorted[i - 1], &sorted[i]) != 0 ? 1 : 0;
        for (uint32_t k = 0; k < t->count; k++) {
            if (t->segments[k] == sorted[i]) {
                t->here[k].place = (struct insertion_place){.rank = rank};
                t->here[k].level = same_engine ? t->here[k].level : 0;
            }
        }
    }
    return NULL;
}

/* ---- bytes */

static struct err *verify(const struct transfer *t, struct table_segment *segment)
{
    struct store *store = t->from->store;
    char path[STORE_PATH_BYTES];
    store_pack_path(store, segment->info.pack, path);
    struct err *err = pack_verify_header(store->io, path);
    if (err == NULL) {
        err = segment_verify(store->io, t->cache, path, &segment->info);
    }
    return quarantine_read(t->from, segment, err);
}

/* Is it of another layout than its table's newest definition? */
static bool is_evolved(const struct transfer *t, const struct table_segment *segment)
{
    const struct table_def *now = t->version->def;
    struct table_def *def =
        catalogue_table_version(t->from->store->catalogue, t->from->id, segment->info.schema_version);
    bool evolved = def == NULL || !merge_same_layout(def, now);
    table_def_unref(def);
    return evolved;
}

/* Segments [first, end), all of one pack, as they are. */
static struct err *copy_pack(struct transfer *t, uint32_t first, uint32_t end)
{
    struct err *err = NULL;
    struct store *store = t->to->store;
    struct io_file *from = NULL, *to = NULL;
    uint64_t pack = store_pack_next(store), at = PACK_HEADER_BYTES;
    char path[STORE_PATH_BYTES], there[STORE_PATH_BYTES];
    struct segment_copier copier = {.write = &failpoint_transfer_write, .piece = malloc(SEGMENT_COPY_BYTES)};

    if (copier.piece == NULL) {
        return err_oom();
    }
    store_pack_path(store, t->segments[first]->info.pack, there);
    store_pack_path(store, pack, path);
    OR_DONE(io_open(store->io, there, IO_READ, &from));
    OR_DONE(io_open(store->io, path, IO_CREATE, &to));
    t->packs[t->pack_count++] = pack;
    copier.from = from;
    copier.to = to;
    OR_DONE(segment_copy_bytes(&copier, 0, 0, PACK_HEADER_BYTES));
    for (uint32_t i = first; i < end; i++) {
        t->here[i].pack = pack;
        t->here[i].offset = at;
        OR_DONE(segment_copy(&copier, &t->segments[i]->info, t->def->schema_version, &t->here[i]));
        at += t->here[i].length;
    }
    OR_DONE(io_sync(to, &failpoint_transfer_sync));
    err = io_sync_dir(store->io, store->packs_dir, &failpoint_transfer_sync_dir);
done:
    free(copier.piece);
    io_close(from);
    io_close(to);
    return err;
}

/* A segment written anew, in a pack of its own: live rows, with the columns of the other definition. */
static struct err *rewrite(struct transfer *t, uint32_t index, bool evolved)
{
    struct err *err = NULL;
    struct table_segment *segment = t->segments[index];
    struct ledger_segment *here = &t->here[index];
    struct store *store = t->to->store;
    struct pack_writer *writer = NULL;
    struct segment_schema schema;
    struct segment_summary summary;
    struct merge merge = {.table = t->from,
                          .def = t->version->def,
                          .inputs = {segment},
                          .evolved = {evolved},
                          .input_count = 1,
                          .rows_total = segment->info.row_count,
                          .into = &schema,
                          .into_places = t->places};

    OR_DONE(table_segment_schema(t->arena, t->to, t->def, &schema));
    schema.cold = true;
    here->pack = store_pack_next(store);
    OR_DONE(pack_create(store, here->pack, &writer));
    OR_DONE(quarantine_read(t->from, segment, merge_write(&merge, writer, &summary)));
    ASSERT(summary.row_count > 0); /* without rows it would not be live */
    OR_DONE(pack_writer_finish(writer));
    t->packs[t->pack_count++] = here->pack;
    unsigned __int128 sum = segment->info.row_sum - segment->info.deleted.row_sum;
    bool other_rows = evolved || !t->same_order;
    if (summary.row_count != ledger_segment_live_rows(&segment->info) ||
        summary.row_sum != (other_rows ? merge.sums[0] : sum)) {
        err =
            err_new(ERR_LOGICAL, "rows of pack %llu were not conserved on their way to another table; nothing changed",
                    (unsigned long long)segment->info.pack);
        goto done;
    }
    here->offset = summary.offset;
    here->length = summary.length;
    here->row_count = summary.row_count;
    here->row_sum = summary.row_sum;
    here->footer_hash = summary.footer_hash;
    here->codec = (struct slice){0};
    here->time_min_us = summary.time_min_us;
    here->time_max_us = summary.time_max_us;
    t->brought[index].row_sum = summary.row_sum;
    t->brought[index].rewritten = other_rows;
done:
    pack_writer_close(writer);
    return err;
}

static struct err *bring(struct transfer *t)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < t->count; i++) {
        const struct ledger_segment *info = &t->segments[i]->info;
        t->here[i] = *info;
        t->here[i].table_id = t->to->id;
        t->here[i].schema_version = t->def->schema_version;
        t->here[i].deleted = (struct ledger_deleted){0};
        t->here[i].place = (struct insertion_place){0};
        t->here[i].commit = 0;
        t->here[i].committed_at_us = 0;
        t->brought[i] = (struct segment_brought){.name = {info->pack, info->offset}};
    }
    for (uint32_t i = 0, end; i < t->count; i = end) {
        bool evolved = is_evolved(t, t->segments[i]);
        end = i + 1;
        if (evolved || !t->same_columns || t->segments[i]->info.deleted.row_count > 0) {
            OR_DONE(rewrite(t, i, evolved));
            continue;
        }
        while (end < t->count && t->segments[end]->info.pack == t->segments[i]->info.pack &&
               t->segments[end]->info.schema_version == t->segments[i]->info.schema_version &&
               t->segments[end]->info.deleted.row_count == 0) {
            end++;
        }
        for (uint32_t k = i; k < end; k++) {
            OR_DONE(verify(t, t->segments[k]));
        }
        OR_DONE(copy_pack(t, i, end));
    }
    err = keep_order(t);
done:
    return err;
}

/* ---- when they expire there */

static bool ttl_reads(const struct transfer *t, uint32_t column)
{
    int plain = table_plain_column(t->def, t->def->ttl);
    const struct table_program *program = table_program_of(t->to, t->def);
    return plain >= 0 ? (uint32_t)plain == column : program != NULL && table_functions()->ttl_reads(program, column);
}

/* By the other table's TTL, of all rows of the segment that was made. */
static struct err *expiry(struct transfer *t, struct ledger_segment *here)
{
    struct err *err = NULL;
    struct segment *segment = NULL;
    struct arena *work = arena_create(NULL);
    char path[STORE_PATH_BYTES];

    here->expires_at_us = INT64_MIN;
    if (work == NULL) {
        return err_oom();
    }
    store_pack_path(t->to->store, here->pack, path);
    const struct segment_place place = {path, here->pack, here->offset, here->length, here->footer_hash};
    OR_DONE(segment_open(t->to->store->io, t->cache, &place, &segment));
    for (uint32_t granule = 0; granule < segment_granule_count(segment); granule++) {
        struct column *ttl = NULL;
        uint32_t rows = segment_granule_rows(segment, granule);
        struct chunk *chunk = chunk_new(work, table_column_count(t->def), rows);
        OR_DONE(interrupt_check());
        if (chunk == NULL) {
            err = arena_error(work);
            goto done;
        }
        for (uint32_t k = 0; k < t->def->column_count; k++) {
            int32_t index = segment_column_find(segment, t->def->columns[k].id);
            if (ttl_reads(t, k) && index >= 0) {
                OR_DONE(segment_read(segment, work, granule, (uint32_t)index, &chunk->columns[k]));
            }
        }
        OR_DONE(table_evaluate(t->def, table_program_of(t->to, t->def), work, TABLE_TTL, 0, chunk, &ttl));
        for (uint32_t row = 0; row < rows; row++) {
            int64_t expires = ttl_expires_at_us(ttl, row);
            here->expires_at_us = expires > here->expires_at_us ? expires : here->expires_at_us;
        }
        arena_reset(work);
    }
done:
    segment_unref(segment);
    arena_destroy(work);
    return err;
}

static struct err *expiries(struct transfer *t)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < t->count; i++) {
        struct table_segment *segment = t->segments[i];
        int64_t expires_at_us = atomic_load(&segment->expires_at_us);
        struct table_def *def =
            catalogue_table_version(t->from->store->catalogue, t->from->id, atomic_load(&segment->ttl_version));
        bool same = def != NULL && strcmp(def->ttl, t->def->ttl) == 0;
        table_def_unref(def);
        t->here[i].expires_at_us = t->def->ttl[0] == 0 ? INT64_MAX : expires_at_us;
        if (t->def->ttl[0] != 0 && !same) {
            OR_DONE(expiry(t, &t->here[i]));
        }
    }
done:
    return err;
}

/* ---- the commit */

static bool all_there(const struct transfer *t)
{
    struct table_version *now = table_version_take(t->from);
    uint32_t found = 0, i = 0;
    struct table_segment **sorted = calloc((size_t)now->segment_count + 1, sizeof(struct table_segment *));
    if (sorted != NULL && now->segment_count > 0) {
        memcpy(sorted, now->segments, now->segment_count * sizeof(struct table_segment *));
        qsort(sorted, now->segment_count, sizeof(struct table_segment *), by_name);
        for (uint32_t k = 0; k < t->count; k++) {
            while (i < now->segment_count && by_name(&sorted[i], &t->segments[k]) < 0) {
                i++;
            }
            found += i < now->segment_count && sorted[i] == t->segments[k] ? 1 : 0;
        }
    }
    free(sorted);
    table_version_unref(now);
    return found == t->count;
}

static struct err *fill_batch(const struct transfer *t, struct ledger_batch *batch, const struct segment_name *replaced,
                              uint32_t replaced_count)
{
    struct err *err = NULL;
    const struct segments_brought brought = {.table_id = t->to->id,
                                             .from_table_id = t->from->id,
                                             .leave = t->kind == TRANSFER_MOVE,
                                             .segments = t->brought,
                                             .segment_count = t->count,
                                             .output_count = t->count};
    const struct segments_removed removed = {
        .table_id = t->to->id, .reason = REMOVE_REPLACE, .segments = replaced, .segment_count = replaced_count};
    if (t->count > 0) {
        OR_DONE(ledger_batch_brought(batch, &brought));
    }
    for (uint32_t i = 0; i < t->count; i++) {
        OR_DONE(ledger_batch_segment(batch, &t->here[i]));
    }
    if (replaced_count > 0) {
        err = ledger_batch_remove(batch, &removed);
    }
done:
    return err;
}

/* What the partition has in the table that it comes to. */
static struct err *choose_replaced(const struct transfer *t, const struct table_version *version,
                                   struct table_segment ***out, struct segment_name **names, uint32_t *count)
{
    *count = 0;
    *out = ARENA_ARRAY(t->arena, struct table_segment *, (size_t)version->segment_count + 1);
    *names = ARENA_ARRAY(t->arena, struct segment_name, (size_t)version->segment_count + 1);
    if (*out == NULL || *names == NULL) {
        return arena_error(t->arena);
    }
    for (uint32_t i = 0; t->kind == TRANSFER_REPLACE && i < version->segment_count; i++) {
        struct table_segment *segment = version->segments[i];
        if (is_chosen(t, &segment->info)) {
            (*names)[*count] = (struct segment_name){segment->info.pack, segment->info.offset};
            (*out)[(*count)++] = segment;
        }
    }
    return NULL;
}

static struct err *commit(struct transfer *t)
{
    struct err *err = NULL;
    struct tables *tables = t->to->tables;
    struct ledger_batch *batch = ledger_batch_create();
    struct table_segment **added = ARENA_ARRAY(t->arena, struct table_segment *, (size_t)t->count + 1);
    struct table_segment **replaced = NULL;
    struct table_version *version = NULL;
    struct segment_name *names = NULL;
    struct commit_info info = {0};
    uint32_t made = 0, replaced_count = 0;

    shared_lock_write(&tables->commits);
    if (batch == NULL || added == NULL) {
        err = err_oom();
        goto done;
    }
    if (t->from->dropping || t->from->dropped || t->to->dropping || t->to->dropped) {
        err = err_new(ERR_UNKNOWN_TABLE, "a table of the two is being dropped");
        goto done;
    }
    if (!all_there(t)) {
        err = err_new(ERR_ABORTED, "rows of the partition left the table meanwhile; try again");
        goto done;
    }
    version = table_version_take(t->to);
    OR_DONE(choose_replaced(t, version, &replaced, &names, &replaced_count));
    for (; made < t->count; made++) {
        added[made] = table_segment_create(tables, &t->here[made]);
        if (added[made] == NULL) {
            err = err_oom();
            goto done;
        }
    }
    if (t->count == 0 && replaced_count == 0) {
        goto done;
    }
    OR_DONE(fill_batch(t, batch, names, replaced_count));
    t->uncertain = true;
    err = ledger_commit(t->to->store->ledger, batch, &info);
    t->uncertain = err == NULL || err_code(err) != ERR_LOGICAL;
    OR_DONE(err);
    for (uint32_t i = 0; i < made; i++) {
        added[i]->info.commit = info.number;
        added[i]->info.committed_at_us = info.time_us;
    }
    table_change_apply(t->to, &(struct table_change){
                                  .add = added, .add_count = made, .remove = replaced, .remove_count = replaced_count});
    table_retire_packs(t->to->store, replaced, replaced_count);
    if (t->kind == TRANSFER_MOVE) {
        table_change_apply(t->from, &(struct table_change){.remove = t->segments, .remove_count = t->count});
        table_retire_packs(t->from->store, t->segments, t->count);
    }
done:
    shared_lock_give(&tables->commits);
    for (uint32_t i = 0; i < made; i++) {
        table_segment_unref(added[i]);
    }
    table_version_unref(version);
    ledger_batch_destroy(batch);
    return err;
}

/* ---- all of it */

/* Rows in heads, and in segments of several partitions, go into such of one. */
static struct err *settle(struct table *table, const struct partition_choice *choice)
{
    struct err *err = table_seal(table);
    return err == NULL && choice->partition != NULL ? table_split_mixed(table) : err;
}

static struct err *run(struct transfer *t)
{
    struct err *err = NULL;
    bool turn = false;

    OR_DONE(settle(t->from, t->choice));
    if (t->kind == TRANSFER_REPLACE && t->to != t->from) {
        OR_DONE(settle(t->to, t->choice));
    }
    OR_DONE(table_turn_take(t->from));
    turn = true;
    t->version = table_version_take(t->from);
    t->def = table_definition(t->to);
    OR_DONE(check(t->version->def, t->def)); /* an ALTER may have come in between */
    OR_DONE(map_columns(t));
    OR_DONE(choose(t));
    OR_DONE(bring(t));
    OR_DONE(expiries(t));
    err = commit(t);
done:
    if (turn) {
        table_turn_give(t->from);
    }
    return err;
}

struct err *table_transfer(struct table *from, struct table *to, const struct partition_choice *choice,
                           enum transfer_kind kind, uint32_t *count)
{
    struct err *err = NULL;
    struct transfer t = {.from = from,
                         .to = to,
                         .kind = kind,
                         .choice = choice,
                         .arena = arena_create(NULL),
                         .cache = block_cache_create(CACHE_BYTES)};

    ASSERT(from->tables == to->tables && choice->segment == NULL);
    if (t.arena == NULL || t.cache == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(table_transfer_check(from, to));
    if (from == to && kind == TRANSFER_MOVE) {
        goto done;
    }
    if (kind == TRANSFER_MOVE) {
        OR_DONE(ledger_hold_check(from->store->ledger, from->id, "MOVE PARTITION"));
    }
    if (kind == TRANSFER_REPLACE) {
        OR_DONE(ledger_hold_check(to->store->ledger, to->id, "REPLACE PARTITION"));
    }
    err = run(&t);
done:
    for (uint32_t i = 0; err != NULL && !t.uncertain && i < t.pack_count; i++) {
        pack_discard(from->store, t.packs[i]);
    }
    if (count != NULL) {
        *count = t.count;
    }
    table_def_unref(t.def);
    table_version_unref(t.version);
    block_cache_destroy(t.cache);
    arena_destroy(t.arena);
    return err_while(err, "%s a partition",
                     kind == TRANSFER_MOVE      ? "moving"
                     : kind == TRANSFER_REPLACE ? "replacing"
                                                : "copying");
}
