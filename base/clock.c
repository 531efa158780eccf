/*
 * clock.c: the system's clocks, and an offset that tests set.
 */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t offset_us;

static int64_t read_us(clockid_t id)
{
    struct timespec at;
    (void)clock_gettime(id, &at);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
    return read_us(CLOCK_REALTIME) + atomic_load_explicit(&offset_us, memory_order_relaxed);
}

uint64_t clock_monotonic_us(void)
{
    return (uint64_t)read_us(CLOCK_MONOTONIC);
}

void clock_set(int64_t wall_us)
{
    atomic_store(&offset_us, wall_us - read_us(CLOCK_REALTIME));
}

void clock_set_real(void)
{
    atomic_store(&offset_us, 0);
}
