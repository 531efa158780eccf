/*
 * bind_nested.c: names that are parts of columns: t.element, a.size0, m.keys, x.null; and n of the columns n.a, n.b.
 *
 * parts    each is a call of the function that says the same (tupleElement, length, mapKeys, mapValues, isNull)
 * json     what stands behind a column of type JSON is one path
 * nested   n alone is an array of tuples of them; ARRAY JOIN n joins all of them side by side
 */
#include "sql/binder.h"

static struct err *call_with_text(struct binder *binder, uint32_t offset, const char *function,
                                  const struct expression *value, struct slice text, const struct expression **out)
{
    struct err *err = NULL;
    const struct expression *pair[2] = {value, NULL};
    const struct ast name = {.kind = AST_LITERAL, .literal = AST_STRING, .text = text, .offset = offset, .depth = 1};
    OR_DONE(bind_literal(binder, &name, &pair[1]));
    err = bind_call(binder, offset, function, pair, 2, out);
done:
    return err;
}

struct err *bind_json_path(struct binder *binder, const struct ast *node, uint32_t first,
                           const struct expression *value, const struct expression **out)
{
    struct slice path = node->parts[first];
    for (uint32_t i = first + 1; i < node->part_count; i++) {
        char *longer = arena_format(binder->arena, "%.*s.%.*s", SLICE_ARG(path), SLICE_ARG(node->parts[i]));
        if (longer == NULL) {
            return arena_error(binder->arena);
        }
        path = slice_text(longer);
    }
    return call_with_text(binder, node->offset, "getSubcolumn", value, path, out);
}

struct err *bind_check_key(struct binder *binder, const struct ast *node, const struct expression *expression,
                           const char *what)
{
    return expression->type->view != TYPE_VIEW_DYNAMIC
               ? NULL
               : bind_error(binder, node->offset, ERR_ILLEGAL_COLUMN,
                            "a Dynamic is not allowed in %s: write path.:Int64 (.:String, …) or path::Int64", what);
}

/* A tuple's element, of arrays of tuples too. */
static bool has_element(const struct type *type, struct slice name)
{
    while (type->kind == TYPE_ARRAY) {
        type = type->children[0];
    }
    bool found = false;
    for (uint32_t k = 0; type->kind == TYPE_TUPLE && type->names != NULL && k < type->child_count && !found; k++) {
        found = slice_equal(type->names[k], name);
    }
    return found;
}

struct err *bind_subcolumn(struct binder *binder, uint32_t offset, const struct expression *value, struct slice name,
                           const struct expression **out)
{
    const struct type *type = value->type;
    const char *function = NULL;

    *out = NULL;
    if (has_element(type, name)) {
        return call_with_text(binder, offset, "tupleElement", value, name, out);
    }
    if (type->kind == TYPE_MAP && name.length > 4 && memcmp(name.data, "key_", 4) == 0 &&
        type->children[0]->children[0]->kind == TYPE_STRING) {
        return call_with_text(binder, offset, "arrayElement", value, slice_of(name.data + 4, name.length - 4), out);
    }
    if ((type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) && slice_is_text(name, "size0")) {
        function = "length";
    } else if (type->kind == TYPE_STRING && slice_is_text(name, "size")) {
        function = "length";
    } else if (type->kind == TYPE_MAP && slice_is_text(name, "keys")) {
        function = "mapKeys";
    } else if (type->kind == TYPE_MAP && slice_is_text(name, "values")) {
        function = "mapValues";
    } else if (type->nullable && slice_is_text(name, "null")) {
        function = "isNull";
    }
    return function == NULL ? NULL : bind_call(binder, offset, function, &value, 1, out);
}

/* The scope's next column n.…, an array, from *at on; NULL: there is none. *part: what stands behind the point. */
static struct scope_column *next_part(struct scope *scope, const struct ast *node, uint32_t *at, struct slice *part)
{
    struct slice name = node->parts[node->part_count - 1];
    if (scope->join != NULL || (node->part_count > 1 && !scope_is_table(scope, node->parts, node->part_count - 1))) {
        return NULL;
    }
    while (*at < scope->column_count) {
        struct scope_column *column = &scope->columns[(*at)++];
        if (column->type->kind == TYPE_ARRAY && column->name.length > name.length + 1 &&
            column->name.data[name.length] == '.' && memcmp(column->name.data, name.data, name.length) == 0) {
            *part = slice_of(column->name.data + name.length + 1, column->name.length - name.length - 1);
            return column;
        }
    }
    return NULL;
}

struct err *bind_nested(struct binder *binder, struct scope *scope, const struct ast *node,
                        const struct expression **out)
{
    struct err *err = NULL;
    const struct expression **parts = NULL;
    const struct type **types = NULL;
    struct slice *names = NULL, part;
    struct scope_column *column;
    uint32_t count = 0, type_count = 0, name_count = 0, at = 0;

    *out = NULL;
    while ((column = next_part(scope, node, &at, &part)) != NULL) {
        const struct expression **place = bind_array_add(binder->arena, &parts, &count, sizeof(*parts));
        const struct type **type = bind_array_add(binder->arena, &types, &type_count, sizeof(*types));
        struct slice *name = bind_array_add(binder->arena, &names, &name_count, sizeof(*names));
        if (place == NULL || type == NULL || name == NULL) {
            return arena_error(binder->arena);
        }
        *type = column->type->children[0];
        *name = part;
        OR_DONE(scope_column_expression(binder, scope, column, place));
    }
    if (count == 0) {
        return NULL;
    }
    const struct type *tuple = type_tuple(binder->arena, types, names, count);
    const struct type *array = tuple == NULL ? NULL : type_array(binder->arena, tuple);
    const struct expression *zipped = NULL;
    if (array == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(bind_call(binder, node->offset, "arrayZip", parts, count, &zipped));
    err = expression_cast(binder->arena, binder->options->context, zipped, array, out);
done:
    return err;
}

struct err *bind_nested_list(struct binder *binder, struct scope *scope, const struct ast_list *list,
                             struct ast_list *out)
{
    struct err *err = NULL;

    *out = (struct ast_list){0};
    for (uint32_t i = 0; i < list->count; i++) {
        struct ast *node = list->items[i];
        struct scope_column *column = NULL;
        struct slice part;
        uint32_t at = 0, before = out->count;
        if (node->kind == AST_IDENTIFIER && (node->part_count > 1 || scope_alias(scope, node->parts[0]) == NULL ||
                                             scope_alias(scope, node->parts[0])->ast == node)) {
            OR_DONE(scope_find_column(binder, scope, node, &column));
        }
        while (node->kind == AST_IDENTIFIER && column == NULL) {
            const struct scope_column *array = next_part(scope, node, &at, &part);
            struct ast **place =
                array == NULL ? NULL : bind_array_add(binder->arena, &out->items, &out->count, sizeof(*place));
            struct ast *copy = place == NULL ? NULL : ARENA_NEW(binder->arena, struct ast);
            if (array == NULL) {
                break;
            }
            if (copy == NULL) {
                return arena_error(binder->arena);
            }
            struct slice *name = ARENA_NEW(binder->arena, struct slice);
            char *alias = arena_format(binder->arena, "%.*s.%.*s", SLICE_ARG(node->alias), SLICE_ARG(part));
            if (name == NULL || alias == NULL) {
                return arena_error(binder->arena);
            }
            *name = array->name;
            *copy = *node;
            copy->parts = name;
            copy->part_count = 1;
            copy->alias = node->alias.length == 0 ? node->alias : slice_text(alias);
            *place = copy;
        }
        if (out->count == before) {
            struct ast **place = bind_array_add(binder->arena, &out->items, &out->count, sizeof(*place));
            if (place == NULL) {
                return arena_error(binder->arena);
            }
            *place = node;
        }
    }
done:
    return err;
}
