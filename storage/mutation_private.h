/*
 * mutation_private.h: a mutation's insides, for what it makes of views (view_mutation.c).
 */
#ifndef STORAGE_MUTATION_PRIVATE_H
#define STORAGE_MUTATION_PRIVATE_H

#include "storage/ledger_map.h"
#include "storage/mutation.h"
#include "storage/row_pack.h"
#include "storage/table_private.h"

struct view_mutations;

/* A segment, and the rows that this mutation deletes from it. */
struct touched {
    struct table_segment *segment; /* borrowed from the version */
    struct row_set *rows;          /* NULL: none */
    bool live;                     /* at the commit */
    struct table_segment *next;    /* what takes its place; NULL: nothing is left of it */
};

struct mutation {
    struct table *table;
    struct arena *arena;
    struct table_version *version;
    struct touched *segments; /* of the version */
    struct map by_name;
    struct touched *last;         /* looked up */
    struct row_pack pack;         /* lists of deleted rows, segments of changed ones */
    const struct touched *from;   /* where changed rows were, if they keep their order; or NULL */
    bool expiry;                  /* its rows leave by TTL */
    struct view_mutations *views; /* of what is made anew in the same commit; NULL: nothing */
};

/* Takes the version (moved), of a table whose turn the caller has and mutation_free gives back. */
struct err *mutation_new(struct table *table, struct arena *arena, struct budget *budget, struct table_version *version,
                         struct mutation **out);
/* Lists of deleted rows go into the pack, which then is whole. */
struct err *mutation_write(struct mutation *mutation);
/* Which segments are still as they were. tables->commits is held. True: some were touched and are not. */
bool mutation_find_gone(struct mutation *mutation);
bool touched_is_changed(const struct touched *touched);
/* Records of what is deleted; *changed: their sums and counts. */
struct err *mutation_deleted_records(const struct mutation *mutation, struct ledger_batch *batch, uint64_t *rows,
                                     struct rows_changed *changed);
/* Behind the ledger's commit: the changed segments, and those that take their places (references); room for all. */
void mutation_next(struct mutation *mutation, struct table_change *change);

/* ---- view_mutation.c */

/* The table's turn, taken when no view of it is being filled; then those of the views' tables, and all versions at one
 * moment. *views NULL: no view keeps states of the table's rows; *version is taken in any case. */
struct err *view_mutations_turn(struct table *table);
struct err *view_mutations_begin(struct table *table, struct arena *arena, struct budget *budget,
                                 struct view_mutations **views, struct table_version **version);
void view_mutations_end(struct view_mutations *views); /* accepts NULL */
/* The mutation is written: the keys of its rows are made anew, into packs that are whole. */
struct err *view_mutations_make(struct mutation *mutation);
/* Under tables->commits. ERR_ABORTED: a view's segments left it meanwhile. */
struct err *view_mutations_check(struct view_mutations *views);
struct err *view_mutations_records(struct view_mutations *views, struct ledger_batch *batch);
/* A commit may name the packs from here on; false: it did not. */
void view_mutations_named(struct view_mutations *views, bool named);
/* Around the swap of the base table's version. */
void view_mutations_swap(struct view_mutations *views, const struct commit_info *info);
void view_mutations_swapped(struct view_mutations *views);

#endif
