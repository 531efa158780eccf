/*
 * lexicon_data.c: the rows of a dictionary and how their keys are found.
 *
 * simple   keys of one UInt64: open addressing over the keys themselves; rows of equal keys (RANGE) are chained in the
 *          order of their ranges
 * complex  keys as bytes, one value behind another, hashed; compared byte by byte
 */
#include "query/lexicon.h"

#include "query/functions/functions.h"

#include <stdlib.h>
#include <xxhash.h>

#define ROWS_MAX (UINT32_MAX / 4)

struct lexicon_lookup {
    uint32_t *slots; /* row + 1; 0: empty */
    uint64_t mask;
    const uint64_t *words;     /* simple: the key of each row */
    const struct slice *texts; /* complex: likewise */
    uint32_t *next;            /* RANGE: the row + 1 of the same key behind this one, or 0 */
    const int64_t *low, *high; /* RANGE */
};

struct lexicon_builder {
    const struct lexicon_shape *shape;
    struct arena *arena; /* of the chunks as they came */
    struct budget *budget;
    uint32_t column_count;
    struct column ***parts; /* of each column */
    uint32_t part_count, part_capacity;
    uint64_t row_count;
};

uint32_t lexicon_column_count(const struct lexicon_shape *shape)
{
    return shape->key_count + (shape->layout == LEXICON_RANGE ? 2 : 0) + shape->attribute_count;
}

struct source_column lexicon_column(const struct lexicon_shape *shape, uint32_t index)
{
    uint32_t ranges = shape->layout == LEXICON_RANGE ? 2 : 0;

    if (index < shape->key_count) {
        return shape->keys[index];
    }
    index -= shape->key_count;
    if (index < ranges) {
        return shape->range[index];
    }
    const struct lexicon_attribute *attribute = &shape->attributes[index - ranges];
    return (struct source_column){attribute->name, attribute->type};
}

uint32_t lexicon_attribute_find(const struct lexicon_shape *shape, struct slice name)
{
    for (uint32_t i = 0; i < shape->attribute_count; i++) {
        if (slice_equal(shape->attributes[i].name, name)) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* ---- building */

struct err *lexicon_builder_create(const struct lexicon_shape *shape, struct budget *budget,
                                   struct lexicon_builder **out)
{
    struct arena *arena = arena_create(budget);
    struct lexicon_builder *builder = arena == NULL ? NULL : ARENA_NEW(arena, struct lexicon_builder);

    if (builder == NULL) {
        struct err *err = arena == NULL ? err_oom() : arena_error(arena);
        arena_destroy(arena);
        return err;
    }
    builder->shape = shape;
    builder->arena = arena;
    builder->budget = budget;
    builder->column_count = lexicon_column_count(shape);
    builder->parts = arena_zalloc(arena, (builder->column_count + 1U) * sizeof(*builder->parts));
    if (builder->parts == NULL) {
        struct err *err = arena_error(arena);
        arena_destroy(arena);
        return err;
    }
    *out = builder;
    return NULL;
}

void lexicon_builder_destroy(struct lexicon_builder *builder)
{
    if (builder != NULL) {
        arena_destroy(builder->arena);
    }
}

static struct err *grow(struct lexicon_builder *builder)
{
    uint32_t capacity = builder->part_capacity == 0 ? 16 : builder->part_capacity * 2;
    for (uint32_t c = 0; c < builder->column_count; c++) {
        struct column **parts = ARENA_ARRAY(builder->arena, struct column *, capacity);
        if (parts == NULL) {
            return arena_error(builder->arena);
        }
        if (builder->part_count > 0) {
            memcpy(parts, builder->parts[c], builder->part_count * sizeof(struct column *));
        }
        builder->parts[c] = parts;
    }
    builder->part_capacity = capacity;
    return NULL;
}

struct err *lexicon_builder_add(struct lexicon_builder *builder, const struct function_context *context,
                                const struct chunk *chunk)
{
    struct err *err = NULL;
    struct arena *scratch = arena_beside(builder->arena);

    if (scratch == NULL) {
        return err_oom();
    }
    if (chunk->column_count != builder->column_count || builder->row_count + chunk->row_count >= ROWS_MAX) {
        err = err_new(ERR_BAD_ARGUMENTS, "the source of the dictionary %.*s.%.*s gives %u columns, %u are needed",
                      SLICE_ARG(builder->shape->database), SLICE_ARG(builder->shape->name), chunk->column_count,
                      builder->column_count);
        goto done;
    }
    if (builder->part_count == builder->part_capacity) {
        OR_DONE(grow(builder));
    }
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        struct source_column wanted = lexicon_column(builder->shape, c);
        struct column *cast = NULL;
        OR_DONE(err_while(function_cast(scratch, context, chunk->columns[c], wanted.type, &cast), "column %.*s",
                          SLICE_ARG(wanted.name)));
        const struct column *flat = column_flat(scratch, cast);
        struct column *copy = flat == NULL ? NULL : column_copy(builder->arena, flat);
        if (copy == NULL) {
            err = flat == NULL ? arena_error(scratch) : arena_error(builder->arena);
            goto done;
        }
        column_own_types(copy, wanted.type);
        builder->parts[c][builder->part_count] = copy;
    }
    builder->part_count++;
    builder->row_count += chunk->row_count;
done:
    arena_destroy(scratch);
    return err;
}

/* One column of all parts and the fallback's row behind them, in the data's arena. */
static struct err *join_parts(struct lexicon_builder *builder, struct arena *arena, uint32_t c, struct column **out)
{
    const struct lexicon_shape *shape = builder->shape;
    uint32_t first = lexicon_column_count(shape) - shape->attribute_count;
    const struct type *type = lexicon_column(shape, c).type;
    const struct column **parts = ARENA_ARRAY(builder->arena, const struct column *, builder->part_count + 1U);
    const struct column *fallback =
        c >= first ? shape->attributes[c - first].fallback : column_default(builder->arena, type, 1);

    if (parts == NULL || fallback == NULL) {
        return arena_error(builder->arena);
    }
    for (uint32_t i = 0; i < builder->part_count; i++) {
        parts[i] = builder->parts[c][i];
    }
    parts[builder->part_count] = column_part(builder->arena, fallback, 0, 1);
    if (parts[builder->part_count] == NULL) {
        return arena_error(builder->arena);
    }
    struct column *all = column_concat(builder->arena, parts, builder->part_count + 1);
    const struct column *flat = all == NULL ? NULL : column_flat(builder->arena, all);
    if (flat == NULL) {
        return arena_error(builder->arena);
    }
    *out = column_copy(arena, flat);
    if (*out == NULL) {
        return arena_error(arena);
    }
    column_own_types(*out, type); /* the shape outlives the data */
    return NULL;
}

/* ---- keys */

static uint64_t word_hash(uint64_t word)
{
    word ^= word >> 32;
    word *= 0x9e3779b97f4a7c15U;
    return word ^ word >> 29;
}

/* The keys of rows as bytes. */
static struct err *key_texts(struct arena *arena, const struct column *const *keys, uint32_t key_count,
                             uint32_t row_count, struct slice **out)
{
    struct slice *texts = ARENA_ARRAY(arena, struct slice, row_count + 1U);
    if (texts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row < row_count; row++) {
        size_t length = 0;
        for (uint32_t k = 0; k < key_count; k++) {
            bool text = keys[k]->type->kind == TYPE_STRING;
            bool null = column_is_null(keys[k], row);
            length += 1 + (null   ? 0
                           : text ? 4 + ((const struct slice *)column_value(keys[k], row))->length
                                  : keys[k]->type->width);
        }
        char *bytes = arena_alloc(arena, length + 1);
        if (bytes == NULL) {
            return arena_error(arena);
        }
        texts[row] = slice_of(bytes, length);
        for (uint32_t k = 0; k < key_count; k++) {
            *bytes++ = (char)column_is_null(keys[k], row);
            if (bytes[-1] != 0) {
                continue;
            }
            if (keys[k]->type->kind == TYPE_STRING) {
                const struct slice *text = column_value(keys[k], row);
                uint32_t size = (uint32_t)text->length;
                memcpy(bytes, &size, 4);
                if (size > 0) {
                    memcpy(bytes + 4, text->data, size);
                }
                bytes += 4 + size;
            } else {
                memcpy(bytes, column_value(keys[k], row), keys[k]->type->width);
                bytes += keys[k]->type->width;
            }
        }
    }
    *out = texts;
    return NULL;
}

/* The slot of a key: where it stands, or the empty one where it would. */
static uint64_t word_slot(const struct lexicon_lookup *lookup, uint64_t word)
{
    uint64_t slot = word_hash(word) & lookup->mask;
    while (lookup->slots[slot] != 0 && lookup->words[lookup->slots[slot] - 1] != word) {
        slot = (slot + 1) & lookup->mask;
    }
    return slot;
}

static uint64_t text_slot(const struct lexicon_lookup *lookup, struct slice text)
{
    uint64_t slot = XXH3_64bits(text.data, text.length) & lookup->mask;
    while (lookup->slots[slot] != 0 && !slice_equal(lookup->texts[lookup->slots[slot] - 1], text)) {
        slot = (slot + 1) & lookup->mask;
    }
    return slot;
}

/* The bounds of rows' ranges; NULL is open. */
static struct err *bounds(struct arena *arena, const struct column *column, uint32_t row_count, bool high,
                          const int64_t **out)
{
    int64_t *made = ARENA_ARRAY(arena, int64_t, row_count + 1U);
    if (made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row < row_count; row++) {
        made[row] = column_is_null(column, row) ? (high ? INT64_MAX : INT64_MIN) : column_int(column, row);
    }
    *out = made;
    return NULL;
}

struct range_order {
    const uint64_t *words;
    const int64_t *low, *high;
};

static int by_range(const void *a, const void *b, void *user)
{
    const struct range_order *order = user;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (order->words[x] != order->words[y]) {
        return order->words[x] < order->words[y] ? -1 : 1;
    }
    if (order->low[x] != order->low[y]) {
        return order->low[x] < order->low[y] ? -1 : 1;
    }
    if (order->high[x] != order->high[y]) {
        return order->high[x] < order->high[y] ? -1 : 1;
    }
    return (x > y) - (x < y);
}

static struct err *index_ranges(struct lexicon_data *data, const struct lexicon_shape *shape, struct arena *scratch)
{
    struct err *err = NULL;
    struct lexicon_lookup *lookup = data->lookup;
    uint32_t *order = ARENA_ARRAY(scratch, uint32_t, data->row_count + 1U);

    lookup->next = arena_zalloc(data->arena, (data->row_count + 1ULL) * sizeof(uint32_t));
    if (order == NULL || lookup->next == NULL) {
        return order == NULL ? arena_error(scratch) : arena_error(data->arena);
    }
    OR_DONE(bounds(data->arena, data->columns[shape->key_count], data->row_count, false, &lookup->low));
    OR_DONE(bounds(data->arena, data->columns[shape->key_count + 1], data->row_count, true, &lookup->high));
    for (uint32_t row = 0; row < data->row_count; row++) {
        OR_DONE(interrupt_at(row));
        order[row] = row;
    }
    struct range_order user = {lookup->words, lookup->low, lookup->high};
    OR_DONE(order_elements(scratch, order, data->row_count, sizeof(*order), by_range, &user));
    for (uint32_t i = 0; i < data->row_count; i++) {
        OR_DONE(interrupt_at(i));
        if (i > 0 && lookup->words[order[i]] == lookup->words[order[i - 1]]) {
            lookup->next[order[i - 1]] = order[i] + 1;
        } else {
            lookup->slots[word_slot(lookup, lookup->words[order[i]])] = order[i] + 1;
        }
    }
done:
    return err;
}

static struct err *index_rows(struct lexicon_data *data, const struct lexicon_shape *shape, struct arena *scratch)
{
    struct err *err = NULL;
    struct lexicon_lookup *lookup = ARENA_NEW(data->arena, struct lexicon_lookup);
    uint64_t slots = 16;

    while (slots < (uint64_t)data->row_count * 2) {
        slots *= 2;
    }
    if (lookup == NULL) {
        return arena_error(data->arena);
    }
    data->lookup = lookup;
    lookup->mask = slots - 1;
    lookup->slots = arena_zalloc(data->arena, slots * sizeof(uint32_t));
    if (lookup->slots == NULL) {
        return arena_error(data->arena);
    }
    if (shape->layout == LEXICON_COMPLEX) {
        struct slice *texts = NULL;
        OR_DONE(key_texts(data->arena, (const struct column *const *)data->columns, shape->key_count, data->row_count,
                          &texts));
        lookup->texts = texts;
        for (uint32_t row = 0; row < data->row_count; row++) {
            OR_DONE(interrupt_at(row));
            uint64_t slot = text_slot(lookup, texts[row]);
            lookup->slots[slot] = lookup->slots[slot] == 0 ? row + 1 : lookup->slots[slot];
        }
        goto done;
    }
    lookup->words = data->columns[0]->values;
    if (shape->layout == LEXICON_RANGE) {
        err = index_ranges(data, shape, scratch);
        goto done;
    }
    for (uint32_t row = 0; row < data->row_count; row++) {
        OR_DONE(interrupt_at(row));
        if (shape->layout == LEXICON_FLAT && lookup->words[row] >= LEXICON_FLAT_MAX) {
            err = err_new(ERR_SIZE_OUT_OF_BOUND, "%.*s.%.*s: identifier should be less than %u",
                          SLICE_ARG(shape->database), SLICE_ARG(shape->name), LEXICON_FLAT_MAX);
            goto done;
        }
        uint64_t slot = word_slot(lookup, lookup->words[row]);
        bool replace = lookup->slots[slot] == 0 || shape->layout == LEXICON_FLAT;
        lookup->slots[slot] = replace ? row + 1 : lookup->slots[slot];
    }
done:
    return err;
}

struct err *lexicon_builder_finish(struct lexicon_builder *builder, struct lexicon_data **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(builder->budget);
    struct lexicon_data *data = arena == NULL ? NULL : ARENA_NEW(arena, struct lexicon_data);

    if (data == NULL) {
        err = arena == NULL ? err_oom() : arena_error(arena);
        goto done;
    }
    atomic_init(&data->references, 1);
    data->arena = arena;
    data->row_count = (uint32_t)builder->row_count;
    data->columns = ARENA_ARRAY(arena, struct column *, builder->column_count + 1U);
    if (data->columns == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t c = 0; c < builder->column_count; c++) {
        OR_DONE(join_parts(builder, arena, c, &data->columns[c]));
    }
    OR_DONE(index_rows(data, builder->shape, builder->arena));
    *out = data;
    arena = NULL;
done:
    arena_destroy(arena);
    return err;
}

void lexicon_data_unref(struct lexicon_data *data)
{
    if (data != NULL && atomic_fetch_sub_explicit(&data->references, 1, memory_order_acq_rel) == 1) {
        arena_destroy(data->arena);
    }
}

static void unpin(void *data)
{
    lexicon_data_unref(data);
}

struct err *lexicon_data_pin(struct lexicon_data *data, struct arena *arena)
{
    if (!arena_on_destroy(arena, unpin, data)) {
        return arena_error(arena);
    }
    atomic_fetch_add_explicit(&data->references, 1, memory_order_relaxed);
    return NULL;
}

struct err *lexicon_find(const struct lexicon_data *data, const struct lexicon_shape *shape, struct arena *scratch,
                         const struct column *const *keys, const int64_t *range, uint32_t row_count, uint32_t *rows)
{
    struct err *err = NULL;
    const struct lexicon_lookup *lookup = data->lookup;

    if (shape->layout == LEXICON_COMPLEX) {
        struct slice *texts = NULL;
        OR_DONE(key_texts(scratch, keys, shape->key_count, row_count, &texts));
        for (uint32_t i = 0; i < row_count; i++) {
            uint32_t found = lookup->slots[text_slot(lookup, texts[i])];
            rows[i] = found == 0 ? data->row_count : found - 1;
        }
        goto done;
    }
    const uint64_t *words = keys[0]->values;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t found = lookup->slots[word_slot(lookup, words[i])];
        while (range != NULL && found != 0 &&
               (range[i] < lookup->low[found - 1] || range[i] > lookup->high[found - 1])) {
            found = lookup->next[found - 1];
        }
        rows[i] = found == 0 ? data->row_count : found - 1;
    }
done:
    return err;
}
