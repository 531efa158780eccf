/*
 * dynamic.c: functions that know nothing of Dynamic, over values of type Dynamic.
 *
 * how      the function is bound once for each kind of value (or pair of kinds) that there may be; rows are evaluated
 *          kind by kind, with the values as columns of their types, and put together again
 * type     Nullable(T) where all kinds that the function takes give T, a number or a String; else Dynamic, whose
 *          values are then numbers, Bool or String
 * errors   a value of a kind that the function does not take: the error of that type, when a row has it
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "base/text.h"
#include "format/json_paths.h"

#define DYNAMIC_ARGUMENTS_MAX 2U

/* The function for one kind per Dynamic argument, or why there is none. */
struct alternative {
    const struct function *function;
    enum err_code code;
    struct slice message;
};

struct over_dynamic {
    uint32_t places[DYNAMIC_ARGUMENTS_MAX]; /* which arguments are Dynamic */
    uint32_t place_count;
    const struct type *types[DYNAMIC_KINDS];
    struct alternative *alternatives; /* DYNAMIC_KINDS of the first one, for each of the second */
    uint32_t alternative_count;
};

/* ---- results of type Dynamic */

static bool fits_dynamic(const struct type *type)
{
    return type->kind == TYPE_STRING || type->kind == TYPE_NOTHING || type_is_condition(type);
}

static struct err *to_dynamic(struct arena *arena, const struct column *column, const struct type *dynamic,
                              struct column **out)
{
    struct column *made = column_new(arena, dynamic, column->row_count);
    const struct type *type = column->type;
    struct text_buffer buffer = {arena, NULL, 0};
    struct buffer text = {0};
    struct err *err = NULL;

    if (made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row < column->row_count; row++) {
        struct slice value = slice_of("", 0);
        text.length = 0;
        made->nulls[row] = type->kind == TYPE_NOTHING || column_is_null(column, row);
        if (made->nulls[row]) {
            ((struct slice *)made->values)[row] = value;
            continue;
        }
        OR_DONE(value_text(&buffer, type, NULL, column_value(column, row), &value));
        if (type->kind == TYPE_STRING) {
            json_string_text(&text, value);
        } else {
            buffer_slice(&text, value);
            bool whole = type_is_float(type) && json_kind_of(value) != JSON_FLOAT64;
            buffer_text(&text, whole ? ".0" : "");
        }
        value = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
        if (value.data == NULL) {
            err = text.failed ? err_oom() : arena_error(arena);
            goto done;
        }
        ((struct slice *)made->values)[row] = value;
    }
    *out = made;
done:
    buffer_deinit(&text);
    return err;
}

/* ---- evaluation */

/* A Dynamic's rows, all of one kind, as a column of that kind's type. */
static struct err *argument_of_kind(struct arena *arena, const struct function_context *context,
                                    const struct column *flat, const struct type *type, const uint32_t *rows,
                                    uint32_t count, const struct column **out)
{
    struct err *err = NULL;
    struct column *taken = column_take(arena, flat, rows, count), *cast = NULL;
    if (taken == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_dynamic(arena, context, taken, type, CAST_PLAIN, &cast));
    *out = cast;
done:
    return err;
}

static struct err *evaluate_alternative(const struct function *function, uint32_t index, struct arena *arena,
                                        const struct column *const *arguments, const uint32_t *rows, uint32_t count,
                                        struct column **out)
{
    struct err *err = NULL;
    const struct over_dynamic *over = function->data;
    const struct alternative *alternative = &over->alternatives[index];
    const struct column **own = ARENA_ARRAY(arena, const struct column *, function->argument_count);
    struct column *result = NULL;

    if (alternative->function == NULL) {
        return err_new(alternative->code, "%.*s", SLICE_ARG(alternative->message));
    }
    if (own == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        own[a] = column_take(arena, arguments[a], rows, count);
        if (own[a] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t p = 0; p < over->place_count; p++, index /= DYNAMIC_KINDS) {
        OR_DONE(argument_of_kind(arena, function->context, arguments[over->places[p]],
                                 over->types[index % DYNAMIC_KINDS], rows, count, &own[over->places[p]]));
    }
    OR_DONE(function_evaluate(alternative->function, arena, NULL, own, count, &result));
    if (function->inner->view == TYPE_VIEW_DYNAMIC) {
        err = to_dynamic(arena, result, function->inner, out);
    } else {
        err = column_cast(arena, function->context, result, function->inner, CAST_PLAIN, out);
    }
done:
    return err;
}

static struct err *evaluate_over(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct over_dynamic *over = function->data;
    const struct column **flat = ARENA_ARRAY(arena, const struct column *, function->argument_count);
    uint32_t *kinds = ARENA_ARRAY(arena, uint32_t, (size_t)row_count + 1); /* alternative of the row */
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, (size_t)row_count + 1);
    uint32_t *own = ARENA_ARRAY(arena, uint32_t, (size_t)row_count + 1);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, (size_t)row_count + 1);
    const struct column **parts = ARENA_ARRAY(arena, const struct column *, over->alternative_count + 1U);
    bool *present = arena_zalloc(arena, over->alternative_count + 1U);
    uint32_t part_count = 0;
    const uint32_t none = over->alternative_count; /* NULLs */

    if (flat == NULL || kinds == NULL || sources == NULL || own == NULL || rows == NULL || parts == NULL ||
        present == NULL) {
        return arena_error(arena);
    }
    memcpy(flat, arguments, function->argument_count * sizeof(*flat));
    memset(kinds, 0, ((size_t)row_count + 1) * sizeof(*kinds));
    for (uint32_t p = 0, factor = 1; p < over->place_count; p++, factor *= DYNAMIC_KINDS) {
        const struct column *column = flat[over->places[p]] = column_flat(arena, arguments[over->places[p]]);
        if (column == NULL) {
            return arena_error(arena);
        }
        for (uint32_t row = 0; row < row_count; row++) {
            bool null = kinds[row] == none || column_is_null(column, row);
            kinds[row] =
                null ? none : kinds[row] + factor * dynamic_kind(*(const struct slice *)column_value(column, row));
        }
    }
    for (uint32_t row = 0; row < row_count; row++) {
        present[kinds[row]] = true;
    }
    for (uint32_t kind = 0; kind <= none; kind++) {
        struct column *part = NULL;
        uint32_t found = 0;
        for (uint32_t row = 0; present[kind] && row < row_count; row++) {
            if (kinds[row] == kind) {
                sources[row] = part_count;
                own[row] = found;
                rows[found++] = row;
            }
        }
        if (found == 0) {
            continue;
        }
        if (kind == none) {
            part = column_const_null(arena, function->inner, found);
        } else {
            OR_DONE(evaluate_alternative(function, kind, arena, flat, rows, found, &part));
        }
        if (part == NULL) {
            return arena_error(arena);
        }
        parts[part_count++] = part;
    }
    *out = row_count == 0 ? column_empty(arena, function->inner)
                          : column_pick(arena, function->inner, parts, part_count, sources, own, row_count);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

/* ---- binding */

static struct err *find_places(const struct function_definition *definition, const struct function_argument *arguments,
                               uint32_t count, struct over_dynamic *over)
{
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i].type->view != TYPE_VIEW_DYNAMIC) {
            continue;
        }
        if (over->place_count == DYNAMIC_ARGUMENTS_MAX) {
            return err_new(ERR_NOT_IMPLEMENTED,
                           "function %s of more than %u Dynamics is not supported yet; write path.:Int64 (.:String, …) "
                           "or path::Int64",
                           definition->name, DYNAMIC_ARGUMENTS_MAX);
        }
        over->places[over->place_count++] = i;
    }
    return NULL;
}

/* ClickHouse asks neither of them for its type beforehand. */
static bool gives_dynamic(const char *name)
{
    static const char *const names[] = {"plus",    "minus",    "multiply", "divide",    "negate",        "modulo",
                                        "intDiv",  "abs",      "round",    "ceil",      "floor",         "trunc",
                                        "reverse", "trimBoth", "trimLeft", "trimRight", "formatDateTime"};
    bool found = false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !found; i++) {
        found = strcmp(names[i], name) == 0;
    }
    return found || (strlen(name) > 6 && strcmp(name + strlen(name) - 6, "OrNull") == 0) ||
           (strlen(name) > 6 && strcmp(name + strlen(name) - 6, "OrZero") == 0);
}

struct err *dynamic_resolve(struct arena *arena, const struct function_context *context,
                            const struct function_definition *definition, const struct function_argument *arguments,
                            uint32_t count, struct function *out)
{
    struct err *err = NULL;
    struct over_dynamic *over = arena_zalloc(arena, sizeof(*over));
    struct function_argument *own = ARENA_ARRAY(arena, struct function_argument, count + 1U);
    const struct type **types = ARENA_ARRAY(arena, const struct type *, count + 1U);
    const struct type *common = NULL; /* of all alternatives */
    uint32_t found = 0, first = UINT32_MAX;
    bool same = !gives_dynamic(definition->name);

    if (over == NULL || own == NULL || types == NULL) {
        return arena_error(arena);
    }
    OR_DONE(find_places(definition, arguments, count, over));
    OR_DONE(dynamic_types(arena, over->types));
    over->alternative_count = over->place_count == 1 ? DYNAMIC_KINDS : DYNAMIC_KINDS * DYNAMIC_KINDS;
    over->alternatives = ARENA_ARRAY(arena, struct alternative, over->alternative_count);
    if (over->alternatives == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        types[i] = arguments[i].type;
        own[i] = arguments[i];
    }
    for (uint32_t k = 0; k < over->alternative_count; k++) {
        struct alternative *alternative = &over->alternatives[k];
        *alternative = (struct alternative){0};
        bool known = true;
        for (uint32_t p = 0, rest = k; p < over->place_count; p++, rest /= DYNAMIC_KINDS) {
            own[over->places[p]] = (struct function_argument){.type = over->types[rest % DYNAMIC_KINDS]};
            known &= own[over->places[p]].type != NULL;
        }
        struct err *failed =
            known ? function_resolve(arena, context, slice_text(definition->name), own, count, &alternative->function)
                  : err_new(ERR_NOT_IMPLEMENTED,
                            "function %s of an array of objects or of several types in a Dynamic "
                            "is not supported yet",
                            definition->name);
        if (failed != NULL) {
            alternative->function = NULL;
            alternative->code = err_code(failed);
            alternative->message = arena_slice(arena, slice_text(err_message(failed)));
            err_free(failed);
            if (alternative->message.data == NULL) {
                return arena_error(arena);
            }
            first = first == UINT32_MAX ? k : first;
            continue;
        }
        const struct type *type = type_low_cardinality(arena, alternative->function->type, false);
        type = type == NULL || type->kind == TYPE_NOTHING ? type : type_nullable(arena, type, false);
        if (type == NULL) {
            return arena_error(arena);
        }
        if (type->kind == TYPE_BOOL && (common == NULL || common->kind == TYPE_UINT8)) {
            type = type_simple(TYPE_UINT8); /* not(true) is a Bool here */
        }
        if (strcmp(definition->name, "concat") == 0) {
            type = type_simple(TYPE_STRING); /* of arrays too */
        }
        same = same && (common == NULL || type_equal(common, type)) && fits_dynamic(type);
        common = type;
        found++;
    }
    for (uint32_t k = 0; !same && k < over->alternative_count; k++) {
        struct alternative *alternative = &over->alternatives[k];
        if (alternative->function != NULL && !fits_dynamic(alternative->function->type)) {
            alternative->function = NULL;
            alternative->code = ERR_NOT_IMPLEMENTED;
            alternative->message =
                slice_text("a Dynamic of anything but numbers, Bool and String is not supported yet; "
                           "write path.:Int64 (.:String, …) or path::Int64");
            first = first == UINT32_MAX || over->alternatives[first].code != ERR_NOT_IMPLEMENTED ? k : first;
            found--;
        }
    }
    if (found == 0) {
        return err_new(over->alternatives[first].code, "%.*s", SLICE_ARG(over->alternatives[first].message));
    }
    out->name = definition->name;
    out->inner = same ? common->kind == TYPE_NOTHING ? common : type_nullable(arena, common, true)
                      : arguments[over->places[0]].type;
    out->type = out->inner;
    out->flags = (definition->flags & (FUNCTION_VOLATILE | FUNCTION_CHANGES)) | FUNCTION_NULLS | FUNCTION_CAN_FAIL;
    out->argument_count = count;
    out->argument_types = types;
    out->context = context;
    out->evaluate = evaluate_over;
    out->data = over;
    if (out->inner == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}
