/*
 * codec_test.c: each way to write a block is chosen for the values that it is for, and gives them back; damaged blocks
 * are refused or give other values, but nothing else.
 */
#include "storage/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SHAPES 14

static uint64_t random_state = 0x9e3779b97f4a7c15ULL;

static uint64_t next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void check(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

/* A number of row `row` in a column of this shape. */
static int64_t number_of(int shape, uint32_t row)
{
    static const int16_t few[] = {-200, 204, 404, 500, -7, 1000, 1, 30000, 8, 77};
    switch (shape) {
    case 0:
        return (int64_t)next();
    case 1:
        return few[next() % 10]; /* few values, far apart */
    case 2:
        return next() % 5 < 2 ? (int64_t)(next() % 100000) : 0; /* mostly zeros */
    case 3:
        return (int64_t)(row / 150) * 1000003; /* long runs */
    case 4:
        return (int64_t)row * 17 + 1000000; /* a straight line */
    case 5:
        return (int64_t)(row % 1000 == 0 ? next() : next() % 8); /* outliers */
    case 6:
        return row < 100 ? INT64_MIN : row % 2 ? INT64_MAX : 0;
    case 7:
        return -5;
    case 8:
        return next() % 10 < 8 ? 42 : few[next() % 3]; /* one value and few others */
    case 9:
        return (int64_t)(row / 400 % 3) * 7; /* runs of few values */
    case 10:
        return next() % 4 < 3 ? 0 : (int64_t)(row / 50) * 131; /* others in runs */
    case 11:
        return (int64_t)(next() % 16) << 40 | (int64_t)(next() % 2);
    default:
        return (int64_t)(next() % 1000) + (int64_t)row;
    }
}

static struct slice text_of(struct arena *arena, int shape, uint32_t row)
{
    uint64_t a = next(), b = next();
    switch (shape) {
    case 0:
        return slice_text(arena_format(arena, "%016llx", (unsigned long long)a));
    case 1:
        return slice_text(arena_format(arena, "s-%012llx", (unsigned long long)a >> 16));
    case 2: /* a UUID */
        return slice_text(arena_format(arena, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)a,
                                       (unsigned)(a >> 32) & 0xffff, (unsigned)(a >> 48) & 0xfff, (unsigned)b & 0xfff,
                                       (unsigned long long)b >> 16));
    case 3:
        return slice_text(arena_format(arena, "https://host-%03u/path/%u", (unsigned)(a % 50), (unsigned)(b % 100000)));
    case 4:
        return slice_text(arena_format(arena, "%.*s", (int)(a % 30), "a string that is cut anywhere."));
    case 5:
        return slice_text("");
    case 6:
        return slice_of(arena_format(arena, "%c%c", (char)(a % 255 + 1), (char)(b % 255 + 1)), 2);
    case 7:
        return slice_text(row % 100 == 0 ? "b" : "a");
    case 8:
        return slice_text(arena_format(arena, "2026-01-%02u %02u:%02u:%02u", (unsigned)(a % 28) + 1,
                                       (unsigned)(a >> 8) % 24, (unsigned)(a >> 16) % 60, (unsigned)(a >> 24) % 60));
    default: /* as long as a template may be, and one more */
        return slice_text(arena_format(arena, "%0*llu", shape == 9 ? 256 : 257, (unsigned long long)a));
    }
}

static struct column *column_make(struct arena *arena, const struct type *type, uint32_t rows, int shape)
{
    struct column *column = column_new(arena, type, rows);
    assert_non_null(column);
    for (uint32_t row = 0; row < rows; row++) {
        char *to = (char *)column->values + (size_t)row * type->width;
        int64_t number = number_of(shape, row);
        if (type->kind == TYPE_STRING) {
            struct slice text = text_of(arena, shape, row);
            memcpy(to, &text, sizeof text);
        } else if (type->kind == TYPE_FLOAT64) {
            double real = shape == 13   ? (double)number * 1.1e-7
                          : shape == 12 ? (double)(number % 100) / 100
                                        : (double)number;
            memcpy(to, &real, 8);
        } else if (type->kind == TYPE_FLOAT32) {
            float real = (float)number;
            memcpy(to, &real, 4);
        } else if (type->kind == TYPE_BOOL) {
            *to = (char)(number & 1);
        } else {
            for (uint32_t byte = 0; byte < type->width; byte += 8) {
                memcpy(to + byte, &number, type->width - byte < 8 ? type->width - byte : 8);
            }
        }
        if (type->nullable && next() % 6 == 0) {
            column->nulls[row] = 1;
            memset(to, 0, type->width);
        }
    }
    return column;
}

static bool same_rows(const struct column *column, const struct column *back)
{
    if (back->row_count != column->row_count) {
        return false;
    }
    for (uint32_t row = 0; row < column->row_count; row++) {
        const void *a = column_value(column, row), *b = column_value(back, row);
        if (column_is_null(column, row) != column_is_null(back, row) ||
            (column->type->kind == TYPE_STRING ? !slice_equal(*(const struct slice *)a, *(const struct slice *)b)
                                               : memcmp(a, b, column->type->width) != 0)) {
            return false;
        }
    }
    return true;
}

/* The zone of texts begins with the smallest one, and the greatest one's beginning is not above its end. */
static void zone_bounds(const struct column *column, const struct zone *zone)
{
    const struct slice *texts = column->values, *min = NULL, *max = NULL;
    for (uint32_t row = 0; row < column->row_count; row++) {
        if (!column_is_null(column, row)) {
            min = min == NULL || slice_compare(texts[row], *min) < 0 ? &texts[row] : min;
            max = max == NULL || slice_compare(texts[row], *max) > 0 ? &texts[row] : max;
        }
    }
    if (min == NULL || !zone->known) {
        assert_true(!zone->known);
        return;
    }
    struct slice low = slice_of(zone->min.string.text, zone->min.string.length);
    struct slice high = slice_of(zone->max.string.text, zone->max.string.length);
    size_t length = min->length < ZONE_STRING_BYTES ? min->length : ZONE_STRING_BYTES;
    assert_true(slice_equal(low, slice_of(min->data, length)));
    assert_true(max->length <= ZONE_STRING_BYTES ? slice_equal(high, *max) : slice_compare(high, *max) >= 0);
}

static const char *const type_texts[] = {"Bool",
                                         "Int8",
                                         "UInt8",
                                         "Int16",
                                         "UInt16",
                                         "Int32",
                                         "UInt32",
                                         "Int64",
                                         "UInt64",
                                         "Float32",
                                         "Float64",
                                         "Date",
                                         "Date32",
                                         "IPv4",
                                         "UUID",
                                         "Decimal(18, 4)",
                                         "String",
                                         "Int128",
                                         "FixedString(11)",
                                         "Nullable(UInt32)",
                                         "Nullable(Float64)",
                                         "Nullable(String)",
                                         "DateTime64(3)",
                                         "Int256",
                                         "Nullable(Int64)",
                                         "Decimal(9, 2)",
                                         "Enum8('a' = -5, 'b' = 42)",
                                         "Nullable(UInt8)"};
#define TYPE_COUNT (sizeof(type_texts) / sizeof(type_texts[0]))

/* Some rows, picked from the block, are those of the column. Was its codec one that they can be picked from? */
static bool picks_are_right(struct arena *arena, struct slice block, const struct column *column)
{
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, column->row_count), count = 0;
    struct column *picked = NULL;
    uint32_t part = (uint32_t)(next() % 40) + 1;
    for (uint32_t row = 0; row < column->row_count; row++) {
        positions[count] = row;
        count += next() % part == 0 || row + 1 == column->row_count;
    }
    check(codec_pick(arena, block, column->type, column->row_count, NULL, 0, positions, count, &picked));
    if (picked != NULL && !same_rows(column_take(arena, column, positions, count), column_flat(arena, picked))) {
        fail_msg("other values are picked of %u rows", column->row_count);
    }
    return picked != NULL;
}

/* Ranges whose ends are values of the column, their neighbours, ends of the type, or anything. */
static struct number_ranges *ranges_make(struct arena *arena, const struct column *column)
{
    const struct type *type = column->type;
    struct number_range all = number_range_of_type(type);
    struct number_range one;
    struct number_ranges whole = {1, &all}, more = {1, &one};
    struct number_ranges *ranges = number_ranges_meet(arena, &whole, &whole);
    uint32_t wanted = (uint32_t)(next() % 6);
    assert_non_null(ranges);
    for (uint32_t k = 0; k < wanted; k++) {
        uint64_t ends[2];
        for (int end = 0; end < 2; end++) {
            uint64_t value = number_order(type, column_value(column, (uint32_t)(next() % column->row_count)));
            ends[end] = next() % 8 == 0   ? all.low
                        : next() % 8 == 0 ? all.high
                        : next() % 8 == 0 ? number_order_of_bits(type, next())
                        : next() % 3 == 0 ? value + (value < all.high)
                        : next() % 3 == 0 ? value - (value > all.low)
                                          : value;
        }
        ends[1] = next() % 3 == 0 ? ends[0] : ends[1];
        one = ends[0] < ends[1] ? (struct number_range){ends[0], ends[1]} : (struct number_range){ends[1], ends[0]};
        struct number_ranges *out = next() % 2 == 0 ? &more : number_ranges_others(arena, type, &more);
        struct number_ranges *met = number_ranges_meet(arena, ranges, out);
        /* or what is in either: others of what is in neither */
        ranges = next() % 2 == 0
                     ? met
                     : number_ranges_others(arena, type,
                                            number_ranges_meet(arena, number_ranges_others(arena, type, met),
                                                               number_ranges_others(arena, type, out)));
        assert_non_null(ranges);
    }
    return ranges;
}

/* Rows that lie in ranges, told by the block, are those of the column. Did it know them? */
static bool filters_are_right(struct arena *arena, struct slice block, const struct column *column)
{
    uint64_t bits[CHUNK_ROWS_MAX / 64 + 1];
    bool known = false, last = false;
    uint32_t rows = column->row_count, words = (rows + 63) / 64;
    for (int round = 0; round < 3 && number_ranges_suit(column->type); round++) {
        struct number_ranges *ranges = ranges_make(arena, column);
        bits[words] = 0x5a;
        check(codec_filter(arena, block, column->type, rows, ranges, bits, &last));
        known |= last;
        assert_int_equal(bits[words], 0x5a);
        for (uint32_t row = 0; last && row < words * 64; row++) {
            bool passes = row < rows && !column_is_null(column, row);
            if (passes) {
                uint64_t order = number_order(column->type, column_value(column, row));
                passes = false;
                for (uint32_t r = 0; r < ranges->count; r++) {
                    passes |= order >= ranges->ranges[r].low && order <= ranges->ranges[r].high;
                }
            }
            if (passes != (bits[row / 64] >> row % 64 & 1)) {
                fail_msg("row %u of %u: it %s the ranges", row, rows, passes ? "is in" : "is not in");
            }
        }
    }
    return known;
}

/* Every type × shape × number of rows, fresh and cold; each codec must have been chosen at least once. */
static void every_shape_comes_back(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 7, 8, 9, 255, 256, 257, 1000, 8191, 8192};
    unsigned chosen[32] = {0}, picked[32] = {0}, filtered[32] = {0};
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        for (int shape = 0; shape < SHAPES; shape++) {
            for (size_t s = 0; s < 2 * sizeof(sizes) / sizeof(sizes[0]); s++) {
                const struct type *type;
                struct buffer block = {0};
                struct zone zone;
                struct column *back = NULL;
                uint32_t rows = sizes[s / 2];
                scratch.cold = s % 2 == 1;
                check(type_parse(arena, slice_text(type_texts[t]), &type));
                struct column *column = column_make(arena, type, rows, shape);
                check(codec_encode(column, &scratch, &block, &zone));
                assert_int_equal(scratch.depth, 0);
                if (type->kind == TYPE_STRING) {
                    zone_bounds(column, &zone);
                }
                enum codec codec = codec_of_block(buffer_all(&block), rows);
                assert_true(codec > 0 && codec < 32);
                chosen[codec]++;
                check(codec_decode(arena, buffer_all(&block), type, rows, NULL, 0, &back));
                if (!same_rows(column, column_flat(arena, back))) {
                    fail_msg("%s, shape %d, %u rows: other values (codec %s)", type_texts[t], shape, rows,
                             codec_name(codec));
                }
                picked[codec] += picks_are_right(arena, buffer_all(&block), column);
                filtered[codec] += filters_are_right(arena, buffer_all(&block), column);
                buffer_deinit(&block);
                arena_reset(arena);
            }
        }
    }
    static const enum codec places[] = {CODEC_PLAIN, CODEC_FRAME, CODEC_DECIMAL,
                                        CODEC_HEX,   CODEC_TABLE, CODEC_TEMPLATE};
    for (size_t k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
        assert_true(picked[places[k]] > 0);
    }
    static const enum codec packed[] = {CODEC_CONSTANT, CODEC_FRAME, CODEC_TABLE, CODEC_MOSTLY, CODEC_RUNS};
    for (size_t k = 0; k < sizeof(packed) / sizeof(packed[0]); k++) {
        assert_true(filtered[packed[k]] > 0);
    }
    static const enum codec expected[] = {CODEC_CONSTANT, CODEC_PLAIN,    CODEC_FRAME,    CODEC_DELTA, CODEC_DECIMAL,
                                          CODEC_STRINGS,  CODEC_HEX,      CODEC_LZ4,      CODEC_TABLE, CODEC_MOSTLY,
                                          CODEC_RUNS,     CODEC_DECIMALS, CODEC_TEMPLATE, CODEC_ZSTD};
    for (size_t k = 0; k < sizeof(expected) / sizeof(expected[0]); k++) {
        if (chosen[expected[k]] == 0) {
            fail_msg("no values chose the codec %s", codec_name(expected[k]));
        }
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

/* Whole numbers are written plain by no rule, but a block may have them so. */
static void plain_numbers_are_filtered(void **state)
{
    (void)state;
    static const char *const texts[] = {"Int8", "UInt8", "Int16", "Date", "Int32", "DateTime", "UInt64", "Int64"};
    struct arena *arena = arena_create(NULL);
    for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
        for (int shape = 0; shape < SHAPES; shape++) {
            const struct type *type;
            struct buffer block = {0};
            uint64_t zeros = 0;
            uint32_t rows = (uint32_t)(next() % 700) + 1;
            check(type_parse(arena, slice_text(texts[t]), &type));
            struct column *column = column_make(arena, type, rows, shape);
            buffer_append(&block, (const char[]){0, CODEC_PLAIN}, 2);
            buffer_append(&block, column->values, (size_t)rows * type->width);
            buffer_append(&block, &zeros, 8);
            bool known = false;
            for (int round = 0; round < 20; round++) {
                known |= filters_are_right(arena, buffer_all(&block), column);
            }
            assert_true(known);
            buffer_deinit(&block);
            arena_reset(arena);
        }
    }
    arena_destroy(arena);
}

/* What a column's CODEC asks for changes bytes, never values: every type × shape, fresh and cold. */
static void wishes_give_the_same_values(void **state)
{
    (void)state;
    static const char *const wishes[] = {
        "NONE",        "LZ4",      "LZ4HC(12)",       "ZSTD(1)", "ZSTD(7, 10)",       "Delta(4)",
        "DoubleDelta", "T64, LZ4", "Gorilla(8), LZ4", "FPC(12)", "Delta(8), ZSTD(2)", "ZSTD(18446744073709551611)"};
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    for (size_t w = 0; w < sizeof(wishes) / sizeof(wishes[0]); w++) {
        codec_wish_of(slice_text(wishes[w]), &scratch.wish);
        for (size_t t = 0; t < TYPE_COUNT; t++) {
            for (int shape = 0; shape < SHAPES; shape++) {
                const struct type *type;
                struct buffer block = {0};
                struct column *back = NULL;
                uint32_t rows = shape % 2 == 0 ? 8192 : 300;
                scratch.cold = next() % 2 == 0;
                check(type_parse(arena, slice_text(type_texts[t]), &type));
                struct column *column = column_make(arena, type, rows, shape);
                check(codec_encode(column, &scratch, &block, NULL));
                check(codec_decode(arena, buffer_all(&block), type, rows, NULL, 0, &back));
                if (!same_rows(column, column_flat(arena, back))) {
                    fail_msg("%s, shape %d, CODEC(%s): other values", type_texts[t], shape, wishes[w]);
                }
                buffer_deinit(&block);
                arena_reset(arena);
            }
        }
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

static size_t bytes_with(const struct column *column, const char *wish, bool cold, enum codec *codec)
{
    struct codec_scratch scratch = {.cold = cold};
    struct buffer block = {0};
    codec_wish_of(slice_text(wish), &scratch.wish);
    check(codec_encode(column, &scratch, &block, NULL));
    *codec = codec_of_block(buffer_all(&block), column->row_count);
    size_t bytes = block.length;
    buffer_deinit(&block);
    codec_scratch_deinit(&scratch);
    return bytes;
}

/* What each CODEC is there for, seen in bytes: at most so many hundredths of those without it, or the codec that it
 * names. */
static void wishes_show_in_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        int shape;
        bool cold;
        const char *wish;
        uint32_t least, most; /* % */
        enum codec codec;     /* 0: any */
    } cases[] = {
        {"String", 3, false, "ZSTD(1)", 0, 70, CODEC_STRINGS},
        {"String", 3, false, "ZSTD(19)", 0, 60, CODEC_STRINGS},
        {"String", 3, false, "LZ4HC(12)", 0, 95, CODEC_STRINGS},
        {"String", 3, false, "NONE", 120, 1000, CODEC_STRINGS},
        {"String", 3, true, "LZ4", 120, 1000, CODEC_STRINGS},
        {"String", 3, true, "ZSTD(19)", 0, 97, CODEC_STRINGS},
        {"String", 3, true, "Default", 100, 100, CODEC_STRINGS},
        {"Int64", 11, false, "ZSTD(3)", 0, 60, CODEC_ZSTD},
        {"Int64", 11, false, "LZ4", 0, 80, CODEC_LZ4},
        {"Int64", 4, false, "ZSTD(3)", 100, 100, CODEC_DELTA},
        {"Int32", 1, false, "T64", 150, 1000, CODEC_FRAME},
        {"Int64", 3, false, "T64", 150, 10000, 0},
        {"Float64", 13, true, "NONE", 100, 1000, 0},
        {"Float64", 12, false, "Gorilla(8)", 0, 100, 0},
    };
    struct arena *arena = arena_create(NULL);
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        const struct type *type;
        enum codec by_rule, asked;
        check(type_parse(arena, slice_text(cases[k].type), &type));
        struct column *column = column_make(arena, type, 8192, cases[k].shape);
        size_t without = bytes_with(column, "", cases[k].cold, &by_rule);
        size_t with = bytes_with(column, cases[k].wish, cases[k].cold, &asked);
        if (with * 100 < without * cases[k].least || with * 100 > without * cases[k].most ||
            (cases[k].codec != 0 && cases[k].codec != asked)) {
            fail_msg("%s, shape %d, CODEC(%s): %zu bytes of codec %s, %zu of %s without", cases[k].type, cases[k].shape,
                     cases[k].wish, with, codec_name(asked), without, codec_name(by_rule));
        }
    }
    arena_destroy(arena);
}

/* Differences that save too little to be taken by rule. */
static void differences_are_taken_where_asked(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct column *column = column_new(arena, type_simple(TYPE_UINT32), 8192);
    uint32_t *values = column->values, at = 5000;
    enum codec by_rule, asked;
    for (uint32_t row = 0; row < 8192; row++) {
        uint32_t step = (uint32_t)(next() % 1024);
        at = at < 2000 ? at + step : at > 6000 ? at - step : at + step - 512;
        values[row] = at;
    }
    size_t without = bytes_with(column, "", false, &by_rule);
    size_t with = bytes_with(column, "DoubleDelta", false, &asked);
    assert_int_equal(by_rule, CODEC_FRAME);
    assert_int_equal(asked, CODEC_DELTA);
    assert_true(with < without);
    arena_destroy(arena);
}

/* Measured values whose first bytes are alike: by rule fresh segments keep them as they are. */
static void series_of_floats_are_transposed_where_asked(void **state)
{
    (void)state;
    static const char *const wishes[] = {"Gorilla(8)", "FPC(12)", "Gorilla(8), LZ4", "ZSTD(1)"};
    struct arena *arena = arena_create(NULL);
    struct column *column = column_new(arena, type_simple(TYPE_FLOAT64), 8192);
    double *values = column->values;
    enum codec by_rule, asked;
    for (uint32_t row = 0; row < 8192; row++) {
        values[row] = (double)(next() >> 11) * 0x1p-53 * 35 - 5;
    }
    size_t without = bytes_with(column, "", false, &by_rule);
    for (size_t k = 0; k < sizeof(wishes) / sizeof(wishes[0]); k++) {
        size_t with = bytes_with(column, wishes[k], false, &asked);
        assert_int_equal(asked, CODEC_ZSTD);
        assert_true(with * 100 < without * 95);
    }
    assert_true(bytes_with(column, "LZ4", false, &asked) == without);
    arena_destroy(arena);
}

/* How many bytes values of a shape may take: what the codec is there for. */
static void blocks_are_small(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        int shape;
        bool cold;
        enum codec codec;
        size_t bytes;
    } cases[] = {
        {"Int32", 1, false, CODEC_TABLE, 8192 / 2 + 60},
        {"UInt32", 2, false, CODEC_MOSTLY, 8192 / 8 + 8192 * 45 / 100 * 17 / 8 + 60},
        {"Int64", 3, false, CODEC_RUNS, 400},
        {"Int64", 4, false, CODEC_DELTA, 60},
        {"Float64", 4, false, CODEC_DECIMALS, 80},
        {"Float64", 2, false, CODEC_DECIMALS, 8192 / 8 + 8192 * 45 / 100 * 17 / 8 + 90},
        {"String", 1, false, CODEC_TEMPLATE, 8192 * 6 + 60},
        {"String", 2, false, CODEC_TEMPLATE, 8192 * 15 + 120},
        {"String", 0, false, CODEC_HEX, 8192 * 8 + 20},
        {"String", 3, true, CODEC_STRINGS, 8192 * 9},
        {"Nullable(UInt32)", 1, false, CODEC_TABLE, 8192 * 5 / 8 + 100},
    };
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        const struct type *type;
        struct buffer block = {0};
        scratch.cold = cases[k].cold;
        check(type_parse(arena, slice_text(cases[k].type), &type));
        check(codec_encode(column_make(arena, type, 8192, cases[k].shape), &scratch, &block, NULL));
        enum codec codec = codec_of_block(buffer_all(&block), 8192);
        if (codec != cases[k].codec || block.length > cases[k].bytes) {
            fail_msg("case %zu: %zu bytes of codec %s", k, block.length, codec_name(codec));
        }
        buffer_deinit(&block);
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

/* Codes of a granule that has few neighbouring entries of a large dictionary. */
static void codes_are_counted_from_the_least(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    struct column *dictionary = column_new(arena, type_simple(TYPE_STRING), 1000);
    for (uint32_t k = 0; k < 1000; k++) {
        ((struct slice *)dictionary->values)[k] = slice_text(arena_format(arena, "entry %04u", k));
    }
    for (uint32_t first = 0; first < 1000; first += 111) {
        for (uint32_t spread = 1; spread <= 1000; spread *= 10) {
            struct buffer block = {0};
            struct column *back = NULL;
            uint32_t *codes = ARENA_ARRAY(arena, uint32_t, 8192), last = first + spread > 1000 ? 1000 : first + spread;
            for (uint32_t row = 0; row < 8192; row++) {
                codes[row] = first + (uint32_t)(next() % (last - first));
            }
            struct column *column = column_dict(arena, type_simple(TYPE_STRING), codes, 8192, dictionary, 1);
            check(codec_encode(column, &scratch, &block, NULL));
            if (spread < 500) {
                assert_int_equal(codec_of_block(buffer_all(&block), 8192), CODEC_CODES_FRAME);
                assert_true(block.length < 8192 * 7 / 8 + 20);
            }
            check(codec_decode(arena, buffer_all(&block), type_simple(TYPE_STRING), 8192, dictionary, 1, &back));
            assert_int_equal(back->form, COLUMN_DICT);
            assert_memory_equal(back->codes, codes, 8192 * sizeof(*codes));
            static const uint32_t some[] = {0, 17, 8191};
            check(codec_pick(arena, buffer_all(&block), type_simple(TYPE_STRING), 8192, dictionary, 1, some, 3, &back));
            assert_true(back->form == COLUMN_DICT && back->codes[0] == codes[0] && back->codes[1] == codes[17] &&
                        back->codes[2] == codes[8191]);
            struct column less = *dictionary; /* codes that a shorter one does not have */
            less.row_count = first;
            struct err *err = codec_decode(arena, buffer_all(&block), type_simple(TYPE_STRING), 8192, &less, 1, &back);
            assert_int_equal(err_code(err), ERR_CORRUPT);
            err_free(err);
            err = codec_pick(arena, buffer_all(&block), type_simple(TYPE_STRING), 8192, &less, 1, some, 3, &back);
            assert_int_equal(err_code(err), ERR_CORRUPT);
            err_free(err);
            buffer_deinit(&block);
        }
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

/* Texts in blocks of a template, without decoding them. */
static void texts_are_found_in_templates(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    for (int shape = 1; shape < 10; shape++) {
        uint32_t rows = shape == 9 ? 300 : 8192, count = 0, positions[8192];
        bool known = false;
        struct buffer block = {0};
        struct column *column = column_make(arena, type_simple(TYPE_STRING), rows, shape);
        struct slice *texts = column->values;
        texts[7] = texts[rows - 1]; /* some twice */
        check(codec_encode(column, &scratch, &block, NULL));
        bool is_template = codec_of_block(buffer_all(&block), rows) == CODEC_TEMPLATE;
        assert_true(is_template || (shape != 1 && shape != 2));
        for (uint32_t wanted = 0; wanted < rows; wanted += 97) {
            struct slice text = wanted == 0 ? texts[7] : texts[wanted];
            codec_find_text(buffer_all(&block), rows, text, positions, &count, &known);
            assert_int_equal(known, is_template);
            uint32_t expected = 0;
            for (uint32_t row = 0; known && row < rows; row++) {
                if (slice_equal(texts[row], text)) {
                    assert_true(expected < count);
                    assert_int_equal(positions[expected++], row);
                }
            }
            assert_true(!known || (expected == count && count > 0));
        }
        static const char *const others[] = {"", "s-", "s-0123456789ag", "s-0123456789a", "S-0123456789ab", "x"};
        for (size_t k = 0; is_template && k < sizeof(others) / sizeof(others[0]); k++) {
            codec_find_text(buffer_all(&block), rows, slice_text(others[k]), positions, &count, &known);
            assert_true(known && count == 0);
        }
        for (size_t length = 0; is_template && length < block.length; length += 1 + block.length / 50) {
            codec_find_text(slice_of(block.data, length), rows, texts[0], positions, &count, &known);
            assert_false(known);
        }
        buffer_deinit(&block);
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

/* Flipped and cut blocks: an error or other values of that type, and no read outside (under a sanitizer). */
static void damaged_blocks_are_harmless(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        for (int shape = 0; shape < SHAPES; shape++) {
            const struct type *type;
            struct buffer block = {0};
            struct column *back = NULL;
            uint32_t rows = 300, count = 0, positions[300], some[] = {0, 170, 299};
            uint64_t bits[5];
            struct number_range range = {3, 100};
            const struct number_ranges some_ranges = {1, &range};
            bool known = false;
            scratch.cold = shape % 2 == 1;
            check(type_parse(arena, slice_text(type_texts[t]), &type));
            check(codec_encode(column_make(arena, type, rows, shape), &scratch, &block, NULL));
            for (size_t round = 0; round < 150 && block.length > 0; round++) {
                size_t at = round < 60 && round < block.length ? round : next() % block.length;
                char before = block.data[at];
                block.data[at] = (char)(before ^ (char)(1U << next() % 8));
                err_free(codec_decode(arena, buffer_all(&block), type, rows, NULL, 0, &back));
                err_free(codec_pick(arena, buffer_all(&block), type, rows, NULL, 0, some, 3, &back));
                err_free(codec_filter(arena, buffer_all(&block), type, rows, &some_ranges, bits, &known));
                block.data[at] = before;
                char *cut = malloc(at + 1); /* its end is the memory's end */
                assert_non_null(cut);
                memcpy(cut, block.data, at);
                err_free(codec_decode(arena, slice_of(cut, at), type, rows, NULL, 0, &back));
                codec_find_text(slice_of(cut, at), rows, slice_text("s-0123456789ab"), positions, &count, &known);
                err_free(codec_pick(arena, slice_of(cut, at), type, rows, NULL, 0, some, 3, &back));
                err_free(codec_filter(arena, slice_of(cut, at), type, rows, &some_ranges, bits, &known));
                free(cut);
            }
            buffer_deinit(&block);
            arena_reset(arena);
        }
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

/* Blocks inside blocks, each inside the next: refused before the stack ends. */
static void depth_is_bounded(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct buffer block = {0};
    struct column *back = NULL;
    for (int depth = 0; depth < 5; depth++) {
        struct buffer outer = {0};
        uint64_t zeros = 0;
        buffer_char(&outer, 0); /* no NULLs */
        if (depth == 0) {
            buffer_char(&outer, CODEC_CONSTANT);
            buffer_append(&outer, &zeros, 4);
        } else { /* mostly: one row of one, another */
            uint32_t inside = (uint32_t)block.length;
            buffer_char(&outer, CODEC_MOSTLY);
            buffer_append(&outer, &zeros, 4);
            buffer_append(&outer, (const char[]){1, 0, 1}, 3);
            buffer_append(&outer, &inside, 4);
            buffer_slice(&outer, buffer_all(&block));
        }
        buffer_append(&outer, &zeros, 8);
        buffer_deinit(&block);
        block = outer;
        struct err *err = codec_decode(arena, buffer_all(&block), type_simple(TYPE_UINT32), 1, NULL, 0, &back);
        assert_int_equal(err == NULL, depth <= 2);
        err_free(err);
        uint64_t bits;
        bool known;
        struct number_range zero = {0, 0};
        check(codec_filter(arena, buffer_all(&block), type_simple(TYPE_UINT32), 1, &(struct number_ranges){1, &zero},
                           &bits, &known));
        assert_int_equal(known, depth <= 2);
    }
    buffer_deinit(&block);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_comes_back),
        cmocka_unit_test(plain_numbers_are_filtered),
        cmocka_unit_test(blocks_are_small),
        cmocka_unit_test(codes_are_counted_from_the_least),
        cmocka_unit_test(texts_are_found_in_templates),
        cmocka_unit_test(damaged_blocks_are_harmless),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(wishes_give_the_same_values),
        cmocka_unit_test(wishes_show_in_bytes),
        cmocka_unit_test(differences_are_taken_where_asked),
        cmocka_unit_test(series_of_floats_are_transposed_where_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
