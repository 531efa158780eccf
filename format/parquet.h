/*
 * parquet.h: what the files of the format Parquet share: its numbers, the schema, the columns of a row group that is being
 * filled. Private to the format layer.
 *
 * flow     parquet_writer.c (row groups, footer) → parquet_levels.c (rows as levels) → parquet_values.c (values, dictionary,
 *          bounds) → parquet_page.c (pages)
 * words    A leaf is a column of the file: a column of the result, or what is in its arrays, tuples and maps. Each of its
 *          entries is a value, or says by its definition level at which depth there is none; its repetition level says
 *          which list it goes on with, 0: it begins a row.
 * source   https://github.com/apache/parquet-format
 */
#ifndef FORMAT_PARQUET_H
#define FORMAT_PARQUET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "format/format_settings.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

struct thrift_writer;
struct writer_column;

/* ---- numbers of parquet.thrift */
enum parquet_physical {
    PARQUET_BOOLEAN = 0,
    PARQUET_INT32 = 1,
    PARQUET_INT64 = 2,
    PARQUET_FLOAT = 4,
    PARQUET_DOUBLE = 5,
    PARQUET_BYTE_ARRAY = 6,
    PARQUET_FIXED_BYTES = 7,
};
enum { PARQUET_REQUIRED = 0, PARQUET_OPTIONAL = 1, PARQUET_REPEATED = 2 };
enum { PARQUET_ENCODING_PLAIN = 0, PARQUET_ENCODING_RLE = 3, PARQUET_ENCODING_DICTIONARY = 8 };
enum { PARQUET_PAGE_DATA = 0, PARQUET_PAGE_DICTIONARY = 2 };

#define PARQUET_MAGIC       "PAR1"
#define PARQUET_LEVELS_MAX  255U                  /* levels are kept as bytes */
#define PARQUET_BOUND_BYTES 4096U                 /* longer bounds are left out of the statistics, as in ClickHouse */
#define PARQUET_PAGE_MAX    ((uint64_t)INT32_MAX) /* sizes in a page's header are 32 bits */
#define PARQUET_MISSING     UINT32_MAX            /* a row that is not there: an entry without value */
#define PARQUET_VALUE_MAX   64U                   /* bytes of a fixed value that is no FixedString */

/* How a value's bytes come of the column's. */
enum parquet_form {
    PARQUET_COPY,    /* as they are */
    PARQUET_WIDEN,   /* to 32 bits, by the sign */
    PARQUET_TICKS,   /* 64 bits times the factor */
    PARQUET_SECONDS, /* 32 bits without sign, times the factor */
    PARQUET_BIG,     /* the most significant byte first, with the sign before it if there is room */
    PARQUET_UUID,
    PARQUET_BITS,  /* Bool */
    PARQUET_TEXT,  /* these have lengths of their own */
    PARQUET_FIXED, /* FixedString as such */
    PARQUET_NAME,  /* of an enum */
    PARQUET_JSON,
};

/* By what values are compared. */
enum parquet_order {
    PARQUET_ORDER_I32,
    PARQUET_ORDER_U32,
    PARQUET_ORDER_I64,
    PARQUET_ORDER_U64,
    PARQUET_ORDER_FLOAT,
    PARQUET_ORDER_DOUBLE,
    PARQUET_ORDER_BYTES,
    PARQUET_ORDER_BIG, /* numbers with sign, the most significant byte first */
};

/* The least and the greatest of some values, as they stand in statistics. */
struct parquet_bounds {
    bool known;
    struct buffer least, greatest;
};

/* Distinct values, in the order in which they came. */
struct parquet_dictionary {
    struct buffer bytes;  /* PLAIN */
    struct buffer places; /* uint32_t: where in these a value begins */
    struct buffer hashes; /* uint32_t */
    uint32_t count;
    uint32_t *slots; /* 1 + number of the value; 0: free */
    uint32_t slot_count;
};

/* A page that is ready, for the page index. */
struct parquet_page {
    uint64_t place; /* in the leaf's pages */
    uint32_t bytes; /* with its header */
    uint64_t first_row;
    uint64_t nulls;
    bool has_values, has_bounds;
    uint32_t least_bytes, greatest_bytes; /* in the leaf's page_bounds, one behind the other */
};

struct parquet_leaf {
    const struct type *type;
    const struct slice *path;
    uint32_t path_length;
    enum parquet_physical physical;
    enum parquet_form form;
    enum parquet_order order;
    uint32_t width; /* bytes of a value; 0: it has a length of its own, or is a bit */
    int64_t factor;
    uint32_t definitions_max, repetitions_max;

    /* the page that is being filled */
    struct buffer definitions, repetitions; /* a byte per entry; none where all are 0 */
    struct buffer values;                   /* PLAIN; of Bool a byte each */
    struct buffer codes;                    /* uint32_t: numbers in the dictionary */
    uint32_t entries, value_count, rows;
    struct parquet_bounds bounds;

    /* the row group's part */
    struct parquet_dictionary dictionary;
    bool has_dictionary; /* values still go there */
    struct buffer pages; /* ready, with their headers */
    struct buffer notes; /* struct parquet_page */
    struct buffer page_bounds;
    struct buffer bloom;   /* of values without dictionary; at the end, of all; empty: none */
    uint64_t bloom_values; /* that went into it, each counted */
    struct parquet_bounds all;
    uint64_t group_entries, group_nulls, group_rows;
    uint64_t bytes_plain;  /* of the pages, unpacked and with their headers */
    uint64_t bytes_packed; /* as they stand in the file */
    uint64_t bytes_raw;    /* of the values, each counted */
    uint32_t pages_plain, pages_coded;
    uint32_t dictionary_bytes; /* of its page; 0: there is none */
};

/* The schema as a tree. */
struct parquet_node {
    struct slice name;
    const struct type *type;
    bool optional;
    uint32_t definition; /* level of what is there, of lists: of an element */
    uint32_t repetition; /* of lists: level of what goes on with them */
    struct parquet_node **children;
    uint32_t child_count;
    struct parquet_leaf *leaf; /* or NULL */
};

struct parquet {
    struct budget *budget; /* or NULL */
    uint64_t taken;        /* bytes of it */
    const struct format_settings *settings;
    struct arena *arena; /* the schema's */
    struct parquet_node **columns;
    uint32_t column_count;
    struct parquet_leaf **leaves;
    uint32_t leaf_count, leaf_capacity;
    struct parquet_packer *packer;
    struct buffer scratch, packed; /* of a page that is made */

    uint64_t group_rows, rows;
    uint64_t offset;      /* bytes of the file so far */
    struct buffer groups; /* metadata of the row groups that are written */
    uint64_t group_count;
    uint64_t written_max; /* bytes of the largest row group: the reply's buffer keeps so many */
};

/* Entries of rows of a column: entry i is of row rows[i], or of none. */
struct parquet_entries {
    uint32_t count;
    const uint32_t *rows;       /* NULL: row i */
    const uint8_t *definitions; /* NULL: all are `definition` */
    const uint8_t *repetitions; /* NULL: all are 0 */
    uint8_t definition;
};

/* ---- parquet_schema.c */
/* errors   ERR_UNKNOWN_TYPE, ERR_BAD_ARGUMENTS: a type that the format has not, as in ClickHouse */
struct err *parquet_schema(struct parquet *parquet, const struct writer_column *columns, uint32_t count);
/* The schema's elements, as a field of the footer. */
void parquet_put_schema(struct thrift_writer *thrift, int16_t field, const struct parquet *parquet);

/* ---- parquet_levels.c */
/* Rows of a column go to the leaves of its node. */
struct err *parquet_add(struct parquet *parquet, struct arena *arena, const struct parquet_node *node,
                        const struct column *column);

/* ---- parquet_values.c */
/* The column's entries go to the leaf's page, and pages that are full behind the others. The column is FLAT. */
struct err *parquet_leaf_add(struct parquet *parquet, struct arena *arena, struct parquet_leaf *leaf,
                             const struct column *column, const struct parquet_entries *entries);

/* ---- parquet_bounds.c */
/* Takes in values, `count` of them in a row. */
void parquet_bounds_numbers(struct parquet_bounds *bounds, const struct parquet_leaf *leaf, const char *values,
                            uint32_t count);
void parquet_bounds_texts(struct parquet_bounds *bounds, const struct slice *texts, uint32_t count);
void parquet_bounds_merge(struct parquet_bounds *bounds, const struct parquet_leaf *leaf,
                          const struct parquet_bounds *more);
void parquet_bounds_reset(struct parquet_bounds *bounds);
void parquet_bounds_deinit(struct parquet_bounds *bounds);
bool parquet_bounds_written(const struct parquet_bounds *bounds); /* are they known and short enough? */
void parquet_put_statistics(struct thrift_writer *thrift, int16_t field, const struct parquet_leaf *leaf,
                            const struct parquet_bounds *bounds, uint64_t nulls);

/* ---- parquet_dictionary.c */
/* The number of a value (of a text: without its length), which is added when it is new. False: memory is out. */
bool parquet_dictionary_find(struct parquet_dictionary *dictionary, bool is_text, struct slice value, uint32_t *number);
void parquet_dictionary_reset(struct parquet_dictionary *dictionary);
/* PLAIN bytes of a value; those of a text without its length. */
struct slice parquet_dictionary_value(const struct parquet_dictionary *dictionary, uint32_t number);
struct slice parquet_dictionary_bytes(const struct parquet_leaf *leaf, uint32_t number);

/* ---- parquet_bloom.c */
bool parquet_bloom_has(const struct parquet_leaf *leaf); /* does the leaf get one? */
/* Room for so many values. False: memory is out, as below. */
bool parquet_bloom_begin(struct buffer *bloom, uint64_t values);
void parquet_bloom_add(struct buffer *bloom, struct slice value);
/* The leaf's filter, when all of the row group's values are there; its dictionary still is. */
bool parquet_bloom_end(struct parquet_leaf *leaf);
/* With its header. */
void parquet_put_bloom(struct buffer *out, const struct buffer *bloom);

/* ---- parquet_page.c */
/* Ends the leaf's page, if it has entries. */
struct err *parquet_page_end(struct parquet *parquet, struct parquet_leaf *leaf);
/* Bytes of the page so far, about. */
uint64_t parquet_page_bytes(const struct parquet_leaf *leaf);
/* Appends the leaf's part of the row group, whose last page has ended. */
struct err *parquet_leaf_write(struct parquet *parquet, struct parquet_leaf *leaf, struct buffer *out);
/* Then its Bloom filter, its part of the page index, and its metadata as an item of the row group's list. begin: where
 * its part is in the file; offset: where the page index goes on. */
void parquet_leaf_describe(const struct parquet *parquet, const struct parquet_leaf *leaf, uint64_t begin,
                           uint64_t offset, struct buffer *out, struct thrift_writer *columns);
/* Empty, without memory. */
void parquet_leaf_reset(struct parquet_leaf *leaf);

/* ---- parquet_runs.c */
/* Numbers of `bits` bits as runs and bit-packed groups. */
void parquet_put_runs(struct buffer *out, const uint32_t *numbers, uint32_t count, uint32_t bits);
void parquet_put_levels(struct buffer *out, const uint8_t *levels, uint32_t count, uint32_t bits);
uint32_t parquet_bits(uint32_t greatest); /* that numbers up to this one need */

/* ---- parquet_packer.c */
struct err *parquet_packer_create(enum parquet_packing packing, struct parquet_packer **out);
void parquet_packer_destroy(struct parquet_packer *packer);  /* accepts NULL */
uint64_t parquet_packer_bytes(enum parquet_packing packing); /* memory of the library, about */
int32_t parquet_packer_codec(const struct parquet_packer *packer);
/* Appends the packed bytes. */
struct err *parquet_pack(struct parquet_packer *packer, struct slice bytes, struct buffer *out);

#endif
