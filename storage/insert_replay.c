/*
 * insert_replay.c: reading the insert log: its rows that are in no segment yet go back into heads after a start.
 *
 * flow     insert_log_open → here → heads; storage/check.c (weir check) → insert_log_walk
 * rule     a file counts up to the first sequence of the next one. What cannot be read at the end of the newest file
 *          was never acknowledged; a whole record behind it means damage.
 */
#include "base/log.h"
#include "base/pages.h"
#include "storage/insert_log_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct loaded {
    char *data;
    size_t length; /* 0: nothing of it can be read */
    size_t page_bytes;
    uint64_t number;
    uint64_t bytes;
    uint64_t first; /* sequence of its first record; UINT64_MAX: none */
};

static uint64_t file_number_of(struct slice name)
{
    uint64_t number = 0;
    size_t at = 0;
    while (at < name.length && at < 18 && name.data[at] >= '0' && name.data[at] <= '9') {
        number = number * 10 + (uint64_t)(name.data[at++] - '0');
    }
    return at > 0 && slice_equal(slice_of(name.data + at, name.length - at), slice_text(".log")) ? number : 0;
}

static void walk_path(const struct insert_walk *walk, uint64_t number, char path[STORE_PATH_BYTES])
{
    (void)snprintf(path, STORE_PATH_BYTES, "%s/%08" PRIu64 ".log", walk->folder, number);
}

/* A whole record of a later group somewhere behind `at`: then what stands at `at` was synced, and is damaged. */
static bool group_behind(const struct loaded *file, size_t at)
{
    struct insert_record record;
    for (size_t i = at + 8; i + INSERT_RECORD_HEADER_BYTES <= file->length; i += 8) {
        if (insert_record_read(slice_of(file->data + i, file->length - i), &record) > 0 && record.group > at) {
            return true;
        }
    }
    return false;
}

/* Bytes from `at` on mean nothing; the first such place is kept. */
static void walk_unread(struct insert_walk *walk, const struct loaded *file, uint64_t at)
{
    if (walk->unread_file == 0 && file->bytes > at) {
        walk->unread_file = file->number;
        walk->unread_at = at;
        walk->unread_bytes = file->bytes - at;
    }
}

static struct err *file_load(struct insert_walk *walk, uint64_t number, struct loaded *out)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char path[STORE_PATH_BYTES];
    uint64_t bytes = 0;

    walk_path(walk, number, path);
    *out = (struct loaded){.number = number, .first = UINT64_MAX};
    OR_DONE(io_open(walk->io, path, IO_READ, &file));
    OR_DONE(io_size(file, &bytes));
    out->bytes = bytes;
    if (bytes > INSERT_FILE_BYTES_MAX * 4) {
        err = err_new(ERR_CORRUPT, "\"%s\" has %" PRIu64 " bytes, too many for an insert log", path, bytes);
        goto done;
    }
    if (bytes >= INSERT_FILE_HEADER_BYTES) {
        out->data = pages_alloc(bytes, &out->page_bytes);
        if (out->data == NULL) {
            err = err_oom();
            goto done;
        }
        OR_DONE(io_read(file, 0, out->data, bytes));
        out->length = bytes;
        uint64_t header[2];
        memcpy(header, out->data, sizeof(header));
        struct insert_record record;
        struct slice rest = slice_of(out->data + INSERT_FILE_HEADER_BYTES, bytes - INSERT_FILE_HEADER_BYTES);
        bool whole = insert_record_read(rest, &record) > 0;
        if (header[0] != INSERT_LOG_MAGIC) {
            /* the header is synced with the first group: only a later one shows that it ever was */
            if (group_behind(out, INSERT_FILE_HEADER_BYTES)) {
                err = err_new(ERR_CORRUPT, "\"%s\" does not begin as an insert log", path);
                goto done;
            }
            out->length = 0; /* its first sync never happened */
            goto done;
        }
        if (header[1] != INSERT_LOG_VERSION) {
            err = err_new(ERR_NEWER_VERSION, "\"%s\" has version %" PRIu64 "; this program reads %u", path, header[1],
                          INSERT_LOG_VERSION);
            goto done;
        }
        if (whole) {
            out->first = record.sequence;
        }
    }
done:
    io_close(file);
    return err;
}

/* Records of one file from `expected` on and below `limit`. */
static struct err *file_walk(struct insert_walk *walk, const struct loaded *file, uint64_t limit, bool newest)
{
    struct err *err = NULL;
    char path[STORE_PATH_BYTES];
    size_t at = INSERT_FILE_HEADER_BYTES;
    uint64_t behind = file->first;

    walk_path(walk, file->number, path);
    while (at < file->length) {
        struct insert_record record;
        size_t length = insert_record_read(slice_of(file->data + at, file->length - at), &record);
        if (length == 0) {
            if (newest && !walk->any && group_behind(file, at)) {
                err = err_new(ERR_CORRUPT, "\"%s\": the record at byte %zu is damaged, whole ones follow", path, at);
                goto done;
            }
            walk_unread(walk, file, at);
            break;
        }
        if (record.sequence >= limit) {
            break;
        }
        if (record.sequence >= walk->covered) {
            if (record.sequence != walk->expected && !walk->any) {
                err =
                    err_new(ERR_CORRUPT, "\"%s\": the record at byte %zu has sequence %" PRIu64 " instead of %" PRIu64,
                            path, at, record.sequence, walk->expected);
                goto done;
            }
            OR_DONE(err_while(walk->record(walk->user, &record), "\"%s\", record at byte %zu", path, at));
            walk->expected = record.sequence + 1;
        }
        behind = record.sequence + 1;
        walk->records++;
        at += length;
    }
    if (limit != UINT64_MAX && walk->expected < limit && limit > walk->covered && !walk->any) {
        err = err_new(ERR_CORRUPT, "\"%s\" is damaged at byte %zu: INSERTs %" PRIu64 " to %" PRIu64 " cannot be read",
                      path, at, walk->expected, limit - 1);
        goto done;
    }
    if (limit != UINT64_MAX && behind < limit) {
        walk_unread(walk, file, at);
    }
    if (walk->file != NULL) {
        OR_DONE(walk->file(walk->user, file->number, walk->expected, file->bytes));
    }
done:
    return err;
}

struct err *insert_log_walk(struct insert_walk *walk)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    struct loaded current = {0}, next = {0};

    walk->expected = walk->covered;
    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(io_list(walk->io, walk->folder, arena, &names, &count));
    /* names are sorted, numbers have eight digits; two files are in memory at a time */
    for (uint32_t i = 0; i < count; i++) {
        uint64_t number = file_number_of(names[i]);
        if (number == 0) {
            continue;
        }
        walk->file_number = number > walk->file_number ? number : walk->file_number;
        err = file_load(walk, number, &next);
        if (walk->any && (err_code(err) == ERR_OPEN_FILE || err_code(err) == ERR_CORRUPT)) {
            err_free(err); /* it went meanwhile, or is damaged: the others are read */
            err = NULL;
            pages_free(next.data, next.page_bytes);
            next = (struct loaded){0};
            continue;
        }
        OR_DONE(err);
        if (next.first == UINT64_MAX) {
            /* nothing whole in it: it says nothing about those before it */
            if (!walk->any && next.length > INSERT_FILE_HEADER_BYTES && group_behind(&next, 0)) {
                err = err_new(ERR_CORRUPT, "\"%.*s\": the first record is damaged, whole ones follow",
                              SLICE_ARG(names[i]));
                goto done;
            }
            walk_unread(walk, &next, next.length < INSERT_FILE_HEADER_BYTES ? 0 : INSERT_FILE_HEADER_BYTES);
            if (walk->file != NULL) {
                OR_DONE(walk->file(walk->user, number, 0, next.bytes));
            }
            pages_free(next.data, next.page_bytes);
            next = (struct loaded){0};
            continue;
        }
        if (current.data != NULL && next.first < current.first && !walk->any) {
            err = err_new(ERR_CORRUPT, "\"%s/%.*s\" begins with sequence %" PRIu64 ", the file before it with %" PRIu64,
                          walk->folder, SLICE_ARG(names[i]), next.first, current.first);
            goto done;
        }
        if (current.data != NULL) {
            OR_DONE(file_walk(walk, &current, next.first, false));
        } else if (next.first > walk->covered && !walk->any) {
            err = err_new(ERR_CORRUPT,
                          "\"%s/%.*s\": the insert log begins with sequence %" PRIu64
                          ", segments hold all below %" PRIu64,
                          walk->folder, SLICE_ARG(names[i]), next.first, walk->covered);
            goto done;
        }
        pages_free(current.data, current.page_bytes);
        current = next;
        next = (struct loaded){0};
    }
    if (current.data != NULL) {
        OR_DONE(file_walk(walk, &current, UINT64_MAX, true));
    }
done:
    pages_free(current.data, current.page_bytes);
    pages_free(next.data, next.page_bytes);
    arena_destroy(arena);
    return err_while(err, "reading the insert log");
}

struct err *insert_record_rows(const struct insert_record *record, const struct table_def *def, void *user,
                               struct err *(*chunk_add)(void *user, struct chunk *chunk))
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL), *work = NULL;
    uint64_t rows = 0;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    if (def == NULL) {
        err = err_new(ERR_CORRUPT, "an INSERT into table %" PRIu64 " has schema version %u, which never was",
                      record->table_id, record->schema_version);
        goto done;
    }
    const struct type **types = ARENA_ARRAY(arena, const struct type *, def->column_count + 1);
    if (types == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        types[i] = def->columns[i].type;
    }
    struct slice bytes = record->chunks;
    while (bytes.length > 0) {
        struct chunk *chunk = NULL;
        arena_destroy(work);
        work = arena_create(NULL);
        if (work == NULL) {
            err = err_oom();
            goto done;
        }
        OR_DONE(insert_chunk_decode(work, &bytes, types, def->column_count, &chunk));
        rows += chunk->row_count;
        if (chunk_add != NULL) {
            OR_DONE(chunk_add(user, chunk));
        }
    }
    if (rows != record->row_count) {
        err = err_new(ERR_CORRUPT, "an INSERT has %" PRIu64 " rows instead of %" PRIu64, rows, record->row_count);
    }
done:
    arena_destroy(work);
    arena_destroy(arena);
    return err;
}

/* ---- replay */
struct replay {
    struct insert_log *log;
    struct table *table;
    const struct table_def *def;
    uint64_t sequence;
};

static struct err *chunk_replay(void *user, struct chunk *chunk)
{
    struct replay *replay = user;
    return insert_heads_append(replay->log, replay->table, replay->def, &chunk, 1, replay->sequence);
}

static struct err *record_replay(void *user, const struct insert_record *record)
{
    struct err *err = NULL;
    struct insert_log *log = user;
    struct table *table = catalogue_table_by_id(log->store->catalogue, record->table_id);
    struct table_def *def = NULL;

    if (table == NULL) {
        goto done; /* dropped since */
    }
    def = catalogue_table_version(log->store->catalogue, record->table_id, record->schema_version);
    if (def != NULL) { /* it was altered since: these rows are committed by its expressions of that time */
        OR_DONE(table_program_need(table, def));
    }
    struct replay replay = {log, table, def, record->sequence};
    OR_DONE(insert_record_rows(record, def, &replay, chunk_replay));
    if (record->token != 0) {
        struct insert_token *tokens = realloc(log->tokens, (log->token_count + 1) * sizeof(*tokens));
        if (tokens == NULL) {
            err = err_oom();
            goto done;
        }
        log->tokens = tokens;
        tokens[log->token_count++] =
            (struct insert_token){record->table_id, record->token, true, record->time_us, record->sequence};
    }
done:
    table_def_unref(def);
    table_unref(table);
    return err;
}

static struct err *file_replay(void *user, uint64_t number, uint64_t end, uint64_t bytes)
{
    return insert_file_note(user, number, end, bytes);
}

struct err *insert_log_replay(struct insert_log *log)
{
    struct err *err = NULL;
    struct insert_walk walk = {.io = log->store->io,
                               .folder = log->store->insert_log_dir,
                               .covered = log->covered,
                               .user = log,
                               .record = record_replay,
                               .file = file_replay};

    OR_DONE(io_make_dir(log->store->io, log->store->insert_log_dir));
    OR_DONE(insert_log_walk(&walk));
    log->file_number = walk.file_number > log->file_number ? walk.file_number : log->file_number;
    log->sequence = log->published = log->replayed = walk.expected;
    if (walk.unread_file > 0) {
        LOG_WARNING("insert_log_unread", LOG_UINT("file", walk.unread_file), LOG_UINT("byte", walk.unread_at),
                    LOG_UINT("bytes", walk.unread_bytes));
    }
    if (walk.expected > log->covered) {
        LOG_INFO("insert_log_replayed", LOG_UINT("inserts", walk.expected - log->covered));
    }
done:
    return err;
}
