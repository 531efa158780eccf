/*
 * parquet_read_test.c: parts of the format Parquet as input by themselves: Thrift's compact protocol, runs, deltas, the
 * encodings of values, and what is wrong in them. Whole files are in tests/integration/test_parquet_input.py.
 */
#include "format/parquet.h"
#include "format/parquet_decode.h"
#include "format/thrift_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct slice bytes_of(const char *hex, char *out)
{
    size_t length = strlen(hex) / 2;
    for (size_t k = 0; k < length; k++) {
        const char digits[] = {hex[2 * k], hex[2 * k + 1], 0};
        out[k] = (char)strtoul(digits, NULL, 16);
    }
    return slice_of(out, length);
}

static void structs(void **state)
{
    (void)state;
    struct buffer out = {0};
    struct thrift_writer writer;
    thrift_begin(&writer, &out);
    thrift_put_i32(&writer, 1, INT32_MIN);
    thrift_put_bool(&writer, 2, true);
    thrift_put_list(&writer, 5, THRIFT_STRUCT, 20);
    for (int k = 0; k < 20; k++) {
        thrift_item_struct(&writer);
        thrift_put_i64(&writer, 7, k - 5);
        thrift_end(&writer);
    }
    thrift_put_binary(&writer, 40, slice_text("name"));
    thrift_put_byte(&writer, 41, -3);
    thrift_end(&writer);

    for (size_t cut = 0; cut <= out.length; cut++) { /* every beginning of it fails, the whole does not */
        struct thrift_reader thrift;
        struct thrift_field field;
        enum thrift_kind items;
        int64_t sum = 0;
        char *copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy, out.data, cut);
        thrift_read_begin(&thrift, slice_of(copy, cut));
        while (thrift_read_field(&thrift, &field)) {
            if (field.number == 1) {
                assert_true(thrift_read_int(&thrift, field.kind) == INT32_MIN || thrift.failed);
            } else if (field.number == 2) {
                assert_true(thrift_read_bool(&thrift, field.kind));
            } else if (field.number == 5 && cut % 2 == out.length % 2) {
                uint32_t count = thrift_read_list(&thrift, field.kind, &items);
                for (uint32_t k = 0; k < count && thrift_read_struct(&thrift, items); k++) {
                    while (thrift_read_field(&thrift, &field)) {
                        sum += thrift_read_int(&thrift, field.kind);
                    }
                }
            } else if (field.number == 40) {
                assert_true(slice_equal(thrift_read_binary(&thrift, field.kind), slice_text("name")) || thrift.failed);
            } else {
                thrift_read_skip(&thrift, field.kind);
            }
        }
        assert_int_equal(thrift.failed, cut < out.length);
        assert_true(cut < out.length || sum == 90);
        free(copy);
    }
    buffer_deinit(&out);
}

static void wrong_structs(void **state)
{
    (void)state;
    struct thrift_reader thrift;
    struct thrift_field field;
    enum thrift_kind items;
    char deep[100], bytes[16];
    memset(deep, 0x1c, sizeof(deep)); /* a struct in a struct in a … */
    thrift_read_begin(&thrift, slice_of(deep, sizeof(deep)));
    assert_true(thrift_read_field(&thrift, &field));
    thrift_read_skip(&thrift, field.kind);
    assert_true(thrift.failed);
    memset(deep, 0x19, sizeof(deep)); /* a list of a list of … */
    thrift_read_begin(&thrift, slice_of(deep, sizeof(deep)));
    assert_true(thrift_read_field(&thrift, &field));
    thrift_read_skip(&thrift, field.kind);
    assert_true(thrift.failed);
    thrift_read_begin(&thrift, bytes_of("19f5ffffff0f00", bytes)); /* more items than bytes */
    assert_true(thrift_read_field(&thrift, &field));
    assert_int_equal(thrift_read_list(&thrift, field.kind, &items), 0);
    assert_true(thrift.failed);
    thrift_read_begin(&thrift, bytes_of("1500", bytes)); /* no list */
    assert_true(thrift_read_field(&thrift, &field));
    assert_false(thrift_read_struct(&thrift, field.kind));
    assert_true(thrift.failed);
}

/* What the writer makes of numbers, at once and in steps. */
static void runs(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits <= 20; bits++) {
        struct buffer out = {0};
        uint32_t numbers[3000], got[3000], count = 3000, seed = 7;
        for (uint32_t i = 0; i < count; i++) {
            seed = seed * 1664525 + 1013904223;
            numbers[i] = bits == 0 ? 0 : (i / 100 % 2 == 0 ? 1 : seed >> (32 - bits));
        }
        parquet_put_runs(&out, numbers, count, bits);
        for (uint32_t step = 1; step < 4000; step = step * 7 + 1) {
            struct parquet_runs reader;
            parquet_runs_begin(&reader, buffer_all(&out), bits);
            for (uint32_t at = 0; at < count; at += step) {
                assert_true(parquet_runs_take(&reader, got + at, count - at < step ? count - at : step));
            }
            assert_memory_equal(got, numbers, sizeof(numbers));
        }
        struct parquet_runs reader;
        parquet_runs_begin(&reader, slice_of(out.data, out.length / 2), bits);
        assert_true(bits == 0 || !parquet_runs_take(&reader, got, count));
        buffer_deinit(&out);
    }
    struct parquet_runs reader;
    uint32_t one;
    char bytes[8];
    parquet_runs_begin(&reader, bytes_of("0405", bytes), 2); /* 5 has not 2 bits */
    assert_false(parquet_runs_take(&reader, &one, 1));
    parquet_runs_begin(&reader, bytes_of("00000000", bytes), 2); /* runs of nothing */
    assert_false(parquet_runs_take(&reader, &one, 1));
}

static void deltas(void **state)
{
    (void)state;
    /* 1 to 5: the document's example, a block of 128 in 4 miniblocks; 7, 5, 3, 1, 2, 3, 4, 5 */
    char bytes[64];
    static const uint64_t wanted[] = {7, 5, 3, 1, 2, 3, 4, 5};
    struct parquet_deltas reader;
    uint64_t value;
    struct slice all = bytes_of("8001"
                                "04"
                                "08"
                                "0e"
                                "03"
                                "02000000"
                                "c03f"
                                "000000000000"
                                "aa",
                                bytes);
    assert_true(parquet_deltas_begin(&reader, all));
    const char *end = parquet_deltas_end(&reader);
    assert_ptr_equal(end, all.data + all.length - 1); /* the next thing begins there */
    for (size_t k = 0; k < 8; k++) {
        assert_true(parquet_deltas_take(&reader, &value));
        assert_int_equal(value, wanted[k]);
    }
    assert_false(parquet_deltas_take(&reader, &value));
    for (size_t cut = 0; cut < 11; cut++) {
        struct parquet_deltas part;
        size_t taken = 0;
        if (parquet_deltas_begin(&part, slice_of(all.data, cut))) {
            while (parquet_deltas_take(&part, &value)) {
                assert_int_equal(value, wanted[taken++]);
            }
        }
        assert_true(taken < 8);
    }
    assert_false(parquet_deltas_begin(&reader, bytes_of("8001000800", bytes)));       /* no miniblocks */
    assert_false(parquet_deltas_begin(&reader, bytes_of("8101040800", bytes)));       /* 129 / 4 */
    assert_false(parquet_deltas_begin(&reader, bytes_of("ffffffff0f040800", bytes))); /* a block of 4 GiB */
    assert_true(parquet_deltas_begin(&reader, bytes_of("8001040400"
                                                       "0041000000",
                                                       bytes))); /* 65 bits */
    assert_true(parquet_deltas_take(&reader, &value) && !parquet_deltas_take(&reader, &value));
}

/* Numbers whose differences have 8 bits, 33 at most. */
static void put_deltas(struct buffer *out, const int *numbers, int count)
{
    buffer_append(out, "\x80\x01\x04", 3);
    buffer_char(out, (char)count);
    buffer_char(out, (char)(numbers[0] * 2));
    buffer_append(out, "\xff\x01\x08\x00\x00\x00", 6); /* least: −128 */
    for (int i = 1; i <= 32; i++) {
        buffer_char(out, (char)(i < count ? numbers[i] - numbers[i - 1] + 128 : 0));
    }
}

static void texts(void **state)
{
    (void)state;
    static const char *const words[] = {"axis", "axle", "babble", "babyhood", "", "baby"};
    static const int prefixes[] = {0, 2, 0, 3, 0, 0}, suffixes[] = {4, 2, 6, 5, 0, 4}, lengths[] = {4, 4, 6, 8, 0, 4};
    static const int too_long[] = {0, 5, 0, 3, 0, 0};
    struct arena *arena = arena_create(NULL);
    assert_non_null(arena);
    struct parquet_values values = {.is_text = true, .raw_width = sizeof(struct slice), .arena = arena};
    struct slice text;
    struct buffer front = {0}, plain = {0}, wrong = {0};
    put_deltas(&front, prefixes, 6);
    put_deltas(&front, suffixes, 6);
    buffer_text(&front, "axislebabbleyhoodbaby");
    put_deltas(&plain, lengths, 6);
    buffer_text(&plain, "axisaxlebabblebabyhoodbaby");
    put_deltas(&wrong, too_long, 6);
    put_deltas(&wrong, suffixes, 6);
    buffer_text(&wrong, "axislebabbleyhoodbaby");

    assert_null(parquet_values_begin(&values, PARQUET_DELTA_BYTE_ARRAY, buffer_all(&front)));
    for (int i = 0; i < 6; i++) {
        assert_null(parquet_values_take(&values, (char *)&text, 1));
        assert_true(slice_equal(text, slice_text(words[i])));
    }
    assert_non_null(parquet_values_take(&values, (char *)&text, 1));
    struct slice all[6];
    assert_null(parquet_values_begin(&values, PARQUET_DELTA_LENGTH_BYTE_ARRAY, buffer_all(&plain)));
    assert_null(parquet_values_take(&values, (char *)all, 6));
    for (int i = 0; i < 6; i++) {
        assert_true(slice_equal(all[i], slice_text(words[i])));
    }
    assert_null(parquet_values_begin(&values, PARQUET_DELTA_BYTE_ARRAY, buffer_all(&wrong)));
    assert_null(parquet_values_take(&values, (char *)&text, 1));
    assert_non_null(parquet_values_take(&values, (char *)&text, 1)); /* 5 bytes of "axis" */
    assert_null(parquet_values_begin(&values, PARQUET_DELTA_LENGTH_BYTE_ARRAY, slice_of(plain.data, plain.length - 1)));
    assert_null(parquet_values_take(&values, (char *)all, 5));
    assert_non_null(parquet_values_take(&values, (char *)&text, 1));
    assert_non_null(parquet_values_begin(&values, PARQUET_DELTA_BYTE_ARRAY, slice_of(front.data, 50)));
    assert_null(parquet_values_begin(&values, PARQUET_PLAIN, slice_of("\x02\0\0\0ab\x05\0\0\0xyz", 13)));
    assert_null(parquet_values_take(&values, (char *)&text, 1));
    assert_true(slice_equal(text, slice_text("ab")));
    assert_non_null(parquet_values_take(&values, (char *)&text, 1));
    buffer_deinit(&front);
    buffer_deinit(&plain);
    buffer_deinit(&wrong);
    arena_destroy(arena);
}

static void fixed(void **state)
{
    (void)state;
    const int32_t dictionary[] = {100, 200, 300};
    struct parquet_dictionary_in words = {(const char *)dictionary, 3};
    struct parquet_values values = {.width = 4, .raw_width = 4, .dictionary = &words};
    int32_t got[4];
    char bytes[16];
    assert_null(parquet_values_begin(&values, PARQUET_RLE_DICTIONARY, bytes_of("020602", bytes)));
    assert_null(parquet_values_take(&values, (char *)got, 3));
    assert_true(got[0] == 300 && got[2] == 300);
    assert_non_null(parquet_values_take(&values, (char *)got, 2));
    assert_null(parquet_values_begin(&values, PARQUET_RLE_DICTIONARY, bytes_of("020603", bytes))); /* the fourth word */
    assert_non_null(parquet_values_take(&values, (char *)got, 1));
    assert_non_null(parquet_values_begin(&values, PARQUET_RLE_DICTIONARY, bytes_of("210603", bytes))); /* 33 bits */
    words.raw = NULL;
    assert_null(parquet_values_begin(&values, PARQUET_PLAIN_DICTIONARY, bytes_of("020602", bytes)));
    assert_non_null(parquet_values_take(&values, (char *)got, 1));
    assert_null(parquet_values_begin(&values, PARQUET_BYTE_STREAM_SPLIT, bytes_of("0102000000000001", bytes)));
    assert_null(parquet_values_take(&values, (char *)got, 2));
    assert_true(got[0] == 1 && got[1] == 0x01000002);
    assert_non_null(parquet_values_take(&values, (char *)got, 1));
    assert_non_null(parquet_values_begin(&values, PARQUET_BYTE_STREAM_SPLIT, bytes_of("010200", bytes)));
    assert_non_null(parquet_values_begin(&values, PARQUET_DELTA_LENGTH_BYTE_ARRAY, bytes_of("010200", bytes)));
    assert_non_null(parquet_values_begin(&values, PARQUET_RLE, bytes_of("0102000003", bytes)));
    assert_non_null(parquet_values_begin(&values, PARQUET_BIT_PACKED, bytes_of("010200", bytes)));

    struct parquet_values bits = {.is_bits = true, .raw_width = 1};
    char bools[10];
    assert_null(parquet_values_begin(&bits, PARQUET_PLAIN, bytes_of("0502", bytes)));
    assert_null(parquet_values_take(&bits, bools, 10));
    assert_memory_equal(bools, "\1\0\1\0\0\0\0\0\0\1", 10);
    assert_null(parquet_values_take(&bits, bools, 6));
    assert_non_null(parquet_values_take(&bits, bools, 1));
    assert_null(parquet_values_begin(&bits, PARQUET_RLE, bytes_of("020000000801ff", bytes)));
    assert_null(parquet_values_take(&bits, bools, 4));
    assert_memory_equal(bools, "\1\1\1\1", 4);
    assert_non_null(parquet_values_take(&bits, bools, 1));
    assert_non_null(parquet_values_begin(&bits, PARQUET_RLE, bytes_of("ff0000000801", bytes)));
}

static void unpacking(void **state)
{
    (void)state;
    static const enum parquet_packing ways[] = {PARQUET_PACK_ZSTD, PARQUET_PACK_LZ4, PARQUET_PACK_GZIP,
                                                PARQUET_PACK_BROTLI, PARQUET_PACK_SNAPPY};
    char plain[5000], got[5001];
    for (size_t k = 0; k < sizeof(plain); k++) {
        plain[k] = (char)(k * k % 97 / 9);
    }
    for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
        struct parquet_packer *packer = NULL;
        struct buffer packed = {0};
        assert_null(parquet_packer_create(ways[way], &packer));
        assert_null(parquet_pack(packer, slice_of(plain, sizeof(plain)), &packed));
        int32_t codec = parquet_packer_codec(packer);
        assert_true(parquet_codec_known(codec));
        struct slice all = buffer_all(&packed);
        assert_true(parquet_unpack_possible(codec, all, sizeof(plain)));
        memset(got, 0, sizeof(got));
        assert_true(parquet_unpack(codec, all, got, sizeof(plain)));
        assert_memory_equal(got, plain, sizeof(plain));
        assert_false(parquet_unpack(codec, all, got, sizeof(plain) - 1));
        assert_false(parquet_unpack(codec, all, got, sizeof(plain) + 1));
        assert_false(parquet_unpack(codec, slice_of(all.data, all.length / 2), got, sizeof(plain)));
        parquet_packer_destroy(packer);
        buffer_deinit(&packed);
    }
    char bytes[32];
    struct slice hadoop = bytes_of("00000003"
                                   "00000004"
                                   "30616263"
                                   "00000002"
                                   "00000003"
                                   "206465",
                                   bytes);
    memset(got, 0, sizeof(got));
    assert_true(parquet_unpack(5, hadoop, got, 5));
    assert_memory_equal(got, "abcde", 5);
    assert_false(parquet_unpack(5, slice_of(hadoop.data, hadoop.length - 1), got, 5));
    assert_false(parquet_codec_known(3));
    assert_false(parquet_codec_known(-1) || parquet_codec_known(8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structs),   cmocka_unit_test(wrong_structs), cmocka_unit_test(runs),
        cmocka_unit_test(deltas),    cmocka_unit_test(texts),         cmocka_unit_test(fixed),
        cmocka_unit_test(unpacking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
