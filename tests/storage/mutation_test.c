/*
 * mutation_test.c: rows that are deleted or changed: against a model, beside merges, inserts and restarts; the disk is
 * full; the process is killed; lists of deleted rows are damaged.
 */
#include "base/failpoint.h"
#include "storage/check.h"
#include "storage/mutation.h"
#include "storage/partition.h"
#include "storage/table_private.h"
#include "tests/storage/table_fixture.h"

#define ROWS_MAX 60000U

enum fate { NEVER_THERE, DELETED, ORIGINAL, CHANGED };

/* What should be there: row n by number. */
struct model {
    uint8_t fate[ROWS_MAX];
    uint64_t next;
};

static bool is_meant(uint64_t n, uint64_t modulus, uint64_t rest, uint64_t from)
{
    return n >= from && n % modulus == rest;
}

static void assert_model(struct table *table, const struct model *model)
{
    struct rows_seen expected = {.sorted = true};
    for (uint64_t n = 0; n < model->next; n++) {
        char service[32], note[32];
        int service_length = snprintf(service, sizeof service, "service-%u", (unsigned)(n * 7 % 23));
        int note_length = snprintf(note, sizeof note, "note %llx", (unsigned long long)(n * 0x9e3779b97f4a7c15ULL));
        struct slice text =
            model->fate[n] == CHANGED ? slice_text("changed") : slice_of(note, n % 5 == 0 ? 0 : (size_t)note_length);
        if (model->fate[n] >= ORIGINAL) {
            expected.rows++;
            expected.n_sum += n;
            expected.text_sum += row_hash(n, slice_of(service, (size_t)service_length), text);
        }
    }
    assert_rows(table, &expected);
}

static void rows_add(struct store *store, struct head_writer *writer, struct model *model, uint32_t count)
{
    struct draft *draft = NULL;
    for (uint32_t i = 0; i < count; i++) {
        model->fate[model->next] = ORIGINAL;
        row_put(head_builder(writer), model->next++, 2, NULL);
    }
    assert_true(model->next <= ROWS_MAX);
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
}

/* The rows of a unit that are meant, with "changed" for their note. */
static struct err *change_unit(struct mutation *mutation, struct arena *arena, struct scan *scan,
                               const struct scan_unit *unit, const uint32_t *positions, uint32_t count)
{
    struct err *err = NULL;
    struct chunk *chunk = chunk_new(arena, 8, count);
    for (uint32_t c = 0; c < 8; c++) {
        struct column *column = NULL;
        OR_DONE(scan_read(scan, arena, unit, c, &column));
        chunk->columns[c] = column_take(arena, column, positions, count);
    }
    struct column *note = column_new(arena, chunk->columns[3]->type, count);
    for (uint32_t i = 0; i < count; i++) {
        ((struct slice *)note->values)[i] = slice_text("changed");
    }
    if (note->nulls != NULL) {
        memset(note->nulls, 0, count);
    }
    chunk->columns[3] = note;
    err = mutation_change(mutation, chunk);
done:
    return err;
}

/* Deletes the rows that are meant, all in segments; *rows: how many. change: each of them comes back, changed; or
 * (expiry) every nth. */
static struct err *mutate_as(struct table *table, uint64_t modulus, uint64_t rest, uint64_t from, uint32_t change,
                             bool expiry, uint64_t *rows)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct mutation *mutation = NULL;
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    uint32_t segments;

    OR_DONE(expiry ? mutation_begin_expiry(table, arena, NULL, &mutation)
                   : mutation_begin(table, arena, NULL, &mutation));
    OR_DONE(snapshot_take(table, &snapshot));
    OR_DONE(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *n = NULL, *place[SCAN_PLACE_COUNT];
        uint32_t *positions = ARENA_ARRAY(arena, uint32_t, unit.row_count), count = 0;
        OR_DONE(scan_read(scan, arena, &unit, 1, &n));
        for (uint32_t i = 0; i < SCAN_PLACE_COUNT; i++) {
            OR_DONE(scan_read(scan, arena, &unit, 8 + i, &place[i]));
        }
        for (uint32_t row = 0; row < unit.row_count; row++) {
            if (is_meant(*(const uint64_t *)column_value(n, row), modulus, rest, from)) {
                positions[count++] = row;
                OR_DONE(mutation_delete(mutation, *(const uint64_t *)column_value(place[SCAN_PLACE_PACK], row),
                                        *(const uint64_t *)column_value(place[SCAN_PLACE_OFFSET], row),
                                        *(const uint64_t *)column_value(place[SCAN_PLACE_ROW], row)));
            }
        }
        uint32_t back = 0;
        for (uint32_t i = 0; change > 1 && i < count; i += change) {
            positions[back++] = positions[i];
        }
        count = change > 1 ? back : count;
        if (change > 0 && count > 0) {
            OR_DONE(change_unit(mutation, arena, scan, &unit, positions, count));
        }
    }
    err = mutation_commit(mutation, rows, &segments);
done:
    mutation_end(mutation);
    snapshot_unref(snapshot);
    arena_destroy(arena);
    return err;
}

static struct err *mutate(struct table *table, uint64_t modulus, uint64_t rest, uint64_t from, bool change,
                          uint64_t *rows)
{
    return mutate_as(table, modulus, rest, from, change ? 1 : 0, false, rows);
}

static struct err *expire(struct table *table, uint64_t modulus, uint64_t rest, uint32_t stand, uint64_t *rows)
{
    return mutate_as(table, modulus, rest, 0, stand, true, rows);
}

static void model_mutate(struct model *model, uint64_t modulus, uint64_t rest, uint64_t from, bool change,
                         uint64_t *rows)
{
    *rows = 0;
    for (uint64_t n = 0; n < model->next; n++) {
        if (model->fate[n] >= ORIGINAL && is_meant(n, modulus, rest, from)) {
            model->fate[n] = change ? CHANGED : DELETED;
            ++*rows;
        }
    }
}

static void tell(void *user, const char *text)
{
    (void)snprintf(user, 512, "%s", text);
}

static void assert_check_ok(const char *folder)
{
    struct check_report report;
    char told[512] = "";
    assert_ok(store_check(folder, NULL, NULL, tell, told, &report));
    assert_string_equal(told, "");
    assert_int_equal(report.problems, 0);
}

/* Random work: every step leaves what the model says, and what weir check accepts. */
static void rows_are_those_of_a_model(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        char *folder = folder_make();
        struct store *store = store_opened(folder, NULL);
        table_create(store, "t", seed % 2 == 0 ? "part" : "");
        struct table *table = table_opened(store, "t");
        struct head_writer *writer = NULL;
        struct model *model = calloc(1, sizeof(*model));
        uint64_t random = seed * 0x9e3779b97f4a7c15ULL;
        bool merged;
        assert_ok(head_writer_open(table, NULL, &writer));
        for (uint32_t step = 0; step < 40; step++) {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            uint64_t choice = random >> 33, expected = 0, rows = 0;
            uint64_t modulus = 1 + (choice >> 8) % 7 * ((choice >> 12) % 5 == 0 ? 3000 : 1);
            uint64_t rest = (choice >> 16) % modulus, from = model->next * ((choice >> 4) % 4) / 4;
            switch (choice % 8) {
            case 0:
            case 1:
            case 2:
                rows_add(store, writer, model, 1 + (uint32_t)(choice >> 5) % 3000);
                break;
            case 3:
            case 4:
                assert_ok(mutate(table, modulus + 1, rest, from, false, &rows));
                model_mutate(model, modulus + 1, rest, from, false, &expected);
                assert_int_equal(rows, expected);
                break;
            case 5:
                assert_ok(mutate(table, modulus, rest, from, true, &rows));
                model_mutate(model, modulus, rest, from, true, &expected);
                assert_int_equal(rows, expected);
                break;
            case 6:
                assert_ok(compactor_step(table, choice % 3 == 0, &merged));
                break;
            default:
                if (choice % 3 == 0) {
                    assert_ok(ledger_checkpoint(store->ledger));
                }
                head_writer_close(writer);
                table_unref(table);
                assert_ok(store_close(store));
                assert_check_ok(folder);
                store = store_opened(folder, NULL);
                table = table_opened(store, "t");
                assert_ok(head_writer_open(table, NULL, &writer));
                break;
            }
            assert_model(table, model);
        }
        assert_ok(table_optimize(table, true, NULL));
        assert_model(table, model);
        struct snapshot *snapshot = NULL;
        assert_ok(snapshot_take(table, &snapshot));
        for (uint32_t i = 0; i < snapshot_segment_count(snapshot); i++) {
            assert_int_equal(snapshot_segment(snapshot, i)->deleted.row_count, 0);
        }
        snapshot_unref(snapshot);
        head_writer_close(writer);
        table_unref(table);
        assert_ok(store_close(store));
        assert_check_ok(folder);
        folder_remove(folder);
        free(model);
    }
}

/* A reader's snapshot shows what was there before; what came while a mutation ran stays. */
static void snapshots_and_later_rows_stay(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct model *model = calloc(1, sizeof(*model));
    struct snapshot *before = NULL;
    struct arena *arena = arena_create(NULL);
    struct mutation *mutation = NULL;
    uint64_t rows;
    uint32_t segments;
    bool merged;
    assert_ok(head_writer_open(table, NULL, &writer));
    rows_add(store, writer, model, 20000);
    assert_ok(snapshot_take(table, &before));
    assert_ok(mutate(table, 2, 0, 0, false, &rows));
    assert_int_equal(rows, 10000);
    assert_int_equal(snapshot_rows(before), 20000);
    struct scan *scan = NULL;
    struct scan_unit unit;
    uint64_t seen = 0;
    assert_ok(scan_open(before, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *column = NULL;
        assert_ok(scan_read(scan, arena, &unit, 2, &column));
        seen += column->row_count;
    }
    assert_int_equal(seen, 20000);
    model_mutate(model, 2, 0, 0, false, &rows);
    assert_model(table, model);
    /* no merge begins while a mutation runs; rows that come meanwhile are none of its */
    assert_ok(mutation_begin(table, arena, NULL, &mutation));
    rows_add(store, writer, model, 100);
    assert_ok(compactor_step(table, true, &merged));
    assert_false(merged);
    struct snapshot *now = NULL;
    assert_ok(snapshot_take(table, &now));
    for (uint32_t i = 0; i < snapshot_segment_count(now); i++) {
        const struct ledger_segment *segment = snapshot_segment(now, i);
        for (uint64_t row = 0; row < segment->row_count; row++) {
            assert_ok(mutation_delete(mutation, segment->pack, segment->offset, row));
        }
    }
    snapshot_unref(now);
    assert_ok(mutation_commit(mutation, &rows, &segments));
    assert_int_equal(rows, 10000);
    mutation_end(mutation);
    for (uint64_t n = 0; n < 20000; n++) {
        model->fate[n] = DELETED;
    }
    assert_model(table, model);
    /* TRUNCATE meanwhile: nothing is left to delete */
    assert_ok(mutation_begin(table, arena, NULL, &mutation));
    assert_ok(snapshot_take(table, &now));
    assert_ok(mutation_delete(mutation, snapshot_segment(now, 0)->pack, snapshot_segment(now, 0)->offset, 0));
    snapshot_unref(now);
    assert_ok(table_truncate(table));
    assert_ok(mutation_commit(mutation, &rows, &segments));
    assert_int_equal(rows, 0);
    mutation_end(mutation);
    assert_int_equal(rows_see(table).rows, 0);
    snapshot_unref(before);
    arena_destroy(arena);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    assert_check_ok(folder);
    folder_remove(folder);
    free(model);
}

/* The disk is full, or fails: nothing changes, and then it works. */
static void failures_change_nothing(void **state)
{
    (void)state;
    static const char *const points[] = {"pack_write=enospc", "pack_write=eio",       "pack_sync=eio",
                                         "pack_sync_dir=eio", "ledger_append=enospc", "ledger_append=eio"};
    for (uint32_t change = 0; change < 2; change++) {
        char *folder = folder_make();
        struct store *store = store_opened(folder, NULL);
        table_create(store, "t", "part");
        struct table *table = table_opened(store, "t");
        struct head_writer *writer = NULL;
        struct model *model = calloc(1, sizeof(*model));
        uint64_t rows, expected;
        assert_ok(head_writer_open(table, NULL, &writer));
        rows_add(store, writer, model, 5000);
        rows_add(store, writer, model, 5000);
        for (uint32_t k = 0; k < sizeof(points) / sizeof(points[0]); k++) {
            assert_ok(failpoint_arm(points[k]));
            struct err *err = mutate(table, 10, k, 0, change, &rows);
            failpoint_disarm_all();
            assert_non_null(err);
            err_free(err);
            assert_model(table, model);
            assert_ok(mutate(table, 10, k, 0, change, &rows));
            model_mutate(model, 10, k, 0, change, &expected);
            assert_int_equal(rows, expected);
            assert_model(table, model);
        }
        head_writer_close(writer);
        table_unref(table);
        assert_ok(store_close(store));
        assert_check_ok(folder);
        folder_remove(folder);
        free(model);
    }
}

/* What a child does until it is killed: to every tenth row. */
struct work {
    uint64_t rest;
    bool back; /* rows come back: changed, or to stand for expired ones */
};

static void mutate_rest(struct table *table, void *user)
{
    const struct work *work = user;
    uint64_t rows;
    assert_ok(mutate(table, 10, work->rest, 0, work->back, &rows));
}

static void expire_rest(struct table *table, void *user)
{
    const struct work *work = user;
    uint64_t rows;
    assert_ok(expire(table, 10, work->rest, work->back ? 2 : 0, &rows));
}

/* Killed at a failpoint: afterwards all of it happened, or nothing. */
static void killed_anywhere(void **state)
{
    (void)state;
    static const char *const points[] = {"pack_write", "pack_sync", "pack_sync_dir", "ledger_append", "ledger_sync"};
    uint32_t done = 0;
    for (uint32_t change = 0; change < 2; change++) {
        char *folder = folder_make();
        struct store *store = store_opened(folder, NULL);
        table_create(store, "t", "part");
        struct table *table = table_opened(store, "t");
        struct head_writer *writer = NULL;
        struct model *model = calloc(1, sizeof(*model));
        uint64_t rows;
        assert_ok(head_writer_open(table, NULL, &writer));
        rows_add(store, writer, model, 3000);
        head_writer_close(writer);
        table_unref(table);
        assert_ok(store_close(store));
        for (uint32_t k = 0; k < sizeof(points) / sizeof(points[0]); k++) {
            killed_at_work(folder, points[k], mutate_rest, &(struct work){k, change});
            store = store_opened(folder, NULL);
            table = table_opened(store, "t");
            struct rows_seen seen = rows_see(table);
            if (!change && seen.rows == 3000 - 300 * (done + 1)) {
                model_mutate(model, 10, k, 0, false, &rows);
                done++;
            } else if (change) {
                assert_int_equal(seen.rows, 3000);
                assert_ok(mutate(table, 10, k, 0, true, &rows)); /* again, or for the first time */
                assert_int_equal(rows, 300);
                model_mutate(model, 10, k, 0, true, &rows);
            }
            assert_model(table, model);
            table_unref(table);
            assert_ok(store_close(store));
            assert_check_ok(folder);
        }
        folder_remove(folder);
        free(model);
    }
}

/* Every byte of a list of deleted rows, flipped, is found and named; so is a list that is gone. */
static void damaged_lists_are_named(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct model *model = calloc(1, sizeof(*model));
    struct snapshot *snapshot = NULL;
    struct check_report report;
    struct rows_seen seen;
    char path[512], told[512] = "";
    uint64_t rows = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    rows_add(store, writer, model, 1000);
    assert_ok(mutate(table, 7, 3, 0, false, &rows));
    assert_ok(snapshot_take(table, &snapshot));
    const struct ledger_deleted deleted = snapshot_segment(snapshot, 0)->deleted;
    assert_int_equal(deleted.row_count, rows);
    snapshot_unref(snapshot);
    seen = rows_see(table);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    (void)snprintf(path, sizeof path, "%s/packs/%08llu.pack", folder, (unsigned long long)deleted.pack);
    FILE *file = fopen(path, "r+b");
    if (file == NULL) {
        fail();
        return;
    }
    for (uint64_t at = deleted.offset; at < deleted.offset + deleted.length; at += 3) {
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        int byte = fgetc(file);
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        assert_int_not_equal(fputc(byte ^ 0x10, file), EOF);
        assert_int_equal(fflush(file), 0);
        told[0] = 0;
        assert_ok(store_check(folder, NULL, NULL, tell, told, &report));
        assert_int_equal(report.problems, 1);
        assert_non_null(strstr(told, "deleted"));
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        assert_int_not_equal(fputc(byte, file), EOF);
        assert_int_equal(fflush(file), 0);
    }
    (void)fclose(file);
    assert_check_ok(folder);
    /* what reads it says so */
    assert_int_equal(truncate(path, (off_t)(deleted.offset + 5)), 0);
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    struct arena *arena = arena_create(NULL);
    struct scan *scan = NULL;
    assert_ok(snapshot_take(table, &snapshot));
    assert_int_equal(snapshot_rows(snapshot), seen.rows);
    assert_err(scan_open(snapshot, arena, NULL, 0, &scan), ERR_CORRUPT, "rows deleted from pack");
    snapshot_unref(snapshot);
    arena_destroy(arena);
    table_unref(table);
    assert_ok(store_close(store));
    assert_int_equal(unlink(path), 0);
    assert_ok(store_check(folder, NULL, NULL, tell, told, &report));
    assert_int_equal(report.problems, 1);
    folder_remove(folder);
    free(model);
}

/* The ledger refuses what would lose rows, or bring back deleted ones. */
static void the_ledger_counts(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct model *model = calloc(1, sizeof(*model));
    struct snapshot *snapshot = NULL;
    uint64_t rows;
    assert_ok(head_writer_open(table, NULL, &writer));
    rows_add(store, writer, model, 1000);
    assert_ok(mutate(table, 2, 1, 0, false, &rows));
    assert_ok(snapshot_take(table, &snapshot));
    const struct ledger_segment *segment = snapshot_segment(snapshot, 0);
    const struct segment_name name = {segment->pack, segment->offset};
    struct rows_deleted deleted = {table_id(table), name, segment->deleted};
    struct ledger_batch *batch = ledger_batch_create();
    assert_ok(ledger_batch_deleted(batch, &deleted)); /* not more than before */
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "are deleted");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    deleted.deleted.row_count = 1000; /* all: then the segment leaves */
    assert_ok(ledger_batch_deleted(batch, &deleted));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "are deleted");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    struct segments_removed removed = {.table_id = table_id(table),
                                       .reason = REMOVE_DELETED,
                                       .segments = &name,
                                       .segment_count = 1,
                                       .removed_row_count = 500,
                                       .removed_row_sum = 1};
    assert_ok(ledger_batch_remove(batch, &removed)); /* other rows than those that are left */
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "row sums differ");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    deleted.deleted.row_count = 600;
    struct rows_changed changed = {.table_id = table_id(table), .row_count = 99, .output_count = 1};
    assert_ok(ledger_batch_deleted(batch, &deleted));
    assert_ok(ledger_batch_changed(batch, &changed)); /* fewer come back */
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "the commit deletes 100");
    ledger_batch_destroy(batch);
    struct rows_expired expired = {.table_id = table_id(table), .row_count = 100, .old_sum = 3};
    for (uint32_t k = 0; k < 5; k++) {
        batch = ledger_batch_create();
        deleted.deleted.row_sum = segment->deleted.row_sum + 3;
        assert_ok(ledger_batch_deleted(batch, &deleted));
        expired.row_count = k == 0 ? 99 : 100;         /* other rows than those that the commit deletes */
        expired.new_row_count = k == 1 ? 101 : k == 2; /* more than those; or none of what is told */
        expired.output_count = k == 1 || k == 3;       /* outputs without rows */
        expired.new_sum = k == 4 ? 7 : 0;              /* a sum of no rows */
        assert_ok(ledger_batch_expired(batch, &expired));
        assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "rows of table");
        ledger_batch_destroy(batch);
    }
    batch = ledger_batch_create();
    expired = (struct rows_expired){.table_id = table_id(table), .row_count = 100, .old_sum = 3};
    assert_ok(ledger_batch_deleted(batch, &deleted));
    assert_ok(ledger_batch_expired(batch, &expired));
    assert_ok(ledger_batch_expired(batch, &expired)); /* told twice */
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "the commit deletes 0");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    const struct merge_adds adds = {table_id(table), 5, 7};
    assert_ok(ledger_batch_merge_adds(batch, &adds)); /* without a merge */
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "have no merge");
    ledger_batch_destroy(batch);
    model_mutate(model, 2, 1, 0, false, &rows);
    assert_model(table, model);
    snapshot_unref(snapshot);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    assert_check_ok(folder);
    folder_remove(folder);
    free(model);
}

/* Rows whose TTL is over: those of heads stay, fewer stand for them, held tables are left alone; killed anywhere. */
static void rows_expire(void **state)
{
    (void)state;
    static const char *const points[] = {"pack_write", "pack_sync", "pack_sync_dir", "ledger_append", "ledger_sync"};
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct model *model = calloc(1, sizeof(*model));
    uint64_t rows = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    rows_add(store, writer, model, 6000);
    assert_ok(table_hold(table, slice_text("case 4711")));
    assert_err(expire(table, 10, 0, 0, &rows), ERR_TABLE_HELD, "TTL");
    assert_ok(table_release(table, slice_text("case 4711")));
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    uint64_t gone = 0;
    for (uint32_t k = 0; k < 2 * sizeof(points) / sizeof(points[0]); k++) {
        bool combine = k % 2 == 1; /* every second row comes back, to stand for two */
        killed_at_work(folder, points[k / 2], expire_rest, &(struct work){k, combine});
        store = store_opened(folder, NULL);
        table = table_opened(store, "t");
        struct rows_seen seen = rows_see(table);
        uint64_t leave = combine ? 300 : 600;
        if (seen.rows == 6000 - gone) {
            assert_ok(expire(table, 10, k, combine ? 2 : 0, &rows));
            assert_int_equal(rows, 600);
        }
        gone += leave;
        assert_int_equal(rows_see(table).rows, 6000 - gone);
        if (k == 5) {
            assert_ok(table_optimize(table, true, NULL));
            assert_int_equal(rows_see(table).rows, 6000 - gone);
        }
        table_unref(table);
        assert_ok(store_close(store));
        assert_check_ok(folder);
    }
    folder_remove(folder);
    free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_a_model),
        cmocka_unit_test(snapshots_and_later_rows_stay),
        cmocka_unit_test(failures_change_nothing),
        cmocka_unit_test(killed_anywhere),
        cmocka_unit_test(damaged_lists_are_named),
        cmocka_unit_test(the_ledger_counts),
        cmocka_unit_test(rows_expire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
