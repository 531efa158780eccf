/*
 * disjunction.c: x = 1 OR x = 2 OR x = 3 is x IN (1, 2, 3), which zone maps and sets know how to find.
 *
 * only     of integers and strings that are never NULL: there both are the same for every row
 */
#include "query/pipeline.h"

#include "query/functions/functions.h"

#define EQUALITIES_MIN 3U

/* The side of an equality that is no constant, and the constant; false: it is none, or of other types. */
static bool is_equality(const struct expression *expression, const struct expression **value,
                        const struct column **constant)
{
    if (expression->kind != EXPRESSION_CALL || strcmp(expression->function->name, "equals") != 0) {
        return false;
    }
    bool first = expression->children[0]->kind == EXPRESSION_CONSTANT;
    const struct expression *other = expression->children[first ? 0 : 1];
    *value = expression->children[first ? 1 : 0];
    if (other->kind != EXPRESSION_CONSTANT || (*value)->kind == EXPRESSION_CONSTANT) {
        return false;
    }
    *constant = other->constant;
    const struct type *type = (*value)->type, *constant_type = other->type;
    return !type->nullable && !constant_type->nullable &&
           ((type_is_integer(type) && type_is_integer(constant_type)) ||
            (type->kind == TYPE_STRING && constant_type->kind == TYPE_STRING));
}

struct err *disjunction_as_set(struct arena *arena, const struct function_context *context,
                               const struct expression **expression)
{
    struct err *err = NULL;
    const struct expression *whole = *expression;
    const struct expression *value = NULL, *one;
    const struct column *constant;
    struct value_set *set = NULL;
    if (whole->kind != EXPRESSION_CALL || strcmp(whole->function->name, "or") != 0 ||
        whole->child_count < EQUALITIES_MIN) {
        return NULL;
    }
    for (uint32_t i = 0; i < whole->child_count; i++) {
        if (!is_equality(whole->children[i], &one, &constant) || (value != NULL && !expression_equal(value, one))) {
            return NULL;
        }
        value = one;
    }
    OR_DONE(value_set_create(arena, context, &value->type, 1, &set));
    for (uint32_t i = 0; i < whole->child_count; i++) {
        (void)is_equality(whole->children[i], &one, &constant);
        OR_DONE(value_set_add(set, &constant, 1));
    }
    OR_DONE(value_set_seal(set));
    OR_DONE(expression_in(arena, &value, 1, set, false, expression));
done:
    return err;
}
