/*
 * objects.h: statements about views, for ddl.c; and how queries find them.
 */
#ifndef SERVER_OBJECTS_H
#define SERVER_OBJECTS_H

#include "server/execute.h"

/* bind_catalogue's view; user: the execution. */
struct err *object_find_view(void *user, struct arena *arena, struct slice database, struct slice name,
                             struct slice *out);

struct err *object_create_view(struct execution *execution, const struct ast_statement *statement);
/* The object that a statement's name means, a reference; NULL: none. */
struct err *object_named(struct execution *execution, struct slice database, struct slice name,
                         struct object_def **out);
struct err *object_drop(struct execution *execution, const struct object_def *def);
/* The definition under another name. */
struct err *object_named_anew(struct arena *arena, const struct object_def *def, const char *database, const char *name,
                              struct object_def *out);
struct err *object_rename(struct execution *execution, const struct object_def *def, struct slice database,
                          struct slice name);
/* "Method write is not supported by storage View." */
struct err *object_refuse(const struct object_def *def, const char *method);
const char *object_engine(const struct object_def *def); /* "View" */

/* ---- builtin_views.c: views that every server has */
/* information_schema, in either case. */
bool builtin_database(struct slice name);
bool builtin_view_exists(struct slice database, struct slice name);
/* Its CREATE VIEW, with the list of its columns; data NULL: there is none of that name. */
struct err *builtin_view(struct arena *arena, struct slice database, struct slice name, struct slice *out);
struct builtin_view_name {
    const char *database;
    char name[64];
};
/* All of them, under each of their names. Index from 0; false: no more. */
bool builtin_view_at(uint32_t index, struct builtin_view_name *out);

#endif
