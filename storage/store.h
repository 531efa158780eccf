/*
 * store.h: one data directory: its lock, file layer, ledger, catalogue and packs.
 *
 *   LOCK                one server per directory (flock; holds the pid)
 *   RESERVE             disk space given up when the disk is full, so that retention can run
 *   ledger/000001.log   the truth
 *   packs/<n>.pack      immutable
 *   insert-log/         the local log of HTTP inserts (storage/insert_log.h)
 *   temporary/          of queries that run (query/spill.h); emptied at start
 *   orphans/            files that the ledger does not name, kept a day, then deleted
 *
 * open     lock → ledger (recovery) → catalogue (hooks->open per table) → orphans. A directory with packs but without
 *          a ledger is refused: it is never opened as if it were new.
 * packs    are created under their final name; until a ledger commit names them they are nobody's.
 * thread   any, after store_open.
 */
#ifndef STORAGE_STORE_H
#define STORAGE_STORE_H

#include "base/err.h"
#include "storage/catalogue.h"
#include "storage/coverage.h"
#include "storage/ledger.h"

#include <stdbool.h>
#include <stdint.h>

struct io;

struct store_options {
    const char *data_dir;
    struct io *io;                   /* NULL: the real file system */
    const struct table_hooks *hooks; /* NULL: no tables are opened (checks, tests) */
    struct ledger_options ledger;
    uint64_t reserve_bytes; /* 0: 64 MiB; UINT64_MAX: none */
};

struct store {
    struct io *io;
    char *data_dir;
    char *packs_dir;      /* "packs", relative to the io */
    char *insert_log_dir; /* "insert-log" */
    struct ledger *ledger;
    struct catalogue *catalogue;
    struct store_private *private;
};

struct err *store_open(const struct store_options *options, struct store **out);
/* Closes what store_open opened; tables must have no more writers. Accepts NULL. */
struct err *store_close(struct store *store);

/* The number of a new pack file: higher than any before, also across restarts. */
uint64_t store_pack_next(struct store *store);
/* "packs/00000042.pack", as the file layer wants it. */
#define STORE_PATH_BYTES 4096
void store_pack_path(const struct store *store, uint64_t pack, char path[STORE_PATH_BYTES]);
/* A pack whose last segment left: unlinked once nobody reads it, after the grace period (swept by store_sweep). */
void store_pack_retire(struct store *store, uint64_t pack);
/* A reader holds a pack's file: it is not unlinked before the last reader is gone. */
void store_pack_pin(struct store *store, uint64_t pack);
void store_pack_unpin(struct store *store, uint64_t pack);
/* Unlinks retired packs and day-old orphans, makes the reserve again when there is room. Called every few seconds. */
struct err *store_sweep(struct store *store);
/* The disk is full: gives the reserve back to the file system. True: there was one. */
bool store_reserve_release(struct store *store);

/* The wall clock stands more than a day after the last commit before this start: retention waits (DESIGN §6).
 * NULL: drops may run. Otherwise an error that says why and until when. Confirmed by store_clock_confirm. */
struct err *store_clock_guard(struct store *store);
void store_clock_confirm(struct store *store);

#endif
