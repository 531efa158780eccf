/*
 * compare_nested.c: =, ≠, <, ≤, >, ≥ and <=> where a side is an array, a tuple or a map.
 *
 * arrays   both sides are cast to their common type and compared element by element, NULL being the greatest value
 * tuples   NULL itself beside anything makes the result NULL; = is AND of the elements' =, ≠ is OR of their ≠, < is a1
 *          < b1 OR (a1 = b1 AND (a2 < b2 OR …)): so that NULL elements make the result NULL as they do outside of
 *          tuples
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

/* A constant text beside a nested value is one written as text. */
static const struct type *side_type(const struct function_bind *bind, uint32_t side)
{
    const struct function_argument *argument = &bind->arguments[side];
    const struct type *other = bind->arguments[1 - side].type;
    return argument->type->kind == TYPE_STRING && argument->constant != NULL ? other : argument->type;
}

static struct err *illegal_types(const struct function_bind *bind)
{
    struct slice a = type_name(bind->arena, bind->arguments[0].type);
    struct slice b = type_name(bind->arena, bind->arguments[1].type);
    return err_new(ERR_ARGUMENT_TYPE, "Illegal types of arguments (%.*s, %.*s) of function %s", SLICE_ARG(a),
                   SLICE_ARG(b), bind->name);
}

enum order { ORDER_EQUAL = 1, ORDER_LESS = 2, ORDER_GREATER = 4 };

static const struct {
    const char *name;
    int accepted; /* enum order */
    const char *strict;
} operations[] = {
    {"equals", ORDER_EQUAL, "equals"},
    {"notEquals", ORDER_LESS | ORDER_GREATER, "notEquals"},
    {"less", ORDER_LESS, "less"},
    {"lessOrEquals", ORDER_LESS | ORDER_EQUAL, "less"},
    {"greater", ORDER_GREATER, "greater"},
    {"greaterOrEquals", ORDER_GREATER | ORDER_EQUAL, "greater"},
    {"isNotDistinctFrom", ORDER_EQUAL, NULL},
    {"isDistinctFrom", ORDER_LESS | ORDER_GREATER, NULL},
};

/* --- as a whole --------------------------------------------------------------------------------------------------- */

struct whole {
    const struct type *common;
    int accepted;
};

static struct err *evaluate_whole(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct whole *whole = function->data;
    struct column *sides[2];
    struct column *made;
    for (int k = 0; k < 2; k++) {
        OR_DONE(function_cast(arena, function->context, arguments[k], whole->common, &sides[k]));
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        int order = column_compare(sides[0], i, sides[1], i);
        int found = order == 0 ? ORDER_EQUAL : order < 0 ? ORDER_LESS : ORDER_GREATER;
        ((uint8_t *)made->values)[i] = (found & whole->accepted) != 0;
    }
    *out = made;
done:
    return err;
}

/* --- tuples, element by element ----------------------------------------------------------------------------------- */

/* Functions over the elements; those that are not needed are NULL. */
struct pairwise {
    uint32_t count;
    const struct function **strict; /* of element k: =, ≠, < or > */
    const struct function **equal;  /* of element k, for < and > but for the last */
    const struct function **either; /* OR of element k's strict with what comes of (equal AND the rest) */
    const struct function **both;   /* AND of element k's equal with the rest; for =: of the elements so far */
    const struct type *cast[2];     /* of a side that is a text, or NULL */
};

static struct err *resolve_of(const struct function_bind *bind, const char *name, const struct type *a,
                              const struct type *b, const struct function **out)
{
    const struct function_argument pair[2] = {{a, NULL}, {b, NULL}};
    return function_resolve(bind->arena, bind->context, slice_text(name), pair, 2, out);
}

static const struct column *element_of(struct arena *arena, const struct column *tuple, uint32_t k, uint32_t row_count)
{
    if (tuple->form != COLUMN_CONST) {
        return tuple->children[k];
    }
    const struct column *flat = column_flat(arena, tuple->children[k]);
    struct column *constant = flat == NULL ? NULL : column_retyped(arena, flat, flat->type);
    if (constant != NULL) {
        constant->form = COLUMN_CONST;
        constant->row_count = row_count;
    }
    return constant;
}

static struct err *evaluate_pairwise(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pairwise *pairwise = function->data;
    const struct column *sides[2] = {arguments[0], arguments[1]};
    struct column *result = NULL;
    for (int side = 0; side < 2; side++) {
        struct column *cast = NULL;
        if (pairwise->cast[side] != NULL) {
            OR_DONE(function_cast(arena, function->context, sides[side], pairwise->cast[side], &cast));
            sides[side] = cast;
        }
    }
    for (uint32_t k = pairwise->count; k-- > 0;) {
        const struct column *pair[2] = {element_of(arena, sides[0], k, row_count),
                                        element_of(arena, sides[1], k, row_count)};
        struct column *strict;
        struct column *equal;
        if (pair[0] == NULL || pair[1] == NULL) {
            return arena_error(arena);
        }
        OR_DONE(function_evaluate(pairwise->strict[k], arena, NULL, pair, row_count, &strict));
        if (pairwise->equal[k] != NULL) {
            OR_DONE(function_evaluate(pairwise->equal[k], arena, NULL, pair, row_count, &equal));
            const struct column *tail[2] = {equal, result};
            OR_DONE(function_evaluate(pairwise->both[k], arena, NULL, tail, row_count, &result));
        }
        if (pairwise->either[k] != NULL) {
            const struct column *ends[2] = {strict, result};
            OR_DONE(function_evaluate(pairwise->either[k], arena, NULL, ends, row_count, &result));
        } else {
            result = strict;
        }
    }
    *out = result;
done:
    return err;
}

static struct err *resolve_pairwise(const struct function_bind *bind, const struct type *a, const struct type *b,
                                    size_t operation, struct function *out)
{
    struct err *err = NULL;
    struct pairwise *pairwise = ARENA_NEW(bind->arena, struct pairwise);
    uint32_t count = a->child_count;
    const struct type *type = NULL; /* of what the elements behind this one give */
    if (pairwise == NULL) {
        return arena_error(bind->arena);
    }
    const struct function ***const lists[] = {&pairwise->strict, &pairwise->equal, &pairwise->either, &pairwise->both};
    for (size_t i = 0; i < 4; i++) {
        *lists[i] = arena_zalloc(bind->arena, (count + 1U) * sizeof(struct function *));
        if (*lists[i] == NULL) {
            return arena_error(bind->arena);
        }
    }
    pairwise->count = count;
    for (uint32_t side = 0; side < 2; side++) {
        bool text = bind->arguments[side].type->kind == TYPE_STRING;
        pairwise->cast[side] = text ? bind->arguments[1 - side].type : NULL;
    }
    const char *strict = operations[operation].strict;
    bool ordered = strcmp(strict, "less") == 0 || strcmp(strict, "greater") == 0;
    for (uint32_t k = count; k-- > 0;) {
        bool last = k + 1 == count;
        /* a <= b ends in <= of the last elements */
        OR_DONE(resolve_of(bind, last ? bind->name : strict, a->children[k], b->children[k], &pairwise->strict[k]));
        const struct type *own = pairwise->strict[k]->type;
        if (!last && ordered) {
            OR_DONE(resolve_of(bind, "equals", a->children[k], b->children[k], &pairwise->equal[k]));
            OR_DONE(resolve_of(bind, "and", pairwise->equal[k]->type, type, &pairwise->both[k]));
            type = pairwise->both[k]->type;
        }
        if (!last) {
            bool conjunction = strcmp(strict, "equals") == 0;
            OR_DONE(resolve_of(bind, conjunction ? "and" : "or", own, type, &pairwise->either[k]));
            own = pairwise->either[k]->type;
        }
        type = own;
    }
    out->inner = type;
    out->data = pairwise;
    out->evaluate = evaluate_pairwise;
done:
    return err;
}

/* A tuple with NULL itself in it. */
static struct err *evaluate_null(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const_null(arena, function->inner, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *resolve_compare_nested(const struct function_bind *bind, struct function *out)
{
    const struct type *a = side_type(bind, 0);
    const struct type *b = side_type(bind, 1);
    size_t operation = 0;
    while (strcmp(operations[operation].name, bind->name) != 0) {
        operation++;
    }
    if (a->kind != b->kind || (a->kind == TYPE_TUPLE && a->child_count != b->child_count)) {
        return illegal_types(bind);
    }
    if (a->kind == TYPE_TUPLE && a->child_count == 0) {
        return err_new(ERR_NOT_IMPLEMENTED, "Comparison of zero-sized tuples is not implemented");
    }
    if (a->kind == TYPE_TUPLE && operations[operation].strict != NULL) {
        for (uint32_t k = 0; k < a->child_count; k++) {
            if (a->children[k]->kind == TYPE_NOTHING || b->children[k]->kind == TYPE_NOTHING) {
                out->inner = type_nullable(bind->arena, type_simple(TYPE_UINT8), true);
                out->evaluate = evaluate_null;
                return out->inner == NULL ? arena_error(bind->arena) : NULL;
            }
        }
        return resolve_pairwise(bind, a, b, operation, out);
    }
    struct whole *whole = ARENA_NEW(bind->arena, struct whole);
    const struct type *both[2] = {a, b};
    if (whole == NULL) {
        return arena_error(bind->arena);
    }
    struct err *err = function_common_type(bind->arena, both, 2, &whole->common);
    if (err != NULL) {
        err_free(err);
        return illegal_types(bind);
    }
    whole->accepted = operations[operation].accepted;
    out->inner = type_simple(TYPE_UINT8);
    out->data = whole;
    out->evaluate = evaluate_whole;
    return NULL;
}
