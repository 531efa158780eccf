/*
 * repair.h: REPAIR TABLE over SQL.
 */
#ifndef SERVER_REPAIR_H
#define SERVER_REPAIR_H

#include "server/execute.h"

/* Each segment in quarantine, one commit after the other; rows that say what became of its rows (docs/SQL.md). */
struct err *execute_repair(struct execution *execution, struct table *table);

#endif
