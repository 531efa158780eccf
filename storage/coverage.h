/*
 * coverage.h: which log addresses every table accounts for, and how: the memory of the ledger's coverage records.
 *
 * A key is (table, stream, incarnation, partition). Each has a numeric start, recorded before the first fetch, and one
 * gapless run [start, end) behind it: every accepted range begins where the last one ended (DESIGN §5). A range is
 *     end − first = stored + filtered + dead + duplicate + absent + expired.
 * History (system.offset_ledger) keeps the newest COVERAGE_ROWS_MAX ranges of a key one by one; older ones are merged,
 * so the rows of a key always account for all of [start, end), without gap or overlap, in bounded memory.
 * What these functions show is durable: a range appears after the fsync of its commit.
 * thread   any; the ledger's state lock guards it (storage/ledger.h owns the object).
 */
#ifndef STORAGE_COVERAGE_H
#define STORAGE_COVERAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct ledger;

/* Ranges of one key that system.offset_ledger lists one by one. */
#define COVERAGE_ROWS_MAX 1024U
/* The stream of a table's own HTTP inserts: no ledger record declares it; incarnation 0, partition 0. */
#define STREAM_INSERT_LOG 0U

struct coverage_key {
    uint64_t table_id;
    uint32_t stream_id;
    uint32_t incarnation; /* 0 is the first life of a topic */
    int32_t partition;
};

/* The last message of a range, read again at start, reconnect and unknown-topic. */
struct fingerprint {
    bool present;
    int64_t offset;
    int64_t timestamp_ms;
    uint64_t key_hash; /* XXH3 of the key; 0 for no key */
    uint64_t value_hash;
};

struct coverage_counts {
    uint64_t stored;
    uint64_t filtered;
    uint64_t dead;
    uint64_t duplicate;
    uint64_t absent;
    uint64_t expired;
};

struct offset_range {
    int64_t first;
    int64_t end; /* exclusive */
};

/* One coverage record, as a writer makes it. */
struct coverage_range {
    struct coverage_key key;
    int64_t first;
    int64_t end; /* exclusive; > first */
    struct coverage_counts counts;
    struct fingerprint fingerprint;  /* of the last delivered message at or before end, if there is one */
    int64_t event_time_max_us;       /* highest event time of this range; INT64_MIN: none */
    const struct offset_range *dead; /* the dead addresses, ascending, together counts.dead; may be NULL if 0 */
    uint32_t dead_count;             /* ranges in `dead` */
};

/* One row of system.offset_ledger. */
struct coverage_row {
    struct coverage_key key;
    int64_t first;
    int64_t end;
    struct coverage_counts counts;
    uint32_t range_count;    /* commits merged in this row: 1 for a recent one */
    uint64_t commit;         /* the (last) commit's number */
    int64_t committed_at_us; /* its time */
    uint8_t hash[32];        /* its chain hash */
};

/* Where one partition stands. */
struct coverage_position {
    struct coverage_key key;
    int64_t start;                  /* the recorded start offset */
    int64_t end;                    /* the next range begins here */
    struct coverage_counts counts;  /* of [start, end) */
    struct fingerprint fingerprint; /* the newest */
    int64_t event_time_max_us;      /* INT64_MIN: none yet */
    uint64_t commit;                /* the last that touched it */
    int64_t committed_at_us;
};

/* False: no start is recorded for this key. */
bool coverage_position(struct ledger *ledger, const struct coverage_key *key, struct coverage_position *out);
/* Is this offset inside [start, end)? Such a message is skipped, whatever asked for it. */
bool coverage_covers(struct ledger *ledger, const struct coverage_key *key, int64_t offset);
/* Is this address dead and not claimed since? */
bool coverage_is_dead(struct ledger *ledger, const struct coverage_key *key, int64_t offset);
/* All positions, or those of one table (table_id ≠ 0), ordered by key; in the arena. */
struct err *coverage_positions(struct ledger *ledger, struct arena *arena, uint64_t table_id,
                               struct coverage_position **out, uint32_t *count);
/* History rows ordered by (key, first); table_id 0: of all tables. */
struct err *coverage_rows(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct coverage_row **out,
                          uint32_t *count);

/* A stream's identity text is "<cluster id>/<topic>". 0 in *stream_id: not known yet (see ledger_batch_stream). */
void stream_find(struct ledger *ledger, struct slice identity, uint32_t *stream_id);
/* The identity of a stream, in the arena; "insert-log" for STREAM_INSERT_LOG; data NULL: no such stream. */
struct slice stream_identity(struct ledger *ledger, struct arena *arena, uint32_t stream_id);
/* The current incarnation of a stream in a table; 0 when nothing was recorded. */
uint32_t stream_incarnation(struct ledger *ledger, uint64_t table_id, uint32_t stream_id);

#endif
