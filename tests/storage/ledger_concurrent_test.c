/*
 * ledger_concurrent_test.c: many threads commit at once, while checkpoints are made and the ledger is read and
 * verified.
 */
#include "ledger_fixture.h"

#include <pthread.h>

#define WRITERS            4
#define COMMITS_PER_WRITER 60

struct writer {
    struct ledger *ledger;
    struct coverage_key key;
    uint64_t pack_first;
    int64_t end;
    unsigned refused;
};

static void *write_commits(void *object)
{
    struct writer *writer = object;

    for (int i = 0; i < COMMITS_PER_WRITER; i++) {
        struct ledger_batch *batch = ledger_batch_create();
        struct commit_info info;
        if (i == 0) {
            const struct ledger_start start = {.key = writer->key, .source_id = 1};
            assert_ok(ledger_batch_start(batch, &start));
        }
        segment_put(batch, 1, writer->pack_first + (uint64_t)i, 10);
        coverage_put(batch, writer->key, writer->end, 10);
        struct err *err = ledger_commit(writer->ledger, batch, &info);
        if (err != NULL) { /* an armed failpoint hit this group: nothing of it is there, so it is tried again */
            writer->refused++;
            err_free(err);
            i--;
        } else {
            writer->end += 10;
            assert_true(info.number > 0);
        }
        ledger_batch_destroy(batch);
    }
    return NULL;
}

struct reader {
    struct ledger *ledger;
    struct io *io;
    _Atomic bool stop;
};

static void *read_state(void *object)
{
    struct reader *reader = object;

    while (!atomic_load(&reader->stop)) {
        struct arena *arena = arena_create(NULL);
        struct coverage_row *rows = NULL;
        struct coverage_position *positions = NULL;
        struct ledger_segment *segments = NULL;
        struct ledger_report report;
        uint32_t count = 0;
        assert_ok(ledger_verify(reader->io, "ledger", &report));
        assert_ok(coverage_rows(reader->ledger, arena, 1, &rows, &count));
        for (uint32_t i = 1; i < count; i++) {
            if (coverage_key_compare(&rows[i].key, &rows[i - 1].key) == 0) {
                assert_int_equal(rows[i].first, rows[i - 1].end);
            }
        }
        assert_ok(coverage_positions(reader->ledger, arena, 1, &positions, &count));
        assert_ok(ledger_segments(reader->ledger, arena, 1, &segments, &count));
        assert_ok(ledger_checkpoint(reader->ledger));
        arena_destroy(arena);
    }
    return NULL;
}

static void run(bool with_failures)
{
    char *folder = folder_make();
    struct io *io = NULL;
    assert_ok(io_system(folder, &io));
    struct ledger *ledger = ledger_opened(io);
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS], reading;
    struct reader reader = {.ledger = ledger, .io = io};
    uint32_t stream = 0;

    table_make(ledger, 1);
    assert_ok(ledger_stream(ledger, slice_text("cluster/t"), &stream));
    if (with_failures) {
        assert_ok(failpoint_arm("ledger_append=enospc:7"));
    }
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){
            .ledger = ledger, .key = key_make(1, stream, i), .pack_first = 1 + (uint64_t)i * COMMITS_PER_WRITER};
        assert_int_equal(pthread_create(&threads[i], NULL, write_commits, &writers[i]), 0);
    }
    assert_int_equal(pthread_create(&reading, NULL, read_state, &reader), 0);
    unsigned refused = 0;
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        refused += writers[i].refused;
    }
    atomic_store(&reader.stop, true);
    assert_int_equal(pthread_join(reading, NULL), 0);
    failpoint_disarm_all();
    assert_int_equal(refused > 0, with_failures);

    struct ledger_metrics metrics;
    ledger_metrics(ledger, &metrics);
    assert_int_equal(metrics.segments_live, WRITERS * COMMITS_PER_WRITER);
    assert_true(metrics.syncs <= metrics.commits);
    assert_ok(ledger_close(ledger));
    ledger = ledger_opened(io);
    for (int i = 0; i < WRITERS; i++) {
        struct coverage_position position;
        assert_true(coverage_position(ledger, &writers[i].key, &position));
        assert_int_equal(position.end, COMMITS_PER_WRITER * 10);
    }
    assert_ok(ledger_close(ledger));
    struct ledger_report report;
    assert_ok(ledger_verify(io, "ledger", &report));
    assert_true(report.to_genesis);
    io_destroy(io);
    folder_remove(folder);
}

static void commits_group(void **state)
{
    (void)state;
    run(false);
}

static void a_failed_group_leaves_the_others_right(void **state)
{
    (void)state;
    run(true);
}

static void *add_streams(void *object)
{
    for (int i = 0; i < 20; i++) {
        char name[32];
        uint32_t id = 0;
        (void)snprintf(name, sizeof name, "cluster/topic-%d", i);
        assert_ok(ledger_stream(object, slice_text(name), &id));
        assert_true(id > 0);
    }
    return NULL;
}

static void a_stream_gets_one_number(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct io *io = NULL;
    assert_ok(io_system(folder, &io));
    struct ledger *ledger = ledger_opened(io);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, add_streams, ledger), 0);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    uint32_t id = 0;
    assert_ok(ledger_stream(ledger, slice_text("cluster/another"), &id));
    assert_int_equal(id, 21);
    assert_ok(ledger_close(ledger));
    io_destroy(io);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_group),
        cmocka_unit_test(a_failed_group_leaves_the_others_right),
        cmocka_unit_test(a_stream_gets_one_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
