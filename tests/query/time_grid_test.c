/*
 * time_grid_test.c: every function over random series and grids gives what the plain definition gives, which looks at
 * all samples of a window again for each point.
 */
#include "query/time_grid.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define SAMPLES_MAX 200U
#define POINTS_MAX  200U
#define ROUNDS      4000U

static uint64_t random_state = 0x5EED;

static uint32_t next_random(uint32_t bound)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(random_state >> 33) % bound;
}

static bool is_better(bool least, double value, double than)
{
    return isnan(than) || (least ? value <= than : value >= than);
}

/* Of w[0..n), the samples in the window of the point `at`. */
static bool plain(const struct time_grid *grid, int64_t at, const struct sample *w, uint32_t n, double *out)
{
    double ticks = (double)grid->ticks, resets = 0, sum = 0;
    uint32_t changes = 0, decreases = 0, least = 0, greatest = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool both = i > 0 && isnan(w[i].value) && isnan(w[i - 1].value);
        changes += i > 0 && w[i].value != w[i - 1].value && !both;
        if (i > 0 && w[i].value < w[i - 1].value) {
            decreases++;
            resets += w[i - 1].value;
        }
        sum += w[i].value;
        least = is_better(true, w[i].value, w[least].value) ? i : least;
        greatest = is_better(false, w[i].value, w[greatest].value) ? i : greatest;
    }
    if (n < (grid->function <= GRID_INSTANT_DELTA || grid->function >= GRID_DERIV ? 2U : 1U)) {
        return false;
    }
    double passed = (double)(w[n - 1].time - w[n < 2 ? 0 : n - 2].time);
    double x = 0, y = 0, xy = 0, xx = 0;
    for (uint32_t i = 0; i < n; i++) {
        x += (double)(w[i].time - w[0].time) / n;
        y += w[i].value / n;
    }
    for (uint32_t i = 0; i < n; i++) {
        xy += ((double)(w[i].time - w[0].time) - x) * (w[i].value - y);
        xx += ((double)(w[i].time - w[0].time) - x) * ((double)(w[i].time - w[0].time) - x);
    }
    double covered = (double)(w[n - 1].time - w[0].time);
    double distance = covered / (n - 1);
    bool counter = grid->function != GRID_DELTA;
    double gained = w[n - 1].value - w[0].value + (counter ? resets : 0);
    double before = (double)(w[0].time - (at - grid->window));
    double behind = (double)(at - w[n - 1].time);
    before = before < distance * 1.1 ? before : distance / 2;
    behind = behind < distance * 1.1 ? behind : distance / 2;
    if (counter && gained > 0 && w[0].value >= 0 && covered * w[0].value / gained < before) {
        before = covered * w[0].value / gained;
    }
    double extrapolated = gained * (covered + before + behind) / covered;
    switch (grid->function) {
    case GRID_RATE:
        *out = extrapolated * ticks / (double)grid->window;
        break;
    case GRID_INCREASE:
    case GRID_DELTA:
        *out = extrapolated;
        break;
    case GRID_INSTANT_RATE:
        *out = (w[n - 1].value < w[n - 2].value ? w[n - 1].value : w[n - 1].value - w[n - 2].value) * ticks / passed;
        break;
    case GRID_INSTANT_DELTA:
        *out = w[n - 1].value - w[n - 2].value;
        break;
    case GRID_LAST:
        *out = w[n - 1].value;
        break;
    case GRID_CHANGES:
        *out = changes;
        break;
    case GRID_RESETS:
        *out = decreases;
        break;
    case GRID_COUNT:
        *out = n;
        break;
    case GRID_SUM:
        *out = sum;
        break;
    case GRID_AVG:
        *out = sum / n;
        break;
    case GRID_MIN:
        *out = w[least].value;
        break;
    case GRID_MAX:
        *out = w[greatest].value;
        break;
    case GRID_TIME_OF_MIN:
        *out = (double)w[least].time / ticks;
        break;
    case GRID_TIME_OF_MAX:
        *out = (double)w[greatest].time / ticks;
        break;
    case GRID_DERIV:
        *out = xy / xx * ticks;
        break;
    case GRID_PREDICT:
        *out = y + xy / xx * ((double)(at - w[0].time) - x + grid->offset * ticks);
        break;
    }
    return true;
}

static bool is_near(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b || fabs(a - b) <= 1e-9 * (1 + fabs(a) + fabs(b));
}

static uint32_t random_series(struct sample *samples, bool odd)
{
    uint32_t count = next_random(4) == 0 ? next_random(4) : next_random(SAMPLES_MAX);
    int64_t time = (int64_t)next_random(300) - 100;
    double value = next_random(50);
    for (uint32_t i = 0; i < count; i++) {
        time += 1 + next_random(next_random(8) == 0 ? 200 : 6);
        value = next_random(12) == 0 ? next_random(3) : value + next_random(5) - 1;
        samples[i] = (struct sample){time, value};
        if (odd && next_random(15) == 0) {
            samples[i].value = next_random(2) == 0 ? (double)NAN : (double)INFINITY;
        }
    }
    return count;
}

static void test_functions(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    static struct sample samples[SAMPLES_MAX], window[SAMPLES_MAX];
    static double values[POINTS_MAX];
    static uint8_t nulls[POINTS_MAX];
    assert_non_null(arena);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct time_grid grid = {
            .function = (enum time_grid_function)(round % (GRID_PREDICT + 1)),
            .points = 1 + next_random(POINTS_MAX),
            .start = (int64_t)next_random(400) - 200,
            .step = 1 + next_random(40),
            .window = next_random(next_random(2) == 0 ? 20 : 500),
            .ticks = next_random(2) == 0 ? 1 : 1000,
            .offset = next_random(100),
        };
        uint32_t count = random_series(samples, next_random(2) == 0);
        uint32_t kept = 0;
        for (uint32_t k = 0; k < count; k++) { /* only what can count, as the aggregate function does */
            bool takes = false;
            for (uint32_t i = 0; i < grid.points; i++) {
                int64_t at = grid.start + grid.step * i;
                takes = takes || (samples[k].time <= at && samples[k].time > at - grid.window);
            }
            assert_int_equal(takes, time_grid_takes(&grid, samples[k].time));
            samples[kept] = samples[k];
            kept += takes;
        }
        assert_null(time_grid_evaluate(&grid, arena, samples, kept, values, nulls));
        for (uint32_t i = 0; i < grid.points; i++) {
            int64_t at = grid.start + grid.step * i;
            uint32_t n = 0;
            double expected = 0;
            for (uint32_t k = 0; k < kept; k++) {
                window[n] = samples[k];
                n += samples[k].time <= at && samples[k].time > at - grid.window;
            }
            bool some = plain(&grid, at, window, n, &expected);
            if (nulls[i] == some || (some && !is_near(values[i], expected))) {
                fail_msg("round %u, function %d, point %u: %.17g instead of %.17g", round, (int)grid.function, i,
                         nulls[i] ? (double)NAN : values[i], expected);
            }
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
}

/* Ends of the range of times: nothing overflows. */
static void test_extremes(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct sample samples[] = {{INT64_MIN, 1}, {-1, 2}, {0, 3}, {INT64_MAX, 5}};
    double values[3];
    uint8_t nulls[3];
    assert_non_null(arena);
    for (int function = GRID_RATE; function <= GRID_PREDICT; function++) {
        struct time_grid grid = {.function = (enum time_grid_function)function,
                                 .points = 3,
                                 .start = INT64_MIN + 1,
                                 .step = INT64_MAX,
                                 .window = INT64_MAX,
                                 .ticks = 1000000000};
        assert_true(time_grid_takes(&grid, INT64_MIN));
        assert_true(time_grid_takes(&grid, INT64_MAX));
        assert_null(time_grid_evaluate(&grid, arena, samples, 4, values, nulls));
    }
    struct time_grid grid = {.function = GRID_LAST, .points = 1, .start = INT64_MAX, .window = 0, .ticks = 1};
    assert_false(time_grid_takes(&grid, INT64_MAX));
    assert_false(time_grid_takes(&grid, INT64_MIN));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_functions), cmocka_unit_test(test_extremes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
