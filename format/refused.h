/*
 * refused.h: formats that ClickHouse has and Weir has not.
 *
 * thread   any: no state.
 */
#ifndef FORMAT_REFUSED_H
#define FORMAT_REFUSED_H

#include "base/slice.h"

#include <stdbool.h>

/* The name is one of them. */
bool format_is_refused(struct slice name);
/* ClickHouse reads it, Weir only writes it. */
bool format_is_only_written(struct slice name);

#endif
