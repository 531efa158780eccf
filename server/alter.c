/*
 * alter.c: see alter.h.
 *
 * order    actions on partitions first, in the statement's order; then all that change the definition in one ledger
 *          commit: a new schema version (as ClickHouse orders them); then DELETE, UPDATE and MATERIALIZE INDEX
 */
#include "server/alter.h"

#include "server/expire.h"
#include "server/materialized.h"
#include "server/mutate.h"
#include "server/objects.h"
#include "server/partitions.h"
#include "sql/define_alter.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/compactor.h"
#include "storage/partition.h"
#include "storage/retention.h"
#include "storage/table.h"

#define ALTER_ATTEMPTS 100U /* another ALTER may commit in between */

struct err *alter_definition(struct execution *execution, struct table *table, const struct ast_statement *statement)
{
    struct err *err = NULL;
    for (uint32_t attempt = 0; attempt < ALTER_ATTEMPTS; attempt++) {
        struct table_def *current = table_definition(table);
        struct table_def next;
        bool changed = false;
        err_free(err);
        err = define_alter(execution->arena, &execution->bind, current, statement->alters, statement->alter_count,
                           &next, &changed);
        if (err == NULL && changed) {
            err = alter_check_casts(execution, table, &next);
        }
        if (err == NULL && changed) {
            err = catalogue_alter_table(execution->server->store->catalogue, &next);
        }
        struct table_def *now = table_definition(table);
        bool meanwhile = now->schema_version != current->schema_version;
        table_def_unref(now);
        table_def_unref(current);
        if (err == NULL || !meanwhile) {
            break;
        }
    }
    return err;
}

static struct err *alter_data(struct execution *execution, struct table *table, const struct ast_alter *action)
{
    switch (action->kind) {
    case AST_ALTER_DROP_PARTITION:
    case AST_ALTER_DETACH_PARTITION:
    case AST_ALTER_ATTACH_PARTITION:
    case AST_ALTER_DROP_DETACHED:
    case AST_ALTER_MOVE_PARTITION:
    case AST_ALTER_REPLACE_PARTITION:
    case AST_ALTER_ATTACH_FROM:
    case AST_ALTER_FREEZE:
    case AST_ALTER_UNFREEZE:
        return execute_partition(execution, table, action);
    case AST_ALTER_HOLD:
        return table_hold(table, action->text);
    case AST_ALTER_RELEASE:
        return table_release(table, action->text);
    case AST_ALTER_DELETE: /* these when the definition is changed */
    case AST_ALTER_UPDATE:
    case AST_ALTER_MATERIALIZE_INDEX:
    case AST_ALTER_MATERIALIZE_TTL:
    case AST_ALTER_CLEAR_IN_PARTITION:
        return NULL;
    default:
        ASSERT(action->kind <= AST_ALTER_DEFINITION_LAST);
        return NULL;
    }
}

static struct err *materialize_ttl(struct execution *execution, struct table *table, const struct ast_alter *action)
{
    struct table_def *def = table_definition(table);
    bool has = expire_has_ttl(def), whole = action->text.data == NULL;
    struct slice partition = action->text;
    struct err *err = NULL;

    if (!has) {
        err = err_new(ERR_INCORRECT_QUERY, "Cannot MATERIALIZE TTL as there is no TTL set for table %s.%s",
                      def->database, def->name);
    } else {
        if (def->partition_by[0] == 0 && slice_equal(partition, slice_text("all"))) {
            partition = slice_text("");
        }
        err = table_drop_due(table);
        err = err != NULL ? err : expire_now(execution, table, whole ? NULL : &partition, true);
    }
    table_def_unref(def);
    return err;
}

/* UPDATE a = its default IN PARTITION p WHERE 1 */
static struct err *clear_in_partition(struct execution *execution, struct table *table, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct table_def *def = table_definition(table);
    struct ast_assignment assignment = {.name = action->name};
    struct ast_alter update = {.kind = AST_ALTER_UPDATE,
                               .offset = action->offset,
                               .text = action->text,
                               .assignments = &assignment,
                               .assignment_count = 1};
    int index = table_column_find(def, action->name);

    for (uint32_t i = 0; i < def->column_count; i++) {
        struct slice name = slice_text(def->columns[i].name);
        if (name.length > action->name.length && name.data[action->name.length] == '.' &&
            memcmp(name.data, action->name.data, action->name.length) == 0) {
            err = err_new(ERR_NOT_IMPLEMENTED, "CLEAR COLUMN … IN PARTITION of a Nested column is not supported yet");
            goto done;
        }
    }
    if (index < 0 || (uint32_t)index >= def->column_count) {
        err = action->if_exists ? NULL
                                : err_new(ERR_NOT_FOUND_COLUMN, "Wrong column name. Cannot find column `%.*s` to drop",
                                          SLICE_ARG(action->name));
        goto done;
    }
    const struct column_def *column = &def->columns[index];
    if (column->default_kind == COLUMN_DEFAULT_MATERIALIZED) {
        goto done; /* it has the value that it would get */
    }
    struct slice type = sql_string(arena, type_name(arena, column->type));
    const char *text = column->default_text[0] != 0 ? column->default_text
                       : type.data == NULL          ? NULL
                                           : arena_format(arena, "defaultValueOfTypeName(%.*s)", SLICE_ARG(type));
    if (text == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(parse_expression_text(arena, slice_text(text), &assignment.expression));
    OR_DONE(parse_expression_text(arena, slice_text("1"), &update.expression));
    err = execute_alter_mutation(execution, table, &update);
    if (err_code(err) == ERR_CANNOT_UPDATE_COLUMN) {
        err_free(err);
        err = err_new(ERR_ALTER_OF_COLUMN, "Trying to ALTER CLEAR key %.*s column which is a part of key expression",
                      SLICE_ARG(action->name));
    }
done:
    table_def_unref(def);
    return err;
}

/* What views read stays; what is theirs alone is no table's. */
static struct err *check_views(struct execution *execution, struct table *table, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table);
    for (uint32_t i = 0; i < statement->alter_count; i++) {
        const struct ast_alter *action = &statement->alters[i];
        bool drop = action->kind == AST_ALTER_DROP_COLUMN;
        if (drop || action->kind == AST_ALTER_RENAME_COLUMN) {
            OR_DONE(materialized_guard_column(execution, def, action->name, drop ? "DROP" : "RENAME"));
        }
        if (action->kind == AST_ALTER_MODIFY_REFRESH) {
            err = err_new(ERR_INCORRECT_QUERY, "MODIFY REFRESH is of a materialized view with REFRESH alone");
            goto done;
        }
        if (action->kind == AST_ALTER_MODIFY_QUERY) {
            err = err_new(ERR_NOT_IMPLEMENTED,
                          "MODIFY QUERY is of a materialized view alone: %s.%s is a table with the engine %s",
                          def->database, def->name, def->engine);
            goto done;
        }
    }
done:
    table_def_unref(def);
    return err;
}

struct err *execute_alter(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct object_def *object = NULL;
    struct slice database, name;

    OR_DONE(
        bind_name(execution->arena, &execution->bind, statement->database, statement->database_parameter, &database));
    OR_DONE(bind_name(execution->arena, &execution->bind, statement->name, statement->name_parameter, &name));
    if (execution_temporary(execution, database, name) != NULL) {
        err = err_new(ERR_NOT_IMPLEMENTED, "ALTER TABLE of a temporary table is not supported yet; make it anew");
        goto done;
    }
    OR_DONE(object_named(execution, database, name, &object));
    if (object != NULL && object->kind == OBJECT_MATERIALIZED) {
        err = materialized_alter(execution, object, statement);
        goto done;
    }
    if (object != NULL) {
        err = object_refuse(object, "Alter");
        goto done;
    }
    OR_DONE(execution_table(execution, database, name, &table));
    OR_DONE(check_views(execution, table, statement));
    for (uint32_t i = 0; i < statement->alter_count; i++) {
        OR_DONE(alter_data(execution, table, &statement->alters[i]));
    }
    OR_DONE(alter_definition(execution, table, statement));
    for (uint32_t i = 0; i < statement->alter_count; i++) {
        const struct ast_alter *action = &statement->alters[i];
        if (action->kind == AST_ALTER_DELETE || action->kind == AST_ALTER_UPDATE) {
            OR_DONE(execute_alter_mutation(execution, table, action));
        }
        if (action->kind == AST_ALTER_MATERIALIZE_INDEX) {
            const char *index = arena_text(execution->arena, action->name);
            OR_DONE(index == NULL ? arena_error(execution->arena) : table_materialize_index(table, index));
        }
        if (action->kind == AST_ALTER_MODIFY_TTL || action->kind == AST_ALTER_REMOVE_TTL) {
            OR_DONE(table_refresh_expiry(table, NULL));
            OR_DONE(table_drop_due(table));
        }
        bool of_column = action->column != NULL && action->column->ttl != NULL;
        if (action->kind == AST_ALTER_MODIFY_TTL || of_column) {
            OR_DONE(expire_now(execution, table, NULL, false));
        }
        if (action->kind == AST_ALTER_CLEAR_IN_PARTITION) {
            OR_DONE(clear_in_partition(execution, table, action));
        }
        if (action->kind == AST_ALTER_MATERIALIZE_TTL) {
            OR_DONE(materialize_ttl(execution, table, action));
        }
    }
done:
    object_def_unref(object);
    table_unref(table);
    return err;
}
