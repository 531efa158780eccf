/*
 * bitmap.c: functions of bitmaps, which are states of groupBitmap: bitmapBuild, bitmapToArray, bitmapCardinality,
 * bitmapContains, bitmapAnd and its kin, bitmapSubsetInRange, bitmapTransform.
 *
 * memory   the bitmaps of a row are freed with the row
 * thread   any, no shared state
 */
#include "query/aggregate_state.h"
#include "query/bitmap.h"
#include "query/functions/nested.h"

enum bitmap_tag {
    TAG_AND, /* in the order of enum bitmap_operation */
    TAG_OR,
    TAG_XOR,
    TAG_ANDNOT,
    TAG_AND_COUNT,
    TAG_OR_COUNT,
    TAG_XOR_COUNT,
    TAG_ANDNOT_COUNT,
    TAG_HAS_ANY,
    TAG_HAS_ALL,
    TAG_COUNT,
    TAG_MIN,
    TAG_MAX,
    TAG_CONTAINS,
    TAG_RANGE, /* from, to (not included) */
    TAG_LIMIT, /* from, at most so many */
    TAG_SUB,   /* but so many, at most so many */
};

struct bitmap_call {
    enum bitmap_tag tag;
    const struct type *value; /* of the bitmaps' numbers */
    /* The bitmap that a row results in, if the function results in one; made in scratch. Of the inputs, arrays are flat
     * and integers UInt64. */
    struct err *(*make)(const struct bitmap_call *call, struct arena *scratch, const struct column *const *inputs,
                        uint32_t row, struct bitmap **out);
};
#define MAKE_ARGUMENTS                                                                                                 \
    const struct bitmap_call *call, struct arena *scratch, const struct column *const *inputs, uint32_t row,           \
        struct bitmap **out

static bool is_bitmap(const struct type *type)
{
    return type_is_state(type) && slice_equal(type->function->name, slice_text("groupBitmap")) &&
           type->function->argument_count == 1 && !type->function->arguments[0]->nullable;
}

static struct err *argument_bitmap(const struct function_bind *bind, uint32_t index, const struct type **value)
{
    const struct type *type = bind->arguments[index].type;
    if (!is_bitmap(type)) {
        return argument_error(bind, index, "a bitmap, a state of groupBitmap, is needed");
    }
    *value = type->function->arguments[0];
    return NULL;
}

static struct err *bitmap_load(struct arena *scratch, const struct bitmap_call *call, const struct column *column,
                               uint32_t row, struct bitmap **out)
{
    struct err *err = NULL;
    struct slice bytes = VALUE_AT(column, struct slice, row);
    struct state_reader reader = {.at = bytes.data, .end = bytes.data + bytes.length};
    *out = bitmap_new(scratch);
    if (*out == NULL) {
        return arena_error(scratch);
    }
    if (bytes.length > 0) {
        OR_DONE(bitmap_read(*out, call->value->width, &reader));
        OR_DONE(aggregate_read_end(&reader));
    }
done:
    return err;
}

/* A number of any integer type as the 64 bits under which a bitmap has it; false: it is none of the bitmap's. */
static bool value_bits(const struct type *value, const struct column *column, uint32_t row, uint64_t *out)
{
    int64_t number = column_int(column, row);
    uint32_t bits = value->width * 8;
    bool is_signed = type_is_signed(value);
    *out = (uint64_t)number & (bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1);
    if (number < 0 && type_is_signed(column->type)) {
        return is_signed && (bits == 64 || number >= -((int64_t)1 << (bits - 1)));
    }
    return bits == 64 || (uint64_t)number < (uint64_t)1 << (bits - is_signed);
}

/* --- results that are numbers ------------------------------------------------------------------------------------ */

static uint64_t pair_number(enum bitmap_tag tag, const struct bitmap *a, const struct bitmap *b)
{
    uint64_t both = bitmap_common(a, b);
    switch (tag) {
    case TAG_AND_COUNT:
        return both;
    case TAG_OR_COUNT:
        return bitmap_count(a) + bitmap_count(b) - both;
    case TAG_XOR_COUNT:
        return bitmap_count(a) + bitmap_count(b) - 2 * both;
    case TAG_ANDNOT_COUNT:
        return bitmap_count(a) - both;
    case TAG_HAS_ANY:
        return both > 0;
    default:
        return both == bitmap_count(b);
    }
}

static struct err *evaluate_number(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct bitmap_call *call = function->data;
    struct column *made = NULL;
    struct arena *scratch = arena_beside(arena);
    if (scratch == NULL) {
        return err_oom();
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct bitmap *a = NULL;
        struct bitmap *b = NULL;
        uint64_t result = 0;
        uint64_t bits = 0;
        OR_DONE(bitmap_load(scratch, call, arguments[0], i, &a));
        if (call->tag < TAG_COUNT) {
            OR_DONE(bitmap_load(scratch, call, arguments[1], i, &b));
            result = pair_number(call->tag, a, b);
        } else if (call->tag == TAG_COUNT) {
            result = bitmap_count(a);
        } else if (call->tag == TAG_CONTAINS) {
            result = value_bits(call->value, arguments[1], i, &bits) && bitmap_holds(a, bits);
        } else {
            uint64_t bounds[2] = {UINT32_MAX, 0}; /* of nothing, as ClickHouse */
            (void)bitmap_bounds(a, &bounds[0], &bounds[1]);
            result = bounds[call->tag == TAG_MAX];
        }
        memcpy((char *)made->values + (size_t)i * made->type->width, &result, made->type->width);
        arena_reset(scratch);
    }
    *out = made;
done:
    arena_destroy(scratch);
    return err;
}

/* --- results that are bitmaps ------------------------------------------------------------------------------------ */

#define INPUTS_MAX 3U

static struct err *inputs_prepare(struct arena *arena, const struct column *const *arguments, uint32_t count,
                                  const struct column **inputs)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < count && k < INPUTS_MAX; k++) {
        const struct type *type = arguments[k]->type;
        inputs[k] = arguments[k];
        if (type->kind == TYPE_ARRAY) {
            OR_DONE(arrays_flat(arena, arguments[k], &inputs[k]));
        } else if (type_is_integer(type)) {
            inputs[k] = column_numbers(arena, arguments[k], TYPE_UINT64);
            err = inputs[k] == NULL ? arena_error(arena) : NULL;
            OR_DONE(err);
        }
    }
done:
    return err;
}

static struct err *evaluate_rows(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct bitmap_call *call = function->data;
    const struct column *inputs[INPUTS_MAX] = {NULL};
    struct column *made = NULL;
    struct state_writer writer = {.arena = arena};
    struct arena *scratch = arena_beside(arena);
    if (scratch == NULL) {
        return err_oom();
    }
    OR_DONE(inputs_prepare(arena, arguments, function->argument_count, inputs));
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    struct slice *states = made->values;
    for (uint32_t i = 0; i < row_count; i++) {
        struct bitmap *bitmap = NULL;
        size_t begin = writer.length;
        OR_DONE(call->make(call, scratch, inputs, i, &bitmap));
        OR_DONE(bitmap_settle(bitmap));
        bitmap_write(bitmap, call->value->width, &writer);
        states[i].length = writer.length - begin;
        arena_reset(scratch);
    }
    OR_DONE(state_writer_error(&writer));
    const char *at = writer.data;
    for (uint32_t i = 0; i < row_count; i++) { /* one behind the other */
        states[i].data = at;
        at += states[i].length;
    }
    *out = made;
done:
    arena_destroy(scratch);
    return err;
}

static struct err *make_pair(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    struct bitmap *other = NULL;
    OR_DONE(bitmap_load(scratch, call, inputs[0], row, out));
    OR_DONE(bitmap_load(scratch, call, inputs[1], row, &other));
    OR_DONE(bitmap_apply(*out, other, (enum bitmap_operation)call->tag));
done:
    return err;
}

/* The values that are left of a bitmap's, count of them. */
static struct err *part_of(const struct bitmap_call *call, struct bitmap *to, const uint64_t *values, uint64_t count,
                           uint64_t from, uint64_t bound)
{
    struct err *err = NULL;
    uint64_t taken = 0;
    for (uint64_t k = call->tag == TAG_SUB ? from : 0; k < count; k++) {
        bool in = call->tag == TAG_SUB || values[k] >= from;
        bool out_of = call->tag == TAG_RANGE ? values[k] >= bound : taken >= bound;
        if (out_of) {
            break;
        }
        if (in) {
            OR_DONE(bitmap_add(to, values[k]));
            taken++;
        }
    }
done:
    return err;
}

static struct err *make_part(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    struct bitmap *bitmap = NULL;
    uint64_t *values = NULL;
    *out = bitmap_new(scratch);
    if (*out == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(bitmap_load(scratch, call, inputs[0], row, &bitmap));
    OR_DONE(bitmap_values(bitmap, scratch, &values));
    OR_DONE(part_of(call, *out, values, bitmap_count(bitmap), VALUE_AT(inputs[1], uint64_t, row),
                    VALUE_AT(inputs[2], uint64_t, row)));
done:
    return err;
}

static struct err *resolve_bitmaps(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct bitmap_call *call = ARENA_NEW(bind->arena, struct bitmap_call);
    const struct type *other = NULL;
    if (call == NULL) {
        return arena_error(bind->arena);
    }
    call->tag = (enum bitmap_tag)bind->tag;
    OR_DONE(argument_bitmap(bind, 0, &call->value));
    if (call->tag <= TAG_HAS_ALL) {
        OR_DONE(argument_bitmap(bind, 1, &other));
        if (!type_equal(call->value, other)) {
            return argument_error(bind, 1, "both bitmaps must have numbers of one type");
        }
    }
    for (uint32_t i = 1; call->tag > TAG_HAS_ALL && i < bind->count; i++) {
        if (!type_is_integer(bind->arguments[i].type) || bind->arguments[i].type->width > 8) {
            return argument_error(bind, i, "an integer of 64 bits at most is needed");
        }
    }
    bool bit = call->tag == TAG_HAS_ANY || call->tag == TAG_HAS_ALL || call->tag == TAG_CONTAINS;
    bool pair = call->tag <= TAG_ANDNOT;
    bool part = call->tag >= TAG_RANGE;
    out->inner = pair || part ? bind->arguments[0].type : type_simple(bit ? TYPE_UINT8 : TYPE_UINT64);
    call->make = pair ? make_pair : part ? make_part : NULL;
    out->evaluate = call->make != NULL ? evaluate_rows : evaluate_number;
    out->data = call;
done:
    return err;
}

/* --- bitmaps and arrays ------------------------------------------------------------------------------------------ */

static struct err *make_build(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *arrays = inputs[0];
    uint64_t bits = 0;
    *out = bitmap_new(scratch);
    if (*out == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t k = arrays->offsets[row]; k < arrays->offsets[row + 1]; k++) {
        (void)value_bits(call->value, arrays->children[0], k, &bits);
        OR_DONE(bitmap_add(*out, bits));
    }
done:
    return err;
}

static struct err *resolve_build(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct bitmap_call *call = ARENA_NEW(bind->arena, struct bitmap_call);
    const struct type **arguments = ARENA_ARRAY(bind->arena, const struct type *, 1);
    OR_DONE(argument_array(bind, 0));
    if (call == NULL || arguments == NULL) {
        return arena_error(bind->arena);
    }
    call->value = bind->arguments[0].type->children[0];
    if (!type_is_integer(call->value) || call->value->width > 8 || call->value->nullable) {
        return argument_error(bind, 0, "an array of integers of 64 bits at most is needed");
    }
    arguments[0] = call->value;
    const struct type_function state = {
        .name = slice_text("groupBitmap"), .parameters = slice_text(""), .arguments = arguments, .argument_count = 1};
    out->inner = type_of_function(bind->arena, &state, NULL);
    call->make = make_build;
    out->data = call;
    out->evaluate = evaluate_rows;
    if (out->inner == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *evaluate_to_array(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct bitmap_call *call = function->data;
    struct arena *scratch = arena_beside(arena);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct state_writer cells = {.arena = arena}; /* values of the type, one behind the other */
    struct column *items = NULL;
    uint32_t width = call->value->width;
    if (scratch == NULL || offsets == NULL) {
        arena_destroy(scratch);
        return scratch == NULL ? err_oom() : arena_error(arena);
    }
    offsets[0] = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        struct bitmap *bitmap = NULL;
        uint64_t *values = NULL;
        OR_DONE(bitmap_load(scratch, call, arguments[0], i, &bitmap));
        uint64_t count = bitmap_count(bitmap);
        if (count > UINT32_MAX - offsets[i]) {
            err = err_new(ERR_MEMORY_LIMIT, "more than 2^32 elements in the arrays of one chunk");
            goto done;
        }
        OR_DONE(bitmap_values(bitmap, scratch, &values));
        for (uint64_t k = 0; k < count; k++) {
            state_put(&cells, &values[k], width);
        }
        offsets[i + 1] = offsets[i] + (uint32_t)count;
        arena_reset(scratch);
    }
    OR_DONE(state_writer_error(&cells));
    OR_DONE(result_new(arena, call->value, offsets[row_count], &items));
    if (cells.length > 0) {
        memcpy(items->values, cells.data, cells.length);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    arena_destroy(scratch);
    return err;
}

static struct err *resolve_to_array(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct bitmap_call *call = ARENA_NEW(bind->arena, struct bitmap_call);
    if (call == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_bitmap(bind, 0, &call->value));
    out->inner = type_array(bind->arena, call->value);
    out->data = call;
    out->evaluate = evaluate_to_array;
    if (out->inner == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

/* Numbers of one array become those of the other: first all of them go, then the new ones come. */
static struct err *make_transform(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *from = inputs[1], *to = inputs[2];
    uint32_t begin = from->offsets[row];
    uint32_t count = from->offsets[row + 1] - begin;
    uint32_t other = to->offsets[row];
    struct bitmap *gone = bitmap_new(scratch);
    struct bitmap *come = bitmap_new(scratch);
    uint64_t bits = 0;
    if (gone == NULL || come == NULL) {
        return arena_error(scratch);
    }
    if (to->offsets[row + 1] - other != count) {
        return err_new(ERR_BAD_ARGUMENTS, "the arrays of bitmapTransform must be of equal lengths");
    }
    OR_DONE(bitmap_load(scratch, call, inputs[0], row, out));
    for (uint32_t k = 0; k < count; k++) {
        if (value_bits(call->value, from->children[0], begin + k, &bits) && bitmap_holds(*out, bits)) {
            OR_DONE(bitmap_add(gone, bits));
            (void)value_bits(call->value, to->children[0], other + k, &bits);
            OR_DONE(bitmap_add(come, bits));
        }
    }
    OR_DONE(bitmap_settle(gone));
    OR_DONE(bitmap_settle(come));
    OR_DONE(bitmap_apply(*out, gone, BITMAP_ANDNOT));
    OR_DONE(bitmap_apply(*out, come, BITMAP_OR));
done:
    return err;
}

static struct err *resolve_transform(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct bitmap_call *call = ARENA_NEW(bind->arena, struct bitmap_call);
    if (call == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_bitmap(bind, 0, &call->value));
    for (uint32_t i = 1; i < 3; i++) {
        OR_DONE(argument_array(bind, i));
        const struct type *item = bind->arguments[i].type->children[0];
        if (!type_is_integer(item) || item->width > 8 || item->nullable) {
            return argument_error(bind, i, "an array of integers is needed");
        }
    }
    out->inner = bind->arguments[0].type;
    call->make = make_transform;
    out->data = call;
    out->evaluate = evaluate_rows;
done:
    return err;
}

#define BITMAPS(name, count, tag)                                                                                      \
    {                                                                                                                  \
        name, false, count, count, FUNCTION_CAN_FAIL, resolve_bitmaps, tag                                             \
    }
static const struct function_definition definitions[] = {
    BITMAPS("bitmapAnd", 2, TAG_AND),
    BITMAPS("bitmapOr", 2, TAG_OR),
    BITMAPS("bitmapXor", 2, TAG_XOR),
    BITMAPS("bitmapAndnot", 2, TAG_ANDNOT),
    BITMAPS("bitmapAndCardinality", 2, TAG_AND_COUNT),
    BITMAPS("bitmapOrCardinality", 2, TAG_OR_COUNT),
    BITMAPS("bitmapXorCardinality", 2, TAG_XOR_COUNT),
    BITMAPS("bitmapAndnotCardinality", 2, TAG_ANDNOT_COUNT),
    BITMAPS("bitmapHasAny", 2, TAG_HAS_ANY),
    BITMAPS("bitmapHasAll", 2, TAG_HAS_ALL),
    BITMAPS("bitmapCardinality", 1, TAG_COUNT),
    BITMAPS("bitmapMin", 1, TAG_MIN),
    BITMAPS("bitmapMax", 1, TAG_MAX),
    BITMAPS("bitmapContains", 2, TAG_CONTAINS),
    BITMAPS("bitmapSubsetInRange", 3, TAG_RANGE),
    BITMAPS("bitmapSubsetLimit", 3, TAG_LIMIT),
    BITMAPS("subBitmap", 3, TAG_SUB),
    {"bitmapBuild", false, 1, 1, 0, resolve_build, 0},
    {"bitmapToArray", false, 1, 1, FUNCTION_CAN_FAIL, resolve_to_array, 0},
    {"bitmapTransform", false, 3, 3, FUNCTION_CAN_FAIL, resolve_transform, 0},
};
const struct function_group functions_bitmap = GROUP_WITHOUT_ALIASES(definitions);
