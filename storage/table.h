/*
 * table.h: what runs behind a table's definition: its live segments and the heads of its writers.
 *
 *   version   an immutable, reference-counted list of segments and heads. Commits, merges and drops make the next
 *             version and swap it in under the table's lock; a snapshot (storage/snapshot.h) is a reference to one,
 *             plus how many rows of each head were visible. So a row is seen in the head or in its segment, never in
 *             both, never in neither.
 *   head      rows of one writer (storage/head.h) that are not yet in a segment
 *
 * states    live → dropping (no writer gets in, drafts of it fail) → dropped, or back to live
 * thread    any
 */
#ifndef STORAGE_TABLE_H
#define STORAGE_TABLE_H

#include "base/err.h"
#include "storage/column.h"
#include "storage/catalogue.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct table;

/* For store_options.hooks: opens a struct table per definition. */
extern const struct table_hooks table_hooks;

struct table *table_ref(struct table *table);
void table_unref(struct table *table); /* accepts NULL */

uint64_t table_id(const struct table *table);
/* The current definition, a reference: table_def_unref. */
struct table_def *table_definition(struct table *table);

/* Index into def->columns of the column with this name, or -1. Hidden columns follow the others: def->column_count +
 * COLUMN_STREAM …; they are named _stream, _partition and _offset. */
int table_column_find(const struct table_def *def, struct slice name);
enum hidden_column { COLUMN_STREAM, COLUMN_PARTITION, COLUMN_OFFSET, COLUMN_HIDDEN_COUNT };
/* Their ids within a table (column_def.id of user columns is below). */
#define COLUMN_ID_HIDDEN 0xfffffff0U
/* Of columns that are computed: no stored one has it. Scans number them behind the hidden ones. */
#define COLUMN_ID_COMPUTED UINT32_MAX
const struct type *hidden_column_type(enum hidden_column column);
const char *hidden_column_name(enum hidden_column column);

/* The column whose values are the event time (time_min_us …): the WATERMARK column, else the first Date or DateTime of
 * the sort key, else the first one of the table; -1: none. */
int table_time_column(const struct table_def *def);
/* The column that says how late each row came: `_lateness UInt64 MATERIALIZED 0`, microseconds between its event time
 * and that through which its source was complete then (ingest/event_time.c); 0: in time, or nobody said. -1: none. */
#define TABLE_LATENESS "_lateness"
int table_lateness_column(const struct table_def *def);

struct table_numbers {
    uint64_t rows; /* visible */
    uint64_t head_rows;
    uint64_t head_bytes; /* memory */
    uint64_t segments;
    uint64_t segment_bytes;
};
void table_numbers(struct table *table, struct table_numbers *out);

/* Removes all rows: heads (rows not yet committed count as covered when their commit comes) and segments. Coverage is
 * kept. Rows that writers add afterwards stay. */
struct err *table_truncate(struct table *table);

/* Bytes of the cache of verified blocks, for stores opened from now on; the default is 64 MiB. */
void tables_cache_bytes(uint64_t bytes);
struct block_cache;
/* The cache of a store whose tables are open; borrowed. NULL: no table was opened yet. */
struct block_cache *tables_cache(struct store *store);

/* Called from now on, by any thread, when the last reader of a segment or a head that is live no more has left: by the
 * first two numbers of what scan_run.rows says (storage/snapshot.h). One per process, set while no store is open; NULL:
 * nobody wants to know. */
void tables_on_rows_gone(void (*gone)(void *user, uint64_t high, uint64_t low), void *user);

/* ---- changes */
/* How often rows of the table were added, changed or taken away since the server began, and how often its definition
 * was: while it stays, so do the table's rows. Read before a snapshot is taken: any thread, released by who changes
 * the table after the change is visible. */
uint64_t table_changes(const struct table *table);
/* Called from now on, by any thread and perhaps under a table's locks, when that number grew. It takes no lock. One per
 * process, set while no table changes; NULL: nobody wants to know. */
void tables_on_change(void (*changed)(void *user), void *user);

/* ---- values that a row does not give */
/* Are there arrays n.a, n.b: columns of a Nested, whose sizes must agree? */
bool table_has_nested(const struct table_def *def);
/* Columns of rows that an INSERT makes: the stored ones, and if some are EPHEMERAL all computed ones behind them. */
uint32_t table_input_count(const struct table_def *def);
const struct column_def *table_input_column(const struct table_def *def, uint32_t index);
/* Has it an expression that gives values where a row does not? Any but a column without DEFAULT. */
bool table_column_has_default(const struct column_def *column);
/*
 * Puts the values of DEFAULT and MATERIALIZED expressions into a chunk of the definition's columns (those of an
 * INSERT's rows, or the stored ones alone), an expression after those that it reads. Rows whose columns of one Nested
 * differ in size are ERR_ARRAY_SIZES. missing[k]: one byte per row, 1: compute it; NULL: none is missing.
 * chunk->columns[k] NULL: the whole column is missing (without an expression it becomes the type's default). errors
 * what the expression says, with the column's name
 */
struct err *table_fill_defaults(struct table *table, const struct table_def *def, struct arena *arena,
                                struct chunk *chunk, const uint8_t *const *missing);
/* The same for rows that no table of a store takes: the program was compiled from the definition. */
struct table_program;
struct err *program_fill_defaults(struct table_program *program, const struct table_def *def, struct arena *arena,
                                  struct chunk *chunk, const uint8_t *const *missing);

#endif
