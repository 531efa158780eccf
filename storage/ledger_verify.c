/*
 * ledger_verify.c: reads the whole ledger again and proves what can be proven without anchors.
 *
 * flow     weir check, VERIFY → here → ledger_file.c (checksums, chain), ledger_state.c (coverage, row conservation)
 * proves   every record's checksum; the chain within and across files; that coverage is gapless and merges conserve
 *          rows; that each checkpoint is, byte for byte, the state that the commits before it build. It reaches back to
 *          genesis, or to the checkpoint of the oldest file whose predecessors were pruned as the ledger itself says.
 * thread   any; beside a running server it sees a prefix of the newest file
 */
#include "storage/ledger.h"

#include "base/interrupt.h"
#include "base/pages.h"
#include "storage/ledger_private.h"

#include <inttypes.h>
#include <string.h>

struct verify {
    struct io *io;
    const char *folder;
    struct ledger_state state;
    struct arena *arena;
    struct ledger_report *report;
    struct ledger_mark *mark;        /* or NULL */
    uint8_t hash[LEDGER_HASH_BYTES]; /* at the end of the last file */
};

/* The state must encode to the very records of the checkpoint. */
static bool has_removals(const struct ledger_scan *scan, const struct ledger_commit_place *commit)
{
    struct slice payload;
    uint32_t type = 0;
    size_t at = commit->begin;
    bool found = false;
    while (!found && ledger_scan_record(scan, commit, &at, &type, &payload)) {
        found = type == LEDGER_REMOVALS;
    }
    return found;
}

static struct err *checkpoint_compare(struct verify *verify, const struct ledger_scan *scan,
                                      const struct ledger_commit_place *commit)
{
    struct err *err = NULL;
    struct record_out records = {0};
    struct slice expected_payload, payload;
    enum ledger_record_type expected_type;
    uint32_t type = 0, record = 0;
    size_t at = commit->begin;

    if (!has_removals(scan, commit)) {
        removals_forget(&verify->state); /* written by a version that did not keep them */
    }
    OR_DONE(ledger_state_encode(&verify->state, &records));
    struct slice batch = slice_of((const char *)records.data, records.length);
    for (;;) {
        size_t place = at;
        bool expected = record_next(&batch, &expected_type, &expected_payload);
        bool found = ledger_scan_record(scan, commit, &at, &type, &payload);
        record++;
        if (!expected && !found) {
            break;
        }
        if (!expected || !found || (uint32_t)expected_type != type || !slice_equal(expected_payload, payload)) {
            err =
                err_new(ERR_CORRUPT,
                        "ledger file \"%s\": record %" PRIu32 " (%s) of the checkpoint, at offset %zu, is not what the "
                        "commits before it add up to (%s)",
                        scan->path, record, found ? record_type_name(type) : "missing", place,
                        expected ? record_type_name((uint32_t)expected_type) : "nothing");
            goto done;
        }
    }
done:
    record_out_deinit(&records);
    return err;
}

static void mark_set(struct ledger_mark *mark, int64_t time_us, const uint8_t hash[LEDGER_HASH_BYTES])
{
    mark->found = true;
    mark->time_us = time_us;
    memcpy(mark->hash, hash, LEDGER_HASH_BYTES);
}

/* What a commit says besides its records. A file's first commit was synced before the file got its name. */
static void commit_note(struct verify *verify, const struct ledger_scan *scan, const struct commit_record *record)
{
    struct ledger_report *report = verify->report;
    uint64_t durable = record->checkpoint ? record->number : record->durable;

    report->commits++;
    report->records += record->record_count;
    report->commit_last = record->number;
    report->commit_durable = durable > report->commit_durable ? durable : report->commit_durable;
    if (verify->mark != NULL && verify->mark->commit == record->number) {
        mark_set(verify->mark, record->time_us, scan->hash);
    }
}

static struct err *verify_file(struct verify *verify, uint64_t number, bool first, bool last)
{
    struct err *err = NULL;
    char path[LEDGER_PATH_BYTES];
    void *data = NULL;
    size_t length = 0, page_bytes = 0;
    struct ledger_scan scan;
    struct ledger_commit_place commit;
    enum ledger_scan_result result = LEDGER_SCAN_END;
    struct ledger_report *report = verify->report;

    ledger_file_path(verify->folder, number, path);
    OR_DONE(ledger_file_load(verify->io, path, &data, &length, &page_bytes));
    report->bytes += length;
    OR_DONE(ledger_scan_open(&scan, path, number, data, length, &result));
    if (result == LEDGER_SCAN_COMMIT) {
        if (first) {
            memcpy(verify->hash, scan.header.hash_before, sizeof verify->hash);
            report->commit_first = scan.header.commit_first;
            memcpy(report->store_id, scan.header.store_id, sizeof report->store_id);
            if (verify->mark != NULL && verify->mark->commit + 1 == scan.header.commit_first) {
                mark_set(verify->mark, 0, scan.header.hash_before);
            }
        } else if (memcmp(verify->hash, scan.header.hash_before, sizeof verify->hash) != 0 ||
                   scan.header.commit_first != verify->state.last.number + 1) {
            err = err_new(
                ERR_CORRUPT,
                "ledger file \"%s\" does not continue the file before it: its header, at offset 0, names another "
                "hash or first commit %" PRIu64 " instead of %" PRIu64,
                path, scan.header.commit_first, verify->state.last.number + 1);
            goto done;
        }
    }
    while (result == LEDGER_SCAN_COMMIT) {
        OR_DONE(ledger_scan_next(&scan, &commit, &result));
        if (result != LEDGER_SCAN_COMMIT) {
            break;
        }
        OR_DONE(interrupt_at(report->commits));
        commit_note(verify, &scan, &commit.record);
        if (commit.record.checkpoint && !first) {
            struct commit_info info = {.number = commit.record.number, .time_us = commit.record.time_us};
            memcpy(info.hash, commit.record.hash, sizeof info.hash);
            OR_DONE(checkpoint_compare(verify, &scan, &commit));
            ledger_state_published(&verify->state, &info);
        } else {
            OR_DONE(ledger_replay(&scan, &commit, &verify->state, verify->arena));
        }
    }
    if (result == LEDGER_SCAN_TORN) {
        if (!last) {
            err = err_new(ERR_CORRUPT,
                          "ledger file \"%s\": the record at offset %zu is damaged, or the file is cut off: "
                          "other files follow it",
                          path, scan.at);
            goto done;
        }
        size_t at = 0;
        uint64_t from = 0;
        if (ledger_scan_moved(&scan, &at, &from)) {
            err = err_new(ERR_CORRUPT,
                          "ledger file \"%s\": the commit at offset %zu was written for offset %" PRIu64
                          ": commits behind offset %zu were removed, doubled or exchanged",
                          path, at, from, scan.at);
            goto done;
        }
        report->torn_bytes = length - scan.at;
    }
    if (scan.at > LEDGER_FILE_HEADER_BYTES) { /* a commit is whole */
        memcpy(verify->hash, scan.hash, sizeof verify->hash);
    }
done:
    pages_free(data, page_bytes);
    return err;
}

struct err *ledger_verify(struct io *io, const char *folder, struct ledger_report *report)
{
    return ledger_verify_mark(io, folder, NULL, report);
}

struct err *ledger_verify_mark(struct io *io, const char *folder, struct ledger_mark *mark,
                               struct ledger_report *report)
{
    struct err *err = NULL;
    struct verify verify = {.io = io, .folder = folder, .report = report, .mark = mark};
    uint64_t *numbers = NULL;
    uint32_t count = 0;
    static const uint8_t zeros[LEDGER_HASH_BYTES];
    uint8_t hash_before[LEDGER_HASH_BYTES];

    *report = (struct ledger_report){0};
    if (mark != NULL) {
        *mark = (struct ledger_mark){.commit = mark->commit};
    }
    ledger_state_init(&verify.state);
    verify.arena = arena_create(NULL);
    struct arena *arena = arena_create(NULL);
    if (arena == NULL || verify.arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(ledger_file_list(io, folder, arena, &numbers, &count));
    if (count == 0) {
        err = err_new(ERR_CORRUPT, "the ledger folder \"%s/%s\" has no files", io->root, folder);
        goto done;
    }
    report->file_first = numbers[0];
    report->file_last = numbers[count - 1];
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0) {
            struct io_file *file = NULL;
            uint8_t header[LEDGER_FILE_HEADER_BYTES];
            char path[LEDGER_PATH_BYTES];
            size_t got = 0;
            ledger_file_path(folder, numbers[0], path);
            OR_DONE(io_open(io, path, IO_READ, &file));
            err = io_read_some(file, 0, header, sizeof header, &got);
            io_close(file);
            if (err != NULL) {
                goto done;
            }
            memcpy(hash_before, header + LEDGER_FILE_HEADER_BYTES - 8 - LEDGER_HASH_BYTES, sizeof hash_before);
        }
        OR_DONE(verify_file(&verify, numbers[i], i == 0, i + 1 == count));
    }
    report->to_genesis = numbers[0] == 1;
    if (report->to_genesis && memcmp(hash_before, zeros, sizeof zeros) != 0) {
        err = err_new(ERR_CORRUPT, "ledger file \"%s/000001.log\" names a file before it", folder);
        goto done;
    }
    if (!report->to_genesis && (verify.state.pruned.file_last + 1 < numbers[0] ||
                                (verify.state.pruned.file_last + 1 == numbers[0] &&
                                 memcmp(verify.state.pruned.hash, hash_before, sizeof hash_before) != 0))) {
        err = err_new(ERR_CORRUPT,
                      "the ledger begins with file %" PRIu64 ", but says that files up to %" PRIu64
                      " were pruned: files are missing from \"%s/%s\"",
                      numbers[0], verify.state.pruned.file_last, io->root, folder);
        goto done;
    }
    report->merges_checked = verify.state.merges_checked;
    memcpy(report->hash, verify.hash, sizeof report->hash);
done:
    ledger_state_deinit(&verify.state);
    arena_destroy(verify.arena);
    arena_destroy(arena);
    return err_while(err, "verifying the ledger");
}
