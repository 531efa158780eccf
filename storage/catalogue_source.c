/*
 * catalogue_source.c: sources by name.
 *
 * flow     server (CREATE/ALTER/DROP SOURCE), ingest (states, streams) → here → ledger_commit
 * rule     one source per (table, stream): a second one is refused by the name of the first
 * thread   any
 */
#include "base/clock.h"
#include "storage/catalogue_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint32_t source_index(const struct catalogue *catalogue, const char *database, const char *name, bool *found)
{
    uint32_t at = 0;
    int order = 1;

    while (at < catalogue->source_count &&
           (order = catalogue_name_compare(catalogue->sources[at]->database, catalogue->sources[at]->name, database,
                                           name)) < 0) {
        at++;
    }
    *found = at < catalogue->source_count && order == 0;
    return at;
}

static struct err *unknown_source(const struct catalogue *catalogue, const char *database, const char *name)
{
    const char *nearest = NULL;
    unsigned best = 3;

    for (uint32_t i = 0; i < catalogue->source_count; i++) {
        unsigned distance = strcmp(catalogue->sources[i]->database, database) == 0
                                ? name_distance(name, catalogue->sources[i]->name)
                                : 255;
        if (distance < best) {
            best = distance;
            nearest = catalogue->sources[i]->name;
        }
    }
    return nearest == NULL
               ? err_new(ERR_UNKNOWN_SOURCE, "Source %s.%s does not exist", database, name)
               : err_new(ERR_UNKNOWN_SOURCE, "Source %s.%s does not exist; did you mean %s?", database, name, nearest);
}

/* Under names. */
static struct err *check_streams(const struct catalogue *catalogue, const struct source_def *def)
{
    for (uint32_t i = 0; i < catalogue->source_count; i++) {
        const struct source_def *other = catalogue->sources[i];
        if (other->table_id != def->table_id || other->id == def->id) {
            continue;
        }
        for (uint32_t a = 0; a < def->stream_count; a++) {
            for (uint32_t b = 0; b < other->stream_count; b++) {
                if (strcmp(def->streams[a], other->streams[b]) == 0) {
                    return err_new(ERR_BAD_ARGUMENTS,
                                   "Source %s.%s feeds this table from the stream \"%s\" already; a table takes each "
                                   "stream once",
                                   other->database, other->name, def->streams[a]);
                }
            }
        }
    }
    return NULL;
}

static struct err *commit_source(struct catalogue *catalogue, const struct source_def *def)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();

    if (batch == NULL) {
        err = err_oom();
        goto done;
    }
    record_encode_source(ledger_batch_records(batch), def);
    OR_DONE(ledger_commit(catalogue->ledger, batch, NULL));
done:
    ledger_batch_destroy(batch);
    return err;
}

struct err *catalogue_create_source(struct catalogue *catalogue, const struct source_def *given, bool if_not_exists,
                                    struct source_def **out, bool *created)
{
    struct err *err = NULL;
    struct source_def *def = source_def_copy(given);
    bool found = false;

    if (created != NULL) {
        *created = false;
    }
    lock_take(&catalogue->ddl);
    if (def == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_check_name("source", def->name));
    def->id = 0;
    lock_take(&catalogue->names);
    uint32_t at = source_index(catalogue, def->database, def->name, &found);
    if (!catalogue_database_exists(catalogue, def->database)) {
        err = catalogue_unknown_database(catalogue, def->database);
    } else if (found && !if_not_exists) {
        err = err_new(ERR_SOURCE_EXISTS, "Source %s.%s already exists", def->database, def->name);
    } else if (found && out != NULL) {
        *out = source_def_ref(catalogue->sources[at]);
    } else if (!found) {
        err = check_streams(catalogue, def);
    }
    lock_give(&catalogue->names);
    if (err != NULL || found) {
        goto done;
    }
    struct ledger_state *state = ledger_state_lock(catalogue->ledger);
    def->id = state->source_id_next;
    ledger_state_unlock(catalogue->ledger);
    def->version = 1;
    def->created_at_us = clock_wall_us();
    OR_DONE(commit_source(catalogue, def));
    lock_take(&catalogue->names);
    if (array_grow((void **)&catalogue->sources, &catalogue->source_capacity, catalogue->source_count,
                   sizeof *catalogue->sources)) {
        memmove(&catalogue->sources[at + 1], &catalogue->sources[at],
                (catalogue->source_count - at) * sizeof *catalogue->sources);
        catalogue->sources[at] = def;
        catalogue->source_count++;
        if (out != NULL) {
            *out = source_def_ref(def);
        }
        if (created != NULL) {
            *created = true;
        }
        def = NULL;
    } else {
        err = err_oom();
    }
    lock_give(&catalogue->names);
done:
    lock_give(&catalogue->ddl);
    source_def_unref(def);
    return err;
}

struct err *catalogue_alter_source(struct catalogue *catalogue, const struct source_def *given, struct source_def **out)
{
    struct err *err = NULL;
    struct source_def *def = source_def_copy(given);
    struct source_def *old = NULL;
    uint32_t at = 0;

    lock_take(&catalogue->ddl);
    if (def == NULL) {
        err = err_oom();
        goto done;
    }
    lock_take(&catalogue->names);
    while (at < catalogue->source_count && catalogue->sources[at]->id != def->id) {
        at++;
    }
    if (at == catalogue->source_count) {
        err = unknown_source(catalogue, def->database, def->name);
    } else {
        old = catalogue->sources[at];
        err = check_streams(catalogue, def);
    }
    lock_give(&catalogue->names);
    if (err != NULL) {
        goto done;
    }
    ASSERT(old != NULL);
    if (catalogue_name_compare(def->database, def->name, old->database, old->name) != 0 ||
        def->table_id != old->table_id) {
        err = err_new(ERR_BAD_ARGUMENTS, "Source %s.%s cannot change its name or table", old->database, old->name);
        goto done;
    }
    def->version = old->version + 1;
    def->created_at_us = old->created_at_us;
    OR_DONE(commit_source(catalogue, def));
    lock_take(&catalogue->names);
    catalogue->sources[at] = def;
    if (out != NULL) {
        *out = source_def_ref(def);
    }
    lock_give(&catalogue->names);
    source_def_unref(old);
    def = NULL;
done:
    lock_give(&catalogue->ddl);
    source_def_unref(def);
    return err;
}

struct err *catalogue_drop_source(struct catalogue *catalogue, const char *database, const char *name, bool if_exists)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct source_def *def = NULL;
    bool found = false;

    lock_take(&catalogue->ddl);
    if (batch == NULL) {
        err = err_oom();
        goto done;
    }
    lock_take(&catalogue->names);
    uint32_t at = source_index(catalogue, database, name, &found);
    if (!found && !if_exists) {
        err = unknown_source(catalogue, database, name);
    }
    lock_give(&catalogue->names);
    if (err != NULL || !found) {
        goto done;
    }
    def = catalogue->sources[at]; /* ddl is held: nobody changes the array */
    record_encode_varint(ledger_batch_records(batch), LEDGER_SOURCE_DROP, def->id);
    OR_DONE(ledger_commit(catalogue->ledger, batch, NULL));
    lock_take(&catalogue->names);
    memmove(&catalogue->sources[at], &catalogue->sources[at + 1],
            (catalogue->source_count - at - 1) * sizeof *catalogue->sources);
    catalogue->source_count--;
    lock_give(&catalogue->names);
    source_def_unref(def);
done:
    lock_give(&catalogue->ddl);
    ledger_batch_destroy(batch);
    return err;
}

struct err *catalogue_source(struct catalogue *catalogue, const char *database, const char *name,
                             struct source_def **out)
{
    struct err *err = NULL;
    bool found = false;

    lock_take(&catalogue->names);
    uint32_t at = source_index(catalogue, database, name, &found);
    if (found) {
        *out = source_def_ref(catalogue->sources[at]);
    } else {
        err = unknown_source(catalogue, database, name);
    }
    lock_give(&catalogue->names);
    return err;
}

struct source_list {
    struct source_def **sources;
    uint32_t count;
};

static void source_list_release(void *object)
{
    struct source_list *list = object;
    for (uint32_t i = 0; i < list->count; i++) {
        source_def_unref(list->sources[i]);
    }
}

struct err *catalogue_sources(struct catalogue *catalogue, struct arena *arena, struct source_def ***out,
                              uint32_t *count)
{
    struct source_list *list = ARENA_NEW(arena, struct source_list);

    *count = 0;
    if (list == NULL || !arena_on_destroy(arena, source_list_release, list)) {
        return arena_error(arena);
    }
    lock_take(&catalogue->names);
    list->sources = ARENA_ARRAY(arena, struct source_def *, (size_t)catalogue->source_count + 1);
    for (uint32_t i = 0; list->sources != NULL && i < catalogue->source_count; i++) {
        list->sources[list->count++] = source_def_ref(catalogue->sources[i]);
    }
    lock_give(&catalogue->names);
    if (list->sources == NULL) {
        return arena_error(arena);
    }
    *out = list->sources;
    *count = list->count;
    return NULL;
}

void catalogue_sources_load(struct catalogue *catalogue, struct ledger_state *state, bool *failed)
{
    struct source_entry *entry;
    size_t position = 0;

    while (!*failed && (entry = map_next(&state->sources, &position)) != NULL) {
        bool found = false;
        if (!array_grow((void **)&catalogue->sources, &catalogue->source_capacity, catalogue->source_count,
                        sizeof *catalogue->sources)) {
            *failed = true;
            break;
        }
        uint32_t at = source_index(catalogue, entry->def->database, entry->def->name, &found);
        memmove(&catalogue->sources[at + 1], &catalogue->sources[at],
                (catalogue->source_count - at) * sizeof *catalogue->sources);
        catalogue->sources[at] = source_def_ref(entry->def);
        catalogue->source_count++;
    }
}
