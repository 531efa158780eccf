/*
 * ledger_open.c: opening and recovery, the ledger's files, rotation and pruning.
 *
 * recovery   newest file: replay from its checkpoint → cut a torn tail → unless it ends with a close record, copy what
 *            is whole to "<file>.new", sync, rename over it, sync the folder: after a failed fsync the old file's
 *            pages may be in memory only. Nothing is acknowledged before. A newest file whose checkpoint is torn is an
 *            unfinished rotation: the file before it is the newest.
 * rotation   new file: header and checkpoint, sync, sync folder; only then commits go there.
 * pruning    a LEDGER_PRUNED commit says what leaves; then the files are unlinked.
 */
#include "storage/ledger.h"

#include "base/clock.h"
#include "base/pages.h"
#include "storage/ledger_private.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FAILPOINT(ledger_create);
FAILPOINT(ledger_create_sync);
FAILPOINT(ledger_create_sync_dir);
FAILPOINT(ledger_copy);
FAILPOINT(ledger_copy_sync);
FAILPOINT(ledger_copy_rename);
FAILPOINT(ledger_copy_sync_dir);
FAILPOINT(ledger_unlink);
FAILPOINT(ledger_unlink_sync_dir);

#define FILE_BYTES_DEFAULT ((uint64_t)32 << 20)

/* ---- files */

void ledger_file_path(const char *folder, uint64_t number, char path[LEDGER_PATH_BYTES])
{
    (void)snprintf(path, LEDGER_PATH_BYTES, "%s/%06" PRIu64 ".log", folder, number);
}

/* "000001.log" → 1; 0: another name */
static uint64_t file_number_of(struct slice name)
{
    uint64_t number = 0;
    size_t digits = 0;

    while (digits < name.length && name.data[digits] >= '0' && name.data[digits] <= '9' && digits < 18) {
        number = number * 10 + (uint64_t)(name.data[digits] - '0');
        digits++;
    }
    return digits >= 6 && slice_equal(slice_of(name.data + digits, name.length - digits), slice_text(".log")) ? number
                                                                                                              : 0;
}

static int number_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

struct err *ledger_file_list(struct io *io, const char *folder, struct arena *arena, uint64_t **numbers,
                             uint32_t *count)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t name_count = 0;

    *count = 0;
    OR_DONE(io_list(io, folder, arena, &names, &name_count));
    *numbers = ARENA_ARRAY(arena, uint64_t, (size_t)name_count + 1);
    if (*numbers == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < name_count; i++) {
        uint64_t number = file_number_of(names[i]);
        if (number > 0) {
            (*numbers)[(*count)++] = number;
        }
    }
    if (*count > 0) {
        qsort(*numbers, *count, sizeof **numbers, number_compare);
    }
    for (uint32_t i = 1; i < *count; i++) {
        if ((*numbers)[i] != (*numbers)[i - 1] + 1) {
            err = err_new(ERR_CORRUPT,
                          "the ledger file \"%s/%s/%06" PRIu64
                          ".log\" is missing between its neighbours; put it back, or "
                          "move the older files away to go on without their history",
                          io->root, folder, (*numbers)[i - 1] + 1);
            goto done;
        }
    }
done:
    return err;
}

struct err *ledger_file_load(struct io *io, const char *path, void **data, size_t *length, size_t *page_bytes)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    uint64_t bytes = 0;

    *data = NULL;
    *length = 0;
    *page_bytes = 0;
    OR_DONE(io_open(io, path, IO_READ, &file));
    OR_DONE(io_size(file, &bytes));
    if (bytes > LEDGER_FILE_BYTES_MAX) {
        err = err_new(ERR_CORRUPT, "ledger file \"%s/%s\" is %" PRIu64 " bytes long, more than any ledger file",
                      io->root, path, bytes);
        goto done;
    }
    if (bytes > 0) {
        *data = pages_alloc((size_t)bytes, page_bytes);
        if (*data == NULL) {
            err = err_oom();
            goto done;
        }
        OR_DONE(io_read(file, 0, *data, (size_t)bytes));
        *length = (size_t)bytes;
    }
done:
    io_close(file);
    if (err != NULL) {
        pages_free(*data, *page_bytes);
        *data = NULL;
    }
    return err;
}

/* Takes a name away, durably. */
static struct err *remove_name(struct ledger *ledger, const char *path)
{
    struct err *err = NULL;
    bool exists = false;

    OR_DONE(io_exists(ledger->io, path, &exists));
    if (exists) {
        OR_DONE(io_unlink(ledger->io, path, &failpoint_ledger_unlink));
    }
    OR_DONE(io_sync_dir(ledger->io, ledger->folder, &failpoint_ledger_unlink_sync_dir));
done:
    return err;
}

struct err *ledger_file_begin(struct ledger *ledger, uint64_t number, struct io_file **file_out, bool *lost)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    struct record_out records = {0};
    struct record_out out = {0};
    char path[LEDGER_PATH_BYTES];
    bool created = false;
    struct commit_record commit = {.time_us = clock_wall_us(), .checkpoint = true};
    struct ledger_file_header header = {.version = LEDGER_FORMAT_VERSION, .number = number};
    struct commit_info info = {0};
    uint8_t hash[LEDGER_HASH_BYTES];

    *lost = false;
    ledger_file_path(ledger->folder, number, path);
    struct ledger_state *state = ledger_state_lock(ledger);
    commit.number = state->last.number + 1;
    commit.durable = state->last.number;
    err = ledger_state_encode(state, &records);
    ledger_state_unlock(ledger);
    if (err != NULL) {
        goto done;
    }
    memcpy(hash, ledger->hash, sizeof hash);
    header.commit_first = commit.number;
    header.created_at_us = commit.time_us;
    memcpy(header.store_id, ledger->store_id, sizeof header.store_id);
    memcpy(header.hash_before, hash, sizeof header.hash_before);
    ledger_file_put_header(&out, &header);
    ledger_file_put_commit(&out, number, 0, slice_of((const char *)records.data, records.length), &commit, hash);
    if (out.failed) {
        err = err_oom();
        goto done;
    }
    created = true;
    OR_DONE(io_open(ledger->io, path, IO_CREATE, &file));
    OR_DONE(io_write(file, 0, out.data, out.length, &failpoint_ledger_create));
    OR_DONE(io_sync(file, &failpoint_ledger_create_sync));
    OR_DONE(io_sync_dir(ledger->io, ledger->folder, &failpoint_ledger_create_sync_dir));

    info.number = commit.number;
    info.time_us = commit.time_us;
    memcpy(info.hash, hash, sizeof hash);
    state = ledger_state_lock(ledger);
    ledger_state_published(state, &info);
    ledger_state_unlock(ledger);
    memcpy(ledger->hash, hash, sizeof hash);
    ledger->file_number = number;
    ledger->file_bytes = out.length;
    ledger->checkpoint_bytes = out.length;
    uint64_t more = ledger->options.file_bytes_max == 0 ? FILE_BYTES_DEFAULT : ledger->options.file_bytes_max;
    ledger->rotate_bytes = out.length + (more > out.length ? more : out.length);
    ledger->closed_cleanly = false;
    *file_out = file;
    file = NULL;
done:
    io_close(file);
    if (err != NULL && created) {
        struct err *gone = remove_name(ledger, path);
        *lost = gone != NULL;
        err_free(gone);
    }
    record_out_deinit(&records);
    record_out_deinit(&out);
    return err_while(err, "beginning the ledger file \"%s/%s\"", ledger->io->root, path);
}

/* ---- pruning */

/* The chain's head at the end of an old file, its last commit and its size; everything in it is checked. */
static struct err *file_end(struct ledger *ledger, uint64_t number, struct pruned_record *pruned)
{
    struct err *err = NULL;
    char path[LEDGER_PATH_BYTES];
    void *data = NULL;
    size_t length = 0, page_bytes = 0;
    struct ledger_scan scan;
    struct ledger_commit_place commit;
    enum ledger_scan_result result = LEDGER_SCAN_END;

    ledger_file_path(ledger->folder, number, path);
    OR_DONE(ledger_file_load(ledger->io, path, &data, &length, &page_bytes));
    OR_DONE(ledger_scan_open(&scan, path, number, data, length, &result));
    while (result == LEDGER_SCAN_COMMIT) {
        OR_DONE(ledger_scan_next(&scan, &commit, &result));
    }
    if (result == LEDGER_SCAN_TORN) {
        err = err_new(ERR_CORRUPT, "ledger file \"%s\" ends in the middle of a commit, at offset %zu", path, scan.at);
        goto done;
    }
    pruned->file_last = number;
    pruned->commit_last = scan.commit_next - 1;
    pruned->bytes += length;
    memcpy(pruned->hash, scan.hash, sizeof pruned->hash);
done:
    pages_free(data, page_bytes);
    return err;
}

static struct err *file_size(struct ledger *ledger, uint64_t number, uint64_t *bytes)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char path[LEDGER_PATH_BYTES];

    ledger_file_path(ledger->folder, number, path);
    OR_DONE(io_open(ledger->io, path, IO_READ, &file));
    OR_DONE(io_size(file, bytes));
done:
    io_close(file);
    return err;
}

/* Appends a commit of one record by the leader, outside the queue. */
static struct err *append_alone(struct ledger *ledger, const struct record_out *records, bool *lost);

static struct err *prune(struct ledger *ledger, bool *lost)
{
    struct err *err = NULL;
    struct record_out records = {0};
    uint64_t keep_from = ledger->file_number - 1; /* the newest two always stay */
    uint64_t kept = 0;

    if (ledger->options.files_bytes_max == 0 || keep_from <= ledger->file_first) {
        return NULL;
    }
    for (uint64_t number = ledger->file_number; number >= ledger->file_first; number--) {
        uint64_t bytes = 0;
        OR_DONE(file_size(ledger, number, &bytes));
        kept += bytes;
        if (kept <= ledger->options.files_bytes_max && number < keep_from) {
            keep_from = number;
        }
        if (kept > ledger->options.files_bytes_max) {
            break;
        }
    }
    if (keep_from <= ledger->file_first) {
        goto done;
    }
    struct ledger_state *state = ledger_state_lock(ledger);
    struct pruned_record pruned = state->pruned;
    ledger_state_unlock(ledger);
    for (uint64_t number = ledger->file_first; number < keep_from; number++) {
        OR_DONE(file_end(ledger, number, &pruned));
    }
    record_encode_pruned(&records, &pruned);
    OR_DONE(append_alone(ledger, &records, lost));
    for (uint64_t number = ledger->file_first; number < keep_from; number++) {
        char path[LEDGER_PATH_BYTES];
        ledger_file_path(ledger->folder, number, path);
        OR_DONE(remove_name(ledger, path));
        ledger->file_first = number + 1;
    }
done:
    record_out_deinit(&records);
    return err_while(err, "pruning the ledger's oldest files");
}

FAILPOINT(ledger_alone);
FAILPOINT(ledger_alone_sync);

static struct err *append_alone(struct ledger *ledger, const struct record_out *records, bool *lost)
{
    struct err *err = NULL;
    struct record_out out = {0};
    struct commit_record commit = {.time_us = clock_wall_us()};
    struct commit_info info = {0};
    uint8_t hash[LEDGER_HASH_BYTES];
    struct slice batch = slice_of((const char *)records->data, records->length);
    struct slice rest = batch;
    enum ledger_record_type type;
    struct slice payload;
    struct arena *arena = arena_create(NULL);

    memcpy(hash, ledger->hash, sizeof hash);
    struct ledger_state *state = ledger_state_lock(ledger);
    commit.number = state->last.number + 1;
    commit.durable = state->last.number;
    ledger_state_unlock(ledger);
    ledger_file_put_commit(&out, ledger->file_number, ledger->file_bytes, batch, &commit, hash);
    if (out.failed || records->failed || arena == NULL) {
        err = err_oom();
        goto done;
    }
    err = io_write(ledger->file, ledger->file_bytes, out.data, out.length, &failpoint_ledger_alone);
    if (err != NULL) {
        struct err *cut = io_truncate(ledger->file, ledger->file_bytes);
        *lost = cut != NULL;
        err_free(cut);
        goto done;
    }
    err = io_sync(ledger->file, &failpoint_ledger_alone_sync);
    if (err != NULL) {
        *lost = true;
        goto done;
    }
    ledger->file_bytes += out.length;
    memcpy(ledger->hash, hash, sizeof hash);
    info.number = commit.number;
    info.time_us = commit.time_us;
    memcpy(info.hash, hash, sizeof info.hash);
    state = ledger_state_lock(ledger);
    while (err == NULL && record_next(&rest, &type, &payload)) {
        err = ledger_state_publish(state, arena, type, payload, false, &info);
    }
    ledger_state_published(state, &info);
    ledger_state_unlock(ledger);
done:
    arena_destroy(arena);
    record_out_deinit(&out);
    return err;
}

struct err *ledger_rotate(struct ledger *ledger, bool *lost)
{
    struct err *err = NULL;
    struct io_file *file = NULL;

    OR_DONE(ledger_file_begin(ledger, ledger->file_number + 1, &file, lost));
    io_close(ledger->file);
    ledger->file = file;
    OR_DONE(prune(ledger, lost));
done:
    return err;
}

/* ---- recovery */

/* A file image on its way through recovery. */
struct image {
    char path[LEDGER_PATH_BYTES];
    uint64_t number;
    void *data;
    size_t length;
    size_t page_bytes;
    struct ledger_scan scan;
    bool torn;   /* bytes behind scan.at are thrown away */
    bool closed; /* the last commit is a close */
};

/* Loads a file and replays it into the state. *torn_first: not even its first commit is whole; nothing is replayed. */
static struct err *image_replay(struct ledger *ledger, struct image *image, uint64_t number, bool *torn_first)
{
    struct err *err = NULL;
    enum ledger_scan_result result = LEDGER_SCAN_END;
    struct ledger_commit_place commit;
    struct arena *arena = arena_create(NULL);

    *torn_first = false;
    image->number = number;
    image->torn = false;
    image->closed = false;
    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    ledger_file_path(ledger->folder, number, image->path);
    OR_DONE(ledger_file_load(ledger->io, image->path, &image->data, &image->length, &image->page_bytes));
    OR_DONE(ledger_scan_open(&image->scan, image->path, number, image->data, image->length, &result));
    if (result == LEDGER_SCAN_COMMIT) {
        OR_DONE(ledger_scan_next(&image->scan, &commit, &result));
    }
    if (result == LEDGER_SCAN_TORN) {
        *torn_first = true;
        goto done;
    }
    ledger->checkpoint_bytes = image->scan.at;
    while (result == LEDGER_SCAN_COMMIT) {
        OR_DONE(ledger_replay(&image->scan, &commit, &ledger->state, arena));
        image->closed = ledger_commit_is_close(&image->scan, &commit);
        OR_DONE(ledger_scan_next(&image->scan, &commit, &result));
    }
    image->torn = result == LEDGER_SCAN_TORN;
done:
    arena_destroy(arena);
    return err;
}

static void image_free(struct image *image)
{
    pages_free(image->data, image->page_bytes);
    image->data = NULL;
    image->page_bytes = 0;
}

/* Puts the whole commits of the image into a new synced file under the same name. */
static struct err *image_copy(struct ledger *ledger, const struct image *image)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char path[LEDGER_PATH_BYTES + 8];

    (void)snprintf(path, sizeof path, "%s.new", image->path);
    OR_DONE(io_open(ledger->io, path, IO_CREATE, &file));
    OR_DONE(io_write(file, 0, image->data, image->scan.at, &failpoint_ledger_copy));
    OR_DONE(io_sync(file, &failpoint_ledger_copy_sync));
    OR_DONE(io_rename(ledger->io, path, image->path, &failpoint_ledger_copy_rename));
    OR_DONE(io_sync_dir(ledger->io, ledger->folder, &failpoint_ledger_copy_sync_dir));
done:
    io_close(file);
    return err_while(err, "copying the ledger's tail after an unclean stop");
}

static struct err *must_exist_error(const struct ledger *ledger, const char *what)
{
    return err_new(ERR_CORRUPT,
                   "the ledger in \"%s/%s\" %s, but there are packs beside it: the folder is not opened as if it were "
                   "new; put the ledger's files back, or move the packs away to begin an empty store",
                   ledger->io->root, ledger->folder, what);
}

static struct err *genesis(struct ledger *ledger)
{
    struct err *err = NULL;
    struct commit_info none = {0};
    struct record_out records = {0};
    struct arena *arena = arena_create(NULL);
    struct slice batch, payload;
    enum ledger_record_type type;
    bool lost = false;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    randombytes_buf(ledger->store_id, sizeof ledger->store_id);
    record_encode_text(&records, LEDGER_DATABASE_CREATE, slice_text("default"));
    record_encode_text(&records, LEDGER_DATABASE_CREATE, slice_text("system"));
    if (records.failed) {
        err = err_oom();
        goto done;
    }
    batch = slice_of((const char *)records.data, records.length);
    while (record_next(&batch, &type, &payload)) {
        OR_DONE(ledger_state_publish(&ledger->state, arena, type, payload, false, &none));
    }
    OR_DONE(ledger_file_begin(ledger, 1, &ledger->file, &lost));
    ledger->file_first = 1;
    ledger->is_new = true;
done:
    arena_destroy(arena);
    record_out_deinit(&records);
    return err;
}

static void set_rotation(struct ledger *ledger)
{
    uint64_t more = ledger->options.file_bytes_max == 0 ? FILE_BYTES_DEFAULT : ledger->options.file_bytes_max;
    ledger->rotate_bytes =
        ledger->checkpoint_bytes + (more > ledger->checkpoint_bytes ? more : ledger->checkpoint_bytes);
}

/* Copies that a crash left unfinished: their originals are still there. */
static struct err *remove_copies(struct ledger *ledger, struct arena *arena)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    static const struct slice end = {".log.new", 8};

    OR_DONE(io_list(ledger->io, ledger->folder, arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].length > end.length &&
            memcmp(names[i].data + names[i].length - end.length, end.data, end.length) == 0) {
            char path[LEDGER_PATH_BYTES];
            (void)snprintf(path, sizeof path, "%s/%.*s", ledger->folder, SLICE_ARG(names[i]));
            OR_DONE(io_unlink(ledger->io, path, &failpoint_ledger_unlink));
        }
    }
done:
    return err;
}

static struct err *recover(struct ledger *ledger)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct image image = {0};
    uint64_t *numbers = NULL;
    uint32_t count = 0;
    bool torn_first = false;
    const bool read_only = ledger->options.read_only;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    if (!read_only) {
        OR_DONE(remove_copies(ledger, arena));
    }
    OR_DONE(ledger_file_list(ledger->io, ledger->folder, arena, &numbers, &count));
    if (count == 0) {
        if (ledger->options.must_exist || read_only) {
            err = must_exist_error(ledger, "has no files");
            goto done;
        }
        OR_DONE(genesis(ledger));
        goto done;
    }
    ledger->file_first = numbers[0];
    OR_DONE(image_replay(ledger, &image, numbers[count - 1], &torn_first));
    if (torn_first) { /* an unfinished rotation, or a first start that did not get far */
        ledger->tail_cut = true;
        if (count == 1) {
            if (ledger->options.must_exist || read_only || image.number != 1) {
                err = must_exist_error(ledger, "has no whole commit");
                goto done;
            }
            OR_DONE(remove_name(ledger, image.path));
            OR_DONE(genesis(ledger));
            goto done;
        }
        char unfinished[LEDGER_PATH_BYTES];
        memcpy(unfinished, image.path, sizeof unfinished);
        image_free(&image);
        OR_DONE(image_replay(ledger, &image, numbers[count - 2], &torn_first));
        if (torn_first) {
            err = err_new(ERR_CORRUPT, "ledger file \"%s/%s\" has no whole commit, and neither has the one after it",
                          ledger->io->root, image.path);
            goto done;
        }
        if (!read_only) {
            OR_DONE(remove_name(ledger, unfinished));
        }
    }
    ledger->tail_cut = ledger->tail_cut || image.torn;
    ledger->file_number = image.number;
    ledger->file_bytes = image.scan.at;
    ledger->closed_cleanly = image.closed && !image.torn;
    memcpy(ledger->hash, image.scan.hash, sizeof ledger->hash);
    memcpy(ledger->store_id, image.scan.header.store_id, sizeof ledger->store_id);
    set_rotation(ledger);
    if (!read_only) {
        if (!ledger->closed_cleanly) {
            OR_DONE(image_copy(ledger, &image));
        }
        OR_DONE(io_open(ledger->io, image.path, IO_WRITE, &ledger->file));
    }
done:
    image_free(&image);
    arena_destroy(arena);
    return err;
}

struct err *ledger_open(struct io *io, const char *folder, const struct ledger_options *options, struct ledger **out)
{
    struct err *err = NULL;
    struct ledger *ledger = calloc(1, sizeof *ledger);
    bool exists = false;

    if (ledger == NULL || sodium_init() < 0) {
        free(ledger);
        return err_oom();
    }
    ledger->io = io;
    ledger->options = *options;
    lock_init(&ledger->mutex, LOCK_LEDGER);
    lock_init(&ledger->streams, LOCK_STREAMS);
    condition_init(&ledger->moved);
    ledger_state_init(&ledger->state);
    ledger->folder = strdup(folder);
    if (ledger->folder == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(io_exists(io, folder, &exists));
    if (!exists) {
        if (options->must_exist || options->read_only) {
            err = must_exist_error(ledger, "is missing");
            goto done;
        }
        OR_DONE(io_make_dir(io, folder));
        OR_DONE(io_sync_dir(io, "", &failpoint_ledger_create_sync_dir));
    }
    OR_DONE(recover(ledger));
    if (options->read_only) {
        ledger->failed = err_new(ERR_TABLE_READ_ONLY, "the ledger was opened for reading");
    }
    *out = ledger;
    ledger = NULL;
done:
    if (ledger != NULL) {
        err_free(ledger->failed);
        ledger->failed = err_new(ERR_TABLE_READ_ONLY, "the ledger did not open");
        err_free(ledger_close(ledger));
    }
    return err_while(err, "opening the ledger");
}

struct err *ledger_close(struct ledger *ledger)
{
    struct err *err = NULL;
    struct record_out records = {0};
    bool lost = false;

    if (ledger == NULL) {
        return NULL;
    }
    ASSERT(ledger->queue_first == NULL && !ledger->leading);
    if (ledger->failed == NULL && !ledger->closed_cleanly) {
        record_end(&records, record_begin(&records, LEDGER_CLOSE));
        err = append_alone(ledger, &records, &lost);
        record_out_deinit(&records);
    }
    io_close(ledger->file);
    ledger_state_deinit(&ledger->state);
    lock_deinit(&ledger->mutex);
    lock_deinit(&ledger->streams);
    condition_deinit(&ledger->moved);
    err_free(ledger->failed);
    free(ledger->folder);
    free(ledger);
    return err_while(err, "closing the ledger");
}
