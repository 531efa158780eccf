/*
 * lock_rank.h: the order of locks. A thread may take a lock only when it holds none of the same or a higher rank;
 * sanitizer builds stop on a breach. docs/ARCHITECTURE.md says what each one guards.
 */
#ifndef BASE_LOCK_RANK_H
#define BASE_LOCK_RANK_H

enum lock_rank {
    LOCK_SERVER = 10,  /* connections, running queries */
    LOCK_SESSION = 12, /* one session's settings */
    LOCK_REPLY = 14,   /* one query's reply queue */
    LOCK_SOURCES = 20, /* the list of sources */
    LOCK_SOURCE = 22,  /* one source's state */
    LOCK_SOURCE_PARTITION = 24,
    LOCK_QUERY_POOL = 30,   /* query tasks */
    LOCK_QUERY = 32,        /* one query's shared operator state */
    LOCK_COMPACTOR = 40,    /* which merges run */
    LOCK_INSERT_FLUSH = 43, /* the insert log's drafts are sealed and submitted in one order */
    LOCK_INSERT_HEADS = 44, /* the heads of the insert log */
    LOCK_DDL = 48,          /* one change of the catalogue at a time; held while it commits */
    LOCK_CATALOGUE = 50,    /* names → databases, tables, sources */
    LOCK_COMMIT = 54,       /* commits in flight */
    LOCK_TABLE = 60,        /* one table's snapshot and writers */
    LOCK_HEAD = 62,         /* one head writer */
    LOCK_INSERT_LOG = 66,
    LOCK_COVERAGE = 68,
    LOCK_LEDGER = 70,
    LOCK_STORE = 72,       /* pins and retired packs */
    LOCK_BLOCK_CACHE = 80, /* one shard */
    LOCK_POOL = 90,        /* thread pools, queues */
    LOCK_IO = 94,          /* the crash device */
    LOCK_METRICS = 96,
    LOCK_LOG = 98,
};

#endif
