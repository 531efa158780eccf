/*
 * expire_private.h: what the files of expire share: a table's TTLs as SQL, and applying one of them.
 */
#ifndef SERVER_EXPIRE_PRIVATE_H
#define SERVER_EXPIRE_PRIVATE_H

#include "server/expire.h"
#include "storage/ledger.h"

/* _partition of rows that stand for several (TTL … GROUP BY); their _stream is 0, their _offset how many rows. */
#define PARTITION_COMBINED 2

enum expire_kind {
    EXPIRE_ROWS,       /* they leave */
    EXPIRE_GROUPS,     /* one row stands for those of a group */
    EXPIRE_COLUMNS,    /* their values become the columns' defaults */
    EXPIRE_RECOMPRESS, /* they stay, but segments of such rows alone get another codec */
};

/* One TTL; the COLUMNS' are one together. Texts are SQL, in the arena. */
struct expire_rule {
    enum expire_kind kind;
    const char *expired;   /* of rows: their time is over; RECOMPRESS: the time, in seconds since 1970 */
    const char *condition; /* of rows: they leave or change */
    const char *group;     /* GROUPS: the group's name */
    const char *having;    /* GROUPS: it is not one row that stands for it already */
    const char *columns;   /* GROUPS, COLUMNS: ", value, …" of all columns and the hidden ones */
    struct slice codec;    /* RECOMPRESS: what stands within CODEC(…) */
};

/* As they are at a moment. */
struct err *expire_rules(struct arena *arena, const struct function_context *context, const struct table_def *def,
                         int64_t now_us, struct expire_rule **out, uint32_t *count);

/* Who works, with what, at which table. */
struct expire_work {
    struct server *server;
    struct table *table;
    struct query_progress *progress;
    int64_t now_us;
    uint32_t threads;
    /* which of its segments; NULL: all */
    bool (*wanted)(void *user, const struct ledger_segment *segment);
    void *user;
    /* Told of each segment and RECOMPRESS rule that was looked at; NULL: nobody wants to know. */
    void (*note)(void *user, const struct segment_name *name, uint32_t rule, bool due);
    bool held;             /* nothing may leave: only RECOMPRESS is done */
    uint64_t rows;         /* that left or changed so far */
    uint64_t recompressed; /* segments */
};

/* How many rows of a segment have expired by a rule; RECOMPRESS: the latest time of its rows, in seconds. */
struct expire_count {
    struct segment_name name;
    uint64_t rows;
};
/* For each rule: the segments that have some, in the arena. */
struct err *expire_counts(struct expire_work *work, struct arena *arena, uint32_t rule, struct expire_count **out,
                          uint32_t *count);
/* Applies the rule'th TTL, in one commit. Not RECOMPRESS. */
struct err *expire_apply(struct expire_work *work, uint32_t rule);
/* All RECOMPRESS TTLs: segments that came to their time get the codec, a merge for each. */
struct err *expire_recompress(struct expire_work *work);

#endif
