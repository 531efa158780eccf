/*
 * materialized_find.c: materialized views as statements meet them: by name, and what may not be done to their tables.
 */
#include "server/materialized_private.h"

#include "server/objects.h"
#include "sql/materialize.h"
#include "storage/insert.h"
#include "storage/table.h"

#include <string.h>

static struct err *check_stopped(const struct object_def *def)
{
    return def->stopped[0] == 0
               ? NULL
               : err_new(ERR_VIEW_STOPPED,
                         "the materialized view %s.%s misses rows: it stopped when its SELECT failed over new ones: "
                         "%s; CREATE OR REPLACE MATERIALIZED VIEW makes it anew",
                         def->database, def->name, def->stopped);
}

struct err *materialized_table(struct execution *execution, const char *database, const char *name, bool reads,
                               bool *states, struct table **out)
{
    struct err *err = NULL;
    struct catalogue *catalogue = execution->server->store->catalogue;
    struct object_def *def = catalogue_object_find(catalogue, database, name);
    struct materialized view;

    *out = NULL;
    *states = false;
    if (def == NULL || def->kind != OBJECT_MATERIALIZED) {
        goto done;
    }
    OR_DONE(reads ? check_stopped(def) : NULL);
    struct slice definition = arena_slice(execution->arena, slice_text(def->definition));
    if (definition.data == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    OR_DONE(materialized_of(execution->arena, definition, &view));
    *states = view.states;
    const char *target_database =
        view.to_table.length > 0 ? execution_text(execution, view.to_database) : def->database;
    const char *target = view.to_table.length > 0 ? execution_text(execution, view.to_table)
                                                  : materialized_inner_name(execution->arena, def->uuid);
    if (target_database == NULL || target == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    err = catalogue_table(catalogue, target_database, target, out);
done:
    object_def_unref(def);
    return err;
}

struct err *materialized_reading(struct server *server, struct arena *arena, const struct object_def *def,
                                 struct slice *out)
{
    struct err *err = NULL;
    struct materialized view;
    struct table *table = NULL;
    struct table_def *target = NULL;

    *out = (struct slice){0};
    OR_DONE(check_stopped(def));
    struct slice database = arena_slice(arena, slice_text(def->database));
    char *inner = materialized_inner_name(arena, def->uuid);
    if (database.data == NULL || inner == NULL) {
        return arena_error(arena);
    }
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    if (view.states) {
        OR_DONE(catalogue_table(server->store->catalogue, def->database, inner, &table));
        target = table_definition(table);
        OR_DONE(materialized_stored(arena, &view, target));
        err = materialized_read(arena, &view, database, slice_text(inner), out);
    }
done:
    table_def_unref(target);
    table_unref(table);
    return err;
}

struct err *materialized_own_table(struct arena *arena, const struct object_def *def, const char **out)
{
    struct err *err = NULL;
    struct materialized view;

    *out = NULL;
    if (def->kind != OBJECT_MATERIALIZED) {
        return NULL;
    }
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    if (view.to_table.length == 0) {
        *out = materialized_inner_name(arena, def->uuid);
        err = *out == NULL ? arena_error(arena) : NULL;
    }
done:
    return err;
}

struct err *materialized_is_fed(struct arena *arena, const struct object_def *def, bool *out)
{
    struct err *err = NULL;
    struct materialized view;

    *out = false;
    if (def->kind == OBJECT_MATERIALIZED) {
        OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
        *out = view.create->refresh == NULL;
    }
done:
    return err;
}

struct err *materialized_owner(struct execution *execution, const char **database, const char **name)
{
    struct err *err = NULL;
    struct object_def **objects;
    uint32_t count = 0;

    if (strncmp(*name, ".inner_id.", strlen(".inner_id.")) != 0) {
        return NULL;
    }
    OR_DONE(catalogue_objects(execution->server->store->catalogue, execution->arena, &objects, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (objects[i]->kind == OBJECT_MATERIALIZED && strcmp(objects[i]->database, *database) == 0) {
            const char *inner = materialized_inner_name(execution->arena, objects[i]->uuid);
            if (inner == NULL) {
                return arena_error(execution->arena);
            }
            if (strcmp(inner, *name) == 0) {
                *name = objects[i]->name; /* as long as the arena */
                break;
            }
        }
    }
done:
    return err;
}

static bool is_named(const char *database, const char *name, const char *other_database, const char *other)
{
    return strcmp(database, other_database) == 0 && strcmp(name, other) == 0;
}

struct err *materialized_guard(struct execution *execution, const char *database, const char *name, unsigned ways,
                               const char *method)
{
    struct err *err = NULL;
    struct object_def **objects;
    struct view_feed **feeds;
    struct materialized view;
    uint32_t count = 0, feed_count = 0;

    OR_DONE(views_list(execution->server->store, execution->arena, &feeds, &feed_count));
    for (uint32_t i = 0; i < feed_count && (ways & MATERIALIZED_BASE) != 0; i++) {
        if (is_named(feeds[i]->base_database, feeds[i]->base_table, database, name)) {
            err = err_new(ERR_DEPENDENT_OBJECTS,
                          "Cannot %s %s.%s: the materialized view %s.%s reads it; drop the view first", method,
                          database, name, feeds[i]->database, feeds[i]->name);
            goto done;
        }
    }
    /* those that stopped, too */
    OR_DONE(catalogue_objects(execution->server->store->catalogue, execution->arena, &objects, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (objects[i]->kind != OBJECT_MATERIALIZED) {
            continue;
        }
        OR_DONE(materialized_of(execution->arena, slice_text(objects[i]->definition), &view));
        if ((ways & (view.to_table.length > 0 ? MATERIALIZED_TO : MATERIALIZED_OWN)) == 0) {
            continue;
        }
        const char *to_database =
            view.to_table.length > 0 ? execution_text(execution, view.to_database) : objects[i]->database;
        const char *to = view.to_table.length > 0 ? execution_text(execution, view.to_table)
                                                  : materialized_inner_name(execution->arena, objects[i]->uuid);
        if (to_database == NULL || to == NULL) {
            return arena_error(execution->arena);
        }
        if (is_named(to_database, to, database, name)) {
            err = err_new(ERR_DEPENDENT_OBJECTS,
                          "Cannot %s %s.%s: its rows are those of the materialized view %s.%s; drop the view first",
                          method, database, name, objects[i]->database, objects[i]->name);
            goto done;
        }
    }
done:
    return err;
}

struct err *materialized_flush(struct execution *execution, const char *database, const char *name)
{
    struct err *err = NULL;
    struct view_feed **feeds;
    uint32_t count = 0;
    bool wanted = false;

    OR_DONE(views_list(execution->server->store, execution->arena, &feeds, &count));
    for (uint32_t i = 0; i < count; i++) {
        wanted = wanted || is_named(feeds[i]->base_database, feeds[i]->base_table, database, name) ||
                 is_named(feeds[i]->target_database, feeds[i]->target_table, database, name);
    }
    if (wanted) {
        err = insert_log_flush(execution->server->store);
    }
done:
    return err;
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Is it one of the words of the text? */
static bool names_column(const char *text, struct slice name)
{
    size_t length = strlen(text);
    for (size_t at = 0; at + name.length <= length; at++) {
        if (memcmp(text + at, name.data, name.length) == 0 && (at == 0 || !is_word_byte(text[at - 1])) &&
            !is_word_byte(text[at + name.length])) {
            return true;
        }
    }
    return strstr(text, "SELECT *") != NULL;
}

struct err *materialized_guard_column(struct execution *execution, const struct table_def *def, struct slice column,
                                      const char *method)
{
    struct err *err = NULL;
    struct view_feed **feeds;
    uint32_t count = 0;

    OR_DONE(views_list(execution->server->store, execution->arena, &feeds, &count));
    for (uint32_t i = 0; i < count; i++) {
        bool named = column.length > 0 &&
                     (names_column(feeds[i]->query, column) || (slice_equal(column, slice_text(TABLE_LATENESS)) &&
                                                                names_column(feeds[i]->query, slice_text("LATENESS"))));
        if (named && is_named(feeds[i]->base_database, feeds[i]->base_table, def->database, def->name)) {
            err = err_new(ERR_ALTER_OF_COLUMN,
                          "Trying to ALTER %s column %.*s which is referenced by materialized view %s.%s", method,
                          SLICE_ARG(column), feeds[i]->database, feeds[i]->name);
            goto done;
        }
    }
done:
    return err;
}
