/*
 * query_host.h: what functions ask of who runs the query: its settings, the tables that there are. The server fills it
 * in (server/query_asks.c).
 * owner    lives as long as the query
 */
#ifndef QUERY_QUERY_HOST_H
#define QUERY_QUERY_HOST_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>

/* Which roles of the user are asked for. */
enum query_roles { QUERY_ROLES_CURRENT, QUERY_ROLES_ENABLED, QUERY_ROLES_DEFAULT };

struct format_settings;

struct query_host {
    const struct format_settings *format; /* of the query's results */
    uint32_t native_port;                 /* where the server speaks the native protocol; 0: nowhere */
    void *user;                           /* given to all of these */
    /* The value of a setting, as text, and ClickHouse's name of its type; static, or in the arena. *value.data NULL:
     * there is no such setting. of_server: of the server, not of the query. */
    struct err *(*setting)(void *user, struct arena *arena, bool of_server, struct slice name, struct slice *value,
                           const char **type);
    /* Has the table a column of that name? ERR_UNKNOWN_DATABASE, ERR_UNKNOWN_TABLE, ERR_ACCESS_DENIED. */
    struct err *(*has_column)(void *user, struct arena *arena, struct slice database, struct slice table,
                              struct slice column, bool *has);
    /* Names in no order, as long as the query; *out NULL: out of memory. */
    const struct slice *(*roles)(void *user, struct arena *arena, enum query_roles which, uint32_t *count);
};

#endif
