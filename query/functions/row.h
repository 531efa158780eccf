/*
 * row.h: functions written as the work of one row, and the rest (binding, vectors, results) done here.
 *
 * For functions whose row costs more than a call: texts, URLs, digests, distances. Arithmetic has loops of its own.
 *
 * shape    a letter per argument: s string, i integer as int64_t, u integer as uint64_t, n integer, Date or DateTime
 *          as uint64_t, f number as double, t Date to DateTime64 and v any scalar as a pointer to the value. A
 *          capital must be a constant. '*' at the end repeats the letter before it.
 * result   the row's run writes the member of *out that its kind needs; FixedString: text of `length` bytes
 * NULLs    the run sets call->null if the result is NULL; the type is then Nullable by ROW_NULLS
 */
#ifndef QUERY_FUNCTIONS_ROW_H
#define QUERY_FUNCTIONS_ROW_H

#include "query/functions/functions.h"

union row_value {
    struct slice text;
    int64_t integer;
    uint64_t natural;
    double real;
    unsigned __int128 wide;
    const void *value;
};

struct row_call {
    const struct function *function;
    int tag; /* of the definition */
    struct text_buffer buffer;
    uint32_t count;
    const union row_value *arguments;
    bool null;  /* out: the result is NULL */
    void *kept; /* the run's own, from row to row of one call */
};

typedef struct err *row_run(struct row_call *call, union row_value *out);

struct row_function {
    struct function_definition definition;
    const char *shape;
    enum type_kind result;
    uint32_t length; /* of a FixedString; nullable results: ROW_NULLS */
    row_run *run;
    const char *about; /* for system.functions */
};
#define ROW_NULLS 0x80000000U

struct err *row_resolve(const struct function_bind *bind, struct function *out);
/* Room for a text of the row, or an error in *err and NULL. */
char *row_room(struct row_call *call, size_t length, struct err **err);

#define ROW_FULL(name, any_case, least, most, flags, tag, shape, result, length, run, about)                           \
    {                                                                                                                  \
        {name, any_case, least, most, flags, row_resolve, tag}, shape, result, length, run, about                      \
    }
#define ROW(name, any_case, least, most, tag, shape, result, run, about)                                               \
    ROW_FULL(name, any_case, least, most, 0, tag, shape, result, 0, run, about)
#define ROW_GROUP(rows, aliases)                                                                                       \
    {                                                                                                                  \
        NULL, 0, aliases, sizeof(aliases) / sizeof((aliases)[0]), rows, sizeof(rows) / sizeof((rows)[0])               \
    }

#endif
