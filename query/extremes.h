/*
 * extremes.h: the least and the greatest value of each column of a result (the setting extremes).
 *
 * values   in the order of ORDER BY; NULL and NaN only where nothing else came. A tuple's elements have extremes each of
 *          their own, as in ClickHouse.
 * memory   of two rows, in an arena under the budget
 * thread   one at a time
 */
#ifndef QUERY_EXTREMES_H
#define QUERY_EXTREMES_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"

struct extremes;

/* types: of the columns, borrowed. */
struct err *extremes_create(struct budget *budget, const struct type *const *types, uint32_t count,
                            struct extremes **out);
void extremes_destroy(struct extremes *extremes); /* accepts NULL */
struct err *extremes_add(struct extremes *extremes, const struct chunk *chunk);
/* Two rows: the least values, the greatest. NULL: no rows came. Lives as long as extremes. */
struct err *extremes_rows(struct extremes *extremes, const struct chunk **out);

#endif
