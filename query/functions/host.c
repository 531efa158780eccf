/*
 * host.c: functions that ask who runs the query: getSetting, getSettingOrDefault, getServerSetting, hasColumnInTable,
 * currentRoles, enabledRoles, defaultRoles.
 *
 * All arguments are constants, and so is what they give. Where nobody runs a query (DEFAULT expressions, keys of tables)
 * they are refused, but for roles: nobody has none.
 */
#include "query/functions/functions.h"
#include "query/query_host.h"

#include "base/number.h"

#include <stdlib.h>

static struct err *evaluate_constant(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const(arena, function->inner, function->data, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *evaluate_argument(EVALUATE_ARGUMENTS)
{
    (void)function;
    (void)arena;
    (void)row_count;
    *out = (struct column *)(uintptr_t)arguments[1];
    return NULL;
}

static struct err *find_host(const struct function_bind *bind, const struct query_host **out)
{
    const struct function_context *context = bind->context;
    *out = context == NULL ? NULL : context->host_asks;
    if (*out == NULL) {
        return err_new(ERR_NOT_IMPLEMENTED, "the function %s is for queries, not for what tables are defined with",
                       bind->name);
    }
    if (context->marks != NULL) {
        context->marks->asks_query = true;
    }
    return NULL;
}

/* The type that a literal of that number has. */
static const struct type *natural_type(uint64_t value)
{
    return type_simple(value <= UINT8_MAX    ? TYPE_UINT8
                       : value <= UINT16_MAX ? TYPE_UINT16
                       : value <= UINT32_MAX ? TYPE_UINT32
                                             : TYPE_UINT64);
}

static const struct type *integer_type(int64_t value)
{
    return type_simple(value == (int8_t)value    ? TYPE_INT8
                       : value == (int16_t)value ? TYPE_INT16
                       : value == (int32_t)value ? TYPE_INT32
                                                 : TYPE_INT64);
}

/* The setting's text as a value of its type: Bools, fractions, whole numbers in as few bytes as they need, else text. */
static struct err *setting_value(const struct function_bind *bind, struct function *out, struct slice value,
                                 const char *type)
{
    static const char *const texts[] = {"String", "Char", "Timezone", "Map"};
    static const char *const fractions[] = {"Float", "Double", "Seconds"};
    uint64_t natural;
    int64_t integer;
    double number;
    bool is_text = false, is_fraction = false;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        is_text = is_text || strcmp(type, texts[i]) == 0;
    }
    for (size_t i = 0; i < sizeof(fractions) / sizeof(fractions[0]); i++) {
        is_fraction = is_fraction || strcmp(type, fractions[i]) == 0;
    }
    void *data = arena_zalloc(bind->arena, sizeof(struct slice));
    if (data == NULL) {
        return arena_error(bind->arena);
    }
    out->evaluate = evaluate_constant;
    out->data = data; /* numbers lie little-endian, so that the first bytes are the narrow one */
    if (strcmp(type, "Bool") == 0 && number_parse_u64(value, &natural)) {
        *(uint8_t *)data = natural != 0;
        out->inner = type_simple(TYPE_BOOL);
    } else if (is_fraction && number_parse_double(value, &number)) {
        *(double *)data = number;
        out->inner = type_simple(TYPE_FLOAT64);
    } else if (strcmp(type, "Int64") == 0 && number_parse_i64(value, &integer)) {
        *(int64_t *)data = integer;
        out->inner = integer_type(integer);
    } else if (!is_text && number_parse_u64(value, &natural)) {
        *(uint64_t *)data = natural;
        out->inner = natural_type(natural);
    } else {
        *(struct slice *)data = value;
        out->inner = type_simple(TYPE_STRING);
    }
    return NULL;
}

enum { OF_QUERY, OF_QUERY_OR, OF_SERVER };

static struct err *resolve_setting(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct query_host *host;
    struct slice name, value = {0};
    const char *type = "String";
    if (bind->arguments[0].type->kind != TYPE_STRING) {
        return argument_error(bind, 0, "the name of a setting is needed");
    }
    OR_DONE(argument_constant_text(bind, 0, &name));
    OR_DONE(find_host(bind, &host));
    OR_DONE(host->setting(host->user, bind->arena, bind->tag == OF_SERVER, name, &value, &type));
    if (value.data != NULL) {
        err = setting_value(bind, out, value, type);
    } else if (bind->tag != OF_QUERY_OR) {
        err = err_new(ERR_UNKNOWN_SETTING, "Unknown setting '%.*s'", SLICE_ARG(name));
    } else if (bind->arguments[1].constant == NULL) {
        err = argument_error(bind, 1, "a constant is needed");
    } else {
        out->inner = bind->arguments[1].constant->type;
        out->evaluate = evaluate_argument;
    }
done:
    return err;
}

static struct err *resolve_has_column(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct query_host *host;
    struct slice texts[3];
    bool has = false;
    uint8_t *result = ARENA_NEW(bind->arena, uint8_t);
    if (result == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t i = 0; i < 3; i++) {
        OR_DONE(argument_constant_text(bind, i, &texts[i]));
    }
    OR_DONE(find_host(bind, &host));
    OR_DONE(host->has_column(host->user, bind->arena, texts[0], texts[1], texts[2], &has));
    *result = has;
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_constant;
    out->data = result;
done:
    return err;
}

/* --- roles -------------------------------------------------------------------------------------------------------- */

static int order_names(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static struct err *evaluate_roles(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    struct column *column = ARENA_NEW(arena, struct column);
    if (column == NULL) {
        return arena_error(arena);
    }
    *column = *(const struct column *)function->data;
    column->row_count = row_count;
    *out = column;
    return NULL;
}

static struct err *resolve_roles(const struct function_bind *bind, struct function *out)
{
    const struct function_context *context = bind->context;
    const struct query_host *host = context == NULL ? NULL : context->host_asks;
    const struct slice *names = NULL;
    uint32_t count = 0;
    if (host != NULL) {
        names = host->roles(host->user, bind->arena, (enum query_roles)bind->tag, &count);
        if (names == NULL) {
            return arena_error(bind->arena);
        }
        if (context->marks != NULL) {
            context->marks->asks_query = true;
        }
    }
    out->inner = type_array(bind->arena, type_simple(TYPE_STRING));
    struct column *texts = column_new(bind->arena, type_simple(TYPE_STRING), count);
    struct column *column = ARENA_NEW(bind->arena, struct column);
    struct column **children = ARENA_NEW(bind->arena, struct column *);
    uint32_t *offsets = ARENA_ARRAY(bind->arena, uint32_t, 2);
    if (out->inner == NULL || texts == NULL || column == NULL || children == NULL || offsets == NULL) {
        return arena_error(bind->arena);
    }
    struct slice *values = texts->values;
    for (uint32_t i = 0; i < count; i++) {
        values[i] = arena_slice(bind->arena, names[i]); /* a role may be dropped while the query runs */
        if (values[i].data == NULL) {
            return arena_error(bind->arena);
        }
    }
    if (count > 0) {
        qsort(values, count, sizeof(*values), order_names);
    }
    offsets[0] = 0;
    offsets[1] = count;
    children[0] = texts;
    *column = (struct column){
        .type = out->inner, .form = COLUMN_CONST, .row_count = 1, .offsets = offsets, .children = children};
    out->data = column;
    out->evaluate = evaluate_roles;
    return NULL;
}

/* --- tcpPort ------------------------------------------------------------------------------------------------------ */

static struct err *evaluate_port(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const(arena, function->inner, function->data, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_port(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct query_host *host = NULL;
    uint16_t *port = ARENA_NEW(bind->arena, uint16_t);
    if (port == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(find_host(bind, &host));
    *port = (uint16_t)host->native_port;
    out->inner = type_simple(TYPE_UINT16);
    out->data = port;
    out->evaluate = evaluate_port;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"tcpPort", true, 0, 0, 0, resolve_port, 0},
    {"getSetting", false, 1, 1, FUNCTION_FULL, resolve_setting, OF_QUERY},
    {"getSettingOrDefault", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_setting, OF_QUERY_OR},
    {"getServerSetting", false, 1, 1, FUNCTION_FULL, resolve_setting, OF_SERVER},
    {"hasColumnInTable", false, 3, 3, FUNCTION_FULL, resolve_has_column, 0},
    {"currentRoles", false, 0, 0, 0, resolve_roles, QUERY_ROLES_CURRENT},
    {"enabledRoles", false, 0, 0, 0, resolve_roles, QUERY_ROLES_ENABLED},
    {"defaultRoles", false, 0, 0, 0, resolve_roles, QUERY_ROLES_DEFAULT},
};
const struct function_group functions_host = {
    definitions, sizeof(definitions) / sizeof(definitions[0]), NULL, 0, NULL, 0};
