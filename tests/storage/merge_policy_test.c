/*
 * merge_policy_test.c: how many segments live, and how often rows are written, while segments arrive: a simulation
 * whose time is only a number.
 */
#include "storage/merge.h"
#include "tests/storage/table_fixture.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX  4096U
#define ROW_BYTES 24U
#define NEVER     UINT64_MAX

struct lane_state {
    uint64_t ends_us; /* NEVER: idle */
    struct table_segment *inputs[MERGE_INPUTS_MAX];
    uint32_t count;
};

struct world {
    struct table_segment *live[LIST_MAX]; /* marked while they are merged */
    uint32_t count;
    uint64_t next;
    struct crowd crowd;
    struct lane_state lanes[2];
    uint64_t rows_in, rows_written;
    uint32_t most, most_late; /* live ones at a time; after a tenth of the time */
    uint64_t delayed_us;
};

struct load {
    uint64_t rows;        /* of a commit */
    uint64_t interval_us; /* between two */
    uint64_t seconds;
    uint32_t ns_per_row[2]; /* of merging, in the small lane, in the large one */
    uint32_t delay_from;
    uint64_t rows_max;
    bool late; /* each commit has rows of long ago, too */
};

static void arrive(struct world *world, uint64_t rows, int64_t time_us)
{
    struct table_segment *segment = calloc(1, sizeof(*segment));
    assert_non_null(segment);
    assert_true(world->count < LIST_MAX);
    segment->info.row_count = rows;
    segment->info.length = rows * ROW_BYTES;
    segment->info.time_min_us = time_us;
    segment->info.pack = world->next++;
    world->live[world->count++] = segment;
}

static void merge_end(struct world *world, struct lane_state *lane)
{
    uint64_t rows = 0;
    int64_t time = INT64_MAX;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->count; i++) {
        bool input = false;
        for (uint32_t k = 0; k < lane->count; k++) {
            input = input || lane->inputs[k] == world->live[i];
        }
        if (!input) {
            world->live[kept++] = world->live[i];
        }
    }
    assert_int_equal(kept, world->count - lane->count);
    world->count = kept;
    for (uint32_t k = 0; k < lane->count; k++) {
        rows += lane->inputs[k]->info.row_count;
        time = lane->inputs[k]->info.time_min_us < time ? lane->inputs[k]->info.time_min_us : time;
        free(lane->inputs[k]);
    }
    lane->ends_us = NEVER;
    world->rows_written += rows;
    arrive(world, rows, time);
}

static void merge_begin(struct world *world, const struct load *load, uint32_t which, uint64_t now_us)
{
    struct table_segment *idle[LIST_MAX];
    struct lane_state *lane = &world->lanes[which];
    uint32_t count = 0, first = 0, chosen = 0;
    uint64_t rows = 0, bytes = 0;
    for (uint32_t i = 0; i < world->count; i++) {
        if (!atomic_load(&world->live[i]->merging)) {
            idle[count++] = world->live[i];
        }
    }
    qsort(idle, count, sizeof(idle[0]), merge_by_partition_and_size);
    merge_policy_choose(idle, count, load->rows_max, which == 0 ? LANE_SMALL : LANE_LARGE, &first, &chosen);
    if (chosen == 0) {
        return;
    }
    assert_true(chosen > 1 && chosen <= MERGE_INPUTS_MAX);
    lane->count = chosen;
    for (uint32_t i = 0; i < chosen; i++) {
        lane->inputs[i] = idle[first + i];
        assert_false(atomic_exchange(&lane->inputs[i]->merging, true)); /* nobody else's */
        rows += lane->inputs[i]->info.row_count;
        bytes += lane->inputs[i]->info.length;
    }
    assert_true(rows <= load->rows_max);
    assert_true(which == 1 || (rows <= LANE_ROWS && bytes <= LANE_BYTES)); /* a small one ends soon */
    lane->ends_us = now_us + rows * load->ns_per_row[which] / 1000;
}

static void simulate(const struct load *load, struct world *world)
{
    uint64_t commit_us = 0, end_us = load->seconds * 1000000;
    *world = (struct world){.lanes = {{.ends_us = NEVER}, {.ends_us = NEVER}}};
    for (;;) {
        uint64_t now = commit_us;
        for (uint32_t k = 0; k < 2; k++) {
            now = world->lanes[k].ends_us < now ? world->lanes[k].ends_us : now;
        }
        if (now > end_us) {
            break;
        }
        for (uint32_t k = 0; k < 2; k++) {
            if (world->lanes[k].ends_us == now) {
                merge_end(world, &world->lanes[k]);
            }
        }
        if (now == commit_us) {
            struct table_segment *list[LIST_MAX];
            memcpy(list, world->live, world->count * sizeof(list[0]));
            uint32_t waiting = merge_policy_waiting(list, world->count, load->rows_max);
            arrive(world, load->rows, load->late && world->next % 2 == 1 ? (int64_t)(now / 7) : (int64_t)now);
            world->rows_in += load->rows;
            crowd_see(&world->crowd, waiting, load->delay_from, now + 1);
            uint64_t delay = crowd_is_pressed(&world->crowd, now + 1) ? crowd_delay_us(waiting, load->delay_from) : 0;
            world->delayed_us += delay;
            commit_us += load->interval_us + delay;
        }
        for (uint32_t k = 0; k < 2; k++) {
            if (world->lanes[k].ends_us == NEVER) {
                merge_begin(world, load, k, now);
            }
        }
        world->most = world->count > world->most ? world->count : world->most;
        if (now > end_us / 10) {
            world->most_late = world->count > world->most_late ? world->count : world->most_late;
        }
    }
}

static void world_end(struct world *world)
{
    for (uint32_t i = 0; i < world->count; i++) {
        free(world->live[i]);
    }
}

static double amplification(const struct world *world)
{
    return (double)(world->rows_in + world->rows_written) / (double)world->rows_in;
}

/* Ten minutes, a commit every second, as fast as two processors read events: at most 30 live segments, each row written
 * less than four times, and nobody waits. */
static void full_ingest_leaves_few(void **state)
{
    (void)state;
    for (uint32_t late = 0; late < 2; late++) {
        struct world world;
        struct load load = {650000, 1000000, 600, {350, 550}, 16, MERGE_ROWS_MAX, late == 1};
        simulate(&load, &world);
        assert_true(world.most <= 30);
        assert_true(amplification(&world) < 4.0);
        assert_true(world.delayed_us < load.seconds * 1000000 / 20);
        world_end(&world);
    }
}

/* Heads that are full four times a second, and merges that get half a processor: writers wait, segments stay few. */
static void slow_merges_slow_writers(void **state)
{
    (void)state;
    struct world world;
    struct load load = {138000, 230000, 600, {750, 1400}, 16, MERGE_ROWS_MAX, false};
    simulate(&load, &world);
    assert_true(world.most_late <= 32);
    assert_true(world.delayed_us > 0);
    assert_true(world.rows_in > load.rows * load.seconds * 1000000 / load.interval_us / 2);
    world_end(&world);
    load.delay_from = 0; /* nobody waits */
    simulate(&load, &world);
    assert_true(world.most_late > 34);
    assert_int_equal(world.delayed_us, 0);
    world_end(&world);
}

/* While one merge takes an hour, small ones go on. */
static void large_merges_hold_nothing_up(void **state)
{
    (void)state;
    struct world world;
    struct load load = {500000, 1000000, 600, {300, 40000}, 0, MERGE_ROWS_MAX, false};
    simulate(&load, &world);
    uint32_t small = 0;
    for (uint32_t i = 0; i < world.count; i++) {
        small += world.live[i]->info.row_count <= load.rows ? 1 : 0;
    }
    assert_true(small < 2 * TIER_WIDTH);
    world_end(&world);
}

/* A day of small commits: few segments, each row written O(log n) times. */
static void small_commits_are_written_seldom(void **state)
{
    (void)state;
    struct world world;
    struct load load = {200, 1000000, 86400, {500, 500}, 16, MERGE_ROWS_MAX, false};
    simulate(&load, &world);
    assert_true(world.most <= 30);
    assert_true(amplification(&world) < 12.0);
    assert_int_equal(world.delayed_us, 0);
    world_end(&world);
}

/* Segments end up full: of more than half of the most rows, in few merges. */
static void segments_become_full(void **state)
{
    (void)state;
    struct world world;
    struct load load = {100000, 1000000, 7200, {10, 10}, 16, 10000000, false};
    simulate(&load, &world);
    uint32_t others = 0;
    for (uint32_t i = 0; i < world.count; i++) {
        others += merge_policy_counts(world.live[i], load.rows_max) ? 1 : 0;
    }
    assert_true(others <= 24);
    assert_true(world.count - others >= 72 * 3 / 4);
    assert_true(amplification(&world) < 4.0);
    assert_int_equal(world.delayed_us, 0); /* full ones do not count */
    world_end(&world);
}

static void bursts_are_not_slowed(void **state)
{
    (void)state;
    struct crowd crowd = {0};
    uint64_t now = 1000;
    assert_int_equal(crowd_delay_us(1000, 0), 0);
    assert_int_equal(crowd_delay_us(16, 16), 0);
    assert_int_equal(crowd_delay_us(20, 16), DELAY_MAX_US / 4);
    assert_int_equal(crowd_delay_us(32, 16), DELAY_MAX_US);
    assert_int_equal(crowd_delay_us(UINT32_MAX, 16), DELAY_MAX_US);
    for (uint32_t i = 0; i < 15; i++, now += 1000000) {
        crowd_see(&crowd, 100, 16, now);
        assert_false(crowd_is_pressed(&crowd, now));
    }
    crowd_see(&crowd, 100, 16, now);
    assert_true(crowd_is_pressed(&crowd, now));
    crowd_see(&crowd, 10, 16, now + 1000000); /* a short calm forgets nothing, */
    crowd_see(&crowd, 17, 16, now + 2000000);
    assert_true(crowd_is_pressed(&crowd, now + 2000000));
    assert_false(crowd_is_pressed(&crowd, now + 2000000 + CROWD_CALM_US)); /* a long one does */
    crowd_see(&crowd, 10, 16, now + 3000000);
    crowd_see(&crowd, 17, 16, now + 3000000 + 2 * CROWD_CALM_US);
    assert_false(crowd_is_pressed(&crowd, now + 3000000 + 2 * CROWD_CALM_US));
    crowd_see(&crowd, 17, 16, now); /* a clock that goes back is no harm */
    assert_false(crowd_is_pressed(&crowd, now));
}

static void pressure_ends_with_the_commits(void **state)
{
    (void)state;
    struct crowd crowd = {0};
    const uint64_t s = 1000000;
    for (uint64_t i = 1; i <= 20; i++) {
        crowd_see(&crowd, 100, 16, i * s);
    }
    assert_true(crowd_is_pressed(&crowd, 22 * s + CROWD_SILENCE_US - 1));
    assert_false(crowd_is_pressed(&crowd, 22 * s + CROWD_SILENCE_US)); /* the writers have gone */
    crowd_see(&crowd, 100, 16, 40 * s);                                /* who writes each 20 seconds is waited for */
    assert_true(crowd_is_pressed(&crowd, 80 * s));
    assert_false(crowd_is_pressed(&crowd, 40 * s + CROWD_CALM_US));
    for (uint64_t i = 41; i <= 140; i++) {
        crowd_see(&crowd, 100, 16, i * s);
    }
    assert_false(crowd_is_pressed(&crowd, 142 * s + CROWD_SILENCE_US)); /* as before */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_ingest_leaves_few),         cmocka_unit_test(slow_merges_slow_writers),
        cmocka_unit_test(large_merges_hold_nothing_up),   cmocka_unit_test(small_commits_are_written_seldom),
        cmocka_unit_test(segments_become_full),           cmocka_unit_test(bursts_are_not_slowed),
        cmocka_unit_test(pressure_ends_with_the_commits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
