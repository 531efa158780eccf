/*
 * function.c: the registry of functions: which one a name and its arguments mean.
 *
 * flow     binder → function_resolve → query/functions/…
 * thread   the registry is built once, then read by any thread
 */
#include "query/functions/nested.h"
#include "query/functions/row.h"
#include "query/name_table.h"

#include <pthread.h>

static const struct function_group *const groups[] = {
    &functions_arithmetic,
    &functions_math,
    &functions_compare,
    &functions_logic,
    &functions_condition,
    &functions_convert,
    &functions_text,
    &functions_search,
    &functions_calendar,
    &functions_clock,
    &functions_clock_text,
    &functions_join,
    &functions_interval,
    &functions_misc,
    &functions_encode,
    &functions_json,
    &functions_url,
    &functions_hash,
    &functions_text_code,
    &functions_text_part,
    &functions_text_distance,
    &functions_date_make,
    &functions_number,
    &functions_address,
    &functions_geo,
    &functions_random,
    &functions_clock_parse,
    &functions_clock_write,
    &functions_about,
    &functions_simple_json,
    &functions_state,
    &functions_bitmap,
    &functions_position,
    &functions_search_multi,
    &functions_ngram,
    &functions_regexp,
    &functions_dictionary,
    &functions_complete,
    &functions_json_path,
    &functions_json_column,
    &functions_json_write,
    &functions_tuple_math,
    &functions_formula,
    &functions_transform,
    &functions_reinterpret,
    &functions_time_slots,
    &functions_time_grid,
    &functions_geo_area,
    &functions_series,
    &functions_array_shift,
    &functions_token_search,
    &functions_key_value,
    &functions_url_site,
    &functions_map_sum,
    &functions_array_more,
    &functions_tuple_parts,
    &functions_pause,
    &functions_words_more,
    &functions_cipher,
    &functions_financial,
    &functions_interval_tuple,
    &functions_host,
    &functions_format_row,
    &functions_normalize,
    /* arrays, tuples, maps */
    &functions_nested,
    &functions_array_basic,
    &functions_array_search,
    &functions_array_set,
    &functions_array_make,
    &functions_array_split,
    &functions_array_reduce,
    &functions_array_filter,
    &functions_tuple,
};
#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

static struct name_table function_names;
static pthread_once_t names_once = PTHREAD_ONCE_INIT;

static void names_build(void)
{
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        for (uint32_t i = 0; i < groups[g]->definition_count; i++) {
            const struct function_definition *definition = &groups[g]->definitions[i];
            name_table_add(&function_names, definition->name, definition->case_insensitive, definition);
        }
        for (uint32_t i = 0; i < groups[g]->row_count; i++) {
            const struct function_definition *definition = &groups[g]->rows[i].definition;
            name_table_add(&function_names, definition->name, definition->case_insensitive, definition);
        }
    }
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        for (uint32_t i = 0; i < groups[g]->alias_count; i++) {
            const struct function_alias *alias = &groups[g]->aliases[i];
            const struct function_definition *definition = name_table_find(&function_names, slice_text(alias->of));
            ASSERT(definition != NULL);
            name_table_add(&function_names, alias->name, alias->case_insensitive, definition);
        }
    }
}

void function_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of), void *user)
{
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        for (uint32_t i = 0; i < groups[g]->definition_count; i++) {
            visit(user, groups[g]->definitions[i].name, groups[g]->definitions[i].case_insensitive, NULL);
        }
        for (uint32_t i = 0; i < groups[g]->row_count; i++) {
            const struct function_definition *definition = &groups[g]->rows[i].definition;
            visit(user, definition->name, definition->case_insensitive, NULL);
        }
        for (uint32_t i = 0; i < groups[g]->alias_count; i++) {
            visit(user, groups[g]->aliases[i].name, groups[g]->aliases[i].case_insensitive, groups[g]->aliases[i].of);
        }
    }
}

const char *function_description(struct slice name)
{
    pthread_once(&names_once, names_build);
    const struct function_definition *definition = name_table_find(&function_names, name);
    if (definition == NULL) {
        char text[64] = "";
        memcpy(text, name.data, name.length < sizeof(text) ? name.length : 0);
        return description_find(text);
    }
    if (definition->resolve == row_resolve) {
        return ((const struct row_function *)(const void *)definition)->about;
    }
    for (size_t g = 0; g < GROUP_COUNT; g++) { /* rows that bind themselves */
        const struct row_function *rows = groups[g]->rows;
        for (uint32_t i = 0; i < groups[g]->row_count; i++) {
            if (&rows[i].definition == definition) {
                return rows[i].about;
            }
        }
    }
    return description_find(definition->name);
}

bool function_exists(struct slice name)
{
    pthread_once(&names_once, names_build);
    return name_table_find(&function_names, name) != NULL;
}

/* Levenshtein distance of short names, letters in any case. */
static uint32_t name_distance(struct slice a, const char *b)
{
    uint32_t row[64];
    size_t length = strlen(b);
    if (a.length >= 63 || length >= 63) {
        return UINT32_MAX;
    }
    for (uint32_t j = 0; j <= length; j++) {
        row[j] = j;
    }
    for (size_t i = 0; i < a.length; i++) {
        uint32_t diagonal = row[0];
        row[0] = (uint32_t)i + 1;
        for (size_t j = 0; j < length; j++) {
            uint32_t above = row[j + 1];
            uint32_t best = diagonal + (((a.data[i] ^ b[j]) & ~0x20) != 0);
            best = best < above + 1 ? best : above + 1;
            row[j + 1] = best < row[j] + 1 ? best : row[j] + 1;
            diagonal = above;
        }
    }
    return row[length];
}

struct nearest {
    struct slice name;
    const char *best;
    uint32_t distance;
};

static void nearest_visit(void *user, const char *name, bool case_insensitive, const char *alias_of)
{
    struct nearest *nearest = user;
    uint32_t distance = name_distance(nearest->name, name);
    (void)case_insensitive;
    (void)alias_of;
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = name;
    }
}

void aggregate_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of),
                    void *user); /* query/aggregate.h */

static struct err *unknown_function(struct slice name)
{
    struct nearest nearest = {name, NULL, name.length < 4 ? 2 : 3};
    function_each(nearest_visit, &nearest);
    aggregate_each(nearest_visit, &nearest);
    if (nearest.best != NULL) {
        return err_new(ERR_UNKNOWN_FUNCTION, "Function with name `%.*s` does not exist. Maybe you meant: ['%s']",
                       SLICE_ARG(name), nearest.best);
    }
    return err_new(ERR_UNKNOWN_FUNCTION, "Function with name `%.*s` does not exist", SLICE_ARG(name));
}

/* Types that LowCardinality may wrap. */
static bool type_fits_low_cardinality(const struct type *type)
{
    return type_is_integer(type) || type_is_float(type) || type_is_string(type) || type->kind == TYPE_DATE ||
           type->kind == TYPE_DATETIME || type->kind == TYPE_BOOL || type->kind == TYPE_UUID ||
           type->kind == TYPE_DATE32 || type->kind == TYPE_IPV4 || type->kind == TYPE_IPV6;
}

static struct err *evaluate_null(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_default(arena, function->type, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* The constant as a column of the bare type, or NULL when it is a NULL. */
static const struct column *constant_as(struct arena *arena, const struct column *constant, const struct type *type)
{
    if (constant == NULL) {
        return NULL;
    }
    struct column *copy = ARENA_NEW(arena, struct column);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *constant;
    copy->type = type;
    copy->row_count = 1;
    if (!type->nullable) {
        copy->nulls = NULL;
    }
    return copy;
}

/* The functions that take states of aggregate functions, which are no strings to the others. */
static bool takes_states(const char *name)
{
    static const char *const names[] = {
        "hex",
        "toTypeName",
        "identity",
        "materialize",
        "ignore",
        "if",
        "multiIf",
        "ifNull",
        "coalesce",
        "isNull",
        "isNotNull",
        "array",
        "tuple",
        "map",
        "toString",
        "concat",
        "byteSize",
        "finalizeAggregation",
        "plus",
        "CAST",
        "accurateCastOrNull",
        "assumeNotNull",
        "initializeAggregation",
        "arrayJoin",
        "toColumnTypeName",
        "cityHash64",
        "runningAccumulate",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return strncmp(name, "bitmap", 6) == 0 || strcmp(name, "subBitmap") == 0;
}

/* Values of JSON and Dynamic go to few functions as they are. */
static struct err *check_view(struct arena *arena, const struct function_definition *definition,
                              const struct type *type)
{
    if ((definition->flags & FUNCTION_VIEWS) != 0) {
        return NULL;
    }
    struct slice name = type_name(arena, type);
    return err_new(ERR_ARGUMENT_TYPE, "function %s does not take %.*s; %s", definition->name, SLICE_ARG(name),
                   type->view == TYPE_VIEW_DYNAMIC ? "write path.:Int64 (.:String, …) or path::Int64"
                                                   : "take a path of it, or toString");
}

/* A Dynamic among the arguments of a function that knows nothing of it. */
static bool takes_by_kind(const struct function_definition *definition, const struct function_argument *arguments,
                          uint32_t count)
{
    bool has = false;
    for (uint32_t i = 0; i < count; i++) {
        has |= arguments[i].type->view == TYPE_VIEW_DYNAMIC;
    }
    for (uint32_t i = 0; i < count; i++) {
        has &= arguments[i].type->view != TYPE_VIEW_JSON;
    }
    return has && (definition->flags & (FUNCTION_VIEWS | FUNCTION_LAZY | FUNCTION_RAW | FUNCTION_NULLS)) == 0;
}

struct err *function_resolve(struct arena *arena, const struct function_context *context, struct slice name,
                             const struct function_argument *arguments, uint32_t argument_count,
                             const struct function **out)
{
    struct err *err = NULL;

    pthread_once(&names_once, names_build);
    const struct function_definition *definition = name_table_find(&function_names, name);
    if (definition == NULL) {
        return unknown_function(name);
    }
    if (argument_count < definition->count_min || argument_count > definition->count_max) {
        if (definition->count_min == definition->count_max) {
            return err_new(ERR_ARGUMENT_COUNT, "function %s takes %u argument%s, %u given", definition->name,
                           definition->count_min, definition->count_min == 1 ? "" : "s", argument_count);
        }
        return err_new(ERR_ARGUMENT_COUNT, "function %s takes %s%u arguments, %u given", definition->name,
                       argument_count < definition->count_min ? "at least " : "at most ",
                       argument_count < definition->count_min ? definition->count_min : definition->count_max,
                       argument_count);
    }

    for (uint32_t i = 0; i < argument_count; i++) {
        if (type_is_state(arguments[i].type) && !takes_states(definition->name)) {
            struct slice text = type_name(arena, arguments[i].type);
            return err_new(ERR_ARGUMENT_TYPE, "Illegal type %.*s of argument %u of function %s", SLICE_ARG(text), i + 1,
                           definition->name);
        }
    }
    struct function *function = ARENA_NEW(arena, struct function);
    struct function_argument *bare = ARENA_ARRAY(arena, struct function_argument, argument_count + 1);
    const struct type **types = ARENA_ARRAY(arena, const struct type *, argument_count + 1);
    if (function == NULL || bare == NULL || types == NULL) {
        return arena_error(arena);
    }
    bool own_nulls = (definition->flags & FUNCTION_NULLS) != 0;
    bool nullable = false;
    bool nothing = false;
    bool is_low = false;
    uint32_t low_count = 0;
    uint32_t full_count = 0;
    if (takes_by_kind(definition, arguments, argument_count)) {
        *out = function;
        return dynamic_resolve(arena, context, definition, arguments, argument_count, function);
    }
    for (uint32_t i = 0; i < argument_count; i++) {
        const struct type *type = arguments[i].type;
        if (type->view != TYPE_VIEW_NONE) {
            OR_DONE(check_view(arena, definition, type));
            own_nulls = true;
        }
        is_low |= type->low_cardinality;
        if (type->low_cardinality) {
            low_count += arguments[i].constant == NULL;
        } else {
            full_count += arguments[i].constant == NULL;
        }
        nothing |= type->kind == TYPE_NOTHING;
        nullable |= type->nullable;
        type = (definition->flags & FUNCTION_RAW) != 0 ? type : type_low_cardinality(arena, type, false);
        if (type != NULL && !own_nulls && type->nullable && type->kind != TYPE_NOTHING) {
            type = type_nullable(arena, type, false);
        }
        if (type == NULL) {
            return arena_error(arena);
        }
        bare[i] = (struct function_argument){type, constant_as(arena, arguments[i].constant, type)};
        if (bare[i].constant == NULL && arguments[i].constant != NULL) {
            return arena_error(arena);
        }
        types[i] = type;
    }
    function->name = definition->name;
    function->flags = definition->flags | (own_nulls ? FUNCTION_NULLS : 0U);
    function->argument_count = argument_count;
    function->argument_types = types;
    function->context = context;
    if (context != NULL && context->marks != NULL && (definition->flags & FUNCTION_VOLATILE) != 0) {
        context->marks->is_volatile = true;
    }
    if (context != NULL && context->marks != NULL && (definition->flags & FUNCTION_CHANGES) != 0) {
        context->marks->changes = true;
    }
    if (nothing && !own_nulls) {
        function->type = function->inner = type_nullable(arena, type_simple(TYPE_NOTHING), nullable);
        function->evaluate = evaluate_null;
        function->flags |= FUNCTION_NULLS;
        *out = function;
        return function->type == NULL ? arena_error(arena) : NULL;
    }
    struct function_bind bind = {arena, context,        definition->name, definition->tag,
                                 bare,  argument_count, definition,       nullable};
    OR_DONE(definition->resolve(&bind, function));
    ASSERT(function->inner != NULL && function->evaluate != NULL);
    const struct type *type = function->inner;
    if (!own_nulls && nullable && !type->nullable && !type_is_nested(type)) {
        type = type_nullable(arena, type, true);
    }
    if (type != NULL && is_low && low_count <= 1 && full_count == 0 &&
        (function->flags & (FUNCTION_FULL | FUNCTION_VOLATILE)) == 0 && type_fits_low_cardinality(type)) {
        type = type_low_cardinality(arena, type, true);
    }
    if (type == NULL) {
        return arena_error(arena);
    }
    function->type = type;
    *out = function;
done:
    return err;
}
