/*
 * join.h: what a PLAN_JOIN node says, and the parts that its operator is made of.
 *
 * inputs[0] is the left side, whose rows are looked up as they come; inputs[1] the right side, which is read first and
 * kept whole. A pair of rows matches when all keys are equal and the rest of ON holds; without keys every pair is
 * tried. NULL equals nothing, unless the key is null-safe (<=>). Floats are compared by their bits, as ClickHouse does.
 *
 * owner    the node lives in the binder's arena, immutable once execution begins
 */
#ifndef QUERY_JOIN_H
#define QUERY_JOIN_H

#include "query/plan.h"

enum join_kind { JOIN_INNER, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL };

/*
 * ALL: every matching pair. ANY: LEFT, RIGHT: one pair for each row of that side; INNER: each row in one pair at most.
 * SEMI: rows of the side that have a match, once; ANTI: those that have none. ASOF: of the matches the nearest.
 */
enum join_strictness { JOIN_ALL, JOIN_ANY, JOIN_SEMI, JOIN_ANTI, JOIN_ASOF };

/* ASOF: left op right. */
enum join_order { JOIN_GREATER_EQUAL, JOIN_GREATER, JOIN_LESS_EQUAL, JOIN_LESS };

#define JOIN_NONE UINT32_MAX

/* One output column: of the left side, of the right side, or both: right where a right row has no match (USING). */
struct join_output {
    uint32_t left;
    uint32_t right;
};

struct plan_join {
    enum join_kind kind;
    enum join_strictness strictness;
    const struct expression *const *left_keys; /* key_count each, of equal types but for NULL and LowCardinality */
    const struct expression *const *right_keys;
    const bool *null_safe;
    uint32_t key_count;
    enum join_order order;              /* ASOF */
    const struct expression *left_time; /* ASOF: of equal types likewise */
    const struct expression *right_time;
    const struct expression *rest; /* over the left columns, then the right columns; NULL: nothing more */
    const struct join_output *outputs;
    bool left_nulls; /* left columns of a row without a match are NULL, and their types nullable; else defaults */
    bool right_nulls;
};

/* The node: output columns are names[i] with the types of outputs[i], made nullable where left_nulls or right_nulls say
 * so and the type can be. join is copied, its arrays are not. */
struct err *plan_join(struct arena *arena, struct plan *left, struct plan *right, const struct plan_join *join,
                      const struct slice *names, uint32_t column_count, struct plan **out);
/* The type of a column of a side that rows without a match leave empty. NULL when memory is out. */
const struct type *join_nullable(struct arena *arena, const struct type *type);

/* --- the hash table: join_table.c -------------------------------------------------------------------------------- */

struct execution;

/*
 * Rows by the values of their keys. Built once, then read by any number of threads. Rows of equal keys stand together:
 * those of a find are join_table_row(table, first), …, (table, first + count - 1), in the order of their numbers.
 */
struct join_table {
    struct arena *arena;
    struct join_part *parts;
    uint32_t key_count;
    uint32_t word_count; /* 64-bit words that fixed-size keys fill, NULL flags of null-safe keys behind them */
    uint32_t text_count;
    uint32_t null_word; /* or JOIN_NONE */
    /* keys of one word that lie close together: by their distance from the smallest; else NULL */
    uint32_t *near; /* unique keys: the row + 1; else where the key's rows begin, ending with their number */
    uint64_t near_base;
    uint64_t near_count;
    /* otherwise */
    struct join_packed *packed; /* of the rows; NULL: slots say it all */
    struct join_slot *slots;
    uint32_t slot_bits;
    uint64_t part_mask;   /* slots of a part - 1: probing stays in it */
    const uint32_t *rows; /* grouped; NULL: a find's first is the row, others follow it */
    uint32_t row_count;
    uint32_t longest; /* most rows of one key */
};

/* types: of the keys, NULL and LowCardinality flags aside. ERR_NOT_IMPLEMENTED: arrays, tuples, maps. */
struct err *join_table_create(struct arena *arena, const struct type *const *types, const bool *null_safe,
                              uint32_t key_count, struct join_table **out);
/* keys: one column each, any form, that outlives the table. present: rows where it is NULL are left out; or NULL. Works
 * with all threads of the execution. */
struct err *join_table_build(struct join_table *table, struct execution *execution, const struct column *const *keys,
                             const struct column *present, uint32_t row_count);
/* What one thread has found for entries of dictionaries, kept from chunk to chunk. */
struct join_finder;
struct join_finder *join_finder_create(struct arena *arena); /* NULL when memory is out */
/* first[i], count[i] for the keys of row i; count 0: no row. */
struct err *join_table_find(const struct join_table *table, struct join_finder *finder, struct arena *scratch,
                            const struct column *const *keys, uint32_t row_count, uint32_t *first, uint32_t *count);

/* Keys, one after another: those of slots [0, join_table_slots) with a count above 0. */
uint64_t join_table_slots(const struct join_table *table);
void join_table_slot(const struct join_table *table, uint64_t slot, uint32_t *first, uint32_t *count);

static inline uint32_t join_table_row(const struct join_table *table, uint32_t place)
{
    return table->rows == NULL ? place : table->rows[place];
}

/* Runs task(object, k) for k of [0, count), on as many workers as there are. */
struct err *join_parallel(struct execution *execution, uint32_t count, void (*task)(void *object, uint32_t k),
                          void *object);

#endif
