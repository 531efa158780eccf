/*
 * expression.h: bound expressions, and programs that evaluate them over chunks.
 *
 * tree     the binder builds immutable nodes, bottom up. expression_call resolves the function and folds constants, so
 *          what comes back may be a constant. Column nodes name a column of the operator's input chunk by its index.
 * lambda   a map node has a body of its own, whose columns are not those of the operator's input
 * program  several expressions compiled together: equal sub-trees are computed once per chunk (volatile functions
 *          excepted), lazy functions (if, and, …) evaluate what can fail only on the rows that they select.
 * owner    nodes and programs live in the binder's arena; a program is immutable, an evaluator belongs to one thread
 */
#ifndef QUERY_EXPRESSION_H
#define QUERY_EXPRESSION_H

#include "query/function.h"

enum expression_kind {
    EXPRESSION_COLUMN,
    EXPRESSION_CONSTANT,
    EXPRESSION_PARAMETER, /* a constant that is known when execution begins: a scalar subquery */
    EXPRESSION_CALL,
    EXPRESSION_IN,  /* children[0] IN set; with several children: a tuple IN set */
    EXPRESSION_MAP, /* a lambda over arrays: body for each element; an array of what it gives */
};

/* The result of a scalar subquery; value is set by the executor before anything reads it. */
struct expression_parameter {
    const struct type *type;
    const struct column *value; /* CONST, row_count 1 */
};

/* The right side of IN: built by the binder (list) or the executor (subquery), then immutable. */
struct value_set;

struct expression {
    enum expression_kind kind;
    const struct type *type;
    uint32_t column_index;                    /* COLUMN */
    const struct column *constant;            /* CONSTANT: CONST, row_count 1 */
    struct expression_parameter *parameter;   /* PARAMETER */
    const struct function *function;          /* CALL */
    struct value_set *set;                    /* IN */
    bool negated;                             /* IN: NOT IN */
    const struct expression *const *children; /* CALL, IN, MAP */
    uint32_t child_count;
    /* MAP: column k of the body is the element of array children[k], for k < array_count; of the others, values that
     * are the same for all elements of a row, it is children[k] itself. */
    const struct expression *body;
    uint32_t array_count;
    /* MAP that folds (arrayFold): column 0 of the body is children[0] at first, then what the body gave for the element
     * before; the arrays are children[1] to children[array_count]. Its value is what the body gives last. */
    bool folds;
    uint64_t hash; /* of the tree: equal ones have the same */
};

struct err *expression_column(struct arena *arena, uint32_t column_index, const struct type *type,
                              const struct expression **out);
/* constant: CONST (any row_count); its bytes must outlive the expression. */
struct err *expression_constant(struct arena *arena, const struct column *constant, const struct expression **out);
struct err *expression_parameter(struct arena *arena, struct expression_parameter *parameter,
                                 const struct expression **out);
struct err *expression_call(struct arena *arena, const struct function_context *context, struct slice name,
                            const struct expression *const *arguments, uint32_t argument_count,
                            const struct expression **out);
struct err *expression_cast(struct arena *arena, const struct function_context *context,
                            const struct expression *expression, const struct type *type,
                            const struct expression **out);
/* values: the left side, one or (a tuple) several. Result: UInt8, Nullable(UInt8) if the one value is
 * nullable. */
struct err *expression_in(struct arena *arena, const struct expression *const *values, uint32_t value_count,
                          struct value_set *set, bool negated, const struct expression **out);

/* body over the elements of arrays and the values behind them; folded when it can be. */
struct err *expression_map(struct arena *arena, const struct expression *const *children, uint32_t child_count,
                           uint32_t array_count, const struct expression *body, const struct expression **out);

/* arrayFold: children are where it begins, arrays, other values; the body is of the first child's type. */
struct err *expression_fold(struct arena *arena, const struct expression *const *children, uint32_t child_count,
                            uint32_t array_count, const struct expression *body, const struct expression **out);

/* Same computation, same result: used to find GROUP BY expressions in SELECT. Volatile calls are never equal. */
bool expression_equal(const struct expression *a, const struct expression *b);
/* A copy in the arena and the place for its children, which are to be set before expression_made. */
struct err *expression_copy(struct arena *arena, const struct expression *expression, struct expression **copy,
                            const struct expression ***children);
/* The expression with by[i] in the place of column i; itself where it has none. */
struct err *expression_replace(struct arena *arena, const struct expression *expression,
                               const struct expression *const *by, const struct expression **out);
/* The node's hash, once its children stand and have theirs: for who makes one, or a copy with other children. */
const struct expression *expression_made(struct expression *node);
/* Calls visit for every node but those of lambdas' bodies, parents after children; stops at an error. */
struct err *expression_walk(const struct expression *expression,
                            struct err *(*visit)(void *user, const struct expression *expression), void *user);

/* Does it never decrease in one column, which it has alone: that column, or calls of FUNCTION_MONOTONIC over it? */
bool expression_rises(const struct expression *expression, uint32_t *column);
/* Of such a call, the one argument that is not constant. */
const struct expression *expression_varying(const struct expression *call);
/* The same with the values that its parameters have by now, and what follows from them alone, as constants. */
struct err *expression_settle(struct arena *arena, const struct expression *expression, const struct expression **out);
/* The value of such an expression where the column has this one, a constant of its type; *out NULL: it has none. */
struct err *expression_at(struct arena *arena, const struct expression *expression, const struct expression *value,
                          const struct expression **out);

/*
 * A set for IN. types: of the left side's values; columns that are added are converted to them (a value that the type
 * cannot hold exactly, 1.5 beside whole numbers, matches nothing and is left out). NULLs in the set match nothing.
 */
struct err *value_set_create(struct arena *arena, const struct function_context *context,
                             const struct type *const *types, uint32_t type_count, struct value_set **out);
struct err *value_set_add(struct value_set *set, const struct column *const *columns, uint32_t row_count);
/* Once all is added, if that is much: finds faster. */
struct err *value_set_seal(struct value_set *set);
/* Likewise of a list, whose values are known before the query runs: then it equals other lists of the same values. */
struct err *value_set_seal_list(struct value_set *set);
bool value_set_equal(const struct value_set *a, const struct value_set *b);
uint64_t value_set_hash(const struct value_set *set); /* of equal ones the same */
/* Makes room for so many values more. */
struct err *value_set_reserve(struct value_set *set, uint64_t count);
uint64_t value_set_count(const struct value_set *set);
uint64_t value_set_bytes(const struct value_set *set); /* of its table and keys */
/* 128 bits that say which values these are, of which types. */
void value_set_digest(const struct value_set *set, uint64_t seed, uint64_t out[2]);
/* The values, one FLAT column of the set's type each: for pruning. Only for sets of one column. */
struct err *value_set_values(const struct value_set *set, struct arena *arena, struct column **out);
/* found[i] = 1 when row i is in the set, 0 when not. */
struct err *value_set_find(const struct value_set *set, struct arena *arena, const struct column *const *columns,
                           uint32_t row_count, uint8_t *found);

struct program;
struct err *program_compile(struct arena *arena, const struct expression *const *expressions, uint32_t count,
                            struct program **out);
/* Input columns that the program reads, ascending; in the program's arena. */
const uint32_t *program_columns(const struct program *program, uint32_t *count);

struct evaluator;
/* cache results of dictionaries from chunk to chunk in this arena. */
struct err *evaluator_create(struct arena *arena, const struct program *program, struct evaluator **out);
/*
 * One column per expression, of row_count rows, in any form. Columns of the input that the program does not read may be
 * NULL. Results live in `arena` (or are input columns themselves).
 */
struct err *evaluator_run(struct evaluator *evaluator, struct arena *arena, const struct column *const *columns,
                          uint32_t row_count, struct column **results);
/* fold.c: an arrayFold, its children's values and its body's evaluator. The result lives in `arena`. */
struct err *fold_rows(struct arena *arena, const struct expression *expression, struct evaluator *body,
                      const struct column *const *values, uint32_t row_count, struct column **out);

#endif
