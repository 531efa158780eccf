/*
 * aggregate_bitmap.c: groupBitmap(x), and groupBitmapAnd, groupBitmapOr, groupBitmapXor of its states: how many numbers
 * a bitmap has; with -State the bitmap.
 *
 * state    a bitmap of the states' arena (query/bitmap.h), and whether a row came: of no bitmaps AND is empty, not all
 * thread   a state belongs to one thread at a time
 */
#include "query/aggregate_state.h"
#include "query/aggregates.h"
#include "query/bitmap.h"

struct bitmap_state {
    struct bitmap *bitmap; /* NULL: empty */
    uint64_t rows;
};

#define BUILD 16 /* groupBitmap; the others: enum bitmap_operation */

static uint32_t value_width(const struct aggregate *aggregate)
{
    const struct type *type = aggregate->argument_types[0];
    return type_is_state(type) ? type->function->arguments[0]->width : type->width;
}

static struct err *bitmap_for(struct bitmap_state *state, struct arena *arena)
{
    if (state->bitmap == NULL) {
        state->bitmap = bitmap_new(arena);
    }
    return state->bitmap == NULL ? arena_error(arena) : NULL;
}

/* Before the bitmap is looked at. */
static struct err *settle(const struct bitmap_state *state)
{
    return state->bitmap == NULL ? NULL : bitmap_settle(state->bitmap);
}

static struct err *numbers_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_UINT64);
    uint32_t width = value_width(aggregate);
    uint64_t mask = width == 8 ? UINT64_MAX : ((uint64_t)1 << width * 8) - 1;
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    EACH_ROW(struct bitmap_state, {
        OR_DONE(bitmap_for(state, arena));
        OR_DONE(bitmap_add(state->bitmap, VALUE_AT(numbers, uint64_t, i) & mask));
        state->rows++;
    })
done:
    return err;
}

/* other: of any arena; what is kept is copied. */
static struct err *combine(const struct aggregate *aggregate, struct arena *arena, struct bitmap_state *state,
                           const struct bitmap *other)
{
    struct err *err = NULL;
    intptr_t operation = (intptr_t)aggregate->data;
    bool first = state->rows++ == 0;
    OR_DONE(settle(state));
    if (first || operation == BUILD) {
        operation = BITMAP_OR;
    }
    if (other == NULL && (first || operation != BITMAP_AND)) {
        return NULL;
    }
    OR_DONE(bitmap_for(state, arena));
    if (other == NULL) {
        other = bitmap_new(arena);
        if (other == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(bitmap_apply(state->bitmap, other, (enum bitmap_operation)operation));
done:
    return err;
}

static struct err *bitmaps_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t width = value_width(aggregate);
    struct arena *beside = arena_beside(scratch); /* bitmaps of a row are freed with the row */
    if (beside == NULL) {
        return err_oom();
    }
    EACH_ROW(struct bitmap_state, {
        struct slice bytes = VALUE_AT(arguments[0], struct slice, i);
        struct state_reader reader = {.at = bytes.data, .end = bytes.data + bytes.length};
        struct bitmap *bitmap = bitmap_new(beside);
        if (bitmap == NULL) {
            err = arena_error(beside);
            goto done;
        }
        if (bytes.length > 0) {
            OR_DONE(bitmap_read(bitmap, width, &reader));
            OR_DONE(aggregate_read_end(&reader));
        }
        OR_DONE(combine(aggregate, arena, state, bitmap));
        arena_reset(beside);
    })
done:
    arena_destroy(beside);
    return err;
}

static struct err *bitmap_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct bitmap_state *b = from;
    if (b->rows > 0) {
        OR_DONE(settle(b));
        OR_DONE(combine(aggregate, arena, into, b->bitmap));
    }
done:
    return err;
}

static struct err *bitmap_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        const struct bitmap_state *state = (const void *)(states + (size_t)i * stride);
        OR_DONE(settle(state));
        uint64_t numbers = state->bitmap == NULL ? 0 : bitmap_count(state->bitmap);
        memcpy((char *)out->values + (size_t)i * out->type->width, &numbers, out->type->width);
    }
done:
    return err;
}

static struct err *put_bitmap(const struct bitmap_state *state, uint32_t width, struct state_writer *writer)
{
    struct err *err = NULL;
    static const char empty[2];
    if (state->bitmap == NULL) {
        state_put(writer, empty, sizeof(empty));
        return NULL;
    }
    OR_DONE(bitmap_settle(state->bitmap));
    bitmap_write(state->bitmap, width, writer);
done:
    return err;
}

/* Of groupBitmapAnd, Or and Xor: did a row come? Then the bitmap. */
static struct err *bitmap_state_write(WRITE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct bitmap_state *held = state;
    if ((intptr_t)aggregate->data != BUILD) {
        state_put_byte(writer, held->rows > 0);
    }
    OR_DONE(put_bitmap(held, value_width(aggregate), writer));
    OR_DONE(state_writer_error(writer));
done:
    return err;
}

static struct err *bitmap_state_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    uint8_t any = 1;
    struct arena *beside = arena_beside(scratch);
    struct bitmap *bitmap = beside == NULL ? NULL : bitmap_new(beside);
    if (bitmap == NULL) {
        err = beside == NULL ? err_oom() : arena_error(beside);
        goto done;
    }
    if ((intptr_t)aggregate->data != BUILD) {
        OR_DONE(state_take_byte(reader, 1, &any));
    }
    OR_DONE(bitmap_read(bitmap, value_width(aggregate), reader));
    if (any != 0) {
        OR_DONE(combine(aggregate, arena, into, bitmap));
    }
done:
    arena_destroy(beside);
    return err;
}

/* With -State the result is a state of groupBitmap: the bitmap alone. */
struct err *aggregate_bitmap_bytes(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct aggregate *bare = aggregate_bare(aggregate->nested);
    struct slice *bytes = out->values;
    struct state_writer writer = {.arena = arena};
    for (uint32_t i = 0; i < count; i++) {
        size_t begin = writer.length;
        const struct bitmap_state *state = (const void *)(states + (size_t)i * stride);
        OR_DONE(put_bitmap(state, value_width(bare), &writer));
        bytes[i].length = writer.length - begin;
    }
    const char *at = writer.data;
    for (uint32_t i = 0; i < count; i++) {
        bytes[i].data = at;
        at += bytes[i].length;
    }
    OR_DONE(state_writer_error(&writer));
done:
    return err;
}

static struct err *bitmap_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    const struct type *type = bind->types[0];
    const struct type_function *function = type->function;
    bool is_bitmap = type_is_state(type) && slice_equal(function->name, slice_text("groupBitmap")) &&
                     function->argument_count == 1 && !function->arguments[0]->nullable;
    bool is_number = type_is_integer(type) && type->width <= 8;
    if (bind->tag == BUILD ? !is_number : !is_bitmap) {
        return aggregate_argument_error(bind, 0,
                                        bind->tag == BUILD ? "an integer of 64 bits at most is needed"
                                                           : "a state of groupBitmap is needed");
    }
    out->type = is_bitmap ? function->arguments[0] : type; /* as narrow as the numbers: it wraps, as in ClickHouse */
    out->state_bytes = STATE_BYTES(struct bitmap_state);
    out->data = (const void *)(intptr_t)bind->tag;
    out->add = bind->tag == BUILD ? numbers_add : bitmaps_add;
    out->merge = bitmap_merge;
    out->finish = bitmap_finish;
    out->write_state = bitmap_state_write;
    out->read_state = bitmap_state_read;
    return NULL;
}

static const struct aggregate_definition definitions[] = {
    {"groupBitmap", false, 1, 1, 0, bitmap_resolve, BUILD},
    {"groupBitmapAnd", false, 1, 1, 0, bitmap_resolve, BITMAP_AND},
    {"groupBitmapOr", false, 1, 1, 0, bitmap_resolve, BITMAP_OR},
    {"groupBitmapXor", false, 1, 1, 0, bitmap_resolve, BITMAP_XOR},
};
const struct aggregate_group aggregates_bitmap = GROUP_WITHOUT_ALIASES(definitions);
