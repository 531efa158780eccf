/*
 * row_pack.h: rows that come chunk by chunk become segments of one new pack: of an UPDATE, of REPAIR.
 *
 * flow     storage/mutation.c, repair.c → here → builder.c, flush.c
 * memory   ROW_PACK_ROWS_MAX rows or ROW_PACK_BYTES_MAX bytes at a time, charged to the budget; each portion is sorted
 *          into segments of its own, which merges join
 * ends     finished, the pack is whole on disk but means nothing; the caller's ledger commit names it. A pack that no
 *          commit can have named is removed by row_pack_deinit.
 * thread   one at a time
 */
#ifndef STORAGE_ROW_PACK_H
#define STORAGE_ROW_PACK_H

#include "base/arena.h"
#include "storage/ledger.h"
#include "storage/segment.h"
#include "storage/table_private.h"

#define ROW_PACK_ROWS_MAX  1000000U
#define ROW_PACK_BYTES_MAX ((uint64_t)64 << 20)

struct row_pack {
    struct table *table; /* borrowed, as are arena, budget (may be NULL), def */
    struct arena *arena;
    struct budget *budget;
    const struct table_def *def;
    struct insertion_place place; /* of segments that are written from now on; zeros: their own */
    struct pack_writer *writer;   /* NULL: nothing was written */
    uint64_t number;
    struct builder *builder;      /* rows that are not in the pack yet; NULL: there were none */
    struct ledger_segment *added; /* in the arena, without commit */
    uint32_t added_count;
    bool finished, named; /* the pack is whole; a commit may name it */
};

/* Where the rows of a segment are in the order of insertion; NULL: nowhere yet. */
struct insertion_place row_pack_place_of(const struct ledger_segment *info);
/* The pack's writer, for other bytes between the segments. */
struct err *row_pack_writer(struct row_pack *pack, struct pack_writer **out);
/* All columns of the definition, the hidden ones behind; the chunk is copied. */
struct err *row_pack_add(struct row_pack *pack, const struct chunk *chunk);
/* Rows that wait become segments. */
struct err *row_pack_flush(struct row_pack *pack);
/* Syncs the pack, if there is one. */
struct err *row_pack_finish(struct row_pack *pack);
void row_pack_deinit(struct row_pack *pack);

#endif
