/*
 * logic.c: and, or, xor, not in three-valued logic.
 *
 * types    UInt8, or Bool when an argument is Bool; Nullable when an argument is
 * thread   any, no shared state
 */
#include "query/functions/functions.h"

enum logic { LOGIC_AND, LOGIC_OR, LOGIC_XOR, LOGIC_NOT };

/* 0, 1, or 2 for NULL, of row i */
static struct err *truth(struct arena *arena, const struct column *column, uint32_t row_count, uint8_t *restrict truths)
{
    if (column->type->kind == TYPE_NOTHING) {
        memset(truths, 2, row_count);
        return NULL;
    }
    if (type_is_float(column->type)) {
        const struct column *numbers = column_numbers(arena, column, TYPE_FLOAT64);
        if (numbers == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            truths[i] = VALUE_AT(numbers, double, i) != 0;
        }
    } else if (type_physical(column->type) == TYPE_UINT8) {
        const uint8_t *values = column->values;
        if (column->form == COLUMN_CONST) {
            memset(truths, values[0] != 0, row_count);
        } else {
            for (uint32_t i = 0; i < row_count; i++) {
                truths[i] = values[i] != 0;
            }
        }
    } else {
        for (uint32_t i = 0; i < row_count; i++) {
            truths[i] = column_int(column, i * column_step(column)) != 0;
        }
    }
    if (column->nulls != NULL) {
        for (uint32_t i = 0; i < row_count; i++) {
            truths[i] = null_at(column, i) ? 2 : truths[i];
        }
    }
    return NULL;
}

static inline uint8_t logic_and(uint8_t a, uint8_t b)
{
    return a == 0 || b == 0 ? 0 : (uint8_t)(a | b) > 1 ? 2 : 1;
}

static struct err *evaluate_logic(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum logic logic = (enum logic)(intptr_t)function->data;
    struct column *made;
    uint8_t *restrict next = arena_alloc_aligned(arena, row_count, 64);

    if (next == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    uint8_t *restrict result = made->values;
    OR_DONE(truth(arena, arguments[0], row_count, result));
    for (uint32_t a = 1; a < function->argument_count; a++) {
        OR_DONE(truth(arena, arguments[a], row_count, next));
        switch (logic) {
        case LOGIC_AND:
            if (!function->inner->nullable) {
                for (uint32_t i = 0; i < row_count; i++) {
                    result[i] &= next[i];
                }
                break;
            }
            for (uint32_t i = 0; i < row_count; i++) {
                result[i] = logic_and(result[i], next[i]);
            }
            break;
        case LOGIC_OR:
            if (!function->inner->nullable) {
                for (uint32_t i = 0; i < row_count; i++) {
                    result[i] |= next[i];
                }
                break;
            }
            for (uint32_t i = 0; i < row_count; i++) {
                result[i] = result[i] == 1 || next[i] == 1 ? 1 : result[i] | next[i];
            }
            break;
        default:
            for (uint32_t i = 0; i < row_count; i++) {
                result[i] = (result[i] | next[i]) > 1 ? 2 : result[i] ^ next[i];
            }
        }
    }
    if (logic == LOGIC_NOT) {
        for (uint32_t i = 0; i < row_count; i++) {
            result[i] = result[i] == 2 ? 2 : !result[i];
        }
    }
    if (function->inner->nullable) {
        for (uint32_t i = 0; i < row_count; i++) {
            made->nulls[i] = result[i] == 2;
            result[i] &= 1;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_nothing(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const_null(arena, function->inner, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_logic(const struct function_bind *bind, struct function *out)
{
    bool nullable = false;
    bool boolean = false;
    for (uint32_t i = 0; i < bind->count; i++) {
        const struct type *type = bind->arguments[i].type;
        if (!type_is_condition(type)) {
            return argument_error(bind, i, "a number or Bool is needed");
        }
        if (type->kind == TYPE_NOTHING && (bind->tag == LOGIC_NOT || bind->tag == LOGIC_XOR)) {
            out->inner = type_nullable(bind->arena, type_simple(TYPE_NOTHING), true);
            out->evaluate = evaluate_nothing;
            return out->inner == NULL ? arena_error(bind->arena) : NULL;
        }
        nullable |= type->nullable;
        boolean |= type->kind == TYPE_BOOL && (!type->nullable || bind->tag == LOGIC_NOT); /* as ClickHouse has it */
    }
    out->inner = type_simple(boolean ? TYPE_BOOL : TYPE_UINT8);
    if (nullable) {
        out->inner = type_nullable(bind->arena, out->inner, true);
    }
    out->evaluate = evaluate_logic;
    out->data = (const void *)(intptr_t)bind->tag;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

static const struct function_definition definitions[] = {
    {"and", true, 2, ANY_COUNT, FUNCTION_NULLS | FUNCTION_LAZY | FUNCTION_FULL, resolve_logic, LOGIC_AND},
    {"or", true, 2, ANY_COUNT, FUNCTION_NULLS | FUNCTION_LAZY | FUNCTION_FULL, resolve_logic, LOGIC_OR},
    {"xor", true, 2, ANY_COUNT, FUNCTION_NULLS, resolve_logic, LOGIC_XOR},
    {"not", true, 1, 1, FUNCTION_NULLS, resolve_logic, LOGIC_NOT},
};
const struct function_group functions_logic = GROUP_WITHOUT_ALIASES(definitions);
