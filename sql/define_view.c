/*
 * define_view.c: CREATE VIEW → a definition that the catalogue keeps. See define.h.
 *
 * The SELECT is bound once, so that a view that cannot be read is not made, and to know its columns' names and types,
 * which the definition then lists. A view with {p:Type} in it has no columns until it is called.
 */
#include "sql/define.h"

#include "sql/binder.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/qualify.h"

/* CREATE VIEW v (x, y) AS SELECT a, b: the names become aliases. */
static struct err *name_items(struct binder *binder, struct ast_create_table *create)
{
    const struct ast_query *query = create->as_select;
    while (query->parts[0].query != NULL) {
        query = query->parts[0].query;
    }
    struct ast_select *select = query->parts[0].select;
    if (select->columns.count != create->column_count) {
        return bind_error(binder, create->columns[0].offset, ERR_BAD_ARGUMENTS,
                          "the view lists %u columns, its SELECT %u expressions", create->column_count,
                          select->columns.count);
    }
    for (uint32_t i = 0; i < create->column_count; i++) {
        if (select->columns.items[i]->kind == AST_STAR || select->columns.items[i]->kind == AST_COLUMNS) {
            return bind_error(binder, create->columns[i].offset, ERR_BAD_ARGUMENTS,
                              "a star cannot be named by the view's columns");
        }
        select->columns.items[i]->alias = create->columns[i].name;
    }
    return NULL;
}

/* Are all columns given with their types (*typed), or all by name alone? */
static struct err *check_columns(struct binder *binder, const struct ast_create_table *create, bool *typed)
{
    *typed = create->column_count > 0 && create->columns[0].type.length > 0;
    for (uint32_t i = 0; i < create->column_count; i++) {
        const struct ast_column *column = &create->columns[i];
        if ((column->type.length > 0) != *typed) {
            return bind_error(binder, column->offset, ERR_SYNTAX, "of a view's columns all have a type, or none");
        }
        if (column->default_kind != AST_NO_DEFAULT || column->codec.length > 0 || column->ttl != NULL ||
            column->primary_key) {
            return bind_error(binder, column->offset, ERR_BAD_ARGUMENTS,
                              "the column %.*s of a view has a name, a type and a comment, nothing else",
                              SLICE_ARG(column->name));
        }
        for (uint32_t j = 0; j < i; j++) {
            if (slice_equal(create->columns[j].name, column->name)) {
                return bind_error(binder, column->offset, ERR_ILLEGAL_COLUMN, "the column %.*s appears twice",
                                  SLICE_ARG(column->name));
            }
        }
    }
    return NULL;
}

static struct err *list_columns(struct binder *binder, struct ast_create_table *create, const struct plan *plan)
{
    create->columns = arena_array(binder->arena, plan->column_count + 1U, sizeof(*create->columns));
    if (create->columns == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < plan->column_count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (slice_equal(plan->columns[i].name, plan->columns[j].name)) {
                return bind_error(binder, create->name_offset, ERR_ILLEGAL_COLUMN,
                                  "the view's SELECT gives two columns named %.*s", SLICE_ARG(plan->columns[i].name));
            }
        }
        struct slice type = type_name(binder->arena, plan->columns[i].type);
        if (type.data == NULL) {
            return arena_error(binder->arena);
        }
        create->columns[i] = (struct ast_column){.name = plan->columns[i].name, .type = type};
    }
    create->column_count = plan->column_count;
    return NULL;
}

struct err *define_view(struct arena *arena, const struct bind_options *options, const struct ast_create_table *given,
                        struct slice database, struct object_def *out)
{
    struct err *err = NULL;
    struct binder binder = {.arena = arena, .options = options};
    struct ast_create_table create = *given;
    struct bind_options own = *options;
    struct query_plan plan = {0};
    bool typed = false, parameters = false;

    create.database = database;
    OR_DONE(check_columns(&binder, &create, &typed));
    if (create.column_count > 0 && !typed) {
        OR_DONE(name_items(&binder, &create));
        create.column_count = 0;
    }
    OR_DONE(qualify_query(arena, create.as_select, database, &parameters));
    if (!parameters) {
        if (create.or_replace) {
            own.defining_database = database;
            own.defining_name = create.table;
        }
        OR_DONE(bind_query(arena, &own, create.as_select, &plan));
        for (uint32_t i = 0; i < create.column_count; i++) {
            const struct type *type = NULL;
            OR_DONE(bind_type(&binder, create.columns[i].type_offset, create.columns[i].type, &type));
        }
        if (create.column_count == 0) {
            OR_DONE(list_columns(&binder, &create, plan.plan));
        }
    }
    struct slice text = ast_print_create_view(arena, &create);
    *out = (struct object_def){.kind = OBJECT_VIEW,
                               .database = arena_text(arena, database),
                               .name = arena_text(arena, create.table),
                               .definition = text.data,
                               .comment = arena_text(arena, create.comment)};
    if (out->database == NULL || out->name == NULL || text.data == NULL || out->comment == NULL) {
        err = arena_error(arena);
        goto done;
    }
    const struct ast_create_table *again = NULL; /* what is stored can be read, whatever limits the text met */
    err = define_view_parts(arena, text, &again);
done:
    return err;
}

struct err *define_view_parts(struct arena *arena, struct slice definition, const struct ast_create_table **out)
{
    struct ast_statement *statement = NULL;
    struct err *err = parse_query(arena, definition, (uint32_t)definition.length + 1, &statement);

    *out = err == NULL ? statement->create_table : NULL;
    return err;
}

struct err *define_view_rename(struct arena *arena, struct slice definition, struct slice database, struct slice name,
                               const char **out)
{
    struct err *err = NULL;
    const struct ast_create_table *create = NULL;

    OR_DONE(define_view_parts(arena, definition, &create));
    struct ast_create_table renamed = *create;
    renamed.database = database;
    renamed.table = name;
    *out = ast_print_create_view(arena, &renamed).data;
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

struct err *define_object_columns(struct arena *arena, enum object_kind kind, struct slice text,
                                  struct ast_column **out, uint32_t *count)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;

    OR_DONE(parse_query(arena, text, (uint32_t)text.length + 1, &statement));
    if (kind != OBJECT_DICTIONARY) {
        *out = statement->create_table->columns;
        *count = statement->create_table->column_count;
        goto done;
    }
    const struct ast_create_dictionary *create = statement->create_dictionary;
    *count = create->attribute_count;
    *out = arena_array(arena, *count + 1U, sizeof(**out));
    if (*out == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < *count; i++) {
        (*out)[i] = (struct ast_column){.name = create->attributes[i].name, .type = create->attributes[i].type};
    }
done:
    return err;
}
