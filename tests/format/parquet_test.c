/*
 * parquet_test.c: parts of the format Parquet by themselves: structs in Thrift's compact protocol, runs and bit-packed
 * groups, dictionaries, bounds. What readers make of whole files is in tests/integration/test_parquet.py.
 */
#include "format/parquet.h"
#include "format/thrift_compact.h"
#include "format/writer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>
#include <cmocka.h>

static void check_bytes(struct buffer *out, const char *wanted)
{
    char text[512] = "";
    assert_false(out->failed);
    assert_true(out->length * 2 < sizeof(text));
    for (size_t k = 0; k < out->length; k++) {
        (void)snprintf(text + 2 * k, 3, "%02x", (unsigned char)out->data[k]);
    }
    assert_string_equal(text, wanted);
    buffer_deinit(out);
}

/* As the protocol's document has them. */
static void structs(void **state)
{
    (void)state;
    struct buffer out = {0};
    struct thrift_writer thrift;
    thrift_begin(&thrift, &out);
    thrift_put_i32(&thrift, 1, 150);
    thrift_put_bool(&thrift, 2, true);
    thrift_put_bool(&thrift, 3, false);
    thrift_put_binary(&thrift, 20, slice_text("ab")); /* more than 15 above */
    thrift_put_struct(&thrift, 21);
    thrift_put_i64(&thrift, 1, -1);
    thrift_put_byte(&thrift, 2, -2);
    thrift_end(&thrift);
    thrift_put_i32(&thrift, 22, INT32_MIN); /* the numbers of the outer struct go on */
    thrift_put_empty(&thrift, 3);           /* below the last one */
    thrift_end(&thrift);
    check_bytes(&out, "15ac02"
                      "11"
                      "12"
                      "0828026162"
                      "1c"
                      "1601"
                      "13fe"
                      "00"
                      "15ffffffff0f"
                      "0c0600"
                      "00");

    thrift_begin(&thrift, &out);
    thrift_put_list(&thrift, 1, THRIFT_I32, 2);
    thrift_item_int(&thrift, 1);
    thrift_item_int(&thrift, -64);
    thrift_put_list(&thrift, 2, THRIFT_TRUE, 15);
    for (int k = 0; k < 15; k++) {
        thrift_item_bool(&thrift, k % 2 == 0);
    }
    thrift_put_list(&thrift, 3, THRIFT_STRUCT, 1);
    thrift_item_struct(&thrift);
    thrift_put_i32(&thrift, 3, 0);
    thrift_end(&thrift);
    thrift_end(&thrift);
    check_bytes(&out, "1925027f19f10f010201020102010201020102010201191c350000"
                      "00");
}

static uint32_t take_number(const uint8_t **at)
{
    uint32_t number = 0;
    for (uint32_t shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        number |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return number;
        }
    }
}

/* Reads what parquet_put_runs wrote, by the format's words alone. Returns how many numbers there are, with filling. */
static uint32_t read_runs(struct slice bytes, uint32_t bits, uint32_t *out)
{
    const uint8_t *at = (const uint8_t *)bytes.data, *end = at + bytes.length;
    uint32_t count = 0;
    while (at < end) {
        uint32_t header = take_number(&at);
        if ((header & 1) == 0) {
            uint32_t number = 0;
            for (uint32_t k = 0; k < (bits + 7) / 8; k++) {
                number |= (uint32_t)*at++ << (8 * k);
            }
            for (uint32_t k = 0; k < header >> 1; k++) {
                out[count++] = number;
            }
            continue;
        }
        uint32_t numbers = (header >> 1) * 8;
        for (uint32_t k = 0; k < numbers; k++) {
            out[count] = 0;
            for (uint32_t bit = 0; bit < bits; bit++) {
                uint32_t place = k * bits + bit;
                out[count] |= (uint32_t)(at[place / 8] >> (place % 8) & 1) << bit;
            }
            count++;
        }
        at += numbers / 8 * bits;
    }
    assert_true(at == end);
    return count;
}

static void runs(void **state)
{
    (void)state;
    enum { MOST = 5000 };
    uint32_t *numbers = malloc(MOST * sizeof(*numbers)), *back = malloc((MOST + 8) * sizeof(*back));
    uint8_t *levels = malloc(MOST);
    uint32_t seed = 12345;
    assert_non_null(numbers);
    assert_non_null(back);
    assert_non_null(levels);
    for (uint32_t bits = 1; bits <= 32; bits++) {
        for (uint32_t round = 0; round < 40; round++) {
            uint32_t count = round < 20 ? round : (seed >> 8) % MOST, number = 0;
            for (uint32_t i = 0; i < count; i++) {
                seed = seed * 1664525 + 1013904223;
                /* runs of all lengths, and none */
                if (round % 2 == 0 || (seed >> 20) % (round + 2) == 0) {
                    number = seed ^ seed >> 7;
                }
                numbers[i] = bits == 32 ? number : number & ((1U << bits) - 1);
                levels[i] = (uint8_t)numbers[i];
            }
            struct buffer out = {0};
            parquet_put_runs(&out, numbers, count, bits);
            uint32_t read = read_runs(buffer_all(&out), bits, back);
            assert_in_range(read, count, count + 7);
            assert_memory_equal(back, numbers, count * sizeof(*numbers));
            if (bits <= 8) {
                struct buffer same = {0};
                parquet_put_levels(&same, levels, count, bits);
                assert_true(slice_equal(buffer_all(&out), buffer_all(&same)));
                buffer_deinit(&same);
            }
            buffer_deinit(&out);
        }
    }
    /* a run of all is one */
    memset(numbers, 0, MOST * sizeof(*numbers));
    struct buffer out = {0};
    parquet_put_runs(&out, numbers, 4096, 1);
    check_bytes(&out, "804000");
    free(numbers);
    free(back);
    free(levels);
}

static void dictionary(void **state)
{
    (void)state;
    struct parquet_dictionary known = {0};
    uint32_t number;
    char text[16];
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t k = 0; k < 5000; k++) {
            int length = snprintf(text, sizeof(text), "%u", k);
            assert_true(parquet_dictionary_find(&known, true, slice_of(text, (size_t)length), &number));
            assert_int_equal(number, k);
        }
    }
    assert_true(parquet_dictionary_find(&known, true, slice_text(""), &number));
    assert_int_equal(number, 5000);
    assert_int_equal(known.count, 5001);
    struct slice value = parquet_dictionary_value(&known, 4321);
    assert_int_equal(value.length, 8);
    assert_memory_equal(value.data, "\4\0\0\0004321", 8);
    parquet_dictionary_reset(&known);
}

static void check_bounds(enum parquet_order order, uint32_t width, const void *values, uint32_t count,
                         const void *least, const void *greatest)
{
    const struct parquet_leaf leaf = {.order = order, .width = width};
    struct parquet_bounds bounds = {0}, all = {0};
    for (uint32_t k = 0; k < count; k++) { /* one by one, and at once */
        parquet_bounds_numbers(&bounds, &leaf, (const char *)values + (size_t)k * width, 1);
    }
    parquet_bounds_numbers(&all, &leaf, values, count);
    assert_int_equal(bounds.known, least != NULL);
    assert_int_equal(all.known, least != NULL);
    if (least != NULL) {
        assert_true(slice_equal(buffer_all(&bounds.least), slice_of(least, width)));
        assert_true(slice_equal(buffer_all(&bounds.greatest), slice_of(greatest, width)));
        parquet_bounds_merge(&bounds, &leaf, &all);
        assert_true(slice_equal(buffer_all(&bounds.least), buffer_all(&all.least)));
        assert_true(slice_equal(buffer_all(&bounds.greatest), buffer_all(&all.greatest)));
    }
    parquet_bounds_deinit(&bounds);
    parquet_bounds_deinit(&all);
}

static void bounds(void **state)
{
    (void)state;
    const int32_t whole[] = {5, -1, 7};
    check_bounds(PARQUET_ORDER_I32, 4, whole, 3, &whole[1], &whole[2]);
    check_bounds(PARQUET_ORDER_U32, 4, whole, 3, &whole[0], &whole[1]);
    const int64_t longer[] = {5, INT64_MIN, 7};
    check_bounds(PARQUET_ORDER_I64, 8, longer, 3, &longer[1], &longer[2]);
    check_bounds(PARQUET_ORDER_U64, 8, longer, 3, &longer[0], &longer[1]);
    const double real[] = {NAN, 2.5, -1.5, NAN};
    check_bounds(PARQUET_ORDER_DOUBLE, 8, real, 4, &real[2], &real[1]);
    check_bounds(PARQUET_ORDER_DOUBLE, 8, real, 1, NULL, NULL);
    const double zeros[] = {0.0, -0.0}, none[] = {0.0};
    check_bounds(PARQUET_ORDER_DOUBLE, 8, none, 1, &zeros[1], &zeros[0]);
    const float narrow[] = {-0.0F, NAN, INFINITY}, zero = -0.0F;
    check_bounds(PARQUET_ORDER_FLOAT, 4, narrow, 3, &zero, &narrow[2]);
    const char big[] = "\x00\x05\xff\xfe\x7f\x00\x80\x00";
    check_bounds(PARQUET_ORDER_BIG, 2, big, 4, big + 6, big + 4);
    check_bounds(PARQUET_ORDER_BYTES, 2, big, 4, big, big + 2);

    const struct slice texts[] = {slice_text("b"), slice_text("a\xff"), slice_text("ab"), slice_text("ba"),
                                  slice_text("")};
    struct parquet_bounds of_texts = {0};
    parquet_bounds_texts(&of_texts, texts, 4);
    assert_true(slice_equal(buffer_all(&of_texts.least), slice_text("ab")));
    assert_true(slice_equal(buffer_all(&of_texts.greatest), slice_text("ba")));
    parquet_bounds_texts(&of_texts, texts + 4, 1);
    assert_true(of_texts.known && of_texts.least.length == 0 && parquet_bounds_written(&of_texts));
    parquet_bounds_deinit(&of_texts);
}

/* Whether the filter knows the value, by the format's words alone. */
static bool is_in(const struct buffer *bloom, const char *value, size_t length)
{
    static const uint32_t salts[] = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                     0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};
    uint64_t hash = XXH64(value, length, 0), block = (hash >> 32) * (bloom->length / 32) >> 32;
    for (size_t k = 0; k < 8; k++) {
        uint32_t word;
        memcpy(&word, bloom->data + block * 32 + k * 4, sizeof(word));
        if ((word >> ((uint32_t)hash * salts[k] >> 27) & 1) == 0) {
            return false;
        }
    }
    return true;
}

/* A filter that was made for more values is folded: none is lost, and few others seem to be there. */
static void bloom_filters(void **state)
{
    (void)state;
    const struct type *type = type_simple(TYPE_STRING);
    for (uint32_t count = 1; count <= 20000; count = count * 3 + 1) {
        struct parquet_leaf leaf = {.type = type, .form = PARQUET_TEXT, .order = PARQUET_ORDER_BYTES};
        char text[16];
        uint32_t wrong = 0;
        assert_true(parquet_bloom_has(&leaf));
        assert_true(parquet_bloom_begin(&leaf.bloom, 100000));
        assert_int_equal(leaf.bloom.length, 262144);
        for (uint32_t k = 0; k < count; k++) {
            int length = snprintf(text, sizeof(text), "%u", k);
            parquet_bloom_add(&leaf.bloom, slice_of(text, (size_t)length));
        }
        leaf.bloom_values = count;
        assert_true(parquet_bloom_end(&leaf));
        assert_true(leaf.bloom.length >= 32 && leaf.bloom.length * 8 < (uint64_t)count * 21 + 256);
        for (uint32_t k = 0; k < count + 10000; k++) {
            int length = snprintf(text, sizeof(text), "%u", k);
            bool found = is_in(&leaf.bloom, text, (size_t)length);
            assert_true(found || k >= count);
            wrong += found && k >= count;
        }
        assert_in_range(wrong, 0, 200); /* one in a hundred, and twice that */
        parquet_leaf_reset(&leaf);
    }
}

/* What the writer takes of a budget it gives back, whether it ends or not. */
static void memory(void **state)
{
    (void)state;
    const struct writer_column column = {slice_text("n"), type_simple(TYPE_UINT64)};
    const struct writer_statistics statistics = {0};
    for (uint64_t limit = 100000; limit <= 100000000; limit *= 10) {
        struct budget budget;
        struct buffer out = {0};
        struct writer *writer = NULL;
        struct arena *arena = arena_create(NULL);
        budget_init(&budget, "query", limit, NULL);
        const struct writer_options options = {.budget = &budget};
        struct err *err = writer_create(slice_text("Parquet"), &column, 1, &options, &out, &writer);
        uint64_t next = 0;
        for (uint32_t k = 0; k < 100 && err == NULL && !out.failed; k++) {
            struct chunk *chunk = chunk_new(arena, 1, 8192);
            assert_non_null(chunk);
            chunk->columns[0] = column_new(arena, column.type, 8192);
            assert_non_null(chunk->columns[0]);
            for (uint32_t i = 0; i < 8192; i++) {
                ((uint64_t *)chunk->columns[0]->values)[i] = next++ * 0x9e3779b97f4a7c15U;
            }
            if (k == 0) {
                writer_begin(writer);
            }
            writer_chunk(writer, chunk);
        }
        if (err == NULL) {
            writer_end(writer, &statistics);
            err = out.failed ? writer_error(writer) : NULL;
        }
        assert_int_equal(err == NULL, limit >= 100000000); /* 100 chunks of 64 KiB, that cannot be packed */
        assert_true(err == NULL || err_code(err) == ERR_MEMORY_LIMIT);
        err_free(err);
        writer_destroy(writer);
        assert_int_equal(atomic_load(&budget.bytes), 0);
        arena_destroy(arena);
        buffer_deinit(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structs), cmocka_unit_test(runs),          cmocka_unit_test(dictionary),
        cmocka_unit_test(bounds),  cmocka_unit_test(bloom_filters), cmocka_unit_test(memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
