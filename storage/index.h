/*
 * index.h: what a segment keeps beside its columns so that granules without a wanted value need not be read.
 *
 *   values   which values occur: a filter of their hashes. Equality, IN
 *   words    which words occur in texts: a filter of hashes of words and of the first 8 bytes of longer ones, so that a
 *            word of which only the beginning is known is found too. Equality, hasToken, LIKE '%=word&%', prefixes
 *   grams    which sequences of n bytes occur in texts: a filter of their hashes. Any part of a text of n bytes
 *   set      the hashes of all values, if they are few. Equality, IN
 *   bitmap   which rows have each entry of the column's dictionary (storage/index_bitmap.h). Equality, IN, NOT
 *
 * filter   split-block Bloom filter [Putze, Sanders, Singler: "Cache-, hash- and space-efficient Bloom filters", 2009;
 *          laid out as Apache Parquet's]: one block of 32 bytes is looked at for a hash
 * block    of each so many granules; docs/FORMAT.md, "Indexes". A value that is NULL is in none.
 * rule     Merges give indexes to columns that do not ask: strings without a dictionary, whole numbers of 4 bytes and
 *          more, UUID and addresses, and arrays of these (values alone), but not to the sort key's first. `words` where
 *          texts have two words and more on average, else `values`, as for ids with dashes, whose words are too many.
 *          Such a filter has 4 to 12 bits for each hash: as many as make a lookup of what is not there read the fewest
 *          bytes, of filters and of granules that they let pass. It is left out of a granule where these are more than
 *          a third of the column's block, and then of the next 1, 3, 7 … 15 granules unseen. Strings whose dictionary
 *          has 1,024 entries at most get `bitmap`, left out of 8 granules where it is larger than the column's blocks.
 * thread   builders: one; the others: any
 */
#ifndef STORAGE_INDEX_H
#define STORAGE_INDEX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

/* Stored in files: never reuse a number. */
enum index_kind { INDEX_VALUES = 1, INDEX_WORDS = 2, INDEX_GRAMS = 3, INDEX_SET = 4, INDEX_BITMAP = 5 };
/* The column, lower() of it, all keys or all values of a map, all elements of an array. */
enum index_input { INDEX_PLAIN = 0, INDEX_LOWER = 1, INDEX_MAP_KEYS = 2, INDEX_MAP_VALUES = 3, INDEX_ELEMENTS = 4 };

#define INDEX_GROUP_MAX  4096U /* granules of a block */
#define INDEX_GRAM_MAX   64U
#define INDEX_HASHES_MAX ((uint32_t)1 << 20) /* of a block; more: it is left out */
#define INDEX_BYTES_MAX  ((uint32_t)1 << 24) /* of a filter */
#define INDEX_PREFIX     8U                  /* bytes of a word */
#define INDEXES_MAX      1000U               /* of a segment */

struct index_shape {
    enum index_kind kind;
    enum index_input input;
    uint32_t column;    /* index among the segment's columns */
    uint32_t parameter; /* GRAMS: bytes of one; SET: most values; else 0 */
    uint32_t group;     /* granules of one block */
};

/* One that is asked for. */
struct index_wish {
    struct index_shape shape;
    uint32_t bytes; /* of a filter; 0: by its number of hashes, */
    uint32_t bits;  /* for each */
};

const char *index_kind_name(enum index_kind kind); /* "values" */
/* May a column of this type have such an index? */
bool index_takes(const struct type *type, enum index_kind kind, enum index_input input);
/* What it has of a column of this type, that it takes: of arrays and maps their elements, keys or values. */
const struct type *index_input_type(const struct type *type, enum index_input input);
/* Besides: is its parameter one of this kind's? */
bool index_shape_is_sound(const struct type *type, enum index_kind kind, enum index_input input, uint32_t parameter);
struct table_def;
struct index_def;
/* Is it one that a segment of the table can have? Bytes from a file are as hostile as others. */
bool index_def_is_sound(const struct table_def *def, const struct index_def *index);
/* A wish for each of the definition's indexes that has blocks, in the arena. */
struct err *index_wishes(struct arena *arena, const struct table_def *def, struct index_wish **out, uint32_t *count);
/* Of hashes that are not in a filter with so many bits for each, which part passes. */
double index_false_rate(uint32_t bits);
/* Fewest bits for a rate, at most 64. */
uint32_t index_bits_for(double rate);

uint32_t index_word_count(struct slice text);

/* ---- what is in a block */

typedef bool index_visit(void *user, uint64_t hash); /* false: enough */

/* Hashes of a column's values, words or grams, perhaps several times the same. false: the visitor had enough, or memory
 * is out. */
bool index_hashes(struct arena *arena, const struct index_shape *shape, const struct column *column, index_visit *visit,
                  void *user);
/* A part that a text must have. */
struct index_part {
    struct slice text; /* as the index's input is */
    bool begins, ends; /* no byte of a word stands before it, behind it */
    bool whole;        /* it is the text */
};
/* Hashes that are all in the block if such a text occurs; none: nothing is known. */
bool index_part_hashes(const struct index_shape *shape, const struct index_part *part, index_visit *visit, void *user);

/* Is the block of a form that a reader can use? */
bool index_block_valid(const struct index_shape *shape, struct slice block);
bool index_block_has(const struct index_shape *shape, struct slice block, uint64_t hash);
/* Sets the hashes' bits in a filter of so many bytes. */
void index_filter_add(char *filter, size_t bytes, const uint64_t *hashes, uint32_t count);

/* ---- asking */

enum index_test_kind {
    INDEX_TEST_VALUES, /* the column is one of `values` */
    INDEX_TEST_PARTS,  /* the column's text has all `parts` */
    INDEX_TEST_AND,    /* all children */
    INDEX_TEST_OR,     /* one of them */
    INDEX_TEST_NOT     /* not the one child; only for index_bitmap_rows */
};
/* What rows must meet, as far as indexes can tell. */
struct index_test {
    enum index_test_kind kind;
    enum index_input input;
    uint32_t column;             /* as the one who asks numbers them */
    const struct column *values; /* FLAT or CONST, not NULL, of the column's type without Nullable */
    const struct index_part *parts;
    const struct index_test *const *children;
    uint32_t count;                    /* of parts, of children */
    const struct index_shape *without; /* indexes of the column that are not asked */
    uint32_t without_count;
};

struct segment;
/* Index among the segment's columns; negative: it has none of this type. */
typedef int32_t index_place(void *user, uint32_t column);
/* Does an index say that no row of the granule meets it? *by: the last index that said so of a part of it. */
struct err *index_test_run(struct segment *segment, struct arena *arena, uint32_t granule,
                           const struct index_test *test, index_place *place, void *user, bool *excludes,
                           struct index_shape *by);

/* ---- writing */

struct index_builder;
struct index_builder *index_builder_create(const struct index_wish *wishes, uint32_t wish_count,
                                           uint32_t column_count); /* NULL: memory is out */
void index_builder_destroy(struct index_builder *builder);         /* accepts NULL */
/* Before the first granule: the rule above may give this column an index. */
void index_builder_allow(struct index_builder *builder, uint32_t column, const struct type *type);
/* A granule's columns, and the bytes of their blocks. Full blocks are appended; out's first byte stands at this offset
 * of the segment. */
struct err *index_builder_granule(struct index_builder *builder, const struct chunk *chunk, const uint32_t *block_bytes,
                                  struct buffer *out, uint64_t out_offset);
/* The last blocks. */
struct err *index_builder_end(struct index_builder *builder, struct buffer *out, uint64_t out_offset);
void index_builder_footer(const struct index_builder *builder, struct buffer *footer);

#endif
