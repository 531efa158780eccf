/*
 * crash_work.h: the work that crash tests interrupt: a stream's messages and HTTP inserts into a store, and the check
 * afterwards that nothing is missing and nothing is there twice.
 *
 * Message o of the stream is filtered (o % 11 = 3), dead (o % 97 = 5) or becomes the row o of table t. Insert i puts
 * the rows 5·i … 5·i + 4 into table h, with a token of its own, again after a crash if it was not acknowledged.
 */
#ifndef TESTS_STORAGE_CRASH_WORK_H
#define TESTS_STORAGE_CRASH_WORK_H

#include "tests/storage/table_fixture.h"

#include <stdatomic.h>

#define MESSAGES_PER_ROUND 40
#define ROWS_PER_INSERT    5
#define ALTER_ROUNDS       3

/* Shared between the worker and whoever interrupts it. */
struct crash_work {
    _Atomic int64_t messages_acknowledged; /* offsets below are committed */
    _Atomic uint64_t inserts_acknowledged;
    _Atomic uint32_t head_rows;
    _Atomic uint32_t in_commit;
    _Atomic uint32_t rounds;
};

static inline bool message_is_stored(int64_t offset)
{
    return offset % 11 != 3 && offset % 97 != 5;
}

/* Row n as row_put makes it. */
static inline void expect_row(struct rows_seen *expected, uint64_t n)
{
    char service[32], note[32];
    int service_length = snprintf(service, sizeof service, "service-%u", (unsigned)(n * 7 % 23));
    int note_length = snprintf(note, sizeof note, "note %llx", (unsigned long long)(n * 0x9e3779b97f4a7c15ULL));
    bool null = n % 5 == 0;
    expected->rows++;
    expected->n_sum += n;
    expected->text_sum +=
        row_hash(n, slice_of(service, (size_t)service_length), slice_of(note, null ? 0 : (size_t)note_length));
}

static inline struct err *crash_store_open(const char *folder, struct io *io, struct store **store)
{
    const struct store_options options = {.data_dir = folder,
                                          .io = io,
                                          .hooks = &table_hooks,
                                          .ledger = {.file_bytes_max = 6000},
                                          .reserve_bytes = UINT64_MAX};
    return store_open(&options, store);
}

static inline struct err *table_create_try(struct store *store, const char *name)
{
    const struct column_def columns[] = {{.name = "ts", .type = type_simple(TYPE_DATETIME)},
                                         {.name = "n", .type = type_simple(TYPE_INT64)},
                                         {.name = "service", .type = type_simple(TYPE_STRING)},
                                         {.name = "note"},
                                         {.name = "part", .type = type_simple(TYPE_UINT16)}};
    static const char *const order_by[] = {"service", "ts"};
    struct arena *arena = arena_create(NULL);
    struct column_def given[5];
    memcpy(given, columns, sizeof given);
    given[3].type = type_nullable(arena, type_simple(TYPE_STRING), true);
    const struct table_def def = {.database = "default",
                                  .name = name,
                                  .engine = "MergeTree",
                                  .columns = given,
                                  .column_count = 5,
                                  .order_by = order_by,
                                  .order_by_count = 2,
                                  .partition_by = "part"};
    struct err *err = catalogue_create_table(store->catalogue, &def, true, NULL, NULL);
    arena_destroy(arena);
    return err;
}

static inline struct err *round_messages(struct store *store, struct head_writer *writer, struct coverage_key key,
                                         int64_t first, struct crash_work *work)
{
    struct err *err = NULL;
    struct draft *draft = NULL;
    struct coverage_range range = {
        .key = key, .first = first, .end = first + MESSAGES_PER_ROUND, .event_time_max_us = INT64_MIN};
    struct offset_range dead[MESSAGES_PER_ROUND];

    OR_DONE(draft_create(store, &draft));
    for (int64_t offset = first; offset < range.end; offset++) {
        if (offset % 11 == 3) {
            range.counts.filtered++;
        } else if (offset % 97 == 5) {
            const struct dead_letter letter = {.table_id = key.table_id,
                                               .database = slice_text("default"),
                                               .table = slice_text("t"),
                                               .source = slice_text("feed"),
                                               .topic = slice_text("topic"),
                                               .stream_id = key.stream_id,
                                               .partition = key.partition,
                                               .offset = offset,
                                               .reason = slice_text("not JSON"),
                                               .message = slice_text("{")};
            OR_DONE(draft_dead_letter(draft, &letter));
            dead[range.dead_count++] = (struct offset_range){offset, offset + 1};
            range.counts.dead++;
        } else {
            row_put(head_builder(writer), (uint64_t)offset, 2, NULL);
            range.counts.stored++;
        }
        if (offset % 7 == 0) {
            OR_DONE(head_publish(writer));
            atomic_store(&work->head_rows, (uint32_t)range.counts.stored);
        }
    }
    range.dead = dead;
    OR_DONE(draft_seal(draft, writer));
    OR_DONE(ledger_batch_coverage(draft_batch(draft), &range));
    atomic_store(&work->in_commit, 1);
    OR_DONE(draft_commit(draft, NULL));
    atomic_store(&work->in_commit, 0);
    atomic_store(&work->head_rows, 0);
    atomic_store(&work->messages_acknowledged, range.end);
done:
    draft_destroy(draft);
    return err;
}

static inline struct err *one_insert(struct table *table, struct crash_work *work)
{
    struct err *err = NULL;
    uint64_t number = atomic_load(&work->inserts_acknowledged);
    char token[32];
    struct insert *insert = NULL;
    struct insert_result result;

    (void)snprintf(token, sizeof token, "insert %llu", (unsigned long long)number);
    const struct insert_options options = {.token = slice_text(token)};
    OR_DONE(insert_begin(table, &options, &insert));
    for (uint64_t n = number * ROWS_PER_INSERT; n < (number + 1) * ROWS_PER_INSERT; n++) {
        row_put(insert_builder(insert), n, 2, NULL);
    }
    OR_DONE(insert_finish(insert, &result));
    atomic_store(&work->inserts_acknowledged, number + 1);
done:
    return err;
}

/* ALTER TABLE … CLEAR COLUMN part, and a merge that writes what was there as the next schema version has it. */
static inline struct err *alter_and_merge(struct store *store, struct table *table)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table), next = *def;
    struct column_def columns[5];
    memcpy(columns, def->columns, sizeof columns);
    columns[4].id = 0;
    next.columns = columns;
    OR_DONE(catalogue_alter_table(store->catalogue, &next));
    err = table_optimize(table, true, NULL);
done:
    table_def_unref(def);
    return err;
}

/* Opens the store and works for so many rounds, or until an error. clean: closes at the end. */
static inline struct err *crash_work_run(const char *folder, struct io *io, struct crash_work *work, uint32_t rounds,
                                         uint64_t interval_us, bool clean)
{
    struct err *err = NULL;
    struct store *store = NULL;
    struct table *messages = NULL, *inserts = NULL;
    struct head_writer *writer = NULL;
    struct coverage_position position = {.end = 0};
    const struct insert_log_options options = {.commit_interval_us = interval_us};
    bool log_open = false;
    uint32_t stream = 0;

    OR_DONE(crash_store_open(folder, io, &store));
    OR_DONE(table_create_try(store, "t"));
    OR_DONE(table_create_try(store, "h"));
    OR_DONE(dead_letters_open(store));
    OR_DONE(insert_log_open(store, &options));
    log_open = true;
    OR_DONE(ledger_stream(store->ledger, slice_text("cluster/topic"), &stream));
    OR_DONE(catalogue_table(store->catalogue, "default", "t", &messages));
    OR_DONE(catalogue_table(store->catalogue, "default", "h", &inserts));
    const struct coverage_key key = key_make(table_id(messages), stream, 0);
    if (!coverage_position(store->ledger, &key, &position)) {
        struct ledger_batch *batch = ledger_batch_create();
        const struct ledger_start start = {.key = key, .source_id = 1};
        err = ledger_batch_start(batch, &start);
        if (err == NULL) {
            err = ledger_commit(store->ledger, batch, NULL);
        }
        ledger_batch_destroy(batch);
        OR_DONE(err);
    }
    OR_DONE(head_writer_open(messages, NULL, &writer));
    int64_t first = position.end;
    for (uint32_t i = 0; i < rounds; i++) {
        OR_DONE(round_messages(store, writer, key, first, work));
        first += MESSAGES_PER_ROUND;
        OR_DONE(one_insert(inserts, work));
        if (i % ALTER_ROUNDS == ALTER_ROUNDS - 1) {
            OR_DONE(alter_and_merge(store, inserts));
        }
        atomic_fetch_add(&work->rounds, 1);
    }
done:
    if (io != NULL || clean) { /* in a process of its own that is to die, nothing is closed */
        head_writer_close(writer);
        table_unref(messages);
        table_unref(inserts);
        if (log_open) {
            insert_log_close(store);
        }
        if (store != NULL) {
            dead_letters_close(store);
        }
        err_free(store_close(store));
    }
    return err;
}

/* Everything acknowledged is there once; what was not, as a whole or not at all; coverage, rows and dead letters agree.
 */
static inline void crash_work_check(const char *folder, struct io *io, struct crash_work *work)
{
    struct store *store = NULL;
    struct table *messages = NULL, *inserts = NULL, *letters = NULL;
    struct coverage_position position = {.end = 0};
    struct rows_seen expected = {.sorted = true}, seen;
    struct ledger_report report;
    const struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    uint64_t dead = 0, left_out = 0;

    assert_ok(crash_store_open(folder, io, &store));
    assert_ok(table_create_try(store, "t"));
    assert_ok(table_create_try(store, "h"));
    assert_ok(dead_letters_open(store));
    assert_ok(insert_log_open(store, &options));
    messages = table_opened(store, "t");
    inserts = table_opened(store, "h");
    const struct coverage_key key = key_make(table_id(messages), 1, 0);
    (void)coverage_position(store->ledger, &key, &position);
    int64_t acknowledged = atomic_load(&work->messages_acknowledged);
    assert_true(position.end == acknowledged || position.end == acknowledged + MESSAGES_PER_ROUND);
    for (int64_t offset = 0; offset < position.end; offset++) {
        if (message_is_stored(offset)) {
            expect_row(&expected, (uint64_t)offset);
        }
        dead += offset % 11 != 3 && offset % 97 == 5 ? 1 : 0;
    }
    assert_rows(messages, &expected);
    assert_int_equal(position.counts.stored, expected.rows);
    assert_int_equal(position.counts.dead, dead);
    assert_int_equal(position.counts.stored + position.counts.filtered + position.counts.dead, position.end);
    letters = catalogue_table_find(store->catalogue, "system", "dead_letters");
    assert_non_null(letters);
    struct snapshot *snapshot = NULL;
    assert_ok(snapshot_take(letters, &snapshot));
    assert_int_equal(snapshot_rows(snapshot), dead);
    snapshot_unref(snapshot);
    dead_letters_numbers(store, table_id(messages), &dead, &left_out);
    assert_int_equal(left_out, 0);

    uint64_t made = atomic_load(&work->inserts_acknowledged);
    seen = rows_see(inserts);
    assert_true(seen.rows == made * ROWS_PER_INSERT || seen.rows == (made + 1) * ROWS_PER_INSERT);
    expected = (struct rows_seen){.sorted = true};
    for (uint64_t n = 0; n < seen.rows; n++) {
        expect_row(&expected, n);
    }
    assert_true(seen.n_sum == expected.n_sum && seen.text_sum == expected.text_sum);
    assert_ok(ledger_verify(store->io, "ledger", &report));
    atomic_store(&work->messages_acknowledged, position.end);
    table_unref(messages);
    table_unref(inserts);
    table_unref(letters);
    insert_log_close(store);
    dead_letters_close(store);
    assert_ok(store_close(store));
}

#endif
