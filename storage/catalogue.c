/*
 * catalogue.c: databases and tables by name.
 *
 * flow     the ledger's state at start, catalogue_change.c → here → queries and ingest look names up
 * thread   any; lookups take `names` for a moment
 */
#include "storage/catalogue.h"

#include "storage/catalogue_private.h"

#include <stdlib.h>
#include <string.h>

#define NAME_BYTES_MAX 256U

int catalogue_name_compare(const char *database, const char *name, const char *other_database, const char *other_name)
{
    int order = strcmp(database, other_database);
    return order != 0 ? order : strcmp(name, other_name);
}

unsigned name_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    unsigned row[NAME_BYTES_MAX + 1];

    if (a_length > NAME_BYTES_MAX || b_length > NAME_BYTES_MAX) {
        return 255;
    }
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = (unsigned)j;
    }
    for (size_t i = 0; i < a_length; i++) { /* Wagner and Fischer, one row at a time */
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < b_length; j++) {
            unsigned change = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            unsigned step = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            row[j + 1] = change < step ? change : step;
        }
    }
    return row[b_length];
}

struct err *catalogue_check_name(const char *what, const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length > NAME_BYTES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "the name of a %s has %zu bytes; 1 to %u are allowed", what, length,
                       NAME_BYTES_MAX);
    }
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)name[i] < 0x20) {
            return err_new(ERR_BAD_ARGUMENTS, "the name of a %s has a control character at byte %zu", what, i);
        }
    }
    return NULL;
}

uint32_t catalogue_database_index(const struct catalogue *catalogue, const char *name, bool *found)
{
    uint32_t at = 0;
    while (at < catalogue->database_count && strcmp(catalogue->databases[at], name) < 0) {
        at++;
    }
    *found = at < catalogue->database_count && strcmp(catalogue->databases[at], name) == 0;
    return at;
}

bool catalogue_database_exists(const struct catalogue *catalogue, const char *name)
{
    bool found = false;
    (void)catalogue_database_index(catalogue, name, &found);
    return found;
}

struct err *catalogue_unknown_database(const struct catalogue *catalogue, const char *name)
{
    const char *nearest = NULL;
    unsigned best = 3;

    for (uint32_t i = 0; i < catalogue->database_count; i++) {
        unsigned distance = name_distance(name, catalogue->databases[i]);
        if (distance < best) {
            best = distance;
            nearest = catalogue->databases[i];
        }
    }
    return nearest == NULL
               ? err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", name)
               : err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist; did you mean %s?", name, nearest);
}

uint32_t catalogue_table_index(const struct catalogue *catalogue, const char *database, const char *name, bool *found)
{
    uint32_t low = 0, high = catalogue->table_count;

    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct table_def *def = catalogue->tables[middle].def;
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

struct err *catalogue_unknown_table(const struct catalogue *catalogue, const char *database, const char *name)
{
    const char *nearest = NULL;
    unsigned best = 3;

    if (!catalogue_database_exists(catalogue, database)) {
        return catalogue_unknown_database(catalogue, database);
    }
    for (uint32_t i = 0; i < catalogue->table_count; i++) {
        const struct table_def *def = catalogue->tables[i].def;
        unsigned distance = strcmp(def->database, database) == 0 ? name_distance(name, def->name) : 255;
        if (distance < best) {
            best = distance;
            nearest = def->name;
        }
    }
    return nearest == NULL
               ? err_new(ERR_UNKNOWN_TABLE, "Table %s.%s does not exist", database, name)
               : err_new(ERR_UNKNOWN_TABLE, "Table %s.%s does not exist; did you mean %s?", database, name, nearest);
}

const struct source_def *catalogue_feeder(const struct catalogue *catalogue, uint64_t table_id)
{
    for (uint32_t i = 0; i < catalogue->source_count; i++) {
        if (catalogue->sources[i]->table_id == table_id) {
            return catalogue->sources[i];
        }
    }
    return NULL;
}

/* ---- databases */

bool catalogue_has_database(struct catalogue *catalogue, const char *name)
{
    lock_take(&catalogue->names);
    bool found = catalogue_database_exists(catalogue, name);
    lock_give(&catalogue->names);
    return found;
}

struct err *catalogue_databases(struct catalogue *catalogue, struct arena *arena, const char ***out, uint32_t *count)
{
    struct err *err = NULL;

    lock_take(&catalogue->names);
    *count = catalogue->database_count;
    *out = ARENA_ARRAY(arena, const char *, (size_t)*count + 1);
    for (uint32_t i = 0; i < *count && *out != NULL && err == NULL; i++) {
        (*out)[i] = arena_text(arena, slice_text(catalogue->databases[i]));
        err = (*out)[i] == NULL ? arena_error(arena) : NULL;
    }
    lock_give(&catalogue->names);
    return *out == NULL ? arena_error(arena) : err;
}

/* ---- tables */

struct err *catalogue_tables_insert(struct catalogue *catalogue, struct table_def *def, struct table *table)
{
    bool found = false;

    if (!array_grow((void **)&catalogue->tables, &catalogue->table_capacity, catalogue->table_count,
                    sizeof *catalogue->tables)) {
        return err_oom();
    }
    uint32_t at = catalogue_table_index(catalogue, def->database, def->name, &found);
    memmove(&catalogue->tables[at + 1], &catalogue->tables[at],
            (catalogue->table_count - at) * sizeof *catalogue->tables);
    catalogue->tables[at] = (struct catalogue_table){def, table};
    catalogue->table_count++;
    return NULL;
}

struct err *catalogue_table(struct catalogue *catalogue, const char *database, const char *name, struct table **out)
{
    struct err *err = NULL;
    bool found = false;

    lock_take(&catalogue->names);
    uint32_t at = catalogue_table_index(catalogue, database, name, &found);
    if (found) {
        *out = catalogue_table_ref(catalogue, catalogue->tables[at].table);
    } else {
        err = catalogue_unknown_table(catalogue, database, name);
    }
    lock_give(&catalogue->names);
    return err;
}

struct table *catalogue_table_find(struct catalogue *catalogue, const char *database, const char *name)
{
    bool found = false;

    lock_take(&catalogue->names);
    uint32_t at = catalogue_table_index(catalogue, database, name, &found);
    struct table *table = found ? catalogue_table_ref(catalogue, catalogue->tables[at].table) : NULL;
    lock_give(&catalogue->names);
    return table;
}

struct table *catalogue_table_by_id(struct catalogue *catalogue, uint64_t id)
{
    struct table *table = NULL;

    lock_take(&catalogue->names);
    for (uint32_t i = 0; i < catalogue->table_count; i++) {
        if (catalogue->tables[i].def->id == id) {
            table = catalogue_table_ref(catalogue, catalogue->tables[i].table);
            break;
        }
    }
    lock_give(&catalogue->names);
    return table;
}

struct table_def *catalogue_table_def(struct catalogue *catalogue, uint64_t id)
{
    struct table_def *def = NULL;

    lock_take(&catalogue->names);
    for (uint32_t i = 0; i < catalogue->table_count && def == NULL; i++) {
        if (catalogue->tables[i].def->id == id) {
            def = table_def_ref(catalogue->tables[i].def);
        }
    }
    lock_give(&catalogue->names);
    return def;
}

struct table_def *catalogue_table_version(struct catalogue *catalogue, uint64_t id, uint32_t schema_version)
{
    struct ledger_state *state = ledger_state_lock(catalogue->ledger);
    const struct table_entry *entry = state_table(state, id);
    struct table_def *def = entry != NULL && schema_version > 0 && schema_version <= entry->version_count
                                ? table_def_ref(entry->versions[schema_version - 1])
                                : NULL;
    ledger_state_unlock(catalogue->ledger);
    return def;
}

/* References in an arena, given back with it. */
struct table_list {
    struct catalogue *catalogue;
    struct table **tables;
    struct table_def **defs;
    uint32_t count;
};

static void table_list_release(void *object)
{
    struct table_list *list = object;
    for (uint32_t i = 0; i < list->count; i++) {
        catalogue_table_unref(list->catalogue, list->tables[i]);
        table_def_unref(list->defs[i]);
    }
}

struct err *catalogue_tables(struct catalogue *catalogue, struct arena *arena, const char *database,
                             struct table ***tables, struct table_def ***defs, uint32_t *count)
{
    struct table_list *list = ARENA_NEW(arena, struct table_list);

    *count = 0;
    if (list == NULL || !arena_on_destroy(arena, table_list_release, list)) {
        return arena_error(arena);
    }
    list->catalogue = catalogue;
    lock_take(&catalogue->names);
    list->tables = ARENA_ARRAY(arena, struct table *, (size_t)catalogue->table_count + 1);
    list->defs = ARENA_ARRAY(arena, struct table_def *, (size_t)catalogue->table_count + 1);
    for (uint32_t i = 0; i < catalogue->table_count && list->tables != NULL && list->defs != NULL; i++) {
        struct catalogue_table *entry = &catalogue->tables[i];
        if (database == NULL || strcmp(entry->def->database, database) == 0) {
            list->tables[list->count] = catalogue_table_ref(catalogue, entry->table);
            list->defs[list->count] = table_def_ref(entry->def);
            list->count++;
        }
    }
    lock_give(&catalogue->names);
    if (list->tables == NULL || list->defs == NULL) {
        return arena_error(arena);
    }
    if (tables != NULL) {
        *tables = list->tables;
    }
    if (defs != NULL) {
        *defs = list->defs;
    }
    *count = list->count;
    return NULL;
}

/* ---- by the store */

static struct err *load_names(struct catalogue *catalogue)
{
    struct err *err = NULL;
    struct ledger_state *state = ledger_state_lock(catalogue->ledger);
    struct table_entry *entry;
    size_t position = 0;
    bool failed = false;

    for (uint32_t i = 0; i < state->database_count && !failed; i++) {
        char *name = strdup(state->databases[i]);
        failed = name == NULL || !array_grow((void **)&catalogue->databases, &catalogue->database_capacity,
                                             catalogue->database_count, sizeof *catalogue->databases);
        if (failed) {
            free(name);
        } else {
            catalogue->databases[catalogue->database_count++] = name; /* sorted there, too */
        }
    }
    while ((entry = map_next(&state->tables, &position)) != NULL && !failed && err == NULL) {
        err = catalogue_tables_insert(catalogue, table_def_ref(entry->versions[entry->version_count - 1]), NULL);
    }
    catalogue_sources_load(catalogue, state, &failed);
    if (err == NULL && !failed) {
        err = catalogue_objects_load(catalogue, state);
    }
    ledger_state_unlock(catalogue->ledger);
    return failed && err == NULL ? err_oom() : err;
}

struct err *catalogue_open(struct store *store, struct ledger *ledger, const struct table_hooks *hooks,
                           struct catalogue **out)
{
    struct err *err = NULL;
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);

    if (catalogue == NULL) {
        return err_oom();
    }
    catalogue->store = store;
    catalogue->ledger = ledger;
    catalogue->hooks = hooks;
    lock_init(&catalogue->ddl, LOCK_DDL);
    lock_init(&catalogue->names, LOCK_CATALOGUE);
    OR_DONE(load_names(catalogue));
    for (uint32_t i = 0; i < catalogue->table_count && hooks != NULL; i++) {
        struct catalogue_table *entry = &catalogue->tables[i];
        OR_DONE(err_while(hooks->open(store, entry->def, &entry->table), "opening table %s.%s", entry->def->database,
                          entry->def->name));
    }
    *out = catalogue;
    catalogue = NULL;
done:
    catalogue_close(catalogue);
    return err;
}

void catalogue_close(struct catalogue *catalogue)
{
    if (catalogue == NULL) {
        return;
    }
    for (uint32_t i = 0; i < catalogue->table_count; i++) {
        catalogue_table_unref(catalogue, catalogue->tables[i].table);
        table_def_unref(catalogue->tables[i].def);
    }
    for (uint32_t i = 0; i < catalogue->source_count; i++) {
        source_def_unref(catalogue->sources[i]);
    }
    for (uint32_t i = 0; i < catalogue->database_count; i++) {
        free(catalogue->databases[i]);
    }
    free(catalogue->tables);
    catalogue_objects_forget(catalogue, NULL);
    free(catalogue->objects);
    free(catalogue->sources);
    free(catalogue->databases);
    lock_deinit(&catalogue->ddl);
    lock_deinit(&catalogue->names);
    free(catalogue);
}
