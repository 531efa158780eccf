/*
 * expire.h: rows whose TTL is over leave, or change: what a segment's expiry (storage/retention.h) does not tell,
 * because it is no whole segment, or because the TTL has a condition, groups rows, or is a column's.
 *
 * when     a thread looks at every table with such a TTL once in its setting merge_with_ttl_timeout (4 hours), from a
 *          minute after the start on; OPTIMIZE … FINAL, MODIFY TTL and MATERIALIZE TTL at once. Rows in heads wait
 *          until they are in segments.
 * how      as DELETE and UPDATE do (storage/mutation.h), one commit for each TTL; merges make it physical. The ledger
 *          says that these rows left by TTL, and what stands for them.
 * guard    the wall clock's (store_clock_guard) and holds: until they are gone nothing leaves
 */
#ifndef SERVER_EXPIRE_H
#define SERVER_EXPIRE_H

#include "server/execute.h"

struct expiry;

struct err *expiry_start(struct server *server);
void expiry_stop(struct server *server);

/* Does the table have a TTL of rows or columns at all? */
bool expire_has_ttl(const struct table_def *def);
/* Now, for a statement: in one partition (its text) or all (NULL). told: the guard's and holds' errors come back;
 * otherwise the table is left as it is then, without an error. */
struct err *expire_now(struct execution *execution, struct table *table, const struct slice *partition, bool told);

#endif
