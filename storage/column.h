/*
 * column.h: columns and chunks, the form in which rows flow everywhere: decoder → head → scan → operators → writers.
 *
 * A column is row_count values of one type in one of three forms:
 *   COLUMN_FLAT   values: row_count × type->width bytes, native byte order. TYPE_STRING: struct slice[row_count], whose
 *                 bytes are owned elsewhere (arena, head chunk, block) and live as long as the column.
 *                 Arrays and maps: offsets[row_count + 1] into children[0]; tuples: children, each row_count long.
 *   COLUMN_CONST  values holds one value (nulls one byte) that stands for all rows; offsets two numbers; the children
 * of a tuple have one row. COLUMN_DICT   codes[row_count] into dictionary, a FLAT column of the same type. A NULL is
 * the code of an entry whose nulls byte is set. `dictionary_id` is the same for columns that share one dictionary (0:
 * unknown), so that work done once per entry can be kept. Entries may be unused; they are distinct. nulls: one byte per
 * row, 1 = NULL, or NULL pointer when there is none; the value below a NULL is the type's default (zero, empty string).
 * Only nullable types have NULLs; nullable types may have nulls == NULL. values and codes are 64-byte aligned where
 * arena_array made them; readers may not read past row_count values.
 *
 * A chunk is row_count rows of column_count columns; at most CHUNK_ROWS_MAX rows (a granule).
 * Ownership: everything lives in an arena or a head chunk that outlives the column. Columns are immutable once handed
 * on.
 */
#ifndef STORAGE_COLUMN_H
#define STORAGE_COLUMN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "storage/type.h"

#include <stdbool.h>
#include <stdint.h>

#define CHUNK_ROWS_MAX 8192U

enum column_form { COLUMN_FLAT, COLUMN_CONST, COLUMN_DICT };

struct column {
    const struct type *type;
    enum column_form form;
    uint32_t row_count;
    void *values;                    /* FLAT, CONST */
    uint8_t *nulls;                  /* FLAT: row_count bytes; CONST: one; or NULL */
    uint32_t *codes;                 /* DICT */
    const struct column *dictionary; /* DICT */
    uint64_t dictionary_id;          /* DICT: unique while the server runs, or 0 */
    uint32_t *offsets;               /* ARRAY, MAP: row_count + 1, offsets[0] may be > 0 */
    struct column **children;        /* ARRAY, MAP: one; TUPLE: type->child_count */
};

struct chunk {
    uint32_t row_count;
    uint32_t column_count;
    struct column **columns;
};

/* All allocate in the arena; NULL when memory is out or the thread is interrupted (arena_error says why). */
struct column *column_new(struct arena *arena, const struct type *type, uint32_t row_count); /* FLAT, values not set;
                                                                          nulls set to zero if the type is nullable */
struct column *column_const(struct arena *arena, const struct type *type, const void *value, uint32_t row_count);
struct column *column_const_null(struct arena *arena, const struct type *type, uint32_t row_count);
struct column *column_default(struct arena *arena, const struct type *type, uint32_t row_count); /* CONST of the type's
                                                  default: NULL if nullable, an enum's first value, else zero or '' */
struct column *column_dict(struct arena *arena, const struct type *type, uint32_t *codes, uint32_t row_count,
                           const struct column *dictionary, uint64_t dictionary_id);
/* FLAT form of any column; the column itself when it is FLAT. */
const struct column *column_flat(struct arena *arena, const struct column *column);
/* Rows at positions[0..count); keeps CONST and DICT form. */
struct column *column_take(struct arena *arena, const struct column *column, const uint32_t *positions, uint32_t count);
/* Rows [begin, end), sharing memory; keeps the form. */
struct column *column_part(struct arena *arena, const struct column *column, uint32_t begin, uint32_t end);
/* A deep copy, bytes of strings too, into another arena. */
struct column *column_copy(struct arena *arena, const struct column *column);
/* Gives a column of its own (column_copy), and those inside it, an equal type that lives longer than the one that it
 * was made with. */
void column_own_types(struct column *column, const struct type *type);
/* One column out of several of equal types, in order; FLAT (DICT when all share one dictionary). */
struct column *column_concat(struct arena *arena, const struct column *const *columns, uint32_t count);
/* Row i is row rows[i] of columns[sources[i]] (sources NULL: of columns[0]); columns in any form, of this type but for
 * the nullable flag. FLAT. */
struct column *column_pick(struct arena *arena, const struct type *type, const struct column *const *columns,
                           uint32_t column_count, const uint32_t *sources, const uint32_t *rows, uint32_t count);
struct column *column_empty(struct arena *arena, const struct type *type); /* FLAT, no rows */
/* Row i of the column at positions[i], ascending; the type's default elsewhere. FLAT. */
struct column *column_spread(struct arena *arena, const struct column *column, const uint32_t *positions,
                             uint32_t row_count);
uint64_t column_bytes(const struct column *column); /* memory it refers to, about */

struct chunk *chunk_new(struct arena *arena, uint32_t column_count, uint32_t row_count); /* columns set to NULL */
struct chunk *chunk_take(struct arena *arena, const struct chunk *chunk, const uint32_t *positions, uint32_t count);
struct chunk *chunk_part(struct arena *arena, const struct chunk *chunk, uint32_t begin, uint32_t end);
struct chunk *chunk_copy(struct arena *arena, const struct chunk *chunk);

/* Is the row NULL? Any form. */
bool column_is_null(const struct column *column, uint32_t row);
/* Pointer to the value of a row, any form but ARRAY, MAP and TUPLE. */
const void *column_value(const struct column *column, uint32_t row);
/* Order of two values of equal types, one row each, as ORDER BY does: NULLs last (greatest), NaN after numbers. */
int column_compare(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b);
/* As column_compare, for finding the least or greatest value: NULL and NaN, also inside arrays, are never it if another
 * value is there. */
int column_compare_extreme(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b,
                           bool greatest);
/* The same value bit by bit (-0 is not 0, a NaN is itself), or both NULL. */
bool column_identical(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b);

/*
 * An order-independent sum of row hashes: for row conservation (storage/FORMAT "Row sum"). Adds the rows of the chunk
 * (128-bit addition; storage/row_sum.c says how a row is hashed) to *sum. Columns in any form give the same sum.
 */
struct err *chunk_row_sum(struct arena *arena, const struct chunk *chunk, unsigned __int128 *sum);
/* A value's hash, as it goes into its row's. Any form. */
uint64_t column_hash(const struct column *column, uint32_t row);

#endif
