/*
 * ledger_private.h: struct ledger, for the files that make it up: ledger.c (commits), ledger_open.c (recovery, files),
 * ledger_read.c (lookups), coverage.c and catalogue.c.
 *
 * lock     `mutex` guards state, queue and the flags. The leader (one committing thread at a time, `leading`) alone
 *          touches file, file_bytes and hash, without the mutex; it takes the mutex to publish.
 * thread   the mutex is held between lock and unlock, never across a commit or a call that leaves the folder
 */
#ifndef STORAGE_LEDGER_PRIVATE_H
#define STORAGE_LEDGER_PRIVATE_H

#include "base/io.h"
#include "base/lock.h"
#include "storage/ledger_file.h"
#include "storage/ledger_state.h"

#define LEDGER_PATH_BYTES 4096

struct ledger_waiter;

struct ledger_batch {
    struct record_out records;
};

struct ledger {
    struct io *io;
    char *folder;
    struct ledger_options options;
    struct lock mutex;
    struct condition moved; /* a group is done, or leadership is free */
    struct lock streams;    /* one new stream at a time; taken before mutex */
    struct ledger_state state;
    struct ledger_waiter *queue_first, *queue_last;
    bool leading;
    struct err *failed; /* why no commits are taken any more */
    struct ledger_metrics counters;
    bool tail_cut, is_new;

    /* the leader's */
    struct io_file *file;
    uint64_t file_number, file_bytes;
    uint64_t checkpoint_bytes; /* of the file: header and first commit */
    uint64_t rotate_bytes;     /* rotate when the file is longer */
    bool closed_cleanly;       /* the last commit in the file is a close */
    uint8_t hash[LEDGER_HASH_BYTES];
    uint8_t store_id[LEDGER_STORE_ID_BYTES];
    uint64_t file_first; /* oldest file that is there */
};

struct ledger_state *ledger_state_lock(struct ledger *ledger);
void ledger_state_unlock(struct ledger *ledger);
/* A batch's buffer, for the catalogue's records. */
struct record_out *ledger_batch_records(struct ledger_batch *batch);

/* "ledger/000001.log" */
void ledger_file_path(const char *folder, uint64_t number, char path[LEDGER_PATH_BYTES]);
/* Numbers of the ledger files in the folder, ascending, in the arena. Leftovers of copies are listed too. */
struct err *ledger_file_list(struct io *io, const char *folder, struct arena *arena, uint64_t **numbers,
                             uint32_t *count);
/* A file's bytes in pages: data and *page_bytes go back with pages_free. An empty file: NULL and 0. */
#define LEDGER_FILE_BYTES_MAX ((uint64_t)4 << 30)
struct err *ledger_file_load(struct io *io, const char *path, void **data, size_t *length, size_t *page_bytes);
/* Makes file `number` with a checkpoint of the published state as its first commit, synced, its name too; opened.
 * By the leader, without the mutex. After an error the name is gone again, durably, or *lost is set: then commits must
 * not go on in the file before it. */
struct err *ledger_file_begin(struct ledger *ledger, uint64_t number, struct io_file **file, bool *lost);
/* A new file; commits go there from now on. Old files beyond options.files_bytes_max are pruned. By the leader. */
struct err *ledger_rotate(struct ledger *ledger, bool *lost);

#endif
