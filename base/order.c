/*
 * order.c: a merge sort that looks around.
 */
#include "base/order.h"

#include "base/interrupt.h"

#include <stdlib.h>
#include <string.h>

#define ORDER_PIECE      ((size_t)1024)
#define COMPARISON_STEPS 100 /* of values that are not in the cache, about; see base/interrupt.h */

struct merging {
    size_t size;
    order_compare *compare;
    void *user;
    uint64_t steps;
};

/* The sorted [begin, middle) and [middle, end) of `from` as one, to the same place in `to`. */
static struct err *merge(struct merging *merging, const char *from, size_t begin, size_t middle, size_t end, char *to)
{
    struct err *err = NULL;
    size_t size = merging->size;
    const char *a = from + begin * size, *a_end = from + middle * size;
    const char *b = a_end, *b_end = from + end * size;
    to += begin * size;
    if (merging->compare(b - size, b, merging->user) > 0) {
        while (a < a_end && b < b_end) {
            const char **first = merging->compare(a, b, merging->user) <= 0 ? &a : &b;
            memcpy(to, *first, size);
            *first += size;
            to += size;
            OR_DONE(interrupt_steps(&merging->steps, COMPARISON_STEPS));
        }
    }
    memcpy(to, a, (size_t)(a_end - a));
    memcpy(to + (a_end - a), b, (size_t)(b_end - b));
    err = interrupt_steps(&merging->steps, (uint64_t)(b_end - from) / size - begin);
done:
    return err;
}

struct err *order_elements(const struct arena *arena, void *elements, size_t count, size_t size, order_compare *compare,
                           void *user)
{
    struct err *err = NULL;
    struct merging merging = {size, compare, user, 0};
    if (count <= 2 * ORDER_PIECE) {
        qsort_r(elements, count, size, compare, user);
        return NULL;
    }
    struct arena *beside = arena_beside(arena);
    if (beside == NULL) {
        return err_oom();
    }
    char *from = elements;
    char *to = arena_array(beside, count, size);
    if (to == NULL) {
        err = arena_error(beside);
        goto done;
    }
    for (size_t begin = 0; begin < count; begin += ORDER_PIECE) {
        qsort_r(from + begin * size, count - begin < ORDER_PIECE ? count - begin : ORDER_PIECE, size, compare, user);
        OR_DONE(interrupt_steps(&merging.steps, ORDER_PIECE * 10 * COMPARISON_STEPS));
    }
    for (size_t piece = ORDER_PIECE; piece < count; piece *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * piece) {
            size_t middle = count - begin < piece ? count : begin + piece;
            size_t end = count - middle < piece ? count : middle + piece;
            if (middle == end) {
                memcpy(to + begin * size, from + begin * size, (end - begin) * size);
            } else {
                OR_DONE(merge(&merging, from, begin, middle, end, to));
            }
        }
        char *swap = from;
        from = to;
        to = swap;
    }
done:
    if (from != elements && to != NULL) {
        memcpy(elements, from, count * size);
    }
    arena_destroy(beside);
    return err;
}
