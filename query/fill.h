/*
 * fill.h: ORDER BY … WITH FILL: rows that are missing between sorted ones.
 *
 * plan     PLAN_FILL stands on sorted rows and keeps their columns. Keys are the columns with FILL, in the order of
 *          ORDER BY; prefix are the sort columns before the first of them: each of their values is filled on its own
 * rows     made up rows have the keys' values, the prefix's, what INTERPOLATE gives, and else the types' defaults
 * source   ClickHouse decides which rows are made up
 */
#ifndef QUERY_FILL_H
#define QUERY_FILL_H

#include "query/expression.h"

struct plan;

/* In the key's ticks, or of a float. */
struct fill_value {
    bool set; /* not: NULL, or no such bound */
    __int128 integer;
    double real;
};

struct fill_key {
    uint32_t column;
    bool descending;
    bool is_float;
    struct fill_value from;
    struct fill_value to; /* the first value that is not made up */
    struct fill_value step;
    const struct expression *next; /* of column 0, of the key's type: for steps that are an INTERVAL; or NULL */
};

/* A column's value in a row that is made up; over the columns of the row before it, defaults for the first. */
struct fill_interpolation {
    uint32_t column;
    const struct expression *expression;
};

struct plan_fill {
    const struct fill_key *keys;
    uint32_t key_count;
    const uint32_t *prefix;
    uint32_t prefix_count;
    const struct fill_interpolation *interpolations;
    uint32_t interpolation_count;
};

struct err *plan_fill(struct arena *arena, struct plan *input, const struct plan_fill *fill, struct plan **out);

#endif
