/*
 * lateness.h: tables whose rows say how late they came: what ALLOWED LATENESS and window_state() of a materialized
 * view need.
 */
#ifndef SERVER_LATENESS_H
#define SERVER_LATENESS_H

#include "server/execute.h"

/*
 * When the SELECT of a CREATE MATERIALIZED VIEW bounds the lateness of its base table's rows, or says window_state():
 * the table gets the column that says how late they come (storage/table.h, table_lateness_column), if it has none. Rows
 * that are there already came in time, as far as anybody knows.
 * errors   ERR_NOT_IMPLEMENTED: its rows are combined, or come through another view; ERR_BAD_ARGUMENTS: it has another
 *          column of that name; ERR_ACCESS_DENIED
 */
struct err *lateness_record(struct execution *execution, const struct ast_create_table *create);
/* As above, but the table does not get it yet: *out is to stand for it (execution->pretended), so that what is wrong with
 * the statement is known before; the caller's. *out NULL: there is nothing to give. */
struct err *lateness_pretend(struct execution *execution, const struct ast_create_table *create, struct snapshot **out);

#endif
