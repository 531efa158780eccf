/*
 * anchor_test.c: an anchor proves that a ledger was only extended; whatever else happened to it is named.
 */
#include "storage/anchor.h"

#include "base/failpoint.h"
#include "tests/storage/ledger_fixture.h"

#include <sodium.h>

#define LEDGER_FILE "ledger/000001.log"

static void commits_put(struct ledger *ledger, uint64_t first, uint64_t count, uint64_t rows)
{
    for (uint64_t k = first; k < first + count; k++) {
        struct ledger_batch *batch = ledger_batch_create();
        segment_put(batch, 1, k, rows);
        assert_ok(ledger_commit(ledger, batch, NULL));
        ledger_batch_destroy(batch);
    }
}

/* A ledger with the table 1 and packs 1 … count. */
static void ledger_filled(struct io *io, uint64_t count)
{
    struct ledger *ledger = ledger_opened(io);
    table_make(ledger, 1);
    commits_put(ledger, 1, count, 100);
    assert_ok(ledger_close(ledger));
}

static void ledger_extended(struct io *io, uint64_t first, uint64_t count, uint64_t rows)
{
    struct ledger *ledger = ledger_opened(io);
    commits_put(ledger, first, count, rows);
    assert_ok(ledger_close(ledger));
}

static void anchor_of(struct io *io, struct anchor *out)
{
    uint8_t seed[ANCHOR_SEED_BYTES];
    char text[ANCHOR_TEXT_BYTES];
    assert_ok(anchor_key(io, "anchor.key", seed));
    assert_ok(anchor_make(io, "ledger", seed, text));
    assert_ok(anchor_read(slice_text(text), out));
}

static struct err *anchor_against(struct io *io, const struct anchor *anchor)
{
    struct ledger_report report;
    struct ledger_mark mark = {.commit = anchor->commit};
    assert_ok(ledger_verify_mark(io, "ledger", &mark, &report));
    return anchor_compare(anchor, &mark, &report);
}

/* Where the file's commits end. */
static uint32_t commit_ends(const uint8_t *bytes, size_t length, size_t *ends, uint32_t max)
{
    struct ledger_scan scan;
    struct ledger_commit_place commit;
    enum ledger_scan_result result;
    uint32_t count = 0;
    assert_ok(ledger_scan_open(&scan, LEDGER_FILE, 1, bytes, length, &result));
    while (result == LEDGER_SCAN_COMMIT) {
        assert_ok(ledger_scan_next(&scan, &commit, &result));
        if (result == LEDGER_SCAN_COMMIT) {
            assert_true(count < max);
            ends[count++] = scan.at;
        }
    }
    return count;
}

static void an_extended_ledger_is_proven(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    struct anchor anchor, later;
    assert_ok(io_system(folder, &io));
    ledger_filled(io, 5);
    anchor_of(io, &anchor);
    assert_true(anchor.commit >= 6); /* the checkpoint, the table, five packs; the close says that they are durable */
    assert_true(anchor.time_us > 0);
    assert_ok(anchor_against(io, &anchor));
    ledger_extended(io, 6, 4, 100);
    assert_ok(anchor_against(io, &anchor));
    anchor_of(io, &later);
    assert_true(later.commit > anchor.commit);
    assert_memory_equal(later.public_key, anchor.public_key, sizeof later.public_key); /* the key was kept */
    assert_ok(anchor_against(io, &later));
    io_destroy(io);
    folder_remove(folder);
}

/* Beside the ledger that writes: what was acknowledged in groups before the last one. */
static void an_open_ledger_is_anchored_at_what_is_durable(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    struct anchor anchor;
    struct commit_info last;
    assert_ok(io_system(folder, &io));
    struct ledger *ledger = ledger_opened(io);
    anchor_of(io, &anchor);
    assert_int_equal(anchor.commit, 1);
    table_make(ledger, 1);
    commits_put(ledger, 1, 5, 100);
    anchor_of(io, &anchor);
    ledger_last_commit(ledger, &last);
    assert_true(anchor.commit + 1 == last.number);
    commits_put(ledger, 6, 1, 100);
    assert_ok(anchor_against(io, &anchor));
    assert_ok(ledger_close(ledger));
    assert_ok(anchor_against(io, &anchor));
    io_destroy(io);
    folder_remove(folder);
}

/* Cut at the end of a commit, the chain itself is whole: only the anchor knows. */
static void a_ledger_that_was_cut_is_named(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    struct anchor anchor;
    size_t ends[64], length = 0;
    assert_ok(io_system(folder, &io));
    ledger_filled(io, 6);
    anchor_of(io, &anchor);
    uint8_t *bytes = file_bytes(folder, LEDGER_FILE, &length);
    uint32_t count = commit_ends(bytes, length, ends, 64);
    assert_int_equal(count, anchor.commit + 1); /* and the close */
    for (uint32_t k = 0; k < count; k++) {
        file_put(folder, LEDGER_FILE, bytes, ends[k]);
        if (k + 1 < anchor.commit) {
            assert_err(anchor_against(io, &anchor), ERR_CORRUPT, "is cut off");
        } else {
            assert_ok(anchor_against(io, &anchor));
        }
    }
    free(bytes);
    io_destroy(io);
    folder_remove(folder);
}

/* A copy that is continued otherwise: every checksum and the chain are right, and it is another history. */
static void a_rewritten_ledger_is_named(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    struct anchor anchor;
    size_t length = 0;
    assert_ok(io_system(folder, &io));
    ledger_filled(io, 3);
    uint8_t *bytes = file_bytes(folder, LEDGER_FILE, &length);
    ledger_extended(io, 4, 4, 100);
    anchor_of(io, &anchor);
    file_put(folder, LEDGER_FILE, bytes, length);
    ledger_extended(io, 4, 8, 99);
    assert_err(anchor_against(io, &anchor), ERR_CORRUPT, "another hash");
    free(bytes);
    io_destroy(io);
    folder_remove(folder);
}

static void another_store_is_named(void **state)
{
    (void)state;
    char *folders[2] = {folder_make(), folder_make()};
    struct io *io[2] = {NULL, NULL};
    struct anchor anchor;
    for (int k = 0; k < 2; k++) {
        assert_ok(io_system(folders[k], &io[k]));
        ledger_filled(io[k], 3);
    }
    anchor_of(io[0], &anchor);
    assert_err(anchor_against(io[1], &anchor), ERR_CORRUPT, "another store");
    for (int k = 0; k < 2; k++) {
        io_destroy(io[k]);
        folder_remove(folders[k]);
    }
}

/* Commits that are moved, doubled or left out do not even get as far as the anchor. */
static void moved_and_missing_commits_are_named(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    size_t ends[64], length = 0;
    struct ledger_report report;
    assert_ok(io_system(folder, &io));
    ledger_filled(io, 6);
    uint8_t *bytes = file_bytes(folder, LEDGER_FILE, &length), *other = malloc(2 * length);
    assert_non_null(other);
    uint32_t count = commit_ends(bytes, length, ends, 64);
    for (uint32_t k = 1; k + 2 < count; k++) {
        size_t begin = ends[k - 1], middle = ends[k], end = ends[k + 1];
        memcpy(other, bytes, begin); /* left out */
        memcpy(other + begin, bytes + middle, length - middle);
        file_put(folder, LEDGER_FILE, other, length - (middle - begin));
        assert_err(ledger_verify(io, "ledger", &report), ERR_CORRUPT, LEDGER_FILE);
        memcpy(other + begin + (end - middle), bytes + begin, middle - begin); /* exchanged with the next */
        memcpy(other + begin, bytes + middle, end - middle);
        memcpy(other + end, bytes + end, length - end);
        file_put(folder, LEDGER_FILE, other, length);
        assert_err(ledger_verify(io, "ledger", &report), ERR_CORRUPT, LEDGER_FILE);
        memcpy(other, bytes, middle); /* doubled */
        memcpy(other + middle, bytes + begin, length - begin);
        file_put(folder, LEDGER_FILE, other, length + (middle - begin));
        assert_err(ledger_verify(io, "ledger", &report), ERR_CORRUPT, LEDGER_FILE);
    }
    free(other);
    free(bytes);
    io_destroy(io);
    folder_remove(folder);
}

/* An anchor as old as the first file's header is proven by it; older ones cannot be any more. */
static void pruned_files_are_named(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    struct ledger *ledger = NULL;
    struct ledger_options options = {.file_bytes_max = 2000, .files_bytes_max = 60000};
    struct ledger_report report;
    struct anchor anchor;
    assert_ok(io_system(folder, &io));
    ledger_filled(io, 3);
    anchor_of(io, &anchor);
    assert_ok(ledger_open(io, "ledger", &options, &ledger));
    commits_put(ledger, 4, 400, 100);
    assert_ok(ledger_close(ledger));
    assert_ok(ledger_verify(io, "ledger", &report));
    assert_false(report.to_genesis);
    assert_err(anchor_against(io, &anchor), ERR_CORRUPT, "pruned");
    struct ledger_mark mark = {.commit = report.commit_first - 1};
    assert_ok(ledger_verify_mark(io, "ledger", &mark, &report));
    assert_true(mark.found);
    io_destroy(io);
    folder_remove(folder);
}

static void every_changed_byte_of_an_anchor_is_found(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    struct anchor anchor;
    uint8_t seed[ANCHOR_SEED_BYTES];
    char text[ANCHOR_TEXT_BYTES];
    assert_ok(io_system(folder, &io));
    ledger_filled(io, 3);
    assert_ok(anchor_key(io, "anchor.key", seed));
    assert_ok(anchor_make(io, "ledger", seed, text));
    size_t length = strlen(text);
    for (size_t k = 0; k < length; k++) {
        text[k] ^= 1;
        struct err *err = anchor_read(slice_of(text, length), &anchor);
        assert_non_null(err);
        err_free(err);
        text[k] ^= 1;
        struct err *cut = anchor_read(slice_of(text, k), &anchor);
        assert_non_null(cut);
        err_free(cut);
    }
    assert_ok(anchor_read(slice_of(text, length), &anchor));
    text[12] = '2';
    assert_err(anchor_read(slice_of(text, length), &anchor), ERR_NEWER_VERSION, "version");
    text[12] = '1';
    text[length] = '\n';
    assert_err(anchor_read(slice_of(text, length + 1), &anchor), ERR_CORRUPT, "signature");
    io_destroy(io);
    folder_remove(folder);
}

/* Whatever fails while the key is made, the next command makes a whole one or finds it. */
static void a_key_is_whole_or_not_there(void **state)
{
    (void)state;
    static const char *const points[] = {"anchor_key_write=enospc", "anchor_key_write=short", "anchor_key_sync=eio",
                                         "anchor_key_rename=eio", "anchor_key_sync_dir=eio"};
    for (size_t k = 0; k < sizeof points / sizeof points[0]; k++) {
        char *folder = folder_make();
        struct io *io = NULL;
        uint8_t seed[ANCHOR_SEED_BYTES], again[ANCHOR_SEED_BYTES];
        assert_ok(io_system(folder, &io));
        assert_ok(failpoint_arm(points[k]));
        struct err *err = anchor_key(io, "anchor.key", seed);
        assert_ok(failpoint_arm(""));
        if (err != NULL) {
            assert_non_null(strstr(err_message(err), "anchor.key"));
            err_free(err);
        }
        assert_ok(anchor_key(io, "anchor.key", seed));
        assert_ok(anchor_key(io, "anchor.key", again));
        assert_memory_equal(seed, again, sizeof seed);
        file_put(folder, "anchor.key", (const uint8_t *)"no key\n", 7);
        assert_err(anchor_key(io, "anchor.key", again), ERR_CORRUPT, "no key for anchors");
        io_destroy(io);
        folder_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_extended_ledger_is_proven),
        cmocka_unit_test(an_open_ledger_is_anchored_at_what_is_durable),
        cmocka_unit_test(a_ledger_that_was_cut_is_named),
        cmocka_unit_test(a_rewritten_ledger_is_named),
        cmocka_unit_test(another_store_is_named),
        cmocka_unit_test(moved_and_missing_commits_are_named),
        cmocka_unit_test(pruned_files_are_named),
        cmocka_unit_test(every_changed_byte_of_an_anchor_is_found),
        cmocka_unit_test(a_key_is_whole_or_not_there),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
