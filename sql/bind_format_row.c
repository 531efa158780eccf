/*
 * bind_format_row.c: formatRow(format, values…): the function gets the name of each value behind it, as a result's
 * column would be called.
 */
#include "sql/binder.h"

bool is_format_row(struct slice name)
{
    return slice_is_text(name, "formatRow") || slice_is_text(name, "formatRowNoNewline");
}

struct err *bind_format_row(struct binder *binder, struct scope *scope, const struct ast *node,
                            const struct expression **out)
{
    struct err *err = NULL;
    const struct ast_list *list = &node->arguments;
    const struct expression **arguments;

    if (list->count < 2) {
        return bind_error(binder, node->offset, ERR_ARGUMENT_COUNT,
                          "Function %.*s requires at least two arguments: the format name and its output expression(s)",
                          SLICE_ARG(node->parts[0]));
    }
    arguments = arena_array(binder->arena, 2 * (size_t)list->count, sizeof(struct expression *));
    if (arguments == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(bind_node(binder, scope, list->items[0], &arguments[0]));
    for (uint32_t i = 1; i < list->count; i++) {
        const struct ast *item = list->items[i];
        struct slice name = item->alias.length > 0 ? item->alias : scope_item_name(binder, scope, item);
        const struct ast text = {
            .kind = AST_LITERAL, .literal = AST_STRING, .text = name, .offset = item->offset, .depth = 1};
        if (name.data == NULL) {
            return arena_error(binder->arena);
        }
        OR_DONE(bind_node(binder, scope, item, &arguments[2 * i - 1]));
        OR_DONE(bind_literal(binder, &text, &arguments[2 * i]));
    }
    OR_DONE(bind_at(
        binder, node->offset,
        expression_call(binder->arena, binder->options->context, node->parts[0], arguments, 2 * list->count - 1, out)));
done:
    return err;
}
