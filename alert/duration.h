/*
 * duration.h: durations as Prometheus writes them: "5m", "1h30m", "1d2h3m4s5ms".
 *
 * Units y (365 d), w, d, h, m, s, ms, each once, in descending order; "0" stands alone.
 * thread   any: pure functions.
 */
#ifndef ALERT_DURATION_H
#define ALERT_DURATION_H

#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Microseconds; false: it is no duration, or longer than 292 years. */
bool duration_parse(struct slice text, int64_t *out_us);
/* As Prometheus prints it: "5m", "1h30m"; what is below a millisecond is cut. */
void duration_print(struct buffer *out, int64_t us);

#endif
