/*
 * insert_replay.c: the insert log's rows that are in no segment yet, back into heads after a start.
 *
 * flow     insert_log_open → here → heads
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
    size_t length;
    size_t page_bytes;
    uint64_t number;
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

static struct err *file_load(struct insert_log *log, uint64_t number, struct loaded *out)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char path[STORE_PATH_BYTES];
    uint64_t bytes = 0;

    insert_file_path(log, number, path);
    *out = (struct loaded){.number = number, .first = UINT64_MAX};
    OR_DONE(io_open(log->store->io, path, IO_READ, &file));
    OR_DONE(io_size(file, &bytes));
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

static struct err *record_replay(struct insert_log *log, const struct insert_record *record)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table *table = catalogue_table_by_id(log->store->catalogue, record->table_id);
    struct table_def *def = NULL;
    uint64_t rows = 0;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    if (table == NULL) {
        goto done; /* dropped since */
    }
    def = catalogue_table_version(log->store->catalogue, record->table_id, record->schema_version);
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
        struct arena *work = arena_create(NULL);
        struct chunk *chunk = NULL;
        err = work == NULL ? err_oom() : insert_chunk_decode(work, &bytes, types, def->column_count, &chunk);
        if (err == NULL) {
            rows += chunk->row_count;
            err = insert_heads_append(log, table, def, &chunk, 1, record->sequence);
        }
        arena_destroy(work);
        if (err != NULL) {
            goto done;
        }
    }
    if (rows != record->row_count) {
        err = err_new(ERR_CORRUPT, "an INSERT has %" PRIu64 " rows instead of %" PRIu64, rows, record->row_count);
        goto done;
    }
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
    arena_destroy(arena);
    return err;
}

/* Records of one file from `expected` on and below `limit`. */
static struct err *file_replay(struct insert_log *log, const struct loaded *file, uint64_t limit, bool newest,
                               uint64_t *expected)
{
    struct err *err = NULL;
    char path[STORE_PATH_BYTES];
    size_t at = INSERT_FILE_HEADER_BYTES;

    insert_file_path(log, file->number, path);
    while (at < file->length) {
        struct insert_record record;
        size_t length = insert_record_read(slice_of(file->data + at, file->length - at), &record);
        if (length == 0) {
            if (newest && group_behind(file, at)) {
                err = err_new(ERR_CORRUPT, "\"%s\": the record at byte %zu is damaged, whole ones follow", path, at);
                goto done;
            }
            break;
        }
        if (record.sequence >= limit) {
            break;
        }
        if (record.sequence >= log->covered) {
            if (record.sequence != *expected) {
                err =
                    err_new(ERR_CORRUPT, "\"%s\": the record at byte %zu has sequence %" PRIu64 " instead of %" PRIu64,
                            path, at, record.sequence, *expected);
                goto done;
            }
            OR_DONE(err_while(record_replay(log, &record), "\"%s\", record at byte %zu", path, at));
            *expected = record.sequence + 1;
        }
        at += length;
    }
    if (limit != UINT64_MAX && *expected < limit && limit > log->covered) {
        err = err_new(ERR_CORRUPT, "\"%s\" is damaged at byte %zu: INSERTs %" PRIu64 " to %" PRIu64 " cannot be read",
                      path, at, *expected, limit - 1);
        goto done;
    }
    OR_DONE(insert_file_note(log, file->number, *expected, file->length));
done:
    return err;
}

struct err *insert_log_replay(struct insert_log *log)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    struct loaded current = {0}, next = {0};
    uint64_t expected = log->covered;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(io_make_dir(log->store->io, log->store->insert_log_dir));
    OR_DONE(io_list(log->store->io, log->store->insert_log_dir, arena, &names, &count));
    /* names are sorted, numbers have eight digits; two files are in memory at a time */
    for (uint32_t i = 0; i < count; i++) {
        uint64_t number = file_number_of(names[i]);
        if (number == 0) {
            continue;
        }
        log->file_number = number > log->file_number ? number : log->file_number;
        OR_DONE(file_load(log, number, &next));
        if (next.first == UINT64_MAX) {
            /* nothing whole in it: it says nothing about those before it */
            if (next.length > INSERT_FILE_HEADER_BYTES && group_behind(&next, 0)) {
                err = err_new(ERR_CORRUPT, "\"%.*s\": the first record is damaged, whole ones follow",
                              SLICE_ARG(names[i]));
                goto done;
            }
            OR_DONE(insert_file_note(log, number, 0, next.length));
            pages_free(next.data, next.page_bytes);
            next = (struct loaded){0};
            continue;
        }
        if (current.data != NULL) {
            OR_DONE(file_replay(log, &current, next.first, false, &expected));
        } else if (next.first > log->covered) {
            err = err_new(ERR_CORRUPT,
                          "the insert log begins with sequence %" PRIu64 ", segments hold all below %" PRIu64,
                          next.first, log->covered);
            goto done;
        }
        pages_free(current.data, current.page_bytes);
        current = next;
        next = (struct loaded){0};
    }
    if (current.data != NULL) {
        OR_DONE(file_replay(log, &current, UINT64_MAX, true, &expected));
    }
    log->sequence = log->published = log->replayed = expected;
    if (expected > log->covered) {
        LOG_INFO("insert_log_replayed", LOG_UINT("inserts", expected - log->covered));
    }
done:
    pages_free(current.data, current.page_bytes);
    pages_free(next.data, next.page_bytes);
    arena_destroy(arena);
    return err_while(err, "reading the insert log");
}
