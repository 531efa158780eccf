/*
 * time_grid.c: the functions of time_grid.h.
 *
 * flow     query/aggregate_grid.c → here
 * window   samples [head, tail) of the series. What cannot be taken back out of a number is kept otherwise: least and
 *          greatest values in a queue of candidates, sums as two stacks (suffix sums of the older part, one sum of the
 *          newer one).
 * thread   any: pure functions
 */
#include "query/time_grid.h"

#include "base/interrupt.h"

#include <math.h>

/* A sum with what its rounding lost (Neumaier's). */
struct total {
    double sum;
    double lost;
};

struct sliding {
    const struct time_grid *grid;
    const struct sample *samples;
    uint32_t head, tail;
    /* RATE, INCREASE; RESETS and CHANGES count only */
    uint64_t events;
    double resets;
    /* MIN, MAX: samples that are best of those from them on */
    uint32_t *queue;
    uint32_t first, end;
    /* SUM, AVG */
    struct total *suffixes; /* of [k, middle) */
    struct total newer;     /* of [middle, tail) */
    uint32_t middle;
};

bool time_grid_takes(const struct time_grid *grid, int64_t time)
{
    __int128 after = (__int128)time - grid->start;
    if (after <= 0) {
        return -after < grid->window;
    }
    if (grid->points == 1) {
        return false;
    }
    __int128 point = (after + grid->step - 1) / grid->step;
    return point < grid->points && point * grid->step - after < grid->window;
}

/* --- what enters and leaves ---------------------------------------------------------------------------------------- */

static void total_add(struct total *total, double value)
{
    double sum = total->sum + value;
    if (!isfinite(sum)) {
        total->lost = 0;
    } else if (fabs(total->sum) >= fabs(value)) {
        total->lost += (total->sum - sum) + value;
    } else {
        total->lost += (value - sum) + total->sum;
    }
    total->sum = sum;
}

static void total_merge(struct total *total, struct total other)
{
    total_add(total, other.sum);
    total->lost = isfinite(total->sum) ? total->lost + other.lost : 0;
}

static bool better(const struct sliding *sliding, double value, double than)
{
    bool least = sliding->grid->function == GRID_MIN || sliding->grid->function == GRID_TIME_OF_MIN;
    return isnan(than) || (least ? value <= than : value >= than);
}

/* Is there an event between a sample and the next one? */
static bool is_event(const struct sliding *sliding, double before, double after)
{
    if (sliding->grid->function == GRID_CHANGES) {
        return before != after && !(isnan(before) && isnan(after));
    }
    return before > after;
}

static void enter(struct sliding *sliding)
{
    uint32_t k = sliding->tail++;
    double value = sliding->samples[k].value;
    switch (sliding->grid->function) {
    case GRID_RATE:
    case GRID_INCREASE:
    case GRID_CHANGES:
    case GRID_RESETS:
        if (k > sliding->head && is_event(sliding, sliding->samples[k - 1].value, value)) {
            sliding->events++;
            sliding->resets += sliding->samples[k - 1].value;
        }
        break;
    case GRID_MIN:
    case GRID_MAX:
    case GRID_TIME_OF_MIN:
    case GRID_TIME_OF_MAX:
        while (sliding->end > sliding->first &&
               better(sliding, value, sliding->samples[sliding->queue[sliding->end - 1]].value)) {
            sliding->end--;
        }
        sliding->queue[sliding->end++] = k;
        break;
    case GRID_SUM:
    case GRID_AVG:
        total_add(&sliding->newer, value);
        break;
    default:
        break;
    }
}

/* All that is in the window becomes the older part. */
static struct err *turn(struct sliding *sliding)
{
    struct err *err = NULL;
    struct total total = {0, 0};
    for (uint32_t k = sliding->tail; k > sliding->head; k--) {
        OR_DONE(interrupt_at(k));
        struct total one = {sliding->samples[k - 1].value, 0};
        total_merge(&one, total);
        total = one;
        sliding->suffixes[k - 1] = total;
    }
    sliding->middle = sliding->tail;
    sliding->newer = (struct total){0, 0};
done:
    return err;
}

static struct err *leave(struct sliding *sliding)
{
    struct err *err = NULL;
    uint32_t k = sliding->head;
    double value = sliding->samples[k].value;
    switch (sliding->grid->function) {
    case GRID_RATE:
    case GRID_INCREASE:
    case GRID_CHANGES:
    case GRID_RESETS:
        if (k + 1 < sliding->tail && is_event(sliding, value, sliding->samples[k + 1].value)) {
            sliding->events--;
            sliding->resets = sliding->events == 0 ? 0 : sliding->resets - value;
        }
        break;
    case GRID_MIN:
    case GRID_MAX:
    case GRID_TIME_OF_MIN:
    case GRID_TIME_OF_MAX:
        sliding->first += sliding->queue[sliding->first] == k;
        break;
    case GRID_SUM:
    case GRID_AVG:
        if (k >= sliding->middle) {
            OR_DONE(turn(sliding));
        }
        break;
    default:
        break;
    }
    sliding->head++;
done:
    return err;
}

/* --- values -------------------------------------------------------------------------------------------------------- */

static double difference(const struct time_grid *grid, double a, double b)
{
    return grid->narrow ? (double)((float)a - (float)b) : a - b;
}

/* The sum of the resets in the window; anew when one of them was infinite, which cannot be taken back. */
static struct err *resets_of(struct sliding *sliding, double *out)
{
    struct err *err = NULL;
    if (!isfinite(sliding->resets)) {
        sliding->resets = 0;
        for (uint32_t k = sliding->head + 1; k < sliding->tail; k++) {
            OR_DONE(interrupt_at(k));
            double before = sliding->samples[k - 1].value;
            sliding->resets += is_event(sliding, before, sliding->samples[k].value) ? before : 0;
        }
    }
    *out = sliding->resets;
done:
    return err;
}

/* What the samples gained, extrapolated to the edges of the window: to both as far as half of the mean distance between
 * samples when an edge is farther than 1.1 of it, and a counter not to where it would have been below zero. */
static struct err *extrapolated(struct sliding *sliding, int64_t at, double *value, bool *some)
{
    struct err *err = NULL;
    const struct time_grid *grid = sliding->grid;
    const struct sample *first = &sliding->samples[sliding->head];
    const struct sample *last = &sliding->samples[sliding->tail - 1];
    bool counter = grid->function != GRID_DELTA;
    double resets = 0;
    *some = sliding->tail - sliding->head >= 2;
    if (!*some) {
        return NULL;
    }
    if (counter) {
        OR_DONE(resets_of(sliding, &resets));
    }
    double gained = difference(grid, last->value, first->value) + resets;
    double covered = (double)((__int128)last->time - first->time);
    double distance = covered / (double)(sliding->tail - sliding->head - 1);
    double to_start = (double)((__int128)first->time - at + grid->window);
    double to_end = (double)((__int128)at - last->time);
    double far = distance * 1.1;
    to_start = to_start >= far ? distance / 2 : to_start;
    if (counter && gained > 0 && first->value >= 0) {
        double to_zero = covered * (first->value / gained);
        to_start = to_start < to_zero ? to_start : to_zero;
    }
    to_end = to_end >= far ? distance / 2 : to_end;
    double factor = (covered + to_start + to_end) / covered;
    if (grid->function == GRID_RATE) {
        factor = factor * (double)grid->ticks / (double)grid->window;
    }
    *value = gained * factor;
done:
    return err;
}

static bool instant(const struct sliding *sliding, double *value)
{
    const struct time_grid *grid = sliding->grid;
    if (sliding->tail - sliding->head < 2) {
        return false;
    }
    const struct sample *last = &sliding->samples[sliding->tail - 1];
    const struct sample *before = last - 1;
    bool rate = grid->function == GRID_INSTANT_RATE;
    *value = rate && last->value < before->value ? last->value : difference(grid, last->value, before->value);
    if (rate) {
        double passed = (double)((__int128)last->time - before->time);
        *value = grid->narrow ? (double)((float)*value * (float)grid->ticks / (float)passed)
                              : *value * (double)grid->ticks / passed;
    }
    return true;
}

static struct err *regression(struct sliding *sliding, int64_t at, uint64_t *steps, double *value, bool *some)
{
    struct err *err = NULL;
    const struct time_grid *grid = sliding->grid;
    struct total x_sum = {0, 0}, y_sum = {0, 0}, xy_sum = {0, 0}, xx_sum = {0, 0};
    *some = sliding->tail - sliding->head >= 2;
    if (!*some) {
        return NULL;
    }
    OR_DONE(interrupt_steps(steps, sliding->tail - sliding->head));
    int64_t origin = sliding->samples[sliding->head].time;
    for (uint32_t k = sliding->head; k < sliding->tail; k++) {
        total_add(&x_sum, (double)((__int128)sliding->samples[k].time - origin));
        total_add(&y_sum, sliding->samples[k].value);
    }
    double n = (double)(sliding->tail - sliding->head);
    double x_mean = (x_sum.sum + x_sum.lost) / n;
    double y_mean = (y_sum.sum + y_sum.lost) / n;
    for (uint32_t k = sliding->head; k < sliding->tail; k++) {
        double x = (double)((__int128)sliding->samples[k].time - origin) - x_mean;
        double y = sliding->samples[k].value - y_mean;
        total_add(&xy_sum, x * y);
        total_add(&xx_sum, x * x);
    }
    double slope = (xy_sum.sum + xy_sum.lost) / (xx_sum.sum + xx_sum.lost);
    double ticks = (double)grid->ticks;
    *value = slope * ticks;
    if (grid->function == GRID_PREDICT) {
        *value = y_mean + slope * (((double)((__int128)at - origin) - x_mean) + grid->offset * ticks);
    }
done:
    return err;
}

static struct err *value_at(struct sliding *sliding, int64_t at, uint64_t *steps, double *value, bool *some)
{
    struct err *err = NULL;
    struct total total = sliding->newer;
    uint32_t held = sliding->tail - sliding->head;
    *some = held > 0;
    if (held == 0) {
        return NULL;
    }
    const struct sample *last = &sliding->samples[sliding->tail - 1];
    switch (sliding->grid->function) {
    case GRID_RATE:
    case GRID_INCREASE:
    case GRID_DELTA:
        err = extrapolated(sliding, at, value, some);
        break;
    case GRID_INSTANT_RATE:
    case GRID_INSTANT_DELTA:
        *some = instant(sliding, value);
        break;
    case GRID_LAST:
        *value = last->value;
        break;
    case GRID_CHANGES:
    case GRID_RESETS:
        *value = (double)sliding->events;
        break;
    case GRID_COUNT:
        *value = (double)held;
        break;
    case GRID_SUM:
    case GRID_AVG:
        if (sliding->head < sliding->middle) {
            total = sliding->suffixes[sliding->head];
            total_merge(&total, sliding->newer);
        }
        *value = (total.sum + total.lost) / (sliding->grid->function == GRID_AVG ? (double)held : 1);
        break;
    case GRID_MIN:
    case GRID_MAX:
        *value = sliding->samples[sliding->queue[sliding->first]].value;
        break;
    case GRID_TIME_OF_MIN:
    case GRID_TIME_OF_MAX:
        *value = (double)sliding->samples[sliding->queue[sliding->first]].time / (double)sliding->grid->ticks;
        break;
    case GRID_DERIV:
    case GRID_PREDICT:
        err = regression(sliding, at, steps, value, some);
        break;
    }
    return err;
}

static struct err *room(struct sliding *sliding, struct arena *scratch, uint32_t count)
{
    switch (sliding->grid->function) {
    case GRID_MIN:
    case GRID_MAX:
    case GRID_TIME_OF_MIN:
    case GRID_TIME_OF_MAX:
        sliding->queue = ARENA_ARRAY(scratch, uint32_t, count + 1U);
        return sliding->queue == NULL ? arena_error(scratch) : NULL;
    case GRID_SUM:
    case GRID_AVG:
        sliding->suffixes = ARENA_ARRAY(scratch, struct total, count + 1U);
        return sliding->suffixes == NULL ? arena_error(scratch) : NULL;
    default:
        return NULL;
    }
}

struct err *time_grid_evaluate(const struct time_grid *grid, struct arena *scratch, const struct sample *samples,
                               uint32_t count, double *values, uint8_t *nulls)
{
    struct err *err = NULL;
    struct sliding sliding = {.grid = grid, .samples = samples};
    uint64_t steps = 0;
    OR_DONE(room(&sliding, scratch, count));
    for (uint32_t i = 0; i < grid->points; i++) {
        OR_DONE(interrupt_at(i));
        int64_t at = (int64_t)(grid->start + (__int128)grid->step * i);
        while (sliding.tail < count && samples[sliding.tail].time <= at) {
            OR_DONE(interrupt_at(sliding.tail));
            enter(&sliding);
        }
        while (sliding.head < sliding.tail && samples[sliding.head].time <= (__int128)at - grid->window) {
            OR_DONE(leave(&sliding));
        }
        bool some = false;
        values[i] = 0;
        OR_DONE(value_at(&sliding, at, &steps, &values[i], &some));
        nulls[i] = !some;
        values[i] = some ? values[i] : 0;
    }
done:
    return err;
}
