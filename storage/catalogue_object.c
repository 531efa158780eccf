/*
 * catalogue_object.c: views and dictionaries by name.
 *
 * flow     server (DDL) → here → ledger_commit; then the names change
 * rule     tables and objects share their names: one of either kind per (database, name)
 * thread   any; a change takes `ddl` for its whole length
 */
#include "base/clock.h"
#include "storage/catalogue_private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

uint32_t catalogue_object_index(const struct catalogue *catalogue, const char *database, const char *name, bool *found)
{
    uint32_t low = 0, high = catalogue->object_count;

    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct object_def *def = catalogue->objects[middle];
        int order = catalogue_name_compare(def->database, def->name, database, name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct err *catalogue_objects_insert(struct catalogue *catalogue, struct object_def *def)
{
    bool found = false;

    if (!array_grow((void **)&catalogue->objects, &catalogue->object_capacity, catalogue->object_count,
                    sizeof *catalogue->objects)) {
        object_def_unref(def);
        return err_oom();
    }
    uint32_t at = catalogue_object_index(catalogue, def->database, def->name, &found);
    memmove(&catalogue->objects[at + 1], &catalogue->objects[at],
            (catalogue->object_count - at) * sizeof(struct object_def *));
    catalogue->objects[at] = def;
    catalogue->object_count++;
    return NULL;
}

void catalogue_objects_take_out(struct catalogue *catalogue, uint32_t at)
{
    object_def_unref(catalogue->objects[at]);
    memmove(&catalogue->objects[at], &catalogue->objects[at + 1],
            (catalogue->object_count - at - 1) * sizeof(struct object_def *));
    catalogue->object_count--;
}

void catalogue_objects_forget(struct catalogue *catalogue, const char *database)
{
    for (uint32_t i = catalogue->object_count; i-- > 0;) {
        if (database == NULL || strcmp(catalogue->objects[i]->database, database) == 0) {
            catalogue_objects_take_out(catalogue, i);
        }
    }
}

struct err *catalogue_objects_load(struct catalogue *catalogue, struct ledger_state *state)
{
    struct err *err = NULL;
    const struct object_entry *entry;
    size_t position = 0;

    while (err == NULL && (entry = map_next(&state->objects, &position)) != NULL) {
        err = catalogue_objects_insert(catalogue, object_def_ref(entry->def));
    }
    return err;
}

static struct err *commit(struct catalogue *catalogue, const struct object_def *def, bool drop)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();

    if (batch == NULL) {
        return err_oom();
    }
    if (drop) {
        record_encode_varint(ledger_batch_records(batch), LEDGER_OBJECT_DROP, def->id);
    } else {
        record_encode_object(ledger_batch_records(batch), def);
        if (def->version == 1 && def->stopped[0] != 0) { /* of a backup */
            record_encode_view_stopped(ledger_batch_records(batch), def->id, def->stopped_at_us,
                                       slice_text(def->stopped));
        }
    }
    err = ledger_batch_records(batch)->failed ? err_oom() : ledger_commit(catalogue->ledger, batch, NULL);
    ledger_batch_destroy(batch);
    return err;
}

/* The place is given to def; the one that had it, or NULL, goes. Under ddl. */
static struct err *put(struct catalogue *catalogue, struct object_def *def, const struct object_def *old)
{
    lock_take(&catalogue->names);
    if (old != NULL) {
        bool found = false;
        uint32_t at = catalogue_object_index(catalogue, old->database, old->name, &found);
        ASSERT(found);
        catalogue_objects_take_out(catalogue, at);
    }
    struct err *err = catalogue_objects_insert(catalogue, def);
    lock_give(&catalogue->names);
    return err;
}

void catalogue_new_uuid(uint8_t uuid[16])
{
    randombytes_buf(uuid, 16);
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40);
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
}

static void new_identity(struct catalogue *catalogue, struct object_def *def)
{
    static const uint8_t none[16];
    struct ledger_state *state = ledger_state_lock(catalogue->ledger);
    def->id = state->table_id_next;
    ledger_state_unlock(catalogue->ledger);
    def->version = 1;
    if (memcmp(def->uuid, none, sizeof none) == 0) {
        catalogue_new_uuid(def->uuid);
    }
}

struct err *catalogue_create_object(struct catalogue *catalogue, const struct object_def *given,
                                    enum object_existing existing, bool *created)
{
    struct err *err = NULL;
    struct object_def *def = object_def_copy(given);
    bool table = false, object = false;

    if (created != NULL) {
        *created = false;
    }
    lock_take(&catalogue->ddl);
    if (def == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_check_name(def->kind == OBJECT_DICTIONARY ? "dictionary" : "view", def->name));
    lock_take(&catalogue->names);
    if (!catalogue_database_exists(catalogue, def->database)) {
        err = catalogue_unknown_database(catalogue, def->database);
    }
    (void)catalogue_table_index(catalogue, def->database, def->name, &table);
    uint32_t at = catalogue_object_index(catalogue, def->database, def->name, &object);
    const struct object_def *old = object ? catalogue->objects[at] : NULL; /* ddl is held: it stays */
    lock_give(&catalogue->names);
    if (err != NULL || ((table || object) && existing == OBJECT_KEEP)) {
        goto done;
    }
    if (table || (object && (existing == OBJECT_REFUSE || old->kind != def->kind))) {
        bool dictionary = object && old->kind == OBJECT_DICTIONARY;
        err = err_new(dictionary ? ERR_DICTIONARY_EXISTS : ERR_TABLE_EXISTS, "%s %s.%s already exists",
                      dictionary ? "Dictionary" : "Table", def->database, def->name);
        goto done;
    }
    if (old != NULL) {
        def->id = old->id;
        def->version = old->version + 1;
        memcpy(def->uuid, old->uuid, sizeof def->uuid);
    } else {
        new_identity(catalogue, def);
    }
    def->created_at_us = clock_wall_us();
    OR_DONE(commit(catalogue, def, false));
    if (created != NULL) {
        *created = true;
    }
    err = put(catalogue, def, old);
    def = NULL;
done:
    lock_give(&catalogue->ddl);
    object_def_unref(def);
    return err;
}

/* The object with that id as it is now; NULL: it is gone. Under ddl. */
static const struct object_def *current(const struct catalogue *catalogue, uint64_t id)
{
    for (uint32_t i = 0; i < catalogue->object_count; i++) {
        if (catalogue->objects[i]->id == id) {
            return catalogue->objects[i];
        }
    }
    return NULL;
}

struct err *catalogue_alter_object(struct catalogue *catalogue, const struct object_def *given)
{
    struct err *err = NULL;
    struct object_def *def = object_def_copy(given);
    bool table = false, object = false;

    lock_take(&catalogue->ddl);
    if (def == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_check_name(def->kind == OBJECT_DICTIONARY ? "dictionary" : "view", def->name));
    lock_take(&catalogue->names);
    const struct object_def *old = current(catalogue, def->id);
    if (!catalogue_database_exists(catalogue, def->database)) {
        err = catalogue_unknown_database(catalogue, def->database);
    }
    (void)catalogue_table_index(catalogue, def->database, def->name, &table);
    uint32_t at = catalogue_object_index(catalogue, def->database, def->name, &object);
    object = object && catalogue->objects[at] != old;
    lock_give(&catalogue->names);
    if (err == NULL && old == NULL) {
        err = err_new(ERR_UNKNOWN_TABLE, "Table %s.%s does not exist", given->database, given->name);
    } else if (err == NULL && (table || object)) {
        err = err_new(ERR_TABLE_EXISTS, "Table %s.%s already exists", def->database, def->name);
    }
    if (err != NULL) {
        goto done;
    }
    def->version = old->version + 1;
    def->created_at_us = old->created_at_us;
    OR_DONE(commit(catalogue, def, false));
    err = put(catalogue, def, old);
    def = NULL;
done:
    lock_give(&catalogue->ddl);
    object_def_unref(def);
    return err;
}

struct err *catalogue_drop_object(struct catalogue *catalogue, const struct object_def *def)
{
    struct err *err = NULL;

    lock_take(&catalogue->ddl);
    const struct object_def *old = current(catalogue, def->id);
    if (old == NULL) {
        err = err_new(ERR_UNKNOWN_TABLE, "Table %s.%s does not exist", def->database, def->name);
        goto done;
    }
    OR_DONE(commit(catalogue, old, true));
    lock_take(&catalogue->names);
    bool found = false;
    catalogue_objects_take_out(catalogue, catalogue_object_index(catalogue, old->database, old->name, &found));
    lock_give(&catalogue->names);
done:
    lock_give(&catalogue->ddl);
    return err;
}

struct err *catalogue_object_stopped(struct catalogue *catalogue, uint64_t id, const char *reason)
{
    struct err *err = NULL;

    lock_take(&catalogue->ddl);
    const struct object_def *old = current(catalogue, id);
    if (old != NULL && old->stopped[0] == 0) {
        struct object_def *def = object_def_stopped(old, clock_wall_us(), slice_text(reason));
        err = def == NULL ? err_oom() : put(catalogue, def, old);
    }
    lock_give(&catalogue->ddl);
    return err;
}

struct err *catalogue_object_refreshed(struct catalogue *catalogue, const struct view_refreshed *refreshed)
{
    struct err *err = NULL;

    lock_take(&catalogue->ddl);
    const struct object_def *old = current(catalogue, refreshed->object_id);
    if (old != NULL) {
        struct object_def *def = object_def_refreshed(old, refreshed);
        err = def == NULL ? err_oom() : put(catalogue, def, old);
    }
    lock_give(&catalogue->ddl);
    return err;
}

struct object_def *catalogue_object_find(struct catalogue *catalogue, const char *database, const char *name)
{
    bool found = false;

    lock_take(&catalogue->names);
    uint32_t at = catalogue_object_index(catalogue, database, name, &found);
    struct object_def *def = found ? object_def_ref(catalogue->objects[at]) : NULL;
    lock_give(&catalogue->names);
    return def;
}

struct object_list {
    struct object_def **objects;
    uint32_t count;
};

static void object_list_release(void *object)
{
    struct object_list *list = object;
    for (uint32_t i = 0; i < list->count; i++) {
        object_def_unref(list->objects[i]);
    }
}

struct err *catalogue_objects(struct catalogue *catalogue, struct arena *arena, struct object_def ***out,
                              uint32_t *count)
{
    struct object_list *list = ARENA_NEW(arena, struct object_list);

    *count = 0;
    if (list == NULL || !arena_on_destroy(arena, object_list_release, list)) {
        return arena_error(arena);
    }
    lock_take(&catalogue->names);
    list->objects = ARENA_ARRAY(arena, struct object_def *, (size_t)catalogue->object_count + 1);
    for (uint32_t i = 0; list->objects != NULL && i < catalogue->object_count; i++) {
        list->objects[list->count++] = object_def_ref(catalogue->objects[i]);
    }
    lock_give(&catalogue->names);
    if (list->objects == NULL) {
        return arena_error(arena);
    }
    *out = list->objects;
    *count = list->count;
    return NULL;
}
