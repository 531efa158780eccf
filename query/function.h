/*
 * function.h: SQL functions: found by name, bound to argument types once, evaluated over columns.
 *
 * flow     binder → function_resolve (types in, result type and bound function out) → function_evaluate per chunk
 * names    exact; those that ClickHouse finds in any case are found in any case ("SUM", "Lower")
 * NULLs    by default a function never sees them: its arguments come with the nullable flag taken off, the result is
 *          NULL where any argument is, and a NULL constant makes the result NULL. FUNCTION_NULLS functions (if,
 *          isNull, coalesce, and, …) get nullable types and nulls themselves.
 * forms    an evaluate function gets FLAT and CONST columns only. function_evaluate evaluates once when all arguments
 *          are CONST, and once per dictionary entry when one argument is DICT and the others are CONST; results per
 *          dictionary are kept in the caller's function_cache.
 * owner    bound functions live in the binder's arena and are immutable: any number of threads evaluate one
 * errors   ERR_UNKNOWN_FUNCTION (with "did you mean"), ERR_ARGUMENT_COUNT, ERR_ARGUMENT_TYPE; evaluation: as the
 *          function
 * source   ClickHouse decides names, result types, values and NULLs
 */
#ifndef QUERY_FUNCTION_H
#define QUERY_FUNCTION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "storage/column.h"
#include "storage/type.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct timezone;

/* What was resolved for a query; one thread. */
struct function_marks {
    bool is_volatile; /* functions that are FUNCTION_VOLATILE */
    bool asks_query;  /* queryID(): of this query alone */
    bool asks_time;   /* now() and its like */
    bool changes;     /* functions that are FUNCTION_CHANGES */
    bool asks_server; /* uptime(), window_state(): what the server knows at this moment */
};

/* What a query's functions may ask about; lives as long as the query. */
struct function_context {
    int64_t now_us;                     /* wall clock at the query's start, µs since the epoch: now(), today() */
    const struct timezone *zone;        /* the session's: what DateTime without a zone means */
    struct slice database;              /* currentDatabase() */
    struct slice user;                  /* currentUser() */
    struct slice query_id;              /* queryID() */
    struct slice host;                  /* hostName() */
    uint64_t uptime_s;                  /* uptime() */
    struct function_marks *marks;       /* or NULL: nobody wants to know */
    const struct query_rights *rights;  /* of the user (query_rights.h); NULL: everything */
    const struct query_host *host_asks; /* settings, tables (query_host.h); NULL: nobody runs a query */
};

struct function_argument {
    const struct type *type;
    const struct column *constant; /* CONST, row_count 1; or NULL: not a constant */
};

enum function_flags {
    FUNCTION_NULLS = 1,       /* handles nullable arguments itself */
    FUNCTION_VOLATILE = 2,    /* differs from row to row and call to call (rand): never folded, never shared */
    FUNCTION_CAN_FAIL = 4,    /* some values are errors: evaluated only on rows that if/and/or select */
    FUNCTION_LAZY = 8,        /* if, multiIf, and, or, coalesce, …: later arguments only where they matter */
    FUNCTION_MONOTONIC = 16,  /* never decreasing in its one argument that is not constant: prunes by zone maps */
    FUNCTION_RAW = 64,        /* sees LowCardinality types as they are */
    FUNCTION_FULL = 32,       /* result is never LowCardinality, though the argument is */
    FUNCTION_COARSE = 256,    /* gives many neighbouring values of that argument the same result */
    FUNCTION_VIEWS = 512,     /* takes JSON and Dynamic; gets them with their NULLs */
    FUNCTION_WRAPS = 1 << 17, /* of FUNCTION_MONOTONIC: a time that may leave its type's range, and begins anew there */
    FUNCTION_CHANGES = 1 << 16, /* the same within a query, not for ever (dictGet): not folded, not kept for longer */
    FUNCTION_OF_TYPES = 128,    /* depends on the types of its arguments alone: they are never computed */
};

struct function {
    const char *name;        /* canonical; static */
    const struct type *type; /* of the result, flags included */
    uint32_t flags;          /* enum function_flags */
    uint32_t argument_count;
    struct err *(*evaluate)(const struct function *function, struct arena *arena, const struct column *const *arguments,
                            uint32_t row_count, struct column **out);
    const struct type *inner;                 /* type that evaluate makes: without the flags that the caller adds */
    const struct type *const *argument_types; /* as evaluate sees them */
    const void *data;                         /* the function's own, in the binder's arena */
    const struct function_context *context;
};

/* Results of functions over dictionaries, kept from chunk to chunk by one thread. */
struct function_cache;
struct function_cache *function_cache_create(struct arena *arena);

struct err *function_resolve(struct arena *arena, const struct function_context *context, struct slice name,
                             const struct function_argument *arguments, uint32_t argument_count,
                             const struct function **out);
bool function_exists(struct slice name);
/* A line about the function (also an aggregate or window function) of that name for people, "" if there is none;
 * static. */
const char *function_description(struct slice name);
/* Evaluates over row_count rows; arguments in any form; the result in any form. cache may be NULL. */
struct err *function_evaluate(const struct function *function, struct arena *arena, struct function_cache *cache,
                              const struct column *const *arguments, uint32_t row_count, struct column **out);

/* For system.functions: calls visit for every function and alias (alias_of NULL: itself). */
void function_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of),
                   void *user);

/* The type that holds values of all of these, as if, multiIf, arrays, UNION do; ERR_TYPE_MISMATCH names the two. */
struct err *function_common_type(struct arena *arena, const struct type *const *types, uint32_t count,
                                 const struct type **out);
/* Converts a column to a type as CAST does (also for UNION, INSERT … SELECT). */
struct err *function_cast(struct arena *arena, const struct function_context *context, const struct column *column,
                          const struct type *type, struct column **out);

#endif
