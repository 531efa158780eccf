/*
 * repair_test.c: rows of damaged segments come back: those that can still be read, those that are given again, no
 * others; what is deleted stays so; at whatever moment the process dies, the segment is as it was, or repaired.
 */
#include "storage/repair.h"

#include "base/failpoint.h"
#include "storage/check.h"
#include "storage/mutation.h"
#include "storage/quarantine.h"
#include "storage/row_pack.h"
#include "storage/table_private.h"
#include "storage/verify.h"
#include "tests/storage/table_fixture.h"

#define ROWS 20000U /* three granules; row n is message n of stream 1, partition 0 */

/* Table t of one commit with the coverage of its messages. */
static struct store *filled(const char *folder, const char *partition_by, uint32_t commits)
{
    struct store *store = store_opened(folder, NULL);
    struct head_writer *writer = NULL;
    uint32_t stream = 0;
    table_create(store, "t", partition_by);
    struct table *table = table_opened(store, "t");
    assert_ok(ledger_stream(store->ledger, slice_text("cluster/topic"), &stream));
    assert_int_equal(stream, 1);
    assert_ok(head_writer_open(table, NULL, &writer));
    struct ledger_batch *batch = ledger_batch_create();
    const struct ledger_start start = {.key = {table_id(table), 1, 0, 0}, .source_id = 1, .offset = 0};
    assert_ok(ledger_batch_start(batch, &start));
    assert_ok(ledger_commit(store->ledger, batch, NULL));
    ledger_batch_destroy(batch);
    for (uint32_t commit = 0; commit < commits; commit++) {
        struct draft *draft = NULL;
        struct coverage_range range = {.key = start.key,
                                       .first = (int64_t)commit * ROWS,
                                       .end = (int64_t)(commit + 1) * ROWS,
                                       .counts = {.stored = ROWS},
                                       .event_time_max_us = INT64_MIN};
        for (uint64_t n = 0; n < ROWS; n++) {
            row_put(head_builder(writer), (uint64_t)commit * ROWS + n, 2, NULL);
        }
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        assert_ok(ledger_batch_coverage(draft_batch(draft), &range));
        assert_ok(draft_commit(draft, NULL));
        draft_destroy(draft);
    }
    head_writer_close(writer);
    table_unref(table);
    return store;
}

static struct segment_name first_segment(struct table *table)
{
    struct table_version *version = table_version_take(table);
    const struct segment_name name = {version->segments[0]->info.pack, version->segments[0]->info.offset};
    table_version_unref(version);
    return name;
}

/* A byte of the pack's file is another one. from_end: counted from the segment's end. */
static void flip(const char *folder, struct table *table, const struct segment_name *name, uint64_t at, bool from_end)
{
    char path[5000], pack[STORE_PATH_BYTES];
    struct table_version *version = table_version_take(table);
    uint64_t length = version->segments[0]->info.length;
    table_version_unref(version);
    store_pack_path(table->store, name->pack, pack);
    (void)snprintf(path, sizeof path, "%s/%s", folder, pack);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    long place = (long)(name->offset + (from_end ? length - at : at));
    assert_int_equal(fseek(file, place, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, place, SEEK_SET), 0);
    assert_true(fputc(byte ^ 16, file) != EOF);
    assert_int_equal(fclose(file), 0);
}

/* By whoever reads it all. */
static void find_damage(struct table *table)
{
    struct verify_report report;
    struct err *problem = NULL;
    assert_ok(table_verify(table, INT64_MIN, INT64_MAX, &report, &problem));
    assert_non_null(problem);
    err_free(problem);
    assert_int_equal(report.damaged, 1);
}

static uint32_t damaged_count(struct table *table)
{
    struct arena *arena = arena_create(NULL);
    struct quarantined *list = NULL;
    uint32_t count = 1;
    assert_ok(quarantine_list(table, arena, &list, &count));
    arena_destroy(arena);
    return count;
}

static void is_whole(struct table *table)
{
    struct verify_report report;
    struct err *problem = NULL;
    assert_ok(table_verify(table, INT64_MIN, INT64_MAX, &report, &problem));
    assert_ok(problem);
    assert_int_equal(damaged_count(table), 0);
}

/* Messages [first, end) as if Kafka gave them: those of the ranges and some beside them, but for each skipped-th (0:
 * none is). changed: with another n. */
struct give {
    uint32_t skipped;
    bool changed;
    bool twice;
};

static void give_rows(struct repair *repair, const struct give *give)
{
    uint32_t count = 0, types_count = repair_def(repair)->column_count;
    const struct repair_range *ranges = repair_ranges(repair, &count);
    const struct type *types[8];
    const struct builder_options options = {.addresses = true};
    for (uint32_t i = 0; i < types_count; i++) {
        types[i] = repair_def(repair)->columns[i].type;
    }
    for (uint32_t r = 0; r < count; r++) {
        struct builder *builder = NULL;
        struct row_chunk **chunks = NULL;
        uint32_t chunk_count = 0;
        struct arena *arena = arena_create(NULL);
        assert_true(ranges[r].stream == (uint64_t)1 << 32 && ranges[r].partition == 0);
        assert_ok(builder_create(types, types_count, &options, &builder));
        int64_t first = ranges[r].first > 3 ? ranges[r].first - 3 : 0;
        for (int64_t offset = first; offset < ranges[r].end + 3; offset++) {
            bool mine = offset >= ranges[r].first && offset < ranges[r].end;
            if (give->skipped != 0 && offset % give->skipped == 0) {
                continue;
            }
            if (!mine) { /* the next range has it, or it is nobody's */
                bool other = (r > 0 && offset < ranges[r - 1].end) || (r + 1 < count && offset >= ranges[r + 1].first);
                if (other) {
                    continue;
                }
            }
            row_put(builder, (uint64_t)offset, 2, NULL);
            if (mine && give->twice) {
                row_put(builder, (uint64_t)offset, 2, NULL);
            }
        }
        assert_ok(builder_take(builder, &chunks, &chunk_count));
        for (uint32_t i = 0; i < chunk_count; i++) {
            struct chunk *chunk = chunk_new(arena, types_count + COLUMN_HIDDEN_COUNT, row_chunk_rows(chunks[i]));
            for (uint32_t c = 0; c < chunk->column_count; c++) {
                chunk->columns[c] = row_chunk_column(arena, chunks[i], c, chunk->row_count);
            }
            if (give->changed && chunk->row_count > 0) {
                const int64_t other = -1;
                chunk->columns[1] = column_const(arena, type_simple(TYPE_INT64), &other, chunk->row_count);
            }
            assert_ok(repair_take(repair, chunk));
            row_chunk_unref(chunks[i]);
        }
        free(chunks);
        builder_destroy(builder);
        arena_destroy(arena);
    }
}

static struct err *try_repair(struct table *table, const struct give *give, const struct repair_options *options,
                              bool without_unknown, struct repair_outcome *outcome)
{
    struct arena *arena = arena_create(NULL);
    struct quarantined *list = NULL;
    struct repair *repair = NULL;
    uint32_t count = 0;
    assert_ok(quarantine_list(table, arena, &list, &count));
    assert_int_equal(count, 1);
    const struct segment_name name = {list[0].pack, list[0].offset};
    assert_ok(repair_begin(table, &name, without_unknown, arena, NULL, &repair));
    assert_non_null(repair);
    give_rows(repair, give);
    struct err *err = repair_finish(repair, options, outcome);
    repair_end(repair);
    outcome->entries = NULL; /* the arena's */
    outcome->entry_count = 0;
    if (outcome->why != NULL) {
        static char why[300];
        (void)snprintf(why, sizeof why, "%s", outcome->why);
        outcome->why = why;
    }
    arena_destroy(arena);
    return err;
}

static void check(const char *folder)
{
    struct check_report report;
    assert_ok(store_check(folder, NULL, NULL, NULL, NULL, &report));
    assert_int_equal(report.problems, 0);
}

static void same_rows(const struct rows_seen *a, const struct rows_seen *b)
{
    assert_true(a->rows == b->rows && a->n_sum == b->n_sum && a->text_sum == b->text_sum);
}

static const struct give all = {0};
static const struct repair_options strict = {0}, losing = {.lose_rows = true}, changing = {.change_rows = true};

/* A block, the footer; a table in one segment, by partitions, merged; some rows deleted before. */
static void comes_back(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 24; round++) {
        bool footer = round % 2 == 1, merged = round / 2 % 2 == 1, parted = round / 4 % 2 == 1;
        uint32_t place = round / 8; /* of the byte */
        char *folder = folder_make();
        struct store *store = filled(folder, parted ? "part" : "", 2);
        struct table *table = table_opened(store, "t");
        struct repair_outcome outcome;
        bool more = true;
        for (uint32_t i = 0; merged && more && i < 10; i++) {
            assert_ok(compactor_step(table, true, &more));
        }
        const struct rows_seen before = rows_see(table);
        const struct segment_name name = first_segment(table);
        flip(folder, table, &name, footer ? 60 : 5000 + place * 40000, footer);
        table_unref(table);
        assert_ok(store_close(store));
        store = store_opened(folder, NULL);
        table = table_opened(store, "t");
        find_damage(table);
        assert_ok(try_repair(table, &all, &strict, false, &outcome));
        assert_true(outcome.repaired && outcome.proven && outcome.lost == 0 && outcome.why == NULL);
        struct rows_seen after = rows_see(table);
        same_rows(&before, &after);
        is_whole(table);
        assert_ok(ledger_checkpoint(store->ledger));
        table_unref(table);
        assert_ok(store_close(store));
        check(folder);
        store = store_opened(folder, NULL);
        table = table_opened(store, "t");
        after = rows_see(table);
        same_rows(&before, &after);
        more = true;
        for (uint32_t i = 0; more && i < 10; i++) {
            assert_ok(compactor_step(table, true, &more));
        }
        after = rows_see(table);
        same_rows(&before, &after);
        table_unref(table);
        assert_ok(store_close(store));
        check(folder);
        folder_remove(folder);
    }
}

static void delete_some(struct table *table, uint64_t modulus)
{
    struct arena *arena = arena_create(NULL);
    struct mutation *mutation = NULL;
    uint64_t rows = 0;
    uint32_t segments = 0;
    const struct segment_name name = first_segment(table);
    assert_ok(mutation_begin(table, arena, NULL, &mutation));
    for (uint64_t row = 0; row < ROWS; row += modulus) {
        assert_ok(mutation_delete(mutation, name.pack, name.offset, row));
    }
    assert_ok(mutation_commit(mutation, &rows, &segments));
    mutation_end(mutation);
    arena_destroy(arena);
}

static void deleted_rows_stay_so(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = filled(folder, "", 1);
    struct table *table = table_opened(store, "t");
    struct repair_outcome outcome;
    delete_some(table, 7);
    const struct rows_seen before = rows_see(table);
    assert_true(before.rows < ROWS);
    const struct segment_name name = first_segment(table);
    flip(folder, table, &name, 5000, false);
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    find_damage(table);
    assert_ok(try_repair(table, &all, &strict, false, &outcome));
    assert_true(outcome.repaired && outcome.proven);
    struct rows_seen after = rows_see(table);
    same_rows(&before, &after);
    is_whole(table);
    table_unref(table);
    assert_ok(store_close(store));
    check(folder);
    folder_remove(folder);
}

/* Which rows were deleted is not known when their granule's addresses are gone: none comes back. */
static void deleted_rows_that_nothing_names(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = filled(folder, "", 1);
    struct table *table = table_opened(store, "t");
    struct repair_outcome outcome;
    delete_some(table, 7);
    const struct segment_name name = first_segment(table);
    flip(folder, table, &name, 60, true);
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    find_damage(table);
    assert_ok(try_repair(table, &all, &strict, false, &outcome));
    assert_true(!outcome.repaired && outcome.lost == ROWS - (ROWS + 6) / 7 && outcome.why != NULL);
    assert_ok(try_repair(table, &all, &losing, false, &outcome));
    assert_true(outcome.repaired && outcome.lost == ROWS - (ROWS + 6) / 7);
    assert_int_equal(rows_see(table).rows, 0);
    is_whole(table);
    table_unref(table);
    assert_ok(store_close(store));
    check(folder);
    folder_remove(folder);
}

/* Messages that are gone, others in their place, too many; then only what is asked for is done. */
static void not_all_is_there(void **state)
{
    (void)state;
    static const struct give some = {.skipped = 10}, others = {.changed = true}, twice = {.twice = true};
    for (uint32_t footer = 0; footer < 2; footer++) {
        char *folder = folder_make();
        struct store *store = filled(folder, "", 1);
        struct table *table = table_opened(store, "t");
        struct repair_outcome outcome;
        const struct segment_name name = first_segment(table);
        flip(folder, table, &name, footer == 1 ? 60 : 5000, footer == 1);
        table_unref(table);
        assert_ok(store_close(store));
        store = store_opened(folder, NULL);
        table = table_opened(store, "t");
        find_damage(table);
        assert_ok(try_repair(table, &some, &strict, false, &outcome));
        assert_true(!outcome.repaired && outcome.lost > 0 && strstr(outcome.why, "rows are missing") != NULL);
        assert_ok(try_repair(table, &others, &strict, false, &outcome));
        assert_true(!outcome.repaired && outcome.lost == 0 && strstr(outcome.why, "row sums differ") != NULL);
        assert_ok(try_repair(table, &twice, &changing, false, &outcome));
        assert_true(!outcome.repaired && outcome.why != NULL);
        /* the ledger takes nothing */
        assert_ok(failpoint_arm("ledger_append=enospc:1"));
        struct err *err = try_repair(table, &all, &strict, false, &outcome);
        failpoint_disarm_all();
        assert_non_null(err);
        err_free(err);
        if (footer == 1) {
            assert_ok(try_repair(table, &others, &changing, false, &outcome));
            assert_true(outcome.repaired && !outcome.proven && outcome.lost == 0);
            assert_int_equal(rows_see(table).rows, ROWS);
        } else {
            assert_ok(try_repair(table, &some, &losing, false, &outcome));
            assert_true(outcome.repaired && !outcome.proven && outcome.lost > 0);
            assert_int_equal(rows_see(table).rows, ROWS - outcome.lost);
        }
        is_whole(table);
        table_unref(table);
        assert_ok(store_close(store));
        check(folder);
        folder_remove(folder);
    }
}

static void repair_all(struct table *table, void *user)
{
    struct repair_outcome outcome;
    (void)user;
    assert_ok(try_repair(table, &all, &strict, false, &outcome));
}

/* Killed on the way: as it was, or repaired. */
static void killed_anywhere(void **state)
{
    (void)state;
    static const char *const points[] = {"pack_write", "pack_sync", "pack_sync_dir", "ledger_append", "ledger_sync"};
    char *folder = folder_make();
    struct store *store = filled(folder, "", 2);
    struct table *table = table_opened(store, "t");
    const struct rows_seen before = rows_see(table);
    const struct segment_name name = first_segment(table);
    struct repair_outcome outcome;
    flip(folder, table, &name, 5000, false);
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    find_damage(table);
    table_unref(table);
    assert_ok(store_close(store));
    for (uint32_t p = 0; p < sizeof(points) / sizeof(points[0]); p++) {
        killed_at_work(folder, points[p], repair_all, NULL);
        store = store_opened(folder, NULL);
        table = table_opened(store, "t");
        uint32_t count = damaged_count(table);
        if (count == 0) { /* the commit was in the file already */
            const struct rows_seen after = rows_see(table);
            same_rows(&before, &after);
            is_whole(table);
        }
        table_unref(table);
        assert_ok(store_close(store));
        if (count == 0) {
            break;
        }
    }
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    if (damaged_count(table) > 0) {
        assert_ok(try_repair(table, &all, &strict, false, &outcome));
        assert_true(outcome.repaired && outcome.proven);
    }
    const struct rows_seen after = rows_see(table);
    same_rows(&before, &after);
    is_whole(table);
    table_unref(table);
    assert_ok(store_close(store));
    check(folder);
    folder_remove(folder);
}

/* What the ledger refuses. */
static void records(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = filled(folder, "", 1);
    struct table *table = table_opened(store, "t");
    struct table_version *version = table_version_take(table);
    const struct ledger_segment *info = &version->segments[0]->info;
    const struct segment_name name = {info->pack, info->offset};
    struct segment_repaired repaired = {table_id(table), name, info->row_count, 0, 0};
    struct ledger_batch *batch = ledger_batch_create();
    assert_ok(ledger_batch_repaired(batch, &repaired));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "it is not damaged");
    ledger_batch_destroy(batch);
    struct err *cause = err_new(ERR_CORRUPT, "a test");
    quarantine_put(table, version->segments[0], cause);
    err_free(cause);
    static const struct {
        uint64_t lost;
        uint32_t outputs;
        unsigned __int128 sum;
        const char *says;
    } cases[] = {
        {1, 0, 0, "contradicts its rows"},        {ROWS + 1, 1, 0, "contradicts its rows"},
        {ROWS, 1, 0, "contradicts its rows"},     {ROWS, 0, 1, "contradicts its rows"},
        {0, 1, 0, "outputs of a merge in table"}, {ROWS - 1, 2, 7, "outputs of a merge in table"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        repaired.lost_rows = cases[i].lost;
        repaired.output_count = cases[i].outputs;
        repaired.row_sum = cases[i].sum;
        batch = ledger_batch_create();
        assert_ok(ledger_batch_repaired(batch, &repaired));
        assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, cases[i].says);
        ledger_batch_destroy(batch);
    }
    table_version_unref(version);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back),       cmocka_unit_test(deleted_rows_stay_so),
        cmocka_unit_test(not_all_is_there), cmocka_unit_test(deleted_rows_that_nothing_names),
        cmocka_unit_test(killed_anywhere),  cmocka_unit_test(records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
