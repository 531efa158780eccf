/*
 * backup_restore.c: tables made from a backup.
 *
 * flow     server/restore.c (RESTORE) → here → backup_manifest.c, ledger_open.c (the cut), verify.c (its segments)
 * packs    one new pack for each of the backup's, with this table's segments alone: their bytes but for the footer,
 *          which names the table. Blocks are not decoded twice: they were checked where they lay.
 * order    check → copy → sync → ledger commit (restored, coverage, segments, tokens) → swap. What fails leaves the
 *          table empty and its packs retired.
 */
#include "storage/backup_private.h"

#include "base/interrupt.h"
#include "base/io.h"
#include "storage/block_cache.h"
#include "storage/combining.h"
#include "storage/ledger_cut.h"
#include "storage/ledger_private.h"
#include "storage/segment.h"
#include "storage/segment_copy.h"
#include "storage/segment_layout.h"
#include "storage/table_private.h"
#include "storage/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

FAILPOINT(restore_write);
FAILPOINT(restore_sync);
FAILPOINT(restore_sync_dir);

#define CACHE_BYTES      ((uint64_t)8 << 20)
#define INCARNATIONS_MAX 100000U

/* ---- one table */

struct restoring {
    struct store *store;
    struct backup *backup;
    struct table *table;
    uint64_t id_there;
    const struct slice *partitions; /* NULL: all */
    uint32_t partition_count;
    struct arena *arena;
    struct block_cache *cache;
    struct ledger_segment *there, *here; /* by (pack, offset) */
    uint32_t segment_count;
    uint32_t *streams; /* id there → id here */
    uint32_t stream_count;
    bool streams_differ;  /* of a stream that the table reads */
    uint64_t *packs_made; /* numbers, for a failure */
    uint32_t pack_count;
    struct ledger_batch *batch;
    struct backup_report *report;
};

/* Streams get the same ids in a store that knows none yet. */
static struct err *map_streams(struct restoring *restoring)
{
    struct err *err = NULL;
    const struct ledger_state *state = &restoring->backup->ledger->state;
    const struct coverage_entry *entry;
    size_t position = 0;

    restoring->stream_count = state->stream_count;
    restoring->streams = ARENA_ARRAY(restoring->arena, uint32_t, (size_t)state->stream_count + 1);
    if (restoring->streams == NULL) {
        err = arena_error(restoring->arena);
        goto done;
    }
    restoring->streams[STREAM_INSERT_LOG] = STREAM_INSERT_LOG;
    for (uint32_t id = 1; id <= state->stream_count; id++) {
        OR_DONE(ledger_stream(restoring->store->ledger, state->streams[id - 1].identity, &restoring->streams[id]));
    }
    while ((entry = map_next(&state->coverage, &position)) != NULL) {
        const struct coverage_key *key = &entry->position.key;
        restoring->streams_differ = restoring->streams_differ || (key->table_id == restoring->id_there &&
                                                                  restoring->streams[key->stream_id] != key->stream_id);
    }
done:
    return err;
}

/* Reads all of it, against what the ledger says. */
static struct err *check_segment(const struct restoring *restoring, const struct ledger_segment *segment)
{
    char path[BACKUP_PATH_BYTES];
    const struct backup_place *place = &restoring->backup->place;
    backup_pack_path(path, place->folder, segment->pack);
    struct err *err = pack_verify_header(place->io, path);
    if (err == NULL) {
        err = segment_verify(place->io, restoring->cache, path, segment);
    }
    return backup_damaged(err, restoring->backup);
}

/* Segments [first, end) are those of one pack. */
static struct err *copy_pack(struct restoring *restoring, uint32_t first, uint32_t end)
{
    struct err *err = NULL;
    struct store *store = restoring->store;
    const struct backup_place *place = &restoring->backup->place;
    struct io_file *from = NULL, *to = NULL;
    uint64_t pack = store_pack_next(store), at = PACK_HEADER_BYTES;
    char path[STORE_PATH_BYTES], there[BACKUP_PATH_BYTES];
    struct segment_copier copier = {.write = &failpoint_restore_write, .piece = malloc(SEGMENT_COPY_BYTES)};

    if (copier.piece == NULL) {
        return err_oom();
    }
    backup_pack_path(there, place->folder, restoring->there[first].pack);
    store_pack_path(store, pack, path);
    OR_DONE(io_open(place->io, there, IO_READ, &from));
    OR_DONE(io_open(store->io, path, IO_CREATE, &to));
    restoring->packs_made[restoring->pack_count++] = pack;
    copier.from = from;
    copier.to = to;
    OR_DONE(segment_copy_bytes(&copier, 0, 0, PACK_HEADER_BYTES));
    for (uint32_t i = first; i < end; i++) {
        restoring->here[i].pack = pack;
        restoring->here[i].offset = at;
        OR_DONE(backup_damaged(segment_copy(&copier, &restoring->there[i], 0, &restoring->here[i]), restoring->backup));
        at += restoring->here[i].length;
    }
    OR_DONE(io_sync(to, &failpoint_restore_sync));
    restoring->report->files++;
    restoring->report->bytes += at;
done:
    free(copier.piece);
    io_close(from);
    io_close(to);
    return err;
}

/* A granule's column of stream ids with those of this store. */
static struct column *renumber(const struct restoring *restoring, struct arena *arena, const struct column *column)
{
    const struct column *flat = column_flat(arena, column);
    struct column *made = column_new(arena, column->type, column->row_count);
    if (flat == NULL || made == NULL) {
        return NULL;
    }
    const uint64_t *from = flat->values;
    uint64_t *to = made->values;
    for (uint32_t i = 0; i < column->row_count; i++) {
        uint64_t stream = from[i] >> 32;
        to[i] = (stream > restoring->stream_count ? stream : restoring->streams[stream]) << 32 | (from[i] & UINT32_MAX);
    }
    return made;
}

static struct err *rewrite_granules(struct restoring *restoring, struct segment *segment, struct pack_writer *writer)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);

    for (uint32_t granule = 0; arena != NULL && granule < segment_granule_count(segment); granule++) {
        arena_reset(arena);
        OR_DONE(interrupt_check());
        struct chunk *chunk = chunk_new(arena, segment_column_count(segment), segment_granule_rows(segment, granule));
        if (chunk == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t i = 0; i < chunk->column_count; i++) {
            OR_DONE(segment_read(segment, arena, granule, i, &chunk->columns[i]));
            if (segment_column(segment, i)->id == COLUMN_ID_HIDDEN + COLUMN_STREAM) {
                chunk->columns[i] = renumber(restoring, arena, chunk->columns[i]);
            }
            if (chunk->columns[i] == NULL) {
                err = arena_error(arena);
                goto done;
            }
        }
        OR_DONE(pack_segment_granule(writer, chunk, NULL));
    }
    err = arena == NULL ? err_oom() : NULL;
done:
    arena_destroy(arena);
    return err;
}

/* A pack of its own with the segment's rows, whose addresses name this store's streams. */
static struct err *rewrite_segment(struct restoring *restoring, uint32_t index)
{
    struct err *err = NULL;
    const struct ledger_segment *there = &restoring->there[index];
    struct ledger_segment *here = &restoring->here[index];
    struct segment *segment = NULL;
    struct pack_writer *writer = NULL;
    struct table_def *def = table_definition(restoring->table);
    struct segment_summary summary;
    char path[STORE_PATH_BYTES];

    backup_pack_path(path, restoring->backup->place.folder, there->pack);
    struct segment_place place = {path, there->pack, there->offset, there->length, there->footer_hash};
    OR_DONE(segment_open(restoring->backup->place.io, restoring->cache, &place, &segment));
    uint32_t count = segment_column_count(segment), key_count = segment_key_count(segment);
    struct segment_column *columns = ARENA_ARRAY(restoring->arena, struct segment_column, count);
    uint32_t *keys = ARENA_ARRAY(restoring->arena, uint32_t, key_count + 1);
    if (columns == NULL || keys == NULL) {
        err = arena_error(restoring->arena);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        columns[i] = *segment_column(segment, i);
    }
    for (uint32_t i = 0; i < key_count; i++) {
        keys[i] = segment_key_column(segment, i);
    }
    struct segment_schema schema = {.table_id = restoring->table->id,
                                    .schema_version = there->schema_version,
                                    .columns = columns,
                                    .column_count = count,
                                    .key_columns = keys,
                                    .key_count = key_count,
                                    .time_column = -1,
                                    .cold = true};
    OR_DONE(codec_wishes(restoring->arena, def, columns, count, &schema.wishes));
    here->pack = store_pack_next(restoring->store);
    store_pack_path(restoring->store, here->pack, path);
    OR_DONE(pack_writer_open(restoring->store->io, path, NULL, &writer));
    OR_DONE(pack_segment_begin(writer, &schema));
    OR_DONE(rewrite_granules(restoring, segment, writer));
    OR_DONE(pack_segment_end(writer, &summary));
    restoring->packs_made[restoring->pack_count++] = here->pack;
    OR_DONE(pack_writer_finish(writer));
    here->offset = summary.offset;
    here->length = summary.length;
    here->row_sum = summary.row_sum;
    here->codec = (struct slice){0};
    here->footer_hash = summary.footer_hash;
    restoring->report->files++;
    restoring->report->bytes += summary.length;
done:
    pack_writer_close(writer);
    table_def_unref(def);
    segment_unref(segment);
    return err;
}

static int by_insertion(const void *left, const void *right)
{
    const struct ledger_segment *a = *(const struct ledger_segment *const *)left;
    const struct ledger_segment *b = *(const struct ledger_segment *const *)right;
    return ledger_segment_order(a, b);
}

/* Of a table whose engine combines rows: segments keep the order of insertion that they had there. */
static struct err *keep_order(struct restoring *restoring)
{
    enum combining_kind kind;
    struct table_def *def = table_definition(restoring->table);
    bool combines = engine_combines(def->engine, &kind);
    table_def_unref(def);
    if (!combines) {
        return NULL;
    }
    size_t count = restoring->segment_count;
    const struct ledger_segment **sorted = ARENA_ARRAY(restoring->arena, const struct ledger_segment *, count + 1);
    if (sorted == NULL) {
        return arena_error(restoring->arena);
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &restoring->there[i];
    }
    qsort(sorted, count, sizeof(sorted[0]), by_insertion);
    uint64_t rank = 0;
    for (size_t i = 0; i < count; i++) {
        rank += i == 0 || by_insertion(&sorted[i - 1], &sorted[i]) != 0 ? 1 : 0;
        restoring->here[sorted[i] - restoring->there].place = (struct insertion_place){.rank = rank};
    }
    return NULL;
}

static bool is_wanted(const struct restoring *restoring, const struct ledger_segment *segment)
{
    bool wanted = restoring->partitions == NULL || slice_equal(segment->partition, slice_text("*"));
    for (uint32_t i = 0; i < restoring->partition_count && !wanted; i++) {
        wanted = slice_equal(segment->partition, restoring->partitions[i]);
    }
    return wanted;
}

static struct err *take_segments(struct restoring *restoring)
{
    struct err *err = NULL;
    OR_DONE(ledger_segments(restoring->backup->ledger, restoring->arena, restoring->id_there, &restoring->there,
                            &restoring->segment_count));
    size_t count = 0;
    for (uint32_t i = 0; i < restoring->segment_count; i++) {
        if (is_wanted(restoring, &restoring->there[i])) {
            restoring->there[count++] = restoring->there[i];
        }
    }
    restoring->segment_count = (uint32_t)count;
    restoring->here = ARENA_ARRAY(restoring->arena, struct ledger_segment, count + 1);
    restoring->packs_made = ARENA_ARRAY(restoring->arena, uint64_t, count + 1);
    if (restoring->here == NULL || restoring->packs_made == NULL) {
        err = arena_error(restoring->arena);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        restoring->here[i] = restoring->there[i];
        restoring->here[i].table_id = restoring->table->id;
        OR_DONE(check_segment(restoring, &restoring->there[i]));
    }
    OR_DONE(keep_order(restoring));
    for (uint32_t i = 0, end; i < count; i = end) {
        end = i + 1;
        if (restoring->streams_differ) {
            OR_DONE(rewrite_segment(restoring, i));
            continue;
        }
        while (end < count && restoring->there[end].pack == restoring->there[i].pack) {
            end++;
        }
        OR_DONE(copy_pack(restoring, i, end));
    }
    if (count > 0) {
        OR_DONE(io_sync_dir(restoring->store->io, restoring->store->packs_dir, &failpoint_restore_sync_dir));
    }
    uint64_t lists = 0;
    OR_DONE(backup_take_deleted(restoring->store, &restoring->backup->place, restoring->cache, restoring->there,
                                restoring->here, restoring->segment_count, &lists));
    if (lists != 0) {
        restoring->packs_made[restoring->pack_count++] = lists;
    }
done:
    return err;
}

/* ---- the commit */

static struct err *batch_coverage(struct restoring *restoring)
{
    struct err *err = NULL;
    const struct ledger_state *state = &restoring->backup->ledger->state;
    const struct coverage_entry *entry;
    size_t position = 0;

    while ((entry = map_next(&state->coverage, &position)) != NULL) {
        if (entry->position.key.table_id != restoring->id_there) {
            continue;
        }
        struct coverage_state_record record = {.position = entry->position, .dead_count = (uint32_t)entry->dead.count};
        record.position.key.table_id = restoring->table->id;
        record.position.key.stream_id = restoring->streams[entry->position.key.stream_id];
        struct offset_range *dead = ARENA_ARRAY(restoring->arena, struct offset_range, entry->dead.count + 1);
        if (dead == NULL) {
            err = arena_error(restoring->arena);
            goto done;
        }
        for (size_t i = 0; i < entry->dead.count; i++) {
            dead[i] =
                (struct offset_range){(int64_t)entry->dead.intervals[i].begin, (int64_t)entry->dead.intervals[i].end};
        }
        record.dead = dead;
        OR_DONE(ledger_batch_restored_coverage(restoring->batch, &record));
    }
done:
    return err;
}

static struct err *batch_incarnations(struct restoring *restoring)
{
    struct err *err = NULL;
    const struct ledger_state *state = &restoring->backup->ledger->state;

    for (uint32_t i = 0; i < state->incarnation_count; i++) {
        const struct incarnation_entry *entry = &state->incarnations[i];
        if (entry->table_id != restoring->id_there) {
            continue;
        }
        if (entry->incarnation > INCARNATIONS_MAX || entry->stream_id > restoring->stream_count) {
            err = err_new(ERR_BACKUP_DAMAGED, "a topic of the backup has %" PRIu32 " incarnations", entry->incarnation);
            goto done;
        }
        for (uint32_t k = 1; k <= entry->incarnation; k++) { /* one follows the other */
            struct ledger_incarnation record = {restoring->table->id, restoring->streams[entry->stream_id], k};
            OR_DONE(ledger_batch_incarnation(restoring->batch, &record));
        }
    }
done:
    return err;
}

static struct err *batch_tokens(struct restoring *restoring)
{
    struct err *err = NULL;
    const struct table_entry *entry = state_table(&restoring->backup->ledger->state, restoring->id_there);

    for (uint32_t i = 0; i < entry->token_count; i++) {
        const struct token_entry *token = &entry->tokens[(entry->token_first + i) % TOKEN_COUNT_MAX];
        struct ledger_token record = {restoring->table->id, token->hash, token->used_at_us};
        OR_DONE(ledger_batch_token(restoring->batch, &record));
    }
done:
    return err;
}

static struct err *fill_batch(struct restoring *restoring)
{
    struct err *err = NULL;
    const struct backup_manifest *manifest = &restoring->backup->manifest;
    struct ledger_restored record = {.table_id = restoring->table->id,
                                     .backup_name = manifest->name,
                                     .table_id_there = restoring->id_there,
                                     .commit = manifest->at.number,
                                     .time_us = manifest->at.time_us,
                                     .segment_count = restoring->segment_count};

    memcpy(record.backup_id, manifest->id, sizeof record.backup_id);
    memcpy(record.store_id, manifest->store_id, sizeof record.store_id);
    memcpy(record.hash, manifest->at.hash, sizeof record.hash);
    for (uint32_t i = 0; i < restoring->segment_count; i++) {
        record.row_count += restoring->here[i].row_count;
        record.row_sum += restoring->here[i].row_sum;
    }
    OR_DONE(ledger_batch_restored(restoring->batch, &record));
    OR_DONE(batch_incarnations(restoring));
    OR_DONE(batch_coverage(restoring));
    for (uint32_t i = 0; i < restoring->segment_count; i++) {
        OR_DONE(ledger_batch_segment(restoring->batch, &restoring->here[i]));
    }
    OR_DONE(backup_batch_deleted(restoring->batch, restoring->here, restoring->segment_count));
    for (uint32_t i = 0; i < restoring->segment_count; i++) {
        const struct ledger_segment *here = &restoring->here[i];
        struct segment_name name = {here->pack, here->offset};
        struct ledger_expiry expiry = {here->table_id, restoring->there[i].ttl_version, &name, &here->expires_at_us, 1};
        if (expiry.ttl_version != here->schema_version) { /* MODIFY TTL came after the segment */
            OR_DONE(ledger_batch_expiry(restoring->batch, &expiry));
        }
    }
    OR_DONE(batch_tokens(restoring));
done:
    return err;
}

static struct err *commit_and_show(struct restoring *restoring)
{
    struct err *err = NULL;
    struct table *table = restoring->table;
    struct commit_info info;
    uint32_t made = 0;
    struct table_segment **segments =
        ARENA_ARRAY(restoring->arena, struct table_segment *, (size_t)restoring->segment_count + 1);

    if (segments == NULL) {
        return arena_error(restoring->arena);
    }
    shared_lock_read(&table->tables->commits);
    for (; made < restoring->segment_count; made++) {
        segments[made] = table_segment_create(table->tables, &restoring->here[made]);
        if (segments[made] == NULL) {
            err = err_oom();
            goto done;
        }
    }
    if (table->dropping || table->dropped) {
        err = err_new(ERR_UNKNOWN_TABLE, "the table was dropped meanwhile");
        goto done;
    }
    OR_DONE(ledger_commit(restoring->store->ledger, restoring->batch, &info));
    for (uint32_t i = 0; i < made; i++) {
        segments[i]->info.commit = info.number;
        segments[i]->info.committed_at_us = info.time_us;
    }
    table_change_apply(table, &(struct table_change){.add = segments, .add_count = made});
done:
    shared_lock_give(&table->tables->commits);
    for (uint32_t i = 0; i < made; i++) {
        table_segment_unref(segments[i]);
    }
    return err;
}

struct err *backup_restore_table(struct store *store, struct backup *backup, uint64_t id_there, struct table *table,
                                 const struct slice *partitions, uint32_t partition_count, struct backup_report *report)
{
    struct err *err = NULL;
    struct restoring restoring = {.store = store,
                                  .backup = backup,
                                  .table = table,
                                  .id_there = id_there,
                                  .partitions = partitions,
                                  .partition_count = partition_count,
                                  .arena = arena_create(NULL),
                                  .cache = block_cache_create(CACHE_BYTES),
                                  .batch = ledger_batch_create(),
                                  .report = report};

    if (restoring.arena == NULL || restoring.cache == NULL || restoring.batch == NULL) {
        err = err_oom();
        goto done;
    }
    memcpy(report->id, backup->manifest.id, sizeof report->id);
    report->at = backup->manifest.at;
    if (state_table(&backup->ledger->state, id_there) == NULL) {
        err = err_new(ERR_BACKUP_ENTRY_NOT_FOUND, "the backup has no table %" PRIu64, id_there);
        goto done;
    }
    OR_DONE(map_streams(&restoring));
    OR_DONE(take_segments(&restoring));
    OR_DONE(fill_batch(&restoring));
    OR_DONE(commit_and_show(&restoring));
done:
    for (uint32_t i = 0; i < restoring.pack_count && err != NULL; i++) {
        store_pack_retire(store, restoring.packs_made[i]);
    }
    ledger_batch_destroy(restoring.batch);
    block_cache_destroy(restoring.cache);
    arena_destroy(restoring.arena);
    return err;
}
