/*
 * index_build.c: makes the blocks of a segment's indexes while its granules are written (storage/index.h).
 *
 * flow     storage/segment_writer.c → here
 * memory   of each index the distinct hashes of the granules of one block, INDEX_HASHES_MAX at most, and the places of
 *          its blocks
 */
#include "storage/index.h"

#include "base/checksum.h"
#include "base/pages.h"
#include "storage/index_bitmap.h"

#include <stdlib.h>

#define FILTER_BLOCK     32U
#define RULE_BITS_MIN    4U
#define RULE_BITS_MAX    12U
#define RULE_READS_PART  3U /* a lookup reads less than a third of the column's block */
#define RULE_SAMPLE_ROWS 64U
#define RULE_ENTRIES_MAX 1024U /* of a dictionary with bitmaps */
#define RULE_REST_MAX    15U   /* granules that are passed over, once filters did not pay again and again */

#define SET_PENDING 16U

/* Distinct hashes; open addressing, 0 is an empty place. */
struct hash_set {
    uint64_t *places;
    size_t bytes; /* of the pages */
    uint32_t mask;
    uint32_t count;
    uint32_t pending_count;
    uint64_t pending[SET_PENDING]; /* their places are on the way from memory */
    bool has_zero;
    bool failed; /* memory is out */
    bool over;   /* more than INDEX_HASHES_MAX */
};

struct index_work {
    struct index_wish wish;
    bool by_rule;
    uint32_t misses; /* by_rule: granules one after another whose filter did not pay, */
    uint32_t rest;   /* and how many more are not looked at */
    struct hash_set set;
    uint32_t granules;    /* in the set */
    uint64_t block_bytes; /* of the column, of these */
    struct buffer codes;  /* BITMAP: of their rows; */
    uint32_t entries;     /* of the dictionary; 0: they are not coded */
    struct buffer places; /* footer entries */
    bool any;             /* some block was written */
};

struct index_builder {
    struct index_work *works;
    uint32_t work_count, work_room;
    uint8_t *allowed;    /* per column: filters, */
    uint8_t *may_bitmap; /* bitmaps */
    uint32_t column_count;
    bool first; /* granule: the rule has not looked yet */
};

/* ---- hashes */

static bool set_room(struct hash_set *set, uint32_t size)
{
    size_t bytes;
    uint64_t *places = pages_alloc((size_t)size * sizeof(*places), &bytes);
    if (places == NULL) {
        return false;
    }
    memset(places, 0, (size_t)size * sizeof(*places));
    for (uint32_t k = 0; set->places != NULL && k <= set->mask; k++) {
        uint64_t hash = set->places[k];
        uint32_t at = (uint32_t)(hash >> 32) & (size - 1);
        while (hash != 0 && places[at] != 0) {
            at = (at + 1) & (size - 1);
        }
        if (hash != 0) {
            places[at] = hash;
        }
    }
    pages_free(set->places, set->bytes);
    set->places = places;
    set->bytes = bytes;
    set->mask = size - 1;
    return true;
}

static bool set_put(struct hash_set *set, uint64_t hash)
{
    if (hash == 0) {
        set->has_zero = true;
        return true;
    }
    uint32_t at = (uint32_t)(hash >> 32) & set->mask;
    while (set->places[at] != 0) {
        if (set->places[at] == hash) {
            return true;
        }
        at = (at + 1) & set->mask;
    }
    set->places[at] = hash;
    set->count++;
    if (set->count > INDEX_HASHES_MAX) {
        set->over = true;
        return false;
    }
    if (set->count * 2 > set->mask && !set_room(set, (set->mask + 1) * 2)) {
        set->failed = true;
        return false;
    }
    return true;
}

static bool set_flush(struct hash_set *set)
{
    bool good = true;
    for (uint32_t k = 0; k < set->pending_count && good; k++) {
        good = set_put(set, set->pending[k]);
    }
    set->pending_count = 0;
    return good;
}

static bool set_add(void *user, uint64_t hash)
{
    struct hash_set *set = user;
    __builtin_prefetch(&set->places[(uint32_t)(hash >> 32) & set->mask], 1);
    set->pending[set->pending_count++] = hash;
    return set->pending_count < SET_PENDING || set_flush(set);
}

static void set_clear(struct hash_set *set)
{
    if (set->places != NULL) {
        memset(set->places, 0, ((size_t)set->mask + 1) * sizeof(*set->places));
    }
    set->count = set->pending_count = 0;
    set->has_zero = set->over = false;
}

/* ---- the builder */

static struct index_work *add_work(struct index_builder *builder, const struct index_wish *wish)
{
    if (builder->work_count == builder->work_room) {
        uint32_t room = builder->work_room == 0 ? 8 : builder->work_room * 2;
        struct index_work *works = realloc(builder->works, room * sizeof(*works));
        if (works == NULL) {
            return NULL;
        }
        builder->works = works;
        builder->work_room = room;
    }
    struct index_work *work = &builder->works[builder->work_count++];
    *work = (struct index_work){.wish = *wish};
    return work;
}

struct index_builder *index_builder_create(const struct index_wish *wishes, uint32_t wish_count, uint32_t column_count)
{
    struct index_builder *builder = calloc(1, sizeof(*builder));
    if (builder == NULL) {
        return NULL;
    }
    builder->allowed = calloc(column_count + 1U, 1);
    builder->may_bitmap = calloc(column_count + 1U, 1);
    if (builder->allowed == NULL || builder->may_bitmap == NULL) {
        index_builder_destroy(builder);
        return NULL;
    }
    builder->column_count = column_count;
    builder->first = true;
    for (uint32_t k = 0; k < wish_count; k++) {
        if (add_work(builder, &wishes[k]) == NULL) {
            index_builder_destroy(builder);
            return NULL;
        }
    }
    return builder;
}

void index_builder_destroy(struct index_builder *builder)
{
    if (builder != NULL) {
        for (uint32_t k = 0; k < builder->work_count; k++) {
            pages_free(builder->works[k].set.places, builder->works[k].set.bytes);
            buffer_deinit(&builder->works[k].places);
            buffer_deinit(&builder->works[k].codes);
        }
        free(builder->works);
        free(builder->allowed);
        free(builder->may_bitmap);
        free(builder);
    }
}

void index_builder_allow(struct index_builder *builder, uint32_t column, const struct type *type)
{
    enum index_input input = type->kind == TYPE_ARRAY ? INDEX_ELEMENTS : INDEX_PLAIN;
    const struct type *value = index_input_type(type, input);
    bool whole = type_is_integer(value) && value->width >= 4;
    bool other =
        value->kind == TYPE_UUID || value->kind == TYPE_IPV4 || value->kind == TYPE_IPV6 || type_is_string(value);
    builder->may_bitmap[column] = index_takes(type, INDEX_BITMAP, INDEX_PLAIN);
    builder->allowed[column] = (whole || other) && index_takes(type, INDEX_VALUES, input);
}

/* Adds what the rule says of a column's first rows. */
static struct err *apply_rule(struct index_builder *builder, const struct column *column, uint32_t index)
{
    struct index_wish wish = {.shape = {.kind = INDEX_VALUES, .column = index, .group = 1}};
    wish.shape.input = column->type->kind == TYPE_ARRAY ? INDEX_ELEMENTS : INDEX_PLAIN;
    for (uint32_t k = 0; k < builder->work_count; k++) {
        if (builder->works[k].wish.shape.column == index && builder->works[k].wish.shape.input == wish.shape.input) {
            return NULL; /* there is one already */
        }
    }
    if (column->type->kind == TYPE_STRING) {
        uint32_t rows = column->row_count < RULE_SAMPLE_ROWS ? column->row_count : RULE_SAMPLE_ROWS, count = 0;
        for (uint32_t row = 0; row < rows; row++) {
            count += index_word_count(*(const struct slice *)column_value(column, row));
        }
        wish.shape.kind = count >= 2 * rows ? INDEX_WORDS : INDEX_VALUES;
    }
    struct index_work *work = add_work(builder, &wish);
    if (work == NULL) {
        return err_oom();
    }
    work->by_rule = true;
    return NULL;
}

static struct err *add_bitmap(struct index_builder *builder, uint32_t column)
{
    const struct index_wish wish = {.shape = {.kind = INDEX_BITMAP, .column = column, .group = BITMAP_GROUP_MAX}};
    for (uint32_t k = 0; k < builder->work_count; k++) {
        if (builder->works[k].wish.shape.column == column && builder->works[k].wish.shape.kind == INDEX_BITMAP) {
            return NULL; /* there is one already */
        }
    }
    struct index_work *work = add_work(builder, &wish);
    if (work == NULL) {
        return err_oom();
    }
    work->by_rule = true;
    return NULL;
}

/* ---- blocks */

static uint32_t filter_bytes(uint64_t hashes, uint32_t bits)
{
    uint64_t bytes = (hashes * bits + 8 * FILTER_BLOCK - 1) / (8 * FILTER_BLOCK) * FILTER_BLOCK;
    return (uint32_t)bytes;
}

/* 0: it does not pay. */
static uint32_t bytes_by_rule(uint64_t hashes, uint64_t block_bytes)
{
    double least = (double)block_bytes / RULE_READS_PART;
    uint32_t best = 0;
    for (uint32_t bits = RULE_BITS_MIN; bits <= RULE_BITS_MAX; bits++) {
        uint32_t bytes = filter_bytes(hashes, bits);
        double reads = bytes + index_false_rate(bits) * (double)block_bytes;
        if (reads < least) {
            least = reads;
            best = bytes;
        }
    }
    return best;
}

/* As bytes_by_rule, and what it says of the next granules. */
static uint32_t rule_bytes(struct index_work *work, uint64_t hashes)
{
    uint32_t bytes = bytes_by_rule(hashes, work->block_bytes);
    work->misses = bytes > 0 ? 0 : work->misses + 1;
    work->rest = bytes > 0 ? 0 : work->misses < 4 ? (1U << work->misses) - 1 : RULE_REST_MAX;
    return bytes;
}

static int compare_hashes(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void put_set(const struct hash_set *set, struct buffer *out)
{
    uint64_t zero = 0;
    if (set->has_zero) {
        buffer_append(out, &zero, 8);
    }
    size_t first = out->length;
    for (uint32_t k = 0; k <= set->mask; k++) {
        if (set->places[k] != 0) {
            buffer_append(out, &set->places[k], 8);
        }
    }
    if (!out->failed && out->length > first) {
        uint64_t *sorted = malloc(out->length - first);
        if (sorted == NULL) {
            out->failed = true;
            return;
        }
        memcpy(sorted, out->data + first, out->length - first);
        qsort(sorted, (out->length - first) / 8, 8, compare_hashes);
        memcpy(out->data + first, sorted, out->length - first);
        free(sorted);
    }
}

static void put_filter(const struct hash_set *set, uint32_t bytes, struct buffer *out)
{
    if (!buffer_reserve(out, bytes)) {
        out->failed = true;
        return;
    }
    char *filter = out->data + out->length;
    memset(filter, 0, bytes);
    out->length += bytes;
    uint64_t hashes[128] = {0}; /* those that there are, close together: which places are free is chance */
    uint32_t count = set->has_zero;
    for (uint64_t k = 0; k <= set->mask; k++) {
        hashes[count] = set->places[k];
        count += set->places[k] != 0;
        if (count == sizeof(hashes) / sizeof(hashes[0])) {
            index_filter_add(filter, bytes, hashes, count);
            count = 0;
        }
    }
    index_filter_add(filter, bytes, hashes, count);
}

/* The rule's are left out where they are larger than the column. */
static struct err *emit_bitmap(struct index_work *work, struct buffer *out)
{
    size_t begin = out->length;
    struct err *err = NULL;
    if (work->entries > 0 && work->entries <= BITMAP_ENTRIES_MAX && work->codes.length > 0) {
        err = index_bitmap_put((const uint32_t *)(const void *)work->codes.data, (uint32_t)(work->codes.length / 4),
                               work->entries, out);
    }
    if (work->by_rule && out->length - begin > work->block_bytes) {
        out->length = begin;
    }
    work->codes.length = 0;
    return err;
}

static struct err *add_codes(struct index_work *work, const struct column *column)
{
    if (column->form == COLUMN_DICT) {
        work->entries = column->dictionary->row_count;
        buffer_append(&work->codes, column->codes, (size_t)column->row_count * 4);
    } else {
        work->entries = 0; /* so are all granules */
    }
    return work->codes.failed ? err_oom() : NULL;
}

static struct err *emit(struct index_work *work, struct buffer *out, uint64_t out_offset)
{
    const struct index_wish *wish = &work->wish;
    uint64_t hashes = work->set.count + (uint64_t)work->set.has_zero;
    size_t begin = out->length;
    uint64_t offset = out_offset + begin, hash = 0;
    uint32_t bytes = 0;
    if (wish->shape.kind == INDEX_BITMAP) {
        struct err *err = emit_bitmap(work, out);
        if (err != NULL) {
            return err;
        }
    } else if (!work->set.over && hashes > 0) {
        if (wish->shape.kind == INDEX_SET) {
            if (hashes <= wish->shape.parameter) {
                put_set(&work->set, out);
            }
        } else {
            bytes = work->by_rule      ? rule_bytes(work, hashes)
                    : wish->bytes != 0 ? filter_bytes(wish->bytes, 8)
                                       : filter_bytes(hashes, wish->bits);
            if (bytes > 0) {
                put_filter(&work->set, bytes, out);
            }
        }
    }
    if (out->failed) {
        return err_oom();
    }
    bytes = (uint32_t)(out->length - begin);
    if (bytes > 0) {
        hash = checksum(out->data + begin, bytes);
        work->any = true;
    } else {
        offset = 0;
    }
    buffer_append(&work->places, &offset, 8);
    buffer_append(&work->places, &bytes, 4);
    buffer_append(&work->places, &hash, 8);
    set_clear(&work->set);
    work->granules = 0;
    work->block_bytes = 0;
    return work->places.failed ? err_oom() : NULL;
}

/* The hashes of a granule into the set. */
static struct err *add_hashes(struct index_work *work, struct arena *arena, const struct column *column)
{
    const struct index_shape *shape = &work->wish.shape;
    if (work->set.places == NULL && !set_room(&work->set, 2 * CHUNK_ROWS_MAX)) {
        return err_oom();
    }
    bool whole = work->set.over || (index_hashes(arena, shape, column, set_add, &work->set) && set_flush(&work->set));
    return whole || work->set.over ? NULL : err_oom();
}

/* Of ids with dashes the words are so many that a filter of them does not pay, while one of whole values does. */
static bool words_are_too_many(const struct index_work *work)
{
    return work->by_rule && !work->any && work->wish.shape.kind == INDEX_WORDS && !work->set.over &&
           bytes_by_rule(work->set.count, work->block_bytes) == 0;
}

struct err *index_builder_granule(struct index_builder *builder, const struct chunk *chunk, const uint32_t *block_bytes,
                                  struct buffer *out, uint64_t out_offset)
{
    struct err *err = NULL;
    struct arena *work_arena = arena_create(NULL);
    if (work_arena == NULL) {
        return err_oom();
    }
    for (uint32_t c = 0; builder->first && c < builder->column_count; c++) {
        if (builder->may_bitmap[c] && chunk->columns[c]->form == COLUMN_DICT &&
            chunk->columns[c]->dictionary->row_count <= RULE_ENTRIES_MAX) {
            OR_DONE(add_bitmap(builder, c));
        }
        if (builder->allowed[c] && chunk->columns[c]->form == COLUMN_FLAT) {
            OR_DONE(apply_rule(builder, chunk->columns[c], c));
        }
    }
    builder->first = false;
    for (uint32_t k = 0; k < builder->work_count; k++) {
        struct index_work *work = &builder->works[k];
        const struct index_shape *shape = &work->wish.shape;
        const struct column *column = chunk->columns[shape->column];
        work->block_bytes += block_bytes[shape->column];
        if (shape->kind == INDEX_BITMAP) {
            OR_DONE(add_codes(work, column));
        } else if (work->rest > 0) {
            work->rest--;
        } else {
            OR_DONE(add_hashes(work, work_arena, column));
            if (words_are_too_many(work)) {
                work->wish.shape.kind = INDEX_VALUES;
                set_clear(&work->set);
                OR_DONE(add_hashes(work, work_arena, column));
            }
        }
        if (++work->granules == shape->group) {
            OR_DONE(emit(work, out, out_offset));
        }
        arena_reset(work_arena);
    }
done:
    arena_destroy(work_arena);
    return err;
}

struct err *index_builder_end(struct index_builder *builder, struct buffer *out, uint64_t out_offset)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < builder->work_count; k++) {
        if (builder->works[k].granules > 0) {
            OR_DONE(emit(&builder->works[k], out, out_offset));
        }
    }
done:
    return err;
}

void index_builder_footer(const struct index_builder *builder, struct buffer *footer)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < builder->work_count; k++) {
        count += builder->works[k].any;
    }
    buffer_append(footer, &count, 4);
    for (uint32_t k = 0; k < builder->work_count; k++) {
        const struct index_work *work = &builder->works[k];
        const struct index_shape *shape = &work->wish.shape;
        uint8_t kinds[2] = {(uint8_t)shape->kind, (uint8_t)shape->input};
        if (work->any) {
            buffer_append(footer, kinds, 2);
            buffer_append(footer, &shape->column, 4);
            buffer_append(footer, &shape->parameter, 4);
            buffer_append(footer, &shape->group, 4);
            buffer_append(footer, work->places.data, work->places.length);
        }
    }
}
