/*
 * live_spec.c: what is asked by a live query, and for whom; subscriptions as clients write them, in JSON.
 *
 * identity  all that the answer depends on but for the tables' rows: text, parameters, settings, database, user, roles,
 *           and the interval. Compared as bytes.
 * thread    any
 */
#include "server/live_private.h"

#include "server/access.h"
#include "server/secrets.h"
#include "server/live_tail.h"
#include "sql/parser.h"
#include "storage/column.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#define PARAMETERS_MAX 1000U

/* ---- specs */

static void put(struct buffer *out, struct slice part)
{
    uint64_t length = part.length;
    buffer_append(out, &length, sizeof(length));
    buffer_slice(out, part);
}

static struct err *make_identity(struct live_spec *spec)
{
    struct buffer bytes = {0};
    uint32_t count;
    const struct slice *roles = access_session_enabled(spec->access, true, &count);
    put(&bytes, spec->text);
    put(&bytes, spec->database);
    put(&bytes, spec->user);
    buffer_append(&bytes, &spec->min_interval_us, sizeof(spec->min_interval_us));
    buffer_append(&bytes, &count, sizeof(count));
    for (uint32_t i = 0; i < count; i++) {
        put(&bytes, roles[i]);
    }
    buffer_append(&bytes, &spec->setting_count, sizeof(spec->setting_count));
    for (uint32_t i = 0; i < spec->setting_count; i++) {
        put(&bytes, spec->settings[i].name);
        put(&bytes, spec->settings[i].value);
    }
    for (uint32_t i = 0; i < spec->parameter_count; i++) {
        put(&bytes, spec->parameters[i].name);
        put(&bytes, spec->parameters[i].value);
    }
    struct err *err = bytes.failed ? err_oom() : NULL;
    if (err == NULL) {
        spec->identity = arena_slice(spec->arena, buffer_all(&bytes));
        spec->hash = XXH3_64bits(bytes.data, bytes.length);
        err = spec->identity.data == NULL ? arena_error(spec->arena) : NULL;
    }
    buffer_deinit(&bytes);
    return err;
}

static struct slice copy(struct arena *arena, struct slice text, bool *failed)
{
    char *to = arena_text(arena, text);
    *failed = *failed || to == NULL;
    return slice_of(to == NULL ? "" : to, to == NULL ? 0 : text.length);
}

static struct err *copy_lists(struct arena *arena, const struct live_setting *settings, uint32_t setting_count,
                              const struct bind_parameter *parameters, uint32_t parameter_count,
                              struct live_setting **out_settings, struct bind_parameter **out_parameters)
{
    bool failed = false;
    *out_settings = ARENA_ARRAY(arena, struct live_setting, (size_t)setting_count + 1);
    *out_parameters = ARENA_ARRAY(arena, struct bind_parameter, (size_t)parameter_count + 1);
    if (*out_settings == NULL || *out_parameters == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < setting_count; i++) {
        (*out_settings)[i] =
            (struct live_setting){copy(arena, settings[i].name, &failed), copy(arena, settings[i].value, &failed)};
    }
    for (uint32_t i = 0; i < parameter_count; i++) {
        (*out_parameters)[i] = (struct bind_parameter){copy(arena, parameters[i].name, &failed),
                                                       copy(arena, parameters[i].value, &failed)};
    }
    return failed ? arena_error(arena) : NULL;
}

static uint64_t within(uint64_t interval_us)
{
    return interval_us < LIVE_INTERVAL_US_MIN   ? LIVE_INTERVAL_US_MIN
           : interval_us > LIVE_INTERVAL_US_MAX ? LIVE_INTERVAL_US_MAX
                                                : interval_us;
}

/* What cannot be parsed says so when it is run. */
static void read_emit(struct live *live, struct live_spec *spec)
{
    struct ast_statement *statement = NULL;
    struct arena *arena = arena_create(&live->budget);
    struct err *err =
        arena == NULL ? NULL : parse_query(arena, spec->text, (uint32_t)spec->text.length + 1, &statement);
    if (err == NULL && statement != NULL) {
        spec->rows = statement->emit == AST_EMIT_ROWS;
        spec->last = statement->emit_since != NULL ? LIVE_TAIL_ROWS : statement->emit_last;
        spec->every_rows = statement->emit_rows;
        spec->every_us = statement->emit_us;
    }
    err_free(err);
    arena_destroy(arena);
}

struct err *live_spec_create(struct live *live, const struct live_context *context, struct slice text,
                             struct slice database, const struct live_setting *settings, uint32_t setting_count,
                             const struct bind_parameter *parameters, uint32_t parameter_count,
                             uint64_t min_interval_us, struct live_spec **out)
{
    struct err *err = NULL;
    bool failed = false;
    struct live_setting *own_settings;
    struct bind_parameter *own_parameters;
    struct live_spec *spec = NULL;
    struct arena *arena = arena_create(&live->budget);
    if (arena == NULL || (spec = ARENA_NEW(arena, struct live_spec)) == NULL) {
        err = arena == NULL ? err_oom() : arena_error(arena);
        arena_destroy(arena);
        return err;
    }
    spec->arena = arena;
    spec->access = access_session_ref(context->access);
    spec->text = copy(arena, text, &failed);
    spec->database = copy(arena, database, &failed);
    spec->user = copy(arena, access_session_user(context->access), &failed);
    spec->address = copy(arena, context->address, &failed);
    spec->shown = secrets_hide(arena, spec->text);
    spec->min_interval_us = within(min_interval_us);
    if (failed || spec->shown.data == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(copy_lists(arena, settings, setting_count, parameters, parameter_count, &own_settings, &own_parameters));
    spec->settings = own_settings;
    spec->setting_count = setting_count;
    spec->parameters = own_parameters;
    spec->parameter_count = parameter_count;
    OR_DONE(make_identity(spec));
    read_emit(live, spec);
    *out = spec;
    spec = NULL;
done:
    live_spec_free(spec);
    return err;
}

void live_spec_free(struct live_spec *spec)
{
    if (spec != NULL) {
        access_session_unref(spec->access);
        arena_destroy(spec->arena);
    }
}

struct err *live_context_copy(struct live *live, const struct live_context *from, struct live_context **out)
{
    struct err *err = NULL;
    bool failed = false;
    struct live_setting *settings;
    struct bind_parameter *parameters;
    struct live_context *context = NULL;
    struct arena *arena = arena_create(&live->budget);
    if (arena == NULL || (context = ARENA_NEW(arena, struct live_context)) == NULL) {
        err = arena == NULL ? err_oom() : arena_error(arena);
        arena_destroy(arena);
        return err;
    }
    *context = *from;
    context->arena = arena;
    context->access = access_session_ref(from->access);
    context->database = copy(arena, from->database, &failed);
    context->address = copy(arena, from->address, &failed);
    if (failed) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(copy_lists(arena, from->settings, from->setting_count, from->parameters, from->parameter_count, &settings,
                       &parameters));
    context->settings = settings;
    context->parameters = parameters;
    *out = context;
    context = NULL;
done:
    live_context_free(context);
    return err;
}

void live_context_free(struct live_context *context)
{
    if (context != NULL) {
        access_session_unref(context->access);
        arena_destroy(context->arena);
    }
}

void live_wish_free(struct live_wish *wish)
{
    if (wish != NULL) {
        live_spec_free(wish->spec);
        free(wish->id);
        free(wish);
    }
}

/* ---- JSON */

static struct slice text_of(const json_t *value)
{
    return slice_of(json_string_value(value), json_string_length(value));
}

/* A string, number or Bool as the text of a setting or parameter. */
static struct err *value_text(struct arena *arena, const char *of, const char *name, const json_t *value,
                              struct slice *out)
{
    if (json_is_string(value)) {
        *out = text_of(value);
        return NULL;
    }
    char *text = json_is_boolean(value)   ? arena_text(arena, slice_text(json_is_true(value) ? "1" : "0"))
                 : json_is_integer(value) ? arena_format(arena, "%lld", (long long)json_integer_value(value))
                 : json_is_real(value)    ? arena_format(arena, "%.17g", json_real_value(value))
                                          : NULL;
    if (text == NULL) {
        return json_is_number(value) || json_is_boolean(value)
                   ? arena_error(arena)
                   : err_new(ERR_BAD_ARGUMENTS, "\"%s\" of a subscription: \"%.100s\" is no string, number or Bool", of,
                             name);
    }
    *out = slice_text(text);
    return NULL;
}

struct lists {
    struct live_setting *settings;
    uint32_t setting_count;
    struct bind_parameter *parameters;
    uint32_t parameter_count;
};

static struct err *read_lists(struct arena *arena, const struct live_context *context, const json_t *parameters,
                              const json_t *settings, struct lists *out)
{
    struct err *err = NULL;
    const char *name;
    json_t *value;
    size_t most_settings = context->setting_count + json_object_size(settings);
    size_t most_parameters = context->parameter_count + json_object_size(parameters);
    if (most_settings > PARAMETERS_MAX || most_parameters > PARAMETERS_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "a subscription has more than %u parameters or settings", PARAMETERS_MAX);
    }
    out->settings = ARENA_ARRAY(arena, struct live_setting, most_settings + 1);
    out->parameters = ARENA_ARRAY(arena, struct bind_parameter, most_parameters + 1);
    if (out->settings == NULL || out->parameters == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < context->setting_count; i++) {
        out->settings[out->setting_count++] = context->settings[i];
    }
    json_object_foreach((json_t *)(uintptr_t)settings, name, value)
    {
        struct live_setting *setting = &out->settings[out->setting_count];
        setting->name = slice_text(name);
        OR_DONE(value_text(arena, "settings", name, value, &setting->value));
        out->setting_count++;
    }
    json_object_foreach((json_t *)(uintptr_t)parameters, name, value)
    { /* the first of a name counts */
        struct bind_parameter *parameter = &out->parameters[out->parameter_count];
        parameter->name = slice_text(name);
        OR_DONE(value_text(arena, "parameters", name, value, &parameter->value));
        out->parameter_count++;
    }
    for (uint32_t i = 0; i < context->parameter_count; i++) {
        out->parameters[out->parameter_count++] = context->parameters[i];
    }
done:
    return err;
}

static struct err *check_members(const json_t *object)
{
    static const char *const names[] = {"id", "query", "parameters", "settings", "min_interval_ms", "database", "type"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        bool known = false;
        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
            known = known || strcmp(name, names[k]) == 0;
        }
        if (!known) {
            return err_new(ERR_BAD_ARGUMENTS,
                           "a subscription has no member \"%.100s\"; there are id, query, parameters, settings, "
                           "min_interval_ms, database",
                           name);
        }
    }
    return NULL;
}

struct err *live_wish_read(struct live *live, const struct live_context *context, const struct json_t *object,
                           struct live_wish **out)
{
    struct err *err = NULL;
    struct lists lists = {0};
    const json_t *id = json_object_get(object, "id"), *query = json_object_get(object, "query");
    const json_t *parameters = json_object_get(object, "parameters"), *settings = json_object_get(object, "settings");
    const json_t *interval = json_object_get(object, "min_interval_ms"),
                 *database = json_object_get(object, "database");
    struct live_wish *wish = calloc(1, sizeof(*wish));
    struct arena *arena = arena_create(&live->budget);
    if (wish == NULL || arena == NULL) {
        err = err_oom();
        goto done;
    }
    if (!json_is_object(object)) {
        err = err_new(ERR_BAD_ARGUMENTS, "a subscription must be a JSON object");
        goto done;
    }
    OR_DONE(check_members(object));
    if (!json_is_string(query) || json_string_length(query) == 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "a subscription needs \"query\", a string");
    } else if (id != NULL && (!json_is_string(id) || json_string_length(id) > LIVE_ID_MAX ||
                              strlen(json_string_value(id)) != json_string_length(id))) {
        err = err_new(ERR_BAD_ARGUMENTS, "\"id\" of a subscription must be a string of at most %u bytes", LIVE_ID_MAX);
    } else if ((parameters != NULL && !json_is_object(parameters)) || (settings != NULL && !json_is_object(settings))) {
        err = err_new(ERR_BAD_ARGUMENTS, "\"parameters\" and \"settings\" of a subscription must be objects");
    } else if (interval != NULL && (!json_is_integer(interval) || json_integer_value(interval) < 0)) {
        err = err_new(ERR_BAD_ARGUMENTS, "\"min_interval_ms\" of a subscription must be a number of milliseconds");
    } else if (database != NULL && !json_is_string(database)) {
        err = err_new(ERR_BAD_ARGUMENTS, "\"database\" of a subscription must be a string");
    } else if (json_string_length(query) > live->server->config.http_head_bytes_max * 16U) {
        err = err_new(ERR_BAD_ARGUMENTS, "\"query\" of a subscription is too long");
    }
    OR_DONE(err);
    OR_DONE(read_lists(arena, context, parameters, settings, &lists));
    uint64_t interval_ms = interval == NULL ? context->min_interval_us / 1000 : (uint64_t)json_integer_value(interval);
    wish->id = strdup(id == NULL ? "" : json_string_value(id));
    if (wish->id == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(live_spec_create(live, context, text_of(query), database == NULL ? context->database : text_of(database),
                             lists.settings, lists.setting_count, lists.parameters, lists.parameter_count,
                             interval_ms > LIVE_INTERVAL_US_MAX / 1000 ? LIVE_INTERVAL_US_MAX : interval_ms * 1000,
                             &wish->spec));
    *out = wish;
    wish = NULL;
done:
    arena_destroy(arena);
    live_wish_free(wish);
    return err;
}
