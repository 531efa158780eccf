/*
 * compare.c: =, ≠, <, ≤, >, ≥ across types, and <=> (NULL-safe equality).
 *
 * how      both sides are brought to one form at binding time: C numbers of one kind that holds both exactly, strings,
 *          or 16 bytes; then one loop per (operation, kind). A constant string beside a date, number, enum, UUID or
 *          address is parsed as that type once. Integers beside floats compare exactly.
 * thread   any, no shared state
 */
#include "base/int256.h"
#include "base/vector.h"
#include "query/functions/nested.h"

enum compare_operation {
    COMPARE_EQUAL,
    COMPARE_NOT_EQUAL,
    COMPARE_LESS,
    COMPARE_LESS_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_EQUAL,
    COMPARE_SAME,      /* IS NOT DISTINCT FROM, <=>: NULL is NULL */
    COMPARE_DIFFERENT, /* IS DISTINCT FROM */
};

enum compare_mode {
    MODE_NUMBERS,
    MODE_LONG_DOUBLE,
    MODE_STRINGS,
    MODE_BYTES16,
    MODE_DECIMALS,
    MODE_WIDE,
    MODE_256,
    MODE_NULLS
};

struct compare {
    enum compare_operation operation;
    enum compare_mode mode;
    enum type_kind kind;           /* MODE_NUMBERS */
    const struct type *cast[2];    /* to this type first, or NULL */
    const struct column *ready[2]; /* constants, converted */
    uint32_t scale;                /* MODE_DECIMALS */
};

#define COMPARE_LOOP(ctype, operator)                                                                                  \
    if (right->form == COLUMN_CONST && left->form == COLUMN_CONST) {                                                   \
        memset(result, a[0] operator b[0], row_count);                                                                 \
    } else if (right->form == COLUMN_CONST) {                                                                          \
        ctype y = b[0];                                                                                                \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            result[i] = a[i] operator y;                                                                               \
        }                                                                                                              \
    } else if (left->form == COLUMN_CONST) {                                                                           \
        ctype x = a[0];                                                                                                \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            result[i] = x operator b[i];                                                                               \
        }                                                                                                              \
    } else {                                                                                                           \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            result[i] = a[i] operator b[i];                                                                            \
        }                                                                                                              \
    }                                                                                                                  \
    break;

#define COMPARE_KIND(k, ctype, utype)                                                                                  \
    case k: {                                                                                                          \
        const ctype *a = left->values;                                                                                 \
        const ctype *b = right->values;                                                                                \
        switch (operation) {                                                                                           \
        case COMPARE_EQUAL:                                                                                            \
            COMPARE_LOOP(ctype, ==)                                                                                    \
        case COMPARE_NOT_EQUAL:                                                                                        \
            COMPARE_LOOP(ctype, !=)                                                                                    \
        case COMPARE_LESS:                                                                                             \
            COMPARE_LOOP(ctype, <)                                                                                     \
        case COMPARE_LESS_EQUAL:                                                                                       \
            COMPARE_LOOP(ctype, <=)                                                                                    \
        case COMPARE_GREATER:                                                                                          \
            COMPARE_LOOP(ctype, >)                                                                                     \
        default:                                                                                                       \
            COMPARE_LOOP(ctype, >=)                                                                                    \
        }                                                                                                              \
        break;                                                                                                         \
    }

VECTORISED static void compare_numbers(enum compare_operation operation, enum type_kind kind, const struct column *left,
                                       const struct column *right, uint32_t row_count, uint8_t *restrict result)
{
    switch ((int)kind) {
        INTEGER_KINDS(COMPARE_KIND)
        WIDE_KINDS(COMPARE_KIND)
        FLOAT_KINDS(COMPARE_KIND)
    default:
        ASSERT(false);
    }
}

static inline uint8_t decide(enum compare_operation operation, int order)
{
    switch (operation) {
    case COMPARE_EQUAL:
    case COMPARE_SAME:
        return order == 0;
    case COMPARE_NOT_EQUAL:
        return order != 0;
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_LESS_EQUAL:
        return order <= 0;
    case COMPARE_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

static void compare_strings(enum compare_operation operation, const struct column *left, const struct column *right,
                            bool padded, uint32_t row_count, uint8_t *result)
{
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice a = VALUE_AT(left, struct slice, i);
        struct slice b = VALUE_AT(right, struct slice, i);
        if (padded) {
            while (a.length > 0 && a.data[a.length - 1] == 0) {
                a.length--;
            }
            while (b.length > 0 && b.data[b.length - 1] == 0) {
                b.length--;
            }
        }
        if (operation == COMPARE_EQUAL) {
            result[i] = slice_equal(a, b);
        } else if (operation == COMPARE_NOT_EQUAL) {
            result[i] = !slice_equal(a, b);
        } else {
            result[i] = decide(operation, slice_compare(a, b));
        }
    }
}

static long double number_long(const struct column *column, uint32_t i)
{
    switch ((int)type_physical(column->type)) {
    case TYPE_INT64:
        return (long double)VALUE_AT(column, int64_t, i);
    case TYPE_UINT64:
        return (long double)VALUE_AT(column, uint64_t, i);
    case TYPE_INT128:
        return (long double)VALUE_AT(column, __int128, i);
    case TYPE_UINT128:
        return (long double)VALUE_AT(column, unsigned __int128, i);
    case TYPE_INT256:
    case TYPE_UINT256:
        return (long double)int256_to_double(VALUE_AT(column, struct int256, i), column->type->kind == TYPE_INT256);
    case TYPE_FLOAT32:
        return (long double)VALUE_AT(column, float, i);
    default:
        return (long double)VALUE_AT(column, double, i);
    }
}

static bool may_be_negative(const struct type *type)
{
    return type_is_signed(type) || type->kind == TYPE_DECIMAL || type->kind == TYPE_ENUM8 ||
           type->kind == TYPE_ENUM16 || type->kind == TYPE_INTERVAL || type->kind == TYPE_DATETIME64;
}

static struct err *scale_up(struct arena *arena, const struct column *column, uint32_t scale, const struct column **out)
{
    const struct column *wide = column_numbers(arena, column, TYPE_INT128);
    uint32_t has =
        column->type->kind == TYPE_DECIMAL || column->type->kind == TYPE_DATETIME64 ? column->type->scale : 0;
    __int128 factor = 1;
    if (wide == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = has; s < scale; s++) {
        factor *= 10;
    }
    if (factor != 1) {
        uint32_t count = wide->form == COLUMN_CONST ? 1 : wide->row_count;
        __int128 *values = ARENA_ARRAY(arena, __int128, count);
        struct column *copy = column_retyped(arena, wide, wide->type);
        if (values == NULL || copy == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < count; i++) {
            __int128 value = ((const __int128 *)wide->values)[i];
            if (__builtin_mul_overflow(value, factor, &values[i])) {
                values[i] = value < 0 ? (__int128)1 << 127 : ~((__int128)1 << 127);
            }
        }
        copy->values = values;
        wide = copy;
    }
    *out = wide;
    return NULL;
}

/* The same in 256 bits, of integers and decimals; what is beyond them stays at their ends. */
static struct err *scale_up_256(struct arena *arena, const struct column *column, uint32_t scale,
                                const struct column **out)
{
    bool is_signed = may_be_negative(column->type);
    uint32_t has =
        column->type->kind == TYPE_DECIMAL || column->type->kind == TYPE_DATETIME64 ? column->type->scale : 0;
    const struct column *wide = column_numbers(arena, column, TYPE_INT256);
    if (wide != NULL && scale > has) {
        struct int256 bound =
            int256_shift_right((struct int256){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}}, 1, false);
        struct int256 factor = int256_of(1), rest;
        struct column *copy = column_retyped(arena, wide, wide->type);
        uint32_t count = wide->form == COLUMN_CONST ? 1 : wide->row_count;
        struct int256 *values = ARENA_ARRAY(arena, struct int256, count);
        if (copy == NULL || values == NULL) {
            return arena_error(arena);
        }
        for (uint32_t s = has; s < scale; s++) {
            factor = int256_multiply(factor, int256_of(10));
        }
        struct int256 most = int256_divide(bound, factor, &rest);
        for (uint32_t i = 0; i < count; i++) {
            struct int256 value = ((const struct int256 *)wide->values)[i];
            bool negative = is_signed && int256_is_negative(value);
            bool fits = int256_compare(negative ? int256_negate(value) : value, most, false) <= 0;
            values[i] = fits ? int256_multiply(value, factor) : negative ? int256_negate(bound) : bound;
        }
        copy->values = values;
        wide = copy;
    }
    *out = wide;
    return wide == NULL ? arena_error(arena) : NULL;
}

static struct err *side(const struct function *function, struct arena *arena, const struct column *const *arguments,
                        uint32_t index, uint32_t row_count, const struct column **out)
{
    struct err *err = NULL;
    const struct compare *compare = function->data;
    const struct column *column = arguments[index];

    if (compare->ready[index] != NULL) {
        *out = compare->ready[index];
        return NULL;
    }
    if (compare->cast[index] != NULL) {
        struct column *cast = NULL;
        OR_DONE(function_cast(arena, function->context, column, compare->cast[index], &cast));
        column = column_flat(arena, cast);
        if (column == NULL) {
            return arena_error(arena);
        }
    }
    if (compare->mode == MODE_NUMBERS) {
        column = column_numbers(arena, column, compare->kind);
    } else if (compare->mode == MODE_WIDE) {
        column = column_numbers(arena, column, TYPE_UINT128);
    } else if (compare->mode == MODE_256) {
        OR_DONE(scale_up_256(arena, column, compare->scale, &column));
    } else if (compare->mode == MODE_STRINGS) {
        column = column_strings(arena, column);
    } else if (compare->mode == MODE_DECIMALS) {
        OR_DONE(scale_up(arena, column, compare->scale, &column));
    }
    (void)row_count;
    *out = column;
    return column == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *evaluate_compare(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct compare *compare = function->data;
    const struct column *left;
    const struct column *right;
    struct column *made;
    bool null_safe = compare->operation == COMPARE_SAME || compare->operation == COMPARE_DIFFERENT;
    enum compare_operation operation = null_safe ? COMPARE_EQUAL : compare->operation;

    OR_DONE(result_new(arena, function->inner, row_count, &made));
    uint8_t *result = made->values;
    if (compare->mode == MODE_NULLS) { /* one side is always NULL: values do not matter */
        left = right = NULL;
    } else {
        OR_DONE(side(function, arena, arguments, 0, row_count, &left));
        OR_DONE(side(function, arena, arguments, 1, row_count, &right));
    }
    switch (compare->mode) {
    case MODE_NUMBERS:
        compare_numbers(operation, compare->kind, left, right, row_count, result);
        break;
    case MODE_DECIMALS:
        compare_numbers(operation, TYPE_INT128, left, right, row_count, result);
        break;
    case MODE_STRINGS:
        compare_strings(operation, left, right,
                        function->argument_types[0]->kind == TYPE_FIXED_STRING ||
                            function->argument_types[1]->kind == TYPE_FIXED_STRING,
                        row_count, result);
        break;
    case MODE_BYTES16:
        for (uint32_t i = 0; i < row_count; i++) {
            result[i] =
                decide(operation, memcmp((const char *)left->values + (size_t)i * column_step(left) * 16,
                                         (const char *)right->values + (size_t)i * column_step(right) * 16, 16));
        }
        break;
    case MODE_LONG_DOUBLE:
        for (uint32_t i = 0; i < row_count; i++) {
            long double a = number_long(left, i);
            long double b = number_long(right, i);
            result[i] = a != a || b != b ? operation == COMPARE_NOT_EQUAL : decide(operation, (a > b) - (a < b));
        }
        break;
    case MODE_WIDE: /* UInt128 and what may be negative: both as UInt128, the sign looked at first */
        for (uint32_t i = 0; i < row_count; i++) {
            unsigned __int128 a = VALUE_AT(left, unsigned __int128, i);
            unsigned __int128 b = VALUE_AT(right, unsigned __int128, i);
            bool a_negative = may_be_negative(function->argument_types[0]) && (__int128)a < 0;
            bool b_negative = may_be_negative(function->argument_types[1]) && (__int128)b < 0;
            int order = a_negative != b_negative ? (a_negative ? -1 : 1) : (a > b) - (a < b);
            result[i] = decide(operation, order);
        }
        break;
    case MODE_256:
        for (uint32_t i = 0; i < row_count; i++) {
            struct int256 a = VALUE_AT(left, struct int256, i);
            struct int256 b = VALUE_AT(right, struct int256, i);
            bool a_negative = may_be_negative(function->argument_types[0]) && int256_is_negative(a);
            bool b_negative = may_be_negative(function->argument_types[1]) && int256_is_negative(b);
            int order = a_negative != b_negative ? (a_negative ? -1 : 1) : int256_compare(a, b, false);
            result[i] = decide(operation, order);
        }
        break;
    case MODE_NULLS:
        memset(result, 0, row_count);
        break;
    }
    if (null_safe) {
        bool inverse = compare->operation == COMPARE_DIFFERENT;
        for (uint32_t i = 0; i < row_count; i++) {
            bool a = null_at(arguments[0], i);
            bool b = null_at(arguments[1], i);
            result[i] = (a || b ? a && b : result[i]) != inverse;
        }
    }
    *out = made;
done:
    return err;
}

static enum type_kind common_number(const struct type *a, const struct type *b)
{
    enum type_kind x = type_physical(a);
    enum type_kind y = type_physical(b);
    if (x == y) {
        return x;
    }
    bool a_float = x == TYPE_FLOAT32 || x == TYPE_FLOAT64;
    bool b_float = y == TYPE_FLOAT32 || y == TYPE_FLOAT64;
    if (a_float || b_float) {
        const struct type *other = a_float ? b : a;
        return (a_float && b_float) || other->width < 8 ? TYPE_FLOAT64 : TYPE_NOTHING; /* NOTHING: long double */
    }
    if (x == TYPE_UINT128 || y == TYPE_UINT128) {
        return TYPE_UINT128;
    }
    if (a->width == 16 || b->width == 16) {
        return TYPE_INT128;
    }
    bool x_signed = x >= TYPE_INT8 && x <= TYPE_INT64;
    bool y_signed = y >= TYPE_INT8 && y <= TYPE_INT64;
    if (x_signed == y_signed) {
        return a->width > b->width ? x : y;
    }
    uint32_t unsigned_width = x_signed ? b->width : a->width;
    uint32_t signed_width = x_signed ? a->width : b->width;
    if (unsigned_width >= 8) {
        return TYPE_INT128;
    }
    uint32_t width = unsigned_width * 2 > signed_width ? unsigned_width * 2 : signed_width;
    return width == 2 ? TYPE_INT16 : width == 4 ? TYPE_INT32 : TYPE_INT64;
}

/* Is it compared as the number that it is stored as? */
static bool plain_number(const struct type *type)
{
    return type_is_number(type) || type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16 || type->kind == TYPE_INTERVAL;
}

/* A time and a number: seconds with all but decimals, ticks with all but enums and intervals. */
static bool time_beside(const struct type *time, const struct type *number)
{
    return (time->kind == TYPE_DATETIME && plain_number(number) && number->kind != TYPE_DECIMAL) ||
           (time->kind == TYPE_DATETIME64 && type_is_number(number));
}

static bool address_beside(const struct type *type)
{
    return (type_is_integer(type) && !type_is_signed(type)) || type->kind == TYPE_BOOL;
}

/* A constant integer that the other side's type holds is compared in that type. */
static bool constant_fits(const struct function_argument *constant, const struct type *type)
{
    if (constant->constant == NULL || !type_is_integer(type) || type->width > 8 || constant->type->width > 8 ||
        !(type_is_integer(constant->type) || constant->type->kind == TYPE_BOOL)) {
        return false;
    }
    int64_t value = column_int(constant->constant, 0);
    if (constant->type->kind == TYPE_UINT64 && value < 0) {
        return type->kind == TYPE_UINT64;
    }
    uint32_t bits = type->width * 8;
    if (type_is_signed(type)) {
        return bits == 64 || (value >= -((int64_t)1 << (bits - 1)) && value < (int64_t)1 << (bits - 1));
    }
    return value >= 0 && (bits == 64 || value < (int64_t)1 << bits);
}

static struct err *resolve_compare(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct compare *compare = ARENA_NEW(bind->arena, struct compare);
    const struct type *a = bind->arguments[0].type;
    const struct type *b = bind->arguments[1].type;

    if (compare == NULL) {
        return arena_error(bind->arena);
    }
    if (type_is_nested(a) || type_is_nested(b)) {
        return resolve_compare_nested(bind, out);
    }
    compare->operation = (enum compare_operation)bind->tag;
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_compare;
    out->data = compare;
    if (a->kind == TYPE_NOTHING || b->kind == TYPE_NOTHING) {
        compare->mode = MODE_NULLS;
        return NULL;
    }
    bool a_text = type_is_string(a);
    bool b_text = type_is_string(b);
    if (a_text && b_text) {
        compare->mode = MODE_STRINGS;
        return NULL;
    }
    if (a_text || b_text) {
        uint32_t text = a_text ? 0 : 1;
        const struct type *other = a_text ? b : a;
        if ((other->kind == TYPE_ENUM8 || other->kind == TYPE_ENUM16) && bind->arguments[text].constant == NULL) {
            compare->cast[1 - text] = type_simple(TYPE_STRING);
            compare->mode = MODE_STRINGS;
            return NULL;
        }
        if (bind->arguments[text].constant == NULL || other->kind == TYPE_INTERVAL) {
            struct slice a_name = type_name(bind->arena, a);
            struct slice b_name = type_name(bind->arena, b);
            bool scaled = other->kind == TYPE_DECIMAL || other->kind == TYPE_DATETIME64;
            return err_new(bind->arguments[text].constant != NULL ? ERR_TYPE_MISMATCH
                           : scaled                               ? ERR_ARGUMENT_TYPE
                                                                  : ERR_NO_COMMON_TYPE,
                           "Illegal types of arguments (%.*s, %.*s) of function %s", SLICE_ARG(a_name),
                           SLICE_ARG(b_name), bind->name);
        }
        const struct type *bare = type_nullable(bind->arena, other, false);
        if (bare == NULL) {
            return arena_error(bind->arena);
        }
        compare->cast[text] = bare;
        a = b = bare;
    }
    bool a_time = type_is_time(a);
    bool b_time = type_is_time(b);
    bool a_scaled = a->kind == TYPE_DECIMAL || a->kind == TYPE_DATETIME64;
    bool b_scaled = b->kind == TYPE_DECIMAL || b->kind == TYPE_DATETIME64;
    bool dates = a_time && b_time && a->kind != b->kind;
    if (dates) {
        /* dates beside times are compared as times, at midnight */
        if (a->kind == TYPE_DATETIME64 || b->kind == TYPE_DATETIME64) {
            compare->cast[0] = a->kind == TYPE_DATETIME64 ? NULL : b;
            compare->cast[1] = a->kind == TYPE_DATETIME64 ? a : NULL;
            a = b = a->kind == TYPE_DATETIME64 ? a : b;
            a_scaled = b_scaled = true;
        } else if (a->kind == TYPE_DATETIME || b->kind == TYPE_DATETIME) {
            const struct type *time = a->kind == TYPE_DATETIME ? a : b;
            const struct type *wide = type_datetime64(bind->arena, 0, time->zone);
            if (wide == NULL) {
                return arena_error(bind->arena);
            }
            compare->cast[0] = compare->cast[1] = wide;
            a = b = wide;
            a_scaled = b_scaled = true;
        }
    }
    bool decimal = a->kind == TYPE_DECIMAL || b->kind == TYPE_DECIMAL;
    bool comparable = a->kind == b->kind || dates || (type_is_number(a) && type_is_number(b)) ||
                      (plain_number(a) && plain_number(b) && !decimal) || (time_beside(a, b) || time_beside(b, a)) ||
                      (a->kind == TYPE_IPV4 && address_beside(b)) || (b->kind == TYPE_IPV4 && address_beside(a));
    if (!comparable) {
        struct slice a_name = type_name(bind->arena, a);
        struct slice b_name = type_name(bind->arena, b);
        return err_new(ERR_ARGUMENT_TYPE, "Illegal types of arguments (%.*s, %.*s) of function %s", SLICE_ARG(a_name),
                       SLICE_ARG(b_name), bind->name);
    }
    if (a->kind == TYPE_IPV6) {
        compare->mode = MODE_BYTES16;
    } else if ((type_is_256(a) || type_is_256(b)) && !type_is_float(a) && !type_is_float(b)) {
        compare->mode = MODE_256;
        compare->scale = a->scale > b->scale ? a->scale : b->scale;
    } else if ((a_scaled || b_scaled) && (type_is_float(a) || type_is_float(b))) {
        compare->mode = MODE_NUMBERS;
        compare->kind = TYPE_FLOAT64;
    } else if ((a_scaled || b_scaled) && a->scale == b->scale && a_scaled == b_scaled) {
        compare->mode = MODE_NUMBERS;
        compare->kind = common_number(a, b);
    } else if (a_scaled || b_scaled) {
        compare->mode = MODE_DECIMALS;
        compare->scale = a->scale > b->scale ? a->scale : b->scale;
    } else {
        compare->kind = common_number(a, b);
        bool any_signed = may_be_negative(a) || may_be_negative(b);
        compare->mode = compare->kind == TYPE_NOTHING                 ? MODE_LONG_DOUBLE
                        : compare->kind == TYPE_UINT128 && any_signed ? MODE_WIDE
                                                                      : MODE_NUMBERS;
        if (constant_fits(&bind->arguments[1], a)) {
            compare->mode = MODE_NUMBERS;
            compare->kind = a->kind;
        } else if (constant_fits(&bind->arguments[0], b)) {
            compare->mode = MODE_NUMBERS;
            compare->kind = b->kind;
        }
    }
    for (uint32_t i = 0; i < 2; i++) {
        const struct column *constant = bind->arguments[i].constant;
        if (constant != NULL && compare->cast[i] != NULL && constant->nulls == NULL) {
            struct function sides = *out;
            const struct column *ready = NULL;
            const struct column *pair[2] = {constant, constant};
            sides.context = bind->context;
            err = side(&sides, bind->arena, pair, i, 1, &ready);
            if (err != NULL && err_code(err) == ERR_CANNOT_PARSE_TEXT) { /* 5 = 'abc' is none of types that fit */
                err_free(err);
                err = err_new(ERR_TYPE_MISMATCH, "function %s: the text is no value of the other side's type",
                              bind->name);
            }
            OR_DONE(err);
            struct column *kept = column_retyped(bind->arena, ready, ready->type);
            if (kept == NULL) {
                return arena_error(bind->arena);
            }
            kept->form = COLUMN_CONST;
            compare->ready[i] = kept;
        }
    }
done:
    return err;
}

#define COMPARE(name, tag)                                                                                             \
    {                                                                                                                  \
        name, false, 2, 2, 0, resolve_compare, tag                                                                     \
    }
static const struct function_definition definitions[] = {
    COMPARE("equals", COMPARE_EQUAL),
    COMPARE("notEquals", COMPARE_NOT_EQUAL),
    COMPARE("less", COMPARE_LESS),
    COMPARE("lessOrEquals", COMPARE_LESS_EQUAL),
    COMPARE("greater", COMPARE_GREATER),
    COMPARE("greaterOrEquals", COMPARE_GREATER_EQUAL),
    {"isNotDistinctFrom", false, 2, 2, FUNCTION_NULLS, resolve_compare, COMPARE_SAME},
    {"isDistinctFrom", false, 2, 2, FUNCTION_NULLS, resolve_compare, COMPARE_DIFFERENT},
};
const struct function_group functions_compare = GROUP_WITHOUT_ALIASES(definitions);
