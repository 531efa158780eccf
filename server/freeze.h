/*
 * freeze.h: ALTER TABLE … FREEZE and UNFREEZE, SYSTEM UNFREEZE.
 *
 * what     a frozen copy is a backup (storage/backup.h) of one table's live segments, or of those of one partition, all
 *          packs hard links: shadow/<name>/<database>.<table>[.<partition>] of the data directory. Bytes of names
 *          but letters, digits and _ are written as %XX.
 * name     without one: the next number after those in shadow/
 * threads  any; one at a time
 */
#ifndef SERVER_FREEZE_H
#define SERVER_FREEZE_H

#include "server/execute.h"

/* name: data NULL: none was given. partition: its text, as ledger_segment has it; NULL: all.
 * ERR_DIRECTORY_EXISTS: it is frozen under that name already. */
struct err *freeze_table(struct execution *execution, struct table *table, struct slice name,
                         const struct slice *partition);
/* A name that there is not is no error. */
struct err *unfreeze_table(struct execution *execution, struct table *table, struct slice name,
                           const struct slice *partition);
/* All tables' copies of that name. */
struct err *execute_system_unfreeze(struct execution *execution, struct slice name);

#endif
