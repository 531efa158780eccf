/*
 * pressure.h: commits wait while merges do not keep up.
 *
 * flow     draft.c, insert.c, once segments are encoded and before the ledger sees them → here
 * ends     when merges that end wake it
 * rule     merge_policy.h: crowd, delay. Above throw_from segments INSERTs fail with TOO_MANY_PARTS before they begin;
 *          sources, whose rows Kafka keeps, only wait. Nothing of this where no compactor runs, or while a mutation
 *          keeps merges from beginning.
 * thread   any; no lock is held but the tables' while the thread sleeps in its condition
 */
#ifndef STORAGE_PRESSURE_H
#define STORAGE_PRESSURE_H

#include "base/err.h"
#include "storage/table_private.h"

#include <stdbool.h>

/* From a compactor's start to its end. delay_from 0: off; who waits goes on. */
void pressure_set(struct store *store, uint32_t delay_from, uint32_t throw_from);
/* Segments are to be added to the table: waits for as long as their partitions ask for. */
void pressure_wait(struct table *table, const struct ledger_segment *added, uint32_t count);
/* May an INSERT begin? ERR_TOO_MANY_PARTITIONS. */
struct err *pressure_check(struct table *table);
/* Merges of the table go before what else the server does. */
bool pressure_is_on(struct table *table);

#endif
