/*
 * ledger_golden_test.c: the ledger of each format version ever released still opens, and a second reader, written from
 * docs/FORMAT.md, reads what this build writes and finds the same.
 *
 *     storage_ledger_golden_test --write FOLDER    makes a golden ledger (once per format version; never changed after)
 */
#include "storage/catalogue.h"
#include "tests/storage/ledger_fixture.h"

static void commit_and_free(struct ledger *ledger, struct ledger_batch *batch)
{
    assert_ok(ledger_commit(ledger, batch, NULL));
    ledger_batch_destroy(batch);
}

/* Every record type there is, over three files, the first of them pruned when prune is set. */
static void write_all(struct io *io, bool prune)
{
    struct ledger *ledger = NULL;
    struct ledger_options options = {.files_bytes_max = prune ? 1 : 0};
    uint32_t stream = 0;

    assert_ok(ledger_open(io, "ledger", &options, &ledger));
    table_make(ledger, 1);
    table_make(ledger, 2);
    assert_ok(ledger_stream(ledger, slice_text("cluster/flights"), &stream));
    struct coverage_key key = key_make(1, stream, 7);

    struct ledger_batch *batch = ledger_batch_create();
    static const char *const streams[] = {"cluster/flights"};
    struct source_def source = {.id = 1,
                                .version = 1,
                                .database = "default",
                                .name = "feed",
                                .table_id = 1,
                                .definition = "CREATE SOURCE feed INTO t1 …",
                                .streams = streams,
                                .stream_count = 1,
                                .state = SOURCE_RUNNING,
                                .reason = "",
                                .created_at_us = 1700000000000000};
    record_encode_source(ledger_batch_records(batch), &source);
    record_encode_text(ledger_batch_records(batch), LEDGER_DATABASE_CREATE, slice_text("other"));
    const struct ledger_start start = {.key = key, .source_id = 1, .offset = 1000};
    assert_ok(ledger_batch_start(batch, &start));
    commit_and_free(ledger, batch);

    const struct offset_range dead[] = {{1003, 1005}, {1010, 1011}};
    struct coverage_range range = {
        .key = key,
        .first = 1000,
        .end = 1130,
        .counts = {.stored = 100, .filtered = 10, .dead = 3, .duplicate = 2, .absent = 5, .expired = 10},
        .fingerprint = {true, 1129, 1700000000123, 0x1122334455667788, 0x99aabbccddeeff00},
        .event_time_max_us = 1700000000999999,
        .dead = dead,
        .dead_count = 2};
    batch = ledger_batch_create();
    segment_put(batch, 1, 1, 60);
    segment_put(batch, 1, 2, 40);
    assert_ok(ledger_batch_coverage(batch, &range));
    const struct ledger_token token = {1, (unsigned __int128)0xfeed << 100 | 5, 1700000000000001};
    assert_ok(ledger_batch_token(batch, &token));
    assert_ok(ledger_batch_insert_log(batch, 17));
    commit_and_free(ledger, batch);
    assert_ok(ledger_checkpoint(ledger));

    batch = ledger_batch_create(); /* a merge that removes 5 rows; a claim */
    const struct segment_name inputs[] = {{1, 64}, {2, 64}};
    struct segments_removed removed = {.table_id = 1,
                                       .reason = REMOVE_MERGE,
                                       .segments = inputs,
                                       .segment_count = 2,
                                       .removed_row_count = 5,
                                       .removed_row_sum = (unsigned __int128)5 << 100,
                                       .output_count = 1};
    struct ledger_segment output = {.table_id = 1,
                                    .pack = 3,
                                    .offset = 16,
                                    .length = 900,
                                    .row_count = 95,
                                    .row_sum = ((unsigned __int128)95 << 100) + 3,
                                    .schema_version = 1,
                                    .level = 1,
                                    .expires_at_us = INT64_MAX,
                                    .partition = slice_text("20261121")};
    assert_ok(ledger_batch_remove(batch, &removed));
    assert_ok(ledger_batch_segment(batch, &output));
    segment_put(batch, 1, 4, 1);
    const struct ledger_claim claim = {.key = key, .first = 1004, .end = 1005, .stored = true};
    assert_ok(ledger_batch_claim(batch, &claim));
    commit_and_free(ledger, batch);

    batch = ledger_batch_create(); /* a new incarnation, a truncation, a drop */
    const struct ledger_incarnation incarnation = {1, stream, 1};
    assert_ok(ledger_batch_incarnation(batch, &incarnation));
    const struct segment_name last[] = {{4, 64}};
    removed = (struct segments_removed){.table_id = 1, .reason = REMOVE_TRUNCATE, .segments = last, .segment_count = 1};
    assert_ok(ledger_batch_remove(batch, &removed));
    record_encode_varint(ledger_batch_records(batch), LEDGER_TABLE_DROP, 2);
    record_encode_text(ledger_batch_records(batch), LEDGER_DATABASE_DROP, slice_text("other"));
    commit_and_free(ledger, batch);
    assert_ok(ledger_checkpoint(ledger));
    batch = ledger_batch_create();
    segment_put(batch, 1, 9, 30);
    coverage_put(batch, key_make(1, STREAM_INSERT_LOG, 0), 0, 30);
    record_encode_varint(ledger_batch_records(batch), LEDGER_SOURCE_DROP, 1);
    commit_and_free(ledger, batch);
    assert_ok(ledger_checkpoint(ledger));
    assert_ok(ledger_close(ledger));
}

/* What write_all leaves. */
static void expect_all(struct ledger *ledger)
{
    struct coverage_key key = key_make(1, 1, 7);
    struct coverage_position position;
    struct ledger_metrics metrics;

    assert_true(coverage_position(ledger, &key, &position));
    assert_int_equal(position.start, 1000);
    assert_int_equal(position.end, 1130);
    assert_int_equal(position.counts.stored, 101);
    assert_int_equal(position.counts.dead, 2);
    assert_int_equal(position.fingerprint.offset, 1129);
    assert_true(position.fingerprint.value_hash == 0x99aabbccddeeff00);
    assert_int_equal(position.event_time_max_us, 1700000000999999);
    assert_true(coverage_is_dead(ledger, &key, 1003));
    assert_false(coverage_is_dead(ledger, &key, 1004));
    assert_int_equal(stream_incarnation(ledger, 1, 1), 1);
    assert_true(ledger_token_known(ledger, 1, (unsigned __int128)0xfeed << 100 | 5));
    assert_int_equal(ledger_insert_log_sequence(ledger), 17);
    assert_int_equal(ledger_pack_max(ledger), 9);
    ledger_metrics(ledger, &metrics);
    assert_int_equal(metrics.segments_live, 2);
    assert_int_equal(metrics.rows_live, 125);
}

/* Runs the second reader; its line must say the same chain hash and numbers. */
static void second_reader(const char *folder, const struct ledger_report *report)
{
    char command[512], line[1024] = "", hash[80] = "hash=", numbers[128];

    (void)snprintf(command, sizeof command, "python3 tests/format/ledger_reader.py '%s' 2>&1", folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(line, 1, sizeof line - 1, pipe);
    line[length] = 0;
    int status = pclose(pipe);
    if (status != 0) {
        print_error("%s\n", line);
    }
    assert_int_equal(status, 0);
    for (unsigned i = 0; i < LEDGER_HASH_BYTES; i++) {
        (void)snprintf(hash + 5 + 2 * i, 3, "%02x", report->hash[i]);
    }
    (void)snprintf(numbers, sizeof numbers, "commits=%llu records=%llu", (unsigned long long)report->commits,
                   (unsigned long long)report->records);
    assert_non_null(strstr(line, hash));
    assert_non_null(strstr(line, numbers));
    assert_non_null(strstr(line, "segments=2 rows=125 keys=2 stored=131"));
}

static void written_now(bool prune)
{
    char *folder = folder_make();
    char ledger_folder[256];
    struct io *io = NULL;
    struct ledger_report report;

    (void)snprintf(ledger_folder, sizeof ledger_folder, "%s/ledger", folder);
    assert_ok(io_system(folder, &io));
    write_all(io, prune);
    assert_ok(ledger_verify(io, "ledger", &report));
    assert_int_equal(report.to_genesis, !prune);
    assert_int_equal(report.merges_checked, prune ? 0 : 1);
    second_reader(ledger_folder, &report);
    struct ledger *ledger = ledger_opened(io);
    expect_all(ledger);
    assert_ok(ledger_close(ledger));
    io_destroy(io);
    folder_remove(folder);
}

static void a_second_reader_agrees(void **state)
{
    (void)state;
    written_now(false);
}

static void a_second_reader_agrees_on_pruned_files(void **state)
{
    (void)state;
    written_now(true);
}

static void version_1_opens(void **state)
{
    (void)state;
    struct io *io = NULL;
    struct ledger *ledger = NULL;
    struct ledger_report report;
    struct ledger_options options = {.read_only = true};

    assert_ok(io_system("tests/golden", &io));
    assert_ok(ledger_verify(io, "ledger-1", &report));
    assert_true(report.to_genesis);
    assert_ok(ledger_open(io, "ledger-1", &options, &ledger));
    expect_all(ledger);
    assert_ok(ledger_close(ledger));
    second_reader("tests/golden/ledger-1", &report);
    io_destroy(io);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_reader_agrees),
        cmocka_unit_test(a_second_reader_agrees_on_pruned_files),
        cmocka_unit_test(version_1_opens),
    };
    if (argc == 3 && strcmp(argv[1], "--write") == 0) {
        struct io *io = NULL;
        struct err *err = io_system(argv[2], &io);
        if (err != NULL) {
            (void)fprintf(stderr, "%s\n", err_message(err));
            return 1;
        }
        write_all(io, false);
        io_destroy(io);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
