/*
 * row_pack.c: rows become segments of a new pack.
 */
#include "storage/row_pack.h"

#include "storage/draft_private.h"
#include "storage/flush.h"
#include "storage/merge.h"

#include <stdlib.h>
#include <string.h>

struct err *row_pack_writer(struct row_pack *pack, struct pack_writer **out)
{
    struct err *err = NULL;
    if (pack->writer == NULL) {
        pack->number = store_pack_next(pack->table->store);
        err = pack_create(pack->table->store, pack->number, &pack->writer);
    }
    *out = pack->writer;
    return err;
}

struct insertion_place row_pack_place_of(const struct ledger_segment *info)
{
    return info == NULL ? (struct insertion_place){0} : ledger_segment_place(info);
}

static struct err *added_keep(struct row_pack *pack, const struct ledger_segment *made, uint32_t made_count)
{
    struct ledger_segment *all =
        ARENA_ARRAY(pack->arena, struct ledger_segment, (size_t)pack->added_count + made_count + 1);
    if (all == NULL) {
        return arena_error(pack->arena);
    }
    if (pack->added_count > 0) {
        memcpy(all, pack->added, pack->added_count * sizeof(*all));
    }
    pack->added = all;
    for (uint32_t i = 0; i < made_count; i++) {
        struct ledger_segment *added = &all[pack->added_count + i];
        *added = made[i];
        added->place = pack->place;
        added->partition = arena_slice(pack->arena, made[i].partition);
        if (added->partition.data == NULL) {
            return arena_error(pack->arena);
        }
    }
    pack->added_count += made_count;
    return NULL;
}

struct err *row_pack_flush(struct row_pack *pack)
{
    struct err *err = NULL;
    const struct table_def *def = pack->def;
    struct arena *work = arena_beside(pack->arena);
    struct row_chunk **taken = NULL;
    struct chunk **chunks = NULL;
    struct ledger_segment *made = NULL;
    struct pack_writer *writer = NULL;
    uint32_t count = 0, made_count = 0, columns = table_column_count(def);

    if (work == NULL) {
        return err_oom();
    }
    if (pack->builder == NULL || builder_rows(pack->builder) == 0) {
        goto done;
    }
    OR_DONE(builder_take(pack->builder, &taken, &count));
    chunks = ARENA_ARRAY(work, struct chunk *, (size_t)count + 1);
    if (chunks == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        chunks[i] = chunk_new(work, columns, row_chunk_rows(taken[i]));
        for (uint32_t c = 0; chunks[i] != NULL && c < columns; c++) {
            chunks[i]->columns[c] = row_chunk_column(work, taken[i], c, chunks[i]->row_count);
            err = chunks[i]->columns[c] == NULL ? arena_error(work) : NULL;
            if (err != NULL) {
                goto done;
            }
        }
        if (chunks[i] == NULL) {
            err = arena_error(work);
            goto done;
        }
    }
    const struct flush_rows rows = {.table = pack->table, .def = def, .chunks = chunks, .chunk_count = count};
    OR_DONE(row_pack_writer(pack, &writer));
    OR_DONE(flush_rows(work, &rows, writer, pack->number, 0, &made, &made_count));
    err = added_keep(pack, made, made_count);
done:
    for (uint32_t i = 0; taken != NULL && i < count; i++) {
        row_chunk_unref(taken[i]);
    }
    free(taken);
    arena_destroy(work);
    return err;
}

static struct err *builder_ready(struct row_pack *pack)
{
    const struct table_def *def = pack->def;
    uint32_t count = table_column_count(def);
    const struct builder_options options = {.budget = pack->budget};
    if (pack->builder != NULL) {
        return NULL;
    }
    const struct type **types = ARENA_ARRAY(pack->arena, const struct type *, count);
    if (types == NULL) {
        return arena_error(pack->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        types[i] = table_column_type(def, i);
    }
    return builder_create(types, count, &options, &pack->builder);
}

struct err *row_pack_add(struct row_pack *pack, const struct chunk *chunk)
{
    struct err *err = NULL;

    ASSERT(chunk->column_count == table_column_count(pack->def));
    OR_DONE(builder_ready(pack));
    OR_DONE(builder_append(pack->builder, chunk, NULL));
    if (builder_rows(pack->builder) >= ROW_PACK_ROWS_MAX || builder_memory(pack->builder) >= ROW_PACK_BYTES_MAX) {
        err = row_pack_flush(pack);
    }
done:
    return err;
}

struct err *row_pack_finish(struct row_pack *pack)
{
    struct err *err = NULL;
    OR_DONE(row_pack_flush(pack));
    if (pack->writer != NULL) {
        OR_DONE(pack_writer_finish(pack->writer));
        pack->finished = true;
    }
done:
    return err;
}

void row_pack_deinit(struct row_pack *pack)
{
    pack_writer_close(pack->writer);
    if (pack->finished && !pack->named) {
        pack_discard(pack->table->store, pack->number);
    }
    builder_destroy(pack->builder);
}
