/*
 * merge_order.h: which segments may be merged where the order of insertion counts (engines that combine rows).
 */
#ifndef STORAGE_MERGE_ORDER_H
#define STORAGE_MERGE_ORDER_H

#include "base/err.h"
#include "storage/merge_policy.h"
#include "storage/table_private.h"

/* A version's segments by partition and place, and runs of neighbours: segments of one run may be merged with those
 * beside them. Between two runs there is one that is not to be had now: rows of it are older than the later run's; of a
 * place of which one is not to be had each is a run of its own. */
struct merge_order {
    struct table_segment **segments;
    bool *usable;
    uint32_t count;
    uint32_t *runs; /* of each that merge_order_idle gave */
};

/* usable: of the version's segments. */
struct err *merge_order_open(const struct table_version *version, const bool *usable, struct merge_order *out);
void merge_order_close(struct merge_order *order);
/* Those that are usable and not being merged go to `list`, in order; how many. Under the tables' lock. */
uint32_t merge_order_idle(struct merge_order *order, struct table_segment **list);
/* Of a run's segments: [*first, *first + *count) to be merged; *count 0: none. */
void merge_order_choose(struct table_segment *const *list, uint32_t list_count, uint64_t rows_max, enum merge_lane lane,
                        bool force, uint32_t *first, uint32_t *count);

#endif
