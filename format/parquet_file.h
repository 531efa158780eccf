/*
 * parquet_file.h: the metadata of a Parquet file that is read: its schema, as Arrow's fields and where levels are, and
 * where the parts of its row groups stand.
 *
 * words    A leaf is a column of the file. A branch is a field of the schema with what is below it. A slot is a place for
 *          a value: each row has one of each column, and each element of a list one of what the elements are; an entry
 *          of a leaf whose definition level is below slot_definition is no slot.
 * input    hostile: numbers are checked here, places of pages when they are read
 * thread   any: pure functions
 * source   https://github.com/apache/parquet-format
 */
#ifndef FORMAT_PARQUET_FILE_H
#define FORMAT_PARQUET_FILE_H

#include "format/arrow_infer.h"
#include "format/arrow_type.h"
#include "format/thrift_reader.h"

#define PARQUET_TAIL_BYTES 8U /* the footer's length, and the magic */
#define PARQUET_DEPTH_MAX  32U
#define PARQUET_INT96      3

/* How raw values become those of an Arrow array. */
enum parquet_take {
    PARQUET_TAKE_BITS,  /* Bool */
    PARQUET_TAKE_COPY,  /* the lowest bytes */
    PARQUET_TAKE_WIDEN, /* 32 bits to 64, by the sign */
    PARQUET_TAKE_INT96, /* nanoseconds of a day, and the day of Julius */
    PARQUET_TAKE_BIG,   /* the most significant byte first; to 128 or 256 bits */
    PARQUET_TAKE_BIG_TEXT,
    PARQUET_TAKE_TEXT,
};

struct parquet_branch {
    uint32_t definition;             /* at least this: it is no NULL */
    uint32_t element;                /* lists: at least this: there is an element */
    uint32_t slot_definition;        /* see above */
    uint32_t repetition;             /* of the list that the slots are elements of; 0: slots are rows */
    struct parquet_branch *children; /* like the field's */
    uint32_t leaf;                   /* the first below it */
    uint32_t leaf_count;
};

struct parquet_leaf_in {
    const struct arrow_field *field;
    int32_t physical;
    uint32_t width; /* bytes of a value in a page; 0: texts, bits */
    uint32_t made;  /* bytes of a value in the array; 0: texts, bits */
    enum parquet_take take;
    uint32_t definition, repetition; /* the greatest levels */
    uint32_t slot_definition;
};

struct parquet_chunk {   /* a leaf's part of a row group */
    uint64_t begin, end; /* in the file */
    uint64_t entries;
    int32_t codec;
};

struct parquet_group {
    uint64_t row_count;
    struct parquet_chunk *chunks; /* one for each leaf */
};

struct parquet_file {
    struct arrow_field *fields; /* columns */
    struct parquet_branch *branches;
    uint32_t field_count;
    struct parquet_leaf_in *leaves;
    uint32_t leaf_count;
    struct parquet_group *groups;
    uint32_t group_count;
};

/* bytes: the whole file. What is made is in the arena, and does not refer to the bytes.
 * errors   ERR_INCORRECT_DATA: no Parquet, or damaged; ERR_UNKNOWN_TYPE, ERR_NOT_IMPLEMENTED: what is not read */
struct err *parquet_file_open(struct arena *arena, struct slice bytes, struct parquet_file *file);
/* The columns of a file, as arrow_infer gives them. sample: the whole file */
struct err *parquet_infer(struct arena *arena, struct slice sample, struct inferred_column **columns, uint32_t *count);

#endif
