/*
 * row.c: binds and runs functions that are written as the work of one row.
 *
 * flow     function_resolve → row_resolve; function_evaluate → evaluate_rows → the function's run per row
 * thread   any, no shared state
 */
#include "query/functions/row.h"

#define STEPS_A_BYTE 100U /* of the arguments, about; see base/interrupt.h */

static char shape_of(const char *shape, uint32_t index)
{
    size_t length = strlen(shape);
    bool open = length > 0 && shape[length - 1] == '*';
    if (open && index >= length - 1) {
        return shape[length - 2];
    }
    return index < length ? shape[index] : '\0';
}

static char lowered(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter | 0x20) : letter;
}

char *row_room(struct row_call *call, size_t length, struct err **err)
{
    char *to = text_room(&call->buffer, length);
    if (to == NULL) {
        *err = arena_error(call->buffer.arena);
    }
    return to;
}

/* The vector from which a row's argument is read. */
static const struct column *vector_of(struct arena *arena, const struct column *column, char letter)
{
    switch (letter) {
    case 's':
        return column_strings(arena, column);
    case 'i':
        return column_numbers(arena, column, TYPE_INT64);
    case 'u':
    case 'n':
        return column_numbers(arena, column, TYPE_UINT64);
    case 'f':
        return column_numbers(arena, column, TYPE_FLOAT64);
    default:
        return column;
    }
}

static void put(const struct type *type, void *values, uint32_t row, const union row_value *value)
{
    char *to = (char *)values + (size_t)row * type->width;
    switch (type->kind) {
    case TYPE_STRING:
        *(struct slice *)(void *)to = value->text;
        break;
    case TYPE_FLOAT32:
        *(float *)(void *)to = (float)value->real;
        break;
    case TYPE_FIXED_STRING:
        memcpy(to, value->text.data, type->length);
        break;
    default:
        memcpy(to, value, type->width);
    }
}

static struct err *evaluate_rows(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct row_function *row = function->data;
    uint32_t count = function->argument_count;
    struct row_call call = {
        .function = function, .tag = row->definition.tag, .buffer = {arena, NULL, 0}, .count = count};
    const struct column **vectors = ARENA_ARRAY(arena, const struct column *, count + 1U);
    union row_value *values = ARENA_ARRAY(arena, union row_value, count + 1U);
    char *letters = arena_alloc(arena, count + 1U);
    struct column *made;

    if (vectors == NULL || values == NULL || letters == NULL) {
        return arena_error(arena);
    }
    call.arguments = values;
    for (uint32_t a = 0; a < count; a++) {
        letters[a] = lowered(shape_of(row->shape, a));
        vectors[a] = vector_of(arena, arguments[a], letters[a]);
        if (vectors[a] == NULL) {
            return arena_error(arena);
        }
    }
    uint64_t steps = 0;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        union row_value result = {.wide = 0};
        for (uint32_t a = 0; a < count; a++) {
            switch (letters[a]) {
            case 's':
                values[a].text = VALUE_AT(vectors[a], struct slice, i);
                OR_DONE(interrupt_steps(&steps, values[a].text.length * STEPS_A_BYTE));
                if (values[a].text.length == 0) {
                    values[a].text.data = "";
                }
                break;
            case 'i':
            case 'u':
            case 'n':
            case 'f':
                values[a].natural = VALUE_AT(vectors[a], uint64_t, i);
                break;
            default:
                values[a].value = (const char *)vectors[a]->values +
                                  (size_t)i * column_step(vectors[a]) * function->argument_types[a]->width;
            }
        }
        call.null = false;
        OR_DONE(row->run(&call, &result));
        if (call.null) {
            made->nulls[i] = 1;
            memset((char *)made->values + (size_t)i * function->inner->width, 0, function->inner->width);
        } else {
            put(function->inner, made->values, i, &result);
        }
    }
    *out = made;
done:
    return err;
}

struct err *row_resolve(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct row_function *row = (const struct row_function *)(const void *)bind->definition;
    for (uint32_t i = 0; i < bind->count; i++) {
        char letter = shape_of(row->shape, i);
        switch (lowered(letter)) {
        case 's':
            OR_DONE(argument_string(bind, i));
            break;
        case 'i':
        case 'u':
            OR_DONE(argument_integer(bind, i));
            break;
        case 'f':
            if (type_is_256(bind->arguments[i].type)) {
                return argument_error(bind, i, "a number of up to 64 bits is needed");
            }
            OR_DONE(argument_number(bind, i));
            break;
        case 'n':
            if (bind->arguments[i].type->kind != TYPE_DATE && bind->arguments[i].type->kind != TYPE_DATETIME) {
                OR_DONE(argument_integer(bind, i));
            }
            break;
        case 't':
            OR_DONE(argument_time(bind, i));
            break;
        default:
            if (type_is_nested(bind->arguments[i].type)) {
                return argument_error(bind, i, "arrays, tuples and maps are not implemented here");
            }
        }
        if (letter != lowered(letter) && bind->arguments[i].constant == NULL) {
            return err_new(ERR_ILLEGAL_COLUMN, "argument %u of function %s must be a constant", i + 1, bind->name);
        }
    }
    out->inner = row->result == TYPE_FIXED_STRING ? type_fixed_string(bind->arena, row->length & ~ROW_NULLS)
                                                  : type_simple(row->result);
    if (out->inner != NULL && (row->length & ROW_NULLS) != 0) {
        out->inner = type_nullable(bind->arena, out->inner, true);
    }
    out->evaluate = evaluate_rows;
    out->data = row;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}
