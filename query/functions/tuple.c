/*
 * tuple.c: tupleConcat, tupleNames; mapFromArrays; the lines that toTypeName writes a named tuple in.
 *
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

#include "base/text.h"

/* --- toTypeName --------------------------------------------------------------------------------------------------- */

static void write_lines(struct arena *arena, struct buffer *out, const struct type *type, uint32_t indent)
{
    bool named = type->kind == TYPE_TUPLE && type->names != NULL && type->child_count > 0;
    if (!type_is_nested(type) || type->nullable || type->function != NULL || type->view != TYPE_VIEW_NONE) {
        buffer_slice(out, type_name(arena, type));
        return;
    }
    const struct type *parts = type->kind == TYPE_MAP ? type->children[0] : type;
    buffer_text(out, type->kind == TYPE_MAP ? "Map(" : type->kind == TYPE_ARRAY ? "Array(" : "Tuple(");
    for (uint32_t k = 0; k < parts->child_count; k++) {
        buffer_text(out, k == 0 ? "" : named ? "," : ", ");
        if (named) {
            buffer_printf(out, "\n%*s", (int)(indent + 1) * 4, "");
            type_name_element(out, type->names[k]);
            buffer_char(out, ' ');
        }
        write_lines(arena, out, parts->children[k], named ? indent + 1 : indent);
    }
    buffer_char(out, ')');
}

struct slice type_name_lines(struct arena *arena, const struct type *type)
{
    struct buffer text = {0};
    write_lines(arena, &text, type, 0);
    struct slice name = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
    buffer_deinit(&text);
    return name;
}

/* --- tuples ------------------------------------------------------------------------------------------------------- */

static struct err *argument_tuple(const struct function_bind *bind, uint32_t index)
{
    return bind->arguments[index].type->kind == TYPE_TUPLE ? NULL : argument_error(bind, index, "a tuple is needed");
}

static struct err *evaluate_tuple_concat(EVALUATE_ARGUMENTS)
{
    struct column *made = column_new(arena, function->inner, row_count);
    uint32_t at = 0;
    for (uint32_t a = 0; made != NULL && a < function->argument_count; a++) {
        const struct column *flat = column_flat(arena, arguments[a]);
        if (flat == NULL) {
            return arena_error(arena);
        }
        for (uint32_t k = 0; k < flat->type->child_count; k++) {
            made->children[at++] = flat->children[k];
        }
    }
    *out = made;
    return made == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_tuple_concat(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    uint32_t count = 0;
    for (uint32_t a = 0; a < bind->count; a++) {
        OR_DONE(argument_tuple(bind, a));
        count += bind->arguments[a].type->child_count;
    }
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, count + 1U);
    if (types == NULL) {
        return arena_error(bind->arena);
    }
    uint32_t at = 0;
    for (uint32_t a = 0; a < bind->count; a++) {
        for (uint32_t k = 0; k < bind->arguments[a].type->child_count; k++) {
            types[at++] = bind->arguments[a].type->children[k];
        }
    }
    out->inner = type_tuple(bind->arena, types, NULL, count);
    out->evaluate = evaluate_tuple_concat;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *evaluate_tuple_names(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *tuple = function->data;
    struct column *names = column_new(arena, type_simple(TYPE_STRING), tuple->child_count);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, 2);
    (void)arguments;
    if (names == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < tuple->child_count; k++) {
        const char *number = tuple->names == NULL ? arena_format(arena, "%u", k + 1) : "";
        if (number == NULL) {
            return arena_error(arena);
        }
        ((struct slice *)names->values)[k] = tuple->names == NULL ? slice_text(number) : tuple->names[k];
    }
    offsets[0] = 0;
    offsets[1] = tuple->child_count;
    OR_DONE(arrays_new(arena, function->inner, 1, offsets, names, out));
    (*out)->form = COLUMN_CONST;
    (*out)->row_count = row_count;
done:
    return err;
}

static struct err *resolve_tuple_names(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_tuple(bind, 0));
    out->inner = type_array(bind->arena, type_simple(TYPE_STRING));
    out->data = bind->arguments[0].type;
    out->evaluate = evaluate_tuple_names;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- mapFromArrays ------------------------------------------------------------------------------------------------ */

static struct err *evaluate_from_arrays(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *sides[2];
    for (uint32_t k = 0; k < 2; k++) {
        OR_DONE(arrays_flat(arena, arguments[k], &sides[k]));
    }
    if (memcmp(sides[0]->offsets, sides[1]->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
        return err_new(ERR_ARRAY_SIZES, "Two arguments of function mapFromArrays must have equal sizes");
    }
    struct column *pairs = column_new(arena, function->inner->children[0], sides[0]->offsets[row_count]);
    if (pairs == NULL) {
        return arena_error(arena);
    }
    pairs->children[0] = sides[0]->children[0];
    pairs->children[1] = sides[1]->children[0];
    OR_DONE(arrays_new(arena, function->inner, row_count, sides[0]->offsets, pairs, out));
done:
    return err;
}

static struct err *resolve_from_arrays(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    OR_DONE(argument_array(bind, 1));
    const struct type *key = bind->arguments[0].type->children[0];
    if (key->nullable) {
        return err_new(ERR_BAD_ARGUMENTS, "the keys of a map must not be NULL");
    }
    out->inner = type_map(bind->arena, key, bind->arguments[1].type->children[0]);
    out->evaluate = evaluate_from_arrays;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"tupleConcat", false, 1, ANY_COUNT, FUNCTION_NULLS, resolve_tuple_concat, 0},
    {"tupleNames", false, 1, 1, FUNCTION_NULLS, resolve_tuple_names, 0},
    {"mapFromArrays", false, 2, 2, FUNCTION_CAN_FAIL, resolve_from_arrays, 0},
};
static const struct function_alias aliases[] = {{"MAP_FROM_ARRAYS", true, "mapFromArrays"}};
const struct function_group functions_tuple = GROUP_OF(definitions, aliases);
