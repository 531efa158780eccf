/*
 * partitions.h: ALTER TABLE … DROP | DETACH | ATTACH | DROP DETACHED | FREEZE | UNFREEZE | MOVE | REPLACE PARTITION |
 * PART.
 */
#ifndef SERVER_PARTITIONS_H
#define SERVER_PARTITIONS_H

#include "server/execute.h"

struct err *execute_partition(struct execution *execution, struct table *table, const struct ast_alter *action);
/* The text, as segments have it, of the partition that is named by part, value and text (not PART); in the arena.
 * ERR_SUPPORT_DISABLED: ALL. */
struct err *partition_named(struct execution *execution, struct table *table, const struct ast_alter *named,
                            struct slice *out);

#endif
