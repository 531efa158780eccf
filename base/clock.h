/*
 * clock.h: the time, as everything but the benchmarks asks for it; tests can set it.
 *
 * thread   any.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_wall_us(void);       /* microseconds since 1970-01-01 UTC */
uint64_t clock_monotonic_us(void); /* microseconds since some moment; never goes back; not changed by clock_set */
/* From now on the wall clock shows wall_us and goes on from there. */
void clock_set(int64_t wall_us);
void clock_set_real(void); /* undoes clock_set */

#endif
