/*
 * backup_deleted.c: the deleted rows of segments that are restored.
 *
 * flow     backup_restore.c → here, once the segments stand in this store → row_set.c
 * lists    one pack with a list for each segment that has deleted rows; it names the segment's new place
 */
#include "storage/backup.h"

#include "base/checksum.h"
#include "storage/draft_private.h"
#include "storage/row_set.h"
#include "storage/segment.h"

#define CACHE_BYTES ((uint64_t)4 << 20)

/* The sum of the rows as this store has them: their addresses may name other streams. */
static struct err *sum_here(struct store *store, const struct ledger_segment *here, const struct row_set *rows,
                            unsigned __int128 *sum)
{
    struct err *err = NULL;
    struct segment *segment = NULL;
    struct block_cache *cache = block_cache_create(CACHE_BYTES);
    char path[STORE_PATH_BYTES];

    if (cache == NULL) {
        return err_oom();
    }
    store_pack_path(store, here->pack, path);
    struct segment_place place = {path, here->pack, here->offset, here->length, here->footer_hash};
    OR_DONE(segment_open(store->io, cache, &place, &segment));
    err = row_set_sum(rows, NULL, segment, sum);
done:
    segment_unref(segment);
    block_cache_destroy(cache);
    return err;
}

static struct err *take_list(struct store *store, const struct backup_place *from, struct block_cache *cache,
                             const struct ledger_segment *there, struct ledger_segment *here,
                             struct pack_writer *writer, uint64_t pack)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct buffer bytes = {0};
    struct row_set *rows = NULL;
    const struct segment_name name = {here->pack, here->offset};
    char path[BACKUP_PATH_BYTES];

    if (arena == NULL) {
        return err_oom();
    }
    backup_pack_path(path, from->folder, there->deleted.pack);
    OR_DONE(deleted_read(from->io, cache, path, there, arena, &rows));
    OR_DONE(row_set_encode(rows, &name, &bytes));
    struct ledger_deleted deleted = {.pack = pack,
                                     .length = bytes.length,
                                     .hash = checksum(bytes.data, bytes.length),
                                     .row_count = row_set_count(rows)};
    OR_DONE(sum_here(store, here, rows, &deleted.row_sum));
    OR_DONE(pack_bytes(writer, buffer_all(&bytes), &deleted.offset));
    here->deleted = deleted;
done:
    buffer_deinit(&bytes);
    arena_destroy(arena);
    return err;
}

struct err *backup_take_deleted(struct store *store, const struct backup_place *from, struct block_cache *cache,
                                const struct ledger_segment *there, struct ledger_segment *here, uint32_t count,
                                uint64_t *pack)
{
    struct err *err = NULL;
    struct pack_writer *writer = NULL;
    uint64_t number = 0;

    *pack = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (there[i].deleted.row_count == 0) {
            continue;
        }
        if (writer == NULL) {
            number = store_pack_next(store);
            OR_DONE(pack_create(store, number, &writer));
        }
        OR_DONE(take_list(store, from, cache, &there[i], &here[i], writer, number));
    }
    if (writer != NULL) {
        OR_DONE(pack_writer_finish(writer));
        *pack = number;
    }
done:
    pack_writer_close(writer);
    return err;
}

struct err *backup_batch_deleted(struct ledger_batch *batch, const struct ledger_segment *here, uint32_t count)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < count && err == NULL; i++) {
        if (here[i].deleted.row_count > 0) {
            const struct rows_deleted deleted = {here[i].table_id, {here[i].pack, here[i].offset}, here[i].deleted};
            err = ledger_batch_deleted(batch, &deleted);
        }
    }
    return err;
}
