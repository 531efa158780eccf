/*
 * convert.c: toInt32, toDate, toDecimal64, CAST and their -OrNull, -OrZero, -OrDefault forms; toString, toTypeName.
 *
 * thread   any, no shared state
 */
#include "query/functions/cast.h"
#include "query/functions/value_text.h"

#include "base/timezone.h"

enum form { FORM_PLAIN, FORM_OR_NULL, FORM_OR_ZERO, FORM_OR_DEFAULT, FORM_COUNT };
#define TAG(kind, form) ((int)(kind)*FORM_COUNT + (int)(form))

struct conversion {
    const struct type *type; /* nullable for or-null and accurate */
    enum cast_mode mode;
    bool or_default;         /* where the value does not fit the type: the default, */
    bool has_default;        /* which the last argument holds */
    const struct type *from; /* the argument's type in the zone that was asked for; NULL: as it is */
};

static struct err *cast_or_default(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct conversion *conversion = function->data;
    const struct column *both[2];
    struct column *cast;
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    if (sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_accurate_or_null(arena, function->context, arguments[0], conversion->type, &cast));
    both[0] = cast;
    both[1] = conversion->has_default ? arguments[function->argument_count - 1]
                                      : cast_default(arena, conversion->type, row_count);
    if (both[1] == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        sources[i] = column_is_null(cast, i);
        rows[i] = i;
    }
    *out = column_pick(arena, conversion->type, both, 2, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *evaluate_conversion(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct conversion *conversion = function->data;
    struct column *made;
    const struct column *zoned = NULL;
    if (conversion->from != NULL) {
        zoned = column_retyped(arena, arguments[0], conversion->from);
        if (zoned == NULL) {
            return arena_error(arena);
        }
        arguments = &zoned;
    }
    if (conversion->or_default) {
        return cast_or_default(function, arena, arguments, row_count, out);
    }
    OR_DONE(column_cast(arena, function->context, arguments[0], conversion->type, conversion->mode, &made));
    *out = made;
done:
    return err;
}

static struct err *bind_conversion(const struct function_bind *bind, struct function *out, const struct type *type,
                                   enum form form, bool has_default)
{
    struct err *err = NULL;
    struct conversion *conversion = ARENA_NEW(bind->arena, struct conversion);
    if (conversion == NULL || type == NULL) {
        return arena_error(bind->arena);
    }
    conversion->mode = form == FORM_PLAIN ? CAST_PLAIN : form == FORM_OR_ZERO ? CAST_OR_ZERO : CAST_OR_NULL;
    if (form == FORM_OR_NULL) {
        type = type_nullable(bind->arena, type, true);
        if (type == NULL) {
            return arena_error(bind->arena);
        }
    }
    const struct type *given = bind->arguments[bind->count - 1].type;
    bool same = type_is_time(type) ? given->kind == type->kind && given->scale == type->scale && !given->nullable
                                   : type_equal(given, type);
    if (has_default && !same) {
        return err_new(ERR_BAD_ARGUMENTS, "Default value type should be same as cast type. Expected %.*s. Actual %.*s",
                       SLICE_ARG(type_name(bind->arena, type)), SLICE_ARG(type_name(bind->arena, given)));
    }
    conversion->type = type;
    conversion->or_default = form == FORM_OR_DEFAULT;
    conversion->has_default = has_default;
    out->inner = type;
    out->data = conversion;
    out->evaluate = evaluate_conversion;
    /* what cannot be converted is refused now, not at the first row */
    struct column *none = column_empty(bind->arena, bind->arguments[0].type);
    struct column *made;
    if (none == NULL) {
        return arena_error(bind->arena);
    }
    if (form == FORM_OR_DEFAULT) {
        OR_DONE(cast_accurate_or_null(bind->arena, bind->context, none, type, &made));
    } else {
        OR_DONE(column_cast(bind->arena, bind->context, none, type, conversion->mode, &made));
    }
    if (type_is_time(bind->arguments[0].type) && type_is_time(type)) {
        bool wraps = type->kind == TYPE_DATE || type->kind == TYPE_DATETIME;
        out->flags |= FUNCTION_MONOTONIC | (wraps ? FUNCTION_WRAPS : 0) |
                      (type->kind == TYPE_DATE || type->kind == TYPE_DATE32 ? FUNCTION_COARSE : 0);
    }
done:
    return err;
}

static struct err *bind_zone(const struct function_bind *bind, uint32_t index, const struct timezone **out)
{
    struct err *err = NULL;
    struct slice name;
    *out = NULL;
    if (index < bind->count) {
        OR_DONE(argument_constant_text(bind, index, &name));
        OR_DONE(timezone_find(name, out));
    } else if (bind->count > 0 && bind->arguments[0].type->zone != NULL) {
        *out = bind->arguments[0].type->zone;
    }
done:
    return err;
}

static struct err *resolve_conversion(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum type_kind kind = (enum type_kind)(bind->tag / FORM_COUNT);
    enum form form = (enum form)(bind->tag % FORM_COUNT);
    const struct type *type = NULL;
    const struct timezone *zone = NULL;
    int64_t number = 0;
    uint32_t next = 1;

    switch ((int)kind) {
    case TYPE_DATETIME:
        next = bind->count > 1 && (form != FORM_OR_DEFAULT || type_is_string(bind->arguments[1].type)) ? 2 : 1;
        OR_DONE(bind_zone(bind, next == 2 ? 1 : bind->count, &zone));
        type = type_datetime(bind->arena, zone);
        break;
    case TYPE_DATETIME64:
        number = 3;
        if (bind->count > 1) {
            OR_DONE(argument_constant_int(bind, 1, &number));
        }
        if (number < 0 || number > 9) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "scale %lld of DateTime64 is out of bounds: 0 to 9",
                           (long long)number);
        }
        next = form == FORM_OR_DEFAULT && bind->count > 2 ? (type_is_string(bind->arguments[2].type) ? 3 : 2)
                                                          : bind->count;
        OR_DONE(bind_zone(bind, next == 2 ? bind->count : 2, &zone));
        type = type_datetime64(bind->arena, (uint8_t)number, zone);
        break;
    case TYPE_DATE:
    case TYPE_DATE32:
        next = bind->count > 1 && form != FORM_OR_DEFAULT ? 2 : 1;
        OR_DONE(bind_zone(bind, next == 2 ? 1 : bind->count, &zone));
        type = type_simple(kind);
        break;
    case TYPE_FIXED_STRING:
        OR_DONE(argument_constant_int(bind, 1, &number));
        OR_DONE(argument_string(bind, 0));
        if (number < 1 || number > 0xffffff) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "length %lld of FixedString is out of bounds", (long long)number);
        }
        next = 2;
        type = type_fixed_string(bind->arena, (uint32_t)number);
        break;
    default:
        if (kind >= TYPE_KINDS) { /* decimals: the precision is in the tag */
            uint8_t precision = (uint8_t)((int)kind - TYPE_KINDS);
            OR_DONE(argument_constant_int(bind, 1, &number));
            if (number < 0 || number > precision) {
                return err_new(ERR_SIZE_OUT_OF_BOUND, "scale %lld of a Decimal is out of bounds: 0 to %u",
                               (long long)number, precision);
            }
            next = 2;
            type = type_decimal(bind->arena, precision, (uint8_t)number);
        } else {
            type = type_simple(kind);
        }
    }
    if (form != FORM_PLAIN && form != FORM_OR_DEFAULT && !type_is_string(bind->arguments[0].type)) {
        return argument_error(bind, 0, "a string is needed");
    }
    if (next < bind->count && form != FORM_OR_DEFAULT) {
        return err_new(ERR_ARGUMENT_COUNT, "function %s takes %u arguments, %u given", bind->name, next, bind->count);
    }
    if (bind->count > next + 1) {
        return err_new(ERR_ARGUMENT_COUNT, "function %s takes %u arguments at most, %u given", bind->name, next + 1,
                       bind->count);
    }
    if (form == FORM_PLAIN && bind->nullable && type_is_string(bind->arguments[0].type) &&
        bind->arguments[0].type->view == TYPE_VIEW_NONE && kind != TYPE_BOOL && kind != TYPE_FIXED_STRING &&
        kind != TYPE_DATETIME64) {
        form = FORM_OR_NULL; /* a Nullable text that is no value of the type */
    }
    OR_DONE(bind_conversion(bind, out, type, form, form == FORM_OR_DEFAULT && bind->count > next));
    if (zone != NULL && (kind == TYPE_DATE || kind == TYPE_DATE32) && bind->count > 1) {
        struct function_context *context = ARENA_NEW(bind->arena, struct function_context);
        if (context == NULL) {
            return arena_error(bind->arena);
        }
        *context = bind->context == NULL ? (struct function_context){0} : *bind->context;
        context->zone = zone;
        out->context = context;
        const struct type *from = bind->arguments[0].type;
        if (from->kind == TYPE_DATETIME || from->kind == TYPE_DATETIME64) {
            struct type *zoned = ARENA_NEW(bind->arena, struct type);
            if (zoned == NULL) {
                return arena_error(bind->arena);
            }
            *zoned = *from;
            zoned->zone = zone;
            ((struct conversion *)(uintptr_t)out->data)->from = zoned;
        }
    }
done:
    return err;
}

static struct err *resolve_cast(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice name;
    const struct type *type;
    OR_DONE(argument_constant_text(bind, 1, &name));
    OR_DONE(type_parse(bind->arena, name, &type));
    if (bind->tag == CAST_ACCURATE || bind->tag == CAST_OR_NULL) {
        type = type_nullable(bind->arena, type, true);
        if (type == NULL) {
            return arena_error(bind->arena);
        }
    }
    if (bind->arguments[0].type->kind == TYPE_NOTHING && !type->nullable) {
        return err_new(ERR_CANNOT_CONVERT, "Cannot convert NULL value to non-Nullable type");
    }
    OR_DONE(bind_conversion(bind, out, type, FORM_PLAIN, false));
    ((struct conversion *)(uintptr_t)out->data)->mode = (enum cast_mode)bind->tag;
done:
    return err;
}

/* toString(time, zone) */
static struct err *resolve_to_string(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (bind->count == 2) {
        const struct timezone *zone;
        OR_DONE(argument_time(bind, 0));
        OR_DONE(bind_zone(bind, 1, &zone));
        struct type *moved = ARENA_NEW(bind->arena, struct type);
        const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, 2);
        if (moved == NULL || types == NULL) {
            return arena_error(bind->arena);
        }
        *moved = *bind->arguments[0].type;
        moved->zone = zone;
        types[0] = moved; /* the argument is read as a time of that zone */
        types[1] = bind->arguments[1].type;
        out->argument_types = types;
    }
    OR_DONE(bind_conversion(bind, out, type_simple(TYPE_STRING), FORM_PLAIN, false));
    out->flags &= ~(uint32_t)FUNCTION_MONOTONIC;
done:
    return err;
}

static struct err *evaluate_low_cardinality(EVALUATE_ARGUMENTS)
{
    (void)row_count;
    *out = column_retyped(arena, arguments[0], function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_low_cardinality(const struct function_bind *bind, struct function *out)
{
    out->inner = type_low_cardinality(bind->arena, bind->arguments[0].type, true);
    out->evaluate = evaluate_low_cardinality;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

#define FAMILY(name, kind, least, most)                                                                                \
    {name, false, least, most, FUNCTION_CAN_FAIL | FUNCTION_VIEWS, resolve_conversion, TAG(kind, FORM_PLAIN)},         \
        {name "OrNull", false, least, most, 0, resolve_conversion, TAG(kind, FORM_OR_NULL)},                           \
        {name "OrZero", false, least, most, 0, resolve_conversion, TAG(kind, FORM_OR_ZERO)},                           \
    {                                                                                                                  \
        name "OrDefault", false, least, (most) + 1, FUNCTION_NULLS, resolve_conversion, TAG(kind, FORM_OR_DEFAULT)     \
    }

static const struct function_definition definitions[] = {
    FAMILY("toInt8", TYPE_INT8, 1, 1),
    FAMILY("toInt16", TYPE_INT16, 1, 1),
    FAMILY("toInt32", TYPE_INT32, 1, 1),
    FAMILY("toInt64", TYPE_INT64, 1, 1),
    FAMILY("toUInt8", TYPE_UINT8, 1, 1),
    FAMILY("toUInt16", TYPE_UINT16, 1, 1),
    FAMILY("toUInt32", TYPE_UINT32, 1, 1),
    FAMILY("toUInt64", TYPE_UINT64, 1, 1),
    FAMILY("toInt128", TYPE_INT128, 1, 1),
    FAMILY("toUInt128", TYPE_UINT128, 1, 1),
    FAMILY("toInt256", TYPE_INT256, 1, 1),
    FAMILY("toUInt256", TYPE_UINT256, 1, 1),
    FAMILY("toFloat32", TYPE_FLOAT32, 1, 1),
    FAMILY("toFloat64", TYPE_FLOAT64, 1, 1),
    FAMILY("toDate", TYPE_DATE, 1, 2),
    FAMILY("toDate32", TYPE_DATE32, 1, 2),
    FAMILY("toDateTime", TYPE_DATETIME, 1, 2),
    FAMILY("toDateTime64", TYPE_DATETIME64, 1, 3),
    FAMILY("toDecimal32", TYPE_KINDS + 9, 2, 2),
    FAMILY("toDecimal64", TYPE_KINDS + 18, 2, 2),
    FAMILY("toDecimal128", TYPE_KINDS + 38, 2, 2),
    FAMILY("toUUID", TYPE_UUID, 1, 1),
    FAMILY("toIPv4", TYPE_IPV4, 1, 1),
    FAMILY("toIPv6", TYPE_IPV6, 1, 1),
    {"toBool", false, 1, 1, FUNCTION_CAN_FAIL, resolve_conversion, TAG(TYPE_BOOL, FORM_PLAIN)},
    {"toFixedString", false, 2, 2, FUNCTION_CAN_FAIL, resolve_conversion, TAG(TYPE_FIXED_STRING, FORM_PLAIN)},
    {"toString", false, 1, 2, FUNCTION_VIEWS, resolve_to_string, 0},
    {"CAST", true, 2, 2, FUNCTION_VIEWS | FUNCTION_NULLS | FUNCTION_CAN_FAIL | FUNCTION_FULL, resolve_cast, CAST_ASKED},
    {"accurateCastOrNull", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_cast, CAST_ACCURATE},
    {"toLowCardinality", false, 1, 1, FUNCTION_NULLS, resolve_low_cardinality, 0},
};
static const struct function_alias aliases[] = {
    {"DATE", true, "toDate"},
    {"_CAST", false, "CAST"},

};
const struct function_group functions_convert = GROUP_OF(definitions, aliases);
