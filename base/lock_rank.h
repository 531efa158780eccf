/*
 * lock_rank.h: the order of locks. A thread may take a lock only when it holds none of the same or a higher rank;
 * sanitizer builds stop on a breach. docs/ARCHITECTURE.md says what each one guards.
 */
#ifndef BASE_LOCK_RANK_H
#define BASE_LOCK_RANK_H

enum lock_rank {
    LOCK_SERVER = 10,        /* clients, requests, running queries */
    LOCK_INSERT_QUEUE = 11,  /* asynchronous INSERTs that wait */
    LOCK_FLIGHTS = 12,       /* identical queries that share an execution */
    LOCK_LOGIN = 13,         /* logins whose passwords are being verified */
    LOCK_REPLY = 14,         /* one request's body, reply and state */
    LOCK_ALERTS = 15,        /* rules, their instances and states */
    LOCK_LIVE = 16,          /* live queries: what other threads hand to theirs, and the list of queries */
    LOCK_LIVE_GROUP = 18,    /* the answer of one of them */
    LOCK_REFRESH = 19,       /* views with REFRESH: what is known of each */
    LOCK_SOURCES = 20,       /* the list of sources */
    LOCK_SOURCE = 22,        /* one source's state */
    LOCK_INSERT_FLUSH = 43,  /* the insert log's drafts are sealed and submitted in one order */
    LOCK_INSERT_HEADS = 44,  /* the heads of the insert log */
    LOCK_ACCESS_CHANGE = 47, /* one change of users, roles, … at a time; held while it commits */
    LOCK_DDL = 48,           /* one change of the catalogue at a time; held while it commits */
    LOCK_CATALOGUE = 50,     /* names → databases, tables, sources */
    LOCK_COMMIT = 54,        /* versions of tables change together */
    LOCK_VIEWS = 56,         /* the feeds of views; versions of tables that feed each other */
    LOCK_TABLE = 60,         /* one table's version and writers */
    LOCK_DEAD_LETTERS = 61,  /* how much of them is kept */
    LOCK_SEGMENT = 62,       /* one segment is opened once */
    LOCK_READERS = 64,       /* the order in which segments' readers are given up */
    LOCK_INSERT_LOG = 66,    /* the group that is being written */
    LOCK_STREAMS = 68,       /* one new stream at a time */
    LOCK_LEDGER = 70,        /* the ledger's state, the group commit */
    LOCK_STORE = 72,         /* pins and retired packs, the reserve */
    LOCK_BLOCK_CACHE = 80,   /* one shard; one segment's dictionaries */
    LOCK_PARTIAL_CACHE = 84, /* its entries, and their order */
    LOCK_METRIC_LOG = 85,    /* samples of the server's numbers */
    LOCK_STATEMENTS = 86,    /* kept syntax trees, and their order */
    LOCK_DELIVER = 87,       /* queues of notifications, what receivers said */
    LOCK_ACCESS = 88,        /* the model of users that is current; quotas' counts; passwords that were verified */
    LOCK_TLS = 89,           /* the certificate that is current */
    LOCK_POOL = 90,          /* thread pools, queues, lanes, the compactor's sleep */
    LOCK_IO = 94,            /* the crash device */
    LOCK_PAGES = 98,         /* big buffers: kept ones, and those that go back to the system */
};

#endif
