/*
 * join.h: what bind_join.c and join_on.c learn of the joins of a FROM, and join_plan.c makes a plan of.
 *
 * FROM a JOIN b … JOIN c … is bound as steps from left to right: step i joins table i + 1 to all before it. The scope's
 * columns are those of all tables in order, then one for each USING column of a FULL JOIN. Expressions are bound over
 * references: a column's index is its place in the list of columns asked for. ON has a list of its own (references),
 * what is bound later begins a new one (scope->scan_columns); types may differ between the two, as joins change them.
 */
#ifndef SQL_JOIN_H
#define SQL_JOIN_H

#include "query/join.h"
#include "sql/binder.h"

#define JOIN_KEYS_MAX 64U

struct join_side {
    struct scope scope;    /* of the table alone */
    struct slice database; /* as names may begin with it */
    uint32_t begin;        /* its columns in the whole scope's */
    uint32_t end;
};

struct join_key {
    const struct expression *left; /* over references */
    const struct expression *right;
    bool null_safe;
};

struct join_using {
    struct slice name;
    uint32_t left; /* columns of the whole scope */
    uint32_t right;
    uint32_t merged;         /* what the name means from now on: left, right, or a column for both */
    const struct type *type; /* that both are cast to */
};

struct join_step {
    const struct ast_table *table;
    enum join_kind kind;
    enum join_strictness strictness;
    bool is_cross; /* CROSS JOIN, comma: no condition; WHERE may give keys */
    struct join_key *keys;
    uint32_t key_count;
    const struct expression **rest; /* further conditions, over references */
    uint32_t rest_count;
    struct join_using *using;
    uint32_t using_count;
    bool has_time; /* ASOF */
    struct join_key time;
    enum join_order order;
    bool left_nulls;
    bool right_nulls;
};

struct scope_join {
    struct join_side *sides;
    uint32_t side_count;
    struct join_step *steps; /* side_count - 1 */
    uint32_t visible;        /* sides that names may mean now */
    uint32_t *references;    /* of ON: columns of the scope */
    uint32_t reference_count;
    const struct expression *prewhere; /* of a side that is read FINAL, over the SELECT's references; or NULL */
    uint32_t prewhere_side;
};

/* Sides whose columns an expression reads: of [0, side) and of `side` itself; columns of both sides count as left. */
struct join_reads {
    bool left;
    bool right;
    bool later; /* of sides behind */
};
struct err *join_reads(const struct scope *scope, const uint32_t *references, const struct expression *expression,
                       uint32_t side, struct join_reads *out);
/* The type that both keys are compared in, without NULL and LowCardinality; ERR_NO_COMMON_TYPE. */
struct err *join_key_type(struct binder *binder, uint32_t offset, const struct type *left, const struct type *right,
                          const struct type **out);
/* A key for comparing in that type: cast when the kinds differ; its NULL and LowCardinality flags may stay. */
struct err *join_key_cast(struct binder *binder, const struct expression **key, const struct type *type);

/* bind_join.c: the USING of a step that has this name, or NULL. */
const struct join_using *join_using_of(const struct join_step *step, struct slice name);
/* The column that a name means among the first `sides` tables, or JOIN_NONE. */
struct err *join_find_among(struct binder *binder, struct scope *scope, const struct ast *node, uint32_t sides,
                            uint32_t *out);

#endif
