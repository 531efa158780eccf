/*
 * quantile.h: what the quantile functions share: parameters, types of results, finish.
 *
 * A function's resolve calls quantile_bind, sets value, prepare and get, and uses quantile_finish. prepare is called
 * once per state before get and gives it what it reads: *view, NULL when the state has no values. It may reorder the
 * state, but leaves it a state: more rows may follow. get writes one value of type `value`.
 */
#ifndef QUERY_QUANTILE_H
#define QUERY_QUANTILE_H

#include "query/aggregates.h"

/* Beside a tag: quantiles…, an array of the values at all levels. */
#define QUANTILE_MANY 64

struct quantile {
    int tag;
    enum type_kind kind;      /* of the argument, physical */
    const struct type *value; /* of the value at one level */
    const double *levels;
    uint32_t level_count;
    bool many;
    bool zeros;      /* those of no rows are 0, not NaN: ClickHouse's way with several levels of some functions */
    double accuracy; /* DD */
    struct err *(*prepare)(const struct quantile *quantile, struct arena *arena, void *state, void **view);
    void (*get)(const struct quantile *quantile, void *view, double level, void *cell);
};

/* Levels are the parameters behind the first parameters_before; a second argument must be a weight. */
struct err *quantile_bind(const struct aggregate_bind *bind, uint32_t parameters_before, struct quantile **out);
/* The definition's type of result: value, or an array of it; NULL: memory is out. */
const struct type *quantile_type(struct arena *arena, const struct quantile *quantile);
/* Is the argument a number of 64 bits, Date or DateTime (all: or Decimal or DateTime64)? */
struct err *quantile_argument(const struct aggregate_bind *bind, bool all);
struct err *quantile_finish(FINISH_ARGUMENTS);
/* A number as a value of the result's type, fractions of other types than floats cut off. */
void quantile_put(const struct quantile *quantile, double value, void *cell);

#endif
