/*
 * views.h: materialized views: rows that one table gets become rows of another, in the same commit.
 *
 * A feed says: what comes into this table goes through that SELECT into a target table. A commit that brings new rows
 * (storage/draft.h, a large INSERT) makes the target's rows of them, puts these into its pack or one beside it, and
 * names both in one ledger record group: a crash leaves both or neither, and what is read again is made again.
 *
 * read     rows that are in heads have no rows in the target yet. Who reads a target gets them made from the heads
 *          (views_snapshot), so that a view is as fresh as its table. Heads and targets are looked at, and changed by
 *          commits, under one lock: a row is seen in one of the two.
 * chain    a target may itself feed others, VIEW_DEPTH_MAX deep
 * fails    a SELECT that cannot be run over new rows stops its view, for good, in the same commit; the table's rows are
 *          stored. What may pass (memory, I/O) fails the commit, which is tried again; after VIEW_MEMORY_FAILURES_MAX
 *          failures for want of memory in a row it stops the view, too.
 * order    feeds change under tables->commits, exclusively: a commit that was encoded with other feeds begins anew
 * thread   any
 */
#ifndef STORAGE_VIEWS_H
#define STORAGE_VIEWS_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"
#include "storage/table.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct snapshot;
struct store;

#define VIEW_DEPTH_MAX           8U
#define VIEW_MEMORY_FAILURES_MAX 10U
/* _partition of rows that a view made; their _stream and _offset are 0. */
#define PARTITION_VIEW 3

/* Immutable but for what is atomic; names and texts are in its arena. */
struct view_feed {
    _Atomic uint32_t references;
    struct arena *arena;
    uint64_t object_id; /* of the view; 0: it is being made */
    const char *database, *name;
    const char *base_database, *base_table;
    const char *from_database, *from_table; /* what the SELECT calls it */
    const char *target_database, *target_table;
    /* The two when the feed was made, references, or NULL. As long as one is there it is meant, whatever its name is by
     * now; then the one that has the name. */
    struct table *base, *target;
    const char *query;  /* the SELECT: its columns go into the target's by name */
    const char *states; /* of a view that keeps states: its definition; or NULL */
    _Atomic uint32_t memory_failures;
    _Atomic bool stopped; /* no commit feeds it any more */
};

struct view_feed *view_feed_ref(struct view_feed *feed);
void view_feed_unref(struct view_feed *feed); /* accepts NULL */
/* Does it read the table, are its rows the table's? */
bool view_feed_reads(const struct view_feed *feed, const struct table *table, const struct table_def *def);
bool view_feed_fills(const struct view_feed *feed, const struct table *table, const struct table_def *def);

typedef struct err *(*view_sink)(void *user, const struct chunk *chunk);

/* A view that keeps states, while rows of its base table change; all borrowed. The rows of one key are made anew from
 * all rows of the base table that have it (sql/materialize.h, materialized_keys). */
struct view_remake {
    const struct view_feed *feed;
    struct table *target;
    const struct table_def *def; /* the target's */
    struct snapshot *base;       /* the base table's segments as they become */
    struct snapshot *old;        /* the target's as they are */
    struct snapshot *gone;       /* what the feed makes of the rows that change or leave, as they were */
    struct snapshot *came;       /* and as they become */
    struct snapshot *dirty;      /* both */
    struct snapshot *made;       /* what VIEW_FEED gave */
    bool forgotten;              /* VIEW_COMPARE: there are keys that the view has forgotten */
};

enum view_step {
    VIEW_FEED,    /* chunks of the target's columns: rows of the dirty keys */
    VIEW_PLACES,  /* chunks of three UInt64, where rows of these keys are: pack, offset, row */
    VIEW_COMPARE, /* no chunks; ERR_DEPENDENT_OBJECTS: the view has rows of a key that the base table has not, or the
                   * other way around, so that it cannot be made anew */
    VIEW_KEPT,    /* chunks of the target's columns: of `made`, what is of no forgotten key */
};

/* How SELECTs are run: from above, once per store, before rows come. */
struct view_functions {
    void *user;
    /* Runs the feed's SELECT over the rows of a snapshot of its base table (borrowed), which stands for that table
     * where the SELECT names it first. Chunks have the target's stored columns in order. threads 0: as many as there
     * are. def: of the target, as it is or was. *repeats: the same rows will always give the same; NULL: nobody asks. */
    struct err *(*fold)(void *user, const struct view_feed *feed, struct snapshot *rows, struct table *target,
                        const struct table_def *def, uint32_t threads, bool *repeats, view_sink sink, void *sink_user);
    /* One of the SELECTs that make keys of a view anew. */
    struct err *(*remake)(void *user, struct view_remake *remake, enum view_step step, view_sink sink, void *sink_user);
    /* A commit left the view out because of this error, borrowed. Without locks. */
    void (*stopped)(void *user, struct view_feed *feed, const struct err *err);
    struct budget *budget; /* of the rows that commits make; outlives the store, as does */
    struct budget *kept;   /* that of what readers keep of heads (storage/view_cache.h) */
};

struct err *views_open(struct store *store, const struct view_functions *functions);
/* The store's feeds from now on: takes references. Waits for commits that are being made durable. */
struct err *views_set(struct store *store, struct view_feed *const *feeds, uint32_t count);
/* Lets go of the feeds. */
void views_close(struct store *store);

/* A snapshot of a table, with the rows that views make of what is in their tables' heads; these are charged to the
 * budget. */
struct err *views_snapshot(struct table *table, struct budget *budget, struct snapshot **out);
/* Do views fill the table? Then it has more rows for a reader than it stores. */
bool views_fill(struct table *table);
/* A view that keeps states begins to feed between these two, and is filled from segments of this moment: no mutation of
 * the table runs in between, and the next ones wait until the view has its name. Ends with the thread's interrupt. */
struct err *views_pause_mutations(struct table *table);
void views_resume_mutations(struct table *table);
/* The segments of a table as they are now, for filling a view: no rows of heads; and, if view is not NULL, of a table
 * that it feeds, at the same moment. */
struct err *views_segments(struct table *table, struct snapshot **out, struct table *view, struct snapshot **view_out);

/* A snapshot of a table without rows, with a definition that it does not have: statements are bound to it before the table
 * gets that. The definition is copied. */
struct err *views_pretend(struct table *table, const struct table_def *def, struct snapshot **out);

/* The store's feeds; the references are given back when the arena is destroyed. */
struct err *views_list(struct store *store, struct arena *arena, struct view_feed ***out, uint32_t *count);

#endif
