/*
 * query_rights.h: what the user of a query may see, for what is decided below the server: rows of system tables,
 * table functions, dictionaries. The server fills it in (server/access_query.c).
 * owner    lives as long as the query
 */
#ifndef QUERY_QUERY_RIGHTS_H
#define QUERY_QUERY_RIGHTS_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct query_rights {
    const void *user; /* given to all of these */
    /* May rows about this database, table (or empty), column (or empty) be seen? */
    bool (*sees)(const void *user, struct slice database, struct slice table, struct slice column);
    /* Rows of this system table that are about queries of another user? */
    bool (*sees_queries)(const void *user, struct slice system_table, struct slice name);
    struct err *(*calls)(const void *user, struct slice table_function);
    struct err *(*looks_up)(const void *user, struct slice database, struct slice dictionary);
};

/* Which columns of a system table say whom or what a row is about: index + 1, or 0. */
struct row_subject {
    uint32_t database, table, column, user;
};

#endif
