/*
 * builder_private.h: what builder.c, builder_append.c and row_chunk.c share.
 */
#ifndef STORAGE_BUILDER_PRIVATE_H
#define STORAGE_BUILDER_PRIVATE_H

#include "base/text.h"
#include "storage/builder.h"

#include <stdatomic.h>

/* Bytes of a value in a chunk: nested values are packed (storage/packed.h). */
static inline uint32_t builder_width(const struct type *type)
{
    return type_is_nested(type) ? (uint32_t)sizeof(struct slice) : type->width;
}

#define ALIGN_UP(n, to) (((n) + (to)-1) & ~((size_t)(to)-1))

struct heap_piece {
    struct heap_piece *next;
    size_t bytes;
};

struct row_chunk {
    _Atomic uint32_t references;
    uint32_t rows; /* set when the builder leaves the chunk */
    uint32_t row_capacity;
    uint32_t column_count; /* with hidden ones */
    uint32_t hidden_count;
    void *pages;
    size_t pages_bytes;
    struct heap_piece *heap_pieces;
    _Atomic size_t heap_bytes;
    struct budget *budget;
    struct builder_column columns[];
};

struct coding {
    struct dictionary *dictionary;     /* NULL: plain */
    uint32_t count_before;             /* entries when the chunk began */
    uint32_t plain_chunks;             /* still to be plain before the next try */
    uint64_t remap_id;                 /* builder_append: codes of this foreign dictionary … */
    const struct dictionary *remap_to; /* … to those of this one … */
    uint32_t *remap;                   /* … plus one; 0: not yet */
    uint32_t remap_count;
};

struct builder_private {
    const struct type **types; /* with hidden ones */
    struct coding *codings;
    bool *track_missing;
    struct budget *budget;
    struct row_chunk **chunks; /* the last one is being filled */
    uint32_t chunk_count;
    uint32_t chunk_room;
    uint32_t next_capacity;
    size_t heap_hint; /* bytes of the last chunk's heap */
    bool appending;
    bool close_early;
    struct buffer packed; /* scratch */
    struct err *err;      /* why it failed; NULL while failed: memory is out */
};

/* A chunk's arrays and heap pieces, 64-byte aligned; large ones are big buffers (base/pages.h). NULL: memory is out. */
void *chunk_memory_alloc(size_t bytes, size_t *bytes_out);
void chunk_memory_free(void *memory, size_t bytes);

/* Takes err: the first one stays, until builder_rollback. */
void builder_fail(struct builder *builder, struct err *err);

#endif
