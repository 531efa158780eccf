/*
 * views_private.h: what commits share with storage/views.c: sets of feeds, rows that views make, one commit's part.
 */
#ifndef STORAGE_VIEWS_PRIVATE_H
#define STORAGE_VIEWS_PRIVATE_H

#include "storage/ledger.h"
#include "storage/table_private.h"
#include "storage/views.h"

struct view_cache;

/* Immutable but for what is kept. */
struct view_set {
    _Atomic uint32_t references;
    uint32_t count;
    struct view_cache *caches; /* one for each feed (view_cache.h) */
    struct view_feed *feeds[];
};

/* A reference; NULL: there are no feeds. */
struct view_set *view_set_take(struct tables *tables);
void view_set_unref(struct view_set *set); /* accepts NULL */
/* Is it the store's set now? Under tables->commits. */
bool view_set_is_current(struct tables *tables, const struct view_set *set);
bool view_set_has_base(const struct view_set *set, const struct table *table, const struct table_def *def);
/* The two tables, references, or NULL. */
struct table *view_feed_base(struct tables *tables, const struct view_feed *feed);
struct table *view_feed_target(struct tables *tables, const struct view_feed *feed);

/* Rows that a feed made, in heads that are in no version. */
struct view_rows {
    struct table *target; /* a reference */
    struct head **heads;
    uint32_t head_count;
    uint64_t row_count;
};
void view_rows_deinit(struct view_rows *rows);
/* Runs one feed. *rows is set up with its target; ERR_UNKNOWN_TABLE: there is none. */
struct err *view_rows_make(struct tables *tables, const struct view_feed *feed, struct snapshot *from, uint32_t threads,
                           struct budget *budget, bool *repeats, struct view_rows *rows);

/* The same of chunks that anybody makes; the target's definition is the one that they are of. */
typedef struct err *(*view_rows_source)(void *user, view_sink sink, void *sink_user);
struct err *view_rows_collect(struct table *target, const struct table_def *def, struct budget *budget,
                              view_rows_source source, void *user, struct view_rows *rows);

/* A snapshot of some rows alone. References are taken. */
struct flush_head; /* storage/flush.h */
struct err *snapshot_of_heads(struct table *table, const struct flush_head *heads, uint32_t count,
                              struct snapshot **out);
struct err *snapshot_of_segments(struct table *table, struct table_segment *const *segments, uint32_t count,
                                 struct snapshot **out);
/* The heads of a table as they are now, without its segments. */
struct err *snapshot_take_heads(struct table *table, struct snapshot **out);
/* Before its first scan: rows of these heads, whole, are the snapshot's, too. */
struct err *snapshot_add_heads(struct snapshot *snapshot, struct head *const *heads, uint32_t count);

/* ---- one commit (view_commit.c) */

struct pack_writer;
struct view_commit;

/* What the feeds that there are now make of a commit's rows. */
struct err *view_commit_begin(struct tables *tables, struct view_commit **out);
void view_commit_end(struct view_commit *commit); /* accepts NULL */
/* Does a feed read the table? */
bool view_commit_wants(const struct view_commit *commit, const struct table *table);
/* New rows of a table: those that they become go into the pack, as segments. */
struct err *view_commit_rows(struct view_commit *commit, struct table *table, struct snapshot *rows,
                             struct pack_writer *pack, uint64_t pack_number);
/* Records of these segments, and of views that stopped. */
struct err *view_commit_records(struct view_commit *commit, struct ledger_batch *batch);
bool view_commit_has_rows(const struct view_commit *commit);
/* Under tables->commits: is nothing changed that this was made with? */
bool view_commit_holds(const struct view_commit *commit);
/* Around the swap of the tables' versions, after the ledger's commit: readers of views see all or nothing of it. */
void view_commit_swap(struct view_commit *commit, const struct commit_info *info);
void view_commit_swapped(struct view_commit *commit);
/* Behind the commit, without locks: who stopped is told. */
void view_commit_tell(struct view_commit *commit);

#endif
