/*
 * completeness.h: what the server knows of tables' completeness, for complete_through(), system.watermarks and answers.
 */
#ifndef SERVER_COMPLETENESS_H
#define SERVER_COMPLETENESS_H

#include "query/completeness.h"
#include "server/server.h"

struct execution;
struct source_completeness;

/* From its sources, or, for a table without any, from the clock. each: see ingest/source.h; may be NULL. */
struct err *server_completeness(struct server *server, struct arena *arena, const struct table_def *def,
                                struct completeness *out, struct source_completeness **each);

/*
 * What an answer says of the tables that it was read from and that sources feed (answer_completeness.c).
 * note     a query is going to see this table; before its rows are seen, so that all that is complete is among them
 * head     for the header X-Weir-Completeness: all of them together, as JSON; empty: there are none
 * text     for the statistics of JSON formats: their sources too; in the arena
 */
struct noted_table;
struct err *completeness_note(struct execution *execution, const struct table_def *def, struct completeness *out);
void completeness_head(const struct execution *execution, char *out, size_t size);
struct err *completeness_text(const struct execution *execution, struct slice *out);
/* The time alone: "2026-11-22T08:00:00.123456Z" with its quotes, or null. */
void completeness_through(const struct execution *execution, char *out, size_t size);

/* The names of these tables, in the arena. */
struct data_table; /* server/data_time.h */
struct err *completeness_tables(const struct execution *execution, struct arena *arena, struct data_table **out,
                                uint32_t *count);

/* While sources run, queries may ask. */
void completeness_start(struct server *server);
void completeness_stop(void);

#endif
