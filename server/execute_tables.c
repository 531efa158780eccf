/*
 * execute_tables.c: the catalogue as a request's queries see it: stored tables and temporary ones, views, dictionaries.
 *
 * flow     sql/bind.h asks by name → here → storage's tables, sessions.h, objects.h, dictionaries.h
 * thread   the request's query thread
 */
#include "query/index_rules.h"
#include "query/storage_source.h"
#include "server/access_query.h"
#include "server/completeness.h"
#include "server/dictionaries.h"
#include "server/execute.h"
#include "server/live_private.h"
#include "server/materialized.h"
#include "server/objects.h"
#include "storage/snapshot.h"
#include "storage/table.h"
#include "storage/views.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the settings say of indexes, if they say anything. */
static struct err *set_index_rules(struct execution *execution, struct arena *arena, struct table_source *source)
{
    struct err *err = NULL;
    const struct settings *settings = &execution->settings;
    struct slice ignored = slice_text(settings->ignore_data_skipping_indices);
    struct slice forced = slice_text(settings->force_data_skipping_indices);
    if (settings->use_skip_indexes && ignored.length == 0 && forced.length == 0 && !settings->force_primary_key &&
        !settings->force_index_by_date) {
        return NULL;
    }
    struct index_rules *rules = ARENA_NEW(arena, struct index_rules);
    if (rules == NULL) {
        return arena_error(arena);
    }
    rules->off = !settings->use_skip_indexes;
    rules->force_key = settings->force_primary_key;
    rules->force_partition = settings->force_index_by_date;
    OR_DONE(index_rules_names(arena, "ignore_data_skipping_indices", ignored, &rules->ignored, &rules->ignored_count));
    OR_DONE(index_rules_names(arena, "force_data_skipping_indices", forced, &rules->forced, &rules->forced_count));
    err = source_index_rules(arena, source, rules);
done:
    return err;
}

/* Through which event time the table is complete, before its rows are seen. */
static struct err *note_completeness(struct execution *execution, struct arena *arena, struct table *table,
                                     const struct completeness **out)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table);
    struct completeness *complete = ARENA_NEW(arena, struct completeness);
    *out = complete;
    if (complete == NULL) {
        err = arena_error(arena);
    } else if (def->internal || !execution->notes_completeness) {
        *out = NULL;
        execution->reads_recorded =
            execution->reads_recorded || (def->internal && strcmp(def->name, "recorded_values") == 0);
    } else {
        err = completeness_note(execution, def, complete);
    }
    table_def_unref(def);
    return err;
}

static struct err *find_table(void *user, struct arena *arena, struct slice database, struct slice name,
                              struct table_source **out)
{
    struct execution *execution = user;
    const char *database_text = execution_text(execution, database.length == 0 ? execution->database : database);
    const char *name_text = execution_text(execution, name);
    struct snapshot *snapshot = NULL;
    bool states = false;
    *out = NULL;
    if (database_text == NULL || name_text == NULL) {
        return arena_error(execution->arena);
    }
    struct fed_rows *fed = execution->fed;
    if (fed != NULL && !fed->used && strcmp(fed->database, database_text) == 0 && strcmp(fed->table, name_text) == 0) {
        fed->used = true;
        return source_of_snapshot(arena, slice_text(database_text), slice_text(name_text), snapshot_ref(fed->snapshot),
                                  true, false, out);
    }
    for (struct fed_rows *other = fed == NULL ? NULL : fed->others; other != NULL; other = other->others) {
        if (strcmp(other->database, database_text) == 0 && strcmp(other->table, name_text) == 0) {
            other->used = true;
            return source_of_snapshot(arena, slice_text(database_text), slice_text(name_text),
                                      snapshot_ref(other->snapshot), true, other->places, out);
        }
    }
    if (fed != NULL) {
        fed->reads_others = true;
    }
    struct table *table = catalogue_table_find(execution->server->store->catalogue, database_text, name_text);
    if (table == NULL) {
        struct err *unread = materialized_table(execution, database_text, name_text, true, &states, &table);
        if (unread != NULL) {
            return unread;
        }
        if (states) { /* bind_view reads it */
            table_unref(table);
            return NULL;
        }
    }
    if (table == NULL) {
        struct err *failed =
            dictionaries_find_table(execution, arena, slice_text(database_text), slice_text(name_text), out);
        return failed != NULL || *out == NULL
                   ? failed
                   : access_may_know(execution, slice_text(database_text), slice_text(name_text));
    }
    /* the rows of a view's own table are the view's: so are the rights on them */
    struct err *err = materialized_owner(execution, &database_text, &name_text);
    err = err != NULL ? err : access_may_know(execution, slice_text(database_text), slice_text(name_text));
    const struct completeness *complete = NULL;
    err = err != NULL ? err : note_completeness(execution, arena, table, &complete);
    if (err == NULL && execution->watch != NULL) {
        err = live_watch_add(execution->watch, execution->arena, table);
    }
    if (err == NULL && execution->pretended != NULL && snapshot_table(execution->pretended) == table) {
        err = source_of_snapshot(arena, slice_text(database_text), slice_text(name_text),
                                 snapshot_ref(execution->pretended), true, false, out);
    } else if (err == NULL && execution->tail != NULL) {
        err = live_tail_snapshot(execution->tail, table, &snapshot);
        err = err != NULL ? err
                          : source_of_snapshot(arena, slice_text(database_text), slice_text(name_text), snapshot, true,
                                               false, out);
    } else if (err == NULL && !execution->places && fed == NULL) {
        struct budget *budget =
            execution->process == NULL ? &execution->server->queries_budget : &execution->process->budget;
        err = views_snapshot(table, budget, &snapshot);
        err = err != NULL ? err
                          : source_of_snapshot(arena, slice_text(database_text), slice_text(name_text), snapshot, true,
                                               false, out);
    } else if (err == NULL) { /* what other tables a view's SELECT reads is what is committed of them */
        err = source_of_table(arena, slice_text(database_text), slice_text(name_text), table, true, execution->places,
                              out);
    }
    if (err == NULL) {
        (*out)->completeness = complete;
    }
    const struct segment_choice *choice = execution->choice;
    if (err == NULL && choice != NULL) { /* nothing else may have taken its name meanwhile */
        err = choice->table_id == table_id(table)
                  ? source_keep_segments(*out, choice->wanted, choice->user)
                  : err_new(ERR_ABORTED, "table %s.%s was renamed meanwhile", database_text, name_text);
    }
    if (err == NULL && execution->settings.skip_damaged_segments) {
        source_skip_damaged(*out);
    }
    if (err == NULL) {
        err = set_index_rules(execution, arena, *out);
    }
    table_unref(table);
    return err;
}

struct temporary *execution_temporary(const struct execution *execution, struct slice database, struct slice name)
{
    struct temporary *found = NULL;
    if (database.length > 0) {
        return NULL;
    }
    if (execution->alone != NULL) {
        found = session_table(execution->alone, name);
    }
    return found == NULL && execution->session != NULL ? session_table(execution->session, name) : found;
}

static struct err *find_temporary(void *user, struct arena *arena, struct slice name, struct table_source **out)
{
    struct temporary *temporary = execution_temporary(user, slice_text(""), name);
    *out = NULL;
    return temporary == NULL ? NULL : source_of_temporary(arena, temporary, out);
}

static bool has_database(void *user, struct slice database)
{
    struct execution *execution = user;
    char *text = execution_text(execution, database);
    return builtin_database(database) ||
           (text != NULL && catalogue_has_database(execution->server->store->catalogue, text));
}

static void each_table(void *user, struct slice database, void (*visit)(void *visitor, struct slice table),
                       void *visitor)
{
    struct execution *execution = user;
    struct table **tables;
    struct table_def **defs;
    uint32_t count = 0;
    char *text = execution_text(execution, database.length == 0 ? execution->database : database);
    struct err *err = text == NULL ? err_oom()
                                   : catalogue_tables(execution->server->store->catalogue, execution->arena, text,
                                                      &tables, &defs, &count);
    for (uint32_t k = 0; err == NULL && k < count; k++) {
        const struct right_on on = {.database = slice_text(defs[k]->database), .table = slice_text(defs[k]->name)};
        if (access_sees(execution->access, on)) {
            visit(visitor, on.table);
        }
    }
    struct object_def **objects;
    if (err == NULL) {
        err = catalogue_objects(execution->server->store->catalogue, execution->arena, &objects, &count);
    }
    for (uint32_t k = 0; err == NULL && k < count; k++) {
        const struct right_on on = {.database = slice_text(objects[k]->database),
                                    .table = slice_text(objects[k]->name)};
        if (objects[k]->kind != OBJECT_ALERT && strcmp(objects[k]->database, text) == 0 &&
            access_sees(execution->access, on)) {
            visit(visitor, on.table);
        }
    }
    struct builtin_view_name builtin;
    for (uint32_t k = 0; err == NULL && builtin_view_at(k, &builtin); k++) {
        if (strcmp(builtin.database, text) == 0) {
            visit(visitor, slice_text(builtin.name));
        }
    }
    err_free(err);
}

/* "localhost", "127.0.0.1", "[::1]" and the host's own names, with the native protocol's port or without one. */
static bool is_own_address(void *user, struct slice address)
{
    const struct config *config = &((const struct execution *)user)->server->config;
    char host[256] = "", port[2][16] = {"", ""};
    const char *const names[] = {"localhost", "127.0.0.1", "[::1]", "::1", "weir", host};
    (void)snprintf(port[0], sizeof(port[0]), ":%u", config->native_port);
    (void)snprintf(port[1], sizeof(port[1]), ":%u", config->native_secure_port);
    (void)gethostname(host, sizeof(host) - 1);
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        size_t length = strlen(names[k]);
        if (length == 0 || address.length < length || memcmp(address.data, names[k], length) != 0) {
            continue;
        }
        struct slice rest = slice_of(address.data + length, address.length - length);
        if (rest.length == 0 || slice_equal(rest, slice_text(port[0])) || slice_equal(rest, slice_text(port[1]))) {
            return true;
        }
    }
    return false;
}

char *execution_text(struct execution *execution, struct slice text)
{
    return arena_text(execution->arena, text);
}

struct err *execution_table(struct execution *execution, struct slice database, struct slice name, struct table **out)
{
    char *database_text = execution_text(execution, database.length == 0 ? execution->database : database);
    char *name_text = execution_text(execution, name);
    if (database_text == NULL || name_text == NULL) {
        return arena_error(execution->arena);
    }
    return catalogue_table(execution->server->store->catalogue, database_text, name_text, out);
}

struct bind_catalogue execution_catalogue(struct execution *execution)
{
    return (struct bind_catalogue){.user = execution,
                                   .find = find_table,
                                   .temporary = find_temporary,
                                   .view = object_find_view,
                                   .has_database = has_database,
                                   .each = each_table,
                                   .is_own_address = is_own_address};
}
