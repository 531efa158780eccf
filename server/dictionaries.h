/*
 * dictionaries.h: the server's dictionaries: found by name, loaded by queries of the server, reloaded by a thread.
 */
#ifndef SERVER_DICTIONARIES_H
#define SERVER_DICTIONARIES_H

#include "server/execute.h"

struct dictionaries;

/* Begins to find dictionaries for functions and tables; the thread runs from here on. */
struct err *dictionaries_start(struct server *server);
/* Stops a load that is going on, and the thread. Before the store is closed. */
void dictionaries_stop(struct server *server);

struct err *dictionaries_create(struct execution *execution, const struct ast_statement *statement);
/* SYSTEM RELOAD DICTIONARY name. */
struct err *dictionaries_reload(struct execution *execution, struct slice database, struct slice name);
/* Those that are loaded already, or failed to be. */
struct err *dictionaries_reload_all(struct execution *execution);
/* The dictionary of that name as a table; *out NULL: there is none. */
struct err *dictionaries_find_table(struct execution *execution, struct arena *arena, struct slice database,
                                    struct slice name, struct table_source **out);
void dictionaries_register(void); /* system.dictionaries */

#endif
