/*
 * objects.c: CREATE, DROP, RENAME of views; finding them by name.
 */
#include "server/objects.h"

#include "server/access_query.h"
#include "server/materialized.h"

#include "sql/define_dictionary.h"

static struct catalogue *catalogue_of(struct execution *execution)
{
    return execution->server->store->catalogue;
}

const char *object_engine(const struct object_def *def)
{
    static const char *const engines[] = {[OBJECT_VIEW] = "View",
                                          [OBJECT_DICTIONARY] = "Dictionary",
                                          [OBJECT_MATERIALIZED] = "MaterializedView",
                                          [OBJECT_ALERT] = "Alert"};
    return engines[def->kind];
}

struct err *object_refuse(const struct object_def *def, const char *method)
{
    return err_new(ERR_NOT_IMPLEMENTED, "%s is not supported by storage %s", method, object_engine(def));
}

struct err *object_named(struct execution *execution, struct slice database, struct slice name, struct object_def **out)
{
    char *database_text = execution_text(execution, database.length == 0 ? execution->database : database);
    char *name_text = execution_text(execution, name);

    if (database_text == NULL || name_text == NULL) {
        return arena_error(execution->arena);
    }
    *out = catalogue_object_find(catalogue_of(execution), database_text, name_text);
    return NULL;
}

/* *id: of the view, or 0. */
static struct err *view_now(struct execution *execution, struct arena *arena, struct slice database, struct slice name,
                            uint64_t *id, struct slice *out)
{
    struct err *err = NULL;
    struct object_def *def = NULL;

    *out = (struct slice){0};
    *id = 0;
    OR_DONE(object_named(execution, database, name, &def));
    if (def != NULL && def->kind == OBJECT_VIEW) {
        OR_DONE(access_may_use_view(execution, slice_text(def->database), slice_text(def->name)));
        *out = arena_slice(arena, slice_text(def->definition));
        err = out->data == NULL ? arena_error(arena) : NULL;
    } else if (def != NULL && def->kind == OBJECT_MATERIALIZED) {
        *id = def->id;
        OR_DONE(access_may_use_view(execution, slice_text(def->database), slice_text(def->name)));
        err = materialized_reading(execution->server, arena, def, out);
    } else if (def == NULL) {
        err = builtin_view(arena, database.length == 0 ? execution->database : database, name, out);
    }
done:
    object_def_unref(def);
    return err;
}

struct err *object_find_view(void *user, struct arena *arena, struct slice database, struct slice name,
                             struct slice *out)
{
    uint64_t before = 0, id;
    struct err *err = view_now(user, arena, database, name, &id, out);
    while (err_code(err) == ERR_UNKNOWN_TABLE && id != before) { /* another took its place, and its table is gone? */
        err_free(err);
        before = id;
        err = view_now(user, arena, database, name, &id, out);
    }
    return err;
}

struct err *object_create_view(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_create_table *create = statement->create_table;
    struct object_def def;
    struct slice database, name;
    struct object_def *old = NULL;

    if (create->materialized) {
        return materialized_create(execution, statement);
    }
    OR_DONE(bind_name(execution->arena, &execution->bind, create->database, statement->database_parameter, &database));
    OR_DONE(bind_name(execution->arena, &execution->bind, create->table, statement->name_parameter, &name));
    struct ast_create_table named = *create;
    named.table = name;
    OR_DONE(define_view(execution->arena, &execution->bind, &named,
                        database.length == 0 ? execution->database : database, &def));
    old = create->or_replace ? catalogue_object_find(catalogue_of(execution), def.database, def.name) : NULL;
    if (old != NULL && old->kind == OBJECT_MATERIALIZED) {
        err = materialized_replace(execution, old, &def);
        goto done;
    }
    err = catalogue_create_object(catalogue_of(execution), &def,
                                  create->or_replace      ? OBJECT_REPLACE
                                  : create->if_not_exists ? OBJECT_KEEP
                                                          : OBJECT_REFUSE,
                                  NULL);
done:
    object_def_unref(old);
    return err;
}

struct err *object_drop(struct execution *execution, const struct object_def *def)
{
    return def->kind == OBJECT_MATERIALIZED ? materialized_drop(execution->server, def)
                                            : catalogue_drop_object(catalogue_of(execution), def);
}

struct err *object_named_anew(struct arena *arena, const struct object_def *def, const char *database, const char *name,
                              struct object_def *out)
{
    *out = *def;
    out->database = database;
    out->name = name;
    return def->kind != OBJECT_DICTIONARY
               ? define_view_rename(arena, slice_text(def->definition), slice_text(database), slice_text(name),
                                    &out->definition)
               : define_dictionary_rename(arena, slice_text(def->definition), slice_text(database), slice_text(name),
                                          &out->definition);
}

struct err *object_rename(struct execution *execution, const struct object_def *def, struct slice database,
                          struct slice name)
{
    struct err *err = NULL;
    struct object_def renamed;
    char *to_database = execution_text(execution, database.length > 0 ? database : slice_text(def->database));
    char *to_name = execution_text(execution, name);
    if (to_database == NULL || to_name == NULL) {
        return arena_error(execution->arena);
    }
    if (def->kind == OBJECT_ALERT) {
        err = object_refuse(def, "RENAME");
        goto done;
    }
    OR_DONE(object_named_anew(execution->arena, def, to_database, to_name, &renamed));
    bool followed = false;
    if (def->kind == OBJECT_MATERIALIZED) {
        OR_DONE(materialized_follow_renamed(execution, &(struct catalogue_renamed){.object = &renamed}, def->database,
                                            def->name, &followed));
    }
    err = followed                           ? NULL
          : def->kind == OBJECT_MATERIALIZED ? materialized_rename(execution->server, &renamed)
                                             : catalogue_alter_object(catalogue_of(execution), &renamed);
done:
    return err;
}
