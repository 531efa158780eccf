/*
 * insert_log_private.h: the insert log's state, shared by its files: insert_log.c (append, group commit, flush) and
 * insert_replay.c.
 *
 * locks    heads (LOCK_INSERT_HEADS): the writers and `published`. lock (LOCK_INSERT_LOG): the queue, files, tokens.
 *          The leader of a group writes and syncs without either.
 */
#ifndef STORAGE_INSERT_LOG_PRIVATE_H
#define STORAGE_INSERT_LOG_PRIVATE_H

#include "base/io.h"
#include "base/lock.h"
#include "storage/draft_private.h"
#include "storage/insert_log.h"

#include <pthread.h>

#define INSERT_LOG_MAGIC   0x474f4c5249455755ULL
#define INSERT_LOG_VERSION 1U
/* Heads beyond this are flushed at once … */
#define INSERT_HEADS_FLUSH_BYTES ((uint64_t)32 << 20)
/* … and beyond this INSERTs wait. */
#define INSERT_HEADS_BYTES_MAX ((uint64_t)128 << 20)
#define INSERT_FILE_BYTES_MAX  ((uint64_t)1 << 30)

struct insert_waiter {
    struct insert_waiter *next;
    struct table *table;
    const struct table_def *def;
    struct chunk *const *chunks;
    uint32_t chunk_count;
    unsigned __int128 token;
    struct buffer record; /* the header is filled in by the leader */
    size_t record_length; /* without padding */
    uint64_t row_count;
    uint64_t sequence;
    bool held;   /* the token is */
    bool wanted; /* it is to be written */
    bool done;
    struct err *err;
};

struct insert_writer {
    struct table *table;
    struct head_writer *writer;
};

struct insert_file {
    uint64_t number;
    uint64_t end; /* sequence behind its last record */
    uint64_t bytes;
};

struct insert_token {
    uint64_t table_id;
    unsigned __int128 hash;
    bool stored; /* in the log, not yet in the ledger; false: held by a running INSERT */
    int64_t used_at_us;
    uint64_t sequence;
};

struct insert_log {
    struct store *store;
    struct tables *tables;
    struct lane *lane;
    struct insert_log_options options;

    struct lock flush; /* held from sealing to lane_submit: a later flush must not overtake an earlier one */
    struct lock heads;
    struct insert_writer *writers;
    uint32_t writer_count;
    uint64_t published; /* all records below are in heads (or segments) */
    uint64_t flushed;   /* all records below are in a draft */

    struct lock lock;
    struct condition changed;
    struct insert_waiter *first, **last;
    bool leading;
    uint64_t sequence;    /* the next */
    uint64_t covered;     /* all records below are in segments */
    uint64_t replayed;    /* INSERTs are taken once all below are covered */
    struct io_file *file; /* the leader's; NULL: the next group makes one */
    uint64_t file_number;
    uint64_t file_bytes;
    _Atomic bool file_full;    /* begin a new one */
    struct insert_file *files; /* with records, oldest first; the newest may be open */
    uint32_t file_count;
    struct insert_token *tokens;
    uint32_t token_count;
    _Atomic uint64_t heads_bytes; /* in heads and in drafts under way, about */
    bool flush_wanted;
    bool closing;

    pthread_t thread;
    bool thread_started;
};

void insert_file_path(const struct insert_log *log, uint64_t number, char path[STORE_PATH_BYTES]);
/* Adds the rows to the table's head and publishes them; heads is held. */
struct err *insert_heads_append(struct insert_log *log, struct table *table, const struct table_def *def,
                                struct chunk *const *chunks, uint32_t chunk_count, uint64_t sequence);
/* Notes that a file holds records below `end`; lock is held or nobody else runs. */
struct err *insert_file_note(struct insert_log *log, uint64_t number, uint64_t end, uint64_t bytes);
/* One reading of the log's files in order, by replay and by weir check. */
struct insert_walk {
    struct io *io;
    const char *folder;
    uint64_t covered; /* records below are in segments: passed over */
    bool any; /* whatever can be read, from the first record that is there; covered is 0; the log may be in use */
    void *user;
    struct err *(*record)(void *user, const struct insert_record *record);
    struct err *(*file)(void *user, uint64_t number, uint64_t end, uint64_t bytes); /* after its records; or NULL */
    /* what was found */
    uint64_t expected;    /* sequence behind the last record */
    uint64_t file_number; /* the highest */
    uint64_t records;     /* whole ones, those passed over too */
    uint64_t unread_file; /* 0, or the first file with bytes that mean nothing: never acknowledged, or given up … */
    uint64_t unread_at;   /* … from here on; damage of the newest group looks the same */
    uint64_t unread_bytes;
};
/* errors   ERR_CORRUPT names file and byte: acknowledged rows cannot be read. */
struct err *insert_log_walk(struct insert_walk *walk);
/* Decodes the rows of a record chunk by chunk and counts them. def NULL: no such schema version. chunk_add may be NULL:
 * only checks. */
struct err *insert_record_rows(const struct insert_record *record, const struct table_def *def, void *user,
                               struct err *(*chunk_add)(void *user, struct chunk *chunk));
/* Reads what is not in segments into the heads. Before the log takes INSERTs. */
struct err *insert_log_replay(struct insert_log *log);

#endif
