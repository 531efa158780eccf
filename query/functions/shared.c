/*
 * shared.c: columns as vectors of C numbers and strings; errors about arguments; text buffers.
 *
 * flow     every file of query/functions/
 * thread   any, no shared state
 */
#include "base/int256.h"
#include "query/functions/functions.h"

struct err *argument_error(const struct function_bind *bind, uint32_t index, const char *needed)
{
    struct slice name = type_name(bind->arena, bind->arguments[index].type);
    return err_new(ERR_ARGUMENT_TYPE, "Illegal type %.*s of argument %u of function %s: %s", SLICE_ARG(name), index + 1,
                   bind->name, needed);
}

struct err *argument_string(const struct function_bind *bind, uint32_t index)
{
    return type_is_string(bind->arguments[index].type) ? NULL : argument_error(bind, index, "a string is needed");
}

struct err *argument_number(const struct function_bind *bind, uint32_t index)
{
    return type_is_number(bind->arguments[index].type) ? NULL : argument_error(bind, index, "a number is needed");
}

struct err *argument_whole(const struct function_bind *bind, uint32_t index)
{
    const struct type *type = bind->arguments[index].type;
    return type_is_integer(type) || type->kind == TYPE_BOOL ? NULL
                                                            : argument_error(bind, index, "an integer is needed");
}

struct err *argument_integer(const struct function_bind *bind, uint32_t index)
{
    return bind->arguments[index].type->width > 8 && type_is_integer(bind->arguments[index].type)
               ? argument_error(bind, index, "an integer of up to 64 bits is needed")
               : argument_whole(bind, index);
}

struct err *argument_time(const struct function_bind *bind, uint32_t index)
{
    return type_is_time(bind->arguments[index].type)
               ? NULL
               : argument_error(bind, index, "Date, Date32, DateTime or DateTime64 is needed");
}

struct err *argument_constant_text(const struct function_bind *bind, uint32_t index, struct slice *out)
{
    const struct function_argument *argument = &bind->arguments[index];
    if (argument->constant == NULL || argument->type->kind != TYPE_STRING) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument %u of function %s must be a constant string", index + 1,
                       bind->name);
    }
    *out = *(const struct slice *)argument->constant->values;
    return NULL;
}

struct err *argument_constant_int(const struct function_bind *bind, uint32_t index, int64_t *out)
{
    const struct function_argument *argument = &bind->arguments[index];
    if (argument->constant == NULL || !(type_is_integer(argument->type) || argument->type->kind == TYPE_BOOL)) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument %u of function %s must be a constant integer", index + 1,
                       bind->name);
    }
    *out = column_int(argument->constant, 0);
    return NULL;
}

struct err *result_new(struct arena *arena, const struct type *type, uint32_t row_count, struct column **out)
{
    *out = column_new(arena, type, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct column *column_retyped(struct arena *arena, const struct column *column, const struct type *type)
{
    struct column *copy = ARENA_NEW(arena, struct column);
    if (copy != NULL) {
        *copy = *column;
        copy->type = type;
    }
    return copy;
}

char *text_room(struct text_buffer *buffer, size_t length)
{
    if (buffer->left < length || buffer->at == NULL) {
        size_t room = length > 8192 ? length : 16384;
        buffer->at = arena_alloc(buffer->arena, room);
        buffer->left = buffer->at == NULL ? 0 : room;
    }
    return buffer->at;
}

const struct column *column_strings(struct arena *arena, const struct column *column)
{
    if (column->type->kind != TYPE_FIXED_STRING) {
        return column;
    }
    uint32_t count = column->form == COLUMN_CONST ? 1 : column->row_count;
    uint32_t length = column->type->length;
    struct slice *slices = ARENA_ARRAY(arena, struct slice, count + 1U);
    struct column *copy = column_retyped(arena, column, type_simple(TYPE_STRING));
    if (slices == NULL || copy == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        slices[i] = slice_of((const char *)column->values + (size_t)i * length, length);
    }
    copy->values = slices;
    return copy;
}

enum type_kind type_physical(const struct type *type)
{
    switch (type->kind) {
    case TYPE_BOOL:
        return TYPE_UINT8;
    case TYPE_DATE:
        return TYPE_UINT16;
    case TYPE_DATE32:
        return TYPE_INT32;
    case TYPE_DATETIME:
    case TYPE_IPV4:
        return TYPE_UINT32;
    case TYPE_DATETIME64:
    case TYPE_INTERVAL:
        return TYPE_INT64;
    case TYPE_UUID:
        return TYPE_UINT128;
    case TYPE_ENUM8:
        return TYPE_INT8;
    case TYPE_ENUM16:
        return TYPE_INT16;
    case TYPE_DECIMAL:
        return type->width == 4 ? TYPE_INT32 : type->width == 8 ? TYPE_INT64 : TYPE_INT128;
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
    case TYPE_INT128:
    case TYPE_UINT128:
    case TYPE_INT256:
    case TYPE_UINT256:
        return type->kind;
    default:
        return TYPE_NOTHING;
    }
}

/* Floats outside the integer's range saturate; NaN is 0. C leaves both undefined. */
static inline int64_t float_to_int(double value)
{
    if (!(value > -9223372036854775808.0)) {
        return value < 0 ? INT64_MIN : 0;
    }
    return value >= 9223372036854775808.0 ? INT64_MAX : (int64_t)value;
}

static inline uint64_t float_to_uint(double value)
{
    if (!(value >= 0)) {
        return (uint64_t)float_to_int(value);
    }
    return value >= 18446744073709551616.0 ? UINT64_MAX : (uint64_t)value;
}

static inline __int128 float_to_wide(double value)
{
    return (__int128)int256_low(int256_from_double(value)); /* modulo 2^128, rounded as ClickHouse does */
}

#define CONVERT_LOOP(from, to, expression)                                                                             \
    {                                                                                                                  \
        const from *restrict in = values;                                                                              \
        to *restrict result = made->values;                                                                            \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            from value = in[i];                                                                                        \
            result[i] = (to)(expression);                                                                              \
        }                                                                                                              \
    }                                                                                                                  \
    break;

#define FROM_ANY_INTEGER(to)                                                                                           \
    case TYPE_INT8:                                                                                                    \
        CONVERT_LOOP(int8_t, to, value)                                                                                \
    case TYPE_INT16:                                                                                                   \
        CONVERT_LOOP(int16_t, to, value)                                                                               \
    case TYPE_INT32:                                                                                                   \
        CONVERT_LOOP(int32_t, to, value)                                                                               \
    case TYPE_INT64:                                                                                                   \
        CONVERT_LOOP(int64_t, to, value)                                                                               \
    case TYPE_UINT8:                                                                                                   \
        CONVERT_LOOP(uint8_t, to, value)                                                                               \
    case TYPE_UINT16:                                                                                                  \
        CONVERT_LOOP(uint16_t, to, value)                                                                              \
    case TYPE_UINT32:                                                                                                  \
        CONVERT_LOOP(uint32_t, to, value)                                                                              \
    case TYPE_UINT64:                                                                                                  \
        CONVERT_LOOP(uint64_t, to, value)                                                                              \
    case TYPE_INT128:                                                                                                  \
        CONVERT_LOOP(__int128, to, value)                                                                              \
    case TYPE_UINT128:                                                                                                 \
        CONVERT_LOOP(unsigned __int128, to, value)

#define CONVERTER(kind, to, from_float)                                                                                \
    case kind:                                                                                                         \
        switch (from) {                                                                                                \
            FROM_ANY_INTEGER(to)                                                                                       \
        case TYPE_FLOAT32:                                                                                             \
            CONVERT_LOOP(float, to, from_float(value))                                                                 \
        case TYPE_FLOAT64:                                                                                             \
            CONVERT_LOOP(double, to, from_float(value))                                                                \
        default:                                                                                                       \
            return NULL;                                                                                               \
        }                                                                                                              \
        break;

#define AS_IS(value) (value)

const struct column *column_numbers(struct arena *arena, const struct column *column, enum type_kind kind)
{
    enum type_kind from = type_physical(column->type);
    if (from == kind) {
        return column;
    }
    if (type_is_256(column->type) || kind == TYPE_INT256 || kind == TYPE_UINT256) {
        return column_numbers_256(arena, column, kind);
    }
    uint32_t count = column->form == COLUMN_CONST ? 1 : column->row_count;
    struct column *made = column_new(arena, type_simple(kind), count);
    if (made == NULL) {
        return NULL;
    }
    const void *values = column->values;
    switch ((int)kind) {
        CONVERTER(TYPE_INT8, int8_t, float_to_int)
        CONVERTER(TYPE_INT16, int16_t, float_to_int)
        CONVERTER(TYPE_INT32, int32_t, float_to_int)
        CONVERTER(TYPE_INT64, int64_t, float_to_int)
        CONVERTER(TYPE_UINT8, uint8_t, float_to_uint)
        CONVERTER(TYPE_UINT16, uint16_t, float_to_uint)
        CONVERTER(TYPE_UINT32, uint32_t, float_to_uint)
        CONVERTER(TYPE_UINT64, uint64_t, float_to_uint)
        CONVERTER(TYPE_INT128, __int128, float_to_wide)
        CONVERTER(TYPE_UINT128, unsigned __int128, float_to_wide)
        CONVERTER(TYPE_FLOAT32, float, AS_IS)
        CONVERTER(TYPE_FLOAT64, double, AS_IS)
    default:
        return NULL;
    }
    if (column->type->kind == TYPE_DECIMAL && column->type->scale > 0 &&
        (kind == TYPE_FLOAT32 || kind == TYPE_FLOAT64)) {
        double divisor = 1;
        for (uint32_t s = 0; s < column->type->scale; s++) {
            divisor *= 10;
        }
        for (uint32_t i = 0; i < count; i++) {
            if (kind == TYPE_FLOAT64) {
                ((double *)made->values)[i] /= divisor;
            } else {
                ((float *)made->values)[i] = (float)(((float *)made->values)[i] / divisor);
            }
        }
    }
    made->form = column->form;
    made->row_count = column->row_count;
    made->nulls = column->nulls;
    return made;
}

int64_t column_int(const struct column *column, uint32_t row)
{
    const void *value = column_value(column, row);
    switch ((int)type_physical(column->type)) {
#define INT_CASE(kind, ctype, utype)                                                                                   \
    case kind:                                                                                                         \
        return (int64_t)(*(const ctype *)value);
        INTEGER_KINDS(INT_CASE)
        WIDE_KINDS(INT_CASE)
#undef INT_CASE
    case TYPE_INT256:
    case TYPE_UINT256:
        return (int64_t)((const struct int256 *)value)->word[0];
    case TYPE_FLOAT32:
        return float_to_int((double)*(const float *)value);
    case TYPE_FLOAT64:
        return float_to_int(*(const double *)value);
    default:
        return 0;
    }
}
