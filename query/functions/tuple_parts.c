/*
 * tuple_parts.c: IPv4CIDRToRange, IPv6CIDRToRange: the first and the last address of a network;
 * tupleToNameValuePairs: a tuple's elements with their names, as an array.
 *
 * thread   any, no shared state
 */
#include "query/functions/compose.h"
#include "query/functions/nested.h"

/* --- networks ----------------------------------------------------------------------------------------------------- */

/* Big-endian bytes: of the address, the bits behind the prefix cleared or set. */
static void put_bound(unsigned char *to, const unsigned char *address, uint32_t bytes, uint32_t prefix, bool last)
{
    for (uint32_t b = 0; b < bytes; b++) {
        uint32_t kept = prefix >= (b + 1) * 8 ? 8 : prefix <= b * 8 ? 0 : prefix - b * 8;
        unsigned char mask = (unsigned char)(0xff00U >> kept);
        to[b] = (unsigned char)(last ? address[b] | (unsigned char)~mask : address[b] & mask);
    }
}

static struct err *evaluate_range(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t width = function->inner->children[0]->width;
    bool short_form = width == 4;
    const struct column *addresses = short_form ? column_numbers(arena, arguments[0], TYPE_UINT32) : arguments[0];
    struct column *made = column_new(arena, function->inner, row_count);
    if (addresses == NULL || made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < 2; c++) {
        OR_DONE(result_new(arena, function->inner->children[c], row_count, &made->children[c]));
    }
    for (uint32_t i = 0; i < row_count; i++) {
        const char *address = (const char *)addresses->values + (size_t)i * column_step(addresses) * width;
        uint32_t prefix = VALUE_AT(arguments[1], uint8_t, i);
        unsigned char bytes[16];
        for (uint32_t b = 0; b < width; b++) { /* IPv4 lies in the order of this machine */
            bytes[b] = (unsigned char)address[short_form ? width - 1 - b : b];
        }
        for (uint32_t c = 0; c < 2; c++) {
            unsigned char bound[16];
            char *to = (char *)made->children[c]->values + (size_t)i * width;
            put_bound(bound, bytes, width, prefix, c == 1);
            for (uint32_t b = 0; b < width; b++) {
                to[short_form ? width - 1 - b : b] = (char)bound[b];
            }
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_range(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (compose_null(bind, out, &err)) {
        return err;
    }
    for (uint32_t a = 0; a < 2; a++) {
        if (bind->arguments[a].type->nullable) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s of Nullable arguments is not implemented: it is a Nullable(Tuple)",
                           bind->name);
        }
    }
    const struct type *type = bind->arguments[0].type;
    bool short_form = bind->tag == TYPE_IPV4;
    bool fits = short_form ? type->kind == TYPE_IPV4 || type->kind == TYPE_UINT8 || type->kind == TYPE_UINT16 ||
                                 type->kind == TYPE_UINT32
                           : type->kind == TYPE_IPV6 || (type->kind == TYPE_FIXED_STRING && type->width == 16);
    const struct type *both[2] = {type_simple((enum type_kind)bind->tag), type_simple((enum type_kind)bind->tag)};
    if (!fits) {
        return argument_error(bind, 0,
                              short_form ? "an IPv4 or an unsigned integer of up to 32 bits is needed"
                                         : "an IPv6 or a FixedString(16) is needed");
    }
    if (bind->arguments[1].type->kind != TYPE_UINT8) {
        return argument_error(bind, 1, "a UInt8 is needed");
    }
    out->inner = type_tuple(bind->arena, both, NULL, 2);
    out->evaluate = evaluate_range;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- tupleToNameValuePairs ---------------------------------------------------------------------------------------- */

static struct err *evaluate_named(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *pair = function->inner->children[0];
    const struct slice *names = function->data;
    uint32_t count = function->argument_types[0]->child_count;
    uint32_t total;
    OR_DONE(arrays_product(row_count, count, &total));
    struct column *pairs = column_new(arena, pair, total);
    struct column *labels = column_new(arena, pair->children[0], total);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total + 1U);
    if (pairs == NULL || labels == NULL || offsets == NULL || sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        offsets[i] = i * count;
        for (uint32_t c = 0; c < count; c++) {
            ((struct slice *)labels->values)[i * count + c] = names[c];
            sources[i * count + c] = c;
            rows[i * count + c] = i * column_step(arguments[0]);
        }
    }
    offsets[row_count] = total;
    pairs->children[0] = labels;
    pairs->children[1] = column_pick(arena, pair->children[1], (const struct column *const *)arguments[0]->children,
                                     count, sources, rows, total);
    if (pairs->children[1] == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, pairs, out));
done:
    return err;
}

static struct err *resolve_named(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (type->kind != TYPE_TUPLE || type->child_count == 0 || type->view != TYPE_VIEW_NONE) {
        return argument_error(bind, 0, "a tuple with elements is needed");
    }
    struct slice *names = ARENA_ARRAY(bind->arena, struct slice, type->child_count);
    if (names == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t c = 0; c < type->child_count; c++) {
        if (!type_equal(type->children[0], type->children[c])) {
            return argument_error(bind, 0, "its elements must be of one type");
        }
        const char *number = arena_format(bind->arena, "%u", c + 1);
        if (number == NULL) {
            return arena_error(bind->arena);
        }
        names[c] = type->names != NULL ? type->names[c] : slice_text(number);
    }
    const struct type *both[2] = {type_simple(TYPE_STRING), type->children[0]};
    const struct type *pair = type_tuple(bind->arena, both, NULL, 2);
    out->inner = pair == NULL ? NULL : type_array(bind->arena, pair);
    out->evaluate = evaluate_named;
    out->data = names;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

static const struct function_definition definitions[] = {
    {"IPv4CIDRToRange", false, 2, 2, FUNCTION_NULLS, resolve_range, TYPE_IPV4},
    {"IPv6CIDRToRange", false, 2, 2, FUNCTION_NULLS, resolve_range, TYPE_IPV6},
    {"tupleToNameValuePairs", false, 1, 1, FUNCTION_NULLS, resolve_named, 0},
};
const struct function_group functions_tuple_parts = GROUP_WITHOUT_ALIASES(definitions);
