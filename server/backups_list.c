/*
 * backups_list.c: which BACKUPs and RESTOREs there were since the start: system.backups; and what they made:
 * system.restored_tables.
 *
 * bounded  the last BACKUPS_KEPT; those that run stay
 */
#include "server/backups.h"
#include "server/system_tables.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/io.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define BACKUPS_KEPT 1000U

struct backups {
    struct io *io[2]; /* of backups, of frozen copies; NULL: not used yet */
    bool freezing;
    struct backup_job *jobs;
    struct backup_entry entries[BACKUPS_KEPT];
    uint32_t count;
    uint64_t numbers;
};

struct err *backups_start(struct server *server)
{
    server->backups = calloc(1, sizeof *server->backups);
    return server->backups == NULL ? err_oom() : NULL;
}

static void entry_free(struct backup_entry *entry)
{
    free(entry->name);
    free(entry->folder);
    free(entry->base_name);
    free(entry->error);
}

void backups_stop(struct server *server)
{
    struct backups *backups = server->backups;
    if (backups == NULL) {
        return;
    }
    for (uint32_t i = 0; i < backups->count; i++) {
        entry_free(&backups->entries[i]);
    }
    io_destroy(backups->io[0]);
    io_destroy(backups->io[1]);
    free(backups);
    server->backups = NULL;
}

static bool runs(const struct backup_entry *entry)
{
    return entry->ended_at_us == 0;
}

struct err *backups_begin(struct server *server, const struct backup_entry *entry, uint64_t *number)
{
    struct backups *backups = server->backups;
    struct err *err = NULL;
    struct backup_entry copy = *entry;

    copy.name = strdup(entry->name);
    copy.folder = strdup(entry->folder);
    copy.base_name = strdup(entry->base_name);
    copy.error = strdup("");
    copy.base_folder = NULL; /* the statement's */
    copy.started_at_us = clock_wall_us();
    if (copy.name == NULL || copy.folder == NULL || copy.base_name == NULL || copy.error == NULL) {
        entry_free(&copy);
        return err_oom();
    }
    lock_take(&server->lock);
    for (uint32_t i = 0; i < backups->count && err == NULL; i++) {
        const struct backup_entry *other = &backups->entries[i];
        if (runs(other) && other->status == BACKUP_CREATING && strcmp(other->folder, entry->folder) == 0) {
            err = err_new(ERR_BACKUP_EXISTS, "Backup %s is being made", entry->name);
        }
    }
    if (err == NULL && backups->count == BACKUPS_KEPT) {
        uint32_t oldest = 0;
        while (oldest < BACKUPS_KEPT && runs(&backups->entries[oldest])) {
            oldest++;
        }
        if (oldest == BACKUPS_KEPT) {
            err = err_new(ERR_TOO_MANY_QUERIES, "%u backups are being made or restored", BACKUPS_KEPT);
        } else {
            entry_free(&backups->entries[oldest]);
            memmove(&backups->entries[oldest], &backups->entries[oldest + 1],
                    (BACKUPS_KEPT - oldest - 1) * sizeof backups->entries[0]);
            backups->count--;
        }
    }
    if (err == NULL) {
        copy.number = ++backups->numbers;
        *number = copy.number;
        backups->entries[backups->count++] = copy;
    }
    lock_give(&server->lock);
    if (err != NULL) {
        entry_free(&copy);
    }
    return err;
}

static enum backup_status status_of(bool restoring, const struct err *err)
{
    if (err == NULL) {
        return restoring ? BACKUP_RESTORED : BACKUP_CREATED;
    }
    if (err_code(err) == ERR_QUERY_CANCELLED) {
        return restoring ? BACKUP_RESTORE_CANCELLED : BACKUP_CANCELLED;
    }
    return restoring ? BACKUP_RESTORE_FAILED : BACKUP_FAILED;
}

void backups_id_new(char text[37])
{
    uint8_t id[16];
    randombytes_buf(id, sizeof id);
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x40); /* a random UUID */
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
    backups_id_text(id, text);
}

struct backup_job **backups_jobs(struct server *server)
{
    return &server->backups->jobs;
}

void backups_finish(struct server *server, uint64_t number, struct backup_entry *entry, const struct err *err)
{
    struct backups *backups = server->backups;
    char *error = err == NULL ? NULL : strdup(err_message(err));

    entry->status = status_of(entry->status == BACKUP_RESTORING, err);
    lock_take(&server->lock);
    for (uint32_t i = 0; i < backups->count; i++) {
        struct backup_entry *own = &backups->entries[i];
        if (own->number != number) {
            continue;
        }
        memcpy(own->id, entry->id, sizeof own->id);
        own->status = entry->status;
        own->ended_at_us = clock_wall_us();
        own->files = entry->files;
        own->bytes = entry->bytes;
        own->entries = entry->entries;
        own->files_read = entry->files_read;
        own->bytes_read = entry->bytes_read;
        if (error != NULL) {
            free(own->error);
            own->error = error;
            error = NULL;
        }
    }
    lock_give(&server->lock);
    free(error);
}

struct err *backups_end(struct execution *execution, uint64_t number, struct backup_entry *entry, struct err *err)
{
    backups_finish(execution->server, number, entry, err);
    return err != NULL ? err
                       : execute_text(execution, "SELECT '%s' AS id, CAST(%d AS " BACKUP_STATUS_TYPE ") AS status",
                                      entry->id, (int)entry->status);
}

struct err *backups_io(struct server *server, bool frozen, struct io **out)
{
    struct err *err = NULL;
    char path[2048];
    const struct config *config = &server->config;
    bool elsewhere = !frozen && config->backups_path[0] != 0;
    struct io **io = &server->backups->io[frozen ? 1 : 0];

    (void)snprintf(path, sizeof path, "%s%s", elsewhere ? config->backups_path : config->data_dir,
                   elsewhere ? ""
                   : frozen  ? "/shadow"
                             : "/backups");
    lock_take(&server->lock);
    if (*io == NULL) {
        err = mkdir(path, 0750) == 0 || errno == EEXIST
                  ? io_system(path, io)
                  : err_errno(ERR_OPEN_FILE, errno, "making the directory of %s \"%s\"",
                              frozen ? "frozen copies" : "backups", path);
    }
    *out = *io;
    lock_give(&server->lock);
    return err;
}

struct err *backups_freeze_begin(struct server *server)
{
    struct err *err = NULL;
    bool mine = false;

    while (err == NULL && !mine) {
        lock_take(&server->lock);
        mine = !server->backups->freezing;
        server->backups->freezing = true;
        lock_give(&server->lock);
        if (!mine) {
            const struct timespec pause = {0, 10000000};
            (void)nanosleep(&pause, NULL);
            err = interrupt_check();
        }
    }
    return err;
}

void backups_freeze_end(struct server *server)
{
    lock_take(&server->lock);
    server->backups->freezing = false;
    lock_give(&server->lock);
}

/* ---- system.backups */

static const char *const backup_columns[] = {"id",
                                             "String",
                                             "name",
                                             "String",
                                             "base_backup_name",
                                             "String",
                                             "query_id",
                                             "String",
                                             "status",
                                             (BACKUP_STATUS_TYPE),
                                             "error",
                                             "String",
                                             "start_time",
                                             "DateTime64(6)",
                                             "end_time",
                                             "DateTime64(6)",
                                             "num_files",
                                             "UInt64",
                                             "total_size",
                                             "UInt64",
                                             "num_entries",
                                             "UInt64",
                                             "uncompressed_size",
                                             "UInt64",
                                             "compressed_size",
                                             "UInt64",
                                             "files_read",
                                             "UInt64",
                                             "bytes_read",
                                             "UInt64",
                                             "ProfileEvents",
                                             "Map(LowCardinality(String), UInt64)",
                                             "settings",
                                             "Map(LowCardinality(String), String)",
                                             "engine_settings",
                                             "Map(LowCardinality(String), String)",
                                             NULL};

/* A copy: rows are made without the lock. */
static struct err *copy_entries(struct server *server, struct arena *arena, struct backup_entry **out, uint32_t *count)
{
    const struct backups *backups = server->backups;
    bool good = true;

    lock_take(&server->lock);
    *count = backups->count;
    *out = ARENA_ARRAY(arena, struct backup_entry, backups->count + 1);
    for (uint32_t i = 0; *out != NULL && i < backups->count; i++) {
        struct backup_entry *to = &(*out)[i];
        *to = backups->entries[i];
        to->name = arena_text(arena, slice_text(to->name));
        to->base_name = arena_text(arena, slice_text(to->base_name));
        to->error = arena_text(arena, slice_text(to->error));
        good = good && to->name != NULL && to->base_name != NULL && to->error != NULL;
    }
    lock_give(&server->lock);
    return *out == NULL || !good ? arena_error(arena) : NULL;
}

static struct err *backup_rows(struct table_source *source, struct arena *arena, const struct source_request *request,
                               struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct backup_entry *entries = NULL;
    uint32_t count = 0;
    bool stop = false;

    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(copy_entries(system_server(), arena, &entries, &count));
    for (uint32_t i = 0; i < count && !stop; i++) {
        const struct backup_entry *entry = &entries[i];
        source_row_text(rows, 0, slice_text(entry->id));
        source_row_text(rows, 1, slice_text(entry->name));
        source_row_text(rows, 2, slice_text(entry->base_name));
        source_row_text(rows, 3, slice_text(entry->query_id));
        source_row_int(rows, 4, (int64_t)entry->status);
        source_row_text(rows, 5, slice_text(entry->error));
        source_row_int(rows, 6, entry->started_at_us);
        source_row_int(rows, 7, entry->ended_at_us);
        source_row_uint(rows, 8, entry->files);
        source_row_uint(rows, 9, entry->bytes);
        source_row_uint(rows, 10, entry->entries);
        source_row_uint(rows, 11, entry->bytes);
        source_row_uint(rows, 12, entry->bytes);
        source_row_uint(rows, 13, entry->files_read);
        source_row_uint(rows, 14, entry->bytes_read);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- system.restored_tables */

static const char *const restored_columns[] = {"database",    "String",        "table", "String", "backup",   "String",
                                               "backup_id",   "String",        "store", "String", "commit",   "UInt64",
                                               "commit_time", "DateTime64(6)", "chain", "String", "segments", "UInt64",
                                               "rows",        "UInt64",        NULL};

static void put_hex(struct source_rows *rows, uint32_t column, const uint8_t *bytes, size_t count)
{
    char text[2 * LEDGER_HASH_BYTES + 1];
    (void)sodium_bin2hex(text, sizeof text, bytes, count);
    source_row_text(rows, column, slice_text(text));
}

static struct err *restored_rows(struct table_source *source, struct arena *arena, const struct source_request *request,
                                 struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const struct store *store = system_server()->store;
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct ledger_restored restored;
    uint32_t count = 0;
    bool stop = false, found = false;

    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_tables(store->catalogue, arena, NULL, &tables, &defs, &count));
    for (uint32_t i = 0; i < count && !stop; i++) {
        OR_DONE(ledger_restored(store->ledger, arena, defs[i]->id, &restored, &found));
        if (!found) {
            continue;
        }
        char id[37];
        backups_id_text(restored.backup_id, id);
        source_row_text(rows, 0, slice_text(defs[i]->database));
        source_row_text(rows, 1, slice_text(defs[i]->name));
        source_row_text(rows, 2, restored.backup_name);
        source_row_text(rows, 3, slice_text(id));
        put_hex(rows, 4, restored.store_id, sizeof restored.store_id);
        source_row_uint(rows, 5, restored.commit);
        source_row_int(rows, 6, restored.time_us);
        put_hex(rows, 7, restored.hash, sizeof restored.hash);
        source_row_uint(rows, 8, restored.segment_count);
        source_row_uint(rows, 9, restored.row_count);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_backups_register(void)
{
    static struct system_table tables[] = {
        {.name = "backups", .columns = backup_columns, .generate = backup_rows},
        {.name = "restored_tables", .columns = restored_columns, .generate = restored_rows},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        system_table_register(&tables[i]);
    }
}
