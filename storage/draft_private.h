/*
 * draft_private.h: what the other committers of storage/ (inserts, merges) share with drafts.
 */
#ifndef STORAGE_DRAFT_PRIVATE_H
#define STORAGE_DRAFT_PRIVATE_H

#include "storage/draft.h"
#include "storage/table_private.h"

/* The writer of dead letters of this draft, NULL until the first one. */
struct head_writer **draft_dead_letter_writer(struct draft *draft);
struct tables *draft_tables(const struct draft *draft);

struct pack_writer;
struct err *pack_create(struct store *store, uint64_t number, struct pack_writer **out);
struct err *batch_copy(const struct ledger_batch *from, struct ledger_batch **out);
/* A pack that no commit names is unlinked, if that works. */
void pack_discard(struct store *store, uint64_t number);
/* Waits until no table is being dropped, or a moment. */
void tables_wait_drop(struct tables *tables);

#endif
