/*
 * insert_private.h: an INSERT's insides, for the queue that stores many at once (storage/insert_queue.c).
 */
#ifndef STORAGE_INSERT_PRIVATE_H
#define STORAGE_INSERT_PRIVATE_H

#include "storage/insert.h"

#include <stdbool.h>
#include <stdint.h>

/* All rows of a small INSERT, with DEFAULT and MATERIALIZED values. */
struct insert_rows {
    struct arena *arena; /* of the columns that are no views of rows */
    struct row_chunk **rows;
    uint32_t row_chunk_count;
    struct chunk **chunks;
    uint32_t count;
    uint64_t row_count;
};

/* Has it rows, and none that went on to a pack? Is it none whose token was stored before? */
bool insert_is_small(const struct insert *insert);
struct table *insert_table(const struct insert *insert);
struct tables *insert_tables(const struct insert *insert);
unsigned __int128 insert_token(const struct insert *insert); /* 0: none */
struct budget *insert_budget(const struct insert *insert);   /* of its rows, or NULL */
uint64_t insert_memory(const struct insert *insert);
/* The INSERT is small; it has no rows afterwards. To be freed after errors, too.
 * errors   ERR_UNKNOWN_TABLE, ERR_TOO_MANY_PARTITIONS, ERR_MEMORY_LIMIT, those of the expressions */
struct err *insert_rows_take(struct insert *insert, struct insert_rows *out);
void insert_rows_free(struct insert_rows *rows);
/* Before it is stored past the queue: where the last row of a key counts, what waits there came before
 * (insert_queue.c). */
void insert_behind_queue(const struct insert *insert);

#endif
