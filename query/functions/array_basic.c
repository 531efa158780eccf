/*
 * array_basic.c: length, empty and notEmpty of arrays and maps.
 *
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

static struct err *evaluate_length(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct arrays arrays = arrays_of(arguments[0]);
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    if (function->inner->kind == TYPE_UINT64) {
        for (uint32_t i = 0; i < row_count; i++) {
            ((uint64_t *)made->values)[i] = array_length(&arrays, i);
        }
    } else {
        bool empty = function->data != NULL;
        for (uint32_t i = 0; i < row_count; i++) {
            ((uint8_t *)made->values)[i] = (array_length(&arrays, i) == 0) == empty;
        }
    }
    *out = made;
done:
    return err;
}

struct err *resolve_array_length(const struct function_bind *bind, struct function *out)
{
    out->inner = type_simple(strcmp(bind->name, "length") == 0 ? TYPE_UINT64 : TYPE_UINT8);
    out->data = strcmp(bind->name, "empty") == 0 ? bind->name : NULL;
    out->evaluate = evaluate_length;
    return NULL;
}
