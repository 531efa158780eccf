/*
 * lexicon.h: lexicons, the dictionaries of CREATE DICTIONARY (dictionaries of coded columns are storage's): rows in
 * memory that are found by their key, for dictGet, dictHas, and the table of that name.
 *
 * shape    what CREATE DICTIONARY says: keys, attributes, layout, lifetime
 * data     one loading's rows, immutable, counted; a new loading replaces it, queries keep what they took
 * handle   a dictionary by identity: its shape, its data once it was loaded, how loading went. Functions keep a
 *          reference, so that what is loaded later is seen by sources that run for long
 * loading  by the first who needs it, on its thread, and again by the server's thread when its lifetime is over. One
 *          loads at a time; a dictionary whose source needs it itself is an error.
 * memory   under the budget that the loader gives; a result column of a lookup refers to the data and pins it
 * thread   any, but for the builder
 */
#ifndef QUERY_LEXICON_H
#define QUERY_LEXICON_H

#include "query/table_source.h"

#include <pthread.h>
#include <stdatomic.h>

enum lexicon_layout {
    LEXICON_FLAT,    /* key: UInt64 below 500,000; of equal keys the last row */
    LEXICON_HASHED,  /* key: UInt64; of equal keys the first row */
    LEXICON_COMPLEX, /* key: any columns */
    LEXICON_RANGE,   /* key: UInt64, and a value between range[0] and range[1] of the row */
};

#define LEXICON_FLAT_MAX  500000U
#define LEXICON_DEPTH_MAX 1000U /* of hierarchies */

struct lexicon_attribute {
    struct slice name;
    const struct type *type;
    const struct column *fallback; /* CONST, of that type: for keys that are not there */
    bool hierarchical;             /* the key of its parent */
};

struct lexicon_shape {
    struct slice database, name;
    enum lexicon_layout layout;
    struct slice layout_name; /* "Hashed", "ComplexKeyHashed", …, for people */
    const struct source_column *keys;
    uint32_t key_count;
    struct source_column range[2];
    const struct lexicon_attribute *attributes;
    uint32_t attribute_count;
    uint64_t lifetime_min_s, lifetime_max_s; /* 0: never again */
    struct slice source_text;                /* "ClickHouse: db.t", for people */
    struct slice query;                      /* gives keys, range, attributes, in this order */
};
/* Keys, range, attributes. */
uint32_t lexicon_column_count(const struct lexicon_shape *shape);
struct source_column lexicon_column(const struct lexicon_shape *shape, uint32_t index);
/* The attribute's index, or UINT32_MAX. */
uint32_t lexicon_attribute_find(const struct lexicon_shape *shape, struct slice name);

/* ---- data: lexicon_data.c */
struct lexicon_data {
    _Atomic uint32_t references;
    struct arena *arena;
    uint32_t row_count;
    struct column **columns; /* FLAT, row_count + 1 rows: the last one has the fallbacks */
    struct lexicon_lookup *lookup;
};

struct lexicon_builder;
struct err *lexicon_builder_create(const struct lexicon_shape *shape, struct budget *budget,
                                   struct lexicon_builder **out);
void lexicon_builder_destroy(struct lexicon_builder *builder); /* accepts NULL */
/* Rows of the shape's columns; cast to their types. */
struct err *lexicon_builder_add(struct lexicon_builder *builder, const struct function_context *context,
                                const struct chunk *chunk);
struct err *lexicon_builder_finish(struct lexicon_builder *builder, struct lexicon_data **out);
void lexicon_data_unref(struct lexicon_data *data); /* accepts NULL */
/* A reference that goes with the arena. */
struct err *lexicon_data_pin(struct lexicon_data *data, struct arena *arena);
/*
 * rows[i]: the row of keys[…][i], or data->row_count: there is none. keys: FLAT, of the shape's types. range: the value
 * for RANGE, as int64_t; else NULL.
 */
struct err *lexicon_find(const struct lexicon_data *data, const struct lexicon_shape *shape, struct arena *scratch,
                         const struct column *const *keys, const int64_t *range, uint32_t row_count, uint32_t *rows);

/* ---- handles: dictionary.c */
enum lexicon_status { /* as system.dictionaries numbers them */
                      LEXICON_NOT_LOADED = 0,
                      LEXICON_LOADED = 1,
                      LEXICON_FAILED = 2,
};

struct lexicon;
/* Fills the builder with all rows. */
typedef struct err *(*lexicon_load)(void *user, const struct lexicon_shape *shape, struct lexicon_builder *builder);
/* arena: holds the shape, moved. One reference. */
struct lexicon *lexicon_create(struct arena *arena, const struct lexicon_shape *shape, struct budget *budget,
                               lexicon_load load, void *user);
struct lexicon *lexicon_ref(struct lexicon *dictionary);
void lexicon_unref(struct lexicon *dictionary); /* accepts NULL */
const struct lexicon_shape *lexicon_shape(const struct lexicon *dictionary);
/* A reference to its data; loads it if that was never done, or failed. */
struct err *lexicon_take(struct lexicon *dictionary, struct lexicon_data **out);
/* Loads it now; data that are there stay when it fails. */
struct err *lexicon_reload(struct lexicon *dictionary);
/* Is it loaded, and its lifetime over at this monotonic time? */
bool lexicon_is_due(struct lexicon *dictionary, uint64_t now_us);
/* Counts lookups of a query's chunk. */
void lexicon_count(struct lexicon *dictionary, uint64_t rows, uint64_t found);

struct lexicon_numbers {
    enum lexicon_status status;
    uint64_t bytes, rows, lookups, found;
    int64_t started_at_us, loaded_at_us;
    double seconds;
    uint64_t errors;
    char error[512];
};
void lexicon_numbers(struct lexicon *dictionary, struct lexicon_numbers *out);

/* Who finds dictionaries by name; set at start, before queries run. A reference; *out NULL: there is none. */
struct lexicon_provider {
    void *user;
    struct err *(*find)(void *user, struct slice database, struct slice name, struct lexicon **out);
};
void lexicon_provider_set(const struct lexicon_provider *provider);
/* "d" or "db.d"; pinned by the arena. ERR_BAD_ARGUMENTS: there is none. */
struct err *lexicon_named(struct arena *arena, const struct function_context *context, struct slice name,
                          struct lexicon **out);

/* All rows, as a table: lexicon_source.c. */
struct err *source_of_dictionary(struct arena *arena, struct lexicon *dictionary, struct table_source **out);
struct err *lexicon_make(const struct source_maker *maker, struct arena *arena, const struct function_context *context,
                         const struct source_argument *arguments, uint32_t argument_count, struct table_source **out);

#endif
