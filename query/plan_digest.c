/*
 * plan_digest.c: walks expressions and plans and hashes what they mean.
 *
 * source   XXH3 of 128 bits, seeded per process: a collision cannot be prepared
 */
#include "query/plan_digest.h"

#include "base/text.h"
#include "base/timezone.h"
#include "query/nested_key.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

/* More values in a set are not worth hashing for each run. */
#define SET_VALUES_MAX 100000U

struct digester {
    struct buffer *bytes;
    struct arena *arena;
    const uint32_t *columns;
    bool settled;
};

static uint64_t seed(void)
{
    static _Atomic uint64_t kept;
    uint64_t value = atomic_load(&kept);
    while (value == 0) {
        uint64_t made = 0;
        if (getrandom(&made, sizeof(made), 0) != (ssize_t)sizeof(made) || made == 0) {
            made = (uintptr_t)&kept | 1;
        }
        value = atomic_compare_exchange_strong(&kept, &value, made) ? made : atomic_load(&kept);
    }
    return value;
}

struct digest digest_of(const void *bytes, size_t length)
{
    XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, length, seed());
    return (struct digest){hash.low64, hash.high64};
}

static void add_bytes(struct digester *digester, const void *bytes, size_t length)
{
    buffer_slice(digester->bytes, slice_of(length == 0 ? "" : bytes, length));
}

static void add_number(struct digester *digester, uint64_t number)
{
    add_bytes(digester, &number, sizeof(number));
}

static void add_text(struct digester *digester, struct slice text)
{
    add_number(digester, text.length);
    add_bytes(digester, text.data, text.length);
}

/* Type and value of a constant. */
static struct err *add_constant(struct digester *digester, const struct column *constant)
{
    struct err *err = NULL;
    const struct type *type = constant->type;
    struct slice name = type_name(digester->arena, type);
    if (name.data == NULL) {
        return arena_error(digester->arena);
    }
    add_text(digester, name);
    if (type_is_nested(type)) {
        struct slice key;
        struct column one = *constant;
        one.form = COLUMN_CONST;
        one.row_count = 1;
        OR_DONE(nested_key_encode(digester->arena, &one, 1, &key));
        add_text(digester, key);
    } else if (type->kind == TYPE_NOTHING || column_is_null(constant, 0)) {
        add_number(digester, UINT64_MAX);
    } else if (type->kind == TYPE_STRING) {
        add_text(digester, *(const struct slice *)column_value(constant, 0));
    } else {
        add_text(digester, slice_of(column_value(constant, 0), type->width));
    }
done:
    return err;
}

static struct err *add_expression(struct digester *digester, const struct expression *expression)
{
    struct err *err = NULL;
    add_number(digester, (uint64_t)expression->kind << 32 | expression->child_count);
    switch (expression->kind) {
    case EXPRESSION_COLUMN:
        add_number(digester,
                   digester->columns == NULL ? expression->column_index : digester->columns[expression->column_index]);
        break;
    case EXPRESSION_CONSTANT:
        OR_DONE(add_constant(digester, expression->constant));
        break;
    case EXPRESSION_PARAMETER:
        if (expression->parameter->value == NULL) {
            digester->settled = false;
        } else {
            OR_DONE(add_constant(digester, expression->parameter->value));
        }
        break;
    case EXPRESSION_CALL:
        digester->settled =
            digester->settled && (expression->function->flags & (FUNCTION_VOLATILE | FUNCTION_CHANGES)) == 0;
        add_text(digester, slice_text(expression->function->name));
        break;
    case EXPRESSION_IN:
        if (value_set_count(expression->set) > SET_VALUES_MAX) {
            digester->settled = false;
        } else {
            uint64_t values[2];
            value_set_digest(expression->set, seed(), values);
            add_bytes(digester, values, sizeof(values));
            add_number(digester, expression->negated);
        }
        break;
    case EXPRESSION_MAP: {
        const uint32_t *columns = digester->columns;
        digester->columns = NULL; /* the body's are elements */
        add_number(digester, expression->array_count);
        add_number(digester, expression->folds);
        err = add_expression(digester, expression->body);
        digester->columns = columns;
        OR_DONE(err);
        break;
    }
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(add_expression(digester, expression->children[i]));
    }
done:
    return err;
}

struct err *expression_digest(struct arena *arena, const struct expression *expression, const uint32_t *columns,
                              struct digest *out, bool *settled)
{
    struct buffer bytes = {0};
    struct digester digester = {&bytes, arena, columns, true};
    struct err *err = add_expression(&digester, expression);
    if (err == NULL && bytes.failed) {
        err = err_oom();
    }
    if (err == NULL) {
        *out = digest_of(bytes.data, bytes.length);
        *settled = digester.settled;
    }
    buffer_deinit(&bytes);
    return err;
}

static struct err *add_expressions(struct digester *digester, const struct expression *const *expressions,
                                   uint32_t count)
{
    struct err *err = NULL;
    add_number(digester, count);
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(add_expression(digester, expressions[i]));
    }
done:
    return err;
}

/* Are there only filters between the node and a scan? */
static const struct plan *scan_below(const struct plan *node)
{
    while (node->kind == PLAN_FILTER) {
        node = node->inputs[0];
    }
    return node->kind == PLAN_SCAN ? node : NULL;
}

struct err *aggregation_digest(struct arena *arena, const struct plan *aggregation,
                               const struct function_context *context, struct digest *out, const struct plan **scan,
                               bool *settled)
{
    struct err *err = NULL;
    struct buffer bytes = {0};
    struct digester digester = {&bytes, arena, NULL, true};
    const struct plan *leaf = aggregation->inputs[0];
    bool plain = true; /* nothing but filters below */
    *scan = NULL;
    *settled = false;
    while (leaf->kind == PLAN_FILTER || leaf->kind == PLAN_PROJECT || leaf->kind == PLAN_ARRAY_JOIN) {
        plain = plain && leaf->kind == PLAN_FILTER;
        leaf = leaf->inputs[0];
    }
    if (leaf->kind != PLAN_SCAN) {
        return NULL;
    }
    add_text(&digester, slice_text(context == NULL || context->zone == NULL ? "" : timezone_name(context->zone)));
    for (uint32_t i = 0; !plain && i < leaf->column_count; i++) {
        add_number(&digester, leaf->source_columns[i]); /* an array join hands them on by their place */
    }
    for (const struct plan *node = aggregation; scan_below(node) == NULL; node = node->inputs[0]) {
        digester.columns = plain ? leaf->source_columns : NULL;
        add_number(&digester, (uint64_t)node->kind << 1 | node->left);
        OR_DONE(add_expressions(&digester, node->expressions, node->expression_count));
        if (node->kind == PLAN_FILTER) {
            OR_DONE(add_expression(&digester, node->condition));
        }
        for (uint32_t a = 0; a < node->aggregate_count; a++) {
            const struct aggregate *aggregate = node->aggregates[a].aggregate;
            add_text(&digester, slice_text(aggregate->name));
            add_number(&digester, aggregate->parameter_count);
            for (uint32_t p = 0; p < aggregate->parameter_count; p++) {
                OR_DONE(add_constant(&digester, aggregate->parameters[p]));
            }
            OR_DONE(add_expressions(&digester, node->aggregates[a].arguments, aggregate->argument_count));
        }
    }
    if (bytes.failed) {
        err = err_oom();
        goto done;
    }
    *out = digest_of(bytes.data, bytes.length);
    *scan = leaf;
    *settled = digester.settled;
done:
    buffer_deinit(&bytes);
    return err;
}
