/*
 * normalize.h: statements that differ in their literals, as one: what query_log's normalized_query_hash and the
 * functions normalizeQuery and normalizedQueryHash have of a text.
 *
 * thread   any, no shared state
 */
#ifndef QUERY_FUNCTIONS_NORMALIZE_H
#define QUERY_FUNCTIONS_NORMALIZE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NORMALIZE_ROOM(length) ((length)*3U + 8U) /* bytes that the result has at the most */

/* The statement with ? for literals, ?.. for lists of them, and single spaces. Returns its length. */
size_t normalize_query(struct slice query, bool keep_names, char *to);
/* The bytes that ClickHouse hashes of it. Returns how many. */
size_t normalize_for_hash(struct slice query, bool keep_names, char *to);
/* Of such bytes. */
uint64_t normalize_hash(struct slice bytes);

#endif
