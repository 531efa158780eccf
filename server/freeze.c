/*
 * freeze.c: see freeze.h.
 *
 * flow     partitions.c, ddl.c → here → sources and insert log are flushed → storage/backup.h
 */
#include "server/freeze.h"

#include "base/interrupt.h"
#include "base/io.h"
#include "base/number.h"
#include "ingest/source.h"
#include "server/backups.h"
#include "storage/backup.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_BYTES_MAX 250U /* of a folder's name */

/* ---- names */

/* As ClickHouse writes names of files; data NULL: memory is out. */
static struct slice escape(struct arena *arena, struct slice name)
{
    static const char digits[] = "0123456789ABCDEF";
    char *bytes = arena_alloc(arena, name.length * 3 + 1);
    size_t length = 0;

    for (size_t i = 0; bytes != NULL && i < name.length; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        bool plain =
            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
        if (plain) {
            bytes[length++] = (char)byte;
        } else {
            bytes[length++] = '%';
            bytes[length++] = digits[byte >> 4];
            bytes[length++] = digits[byte & 15];
        }
    }
    return bytes == NULL ? (struct slice){0} : slice_of(bytes, length);
}

static struct err *check_length(struct slice folder)
{
    return folder.length <= NAME_BYTES_MAX
               ? NULL
               : err_new(ERR_BAD_ARGUMENTS, "the folder of a frozen copy would have a name of %zu bytes; at most %u",
                         folder.length, NAME_BYTES_MAX);
}

static struct err *check_given(struct slice name)
{
    return name.length > 0 ? NULL : err_new(ERR_BAD_ARGUMENTS, "a frozen copy has a name");
}

/* Above all names in shadow/ that are numbers. */
static struct err *next_number(struct io *io, struct arena *arena, struct slice *out)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    uint64_t highest = 0, number;

    OR_DONE(io_list(io, "", arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (number_parse_u64(names[i], &number) && number > highest && number < UINT64_MAX) {
            highest = number;
        }
    }
    char *text = arena_format(arena, "%" PRIu64, highest + 1);
    err = text == NULL ? arena_error(arena) : NULL;
    *out = slice_text(text == NULL ? "" : text);
done:
    return err;
}

/* The folder of the name, and in it that of the table. */
static struct err *folders(struct arena *arena, struct table *table, struct slice name, const struct slice *partition,
                           char **outer, char **folder)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table);
    struct slice parts[4] = {escape(arena, name), escape(arena, slice_text(def->database)),
                             escape(arena, slice_text(def->name)),
                             escape(arena, partition == NULL        ? slice_text("")
                                           : partition->length == 0 ? slice_text("all")
                                                                    : *partition)};
    for (uint32_t i = 0; i < 4; i++) {
        if (parts[i].data == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    *outer = arena_format(arena, "%.*s", SLICE_ARG(parts[0]));
    char *inner = arena_format(arena, "%.*s.%.*s%s%.*s", SLICE_ARG(parts[1]), SLICE_ARG(parts[2]),
                               partition == NULL ? "" : ".", SLICE_ARG(parts[3]));
    *folder = *outer == NULL || inner == NULL ? NULL : arena_format(arena, "%s/%s", *outer, inner);
    if (*folder == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(check_length(parts[0]));
    err = check_length(slice_text(inner));
done:
    table_def_unref(def);
    return err;
}

/* ---- freezing */

static struct err *freeze_within(struct execution *execution, struct table *table, struct slice name,
                                 const struct slice *partition)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct backup_report report = {0};
    struct io *io = NULL;
    char *outer = NULL, *folder = NULL;
    uint64_t id = table_id(table);

    OR_DONE(backups_io(server, true, &io));
    if (name.length == 0) {
        OR_DONE(next_number(io, execution->arena, &name));
    }
    OR_DONE(folders(execution->arena, table, name, partition, &outer, &folder));
    const struct table_partition only = {id, partition == NULL ? (struct slice){0} : *partition};
    const struct backup_request request = {.to = {io, folder},
                                           .name = folder,
                                           .tables = &id,
                                           .table_count = 1,
                                           .partitions = &only,
                                           .partition_count = partition == NULL ? 0 : 1,
                                           .live_only = true};
    OR_DONE(io_make_dir(io, outer));
    err = backup_make(server->store, &request, &report);
    if (err_code(err) == ERR_BACKUP_EXISTS) {
        err_free(err);
        err = err_new(ERR_DIRECTORY_EXISTS, "Directory %s/%s already exists and is not empty", io->root, folder);
    }
done:
    return err;
}

struct err *freeze_table(struct execution *execution, struct table *table, struct slice name,
                         const struct slice *partition)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct interrupt interrupt;
    uint64_t id = table_id(table);

    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    OR_DONE(backups_check_whole(execution, &id, 1));
    sources_seal(server->sources, &id, 1);
    OR_DONE(insert_log_flush(server->store));
    if (partition != NULL) {
        OR_DONE(table_split_mixed(table));
    }
    OR_DONE(backups_freeze_begin(server));
    err = freeze_within(execution, table, name, partition);
    backups_freeze_end(server);
done:
    err = interrupt_over(err);
    interrupt_end(&interrupt);
    return err;
}

/* ---- and letting go */

static struct err *remove_folder(struct io *io, const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s%s%s", folder, name[0] == 0 ? "" : "/", name);
    return io_remove_dir(io, path);
}

/* A frozen copy; there may be none. */
static struct err *remove_copy(struct io *io, const char *folder)
{
    struct err *err = NULL;
    const struct backup_place place = {io, folder};
    bool there = false;

    OR_DONE(io_exists(io, folder, &there));
    if (!there) {
        goto done;
    }
    err = backup_remove(&place);
    if (err_code(err) == ERR_BACKUP_NOT_FOUND) { /* what a crash left, or not ours: only if it is empty */
        err_free(err);
        err = NULL;
    }
    OR_DONE(err);
    OR_DONE(remove_folder(io, folder, "packs"));
    OR_DONE(remove_folder(io, folder, "ledger"));
    err = remove_folder(io, folder, "");
done:
    return err;
}

struct err *unfreeze_table(struct execution *execution, struct table *table, struct slice name,
                           const struct slice *partition)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct io *io = NULL;
    char *outer = NULL, *folder = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    bool there = false;

    OR_DONE(check_given(name));
    OR_DONE(backups_io(server, true, &io));
    OR_DONE(folders(execution->arena, table, name, partition, &outer, &folder));
    OR_DONE(backups_freeze_begin(server));
    err = io_exists(io, outer, &there);
    if (err != NULL || !there) {
        goto over;
    }
    err = remove_copy(io, folder);
    if (err == NULL && partition == NULL) { /* copies of its partitions, too */
        err = io_list(io, outer, execution->arena, &names, &count);
    }
    struct slice own = slice_text(folder + strlen(outer) + 1);
    for (uint32_t i = 0; err == NULL && i < count; i++) {
        if (names[i].length > own.length && names[i].data[own.length] == '.' &&
            memcmp(names[i].data, own.data, own.length) == 0) {
            char *path = arena_format(execution->arena, "%s/%.*s", outer, SLICE_ARG(names[i]));
            err = path == NULL ? arena_error(execution->arena) : remove_copy(io, path);
        }
    }
    err_keep_first(&err, remove_folder(io, outer, ""));
over:
    backups_freeze_end(server);
done:
    return err;
}

struct err *execute_system_unfreeze(struct execution *execution, struct slice name)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct io *io = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    bool there = false;
    struct slice escaped = escape(execution->arena, name);
    char *outer = escaped.data == NULL ? NULL : arena_format(execution->arena, "%.*s", SLICE_ARG(escaped));

    if (outer == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    OR_DONE(check_given(name));
    OR_DONE(check_length(escaped));
    OR_DONE(backups_io(server, true, &io));
    OR_DONE(backups_freeze_begin(server));
    err = io_exists(io, outer, &there);
    if (err == NULL && there) {
        err = io_list(io, outer, execution->arena, &names, &count);
    }
    for (uint32_t i = 0; err == NULL && i < count; i++) {
        char *path = arena_format(execution->arena, "%s/%.*s", outer, SLICE_ARG(names[i]));
        err = path == NULL ? arena_error(execution->arena) : remove_copy(io, path);
    }
    if (there) {
        err_keep_first(&err, remove_folder(io, outer, ""));
    }
    backups_freeze_end(server);
done:
    return err;
}
