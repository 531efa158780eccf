/*
 * cast_nested.c: casts from and to arrays, tuples and maps.
 *
 * nested   element columns are cast as a whole, the offsets stay; a map is an array of pairs, and of two arrays too
 * to text  as the text formats write them; from text: parsed into packed bytes (format/nested_text.h), which become
 *          columns
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "base/text.h"
#include "format/nested_text.h"
#include "format/value.h"
#include "storage/packed.h"

static struct err *cannot_cast(struct arena *arena, const struct type *from, const struct type *to)
{
    struct slice a = type_name(arena, from);
    struct slice b = type_name(arena, to);
    return err_new(type_is_nested(to) ? ERR_TYPE_MISMATCH : ERR_ARGUMENT_TYPE,
                   "Conversion from %.*s to %.*s is not supported", SLICE_ARG(a), SLICE_ARG(b));
}

/* --- text → nested ----------------------------------------------------------------------------------------------- */

static bool has_map(const struct type *type)
{
    bool found = type->kind == TYPE_MAP;
    for (uint32_t k = 0; k < type->child_count; k++) {
        found |= has_map(type->children[k]);
    }
    return found;
}

static struct err *from_text(struct arena *arena, const struct function_context *context, const struct column *column,
                             const struct type *type, struct column **out)
{
    struct err *err = NULL;
    const struct column *texts = column_strings(arena, column);
    struct slice *keys = ARENA_ARRAY(arena, struct slice, column->row_count + 1U);
    struct buffer packed = {0};
    if (texts == NULL || keys == NULL) {
        return arena_error(arena);
    }
    if (type->view == TYPE_VIEW_NONE && has_map(type)) { /* as ClickHouse, though its text formats read maps */
        return cannot_cast(arena, column->type, type);
    }
    for (uint32_t i = 0; i < column->row_count; i++) {
        struct slice text = ((const struct slice *)texts->values)[i];
        size_t used = 0;
        text = text.length == 0 ? slice_of("", 0) : text;
        if (null_at(column, i)) {
            err = err_new(ERR_CANNOT_INSERT_NULL, "Cannot convert NULL value to non-Nullable type");
            goto done;
        }
        packed.length = 0;
        OR_DONE(nested_from_text(text, type, zone_of(type, context), value_parse, &packed, &used));
        if (used < text.length) {
            err = err_new(ERR_DATA_AFTER_VALUE, "Cannot parse '%.*s': nothing is expected behind the value",
                          (int)(text.length > 200 ? 200 : text.length), text.data);
            goto done;
        }
        keys[i] = arena_slice(arena, buffer_all(&packed));
        if (keys[i].data == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    OR_DONE(packed_read(arena, type, keys, column->row_count, out));
done:
    buffer_deinit(&packed);
    return err;
}

/* --- nested → text ------------------------------------------------------------------------------------------------ */

static struct err *to_text(struct arena *arena, const struct function_context *context, const struct column *column,
                           const struct type *type, struct column **out)
{
    struct err *err = NULL;
    struct buffer text = {0};
    struct column *made;
    const struct timezone *zone = zone_of(column->type, context);
    OR_DONE(result_new(arena, type, column->row_count, &made));
    for (uint32_t i = 0; i < column->row_count; i++) {
        text.length = 0;
        value_to_text(&text, column, i, zone);
        struct slice copy = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
        if (copy.data == NULL) {
            err = text.failed ? err_oom() : arena_error(arena);
            goto done;
        }
        ((struct slice *)made->values)[i] = copy;
    }
    *out = made;
done:
    buffer_deinit(&text);
    return err;
}

/* --- nested → nested ---------------------------------------------------------------------------------------------- */

static struct err *cast_lists(struct arena *arena, const struct function_context *context, const struct column *column,
                              const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    const struct column *flat;
    struct column *items;
    OR_DONE(arrays_flat(arena, column, &flat));
    OR_DONE(column_cast(arena, context, flat->children[0], type->children[0], mode, &items));
    const struct column *elements = type->kind == TYPE_MAP ? column_flat(arena, items) : items; /* pairs are FLAT */
    if (elements == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, type, flat->row_count, flat->offsets, elements, out));
done:
    return err;
}

static struct err *cast_tuples(struct arena *arena, const struct function_context *context, const struct column *column,
                               const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    struct column *made = column_new(arena, type, column->row_count);
    if (made == NULL) {
        return arena_error(arena);
    }
    if (type->child_count != column->type->child_count) {
        return cannot_cast(arena, column->type, type);
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        OR_DONE(column_cast(arena, context, column->children[k], type->children[k], mode, &made->children[k]));
    }
    *out = made;
done:
    return err;
}

/* A tuple of two arrays of equal lengths as a map. */
static struct err *cast_pair_of_arrays(struct arena *arena, const struct function_context *context,
                                       const struct column *column, const struct type *type, enum cast_mode mode,
                                       struct column **out)
{
    struct err *err = NULL;
    const struct column *sides[2];
    const struct type *pair = type->children[0];
    OR_DONE(arrays_flat(arena, column->children[0], &sides[0]));
    OR_DONE(arrays_flat(arena, column->children[1], &sides[1]));
    if (memcmp(sides[0]->offsets, sides[1]->offsets, (column->row_count + 1U) * sizeof(uint32_t)) != 0) {
        return err_new(ERR_TYPE_MISMATCH, "the arrays of keys and of values have different lengths");
    }
    struct column *pairs = column_new(arena, pair, sides[0]->offsets[column->row_count]);
    if (pairs == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < 2; k++) {
        OR_DONE(column_cast(arena, context, sides[k]->children[0], pair->children[k], mode, &pairs->children[k]));
    }
    OR_DONE(arrays_new(arena, type, column->row_count, sides[0]->offsets, pairs, out));
done:
    return err;
}

static bool is_list(const struct type *type)
{
    return type->kind == TYPE_ARRAY || type->kind == TYPE_MAP;
}

static struct err *cast_flat(struct arena *arena, const struct function_context *context, const struct column *column,
                             const struct type *type, enum cast_mode mode, struct column **out)
{
    const struct type *from = column->type;
    if (from->view == TYPE_VIEW_JSON && type->view == TYPE_VIEW_JSON) { /* other paths are declared, or left out */
        struct column *text;
        struct err *err = to_text(arena, context, column, type_simple(TYPE_STRING), &text);
        return err != NULL ? err : from_text(arena, context, text, type, out);
    }
    if ((from->view == TYPE_VIEW_JSON && type->kind != TYPE_STRING) ||
        (type->view == TYPE_VIEW_JSON && !type_is_string(from))) {
        return cannot_cast(arena, from, type);
    }
    if (type->kind == TYPE_STRING && type_is_nested(from)) {
        return to_text(arena, context, column, type, out);
    }
    if (type_is_string(from) && type_is_nested(type)) {
        return from_text(arena, context, column, type, out);
    }
    if (is_list(from) && is_list(type) &&
        (from->kind == type->kind || (from->kind == TYPE_MAP ? type : from)->children[0]->kind == TYPE_TUPLE)) {
        return cast_lists(arena, context, column, type, mode, out);
    }
    if (from->kind == TYPE_TUPLE && type->kind == TYPE_TUPLE) {
        return cast_tuples(arena, context, column, type, mode, out);
    }
    if (from->kind == TYPE_TUPLE && type->kind == TYPE_MAP && from->child_count == 2 &&
        from->children[0]->kind == TYPE_ARRAY && from->children[1]->kind == TYPE_ARRAY) {
        return cast_pair_of_arrays(arena, context, column, type, mode, out);
    }
    return cannot_cast(arena, from, type);
}

struct err *cast_nested(struct arena *arena, const struct function_context *context, const struct column *column,
                        const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    struct column one = *column;
    const struct column *flat = &one;
    if (type_equal(column->type, type)) {
        *out = column_retyped(arena, column, type);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    if (column->form == COLUMN_CONST) {
        one.form = COLUMN_FLAT;
        one.row_count = 1;
    } else {
        flat = column_flat(arena, column);
        if (flat == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(cast_flat(arena, context, flat, type, mode, out));
    if (column->form == COLUMN_CONST) {
        const struct column *whole = column_flat(arena, *out);
        *out = whole == NULL ? NULL : column_retyped(arena, whole, type);
        if (*out == NULL) {
            return arena_error(arena);
        }
        (*out)->form = COLUMN_CONST;
        (*out)->row_count = column->row_count;
    }
done:
    return err;
}
