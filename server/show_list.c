/*
 * show_list.c: SHOW TABLES, COLUMNS, INDEX, SETTINGS and other lists: SELECTs over system tables, with ClickHouse's
 * columns; LIKE, WHERE and LIMIT become parts of them.
 *
 * flow     show.c → here → execute_text (result.c)
 * thread   the request's query thread
 */
#include "query/table_source.h"
#include "server/execute.h"
#include "server/objects.h"
#include "sql/printer.h"
#include "storage/table.h"

/* Texts behind the others: " AND … AND …", " LIMIT n". */
struct filter {
    const char *where, *limit;
};

/* column: what LIKE looks at. */
static struct err *filter_of(struct execution *execution, const struct ast_statement *statement, const char *column,
                             struct filter *out)
{
    struct arena *arena = execution->arena;
    out->where = out->limit = "";
    if (statement->like.data != NULL) {
        struct slice pattern = sql_string(arena, statement->like);
        out->where = pattern.data == NULL
                         ? NULL
                         : arena_format(arena, " AND %s %s%s %.*s", column, statement->not_like ? "NOT " : "",
                                        statement->ilike ? "ILIKE" : "LIKE", SLICE_ARG(pattern));
    }
    if (statement->where != NULL && out->where != NULL) {
        struct slice condition = ast_print(arena, statement->where);
        out->where =
            condition.data == NULL ? NULL : arena_format(arena, "%s AND (%.*s)", out->where, SLICE_ARG(condition));
    }
    if (statement->limit != NULL) {
        struct slice limit = ast_print(arena, statement->limit);
        out->limit = limit.data == NULL ? NULL : arena_format(arena, " LIMIT %.*s", SLICE_ARG(limit));
    }
    return out->where == NULL || out->limit == NULL ? arena_error(arena) : NULL;
}

static struct err *show_tables(struct execution *execution, const struct ast_statement *statement, const char *engine)
{
    struct err *err = NULL;
    struct filter filter;
    char *name = execution_text(execution, statement_database(execution, statement->database));
    struct slice database = sql_string(execution->arena, slice_text(name == NULL ? "" : name));
    if (name == NULL || database.data == NULL) {
        return arena_error(execution->arena);
    }
    if (!builtin_database(slice_text(name)) && !catalogue_has_database(execution->server->store->catalogue, name)) {
        return err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", name);
    }
    OR_DONE(filter_of(execution, statement, "name", &filter));
    err = execute_text(execution, "SELECT name%s FROM system.tables WHERE database = %.*s%s%s ORDER BY name%s",
                       statement->full ? ", engine" : "", SLICE_ARG(database), engine, filter.where, filter.limit);
done:
    return err;
}

struct name_list {
    struct execution *execution;
    struct buffer text;
};

static void add_name(void *user, struct temporary *temporary)
{
    struct name_list *list = user;
    struct slice quoted = sql_string(list->execution->arena, slice_text(temporary_def(temporary)->name));
    buffer_printf(&list->text, ", %.*s", SLICE_ARG(quoted.data == NULL ? slice_text("''") : quoted));
}

static struct err *show_temporary(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct name_list list = {.execution = execution};
    struct filter filter;
    OR_DONE(filter_of(execution, statement, "name", &filter));
    if (execution->session != NULL) {
        session_each_table(execution->session, add_name, &list);
    }
    err = list.text.failed
              ? err_oom()
              : execute_text(execution,
                             "SELECT name%s FROM values('name String', ''%.*s) WHERE name != ''%s ORDER BY name%s",
                             statement->full ? ", 'Memory' AS engine" : "", (int)list.text.length,
                             list.text.length == 0 ? "" : list.text.data, filter.where, filter.limit);
done:
    buffer_deinit(&list.text);
    return err;
}

/* Database and table of the statement as string literals; ERR_UNKNOWN_TABLE. */
static struct err *table_of(struct execution *execution, const struct ast_statement *statement, struct slice *database,
                            struct slice *name)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct object_def *object = NULL;
    OR_DONE(statement_names(execution, statement, database, name));
    OR_DONE(object_named(execution, *database, *name, &object));
    *database = statement_database(execution, *database);
    if (object == NULL && source_find(*database, *name) == NULL && !builtin_view_exists(*database, *name)) {
        OR_DONE(execution_table(execution, *database, *name, &table));
    }
    *database = sql_string(execution->arena, *database);
    *name = sql_string(execution->arena, *name);
    err = database->data == NULL || name->data == NULL ? arena_error(execution->arena) : NULL;
done:
    object_def_unref(object);
    table_unref(table);
    return err;
}

static struct err *show_columns(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct filter filter;
    struct slice database, name;
    OR_DONE(filter_of(execution, statement, "field", &filter));
    OR_DONE(table_of(execution, statement, &database, &name));
    err =
        execute_text(execution,
                     "SELECT * FROM (SELECT name AS field, type, if(type LIKE '%%Nullable(%%', 'YES', 'NO') AS `null`, "
                     "if(is_in_sorting_key, if(is_in_primary_key, 'PRI SOR', 'SOR'), '') AS `key`, "
                     "if(default_kind IN ('', 'EPHEMERAL'), NULL, default_expression) AS `default`, '' AS extra%s "
                     "FROM system.columns WHERE database = %.*s AND table = %.*s) WHERE 1%s ORDER BY field%s",
                     statement->full ? ", NULL AS collation, comment, '' AS privileges" : "", SLICE_ARG(database),
                     SLICE_ARG(name), filter.where, filter.limit);
done:
    return err;
}

/* The primary key's columns, then skip indexes, as MySQL's clients want to see them. */
static struct err *show_indexes(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct filter filter;
    struct slice database, name;
    OR_DONE(filter_of(execution, statement, "key_name", &filter));
    OR_DONE(table_of(execution, statement, &database, &name));
    err = execute_text(
        execution,
        "SELECT * FROM (SELECT name AS table, toUInt8(1) AS non_unique, 'PRIMARY' AS key_name, key.2 AS seq_in_index, "
        "key.1 AS column_name, CAST('A' AS Nullable(String)) AS collation, toUInt8(0) AS cardinality, "
        "NULL AS sub_part, NULL AS packed, NULL AS `null`, 'PRIMARY' AS index_type, '' AS comment, "
        "'' AS index_comment, 'YES' AS visible, '' AS expression FROM system.tables "
        "ARRAY JOIN arrayZip(splitByString(', ', primary_key), arrayMap(n -> toUInt64(n), "
        "arrayEnumerate(splitByString(', ', primary_key)))) AS key "
        "WHERE database = %.*s AND name = %.*s AND primary_key != '' "
        "UNION ALL SELECT table, toUInt8(1), name, toUInt64(1), '', CAST(NULL AS Nullable(String)), toUInt8(0), "
        "NULL, NULL, NULL, type, '', '', 'YES', expr FROM system.data_skipping_indices "
        "WHERE database = %.*s AND table = %.*s) "
        "WHERE 1%s ORDER BY index_type, expression, seq_in_index, key_name%s",
        SLICE_ARG(database), SLICE_ARG(name), SLICE_ARG(database), SLICE_ARG(name), filter.where, filter.limit);
done:
    return err;
}

/* All of a system table, or what is selected of it. */
static struct err *show_of(struct execution *execution, const struct ast_statement *statement, const char *select,
                           const char *condition, const char *column, const char *order)
{
    struct err *err = NULL;
    struct filter filter;
    OR_DONE(filter_of(execution, statement, column, &filter));
    err = execute_text(execution, "%s WHERE %s%s%s%s", select, condition, filter.where, order, filter.limit);
done:
    return err;
}

static struct err *show_cluster(struct execution *execution, const struct ast_statement *statement)
{
    struct slice name = sql_string(execution->arena, statement->name);
    return name.data == NULL ? arena_error(execution->arena)
                             : execute_text(execution,
                                            "SELECT cluster, shard_num, replica_num, host_name, host_address, port "
                                            "FROM system.clusters WHERE cluster = %.*s",
                                            SLICE_ARG(name));
}

static struct err *show_setting(struct execution *execution, const struct ast_statement *statement)
{
    struct slice name = sql_string(execution->arena, statement->name);
    return name.data == NULL
               ? arena_error(execution->arena)
               : execute_text(execution, "SELECT value FROM system.settings WHERE name = %.*s", SLICE_ARG(name));
}

struct err *execute_show_list(struct execution *execution, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case AST_SHOW_DATABASES:
        return show_of(execution, statement, "SELECT name FROM system.databases", "1", "name", " ORDER BY name");
    case AST_SHOW_TABLES:
        return statement->object == AST_TEMPORARY_OBJECT ? show_temporary(execution, statement)
                                                         : show_tables(execution, statement, "");
    case AST_SHOW_DICTIONARIES:
        return show_tables(execution, statement, " AND engine = 'Dictionary'");
    case AST_SHOW_COLUMNS:
        return show_columns(execution, statement);
    case AST_SHOW_INDEXES:
        return show_indexes(execution, statement);
    case AST_SHOW_SOURCES:
        return show_of(execution, statement,
                       "SELECT DISTINCT database, name, table, topic, state, last_error FROM system.sources", "1",
                       "name", " ORDER BY database, name");
    case AST_SHOW_ALERTS:
        return show_of(
            execution, statement,
            "SELECT database, name, kind, state, health, instances, last_evaluation, last_error FROM system.alerts",
            "1", "name", " ORDER BY database, name");
    case AST_SHOW_PROCESSLIST:
        return show_of(execution, statement, "SELECT * FROM system.processes", "1", "query", "");
    case AST_SHOW_FUNCTIONS:
        return show_of(execution, statement, "SELECT * FROM system.functions", "1", "name", " ORDER BY name");
    case AST_SHOW_SETTINGS:
        return show_of(execution, statement, "SELECT name, type, value FROM system.settings",
                       statement->changed ? "changed" : "1", "name", " ORDER BY name");
    case AST_SHOW_SETTING:
        return show_setting(execution, statement);
    case AST_SHOW_CLUSTERS:
        return show_of(execution, statement, "SELECT DISTINCT cluster FROM system.clusters", "1", "cluster",
                       " ORDER BY cluster");
    case AST_SHOW_CLUSTER:
        return show_cluster(execution, statement);
    case AST_SHOW_MERGES:
        return show_of(execution, statement,
                       "SELECT table, database, if(merges.progress > 0, round(merges.elapsed / merges.progress - "
                       "merges.elapsed, 2), NULL) AS estimate_complete, round(merges.elapsed, 2) AS elapsed, "
                       "round(merges.progress * 100, 2) AS progress, is_mutation, "
                       "formatReadableSize(total_size_bytes_compressed) AS size_compressed FROM system.merges",
                       "1", "table", " ORDER BY elapsed DESC");
    case AST_SHOW_ENGINES:
        return show_of(execution, statement, "SELECT * FROM system.table_engines", "1", "name", " ORDER BY name");
    default:
        ASSERT(false); /* ddl.c sends no others */
    }
    return NULL;
}
