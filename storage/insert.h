/*
 * insert.h: one HTTP INSERT: all its rows or none, durable when insert_finish returns.
 *
 * small    (up to INSERT_DIRECT_BYTES in memory) rows stay in private chunks; insert_finish appends them, encoded, to
 *          the insert log, fsyncs together with its neighbours, and publishes them to the head
 * large    from then on full chunks are sorted and encoded into packs by a second thread while this one goes on
 *          parsing; insert_finish makes all visible in one ledger commit
 * token    insert_deduplication_token: an INSERT whose token was stored before (last 10,000 of the table, or 7 days)
 *          is a success that stores nothing (result.duplicate)
 * combine  of a large INSERT each part for itself
 * address  the rows of a statement share the address (insert log, sequence of the statement)
 * usage    insert_begin; fill insert_builder; insert_poll every few thousand rows; insert_finish or insert_abort
 * thread   one at a time per insert; any number of inserts
 * errors   ERR_TOO_MANY_PARTITIONS, ERR_NOT_ENOUGH_SPACE, ERR_MEMORY_LIMIT, ERR_IO, ERR_TABLE_READ_ONLY,
 *          ERR_UNKNOWN_TABLE (dropped meanwhile)
 */
#ifndef STORAGE_INSERT_H
#define STORAGE_INSERT_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/builder.h"
#include "storage/table.h"

#include <stdbool.h>
#include <stdint.h>

#define INSERT_DIRECT_BYTES ((uint64_t)16 << 20)

struct insert;

struct insert_options {
    struct slice token;    /* empty: none */
    struct budget *budget; /* rows in memory are charged to it; may be NULL */
    bool combine;          /* rows with one sorting key, before they are stored: insert_combine.h */
    bool replaces;         /* what the table has leaves in the same commit: readers see the old rows or the new ones */
    const struct view_refreshed
        *refreshed; /* said in that commit (storage/ledger.h); its end is filled in. NULL: nothing */
};

struct insert_result {
    uint64_t rows;
    bool duplicate;
};

struct err *insert_begin(struct table *table, const struct insert_options *options, struct insert **out);
/* One column per column of insert_def, in order; columns that the INSERT does not name get builder_missing, and their
 * DEFAULT expression afterwards. MATERIALIZED columns always get builder_missing. */
struct builder *insert_builder(struct insert *insert);
/* No row gives this column: as part of a Nested it takes the sizes of its arrays from the others. Before any row. */
void insert_omit(struct insert *insert, uint32_t column);
const struct table_def *insert_def(const struct insert *insert);
/* Hands full chunks on when the insert is large; waits while two are being written (back-pressure). */
struct err *insert_poll(struct insert *insert);
/* Frees the insert, with and without error. */
struct err *insert_finish(struct insert *insert, struct insert_result *result);
void insert_abort(struct insert *insert); /* accepts NULL */

/* ---- the insert log of a store: its replay, its flush */
struct insert_log_options {
    uint64_t commit_interval_us; /* rows reach segments at the latest after; 0: 5 s */
    struct budget *budget;       /* of ingest */
    uint64_t keep_bytes;         /* of files whose rows are all in segments, for REPAIR TABLE; they go above it */
};
/* Replays what is not in segments yet into heads, starts the flush thread. Once, after store_open. */
struct err *insert_log_open(struct store *store, const struct insert_log_options *options);
/* Commits all rows of the log's heads and waits: OPTIMIZE, tests. An error that is being tried again comes back, too.
 */
struct err *insert_log_flush(struct store *store);
/* Flushes, stops. After errors the rows stay in the log. */
void insert_log_close(struct store *store);

struct insert_log_numbers {
    uint64_t sequence; /* the next */
    uint64_t covered;  /* all below are in segments */
    uint64_t bytes;    /* in files */
    uint64_t files;
};
void insert_log_numbers(struct store *store, struct insert_log_numbers *out);

#endif
