/*
 * segment_test.c: every type and codec through a pack and back, zones, key index, dictionaries; each flipped byte
 * found.
 */
#include "storage/segment.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/weir-segment-test-XXXXXX";
static struct io *io;

static void check(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

static uint64_t random_state = 42;

static uint64_t next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Values of a shape: 0 random, 1 constant, 2 small, 3 rising, 4 small with outliers, 5 extremes. */
static uint64_t value_of(int shape, uint32_t row)
{
    switch (shape) {
    case 1:
        return 7;
    case 2:
        return next() % 100;
    case 3:
        return 1000000007ULL * 5 + row * 10 + next() % 7;
    case 4:
        return row % 997 == 0 ? next() : next() % 16;
    case 5:
        return row % 3 == 0 ? 0 : row % 3 == 1 ? UINT64_MAX : (uint64_t)1 << 63;
    default:
        return next();
    }
}

static struct column *make_column(struct arena *arena, const struct type *type, uint32_t rows, int shape)
{
    struct column *column = column_new(arena, type, rows);
    for (uint32_t row = 0; row < rows; row++) {
        uint64_t value = value_of(shape, row);
        char *to = (char *)column->values + (size_t)row * type->width;
        if (type->kind == TYPE_STRING) {
            char *text = shape == 2   ? arena_format(arena, "%016llx", (unsigned long long)next())
                         : shape == 1 ? arena_format(arena, "same")
                                      : arena_format(arena, "%.*s%llu", (int)(value % 40),
                                                     "a string that is longer than the prefix of a zone",
                                                     (unsigned long long)value % 5);
            *(struct slice *)(void *)to = slice_text(text);
        } else if (type->kind == TYPE_FLOAT64) {
            double real = shape == 2   ? (double)(int64_t)value / 1000
                          : shape == 4 ? (row % 100 == 0 ? NAN : (double)value / 4)
                          : shape == 5 ? (row % 2 ? -INFINITY : -0.0)
                                       : (double)value * 1e-300;
            memcpy(to, &real, 8);
        } else if (type->kind == TYPE_FLOAT32) {
            float real = (float)value;
            memcpy(to, &real, 4);
        } else if (type->kind == TYPE_BOOL) {
            *to = (char)(value & 1);
        } else {
            for (uint32_t byte = 0; byte < type->width; byte += 8) {
                memcpy(to + byte, &value, type->width - byte < 8 ? type->width - byte : 8);
            }
        }
        if (type->nullable && value % 5 == 0) {
            column->nulls[row] = 1;
            memset(to, 0, type->width);
        }
    }
    return column;
}

static const char *const type_texts[] = {"Bool",
                                         "Int8",
                                         "Int16",
                                         "Int32",
                                         "Int64",
                                         "UInt8",
                                         "UInt16",
                                         "UInt32",
                                         "UInt64",
                                         "Float32",
                                         "Float64",
                                         "String",
                                         "FixedString(5)",
                                         "Date",
                                         "Date32",
                                         "DateTime",
                                         "DateTime64(3)",
                                         "Decimal(9, 2)",
                                         "Decimal(18, 4)",
                                         "UUID",
                                         "IPv4",
                                         "IPv6",
                                         "Nullable(Int32)",
                                         "Nullable(String)",
                                         "Nullable(Float64)",
                                         "Nullable(UInt8)",
                                         "Nullable(UUID)"};
#define TYPE_COUNT (sizeof(type_texts) / sizeof(type_texts[0]))

static void blocks_keep_every_value(void **state)
{
    static const uint32_t sizes[] = {1, 2, 3, 63, 64, 65, 1000, 8191, 8192};
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        for (int shape = 0; shape < 6; shape++) {
            for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
                const struct type *type;
                check(type_parse(arena, slice_text(type_texts[t]), &type));
                struct column *column = make_column(arena, type, sizes[s], shape), *back = NULL;
                struct buffer block = {0};
                struct zone zone;
                check(codec_encode(column, &scratch, &block, &zone));
                struct err *err = codec_decode(arena, buffer_all(&block), type, sizes[s], NULL, 0, &back);
                if (err != NULL) {
                    fail_msg("%s, shape %d, %u rows: %s", type_texts[t], shape, sizes[s], err_message(err));
                }
                const struct column *flat = column_flat(arena, back);
                for (uint32_t row = 0; row < sizes[s]; row++) {
                    bool same = column_is_null(column, row) == column_is_null(flat, row) &&
                                (type->kind == TYPE_STRING
                                     ? slice_equal(((struct slice *)column->values)[row],
                                                   ((const struct slice *)flat->values)[row])
                                     : memcmp(column_value(column, row), column_value(flat, row), type->width) == 0);
                    if (!same) {
                        fail_msg("%s, shape %d, %u rows: row %u differs (codec %s)", type_texts[t], shape, sizes[s],
                                 row, codec_name(codec_of_block(buffer_all(&block), sizes[s])));
                    }
                }
                buffer_deinit(&block);
                arena_reset(arena);
            }
        }
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

/* Writes one segment of all types with `rows` rows; the strings of column 11 coded. */
static struct segment_summary write_pack(struct arena *arena, const char *path, uint32_t rows, struct chunk **chunks)
{
    struct segment_column columns[TYPE_COUNT];
    uint32_t keys[] = {11, 4};
    for (uint32_t k = 0; k < TYPE_COUNT; k++) {
        columns[k].id = k + 1;
        check(type_parse(arena, slice_text(type_texts[k]), &columns[k].type));
    }
    struct segment_schema schema = {.table_id = 3,
                                    .schema_version = 2,
                                    .columns = columns,
                                    .column_count = TYPE_COUNT,
                                    .key_columns = keys,
                                    .key_count = 2,
                                    .time_column = 15};
    static const char *const airports[] = {"ATL", "DFW", "LAX", "ORD"};
    struct column *dictionary = column_new(arena, columns[11].type, 4);
    for (uint32_t k = 0; k < 4; k++) {
        ((struct slice *)dictionary->values)[k] = slice_text(airports[k]);
    }
    struct pack_writer *writer;
    struct segment_summary summary;
    check(pack_writer_open(io, path, NULL, &writer));
    check(pack_segment_begin(writer, &schema));
    for (uint32_t begin = 0, number = 0; begin < rows; begin += CHUNK_ROWS_MAX, number++) {
        uint32_t count = rows - begin < CHUNK_ROWS_MAX ? rows - begin : CHUNK_ROWS_MAX;
        struct chunk *chunk = chunk_new(arena, TYPE_COUNT, count);
        for (uint32_t k = 0; k < TYPE_COUNT; k++) {
            chunk->columns[k] = make_column(arena, columns[k].type, count, (int)((k + number) % 5));
        }
        uint32_t *codes = ARENA_ARRAY(arena, uint32_t, count);
        for (uint32_t row = 0; row < count; row++) { /* the keys: in order */
            codes[row] = (begin + row) * 4 / rows;
            ((int64_t *)chunk->columns[4]->values)[row] = (int64_t)(begin + row) * 3 - rows;
        }
        chunk->columns[11] = column_dict(arena, columns[11].type, codes, count, dictionary, 1);
        chunks[number] = chunk;
        check(pack_segment_granule(writer, chunk, NULL));
    }
    check(pack_segment_end(writer, &summary));
    check(pack_writer_finish(writer));
    pack_writer_close(writer);
    return summary;
}

/* Hex digits of every length are found without decoding; what is no such text is in no row; other codes do not say. */
static void texts_are_found_in_blocks(void **state)
{
    (void)state;
    static const uint32_t row_counts[] = {1, 7, 8, 100, 8192};
    for (uint32_t digits = 2; digits <= 250; digits += digits < 34 ? 2 : 72) {
        for (uint32_t r = 0; r < sizeof(row_counts) / sizeof(row_counts[0]); r++) {
            struct arena *arena = arena_create(NULL);
            struct codec_scratch scratch = {0};
            struct buffer block = {0};
            uint32_t rows = row_counts[r], count = 0;
            uint32_t *positions = ARENA_ARRAY(arena, uint32_t, rows);
            struct column *column = column_new(arena, type_simple(TYPE_STRING), rows);
            struct slice *texts = column->values;
            bool known;
            for (uint32_t row = 0; row < rows; row++) {
                char *text = arena_alloc(arena, digits);
                for (uint32_t k = 0; k < digits; k++) {
                    text[k] = "0123456789abcdef"[k + 2 < digits ? k % 16 : next() % 16];
                }
                texts[row] = slice_of(text, digits);
            }
            check(codec_encode(column, &scratch, &block, NULL));
            struct slice bytes = slice_of(block.data, block.length);
            bool is_hex = codec_of_block(bytes, rows) == CODEC_HEX;
            bool is_template = codec_of_block(bytes, rows) == CODEC_TEMPLATE; /* codec_test.c */
            for (uint32_t round = 0; round < 10; round++) {
                uint32_t wanted = (uint32_t)(next() % rows), expected = 0;
                codec_find_text(bytes, rows, texts[wanted], positions, &count, &known);
                assert_int_equal(known, is_template || (is_hex && digits <= 128));
                for (uint32_t row = 0; known && row < rows; row++) {
                    if (slice_equal(texts[row], texts[wanted])) {
                        assert_true(expected < count);
                        assert_int_equal(positions[expected++], row);
                    }
                }
                assert_true(!known || expected == count);
            }
            static const char *const others[] = {"", "g", "0", "0123456789ABCDEF", "0123456789abcdeg", "\0\0"};
            for (uint32_t o = 0; o < sizeof(others) / sizeof(others[0]); o++) {
                codec_find_text(bytes, rows, slice_text(others[o]), positions, &count, &known);
                assert_true(!known || count == 0);
            }
            for (size_t length = 0; length < bytes.length && is_hex; length++) { /* cut off: it does not say */
                codec_find_text(slice_of(bytes.data, length), rows, texts[0], positions, &count, &known);
                assert_false(known);
                length += bytes.length / 50;
            }
            codec_scratch_deinit(&scratch);
            buffer_deinit(&block);
            arena_destroy(arena);
        }
    }
}

static void segments_keep_rows_zones_and_keys(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct chunk *chunks[4];
    struct segment_summary summary = write_pack(arena, "rows.pack", 20000, chunks);
    struct block_cache *cache = block_cache_create(1 << 20);
    struct segment_place place = {.path = "rows.pack",
                                  .pack = 1,
                                  .offset = summary.offset,
                                  .length = summary.length,
                                  .footer_hash = summary.footer_hash};
    struct segment *segment;
    check(segment_open(io, cache, &place, &segment));
    assert_int_equal(segment_row_count(segment), 20000);
    assert_int_equal(segment_granule_count(segment), 3);
    assert_int_equal(segment_granule_rows(segment, 2), 20000 - 2 * 8192);
    assert_true(segment_row_sum(segment) == summary.row_sum);
    assert_int_equal(segment_column_find(segment, 12), 11);
    assert_int_equal(segment_column_find(segment, 99), -1);
    check(segment_check(segment));
    for (int round = 0; round < 2; round++) { /* from disk, and from the cache */
        for (uint32_t granule = 0; granule < 3; granule++) {
            for (uint32_t k = 0; k < TYPE_COUNT; k++) {
                struct column *column;
                check(segment_read(segment, arena, granule, k, &column));
                const struct zone *zone = segment_zone(segment, granule, k);
                uint32_t null_count = 0;
                for (uint32_t row = 0; row < column->row_count; row++) {
                    assert_int_equal(column_compare(column, row, chunks[granule]->columns[k], row), 0);
                    null_count += column_is_null(column, row);
                }
                assert_int_equal(zone->null_count, null_count);
                if (zone->known && zone->exact && column->type->kind != TYPE_STRING) {
                    struct column *min = column_const(arena, column->type, zone->min.bytes, 1);
                    struct column *max = column_const(arena, column->type, zone->max.bytes, 1);
                    for (uint32_t row = 0; row < column->row_count; row++) {
                        bool is_nan =
                            column->type->kind == TYPE_FLOAT64 && isnan(*(const double *)column_value(column, row));
                        if (!column_is_null(column, row) && !is_nan) {
                            assert_true(column_compare(min, 0, column, row) <= 0);
                            assert_true(column_compare(max, 0, column, row) >= 0);
                        }
                    }
                }
            }
        }
    }
    struct column *index;
    check(segment_key_index(segment, arena, 0, &index));
    for (uint32_t granule = 0; granule < 3; granule++) {
        assert_int_equal(column_compare(index, granule, chunks[granule]->columns[11], 0), 0);
    }
    assert_int_equal(segment_column_size(segment, 11).dictionary_count, 4);
    assert_true(summary.time_min_us <= summary.time_max_us);
    arena_destroy(arena);
    segment_unref(segment);
    block_cache_destroy(cache);
}

/* Opens and reads all; true when something was found wrong. */
static bool is_found(const struct segment_place *place, const char **message)
{
    static char text[512];
    struct block_cache *cache = block_cache_create(1 << 20);
    struct segment *segment = NULL;
    struct err *err = segment_open(io, cache, place, &segment);
    if (err == NULL) {
        err = segment_check(segment);
    }
    (void)snprintf(text, sizeof(text), "%s", err_message(err));
    *message = text;
    bool found = err != NULL;
    assert_true(err == NULL || strstr(text, "small.pack") != NULL);
    err_free(err);
    segment_unref(segment);
    block_cache_destroy(cache);
    return found;
}

static void every_flipped_byte_is_found(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct chunk *chunks[1];
    struct segment_summary summary = write_pack(arena, "small.pack", 20, chunks);
    struct segment_place place = {.path = "small.pack",
                                  .pack = 1,
                                  .offset = summary.offset,
                                  .length = summary.length,
                                  .footer_hash = summary.footer_hash};
    const char *message;
    assert_false(is_found(&place, &message));
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/small.pack", directory);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    for (uint64_t at = 0; at < summary.offset + summary.length; at++) {
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        int byte = fgetc(file);
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        assert_int_equal(fputc(byte ^ 0x10, file), byte ^ 0x10);
        assert_int_equal(fflush(file), 0);
        if (!is_found(&place, &message)) {
            fail_msg("the flipped byte %llu was not found", (unsigned long long)at);
        }
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        assert_int_equal(fputc(byte, file), byte);
        assert_int_equal(fflush(file), 0);
    }
    assert_int_equal(fclose(file), 0);
    /* every shorter file, too */
    for (uint64_t length = summary.offset + summary.length - 1; length > 0; length -= length > 50 ? 37 : 1) {
        assert_int_equal(truncate(path, (off_t)length), 0);
        assert_true(is_found(&place, &message));
    }
    arena_destroy(arena);
}

/* One segment of one column: its values by granule. What the check says of it; *all: the segment's zone. */
static struct err *one_column(struct arena *arena, struct column *const *granules, uint32_t count, bool is_key,
                              struct zone *all)
{
    struct segment_column column = {.id = 1, .type = granules[0]->type};
    const uint32_t keys[] = {0};
    struct segment_schema schema = {.table_id = 1,
                                    .schema_version = 1,
                                    .columns = &column,
                                    .column_count = 1,
                                    .key_columns = keys,
                                    .key_count = is_key ? 1 : 0,
                                    .time_column = -1};
    struct pack_writer *writer;
    struct segment_summary summary;
    struct segment *segment;
    struct block_cache *cache = block_cache_create(1 << 20);
    check(pack_writer_open(io, "one.pack", NULL, &writer));
    check(pack_segment_begin(writer, &schema));
    for (uint32_t k = 0; k < count; k++) {
        struct chunk *chunk = chunk_new(arena, 1, granules[k]->row_count);
        chunk->columns[0] = granules[k];
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
    check(segment_open(io, cache, &place, &segment));
    *all = *segment_zone_all(segment, 0);
    struct err *err = segment_check(segment);
    segment_unref(segment);
    block_cache_destroy(cache);
    check(io_unlink(io, "one.pack", NULL));
    return err;
}

static struct column *same_strings(struct arena *arena, const char *text, uint32_t rows)
{
    struct column *column = column_new(arena, type_simple(TYPE_STRING), rows);
    for (uint32_t row = 0; row < rows; row++) {
        ((struct slice *)column->values)[row] = slice_text(text);
    }
    return column;
}

/* No prefix is above strings that begin with fifteen bytes of 255: such a granule has no bounds, nor has its segment.
 */
static void a_granule_without_bounds_leaves_the_segment_without(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    static const char high[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    struct column *low_first[] = {same_strings(arena, "a", CHUNK_ROWS_MAX), same_strings(arena, high, 5)};
    struct column *high_first[] = {same_strings(arena, high, CHUNK_ROWS_MAX), same_strings(arena, "a", 5)};
    struct zone all;
    check(one_column(arena, low_first, 2, false, &all));
    assert_false(all.known);
    check(one_column(arena, high_first, 2, false, &all));
    assert_false(all.known);
    low_first[1] = same_strings(arena, "b", 5);
    check(one_column(arena, low_first, 2, false, &all));
    assert_true(all.known && all.exact && all.min.string.text[0] == 'a' && all.max.string.text[0] == 'b');
    const struct type *nullable = type_nullable(arena, type_simple(TYPE_STRING), true);
    struct column *null_first[] = {column_const_null(arena, nullable, CHUNK_ROWS_MAX), NULL};
    null_first[1] = same_strings(arena, "b", 5);
    null_first[1]->type = nullable;
    check(one_column(arena, null_first, 2, false, &all));
    assert_true(all.known && all.null_count == CHUNK_ROWS_MAX && all.min.string.text[0] == 'b');
    arena_destroy(arena);
}

static void rows_out_of_order_are_found(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct column *granules[] = {same_strings(arena, "b", CHUNK_ROWS_MAX), same_strings(arena, "a", 1)};
    struct zone all;
    check(one_column(arena, granules, 2, false, &all));
    struct err *err = one_column(arena, granules, 2, true, &all);
    assert_non_null(err);
    assert_non_null(strstr(err_message(err), "granule 1: row 0 is out of order"));
    err_free(err);
    arena_destroy(arena);
}

/* Bytes that no value needs are refused: a block is as long as what it holds, and ends with zeros. */
static void blocks_hold_nothing_else(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    for (int shape = 0; shape < 5; shape++) {
        for (uint32_t k = 0; k < TYPE_COUNT; k++) {
            const struct type *type;
            struct buffer block = {0};
            struct column *column;
            check(type_parse(arena, slice_text(type_texts[k]), &type));
            check(codec_encode(make_column(arena, type, 100, shape), &scratch, &block, NULL));
            check(codec_decode(arena, slice_of(block.data, block.length), type, 100, NULL, 0, &column));
            block.data[block.length - 3] = 1;
            struct err *err = codec_decode(arena, slice_of(block.data, block.length), type, 100, NULL, 0, &column);
            assert_int_equal(err_code(err), ERR_CORRUPT);
            err_free(err);
            block.data[block.length - 3] = 0;
            buffer_char(&block, 0);
            err = codec_decode(arena, slice_of(block.data, block.length), type, 100, NULL, 0, &column);
            assert_int_equal(err_code(err), ERR_CORRUPT);
            err_free(err);
            buffer_deinit(&block);
        }
    }
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL || io_system(directory, &io) != NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    char command[128];
    io_destroy(io);
    (void)snprintf(command, sizeof(command), "rm -r %s", directory);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_keep_every_value),
        cmocka_unit_test(texts_are_found_in_blocks),
        cmocka_unit_test(segments_keep_rows_zones_and_keys),
        cmocka_unit_test(every_flipped_byte_is_found),
        cmocka_unit_test(a_granule_without_bounds_leaves_the_segment_without),
        cmocka_unit_test(rows_out_of_order_are_found),
        cmocka_unit_test(blocks_hold_nothing_else),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
