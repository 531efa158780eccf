/*
 * check.c: reads a whole data directory against its ledger.
 *
 * flow     server/check.c (weir check) → here → ledger_verify.c, anchor.c, ledger_open.c (read-only), verify.c
 *          (segments), insert_replay.c
 * order    the ledger first: without it nothing says which packs there should be
 */
#include "storage/check.h"

#include "base/io.h"
#include "storage/anchor.h"
#include "storage/backup.h"
#include "storage/block_cache.h"
#include "storage/insert_log_private.h"
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"
#include "storage/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Blocks are read once: the cache only has to hold one granule's. */
#define CACHE_BYTES     ((uint64_t)8 << 20)
#define PATH_BYTES      4096
#define PACK_NAME_BYTES 64

struct check {
    struct io *io;
    void (*problem)(void *user, const char *text);
    void *user;
    struct check_report *report;
    struct block_cache *cache;
};

static void tell(struct check *check, struct err *err)
{
    check->report->problems++;
    if (check->problem != NULL) {
        check->problem(check->user, err_message(err));
    }
    err_free(err);
}

/* Held while the check runs, so that no server starts; the file may be missing (a copy of a directory). */
static struct err *lock_directory(const char *data_dir, int *descriptor)
{
    char path[PATH_BYTES];

    *descriptor = -1;
    (void)snprintf(path, sizeof path, "%s/LOCK", data_dir);
    *descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (*descriptor < 0) {
        return errno == ENOENT ? NULL : err_errno(ERR_OPEN_FILE, errno, "opening \"%s\"", path);
    }
    if (flock(*descriptor, LOCK_SH | LOCK_NB) != 0) {
        (void)close(*descriptor);
        *descriptor = -1;
        return err_new(ERR_OPEN_FILE, "the data directory \"%s\" is in use by a weir server; stop it first", data_dir);
    }
    return NULL;
}

/* Packs one after the other: the segments are ordered by table, so each pack's header is checked at its first sight. */
static struct err *check_packs(struct check *check, struct ledger *ledger)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL, *detached = NULL;
    struct slice *names = NULL;
    uint32_t count = 0, detached_count = 0, name_count = 0;
    uint64_t pack_before = 0;
    bool exists = false;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(ledger_segments(ledger, arena, 0, &segments, &count));
    OR_DONE(ledger_detached(ledger, arena, 0, &detached, &detached_count));
    check->report->packs = ledger_pack_count(ledger);
    check->report->detached = detached_count;
    for (uint32_t i = 0; i < count + detached_count; i++) {
        const struct ledger_segment *segment = i < count ? &segments[i] : &detached[i - count];
        char path[PACK_NAME_BYTES];
        (void)snprintf(path, sizeof path, "packs/%08" PRIu64 ".pack", segment->pack);
        struct err *bad = segment->pack == pack_before ? NULL : pack_verify_header(check->io, path);
        if (bad == NULL) {
            bad = segment_verify(check->io, check->cache, path, segment);
        }
        if (bad != NULL) {
            tell(check, err_while(bad, "pack \"%s/%s\", segment at offset %" PRIu64 " of table %" PRIu64,
                                  check->io->root, path, segment->offset, segment->table_id));
        }
        pack_before = segment->pack;
        check->report->segments++;
        check->report->rows += ledger_segment_live_rows(segment);
        check->report->bytes += segment->length;
    }
    OR_DONE(io_exists(check->io, "packs", &exists));
    if (exists) {
        OR_DONE(io_list(check->io, "packs", arena, &names, &name_count));
    }
    for (uint32_t i = 0; i < name_count; i++) {
        unsigned long long pack = 0;
        char text[PACK_NAME_BYTES];
        (void)snprintf(text, sizeof text, "%.*s", SLICE_ARG(names[i]));
        if (sscanf(text, "%llu.pack", &pack) != 1 || !ledger_pack_is_live(ledger, pack)) {
            check->report->orphans++;
        }
    }
done:
    arena_destroy(arena);
    return err;
}

/* "default.flights: 'case 4711'", one a line, as many as the report has room for. */
static struct err *list_holds(struct check *check, struct ledger *ledger)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct ledger_hold *holds = NULL;
    uint32_t count = 0;
    size_t length = 0;

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(ledger_holds(ledger, arena, 0, &holds, &count));
    check->report->holds = count;
    for (uint32_t i = 0; i < count; i++) {
        const struct table_entry *table = state_table(&ledger->state, holds[i].table_id);
        const struct table_def *def = table->versions[table->version_count - 1];
        size_t room = sizeof(check->report->held) - length;
        int written = snprintf(check->report->held + length, room, "%s.%s: '%.*s'\n", def->database, def->name,
                               SLICE_ARG(holds[i].reason));
        if (written < 0 || (size_t)written >= room) {
            check->report->held[length] = 0;
            break;
        }
        length += (size_t)written;
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *check_insert(void *user, const struct insert_record *record)
{
    struct ledger *ledger = user;
    const struct table_entry *table = state_table(&ledger->state, record->table_id);
    if (table == NULL) {
        return NULL; /* dropped since */
    }
    bool known = record->schema_version > 0 && record->schema_version <= table->version_count;
    return insert_record_rows(record, known ? table->versions[record->schema_version - 1] : NULL, NULL, NULL);
}

/* The rows that a start would read back. */
static struct err *check_insert_log(struct check *check, struct ledger *ledger)
{
    struct err *err = NULL;
    struct insert_walk walk = {.io = check->io,
                               .folder = "insert-log",
                               .covered = ledger_insert_log_sequence(ledger),
                               .user = ledger,
                               .record = check_insert};
    bool exists = false;

    OR_DONE(io_exists(check->io, walk.folder, &exists));
    if (!exists) {
        goto done;
    }
    struct err *bad = insert_log_walk(&walk);
    if (bad != NULL) {
        tell(check, bad);
    }
    check->report->inserts = walk.expected - walk.covered;
    check->report->insert_log_unread_file = walk.unread_file;
    check->report->insert_log_unread_at = walk.unread_at;
    check->report->insert_log_unread_bytes = walk.unread_bytes;
done:
    return err;
}

static void tell_backup(void *user, struct err *err)
{
    tell(user, err);
}

/* A backup has a manifest besides its ledger and packs. */
static struct err *check_backup(struct check *check)
{
    struct err *err = NULL;
    const struct backup_place place = {check->io, ""};
    bool unfinished = false;

    OR_DONE(backup_is_there(&place, &check->report->is_backup));
    OR_DONE(io_exists(check->io, BACKUP_MARK, &unfinished));
    if (check->report->is_backup) {
        err = backup_check_files(&place, tell_backup, check);
    } else if (unfinished) {
        tell(check, err_new(ERR_BACKUP_NOT_FOUND, "the backup \"%s\" was never finished: it is none", check->io->root));
    }
done:
    return err;
}

struct err *store_check(const char *data_dir, struct io *io, const struct anchor *anchor,
                        void (*problem)(void *user, const char *text), void *user, struct check_report *report)
{
    struct err *err = NULL;
    struct check check = {.io = io, .problem = problem, .user = user, .report = report};
    struct ledger *ledger = NULL;
    struct ledger_options options = {.read_only = true};
    struct ledger_mark mark = {.commit = anchor == NULL ? 0 : anchor->commit};
    int lock = -1;

    *report = (struct check_report){0};
    check.cache = block_cache_create(CACHE_BYTES);
    if (check.cache == NULL) {
        err = err_oom();
        goto done;
    }
    if (io == NULL) {
        OR_DONE(io_system(data_dir, &check.io));
        OR_DONE(lock_directory(data_dir, &lock));
    }
    OR_DONE(check_backup(&check));
    struct err *bad = ledger_verify_mark(check.io, "ledger", &mark, &report->ledger);
    report->ledger_good = bad == NULL;
    report->tail_torn = report->ledger.torn_bytes > 0;
    if (bad != NULL) {
        tell(&check, bad);
    } else if (anchor != NULL) {
        bad = anchor_compare(anchor, &mark, &report->ledger);
        report->anchor_proven = bad == NULL;
        if (bad != NULL) {
            tell(&check, bad);
        }
    }
    bad = ledger_open(check.io, "ledger", &options, &ledger);
    if (bad != NULL) { /* told already, unless the newest file alone is unreadable */
        if (report->ledger_good) {
            tell(&check, bad);
        } else {
            err_free(bad);
        }
        goto done;
    }
    OR_DONE(check_packs(&check, ledger));
    OR_DONE(check_insert_log(&check, ledger));
    OR_DONE(list_holds(&check, ledger));
done:
    err_free(ledger_close(ledger));
    block_cache_destroy(check.cache);
    if (io == NULL) {
        io_destroy(check.io);
    }
    if (lock >= 0) {
        (void)close(lock);
    }
    return err_while(err, "checking \"%s\"", data_dir);
}
