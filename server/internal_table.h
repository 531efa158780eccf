/*
 * internal_table.h: tables in `system` that the server itself writes: alert_history, alert_deliveries, …
 *
 * They are stored like any table, so that everything that reads tables reads them; users cannot write, change or drop
 * them.
 * Rows are durable when an append returns: small ones wait in the insert log, with those of INSERTs.
 * kept     rows leave by day, `days` after their time; and the oldest above `bytes_max` on disk
 * thread   any
 */
#ifndef SERVER_INTERNAL_TABLE_H
#define SERVER_INTERNAL_TABLE_H

#include "server/server.h"
#include "storage/builder.h"
#include "storage/table.h"

struct internal_table_spec {
    const char *name;
    const char *const *columns; /* name, type, …, NULL; the first is the time: a DateTime64(6, 'UTC') */
    uint32_t days;
    uint64_t bytes_max;
    const char *comment;
};

/* The table, a reference; made when it is not there. Once it is there it must have these columns:
 * ERR_INCOMPATIBLE_COLUMNS. */
struct err *internal_table_open(struct server *server, const struct internal_table_spec *spec, struct table **out);

/* All rows that fill makes, durable in one piece, or none. fill: builder_row_begin, every column, builder_row_end. Its
 * error
 * is the append's. */
struct err *internal_table_append(struct table *table, struct err *(*fill)(void *user, struct builder *builder),
                                  void *user);
/* The same, once for each token: rows that were appended with it lately (storage/insert.h) are not appended again. */
struct err *internal_table_append_once(struct table *table, struct slice token,
                                       struct err *(*fill)(void *user, struct builder *builder), void *user);

#endif
