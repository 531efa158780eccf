/*
 * index_ask.c: what a segment's indexes say of a condition, granule by granule (storage/index.h).
 *
 * flow     query/index_condition.c makes tests → storage/snapshot.c → here → blocks of indexes, through the block cache
 */
#include "storage/index_bitmap.h"
#include "storage/segment.h"

struct asked {
    const struct index_shape *shape;
    struct slice block;
};

static bool is_there(void *user, uint64_t hash)
{
    const struct asked *asked = user;
    return index_block_has(asked->shape, asked->block, hash);
}

static bool holds_value(struct asked *asked, const struct column *values, uint32_t row)
{
    if (values->type->kind != TYPE_STRING) {
        return is_there(asked, column_hash(values, row));
    }
    const struct index_part all = {*(const struct slice *)column_value(values, row), true, true, true};
    return index_part_hashes(asked->shape, &all, is_there, asked);
}

/* May a row of this granule meet the test, by this block? */
static bool may_hold(struct asked *asked, const struct index_test *test)
{
    if (test->kind == INDEX_TEST_PARTS) {
        for (uint32_t k = 0; k < test->count; k++) {
            if (!index_part_hashes(asked->shape, &test->parts[k], is_there, asked)) {
                return false;
            }
        }
        return true;
    }
    for (uint32_t row = 0; row < test->values->row_count; row++) {
        if (holds_value(asked, test->values, row)) {
            return true;
        }
    }
    return false;
}

/* No row has one of the values. */
static struct err *test_bitmap(struct segment *segment, struct arena *arena, uint32_t granule,
                               const struct index_test *test, index_place *place, void *user, bool *excludes)
{
    struct granule_bits bits;
    bool known, any = false;
    struct err *err = index_bitmap_rows(segment, arena, granule, test, place, user, &bits, &known);
    for (uint32_t k = 0; err == NULL && known && k < CHUNK_ROWS_MAX / 64; k++) {
        any = any || bits.words[k] != 0;
    }
    *excludes = err == NULL && known && !any;
    return err;
}

static bool is_left_out(const struct index_test *test, const struct index_shape *shape)
{
    for (uint32_t k = 0; k < test->without_count; k++) {
        const struct index_shape *out = &test->without[k];
        if (out->kind == shape->kind && out->input == shape->input && out->parameter == shape->parameter &&
            out->group == shape->group) {
            return true;
        }
    }
    return false;
}

static struct err *test_column(struct segment *segment, struct arena *arena, uint32_t granule,
                               const struct index_test *test, index_place *place, void *user, bool *excludes,
                               struct index_shape *by)
{
    struct err *err = NULL;
    int32_t column = place(user, test->column);
    for (uint32_t k = 0; k < segment_index_count(segment) && column >= 0 && !*excludes; k++) {
        struct asked asked = {segment_index(segment, k), {NULL, 0}};
        if (asked.shape->column != (uint32_t)column || asked.shape->input != test->input ||
            is_left_out(test, asked.shape)) {
            continue;
        }
        if (asked.shape->kind == INDEX_BITMAP) {
            OR_DONE(test_bitmap(segment, arena, granule, test, place, user, excludes));
            *by = *excludes ? *asked.shape : *by;
            continue;
        }
        OR_DONE(segment_index_block(segment, arena, k, granule, &asked.block));
        if (asked.block.length > 0 && !may_hold(&asked, test)) {
            *excludes = true;
            *by = *asked.shape;
        }
    }
done:
    return err;
}

struct err *index_test_run(struct segment *segment, struct arena *arena, uint32_t granule,
                           const struct index_test *test, index_place *place, void *user, bool *excludes,
                           struct index_shape *by)
{
    struct err *err = NULL;
    *excludes = false;
    if (segment_index_count(segment) == 0) {
        return NULL;
    }
    if (test->kind == INDEX_TEST_VALUES || test->kind == INDEX_TEST_PARTS) {
        return test_column(segment, arena, granule, test, place, user, excludes, by);
    }
    if (test->kind == INDEX_TEST_NOT) {
        return NULL;
    }
    for (uint32_t k = 0; k < test->count; k++) {
        OR_DONE(index_test_run(segment, arena, granule, test->children[k], place, user, excludes, by));
        if (*excludes == (test->kind == INDEX_TEST_AND)) {
            break;
        }
    }
done:
    return err;
}
