/*
 * type.h: the data types of columns, as ClickHouse names them.
 *
 * A type is immutable. Nullable and LowCardinality are flags of the type that they wrap, so that code that does not
 * care need not unwrap: LowCardinality(Nullable(String)) is kind TYPE_STRING with both flags. The flags of a nested
 * type (Array's child) stand in the child.
 * Ownership: types without parameters are static (type_simple); others live as long as the arena that they were made
 * in.
 *
 * thread   any: immutable.
 */
#ifndef STORAGE_TYPE_H
#define STORAGE_TYPE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct buffer;   /* base/text.h */
struct timezone; /* base/timezone.h */

/* Stored in files (docs/FORMAT.md, "Types"): numbers are never reused. Width: bytes of a value in a flat column. */
enum type_kind {
    TYPE_NOTHING = 0, /* the type of NULL alone; width 1 */
    TYPE_BOOL = 1,    /* uint8_t 0 or 1 */
    TYPE_INT8 = 2,
    TYPE_INT16 = 3,
    TYPE_INT32 = 4,
    TYPE_INT64 = 5,
    TYPE_UINT8 = 6,
    TYPE_UINT16 = 7,
    TYPE_UINT32 = 8,
    TYPE_UINT64 = 9,
    TYPE_FLOAT32 = 10,
    TYPE_FLOAT64 = 11,
    TYPE_STRING = 12,       /* struct slice */
    TYPE_FIXED_STRING = 13, /* `length` bytes, zero-padded */
    TYPE_DATE = 14,         /* uint16_t days since 1970-01-01 */
    TYPE_DATE32 = 15,       /* int32_t days since 1970-01-01 */
    TYPE_DATETIME = 16,     /* uint32_t seconds since the epoch */
    TYPE_DATETIME64 = 17,   /* int64_t ticks of 10^-scale s since the epoch */
    TYPE_DECIMAL = 18,      /* precision ≤ 9: int32_t, ≤ 18: int64_t, ≤ 38: __int128; × 10^scale */
    TYPE_UUID = 19,     /* 16 bytes: unsigned __int128, the text's first half below its second, as ClickHouse has it */
    TYPE_IPV4 = 20,     /* uint32_t, host order */
    TYPE_IPV6 = 21,     /* 16 bytes, network order */
    TYPE_ENUM8 = 22,    /* int8_t */
    TYPE_ENUM16 = 23,   /* int16_t */
    TYPE_INTERVAL = 24, /* int64_t of `unit` */
    TYPE_INT128 = 25,   /* __int128 */
    TYPE_UINT128 = 26,
    TYPE_ARRAY = 27,  /* children: child[0] */
    TYPE_TUPLE = 28,  /* children, names or NULL */
    TYPE_MAP = 29,    /* child[0]: a tuple of key and value; laid out as Array(Tuple(K, V)) */
    TYPE_INT256 = 30, /* struct int256 (base/int256.h) */
    TYPE_UINT256 = 31,
    TYPE_KINDS
};

/*
 * What a type is beyond its kind. TYPE_VIEW_JSON: a TUPLE of the declared paths and, last and without a name, a
 * Map(String, String) of the other paths in ascending order, with their values as JSON text; JSON nulls and empty
 * objects leave no path. TYPE_VIEW_DYNAMIC: a nullable STRING, the JSON text of a value at a path; only expressions
 * have it.
 */
enum type_view { TYPE_VIEW_NONE, TYPE_VIEW_JSON, TYPE_VIEW_DYNAMIC };

enum interval_unit {
    INTERVAL_NANOSECOND,
    INTERVAL_MICROSECOND,
    INTERVAL_MILLISECOND,
    INTERVAL_SECOND,
    INTERVAL_MINUTE,
    INTERVAL_HOUR,
    INTERVAL_DAY,
    INTERVAL_WEEK,
    INTERVAL_MONTH,
    INTERVAL_QUARTER,
    INTERVAL_YEAR,
};

struct enum_value {
    struct slice name;
    int16_t value;
};

/*
 * AggregateFunction(f, T…) is a STRING, the bytes of a state of f (docs/FORMAT.md, "States"), whose type says of which
 * function. SimpleAggregateFunction(f, T) is T, whose type remembers f.
 */
struct type_function {
    bool simple;
    uint32_t version;        /* of the bytes' form; 0 is not written */
    struct slice name;       /* with combinators: "quantilesIf" */
    struct slice parameters; /* what stands in the function's parentheses, "0.5, 0.9", or nothing */
    const struct type *const *arguments;
    uint32_t argument_count;
};

/* What JSON(…) says beside its declared paths. */
struct type_json {
    uint32_t max_dynamic_types; /* these two are kept for the type's name: paths are stored alike here */
    uint32_t max_dynamic_paths;
    const struct slice *skip; /* paths that are left out, with all below them; ascending */
    uint32_t skip_count;
    const struct slice *patterns; /* paths that match one of them are, too */
    uint32_t pattern_count;
    void **codes; /* of the patterns */
};

struct type {
    enum type_kind kind;
    bool nullable;
    bool low_cardinality;
    enum type_view view;
    uint8_t precision;               /* DECIMAL */
    uint8_t scale;                   /* DECIMAL, DATETIME64 */
    enum interval_unit unit;         /* INTERVAL */
    uint32_t width;                  /* bytes of a value in a flat column; slices 16, arrays 0 */
    uint32_t length;                 /* FIXED_STRING: bytes */
    const struct timezone *zone;     /* DATETIME, DATETIME64: explicit zone, or NULL: the server's (or session's) */
    const struct enum_value *values; /* ENUM8, ENUM16: sorted by value */
    uint32_t value_count;
    const struct type *const *children;
    const struct slice *names; /* TUPLE: element names, or NULL */
    uint32_t child_count;
    const struct type_json *json;         /* TYPE_VIEW_JSON: or NULL, as if it said nothing */
    uint32_t max_types;                   /* TYPE_VIEW_DYNAMIC: for its name; 0: 32, which is not written */
    const struct type_function *function; /* STRING: of a state; any: simple; or NULL */
};

/* The static type of a kind without parameters. DATETIME has no zone; not for FIXED_STRING, DATETIME64, DECIMAL, ENUM.
 */
const struct type *type_simple(enum type_kind kind);
/* Parses ClickHouse's spelling with its aliases ("BIGINT", "Nullable(Decimal(9, 2))"). A bad name is ERR_UNKNOWN_TYPE
 * with "did you mean"; parameters out of range and refused types (by name) say why. */
struct err *type_parse(struct arena *arena, struct slice text, const struct type **out);
/* Is it Nested(…), the spelling of several arrays? *inner: its parentheses. */
bool type_text_is_nested(struct slice text, struct slice *inner);
/* The canonical spelling, in the arena ("LowCardinality(Nullable(String))"); data NULL when memory is out. */
struct slice type_name(struct arena *arena, const struct type *type);
/* The name of a tuple's element, in back quotes unless it is a plain word and none of SQL's. */
void type_name_element(struct buffer *buffer, struct slice name);
bool type_equal(const struct type *a, const struct type *b);
const struct type *type_copy(struct arena *arena, const struct type *type); /* deep; NULL when memory is out */

/* The same type with or without a flag, made in the arena if there is no static one; NULL when memory is out. */
const struct type *type_nullable(struct arena *arena, const struct type *type, bool nullable);
const struct type *type_low_cardinality(struct arena *arena, const struct type *type, bool low_cardinality);
const struct type *type_fixed_string(struct arena *arena, uint32_t length);
const struct type *type_datetime(struct arena *arena, const struct timezone *zone);
const struct type *type_datetime64(struct arena *arena, uint8_t scale, const struct timezone *zone);
const struct type *type_decimal(struct arena *arena, uint8_t precision, uint8_t scale);
const struct type *type_interval(enum interval_unit unit);
const struct type *type_array(struct arena *arena, const struct type *child);
const struct type *type_tuple(struct arena *arena, const struct type *const *children, const struct slice *names,
                              uint32_t count);

const struct type *type_dynamic(void);
/* The Dynamic at a path of such a value; NULL: memory is out. */
const struct type *type_json_dynamic(struct arena *arena, const struct type *type);
/* Is the path left out of values of the type? errors: ERR_REGEXP, a pattern takes too long. */
struct err *type_json_skips(const struct type *type, struct slice path, bool *skips);
/* JSON's declared path of this name; −1: there is none. */
int32_t type_json_path(const struct type *type, struct slice path);

bool type_is_integer(const struct type *type); /* Int*, UInt*; not Bool, dates, enums */
bool type_is_signed(const struct type *type);
bool type_is_float(const struct type *type);
static inline bool type_is_256(const struct type *type) /* Int256, UInt256: struct int256, no C number */
{
    return type->kind == TYPE_INT256 || type->kind == TYPE_UINT256;
}
bool type_is_number(const struct type *type);                 /* integers, floats, decimals, Bool */
static inline bool type_is_condition(const struct type *type) /* true or false: Bool, NULL, numbers of 64 bits */
{
    return type->kind == TYPE_NOTHING || (type_is_number(type) && type->kind != TYPE_DECIMAL && type->width <= 8);
}
bool type_is_string(const struct type *type); /* String, FixedString */
bool type_is_time(const struct type *type);   /* Date, Date32, DateTime, DateTime64 */
/* Such a value in microseconds since 1970, the nearest one if there are not so many. */
int64_t type_time_us(const struct type *type, const void *value);
static inline bool type_is_nested(const struct type *type) /* Array, Tuple, Map */
{
    return type->kind >= TYPE_ARRAY && type->kind <= TYPE_MAP;
}

static inline bool type_is_state(const struct type *type) /* AggregateFunction */
{
    return type->function != NULL && !type->function->simple;
}
/* The type of a function's states (value NULL), or of its values, SimpleAggregateFunction; *function is copied, what it
 * points to is not. */
const struct type *type_of_function(struct arena *arena, const struct type_function *function,
                                    const struct type *value);
/* The type without SimpleAggregateFunction. */
const struct type *type_plain(struct arena *arena, const struct type *type);
/* Set once at start: is there such a function, for these types? May give it its canonical name. */
typedef struct err *type_function_check(struct arena *arena, struct type_function *function, const struct type *value);
void type_functions_register(type_function_check *check);

/* Looks up an enum's value by name; false: no such name. */
bool type_enum_find(const struct type *type, struct slice name, int16_t *value);
/* Name of an enum's value; false: no such value. */
bool type_enum_name(const struct type *type, int16_t value, struct slice *name);

/* Names of types, for system.data_type_families. any_case: it may be written in capitals or not; alias_of: another
 * name's meaning, or "". Index from 0; false: no more. */
bool type_family(uint32_t index, const char **name, bool *any_case, const char **alias_of);

#endif
