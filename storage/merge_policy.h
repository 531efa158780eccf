/*
 * merge_policy.h: which segments of one partition are merged next; how full a partition is, and what that costs its
 * writers. Pure functions of sizes, times and counts: tests simulate them without a clock.
 *
 * lanes    A merge that reads no more than LANE_ROWS rows and LANE_BYTES bytes is small: the small lane's. All others
 *          are the large lane's. So a merge of an hour never holds up the ones of a second, and no segment waits for
 *          both: of each run of like segments, the large lane leaves what the small one would take.
 * tiers    Smallest first, TIER_WIDTH or more segments within a factor of TIER_RATIO (below SMALL_BYTES all count as
 *          equal); of these, neighbours in time, so that few segments have rows of one moment. n commits leave
 *          O(log n) × TIER_WIDTH segments, a row is written O(log n) times. [O'Neil et al.: "The log-structured
 *          merge-tree", 1996; as tiered compaction in Cassandra and RocksDB]
 * ends     Segments of more than half of rows_max are full and stay as they are. What is too large to be merged by
 *          eight becomes full in one more merge, two or more at a time.
 * many     Of more than SEGMENTS_MANY idle segments half as many make a merge; beyond SEGMENTS_MAX the smallest are
 *          merged whatever their sizes are.
 * delay    ClickHouse's parts_to_delay_insert: while a partition has more than delay_from segments that merges will
 *          make fewer, for longer than CROWD_GRACE_US, its commits wait, the longer the more there are: DELAY_MAX_US
 *          each at twice delay_from. Bursts of a few seconds are not slowed.
 * silence  When no commit came for twice as long as the last ones were apart, and CROWD_SILENCE_US, there are no writers
 *          to wait for: merges are calm again, and queries go first.
 */
#ifndef STORAGE_MERGE_POLICY_H
#define STORAGE_MERGE_POLICY_H

#include "storage/table_private.h"

#include <stdbool.h>
#include <stdint.h>

#define LANE_ROWS        ((uint64_t)8000000)
#define LANE_BYTES       ((uint64_t)192 << 20)
#define CROWD_GRACE_US   ((uint64_t)15 * 1000 * 1000)
#define CROWD_CALM_US    ((uint64_t)60 * 1000 * 1000)
#define DELAY_MAX_US     ((uint64_t)1000 * 1000)
#define CROWD_SILENCE_US ((uint64_t)1000 * 1000)

enum merge_lane { LANE_ANY, LANE_SMALL, LANE_LARGE };

/* Orders by partition, then size. */
int merge_by_partition_and_size(const void *left, const void *right);
/* Of a partition's idle segments, smallest first: [*first, *first + *count) are to be merged; *count 0: none. The
 * list's order changes. */
void merge_policy_choose(struct table_segment **list, uint32_t list_count, uint64_t rows_max, enum merge_lane lane,
                         uint32_t *first, uint32_t *count);
/* Is a merge of this one alone the lane's? */
bool merge_policy_takes(const struct table_segment *segment, enum merge_lane lane);
/* Could a merge make it and others fewer? */
bool merge_policy_counts(const struct table_segment *segment, uint64_t rows_max);
/* How many segments of a partition its writers wait for: those that count, if a merge of some is in progress or due;
 * else none, for they will not become fewer. The list's order changes. */
uint32_t merge_policy_waiting(struct table_segment **list, uint32_t count, uint64_t rows_max);

/* Its fullest partition has so many segments that count. */
void crowd_see(struct crowd *crowd, uint32_t segments, uint32_t delay_from, uint64_t now_us);
/* Writers are slowed, merges go first. */
bool crowd_is_pressed(const struct crowd *crowd, uint64_t now_us);
/* How long a commit waits into a partition of so many. */
uint64_t crowd_delay_us(uint32_t segments, uint32_t delay_from);

#endif
