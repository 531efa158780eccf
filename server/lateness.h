/*
 * lateness.h: tables whose rows say how late they came: what ALLOWED LATENESS of a materialized view needs.
 */
#ifndef SERVER_LATENESS_H
#define SERVER_LATENESS_H

#include "server/execute.h"

/*
 * When the SELECT of a CREATE MATERIALIZED VIEW bounds the lateness of its base table's rows: the table gets the column
 * that says how late they come (storage/table.h, table_lateness_column), if it has none. Rows that are there already
 * came in time, as far as anybody knows.
 * errors   ERR_NOT_IMPLEMENTED: its rows are combined, or come through another view; ERR_BAD_ARGUMENTS: it has another
 *          column of that name; ERR_ACCESS_DENIED
 */
struct err *lateness_record(struct execution *execution, const struct ast_create_table *create);

#endif
