/*
 * prune_private.h: a condition's insides, for the files that compile it and ask zones (prune.c) and that say which
 * numbers meet it (prune_ranges.c).
 */
#ifndef QUERY_PRUNE_PRIVATE_H
#define QUERY_PRUNE_PRIVATE_H

#include "query/pipeline.h"

enum prune_kind {
    PRUNE_EQUAL,
    PRUNE_NOT_EQUAL,
    PRUNE_LESS,
    PRUNE_LESS_EQUAL,
    PRUNE_GREATER,
    PRUNE_GREATER_EQUAL,
    PRUNE_IN,
    PRUNE_RANGE
};

struct prune {
    enum prune_kind kind;
    uint32_t column;
    struct program *program;        /* NULL: the key is the column itself */
    const struct type *column_type; /* where there is a program */
    bool is_text;                   /* the column, a String, is a String */
    bool is_real;                   /* compared with a float, which has fewer digits than some whole numbers */
    const struct type *type;        /* of the key, bare */
    const struct column *value;     /* CONST; IN: FLAT, ascending; RANGE: the smallest and the greatest */
    /* times before and after functions that are FUNCTION_WRAPS, in pairs: they must lie equally far apart */
    struct program *times;
    uint32_t time_count;
};

/* Without LowCardinality and Nullable; NULL: memory. */
const struct type *prune_bare(struct arena *arena, const struct type *type);

#endif
