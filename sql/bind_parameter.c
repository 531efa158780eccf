/*
 * bind_parameter.c: {name:Type}: the text that came with the query, as a constant of that type.
 *
 * The text is TabSeparated's form of the value: escapes with backslashes, \N is NULL. source: HTTP interface, COMPAT
 */
#include "sql/binder.h"

#include "format/nested_text.h"
#include "format/value.h"
#include "storage/packed.h"

static const struct bind_parameter *find_parameter(const struct binder *binder, struct slice name)
{
    for (uint32_t i = 0; i < binder->options->parameter_count; i++) {
        if (slice_equal(binder->options->parameters[i].name, name)) {
            return &binder->options->parameters[i];
        }
    }
    return NULL;
}

/* Undoes TabSeparated's escapes. data NULL: memory is out. */
static struct slice unescape(struct arena *arena, struct slice text)
{
    static const char letters[] = "bfnrt0av";
    static const char values[] = "\b\f\n\r\t\0\a\v";
    char *out = arena_alloc(arena, text.length + 1);
    size_t length = 0;

    if (out == NULL) {
        return (struct slice){0};
    }
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte == '\\' && i + 1 < text.length) {
            byte = text.data[++i];
            const char *letter = byte == '\0' ? NULL : strchr(letters, byte);
            byte = letter != NULL ? values[letter - letters] : byte;
        }
        out[length++] = byte;
    }
    return slice_of(out, length);
}

struct err *bind_parameter_text(struct binder *binder, const struct ast *node, struct slice *out)
{
    const struct bind_parameter *parameter = find_parameter(binder, node->parts[0]);

    if (parameter == NULL) {
        return bind_error(binder, node->offset, ERR_UNKNOWN_QUERY_PARAMETER,
                          "the query parameter %.*s is not set; give it as param_%.*s", SLICE_ARG(node->parts[0]),
                          SLICE_ARG(node->parts[0]));
    }
    *out = unescape(binder->arena, parameter->value);
    return out->data == NULL ? arena_error(binder->arena) : NULL;
}

/* An array, tuple or map as text formats have it: its texts stand in quotes, with escapes of their own. */
static struct err *nested_value(struct binder *binder, const struct type *type, struct slice text, struct column **out)
{
    struct err *err = NULL;
    struct buffer packed = {0};
    size_t used = 0;
    text = text.length == 0 ? slice_of("", 0) : text;
    OR_DONE(nested_from_text(text, type, binder->options->context->zone, value_from_text, &packed, &used));
    if (used < text.length) {
        err = err_new(ERR_DATA_AFTER_VALUE, "nothing is expected behind the value");
        goto done;
    }
    struct slice key = arena_slice(binder->arena, buffer_all(&packed));
    OR_DONE(key.data == NULL ? arena_error(binder->arena) : packed_read(binder->arena, type, &key, 1, out));
    (*out)->form = COLUMN_CONST; /* of its one row */
done:
    buffer_deinit(&packed);
    return err;
}

struct err *bind_parameter_value(struct binder *binder, const struct ast *node, const struct expression **out)
{
    struct err *err = NULL;
    const struct type *type = NULL;
    struct slice text;
    struct column *value = NULL;

    OR_DONE(bind_type(binder, node->offset, node->text, &type));
    const struct bind_parameter *parameter = find_parameter(binder, node->parts[0]);
    OR_DONE(bind_parameter_text(binder, node, &text));
    bool nested = parameter != NULL && type_is_nested(type) && type->view == TYPE_VIEW_NONE;
    text = nested ? parameter->value : text;
    if (parameter != NULL && type->nullable && slice_is_text(parameter->value, "\\N")) {
        value = column_const_null(binder->arena, type, 1);
        if (value == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
    } else {
        struct column *string = column_const(binder->arena, type_simple(TYPE_STRING), &text, 1);
        if (string == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        int64_t time = 0; /* CAST takes less forms of times than texts do */
        bool is_time = (type->kind == TYPE_DATETIME || type->kind == TYPE_DATETIME64) &&
                       value_from_text(type, binder->options->context->zone, text, &time);
        if (is_time) {
            value = column_const(binder->arena, type, &time, 1);
            err = value == NULL ? arena_error(binder->arena) : NULL;
        } else {
            err = nested ? nested_value(binder, type, text, &value)
                         : function_cast(binder->arena, binder->options->context, string, type, &value);
        }
        if (err != NULL && err_code(err) != ERR_OOM && err_code(err) != ERR_MEMORY_LIMIT) {
            struct err *bad = bind_error(binder, node->offset, ERR_BAD_QUERY_PARAMETER,
                                         "the value '%.*s' of the query parameter %.*s is no %.*s: %s",
                                         SLICE_ARG(slice_of(text.data, text.length > 100 ? 100 : text.length)),
                                         SLICE_ARG(node->parts[0]), SLICE_ARG(node->text), err_message(err));
            err_free(err);
            err = bad;
        }
        if (err != NULL) {
            goto done;
        }
    }
    if (value->form != COLUMN_CONST) {
        value = column_const(binder->arena, type, column_value(value, 0), 1);
        if (value == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
    }
    OR_DONE(expression_constant(binder->arena, value, out));
done:
    return err;
}

struct err *bind_name(struct arena *arena, const struct bind_options *options, struct slice name,
                      const struct ast *parameter, struct slice *out)
{
    struct binder binder = {.arena = arena, .options = options};

    if (parameter == NULL) {
        *out = name;
        return NULL;
    }
    if (!slice_is_text(parameter->text, "Identifier")) {
        return bind_error(&binder, parameter->offset, ERR_BAD_QUERY_PARAMETER,
                          "a name is expected here: write {%.*s:Identifier}", SLICE_ARG(parameter->parts[0]));
    }
    return bind_parameter_text(&binder, parameter, out);
}
