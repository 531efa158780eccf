/*
 * nested_test.c: arrays, tuples and maps on every way through storage: packed bytes, builders, blocks, the insert log's
 * chunks; damaged bytes of each are an error or a value, never a read outside.
 */
#include "storage/builder.h"
#include "storage/codec.h"
#include "storage/insert_log.h"
#include "storage/packed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const type_texts[] = {"Array(UInt8)",
                                         "Array(Array(Nullable(String)))",
                                         "Tuple(Int64, String)",
                                         "Tuple(a Array(Float64), b Tuple(c Nullable(UUID), d Enum8('x' = -3)))",
                                         "Map(String, UInt32)",
                                         "Map(LowCardinality(String), Array(Tuple(Date, FixedString(3))))",
                                         "Array(Map(UInt8, Decimal(18, 4)))",
                                         "Array(DateTime64(3))",
                                         "JSON(a.b UInt32, s Nullable(String))"};
#define TYPE_COUNT (sizeof(type_texts) / sizeof(type_texts[0]))

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

static struct column *make(struct arena *arena, const struct type *type, uint32_t rows, uint32_t most)
{
    struct column *column = column_new(arena, type, rows);
    assert_non_null(column);
    if (column->offsets != NULL) {
        column->offsets[0] = 0;
        for (uint32_t row = 0; row < rows; row++) {
            column->offsets[row + 1] = column->offsets[row] + (uint32_t)(next() % (most + 1));
        }
        column->children[0] = make(arena, type->children[0], column->offsets[rows], most);
    }
    for (uint32_t k = 0; type->kind == TYPE_TUPLE && k < type->child_count; k++) {
        column->children[k] = make(arena, type->children[k], rows, most);
    }
    for (uint32_t row = 0; row < rows && type->width > 0; row++) {
        uint64_t value = next();
        char *to = (char *)column->values + (size_t)row * type->width;
        if (type->kind == TYPE_STRING) {
            *(struct slice *)(void *)to =
                slice_text(arena_format(arena, "%.*s", (int)(value % 30), "some text of up to 30 bytes …"));
        } else if (type->kind == TYPE_FLOAT64) {
            double real = value % 5 == 0 ? -0.0 : value % 5 == 1 ? -NAN : (double)(value % 1000);
            memcpy(to, &real, 8);
        } else if (type->kind == TYPE_ENUM8) {
            *to = -3;
        } else {
            for (uint32_t byte = 0; byte < type->width; byte++) {
                to[byte] = (char)(value >> byte % 8);
            }
        }
        if (type->nullable && value % 3 == 0) {
            column->nulls[row] = 1;
            memset(to, 0, type->width);
        }
    }
    return column;
}

static const struct type *type_of(struct arena *arena, size_t index)
{
    const struct type *type = NULL;
    check(type_parse(arena, slice_text(type_texts[index]), &type));
    return type;
}

static void assert_same(const struct column *a, const struct column *b)
{
    assert_int_equal(a->row_count, b->row_count);
    for (uint32_t row = 0; row < a->row_count; row++) {
        assert_true(column_identical(a, row, b, row));
    }
}

static void packed_bytes_keep_every_bit(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        const struct type *type = type_of(arena, t);
        struct column *column = make(arena, type, 500, 4), *back = NULL;
        struct slice *values = ARENA_ARRAY(arena, struct slice, 500);
        for (uint32_t row = 0; row < 500; row++) {
            values[row].length = packed_size(column, row);
            char *to = arena_alloc(arena, values[row].length + 1);
            assert_ptr_equal(packed_write(to, column, row), to + values[row].length);
            values[row].data = to;
            check(packed_check(type, values[row]));
        }
        check(packed_read(arena, type, values, 500, &back));
        assert_same(column, back);
        struct buffer bytes = {0};
        packed_default(&bytes, type);
        struct slice one = buffer_all(&bytes);
        check(packed_read(arena, type, &one, 1, &back));
        assert_true(column_identical(back, 0, column_default(arena, type, 1), 0));
        buffer_deinit(&bytes);
    }
    arena_destroy(arena);
}

static void builders_take_them(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        const struct type *types[] = {type_of(arena, t), type_simple(TYPE_UINT8)};
        struct builder_options options = {.first_capacity = 64};
        struct builder *builder = NULL;
        struct row_chunk **chunks = NULL;
        uint32_t count = 0, row = 0;
        uint8_t seven = 7;
        struct chunk *chunk = chunk_new(arena, 2, 5000);
        check(builder_create(types, 2, &options, &builder));
        chunk->columns[0] = make(arena, types[0], 5000, 3);
        chunk->columns[1] = column_const(arena, types[1], &seven, 5000);
        check(builder_append(builder, chunk, NULL));
        assert_true(builder_row_begin(builder));
        builder_default(builder, 0);
        builder_row_cancel(builder);
        assert_true(builder_row_begin(builder));
        builder_missing(builder, 0);
        builder_u8(builder, 1, 1);
        assert_true(builder_row_end(builder));
        check(builder_take(builder, &chunks, &count));
        for (uint32_t k = 0; k < count; k++) {
            struct chunk *view = row_chunk_view(arena, chunks[k], row_chunk_rows(chunks[k]));
            assert_non_null(view);
            for (uint32_t i = 0; i < view->row_count; i++, row++) {
                bool last = row == 5000;
                const struct column *expected = last ? column_default(arena, types[0], 1) : chunk->columns[0];
                assert_true(column_identical(view->columns[0], i, expected, last ? 0 : row));
            }
            row_chunk_unref(chunks[k]);
        }
        assert_int_equal(row, 5001);
        free(chunks);
        builder_destroy(builder);
    }
    arena_destroy(arena);
}

static void too_many_elements_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    const struct type *type = type_of(arena, 0);
    struct builder_options options = {0};
    struct builder *builder = NULL;
    struct chunk *chunk = chunk_new(arena, 1, 1);
    for (uint32_t over = 0; over < 2; over++) {
        struct column *column = chunk->columns[0] = column_new(arena, type, 1);
        column->offsets[0] = 0;
        column->offsets[1] = PACKED_ELEMENTS_MAX + over;
        column->children[0] = make(arena, type->children[0], column->offsets[1], 0);
        check(builder_create(&type, 1, &options, &builder));
        struct err *err = builder_append(builder, chunk, NULL);
        assert_int_equal(err == NULL ? 0 : err_code(err), over == 0 ? 0 : ERR_TOO_LARGE_ARRAY);
        err_free(err);
        builder_destroy(builder);
    }
    arena_destroy(arena);
}

static void blocks_keep_every_bit(void **state)
{
    static const uint32_t sizes[][2] = {{1, 0}, {1, 3}, {63, 5}, {8192, 0}, {8192, 4}, {2, 50000}};
    (void)state;
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
            struct arena *arena = arena_create(NULL);
            const struct type *type = type_of(arena, t);
            bool deep = type->children[0]->child_count > 0 || type->kind == TYPE_TUPLE;
            struct column *column = make(arena, type, sizes[s][0], deep && sizes[s][1] > 100 ? 100 : sizes[s][1]);
            struct codec_scratch scratch = {0};
            struct buffer block = {0};
            struct zone zone;
            struct column *back = NULL;
            check(codec_encode(column, &scratch, &block, &zone));
            assert_false(zone.known);
            check(codec_decode(arena, buffer_all(&block), type, column->row_count, NULL, 0, &back));
            assert_same(column, back);
            if (column->row_count > 2) { /* elements that do not begin at the child's first */
                struct column *part = column_part(arena, column, 1, column->row_count);
                block.length = 0;
                check(codec_encode(part, &scratch, &block, NULL));
                check(codec_decode(arena, buffer_all(&block), type, part->row_count, NULL, 0, &back));
                assert_same(part, back);
            }
            buffer_deinit(&block);
            codec_scratch_deinit(&scratch);
            arena_destroy(arena);
        }
    }
}

/* A need of this type by chance; NULL: nothing. */
static const struct column_need *need_of(struct arena *arena, const struct type *type)
{
    const struct column_need *need = &column_need_outline, *whole = &column_need_whole;
    uint64_t chance = next() % 4;
    if (chance < 2) {
        return chance == 0 ? whole : NULL;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        const struct column_need *inner = need_of(arena, type->children[k]), *child = NULL;
        if (inner != NULL) {
            check(column_need_child(arena, type, k, inner, &child));
            check(column_need_add(arena, type, &need, child));
        }
    }
    assert_true(column_need_covers(type, whole, need));
    assert_false(column_need_covers(type, NULL, need));
    return need;
}

/* What is looked at is the same; what is not, is there. */
static void assert_parts(const struct column *whole, const struct column *parts, const struct column_need *need)
{
    const struct type *type = whole->type;
    assert_int_equal(parts->row_count, whole->row_count);
    if (need == NULL) {
        return;
    }
    for (uint32_t row = 0; row < whole->row_count; row++) {
        assert_int_equal(column_is_null(parts, row), column_is_null(whole, row));
        assert_true(!need->whole || column_identical(parts, row, whole, row));
    }
    for (uint32_t row = 0; whole->offsets != NULL && row <= whole->row_count; row++) {
        assert_int_equal(parts->offsets[row], whole->offsets[row]);
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        assert_parts(whole->children[k], parts->children[k], column_need_of(need, k));
    }
}

static void parts_are_those_of_the_whole(void **state)
{
    (void)state;
    for (size_t t = 0; t < TYPE_COUNT * 40; t++) {
        struct arena *arena = arena_create(NULL);
        const struct type *type = type_of(arena, t % TYPE_COUNT);
        const struct column_need *need = need_of(arena, type);
        struct column *column = make(arena, type, 1 + (uint32_t)(next() % 300), t % 3 == 0 ? 100 : 3);
        struct codec_scratch scratch = {0};
        struct buffer block = {0};
        struct column *whole = NULL, *parts = NULL;
        check(codec_encode(column, &scratch, &block, NULL));
        check(codec_decode(arena, buffer_all(&block), type, column->row_count, NULL, 0, &whole));
        if (need != NULL) {
            uint32_t rows[] = {column->row_count - 1, 0, column->row_count / 2};
            check(codec_decode_need(arena, buffer_all(&block), type, column->row_count, NULL, 0, need, &parts));
            assert_parts(whole, parts, need);
            assert_true(need->whole || column_bytes(parts) <= column_bytes(whole) + 4096);
            whole = column_take(arena, whole, rows, 3);
            parts = column_take(arena, parts, rows, 3);
            assert_true(whole != NULL && parts != NULL);
            assert_parts(whole, parts, need);
        }
        buffer_deinit(&block);
        codec_scratch_deinit(&scratch);
        arena_destroy(arena);
    }
}

/* The block in memory of its own size, so that a sanitizer sees every byte behind it. */
static void try_block(struct arena *arena, const struct type *type, uint32_t rows, struct slice bytes)
{
    char *copy = malloc(bytes.length + 1);
    struct column *back = NULL;
    assert_non_null(copy);
    memcpy(copy, bytes.data, bytes.length);
    struct err *err = codec_decode(arena, slice_of(copy, bytes.length), type, rows, NULL, 0, &back);
    if (err != NULL) {
        assert_int_equal(err_code(err), ERR_CORRUPT);
    } else {
        assert_int_equal(back->row_count, rows);
        (void)column_bytes(back);
    }
    err_free(err);
    const struct column_need *need = need_of(arena, type);
    err =
        need == NULL ? NULL : codec_decode_need(arena, slice_of(copy, bytes.length), type, rows, NULL, 0, need, &back);
    assert_true(err == NULL || err_code(err) == ERR_CORRUPT);
    err_free(err);
    free(copy);
}

static void damaged_blocks_are_errors(void **state)
{
    (void)state;
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        struct arena *arena = arena_create(NULL);
        const struct type *type = type_of(arena, t);
        struct column *column = make(arena, type, 20, 3);
        struct codec_scratch scratch = {0};
        struct buffer block = {0};
        check(codec_encode(column, &scratch, &block, NULL));
        for (size_t at = 0; at < block.length; at++) {
            static const unsigned char flips[] = {1, 0x80, 0xff};
            for (size_t f = 0; f < sizeof(flips); f++) {
                struct arena *work = arena_create(NULL);
                block.data[at] = (char)(block.data[at] ^ flips[f]);
                try_block(work, type, 20, buffer_all(&block));
                block.data[at] = (char)(block.data[at] ^ flips[f]);
                arena_destroy(work);
            }
        }
        for (size_t length = 0; length < block.length; length++) {
            try_block(arena, type, 20, slice_of(block.data, length));
        }
        for (size_t other = 0; other < TYPE_COUNT; other++) { /* as another type */
            try_block(arena, type_of(arena, other), 20, buffer_all(&block));
        }
        buffer_deinit(&block);
        codec_scratch_deinit(&scratch);
        arena_destroy(arena);
    }
}

static void the_insert_log_keeps_them(void **state)
{
    (void)state;
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        struct arena *arena = arena_create(NULL);
        const struct type *types[] = {type_of(arena, t), type_of(arena, (t + 1) % TYPE_COUNT)};
        struct chunk *chunk = chunk_new(arena, 2, 30), *back = NULL;
        struct buffer bytes = {0};
        chunk->columns[0] = column_part(arena, make(arena, types[0], 40, 3), 5, 35);
        chunk->columns[1] = column_default(arena, types[1], 30);
        check(insert_chunk_encode(chunk, &bytes));
        struct slice rest = buffer_all(&bytes);
        check(insert_chunk_decode(arena, &rest, types, 2, &back));
        assert_int_equal(rest.length, 0);
        assert_same(chunk->columns[0], back->columns[0]);
        assert_same(chunk->columns[1], back->columns[1]);
        for (size_t at = 0; at < bytes.length; at++) {
            struct arena *work = arena_create(NULL);
            bytes.data[at] = (char)(bytes.data[at] ^ 0x81);
            rest = buffer_all(&bytes);
            err_free(insert_chunk_decode(work, &rest, types, 2, &back));
            rest = slice_of(bytes.data, at);
            struct err *err = insert_chunk_decode(work, &rest, types, 2, &back);
            assert_non_null(err);
            err_free(err);
            bytes.data[at] = (char)(bytes.data[at] ^ 0x81);
            arena_destroy(work);
        }
        buffer_deinit(&bytes);
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_bytes_keep_every_bit),   cmocka_unit_test(builders_take_them),
        cmocka_unit_test(too_many_elements_are_refused), cmocka_unit_test(blocks_keep_every_bit),
        cmocka_unit_test(parts_are_those_of_the_whole),  cmocka_unit_test(damaged_blocks_are_errors),
        cmocka_unit_test(the_insert_log_keeps_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
