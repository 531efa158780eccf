/*
 * storage_source.h: a stored table as a table source.
 *
 * owner    the source lives in the arena, with a snapshot that is released when the arena is destroyed
 * columns  those of the definition, then, when hidden is set, _stream, _partition and _offset; when places is set,
 *          these and then source_places: where the row is, in which segment (0: in none)
 */
#ifndef QUERY_STORAGE_SOURCE_H
#define QUERY_STORAGE_SOURCE_H

#include "query/table_source.h"

struct table;
struct index_rules; /* query/index_rules.h */
struct ledger_segment;
struct scan_condition;
struct snapshot;
struct expression;

extern const char *const source_places[]; /* as enum scan_place (storage/snapshot.h) */
struct err *source_of_table(struct arena *arena, struct slice database, struct slice name, struct table *table,
                            bool hidden, bool places, struct table_source **out);

/* The same of a snapshot (moved, also when it fails). */
struct err *source_of_snapshot(struct arena *arena, struct slice database, struct slice name, struct snapshot *snapshot,
                               bool hidden, bool places, struct table_source **out);

/* From the next scan on it has the rows of this snapshot of the same table and definition (moved). */
void source_see(struct table_source *source, struct snapshot *snapshot);
/* Before its first scan: it has only the segments that are wanted, and no rows that are in none. */
struct err *source_keep_segments(struct table_source *source,
                                 bool (*wanted)(void *user, const struct ledger_segment *segment), void *user);
/* The snapshot of a stored table, and its columns as the snapshot numbers them; NULL: it is none. */
struct snapshot *source_snapshot(const struct table_source *source, const uint32_t **columns);

/* The request's conditions on columns that the snapshot numbers so. */
struct err *source_conditions(struct arena *arena, const struct source_request *request, const uint32_t *columns,
                              struct scan_condition **out);

/* ---- FINAL (final_source.c) */
/* The same table with its rows combined by its engine (storage/final.h); *out NULL: rows of it are not. */
struct err *source_final(struct arena *arena, struct table_source *source, bool by_partition,
                         struct table_source **out);
/* Of such a source: only rows that meet the condition are combined (PREWHERE), which is over the columns of the scan.
 */
void source_final_filter(struct table_source *source, const struct expression *condition);

/* Its scans leave out segments in quarantine, and say how many (source_unit_scan.parts_missing), instead of failing. */
void source_skip_damaged(struct table_source *source);
/* Settings of the query about indexes; the rules' columns are set here. */
struct err *source_index_rules(struct arena *arena, struct table_source *source, struct index_rules *rules);

#endif
