/*
 * live_result.h: the answer of a live query as its viewers know it: rows by key, what changed since when, as bytes.
 *
 * Each run gives all rows as JSON text (struct live_rows); live_result_apply compares them with those of the last run.
 * What differs gets the next version. A viewer that has version v gets, as one event, the latest row of every key that
 * changed since v and the keys that are gone, or all rows. So however slow it is, what waits for it is bounded by the
 * answer. Events are encoded once per (version had, version now) and shared by reference.
 *
 * keys     without key columns the answer is one text; every change is a new snapshot. Rows with equal keys (NULL and
 *          NaN print alike) take the key away, for good.
 * gone     keys that left are remembered, as many as there are rows (LIVE_GONE_MIN at least); who has an older version
 *          gets a snapshot
 * memory   all is charged to the budget; a run that does not fit leaves the last answer as it was
 * thread   one at a time: the group's lock; struct live_bytes: any, immutable and counted
 */
#ifndef SERVER_LIVE_RESULT_H
#define SERVER_LIVE_RESULT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define LIVE_ANSWER_BYTES_MAX ((size_t)16 << 20) /* rows of one run, as text */
#define LIVE_GONE_MIN         1000U

/* ---- bytes of an event, shared by all who get it: what follows {"id":"…", */
struct live_bytes {
    _Atomic uint32_t references;
    struct budget *budget;
    size_t charged;
    size_t length;
    char data[];
};
/* A copy. NULL: memory or the budget is out. */
struct live_bytes *live_bytes_new(struct budget *budget, struct slice text);
struct live_bytes *live_bytes_ref(struct live_bytes *bytes);
void live_bytes_unref(struct live_bytes *bytes); /* accepts NULL */

/* ---- rows of one run */
struct live_rows_place {
    uint32_t row, row_bytes; /* of the text */
    uint32_t key, key_bytes; /* likewise; 0 without key */
};
struct live_rows {
    struct buffer text;
    struct live_rows_place *places;
    uint32_t count, capacity;
};
/* Lines of rows, and lines of their keys (keyed: as many), as a writer of JSONCompactEachRow makes them.
 * ERR_LIMIT_EXCEEDED: the answer is too long. */
struct err *live_rows_add(struct live_rows *rows, struct slice lines, bool keyed, struct slice keys);
void live_rows_deinit(struct live_rows *rows);

/* ---- the answer */
struct live_result;

/* What a snapshot says of the answer. Texts are JSON, copied. */
struct live_shape {
    struct slice columns; /* [{"name":"a","type":"String"},…] */
    struct slice key;     /* [0,1]; [] without */
    struct slice order;   /* [{…}], or empty */
    struct slice mode;    /* a word */
    bool keyed;
};

/* When a run was, for events: "2026-…Z", and the same or null. JSON, copied. */
struct live_times {
    struct slice data_time, complete_through;
};

struct err *live_result_create(struct budget *budget, struct live_result **out);
void live_result_destroy(struct live_result *result); /* accepts NULL */

/* A run's rows: the first of them make version 1. *changed: there is a new version. Another shape than the last run's,
 * rows that repeat a key, begin anew. */
struct err *live_result_apply(struct live_result *result, const struct live_shape *shape, const struct live_rows *rows,
                              const struct live_times *times, bool *changed);
/* The rows must not be seen any more: who comes gets a snapshot of the next run. */
void live_result_forget(struct live_result *result);

uint64_t live_result_version(const struct live_result *result); /* 0: there was no run */
uint64_t live_result_rows(const struct live_result *result);
uint64_t live_result_bytes(const struct live_result *result);
/* Can it be said what changed since then? */
bool live_result_knows(const struct live_result *result, uint64_t version);
/* What a viewer that has a version (0: none) gets. *out: a reference; NULL: nothing is new. */
struct err *live_result_since(struct live_result *result, uint64_t version, struct live_bytes **out);

#endif
