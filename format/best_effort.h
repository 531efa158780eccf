/*
 * best_effort.h: dates and times as people write them: parseDateTimeBestEffort, date_time_input_format = best_effort.
 */
#ifndef FORMAT_BEST_EFFORT_H
#define FORMAT_BEST_EFFORT_H

#include "base/slice.h"
#include "base/timezone.h"

#include <stdbool.h>
#include <stdint.h>

/* The whole text; ticks of 10^-scale s. zone: where the text names none; month_first: 1/2/2024 is in January. */
bool value_best_effort(struct slice text, const struct timezone *zone, uint32_t scale, bool month_first,
                       int64_t *ticks);

#endif
