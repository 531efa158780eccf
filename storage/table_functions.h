/*
 * table_functions.h: what storage needs from the layers above: the values of a table's expressions over a chunk.
 *
 * query/ (or whoever binds SQL) registers one table of functions at start, before any store is opened. compile binds
 * the expressions of one definition; a program is immutable and used by many threads at once. Chunks hold all columns
 * of the definition in order (hidden ones not), any form, or NULL for those that the expression does not read; results
 * have the chunk's row count and live in the arena or in the chunk. Expressions that are plain column names (sort keys,
 * PARTITION BY, TTL) never come here.
 */
#ifndef STORAGE_TABLE_FUNCTIONS_H
#define STORAGE_TABLE_FUNCTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/catalogue.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

struct table_program; /* the registrant's */
struct folder;        /* as well */

enum table_expression {
    TABLE_PARTITION_BY,
    TABLE_ORDER_BY, /* index: which of order_by[] */
    TABLE_TTL,      /* a time: Date, DateTime, DateTime64 */
    TABLE_DEFAULT,  /* index: which column, with default_kind DEFAULT or MATERIALIZED; result has the column's type */
};

struct table_functions {
    /* Errors name the expression; they refuse the CREATE TABLE (or the start, for a stored definition). */
    struct err *(*compile)(const struct table_def *def, struct table_program **out);
    void (*destroy)(struct table_program *program);
    struct err *(*evaluate)(struct table_program *program, struct arena *arena, enum table_expression what,
                            uint32_t index, const struct chunk *chunk, struct column **out);
    /* Does the DEFAULT of a column read another one? */
    bool (*ttl_reads)(const struct table_program *program, uint32_t column); /* does the TTL read it? */
    bool (*default_reads)(const struct table_program *program, uint32_t index, uint32_t column);
    bool (*key_reads)(const struct table_program *program, uint32_t column); /* do ORDER BY or PARTITION BY? */
    /*
     * How values of rows that are combined become one (storage/combining.h): by the aggregate function of this name, or
     * (NULL) that of their type. key_count > 0: of a map, whose keys and values are arrays. errors: no such function
     * for the types
     */
    struct err *(*folder)(struct arena *arena, const char *function, const struct type *const *types,
                          uint32_t key_count, uint32_t count, struct folder **out);
    /* Columns of row_count rows, those of a group side by side, groups ascending; out: as many columns, a row for each
     * group, of the same types. A folder may be used again, by one thread at a time. */
    struct err *(*fold)(const struct folder *folder, struct arena *arena, const struct column *const *columns,
                        const uint32_t *groups, uint32_t row_count, uint32_t group_count, struct column **out);
    /* As CAST does; the column lives in the arena. */
    struct err *(*cast)(struct arena *arena, const struct column *column, const struct type *type, struct column **out);
    /* The text of a partition value (row of the column that TABLE_PARTITION_BY gave), as ClickHouse prints it. */
    struct err *(*partition_text)(struct table_program *program, struct arena *arena, const struct column *column,
                                  uint32_t row, struct slice *out);
};

/* functions outlives everything; NULL: tables with expressions are refused. */
void table_functions_register(const struct table_functions *functions);
const struct table_functions *table_functions(void);

#endif
