/*
 * session_private.h: struct temporary, for sessions.c and temporary.c.
 */
#ifndef SERVER_SESSION_PRIVATE_H
#define SERVER_SESSION_PRIVATE_H

#include "server/sessions.h"

struct piece;
struct table_program;

struct temporary {
    struct temporary *next; /* of the session, in the order of their names' creation */
    struct table_def *def;
    struct table_program *program; /* of its DEFAULTs */
    struct budget *budget;
    struct piece *first, *last;
    uint64_t row_count;
};

struct err *temporary_create(struct budget *budget, const struct table_def *def, struct temporary **out);
void temporary_destroy(struct temporary *temporary); /* accepts NULL */

#endif
