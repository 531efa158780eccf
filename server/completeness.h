/*
 * completeness.h: what the server knows of tables' completeness, for complete_through() and system.watermarks.
 */
#ifndef SERVER_COMPLETENESS_H
#define SERVER_COMPLETENESS_H

#include "query/completeness.h"
#include "server/server.h"

/* From its sources, or, for a table without any, from the clock. The arena is for work. */
struct err *server_completeness(struct server *server, struct arena *arena, const struct table_def *def,
                                struct completeness *out);

/* While sources run, queries may ask. */
void completeness_start(struct server *server);
void completeness_stop(void);

#endif
