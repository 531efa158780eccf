/*
 * ddl.c: statements that are neither SELECT nor INSERT: tables made, dropped, emptied, merged; who runs all others.
 *
 * flow     execute_statement.c → here → storage/catalogue.h, or the file of the statement's kind
 * thread   the request's query thread
 */
#include "server/access_query.h"
#include "server/execute.h"

#include "ingest/source.h"
#include "server/access_statement.h"
#include "base/clock.h"
#include "base/number.h"
#include "server/alerts.h"
#include "server/alter.h"
#include "server/backups.h"
#include "server/dictionaries.h"
#include "server/expire.h"
#include "server/freeze.h"
#include "server/materialized.h"
#include "server/mutate.h"
#include "server/objects.h"
#include "server/refresh.h"
#include "server/replace.h"
#include "server/repair.h"
#include "server/verify.h"
#include "sql/define.h"
#include "sql/define_engine.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/insert_queue.h"
#include "storage/retention.h"
#include "storage/table.h"

#include <stdio.h>

static struct catalogue *catalogue_of(struct execution *execution)
{
    return execution->server->store->catalogue;
}

struct err *statement_names(struct execution *execution, const struct ast_statement *statement, struct slice *database,
                            struct slice *name)
{
    struct err *err = NULL;
    OR_DONE(
        bind_name(execution->arena, &execution->bind, statement->database, statement->database_parameter, database));
    err = bind_name(execution->arena, &execution->bind, statement->name, statement->name_parameter, name);
done:
    return err;
}

struct slice statement_database(const struct execution *execution, struct slice database)
{
    return database.length == 0 ? execution->database : database;
}

/* ---- CREATE, DROP */

struct err *execute_fill_table(struct execution *execution, const struct ast_create_table *create, const char *database)
{
    struct err *err = NULL;
    struct slice query = ast_print_query(execution->arena, create->as_select);
    struct slice target = sql_identifier(execution->arena, create->table);
    char *text =
        query.data == NULL || target.data == NULL
            ? NULL
            : arena_format(execution->arena, "INSERT INTO %s%.*s %.*s", database, SLICE_ARG(target), SLICE_ARG(query));
    struct ast_statement *insert = NULL;

    if (text == NULL) {
        return arena_error(execution->arena);
    }
    execution->bind.text = slice_text(text);
    OR_DONE(parse_query(execution->arena, execution->bind.text, (uint32_t)strlen(text) + 1, &insert));
    err = execute_insert(execution, insert, execution->bind.text);
done:
    return err;
}

/* A temporary table's CREATE is that of a table whose engine is Memory; nothing of it is durable. */
static struct err *create_temporary(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct ast_create_table create = *statement->create_table;
    struct table_def def = {0};
    struct query_plan plan;
    const struct source_column *columns = NULL;
    uint32_t column_count = 0;
    struct temporary *temporary = NULL;
    bool created = false;

    if (create.database.length > 0) {
        return err_new(ERR_TEMPORARY_DATABASE, "Temporary tables cannot be inside a database; leave out %.*s",
                       SLICE_ARG(create.database));
    }
    if (execution->session == NULL) {
        return err_new(ERR_SESSION_NOT_FOUND, "a temporary table belongs to a session: give the request a session_id");
    }
    OR_DONE(bind_name(execution->arena, &execution->bind, create.table, statement->name_parameter, &create.table));
    if (create.engine != NULL && !slice_equal(create.engine->parts[0], slice_text("Memory"))) {
        return err_new(ERR_NOT_IMPLEMENTED, "the engine %.*s of a temporary table is not supported yet; it is Memory",
                       SLICE_ARG(create.engine->parts[0]));
    }
    if (create.order_by != NULL || create.partition_by != NULL || create.primary_key != NULL || create.ttl_count > 0 ||
        create.settings.count > 0 || create.sample_by != NULL || create.as_table.length > 0) {
        return err_new(
            ERR_NOT_IMPLEMENTED,
            "a temporary table has columns or AS SELECT; keys, TTL, SETTINGS and AS table are not supported");
    }
    for (uint32_t i = 0; i < create.column_count; i++) {
        if (create.columns[i].ttl != NULL) {
            return err_new(ERR_NOT_IMPLEMENTED, "a TTL of a column (%.*s) of a temporary table is not supported yet",
                           SLICE_ARG(create.columns[i].name));
        }
    }
    create.engine = NULL;
    if (create.as_select != NULL) {
        OR_DONE(execution_bind(execution, create.as_select, &plan));
        columns = plan.plan->columns;
        column_count = plan.plan->column_count;
    }
    OR_DONE(
        define_table(execution->arena, &execution->bind, &create, slice_text(""), columns, column_count, NULL, &def));
    for (uint32_t i = 0; i < def.column_count + def.computed_count; i++) {
        if (table_def_column(&def, i)->default_kind > COLUMN_DEFAULT_DEFAULT) {
            err = err_new(ERR_NOT_IMPLEMENTED,
                          "MATERIALIZED, ALIAS and EPHEMERAL columns (%s) of a temporary table are not supported yet",
                          table_def_column(&def, i)->name);
            goto done;
        }
    }
    OR_DONE(
        session_create_table(execution->session, &def, create.if_not_exists, create.or_replace, &temporary, &created));
    if (created && create.as_select != NULL && !create.empty) {
        err = execute_fill_table(execution, &create, "");
        if (err != NULL) {
            session_drop_table(execution->session, temporary);
        }
    }
done:
    return err;
}

/* REPLACE TABLE: is there one? */
static struct err *check_replaced(struct execution *execution, const struct ast_create_table *create)
{
    struct object_def *object = NULL;
    struct table *table = NULL;
    struct err *err = create->must_exist ? object_named(execution, create->database, create->table, &object) : NULL;
    if (err == NULL && create->must_exist && object == NULL) {
        err = execution_table(execution, create->database, create->table, &table);
    }
    table_unref(table);
    object_def_unref(object);
    return err;
}

static struct err *create_table(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_create_table *create = statement->create_table;
    struct table_def def = {0};
    struct table *like = NULL, *table = NULL;
    struct table_def *like_def = NULL;
    struct query_plan plan;
    bool created = false;
    const struct source_column *columns = NULL;
    uint32_t column_count = 0;
    struct slice database = statement_database(execution, create->database);
    if (create->as_table.length > 0) {
        struct object_def *object = NULL;
        OR_DONE(object_named(execution, create->as_database, create->as_table, &object));
        if (object != NULL) {
            err = err_new(ERR_INCORRECT_QUERY, "Cannot CREATE a table AS %s.%s, it is a %s", object->database,
                          object->name, object_engine(object));
            object_def_unref(object);
            goto done;
        }
        OR_DONE(execution_table(execution, create->as_database, create->as_table, &like));
        like_def = table_definition(like);
    }
    if (create->as_select != NULL) {
        OR_DONE(execution_bind(execution, create->as_select, &plan));
        columns = plan.plan->columns;
        column_count = plan.plan->column_count;
    }
    OR_DONE(define_table(execution->arena, &execution->bind, create, database, columns, column_count, like_def, &def));
    OR_DONE(check_dimensions(execution->arena, &def));
    if (create->or_replace) {
        OR_DONE(check_replaced(execution, create));
        OR_DONE(materialized_guard(execution, def.database, def.name, MATERIALIZED_ALL, "replace"));
        err = replace_table(execution, &def, create);
        goto done;
    }
    OR_DONE(catalogue_create_table(catalogue_of(execution), &def, create->if_not_exists, &table, &created));
    if (created && create->as_select != NULL && !create->empty) {
        struct slice quoted = sql_identifier(execution->arena, database);
        char *prefix = quoted.data == NULL ? NULL : arena_format(execution->arena, "%.*s.", SLICE_ARG(quoted));
        err = prefix == NULL ? arena_error(execution->arena) : execute_fill_table(execution, create, prefix);
    }
done:
    table_def_unref(like_def);
    table_unref(like);
    table_unref(table);
    return err;
}

static struct err *drop_table(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct slice database, name;
    struct object_def *object = NULL;
    OR_DONE(statement_names(execution, statement, &database, &name));
    char *database_text = execution_text(execution, statement_database(execution, database));
    char *name_text = execution_text(execution, name);
    if (database_text == NULL || name_text == NULL) {
        return arena_error(execution->arena);
    }
    bool any = statement->object == AST_ANY_OBJECT;
    struct temporary *temporary =
        any || statement->object == AST_TEMPORARY_OBJECT ? execution_temporary(execution, database, name) : NULL;
    if (temporary != NULL) {
        session_drop_table(execution->session, temporary);
        goto done;
    }
    if (statement->object == AST_TEMPORARY_OBJECT) {
        err = statement->if_exists ? NULL : err_new(ERR_UNKNOWN_TABLE, "Temporary table %s doesn't exist", name_text);
        goto done;
    }
    OR_DONE(object_named(execution, database, name, &object));
    if (object != NULL && object->kind == OBJECT_DICTIONARY && any) {
        err = err_new(ERR_DROP_DICTIONARY, "Cannot drop dictionary %s.%s as table, use DROP DICTIONARY",
                      object->database, object->name);
        goto done;
    }
    if (object != NULL && object->kind == OBJECT_ALERT) {
        err = err_new(ERR_INCORRECT_QUERY, "%s.%s is a rule, use DROP ALERT or DROP RECORDING RULE", object->database,
                      object->name);
        goto done;
    }
    bool wanted = statement->object == AST_ANY_OBJECT ||
                  (object != NULL && (object->kind != OBJECT_DICTIONARY) == (statement->object == AST_VIEW_OBJECT));
    struct table *table = wanted ? NULL : catalogue_table_find(catalogue_of(execution), database_text, name_text);
    if (!wanted && (object != NULL || table != NULL)) {
        err = err_new(ERR_INCORRECT_QUERY, "Table %s.%s is not a %s", database_text, name_text,
                      statement->object == AST_VIEW_OBJECT ? "View" : "Dictionary");
    } else if (object != NULL) {
        err = object_drop(execution, object);
    } else {
        OR_DONE(materialized_guard(execution, database_text, name_text, MATERIALIZED_OWN | MATERIALIZED_TO, "drop"));
        OR_DONE(materialized_flush(execution, database_text, name_text));
        err = catalogue_drop_table(catalogue_of(execution), database_text, name_text, statement->if_exists);
    }
    table_unref(table);
done:
    object_def_unref(object);
    return err;
}

static struct err *refuse_object(struct execution *execution, struct slice database, struct slice name,
                                 const char *method)
{
    struct object_def *object = NULL;
    struct err *err = object_named(execution, database, name, &object);
    if (err == NULL && object != NULL) {
        err = object_refuse(object, method);
    }
    object_def_unref(object);
    return err;
}

/* The table of a materialized view of that name, a reference; *out NULL: there is none. */
static struct err *view_table(struct execution *execution, struct slice database, struct slice name, struct table **out)
{
    bool states = false;
    char *database_text = execution_text(execution, statement_database(execution, database));
    char *name_text = execution_text(execution, name);
    return database_text == NULL || name_text == NULL
               ? arena_error(execution->arena)
               : materialized_table(execution, database_text, name_text, false, &states, out);
}

/* The table is moved. Rows that wait in the log reach views, or leave with the others. */
static struct err *truncate_one(struct execution *execution, struct table *table)
{
    struct table_def *def = table_definition(table);
    struct err *err = materialized_flush(execution, def->database, def->name);
    err = err == NULL ? table_truncate(table) : err;
    table_def_unref(def);
    table_unref(table);
    return err;
}

/* TRUNCATE ALL TABLES FROM database: one after the other. */
static struct err *truncate_all(struct execution *execution, struct slice database, bool if_exists)
{
    struct err *err = NULL;
    struct table **tables;
    struct table_def **defs;
    uint32_t count;
    char *name = execution_text(execution, database);
    if (name == NULL) {
        return arena_error(execution->arena);
    }
    if (!catalogue_has_database(catalogue_of(execution), name)) {
        return if_exists ? NULL : err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", name);
    }
    OR_DONE(catalogue_tables(catalogue_of(execution), execution->arena, name, &tables, &defs, &count));
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(truncate_one(execution, table_ref(tables[i])));
    }
done:
    return err;
}

static struct err *truncate(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct slice database, name;
    OR_DONE(statement_names(execution, statement, &database, &name));
    if (statement->all) {
        return truncate_all(execution, name, statement->if_exists);
    }
    struct temporary *temporary = execution_temporary(execution, database, name);
    if (temporary != NULL) {
        temporary_truncate(temporary);
        return NULL;
    }
    if (statement->object == AST_TEMPORARY_OBJECT) {
        return statement->if_exists ? NULL
                                    : err_new(ERR_UNKNOWN_TABLE, "Temporary table %.*s doesn't exist", SLICE_ARG(name));
    }
    OR_DONE(view_table(execution, database, name, &table));
    if (table != NULL) {
        return truncate_one(execution, table);
    }
    OR_DONE(refuse_object(execution, database, name, "Truncate"));
    if (statement->if_exists) {
        char *database_text = execution_text(execution, statement_database(execution, database));
        char *name_text = execution_text(execution, name);
        if (database_text == NULL || name_text == NULL) {
            return arena_error(execution->arena);
        }
        table = catalogue_table_find(catalogue_of(execution), database_text, name_text);
        if (table == NULL) {
            return NULL;
        }
    } else {
        OR_DONE(execution_table(execution, database, name, &table));
    }
    return truncate_one(execution, table);
done:
    table_unref(table);
    return err;
}

/* SYSTEM FLUSH ASYNC INSERT QUEUE [table]. */
static struct err *flush_insert_queue(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct slice database, name;
    OR_DONE(statement_names(execution, statement, &database, &name));
    if (name.length > 0) {
        OR_DONE(execution_table(execution, database, name, &table));
    }
    insert_queue_flush(execution->server->store, table == NULL ? 0 : table_id(table));
done:
    table_unref(table);
    return err;
}

static struct err *optimize(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct slice database, name;
    OR_DONE(statement_names(execution, statement, &database, &name));
    if (execution_temporary(execution, database, name) != NULL) {
        return err_new(ERR_NOT_IMPLEMENTED, "Method optimize is not supported by storage Memory");
    }
    OR_DONE(view_table(execution, database, name, &table));
    if (table == NULL) {
        OR_DONE(refuse_object(execution, database, name, "Method optimize"));
        OR_DONE(execution_table(execution, database, name, &table));
    }
    if (execution->settings.confirm_retention) {
        store_clock_confirm(execution->server->store);
    }
    bool whole = statement->partition_is_id && slice_equal(statement->partition, slice_text("all"));
    struct slice partition = whole ? slice_text("") : statement->partition;
    if (statement->final) {
        OR_DONE(expire_now(execution, table, statement->partition.data == NULL ? NULL : &partition, false));
    }
    OR_DONE(table_optimize(table, statement->final, statement->partition.data == NULL ? NULL : &partition));
    err = table_drop_due(table);
done:
    table_unref(table);
    return err;
}

/* SYSTEM SET CLOCK '600': for tests, so many seconds forwards, or backwards. */
static struct err *set_clock(const struct execution *execution, const struct ast_statement *statement)
{
    int64_t seconds = 0;
    if (execution->server->config.test_clock == 0) {
        return err_new(ERR_ACCESS_DENIED,
                       "SYSTEM SET CLOCK is for tests: the server has to be started with test_clock: 1");
    }
    if (!number_parse_i64(statement->like, &seconds) || seconds > INT64_C(10000000000) ||
        seconds < -INT64_C(10000000000)) {
        return err_new(ERR_BAD_ARGUMENTS, "'%.*s' is no number of seconds", SLICE_ARG(slice_cut(statement->like, 60)));
    }
    clock_set(clock_wall_us() + seconds * 1000000);
    refresh_wake(execution->server);
    return NULL;
}

/* VERIFY TABLE, REPAIR TABLE */
static struct err *verify(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct slice database, name;
    OR_DONE(statement_names(execution, statement, &database, &name));
    if (execution_temporary(execution, database, name) != NULL) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "A temporary table is in memory alone: there is nothing to verify or to repair");
    }
    bool repairs = statement->kind == AST_REPAIR_TABLE;
    OR_DONE(refuse_object(execution, database, name, repairs ? "REPAIR TABLE" : "VERIFY TABLE"));
    OR_DONE(execution_table(execution, database, name, &table));
    err = repairs ? execute_repair(execution, table) : execute_verify(execution, table, statement);
done:
    table_unref(table);
    return err;
}

/* ---- sources */

static struct err *create_source(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct source_definition definition = {0};
    struct slice note = {0};
    OR_DONE(
        define_source(execution->arena, &execution->bind, statement->create_source, execution->database, &definition));
    OR_DONE(source_create(execution->server->sources, execution->arena, &definition, &note));
    if (note.length > 0) {
        err = execute_constant(execution, "note", note);
    }
done:
    return err;
}

static struct err *alter_source(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct sources *sources = execution->server->sources;
    struct slice database, name;
    OR_DONE(statement_names(execution, statement, &database, &name));
    database = statement_database(execution, database);
    if (statement->kind == AST_DROP_SOURCE) {
        err = source_drop(sources, database, name, statement->if_exists);
    } else if (statement->action == AST_SOURCE_PAUSE) {
        err = source_pause(sources, database, name);
    } else if (statement->action == AST_SOURCE_RESUME) {
        err = source_resume(sources, database, name);
    } else {
        err = source_accept_new_topic(sources, database, name);
    }
done:
    return err;
}

/* They hold for a session; without one nothing outlives the request. */
static struct err *set_settings(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct bind_setting *settings = NULL;
    uint32_t count = 0;
    OR_DONE(bind_settings(execution->arena, statement, &settings, &count));
    for (uint32_t i = 0; execution->session != NULL && i < count; i++) {
        OR_DONE(session_set(execution->session, settings[i].name, settings[i].value));
    }
done:
    return err;
}

static struct err *execute_one(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    char *name = execution_text(execution, statement->name.length > 0 ? statement->name : statement->database);
    if (name == NULL) {
        return arena_error(execution->arena);
    }
    if (statement->kind == AST_DROP_TABLE || statement->kind == AST_DROP_DATABASE ||
        statement->kind == AST_TRUNCATE_TABLE) {
        insert_queue_flush(execution->server->store, 0); /* what was acknowledged goes with the table, or is answered */
    }
    switch (statement->kind) {
    case AST_CREATE_DATABASE:
        return catalogue_create_database(catalogue_of(execution), name, statement->if_not_exists);
    case AST_DROP_DATABASE:
        OR_DONE(catalogue_drop_database(catalogue_of(execution), name, statement->if_exists));
        alerts_sync(execution->server);
        return materialized_sync(execution->server);
    case AST_CREATE_TABLE:
        return statement->create_table->temporary ? create_temporary(execution, statement)
                                                  : create_table(execution, statement);
    case AST_DROP_TABLE:
        return drop_table(execution, statement);
    case AST_TRUNCATE_TABLE:
        return truncate(execution, statement);
    case AST_RENAME_TABLE:
        return rename_table(execution, statement);
    case AST_EXCHANGE_TABLES:
        return exchange_tables(execution, statement);
    case AST_OPTIMIZE_TABLE:
        return optimize(execution, statement);
    case AST_VERIFY_TABLE:
    case AST_REPAIR_TABLE:
        return verify(execution, statement);
    case AST_ALTER_TABLE:
        return execute_alter(execution, statement);
    case AST_BACKUP:
        return execute_backup(execution, statement);
    case AST_RESTORE:
        return execute_restore(execution, statement);
    case AST_DELETE:
        return execute_delete(execution, statement);
    case AST_CREATE_DICTIONARY:
        return dictionaries_create(execution, statement);
    case AST_CREATE_VIEW:
        return object_create_view(execution, statement);
    case AST_CREATE_SOURCE:
        return create_source(execution, statement);
    case AST_DROP_SOURCE:
    case AST_ALTER_SOURCE:
        return alter_source(execution, statement);
    case AST_ALERT:
        return alerts_execute(execution, statement);
    case AST_SHOW_DATABASES:
    case AST_SHOW_TABLES:
    case AST_SHOW_DICTIONARIES:
    case AST_SHOW_COLUMNS:
    case AST_SHOW_INDEXES:
    case AST_DESCRIBE:
    case AST_SHOW_CREATE_TABLE:
    case AST_SHOW_CREATE_DATABASE:
    case AST_SHOW_CREATE_SOURCE:
    case AST_SHOW_SOURCES:
    case AST_SHOW_ALERTS:
    case AST_SHOW_PROCESSLIST:
    case AST_SHOW_FUNCTIONS:
    case AST_SHOW_SETTINGS:
    case AST_SHOW_CLUSTERS:
    case AST_SHOW_CLUSTER:
    case AST_SHOW_SETTING:
    case AST_SHOW_MERGES:
    case AST_SHOW_ENGINES:
    case AST_EXISTS_DATABASE:
    case AST_EXISTS_TABLE:
    case AST_EXISTS_SOURCE:
        return execute_show(execution, statement);
    case AST_USE:
        if (!catalogue_has_database(catalogue_of(execution), name)) {
            return err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", name);
        }
        return execution->session == NULL ? NULL : session_use(execution->session, slice_text(name));
    case AST_SET:
        return set_settings(execution, statement);
    case AST_KILL_QUERY:
        return execute_kill(execution, statement);
    case AST_EXPLAIN:
        return execute_explain(execution, statement);
    case AST_SYSTEM:
        if (slice_is_word(statement->name, "RELOAD RULES")) {
            return alerts_reload(execution->server);
        }
        if (slice_is_word(statement->name, "FLUSH LOGS")) {
            return NULL; /* a query's entry is there before its reply ends */
        }
        if (slice_is_word(statement->name, "SET CLOCK")) {
            return set_clock(execution, statement);
        }
        if (statement->object == AST_DICTIONARY_OBJECT) {
            struct slice database, dictionary;
            OR_DONE(statement_names(execution, statement, &database, &dictionary));
            return dictionary.length == 0 ? dictionaries_reload_all(execution)
                                          : dictionaries_reload(execution, database, dictionary);
        }
        if (statement->object == AST_INSERT_QUEUE_OBJECT) {
            return flush_insert_queue(execution, statement);
        }
        if (statement->object == AST_REFRESH_OBJECT) {
            return refresh_system(execution, statement);
        }
        if (statement->object == AST_FREEZE_OBJECT) {
            return execute_system_unfreeze(execution, statement->like);
        }
        return err_new(ERR_NOT_IMPLEMENTED, "SYSTEM %s is not supported yet", name);
    case AST_ACCESS:
        return execute_access(execution, statement);
    case AST_SELECT:
    case AST_INSERT:
        break;
    }
done:
    return err;
}

struct err *execute_ddl(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    for (; statement != NULL && err == NULL; statement = statement->more) {
        err = execute_one(execution, statement);
    }
    return err;
}
