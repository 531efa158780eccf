/*
 * query_asks.c: see query_asks.h, query/query_host.h.
 *
 * setting  one that something here looks at is read from struct settings; of the others, which clients send and nothing
 *          looks at, the last word counts: the request's or statement's, the session's, the user's, the default
 * thread   the request's query thread; those that make rows of system tables, while it waits
 */
#include "server/query_asks.h"

#include "server/access_model.h"
#include "server/access_query.h"
#include "server/objects.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/table.h"

/* What was said of a setting that nothing here looks at. */
static struct slice said_of(const struct execution *execution, struct slice name, const char *fallback)
{
    struct slice other, value;
    struct access_setting ruled;
    for (size_t at = 0; texts_next(&execution->changed, &at, &other) && texts_next(&execution->changed, &at, &value);) {
        if (slice_equal(other, name)) {
            return value;
        }
    }
    const struct texts *sent = &execution->process->settings; /* where `changed` moved when the statement was known */
    for (size_t at = 0; texts_next(sent, &at, &other) && texts_next(sent, &at, &value);) {
        if (slice_equal(other, name)) {
            return value;
        }
    }
    value = execution->session == NULL ? (struct slice){0} : session_setting(execution->session, name);
    if (value.data == NULL) {
        access_setting_find(execution->access, name, &ruled);
        value = ruled.value;
    }
    return value.data == NULL ? slice_text(fallback) : value;
}

void execution_print_setting(const struct execution *execution, uint32_t index,
                             const struct setting_description *setting, struct buffer *out)
{
    if (!settings_print(&execution->settings, index, out)) {
        buffer_slice(out, said_of(execution, slice_text(setting->name), setting->fallback));
    }
}

static struct err *find_server_setting(struct execution *execution, struct slice name, struct buffer *text,
                                       const char **type, bool *found)
{
    struct config_key key;
    *found = false;
    for (uint32_t k = 0; !*found && config_describe(&execution->server->config, k, &key, text); k++) {
        *found = slice_equal(slice_text(key.name), name);
        *type = key.type;
        text->length = *found ? text->length : 0;
    }
    const struct right_on on = {.database = slice_text("system"), .table = slice_text("server_settings")};
    return access_check(execution->access, PRIVILEGE(MAY_SELECT), on); /* as the table is read */
}

static struct err *setting(void *user, struct arena *arena, bool of_server, struct slice name, struct slice *value,
                           const char **type)
{
    struct err *err = NULL;
    struct execution *execution = user;
    struct setting_description described;
    struct buffer text = {0};
    uint32_t index;
    bool found = false;
    *value = (struct slice){0};
    if (of_server) {
        OR_DONE(find_server_setting(execution, name, &text, type, &found));
    } else if (settings_find(name, &index, &described)) {
        execution_print_setting(execution, index, &described, &text);
        *type = described.type;
        found = true;
    }
    if (text.failed) {
        err = err_oom();
    } else if (found) {
        *value = text.length == 0 ? slice_text("") : arena_slice(arena, buffer_all(&text));
        err = value->data == NULL ? arena_error(arena) : NULL;
    }
done:
    buffer_deinit(&text);
    return err;
}

static struct err *has_column(void *user, struct arena *arena, struct slice database, struct slice table,
                              struct slice column, bool *has)
{
    struct err *err = NULL;
    struct execution *execution = user;
    struct ast_statement *statement = NULL;
    struct query_plan plan;
    struct table *stored = NULL;
    struct table_def *def = NULL;
    struct slice quoted_database = sql_identifier(arena, database), quoted_table = sql_identifier(arena, table);
    char *database_text = arena_text(arena, database), *table_text = arena_text(arena, table);
    char *text =
        quoted_database.data == NULL || quoted_table.data == NULL || database_text == NULL || table_text == NULL
            ? NULL
            : arena_format(arena, "SELECT * FROM %.*s.%.*s", SLICE_ARG(quoted_database), SLICE_ARG(quoted_table));
    if (text == NULL) {
        return arena_error(arena);
    }
    const struct right_on on = {.database = database, .table = table, .column = column};
    if (!slice_equal(database, slice_text("system")) && !builtin_database(database)) {
        OR_DONE(access_check(execution->access, PRIVILEGE(MAY_SHOW_COLUMNS), on));
    }
    *has = false;
    stored = catalogue_table_find(execution->server->store->catalogue, database_text, table_text);
    if (stored != NULL) { /* all that it has: * gives less */
        def = table_definition(stored);
        for (uint32_t k = 0; k < def->column_count + def->computed_count && !*has; k++) {
            *has = slice_equal(slice_text(table_def_column(def, k)->name), column);
        }
        goto done;
    }
    struct bind_options bind = execution->bind;
    bind.text = slice_text(text);
    OR_DONE(parse_query(arena, bind.text, (uint32_t)bind.text.length + 1, &statement));
    OR_DONE(bind_query(arena, &bind, statement->query, &plan));
    for (uint32_t k = 0; k < plan.plan->column_count && !*has; k++) {
        *has = slice_equal(plan.plan->columns[k].name, column);
    }
done:
    table_def_unref(def);
    table_unref(stored);
    return err;
}

static const struct slice *roles(void *user, struct arena *arena, enum query_roles which, uint32_t *count)
{
    const struct execution *execution = user;
    const struct access_session *session = execution->access;
    if (which != QUERY_ROLES_DEFAULT) {
        const struct slice *names = access_session_enabled(session, which == QUERY_ROLES_CURRENT, count);
        return names == NULL ? ARENA_ARRAY(arena, struct slice, 1) : names;
    }
    const struct access_thing *thing = access_session_thing(session);
    struct slice *names = ARENA_ARRAY(arena, struct slice, (size_t)thing->role_count + 1);
    *count = 0;
    for (uint32_t i = 0; names != NULL && i < thing->role_count; i++) {
        if (access_role_is_default(thing, thing->roles[i].name)) {
            names[(*count)++] = thing->roles[i].name;
        }
    }
    return names;
}

void query_asks_init(struct execution *execution)
{
    execution->host = (struct query_host){.format = &execution->settings.format,
                                          .native_port = execution->server->config.native_port,
                                          .user = execution,
                                          .setting = setting,
                                          .has_column = has_column,
                                          .roles = roles};
    execution->context.host_asks = execution->request == NULL ? NULL : &execution->host;
}

const struct execution *execution_of_context(const struct function_context *context)
{
    return context == NULL || context->host_asks == NULL ? NULL : context->host_asks->user;
}
