/*
 * json_column.c: values of type JSON by path, and what stands at a path: Dynamic.
 *
 * path     a declared path is a column of its own; another is looked up in the row's map of paths, which is sorted
 * Dynamic  the value's JSON text; cast by what it is: Int64, UInt64, Float64, Bool, String, or an array's text
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "base/number.h"
#include "base/text.h"
#include "format/json_paths.h"

static const char *const kind_types[DYNAMIC_KINDS] = {"Int64",
                                                      "UInt64",
                                                      "Float64",
                                                      "Bool",
                                                      "String",
                                                      "Array(Nullable(Int64))",
                                                      "Array(Nullable(UInt64))",
                                                      "Array(Nullable(Float64))",
                                                      "Array(Nullable(Bool))",
                                                      "Array(Nullable(String))",
                                                      "Array(Dynamic)"};

static struct slice text_at(const struct column *column, uint32_t row)
{
    return *(const struct slice *)column_value(column, row);
}

static struct err *argument_view(const struct function_bind *bind, enum type_view view, const char *what)
{
    return bind->arguments[0].type->view == view ? NULL : argument_error(bind, 0, what);
}

/* The argument FLAT: a constant as one row, *row_count of it. */
static struct err *flat_argument(struct arena *arena, const struct column *column, const struct column **flat)
{
    *flat = column_flat(arena, column);
    return *flat == NULL ? arena_error(arena) : NULL;
}

/* The pairs of a row's other paths. */
static const struct column *other_paths(const struct column *flat, uint32_t row, uint32_t *begin, uint32_t *end)
{
    const struct column *map = flat->children[flat->type->child_count - 1];
    if (map->form != COLUMN_FLAT) {
        row = map->form == COLUMN_DICT ? map->codes[row] : 0;
        map = map->form == COLUMN_DICT ? map->dictionary : map;
    }
    *begin = map->offsets[row];
    *end = map->offsets[row + 1];
    return map->children[0];
}

/* --- getSubcolumn ------------------------------------------------------------------------------------------------ */

static struct err *evaluate_declared(EVALUATE_ARGUMENTS)
{
    const struct column *flat;
    struct err *err = flat_argument(arena, arguments[0], &flat);
    (void)row_count;
    if (err == NULL) {
        *out = flat->children[(uintptr_t)function->data - 1];
    }
    return err;
}

static struct err *evaluate_path(EVALUATE_ARGUMENTS)
{
    const struct slice *path = function->data;
    const struct column *flat;
    struct column *made = column_new(arena, function->inner, row_count);
    struct err *err = flat_argument(arena, arguments[0], &flat);
    if (err != NULL || made == NULL) {
        return err != NULL ? err : arena_error(arena);
    }
    for (uint32_t row = 0; row < row_count; row++) {
        uint32_t low, high, end;
        const struct column *pairs = other_paths(flat, row, &low, &end);
        for (high = end; low < high;) {
            uint32_t middle = low + (high - low) / 2;
            if (slice_compare(text_at(pairs->children[0], middle), *path) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        bool found = low < end && slice_equal(text_at(pairs->children[0], low), *path);
        made->nulls[row] = !found;
        ((struct slice *)made->values)[row] = found ? text_at(pairs->children[1], low) : slice_of("", 0);
    }
    *out = made;
    return NULL;
}

static struct err *resolve_subcolumn(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (type->view != TYPE_VIEW_JSON) {
        return err_new(ERR_ILLEGAL_COLUMN, "function getSubcolumn is for values of type JSON");
    }
    const struct column *constant = bind->arguments[1].constant;
    if (constant == NULL || bind->arguments[1].type->kind != TYPE_STRING) {
        return argument_error(bind, 1, "a constant path is needed");
    }
    struct slice *path = ARENA_NEW(bind->arena, struct slice);
    if (path == NULL) {
        return arena_error(bind->arena);
    }
    *path = arena_slice(bind->arena, text_at(constant, 0));
    int32_t declared = type_json_path(type, *path);
    out->inner = declared >= 0 ? type->children[declared] : type_json_dynamic(bind->arena, type);
    out->evaluate = declared >= 0 ? evaluate_declared : evaluate_path;
    out->data = declared >= 0 ? (const void *)(uintptr_t)((uint32_t)declared + 1) : path;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- paths ------------------------------------------------------------------------------------------------------- */

/* What the elements of an array are; JSON_ARRAY: arrays, objects, or of several kinds. */
static enum json_kind elements_kind(struct slice array)
{
    enum json_kind kind = JSON_KINDS;
    const char *at = array.data + 1, *end = array.data + array.length - 1;
    while (at < end) {
        const char *begin = at;
        if (*at == '[' || *at == '{') {
            return JSON_ARRAY;
        }
        if (*at == '"') {
            for (at++; at < end && *at != '"'; at++) {
                at += *at == '\\';
            }
        }
        while (at < end && *at != ',') {
            at++;
        }
        struct slice text = slice_of(begin, (size_t)(at - begin));
        at++;
        if (slice_equal(text, slice_text("null"))) {
            continue;
        }
        enum json_kind next = json_kind_of(text);
        bool numbers = next <= JSON_FLOAT64 && kind <= JSON_FLOAT64;
        if (kind != JSON_KINDS && kind != next && !numbers) {
            return JSON_ARRAY;
        }
        kind = kind == JSON_KINDS || kind == next ? next : JSON_FLOAT64;
    }
    return kind == JSON_KINDS ? JSON_STRING : kind;
}

uint32_t dynamic_kind(struct slice text)
{
    enum json_kind kind = json_kind_of(text);
    return kind == JSON_ARRAY ? JSON_ARRAY + (uint32_t)elements_kind(text) : kind;
}

/* The name of what stands at a path. */
static struct slice type_of_text(struct slice text)
{
    return slice_text(kind_types[dynamic_kind(text)]);
}

struct err *dynamic_types(struct arena *arena, const struct type **types)
{
    struct err *err = NULL;
    for (uint32_t kind = 0; kind + 1 < DYNAMIC_KINDS; kind++) {
        OR_DONE(type_parse(arena, slice_text(kind_types[kind]), &types[kind]));
    }
    types[DYNAMIC_KINDS - 1] = NULL;
done:
    return err;
}

/* JSONAllPaths: an array; JSONAllPathsWithTypes (tag 1): a map to names of types. */
static struct err *evaluate_paths(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool with_types = function->inner->kind == TYPE_MAP;
    const struct column *flat;
    OR_DONE(flat_argument(arena, arguments[0], &flat));
    const struct type *type = flat->type;
    uint32_t declared = type->child_count - 1;
    uint64_t total = 0;
    for (uint32_t row = 0; row < row_count; row++) {
        uint32_t begin, end;
        (void)other_paths(flat, row, &begin, &end);
        total += declared + end - begin;
    }
    struct column *keys = total > UINT32_MAX ? NULL : column_new(arena, type_simple(TYPE_STRING), (uint32_t)total);
    struct column *types =
        keys == NULL ? NULL : column_new(arena, type_simple(TYPE_STRING), with_types ? (uint32_t)total : 0);
    struct column *made = column_new(arena, function->inner, row_count);
    struct slice *names = ARENA_ARRAY(arena, struct slice, (size_t)declared + 1);
    if (types == NULL || made == NULL || names == NULL) {
        return arena_error(arena);
    }
    for (uint32_t d = 0; d < declared; d++) {
        names[d] = type_name(arena, type->children[d]);
    }
    uint32_t at = 0;
    for (uint32_t row = 0; row < row_count; row++) {
        uint32_t begin, end, d = 0;
        const struct column *pairs = other_paths(flat, row, &begin, &end);
        made->offsets[row] = at;
        while (d < declared || begin < end) {
            struct slice path = begin < end ? text_at(pairs->children[0], begin) : slice_of("", 0);
            bool own = d < declared && (begin == end || slice_compare(type->names[d], path) < 0);
            ((struct slice *)keys->values)[at] = own ? type->names[d] : path;
            if (with_types) {
                ((struct slice *)types->values)[at] = own ? names[d] : type_of_text(text_at(pairs->children[1], begin));
            }
            at++;
            d += own;
            begin += !own;
        }
    }
    made->offsets[row_count] = at;
    made->children[0] = keys;
    if (with_types) {
        struct column *entries = made->children[0] = column_new(arena, function->inner->children[0], at);
        if (entries == NULL) {
            return arena_error(arena);
        }
        entries->children[0] = keys;
        entries->children[1] = types;
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_paths(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_view(bind, TYPE_VIEW_JSON, "a value of type JSON is needed"));
    out->inner = bind->tag == 1 ? type_map(bind->arena, type_simple(TYPE_STRING), type_simple(TYPE_STRING))
                                : type_array(bind->arena, type_simple(TYPE_STRING));
    out->evaluate = evaluate_paths;
    if (out->inner == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

/* --- Dynamic ----------------------------------------------------------------------------------------------------- */

static struct err *evaluate_dynamic_type(EVALUATE_ARGUMENTS)
{
    struct column *made = column_new(arena, function->inner, row_count);
    if (made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row < row_count; row++) {
        ((struct slice *)made->values)[row] =
            column_is_null(arguments[0], row) ? slice_text("None") : type_of_text(text_at(arguments[0], row));
    }
    *out = made;
    return NULL;
}

static struct err *resolve_dynamic_type(const struct function_bind *bind, struct function *out)
{
    out->inner = type_low_cardinality(bind->arena, type_simple(TYPE_STRING), true);
    out->evaluate = evaluate_dynamic_type;
    return out->inner == NULL ? arena_error(bind->arena)
                              : argument_view(bind, TYPE_VIEW_DYNAMIC, "a Dynamic is needed");
}

/* Rows of one kind as a column of its type. */
static struct err *rows_of_kind(struct arena *arena, const struct column *column, enum json_kind kind,
                                const uint32_t *rows, uint32_t count, struct column **out)
{
    static const enum type_kind kinds[] = {TYPE_INT64, TYPE_UINT64, TYPE_FLOAT64, TYPE_BOOL, TYPE_STRING, TYPE_STRING};
    struct column *made = *out = column_new(arena, type_simple(kinds[kind]), count);
    struct buffer text = {0};
    if (made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct slice from = text_at(column, rows[i]);
        void *to = (char *)made->values + (size_t)i * made->type->width;
        if (kind == JSON_INT64) {
            (void)number_parse_i64(from, to);
        } else if (kind == JSON_UINT64) {
            (void)number_parse_u64(from, to);
        } else if (kind == JSON_FLOAT64) {
            (void)number_parse_double(from, to);
        } else if (kind == JSON_BOOL) {
            *(uint8_t *)to = from.data[0] == 't';
        } else {
            text.length = 0;
            json_plain_text(&text, from);
            struct slice copy = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
            if (copy.data == NULL) {
                buffer_deinit(&text);
                return text.failed ? err_oom() : arena_error(arena);
            }
            *(struct slice *)to = copy;
        }
    }
    buffer_deinit(&text);
    return NULL;
}

struct err *cast_dynamic(struct arena *arena, const struct function_context *context, const struct column *column,
                         const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    const struct column *parts[JSON_KINDS + 1], *flat = column_flat(arena, column);
    uint32_t count = column->row_count, part_count = 0;
    uint32_t *kinds = ARENA_ARRAY(arena, uint32_t, (size_t)count + 1);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, (size_t)count + 1);
    uint32_t *own = ARENA_ARRAY(arena, uint32_t, (size_t)count + 1);
    if (flat == NULL || kinds == NULL || rows == NULL || own == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row < count; row++) {
        kinds[row] = column_is_null(flat, row) ? JSON_KINDS : json_kind_of(text_at(flat, row));
    }
    for (uint32_t kind = 0; kind <= JSON_KINDS; kind++) {
        struct column *part = NULL, *cast = NULL;
        uint32_t found = 0;
        for (uint32_t row = 0; row < count; row++) {
            if (kinds[row] == kind) {
                own[row] = found;
                rows[found++] = row;
            }
        }
        if (found == 0) {
            continue;
        }
        if (kind == JSON_KINDS) {
            cast = column_default(arena, type, found); /* of NULLs: NULL, or the type's default */
        } else {
            OR_DONE(rows_of_kind(arena, flat, (enum json_kind)kind, rows, found, &part));
            OR_DONE(column_cast(arena, context, part, type, mode, &cast));
        }
        if (cast == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < found; i++) {
            kinds[rows[i]] = part_count + JSON_KINDS + 1; /* done: which part */
        }
        parts[part_count++] = cast;
    }
    for (uint32_t row = 0; row < count; row++) {
        kinds[row] -= JSON_KINDS + 1;
    }
    *out = count == 0 ? column_empty(arena, type) : column_pick(arena, type, parts, part_count, kinds, own, count);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

static struct err *evaluate_element(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *wanted = function->data;
    const struct column *from = arguments[0];
    struct column *kept = column_new(arena, type_dynamic(), row_count);
    if (kept == NULL) {
        return arena_error(arena);
    }
    struct slice name = type_name(arena, wanted);
    for (uint32_t row = 0; row < row_count; row++) { /* the others are as if they were missing */
        bool is = !column_is_null(from, row) && slice_equal(type_of_text(text_at(from, row)), name);
        kept->nulls[row] = !is;
        ((struct slice *)kept->values)[row] = is ? text_at(from, row) : slice_of("", 0);
    }
    err = cast_dynamic(arena, function->context, kept, function->inner, CAST_PLAIN, out);
    return err;
}

static struct err *resolve_element(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct column *constant = bind->arguments[1].constant;
    const struct type *wanted = NULL;
    OR_DONE(argument_view(bind, TYPE_VIEW_DYNAMIC, "a Dynamic is needed"));
    if (constant == NULL || bind->arguments[1].type->kind != TYPE_STRING) {
        return argument_error(bind, 1, "the name of a type is needed");
    }
    err = type_parse(bind->arena, text_at(constant, 0), &wanted);
    if (err != NULL) {
        struct err *said = err_new(ERR_BAD_ARGUMENTS, "Second argument of dynamicElement must be a valid type name: %s",
                                   err_message(err));
        err_free(err);
        return said;
    }
    if (type_is_nested(wanted) && (wanted->kind != TYPE_ARRAY || wanted->children[0]->child_count > 0)) {
        struct slice name = type_name(bind->arena, wanted);
        return err_new(ERR_NOT_IMPLEMENTED, "an element of type %.*s of a Dynamic is not supported yet",
                       SLICE_ARG(name));
    }
    out->data = wanted;
    out->inner = type_is_nested(wanted) ? wanted : type_nullable(bind->arena, wanted, true);
    out->evaluate = evaluate_element;
    if (out->inner == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"getSubcolumn", false, 2, 2, FUNCTION_VIEWS | FUNCTION_NULLS, resolve_subcolumn, 0},
    {"JSONAllPaths", false, 1, 1, FUNCTION_VIEWS, resolve_paths, 0},
    {"JSONAllPathsWithTypes", false, 1, 1, FUNCTION_VIEWS, resolve_paths, 1},
    {"dynamicType", false, 1, 1, FUNCTION_VIEWS | FUNCTION_NULLS, resolve_dynamic_type, 0},
    {"dynamicElement", false, 2, 2, FUNCTION_VIEWS | FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_element, 0},
};
const struct function_group functions_json_column = GROUP_WITHOUT_ALIASES(definitions);
