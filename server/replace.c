/*
 * replace.c: see replace.h.
 *
 * replace  a table with a name of its own is made and filled; then, in one commit, it takes the name and what had it
 *          goes. Readers see the one or the other. A crash before that commit leaves the old one; what there is of the
 *          new one is dropped at the next start.
 */
#include "server/replace.h"

#include "server/materialized.h"
#include "server/objects.h"
#include "sql/define.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/table.h"

#include <sodium.h>
#include <stdio.h>

static struct catalogue *catalogue_of(const struct execution *execution)
{
    return execution->server->store->catalogue;
}

/* What a statement's name means: one of the two, a reference. */
struct named {
    struct table_def *table;
    struct object_def *object;
};

static void named_unref(struct named *named)
{
    table_def_unref(named->table);
    object_def_unref(named->object);
}

static struct err *find_named(struct execution *execution, struct slice database, struct slice name, struct named *out)
{
    struct err *err = NULL;
    struct table *table = NULL;
    OR_DONE(object_named(execution, database, name, &out->object));
    if (out->object == NULL) {
        OR_DONE(execution_table(execution, database, name, &table));
        out->table = table_definition(table);
    }
done:
    table_unref(table);
    return err;
}

static const char *database_of(const struct named *named)
{
    return named->object != NULL ? named->object->database : named->table->database;
}

static const char *name_of(const struct named *named)
{
    return named->object != NULL ? named->object->name : named->table->name;
}

struct err *table_named(struct arena *arena, const struct table_def *def, const char *database, const char *name,
                        struct table_def *out)
{
    struct err *err = NULL;
    struct ast_statement *create = NULL;
    *out = *def;
    out->database = database;
    out->name = name;
    OR_DONE(parse_query(arena, slice_text(def->create_sql), (uint32_t)strlen(def->create_sql) + 1, &create));
    create->create_table->database = slice_text(database);
    create->create_table->table = slice_text(name);
    out->create_sql = ast_print_create_table(arena, create->create_table).data;
    if (out->create_sql == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

struct err *rename_table(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct named named = {NULL, NULL};
    struct table_def renamed;
    bool followed = false;
    if (statement->if_exists) {
        char *database =
            execution_text(execution, statement->database.length == 0 ? execution->database : statement->database);
        char *name = execution_text(execution, statement->name);
        if (database == NULL || name == NULL) {
            return arena_error(execution->arena);
        }
        struct object_def *object = catalogue_object_find(catalogue_of(execution), database, name);
        struct table *table = catalogue_table_find(catalogue_of(execution), database, name);
        bool exists = object != NULL || table != NULL;
        object_def_unref(object);
        table_unref(table);
        if (!exists) {
            return NULL;
        }
    }
    OR_DONE(find_named(execution, statement->database, statement->name, &named));
    if (named.object != NULL) {
        err = object_rename(execution, named.object, statement->to_database, statement->to_name);
        goto done;
    }
    char *name = execution_text(execution, statement->to_name);
    char *database = statement->to_database.length > 0 ? execution_text(execution, statement->to_database)
                                                       : arena_text(execution->arena, slice_text(database_of(&named)));
    if (name == NULL || database == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    OR_DONE(materialized_guard(execution, named.table->database, named.table->name, MATERIALIZED_OWN, "rename"));
    OR_DONE(table_named(execution->arena, named.table, database, name, &renamed));
    OR_DONE(materialized_follow_renamed(execution, &(struct catalogue_renamed){.table = &renamed},
                                        named.table->database, named.table->name, &followed));
    err = followed ? NULL : catalogue_alter_table(catalogue_of(execution), &renamed);
done:
    named_unref(&named);
    return err;
}

struct err *exchange_tables(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct named sides[2] = {{NULL, NULL}, {NULL, NULL}};
    struct table_def tables_named[2];
    struct object_def objects[2];
    struct catalogue_renamed renamed[2] = {{NULL, NULL}, {NULL, NULL}};
    OR_DONE(find_named(execution, statement->database, statement->name, &sides[0]));
    OR_DONE(find_named(execution, statement->to_database, statement->to_name, &sides[1]));
    for (uint32_t k = 0; k < 2; k++) {
        const struct named *side = &sides[k], *other = &sides[1 - k];
        bool dictionary = side->object != NULL && side->object->kind == OBJECT_DICTIONARY;
        if (statement->object == AST_DICTIONARY_OBJECT && !dictionary) {
            err = err_new(ERR_INCORRECT_QUERY,
                          "Use RENAME/EXCHANGE TABLE (instead of RENAME/EXCHANGE DICTIONARY) for tables");
            goto done;
        }
        if (side->object != NULL && (side->object->kind == OBJECT_MATERIALIZED || side->object->kind == OBJECT_ALERT)) {
            err = object_refuse(side->object, "EXCHANGE");
            goto done;
        }
        bool tables = side->object == NULL && other->object == NULL;
        OR_DONE(materialized_guard(execution, database_of(side), name_of(side),
                                   tables ? MATERIALIZED_OWN | MATERIALIZED_BASE : MATERIALIZED_ALL, "exchange"));
        if (side->object != NULL) {
            OR_DONE(object_named_anew(execution->arena, side->object, database_of(other), name_of(other), &objects[k]));
            renamed[k].object = &objects[k];
        } else {
            OR_DONE(other->object != NULL ? NULL
                                          : materialized_check_exchange(execution, side->table->database,
                                                                        side->table->name, other->table));
            OR_DONE(table_named(execution->arena, side->table, database_of(other), name_of(other), &tables_named[k]));
            renamed[k].table = &tables_named[k];
        }
    }
    bool same = sides[0].table != NULL && sides[1].table != NULL     ? sides[0].table->id == sides[1].table->id
                : sides[0].object != NULL && sides[1].object != NULL ? sides[0].object->id == sides[1].object->id
                                                                     : false;
    if (!same) {
        OR_DONE(catalogue_rename_together(catalogue_of(execution), renamed, 2, false));
        err = materialized_sync(execution->server); /* TO means what has the name now */
    }
done:
    named_unref(&sides[0]);
    named_unref(&sides[1]);
    return err;
}

struct err *replace_table(struct execution *execution, const struct table_def *def,
                          const struct ast_create_table *create)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct table_def fresh = *def, finished;
    struct ast_create_table fill = *create;
    struct table *table = NULL;
    struct table_def *current = NULL;
    uint64_t number;
    bool created = false, replaced = false;

    randombytes_buf(&number, sizeof number);
    fresh.name = arena_format(arena, "_tmp_replace_%016llx", (unsigned long long)number);
    fresh.create_sql = arena_format(arena, CATALOGUE_REPLACEMENT "%s", def->create_sql + strlen("CREATE "));
    struct slice quoted = sql_identifier(arena, slice_text(def->database));
    char *prefix = quoted.data == NULL ? NULL : arena_format(arena, "%.*s.", SLICE_ARG(quoted));
    if (fresh.name == NULL || fresh.create_sql == NULL || prefix == NULL) {
        return arena_error(arena);
    }
    ASSERT(strncmp(def->create_sql, "CREATE ", strlen("CREATE ")) == 0);
    OR_DONE(catalogue_create_table(catalogue_of(execution), &fresh, false, &table, &created));
    if (create->as_select != NULL && !create->empty) {
        fill.table = slice_text(fresh.name);
        OR_DONE(execute_fill_table(execution, &fill, prefix));
    }
    current = table_definition(table);
    finished = *current;
    finished.name = def->name;
    finished.create_sql = def->create_sql;
    struct catalogue_renamed renamed = {&finished, NULL};
    OR_DONE(catalogue_rename_together(catalogue_of(execution), &renamed, 1, true));
    replaced = true;
done:
    if (created && !replaced) {
        err_free(catalogue_drop_table(catalogue_of(execution), fresh.database, fresh.name, true));
    }
    table_def_unref(current);
    table_unref(table);
    return err;
}
