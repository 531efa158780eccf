/*
 * fill_value.h: values of the keys of WITH FILL, as fill.c steps through them: their order, and columns of them.
 *
 * A row is an array of plan->key_count values; one that is not set is NULL, or has no bound.
 * thread   any, no shared state
 */
#ifndef QUERY_FILL_VALUE_H
#define QUERY_FILL_VALUE_H

#include "query/fill.h"

/* In the direction of the key; both are set. */
bool fill_value_before(const struct fill_key *key, const struct fill_value *a, const struct fill_value *b);
bool fill_value_same(const struct fill_key *key, const struct fill_value *a, const struct fill_value *b);
/* By the first key whose values are set in both and differ. */
bool fill_row_before(const struct plan_fill *plan, const struct fill_value *a, const struct fill_value *b);
/* Is any value set? */
bool fill_row_is_set(const struct plan_fill *plan, const struct fill_value *row);
struct fill_value fill_value_read(const struct column *column, uint32_t row);
/* False: the column cannot hold it. */
bool fill_value_write(const struct fill_value *value, struct column *column, uint32_t row);

#endif
