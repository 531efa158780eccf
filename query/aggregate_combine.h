/*
 * aggregate_combine.h: between aggregate.c, which takes names apart, and the combinators over arrays and maps.
 */
#ifndef QUERY_AGGREGATE_COMBINE_H
#define QUERY_AGGREGATE_COMBINE_H

#include "query/aggregates.h"

enum combine { COMBINE_ARRAY, COMBINE_FOR_EACH, COMBINE_RESAMPLE, COMBINE_MAP };

struct combine_bind {
    enum combine kind;
    struct arena *arena;
    const struct function_context *context;
    struct slice name; /* as written */
    struct slice rest; /* of the function that is combined */
    const struct column *const *parameters;
    uint32_t parameter_count;
    const struct function_argument *arguments;
    uint32_t argument_count;
    /* Binds the function `name` to other arguments, with the first parameter_count parameters. */
    struct err *(*resolve)(const struct combine_bind *bind, struct slice name, uint32_t parameter_count,
                           const struct function_argument *arguments, uint32_t argument_count, struct aggregate **out);
};

/* What -ForEach, -Resample and -Map are bound to; data of their aggregates. */
#define VALUES_MAX 16U

struct spread {
    enum combine kind;
    uint32_t nested_count; /* Map of arrays: a function per array of values; else 1 */
    const struct aggregate *nested[VALUES_MAX];
    uint32_t offsets[VALUES_MAX]; /* of their states */
    uint32_t bytes;               /* of one of the many states */
    int64_t begin, end;           /* Resample */
    uint64_t step;
    uint32_t intervals;
    const struct type *key; /* Map */
    bool of_arrays;         /* Map: of arrays of keys and values: a tuple of arrays */
    bool drops_zeros;       /* sumMap of arrays: keys whose sums are all 0 are left out */
};

struct spread_state {
    char *states;
    struct slice *keys; /* Map */
    uint32_t *slots;    /* Map: number + 1 */
    uint32_t count;
    uint32_t capacity;
    uint32_t slot_count;
    uint32_t unused;
};

/* aggregate_combine.c */
struct err *combine_array_add(ADD_ARGUMENTS);
struct err *combine_array_merge(MERGE_ARGUMENTS);
struct err *combine_array_write(WRITE_ARGUMENTS);
struct err *combine_array_read(READ_ARGUMENTS);
struct err *combine_array_finish(FINISH_ARGUMENTS);
struct err *combine_for_each_add(ADD_ARGUMENTS);
struct err *combine_resample_add(ADD_ARGUMENTS);
struct err *combine_map_add(ADD_ARGUMENTS);
struct err *combine_map_finish(FINISH_ARGUMENTS);
struct err *combine_spread_merge(MERGE_ARGUMENTS);
struct err *combine_spread_write(WRITE_ARGUMENTS);
struct err *combine_spread_read(READ_ARGUMENTS);
struct err *combine_spread_finish(FINISH_ARGUMENTS);

/* aggregate_state.c. canonical: the name of bind->rest, no alias; of_merge: it ends with Merge. */
struct err *combine_state_resolve(const struct combine_bind *bind, struct slice canonical, bool of_merge,
                                  struct aggregate **out);
struct err *combine_simple_resolve(const struct combine_bind *bind, struct slice canonical, struct aggregate **out);
struct err *combine_merge_resolve(const struct combine_bind *bind, struct slice canonical, struct aggregate **out);

/* aggregate_combine_bind.c: everything of *out but name and arguments is set. */
struct err *combine_resolve(const struct combine_bind *bind, struct aggregate **out);

#endif
