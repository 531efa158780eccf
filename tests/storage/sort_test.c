/*
 * sort_test.c: orders of random rows against column_compare, for every type that can be a key, in every form; rows
 * gathered in that order; builders' marks, cancelled rows and dictionaries.
 */
#include "storage/builder.h"
#include "storage/gather.h"
#include "storage/sort.h"
#include "tests/storage/ledger_fixture.h"

#define CHUNKS 3U

static uint64_t random_state = 42;
static uint64_t random_next(void)
{
    uint64_t z = (random_state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static void value_random(struct arena *arena, const struct type *type, void *out)
{
    static const uint64_t ends[] = {0, UINT64_MAX, (uint64_t)1 << 63, UINT64_MAX >> 1};
    uint64_t words[8] = {random_next() % 3 == 0 ? random_next() % 5 : random_next(), random_next() % 3};
    if (random_next() % 4 == 0) {
        words[0] = ends[random_next() % 4];
    }
    if (type->kind == TYPE_STRING) {
        size_t length = random_next() % 12;
        char *text = arena_alloc(arena, length + 1);
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)("ab\0\xff"[random_next() % 4]);
        }
        *(struct slice *)out = slice_of(text, length);
    } else if (type->kind == TYPE_FLOAT64) {
        double values[] = {0.0,
                           -0.0,
                           1.5,
                           -1.5,
                           1e300,
                           -1e300,
                           (double)(int64_t)words[0],
                           __builtin_nan(""),
                           __builtin_inf(),
                           -__builtin_inf()};
        memcpy(out, &values[random_next() % 10], 8);
    } else if (type->kind == TYPE_FLOAT32) {
        float values[] = {0.0f, -0.0f, 1.5f, -1.5f, (float)(int32_t)words[0], __builtin_nanf(""), -__builtin_inff()};
        memcpy(out, &values[random_next() % 7], 4);
    } else if (type->kind == TYPE_BOOL) {
        *(uint8_t *)out = (uint8_t)(words[0] & 1);
    } else {
        memcpy(out, words, type->width);
    }
}

static struct column *column_random(struct arena *arena, const struct type *type, uint32_t rows, uint32_t form)
{
    uint32_t values = form == 0 ? rows : form == 1 ? 1 : 1 + (uint32_t)(random_next() % 20);
    struct column *flat = column_new(arena, type, values);
    for (uint32_t i = 0; i < values; i++) {
        char *at = (char *)flat->values + (size_t)i * type->width;
        if (type->nullable && random_next() % 4 == 0) {
            flat->nulls[i] = 1;
            memset(at, 0, type->width);
            if (type->kind == TYPE_STRING) {
                *(struct slice *)(void *)at = slice_of("", 0);
            }
        } else {
            value_random(arena, type, at);
        }
    }
    if (form == 1) {
        flat->form = COLUMN_CONST;
        flat->row_count = rows;
        return flat;
    }
    if (form == 0) {
        return flat;
    }
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, rows);
    for (uint32_t i = 0; i < rows; i++) {
        codes[i] = (uint32_t)(random_next() % values);
    }
    return column_dict(arena, type, codes, rows, flat, random_next());
}

static void orders_match(void **state)
{
    (void)state;
    static const char *const names[] = {
        "UInt8",
        "Int8",
        "UInt16",
        "Int16",
        "UInt32",
        "Int32",
        "UInt64",
        "Int64",
        "Float32",
        "Float64",
        "String",
        "Bool",
        "Date",
        "Date32",
        "UUID",
        "IPv4",
        "IPv6",
        "DateTime64(6)",
        "DateTime",
        "Decimal(9, 2)",
        "Decimal(18, 3)",
        "Nullable(String)",
        "Nullable(Int64)",
        "Nullable(Float64)",
        "FixedString(3)",
        "FixedString(11)",
        "FixedString(20)",
    };
    for (uint32_t round = 0; round < 400; round++) {
        struct arena *arena = arena_create(NULL);
        uint32_t key_count = 1 + (uint32_t)(random_next() % 3);
        struct sort_chunk chunks[CHUNKS];
        const struct column *keys[CHUNKS][3];
        const struct type *types[3];
        uint64_t total = 0, row_count = 0;
        for (uint32_t k = 0; k < key_count; k++) {
            assert_ok(
                type_parse(arena, slice_text(names[random_next() % (sizeof(names) / sizeof(names[0]))]), &types[k]));
        }
        for (uint32_t i = 0; i < CHUNKS; i++) {
            uint32_t rows = 1 + (uint32_t)(random_next() % 300);
            for (uint32_t k = 0; k < key_count; k++) {
                keys[i][k] = column_random(arena, types[k], rows, (uint32_t)(random_next() % 4));
            }
            chunks[i] = (struct sort_chunk){keys[i], rows};
            total += rows;
        }
        uint32_t *order = NULL;
        bool sorted;
        assert_ok(sort_rows(arena, chunks, CHUNKS, key_count, &order, &row_count, &sorted));
        assert_int_equal(row_count, total);
        for (uint64_t i = 1; i < total; i++) {
            uint32_t a = order[i - 1], b = order[i];
            int compared = 0;
            for (uint32_t k = 0; k < key_count && compared == 0; k++) {
                compared = column_compare(keys[a >> SORT_ROW_BITS][k], a & (CHUNK_ROWS_MAX - 1),
                                          keys[b >> SORT_ROW_BITS][k], b & (CHUNK_ROWS_MAX - 1));
            }
            if (compared > 0 || (compared == 0 && a >= b)) {
                print_error("round %u, %u keys, first of kind %d\n", round, key_count, (int)types[0]->kind);
            }
            assert_true(compared < 0 || (compared == 0 && a < b)); /* stable, and so each row once */
        }
        for (uint32_t k = 0; k < key_count; k++) {
            const struct column *columns[CHUNKS];
            struct unifier *unifier = NULL;
            struct column *out = NULL;
            for (uint32_t i = 0; i < CHUNKS; i++) {
                columns[i] = keys[i][k];
            }
            assert_ok(gather_code(arena, columns, CHUNKS));
            assert_ok(unifier_create(arena, columns, CHUNKS, order, total, &unifier));
            assert_ok(gather_rows(arena, unifier, columns, CHUNKS, order, (uint32_t)total, &out));
            assert_int_equal(out->row_count, total);
            for (uint32_t i = 0; i < total; i++) {
                assert_int_equal(
                    column_compare(out, i, columns[order[i] >> SORT_ROW_BITS], order[i] & (CHUNK_ROWS_MAX - 1)), 0);
            }
            for (uint32_t i = 1; out->form == COLUMN_DICT && i < out->dictionary->row_count; i++) {
                assert_true(column_compare(out->dictionary, i - 1, out->dictionary, i) < 0);
            }
        }
        arena_destroy(arena);
    }
}

/* A few plain chunks among coded ones: coded when their values repeat, left alone when not, or when they are many. */
static void plain_chunks_are_coded(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    const struct type *type = type_nullable(arena, type_simple(TYPE_STRING), true);
    static const uint32_t rows[2] = {1000, 8000};
    for (uint32_t round = 0; round < 4; round++) { /* 0: few, alike; 1: few, unlike; 2: many; 3: one value */
        const struct column *columns[2], *before[2];
        for (uint32_t i = 0; i < 2; i++) {
            bool coded = round == 2 ? i == 0 : i == 1;
            uint32_t values = coded || round != 1 ? 100 : rows[i];
            struct column *flat = column_new(arena, type, coded ? 100 : rows[i]);
            for (uint32_t k = 0; k < flat->row_count; k++) {
                char *text = arena_alloc(arena, 16);
                int length = snprintf(text, 16, "value %u", k % values + (coded ? 50 : 0));
                flat->nulls[k] = k % values == 7;
                ((struct slice *)flat->values)[k] = flat->nulls[k] ? slice_of("", 0) : slice_of(text, (size_t)length);
            }
            columns[i] = flat;
            if (coded) {
                uint32_t *codes = ARENA_ARRAY(arena, uint32_t, rows[i]);
                for (uint32_t k = 0; k < rows[i]; k++) {
                    codes[k] = k % 100;
                }
                columns[i] = column_dict(arena, type, codes, rows[i], flat, 0);
            } else if (round == 3) {
                columns[i] = column_const(arena, type, &((struct slice *)flat->values)[1], rows[i]);
            }
            before[i] = columns[i];
        }
        assert_ok(gather_code(arena, columns, 2));
        assert_int_equal(columns[0]->form == COLUMN_DICT && columns[1]->form == COLUMN_DICT, round == 0 || round == 3);
        for (uint32_t i = 0; i < 2; i++) {
            for (uint32_t k = 0; k < rows[i]; k++) {
                assert_int_equal(column_compare(columns[i], k, before[i], k), 0);
            }
        }
    }
    arena_destroy(arena);
}

/* Rows that are cancelled or rolled back leave nothing behind; strings turn plain when too many differ. */
static void builders_forget(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    const struct type *types[3] = {type_simple(TYPE_UINT64), type_simple(TYPE_STRING),
                                   type_nullable(arena, type_simple(TYPE_STRING), true)};
    struct budget budget;
    struct builder *builder = NULL;
    budget_init(&budget, "ingest", (uint64_t)1 << 30, NULL);
    struct builder_options options = {.budget = &budget};
    assert_ok(builder_create(types, 3, &options, &builder));
    uint64_t n = 0;
    struct builder_mark mark = builder_mark(builder);
    for (uint64_t i = 0; n < 40000; i++) {
        char unique[32];
        int length = snprintf(unique, sizeof unique, "row %llu", (unsigned long long)n);
        assert_true(builder_row_begin(builder));
        builder_u64(builder, 0, n);
        builder_string(builder, 1, unique, (size_t)length);
        if (i % 11 == 3) {
            builder_null(builder, 2);
            builder_row_cancel(builder);
            continue;
        }
        if (n % 3 == 0) {
            builder_null(builder, 2);
        } else {
            builder_string(builder, 2, "abc", n % 4);
        }
        assert_true(builder_row_end(builder));
        n++;
        if (i % 5000 == 4999) {
            if (i % 10000 == 9999) {
                n -= builder_rows(builder);
                builder_rollback(builder, mark);
                mark = builder_mark(builder);
                assert_int_equal(builder_rows(builder), 0);
            }
        }
        if (i > 60000) {
            break;
        }
    }
    struct row_chunk **chunks = NULL;
    uint32_t count = 0;
    uint64_t rows = builder_rows(builder), seen = 0;
    assert_ok(builder_take(builder, &chunks, &count));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t here = row_chunk_rows(chunks[i]);
        struct chunk *view = row_chunk_view(arena, chunks[i], here);
        for (uint32_t row = 0; row < here; row++) {
            char unique[32];
            uint64_t value = *(const uint64_t *)column_value(view->columns[0], row);
            int length = snprintf(unique, sizeof unique, "row %llu", (unsigned long long)value);
            assert_int_equal(value, seen++);
            assert_true(slice_equal(*(const struct slice *)column_value(view->columns[1], row),
                                    slice_of(unique, (size_t)length)));
            assert_int_equal(column_is_null(view->columns[2], row), value % 3 == 0);
            if (value % 3 != 0) {
                assert_true(slice_equal(*(const struct slice *)column_value(view->columns[2], row),
                                        slice_of("abc", value % 4)));
            }
        }
        row_chunk_unref(chunks[i]);
    }
    assert_int_equal(seen, rows);
    free(chunks);
    assert_int_equal(atomic_load(&budget.bytes), 0);
    /* over the budget: an error, and all is well after a rollback */
    budget.bytes_max = 1000;
    assert_false(builder_row_begin(builder));
    assert_err(builder_error(builder), ERR_MEMORY_LIMIT, "ingest");
    budget.bytes_max = (uint64_t)1 << 30;
    builder_rollback(builder, builder_mark(builder));
    assert_true(builder_row_begin(builder));
    builder_destroy(builder);
    assert_int_equal(atomic_load(&budget.bytes), 0);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_match),
        cmocka_unit_test(plain_chunks_are_coded),
        cmocka_unit_test(builders_forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
