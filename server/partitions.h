/*
 * partitions.h: ALTER TABLE … DROP | DETACH | ATTACH | DROP DETACHED | FREEZE | UNFREEZE PARTITION | PART.
 */
#ifndef SERVER_PARTITIONS_H
#define SERVER_PARTITIONS_H

#include "server/execute.h"

struct err *execute_partition(struct execution *execution, struct table *table, const struct ast_alter *action);

#endif
