/*
 * expression.c: builds bound expressions; folds constants; compares trees.
 *
 * thread   the binder's
 */
#include "query/expression.h"

#include <xxhash.h>

#define HASHED_BYTES_MAX 4096U /* of a long text: it is compared when it must be */

static struct err *node_new(struct arena *arena, enum expression_kind kind, const struct type *type,
                            struct expression **out)
{
    struct expression *node = ARENA_NEW(arena, struct expression);
    if (node == NULL) {
        return arena_error(arena);
    }
    node->kind = kind;
    node->type = type;
    *out = node;
    return NULL;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 32);
}

const struct expression *expression_made(struct expression *node)
{
    uint64_t hash = mix(17, (uint64_t)node->kind);
    switch (node->kind) {
    case EXPRESSION_COLUMN:
        hash = mix(hash, node->column_index);
        break;
    case EXPRESSION_CONSTANT:
        if (column_is_null(node->constant, 0)) {
            hash = mix(hash, 1);
        } else if (node->type->kind == TYPE_STRING) {
            const struct slice *text = node->constant->values;
            size_t length = text->length < HASHED_BYTES_MAX ? text->length : HASHED_BYTES_MAX;
            hash = mix(hash, XXH3_64bits_withSeed(length == 0 ? "" : text->data, length, text->length));
        } else if (!type_is_nested(node->type)) {
            hash = mix(hash, XXH3_64bits(node->constant->values, node->type->width));
        }
        break;
    case EXPRESSION_PARAMETER:
        hash = mix(hash, (uintptr_t)node->parameter);
        break;
    case EXPRESSION_CALL:
        hash = mix(hash, (uintptr_t)node->function->name);
        if ((node->function->flags & FUNCTION_VOLATILE) != 0) { /* equal to nothing, and so is what is above it */
            hash = mix(hash, (uintptr_t)node);
        }
        break;
    case EXPRESSION_IN:
        hash = mix(hash, value_set_hash(node->set) + node->negated);
        break;
    case EXPRESSION_MAP:
        hash = mix(hash, node->body->hash);
        break;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        hash = mix(hash, node->children[i]->hash);
    }
    node->hash = hash;
    return node;
}

struct err *expression_column(struct arena *arena, uint32_t column_index, const struct type *type,
                              const struct expression **out)
{
    struct expression *node = NULL;
    struct err *err = node_new(arena, EXPRESSION_COLUMN, type, &node);
    if (err == NULL) {
        node->column_index = column_index;
        *out = expression_made(node);
    }
    return err;
}

struct err *expression_constant(struct arena *arena, const struct column *constant, const struct expression **out)
{
    struct expression *node = NULL;
    struct column *one = ARENA_NEW(arena, struct column);
    if (one == NULL) {
        return arena_error(arena);
    }
    ASSERT(constant->form == COLUMN_CONST);
    *one = *constant;
    one->row_count = 1;
    struct err *err = node_new(arena, EXPRESSION_CONSTANT, constant->type, &node);
    if (err == NULL) {
        node->constant = one;
        *out = expression_made(node);
    }
    return err;
}

struct err *expression_parameter(struct arena *arena, struct expression_parameter *parameter,
                                 const struct expression **out)
{
    struct expression *node = NULL;
    struct err *err = node_new(arena, EXPRESSION_PARAMETER, parameter->type, &node);
    if (err == NULL) {
        node->parameter = parameter;
        *out = expression_made(node);
    }
    return err;
}

static struct err *children_copy(struct arena *arena, struct expression *node, const struct expression *const *children,
                                 uint32_t count)
{
    const struct expression **copy = ARENA_ARRAY(arena, const struct expression *, count + 1U);
    if (copy == NULL) {
        return arena_error(arena);
    }
    if (count > 0) {
        memcpy(copy, children, count * sizeof(*copy));
    }
    node->children = copy;
    node->child_count = count;
    return NULL;
}

/* An error that the expression gives each time, and not one of memory or time. */
static bool is_of_values(const struct err *err)
{
    enum err_code code = err_code(err);
    return code != ERR_MEMORY_LIMIT && code != ERR_OOM && code != ERR_QUERY_CANCELLED && code != ERR_TIMEOUT;
}

/* The value of a call whose arguments are constants; *out NULL: it fails, and will say so when it runs. */
static struct err *fold(struct arena *arena, const struct function *function, const struct expression *const *arguments,
                        uint32_t argument_count, const struct expression **out)
{
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, argument_count + 1U);
    struct column *result;
    *out = NULL;
    if (columns == NULL) {
        return arena_error(arena);
    }
    bool by_types = (function->flags & FUNCTION_OF_TYPES) != 0;
    for (uint32_t i = 0; i < argument_count && !by_types; i++) {
        if (arguments[i]->kind != EXPRESSION_CONSTANT) {
            return NULL;
        }
        columns[i] = arguments[i]->constant;
    }
    struct err *err = by_types ? function->evaluate(function, arena, NULL, 1, &result)
                               : function_evaluate(function, arena, NULL, columns, 1, &result);
    if (err != NULL) {
        if (!is_of_values(err)) {
            return err;
        }
        err_free(err);
        return NULL;
    }
    const struct column *flat = column_flat(arena, result);
    if (flat == NULL) {
        return arena_error(arena);
    }
    struct column *constant = ARENA_NEW(arena, struct column);
    if (constant == NULL) {
        return arena_error(arena);
    }
    *constant = *flat;
    constant->type = function->type;
    constant->form = COLUMN_CONST;
    return expression_constant(arena, constant, out);
}

struct err *expression_call(struct arena *arena, const struct function_context *context, struct slice name,
                            const struct expression *const *arguments, uint32_t argument_count,
                            const struct expression **out)
{
    struct err *err = NULL;
    struct function_argument *types = ARENA_ARRAY(arena, struct function_argument, argument_count + 1U);
    const struct function *function;
    struct expression *node = NULL;

    if (types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < argument_count; i++) {
        types[i] = (struct function_argument){
            arguments[i]->type, arguments[i]->kind == EXPRESSION_CONSTANT ? arguments[i]->constant : NULL};
    }
    OR_DONE(function_resolve(arena, context, name, types, argument_count, &function));
    if ((function->flags & (FUNCTION_VOLATILE | FUNCTION_CHANGES)) == 0) {
        const struct expression *folded;
        OR_DONE(fold(arena, function, arguments, argument_count, &folded));
        if (folded != NULL) {
            *out = folded;
            return NULL;
        }
    }
    OR_DONE(node_new(arena, EXPRESSION_CALL, function->type, &node));
    node->function = function;
    OR_DONE(children_copy(arena, node, arguments, argument_count));
    *out = expression_made(node);
done:
    return err;
}

struct err *expression_cast(struct arena *arena, const struct function_context *context,
                            const struct expression *expression, const struct type *type, const struct expression **out)
{
    struct err *err = NULL;
    if (type_equal(expression->type, type)) {
        *out = expression;
        return NULL;
    }
    struct slice name = type_name(arena, type);
    struct slice *text = ARENA_NEW(arena, struct slice);
    if (name.data == NULL || text == NULL) {
        return arena_error(arena);
    }
    *text = name;
    struct column *constant = column_const(arena, type_simple(TYPE_STRING), text, 1);
    const struct expression *pair[2] = {expression, NULL};
    if (constant == NULL) {
        return arena_error(arena);
    }
    OR_DONE(expression_constant(arena, constant, &pair[1]));
    OR_DONE(expression_call(arena, context, slice_text("CAST"), pair, 2, out));
done:
    return err;
}

struct err *expression_in(struct arena *arena, const struct expression *const *values, uint32_t value_count,
                          struct value_set *set, bool negated, const struct expression **out)
{
    struct err *err = NULL;
    struct expression *node = NULL;
    bool nullable = false;
    for (uint32_t i = 0; i < value_count; i++) {
        if (value_count == 1 && values[i]->type->kind == TYPE_NOTHING) {
            struct column *null = column_const_null(arena, values[i]->type, 1);
            return null == NULL ? arena_error(arena) : expression_constant(arena, null, out);
        }
        nullable |= value_count == 1 && values[i]->type->nullable; /* a tuple with a NULL in it is a value: not found */
    }
    const struct type *type = type_nullable(arena, type_simple(TYPE_UINT8), nullable);
    if (type != NULL && value_count == 1 && values[0]->type->low_cardinality) {
        type = type_low_cardinality(arena, type, true);
    }
    if (type == NULL) {
        return arena_error(arena);
    }
    OR_DONE(node_new(arena, EXPRESSION_IN, type, &node));
    node->set = set;
    node->negated = negated;
    OR_DONE(children_copy(arena, node, values, value_count));
    *out = expression_made(node);
done:
    return err;
}

/* Can the body be evaluated while the query is being bound? */
static bool is_settled(const struct expression *body)
{
    bool settled =
        body->kind == EXPRESSION_COLUMN || body->kind == EXPRESSION_CONSTANT ||
        (body->kind == EXPRESSION_CALL && (body->function->flags & (FUNCTION_VOLATILE | FUNCTION_CHANGES)) == 0) ||
        (body->kind == EXPRESSION_MAP && is_settled(body->body));
    for (uint32_t i = 0; i < body->child_count && settled; i++) {
        settled = is_settled(body->children[i]);
    }
    return settled;
}

struct err *expression_copy(struct arena *arena, const struct expression *expression, struct expression **copy,
                            const struct expression ***children)
{
    *copy = ARENA_NEW(arena, struct expression);
    *children = arena_array(arena, expression->child_count + 1U, sizeof(struct expression *));
    if (*copy == NULL || *children == NULL) {
        return arena_error(arena);
    }
    **copy = *expression;
    (*copy)->children = *children;
    return NULL;
}

struct err *expression_replace(struct arena *arena, const struct expression *expression,
                               const struct expression *const *by, const struct expression **out)
{
    struct err *err = NULL;
    struct expression *copy = NULL;
    const struct expression **children = NULL, *child;

    *out = expression->kind == EXPRESSION_COLUMN ? by[expression->column_index] : expression;
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(expression_replace(arena, expression->children[i], by, &child));
        if (copy == NULL && child != expression->children[i]) {
            OR_DONE(expression_copy(arena, expression, &copy, &children));
            memcpy(children, expression->children, expression->child_count * sizeof(*children));
        }
        if (copy != NULL) {
            children[i] = child;
        }
    }
    *out = copy == NULL ? *out : expression_made(copy);
done:
    return err;
}

bool expression_rises(const struct expression *expression, uint32_t *column)
{
    if (expression->kind == EXPRESSION_COLUMN) {
        *column = expression->column_index;
        return true;
    }
    if (expression->kind != EXPRESSION_CALL || (expression->function->flags & FUNCTION_MONOTONIC) == 0) {
        return false;
    }
    bool found = false;
    for (uint32_t i = 0; i < expression->child_count; i++) {
        if (expression->children[i]->kind == EXPRESSION_CONSTANT) {
            continue;
        }
        if (found || !expression_rises(expression->children[i], column)) {
            return false;
        }
        found = true;
    }
    return found;
}

const struct expression *expression_varying(const struct expression *call)
{
    const struct expression *found = NULL;
    for (uint32_t i = 0; i < call->child_count; i++) {
        found = call->children[i]->kind == EXPRESSION_CONSTANT ? found : call->children[i];
    }
    ASSERT(found != NULL); /* expression_rises saw it */
    return found;
}

struct err *expression_at(struct arena *arena, const struct expression *expression, const struct expression *value,
                          const struct expression **out)
{
    struct err *err = NULL;
    const struct expression *inner = NULL;
    if (expression->kind == EXPRESSION_COLUMN) {
        *out = value;
        return NULL;
    }
    const struct expression *varying = expression_varying(expression);
    OR_DONE(expression_at(arena, varying, value, &inner));
    *out = NULL;
    if (inner == NULL) {
        goto done;
    }
    const struct expression **arguments = arena_array(arena, expression->child_count, sizeof(struct expression *));
    if (arguments == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        arguments[i] = expression->children[i] == varying ? inner : expression->children[i];
    }
    err = fold(arena, expression->function, arguments, expression->child_count, out);
done:
    return err;
}

struct err *expression_settle(struct arena *arena, const struct expression *expression, const struct expression **out)
{
    struct err *err = NULL;
    const struct expression **children;
    struct expression *copy;
    bool changed = false, constant = true;
    *out = expression;
    if (expression->kind == EXPRESSION_PARAMETER && expression->parameter->value != NULL) {
        return expression_constant(arena, expression->parameter->value, out);
    }
    if (expression->kind != EXPRESSION_CALL || expression->child_count == 0) {
        return NULL;
    }
    OR_DONE(expression_copy(arena, expression, &copy, &children));
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(expression_settle(arena, expression->children[i], &children[i]));
        changed = changed || children[i] != expression->children[i];
        constant = constant && children[i]->kind == EXPRESSION_CONSTANT;
    }
    if (!changed) {
        return NULL;
    }
    *out = expression_made(copy);
    if (constant && (expression->function->flags & (FUNCTION_VOLATILE | FUNCTION_CHANGES)) == 0) {
        const struct expression *folded;
        OR_DONE(fold(arena, expression->function, children, expression->child_count, &folded));
        *out = folded == NULL ? *out : folded;
    }
done:
    return err;
}

/* The value of a map over constants; *out NULL: it fails, and will say so when it runs. */
static struct err *fold_map(struct arena *arena, const struct expression *node, const struct expression **out)
{
    struct err *err = NULL;
    struct program *program;
    struct evaluator *evaluator;
    struct column *result;
    *out = NULL;
    OR_DONE(program_compile(arena, &node, 1, &program));
    OR_DONE(evaluator_create(arena, program, &evaluator));
    err = evaluator_run(evaluator, arena, NULL, 1, &result);
    if (err != NULL) {
        if (is_of_values(err)) {
            err_free(err);
            err = NULL;
        }
        return err;
    }
    const struct column *flat = column_flat(arena, result);
    struct column *constant = ARENA_NEW(arena, struct column);
    if (flat == NULL || constant == NULL) {
        return arena_error(arena);
    }
    *constant = *flat;
    constant->form = COLUMN_CONST;
    OR_DONE(expression_constant(arena, constant, out));
done:
    return err;
}

#define FOLD_ELEMENTS_MAX 1024U

static struct err *map_or_fold(struct arena *arena, const struct expression *const *children, uint32_t child_count,
                               uint32_t array_count, const struct expression *body, bool folds,
                               const struct expression **out)
{
    struct err *err = NULL;
    struct expression *node = NULL;
    const struct type *type = folds ? body->type : type_array(arena, body->type);
    bool constant = is_settled(body);

    if (type == NULL) {
        return arena_error(arena);
    }
    OR_DONE(node_new(arena, EXPRESSION_MAP, type, &node));
    OR_DONE(children_copy(arena, node, children, child_count));
    node->body = body;
    node->array_count = array_count;
    node->folds = folds;
    (void)expression_made(node);
    for (uint32_t i = 0; i < child_count; i++) {
        constant = constant && children[i]->kind == EXPRESSION_CONSTANT;
    }
    if (folds && constant) { /* a long one may be cancelled only when it runs */
        const uint32_t *offsets = children[1]->constant->offsets;
        constant = offsets[1] - offsets[0] <= FOLD_ELEMENTS_MAX;
    }
    *out = NULL;
    if (constant) {
        OR_DONE(fold_map(arena, node, out));
    }
    *out = *out == NULL ? node : *out;
done:
    return err;
}

struct err *expression_map(struct arena *arena, const struct expression *const *children, uint32_t child_count,
                           uint32_t array_count, const struct expression *body, const struct expression **out)
{
    return map_or_fold(arena, children, child_count, array_count, body, false, out);
}

struct err *expression_fold(struct arena *arena, const struct expression *const *children, uint32_t child_count,
                            uint32_t array_count, const struct expression *body, const struct expression **out)
{
    return map_or_fold(arena, children, child_count, array_count, body, true, out);
}

static bool constants_equal(const struct column *a, const struct column *b)
{
    return type_equal(a->type, b->type) && column_identical(a, 0, b, 0);
}

bool expression_equal(const struct expression *a, const struct expression *b)
{
    if (a == b) {
        return a->kind != EXPRESSION_CALL || (a->function->flags & FUNCTION_VOLATILE) == 0;
    }
    if (a->hash != b->hash || a->kind != b->kind || a->child_count != b->child_count || !type_equal(a->type, b->type)) {
        return false;
    }
    switch (a->kind) {
    case EXPRESSION_COLUMN:
        return a->column_index == b->column_index;
    case EXPRESSION_CONSTANT:
        return constants_equal(a->constant, b->constant);
    case EXPRESSION_PARAMETER:
        return a->parameter == b->parameter;
    case EXPRESSION_CALL:
        if (a->function->name != b->function->name || (a->function->flags & FUNCTION_VOLATILE) != 0) {
            return false;
        }
        break;
    case EXPRESSION_IN:
        if (!value_set_equal(a->set, b->set) || a->negated != b->negated) {
            return false;
        }
        break;
    case EXPRESSION_MAP:
        if (a->array_count != b->array_count || a->folds != b->folds || !expression_equal(a->body, b->body)) {
            return false;
        }
        break;
    }
    for (uint32_t i = 0; i < a->child_count; i++) {
        if (!expression_equal(a->children[i], b->children[i])) {
            return false;
        }
    }
    return true;
}

struct err *expression_walk(const struct expression *expression,
                            struct err *(*visit)(void *user, const struct expression *expression), void *user)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(expression_walk(expression->children[i], visit, user));
    }
    OR_DONE(visit(user, expression));
done:
    return err;
}
