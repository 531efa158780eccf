/*
 * view_cache_test.c: who reads a view again and again has its SELECT run over new rows alone; what is kept goes with the
 * heads, and when it is too much.
 */
#include "storage/view_cache.h"

#include "tests/storage/table_fixture.h"

#define STEPS 200U

/* Sums of n, one row for each time that rows are folded. */
struct folder {
    uint64_t rows; /* that were folded */
    uint32_t calls;
    bool repeats;
};

static struct err *fold(void *user, const struct view_feed *feed, struct snapshot *rows, struct table *target,
                        const struct table_def *def, uint32_t threads, bool *repeats, view_sink sink, void *sink_user)
{
    struct folder *folder = user;
    struct arena *arena = arena_create(NULL);
    struct scan *scan = NULL;
    struct scan_unit unit;
    int64_t sum = 0;

    (void)feed, (void)target, (void)def, (void)threads;
    assert_ok(scan_open(rows, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *n;
        assert_ok(scan_read(scan, arena, &unit, 1, &n));
        for (uint32_t row = 0; row < n->row_count; row++) {
            sum += *(const int64_t *)column_value(n, row);
        }
        folder->rows += n->row_count;
    }
    folder->calls++;
    if (repeats != NULL) {
        *repeats = folder->repeats;
    }
    struct chunk *chunk = chunk_new(arena, 1, 1);
    chunk->columns[0] = column_const(arena, type_simple(TYPE_INT64), &sum, 1);
    struct err *err = sink(sink_user, chunk);
    arena_destroy(arena);
    return err;
}

static void stopped(void *user, struct view_feed *feed, const struct err *err)
{
    (void)user, (void)feed, (void)err;
    fail();
}

static int64_t view_sum(struct table *view)
{
    struct arena *arena = arena_create(NULL);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    int64_t sum = 0;
    assert_ok(views_snapshot(view, NULL, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *n;
        assert_ok(scan_read(scan, arena, &unit, 0, &n));
        for (uint32_t row = 0; row < n->row_count; row++) {
            sum += *(const int64_t *)column_value(n, row);
        }
    }
    arena_destroy(arena);
    snapshot_unref(snapshot);
    return sum;
}

struct fixture {
    char *folder;
    struct store *store;
    struct table *base, *view;
    struct head_writer *writer;
    struct folder fold;
    struct budget rows, kept;
    struct view_functions functions;
    struct view_feed feed;
    uint64_t n;
    int64_t sum; /* of 0 … n - 1 */
};

static void begin(struct fixture *fixture, uint64_t kept_max)
{
    static const char *const order_by[] = {"n"};
    struct column_def columns[] = {{.name = "n", .type = type_simple(TYPE_INT64)}};
    *fixture = (struct fixture){.folder = folder_make(), .fold.repeats = true};
    fixture->store = store_opened(fixture->folder, NULL);
    table_create(fixture->store, "t", "");
    table_define(fixture->store, "v", "MergeTree", columns, 1, order_by, 1, "");
    fixture->base = table_opened(fixture->store, "t");
    fixture->view = table_opened(fixture->store, "v");
    budget_init(&fixture->rows, "rows", 0, NULL);
    budget_init(&fixture->kept, "kept", kept_max, NULL);
    fixture->functions = (struct view_functions){
        .user = &fixture->fold, .fold = fold, .stopped = stopped, .budget = &fixture->rows, .kept = &fixture->kept};
    fixture->feed = (struct view_feed){.references = 1,
                                       .arena = arena_create(NULL),
                                       .object_id = 1,
                                       .database = "default",
                                       .name = "mv",
                                       .base_database = "default",
                                       .base_table = "t",
                                       .from_database = "default",
                                       .from_table = "t",
                                       .target_database = "default",
                                       .target_table = "v",
                                       .query = "",
                                       .states = ""};
    struct view_feed *feeds[] = {&fixture->feed};
    assert_ok(views_open(fixture->store, &fixture->functions));
    assert_ok(views_set(fixture->store, feeds, 1));
    assert_ok(head_writer_open(fixture->base, NULL, &fixture->writer));
}

static void add(struct fixture *fixture, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        row_put(head_builder(fixture->writer), fixture->n, 1, NULL);
        fixture->sum += (int64_t)fixture->n++;
    }
    assert_ok(head_publish(fixture->writer));
}

static void commit(struct fixture *fixture)
{
    struct draft *draft = NULL;
    assert_ok(draft_create(fixture->store, &draft));
    assert_ok(draft_seal(draft, fixture->writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
}

static void end(struct fixture *fixture)
{
    head_writer_close(fixture->writer);
    views_close(fixture->store);
    table_unref(fixture->base);
    table_unref(fixture->view);
    assert_ok(store_close(fixture->store));
    assert_int_equal(fixture->feed.references, 1);
    arena_destroy(fixture->feed.arena);
    assert_int_equal(fixture->kept.bytes, 0);
    assert_int_equal(fixture->rows.bytes, 0);
    folder_remove(fixture->folder);
}

static void reads_cost_new_rows(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture, 0);
    add(&fixture, 20000);
    assert_int_equal(view_sum(fixture.view), fixture.sum);
    assert_int_equal(fixture.fold.rows, 20000);
    assert_int_equal(view_sum(fixture.view), fixture.sum); /* nothing came */
    assert_int_equal(fixture.fold.calls, 1);
    for (uint32_t i = 0; i < STEPS; i++) {
        add(&fixture, 1);
        assert_int_equal(view_sum(fixture.view), fixture.sum);
        if ((i & 3) == 0) {
            assert_int_equal(view_sum(fixture.view), fixture.sum);
        }
    }
    assert_int_equal(fixture.fold.calls, 1 + STEPS);
    assert_true(fixture.fold.rows <= 20000 + (uint64_t)STEPS * 8); /* each of them a logarithm of times */
    commit(&fixture);
    assert_int_equal(fixture.kept.bytes, 0);
    fixture.fold = (struct folder){.repeats = true};
    assert_int_equal(view_sum(fixture.view), fixture.sum);
    assert_int_equal(fixture.fold.calls, 0); /* they are in segments */
    add(&fixture, 10);
    assert_int_equal(view_sum(fixture.view), fixture.sum);
    assert_int_equal(fixture.fold.rows, 10);
    assert_ok(table_truncate(fixture.base)); /* rows of heads leave the view, too */
    fixture.sum -= 10 * (int64_t)fixture.n - 55;
    assert_int_equal(view_sum(fixture.view), fixture.sum);
    add(&fixture, 3);
    assert_int_equal(view_sum(fixture.view), fixture.sum);
    end(&fixture);
}

static void what_changes_is_not_kept(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture, 0);
    fixture.fold.repeats = false;
    for (uint32_t i = 1; i <= 5; i++) {
        add(&fixture, 100);
        assert_int_equal(view_sum(fixture.view), fixture.sum);
        assert_int_equal(fixture.kept.bytes, 0);
    }
    assert_true(fixture.fold.rows >= 1500); /* all of them each time */
    end(&fixture);
}

static void too_much_is_not_kept(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture, 16); /* less than one row takes */
    for (uint32_t i = 0; i < 5; i++) {
        add(&fixture, 100);
        assert_int_equal(view_sum(fixture.view), fixture.sum);
        assert_int_equal(fixture.kept.bytes, 0);
    }
    commit(&fixture);
    assert_int_equal(view_sum(fixture.view), fixture.sum);
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_cost_new_rows),
                                       cmocka_unit_test(what_changes_is_not_kept),
                                       cmocka_unit_test(too_much_is_not_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
