/*
 * changed_rows.h: rows that DELETE, UPDATE or a TTL found, on their way into a mutation: where they are, and what they
 * become.
 *
 * shapes   chunks of SELECTs: SCAN_PLACE_COUNT columns that say where a row is, then all columns of the table, hidden
 *          ones too
 * order    of a table whose engine combines rows, rows of one segment follow each other, as mutation_keeps_order asks
 *          for: the SELECT runs on one thread
 * whole    where only the order of a segment's rows says which came last, rows that do not change are written with
 *          those that do: a SELECT finds such segments first, and the second takes all their rows
 * thread   one query thread
 */
#ifndef SERVER_CHANGED_ROWS_H
#define SERVER_CHANGED_ROWS_H

#include "base/arena.h"
#include "base/text.h"
#include "storage/column.h"
#include "storage/mutation.h"
#include "storage/table.h"

struct changed_rows {
    struct table *table;
    const struct table_def *def;
    struct mutation *mutation;
    struct arena *arena;
    struct buffer whole; /* "(pack, offset), …"; owned by who has the struct */
};

/* The rows of the places leave. */
struct err *changed_rows_delete(const struct changed_rows *rows, const struct chunk *chunk);
/* Rows of all the table's columns, `skip` others in front, come. */
struct err *changed_rows_add(const struct changed_rows *rows, const struct chunk *chunk, uint32_t skip);
/* Both: those of segments that the mutation knows. */
struct err *changed_rows_replace(const struct changed_rows *rows, const struct chunk *chunk);

/* The SELECT that finds whole segments among those of the condition, and what takes its rows. NULL: memory is out. */
char *changed_rows_select_whole(const struct changed_rows *rows, struct slice from, struct slice condition);
struct err *changed_rows_note_whole(struct changed_rows *rows, const struct chunk *chunk);
/* " OR …": a condition that takes all their rows; "": there are none. NULL: memory is out. */
char *changed_rows_or_whole(const struct changed_rows *rows);

#endif
