/*
 * bind_buckets.c: buckets of time that are not complete, in SELECT … GROUP BY: left out, or marked.
 *
 * bucket   a key that never decreases in the event time of a stored table (toStartOfMinute(ts), ts itself): it is
 *          complete when the time through which the table is lies in a later one
 * cut      one more condition for each such key, which prunes by zone maps as if it had been written
 * window   of tumble, hop and session over the event time: complete when its end has come; cut once rows are grouped
 * mark     a last column of the outermost SELECT
 * unknown  while a source has not been connected since the start, no bucket is complete
 */
#include "query/completeness.h"
#include "sql/selection.h"

#include <string.h>

static struct err *time_constant(struct binder *binder, int64_t us, const struct type *type,
                                 const struct expression **out)
{
    struct err *err = NULL;
    const struct expression *exact = NULL;
    const struct type *precise = type_datetime64(binder->arena, 6, NULL);
    struct column *value = precise == NULL ? NULL : column_const(binder->arena, precise, &us, 1);
    if (value == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(expression_constant(binder->arena, value, &exact));
    err = expression_cast(binder->arena, binder->options->context, exact, type, out);
done:
    return err;
}

static struct err *never(struct binder *binder, const struct expression **out)
{
    const uint8_t no = 0;
    struct column *value = column_const(binder->arena, type_simple(TYPE_BOOL), &no, 1);
    return value == NULL ? arena_error(binder->arena) : expression_constant(binder->arena, value, out);
}

/* Without a time there is nothing to wait for. */
static struct err *or_without_time(struct binder *binder, uint32_t offset, const struct expression **complete)
{
    struct err *err = NULL;
    const struct ast one = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 1, .depth = 1};
    const struct expression *pair[2] = {*complete, NULL};
    if ((*complete)->type->nullable) {
        OR_DONE(bind_literal(binder, &one, &pair[1]));
        err = bind_call(binder, offset, "ifNull", pair, 2, complete);
    }
done:
    return err;
}

/* Whether the bucket is complete: an expression over the input; *out NULL: the key is no bucket of event time. */
static struct err *complete_of(const struct selection *selection, const struct expression *key,
                               const struct expression **out)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    const struct scope *scope = &selection->scope;
    uint32_t offset = scope->select->offset;
    struct slice names[2];
    const struct expression *time = NULL, *both[2] = {key, NULL};
    const struct completeness *complete = bind_completeness(scope, key, names);

    *out = NULL;
    if (complete == NULL) {
        return NULL;
    }
    const struct expression *column = key;
    while (column->kind == EXPRESSION_CALL) {
        column = expression_varying(column);
    }
    if (complete->known) {
        OR_DONE(time_constant(binder, complete->complete_us, column->type, &time));
        OR_DONE(expression_at(binder->arena, key, time, &both[1]));
    }
    if (both[1] == NULL) {
        OR_DONE(never(binder, out));
    } else {
        OR_DONE(bind_call(binder, offset, "less", both, 2, out));
        OR_DONE(or_without_time(binder, offset, out));
    }
done:
    return err;
}

/* The same of a window: an expression over keys. */
static struct err *window_complete(const struct selection *selection, const struct expression *key,
                                   const struct expression **out)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    uint32_t offset = selection->scope.select->offset;
    struct slice names[2];
    const struct expression *pair[2] = {key, NULL};
    *out = NULL;
    if (key->kind != EXPRESSION_CALL ||
        (strcmp(key->function->name, "tumble") != 0 && strcmp(key->function->name, "hop") != 0 &&
         strcmp(key->function->name, "session") != 0)) {
        return NULL;
    }
    const struct completeness *complete = bind_completeness(&selection->scope, key->children[0], names);
    if (complete == NULL) {
        return NULL;
    }
    if (!complete->known) {
        return never(binder, out);
    }
    const struct ast second = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 2, .depth = 1};
    OR_DONE(bind_literal(binder, &second, &pair[1]));
    OR_DONE(bind_call(binder, offset, "tupleElement", pair, 2, &pair[0]));
    const struct type *precise = type_datetime64(binder->arena, 6, NULL);
    if (precise == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(time_constant(binder, complete->complete_us, precise, &pair[1]));
    OR_DONE(bind_call(binder, offset, "lessOrEquals", pair, 2, out));
    OR_DONE(or_without_time(binder, offset, out));
done:
    return err;
}

static struct err *both_of(struct selection *selection, const struct expression *more, const struct expression **all)
{
    const struct expression *pair[2] = {*all, more};
    if (*all == NULL) {
        *all = more;
        return NULL;
    }
    return bind_call(selection->binder, selection->scope.select->offset, "and", pair, 2, all);
}

static struct err *mark(struct selection *selection, const struct expression *complete)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    const struct ast_select *select = selection->scope.select;
    struct item *item = bind_array_add(binder->arena, &selection->items.items, &selection->items.count, sizeof(*item));
    struct ast *ast = ARENA_NEW(binder->arena, struct ast);
    if (item == NULL || ast == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(expression_cast(binder->arena, binder->options->context, complete, type_simple(TYPE_BOOL), &complete));
    *ast = (struct ast){.kind = AST_IDENTIFIER, .offset = select->offset, .depth = 1};
    *item = (struct item){.name = slice_text("complete"), .ast = ast, .expression = complete};
done:
    return err;
}

struct err *bind_buckets(struct selection *selection)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    enum bind_buckets how = binder->options->incomplete_buckets;
    const struct expression *all = NULL, *windows = NULL;

    if (how == BUCKETS_KEEP || (how == BUCKETS_MARK && selection->scope.select != binder->outermost)) {
        return NULL;
    }
    for (uint32_t i = 0; i < selection->key_count; i++) {
        const struct expression *complete = NULL;
        OR_DONE(complete_of(selection, selection->keys[i], &complete));
        if (complete != NULL) {
            OR_DONE(both_of(selection, complete, &all));
        }
        OR_DONE(window_complete(selection, selection->keys[i], &complete));
        if (complete != NULL) {
            OR_DONE(both_of(selection, complete, &windows));
        }
    }
    if (how == BUCKETS_MARK) {
        OR_DONE(windows == NULL ? NULL : both_of(selection, windows, &all));
        err = all == NULL ? NULL : mark(selection, all);
        goto done;
    }
    selection->complete = windows;
    if (all == NULL) {
        goto done;
    }
    if (selection->condition == NULL) {
        selection->condition = all;
    } else {
        err = both_of(selection, all, &selection->condition);
    }
done:
    return err;
}
