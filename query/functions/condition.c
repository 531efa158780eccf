/*
 * condition.c: if, multiIf, coalesce, ifNull, nullIf, isNull, greatest, least, transform-free CASE; common types.
 *
 * how      the choosing functions pick, per row, which argument a result comes from, then copy values of the common
 *          type
 * lazy     the evaluator may hand in a branch evaluated only on the rows that choose it (expression.c)
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

enum choice { CHOOSE_IF, CHOOSE_MULTI_IF, CHOOSE_COALESCE, CHOOSE_GREATEST, CHOOSE_LEAST, CHOOSE_NULL_IF };

/* --- common types ------------------------------------------------------------------------------------------------ */

static struct err *no_common_type(struct arena *arena, const struct type *a, const struct type *b)
{
    struct slice a_name = type_name(arena, a);
    struct slice b_name = type_name(arena, b);
    return err_new(ERR_NO_COMMON_TYPE, "There is no supertype for types %.*s, %.*s", SLICE_ARG(a_name),
                   SLICE_ARG(b_name));
}

static uint32_t integer_bits(const struct type *type)
{
    return type->kind == TYPE_BOOL ? 8 : type->width * 8;
}

static const struct type *common_numbers(struct arena *arena, const struct type *a, const struct type *b)
{
    if (type_is_float(a) || type_is_float(b)) {
        uint32_t mantissa = 0;
        const struct type *both[2] = {a, b};
        for (int i = 0; i < 2; i++) {
            uint32_t bits = both[i]->kind == TYPE_FLOAT32   ? 24
                            : both[i]->kind == TYPE_FLOAT64 ? 53
                            : both[i]->kind == TYPE_DECIMAL ? 53
                                                            : integer_bits(both[i]);
            mantissa = bits > mantissa ? bits : mantissa;
        }
        if (mantissa > 53 || (a->kind == TYPE_DECIMAL) != (b->kind == TYPE_DECIMAL)) {
            return NULL;
        }
        return type_simple(mantissa <= 24 ? TYPE_FLOAT32 : TYPE_FLOAT64);
    }
    if (a->kind == TYPE_DECIMAL || b->kind == TYPE_DECIMAL) {
        uint32_t scale = a->scale > b->scale ? a->scale : b->scale;
        uint32_t digits = 0;
        const struct type *both[2] = {a, b};
        for (int i = 0; i < 2; i++) {
            static const uint32_t digits_of[] = {[8] = 3, [16] = 5, [32] = 10, [64] = 20, [128] = 38, [256] = 77};
            uint32_t whole = both[i]->kind == TYPE_DECIMAL ? (uint32_t)both[i]->precision - both[i]->scale
                                                           : digits_of[integer_bits(both[i])];
            digits = whole > digits ? whole : digits;
        }
        uint32_t precision = digits + scale;
        return type_decimal(arena, precision <= 9 ? 9 : precision <= 18 ? 18 : 38, (uint8_t)scale);
    }
    bool a_signed = type_is_signed(a);
    bool b_signed = type_is_signed(b);
    uint32_t a_bits = integer_bits(a);
    uint32_t b_bits = integer_bits(b);
    if (a_signed == b_signed) {
        return b_bits > a_bits ? b : a; /* of Bool and UInt8 the first */
    }
    uint32_t bits =
        a_signed ? (b_bits * 2 > a_bits ? b_bits * 2 : a_bits) : (a_bits * 2 > b_bits ? a_bits * 2 : b_bits);
    switch (bits) {
    case 16:
        return type_simple(TYPE_INT16);
    case 32:
        return type_simple(TYPE_INT32);
    case 64:
        return type_simple(TYPE_INT64);
    case 128: /* not of Int64 and UInt64: ClickHouse has none */
        return (a_signed ? a_bits : b_bits) == 128 ? type_simple(TYPE_INT128) : NULL;
    case 256:
        return type_simple(TYPE_INT256);
    default:
        return NULL;
    }
}

static struct err *common_of_two(struct arena *arena, const struct type *a, const struct type *b,
                                 const struct type **out);

/* Two arrays, tuples of the same number of elements, or maps. Names stay where both have them. */
static struct err *common_nested(struct arena *arena, const struct type *a, const struct type *b,
                                 const struct type **out)
{
    struct err *err = NULL;
    const struct type **children = ARENA_ARRAY(arena, const struct type *, a->child_count + 1U);
    struct type *made = ARENA_NEW(arena, struct type);

    if (children == NULL || made == NULL) {
        return arena_error(arena);
    }
    if (a->child_count != b->child_count) {
        return no_common_type(arena, a, b);
    }
    *made = *a;
    for (uint32_t i = 0; i < a->child_count; i++) {
        OR_DONE(common_of_two(arena, a->children[i], b->children[i], &children[i]));
        if (a->names != NULL && (b->names == NULL || !slice_equal(a->names[i], b->names[i]))) {
            made->names = NULL;
        }
    }
    made->children = children;
    *out = made;
done:
    return err;
}

/* Enums and addresses beside numbers are the numbers that they are stored as; NULL: there is no such type. */
static const struct type *as_number(const struct type *type, const struct type *beside)
{
    switch ((int)type->kind) {
    case TYPE_ENUM8:
        return type_is_number(beside) && beside->kind != TYPE_DECIMAL ? type_simple(TYPE_INT8) : NULL;
    case TYPE_ENUM16:
        return type_is_number(beside) && beside->kind != TYPE_DECIMAL ? type_simple(TYPE_INT16) : NULL;
    case TYPE_IPV4:
        return (type_is_integer(beside) && !type_is_signed(beside)) || beside->kind == TYPE_BOOL
                   ? type_simple(TYPE_UINT32)
                   : NULL;
    default:
        return type_is_number(type) ? type : NULL;
    }
}

static struct err *common_of_two(struct arena *arena, const struct type *a, const struct type *b,
                                 const struct type **out)
{
    bool nullable = a->nullable || b->nullable;
    bool low = a->low_cardinality && b->low_cardinality;
    const struct type *type = NULL;

    if (type_equal(a, b)) {
        *out = a;
        return NULL;
    }
    if (type_is_nested(a) && a->kind == b->kind) {
        return common_nested(arena, a, b, out);
    }
    if (type_is_nested(a) && b->kind == TYPE_NOTHING && !b->nullable) {
        *out = a;
        return NULL;
    }
    if (type_is_nested(b) && a->kind == TYPE_NOTHING && !a->nullable) {
        *out = b;
        return NULL;
    }
    if (type_is_nested(a) || type_is_nested(b)) {
        return no_common_type(arena, a, b);
    }
    if (a->kind == TYPE_NOTHING) {
        type = b;
    } else if (b->kind == TYPE_NOTHING) {
        type = a;
    } else if (type_is_number(a) && type_is_number(b)) {
        type = a->kind == b->kind && a->kind != TYPE_DECIMAL ? a : common_numbers(arena, a, b);
    } else if (as_number(a, b) != NULL && as_number(b, a) != NULL) {
        type = common_numbers(arena, as_number(a, b), as_number(b, a));
    } else if ((a->kind == TYPE_INTERVAL && type_is_condition(b)) ||
               (b->kind == TYPE_INTERVAL && (type_is_condition(a) || type_is_integer(a))) ||
               (a->kind == TYPE_INTERVAL && type_is_integer(b))) {
        type = a->kind == TYPE_INTERVAL ? a : b;
    } else if (type_is_string(a) && type_is_string(b)) {
        type = a->kind == TYPE_FIXED_STRING && b->kind == TYPE_FIXED_STRING && a->length == b->length
                   ? a
                   : type_simple(TYPE_STRING);
    } else if (type_is_time(a) && type_is_time(b)) {
        if (a->kind == TYPE_DATETIME64 || b->kind == TYPE_DATETIME64) {
            bool both = a->kind == TYPE_DATETIME64 && b->kind == TYPE_DATETIME64;
            const struct type *main = a->kind != TYPE_DATETIME64 || (both && b->scale > a->scale) ? b : a;
            type = type_datetime64(arena, main->scale, main->zone);
        } else if (a->kind == TYPE_DATETIME || b->kind == TYPE_DATETIME) {
            const struct type *main = a->kind == TYPE_DATETIME ? a : b;
            type = a->kind == TYPE_DATE32 || b->kind == TYPE_DATE32 ? type_datetime64(arena, 0, NULL) : main;
        } else {
            type = type_simple(a->kind == b->kind ? a->kind : TYPE_DATE32);
        }
    } else if (((a->kind == TYPE_ENUM8 || a->kind == TYPE_ENUM16) && type_is_string(b)) ||
               ((b->kind == TYPE_ENUM8 || b->kind == TYPE_ENUM16) && type_is_string(a))) {
        type = type_simple(TYPE_STRING);
    } else if (a->kind == b->kind) {
        type = type_nullable(arena, a, false);
        const struct type *other = type_nullable(arena, b, false);
        if (type != NULL && other != NULL) {
            type = type_low_cardinality(arena, type, false);
            other = type_low_cardinality(arena, other, false);
        }
        if (type == NULL || other == NULL) {
            return arena_error(arena);
        }
        if (!type_equal(type, other)) { /* SimpleAggregateFunction makes no difference to values */
            type = type_plain(arena, type);
            other = type_plain(arena, other);
        }
        if (type == NULL || other == NULL) {
            return arena_error(arena);
        }
        if (!type_equal(type, other)) {
            return no_common_type(arena, a, b);
        }
    }
    if (type == NULL) {
        return no_common_type(arena, a, b);
    }
    type = type_low_cardinality(arena, type, false);
    type = type == NULL ? NULL : type_nullable(arena, type, nullable);
    if (type != NULL && low) {
        type = type_low_cardinality(arena, type, true);
    }
    *out = type;
    return type == NULL ? arena_error(arena) : NULL;
}

struct err *function_common_type(struct arena *arena, const struct type *const *types, uint32_t count,
                                 const struct type **out)
{
    struct err *err = NULL;
    const struct type *type = types[0];
    for (uint32_t i = 1; i < count; i++) {
        OR_DONE(common_of_two(arena, type, types[i], &type));
    }
    if (type->kind == TYPE_DATETIME64 &&
        count > 2) { /* as ClickHouse has it: of different types the last of the scale */
        const struct timezone *zone = type->zone;
        bool same = true;
        for (uint32_t i = 0; i < count; i++) {
            bool main = types[i]->kind == TYPE_DATETIME64 && types[i]->scale == type->scale;
            zone = main ? types[i]->zone : zone;
            same = same && main;
        }
        const struct type *plain = same ? type : type_datetime64(arena, type->scale, zone);
        type = plain == NULL || same ? plain : type_nullable(arena, plain, type->nullable);
    }
    *out = type;
    err = type == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* --- choosing ---------------------------------------------------------------------------------------------------- */

/* A FixedString as a String with all its bytes: what is chosen keeps zeros that a cast leaves out. */
static struct err *whole_text(struct arena *arena, const struct column *column, const struct type *type,
                              struct column **out)
{
    const struct column *flat = column_flat(arena, column);
    struct column *made = flat == NULL ? NULL : column_new(arena, type, flat->row_count);
    if (made == NULL) {
        return arena_error(arena);
    }
    uint32_t width = column->type->width;
    for (uint32_t i = 0; i < flat->row_count; i++) {
        ((struct slice *)made->values)[i] = slice_of((const char *)flat->values + (size_t)i * width, width);
    }
    if (made->nulls != NULL && flat->nulls != NULL) {
        memcpy(made->nulls, flat->nulls, flat->row_count);
    }
    *out = made;
    return NULL;
}

/* One of the values that are chosen from, as the result's type; not in codes. whole: a FixedString with its zeros. */
static struct err *branch_of(const struct function *function, struct arena *arena, const struct column *column,
                             const struct type *type, bool whole, const struct column **out)
{
    struct err *err = NULL;
    struct column *cast;
    if (whole && column->type->kind == TYPE_FIXED_STRING && type->kind == TYPE_STRING && column->form != COLUMN_DICT) {
        OR_DONE(whole_text(arena, column, type, &cast));
    } else {
        OR_DONE(function_cast(arena, function->context, column, type, &cast));
    }
    *out = cast->form == COLUMN_DICT ? column_flat(arena, cast) : cast;
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* Converts the arguments that results come from to the result's type. */
static struct err *branches(const struct function *function, struct arena *arena, const struct column *const *arguments,
                            uint32_t first, uint32_t step, bool whole, const struct column ***out)
{
    struct err *err = NULL;
    uint32_t count = function->argument_count;
    const struct column **made = ARENA_ARRAY(arena, const struct column *, count);
    if (made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < count; a++) {
        bool branch = a >= first && ((a - first) % step == 0 || (step == 2 && a == count - 1));
        made[a] = arguments[a];
        if (branch && !type_equal(arguments[a]->type, function->inner)) {
            OR_DONE(branch_of(function, arena, arguments[a], function->inner, whole, &made[a]));
        }
    }
    *out = made;
done:
    return err;
}

/* Is a condition's row true? NULL is not. */
static struct err *conditions(struct arena *arena, const struct column *column, uint32_t row_count, uint8_t *result)
{
    if (column->type->kind == TYPE_NOTHING) {
        memset(result, 0, row_count);
        return NULL;
    }
    const struct column *numbers = column;
    enum type_kind kind = type_physical(column->type);
    if (kind != TYPE_UINT8) {
        numbers = column_numbers(arena, column, type_is_float(column->type) ? TYPE_FLOAT64 : TYPE_INT64);
        if (numbers == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < row_count; i++) {
        bool yes = kind == TYPE_UINT8            ? VALUE_AT(numbers, uint8_t, i) != 0
                   : type_is_float(column->type) ? VALUE_AT(numbers, double, i) != 0
                                                 : VALUE_AT(numbers, int64_t, i) != 0;
        result[i] = yes && !null_at(column, i);
    }
    return NULL;
}

#define GATHER(ctype)                                                                                                  \
    for (uint32_t i = 0; i < row_count; i++) {                                                                         \
        const struct column *column = from[source[i]];                                                                 \
        ((ctype *)made->values)[i] = ((const ctype *)column->values)[(size_t)i * steps[source[i]]];                    \
    }                                                                                                                  \
    break;

/* The same of arrays, tuples or maps. */
static struct err *gather_nested(struct arena *arena, const struct type *type, const struct column *const *from,
                                 uint32_t from_count, const uint32_t *source, uint32_t row_count, struct column **out)
{
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    const struct column **nested = ARENA_ARRAY(arena, const struct column *, from_count);
    if (rows == NULL || nested == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        rows[i] = i;
    }
    for (uint32_t a = 0; a < from_count; a++) { /* conditions are never chosen */
        nested[a] = from[a]->type->kind == type->kind ? from[a] : from[source[0]];
    }
    *out = column_pick(arena, type, nested, from_count, source, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* Row i of the result is row i of from[source[i]]. */
static struct err *gather(struct arena *arena, const struct type *type, const struct column *const *from,
                          uint32_t from_count, const uint32_t *source, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    struct column *made;
    uint32_t *steps = ARENA_ARRAY(arena, uint32_t, from_count);
    if (type->width == 0) {
        return gather_nested(arena, type, from, from_count, source, row_count, out);
    }
    if (steps == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < from_count; a++) {
        steps[a] = column_step(from[a]);
    }
    OR_DONE(result_new(arena, type, row_count, &made));
    switch (type->width) {
    case 1:
        GATHER(uint8_t)
    case 2:
        GATHER(uint16_t)
    case 4:
        GATHER(uint32_t)
    case 8:
        GATHER(uint64_t)
    case 16:
        if (type->kind != TYPE_FIXED_STRING) {
            GATHER(struct slice)
        }
        /* fall through */
    default:
        for (uint32_t i = 0; i < row_count; i++) {
            memcpy((char *)made->values + (size_t)i * type->width,
                   (const char *)from[source[i]]->values + (size_t)i * steps[source[i]] * type->width, type->width);
        }
    }
    if (type->nullable) {
        for (uint32_t i = 0; i < row_count; i++) {
            made->nulls[i] = null_at(from[source[i]], i);
        }
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_multi_if(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t count = function->argument_count;
    uint32_t *source = ARENA_ARRAY(arena, uint32_t, row_count);
    uint8_t *yes = arena_alloc_aligned(arena, row_count, 64);
    const struct column **from;

    if (source == NULL || yes == NULL) {
        return arena_error(arena);
    }
    OR_DONE(branches(function, arena, arguments, 1, 2, true, &from));
    for (uint32_t i = 0; i < row_count; i++) {
        source[i] = count - 1;
    }
    for (uint32_t a = count - 1; a >= 2; a -= 2) {
        OR_DONE(conditions(arena, arguments[a - 2], row_count, yes));
        for (uint32_t i = 0; i < row_count; i++) {
            source[i] = yes[i] ? a - 1 : source[i];
        }
    }
    OR_DONE(gather(arena, function->inner, from, count, source, row_count, out));
done:
    return err;
}

static struct err *evaluate_coalesce(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t count = 0;
    uint32_t *source = ARENA_ARRAY(arena, uint32_t, row_count);
    const struct column **from;

    while (count < function->argument_count) {
        const struct type *type = function->argument_types[count++];
        if (!type->nullable && type->kind != TYPE_NOTHING) {
            break;
        }
    }

    if (source == NULL) {
        return arena_error(arena);
    }
    /* NULLs of an argument must not reach a type that has none: they are default values there, and not chosen */
    const struct type *nullable = type_nullable(arena, function->inner, true);
    if (nullable == NULL) {
        return arena_error(arena);
    }
    from = ARENA_ARRAY(arena, const struct column *, count);
    if (from == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        source[i] = count - 1;
    }
    for (uint32_t a = 0; a < count; a++) {
        OR_DONE(branch_of(function, arena, arguments[a], nullable, true, &from[a]));
    }
    for (uint32_t a = count; a-- > 0;) {
        for (uint32_t i = 0; i < row_count; i++) {
            source[i] = null_at(from[a], i) ? source[i] : a;
        }
    }
    OR_DONE(gather(arena, function->inner, from, count, source, row_count, out));
done:
    return err;
}

static struct err *evaluate_extreme(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool greatest = (enum choice)(intptr_t)function->data == CHOOSE_GREATEST;
    uint32_t count = function->argument_count;
    uint32_t *source = arena_zalloc(arena, row_count * sizeof(uint32_t));
    bool floats = type_is_float(function->inner);
    const struct column **from;

    if (source == NULL) {
        return arena_error(arena);
    }
    OR_DONE(branches(function, arena, arguments, 0, 1, false, &from));
    for (uint32_t a = 1; a < count; a++) {
        for (uint32_t i = 0; i < row_count; i++) {
            const struct column *best = from[source[i]];
            if (null_at(from[a], i)) {
                continue;
            }
            if (null_at(best, i)) {
                source[i] = a;
                continue;
            }
            if (floats && (column_is_nan(from[a], i) || column_is_nan(best, i))) {
                /* of two the second, of more the one that is a number */
                source[i] = count == 2 || column_is_nan(best, i) ? a : source[i];
                continue;
            }
            int order =
                column_compare_extreme(from[a], i * column_step(from[a]), best, i * column_step(best), greatest);
            if (greatest ? order > 0 : order < 0) {
                source[i] = a;
            }
        }
    }
    OR_DONE(gather(arena, function->inner, from, count, source, row_count, out));
done:
    return err;
}

/* UInt64 and Int64: compared as they are. */
static struct err *evaluate_extreme_mixed(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct function wide = *function;
    struct column *made;
    wide.inner = type_simple(TYPE_INT128);
    OR_DONE(evaluate_extreme(&wide, arena, arguments, row_count, &made));
    const struct column *cut = column_numbers(arena, made, function->inner->kind);
    *out = cut == NULL ? NULL : column_retyped(arena, cut, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *evaluate_null_if(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct function *equals = function->data;
    struct column *same;
    struct column *cast;
    OR_DONE(function_evaluate(equals, arena, NULL, arguments, row_count, &same));
    OR_DONE(function_cast(arena, function->context, arguments[0], function->inner, &cast));
    const struct column *flat = column_flat(arena, cast);
    const struct column *equal = column_flat(arena, same);
    struct column *made = flat == NULL ? NULL : column_retyped(arena, flat, function->inner);
    uint8_t *nulls = arena_alloc_aligned(arena, row_count, 64);
    if (equal == NULL || made == NULL || nulls == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        nulls[i] = (flat->nulls != NULL && flat->nulls[i]) ||
                   (!(equal->nulls != NULL && equal->nulls[i]) && ((const uint8_t *)equal->values)[i] != 0);
    }
    size_t width = function->inner->width;
    char *values = arena_alloc_aligned(arena, row_count * width + 1, 64);
    if (values == NULL) {
        return arena_error(arena);
    }
    memcpy(values, flat->values, row_count * width);
    for (uint32_t i = 0; i < row_count; i++) {
        if (nulls[i]) {
            memset(values + i * width, 0, width);
        }
    }
    made->values = values;
    made->nulls = nulls;
    *out = made;
done:
    return err;
}

/* greatest and least of two numbers have types of their own: UInt64 beside a signed number is Int128, beside Int64
 * UInt64 of the greatest and Int64 of the least; a decimal beside integers stays as it is, beside floats it is Float64.
 * NULL: as others. */
static const struct type *extreme_type(bool greatest, const struct type *a, const struct type *b)
{
    const struct type *other = a->kind == TYPE_UINT64 ? b : a;
    bool one = (a->kind == TYPE_UINT64) != (b->kind == TYPE_UINT64);
    if (a->nullable || b->nullable || !type_is_number(a) || !type_is_number(b)) {
        return NULL;
    }
    if ((a->kind == TYPE_DECIMAL) != (b->kind == TYPE_DECIMAL)) {
        return type_is_float(a) || type_is_float(b) ? type_simple(TYPE_FLOAT64) : a->kind == TYPE_DECIMAL ? a : b;
    }
    if (a->kind == TYPE_BOOL && b->kind == TYPE_BOOL) {
        return type_simple(TYPE_UINT8);
    }
    if (one && type_is_integer(other) && type_is_signed(other) && other->width <= 8) {
        return type_simple(other->width < 8 ? TYPE_INT128 : greatest ? TYPE_UINT64 : TYPE_INT64);
    }
    return NULL;
}

static struct err *resolve_choice(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, bind->count + 1);
    uint32_t count = 0;
    bool all_nullable = true;

    if (types == NULL) {
        return arena_error(bind->arena);
    }
    out->data = (const void *)(intptr_t)bind->tag;
    if (bind->tag == CHOOSE_IF || bind->tag == CHOOSE_MULTI_IF) {
        if (bind->count % 2 == 0) {
            return err_new(ERR_ARGUMENT_COUNT, "function %s needs an odd number of arguments, %u given", bind->name,
                           bind->count);
        }
        for (uint32_t a = 0; a + 1 < bind->count; a += 2) {
            const struct type *type = bind->arguments[a].type;
            if (!type_is_condition(type)) {
                return argument_error(bind, a, "a condition must be UInt8 or Bool");
            }
            types[count++] = bind->arguments[a + 1].type;
        }
        types[count++] = bind->arguments[bind->count - 1].type;
        out->evaluate = evaluate_multi_if;
    } else {
        for (uint32_t a = 0; a < bind->count; a++) {
            if (bind->tag == CHOOSE_COALESCE && !all_nullable) {
                break; /* what stands behind an argument that is never NULL is not looked at */
            }
            if (bind->tag == CHOOSE_COALESCE && bind->arguments[a].type->kind == TYPE_NOTHING && a + 1 < bind->count) {
                continue; /* a NULL leaves the choice to the others */
            }
            types[count++] = bind->arguments[a].type;
            all_nullable &= bind->arguments[a].type->nullable || bind->arguments[a].type->kind == TYPE_NOTHING;
        }
        out->evaluate = bind->tag == CHOOSE_COALESCE ? evaluate_coalesce : evaluate_extreme;
    }
    if (out->evaluate == evaluate_extreme && count == 2) {
        out->inner = extreme_type(bind->tag == CHOOSE_GREATEST, types[0], types[1]);
        if (out->inner != NULL && (out->inner->kind == TYPE_UINT64 || out->inner->kind == TYPE_INT64)) {
            out->evaluate = evaluate_extreme_mixed;
        }
        if ((types[0]->kind == TYPE_INTERVAL) != (types[1]->kind == TYPE_INTERVAL)) {
            return no_common_type(bind->arena, types[0], types[1]);
        }
    }
    if (out->inner == NULL) {
        err = function_common_type(bind->arena, types, count, &out->inner);
        if (err != NULL && out->evaluate == evaluate_extreme && count == 2 && type_is_number(types[0]) &&
            type_is_number(types[1]) && !types[0]->nullable && !types[1]->nullable &&
            err_code(err) == ERR_NO_COMMON_TYPE) {
            err_free(err);
            err = argument_error(bind, 1, "it has no type with the other argument");
        }
        OR_DONE(err);
    }
    if (bind->tag == CHOOSE_COALESCE && !all_nullable) {
        out->inner = type_nullable(bind->arena, out->inner, false);
    }
    if (bind->tag == CHOOSE_IF || bind->tag == CHOOSE_MULTI_IF) {
        /* a constant condition decides the type too: if(NULL, 1, 2) is UInt8 */
        out->inner = type_low_cardinality(bind->arena, out->inner, false);
    }
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *resolve_null_if(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct function *equals;
    if (type_is_nested(bind->arguments[0].type)) {
        return argument_error(bind, 0, "arrays, tuples and maps cannot be inside Nullable");
    }
    OR_DONE(function_resolve(bind->arena, bind->context, slice_text("equals"), bind->arguments, 2, &equals));
    out->data = equals;
    out->evaluate = evaluate_null_if;
    out->inner = type_nullable(bind->arena, bind->arguments[0].type, true);
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- NULL tests -------------------------------------------------------------------------------------------------- */

static struct err *evaluate_is_null(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint8_t null = (intptr_t)function->data == 1;
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    bool nothing = arguments[0]->type->kind == TYPE_NOTHING;
    for (uint32_t i = 0; i < row_count; i++) {
        ((uint8_t *)made->values)[i] = nothing || null_at(arguments[0], i) ? null : !null;
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_is_null(const struct function_bind *bind, struct function *out)
{
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_is_null;
    out->data = (const void *)(intptr_t)bind->tag;
    return NULL;
}

static struct err *evaluate_nullable(EVALUATE_ARGUMENTS)
{
    (void)row_count;
    struct column *made = column_retyped(arena, arguments[0], function->inner);
    if (made == NULL) {
        return arena_error(arena);
    }
    if (!function->inner->nullable) {
        made->nulls = NULL;
    }
    *out = made;
    return NULL;
}

static struct err *resolve_nullable(const struct function_bind *bind, struct function *out)
{
    if (bind->tag == 1 && type_is_nested(bind->arguments[0].type)) {
        return argument_error(bind, 0, "arrays, tuples and maps cannot be inside Nullable");
    }
    out->inner = type_nullable(bind->arena, bind->arguments[0].type, bind->tag == 1);
    out->evaluate = evaluate_nullable;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

static const struct function_definition definitions[] = {
    {"if", true, 3, 3, FUNCTION_NULLS | FUNCTION_LAZY | FUNCTION_FULL, resolve_choice, CHOOSE_IF},
    {"multiIf", false, 3, ANY_COUNT, FUNCTION_NULLS | FUNCTION_LAZY | FUNCTION_FULL, resolve_choice, CHOOSE_MULTI_IF},
    {"coalesce", true, 1, ANY_COUNT, FUNCTION_NULLS, resolve_choice, CHOOSE_COALESCE},
    {"ifNull", true, 2, 2, FUNCTION_NULLS, resolve_choice, CHOOSE_COALESCE},
    {"nullIf", true, 2, 2, FUNCTION_NULLS, resolve_null_if, CHOOSE_NULL_IF},
    {"greatest", true, 1, ANY_COUNT, FUNCTION_NULLS, resolve_choice, CHOOSE_GREATEST},
    {"least", true, 1, ANY_COUNT, FUNCTION_NULLS, resolve_choice, CHOOSE_LEAST},
    {"isNull", true, 1, 1, FUNCTION_NULLS | FUNCTION_FULL | FUNCTION_VIEWS, resolve_is_null, 1},
    {"isNotNull", false, 1, 1, FUNCTION_NULLS | FUNCTION_FULL | FUNCTION_VIEWS, resolve_is_null, 0},
    {"assumeNotNull", false, 1, 1, FUNCTION_NULLS, resolve_nullable, 0},
    {"toNullable", false, 1, 1, FUNCTION_NULLS, resolve_nullable, 1},
};
static const struct function_alias aliases[] = {{"caseWithoutExpression", false, "multiIf"}};
const struct function_group functions_condition = GROUP_OF(definitions, aliases);
