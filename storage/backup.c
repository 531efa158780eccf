/*
 * backup.c: making a backup.
 *
 * flow     server/backup.c (BACKUP) → here → ledger_cut.c, backup_manifest.c
 * order    mark → cut, packs pinned → packs linked or copied, synced → ledger → manifest → rename of the mark.
 *          Nothing is held meanwhile but the pins: ingest, merges and queries go on.
 * base     a pack of the same store and number is the same file: it is linked from the base instead of copied
 */
#include "storage/backup.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/io.h"
#include "storage/ledger_cut.h"
#include "storage/ledger_map.h"
#include "storage/store.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

FAILPOINT(backup_mark);
FAILPOINT(backup_mark_sync);
FAILPOINT(backup_link);
FAILPOINT(backup_copy);
FAILPOINT(backup_copy_sync);
FAILPOINT(backup_ledger);
FAILPOINT(backup_ledger_sync);
FAILPOINT(backup_finish);
FAILPOINT(backup_finish_sync);
FAILPOINT(backup_finish_rename);
FAILPOINT(backup_sync_dir);
FAILPOINT(backup_remove);
FAILPOINT(backup_remove_mark);

#define PIECE_BYTES ((size_t)1 << 20)

struct making {
    struct store *store;
    const struct backup_request *request;
    struct backup_report *report;
    struct map pinned; /* pack number → struct backup_pack */
    bool failed;       /* memory was out while packs were pinned */
    struct backup_pack *packs;
    uint32_t pack_count;
    struct backup_manifest base; /* pack_count 0 without one */
};

/* ---- directories */

static struct err *sync_folder(const struct backup_place *to, const char *name)
{
    char path[BACKUP_PATH_BYTES];
    backup_path(path, to->folder, name);
    return io_sync_dir(to->io, path, &failpoint_backup_sync_dir);
}

static struct err *clear_folder(const struct backup_place *to, const char *name, struct arena *arena)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    bool exists = false;
    char folder[BACKUP_PATH_BYTES], path[BACKUP_PATH_BYTES], text[BACKUP_PATH_BYTES];

    backup_path(folder, to->folder, name);
    OR_DONE(io_exists(to->io, folder, &exists));
    if (!exists) {
        goto done;
    }
    OR_DONE(io_list(to->io, folder, arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        (void)snprintf(text, sizeof text, "%.*s", SLICE_ARG(names[i]));
        backup_path(path, folder, text);
        OR_DONE(io_unlink(to->io, path, &failpoint_backup_remove));
    }
    if (count > 0) {
        err = io_sync_dir(to->io, folder, &failpoint_backup_sync_dir);
    }
done:
    return err;
}

/* What an unfinished backup left; the mark stays. */
static struct err *clear(const struct backup_place *to)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(clear_folder(to, "packs", arena));
    OR_DONE(clear_folder(to, "ledger", arena));
done:
    arena_destroy(arena);
    return err;
}

struct err *backup_remove(const struct backup_place *place)
{
    struct err *err = NULL;
    bool whole = false, unfinished = false;
    char file[BACKUP_PATH_BYTES], mark[BACKUP_PATH_BYTES];

    backup_path(file, place->folder, BACKUP_FILE);
    backup_path(mark, place->folder, BACKUP_MARK);
    OR_DONE(io_exists(place->io, file, &whole));
    OR_DONE(io_exists(place->io, mark, &unfinished));
    if (!whole && !unfinished) {
        err = err_new(ERR_BACKUP_NOT_FOUND, "Backup \"%s/%s\" not found", place->io->root, place->folder);
        goto done;
    }
    if (whole) {
        OR_DONE(io_rename(place->io, file, mark, &failpoint_backup_remove_mark));
        OR_DONE(sync_folder(place, ""));
    }
    OR_DONE(clear(place));
    OR_DONE(io_unlink(place->io, mark, &failpoint_backup_remove));
    err = sync_folder(place, "");
done:
    return err_while(err, "removing the backup \"%s\"", place->folder);
}

/* The directory with its mark: new, or one that an unfinished backup left. *mark is open. */
static struct err *begin(const struct backup_place *to, struct io_file **mark)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    bool whole = false, unfinished = false;
    char path[BACKUP_PATH_BYTES];

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(io_make_dir(to->io, to->folder));
    OR_DONE(io_list(to->io, to->folder, arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        whole = whole || slice_equal(names[i], slice_text(BACKUP_FILE));
        unfinished = unfinished || slice_equal(names[i], slice_text(BACKUP_MARK));
    }
    if (whole || (count > 0 && !unfinished)) {
        err = err_new(ERR_BACKUP_EXISTS, "Backup \"%s/%s\" already exists%s", to->io->root, to->folder,
                      whole ? "" : ", or the directory holds something else");
        goto done;
    }
    backup_path(path, to->folder, BACKUP_MARK);
    if (unfinished) {
        OR_DONE(clear(to));
        OR_DONE(io_open(to->io, path, IO_WRITE, mark));
        OR_DONE(io_truncate(*mark, 0));
    } else {
        OR_DONE(io_open(to->io, path, IO_CREATE, mark));
    }
    OR_DONE(io_write(*mark, 0, "unfinished\n", 11, &failpoint_backup_mark));
    OR_DONE(io_sync(*mark, &failpoint_backup_mark_sync));
    OR_DONE(sync_folder(to, ""));
    OR_DONE(io_sync_dir(to->io, "", &failpoint_backup_sync_dir));
    backup_path(path, to->folder, "packs");
    OR_DONE(io_make_dir(to->io, path));
    backup_path(path, to->folder, "ledger");
    OR_DONE(io_make_dir(to->io, path));
    OR_DONE(sync_folder(to, ""));
done:
    arena_destroy(arena);
    return err;
}

/* ---- packs */

/* Under the ledger's lock: the pack is live, so nobody has unlinked it. */
static void pin(void *user, uint64_t number)
{
    struct making *making = user;
    struct map_key key = {number, 0, 0};
    if (map_find(&making->pinned, key) != NULL) {
        return;
    }
    struct backup_pack *pack = calloc(1, sizeof *pack);
    if (pack == NULL || !map_insert(&making->pinned, key, pack)) {
        free(pack);
        making->failed = true;
        return;
    }
    pack->number = number;
    store_pack_pin(making->store, number);
}

static int pack_compare(const void *a, const void *b)
{
    const struct backup_pack *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static struct err *sort_packs(struct making *making, struct arena *arena)
{
    size_t position = 0;
    const struct backup_pack *pack;

    making->packs = ARENA_ARRAY(arena, struct backup_pack, making->pinned.count + 1);
    if (making->packs == NULL || making->failed) {
        return making->failed ? err_oom() : arena_error(arena);
    }
    while ((pack = map_next(&making->pinned, &position)) != NULL) {
        making->packs[making->pack_count++] = *pack;
    }
    qsort(making->packs, making->pack_count, sizeof *making->packs, pack_compare);
    return NULL;
}

static void unpin_all(struct making *making)
{
    size_t position = 0;
    struct backup_pack *pack;
    while ((pack = map_next(&making->pinned, &position)) != NULL) {
        store_pack_unpin(making->store, pack->number);
        free(pack);
    }
    map_deinit(&making->pinned);
}

static struct err *copy(struct io *from_io, const char *from, struct io *to_io, const char *to, uint64_t *bytes)
{
    struct err *err = NULL;
    struct io_file *source = NULL, *target = NULL;
    char *piece = malloc(PIECE_BYTES);

    if (piece == NULL) {
        return err_oom();
    }
    OR_DONE(io_open(from_io, from, IO_READ, &source));
    OR_DONE(io_size(source, bytes));
    OR_DONE(io_open(to_io, to, IO_CREATE, &target));
    for (uint64_t at = 0; at < *bytes; at += PIECE_BYTES) {
        size_t length = *bytes - at < PIECE_BYTES ? (size_t)(*bytes - at) : PIECE_BYTES;
        OR_DONE(interrupt_check());
        OR_DONE(io_read(source, at, piece, length));
        OR_DONE(io_write(target, at, piece, length, &failpoint_backup_copy));
    }
    OR_DONE(io_sync(target, &failpoint_backup_copy_sync));
done:
    free(piece);
    io_close(source);
    io_close(target);
    return err;
}

static struct err *link_pack(struct making *making, struct io *from_io, const char *from, const char *to,
                             struct backup_pack *pack, bool *linked)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    struct io *to_io = making->request->to.io;

    OR_DONE(io_link(from_io, from, to_io, to, &failpoint_backup_link, linked));
    if (*linked) {
        OR_DONE(io_open(to_io, to, IO_READ, &file));
        OR_DONE(io_size(file, &pack->bytes));
        making->report->linked++;
    }
done:
    io_close(file);
    return err;
}

static const struct backup_pack *base_pack(const struct making *making, uint64_t number)
{
    const struct backup_pack key = {number, 0};
    return making->base.pack_count == 0
               ? NULL
               : bsearch(&key, making->base.packs, making->base.pack_count, sizeof key, pack_compare);
}

/* From the base if it has it, else from the store; linked or copied. */
static struct err *take_pack(struct making *making, struct backup_pack *pack)
{
    struct err *err = NULL;
    const struct backup_request *request = making->request;
    char to[BACKUP_PATH_BYTES], from[STORE_PATH_BYTES], there[BACKUP_PATH_BYTES];
    bool linked = false;

    OR_DONE(interrupt_check());
    backup_pack_path(to, request->to.folder, pack->number);
    store_pack_path(making->store, pack->number, from);
    if (base_pack(making, pack->number) != NULL) {
        backup_pack_path(there, request->base.folder, pack->number);
        OR_DONE(link_pack(making, request->base.io, there, to, pack, &linked));
    }
    if (!linked) {
        OR_DONE(link_pack(making, making->store->io, from, to, pack, &linked));
    }
    if (!linked) {
        OR_DONE(copy(making->store->io, from, request->to.io, to, &pack->bytes));
    }
    making->report->files++;
    making->report->bytes += pack->bytes;
done:
    return err;
}

/* ---- all of it */

static struct err *base_read(struct making *making, struct arena *arena)
{
    struct err *err = NULL;
    const struct backup_request *request = making->request;
    uint8_t store_id[LEDGER_STORE_ID_BYTES];

    if (request->base_name == NULL) {
        return NULL;
    }
    OR_DONE(backup_manifest_read(&request->base, arena, &making->base));
    ledger_store_id(making->store->ledger, store_id);
    if (memcmp(store_id, making->base.store_id, sizeof store_id) != 0) {
        err = err_new(ERR_WRONG_BASE_BACKUP, "Backup %s cannot be the base of another: it is of another store",
                      request->base_name);
    }
done:
    return err;
}

static struct err *write_ledger(struct making *making, const struct record_out *file)
{
    struct err *err = NULL;
    const struct backup_place *to = &making->request->to;
    struct io_file *target = NULL;
    char path[BACKUP_PATH_BYTES];

    backup_path(path, to->folder, BACKUP_LEDGER);
    OR_DONE(io_open(to->io, path, IO_CREATE, &target));
    OR_DONE(io_write(target, 0, file->data, file->length, &failpoint_backup_ledger));
    OR_DONE(io_sync(target, &failpoint_backup_ledger_sync));
    OR_DONE(sync_folder(to, "ledger"));
    making->report->files++;
    making->report->bytes += file->length;
done:
    io_close(target);
    return err;
}

/* The manifest takes the place of the mark's text, and then its name: from then on it is a backup. */
static struct err *finish(struct making *making, struct io_file *mark, const struct record_out *file,
                          struct arena *arena)
{
    struct err *err = NULL;
    const struct backup_request *request = making->request;
    char from[BACKUP_PATH_BYTES], to[BACKUP_PATH_BYTES];
    struct backup_manifest manifest = {.name = slice_text(request->name),
                                       .base = slice_text(request->base_name == NULL ? "" : request->base_name),
                                       .at = making->report->at,
                                       .ledger_bytes = file->length,
                                       .ledger_hash = hash_of(file->data, file->length),
                                       .packs = making->packs,
                                       .pack_count = making->pack_count};

    memcpy(manifest.id, making->report->id, sizeof manifest.id);
    ledger_store_id(making->store->ledger, manifest.store_id);
    struct slice text = backup_manifest_text(arena, &manifest);
    if (text.data == NULL) {
        return err_oom();
    }
    OR_DONE(io_truncate(mark, 0));
    OR_DONE(io_write(mark, 0, text.data, text.length, &failpoint_backup_finish));
    OR_DONE(io_sync(mark, &failpoint_backup_finish_sync));
    backup_path(from, request->to.folder, BACKUP_MARK);
    backup_path(to, request->to.folder, BACKUP_FILE);
    OR_DONE(io_rename(request->to.io, from, to, &failpoint_backup_finish_rename));
    OR_DONE(sync_folder(&request->to, ""));
done:
    return err;
}

struct err *backup_make(struct store *store, const struct backup_request *request, struct backup_report *report)
{
    struct err *err = NULL;
    struct making making = {.store = store, .request = request, .report = report};
    struct ledger_cut cut = {.tables = request->tables,
                             .table_count = request->table_count,
                             .objects = request->objects,
                             .object_count = request->object_count,
                             .partitions = request->partitions,
                             .partition_count = request->partition_count,
                             .live_only = request->live_only,
                             .pack = pin,
                             .user = &making};
    struct record_out file = {0};
    struct io_file *mark = NULL;
    bool begun = false;
    struct arena *arena = arena_create(NULL);

    *report = (struct backup_report){0};
    if (arena == NULL) {
        return err_oom();
    }
    randombytes_buf(report->id, sizeof report->id);
    report->id[6] = (uint8_t)((report->id[6] & 0x0f) | 0x40); /* a random UUID, RFC 9562 */
    report->id[8] = (uint8_t)((report->id[8] & 0x3f) | 0x80);
    OR_DONE(base_read(&making, arena));
    OR_DONE(begin(&request->to, &mark));
    begun = true;
    OR_DONE(ledger_cut(store->ledger, &cut, &file, &report->at));
    OR_DONE(sort_packs(&making, arena));
    for (uint32_t i = 0; i < making.pack_count; i++) {
        OR_DONE(take_pack(&making, &making.packs[i]));
    }
    OR_DONE(sync_folder(&request->to, "packs"));
    OR_DONE(write_ledger(&making, &file));
    OR_DONE(finish(&making, mark, &file, arena));
done:
    io_close(mark);
    if (err != NULL && begun) {
        bool whole = false;
        err_free(backup_is_there(&request->to, &whole));
        if (!whole) { /* room again; the mark says what the rest is */
            err_free(clear(&request->to));
        }
    }
    unpin_all(&making);
    record_out_deinit(&file);
    arena_destroy(arena);
    return err_while(err, "making the backup \"%s\"", request->name);
}
