/*
 * verify.c: one table of a running server against its ledger; one segment against its record.
 *
 * flow     server/verify.c (VERIFY TABLE), check.c (weir check) → here → ledger_verify.c, segment_check.c
 */
#include "storage/verify.h"

#include "base/io.h"
#include "storage/block_cache.h"
#include "storage/quarantine.h"
#include "storage/row_set.h"
#include "storage/segment.h"
#include "storage/segment_layout.h"
#include "storage/store.h"
#include "storage/table_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Blocks are read once: the cache only has to hold one granule's. */
#define CACHE_BYTES ((uint64_t)8 << 20)
#define PATH_BYTES  4096

struct err *pack_verify_header(struct io *io, const char *path)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    uint8_t expected[PACK_HEADER_BYTES] = {'W', 'E', 'I', 'R', 'P', 'A', 'C', 'K'}, header[PACK_HEADER_BYTES];

    OR_DONE(io_open(io, path, IO_READ, &file));
    OR_DONE(io_read(file, 0, header, sizeof header));
    expected[8] = header[8];
    if (memcmp(header, expected, sizeof header) != 0 || header[8] == 0 || header[8] > PACK_FORMAT_VERSION) {
        err = err_new(ERR_CORRUPT, "the pack file's header, at offset 0, is not one of version 1 to %u",
                      PACK_FORMAT_VERSION);
    }
done:
    io_close(file);
    return err;
}

/* The list of deleted rows is what the ledger names, and so are these rows. */
static struct err *deleted_verify(struct io *io, struct block_cache *cache, const char *segment_path,
                                  struct segment *segment, const struct ledger_segment *record)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct row_set *deleted = NULL;
    char path[PATH_BYTES];
    unsigned __int128 sum;

    if (arena == NULL) {
        return err_oom();
    }
    const char *name = strrchr(segment_path, '/'); /* of the segment's pack, beside which the list's is */
    int folder = name == NULL ? 0 : (int)(name + 1 - segment_path);
    (void)snprintf(path, sizeof path, "%.*s%08" PRIu64 ".pack", folder, segment_path, record->deleted.pack);
    OR_DONE(pack_verify_header(io, path));
    OR_DONE(deleted_read(io, cache, path, record, arena, &deleted));
    OR_DONE(row_set_sum(deleted, NULL, segment, &sum));
    if (sum != record->deleted.row_sum) {
        err = err_new(ERR_CORRUPT,
                      "\"%s\" at offset %" PRIu64 ": the rows that it says were deleted are others than those of the "
                      "ledger: their row sums differ",
                      path, record->deleted.offset);
    }
done:
    arena_destroy(arena);
    return err;
}

struct err *segment_verify(struct io *io, struct block_cache *cache, const char *path,
                           const struct ledger_segment *record)
{
    struct err *err = NULL;
    struct segment *segment = NULL;
    struct segment_place place = {.path = path,
                                  .pack = record->pack,
                                  .offset = record->offset,
                                  .length = record->length,
                                  .footer_hash = record->footer_hash};

    OR_DONE(segment_open(io, cache, &place, &segment));
    if (segment_row_count(segment) != record->row_count || segment_row_sum(segment) != record->row_sum) {
        err =
            err_new(ERR_CORRUPT, "the segment says %" PRIu64 " rows, the ledger %" PRIu64 "; or their row sums differ",
                    segment_row_count(segment), record->row_count);
        goto done;
    }
    if (segment_table_id(segment) != record->table_id || segment_schema_version(segment) != record->schema_version) {
        err = err_new(ERR_CORRUPT, "the segment is of table %" PRIu64 ", schema version %u; the ledger says %u",
                      segment_table_id(segment), segment_schema_version(segment), record->schema_version);
        goto done;
    }
    OR_DONE(segment_check(segment));
    if (record->deleted.row_count > 0) {
        OR_DONE(deleted_verify(io, cache, path, segment, record));
    }
done:
    segment_unref(segment);
    return err;
}

/* The files must hold what this server wrote: not only a chain, but its chain. */
static struct err *verify_ledger(struct store *store, struct verify_report *report)
{
    struct err *err = NULL;
    struct commit_info last;
    ledger_last_commit(store->ledger, &last);
    struct ledger_mark mark = {.commit = last.number};

    OR_DONE(ledger_verify_mark(store->io, "ledger", &mark, &report->ledger));
    if (!mark.found || memcmp(mark.hash, last.hash, sizeof mark.hash) != 0) {
        err = err_new(ERR_CORRUPT,
                      "the ledger's files, up to commit %" PRIu64 ", are not those of the running server: its commit "
                      "%" PRIu64 " %s",
                      report->ledger.commit_last, last.number, mark.found ? "has another hash" : "is missing");
    }
done:
    return err;
}

/* What only keeps the work from being done is no problem of the data. */
static bool is_problem(const struct err *err)
{
    return err_code(err) == ERR_CORRUPT || err_code(err) == ERR_OPEN_FILE || err_code(err) == ERR_IO ||
           err_code(err) == ERR_NEWER_VERSION || err_code(err) == ERR_LOGICAL;
}

/* One segment: damage puts it into quarantine, and wholeness takes it out again. */
static struct err *verify_one(struct table *table, struct table_segment *segment, struct block_cache *cache,
                              bool with_header)
{
    struct store *store = table->store;
    char path[STORE_PATH_BYTES];
    store_pack_path(store, segment->info.pack, path);
    struct err *err = segment_verify(store->io, cache, path, &segment->info);
    if (err == NULL) {
        err = quarantine_end(table, segment);
    } else if (is_problem(err)) {
        struct err *told = quarantine_read(table, segment, err_copy(err));
        err_free(told);
    }
    if (err == NULL && with_header) {
        err = pack_verify_header(store->io, path);
    }
    return err_while(err, "verifying pack \"%s/%s\", segment at offset %" PRIu64, store->io->root, path,
                     segment->info.offset);
}

static struct err *verify_segments(struct table *table, const struct table_version *version, int64_t from_us,
                                   int64_t to_us, struct verify_report *report, struct err **problem)
{
    struct err *err = NULL;
    uint64_t pack_before = 0;
    struct block_cache *cache = block_cache_create(CACHE_BYTES);

    if (cache == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < version->segment_count; i++) {
        const struct ledger_segment *segment = &version->segments[i]->info;
        bool timed = segment->time_min_us <= segment->time_max_us;
        if (timed && (segment->time_max_us < from_us || segment->time_min_us >= to_us)) {
            continue;
        }
        err = verify_one(table, version->segments[i], cache, segment->pack != pack_before);
        pack_before = segment->pack;
        if (err != NULL && !is_problem(err)) {
            goto done;
        }
        report->damaged += table_segment_damage(version->segments[i]) != NULL ? 1 : 0;
        if (err != NULL) {
            err_keep_first(problem, err);
            err = NULL;
            continue;
        }
        report->segments++;
        report->rows += ledger_segment_live_rows(segment);
        report->bytes += segment->length;
    }
done:
    block_cache_destroy(cache);
    return err;
}

struct err *table_verify(struct table *table, int64_t from_us, int64_t to_us, struct verify_report *report,
                         struct err **problem)
{
    struct err *err = NULL;
    struct table_version *version = table_version_take(table);

    *report = (struct verify_report){0};
    *problem = NULL;
    OR_DONE(verify_ledger(table->store, report));
    OR_DONE(verify_segments(table, version, from_us, to_us, report, problem));
done:
    table_version_unref(version);
    if (err != NULL && is_problem(err)) {
        err_keep_first(problem, err);
        err = NULL;
    }
    return err;
}
