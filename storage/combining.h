/*
 * combining.h: how rows with one sorting key become fewer: what the engines but MergeTree do in merges and for FINAL.
 *
 *   ReplacingMergeTree([version[, is_deleted]])  the row with the greatest version stays, of equal ones the last;
 *                          FINAL leaves out keys whose row is deleted
 *   SummingMergeTree([columns])   one row: sums of the numeric columns that are no part of a key (or of those named),
 *                          maps (nested …Map columns) added by their keys, states merged, of all others the first
 *                          value; a row whose sums are all 0 (or NULL) goes, unless there are maps or states
 *   AggregatingMergeTree   one row: states merged, SimpleAggregateFunction columns aggregated, else the first value
 *   CollapsingMergeTree(sign)     of more rows with sign 1 the last of them, of more with −1 the first of those, of
 *                          equally many both, or none where the last row has −1; FINAL gives no row with −1
 *   VersionedCollapsingMergeTree(sign, version)   version ends the sorting key; a row takes away the last one before
 *                          it with the other sign
 *
 * order    rows of a key come as they were inserted: by their segments' place (struct ledger_segment), within a segment
 *          as they lie, rows of heads last. Where segments have one place (UPDATE puts changed rows into a segment of
 *          their own) the rows' addresses decide.
 * batch    sorted rows. Of the last key more may come: it is reduced to what is needed of it, which the caller puts
 *          before the next batch. So a key with any number of rows takes little memory.
 * address  a row that is made has the hidden columns of the first row of its key, as of all that is not summed
 * thread   a struct combining is immutable; a combiner belongs to one
 */
#ifndef STORAGE_COMBINING_H
#define STORAGE_COMBINING_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"
#include "storage/table.h"

#include <stdbool.h>
#include <stdint.h>

enum combining_kind {
    COMBINING_REPLACING,
    COMBINING_SUMMING,
    COMBINING_AGGREGATING,
    COMBINING_COLLAPSING,
    COMBINING_VERSIONED,
};

/* What becomes of a column of the rows that are one. */
enum combining_way {
    COMBINING_FIRST, /* the first row's value */
    COMBINING_FOLD,  /* function over all values */
    COMBINING_MAP,   /* of a map that is added by keys */
};

struct combining_column {
    enum combining_way way;
    const char *function; /* FOLD: its name; NULL: that of the column's type */
    uint32_t map;         /* MAP: which */
};

/* Columns of one Nested: keys, then values. */
#define COMBINING_MAP_COLUMNS_MAX 32U
struct combining_map {
    uint32_t columns[COMBINING_MAP_COLUMNS_MAX];
    uint32_t key_count;
    uint32_t count;
};

struct combining {
    enum combining_kind kind;
    int version, deleted, sign;       /* columns; −1: none */
    struct combining_column *columns; /* per stored column */
    struct combining_map *maps;
    uint32_t map_count;
    bool has_states; /* some column is an AggregateFunction */
    bool drops_zeros;
};

/* The name of an engine: "ReplacingMergeTree" of "ReplacingMergeTree(v)". */
struct slice engine_name(const char *engine);
/* Are rows of its tables combined? The kind of an engine's name. */
bool engine_combines(const char *engine, enum combining_kind *kind);
/* The engines but MergeTree. Index from 0; NULL: no more. */
const char *engine_combining(uint32_t index);
/* What stands in an engine's parentheses: names of columns, also those in a tuple. ERR_BAD_ARGUMENTS. */
struct err *engine_arguments(struct arena *arena, const char *engine, struct slice **out, uint32_t *count);

/* *out NULL: rows of the table stay as they are. */
struct err *combining_of(struct arena *arena, const struct table *table, const struct table_def *def,
                         struct combining **out);
/* Marks the stored columns that must be there for the others to be combined rightly; the sorting key's not. */
void combining_reads(const struct combining *combining, uint32_t column_count, uint8_t *needed);

struct combiner;

/* Of the rows that were combined: those that are gone, those that were made. */
struct combined_numbers {
    uint64_t removed_rows;
    unsigned __int128 removed_sum;
    uint64_t made_rows;
    unsigned __int128 made_sum;
};

struct combine_batch {
    uint32_t row_count;
    struct column **columns;             /* the combiner's; sorted */
    const uint8_t *same;                 /* has row i the key of row i − 1? */
    uint32_t carried;                    /* so many rows at the front were given back by the batch before */
    const uint32_t *place;               /* per row, or NULL: as they lie; rows of one place */
    const struct column *const *address; /* … by these hidden columns */
};

struct combine_result {
    struct chunk *rows;        /* what is combined; may have none */
    struct chunk *carry;       /* the last key's, to be copied; none when the batch was the last */
    uint32_t *carry_positions; /* in the batch: rows with the key, place and address of each */
};

/* columns: as the table numbers them, hidden ones too. final: for SELECT … FINAL. account: numbers are wanted; columns
 * are all the table's, in order. */
struct err *combiner_create(struct arena *arena, const struct combining *combining, const struct table_def *def,
                            const uint32_t *columns, uint32_t column_count, bool final, bool account,
                            struct combiner **out);
/* last: no more rows come. What is made lives in the arena or is the batch's. */
struct err *combiner_run(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch, bool last,
                         struct combine_result *out);
const struct combined_numbers *combiner_numbers(const struct combiner *combiner);

#endif
