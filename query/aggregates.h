/*
 * aggregates.h: what the files of aggregate functions share: definitions, loops over rows and groups.
 *
 * A definition's resolve gets argument types without Nullable and LowCardinality, and sets type, state_bytes, add,
 * merge, finish, and data. Its add gets columns without NULLs, in FLAT or CONST form (any form with
 * AGGREGATE_ANY_FORM).
 */
#ifndef QUERY_AGGREGATES_H
#define QUERY_AGGREGATES_H

#include "query/aggregate.h"
#include "query/functions/functions.h"
#include "query/functions/hash_mix.h"

struct aggregate_bind {
    struct arena *arena;
    const struct function_context *context;
    const char *name;
    int tag;
    const struct column *const *parameters;
    uint32_t parameter_count;
    const struct type *const *types;
    uint32_t count;
};

enum aggregate_flags {
    AGGREGATE_ANY_FORM = 1,   /* add takes DICT columns too */
    AGGREGATE_NOT_NULL = 2,   /* of nullable arguments the result is not nullable: count, uniq */
    AGGREGATE_PARAMETERS = 4, /* takes parameters */
    AGGREGATE_NESTED = 32,    /* the first argument may be an array, tuple or map: it comes as a String */
    AGGREGATE_NULLS = 8,      /* sees NULLs itself: types come with Nullable, columns with nulls */
    AGGREGATE_WINDOW = 64,    /* depends on the rows' order: only over a window */
    AGGREGATE_PLAIN = 16,     /* its states are plain, whatever the types: aggregate.h */
};

struct aggregate_definition {
    const char *name;
    bool case_insensitive;
    uint32_t count_min, count_max;
    uint32_t flags;
    struct err *(*resolve)(const struct aggregate_bind *bind, struct aggregate *out);
    int tag;
};
struct aggregate_alias {
    const char *name;
    bool case_insensitive;
    const char *of;
};
struct aggregate_group {
    const struct aggregate_definition *definitions;
    uint32_t definition_count;
    const struct aggregate_alias *aliases;
    uint32_t alias_count;
};
extern const struct aggregate_group aggregates_number, aggregates_value, aggregates_uniq, aggregates_quantile,
    aggregates_moments, aggregates_series, aggregates_hll, aggregates_quantile_map, aggregates_tdigest,
    aggregates_quantile_sketch, aggregates_list, aggregates_place, aggregates_events, aggregates_top, aggregates_concat,
    aggregates_shape, aggregates_bitmap, aggregates_grid;
/* Statistics. */
extern const struct aggregate_group aggregates_pairs, aggregates_counted, aggregates_tests, aggregates_matrix,
    aggregates_decayed, aggregates_intersect;

#define AGGREGATE_ARGUMENTS_MAX 64U

#define ADD_ARGUMENTS                                                                                                  \
    const struct aggregate *aggregate, struct arena *arena, struct arena *scratch, char *states, uint32_t stride,      \
        const uint32_t *groups, const struct column *const *arguments, uint32_t row_count
#define MERGE_ARGUMENTS const struct aggregate *aggregate, struct arena *arena, void *into, void *from
#define FINISH_ARGUMENTS                                                                                               \
    const struct aggregate *aggregate, struct arena *arena, char *states, uint32_t stride, uint32_t count,             \
        struct column *out

#define WRITE_ARGUMENTS const struct aggregate *aggregate, void *state, struct state_writer *writer
#define READ_ARGUMENTS                                                                                                 \
    const struct aggregate *aggregate, struct arena *arena, struct arena *scratch, struct state_reader *reader,        \
        void *into

/* Runs the statement, the last argument, for every row i with `state` pointing to the row's state. */
#define EACH_ROW(state_type, ...)                                                                                      \
    if (groups == NULL) {                                                                                              \
        state_type *state = (state_type *)(void *)states;                                                              \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            __VA_ARGS__;                                                                                               \
        }                                                                                                              \
    } else {                                                                                                           \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            state_type *state = (state_type *)(void *)(states + (size_t)groups[i] * stride);                           \
            __VA_ARGS__;                                                                                               \
        }                                                                                                              \
    }

#define STATE_BYTES(type) ((uint32_t)((sizeof(type) + 15U) & ~15U))

/* States without pointers whose first raw_bytes bytes are all that they are (aggregate_state.c). */
struct err *raw_write(WRITE_ARGUMENTS);
struct err *raw_read(READ_ARGUMENTS);
static inline void aggregate_raw(struct aggregate *aggregate, uint32_t bytes)
{
    aggregate->raw_bytes = bytes;
    aggregate->write_state = raw_write;
    aggregate->read_state = raw_read;
}

/* The family's own function inside the core (aggregate_adapt.h) that has no Nullable arguments. */
const struct aggregate *aggregate_bare(const struct aggregate *aggregate);
/* finish of -State of groupBitmapAnd, groupBitmapOr and groupBitmapXor. */
struct err *aggregate_bitmap_bytes(FINISH_ARGUMENTS);

struct err *aggregate_argument_error(const struct aggregate_bind *bind, uint32_t index, const char *needed)
    __attribute__((returns_nonnull));
/* Parameter as a number; ERR_BAD_ARGUMENTS when it is none. */
struct err *aggregate_parameter(const struct aggregate_bind *bind, uint32_t index, double *out);

/* min, max, argMin, argMax where what is compared is an array, tuple or map (argMin's first argument as it comes). */
struct err *aggregate_extreme_resolve(const struct aggregate_bind *bind, bool max, struct aggregate *out);
/* sum, with tag 0; for functions that are a sum of some types. */
struct err *aggregate_sum_resolve(const struct aggregate_bind *bind, struct aggregate *out);

/* A row's arguments as 64 bits, as ClickHouse's approximate functions hash them; a single number not mixed yet. */
struct err *aggregate_row_hashes(const struct aggregate *aggregate, struct arena *scratch,
                                 const struct column *const *arguments, uint32_t row_count, uint64_t **out);

/* uniqExact of one number of up to 8 bytes; false: it is none. Sets all but the type. */
bool aggregate_exact_number(const struct aggregate_bind *bind, struct aggregate *out);

/* A row's arguments as 128 bits that are equal for equal rows only: values as they are, longer ones by XXH3. */
struct key128 {
    uint64_t low, high;
};
struct err *aggregate_row_keys(struct arena *scratch, const struct column *const *arguments, uint32_t argument_count,
                               uint32_t row_count, struct key128 **out);

/* A set of keys, open addressing, in the states' arena. *added: it was not there. */
struct key_set {
    struct key128 *slots;
    uint32_t *used; /* one bit per slot */
    uint32_t count;
    uint32_t slot_count;
    uint64_t unused;
};
struct err *key_set_add(struct key_set *set, struct arena *arena, struct key128 key, bool *added);

/* Order of two cells of a scalar type; NaN is above all. */
int aggregate_compare(const struct type *type, const void *a, const void *b);
/* Room for the elements of a result's arrays: out->children[0]; offsets[0] is set. */
struct err *aggregate_arrays(struct arena *arena, uint64_t total, struct column *out);

/* A value as a 64-bit word whose unsigned order is the value's: integers, dates, floats (NaN last). */
uint64_t ordered_bits(enum type_kind kind, const void *value);
void ordered_value(enum type_kind kind, uint64_t bits, void *value);

#endif
