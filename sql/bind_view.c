/*
 * bind_view.c: a view in FROM: its SELECT is bound as a subquery that sees nothing of the query around it.
 *
 * names    the definition names its tables with their databases (define_view.c)
 * columns  those that the definition lists, found by name in what the SELECT gives now, and cast to their types
 * params   v(p = 1): a view with {p:Type} in its SELECT; the values are constants
 */
#include "sql/binder.h"

#include "sql/parser.h"

/* A constant as the text of a query parameter: TabSeparated's escapes. */
static struct err *parameter_text(struct binder *binder, const struct ast *node, struct slice *out)
{
    struct err *err = NULL;
    struct scope constants = {.rows_only = true, .rows_what = "a view's parameter"};
    const struct expression *value = NULL;
    struct column *text = NULL;

    OR_DONE(bind_node(binder, &constants, node, &value));
    const struct column *constant = expression_value(value);
    if (constant == NULL) {
        err = bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "the parameters of a view must be constants");
        goto done;
    }
    if (column_is_null(constant, 0)) {
        *out = slice_text("\\N");
        goto done;
    }
    OR_DONE(function_cast(binder->arena, binder->options->context, constant, type_simple(TYPE_STRING), &text));
    struct slice plain = *(const struct slice *)column_value(text, 0);
    char *escaped = arena_alloc(binder->arena, plain.length * 2 + 1);
    size_t length = 0;
    if (escaped == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    for (size_t i = 0; i < plain.length; i++) {
        if (plain.data[i] == '\\') {
            escaped[length++] = '\\';
        }
        escaped[length++] = plain.data[i];
    }
    *out = slice_of(escaped, length);
done:
    return err;
}

static struct err *take_parameters(struct binder *binder, const struct ast *call, struct bind_parameter **out)
{
    struct err *err = NULL;
    struct bind_parameter *parameters = arena_array(binder->arena, call->arguments.count + 1U, sizeof(*parameters));

    if (parameters == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < call->arguments.count; i++) {
        const struct ast *argument = call->arguments.items[i];
        if (argument->kind != AST_FUNCTION || !argument->is_operator || !slice_is_text(argument->parts[0], "equals") ||
            argument->arguments.items[0]->kind != AST_IDENTIFIER || argument->arguments.items[0]->part_count != 1) {
            return bind_error(binder, argument->offset, ERR_BAD_ARGUMENTS,
                              "a view takes its parameters by name: %.*s(name = value)", SLICE_ARG(call->parts[0]));
        }
        parameters[i].name = argument->arguments.items[0]->parts[0];
        OR_DONE(parameter_text(binder, argument->arguments.items[1], &parameters[i].value));
    }
    *out = parameters;
done:
    return err;
}

/* The columns that the definition lists, of those that its SELECT gives. */
static struct err *declared_columns(struct binder *binder, const struct ast_create_table *create, struct plan **plan)
{
    struct err *err = NULL;
    uint32_t count = create->column_count;
    const struct expression **expressions = arena_array(binder->arena, count + 1U, sizeof(struct expression *));
    struct slice *names = arena_array(binder->arena, count + 1U, sizeof(*names));

    if (expressions == NULL || names == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct ast_column *column = &create->columns[i];
        const struct type *type = NULL;
        uint32_t at = 0;
        while (at < (*plan)->column_count && !slice_equal((*plan)->columns[at].name, column->name)) {
            at++;
        }
        if (at == (*plan)->column_count) {
            err = bind_error(binder, column->offset, ERR_UNKNOWN_IDENTIFIER, "the view's SELECT gives no column %.*s",
                             SLICE_ARG(column->name));
            goto done;
        }
        names[i] = column->name;
        OR_DONE(bind_type(binder, column->type_offset, column->type, &type));
        OR_DONE(expression_column(binder->arena, at, (*plan)->columns[at].type, &expressions[i]));
        if (!type_equal(type, expressions[i]->type)) {
            OR_DONE(bind_at(
                binder, column->offset,
                expression_cast(binder->arena, binder->options->context, expressions[i], type, &expressions[i])));
        }
    }
    OR_DONE(plan_project(binder->arena, *plan, expressions, names, count, plan));
done:
    return err;
}

static struct err *bind_definition(struct binder *binder, const struct ast_create_table *create, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;

    OR_DONE(bind_query_plan(binder, NULL, create->as_select, &plan));
    if (create->column_count > 0) {
        OR_DONE(declared_columns(binder, create, &plan));
    }
    *out = plan;
done:
    return err;
}

static struct err *bind_text(struct binder *binder, struct slice database, struct slice name, const struct ast *call,
                             struct slice definition, struct plan **out)
{
    struct err *err = NULL;
    const struct bind_options *options = binder->options;
    struct ast_statement *statement = NULL;
    struct bind_parameter *parameters = NULL;

    OR_DONE(parse_query(binder->arena, definition, (uint32_t)definition.length + 1, &statement));
    if (call != NULL) {
        if (statement->create_table->column_count > 0) {
            return NULL; /* it has its columns: it takes no parameters */
        }
        OR_DONE(take_parameters(binder, call, &parameters));
    }
    struct view_frame frame = {binder->view, database, name};
    struct bind_options inner = *options;
    struct lambda_frame *lambda = binder->lambda;
    inner.text = definition;
    inner.parameters = parameters;
    inner.parameter_count = call == NULL ? 0 : call->arguments.count;
    binder->options = &inner;
    binder->view = &frame;
    binder->lambda = NULL;
    err = bind_definition(binder, statement->create_table, out);
    binder->options = options;
    binder->view = frame.outer;
    binder->lambda = lambda;
    err = err_while(err, "in the view %.*s.%.*s", SLICE_ARG(database), SLICE_ARG(name));
done:
    return err;
}

struct err *bind_view(struct binder *binder, struct slice database, struct slice name, uint32_t offset,
                      const struct ast *call, struct plan **out)
{
    struct err *err = NULL;
    const struct bind_catalogue *catalogue = binder->options->catalogue;
    struct slice definition = {0};

    *out = NULL;
    if (catalogue == NULL || catalogue->view == NULL) {
        return NULL;
    }
    OR_DONE(bind_at(binder, offset, catalogue->view(catalogue->user, binder->arena, database, name, &definition)));
    for (const struct view_frame *frame = binder->view; frame != NULL && definition.data != NULL;
         frame = frame->outer) {
        if (slice_equal(frame->database, database) && slice_equal(frame->name, name)) {
            return bind_error(binder, offset, ERR_INFINITE_LOOP, "the view %.*s.%.*s reads itself", SLICE_ARG(database),
                              SLICE_ARG(name));
        }
    }
    const struct binder before = *binder;
    for (bool changed = true; changed && definition.data != NULL;) {
        struct slice now = definition;
        *binder = before;
        err = bind_text(binder, database, name, call, definition, out);
        if (err_code(err) == ERR_UNKNOWN_TABLE) { /* another view took its place, and the table of this one went? */
            err_keep_first(&err, catalogue->view(catalogue->user, binder->arena, database, name, &now));
        }
        changed = !slice_equal(now, definition);
        if (changed) {
            err_free(err);
            err = NULL;
            definition = now;
        }
    }
done:
    return err;
}
