/*
 * materialize_keys.h: SELECTs of a view that keeps states over some of its keys: those of rows that a mutation changes.
 *
 * equality a key is one of `dirty` by IN, on both sides, the table's rows and the view's; where IN takes more keys for
 *          equal than GROUP BY does (0.0 and -0.0) more of them are made anew. NULLs are equal, and tuples are one
 *          value: they stand in arrays.
 * owner    texts and nodes live in the arena
 */
#ifndef SQL_MATERIALIZE_KEYS_H
#define SQL_MATERIALIZE_KEYS_H

#include "sql/materialize.h"
#include "sql/materialize_states.h"

/* Fills all but feed. */
struct err *keys_selects(struct arena *arena, const struct state_select *states, const struct table_def *target,
                         struct materialized_keys *out);
/* materialized_lost; feed: materialized_feed's. */
struct err *keys_lost(struct arena *arena, const struct state_select *states, const struct table_def *target,
                      struct slice feed, struct slice *out);
/* The feed's inner SELECT gets the condition on its keys `_c0`, …, so that granules are left out; *chosen is the same
 * for behind FROM (…), " WHERE …" or "". */
struct err *keys_choose(struct arena *arena, const struct state_select *states, const struct table_def *target,
                        struct ast_select *select, const char **chosen);

#endif
