/*
 * aggregate.h: aggregate functions: bound to argument types and parameters, fed by chunks with group numbers.
 *
 * state    state_bytes bytes, relocatable by memcpy; what it points to lives in the arena given to
 *          add and merge, which outlives the state. A state set to zero bytes is an empty state.
 * names    count, sum, …, with combinators as suffixes: -If (last argument: condition), -OrNull, -OrDefault, -Distinct
 * NULLs    rows where an argument is NULL are skipped; the result of most functions is then Nullable, and NULL when no
 *          row was added
 * threads  a bound aggregate is immutable; a state belongs to one thread at a time
 * source   ClickHouse decides names, result types and values
 */
#ifndef QUERY_AGGREGATE_H
#define QUERY_AGGREGATE_H

#include "query/function.h"
#include "query/state_bytes.h"

struct aggregate {
    const char *name; /* as written, with combinators; in the binder's arena */
    const struct type *type;
    uint32_t argument_count;
    const struct type *const *argument_types;
    uint32_t state_bytes;           /* multiple of 8; of 16: 16-byte aligned */
    bool plain;                     /* the state holds no pointers: memcpy copies it, merge leaves `from` as it is */
    const void *data;               /* parameters */
    const struct aggregate *nested; /* of a combinator */
    const struct column *const *parameters; /* of quantile(0.9): CONST; they and the arguments' types say the rest */
    uint32_t parameter_count;
    /*
     * Adds row_count rows: row i to the state at states + groups[i] × stride, or all rows to the one state at states
     * when groups is NULL. Arguments in any form. scratch: for the call only.
     */
    struct err *(*add)(const struct aggregate *aggregate, struct arena *arena, struct arena *scratch, char *states,
                       uint32_t stride, const uint32_t *groups, const struct column *const *arguments,
                       uint32_t row_count);
    /* from is used up: what it points to may be taken over. Both in the same arena or from's arena outlives into. */
    struct err *(*merge)(const struct aggregate *aggregate, struct arena *arena, void *into, void *from);
    /* Value of state i (at states + i × stride) into row i of out, a FLAT column of type `type` with count rows. */
    struct err *(*finish)(const struct aggregate *aggregate, struct arena *arena, char *states, uint32_t stride,
                          uint32_t count, struct column *out);
    /*
     * The state as bytes, at least one, that depend on the function, its parameters and argument types alone and hold
     * for good (docs/FORMAT.md, "States"). The state may be put in order, but stays a state. When memory is out the
     * writer says so.
     */
    struct err *(*write_state)(const struct aggregate *aggregate, void *state, struct state_writer *writer);
    /*
     * Adds to the state what the bytes hold, as merge adds another state: into an empty state it restores the one that
     * was written. Takes its own bytes only: the reader stands behind them. All that is kept is copied into arena;
     * scratch for the call only. Bytes may be anything: ERR_CANNOT_READ_DATA, ERR_INCORRECT_DATA, …; the state is then
     * of no use any more.
     */
    struct err *(*read_state)(const struct aggregate *aggregate, struct arena *arena, struct arena *scratch,
                              struct state_reader *reader, void *into);
    /* Of another aggregate of the same argument types and the same add: are its states the same, whatever parameters
     * say? Then one state serves both when their arguments are equal, and finish may be asked of it more than once.
     * NULL: no. */
    bool (*same_state)(const struct aggregate *aggregate, const struct aggregate *other);
    bool windowed;      /* only over a window: the order of the rows counts */
    bool bulk;          /* read_state costs little more than copying the bytes */
    uint32_t raw_bytes; /* of families whose states are written as they lie: so many bytes; else 0 */
};

/* parameters: the constants of quantile(0.9)(x), CONST columns. ERR_UNKNOWN_AGGREGATE, ERR_ARGUMENT_COUNT, … */
struct err *aggregate_resolve(struct arena *arena, const struct function_context *context, struct slice name,
                              const struct column *const *parameters, uint32_t parameter_count,
                              const struct function_argument *arguments, uint32_t argument_count,
                              const struct aggregate **out);
/* Is it, or the function that its combinators are of, only of use over a window? */
bool aggregate_needs_window(const struct aggregate *aggregate);
/* As merge, through the bytes of `from`. */
struct err *aggregate_merge_bytes(const struct aggregate *aggregate, struct arena *arena, void *into, void *from);
/* Is this the name of an aggregate function, combinators included? Also of those that aggregate_resolve refuses. */
bool aggregate_exists(struct slice name);
/* The name without aliases, combinators kept: quantileIf of medianIf. ERR_UNKNOWN_AGGREGATE. */
struct err *aggregate_canonical(struct arena *arena, struct slice name, struct slice *out);
/* The name of the function that f RESPECT NULLS or f IGNORE NULLS calls; ERR_NOT_IMPLEMENTED when it cannot. */
struct err *aggregate_nulls(struct arena *arena, struct slice name, bool respect, struct slice *out);
/* For system.functions. */
/* "If", "Array", …: what may stand behind a name. Index from 0; NULL: no more. */
const char *aggregate_combinator(uint32_t index);
void aggregate_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of),
                    void *user);

#endif
