/*
 * array_make.c: arrays out of numbers and of other arrays, and back to text: range, arrayWithConstant, emptyArray…,
 * arrayEnumerate, arrayZip, arrayStringConcat; mapKeys, mapValues.
 *
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

/* --- range -------------------------------------------------------------------------------------------------------- */

#define RANGE_ELEMENTS_MAX 500000000U /* function_range_max_elements_in_block */
#define PIECE              65536U     /* elements between two looks */

static __int128 number_at(const struct column *column, bool is_unsigned, uint32_t row)
{
    int64_t number = VALUE_AT(column, int64_t, row);
    return is_unsigned ? (__int128)(uint64_t)number : (__int128)number;
}

struct range_row {
    __int128 begin;
    __int128 step;
    uint64_t count;
};

static struct err *range_row(const struct function *function, const struct column *const *numbers, uint32_t row,
                             struct range_row *out)
{
    uint32_t count = function->argument_count;
    __int128 values[3] = {0, 0, 1};
    for (uint32_t a = 0; a < count; a++) {
        bool is_unsigned = function->argument_types[a]->kind == TYPE_UINT64;
        values[count == 1 ? 1 : a] = number_at(numbers[a], is_unsigned, row);
    }
    if (count == 1 && values[1] < 0) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "A call to function range overflows, only support positive values when "
                                              "only end is provided");
    }
    if (values[2] == 0) {
        return err_new(ERR_SIZE_OUT_OF_BOUND,
                       "A call to function range underflows, the 3rd argument step can't be less or equal to zero");
    }
    __int128 span = values[2] > 0 ? values[1] - values[0] : values[0] - values[1];
    __int128 step = values[2] > 0 ? values[2] : -values[2];
    __int128 steps = span <= 0 ? 0 : (span + step - 1) / step;
    if (steps > RANGE_ELEMENTS_MAX) {
        return err_new(ERR_SIZE_OUT_OF_BOUND,
                       "A call to function range would produce more array elements than the allowed maximum of %u",
                       RANGE_ELEMENTS_MAX);
    }
    *out = (struct range_row){values[0], values[2], (uint64_t)steps};
    return NULL;
}

static struct err *evaluate_range(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *numbers[3];
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct range_row *rows = ARENA_ARRAY(arena, struct range_row, row_count);
    uint64_t total = 0, steps = 0;
    if (offsets == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        numbers[a] = column_numbers(arena, arguments[a], TYPE_INT64);
        if (numbers[a] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < row_count; i++) {
        OR_DONE(range_row(function, numbers, i, &rows[i]));
        offsets[i] = (uint32_t)total;
        total += rows[i].count;
        if (total > RANGE_ELEMENTS_MAX) {
            return err_new(ERR_SIZE_OUT_OF_BOUND,
                           "A call to function range would produce %llu array elements, which is greater than the "
                           "allowed maximum of %u",
                           (unsigned long long)total, RANGE_ELEMENTS_MAX);
        }
    }
    offsets[row_count] = (uint32_t)total;
    const struct type *type = function->inner->children[0];
    struct column *items = column_new(arena, type, (uint32_t)total);
    if (items == NULL) {
        return arena_error(arena);
    }
#define FILL(kind, c_type, u_type)                                                                                     \
    case kind: {                                                                                                       \
        c_type *to = items->values;                                                                                    \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            u_type value = (u_type)rows[i].begin;                                                                      \
            for (uint64_t left = rows[i].count, piece; left > 0; left -= piece) {                                      \
                piece = left < PIECE ? left : PIECE;                                                                   \
                OR_DONE(interrupt_steps(&steps, 2 * piece));                                                           \
                for (uint64_t k = 0; k < piece; k++) {                                                                 \
                    *to++ = (c_type)value;                                                                             \
                    value = (u_type)(value + (u_type)rows[i].step);                                                    \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        break;                                                                                                         \
    }
    switch ((int)type->kind) {
        INTEGER_KINDS(FILL)
    default:
        break;
    }
#undef FILL
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_range(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *types[3];
    const struct type *child;
    for (uint32_t a = 0; a < bind->count; a++) {
        OR_DONE(argument_whole(bind, a));
        if (bind->arguments[a].type->width > 8) {
            return err_new(ERR_ILLEGAL_COLUMN, "function range takes integers of up to 64 bits");
        }
        types[a] = bind->arguments[a].type;
    }
    OR_DONE(function_common_type(bind->arena, types, bind->count, &child));
    out->inner = type_array(bind->arena, child->kind == TYPE_BOOL ? type_simple(TYPE_UINT8) : child);
    out->evaluate = evaluate_range;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- arrayWithConstant, emptyArray… ------------------------------------------------------------------------------- */

static struct err *evaluate_with_constant(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *sizes = column_numbers(arena, arguments[0], TYPE_INT64);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    uint64_t total = 0;
    if (sizes == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t size = VALUE_AT(sizes, int64_t, i);
        if (size < 0 || size > 1 << 30 || total + (uint64_t)size > 1 << 30) {
            return err_new(ERR_TOO_LARGE_ARRAY, "Array size %lld must be non-negative and at most 2^30",
                           (long long)size);
        }
        offsets[i] = (uint32_t)total;
        total += (uint64_t)size;
    }
    offsets[row_count] = (uint32_t)total;
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total + 1U);
    if (rows == NULL) {
        return arena_error(arena);
    }
    struct arrays arrays = {offsets, 1, NULL};
    OR_DONE(arrays_rows(&arrays, row_count, rows));
    struct column *items = column_take(arena, arguments[1], rows, (uint32_t)total);
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_with_constant(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_integer(bind, 0));
    out->inner = type_array(bind->arena, bind->arguments[1].type);
    out->evaluate = evaluate_with_constant;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *evaluate_empty(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_default(arena, function->inner, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_empty(const struct function_bind *bind, struct function *out)
{
    out->inner = type_array(bind->arena, type_simple((enum type_kind)bind->tag));
    out->evaluate = evaluate_empty;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- arrayEnumerate ----------------------------------------------------------------------------------------------- */

static struct err *evaluate_enumerate(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    struct column *items = column_new(arena, type_simple(TYPE_UINT32), flat->offsets[row_count]);
    if (items == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        for (uint32_t e = flat->offsets[i]; e < flat->offsets[i + 1]; e++) {
            OR_DONE(interrupt_at(e));
            ((uint32_t *)items->values)[e] = e - flat->offsets[i] + 1;
        }
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, flat->offsets, items, out));
done:
    return err;
}

static struct err *resolve_enumerate(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    out->inner = type_array(bind->arena, type_simple(TYPE_UINT32));
    out->evaluate = evaluate_enumerate;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- arrayZip ----------------------------------------------------------------------------------------------------- */

static struct err *evaluate_zip(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *tuple = function->inner->children[0];
    const struct column *first = NULL;
    struct column *pairs = NULL;
    for (uint32_t a = 0; a < function->argument_count; a++) {
        const struct column *flat;
        OR_DONE(arrays_flat(arena, arguments[a], &flat));
        if (a == 0) {
            first = flat;
            pairs = column_new(arena, tuple, flat->offsets[row_count]);
            if (pairs == NULL) {
                return arena_error(arena);
            }
        } else if (memcmp(first->offsets, flat->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
            return err_new(ERR_ARRAY_SIZES,
                           "The argument 1 and argument %u of function arrayZip have different array "
                           "sizes",
                           a + 1);
        }
        pairs->children[a] = flat->children[0];
    }
    ASSERT(first != NULL); /* there is an argument at least */
    OR_DONE(arrays_new(arena, function->inner, row_count, first->offsets, pairs, out));
done:
    return err;
}

struct err *zipped_type(const struct function_bind *bind, bool may_lack, const struct type **out)
{
    struct err *err = NULL;
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, bind->count);
    if (types == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t a = 0; a < bind->count; a++) {
        OR_DONE(argument_array(bind, a));
        const struct type *element = bind->arguments[a].type->children[0];
        if (may_lack && type_is_nested(element)) {
            return argument_error(bind, a, "its elements cannot be Nullable");
        }
        types[a] = may_lack ? type_nullable(bind->arena, element, true) : element;
        if (types[a] == NULL) {
            return arena_error(bind->arena);
        }
    }
    const struct type *tuple = type_tuple(bind->arena, types, NULL, bind->count);
    *out = tuple == NULL ? NULL : type_array(bind->arena, tuple);
    err = *out == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static struct err *resolve_zip(const struct function_bind *bind, struct function *out)
{
    out->evaluate = evaluate_zip;
    return zipped_type(bind, false, &out->inner);
}

/* --- arrayStringConcat -------------------------------------------------------------------------------------------- */

static struct err *evaluate_string_concat(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct arrays arrays = arrays_of(arguments[0]);
    struct slice separator = function->data == NULL ? slice_of("", 0) : *(const struct slice *)function->data;
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *cast, *made;
    const struct type *text = type_nullable(arena, type_simple(TYPE_STRING), true);
    if (text == NULL) {
        return arena_error(arena);
    }
    if (type_is_nested(arrays.items->type)) {
        text = type_simple(TYPE_STRING);
    }
    OR_DONE(function_cast(arena, function->context, arrays.items, text, &cast));
    const struct column *items = column_flat(arena, cast);
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    if (items == NULL) {
        return arena_error(arena);
    }
    const struct slice *texts = items->values;
    for (uint32_t i = 0; i < row_count; i++) {
        size_t bytes = 0;
        bool some = false;
        for (uint32_t e = array_begin(&arrays, i); e < array_end(&arrays, i); e++) {
            OR_DONE(interrupt_at(e));
            if (!column_is_null(items, e)) { /* NULLs are left out */
                bytes += texts[e].length + (some ? separator.length : 0);
                some = true;
            }
        }
        char *to = text_room(&buffer, bytes);
        if (to == NULL) {
            return arena_error(arena);
        }
        some = false;
        for (uint32_t e = array_begin(&arrays, i); e < array_end(&arrays, i); e++) {
            OR_DONE(interrupt_at(e));
            if (column_is_null(items, e)) {
                continue;
            }
            if (some && separator.length > 0) {
                memcpy(to, separator.data, separator.length);
                to += separator.length;
            }
            if (texts[e].length > 0) {
                memcpy(to, texts[e].data, texts[e].length);
                to += texts[e].length;
            }
            some = true;
        }
        ((struct slice *)made->values)[i] = text_taken(&buffer, bytes);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_string_concat(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    if (bind->count > 1) {
        struct slice *separator = ARENA_NEW(bind->arena, struct slice);
        if (separator == NULL) {
            return arena_error(bind->arena);
        }
        OR_DONE(argument_string(bind, 1));
        OR_DONE(argument_constant_text(bind, 1, separator));
        out->data = separator;
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_string_concat;
done:
    return err;
}

/* --- maps --------------------------------------------------------------------------------------------------------- */

/* data: the side of the pairs + 1. */
static struct err *evaluate_map_side(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    const struct column *pairs = column_flat(arena, flat->children[0]);
    if (pairs == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, flat->offsets, pairs->children[(uintptr_t)function->data - 1],
                       out));
done:
    return err;
}

static struct err *resolve_map_side(const struct function_bind *bind, struct function *out)
{
    if (bind->arguments[0].type->kind != TYPE_MAP) {
        return argument_error(bind, 0, "a map is needed");
    }
    out->inner = type_array(bind->arena, bind->arguments[0].type->children[0]->children[bind->tag]);
    out->data = (const void *)(uintptr_t)(bind->tag + 1);
    out->evaluate = evaluate_map_side;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

#define EMPTY(name, kind)                                                                                              \
    {                                                                                                                  \
        "emptyArray" name, false, 0, 0, 0, resolve_empty, kind                                                         \
    }
static const struct function_definition definitions[] = {
    {"range", false, 1, 3, FUNCTION_CAN_FAIL, resolve_range, 0},
    {"arrayWithConstant", false, 2, 2, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_with_constant, 0},
    {"arrayEnumerate", false, 1, 1, 0, resolve_enumerate, 0},
    {"arrayZip", false, 1, ANY_COUNT, FUNCTION_CAN_FAIL, resolve_zip, 0},
    {"arrayStringConcat", false, 1, 2, FUNCTION_FULL, resolve_string_concat, 0},
    {"mapKeys", false, 1, 1, 0, resolve_map_side, 0},
    {"mapValues", false, 1, 1, 0, resolve_map_side, 1},
    EMPTY("UInt8", TYPE_UINT8),
    EMPTY("UInt16", TYPE_UINT16),
    EMPTY("UInt32", TYPE_UINT32),
    EMPTY("UInt64", TYPE_UINT64),
    EMPTY("Int8", TYPE_INT8),
    EMPTY("Int16", TYPE_INT16),
    EMPTY("Int32", TYPE_INT32),
    EMPTY("Int64", TYPE_INT64),
    EMPTY("Float32", TYPE_FLOAT32),
    EMPTY("Float64", TYPE_FLOAT64),
    EMPTY("String", TYPE_STRING),
    EMPTY("Date", TYPE_DATE),
    EMPTY("DateTime", TYPE_DATETIME),
};
static const struct function_alias aliases[] = {{"array_to_string", true, "arrayStringConcat"}};
const struct function_group functions_array_make = GROUP_OF(definitions, aliases);
