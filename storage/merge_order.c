/*
 * merge_order.c: see merge_order.h.
 *
 * choose   neighbours in the order of insertion, TIER_WIDTH or more within a factor of TIER_RATIO in size (all below
 *          SMALL_BYTES count as equal); beyond SEGMENTS_MAX the TIER_WIDTH neighbours that are smallest together
 * places   Segments of one commit have places one behind the other: one that is written again alone keeps its own. What
 *          UPDATE writes has the place of the segment whose rows it changed. A merge's output has the last place of its
 *          inputs: so no merge takes some segments of a place and leaves others, unless all it takes are of that place.
 */
#include "storage/merge_order.h"

#include "storage/compactor.h"
#include "storage/merge.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_BYTES  ((uint64_t)256 << 10)
#define SEGMENTS_MAX 24U

static int by_partition_and_place(const void *left, const void *right)
{
    const struct table_segment *a = *(struct table_segment *const *)left, *b = *(struct table_segment *const *)right;
    int order = slice_compare(a->info.partition, b->info.partition);
    order = order == 0 ? ledger_segment_order(&a->info, &b->info) : order;
    order = order == 0 ? (a->info.pack > b->info.pack) - (a->info.pack < b->info.pack) : order;
    return order == 0 ? (a->info.offset > b->info.offset) - (a->info.offset < b->info.offset) : order;
}

struct indexed {
    struct table_segment *segment; /* first: it is sorted by it */
    bool usable;
};

struct err *merge_order_open(const struct table_version *version, const bool *usable, struct merge_order *out)
{
    struct err *err = NULL;
    uint32_t count = version->segment_count;
    struct indexed *all = calloc((size_t)count + 1, sizeof(*all));

    *out = (struct merge_order){.segments = calloc((size_t)count + 1, sizeof(struct table_segment *)),
                                .usable = calloc((size_t)count + 1, sizeof(bool)),
                                .count = count,
                                .runs = calloc((size_t)count + 1, sizeof(uint32_t))};
    if (all == NULL || out->segments == NULL || out->usable == NULL || out->runs == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        all[i] = (struct indexed){version->segments[i], usable[i]};
    }
    qsort(all, count, sizeof(*all), by_partition_and_place);
    for (uint32_t i = 0; i < count; i++) {
        out->segments[i] = all[i].segment;
        out->usable[i] = all[i].usable;
    }
done:
    free(all);
    return err;
}

void merge_order_close(struct merge_order *order)
{
    free(order->segments);
    free(order->usable);
    free(order->runs);
    *order = (struct merge_order){0};
}

static bool is_mixed(const struct table_segment *segment)
{
    return slice_equal(segment->info.partition, slice_text("*"));
}

/* Is a mixed segment, which may hold rows of any partition, between the two? The mixed ones are the first. */
static bool mixed_between(const struct merge_order *order, uint32_t mixed_count, const struct table_segment *a,
                          const struct table_segment *b)
{
    uint32_t low = 0, high = mixed_count;
    while (low < high) { /* the first that is not before a */
        uint32_t middle = low + (high - low) / 2;
        if (ledger_segment_order(&order->segments[middle]->info, &a->info) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < mixed_count && ledger_segment_order(&order->segments[low]->info, &b->info) <= 0;
}

static bool is_idle(const struct merge_order *order, uint32_t i)
{
    return order->usable[i] && !atomic_load(&order->segments[i]->merging);
}

/* The end of the segments that have one place, from `begin` on. */
static uint32_t place_end(const struct merge_order *order, uint32_t begin)
{
    uint32_t end = begin + 1;
    while (end < order->count &&
           slice_equal(order->segments[end]->info.partition, order->segments[begin]->info.partition) &&
           ledger_segment_order(&order->segments[end]->info, &order->segments[begin]->info) == 0) {
        end++;
    }
    return end;
}

uint32_t merge_order_idle(struct merge_order *order, struct table_segment **list)
{
    uint32_t idle = 0, run = 0, mixed_begin = 0, mixed_end = 0;
    bool whole_before = false;
    while (mixed_begin < order->count && !is_mixed(order->segments[mixed_begin])) {
        mixed_begin++; /* "" sorts before "*" */
    }
    for (mixed_end = mixed_begin; mixed_end < order->count && is_mixed(order->segments[mixed_end]);) {
        mixed_end++;
    }
    struct merge_order mixed = {.segments = order->segments + mixed_begin};
    for (uint32_t begin = 0, end; begin < order->count; begin = end) {
        bool whole = true;
        end = place_end(order, begin);
        for (uint32_t i = begin; i < end; i++) {
            whole = whole && is_idle(order, i);
        }
        for (uint32_t i = begin; i < end; i++) {
            struct table_segment *segment = order->segments[i];
            struct table_segment *before = i == 0 ? NULL : order->segments[i - 1];
            bool follows = whole && whole_before && slice_equal(before->info.partition, segment->info.partition) &&
                           !is_mixed(segment) && !mixed_between(&mixed, mixed_end - mixed_begin, before, segment);
            run += follows ? 0 : 1;
            whole_before = whole;
            if (is_idle(order, i)) {
                order->runs[idle] = run;
                list[idle++] = segment;
            }
        }
    }
    return idle;
}

static uint64_t size_of(const struct table_segment *segment)
{
    return segment->info.length < SMALL_BYTES ? SMALL_BYTES : segment->info.length;
}

/* From `first` on: how many neighbours are alike in size and fit into one merge. */
static uint32_t alike(struct table_segment *const *list, uint32_t count, uint32_t first, uint64_t rows_max,
                      uint64_t bytes_max)
{
    uint64_t least = UINT64_MAX, most = 0, rows = 0, bytes = 0;
    uint32_t n = 0;
    while (first + n < count && n < MERGE_INPUTS_MAX) {
        uint64_t size = size_of(list[first + n]);
        least = size < least ? size : least;
        most = size > most ? size : most;
        rows += list[first + n]->info.row_count;
        bytes += list[first + n]->info.length;
        if (most > least * TIER_RATIO || rows > rows_max || bytes > bytes_max) {
            break;
        }
        n++;
    }
    return n;
}

/* Of n neighbours from `first` on, how many a merge may have, `least` or more; 0: none. It has all segments of a place
 * that it shares with others: of rows of one place the addresses say which is later, of other places' they must not. */
static uint32_t whole_places(struct table_segment *const *list, uint32_t list_count, uint32_t first, uint32_t n,
                             uint32_t least)
{
    bool begins = first == 0 || ledger_segment_order(&list[first - 1]->info, &list[first]->info) != 0;
    for (; n >= least; n--) {
        const struct ledger_segment *last = &list[first + n - 1]->info;
        bool ends = first + n == list_count || ledger_segment_order(last, &list[first + n]->info) != 0;
        if ((begins && ends) || ledger_segment_order(&list[first]->info, last) == 0) {
            return n;
        }
    }
    return 0;
}

/* The neighbours that are smallest together; the small lane's if they fit it. */
static uint32_t smallest_together(struct table_segment *const *list, uint32_t list_count, uint64_t rows_max,
                                  enum merge_lane lane, uint32_t *first)
{
    uint64_t smallest = UINT64_MAX, smallest_rows = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i + TIER_WIDTH <= list_count; i++) {
        uint64_t bytes = 0, rows = 0;
        uint32_t n = whole_places(list, list_count, i, TIER_WIDTH, TIER_WIDTH / 2);
        for (uint32_t k = i; k < i + n; k++) {
            bytes += list[k]->info.length;
            rows += list[k]->info.row_count;
        }
        if (n > 0 && bytes < smallest && rows <= rows_max) {
            smallest = bytes;
            smallest_rows = rows;
            *first = i;
            count = n;
        }
    }
    bool small = smallest <= LANE_BYTES && smallest_rows <= LANE_ROWS;
    return lane == LANE_ANY || (lane == LANE_SMALL) == small ? count : 0;
}

void merge_order_choose(struct table_segment *const *list, uint32_t list_count, uint64_t rows_max, enum merge_lane lane,
                        bool force, uint32_t *first, uint32_t *count)
{
    uint64_t small_rows = rows_max < LANE_ROWS ? rows_max : LANE_ROWS;
    *first = *count = 0;
    if (force && list_count == 1) {
        *count = list[0]->info.level == 0 ? 1 : 0;
        return;
    }
    for (uint32_t i = 0; force && i + 1 < list_count && *count == 0; i++) {
        uint32_t most = list_count - i < MERGE_INPUTS_MAX ? list_count - i : MERGE_INPUTS_MAX;
        *first = i;
        *count = whole_places(list, list_count, i, most, 2);
    }
    if (force) {
        return;
    }
    for (uint32_t i = 0; i + TIER_WIDTH <= list_count; i++) {
        uint32_t small = alike(list, list_count, i, small_rows, LANE_BYTES);
        uint32_t n = lane == LANE_SMALL ? small : alike(list, list_count, i, rows_max, UINT64_MAX);
        small = whole_places(list, list_count, i, small, TIER_WIDTH);
        n = whole_places(list, list_count, i, n, TIER_WIDTH);
        if (n > 0 && (lane != LANE_LARGE || small == 0)) {
            *first = i;
            *count = n;
            return;
        }
    }
    if (list_count > SEGMENTS_MAX) {
        *count = smallest_together(list, list_count, rows_max, lane, first);
    }
}
