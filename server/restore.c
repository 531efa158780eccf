/*
 * restore.c: the statement RESTORE.
 *
 * order    all names are free → each table is made under a name of its own, with all schema versions, and filled → views'
 *          own tables get their names → views that commits feed → the other tables get theirs: their first new row comes
 *          to the views → sources, paused → other views and dictionaries. Before tables that users know have names
 *          everything can be taken back, and is: also by the next start, as unfinished replacements are
 *          (catalogue_drop_unfinished, materialized_clean).
 * flow     ddl.c → here → storage/backup.h
 */
#include "server/backups.h"

#include "base/interrupt.h"
#include "ingest/source.h"
#include "server/materialized.h"
#include "server/objects.h"
#include "server/partitions.h"
#include "server/replace.h"
#include "sql/define.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/backup.h"
#include "storage/compactor.h"
#include "storage/partition.h"
#include "storage/table.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* A table or object of the backup, and its name here. */
struct wanted {
    const struct table_def *table; /* one of the two */
    const struct object_def *object;
    const char *database, *name;
    const char *hidden; /* the table's name until it is filled; NULL: it is not made */
    bool shown;
    const struct ast_alter *partitions;
    uint32_t partition_count; /* 0: all */
};

struct restore {
    struct execution *execution;
    struct catalogue *catalogue;
    struct backup *backup;
    const struct table_def **tables;
    const struct object_def **objects;
    const struct source_def **sources;
    uint32_t table_count, object_count, source_count;
    struct wanted *wanted;
    uint32_t wanted_count;
    struct backup_report report; /* of all tables together */
};

/* ---- what is wanted */

static struct err *want(struct restore *restore, const struct table_def *table, const struct object_def *object,
                        const char *database, const char *name)
{
    for (uint32_t i = 0; i < restore->wanted_count; i++) {
        const struct wanted *other = &restore->wanted[i];
        if (strcmp(other->database, database) == 0 && strcmp(other->name, name) == 0) {
            return err_new(ERR_BAD_ARGUMENTS, "%s.%s would be restored twice", database, name);
        }
    }
    restore->wanted[restore->wanted_count++] =
        (struct wanted){.table = table, .object = object, .database = database, .name = name};
    return NULL;
}

static struct err *want_object(struct restore *restore, const struct object_def *object, const char *database,
                               const char *name)
{
    if (object->kind == OBJECT_MATERIALIZED &&
        (strcmp(database, object->database) != 0 || strcmp(name, object->name) != 0)) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "restoring the materialized view %s.%s under another name is not supported: what it reads and "
                       "writes keeps its names; EXCEPT TABLES leaves it out, and CREATE MATERIALIZED VIEW makes it "
                       "anew there",
                       object->database, object->name);
    }
    return want(restore, NULL, object, database, name);
}

/* The backup's view whose own table this is; *out NULL: it is none's. */
static struct err *find_owner(struct restore *restore, const struct table_def *table, const struct object_def **out)
{
    struct err *err = NULL;
    const char *own = NULL;
    *out = NULL;
    bool may = table->name[0] == '.'; /* no definition is read for the others */
    for (uint32_t i = 0; i < restore->object_count && may && *out == NULL; i++) {
        OR_DONE(materialized_own_table(restore->execution->arena, restore->objects[i], &own));
        if (own != NULL && strcmp(own, table->name) == 0 &&
            strcmp(restore->objects[i]->database, table->database) == 0) {
            *out = restore->objects[i];
        }
    }
done:
    return err;
}

/* A view that is named comes with its own table. */
static struct err *want_own_table(struct restore *restore, const struct object_def *object)
{
    struct err *err = NULL;
    const char *own = NULL;
    OR_DONE(materialized_own_table(restore->execution->arena, object, &own));
    for (uint32_t i = 0; own != NULL && i < restore->wanted_count; i++) {
        const struct wanted *wanted = &restore->wanted[i];
        if (strcmp(wanted->name, own) == 0 && strcmp(wanted->database, object->database) == 0) {
            return NULL; /* it was named itself */
        }
    }
    for (uint32_t i = 0; own != NULL && i < restore->table_count; i++) {
        const struct table_def *table = restore->tables[i];
        if (strcmp(table->name, own) == 0 && strcmp(table->database, object->database) == 0) {
            return want(restore, table, NULL, table->database, table->name);
        }
    }
    if (own != NULL) {
        err = err_new(ERR_BACKUP_ENTRY_NOT_FOUND,
                      "The backup has the materialized view %s.%s without its rows; CREATE MATERIALIZED VIEW makes it "
                      "anew from its table",
                      object->database, object->name);
    }
done:
    return err;
}

static struct err *want_one(struct restore *restore, const struct ast_backup_element *element)
{
    struct execution *execution = restore->execution;
    char *database = execution_text(execution, element->database.length > 0 ? element->database : execution->database);
    char *name = execution_text(execution, element->name);
    struct slice to = element->to_database;
    char *to_database = to.data == NULL || to.length == 0 ? database : execution_text(execution, to);
    char *to_name = element->to_name.data == NULL ? name : execution_text(execution, element->to_name);

    if (database == NULL || name == NULL || to_database == NULL || to_name == NULL) {
        return arena_error(execution->arena);
    }
    if (element->to_name.data != NULL && to.length == 0) {
        to_database = execution_text(execution, execution->database);
        if (to_database == NULL) {
            return arena_error(execution->arena);
        }
    }
    for (uint32_t i = 0; i < restore->table_count; i++) {
        if (strcmp(restore->tables[i]->database, database) == 0 && strcmp(restore->tables[i]->name, name) == 0) {
            struct err *err = want(restore, restore->tables[i], NULL, to_database, to_name);
            if (err == NULL) {
                restore->wanted[restore->wanted_count - 1].partitions = element->partitions;
                restore->wanted[restore->wanted_count - 1].partition_count = element->partition_count;
            }
            return err;
        }
    }
    for (uint32_t i = 0; i < restore->object_count; i++) {
        if (strcmp(restore->objects[i]->database, database) == 0 && strcmp(restore->objects[i]->name, name) == 0) {
            if (element->partition_count > 0) {
                return err_new(ERR_RESTORE_TABLE,
                               "Table engine %s doesn't support partitions, cannot restore table %s.%s",
                               object_engine(restore->objects[i]), database, name);
            }
            struct err *err = want_object(restore, restore->objects[i], to_database, to_name);
            return err != NULL ? err : want_own_table(restore, restore->objects[i]);
        }
    }
    return err_new(ERR_BACKUP_ENTRY_NOT_FOUND, "Table %s.%s not found in backup %.*s", database, name,
                   SLICE_ARG(backup_manifest(restore->backup)->name));
}

/* A database's, or all. */
static struct err *want_database(struct restore *restore, const struct ast_backup_element *element)
{
    struct err *err = NULL;
    struct execution *execution = restore->execution;
    bool all = element->kind == AST_BACKUP_ALL;
    char *database = all ? NULL : execution_text(execution, element->database);
    char *to = all || element->to_database.data == NULL ? database : execution_text(execution, element->to_database);
    uint32_t before = restore->wanted_count;

    if (!all && (database == NULL || to == NULL)) {
        return arena_error(execution->arena);
    }
    for (uint32_t i = 0; i < restore->table_count; i++) {
        const struct table_def *def = restore->tables[i];
        const struct object_def *owner = NULL;
        OR_DONE(find_owner(restore, def, &owner));
        bool excepted = backups_excepts(element, def->database, owner == NULL ? def->name : owner->name);
        if ((all || strcmp(def->database, database) == 0) && !excepted) {
            OR_DONE(want(restore, def, NULL, all ? def->database : to, def->name));
        }
    }
    for (uint32_t i = 0; i < restore->object_count; i++) {
        const struct object_def *def = restore->objects[i];
        if ((all || strcmp(def->database, database) == 0) && !backups_excepts(element, def->database, def->name)) {
            OR_DONE(want_object(restore, def, all ? def->database : to, def->name));
        }
    }
    if (restore->wanted_count == before) {
        err = err_new(ERR_BACKUP_ENTRY_NOT_FOUND, "%s%s not found in backup %.*s", all ? "Anything" : "Database ",
                      all ? "" : database, SLICE_ARG(backup_manifest(restore->backup)->name));
    }
    for (uint32_t i = before; i < restore->wanted_count && err == NULL; i++) {
        err = catalogue_create_database(restore->catalogue, restore->wanted[i].database, true);
    }
done:
    return err;
}

/* Each name must be free: nothing is written over. */
static struct err *check_names(struct restore *restore)
{
    for (uint32_t i = 0; i < restore->wanted_count; i++) {
        const struct wanted *wanted = &restore->wanted[i];
        struct table *table = catalogue_table_find(restore->catalogue, wanted->database, wanted->name);
        struct object_def *object = catalogue_object_find(restore->catalogue, wanted->database, wanted->name);
        bool taken = table != NULL || object != NULL;
        table_unref(table);
        object_def_unref(object);
        if (taken) {
            return err_new(ERR_RESTORE_TABLE,
                           "Cannot restore the table %s.%s because it already exists; DROP it, or RESTORE TABLE … AS "
                           "another name",
                           wanted->database, wanted->name);
        }
        if (!catalogue_has_database(restore->catalogue, wanted->database)) {
            return err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", wanted->database);
        }
    }
    return NULL;
}

static struct err *choose(struct restore *restore, const struct ast_backup *backup)
{
    struct err *err = NULL;
    struct arena *arena = restore->execution->arena;

    OR_DONE(backup_tables(restore->backup, arena, &restore->tables, &restore->table_count));
    OR_DONE(backup_objects(restore->backup, arena, &restore->objects, &restore->object_count));
    OR_DONE(backup_sources(restore->backup, arena, &restore->sources, &restore->source_count));
    size_t most = (size_t)(restore->table_count + restore->object_count) * backup->element_count;
    restore->wanted = ARENA_ARRAY(arena, struct wanted, most + 2U * (size_t)backup->element_count);
    if (restore->wanted == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < backup->element_count; i++) {
        const struct ast_backup_element *element = &backup->elements[i];
        OR_DONE(element->kind == AST_BACKUP_TABLE ? want_one(restore, element) : want_database(restore, element));
    }
    err = check_names(restore);
done:
    return err;
}

/* ---- tables */

/* A schema version as the hidden table has it. */
static struct err *hidden_def(struct restore *restore, const struct wanted *wanted, const struct table_def *there,
                              uint64_t id, struct table_def *out)
{
    const char *rest = there->create_sql;
    *out = *there;
    out->id = id;
    out->schema_version = there->schema_version - 1; /* the one before is current; the first is made */
    out->database = wanted->database;
    out->name = wanted->hidden;
    out->internal = false;
    rest += strncmp(rest, "CREATE ", strlen("CREATE ")) == 0 ? strlen("CREATE ") : 0;
    out->create_sql = arena_format(restore->execution->arena, CATALOGUE_REPLACEMENT "%s", rest);
    return out->create_sql == NULL ? arena_error(restore->execution->arena) : NULL;
}

/* The table under its hidden name, empty, with every schema version that its segments may have. A reference. */
static struct err *make_hidden(struct restore *restore, struct wanted *wanted, struct table **out)
{
    struct err *err = NULL;
    struct table_def def;
    uint64_t number;

    randombytes_buf(&number, sizeof number);
    char *hidden = arena_format(restore->execution->arena, "_tmp_restore_%016llx", (unsigned long long)number);
    if (hidden == NULL) {
        return arena_error(restore->execution->arena);
    }
    wanted->hidden = hidden;
    OR_DONE(hidden_def(restore, wanted, backup_table_version(restore->backup, wanted->table->id, 1), 0, &def));
    OR_DONE(catalogue_create_table(restore->catalogue, &def, false, out, NULL));
    for (uint32_t version = 2; version <= wanted->table->schema_version; version++) {
        const struct table_def *there = backup_table_version(restore->backup, wanted->table->id, version);
        OR_DONE(hidden_def(restore, wanted, there, table_id(*out), &def));
        OR_DONE(catalogue_alter_table(restore->catalogue, &def));
    }
done:
    return err;
}

/* The texts of a table's partitions that are wanted. *out NULL: all. */
static struct err *wanted_partitions(struct restore *restore, const struct wanted *wanted, struct table *table,
                                     struct slice **out)
{
    struct err *err = NULL;
    *out = NULL;
    if (wanted->partition_count == 0) {
        goto done;
    }
    *out = ARENA_ARRAY(restore->execution->arena, struct slice, wanted->partition_count);
    if (*out == NULL) {
        err = arena_error(restore->execution->arena);
        goto done;
    }
    for (uint32_t i = 0; i < wanted->partition_count; i++) {
        OR_DONE(partition_named(restore->execution, table, &wanted->partitions[i], &(*out)[i]));
    }
done:
    return err;
}

/* What came with segments of several partitions, but is of another than those wanted, leaves again. */
static struct err *drop_others(struct restore *restore, struct table *table, const struct slice *wanted, uint32_t count)
{
    struct err *err = NULL;
    struct ledger_segment *segments = NULL;
    uint32_t segment_count = 0;

    OR_DONE(table_split_mixed(table));
    OR_DONE(ledger_segments(restore->execution->server->store->ledger, restore->execution->arena, table_id(table),
                            &segments, &segment_count));
    for (uint32_t i = 0; i < segment_count; i++) {
        const struct partition_choice choice = {.partition = &segments[i].partition};
        bool is_wanted = false;
        for (uint32_t k = 0; k < count && !is_wanted; k++) {
            is_wanted = slice_equal(segments[i].partition, wanted[k]);
        }
        if (!is_wanted) {
            OR_DONE(table_drop_segments(table, &choice, NULL));
        }
    }
done:
    return err;
}

static struct err *fill(struct restore *restore, struct wanted *wanted)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct slice *partitions = NULL;
    struct interrupt interrupt;

    OR_DONE(make_hidden(restore, wanted, &table));
    OR_DONE(wanted_partitions(restore, wanted, table, &partitions));
    interrupt_begin(&interrupt, &restore->execution->process->progress.cancelled);
    err = backup_restore_table(restore->execution->server->store, restore->backup, wanted->table->id, table, partitions,
                               wanted->partition_count, &restore->report);
    if (err == NULL && partitions != NULL) {
        err = drop_others(restore, table, partitions, wanted->partition_count);
    }
    err = interrupt_over(err);
    interrupt_end(&interrupt);
done:
    table_unref(table);
    return err_while(err, "restoring table %s.%s", wanted->database, wanted->name);
}

static struct err *show(struct restore *restore, struct wanted *wanted)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct table_def *current = NULL;
    struct table_def finished;

    OR_DONE(catalogue_table(restore->catalogue, wanted->database, wanted->hidden, &table));
    current = table_definition(table);
    struct table_def plain = *current;
    plain.create_sql = wanted->table->create_sql;
    OR_DONE(table_named(restore->execution->arena, &plain, wanted->database, wanted->name, &finished));
    struct catalogue_renamed renamed = {&finished, NULL};
    OR_DONE(catalogue_rename_together(restore->catalogue, &renamed, 1, false));
    wanted->shown = true;
done:
    table_def_unref(current);
    table_unref(table);
    return err;
}

/* ---- sources and objects */

/* Its name, or, where another has it, that with a number. */
static struct err *free_name(struct restore *restore, const char *database, const char *name, const char **out)
{
    for (unsigned number = 1;; number++) {
        struct source_def *def = NULL;
        char *tried = number == 1 ? arena_text(restore->execution->arena, slice_text(name))
                                  : arena_format(restore->execution->arena, "%s_%u", name, number);
        if (tried == NULL) {
            return arena_error(restore->execution->arena);
        }
        struct err *err = catalogue_source(restore->catalogue, database, tried, &def);
        source_def_unref(def);
        if (err_code(err) == ERR_UNKNOWN_SOURCE) {
            err_free(err);
            *out = tried;
            return NULL;
        }
        if (err != NULL) {
            return err;
        }
    }
}

static struct err *restore_source(struct restore *restore, const struct wanted *wanted, const struct source_def *there)
{
    struct err *err = NULL;
    struct execution *execution = restore->execution;
    struct ast_statement *statement = NULL;
    struct source_definition definition = {0};
    const char *name = NULL;

    OR_DONE(parse_query(execution->arena, slice_text(there->definition), (uint32_t)strlen(there->definition) + 1,
                        &statement));
    if (statement->create_source == NULL) {
        err = err_new(ERR_BACKUP_DAMAGED, "the definition of the source %s is no CREATE SOURCE", there->name);
        goto done;
    }
    OR_DONE(free_name(restore, wanted->database, there->name, &name));
    struct ast_create_source create = *statement->create_source;
    create.name = slice_text(name);
    create.database = slice_text(wanted->database);
    create.table = slice_text(wanted->name);
    create.if_not_exists = false;
    OR_DONE(define_source(execution->arena, &execution->bind, &create, slice_text(wanted->database), &definition));
    struct slice backup = backup_manifest(restore->backup)->name;
    char *reason = arena_format(execution->arena,
                                "restored from the backup %.*s; ALTER SOURCE %s RESUME goes on where it "
                                "ended",
                                SLICE_ARG(backup), name);
    err = reason == NULL ? arena_error(execution->arena)
                         : source_create_paused(execution->server->sources, execution->arena, &definition, reason);
done:
    return err_while(err, "restoring source %s", there->name);
}

static struct err *restore_object(struct restore *restore, const struct wanted *wanted)
{
    struct err *err = NULL;
    struct object_def def;
    OR_DONE(object_named_anew(restore->execution->arena, wanted->object, wanted->database, wanted->name, &def));
    bool materialized = def.kind == OBJECT_MATERIALIZED;
    if (!materialized) { /* the name of its own table says its UUID */
        memset(def.uuid, 0, sizeof(def.uuid));
    }
    def.refreshed_slot_us = def.refreshed_began_us = def.refreshed_us =
        0; /* REFRESH: what it reads is another store's */
    OR_DONE(catalogue_create_object(restore->catalogue, &def, OBJECT_REFUSE, NULL));
    err = materialized ? materialized_sync(restore->execution->server) : NULL;
done:
    return err_while(err, "restoring %s.%s", wanted->database, wanted->name);
}

/* ---- all of it */

/* Tables get their names: views' own ones, or the others. */
static struct err *show_tables(struct restore *restore, bool own)
{
    struct err *err = NULL;
    const struct object_def *owner = NULL;
    for (uint32_t i = 0; i < restore->wanted_count; i++) {
        struct wanted *wanted = &restore->wanted[i];
        if (wanted->table != NULL) {
            OR_DONE(find_owner(restore, wanted->table, &owner));
            OR_DONE((owner != NULL) == own ? show(restore, wanted) : NULL);
        }
    }
done:
    return err;
}

/* Views that commits feed, or the others and dictionaries. */
static struct err *restore_objects(struct restore *restore, bool fed)
{
    struct err *err = NULL;
    bool is_fed = false;
    for (uint32_t i = 0; i < restore->wanted_count; i++) {
        struct wanted *wanted = &restore->wanted[i];
        if (wanted->object == NULL) {
            continue;
        }
        OR_DONE(materialized_is_fed(restore->execution->arena, wanted->object, &is_fed));
        if (is_fed == fed) {
            OR_DONE(restore_object(restore, wanted));
            wanted->shown = true;
        }
    }
done:
    return err;
}

/* What was made before the tables that feed the views had their names. */
static void take_back(struct restore *restore)
{
    for (uint32_t i = 0; i < restore->wanted_count; i++) {
        const struct wanted *wanted = &restore->wanted[i];
        struct object_def *view = wanted->object != NULL && wanted->shown
                                      ? catalogue_object_find(restore->catalogue, wanted->database, wanted->name)
                                      : NULL;
        if (view != NULL) {
            err_free(materialized_drop(restore->execution->server, view));
        }
        object_def_unref(view);
        if (wanted->hidden != NULL) {
            err_free(catalogue_drop_table(restore->catalogue, wanted->database,
                                          wanted->shown ? wanted->name : wanted->hidden, true));
        }
    }
}

static struct err *restore_all(struct restore *restore)
{
    struct err *err = NULL;
    bool fed = false;
    for (uint32_t i = 0; i < restore->wanted_count; i++) {
        if (restore->wanted[i].table != NULL) {
            OR_DONE(fill(restore, &restore->wanted[i]));
        }
    }
    OR_DONE(show_tables(restore, true));
    OR_DONE(restore_objects(restore, true));
    fed = true;
    OR_DONE(show_tables(restore, false));
    OR_DONE(materialized_sync(restore->execution->server));
    for (uint32_t i = 0; i < restore->wanted_count; i++) {
        const struct wanted *wanted = &restore->wanted[i];
        for (uint32_t k = 0; wanted->table != NULL && k < restore->source_count; k++) {
            if (restore->sources[k]->table_id == wanted->table->id) {
                OR_DONE(restore_source(restore, wanted, restore->sources[k]));
            }
        }
    }
    err = restore_objects(restore, false);
done:
    if (err != NULL && !fed) {
        take_back(restore);
    }
    for (uint32_t i = 0; i < restore->wanted_count && err != NULL && fed; i++) {
        const struct wanted *wanted = &restore->wanted[i];
        if (wanted->hidden != NULL && !wanted->shown) {
            err_free(catalogue_drop_table(restore->catalogue, wanted->database, wanted->hidden, true));
        }
    }
    return err;
}

static struct err *run(struct execution *execution, const struct ast_backup *backup, struct backup_entry *entry)
{
    struct err *err = NULL;
    struct restore restore = {.execution = execution, .catalogue = execution->server->store->catalogue};
    struct backup_place place = {NULL, entry->folder};

    OR_DONE(backups_io(execution->server, backups_is_frozen(&backup->place), &place.io));
    OR_DONE(backup_open(&place, &restore.backup));
    if (!backup->async) {
        backups_id_text(backup_manifest(restore.backup)->id, entry->id);
    }
    OR_DONE(choose(&restore, backup));
    OR_DONE(restore_all(&restore));
    entry->entries = restore.wanted_count;
    entry->files = entry->files_read = restore.report.files;
    entry->bytes = entry->bytes_read = restore.report.bytes;
done:
    backup_close(restore.backup);
    return err;
}

struct err *execute_restore(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const char *folder = NULL, *shown = NULL;

    OR_DONE(backups_place(execution, &statement->backup->place, &folder, &shown));
    struct backup_entry entry = {.name = (char *)(uintptr_t)shown,
                                 .folder = (char *)(uintptr_t)folder,
                                 .base_name = (char *)(uintptr_t) "",
                                 .status = BACKUP_RESTORING};
    err = backups_run(execution, statement, run, &entry);
done:
    return err;
}
