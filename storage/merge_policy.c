/*
 * merge_policy.c: see merge_policy.h.
 */
#include "storage/merge_policy.h"

#include "storage/compactor.h"
#include "storage/merge.h"

#include <stdlib.h>

#define SMALL_BYTES   ((uint64_t)256 << 10)
#define SEGMENTS_MANY 16U
#define SEGMENTS_MAX  24U

/* What a merge may read. */
struct room {
    uint64_t rows;
    uint64_t bytes;
};

int merge_by_partition_and_size(const void *left, const void *right)
{
    const struct table_segment *a = *(struct table_segment *const *)left, *b = *(struct table_segment *const *)right;
    int order = slice_compare(a->info.partition, b->info.partition);
    if (order == 0) {
        order = (a->info.length > b->info.length) - (a->info.length < b->info.length);
    }
    if (order == 0) {
        order = (a->info.pack > b->info.pack) - (a->info.pack < b->info.pack);
    }
    return order;
}

static int by_time(const void *left, const void *right)
{
    const struct table_segment *a = *(struct table_segment *const *)left, *b = *(struct table_segment *const *)right;
    int order = (a->info.time_min_us > b->info.time_min_us) - (a->info.time_min_us < b->info.time_min_us);
    if (order == 0) {
        order = (a->info.pack > b->info.pack) - (a->info.pack < b->info.pack);
    }
    return order == 0 ? (a->info.offset > b->info.offset) - (a->info.offset < b->info.offset) : order;
}

/* How large others of its tier may be. */
static uint64_t tier_end(const struct table_segment *smallest)
{
    return smallest->info.length < SMALL_BYTES ? SMALL_BYTES : smallest->info.length * TIER_RATIO;
}

/* From the list's begin on, how many fit into one merge, at most `most`; *rows: of them. */
static uint32_t count_fitting(struct table_segment *const *list, uint32_t count, uint32_t most, struct room room,
                              uint64_t *rows)
{
    uint32_t n = 0;
    uint64_t bytes = 0;
    *rows = 0;
    while (n < count && n < most && *rows + list[n]->info.row_count <= room.rows &&
           bytes + list[n]->info.length <= room.bytes) {
        *rows += list[n]->info.row_count;
        bytes += list[n++]->info.length;
    }
    return n;
}

/* Of a tier, in the order of time: the first `width` or more neighbours that fit into one merge; 0: none. */
static uint32_t choose_neighbours(struct table_segment *const *tier, uint32_t tier_count, uint32_t width,
                                  struct room room, uint32_t *first)
{
    uint64_t rows;
    for (*first = 0; *first + width <= tier_count; (*first)++) {
        uint32_t n = count_fitting(tier + *first, tier_count - *first, MERGE_INPUTS_MAX, room, &rows);
        if (n >= width) {
            return n;
        }
    }
    return 0;
}

bool merge_policy_takes(const struct table_segment *segment, enum merge_lane lane)
{
    bool small = segment->info.row_count <= LANE_ROWS && segment->info.length <= LANE_BYTES;
    return lane == LANE_ANY || (lane == LANE_SMALL) == small;
}

bool merge_policy_counts(const struct table_segment *segment, uint64_t rows_max)
{
    return segment->info.row_count <= rows_max / 2;
}

/* Segments too large to be merged TIER_WIDTH at a time: neighbours in time that make a full one. */
static uint32_t choose_filling(struct table_segment **list, uint32_t list_count, struct room room, uint32_t *first)
{
    uint32_t begin = 0, count = 0;
    while (begin < list_count && list[begin]->info.row_count <= room.rows / TIER_WIDTH) {
        begin++;
    }
    while (begin + count < list_count && merge_policy_counts(list[begin + count], room.rows)) {
        count++;
    }
    qsort(list + begin, count, sizeof(struct table_segment *), by_time);
    for (uint32_t i = 0; i + 1 < count; i++) {
        uint64_t rows;
        uint32_t n = count_fitting(list + begin + i, count - i, MERGE_INPUTS_MAX, room, &rows);
        if (n > 1 && rows > room.rows / 2) {
            *first = begin + i;
            return n;
        }
    }
    qsort(list + begin, count, sizeof(struct table_segment *), merge_by_partition_and_size);
    return 0;
}

/* The smallest ones, whatever their sizes are. */
static uint32_t choose_smallest(struct table_segment *const *list, uint32_t count, struct room small, struct room all,
                                enum merge_lane lane)
{
    uint64_t rows;
    uint32_t n = count_fitting(list, count, TIER_WIDTH, small, &rows);
    bool is_small = n > 1;
    if (lane == LANE_ANY || (lane == LANE_LARGE && !is_small)) {
        n = count_fitting(list, count, TIER_WIDTH, all, &rows);
    } else if (lane == LANE_LARGE) {
        n = 0;
    }
    return n > 1 ? n : 0;
}

/* Of the smallest tier that has them: `width` or more. */
static uint32_t choose_tier(struct table_segment **list, uint32_t list_count, uint32_t width, struct room small,
                            struct room all, enum merge_lane lane, uint32_t *first)
{
    for (uint32_t i = 0; i + width <= list_count; i++) {
        uint32_t n = 0, count = 0;
        while (i + n < list_count && list[i + n]->info.length <= tier_end(list[i])) {
            n++;
        }
        if (n < width) {
            continue;
        }
        qsort(list + i, n, sizeof(*list), by_time);
        uint32_t in_small = choose_neighbours(list + i, n, width, small, first);
        if (lane == LANE_SMALL) {
            count = in_small;
        } else if (lane == LANE_ANY || in_small == 0) {
            count = choose_neighbours(list + i, n, width, all, first);
        }
        if (count > 0) {
            *first += i;
            return count;
        }
        qsort(list + i, n, sizeof(*list), merge_by_partition_and_size);
    }
    return 0;
}

void merge_policy_choose(struct table_segment **list, uint32_t list_count, uint64_t rows_max, enum merge_lane lane,
                         uint32_t *first, uint32_t *count)
{
    struct room all = {rows_max, UINT64_MAX}, small = {rows_max < LANE_ROWS ? rows_max : LANE_ROWS, LANE_BYTES};
    uint32_t few = 0;

    *first = 0;
    *count = choose_tier(list, list_count, TIER_WIDTH, small, all, lane, first);
    if (*count == 0 && lane != LANE_SMALL) {
        *count = choose_filling(list, list_count, all, first);
    }
    while (few < list_count && merge_policy_counts(list[few], rows_max)) {
        few++;
    }
    if (*count == 0 && few > SEGMENTS_MANY) {
        *count = choose_tier(list, few, TIER_WIDTH / 2, small, all, lane, first);
    }
    if (*count == 0 && few > SEGMENTS_MAX) {
        *first = 0;
        *count = choose_smallest(list, few, small, all, lane);
    }
}

/* ---- writers */
uint32_t merge_policy_waiting(struct table_segment **list, uint32_t count, uint64_t rows_max)
{
    uint32_t counted = 0, idle = 0, first, chosen = 0;
    bool merging = false;
    for (uint32_t i = 0; i < count; i++) {
        counted += merge_policy_counts(list[i], rows_max) ? 1 : 0;
        if (atomic_load(&list[i]->merging)) {
            merging = true;
        } else {
            struct table_segment *segment = list[i];
            list[i] = list[idle];
            list[idle++] = segment;
        }
    }
    if (!merging && idle > 0) {
        qsort(list, idle, sizeof(*list), merge_by_partition_and_size);
        merge_policy_choose(list, idle, rows_max, LANE_ANY, &first, &chosen);
    }
    return merging || chosen > 0 ? counted : 0;
}

void crowd_see(struct crowd *crowd, uint32_t segments, uint32_t delay_from, uint64_t now_us)
{
    uint64_t passed = crowd->seen_us == 0 || now_us < crowd->seen_us ? 0 : now_us - crowd->seen_us;
    uint64_t faded = passed / 4;
    crowd->gap_us -= faded < crowd->gap_us ? faded : crowd->gap_us;
    crowd->gap_us = passed > crowd->gap_us ? passed : crowd->gap_us;
    if (crowd->crowded) {
        crowd->debt_us += passed;
        crowd->debt_us = crowd->debt_us > 2 * CROWD_GRACE_US ? 2 * CROWD_GRACE_US : crowd->debt_us;
    } else {
        uint64_t paid = passed / (CROWD_CALM_US / CROWD_GRACE_US);
        crowd->debt_us -= paid < crowd->debt_us ? paid : crowd->debt_us;
    }
    crowd->seen_us = now_us;
    crowd->segments = segments;
    crowd->crowded = segments > delay_from;
}

bool crowd_is_pressed(const struct crowd *crowd, uint64_t now_us)
{
    uint64_t silence_us = 2 * crowd->gap_us + CROWD_SILENCE_US;
    silence_us = silence_us > CROWD_CALM_US ? CROWD_CALM_US : silence_us;
    return crowd->debt_us >= CROWD_GRACE_US && now_us - crowd->seen_us < silence_us;
}

uint64_t crowd_delay_us(uint32_t segments, uint32_t delay_from)
{
    if (delay_from == 0 || segments <= delay_from) {
        return 0;
    }
    uint64_t over = segments - delay_from, delay = DELAY_MAX_US * over / delay_from;
    return delay > DELAY_MAX_US ? DELAY_MAX_US : delay;
}
