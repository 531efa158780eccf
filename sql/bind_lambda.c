/*
 * bind_lambda.c: functions that take a lambda: arrayMap(x -> x + 1, a).
 *
 * f(lambda, a, b) becomes f(map, a), or f(map): map is an EXPRESSION_MAP that holds for every element what the lambda
 * makes of it, and f an ordinary function of arrays (query/functions/array_filter.c, …). While the body is bound, the
 * lambda's arguments are columns from LAMBDA_BASE on. Then the body gets columns of its own: the elements, and behind
 * them what it takes from outside, whole sub-trees of it, so that they are computed once a row.
 */
#include "sql/binder.h"

struct higher_order {
    const char *name;
    bool needs_lambda;
    bool takes_array; /* the first array too, behind the lambda's results */
};

static const struct higher_order functions[] = {
    {"arrayMap", true, false},         {"arrayFilter", true, true},
    {"arrayFirst", true, true},        {"arrayLast", true, true},
    {"arrayFirstOrNull", true, true},  {"arrayLastOrNull", true, true},
    {"arrayFirstIndex", true, false},  {"arrayLastIndex", true, false},
    {"arrayFill", true, true},         {"arrayReverseFill", true, true},
    {"arraySplit", true, true},        {"arrayReverseSplit", true, true},
    {"arrayCount", false, false},      {"arrayExists", false, false},
    {"arrayAll", false, false},        {"arraySum", false, false},
    {"arrayAvg", false, false},        {"arrayMin", false, false},
    {"arrayMax", false, false},        {"arrayProduct", false, false},
    {"arrayCumSum", false, false},     {"arrayCumSumNonNegative", false, false},
    {"arrayDifference", false, false}, {"arraySort", false, true},
    {"mapFilter", true, true},         {"mapApply", true, false},
    {"mapExists", true, false},        {"mapAll", true, false},

    {"arrayReverseSort", false, true}, {"arrayFold", true, false},
};

/* --- arguments of lambdas ----------------------------------------------------------------------------------------- */

struct err *bind_lambda_argument(struct binder *binder, const struct ast *node, const struct expression **out)
{
    struct err *err = NULL;

    *out = NULL;
    for (const struct lambda_frame *frame = binder->lambda; frame != NULL; frame = frame->outer) {
        for (uint32_t i = frame->count; i-- > 0;) {
            if (slice_equal(frame->names[i], node->parts[0])) {
                OR_DONE(expression_column(binder->arena, frame->first + i, frame->types[i], out));
                goto found;
            }
        }
    }
    return NULL;
found:
    for (uint32_t i = 1; i < node->part_count; i++) { /* x.name */
        const struct ast name = {
            .kind = AST_LITERAL, .literal = AST_STRING, .text = node->parts[i], .offset = node->offset, .depth = 1};
        const struct expression *pair[2] = {*out, NULL};
        OR_DONE(bind_literal(binder, &name, &pair[1]));
        OR_DONE(bind_call(binder, node->offset, "tupleElement", pair, 2, out));
    }
done:
    return err;
}

/* --- the body's own columns --------------------------------------------------------------------------------------- */

struct lifting {
    struct binder *binder;
    const struct lambda_frame *frame;
    const struct expression **children; /* arrays, then what comes from outside */
    uint32_t child_count;
};

static bool is_own(const struct lifting *lifting, const struct expression *expression)
{
    return expression->kind == EXPRESSION_COLUMN && expression->column_index >= lifting->frame->first &&
           expression->column_index - lifting->frame->first < lifting->frame->count;
}

struct contents {
    bool own;     /* an argument of this lambda */
    bool outside; /* any other column */
    bool varies;  /* from call to call */
    bool can_fail;
};

/* What a body of another lambda inside of it does; its columns are its own. */
static void look_into_body(const struct expression *expression, struct contents *contents)
{
    if (expression->kind == EXPRESSION_CALL) {
        contents->varies |= (expression->function->flags & FUNCTION_VOLATILE) != 0;
        contents->can_fail |= (expression->function->flags & FUNCTION_CAN_FAIL) != 0;
    } else if (expression->kind == EXPRESSION_MAP) {
        contents->can_fail |= expression->array_count > 1;
        look_into_body(expression->body, contents);
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        look_into_body(expression->children[i], contents);
    }
}

static void look_into(const struct lifting *lifting, const struct expression *expression, struct contents *contents)
{
    if (expression->kind == EXPRESSION_COLUMN) {
        contents->own |= is_own(lifting, expression);
        contents->outside |= !is_own(lifting, expression);
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        look_into(lifting, expression->children[i], contents);
    }
}

/* guarded: another argument decides whether it is computed at all. */
static struct err *lift(struct lifting *lifting, const struct expression *expression, bool guarded,
                        const struct expression **out)
{
    struct err *err = NULL;
    struct arena *arena = lifting->binder->arena;
    struct contents contents = {0};

    if (is_own(lifting, expression)) {
        return expression_column(arena, expression->column_index - lifting->frame->first, expression->type, out);
    }
    look_into(lifting, expression, &contents);
    look_into_body(expression, &contents);
    if (!contents.own && contents.outside && !contents.varies && !(guarded && contents.can_fail)) {
        for (uint32_t i = lifting->frame->count; i < lifting->child_count; i++) {
            if (expression_equal(lifting->children[i], expression)) {
                return expression_column(arena, i, expression->type, out);
            }
        }
        const struct expression **place =
            bind_array_add(arena, &lifting->children, &lifting->child_count, sizeof(struct expression *));
        if (place == NULL) {
            return arena_error(arena);
        }
        *place = expression;
        return expression_column(arena, lifting->child_count - 1, expression->type, out);
    }
    if (expression->child_count == 0) {
        *out = expression;
        return NULL;
    }
    const struct expression **children;
    struct expression *copy;
    OR_DONE(expression_copy(arena, expression, &copy, &children));
    bool lazy = expression->kind == EXPRESSION_CALL && (expression->function->flags & FUNCTION_LAZY) != 0;
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(lift(lifting, expression->children[i], guarded || (lazy && i > 0), &children[i]));
    }
    *out = expression_made(copy);
done:
    return err;
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* The lambda of a call: written there, or by its alias. */
static const struct ast *lambda_of(const struct scope *scope, const struct ast *node)
{
    const struct ast *argument = node->arguments.count == 0 ? NULL : node->arguments.items[0];
    if (argument != NULL && argument->kind == AST_IDENTIFIER && argument->part_count == 1) {
        for (; scope != NULL; scope = scope->parent) {
            const struct alias *alias = scope_alias(scope, argument->parts[0]);
            if (alias != NULL) {
                argument = alias->ast;
                break;
            }
        }
    }
    return argument != NULL && argument->kind == AST_LAMBDA ? argument : NULL;
}

/* The keys of a map and its values: the arrays of a lambda over it. */
static struct err *sides_of_map(struct binder *binder, uint32_t offset, const struct expression *map,
                                const struct expression ***out)
{
    struct err *err = NULL;
    const struct expression **sides = arena_array(binder->arena, 2, sizeof(struct expression *));

    if (sides == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(bind_call(binder, offset, "mapKeys", &map, 1, &sides[0]));
    OR_DONE(bind_call(binder, offset, "mapValues", &map, 1, &sides[1]));
    *out = sides;
done:
    return err;
}

/* The arrays behind the lambda, one per argument of it. One array of tuples is as many arrays of their elements. */
static struct err *bind_arrays(struct binder *binder, struct scope *scope, const struct ast *node,
                               const struct ast *lambda, struct lambda_frame *frame, const struct expression ***arrays,
                               const struct expression **first)
{
    struct err *err = NULL;
    uint32_t count = node->arguments.count - 1;
    const struct expression **bound = NULL;
    uint32_t bound_count = 0;
    bool of_map = memcmp(node->parts[0].data, "map", 3) == 0; /* every name in the table is longer */

    *frame = (struct lambda_frame){.names = lambda->parts, .count = lambda->part_count};
    for (uint32_t i = 0; i < count; i++) {
        const struct expression **place =
            bind_array_add(binder->arena, &bound, &bound_count, sizeof(struct expression *));
        if (place == NULL) {
            return arena_error(binder->arena);
        }
        OR_DONE(bind_node(binder, scope, node->arguments.items[i + 1], place));
        if (of_map && (*place)->type->kind == TYPE_MAP && count == 1) {
            *first = *place;
            OR_DONE(sides_of_map(binder, node->offset, *first, &bound));
            count = 2;
            break;
        }
        if (of_map) {
            return bind_error(binder, node->arguments.items[i + 1]->offset, ERR_ARGUMENT_TYPE,
                              "%.*s needs one map behind its lambda", SLICE_ARG(node->parts[0]));
        }
        if ((*place)->type->kind != TYPE_ARRAY) {
            struct slice name = type_name(binder->arena, (*place)->type);
            return bind_error(binder, node->arguments.items[i + 1]->offset, ERR_ARGUMENT_TYPE,
                              "argument %u of %.*s must be an array, not %.*s", i + 2, SLICE_ARG(node->parts[0]),
                              SLICE_ARG(name));
        }
    }
    if (count == 0) {
        return bind_error(binder, node->offset, of_map ? ERR_ARGUMENT_TYPE : ERR_ARGUMENT_COUNT,
                          "%.*s needs %s behind its lambda", SLICE_ARG(node->parts[0]), of_map ? "a map" : "an array");
    }
    *first = of_map ? *first : bound[0];
    const struct type *element = bound[0]->type->children[0];
    if (count == 1 && frame->count > 1 && element->kind == TYPE_TUPLE && element->child_count == frame->count) {
        const struct expression *pair[2] = {bound[0], NULL};
        bound = arena_array(binder->arena, frame->count, sizeof(struct expression *));
        if (bound == NULL) {
            return arena_error(binder->arena);
        }
        for (uint32_t i = 0; i < frame->count; i++) {
            const struct ast number = {
                .kind = AST_LITERAL, .literal = AST_UINT, .number = i + 1, .offset = node->offset, .depth = 1};
            OR_DONE(bind_literal(binder, &number, &pair[1]));
            OR_DONE(bind_call(binder, node->offset, "tupleElement", pair, 2, &bound[i]));
        }
        count = frame->count;
    }
    if (count != frame->count) {
        return bind_error(binder, lambda->offset, ERR_ARGUMENT_TYPE,
                          "the lambda has %u arguments where %.*s gets %u arrays", frame->count,
                          SLICE_ARG(node->parts[0]), count);
    }
    frame->types = arena_array(binder->arena, count, sizeof(struct type *));
    if (frame->types == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        frame->types[i] = bound[i]->type->children[0];
    }
    *arrays = bound;
done:
    return err;
}

/* The body of a lambda whose parameters are `inputs`, the first of the lifting's children. */
static struct err *bind_body(struct lifting *lifting, struct scope *scope, const struct ast *lambda,
                             struct lambda_frame *frame, const struct expression *const *inputs,
                             const struct expression **body)
{
    struct err *err = NULL;
    struct binder *binder = lifting->binder;

    frame->first = LAMBDA_BASE + binder->lambda_columns;
    frame->outer = binder->lambda;
    binder->lambda_columns += frame->count;
    binder->lambda = frame;
    err = bind_node(binder, scope, lambda->arguments.items[0], body);
    binder->lambda = frame->outer;
    OR_DONE(err);
    for (uint32_t i = 0; i < frame->count; i++) {
        const struct expression **place =
            bind_array_add(binder->arena, &lifting->children, &lifting->child_count, sizeof(struct expression *));
        if (place == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        *place = inputs[i];
    }
done:
    return err;
}

static struct err *bind_map(struct binder *binder, struct scope *scope, const struct ast *node,
                            const struct ast *lambda, const struct expression **first, const struct expression **out)
{
    struct err *err = NULL;
    struct lambda_frame frame;
    struct lifting lifting = {.binder = binder, .frame = &frame};
    const struct expression **arrays = NULL;
    const struct expression *body = NULL;

    OR_DONE(bind_arrays(binder, scope, node, lambda, &frame, &arrays, first));
    OR_DONE(bind_body(&lifting, scope, lambda, &frame, arrays, &body));
    if (body->type->low_cardinality) {
        const struct type *type = type_low_cardinality(binder->arena, body->type, false);
        if (type == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        OR_DONE(
            bind_at(binder, node->offset, expression_cast(binder->arena, binder->options->context, body, type, &body)));
    }
    OR_DONE(lift(&lifting, body, false, &body));
    OR_DONE(bind_at(binder, node->offset,
                    expression_map(binder->arena, lifting.children, lifting.child_count, frame.count, body, out)));
done:
    return err;
}

/* arrayFold((state, x, …) -> …, array, …, begin): the arguments behind the lambda are *parts. */
static struct err *bind_fold_parts(struct binder *binder, struct scope *scope, const struct ast *node,
                                   const struct ast *lambda, struct lambda_frame *frame,
                                   const struct expression ***parts)
{
    struct err *err = NULL;
    uint32_t count = node->arguments.count - 1;

    *frame = (struct lambda_frame){.names = lambda->parts, .count = lambda->part_count};
    if (count < 2) {
        return bind_error(binder, node->offset, ERR_TOO_FEW_ARGUMENTS,
                          "arrayFold takes a lambda function, arrays and a value to begin with");
    }
    frame->types = arena_array(binder->arena, count, sizeof(struct type *));
    *parts = arena_array(binder->arena, count, sizeof(struct expression *));
    if (frame->types == NULL || *parts == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = i + 1 == count ? 0 : i + 1; /* the value to begin with stands last */
        const struct ast *argument = node->arguments.items[i + 1];
        OR_DONE(bind_node(binder, scope, argument, &(*parts)[place]));
        const struct type *type = (*parts)[place]->type;
        if (place > 0 && type->kind != TYPE_ARRAY) {
            struct slice name = type_name(binder->arena, type);
            return bind_error(binder, argument->offset, ERR_ARGUMENT_TYPE,
                              "argument %u of arrayFold must be an array, not %.*s", i + 2, SLICE_ARG(name));
        }
        if (place == 0 && type->low_cardinality) {
            type = type_low_cardinality(binder->arena, type, false);
            if (type == NULL) {
                return arena_error(binder->arena);
            }
            OR_DONE(bind_at(binder, argument->offset,
                            expression_cast(binder->arena, binder->options->context, (*parts)[0], type, &(*parts)[0])));
        }
        frame->types[place] = place == 0 ? type : type->children[0];
    }
    if (count != frame->count) {
        return bind_error(binder, lambda->offset, ERR_ARGUMENT_TYPE,
                          "the lambda has %u arguments where arrayFold gives it %u", frame->count, count);
    }
done:
    return err;
}

static struct err *bind_fold(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct ast *lambda, const struct expression **out)
{
    struct err *err = NULL;
    struct lambda_frame frame;
    struct lifting lifting = {.binder = binder, .frame = &frame};
    const struct expression **parts = NULL;
    const struct expression *body = NULL;

    OR_DONE(bind_fold_parts(binder, scope, node, lambda, &frame, &parts));
    OR_DONE(bind_body(&lifting, scope, lambda, &frame, parts, &body));
    if (!type_equal(body->type, frame.types[0])) {
        struct slice gives = type_name(binder->arena, body->type);
        struct slice begins = type_name(binder->arena, frame.types[0]);
        err =
            bind_error(binder, node->offset, ERR_TYPE_MISMATCH,
                       "the lambda of arrayFold gives %.*s, but begins with %.*s", SLICE_ARG(gives), SLICE_ARG(begins));
        goto done;
    }
    OR_DONE(lift(&lifting, body, false, &body));
    OR_DONE(bind_at(binder, node->offset,
                    expression_fold(binder->arena, lifting.children, lifting.child_count, frame.count - 1, body, out)));
done:
    return err;
}

/* An array of pairs as a map. */
static struct err *bind_map_of_pairs(struct binder *binder, const struct ast *node, const struct expression *pairs,
                                     const struct expression **out)
{
    struct err *err = NULL;
    const struct type *pair = pairs->type->children[0];
    const struct expression *sides[2];

    if (pair->kind != TYPE_TUPLE || pair->child_count != 2) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "the lambda of mapApply must make (key, value)");
    }
    for (uint32_t i = 0; i < 2; i++) {
        const struct ast number = {
            .kind = AST_LITERAL, .literal = AST_UINT, .number = i + 1, .offset = node->offset, .depth = 1};
        const struct expression *pair_of[2] = {pairs, NULL};
        OR_DONE(bind_literal(binder, &number, &pair_of[1]));
        OR_DONE(bind_call(binder, node->offset, "tupleElement", pair_of, 2, &sides[i]));
    }
    OR_DONE(bind_call(binder, node->offset, "mapFromArrays", sides, 2, out));
done:
    return err;
}

struct err *bind_higher_order(struct binder *binder, struct scope *scope, const struct ast *node,
                              const struct expression **out)
{
    struct err *err = NULL;
    const struct higher_order *function = NULL;
    const struct ast *lambda = lambda_of(scope, node);
    const struct expression *arguments[2] = {NULL, NULL};

    *out = NULL;
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (slice_is_text(node->parts[0], functions[i].name)) {
            function = &functions[i];
        }
    }
    if (function == NULL) {
        if (lambda != NULL && function_exists(node->parts[0])) {
            return bind_error(binder, lambda->offset, ERR_ARGUMENT_TYPE,
                              "function %.*s cannot have a lambda as an argument", SLICE_ARG(node->parts[0]));
        }
        return lambda == NULL ? NULL
                              : bind_refuse(binder, node->offset, "a lambda function as an argument of %.*s",
                                            SLICE_ARG(node->parts[0]));
    }
    if (lambda == NULL && function->needs_lambda) {
        return bind_error(binder, node->offset, node->arguments.count < 2 ? ERR_ARGUMENT_COUNT : ERR_ARGUMENT_TYPE,
                          "the first argument of %s must be a lambda function, such as x -> x > 0", function->name);
    }
    if (lambda == NULL) {
        return node->arguments.count == 1
                   ? NULL
                   : bind_error(binder, node->offset,
                                node->arguments.count == 0 ? ERR_ARGUMENT_COUNT : ERR_ARGUMENT_TYPE,
                                "%s takes an array, or a lambda function and arrays", function->name);
    }
    if (strcmp(function->name, "arrayFold") == 0) {
        return bind_fold(binder, scope, node, lambda, out);
    }
    OR_DONE(bind_map(binder, scope, node, lambda, &arguments[1], &arguments[0]));
    if (strcmp(function->name, "arrayMap") == 0) {
        *out = arguments[0];
    } else if (strcmp(function->name, "mapApply") == 0) {
        OR_DONE(bind_map_of_pairs(binder, node, arguments[0], out));
    } else if (strcmp(function->name, "mapExists") == 0 || strcmp(function->name, "mapAll") == 0) {
        const char *name = strcmp(function->name, "mapAll") == 0 ? "arrayAll" : "arrayExists";
        OR_DONE(bind_call(binder, node->offset, name, arguments, 1, out));
    } else {
        OR_DONE(bind_call(binder, node->offset, function->name, arguments, function->takes_array ? 2 : 1, out));
    }
done:
    return err;
}
