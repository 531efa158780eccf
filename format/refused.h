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
#endif
