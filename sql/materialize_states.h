/*
 * materialize_states.h: a SELECT with aggregates taken apart into keys and states (sql/materialize.h).
 */
#ifndef SQL_MATERIALIZE_STATES_H
#define SQL_MATERIALIZE_STATES_H

#include "base/arena.h"
#include "base/err.h"
#include "sql/ast.h"

struct state_column {
    struct slice name;          /* of the table */
    struct slice text;          /* its expression, printed: one for each */
    struct ast *feed;           /* over the base table's rows: a key, or the state of an aggregate */
    struct slice merge;         /* of an aggregate: the function that reads it */
    struct ast_list parameters; /* and its parameters */
    bool has_parameters;
    bool is_key;
};

struct state_select {
    const struct ast_select *select;
    struct state_column *columns; /* keys first */
    uint32_t column_count, key_count;
    struct slice count; /* the column with the number of rows of each key: the state of count() */
    struct ast **items; /* of the reading SELECT, one for each of select's, with aliases */
    struct ast *having; /* or NULL */
};

/* Does the SELECT aggregate? */
bool states_wanted(const struct ast_select *select);
/* ERR_NOT_IMPLEMENTED with the name of what such a view cannot have. The select is not changed. */
struct err *states_of(struct arena *arena, const struct ast_select *select, struct state_select *out);

#endif
