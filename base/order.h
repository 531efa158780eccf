/*
 * order.h: qsort_r for work that may be ended, and of any length.
 *
 * how      pieces of ORDER_PIECE elements are sorted by qsort_r and merged, with a look at the thread's flag
 *          (base/interrupt.h) between; few elements go straight to qsort_r
 * order    of equal elements any, as qsort_r leaves them: who wants them in theirs compares that too
 * memory   as many elements again, of the budget of the arena, given back at the end
 * errors   ERR_MEMORY_LIMIT, ERR_QUERY_CANCELLED: the elements are all there, in some order
 */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#include "base/arena.h"

typedef int order_compare(const void *a, const void *b, void *user);

struct err *order_elements(const struct arena *arena, void *elements, size_t count, size_t size, order_compare *compare,
                           void *user);

#endif
