/*
 * backup_read.c: opens a backup, and says what is in it.
 *
 * flow     server/restore.c → here → backup_manifest.c, ledger_open.c (the cut)
 */
#include "storage/backup_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening */

static void first_problem(void *user, struct err *err)
{
    struct err **first = user;
    err_keep_first(first, err);
}

struct err *backup_damaged(struct err *err, const struct backup *backup)
{
    if (err == NULL || err_code(err) == ERR_BACKUP_NOT_FOUND || err_code(err) == ERR_BACKUP_VERSION ||
        err_code(err) == ERR_OOM || err_code(err) == ERR_QUERY_CANCELLED || err_code(err) == ERR_BACKUP_DAMAGED) {
        return err;
    }
    struct err *told = err_new(ERR_BACKUP_DAMAGED, "the backup \"%s/%s\" is damaged: %s", backup->place.io->root,
                               backup->place.folder, err_message(err));
    err_free(err);
    return told;
}

/* Everything in the cut that a restore knows how to make. */
static struct err *check_records(struct backup *backup)
{
    struct err *err = NULL;
    struct record_out records = {0};
    enum ledger_record_type type;
    struct slice payload;
    struct ledger_state *state = ledger_state_lock(backup->ledger);

    bool right = state->last.number == backup->manifest.at.number + 1 &&
                 state->pruned.commit_last == backup->manifest.at.number &&
                 memcmp(state->pruned.hash, backup->manifest.at.hash, sizeof state->pruned.hash) == 0;
    err = right ? ledger_state_encode(state, &records)
                : err_new(ERR_BACKUP_DAMAGED, "the backup's ledger is of another commit than its manifest says");
    ledger_state_unlock(backup->ledger);
    struct slice batch = slice_of((const char *)records.data, records.length);
    while (err == NULL && record_next(&batch, &type, &payload)) {
        switch (type) {
        case LEDGER_CHECKPOINT:
        case LEDGER_DATABASE_CREATE:
        case LEDGER_TABLE:
        case LEDGER_STREAM:
        case LEDGER_INCARNATION:
        case LEDGER_SOURCE:
        case LEDGER_OBJECT:
        case LEDGER_VIEW_STOPPED:
        case LEDGER_VIEW_REFRESHED:
        case LEDGER_CHECKPOINT_COVERAGE:
        case LEDGER_CHECKPOINT_ROWS:
        case LEDGER_SEGMENT_ADD:
        case LEDGER_SEGMENT_PLACE:
        case LEDGER_SEGMENT_CODEC:
        case LEDGER_ROWS_DELETED:
        case LEDGER_TOKEN:
        case LEDGER_RESTORED:
        case LEDGER_PRUNED:
        case LEDGER_EXPIRY:
        case LEDGER_QUARANTINE:    /* its segment is refused if this table is restored */
        case LEDGER_SEGMENTS_MOVE: /* what is detached or left, and holds, are the old table's */
        case LEDGER_REMOVALS:
        case LEDGER_HOLD:
            break;
        default:
            err = err_new(ERR_NOT_IMPLEMENTED, "RESTORE of a backup with the record \"%s\" is not supported yet",
                          record_type_name(type));
        }
    }
    record_out_deinit(&records);
    return err;
}

struct err *backup_open(const struct backup_place *place, struct backup **out)
{
    struct err *err = NULL, *bad = NULL;
    struct ledger_options options = {.read_only = true};
    char path[BACKUP_PATH_BYTES];
    struct backup *backup = calloc(1, sizeof *backup);

    if (backup == NULL) {
        return err_oom();
    }
    backup->arena = arena_create(NULL);
    const char *folder = backup->arena == NULL ? NULL : arena_text(backup->arena, slice_text(place->folder));
    if (folder == NULL) {
        err = err_oom();
        goto done;
    }
    backup->place = (struct backup_place){place->io, folder};
    OR_DONE(backup_manifest_read(place, backup->arena, &backup->manifest));
    OR_DONE(backup_check_files(place, first_problem, &bad));
    OR_DONE(backup_damaged(bad, backup));
    backup_path(path, place->folder, "ledger");
    OR_DONE(backup_damaged(ledger_open(place->io, path, &options, &backup->ledger), backup));
    OR_DONE(check_records(backup));
    *out = backup;
    backup = NULL;
done:
    backup_close(backup);
    return err;
}

void backup_close(struct backup *backup)
{
    if (backup != NULL) {
        err_free(ledger_close(backup->ledger));
        arena_destroy(backup->arena);
        free(backup);
    }
}

const struct backup_manifest *backup_manifest(const struct backup *backup)
{
    return &backup->manifest;
}

/* ---- what is in it. The ledger is read-only: its state stands still, also without the lock. */

static int name_compare(const char *database, const char *name, const char *other_database, const char *other)
{
    int order = strcmp(database, other_database);
    return order != 0 ? order : strcmp(name, other);
}

static int table_compare(const void *a, const void *b)
{
    const struct table_def *x = *(const struct table_def *const *)a, *y = *(const struct table_def *const *)b;
    return name_compare(x->database, x->name, y->database, y->name);
}

static int object_compare(const void *a, const void *b)
{
    const struct object_def *x = *(const struct object_def *const *)a, *y = *(const struct object_def *const *)b;
    return name_compare(x->database, x->name, y->database, y->name);
}

static int source_compare(const void *a, const void *b)
{
    const struct source_def *x = *(const struct source_def *const *)a, *y = *(const struct source_def *const *)b;
    return name_compare(x->database, x->name, y->database, y->name);
}

struct err *backup_tables(struct backup *backup, struct arena *arena, const struct table_def ***out, uint32_t *count)
{
    const struct map *map = &backup->ledger->state.tables;
    size_t position = 0;
    const struct table_entry *entry;

    *count = 0;
    *out = ARENA_ARRAY(arena, const struct table_def *, map->count + 1);
    if (*out == NULL) {
        return arena_error(arena);
    }
    while ((entry = map_next(map, &position)) != NULL) {
        (*out)[(*count)++] = entry->versions[entry->version_count - 1];
    }
    qsort(*out, *count, sizeof **out, table_compare);
    return NULL;
}

struct err *backup_objects(struct backup *backup, struct arena *arena, const struct object_def ***out, uint32_t *count)
{
    const struct map *map = &backup->ledger->state.objects;
    size_t position = 0;
    const struct object_entry *entry;

    *count = 0;
    *out = ARENA_ARRAY(arena, const struct object_def *, map->count + 1);
    if (*out == NULL) {
        return arena_error(arena);
    }
    while ((entry = map_next(map, &position)) != NULL) {
        (*out)[(*count)++] = entry->def;
    }
    qsort(*out, *count, sizeof **out, object_compare);
    return NULL;
}

struct err *backup_sources(struct backup *backup, struct arena *arena, const struct source_def ***out, uint32_t *count)
{
    const struct map *map = &backup->ledger->state.sources;
    size_t position = 0;
    const struct source_entry *entry;

    *count = 0;
    *out = ARENA_ARRAY(arena, const struct source_def *, map->count + 1);
    if (*out == NULL) {
        return arena_error(arena);
    }
    while ((entry = map_next(map, &position)) != NULL) {
        (*out)[(*count)++] = entry->def;
    }
    qsort(*out, *count, sizeof **out, source_compare);
    return NULL;
}

const struct table_def *backup_table_version(struct backup *backup, uint64_t id, uint32_t version)
{
    const struct table_entry *entry = state_table(&backup->ledger->state, id);
    return entry == NULL || version == 0 || version > entry->version_count ? NULL : entry->versions[version - 1];
}
