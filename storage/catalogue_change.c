/*
 * catalogue_change.c: databases and tables are created, altered and dropped.
 *
 * flow     server (DDL) → here → ledger_commit; then the names change
 * order    create: hooks->open → commit → name appears. alter: commit → hooks->altered → name.
 *          drop: hooks->drop_begin → commit → name goes → hooks->drop_end.
 * thread   any; a change takes `ddl` for its whole length
 */
#include "base/clock.h"
#include "storage/catalogue_private.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A segment has room for these and its hidden ones. */
#define TABLE_COLUMNS_MAX 4096U

static struct err *commit_batch(struct catalogue *catalogue, struct ledger_batch *batch)
{
    return ledger_batch_records(batch)->failed ? err_oom() : ledger_commit(catalogue->ledger, batch, NULL);
}

/* ---- tables */

void catalogue_tables_take_out(struct catalogue *catalogue, uint32_t at)
{
    memmove(&catalogue->tables[at], &catalogue->tables[at + 1],
            (catalogue->table_count - at - 1) * sizeof *catalogue->tables);
    catalogue->table_count--;
}

/* Gives every column without an id the next one above id_max. */
static void assign_columns(struct table_def *def, uint32_t id_max)
{
    struct column_def *columns = (struct column_def *)def->columns; /* our own copy */
    struct column_def *computed = (struct column_def *)def->computed;

    for (uint32_t i = 0; i < def->column_count; i++) {
        if (columns[i].id == 0) {
            columns[i].id = ++id_max;
        }
    }
    for (uint32_t i = 0; i < def->computed_count; i++) {
        if (computed[i].id == 0) {
            computed[i].id = ++id_max;
        }
    }
}

static struct err *check_columns(const struct table_def *def)
{
    if (def->column_count == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "table %s.%s has no columns", def->database, def->name);
    }
    if (def->column_count > TABLE_COLUMNS_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "table %s.%s has %u columns; up to %u are allowed", def->database, def->name,
                       def->column_count, TABLE_COLUMNS_MAX);
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        struct err *err = catalogue_check_name("column", def->columns[i].name);
        if (err != NULL) {
            return err;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(def->columns[i].name, def->columns[j].name) == 0) {
                return err_new(ERR_DUPLICATE_COLUMN, "Column %s appears twice in table %s.%s", def->columns[i].name,
                               def->database, def->name);
            }
        }
    }
    return NULL;
}

static struct err *encode_table(struct ledger_batch *batch, const struct table_def *def)
{
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    record_encode_table(ledger_batch_records(batch), arena, def);
    arena_destroy(arena);
    return ledger_batch_records(batch)->failed ? err_oom() : NULL;
}

struct err *catalogue_create_table(struct catalogue *catalogue, const struct table_def *given, bool if_not_exists,
                                   struct table **out, bool *created)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct table_def *def = table_def_copy(given);
    struct table *table = NULL;
    bool found = false, held = false;
    uint32_t at = 0;

    if (created != NULL) {
        *created = false;
    }
    lock_take(&catalogue->ddl);
    if (batch == NULL || def == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_check_name("table", def->name));
    OR_DONE(check_columns(def));
    lock_take(&catalogue->names);
    held = true;
    if (!catalogue_database_exists(catalogue, def->database)) {
        err = catalogue_unknown_database(catalogue, def->database);
        goto done;
    }
    at = catalogue_table_index(catalogue, def->database, def->name, &found);
    if (found) {
        if (!if_not_exists) {
            err = err_new(ERR_TABLE_EXISTS, "Table %s.%s already exists", def->database, def->name);
        } else if (out != NULL) {
            *out = catalogue_table_ref(catalogue, catalogue->tables[at].table);
        }
        goto done;
    }
    at = catalogue_object_index(catalogue, def->database, def->name, &found);
    if (found) {
        bool dictionary = catalogue->objects[at]->kind == OBJECT_DICTIONARY;
        err = if_not_exists ? NULL
                            : err_new(dictionary ? ERR_DICTIONARY_EXISTS : ERR_TABLE_EXISTS, "%s %s.%s already exists",
                                      dictionary ? "Dictionary" : "Table", def->database, def->name);
        goto done;
    }
    lock_give(&catalogue->names);
    held = false;

    struct ledger_state *state = ledger_state_lock(catalogue->ledger);
    def->id = state->table_id_next;
    ledger_state_unlock(catalogue->ledger);
    def->schema_version = 1;
    def->created_at_us = clock_wall_us();
    randombytes_buf(def->uuid, sizeof def->uuid);
    def->uuid[6] = (uint8_t)((def->uuid[6] & 0x0f) | 0x40); /* a random UUID, RFC 9562 */
    def->uuid[8] = (uint8_t)((def->uuid[8] & 0x3f) | 0x80);
    assign_columns(def, 0);
    table_def_follow(def, NULL);
    OR_DONE(encode_table(batch, def));
    if (catalogue->hooks != NULL) {
        OR_DONE(catalogue->hooks->open(catalogue->store, def, &table));
    }
    OR_DONE(commit_batch(catalogue, batch));
    lock_take(&catalogue->names);
    held = true;
    OR_DONE(catalogue_tables_insert(catalogue, def, table));
    if (out != NULL) {
        *out = catalogue_table_ref(catalogue, table);
    }
    if (created != NULL) {
        *created = true;
    }
    def = NULL; /* the catalogue's */
    table = NULL;
done:
    if (held) {
        lock_give(&catalogue->names);
    }
    lock_give(&catalogue->ddl);
    catalogue_table_unref(catalogue, table);
    table_def_unref(def);
    ledger_batch_destroy(batch);
    return err;
}

struct err *catalogue_drop_check(const struct catalogue *catalogue, const struct table_def *def)
{
    const struct source_def *source = catalogue_feeder(catalogue, def->id);

    if (def->internal) {
        return err_new(ERR_ACCESS_DENIED, "Table %s.%s is kept by the server itself and cannot be dropped",
                       def->database, def->name);
    }
    if (source != NULL) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "Table %s.%s is fed by source %s.%s; drop the source first: DROP SOURCE %s.%s", def->database,
                       def->name, source->database, source->name, source->database, source->name);
    }
    return ledger_hold_check(catalogue->ledger, def->id, "DROP TABLE");
}

/* Drops the tables [0, count) of entries, copies of the catalogue's, in one commit; under ddl. */
static struct err *drop_tables(struct catalogue *catalogue, struct catalogue_table *entries, uint32_t count,
                               struct ledger_batch *batch)
{
    struct err *err = NULL;
    uint32_t begun = 0;

    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(catalogue_drop_check(catalogue, entries[i].def));
        record_encode_varint(ledger_batch_records(batch), LEDGER_TABLE_DROP, entries[i].def->id);
    }
    for (; begun < count; begun++) {
        if (entries[begun].table != NULL && catalogue->hooks->drop_begin != NULL) {
            OR_DONE(catalogue->hooks->drop_begin(entries[begun].table));
        }
    }
    OR_DONE(commit_batch(catalogue, batch));
    lock_take(&catalogue->names);
    for (uint32_t i = 0; i < count; i++) {
        bool found = false;
        uint32_t at = catalogue_table_index(catalogue, entries[i].def->database, entries[i].def->name, &found);
        ASSERT(found);
        catalogue_tables_take_out(catalogue, at);
    }
    lock_give(&catalogue->names);
done:
    for (uint32_t i = 0; i < begun; i++) {
        if (entries[i].table != NULL && catalogue->hooks->drop_end != NULL) {
            catalogue->hooks->drop_end(entries[i].table, err == NULL);
        }
    }
    if (err == NULL) {
        for (uint32_t i = 0; i < count; i++) {
            catalogue_table_unref(catalogue, entries[i].table);
            table_def_unref(entries[i].def);
        }
    }
    return err;
}

struct err *catalogue_drop_table(struct catalogue *catalogue, const char *database, const char *name, bool if_exists)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct catalogue_table entry;
    bool found = false;

    lock_take(&catalogue->ddl);
    if (batch == NULL) {
        err = err_oom();
        goto done;
    }
    lock_take(&catalogue->names);
    uint32_t at = catalogue_table_index(catalogue, database, name, &found);
    if (found) {
        entry = catalogue->tables[at];
    } else if (!if_exists) {
        err = catalogue_unknown_table(catalogue, database, name);
    }
    lock_give(&catalogue->names);
    if (found) {
        OR_DONE(drop_tables(catalogue, &entry, 1, batch));
    }
done:
    lock_give(&catalogue->ddl);
    ledger_batch_destroy(batch);
    return err;
}

struct err *catalogue_alter_table(struct catalogue *catalogue, const struct table_def *given)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct table_def *def = table_def_copy(given);
    struct table_def *old = NULL;
    bool found = false, taken = false;
    uint32_t at = 0, id_max = 0;

    lock_take(&catalogue->ddl);
    if (batch == NULL || def == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_check_name("table", def->name));
    OR_DONE(check_columns(def));
    lock_take(&catalogue->names);
    for (at = 0; at < catalogue->table_count && !found; at++) {
        found = catalogue->tables[at].def->id == def->id;
    }
    if (found) {
        at--;
        old = table_def_ref(catalogue->tables[at].def);
        uint32_t other = catalogue_table_index(catalogue, def->database, def->name, &taken);
        taken = taken && other != at;
        bool object = false;
        (void)catalogue_object_index(catalogue, def->database, def->name, &object);
        taken = taken || object;
    }
    bool known = catalogue_database_exists(catalogue, def->database);
    lock_give(&catalogue->names);
    if (!found || !known) {
        err = err_new(found ? ERR_UNKNOWN_DATABASE : ERR_UNKNOWN_TABLE, "%s %s does not exist",
                      found ? "Database" : "Table", found ? def->database : def->name);
        goto done;
    }
    if (taken) {
        err = err_new(ERR_TABLE_EXISTS, "Table %s.%s already exists", def->database, def->name);
        goto done;
    }
    if (def->schema_version != old->schema_version) {
        err =
            err_new(ERR_BAD_ARGUMENTS, "Table %s.%s was altered meanwhile: schema version %" PRIu32 " is not %" PRIu32,
                    old->database, old->name, def->schema_version, old->schema_version);
        goto done;
    }
    struct ledger_state *state = ledger_state_lock(catalogue->ledger);
    const struct table_entry *entry = state_table(state, def->id);
    for (uint32_t v = 0; entry != NULL && v < entry->version_count; v++) {
        const struct table_def *version = entry->versions[v];
        for (uint32_t i = 0; i < version->column_count + version->computed_count; i++) {
            uint32_t id = table_def_column(version, i)->id;
            id_max = id > id_max ? id : id_max;
        }
    }
    ledger_state_unlock(catalogue->ledger);
    def->schema_version++;
    def->created_at_us = old->created_at_us;
    def->internal = old->internal;
    memcpy(def->uuid, old->uuid, sizeof def->uuid);
    assign_columns(def, id_max);
    table_def_follow(def, old);
    OR_DONE(encode_table(batch, def));
    OR_DONE(commit_batch(catalogue, batch));
    lock_take(&catalogue->names);
    struct table *table = catalogue->tables[at].table; /* the same place: ddl is held */
    struct table_def *current = catalogue->tables[at].def;
    catalogue_tables_take_out(catalogue, at);
    err = catalogue_tables_insert(catalogue, def, table);
    ASSERT(err == NULL); /* a place was just given up */
    catalogue_table_ref(catalogue, table);
    lock_give(&catalogue->names);
    if (table != NULL && catalogue->hooks->altered != NULL) {
        catalogue->hooks->altered(table, def);
    }
    catalogue_table_unref(catalogue, table);
    table_def_unref(current);
    def = NULL;
done:
    lock_give(&catalogue->ddl);
    table_def_unref(def);
    table_def_unref(old);
    ledger_batch_destroy(batch);
    return err;
}

/* ---- databases */

struct err *catalogue_create_database(struct catalogue *catalogue, const char *name, bool if_not_exists)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    char *copy = strdup(name);

    lock_take(&catalogue->ddl);
    if (batch == NULL || copy == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_check_name("database", name));
    if (catalogue_has_database(catalogue, name)) {
        err = if_not_exists ? NULL : err_new(ERR_DATABASE_EXISTS, "Database %s already exists", name);
        goto done;
    }
    record_encode_text(ledger_batch_records(batch), LEDGER_DATABASE_CREATE, slice_text(name));
    OR_DONE(commit_batch(catalogue, batch));
    lock_take(&catalogue->names);
    if (array_grow((void **)&catalogue->databases, &catalogue->database_capacity, catalogue->database_count,
                   sizeof *catalogue->databases)) {
        bool found = false;
        uint32_t at = catalogue_database_index(catalogue, name, &found);
        memmove(&catalogue->databases[at + 1], &catalogue->databases[at],
                (catalogue->database_count - at) * sizeof *catalogue->databases);
        catalogue->databases[at] = copy;
        catalogue->database_count++;
        copy = NULL;
    } else {
        err = err_oom();
    }
    lock_give(&catalogue->names);
done:
    lock_give(&catalogue->ddl);
    ledger_batch_destroy(batch);
    free(copy);
    return err;
}

struct err *catalogue_drop_database(struct catalogue *catalogue, const char *name, bool if_exists)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct catalogue_table *entries = NULL;
    uint32_t count = 0;
    bool found = false;

    lock_take(&catalogue->ddl);
    lock_take(&catalogue->names);
    (void)catalogue_database_index(catalogue, name, &found);
    entries = calloc((size_t)catalogue->table_count + 1, sizeof *entries);
    if (entries == NULL || batch == NULL) {
        err = err_oom();
    } else if (!found) {
        err = if_exists ? NULL : catalogue_unknown_database(catalogue, name);
    } else if (strcmp(name, "system") == 0 || strcmp(name, "default") == 0) {
        err = err_new(ERR_ACCESS_DENIED, "Database %s always exists", name);
    } else {
        for (uint32_t i = 0; i < catalogue->table_count; i++) {
            if (strcmp(catalogue->tables[i].def->database, name) == 0) {
                entries[count++] = catalogue->tables[i];
            }
        }
        for (uint32_t i = 0; i < catalogue->source_count && err == NULL; i++) {
            if (strcmp(catalogue->sources[i]->database, name) == 0) {
                err =
                    err_new(ERR_BAD_ARGUMENTS, "Database %s holds source %s; drop the source first: DROP SOURCE %s.%s",
                            name, catalogue->sources[i]->name, name, catalogue->sources[i]->name);
            }
        }
    }
    lock_give(&catalogue->names);
    if (err != NULL || !found) {
        goto done;
    }
    /* The tables' records first: the database is empty when it goes. */
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(catalogue_drop_check(catalogue, entries[i].def));
    }
    if (count > 0) {
        OR_DONE(drop_tables(catalogue, entries, count, batch));
        ledger_batch_destroy(batch);
        batch = ledger_batch_create();
        if (batch == NULL) {
            err = err_oom();
            goto done;
        }
    }
    for (uint32_t i = 0; i < catalogue->object_count; i++) { /* ddl is held: nobody changes the array */
        if (strcmp(catalogue->objects[i]->database, name) == 0) {
            record_encode_varint(ledger_batch_records(batch), LEDGER_OBJECT_DROP, catalogue->objects[i]->id);
        }
    }
    record_encode_text(ledger_batch_records(batch), LEDGER_DATABASE_DROP, slice_text(name));
    OR_DONE(commit_batch(catalogue, batch));
    lock_take(&catalogue->names);
    catalogue_objects_forget(catalogue, name);
    uint32_t at = catalogue_database_index(catalogue, name, &found);
    free(catalogue->databases[at]);
    memmove(&catalogue->databases[at], &catalogue->databases[at + 1],
            (catalogue->database_count - at - 1) * sizeof *catalogue->databases);
    catalogue->database_count--;
    lock_give(&catalogue->names);
done:
    lock_give(&catalogue->ddl);
    free(entries);
    ledger_batch_destroy(batch);
    return err;
}
