/*
 * table_segment.c: live segments of tables: their ledger records and, once somebody reads them, their readers.
 *
 * flow     tables open, drafts and merges commit → here → storage/segment.h
 * owns     readers, opened at first use so that a start reads the ledger alone, closed again by table_readers.c; a
 *          segment pins its pack
 */
#include "base/io.h"
#include "storage/block_cache.h"
#include "storage/row_set.h"
#include "storage/segment.h"
#include "storage/table_private.h"

#include <stdlib.h>
#include <string.h>

struct segment_damage *segment_damage_new(struct slice reason, int64_t at_us)
{
    struct segment_damage *damage = calloc(1, sizeof *damage + reason.length + 1);
    if (damage != NULL) {
        damage->at_us = at_us;
        if (reason.length > 0) {
            memcpy(damage->reason, reason.data, reason.length);
        }
    }
    return damage;
}

/* As the ledger has it from an earlier start, or from before it was detached. */
static bool take_damage(struct table_segment *segment)
{
    struct ledger_quarantine known;
    char *reason = NULL;
    struct segment_name name = {segment->info.pack, segment->info.offset};
    struct err *err = ledger_quarantine_of(segment->tables->store->ledger, name, &known, &reason);
    struct segment_damage *damage = reason == NULL ? NULL : segment_damage_new(slice_text(reason), known.at_us);
    bool good = err == NULL && (reason == NULL || damage != NULL);

    atomic_store(&segment->damage, damage);
    err_free(err);
    free(reason);
    return good;
}

struct table_segment *table_segment_create(struct tables *tables, const struct ledger_segment *info)
{
    struct table_segment *segment = calloc(1, sizeof(*segment) + info->partition.length + info->codec.length + 1);
    if (segment == NULL) {
        return NULL;
    }
    segment->references = 1;
    segment->tables = tables;
    segment->info = *info;
    atomic_store(&segment->expires_at_us, info->expires_at_us);
    atomic_store(&segment->ttl_version, info->ttl_version == 0 ? info->schema_version : info->ttl_version);
    char *text = (char *)(segment + 1);
    if (info->partition.length > 0) {
        memcpy(text, info->partition.data, info->partition.length);
    }
    segment->info.partition = slice_of(text, info->partition.length);
    text += info->partition.length;
    if (info->codec.length > 0) {
        memcpy(text, info->codec.data, info->codec.length);
    }
    segment->info.codec = slice_of(text, info->codec.length);
    if (!take_damage(segment)) {
        free(segment);
        return NULL;
    }
    lock_init(&segment->opening, LOCK_SEGMENT);
    store_pack_pin(tables->store, info->pack);
    if (info->deleted.row_count > 0) {
        store_pack_pin(tables->store, info->deleted.pack);
    }
    return segment;
}

struct table_segment *table_segment_deleted_from(struct table_segment *segment, const struct ledger_deleted *deleted)
{
    struct ledger_segment info = segment->info;
    info.deleted = *deleted;
    info.ttl_version = atomic_load(&segment->ttl_version);
    info.expires_at_us = atomic_load(&segment->expires_at_us);
    struct table_segment *next = table_segment_create(segment->tables, &info);
    if (next != NULL) {
        next->base = table_segment_ref(segment->base == NULL ? segment : segment->base);
    }
    return next;
}

struct table_segment *table_segment_ref(struct table_segment *segment)
{
    atomic_fetch_add_explicit(&segment->references, 1, memory_order_relaxed);
    return segment;
}

void table_segment_unref(struct table_segment *segment)
{
    if (segment == NULL || atomic_fetch_sub_explicit(&segment->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    readers_remove(segment->tables, segment);
    segment_unref(segment->reader);
    arena_destroy(segment->deleted_arena);
    if (segment->base == NULL) {
        tables_rows_gone(segment->info.pack, segment->info.offset);
    } else {
        table_segment_unref(segment->base);
    }
    store_pack_unpin(segment->tables->store, segment->info.pack);
    if (segment->info.deleted.row_count > 0) {
        store_pack_unpin(segment->tables->store, segment->info.deleted.pack);
    }
    lock_deinit(&segment->opening);
    free(atomic_load(&segment->damage));
    free(segment);
}

/* Under segment->opening. */
static struct err *open_reader(struct table_segment *segment)
{
    struct err *err = NULL;
    struct tables *tables = segment->tables;
    struct segment *reader = NULL;
    char path[STORE_PATH_BYTES];

    store_pack_path(tables->store, segment->info.pack, path);
    struct segment_place place = {path, segment->info.pack, segment->info.offset, segment->info.length,
                                  segment->info.footer_hash};
    OR_DONE(segment_open(tables->store->io, tables->cache, &place, &reader));
    if (segment_row_count(reader) != segment->info.row_count) { /* scans count on it */
        err = err_new(ERR_CORRUPT, "\"%s/%s\": the segment at %llu has %llu rows, %llu by the ledger",
                      tables->store->io->root, path, (unsigned long long)segment->info.offset,
                      (unsigned long long)segment_row_count(reader), (unsigned long long)segment->info.row_count);
        goto done;
    }
    segment->reader = reader;
    reader = NULL;
    readers_add(tables, segment);
done:
    segment_unref(reader);
    return err;
}

struct err *table_segment_open(struct table_segment *segment, struct segment **out)
{
    struct err *err = NULL;

    *out = NULL;
    segment = segment->base == NULL ? segment : segment->base;
    lock_take(&segment->opening);
    if (segment->reader == NULL) {
        err = open_reader(segment);
    }
    if (err == NULL) {
        *out = segment_ref(segment->reader);
        atomic_store_explicit(&segment->used, true, memory_order_relaxed);
    }
    lock_give(&segment->opening);
    readers_make_room(segment->tables, READERS_STEPS); /* also if it was open: dictionaries came since */
    return err;
}

bool table_segment_is_open(struct table_segment *segment)
{
    segment = segment->base == NULL ? segment : segment->base;
    lock_take(&segment->opening);
    bool open = segment->reader != NULL;
    lock_give(&segment->opening);
    return open;
}

struct err *deleted_read(struct io *io, struct block_cache *cache, const char *path, const struct ledger_segment *info,
                         struct arena *arena, struct row_set **out)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    const struct ledger_deleted *deleted = &info->deleted;
    const struct segment_name name = {info->pack, info->offset};
    struct slice bytes;

    if (work == NULL) {
        return err_oom();
    }
    if (deleted->length > UINT32_MAX) {
        err = err_new(ERR_CORRUPT, "a list of deleted rows of %llu bytes", (unsigned long long)deleted->length);
        goto done;
    }
    const struct block_place place = {path, deleted->pack, deleted->offset, (uint32_t)deleted->length, deleted->hash};
    OR_DONE(block_cache_read(cache, io, &place, work, &bytes));
    err = row_set_decode(arena, bytes, &name, info->row_count, deleted->row_count, out);
done:
    arena_destroy(work);
    return err_while(err, "reading the rows deleted from pack %llu at offset %llu of \"%s\"",
                     (unsigned long long)info->pack, (unsigned long long)deleted->offset, path);
}

struct err *table_segment_deleted(struct table_segment *segment, const struct row_set **out)
{
    struct err *err = NULL;
    struct row_set *deleted = atomic_load_explicit(&segment->deleted, memory_order_acquire);

    if (deleted == NULL && segment->info.deleted.row_count > 0) {
        lock_take(&segment->opening);
        deleted = atomic_load_explicit(&segment->deleted, memory_order_acquire);
        if (deleted == NULL) {
            struct store *store = segment->tables->store;
            struct arena *arena = arena_create(NULL);
            char path[STORE_PATH_BYTES];
            store_pack_path(store, segment->info.deleted.pack, path);
            err = arena == NULL
                      ? err_oom()
                      : deleted_read(store->io, segment->tables->cache, path, &segment->info, arena, &deleted);
            if (err == NULL) {
                segment->deleted_arena = arena;
                atomic_store_explicit(&segment->deleted, deleted, memory_order_release);
            } else {
                arena_destroy(arena);
            }
        }
        lock_give(&segment->opening);
    }
    *out = deleted;
    return err;
}

const struct row_set *table_segment_deleted_read(const struct table_segment *segment)
{
    return atomic_load_explicit(&segment->deleted, memory_order_acquire);
}

struct err *table_segment_schema(struct arena *arena, const struct table *table, const struct table_def *def,
                                 struct segment_schema *out)
{
    uint32_t count = table_column_count(def);
    struct segment_column *columns = ARENA_ARRAY(arena, struct segment_column, count);
    uint32_t *keys = ARENA_ARRAY(arena, uint32_t, def->order_by_count + 1);
    uint32_t key_count = 0;

    if (columns == NULL || keys == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        columns[i] = (struct segment_column){table_column_id(def, i), table_column_type(def, i)};
    }
    for (uint32_t i = 0; i < def->order_by_count; i++) {
        int column = table_plain_column(def, def->order_by[i]);
        if (column < 0) {
            break; /* what follows an expression is not sorted by itself */
        }
        keys[key_count++] = (uint32_t)column;
    }
    struct index_wish *wishes;
    uint32_t wish_count;
    const struct codec_wish *codecs;
    struct err *err = NULL;
    OR_DONE(index_wishes(arena, def, &wishes, &wish_count));
    OR_DONE(codec_wishes(arena, def, columns, count, &codecs));
    *out = (struct segment_schema){
        .table_id = table->id,
        .schema_version = def->schema_version,
        .columns = columns,
        .column_count = count,
        .key_columns = keys,
        .key_count = key_count,
        .time_column = table_time_column(def),
        .indexes = wishes,
        .index_count = wish_count,
        .wishes = codecs,
    };
done:
    return err;
}
