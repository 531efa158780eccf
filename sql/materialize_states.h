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
    /* A window of GROUP BY is two columns, so that each sorts, has zones, and may stand in ORDER BY or a TTL: */
    uint8_t element;     /* 1: its begin, 2: its end, behind that; 0: it is no window's */
    struct slice window; /* the window, printed; feed is the whole */
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
/* Does it say window_state()? Then rows of its table must say how late they came. */
bool states_ask_lateness(const struct ast_select *select);
/* ERR_NOT_IMPLEMENTED with the name of what such a view cannot have. The select is not changed. whole_windows: the
 * table has one column for a window, as older versions made it. */
struct err *states_of(struct arena *arena, const struct ast_select *select, bool whole_windows,
                      struct state_select *out);
/* The column as an expression of the feed's columns `_c0`, `_c1`, …: one for each column, but one for a window. In the
 * arena, or NULL. */
char *states_fed(struct arena *arena, const struct state_select *states, uint32_t column);

#endif
