/*
 * parquet_column.h: a leaf's part of a row group, read page by page: some rows at a time, as values of an Arrow array and
 * as levels.
 *
 * memory   a page that is unpacked and a dictionary are in arenas of the column's own; what rows need is in the arena that
 *          parquet_column_take is given. Text of pages that are not packed stands in the file's bytes.
 * thread   one at a time
 */
#ifndef FORMAT_PARQUET_COLUMN_H
#define FORMAT_PARQUET_COLUMN_H

#include "format/arrow_array.h"
#include "format/parquet_decode.h"
#include "format/parquet_file.h"

#define PARQUET_STEP 1024U /* entries that are looked at together */

/* What rows there are, in an arena. */
struct parquet_rows {
    uint32_t rows, slots, entries;
    uint32_t slot_room, entry_room;
    uint8_t *definitions, *repetitions; /* of entries; NULL: not kept */
    uint8_t *valid;                     /* bits; NULL: all are */
    bool has_null;
    char *values;
    uint64_t *offsets;
    char *text;
    size_t text_bytes, text_room;
};

struct parquet_column {
    const struct parquet_leaf_in *leaf;
    bool keeps_levels;
    bool checks; /* pages' checksums */
    const char *file;
    struct parquet_chunk chunk; /* begin: of the next page */
    uint64_t entries_left;      /* of the chunk, behind the page */
    struct arena *dictionary_arena, *page_arena;
    struct parquet_dictionary_in dictionary;
    uint64_t page_left; /* entries of the page that are not in the step */
    struct parquet_runs definition_runs, repetition_runs;
    struct parquet_values values;
    uint8_t definitions[PARQUET_STEP], repetitions[PARQUET_STEP]; /* of the step */
    uint32_t step_at, step_end;
    char *raw; /* PARQUET_STEP raw values */
};

/* errors: of memory */
struct err *parquet_column_init(struct parquet_column *column, struct arena *arena, const struct parquet_leaf_in *leaf,
                                bool keeps_levels);
void parquet_column_deinit(struct parquet_column *column);
/* A row group begins. file: its bytes, until the next one begins */
void parquet_column_begin(struct parquet_column *column, const char *file, const struct parquet_chunk *chunk);
/* The next rows. errors: ERR_INCORRECT_DATA, ERR_CANNOT_DECOMPRESS, ERR_MEMORY_LIMIT */
struct err *parquet_column_take(struct parquet_column *column, struct arena *arena, uint32_t rows,
                                struct parquet_rows *out);

#endif
