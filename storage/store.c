/*
 * store.c: opens a data directory and looks after its files.
 *
 * flow     server, demo, tests → here → ledger_open, catalogue_open; compactor and tables retire packs here
 * open     lock → folders → ledger (refused when packs stand beside an empty one) → orphans → catalogue
 * orphans  what the ledger does not name moves to orphans/<seconds>-<name> and is deleted a day later; after a cut tail
 *          to orphans/kept-<seconds>-<name>, which nobody deletes: it may hold rows that were thought lost
 * packs    retired → (no live segment, nobody reads it, PACK_GRACE_US over) → unlinked by store_sweep
 * thread   any after store_open; `lock` guards pins, retired packs, reserve and clock guard
 */
#include "storage/store.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/lock.h"
#include "base/log.h"
#include "storage/backup.h"
#include "storage/ledger_map.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

FAILPOINT(store_orphan_rename);
FAILPOINT(store_orphan_unlink);
FAILPOINT(store_pack_unlink);
FAILPOINT(store_sync_dir);
FAILPOINT(store_reserve_write);
FAILPOINT(store_reserve_unlink);

#define LEDGER_FOLDER     "ledger"
#define PACKS_FOLDER      "packs"
#define ORPHANS_FOLDER    "orphans"
#define INSERT_LOG_FOLDER "insert-log"
#define RESERVE_NAME      "RESERVE"

#define DAY_US                ((int64_t)24 * 3600 * 1000000)
#define PACK_GRACE_US         ((uint64_t)60 * 1000000)
#define RESERVE_BYTES_DEFAULT ((uint64_t)64 << 20)
#define RESERVE_PIECE_BYTES   ((size_t)4 << 20) /* written per sweep */
#define NAME_PATH_BYTES       1024

struct pack_state {
    uint64_t pack;
    uint64_t pins;
    bool retired;
    uint64_t retired_at_us; /* monotonic */
};

struct store_private {
    int lock_descriptor; /* −1: none */
    bool io_owned;
    struct lock lock;
    struct map packs; /* number → struct pack_state: those pinned or retired */
    _Atomic uint64_t pack_next;
    uint64_t reserve_bytes;
    uint64_t reserve_written;
    bool reserve_released; /* until there is room again */
    bool guard_armed;
    uint64_t guard_since_us; /* monotonic */
    int64_t wall_seen_us;
    uint64_t monotonic_seen_us;
};

/* ---- the lock file */

static struct err *make_directory(const char *path)
{
    char part[STORE_PATH_BYTES];
    size_t length = strlen(path);

    if (length == 0 || length >= sizeof part) {
        return err_new(ERR_BAD_ARGUMENTS, "the data directory \"%s\" has no usable name", path);
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] == '/' || path[i] == 0) {
            memcpy(part, path, i);
            part[i] = 0;
            if (mkdir(part, 0750) != 0 && errno != EEXIST) {
                return err_errno(ERR_OPEN_FILE, errno, "making the data directory \"%s\"", part);
            }
        }
    }
    return NULL;
}

static struct err *take_lock(const char *data_dir, int *descriptor_out)
{
    char path[STORE_PATH_BYTES];
    char text[32] = "";
    int written = snprintf(path, sizeof path, "%s/LOCK", data_dir);

    if (written < 0 || (size_t)written >= sizeof path) {
        return err_new(ERR_BAD_ARGUMENTS, "the data directory \"%s\" has too long a name", data_dir);
    }
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) {
        return err_errno(ERR_OPEN_FILE, errno, "opening \"%s\"", path);
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        int number = errno;
        ssize_t got = pread(descriptor, text, sizeof text - 1, 0);
        text[got > 0 ? strcspn(text, "\n") : 0] = 0;
        (void)close(descriptor);
        if (number != EWOULDBLOCK) {
            return err_errno(ERR_OPEN_FILE, number, "locking \"%s\"", path);
        }
        return err_new(ERR_OPEN_FILE,
                       "the data directory \"%s\" is in use by another weir server (pid %s); stop it first, or give "
                       "another --data-dir",
                       data_dir, text[0] == 0 ? "unknown" : text);
    }
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text, (size_t)length, 0) != length) {
        int number = errno;
        (void)close(descriptor);
        return err_errno(number == ENOSPC ? ERR_NOT_ENOUGH_SPACE : ERR_IO, number, "writing \"%s\"", path);
    }
    *descriptor_out = descriptor;
    return NULL;
}

/* ---- packs and orphans */

/* "00000042.pack" → 42; 0: another name */
static uint64_t pack_number_of(struct slice name)
{
    uint64_t number = 0;
    size_t digits = 0;

    while (digits < name.length && digits < 18 && name.data[digits] >= '0' && name.data[digits] <= '9') {
        number = number * 10 + (uint64_t)(name.data[digits++] - '0');
    }
    return digits > 0 && slice_equal(slice_of(name.data + digits, name.length - digits), slice_text(".pack")) ? number
                                                                                                              : 0;
}

void store_pack_path(const struct store *store, uint64_t pack, char path[STORE_PATH_BYTES])
{
    (void)snprintf(path, STORE_PATH_BYTES, "%s/%08" PRIu64 ".pack", store->packs_dir, pack);
}

static void saw_pack(struct store *store, uint64_t pack)
{
    struct store_private *private = store->private;
    if (pack >= atomic_load(&private->pack_next)) {
        atomic_store(&private->pack_next, pack + 1);
    }
}

/* The pack number in an orphan's name, "1763695000-00000042.pack" or "kept-…"; its time in *seconds, 0: kept. */
static uint64_t orphan_of(struct slice name, int64_t *seconds)
{
    char text[NAME_PATH_BYTES];
    char *end = NULL;

    *seconds = 0;
    if (name.length >= sizeof text) {
        return 0;
    }
    memcpy(text, name.data, name.length);
    text[name.length] = 0;
    const char *dash = strrchr(text, '-');
    if (strncmp(text, "kept-", 5) != 0) {
        long long value = strtoll(text, &end, 10);
        *seconds = value > 0 && end != text && *end == '-' ? value : 0;
    }
    return dash == NULL ? 0 : pack_number_of(slice_text(dash + 1));
}

static struct err *move_orphans(struct store *store, struct arena *arena)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t count = 0, moved = 0, live = 0;
    int64_t seconds = clock_wall_us() / 1000000;
    bool cut = ledger_tail_was_cut(store->ledger);

    OR_DONE(io_list(store->io, ORPHANS_FOLDER, arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        int64_t when = 0;
        saw_pack(store, orphan_of(names[i], &when));
    }
    OR_DONE(io_list(store->io, PACKS_FOLDER, arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        uint64_t pack = pack_number_of(names[i]);
        char from[NAME_PATH_BYTES], to[NAME_PATH_BYTES];
        saw_pack(store, pack);
        if (pack != 0 && ledger_pack_is_live(store->ledger, pack)) {
            live++;
            continue;
        }
        if (names[i].length > NAME_PATH_BYTES - 64) {
            continue;
        }
        (void)snprintf(from, sizeof from, PACKS_FOLDER "/%.*s", SLICE_ARG(names[i]));
        (void)snprintf(to, sizeof to, ORPHANS_FOLDER "/%s%" PRId64 "-%.*s", cut ? "kept-" : "", seconds,
                       SLICE_ARG(names[i]));
        OR_DONE(io_rename(store->io, from, to, &failpoint_store_orphan_rename));
        moved++;
    }
    if (moved > 0) {
        OR_DONE(io_sync_dir(store->io, ORPHANS_FOLDER, &failpoint_store_sync_dir));
        OR_DONE(io_sync_dir(store->io, PACKS_FOLDER, &failpoint_store_sync_dir));
        LOG_INFO("packs that the ledger does not name were moved to orphans", LOG_UINT("packs", moved),
                 LOG_TEXT("kept", cut ? "yes: the ledger's tail was cut" : "a day"));
    }
    if (live < ledger_pack_count(store->ledger)) {
        LOG_ERROR("packs are missing that the ledger names; weir check says which",
                  LOG_UINT("missing", ledger_pack_count(store->ledger) - live));
    }
done:
    return err_while(err, "sorting out the pack files");
}

uint64_t store_pack_next(struct store *store)
{
    return atomic_fetch_add(&store->private->pack_next, 1);
}

/* Under lock. NULL: memory is out. */
static struct pack_state *pack_state(struct store_private *private, uint64_t pack)
{
    struct map_key key = {pack, 0, 0};
    struct pack_state *state = map_find(&private->packs, key);

    if (state == NULL) {
        state = calloc(1, sizeof *state);
        if (state != NULL && !map_insert(&private->packs, key, state)) {
            free(state);
            state = NULL;
        }
        if (state != NULL) {
            state->pack = pack;
        }
    }
    return state;
}

/* Under lock. */
static void pack_state_drop(struct store_private *private, struct pack_state *state)
{
    map_remove(&private->packs, (struct map_key){state->pack, 0, 0});
    free(state);
}

void store_pack_retire(struct store *store, uint64_t pack)
{
    lock_take(&store->private->lock);
    struct pack_state *state = pack_state(store->private, pack);
    if (state != NULL && !state->retired) { /* without memory it stays until the next start makes it an orphan */
        state->retired = true;
        state->retired_at_us = clock_monotonic_us();
    }
    lock_give(&store->private->lock);
}

void store_pack_pin(struct store *store, uint64_t pack)
{
    lock_take(&store->private->lock);
    struct pack_state *state = pack_state(store->private, pack);
    if (state != NULL) {
        state->pins++;
    }
    lock_give(&store->private->lock);
}

void store_pack_unpin(struct store *store, uint64_t pack)
{
    lock_take(&store->private->lock);
    struct pack_state *state = map_find(&store->private->packs, (struct map_key){pack, 0, 0});
    if (state != NULL && state->pins > 0) {
        state->pins--;
        if (state->pins == 0 && !state->retired) {
            pack_state_drop(store->private, state);
        }
    }
    lock_give(&store->private->lock);
}

/* ---- sweeping */

/* Takes one pack that may go out of the table; 0: none. */
static uint64_t take_retired(struct store *store)
{
    struct store_private *private = store->private;
    uint64_t now = clock_monotonic_us();
    uint64_t found = 0;
    struct pack_state *state;
    size_t position = 0;

    lock_take(&private->lock);
    bool hurry = private->reserve_released; /* the disk is full */
    while (found == 0 && (state = map_next(&private->packs, &position)) != NULL) {
        if (state->retired && state->pins == 0 && (hurry || now - state->retired_at_us >= PACK_GRACE_US)) {
            found = state->pack;
            pack_state_drop(private, state);
        }
    }
    lock_give(&private->lock);
    return found;
}

static struct err *unlink_retired(struct store *store)
{
    struct err *err = NULL;
    uint64_t pack;

    while ((pack = take_retired(store)) != 0) {
        char path[STORE_PATH_BYTES];
        bool exists = false;
        if (ledger_pack_is_live(store->ledger, pack)) {
            continue; /* another segment of it lives: retired again when that one goes */
        }
        store_pack_path(store, pack, path);
        OR_DONE(io_exists(store->io, path, &exists));
        if (exists) {
            OR_DONE(io_unlink(store->io, path, &failpoint_store_pack_unlink));
        }
    }
done:
    return err;
}

static struct err *unlink_old_orphans(struct store *store)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    int64_t now = clock_wall_us() / 1000000;

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(io_list(store->io, ORPHANS_FOLDER, arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        int64_t seconds = 0;
        char path[NAME_PATH_BYTES];
        (void)orphan_of(names[i], &seconds);
        if (seconds > 0 && now - seconds > DAY_US / 1000000 && names[i].length < NAME_PATH_BYTES - 64) {
            (void)snprintf(path, sizeof path, ORPHANS_FOLDER "/%.*s", SLICE_ARG(names[i]));
            OR_DONE(io_unlink(store->io, path, &failpoint_store_orphan_unlink));
        }
    }
done:
    arena_destroy(arena);
    return err;
}

/* Fills the reserve by one piece. The bytes do not compress: file systems that do would reserve nothing. */
static struct err *fill_reserve(struct store *store)
{
    struct err *err = NULL;
    struct store_private *private = store->private;
    struct io_file *file = NULL;
    uint64_t free_bytes = 0;
    bool exists = false;
    uint64_t *piece = NULL;

    lock_take(&private->lock);
    uint64_t written = private->reserve_written;
    lock_give(&private->lock);
    if (written >= private->reserve_bytes) {
        return NULL;
    }
    OR_DONE(io_free_bytes(store->io, &free_bytes));
    if (free_bytes < 4 * private->reserve_bytes) {
        goto done;
    }
    piece = malloc(RESERVE_PIECE_BYTES);
    if (piece == NULL) {
        err = err_oom();
        goto done;
    }
    uint64_t random = written + 0x9e3779b97f4a7c15U;
    for (size_t i = 0; i < RESERVE_PIECE_BYTES / sizeof *piece; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        piece[i] = random;
    }
    OR_DONE(io_exists(store->io, RESERVE_NAME, &exists));
    OR_DONE(io_open(store->io, RESERVE_NAME, exists ? IO_WRITE : IO_CREATE, &file));
    uint64_t left = private->reserve_bytes - written;
    size_t bytes = left < RESERVE_PIECE_BYTES ? (size_t)left : RESERVE_PIECE_BYTES;
    OR_DONE(io_write(file, written, piece, bytes, &failpoint_store_reserve_write));
    lock_take(&private->lock);
    private->reserve_written = written + bytes;
    private->reserve_released = false;
    lock_give(&private->lock);
done:
    free(piece);
    io_close(file);
    return err;
}

bool store_reserve_release(struct store *store)
{
    struct store_private *private = store->private;
    bool exists = false;

    lock_take(&private->lock);
    private->reserve_written = 0;
    private->reserve_released = true;
    lock_give(&private->lock);
    struct err *err = io_exists(store->io, RESERVE_NAME, &exists);
    if (err == NULL && exists) {
        err = io_unlink(store->io, RESERVE_NAME, &failpoint_store_reserve_unlink);
        LOG_WARNING("the disk is full: the reserve was given up", LOG_UINT("bytes", private->reserve_bytes));
    }
    bool released = err == NULL && exists;
    err_free(err);
    return released;
}

static bool make_room(void *user)
{
    return store_reserve_release(user);
}

struct err *store_sweep(struct store *store)
{
    struct store_private *private = store->private;
    struct err *err = NULL;
    int64_t wall = clock_wall_us();
    uint64_t monotonic = clock_monotonic_us();

    lock_take(&private->lock);
    int64_t wall_step = wall - private->wall_seen_us;
    int64_t monotonic_step = (int64_t)(monotonic - private->monotonic_seen_us);
    if (wall_step - monotonic_step > DAY_US && !private->guard_armed) {
        private->guard_armed = true;
        private->guard_since_us = monotonic;
    }
    private->wall_seen_us = wall;
    private->monotonic_seen_us = monotonic;
    lock_give(&private->lock);

    OR_DONE(unlink_retired(store));
    OR_DONE(unlink_old_orphans(store));
    if (private->reserve_bytes > 0) {
        OR_DONE(fill_reserve(store));
    }
done:
    return err_while(err, "sweeping the data directory");
}

/* ---- the clock */

struct err *store_clock_guard(struct store *store)
{
    struct store_private *private = store->private;
    uint64_t now = clock_monotonic_us();
    struct err *err = NULL;

    lock_take(&private->lock);
    if (private->guard_armed && now - private->guard_since_us >= (uint64_t)DAY_US) {
        private->guard_armed = false;
    }
    if (private->guard_armed) {
        uint64_t left_s = ((uint64_t)DAY_US - (now - private->guard_since_us)) / 1000000;
        err = err_new(ERR_ABORTED,
                      "retention waits for %" PRIu64 " h %" PRIu64 " min more: the wall clock stands more than a day "
                      "after the last commit or jumped; check the clock, or confirm it",
                      left_s / 3600, left_s / 60 % 60);
    }
    lock_give(&private->lock);
    return err;
}

void store_clock_confirm(struct store *store)
{
    lock_take(&store->private->lock);
    store->private->guard_armed = false;
    lock_give(&store->private->lock);
}

/* ---- opening */

static struct err *has_files(struct io *io, const char *folder, struct arena *arena, bool *has)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    bool exists = false;

    OR_DONE(io_exists(io, folder, &exists));
    if (exists) {
        OR_DONE(io_list(io, folder, arena, &names, &count));
    }
    *has = *has || count > 0;
done:
    return err;
}

static struct err *open_folders(struct store *store, struct arena *arena, struct ledger_options *ledger)
{
    struct err *err = NULL;
    static const char *const folders[] = {PACKS_FOLDER, ORPHANS_FOLDER, INSERT_LOG_FOLDER};
    bool exists = false, made = false;

    OR_DONE(has_files(store->io, PACKS_FOLDER, arena, &ledger->must_exist));
    OR_DONE(has_files(store->io, INSERT_LOG_FOLDER, arena, &ledger->must_exist));
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        OR_DONE(io_exists(store->io, folders[i], &exists));
        if (!exists) {
            OR_DONE(io_make_dir(store->io, folders[i]));
            made = true;
        }
    }
    if (made) {
        OR_DONE(io_sync_dir(store->io, "", &failpoint_store_sync_dir));
    }
done:
    return err;
}

static struct err *reserve_size(struct store *store)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    bool exists = false;

    OR_DONE(io_exists(store->io, RESERVE_NAME, &exists));
    if (exists) {
        OR_DONE(io_open(store->io, RESERVE_NAME, IO_READ, &file));
        OR_DONE(io_size(file, &store->private->reserve_written));
    }
done:
    io_close(file);
    return err;
}

/* Opened and written to, a backup would be neither it any more nor the store that it came from. */
static struct err *refuse_backup(struct io *io)
{
    const struct backup_place place = {io, ""};
    bool backup = false;
    struct err *err = backup_is_there(&place, &backup);
    return err == NULL && backup ? err_new(ERR_BAD_ARGUMENTS,
                                           "\"%s\" is a backup, not a data directory: start another one and RESTORE "
                                           "into it",
                                           io->root)
                                 : err;
}

struct err *store_open(const struct store_options *options, struct store **out)
{
    struct err *err = NULL;
    struct store *store = calloc(1, sizeof *store);
    struct store_private *private = calloc(1, sizeof *private);
    struct arena *arena = arena_create(NULL);
    struct ledger_options ledger = options->ledger;
    struct commit_info last;

    if (store == NULL || private == NULL || arena == NULL) {
        free(store);
        free(private);
        arena_destroy(arena);
        return err_oom();
    }
    store->private = private;
    private->lock_descriptor = -1;
    private->reserve_bytes = options->reserve_bytes == 0            ? RESERVE_BYTES_DEFAULT
                             : options->reserve_bytes == UINT64_MAX ? 0
                                                                    : options->reserve_bytes;
    lock_init(&private->lock, LOCK_STORE);
    atomic_store(&private->pack_next, 1);
    store->data_dir = strdup(options->data_dir == NULL ? "" : options->data_dir);
    store->packs_dir = strdup(PACKS_FOLDER);
    store->insert_log_dir = strdup(INSERT_LOG_FOLDER);
    if (store->data_dir == NULL || store->packs_dir == NULL || store->insert_log_dir == NULL) {
        err = err_oom();
        goto done;
    }
    store->io = options->io;
    if (store->io == NULL) {
        OR_DONE(make_directory(store->data_dir));
        OR_DONE(take_lock(store->data_dir, &private->lock_descriptor));
        OR_DONE(io_system(store->data_dir, &store->io));
        private->io_owned = true;
    }
    OR_DONE(refuse_backup(store->io));
    OR_DONE(open_folders(store, arena, &ledger));
    ledger.make_room = make_room;
    ledger.make_room_user = store;
    OR_DONE(ledger_open(store->io, LEDGER_FOLDER, &ledger, &store->ledger));
    ledger_last_commit(store->ledger, &last);
    private->wall_seen_us = clock_wall_us();
    private->monotonic_seen_us = clock_monotonic_us();
    private->guard_armed = !ledger_is_new(store->ledger) && private->wall_seen_us - last.time_us > DAY_US;
    private->guard_since_us = private->monotonic_seen_us;
    saw_pack(store, ledger_pack_max(store->ledger));
    OR_DONE(move_orphans(store, arena));
    OR_DONE(reserve_size(store));
    OR_DONE(catalogue_open(store, store->ledger, options->hooks, &store->catalogue));
    *out = store;
    store = NULL;
done:
    arena_destroy(arena);
    if (store != NULL) {
        err_free(store_close(store));
    }
    return err_while(err, "opening the data directory \"%s\"", options->data_dir == NULL ? "" : options->data_dir);
}

struct err *store_close(struct store *store)
{
    struct err *err = NULL;

    if (store == NULL) {
        return NULL;
    }
    struct store_private *private = store->private;
    catalogue_close(store->catalogue);
    err = ledger_close(store->ledger);
    if (private->io_owned) {
        io_destroy(store->io);
    }
    if (private->lock_descriptor >= 0) {
        (void)close(private->lock_descriptor);
    }
    void *state;
    for (size_t position = 0; (state = map_next(&private->packs, &position)) != NULL;) {
        free(state);
    }
    map_deinit(&private->packs);
    lock_deinit(&private->lock);
    free(private);
    free(store->data_dir);
    free(store->packs_dir);
    free(store->insert_log_dir);
    free(store);
    return err;
}
