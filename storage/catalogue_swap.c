/*
 * catalogue_swap.c: several names or definitions change in one commit: EXCHANGE, CREATE OR REPLACE, RENAME of what views
 * name.
 *
 * flow     server (DDL) → here → ledger_commit; then the names change
 * order    hooks->drop_begin of what goes → commit → names → hooks->drop_end, hooks->altered
 * thread   any; a change takes `ddl` for its whole length
 */
#include "storage/catalogue_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One of those that get a new name. */
struct swapped {
    struct table_def *table; /* the new definition, ours until the names change */
    struct object_def *object;
    struct table_def *old_table; /* the current one, a reference */
    struct object_def *old_object;
    struct table *behind; /* a reference; or NULL */
};

struct swap {
    struct catalogue *catalogue;
    struct swapped *items;
    uint32_t count;
    struct catalogue_table dropped; /* what had the name, copied; def NULL: no table */
    struct object_def *dropped_object;
    bool begun; /* the drop */
};

static const char *name_of(const struct swapped *item, const char **database)
{
    *database = item->table != NULL ? item->table->database : item->object->database;
    return item->table != NULL ? item->table->name : item->object->name;
}

/* What the item is now; under ddl. */
static struct err *find_current(const struct catalogue *catalogue, struct swapped *item)
{
    for (uint32_t i = 0; item->table != NULL && i < catalogue->table_count; i++) {
        if (catalogue->tables[i].def->id == item->table->id) {
            item->old_table = table_def_ref(catalogue->tables[i].def);
            item->behind = catalogue_table_ref(catalogue, catalogue->tables[i].table);
        }
    }
    for (uint32_t i = 0; item->object != NULL && i < catalogue->object_count; i++) {
        if (catalogue->objects[i]->id == item->object->id) {
            item->old_object = object_def_ref(catalogue->objects[i]);
        }
    }
    const char *database, *name = name_of(item, &database);
    if (item->table != NULL ? item->old_table == NULL : item->old_object == NULL) {
        return err_new(ERR_UNKNOWN_TABLE, "The table that was to become %s.%s does not exist any more", database, name);
    }
    if (item->table != NULL && item->table->schema_version != item->old_table->schema_version) {
        return err_new(ERR_BAD_ARGUMENTS, "Table %s.%s was altered meanwhile", item->old_table->database,
                       item->old_table->name);
    }
    if (item->object != NULL && item->old_object != NULL && item->object->version != item->old_object->version) {
        return err_new(ERR_BAD_ARGUMENTS, "%s.%s was altered meanwhile", item->old_object->database,
                       item->old_object->name);
    }
    return NULL;
}

/* The definition that is written: a version above the current one. */
static void make_next(struct swapped *item)
{
    if (item->table != NULL) {
        item->table->schema_version++;
        item->table->created_at_us = item->old_table->created_at_us;
        item->table->internal = item->old_table->internal;
        memcpy(item->table->uuid, item->old_table->uuid, sizeof item->table->uuid);
        table_def_follow(item->table, item->old_table);
        return;
    }
    item->object->version = item->old_object->version + 1;
    item->object->created_at_us = item->old_object->created_at_us;
    item->object->refreshed_slot_us = item->old_object->refreshed_slot_us;
    item->object->refreshed_began_us = item->old_object->refreshed_began_us;
    item->object->refreshed_us = item->old_object->refreshed_us;
    memcpy(item->object->uuid, item->old_object->uuid, sizeof item->object->uuid);
}

static bool is_swapped(const struct swap *swap, uint64_t id)
{
    for (uint32_t i = 0; i < swap->count; i++) {
        const struct swapped *item = &swap->items[i];
        if ((item->table != NULL ? item->table->id : item->object->id) == id) {
            return true;
        }
    }
    return false;
}

/* Is the new name free, once what is swapped has gone and what is replaced is dropped? Under names. */
static struct err *check_name(struct swap *swap, const struct swapped *item, bool replaces)
{
    struct catalogue *catalogue = swap->catalogue;
    const char *database, *name = name_of(item, &database);
    bool table, object;
    struct err *err = catalogue_check_name("table", name);
    if (err != NULL) {
        return err;
    }
    if (!catalogue_database_exists(catalogue, database)) {
        return catalogue_unknown_database(catalogue, database);
    }
    uint32_t at = catalogue_table_index(catalogue, database, name, &table);
    uint32_t object_at = catalogue_object_index(catalogue, database, name, &object);
    if (table && !is_swapped(swap, catalogue->tables[at].def->id)) {
        if (!replaces || item->table == NULL) {
            return err_new(ERR_TABLE_EXISTS, "Table %s.%s already exists", database, name);
        }
        swap->dropped = catalogue->tables[at];
    }
    if (object && !is_swapped(swap, catalogue->objects[object_at]->id)) {
        const struct object_def *def = catalogue->objects[object_at];
        bool same = item->object != NULL && (item->object->kind == def->kind ||
                                             (item->object->kind == OBJECT_VIEW && def->kind == OBJECT_MATERIALIZED));
        if (!replaces || (def->kind != OBJECT_VIEW && !same)) {
            bool dictionary = def->kind == OBJECT_DICTIONARY;
            return err_new(dictionary ? ERR_DICTIONARY_EXISTS : ERR_TABLE_EXISTS, "%s %s.%s already exists",
                           dictionary ? "Dictionary" : "Table", database, name);
        }
        swap->dropped_object = object_def_ref(def);
    }
    return NULL;
}

static struct err *encode(const struct swap *swap, struct ledger_batch *batch)
{
    struct record_out *out = ledger_batch_records(batch);
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < swap->count; i++) {
        if (swap->items[i].table != NULL) {
            record_encode_table(out, arena, swap->items[i].table);
        } else {
            record_encode_object(out, swap->items[i].object);
        }
    }
    if (swap->dropped.def != NULL) {
        record_encode_varint(out, LEDGER_TABLE_DROP, swap->dropped.def->id);
    }
    if (swap->dropped_object != NULL) {
        record_encode_varint(out, LEDGER_OBJECT_DROP, swap->dropped_object->id);
    }
    arena_destroy(arena);
    return out->failed ? err_oom() : NULL;
}

static void take_table(struct catalogue *catalogue, const struct table_def *def)
{
    bool found = false;
    uint32_t at = catalogue_table_index(catalogue, def->database, def->name, &found);
    ASSERT(found);
    catalogue_tables_take_out(catalogue, at);
}

static void take_object(struct catalogue *catalogue, const struct object_def *def)
{
    bool found = false;
    uint32_t at = catalogue_object_index(catalogue, def->database, def->name, &found);
    ASSERT(found);
    catalogue_objects_take_out(catalogue, at);
}

/* The old names go, the new ones come; under ddl. There is room: no more come than go. */
static void change_names(struct swap *swap)
{
    struct catalogue *catalogue = swap->catalogue;
    lock_take(&catalogue->names);
    if (swap->dropped.def != NULL) {
        take_table(catalogue, swap->dropped.def);
    }
    if (swap->dropped_object != NULL) {
        take_object(catalogue, swap->dropped_object);
    }
    for (uint32_t i = 0; i < swap->count; i++) {
        if (swap->items[i].table != NULL) {
            take_table(catalogue, swap->items[i].old_table);
            table_def_unref(swap->items[i].old_table); /* the catalogue's; ours is another */
        } else {
            take_object(catalogue, swap->items[i].old_object);
        }
    }
    for (uint32_t i = 0; i < swap->count; i++) {
        struct swapped *item = &swap->items[i];
        struct err *err = item->table != NULL ? catalogue_tables_insert(catalogue, item->table, item->behind)
                                              : catalogue_objects_insert(catalogue, item->object);
        ASSERT(err == NULL);
    } /* of what is behind a table the catalogue kept its reference */
    lock_give(&catalogue->names);
}

static struct err *swap_commit(struct swap *swap, struct ledger_batch *batch)
{
    struct err *err = NULL;
    struct catalogue *catalogue = swap->catalogue;
    if (swap->dropped.def != NULL) {
        OR_DONE(catalogue_drop_check(catalogue, swap->dropped.def));
    }
    OR_DONE(encode(swap, batch));
    if (swap->dropped.table != NULL && catalogue->hooks->drop_begin != NULL) {
        OR_DONE(catalogue->hooks->drop_begin(swap->dropped.table));
        swap->begun = true;
    }
    OR_DONE(ledger_commit(catalogue->ledger, batch, NULL));
    change_names(swap);
done:
    if (swap->begun && catalogue->hooks->drop_end != NULL) {
        catalogue->hooks->drop_end(swap->dropped.table, err == NULL);
    }
    if (err == NULL && swap->dropped.def != NULL) {
        catalogue_table_unref(catalogue, swap->dropped.table);
        table_def_unref(swap->dropped.def);
    }
    for (uint32_t i = 0; i < swap->count && err == NULL; i++) {
        struct swapped *item = &swap->items[i];
        if (item->behind != NULL && catalogue->hooks->altered != NULL) {
            catalogue->hooks->altered(item->behind, item->table);
        }
        item->table = NULL; /* the catalogue's */
        item->object = NULL;
    }
    return err;
}

struct err *catalogue_rename_together(struct catalogue *catalogue, const struct catalogue_renamed *renamed,
                                      uint32_t count, bool replaces)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct swap swap = {
        .catalogue = catalogue, .count = count, .items = calloc((size_t)count + 1, sizeof(*swap.items))};

    lock_take(&catalogue->ddl);
    if (batch == NULL || swap.items == NULL) {
        swap.count = 0;
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        swap.items[i].table = renamed[i].table == NULL ? NULL : table_def_copy(renamed[i].table);
        swap.items[i].object = renamed[i].object == NULL ? NULL : object_def_copy(renamed[i].object);
        if (swap.items[i].table == NULL && swap.items[i].object == NULL) {
            err = err_oom();
            goto done;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        lock_take(&catalogue->names);
        err = find_current(catalogue, &swap.items[i]);
        err = err != NULL ? err : check_name(&swap, &swap.items[i], replaces);
        lock_give(&catalogue->names);
        OR_DONE(err);
        make_next(&swap.items[i]);
    }
    err = swap_commit(&swap, batch);
done:
    lock_give(&catalogue->ddl);
    for (uint32_t i = 0; i < swap.count; i++) {
        catalogue_table_unref(catalogue, swap.items[i].behind);
        table_def_unref(swap.items[i].old_table);
        object_def_unref(swap.items[i].old_object);
        table_def_unref(swap.items[i].table);
        object_def_unref(swap.items[i].object);
    }
    free(swap.items);
    object_def_unref(swap.dropped_object);
    ledger_batch_destroy(batch);
    return err;
}

struct err *catalogue_drop_unfinished(struct catalogue *catalogue)
{
    struct err *err = NULL;
    struct table_def *def = NULL;
    do {
        table_def_unref(def);
        def = NULL;
        lock_take(&catalogue->names);
        for (uint32_t i = 0; i < catalogue->table_count && def == NULL; i++) {
            const struct table_def *one = catalogue->tables[i].def;
            bool unfinished = strncmp(one->create_sql, CATALOGUE_REPLACEMENT, strlen(CATALOGUE_REPLACEMENT)) == 0;
            if (unfinished && catalogue_feeder(catalogue, one->id) == NULL) { /* who feeds it wants to keep it */
                def = table_def_ref(one);
            }
        }
        lock_give(&catalogue->names);
        err = def == NULL ? NULL : catalogue_drop_table(catalogue, def->database, def->name, true);
    } while (def != NULL && err == NULL);
    table_def_unref(def);
    return err;
}
