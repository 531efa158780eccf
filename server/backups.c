/*
 * backups.c: the statement BACKUP, and what a place is.
 *
 * flow     ddl.c → here → sources and insert log are flushed → storage/backup.h; backups_list.c keeps what became of it
 * ends     with KILL QUERY and when the client hangs up
 */
#include "server/backups.h"

#include "base/interrupt.h"
#include "ingest/source.h"
#include "server/materialized.h"
#include "server/objects.h"
#include "server/partitions.h"
#include "sql/printer.h"
#include "storage/backup.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/quarantine.h"
#include "storage/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES_MAX 200U

/* ---- places */

static struct err *check_name(struct slice name)
{
    static const char *const archives[] = {".zip",     ".zipx",   ".tar",     ".tgz",      ".tar.gz",
                                           ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.lzma", NULL};
    bool good = name.length > 0 && name.length <= NAME_BYTES_MAX && name.data[0] != '.';
    for (size_t i = 0; i < name.length && good; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        good = byte > ' ' && byte != 127 && byte != '/' && byte != '\\' && byte != '\'' && byte != '"' &&
               (byte != '.' || i + 1 == name.length || name.data[i + 1] != '.');
    }
    if (!good) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "'%.*s' is no name of a backup: it has 1 to %u bytes, no '/', spaces and quotes, and does not "
                       "begin with a point; it is a directory in backups_path",
                       SLICE_ARG(slice_of(name.data, name.length > 100 ? 100 : name.length)), NAME_BYTES_MAX);
    }
    for (size_t i = 0; archives[i] != NULL; i++) {
        struct slice end = slice_text(archives[i]);
        if (name.length >= end.length && slice_equal(slice_of(name.data + name.length - end.length, end.length), end)) {
            return err_new(ERR_NOT_IMPLEMENTED,
                           "backups as archives ('%.*s') are not supported yet; they are "
                           "directories",
                           SLICE_ARG(name));
        }
    }
    return NULL;
}

bool backups_is_frozen(const struct ast_backup_place *place)
{
    return place->engine.length > 0 && slice_equal(place->engine, slice_text("Disk")) &&
           slice_equal(place->disk, slice_text("shadow"));
}

/* "name/table", as they stand in shadow/. */
static struct err *check_frozen(struct slice name)
{
    const char *bar = name.length == 0 ? NULL : memchr(name.data, '/', name.length);
    size_t first = bar == NULL ? 0 : (size_t)(bar - name.data);
    struct err *err =
        bar == NULL ? err_new(ERR_BAD_ARGUMENTS, "'%.*s' is no frozen copy: it is 'name/table', two folders in shadow/",
                              SLICE_ARG(slice_of(name.data, name.length > 100 ? 100 : name.length)))
                    : check_name(slice_of(name.data, first));
    return err != NULL ? err : check_name(slice_of(name.data + first + 1, name.length - first - 1));
}

struct err *backups_place(struct execution *execution, const struct ast_backup_place *place, const char **folder,
                          const char **shown)
{
    struct err *err = NULL;
    struct slice name = place->name, disk = place->disk;
    struct slice root = slice_text(execution->server->config.backups_path);

    if (place->engine.length > 0 && slice_equal(place->engine, slice_text("Disk")) &&
        !slice_equal(disk, slice_text("backups")) && !backups_is_frozen(place)) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "Disk '%.*s' is not allowed for backups: there is one, 'backups', the directory backups_path "
                       "(and 'shadow', frozen copies, for RESTORE)",
                       SLICE_ARG(slice_of(disk.data, disk.length > 100 ? 100 : disk.length)));
    }
    if (place->engine.length > 0 && slice_equal(place->engine, slice_text("File")) && root.length > 0 &&
        name.length > root.length && memcmp(name.data, root.data, root.length) == 0 && name.data[root.length] == '/') {
        name = slice_of(name.data + root.length + 1, name.length - root.length - 1);
    }
    OR_DONE(backups_is_frozen(place) ? check_frozen(name) : check_name(name));
    *folder = arena_text(execution->arena, name);
    struct slice quoted = sql_string(execution->arena, place->name);
    *shown = *folder == NULL || quoted.data == NULL ? NULL
             : place->engine.length == 0            ? *folder
             : place->disk.data != NULL
                 ? arena_format(execution->arena, "Disk('%.*s', %.*s)", SLICE_ARG(disk), SLICE_ARG(quoted))
                 : arena_format(execution->arena, "File(%.*s)", SLICE_ARG(quoted));
    if (*shown == NULL) {
        err = arena_error(execution->arena);
    }
done:
    return err;
}

/* ---- what goes into a backup */

struct chosen {
    uint64_t *tables, *objects;
    uint32_t table_count, object_count;
    uint32_t capacity; /* of both */
    struct table_partition *partitions;
    uint32_t partition_count, partition_capacity;
};

static struct err *chosen_grow(struct arena *arena, struct chosen *chosen)
{
    uint32_t used = chosen->table_count > chosen->object_count ? chosen->table_count : chosen->object_count;
    if (used < chosen->capacity) {
        return NULL;
    }
    uint32_t capacity = chosen->capacity == 0 ? 64 : chosen->capacity * 2;
    uint64_t *tables = ARENA_ARRAY(arena, uint64_t, capacity), *objects = ARENA_ARRAY(arena, uint64_t, capacity);
    if (tables == NULL || objects == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < used; i++) {
        tables[i] = i < chosen->table_count ? chosen->tables[i] : 0;
        objects[i] = i < chosen->object_count ? chosen->objects[i] : 0;
    }
    chosen->tables = tables;
    chosen->objects = objects;
    chosen->capacity = capacity;
    return NULL;
}

/* In ascending order, each once. */
static void insert_id(uint64_t *ids, uint32_t *count, uint64_t id)
{
    uint32_t at = *count;
    while (at > 0 && ids[at - 1] > id) {
        at--;
    }
    if (at > 0 && ids[at - 1] == id) {
        return;
    }
    if (*count > at) {
        memmove(&ids[at + 1], &ids[at], (*count - at) * sizeof *ids);
    }
    ids[at] = id;
    (*count)++;
}

bool backups_excepts(const struct ast_backup_element *element, const char *database, const char *name)
{
    for (uint32_t i = 0; i < element->except_count; i++) {
        const struct ast_backup_except *except = &element->except[i];
        if ((except->database.length == 0 || slice_equal(except->database, slice_text(database))) &&
            (except->name.data == NULL || slice_equal(except->name, slice_text(name)))) {
            return true;
        }
    }
    return false;
}

/* A database's tables, views and dictionaries; NULL: of all but "system". */
static struct err *choose_database(struct execution *execution, const char *database,
                                   const struct ast_backup_element *element, struct chosen *chosen)
{
    struct err *err = NULL;
    struct catalogue *catalogue = execution->server->store->catalogue;
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct object_def **objects = NULL;
    uint32_t count = 0;

    if (database != NULL && !catalogue_has_database(catalogue, database)) {
        return err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", database);
    }
    OR_DONE(catalogue_tables(catalogue, execution->arena, database, &tables, &defs, &count));
    for (uint32_t i = 0; i < count; i++) {
        bool fresh = strncmp(defs[i]->create_sql, CATALOGUE_REPLACEMENT, strlen(CATALOGUE_REPLACEMENT)) == 0;
        const char *of = defs[i]->database, *name = defs[i]->name;
        OR_DONE(materialized_owner(execution, &of, &name)); /* a view's own table stays with it */
        if (!defs[i]->internal && !fresh && !backups_excepts(element, of, name) &&
            (database != NULL || strcmp(defs[i]->database, "system") != 0)) {
            OR_DONE(chosen_grow(execution->arena, chosen));
            insert_id(chosen->tables, &chosen->table_count, defs[i]->id);
        }
    }
    OR_DONE(catalogue_objects(catalogue, execution->arena, &objects, &count));
    for (uint32_t i = 0; i < count; i++) {
        if ((database == NULL || strcmp(objects[i]->database, database) == 0) && objects[i]->kind != OBJECT_ALERT &&
            !backups_excepts(element, objects[i]->database, objects[i]->name)) {
            OR_DONE(chosen_grow(execution->arena, chosen));
            insert_id(chosen->objects, &chosen->object_count, objects[i]->id);
        }
    }
done:
    return err;
}

/* A view or dictionary; with a materialized view its own table. */
static struct err *choose_object(struct execution *execution, const struct object_def *object, struct chosen *chosen)
{
    struct err *err = NULL;
    const char *own = NULL;
    struct table *table = NULL;
    insert_id(chosen->objects, &chosen->object_count, object->id);
    OR_DONE(materialized_own_table(execution->arena, object, &own));
    if (own != NULL) {
        OR_DONE(catalogue_table(execution->server->store->catalogue, object->database, own, &table));
        OR_DONE(chosen_grow(execution->arena, chosen));
        insert_id(chosen->tables, &chosen->table_count, table_id(table));
    }
done:
    table_unref(table);
    return err;
}

/* PARTITION of a table's element. */
static struct err *choose_partitions(struct execution *execution, const struct ast_backup_element *element,
                                     struct table *table, struct chosen *chosen)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < element->partition_count; i++) {
        struct table_partition partition = {.table_id = table_id(table)};
        OR_DONE(partition_named(execution, table, &element->partitions[i], &partition.partition));
        if (chosen->partition_count == chosen->partition_capacity) {
            uint32_t capacity = chosen->partition_capacity == 0 ? 16 : chosen->partition_capacity * 2;
            struct table_partition *grown = ARENA_ARRAY(execution->arena, struct table_partition, capacity);
            if (grown == NULL) {
                return arena_error(execution->arena);
            }
            for (uint32_t k = 0; k < chosen->partition_count; k++) {
                grown[k] = chosen->partitions[k];
            }
            chosen->partitions = grown;
            chosen->partition_capacity = capacity;
        }
        chosen->partitions[chosen->partition_count++] = partition;
    }
done:
    return err_while(err, "choosing partitions of table %.*s for a backup", SLICE_ARG(element->name));
}

static bool has_partitions(const struct chosen *chosen, uint64_t id)
{
    for (uint32_t i = 0; i < chosen->partition_count; i++) {
        if (chosen->partitions[i].table_id == id) {
            return true;
        }
    }
    return false;
}

static struct err *choose_table(struct execution *execution, const struct ast_backup_element *element,
                                struct chosen *chosen)
{
    struct err *err = NULL;
    struct object_def *object = NULL;
    struct table *table = NULL;

    if (execution_temporary(execution, element->database, element->name) != NULL) {
        return err_new(ERR_BACKUP_TABLE, "Table %.*s is temporary: it is in no backup", SLICE_ARG(element->name));
    }
    OR_DONE(object_named(execution, element->database, element->name, &object));
    OR_DONE(chosen_grow(execution->arena, chosen));
    if (object != NULL && element->partition_count > 0) {
        err = err_new(ERR_BACKUP_TABLE, "Table engine %s doesn't support partitions, cannot backup table %.*s",
                      object_engine(object), SLICE_ARG(element->name));
        goto done;
    }
    if (object != NULL) {
        err = choose_object(execution, object, chosen);
        goto done;
    }
    OR_DONE(execution_table(execution, element->database, element->name, &table));
    uint32_t before = chosen->table_count;
    insert_id(chosen->tables, &chosen->table_count, table_id(table));
    bool twice = before == chosen->table_count;
    if (twice && has_partitions(chosen, table_id(table)) != (element->partition_count > 0)) {
        err = err_new(ERR_BAD_ARGUMENTS, "table %.*s is named twice, whole and with partitions",
                      SLICE_ARG(element->name));
        goto done;
    }
    err = choose_partitions(execution, element, table, chosen);
done:
    object_def_unref(object);
    table_unref(table);
    return err;
}

static struct err *choose(struct execution *execution, const struct ast_backup *backup, struct chosen *chosen)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < backup->element_count && err == NULL; i++) {
        const struct ast_backup_element *element = &backup->elements[i];
        if (element->kind == AST_BACKUP_TABLE) {
            err = choose_table(execution, element, chosen);
            continue;
        }
        char *database = element->kind == AST_BACKUP_ALL ? NULL : execution_text(execution, element->database);
        if (element->kind != AST_BACKUP_ALL && database == NULL) {
            return arena_error(execution->arena);
        }
        err = choose_database(execution, database, element, chosen);
    }
    return err;
}

/* ---- statements */

void backups_id_text(const uint8_t id[BACKUP_ID_BYTES], char text[37])
{
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0, at = 0; i < BACKUP_ID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            text[at++] = '-';
        }
        text[at++] = digits[id[i] >> 4];
        text[at++] = digits[id[i] & 15];
        text[at] = 0;
    }
}

/* A backup of what cannot be read would be none. */
struct err *backups_check_whole(struct execution *execution, const uint64_t *tables, uint32_t table_count)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < table_count && err == NULL; i++) {
        struct table *table = catalogue_table_by_id(execution->server->store->catalogue, tables[i]);
        struct quarantined *list = NULL;
        uint32_t count = 0;
        if (table == NULL) {
            continue; /* dropped meanwhile: the cut says so */
        }
        err = quarantine_list(table, execution->arena, &list, &count);
        if (err == NULL && count > 0) {
            struct table_def *def = table_definition(table);
            err = err_new(ERR_BACKUP_TABLE,
                          "Table %s.%s cannot be backed up: %u of its segments are in quarantine, see "
                          "system.quarantined_segments",
                          def->database, def->name, count);
            table_def_unref(def);
        }
        table_unref(table);
    }
    return err;
}

/* Rows of a partition that are in segments of several. */
static struct err *split_mixed(struct catalogue *catalogue, const struct chosen *chosen)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < chosen->partition_count && err == NULL; i++) {
        struct table *table = catalogue_table_by_id(catalogue, chosen->partitions[i].table_id);
        err = table == NULL ? NULL : table_split_mixed(table); /* dropped meanwhile: the cut says so */
        table_unref(table);
    }
    return err;
}

static struct err *make(struct execution *execution, const struct ast_backup *backup, struct backup_entry *entry)
{
    struct err *err = NULL;
    struct chosen chosen = {0};
    struct backup_report report = {0};
    struct io *io = NULL;
    struct interrupt interrupt;

    OR_DONE(choose(execution, backup, &chosen));
    OR_DONE(backups_check_whole(execution, chosen.tables, chosen.table_count));
    OR_DONE(backups_io(execution->server, false, &io));
    struct backup_request request = {.to = {io, entry->folder},
                                     .name = entry->folder,
                                     .base = {io, entry->base_folder},
                                     .base_name = entry->base_folder,
                                     .tables = chosen.tables,
                                     .table_count = chosen.table_count,
                                     .objects = chosen.objects,
                                     .object_count = chosen.object_count,
                                     .partitions = chosen.partitions,
                                     .partition_count = chosen.partition_count};
    sources_seal(execution->server->sources, chosen.tables, chosen.table_count);
    OR_DONE(insert_log_flush(execution->server->store));
    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    err = split_mixed(execution->server->store->catalogue, &chosen);
    err = interrupt_over(err != NULL ? err : backup_make(execution->server->store, &request, &report));
    interrupt_end(&interrupt);
    if (!backup->async) {
        backups_id_text(report.id, entry->id);
    }
    entry->files = report.files;
    entry->bytes = report.bytes;
    entry->entries = chosen.table_count + chosen.object_count;
done:
    return err;
}

struct err *backups_run(struct execution *execution, const struct ast_statement *statement, backup_work work,
                        struct backup_entry *entry)
{
    struct err *err = NULL;
    uint64_t number = 0;
    bool async = statement->backup->async;

    if (async) {
        backups_id_new(entry->id);
    }
    (void)snprintf(entry->query_id, sizeof entry->query_id, "%s", async ? entry->id : execution->process->query_id);
    OR_DONE(backups_begin(execution->server, entry, &number));
    if (!async) {
        err = backups_end(execution, number, entry, work(execution, statement->backup, entry));
        goto done;
    }
    err = backups_async(execution, statement, work, entry, number);
    if (err != NULL) {
        backups_finish(execution->server, number, entry, err);
        goto done;
    }
    err = execute_text(execution, "SELECT '%s' AS id, CAST(%d AS " BACKUP_STATUS_TYPE ") AS status", entry->id,
                       (int)entry->status);
done:
    return err;
}

struct err *execute_backup(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_backup *backup = statement->backup;
    const char *folder = NULL, *shown = NULL, *base_folder = NULL, *base_shown = "";

    if (backups_is_frozen(&backup->place) || backups_is_frozen(&backup->base)) {
        err = err_new(ERR_BAD_ARGUMENTS, "Disk 'shadow' is for frozen copies (ALTER TABLE … FREEZE) alone");
        goto done;
    }
    OR_DONE(backups_place(execution, &backup->place, &folder, &shown));
    if (backup->base.name.data != NULL) {
        OR_DONE(backups_place(execution, &backup->base, &base_folder, &base_shown));
    }
    struct backup_entry entry = {.name = (char *)(uintptr_t)shown,
                                 .folder = (char *)(uintptr_t)folder,
                                 .base_name = (char *)(uintptr_t)base_shown,
                                 .base_folder = base_folder,
                                 .status = BACKUP_CREATING};
    err = backups_run(execution, statement, make, &entry);
done:
    return err;
}
