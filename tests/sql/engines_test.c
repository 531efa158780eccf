/*
 * engines_test.c: engines that combine rows, below SQL: a key's rows in any number of batches give what they give in
 * one; merges tell the ledger what they dropped and made; the power goes at every operation.
 *
 * Insert b adds 2^b to a SummingMergeTree's keys b % 4 and 100: the sum over each key says which inserts are there, and
 * that each is there once.
 */
#include "sql/table_program.h"
#include "storage/combining.h"
#include "storage/final.h"
#include "storage/mutation.h"
#include "tests/storage/power_fixture.h"

#include <stdlib.h>

#define KEYS 101U

static void sums_create(struct store *store, const char *engine)
{
    static const char *const order_by[] = {"k"};
    struct column_def columns[] = {{.name = "k", .type = type_simple(TYPE_UINT64)},
                                   {.name = "v", .type = type_simple(TYPE_UINT64)}};
    table_define(store, "t", engine, columns, 2, order_by, 1, "");
}

static void put(struct builder *builder, uint64_t key, uint64_t value)
{
    assert_true(builder_row_begin(builder));
    builder_u64(builder, 0, key);
    builder_u64(builder, 1, value);
    if (builder->has_addresses) {
        builder_stream(builder, 1, 0, 0);
        builder_address(builder, (int64_t)value);
    }
    assert_true(builder_row_end(builder));
}

static uint64_t number_at(const struct column *column, uint32_t row)
{
    return *(const uint64_t *)column_value(column, row);
}

/* What FINAL, or (final false) a scan, gives: the sum of v of each key. */
static void sums_read(struct table *table, bool final, uint64_t sums[KEYS])
{
    static const uint32_t columns[] = {0, 1};
    struct arena *arena = arena_create(NULL), *work = arena_create(NULL);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    struct final_plan *plan = NULL;
    struct final_scan *read = NULL;
    struct chunk *chunk = NULL;
    const struct final_request request = {.columns = columns, .column_count = 2, .ranges = 4};

    memset(sums, 0, KEYS * sizeof(*sums));
    assert_ok(snapshot_take(table, &snapshot));
    if (final) {
        assert_ok(final_prepare(snapshot, arena, &request, &plan));
        for (uint32_t part = 0; part < final_part_count(plan); part++) {
            struct arena *own = arena_create(NULL);
            assert_ok(final_open(plan, own, part, NULL, &read));
            do {
                arena_reset(work);
                assert_ok(final_next(read, work, &chunk));
                for (uint32_t row = 0; chunk != NULL && row < chunk->row_count; row++) {
                    uint64_t key = number_at(chunk->columns[0], row);
                    assert_true(key < KEYS && sums[key] == 0); /* once */
                    sums[key] = number_at(chunk->columns[1], row);
                }
            } while (chunk != NULL);
            arena_destroy(own);
        }
    } else {
        assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
        while (scan_next(scan, &unit)) {
            struct column *keys = NULL, *values = NULL;
            assert_ok(scan_read(scan, arena, &unit, 0, &keys));
            assert_ok(scan_read(scan, arena, &unit, 1, &values));
            for (uint32_t row = 0; row < unit.row_count; row++) {
                assert_true(number_at(keys, row) < KEYS);
                sums[number_at(keys, row)] += number_at(values, row);
            }
        }
    }
    arena_destroy(work);
    arena_destroy(arena);
    snapshot_unref(snapshot);
}

/* ---- the power goes */

static void put_batch(struct builder *builder, uint32_t batch)
{
    put(builder, batch % 4, (uint64_t)1 << batch);
    put(builder, 100, (uint64_t)1 << batch);
}

static void check(struct table *table, const struct power_progress *progress)
{
    uint64_t sums[KEYS], combined[KEYS];
    sums_read(table, false, sums);
    sums_read(table, true, combined);
    assert_memory_equal(sums, combined, sizeof(sums));
    assert_true(sums[100] == sums[0] + sums[1] + sums[2] + sums[3]);
    for (uint32_t batch = 0; batch < POWER_BATCHES_MAX; batch++) {
        bool there = sums[100] >> batch & 1;
        assert_true(there == (sums[batch % 4] >> batch & 1));
        assert_true(batch < progress->next ? there || !progress->acknowledged[batch] : !there);
    }
    assert_ok(table_optimize(table, true, NULL));
    sums_read(table, false, combined);
    assert_memory_equal(sums, combined, sizeof(sums));
}

static void create_sums(struct store *store)
{
    sums_create(store, "SummingMergeTree");
}

static void power_goes(void **state)
{
    static const struct power_run run = {create_sums, put_batch, check};
    (void)state;
    power_goes_everywhere(&run);
}

/* ---- merges, in the order of insertion */

static void commit_key_values(struct store *store, struct head_writer *writer, uint64_t (*next)(void *, uint64_t *),
                              void *user, uint32_t count)
{
    struct draft *draft = NULL;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t key, value = next(user, &key);
        put(head_builder(writer), key, value);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
}

struct model {
    uint64_t random;
    uint64_t last[KEYS];
    uint64_t count;
};

/* A row whose value says when it came. */
static uint64_t model_next(void *user, uint64_t *key)
{
    struct model *model = user;
    model->random = model->random * 6364136223846793005ULL + 1442695040888963407ULL;
    *key = (model->random >> 33) % KEYS;
    model->last[*key] = ++model->count;
    return model->count;
}

/* Without a version the row that came last stays, whatever was merged with what; rows that heads hold are the last. */
static void the_last_stays(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    sums_create(store, "ReplacingMergeTree");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct model model = {.random = 7};
    uint64_t seen[KEYS];
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t commit = 0; commit < 300; commit++) {
        bool merged = true;
        commit_key_values(store, writer, model_next, &model, 1 + commit * 37 % 90);
        for (uint32_t i = 0; i < commit % 4 && merged; i++) {
            assert_ok(compactor_step(table, commit % 50 == 49, &merged));
        }
        if (commit % 20 == 0) {
            uint64_t key, value = model_next(&model, &key);
            put(head_builder(writer), key, value);
            assert_ok(head_publish(writer));
            sums_read(table, true, seen);
            assert_memory_equal(seen, model.last, sizeof(seen));
        }
    }
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    sums_read(table, true, seen);
    assert_memory_equal(seen, model.last, sizeof(seen));
    assert_ok(table_optimize(table, true, NULL));
    sums_read(table, false, seen);
    assert_memory_equal(seen, model.last, sizeof(seen));
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* ---- rows that change keep their place */

#define CHANGED ((uint64_t)1 << 40)

/* A commit with keys that the model draws, once each; addresses fall: they do not say which rows came later. */
static void commit_distinct(struct store *store, struct head_writer *writer, struct model *model)
{
    struct draft *draft = NULL;
    struct builder *builder = head_builder(writer);
    bool drawn[KEYS] = {false};
    for (uint32_t i = 0; i < 30; i++) {
        model->random = model->random * 6364136223846793005ULL + 1442695040888963407ULL;
        uint64_t key = (model->random >> 33) % KEYS;
        if (!drawn[key]) {
            drawn[key] = true;
            model->last[key] = ++model->count;
            assert_true(builder_row_begin(builder));
            builder_u64(builder, 0, key);
            builder_u64(builder, 1, model->count);
            builder_stream(builder, 1, 0, 0);
            builder_address(builder, (int64_t)(CHANGED - model->count));
            assert_true(builder_row_end(builder));
        }
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
}

/* UPDATE … SET v = v + CHANGED of each modulus-th value. */
static void change_some(struct table *table, uint64_t modulus)
{
    struct arena *arena = arena_create(NULL);
    struct mutation *mutation = NULL;
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    uint64_t changed = 0;
    uint32_t segments = 0, columns = 2 + COLUMN_HIDDEN_COUNT;
    assert_ok(mutation_begin(table, arena, NULL, &mutation));
    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *all[2 + COLUMN_HIDDEN_COUNT], *place[SCAN_PLACE_COUNT];
        uint32_t *positions = ARENA_ARRAY(arena, uint32_t, unit.row_count), count = 0;
        for (uint32_t i = 0; i < columns; i++) {
            assert_ok(scan_read(scan, arena, &unit, i, &all[i]));
        }
        for (uint32_t i = 0; i < SCAN_PLACE_COUNT; i++) {
            assert_ok(scan_read(scan, arena, &unit, columns + i, &place[i]));
        }
        uint64_t pack = number_at(place[SCAN_PLACE_PACK], 0), offset = number_at(place[SCAN_PLACE_OFFSET], 0);
        for (uint32_t row = 0; row < unit.row_count; row++) {
            if (number_at(all[1], row) < CHANGED && number_at(all[1], row) % modulus == 0) {
                positions[count++] = row;
                assert_ok(mutation_delete(mutation, pack, offset, number_at(place[SCAN_PLACE_ROW], row)));
            }
        }
        if (count > 0) {
            const struct chunk rows = {unit.row_count, columns, all};
            struct chunk *taken = chunk_take(arena, &rows, positions, count);
            struct column *values = column_new(arena, type_simple(TYPE_UINT64), count);
            for (uint32_t i = 0; i < count; i++) {
                ((uint64_t *)values->values)[i] = number_at(taken->columns[1], i) + CHANGED;
            }
            taken->columns[1] = values;
            assert_ok(mutation_change_from(mutation, pack, offset));
            assert_ok(mutation_change(mutation, taken));
        }
    }
    snapshot_unref(snapshot);
    assert_ok(mutation_commit(mutation, &changed, &segments));
    mutation_end(mutation);
    arena_destroy(arena);
}

/* What UPDATE writes has the place of the segment whose rows it changed, whatever merges take of that place. */
static void changed_rows_keep_their_place(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    sums_create(store, "ReplacingMergeTree");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct model model = {.random = 11};
    uint64_t seen[KEYS];
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t commit = 0; commit < 200; commit++) {
        bool merged = true;
        commit_distinct(store, writer, &model);
        if (commit * commit % 7 == 2) {
            change_some(table, 2 + commit % 5);
            for (uint32_t key = 0; key < KEYS; key++) {
                bool changes =
                    model.last[key] > 0 && model.last[key] < CHANGED && model.last[key] % (2 + commit % 5) == 0;
                model.last[key] += changes ? CHANGED : 0;
            }
        }
        if (commit % 9 == 8) { /* more segments than a merge takes */
            assert_ok(compactor_step(table, commit % 2 == 0, &merged));
        }
        sums_read(table, true, seen);
        assert_memory_equal(seen, model.last, sizeof(seen));
    }
    head_writer_close(writer);
    assert_ok(table_optimize(table, true, NULL));
    sums_read(table, false, seen);
    assert_memory_equal(seen, model.last, sizeof(seen));
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* ---- batches */

#define ROWS 400U

struct rows {
    uint64_t keys[ROWS], versions[ROWS];
    int8_t signs[ROWS];
};

static struct column *part_of(struct arena *arena, const struct type *type, const void *values, uint32_t begin,
                              uint32_t end)
{
    struct column *column = column_new(arena, type, end - begin);
    memcpy(column->values, (const char *)values + (size_t)begin * type->width, (size_t)(end - begin) * type->width);
    return column;
}

/* The versions of the rows that are left, in order; the rows come in batches that end where `ends` says. */
static uint32_t combine(struct arena *arena, const struct combining *combining, const struct table_def *def,
                        const struct rows *rows, uint64_t random, uint64_t *left)
{
    static const uint32_t columns[] = {0, 1, 2};
    struct combiner *combiner = NULL;
    struct chunk *carried = NULL;
    uint32_t count = 0;
    assert_ok(combiner_create(arena, combining, def, columns, 3, false, false, &combiner));
    for (uint32_t begin = 0, end; begin < ROWS; begin = end) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        end = begin + 1 + (uint32_t)((random >> 40) % 23);
        end = end > ROWS ? ROWS : end;
        uint32_t before = carried == NULL ? 0 : carried->row_count, total = before + (end - begin);
        struct column *fresh[3] = {part_of(arena, type_simple(TYPE_UINT64), rows->keys, begin, end),
                                   part_of(arena, type_simple(TYPE_UINT64), rows->versions, begin, end),
                                   part_of(arena, type_simple(TYPE_INT8), rows->signs, begin, end)};
        struct column *all[3];
        uint8_t *same = arena_zalloc(arena, total + 1);
        for (uint32_t c = 0; c < 3; c++) {
            const struct column *both[2] = {before > 0 ? carried->columns[c] : fresh[c], fresh[c]};
            all[c] = before > 0 ? column_concat(arena, both, 2) : fresh[c];
        }
        for (uint32_t row = 1; row < total; row++) {
            same[row] = column_compare(all[0], row, all[0], row - 1) == 0 &&
                        (combining->kind != COMBINING_VERSIONED || column_compare(all[1], row, all[1], row - 1) == 0);
        }
        const struct combine_batch batch = {.row_count = total, .columns = all, .same = same, .carried = before};
        struct combine_result result;
        assert_ok(combiner_run(combiner, arena, &batch, end == ROWS, &result));
        for (uint32_t row = 0; row < result.rows->row_count; row++) {
            left[count++] = number_at(result.rows->columns[0], row) << 32 | number_at(result.rows->columns[1], row);
        }
        carried = result.carry;
    }
    return count;
}

static void batches_are_one_batch(void **state)
{
    (void)state;
    struct column_def columns[] = {{.name = "k", .type = type_simple(TYPE_UINT64)},
                                   {.name = "v", .type = type_simple(TYPE_UINT64)},
                                   {.name = "s", .type = type_simple(TYPE_INT8)}};
    const struct table_def def = {.columns = columns, .column_count = 3};
    static const enum combining_kind kinds[] = {COMBINING_REPLACING, COMBINING_COLLAPSING, COMBINING_VERSIONED};
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct arena *arena = arena_create(NULL);
        struct rows rows;
        uint64_t random = seed, one[ROWS], many[ROWS];
        struct combining_column ways[3] = {{0}};
        struct combining combining = {.kind = kinds[seed % 3], .version = 1, .deleted = -1, .sign = 2, .columns = ways};
        combining.version = seed % 2 == 0 ? -1 : 1;
        uint64_t key = 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            key += (random >> 33) % (1 + seed % 17) == 0 ? 1 : 0;
            rows.keys[i] = key;
            rows.versions[i] = combining.kind == COMBINING_VERSIONED ? key % 2 : (random >> 45) % 5 * 1000 + i;
            rows.signs[i] = random >> 60 & 1 ? 1 : -1;
        }
        uint32_t whole = combine(arena, &combining, &def, &rows, 0x8d3c19df8b1a1e5dULL, one);
        for (uint32_t again = 0; again < 4; again++) {
            uint32_t parts = combine(arena, &combining, &def, &rows, seed * 31 + again, many);
            assert_int_equal(whole, parts);
            assert_memory_equal(one, many, whole * sizeof(*one));
        }
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_are_one_batch),
        cmocka_unit_test(the_last_stays),
        cmocka_unit_test(changed_rows_keep_their_place),
        cmocka_unit_test(power_goes),
    };
    table_program_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
