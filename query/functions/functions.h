/*
 * functions.h: what the files of query/functions/ share: definitions, columns as vectors, text buffers.
 *
 * A definition names a function and binds it: resolve gets the argument types (without LowCardinality; without Nullable
 * too, unless FUNCTION_NULLS) and sets out->inner (the result type), out->evaluate, and out->data if it needs any.
 * Evaluate functions get FLAT and CONST columns of these types, at least one row, and no NULLs unless FUNCTION_NULLS.
 */
#ifndef QUERY_FUNCTIONS_FUNCTIONS_H
#define QUERY_FUNCTIONS_FUNCTIONS_H

#include "base/interrupt.h"
#include "base/order.h"
#include "query/function.h"

struct function_bind {
    struct arena *arena;
    const struct function_context *context;
    const char *name;
    int tag; /* of the definition */
    const struct function_argument *arguments;
    uint32_t count;
    const struct function_definition *definition;
    bool nullable; /* an argument is, although `arguments` may say otherwise (without FUNCTION_NULLS) */
};

#define ANY_COUNT UINT32_MAX

struct function_definition {
    const char *name;
    bool case_insensitive;
    uint32_t count_min, count_max;
    uint32_t flags;
    struct err *(*resolve)(const struct function_bind *bind, struct function *out);
    int tag; /* tells functions that share a resolve apart */
};
struct function_alias {
    const char *name;
    bool case_insensitive;
    const char *of;
};

struct function_group {
    const struct function_definition *definitions;
    uint32_t definition_count;
    const struct function_alias *aliases;
    uint32_t alias_count;
    const struct row_function *rows; /* row.h */
    uint32_t row_count;
};

/* One per file. */
extern const struct function_group functions_arithmetic, functions_math, functions_compare, functions_logic,
    functions_condition, functions_convert, functions_text, functions_search, functions_calendar, functions_clock,
    functions_clock_text, functions_join, functions_interval, functions_misc, functions_encode, functions_json,
    functions_url, functions_hash, functions_text_code, functions_text_part, functions_text_distance,
    functions_date_make, functions_number, functions_address, functions_geo, functions_random, functions_clock_parse,
    functions_clock_write, functions_about, functions_simple_json, functions_position, functions_search_multi,
    functions_ngram, functions_regexp, functions_json_path, functions_json_write, functions_tuple_math,
    functions_formula, functions_transform, functions_reinterpret, functions_time_slots, functions_state,
    functions_geo_area, functions_series, functions_bitmap, functions_array_shift, functions_time_grid;

extern const struct function_group functions_dictionary, functions_complete;

/* Values of type JSON. */
extern const struct function_group functions_json_column;

/* Arrays, tuples, maps. */
extern const struct function_group functions_nested, functions_array_basic, functions_array_search, functions_array_set,
    functions_array_make, functions_array_split, functions_array_reduce, functions_array_filter, functions_tuple;

/* Logs: words, pairs of keys and values. */
extern const struct function_group functions_token_search, functions_key_value;
extern const struct function_group functions_url_site, functions_map_sum, functions_array_more, functions_tuple_parts,
    functions_cipher, functions_financial, functions_interval_tuple, functions_pause, functions_words_more,
    functions_host, functions_format_row, functions_normalize;

/* A line about the function of that name, "" if there is none; query/functions/descriptions.c. */
const char *description_find(const char *name) __attribute__((returns_nonnull));

#define GROUP_OF(own, other)                                                                                           \
    {                                                                                                                  \
        .definitions = own, .definition_count = sizeof(own) / sizeof((own)[0]), .aliases = other,                      \
        .alias_count = sizeof(other) / sizeof((other)[0])                                                              \
    }

#define GROUP_WITHOUT_ALIASES(own)                                                                                     \
    {                                                                                                                  \
        .definitions = own, .definition_count = sizeof(own) / sizeof((own)[0])                                         \
    }

#define EVALUATE_ARGUMENTS                                                                                             \
    const struct function *function, struct arena *arena, const struct column *const *arguments, uint32_t row_count,   \
        struct column **out

/* monotonic.c: a FUNCTION_MONOTONIC and FUNCTION_COARSE function over bare arguments; *out NULL: does not pay here. */
struct err *monotonic_evaluate(EVALUATE_ARGUMENTS);

/* geo_area.c: bits of longitude and latitude in turn, five to a letter. */
#define GEOHASH_DIGITS 12U
void geohash_encode(double longitude, double latitude, uint32_t digits, char *to);

/* "function upper: argument 2 is of type UInt8, a string is needed" */
struct err *argument_error(const struct function_bind *bind, uint32_t index, const char *needed)
    __attribute__((returns_nonnull));
struct err *argument_string(const struct function_bind *bind, uint32_t index);
struct err *argument_number(const struct function_bind *bind, uint32_t index);  /* integers, floats, decimals, Bool */
struct err *argument_integer(const struct function_bind *bind, uint32_t index); /* up to 64 bits, and Bool */
struct err *argument_whole(const struct function_bind *bind, uint32_t index);   /* of any width, and Bool */
struct err *argument_time(const struct function_bind *bind, uint32_t index);
/* A constant of these kinds, or an error that says so. */
struct err *argument_constant_text(const struct function_bind *bind, uint32_t index, struct slice *out);
struct err *argument_constant_int(const struct function_bind *bind, uint32_t index, int64_t *out);

/* Index of row i in a FLAT (step 1) or CONST (step 0) column. */
static inline uint32_t column_step(const struct column *column)
{
    return column->form == COLUMN_CONST ? 0 : 1;
}

#define VALUE_AT(column, ctype, i) (((const ctype *)(column)->values)[(size_t)(i)*column_step(column)])

static inline bool null_at(const struct column *column, uint32_t i)
{
    return column->nulls != NULL && column->nulls[(size_t)i * column_step(column)] != 0;
}

/* The column as String: FixedString becomes slices (with its zero bytes). Form kept; NULL when memory is out. */
const struct column *column_strings(struct arena *arena, const struct column *column);
/* A number (integers, Bool, floats, dates and times by their ticks, enums, IPv4) as another physical kind, as a C cast
 * would; decimals lose their scale only towards floats. */
const struct column *column_numbers(struct arena *arena, const struct column *column, enum type_kind kind);
/* The kind of C number that a type's values are: TYPE_UINT16 for Date, TYPE_INT128 for wide decimals, … TYPE_NOTHING:
 * none. */
enum type_kind type_physical(const struct type *type);
/* column_numbers where one of the kinds has 256 bits; query/functions/arithmetic_256.c. */
const struct column *column_numbers_256(struct arena *arena, const struct column *column, enum type_kind kind);
/* A constant number as int64 (floats cut off); of a column with at least one row. */
int64_t column_int(const struct column *column, uint32_t row);

/* A growing piece of memory for text results. */
struct text_buffer {
    struct arena *arena;
    char *at;
    size_t left;
};
/* Room for length bytes at buffer->at, or NULL. The caller advances with text_taken. */
char *text_room(struct text_buffer *buffer, size_t length);
static inline struct slice text_taken(struct text_buffer *buffer, size_t length)
{
    struct slice slice = {buffer->at, length};
    buffer->at += length;
    buffer->left -= length;
    return slice;
}

/* plus of two states of aggregate functions; query/functions/state.c. */
struct err *state_plus_resolve(const struct function_bind *bind, struct function *out);

/* New result columns; fail with arena_error. */
struct err *result_new(struct arena *arena, const struct type *type, uint32_t row_count, struct column **out);
/* A column of the same values under another type of the same width. */
struct column *column_retyped(struct arena *arena, const struct column *column, const struct type *type);

/* accurateCastOrNull: NULL where the value does not fit the type; the result is nullable, FLAT. */
struct err *cast_accurate_or_null(struct arena *arena, const struct function_context *context,
                                  const struct column *column, const struct type *type, struct column **out);
/* May an accurate cast change values that the other type has no room for: digits of decimals, times of day, parts of
 * seconds, and times before or behind its first and last, which become others? */
bool cast_cuts(const struct type *from, const struct type *to);
/* As cast_accurate_or_null, but NULL also where something would be cut off. */
struct err *cast_exact_or_null(struct arena *arena, const struct function_context *context, const struct column *column,
                               const struct type *type, struct column **out);

/* value as text, as toString and the text formats write it; only scalars. */
struct err *value_text(struct text_buffer *buffer, const struct type *type, const struct timezone *zone,
                       const void *value, struct slice *out);

#define INTEGER_KINDS(X)                                                                                               \
    X(TYPE_INT8, int8_t, uint8_t)                                                                                      \
    X(TYPE_INT16, int16_t, uint16_t)                                                                                   \
    X(TYPE_INT32, int32_t, uint32_t)                                                                                   \
    X(TYPE_INT64, int64_t, uint64_t)                                                                                   \
    X(TYPE_UINT8, uint8_t, uint8_t)                                                                                    \
    X(TYPE_UINT16, uint16_t, uint16_t)                                                                                 \
    X(TYPE_UINT32, uint32_t, uint32_t)                                                                                 \
    X(TYPE_UINT64, uint64_t, uint64_t)
#define WIDE_KINDS(X)                                                                                                  \
    X(TYPE_INT128, __int128, unsigned __int128)                                                                        \
    X(TYPE_UINT128, unsigned __int128, unsigned __int128)
#define FLOAT_KINDS(X)                                                                                                 \
    X(TYPE_FLOAT32, float, float)                                                                                      \
    X(TYPE_FLOAT64, double, double)

/* Towards minus infinity; b > 0. */
static inline int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* What floor_divide leaves, from 0 to below b, also where its product with b would not fit. */
static inline int64_t floor_modulo(int64_t a, int64_t b)
{
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}

#endif
