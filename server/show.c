/*
 * show.c: SHOW CREATE, DESCRIBE and EXISTS: SELECTs over system tables, so that they take every format and limit.
 *
 * flow     ddl.c → here → execute_text (result.c); SHOW of lists → show_list.c
 * thread   the request's query thread
 */
#include "server/access_query.h"
#include "server/dictionaries.h"
#include "server/execute.h"
#include "server/objects.h"
#include "server/secrets.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/table.h"

/* SELECT * FROM the table that the statement names. */
static struct err *select_all(struct execution *execution, const struct ast_statement *statement,
                              const struct ast_query **out)
{
    struct err *err = NULL;
    struct slice database, name;
    struct ast_statement *select = NULL;
    OR_DONE(statement_names(execution, statement, &database, &name));
    struct slice quoted_database = sql_identifier(execution->arena, statement_database(execution, database));
    struct slice quoted_name = sql_identifier(execution->arena, name);
    char *text = quoted_database.data == NULL || quoted_name.data == NULL ? NULL
                 : execution_temporary(execution, database, name) != NULL
                     ? arena_format(execution->arena, "SELECT * FROM %.*s", SLICE_ARG(quoted_name))
                     : arena_format(execution->arena, "SELECT * FROM %.*s.%.*s", SLICE_ARG(quoted_database),
                                    SLICE_ARG(quoted_name));
    if (text == NULL) {
        return arena_error(execution->arena);
    }
    execution->bind.text = slice_text(text);
    OR_DONE(parse_query(execution->arena, execution->bind.text, (uint32_t)strlen(text) + 1, &select));
    *out = select->query;
done:
    return err;
}

static struct err *describe(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct table *table = NULL;
    struct table_def *def = NULL;
    const struct ast_query *query = statement->query;
    if (query == NULL) {
        OR_DONE(select_all(execution, statement, &query));
    }
    /* it is bound, so that whatever can stand in FROM can be described */
    OR_DONE(statement->query != NULL ? execution_bind(execution, query, &plan)
                                     : bind_query(execution->arena, &execution->bind, query, &plan));
    const struct ast_select *select = query->parts[0].select;
    struct table_source *source = NULL;
    if (statement->query == NULL && select != NULL && select->tables[0].name.length > 0) {
        const struct source_maker *maker =
            source_find(statement_database(execution, select->tables[0].database), select->tables[0].name);
        if (maker != NULL) {
            OR_DONE(maker->make(maker, execution->arena, NULL, NULL, 0, &source));
        }
        char *database = execution_text(execution, statement_database(execution, select->tables[0].database));
        char *name = execution_text(execution, select->tables[0].name);
        const struct temporary *temporary =
            execution_temporary(execution, select->tables[0].database, select->tables[0].name);
        table = database == NULL || name == NULL || temporary != NULL
                    ? NULL
                    : catalogue_table_find(execution->server->store->catalogue, database, name);
        def = temporary != NULL ? table_def_ref(temporary_def(temporary))
              : table == NULL   ? NULL
                                : table_definition(table);
    }
    err = execute_describe(execution, plan.plan, def, def == NULL ? source : NULL);
done:
    table_def_unref(def);
    table_unref(table);
    return err;
}

/* A definition, without passwords. */
static struct err *show_text(struct execution *execution, const char *definition)
{
    struct slice shown = secrets_hide(execution->arena, slice_text(definition));
    return shown.data == NULL ? arena_error(execution->arena) : execute_constant(execution, "statement", shown);
}

/* What every server has: a table of system, or a view; *found false: none of that name. */
static struct err *show_builtin(struct execution *execution, struct slice database, struct slice name, bool *found)
{
    struct err *err = NULL;
    const struct source_maker *maker = source_find(database, name);
    struct slice view;
    *found = true;
    OR_DONE(builtin_view(execution->arena, database, name, &view));
    if (view.data != NULL) {
        return execute_constant(execution, "statement", view);
    }
    if (maker == NULL || database.length == 0) {
        *found = false;
        return NULL;
    }
    struct table_source *source = NULL;
    OR_DONE(maker->make(maker, execution->arena, NULL, NULL, 0, &source));
    char *text = arena_format(execution->arena, "CREATE TABLE %s.%s\n(\n", maker->database, maker->name);
    for (uint32_t k = 0; text != NULL && k + source->hidden_count < source->column_count; k++) {
        struct slice column = sql_identifier(execution->arena, source->columns[k].name);
        struct slice type = type_name(execution->arena, source->columns[k].type);
        bool last = k + source->hidden_count + 1 == source->column_count;
        text = column.data == NULL || type.data == NULL
                   ? NULL
                   : arena_format(execution->arena, "%s    %.*s %.*s%s\n", text, SLICE_ARG(column), SLICE_ARG(type),
                                  last ? "" : ",");
    }
    text = text == NULL ? NULL : arena_format(execution->arena, "%s)\nENGINE = SystemTable", text);
    err = text == NULL ? arena_error(execution->arena) : execute_constant(execution, "statement", slice_text(text));
done:
    return err;
}

static struct err *show_create_table(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct table_def *def = NULL;
    struct object_def *object = NULL;
    struct slice database, name;
    OR_DONE(statement_names(execution, statement, &database, &name));
    struct temporary *temporary = execution_temporary(execution, database, name);
    if (temporary != NULL) {
        return execute_constant(execution, "statement", slice_text(temporary_def(temporary)->create_sql));
    }
    if (statement->object == AST_TEMPORARY_OBJECT) {
        return err_new(ERR_UNKNOWN_TABLE, "Temporary table %.*s doesn't exist", SLICE_ARG(name));
    }
    OR_DONE(object_named(execution, database, name, &object));
    if (object != NULL) {
        err = show_text(execution, object->definition);
        goto done;
    }
    bool found = false;
    OR_DONE(show_builtin(execution, statement_database(execution, database), name, &found));
    if (found) {
        goto done;
    }
    OR_DONE(execution_table(execution, database, name, &table));
    def = table_definition(table);
    if (statement->object != AST_ANY_OBJECT) {
        err = err_new(ERR_BAD_ARGUMENTS, "%s.%s is not a %s", def->database, def->name,
                      statement->object == AST_VIEW_OBJECT ? "VIEW" : "DICTIONARY");
        goto done;
    }
    err = execute_constant(execution, "statement", slice_text(def->create_sql));
done:
    object_def_unref(object);
    table_def_unref(def);
    table_unref(table);
    return err;
}

static struct err *show_create_database(struct execution *execution, const char *name)
{
    struct slice quoted = sql_identifier(execution->arena, slice_text(name));
    char *text = quoted.data == NULL ? NULL : arena_format(execution->arena, "CREATE DATABASE %.*s", SLICE_ARG(quoted));
    if (!catalogue_has_database(execution->server->store->catalogue, name)) {
        return err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", name);
    }
    return text == NULL ? arena_error(execution->arena) : execute_constant(execution, "statement", slice_text(text));
}

static struct err *show_create_source(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct source_def *def = NULL;
    char *database = execution_text(execution, statement_database(execution, statement->database));
    char *name = execution_text(execution, statement->name);
    if (database == NULL || name == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(catalogue_source(execution->server->store->catalogue, database, name, &def));
    err = show_text(execution, def->definition);
done:
    source_def_unref(def);
    return err;
}

static struct err *exists(struct execution *execution, const char *table, const struct ast_statement *statement)
{
    struct slice database = sql_string(execution->arena, statement_database(execution, statement->database));
    struct slice name = sql_string(execution->arena, statement->name);
    if (database.data == NULL || name.data == NULL) {
        return arena_error(execution->arena);
    }
    const char *engine = statement->object == AST_VIEW_OBJECT         ? " AND engine IN ('View', 'MaterializedView')"
                         : statement->object == AST_DICTIONARY_OBJECT ? " AND engine = 'Dictionary'"
                                                                      : "";
    return execute_text(execution,
                        "SELECT toUInt8(count() > 0) AS result FROM system.%s WHERE database = %.*s AND name = %.*s%s",
                        table, SLICE_ARG(database), SLICE_ARG(name), engine);
}

struct err *execute_show(struct execution *execution, const struct ast_statement *statement)
{
    char *name = execution_text(execution, statement->name.length > 0 ? statement->name : statement->database);
    if (name == NULL) {
        return arena_error(execution->arena);
    }
    switch (statement->kind) {
    case AST_DESCRIBE:
        return describe(execution, statement);
    case AST_SHOW_CREATE_TABLE:
        return show_create_table(execution, statement);
    case AST_SHOW_CREATE_DATABASE:
        return show_create_database(execution, name);
    case AST_SHOW_CREATE_SOURCE:
        return show_create_source(execution, statement);
    case AST_EXISTS_DATABASE:
        return execute_text(execution, "SELECT toUInt8(%d) AS result",
                            catalogue_has_database(execution->server->store->catalogue, name) ? 1 : 0);
    case AST_EXISTS_TABLE:
        if (statement->object == AST_TEMPORARY_OBJECT) {
            bool there = execution_temporary(execution, statement->database, statement->name) != NULL;
            return execute_text(execution, "SELECT toUInt8(%d) AS result", there ? 1 : 0);
        }
        return exists(execution, "tables", statement);
    case AST_EXISTS_SOURCE:
        return exists(execution, "sources", statement);
    default:
        return execute_show_list(execution, statement);
    }
}
