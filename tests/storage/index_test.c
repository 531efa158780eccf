/*
 * index_test.c: indexes of segments: nothing that is there is denied, what is not there mostly is; words of which a
 * part is known; blocks by the rule; each flipped byte of an index found.
 */
#include "storage/index_bitmap.h"
#include "storage/index_words.h"
#include "storage/segment.h"

#include "base/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/weir-index-test-XXXXXX";
static struct io *io;

static void check(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

static struct column *texts(struct arena *arena, const char *format, uint32_t first, uint32_t rows)
{
    struct column *column = column_new(arena, type_simple(TYPE_STRING), rows);
    for (uint32_t row = 0; row < rows; row++) {
        char text[128];
        uint64_t mixed = (first + row) * 0x9e3779b97f4a7c15ULL;
        (void)snprintf(text, sizeof(text), format, (unsigned)(first + row), (unsigned long long)mixed);
        ((struct slice *)column->values)[row] = arena_slice(arena, slice_text(text));
    }
    return column;
}

static struct column *numbers(struct arena *arena, const struct type *type, uint64_t first, uint32_t rows)
{
    struct column *column = column_new(arena, type, rows);
    for (uint32_t row = 0; row < rows; row++) {
        uint64_t wide[4] = {first + row, 0, 0, 0};
        memcpy((char *)column->values + (size_t)row * type->width, wide, type->width);
    }
    return column;
}

struct made {
    struct block_cache *cache;
    struct segment *segment;
};

/* Writes the columns' granules as one segment. */
static struct made segment_of(struct column ***granules, uint32_t granule_count, uint32_t column_count, bool cold,
                              const struct index_wish *wishes, uint32_t wish_count)
{
    struct arena *arena = arena_create(NULL);
    struct segment_column columns[16];
    for (uint32_t c = 0; c < column_count; c++) {
        columns[c] = (struct segment_column){c + 1, granules[0][c]->type};
    }
    struct segment_schema schema = {.table_id = 1,
                                    .schema_version = 1,
                                    .columns = columns,
                                    .column_count = column_count,
                                    .time_column = -1,
                                    .cold = cold,
                                    .indexes = wishes,
                                    .index_count = wish_count};
    struct pack_writer *writer;
    struct segment_summary summary;
    struct made made = {block_cache_create(1 << 24), NULL};
    check(pack_writer_open(io, "one.pack", NULL, &writer));
    check(pack_segment_begin(writer, &schema));
    for (uint32_t g = 0; g < granule_count; g++) {
        struct chunk *chunk = chunk_new(arena, column_count, granules[g][0]->row_count);
        for (uint32_t c = 0; c < column_count; c++) {
            chunk->columns[c] = granules[g][c];
        }
        check(pack_segment_granule(writer, chunk, NULL));
    }
    check(pack_segment_end(writer, &summary));
    check(pack_writer_finish(writer));
    pack_writer_close(writer);
    struct segment_place place = {.path = "one.pack",
                                  .pack = 1,
                                  .offset = summary.offset,
                                  .length = summary.length,
                                  .footer_hash = summary.footer_hash};
    check(segment_open(io, made.cache, &place, &made.segment));
    arena_destroy(arena);
    return made;
}

static void made_free(struct made *made)
{
    segment_unref(made->segment);
    block_cache_destroy(made->cache);
    check(io_unlink(io, "one.pack", NULL));
}

static int32_t same_place(void *user, uint32_t column)
{
    (void)user;
    return (int32_t)column;
}

static bool excludes(struct segment *segment, uint32_t granule, const struct index_test *test)
{
    struct arena *arena = arena_create(NULL);
    bool result;
    struct index_shape by;
    check(index_test_run(segment, arena, granule, test, same_place, NULL, &result, &by));
    arena_destroy(arena);
    return result;
}

/* A filter has the bits that docs/FORMAT.md says, and no others, whatever instructions set them. */
static void filters_are_as_written_down(void **state)
{
    (void)state;
    static const uint32_t salts[8] = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                                      0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};
    static char filter[64 * 32], expected[64 * 32];
    uint64_t hashes[300], hash = 1;
    for (uint32_t round = 0; round < 200; round++) {
        uint32_t blocks = round % 64 + 1, count = round * 7 % 300;
        memset(filter, 0, sizeof(filter));
        memset(expected, 0, sizeof(expected));
        for (uint32_t h = 0; h < count; h++) {
            hash = hash * 6364136223846793005U + 1442695040888963407U;
            hashes[h] = h % 50 == 49 ? 0 : hash ^ hash >> 31;
            uint64_t block = (hashes[h] >> 32) * blocks >> 32;
            for (uint32_t k = 0; k < 8; k++) {
                uint32_t bit = (uint32_t)hashes[h] * salts[k] >> 27;
                expected[block * 32 + k * 4 + bit / 8] |= (char)(1U << bit % 8);
            }
        }
        index_filter_add(filter, (size_t)blocks * 32, hashes, count);
        assert_memory_equal(filter, expected, sizeof(filter));
    }
}

static void every_type_is_found_again(void **state)
{
    (void)state;
    static const char *const names[] = {"UInt8",
                                        "Int16",
                                        "UInt32",
                                        "Int64",
                                        "UInt128",
                                        "Int256",
                                        "Date",
                                        "DateTime",
                                        "UUID",
                                        "IPv4",
                                        "IPv6",
                                        "Bool",
                                        "FixedString(20)",
                                        "Decimal(9, 2)",
                                        "DateTime64(3)",
                                        "String",
                                        "Nullable(UInt64)"};
    struct arena *arena = arena_create(NULL);
    for (size_t t = 0; t < sizeof(names) / sizeof(names[0]); t++) {
        const struct type *type;
        check(type_parse(arena, slice_text(names[t]), &type));
        for (uint32_t group = 1; group <= 2; group++) {
            const struct index_wish wishes[] = {
                {.shape = {.kind = INDEX_VALUES, .group = group}, .bits = 8},
                {.shape = {.kind = INDEX_SET, .parameter = 20000, .group = group}},
            };
            uint32_t rows[] = {CHUNK_ROWS_MAX, CHUNK_ROWS_MAX, 100};
            struct column *columns[3], **granules[3];
            for (uint32_t g = 0; g < 3; g++) {
                uint32_t first = type->width == 1 ? g % 2 : g * CHUNK_ROWS_MAX;
                columns[g] = type->kind == TYPE_STRING ? texts(arena, "%u-%llx", first, rows[g])
                             : type->kind == TYPE_BOOL ? numbers(arena, type, 0, 2)
                                                       : numbers(arena, type, first, rows[g]);
                if (type->nullable) {
                    columns[g]->nulls = arena_zalloc(arena, rows[g]);
                    columns[g]->nulls[g] = 1;
                    memset((char *)columns[g]->values + (size_t)g * type->width, 0, type->width);
                }
                granules[g] = &columns[g];
            }
            uint32_t count = type->kind == TYPE_BOOL ? 1 : 3;
            struct made made = segment_of(granules, count, 1, false, wishes, 2);
            assert_int_equal(segment_index_count(made.segment), 2);
            check(segment_check(made.segment)); /* looks for every value of every granule */
            for (uint32_t g = 0; g < count; g++) {
                struct column *value = column_part(arena, columns[g], 5 % columns[g]->row_count, columns[g]->row_count);
                value->nulls = NULL;
                value->row_count = 1;
                const struct index_test test = {.kind = INDEX_TEST_VALUES, .values = value};
                assert_false(excludes(made.segment, g, &test));
                if (type->width > 2) { /* rising values: a granule of another block does not have it */
                    assert_true(excludes(made.segment, g < 2 ? 2 : 0, &test));
                }
            }
            made_free(&made);
        }
    }
    arena_destroy(arena);
}

static void as_many_pass_as_said(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    for (uint32_t bits = 4; bits <= 16; bits += 4) {
        const struct index_wish wish = {.shape = {.kind = INDEX_VALUES, .group = 1}, .bits = bits};
        struct column *column = numbers(arena, type_simple(TYPE_UINT64), 0, CHUNK_ROWS_MAX), **granule = &column;
        struct made made = segment_of(&granule, 1, 1, false, &wish, 1);
        uint32_t passed = 0, asked = 20000;
        struct slice block;
        struct arena *pins = arena_create(NULL);
        check(segment_index_block(made.segment, pins, 0, 0, &block));
        assert_int_equal(block.length, CHUNK_ROWS_MAX * bits / 8);
        struct column *others = numbers(arena, type_simple(TYPE_UINT64), 1000000, asked);
        for (uint32_t k = 0; k < asked; k++) {
            passed += index_block_has(segment_index(made.segment, 0), block, column_hash(others, k));
        }
        double rate = (double)passed / asked, said = index_false_rate(bits);
        assert_true(rate < said * 1.3 + 0.002 && rate > said * 0.7 - 0.002);
        arena_destroy(pins);
        made_free(&made);
    }
    assert_int_equal(index_bits_for(1), 4);
    assert_int_equal(index_bits_for(0.01), 11);
    assert_int_equal(index_bits_for(0), 64);
    arena_destroy(arena);
}

static bool part_excluded(struct segment *segment, const char *text, bool begins, bool ends, bool whole)
{
    const struct index_part part = {slice_text(text), begins, ends, whole};
    const struct index_test test = {.kind = INDEX_TEST_PARTS, .parts = &part, .count = 1};
    return excludes(segment, 0, &test);
}

static void parts_of_texts(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    static const char *const rows[] = {"", "https://a.example/orders?id=12345678901&x=7", "GET /\xc3\xa4rger",
                                       "12345678"};
    struct column *column = column_new(arena, type_simple(TYPE_STRING), 4), **granule = &column;
    for (uint32_t k = 0; k < 4; k++) {
        ((struct slice *)column->values)[k] = slice_text(rows[k]);
    }
    for (int kind = INDEX_VALUES; kind <= INDEX_SET; kind++) {
        const struct index_wish wish = {.shape = {.kind = (enum index_kind)kind,
                                                  .parameter = kind == INDEX_GRAMS ? 3
                                                               : kind == INDEX_SET ? 10
                                                                                   : 0,
                                                  .group = 1},
                                        .bits = 40};
        struct made made = segment_of(&granule, 1, 1, false, &wish, 1);
        bool words = kind == INDEX_WORDS, grams = kind == INDEX_GRAMS, values = !words && !grams;
        check(segment_check(made.segment));
        for (uint32_t k = 0; k < 4; k++) {
            assert_false(part_excluded(made.segment, rows[k], true, true, true));
        }
        /* there */
        assert_false(part_excluded(made.segment, "id=12345678901&", false, false, false));
        assert_false(part_excluded(made.segment, "=12345678", false, false, false));
        assert_false(part_excluded(made.segment, "=1234567890", false, false, false));
        assert_false(part_excluded(made.segment, "rders?i", false, false, false));
        assert_false(part_excluded(made.segment, "/\xc3\xa4rger", false, true, false));
        assert_false(part_excluded(made.segment, "x", true, true, false));
        assert_false(part_excluded(made.segment, "", false, false, false));
        /* not there */
        assert_int_equal(part_excluded(made.segment, "orders", true, true, true), values);
        assert_int_equal(part_excluded(made.segment, "?id=1234567890&", false, false, false), words || grams);
        assert_int_equal(part_excluded(made.segment, "=12345679", false, false, false), words || grams);
        assert_int_equal(part_excluded(made.segment, "order", true, true, false), words);
        assert_int_equal(part_excluded(made.segment, "xyz", false, false, false), grams);
        assert_int_equal(part_excluded(made.segment, "=8", false, true, false), words);
        made_free(&made);
    }
    /* in lower case */
    const struct index_wish wish = {.shape = {.kind = INDEX_WORDS, .input = INDEX_LOWER, .group = 1}, .bits = 40};
    struct made made = segment_of(&granule, 1, 1, false, &wish, 1);
    struct index_part part = {slice_text("get"), true, true, false};
    struct index_test test = {.kind = INDEX_TEST_PARTS, .input = INDEX_LOWER, .parts = &part, .count = 1};
    assert_false(excludes(made.segment, 0, &test));
    part.text = slice_text("GET");
    assert_true(excludes(made.segment, 0, &test));
    test.input = INDEX_PLAIN; /* it has no such index */
    assert_false(excludes(made.segment, 0, &test));
    /* AND is excluded by one of them, OR by all */
    test.input = INDEX_LOWER;
    struct index_part there = {slice_text("get"), true, true, false};
    struct index_test found = {.kind = INDEX_TEST_PARTS, .input = INDEX_LOWER, .parts = &there, .count = 1};
    const struct index_test *children[] = {&test, &found};
    struct index_test both = {.kind = INDEX_TEST_AND, .children = children, .count = 2};
    assert_true(excludes(made.segment, 0, &both));
    both.kind = INDEX_TEST_OR;
    assert_false(excludes(made.segment, 0, &both));
    children[1] = &test;
    assert_true(excludes(made.segment, 0, &both));
    made_free(&made);
    arena_destroy(arena);
}

/* Merges give indexes to columns where they pay. */
static void by_the_rule(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct column *columns[7] = {
        texts(arena, "https://web.example/%u?session=%016llx", 0, CHUNK_ROWS_MAX), /* words */
        texts(arena, "%2$016llx", 0, CHUNK_ROWS_MAX),                              /* one word: values */
        numbers(arena, type_simple(TYPE_UINT32), 0, CHUNK_ROWS_MAX),               /* its block has a few bytes */
        column_new(arena, type_simple(TYPE_FLOAT64), CHUNK_ROWS_MAX),              /* floats have none */
        column_new(arena, type_simple(TYPE_UINT64), CHUNK_ROWS_MAX),               /* random: values */
        texts(arena, "the same", 0, CHUNK_ROWS_MAX),                               /* words, but its block is small */
        column_new(arena, type_simple(TYPE_STRING), CHUNK_ROWS_MAX),               /* too many words: values */
    };
    for (uint32_t row = 0; row < CHUNK_ROWS_MAX; row++) {
        uint64_t random = checksum(&row, sizeof(row)), more = checksum(&random, sizeof(random));
        ((double *)columns[3]->values)[row] = 1.0 / (row + 1);
        ((uint64_t *)columns[4]->values)[row] = random;
        ((struct slice *)columns[6]->values)[row] = slice_text(
            arena_format(arena, "%08x-%04x-%04x-%04x-%012llx", (unsigned)random, (unsigned)(random >> 32 & 0xffff),
                         (unsigned)(random >> 48), (unsigned)(more & 0xffff), (unsigned long long)more >> 16));
    }
    struct column **granule = columns;
    struct made fresh = segment_of(&granule, 1, 7, false, NULL, 0);
    assert_int_equal(segment_index_count(fresh.segment), 0);
    made_free(&fresh);
    struct made made = segment_of(&granule, 1, 7, true, NULL, 0);
    static const struct index_shape expected[] = {{.kind = INDEX_WORDS, .column = 0, .group = 1},
                                                  {.kind = INDEX_VALUES, .column = 1, .group = 1},
                                                  {.kind = INDEX_VALUES, .column = 4, .group = 1},
                                                  {.kind = INDEX_VALUES, .column = 6, .group = 1}};
    assert_int_equal(segment_index_count(made.segment), 4);
    for (uint32_t k = 0; k < 4; k++) {
        const struct index_shape *shape = segment_index(made.segment, k);
        assert_int_equal(shape->kind, expected[k].kind);
        assert_int_equal(shape->column, expected[k].column);
        assert_true(segment_index_bytes(made.segment, k) < segment_column_size(made.segment, shape->column).bytes / 3);
    }
    check(segment_check(made.segment));
    made_free(&made);
    arena_destroy(arena);
}

/* Where filters did not pay, the next granules are not hashed in vain: 1 of them, then 3, 7, 15. */
static void what_does_not_pay_is_looked_at_rarely(void **state)
{
    (void)state;
    enum { GRANULES = 9, RANDOM = 3 };
    struct arena *arena = arena_create(NULL);
    struct column *columns[GRANULES], **granules[GRANULES];
    for (uint32_t g = 0; g < GRANULES; g++) {
        columns[g] = numbers(arena, type_simple(TYPE_UINT64), g * CHUNK_ROWS_MAX, CHUNK_ROWS_MAX);
        for (uint32_t row = 0; g >= RANDOM && row < CHUNK_ROWS_MAX; row++) {
            uint64_t *value = (uint64_t *)columns[g]->values + row;
            *value = checksum(value, sizeof(*value));
        }
        granules[g] = &columns[g];
    }
    struct made made = segment_of(granules, GRANULES, 1, true, NULL, 0);
    assert_int_equal(segment_index_count(made.segment), 1);
    for (uint32_t g = 0; g < GRANULES; g++) {
        struct slice block;
        struct arena *pins = arena_create(NULL);
        check(segment_index_block(made.segment, pins, 0, g, &block));
        assert_int_equal(block.length > 0, g >= 6); /* of 0 and 2 it did not pay */
        arena_destroy(pins);
    }
    check(segment_check(made.segment));
    made_free(&made);
    arena_destroy(arena);
}

/* Too many values for a set, and for a block at all: nothing is known, nothing is wrong. */
static void what_is_too_much_is_left_out(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct column *columns[] = {numbers(arena, type_simple(TYPE_UINT32), 0, CHUNK_ROWS_MAX),
                                numbers(arena, type_simple(TYPE_UINT32), 7, 3)};
    struct column **granules[] = {&columns[0], &columns[1]};
    const struct index_wish wish = {.shape = {.kind = INDEX_SET, .parameter = 10, .group = 1}};
    struct made made = segment_of(granules, 2, 1, false, &wish, 1);
    struct slice block;
    struct arena *pins = arena_create(NULL);
    check(segment_index_block(made.segment, pins, 0, 0, &block));
    assert_int_equal(block.length, 0);
    check(segment_index_block(made.segment, pins, 0, 1, &block));
    assert_int_equal(block.length, 24);
    arena_destroy(pins);
    check(segment_check(made.segment));
    made_free(&made);
    arena_destroy(arena);
}

/* Rows of entries in runs, arrays, bitsets; over several blocks; AND, OR, NOT. */
static void bitmaps_say_which_rows(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    static const char *const names[] = {"common", "every7th", "late", "rare", "runs", "unused"};
    struct column *dictionary = column_new(arena, type_simple(TYPE_STRING), 6);
    for (uint32_t k = 0; k < 6; k++) {
        ((struct slice *)dictionary->values)[k] = slice_text(names[k]);
    }
    struct column *columns[11], **granules[11];
    for (uint32_t g = 0; g < 11; g++) {
        uint32_t rows = g == 10 ? 77 : CHUNK_ROWS_MAX;
        uint32_t *codes = ARENA_ARRAY(arena, uint32_t, rows);
        for (uint32_t row = 0; row < rows; row++) {
            codes[row] = g >= 9 && row % 3 == 1 ? 2 : g % 4 == 1 ? 4 : row % 7 == 0 ? 1 : row == 1000 + g ? 3 : 0;
        }
        columns[g] = column_dict(arena, type_simple(TYPE_STRING), codes, rows, dictionary, 1);
        granules[g] = &columns[g];
    }
    for (uint32_t group = 1; group <= 8; group += 7) {
        const struct index_wish wish = {.shape = {.kind = INDEX_BITMAP, .group = group}};
        struct made made = segment_of(granules, 11, 1, false, &wish, 1);
        struct column *values[6];
        struct index_test tests[6];
        check(segment_check(made.segment));
        for (uint32_t code = 0; code < 6; code++) {
            values[code] = column_new(arena, type_simple(TYPE_STRING), 1);
            *(struct slice *)values[code]->values = slice_text(code == 5 ? "nothing" : names[code]);
            tests[code] = (struct index_test){.kind = INDEX_TEST_VALUES, .values = values[code]};
        }
        const struct index_test *two[] = {&tests[1], &tests[3]}, *not_common[] = {&tests[0]};
        const struct index_test either = {.kind = INDEX_TEST_OR, .children = two, .count = 2};
        const struct index_test both = {.kind = INDEX_TEST_AND, .children = two, .count = 2};
        const struct index_test other = {.kind = INDEX_TEST_NOT, .children = not_common, .count = 1};
        for (uint32_t g = 0; g < 11; g++) {
            for (uint32_t t = 0; t < 9; t++) {
                const struct index_test *test = t < 6 ? &tests[t] : t == 6 ? &either : t == 7 ? &both : &other;
                struct granule_bits bits;
                struct arena *pins = arena_create(NULL);
                bool known;
                check(index_bitmap_rows(made.segment, pins, g, test, same_place, NULL, &bits, &known));
                assert_true(known);
                for (uint32_t row = 0; row < CHUNK_ROWS_MAX; row++) {
                    uint32_t code = row < columns[g]->row_count ? columns[g]->codes[row] : 99;
                    bool wanted = t < 5    ? code == t
                                  : t == 6 ? code == 1 || code == 3
                                  : t == 8 ? code != 0 && code != 99
                                           : false;
                    assert_int_equal(bits.words[row / 64] >> row % 64 & 1, wanted);
                }
                arena_destroy(pins);
            }
        }
        assert_true(excludes(made.segment, 0, &tests[2]));
        assert_false(excludes(made.segment, 9, &tests[2]));
        made_free(&made);
    }
    arena_destroy(arena);
}

/* Bytes that no writer makes: never a row outside, never a read outside. */
static void hostile_bitmaps_are_refused(void **state)
{
    (void)state;
    struct buffer block = {0};
    uint32_t codes[3000];
    for (uint32_t row = 0; row < 3000; row++) {
        codes[row] = row < 1500 ? 0 : row % 2 + 1;
    }
    check(index_bitmap_put(codes, 3000, 3, &block));
    struct slice whole = buffer_all(&block);
    assert_true(index_bitmap_valid(whole) && index_bitmap_has(whole, 2) && !index_bitmap_has(whole, 3));
    for (size_t cut = 0; cut < whole.length; cut++) {
        char *copy = malloc(cut + 1); /* its end is watched by the sanitizer */
        memcpy(copy, whole.data, cut);
        assert_false(index_bitmap_valid(slice_of(copy, cut)));
        free(copy);
    }
    char *copy = malloc(whole.length);
    for (size_t at = 0; at < whole.length; at++) {
        for (uint32_t bit = 0; bit < 8; bit++) {
            struct granule_bits bits = {{0}};
            memcpy(copy, whole.data, whole.length);
            copy[at] = (char)(copy[at] ^ 1 << bit);
            if (index_bitmap_valid(slice_of(copy, whole.length))) {
                for (uint32_t code = 0; code < 3; code++) {
                    (void)index_bitmap_add(slice_of(copy, whole.length), code, bit, &bits);
                }
            }
        }
    }
    free(copy);
    buffer_deinit(&block);
}

static void flipped_bytes_are_found(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct column *column = texts(arena, "w%u x%llx", 0, 200), **granule = &column;
    const struct index_wish wish = {.shape = {.kind = INDEX_WORDS, .group = 1}, .bits = 8};
    struct made made = segment_of(&granule, 1, 1, false, &wish, 1);
    char path[256];
    static uint8_t bytes[1 << 16];
    (void)snprintf(path, sizeof(path), "%s/one.pack", directory);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    uint64_t index_bytes = segment_index_bytes(made.segment, 0), seen = 0;
    const struct index_part part = {slice_text("w17"), true, true, false};
    const struct index_test test = {.kind = INDEX_TEST_PARTS, .parts = &part, .count = 1};
    for (size_t at = 16; at + 24 < length; at += 7) {
        uint8_t flipped = (uint8_t)(bytes[at] ^ 1 << at % 8);
        struct block_cache *cache = block_cache_create(1 << 20);
        struct segment *segment = NULL;
        uint64_t hash;
        bool result;
        struct index_shape by;
        struct arena *pins = arena_create(NULL);
        assert_int_equal(fseek(file, (long)at, SEEK_SET) + (fwrite(&flipped, 1, 1, file) != 1) + fflush(file), 0);
        memcpy(&hash, bytes + length - 16, 8);
        struct segment_place place = {
            .path = "one.pack", .pack = 2, .offset = 16, .length = length - 16, .footer_hash = hash};
        struct err *err = segment_open(io, cache, &place, &segment);
        if (err == NULL) {
            err = index_test_run(segment, pins, 0, &test, same_place, NULL, &result, &by);
            seen += err != NULL;
            if (err == NULL) {
                assert_false(result); /* the index is whole */
                err = segment_check(segment);
            }
        }
        assert_non_null(err);
        assert_int_equal(err_code(err), ERR_CORRUPT);
        assert_non_null(strstr(err_message(err), "one.pack"));
        err_free(err);
        arena_destroy(pins);
        segment_unref(segment);
        block_cache_destroy(cache);
        assert_int_equal(fseek(file, (long)at, SEEK_SET) + (fwrite(&bytes[at], 1, 1, file) != 1) + fflush(file), 0);
    }
    assert_true(seen >= index_bytes / 7);
    (void)fclose(file);
    made_free(&made);
    arena_destroy(arena);
}

/* ---- words */
struct hash_list {
    uint64_t hashes[4096];
    uint32_t count;
};

static bool keep_hash(void *user, uint64_t hash)
{
    struct hash_list *list = user;
    uint32_t k = 0;
    while (k < list->count && list->hashes[k] != hash) {
        k++;
    }
    if (k == list->count) {
        assert_true(list->count < sizeof(list->hashes) / sizeof(list->hashes[0]));
        list->hashes[list->count++] = hash;
    }
    return true;
}

static bool one_is_enough(void *user, uint64_t hash)
{
    (void)hash;
    ++*(uint32_t *)user;
    return false;
}

static int compare_words(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* What is indexed, by vectors and with a memo, has just the hashes that parts are asked for with, byte by byte. */
static void words_of_many_texts(void **state)
{
    (void)state;
    static const char bytes[] = "aZ09mx/ -_.&=\xc3\xa9@[`{:";
    const struct index_shape shape = {.kind = INDEX_WORDS};
    struct word_memo *memo = calloc(1, sizeof(*memo));
    struct hash_list *fast = calloc(1, sizeof(*fast)), *slow = calloc(1, sizeof(*slow));
    char *texts = calloc(200, 2048);
    uint64_t seed = 7;
    if (memo == NULL || fast == NULL || slow == NULL || texts == NULL) {
        fail();
        abort();
    }
    for (uint32_t i = 0; i < 200; i++) {
        char *text = texts + (size_t)i * 2048;
        size_t length = i < 100 ? i : (size_t)i * 10;
        for (size_t k = 0; k < length; k++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            uint32_t draw = (uint32_t)(seed >> 33), few = i % 4 < 2 ? 3 : (uint32_t)sizeof(bytes) - 1;
            bool as_before = i > 0 && k < 600 && draw % 64 != 0; /* words that come again, at the same place or not */
            text[k] = as_before ? texts[(size_t)(i - 1) * 2048 + (k + i % 2) % 600] : bytes[(draw >> 8) % few];
        }
        const struct index_part all = {slice_of(text, length), true, true, true};
        assert_true(index_words_visit(memo, slice_of(text, length), keep_hash, fast));
        assert_true(index_part_hashes(&shape, &all, keep_hash, slow));
        if (i % 16 == 15 || i > 100) {
            assert_int_equal(fast->count, slow->count);
            qsort(fast->hashes, fast->count, 8, compare_words);
            qsort(slow->hashes, slow->count, 8, compare_words);
            assert_memory_equal(fast->hashes, slow->hashes, (size_t)fast->count * 8);
            fast->count = slow->count = 0;
            memset(memo, 0, sizeof(*memo));
        }
    }
    uint32_t visited = 0;
    assert_false(index_words_visit(memo, slice_text("first second third"), one_is_enough, &visited));
    assert_int_equal(visited, 1);
    assert_true(index_words_visit(memo, slice_of(NULL, 0), one_is_enough, &visited));
    assert_true(index_words_visit(memo, slice_text(" .,-"), one_is_enough, &visited));
    assert_int_equal(visited, 1);
    free(texts);
    free(slow);
    free(fast);
    free(memo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_are_as_written_down),
        cmocka_unit_test(every_type_is_found_again),
        cmocka_unit_test(as_many_pass_as_said),
        cmocka_unit_test(parts_of_texts),
        cmocka_unit_test(words_of_many_texts),
        cmocka_unit_test(by_the_rule),
        cmocka_unit_test(what_does_not_pay_is_looked_at_rarely),
        cmocka_unit_test(what_is_too_much_is_left_out),
        cmocka_unit_test(bitmaps_say_which_rows),
        cmocka_unit_test(hostile_bitmaps_are_refused),
        cmocka_unit_test(flipped_bytes_are_found),
    };
    if (mkdtemp(directory) == NULL || io_system(directory, &io) != NULL) {
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    io_destroy(io);
    return rmdir(directory) != 0 ? 1 : failed;
}
