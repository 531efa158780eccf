/*
 * access_query.c: SELECT: what a query may read, and what it may see of system tables.
 */
#include "server/access_query.h"

#include "server/access_model.h"
#include "server/objects.h"

/* System tables whose rows say nothing, or only what this user may see. */
static const char *const open_tables[] = {"one",
                                          "numbers",
                                          "numbers_mt",
                                          "zeros",
                                          "functions",
                                          "table_functions",
                                          "data_type_families",
                                          "formats",
                                          "table_engines",
                                          "database_engines",
                                          "aggregate_function_combinators",
                                          "time_zones",
                                          "collations",
                                          "privileges",
                                          "settings",
                                          "merge_tree_settings",
                                          "keywords",
                                          "build_options",
                                          "databases",
                                          "tables",
                                          "columns",
                                          "parts",
                                          "segments",
                                          "merges",
                                          "mutations",
                                          "dictionaries",
                                          "data_skipping_indices",
                                          "detached_parts",
                                          "holds",
                                          "sources",
                                          "offset_ledger",
                                          "quarantined_segments",
                                          "processes",
                                          "query_log",
                                          "live_queries",
                                          "current_roles",
                                          "enabled_roles",
                                          "quota_usage"};

/* Those that show users have privileges of their own, as in ClickHouse. */
static privileges needed_for(struct slice table)
{
    static const struct {
        const char *table;
        privileges set;
    } list[] = {
        {"users", PRIVILEGE(MAY_SHOW_USERS)},
        {"roles", PRIVILEGE(MAY_SHOW_ROLES)},
        {"grants", PRIVILEGE(MAY_SHOW_USERS) | PRIVILEGE(MAY_SHOW_ROLES)},
        {"role_grants", PRIVILEGE(MAY_SHOW_USERS) | PRIVILEGE(MAY_SHOW_ROLES)},
        {"quotas", PRIVILEGE(MAY_SHOW_QUOTAS)},
        {"quota_limits", PRIVILEGE(MAY_SHOW_QUOTAS)},
        {"quotas_usage", PRIVILEGE(MAY_SHOW_QUOTAS)},
        {"settings_profiles", PRIVILEGE(MAY_SHOW_PROFILES)},
        {"settings_profile_elements", PRIVILEGE(MAY_SHOW_PROFILES)},
    };
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        if (slice_equal(table, slice_text(list[i].table))) {
            return list[i].set;
        }
    }
    return 0;
}

static bool is_open(struct slice database, struct slice table)
{
    if (slice_is_word(database, "information_schema")) {
        return true;
    }
    for (size_t i = 0; slice_equal(database, slice_text("system")) && i < sizeof(open_tables) / sizeof(open_tables[0]);
         i++) {
        if (slice_equal(table, slice_text(open_tables[i]))) {
            return true;
        }
    }
    return false;
}

/* Errors about a table that the user must not know of name no column that the statement does not. */
static bool is_said(const struct execution *execution, struct slice column)
{
    struct slice text = execution->bind.text;
    return text.length >= column.length && column.length > 0 &&
           memmem(text.data, text.length, column.data, column.length) != NULL;
}

static struct err *check_scan(struct execution *execution, const struct plan *plan)
{
    const struct table_source *source = plan->source;
    const struct access_session *access = execution->access;
    struct right_on on = {.database = source->database, .table = source->name};
    if (source->database.length == 0 || is_open(source->database, source->name)) {
        return NULL; /* temporary tables and table functions have no database */
    }
    privileges needed = slice_equal(source->database, slice_text("system")) ? needed_for(source->name) : 0;
    if (needed != 0) {
        return access_check(access, needed, (struct right_on){0});
    }
    if (plan->column_count == 0 && !access_may_some(access, PRIVILEGE(MAY_SELECT), on)) {
        return access_check(access, PRIVILEGE(MAY_SELECT), on); /* count() needs one column, whichever */
    }
    struct slice *columns = ARENA_ARRAY(execution->arena, struct slice, (size_t)plan->column_count + 1);
    if (columns == NULL) {
        return arena_error(execution->arena);
    }
    bool known = access_sees(access, on);
    uint32_t said = 0;
    for (uint32_t c = 0; c < plan->column_count; c++) {
        struct slice name = source->columns[plan->source_columns[c]].name;
        if (known || is_said(execution, name)) {
            columns[said++] = name;
        }
    }
    return known ? access_check_columns(access, PRIVILEGE(MAY_SELECT), on, columns, said)
                 : access_deny(access, PRIVILEGE(MAY_SELECT), on, columns, said);
}

static struct err *check_plan(struct execution *execution, const struct plan *plan, struct slice except_database,
                              struct slice except_table)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < plan->input_count; i++) {
        OR_DONE(check_plan(execution, plan->inputs[i], except_database, except_table));
    }
    if (plan->kind == PLAN_SCAN && !(except_table.length > 0 && slice_equal(plan->source->database, except_database) &&
                                     slice_equal(plan->source->name, except_table))) {
        err = check_scan(execution, plan);
    }
done:
    return err;
}

struct err *access_bind(struct execution *execution, const struct bind_options *bind, const struct ast_query *query,
                        struct slice except_database, struct slice except_table, struct query_plan *out)
{
    struct err *err = NULL;
    bool late = execution->checks_late;
    execution->checks_late = true;
    execution->unknown_database = execution->unknown_table = (struct slice){0};
    err = bind_query(execution->arena, bind, query, out);
    execution->checks_late = late;
    if (err != NULL && execution->unknown_table.length > 0) {
        /* what the error says of a table that the user must not know of stays here */
        err_free(err);
        const struct right_on on = {.database = execution->unknown_database, .table = execution->unknown_table};
        err = access_check(execution->access, PRIVILEGE(MAY_SELECT), on);
    }
    if (err != NULL || execution->access == access_everything(execution->server->access)) {
        return err;
    }
    OR_DONE(check_plan(execution, out->plan, except_database, except_table));
    for (uint32_t k = 0; k < out->subquery_count; k++) {
        OR_DONE(check_plan(execution, out->subqueries[k].plan, except_database, except_table));
    }
done:
    return err;
}

struct err *execution_bind(struct execution *execution, const struct ast_query *query, struct query_plan *out)
{
    return access_bind(execution, &execution->bind, query, (struct slice){0}, (struct slice){0}, out);
}

struct err *access_may_know(struct execution *execution, struct slice database, struct slice table)
{
    const struct right_on on = {.database = database, .table = table};
    if (access_sees(execution->access, on)) {
        return NULL;
    }
    if (execution->checks_late) {
        if (execution->unknown_table.length == 0) {
            execution->unknown_database = database;
            execution->unknown_table = table;
        }
        return NULL;
    }
    return access_check(execution->access, PRIVILEGE(MAY_SELECT), on);
}

struct err *access_may_use_view(struct execution *execution, struct slice database, struct slice view)
{
    const struct right_on on = {.database = database, .table = view};
    return access_check(execution->access, PRIVILEGE(MAY_SELECT), on);
}

/* ---- query_rights.h */

static bool sees(const void *user, struct slice database, struct slice table, struct slice column)
{
    const struct execution *execution = user;
    return access_sees(execution->access, (struct right_on){database, table, column});
}

/* Others' only with SELECT granted on that table. */
static bool sees_queries(const void *user, struct slice system_table, struct slice name)
{
    const struct execution *execution = user;
    const struct right_on on = {.database = slice_text("system"), .table = system_table};
    return slice_equal(name, access_session_user(execution->access)) ||
           access_may(execution->access, PRIVILEGE(MAY_SELECT), on);
}

static struct err *calls(const void *user, struct slice function)
{
    const struct execution *execution = user;
    privileges set = slice_is_word(function, "file")     ? PRIVILEGE(MAY_READ_FILE)
                     : slice_is_word(function, "kafka")  ? PRIVILEGE(MAY_READ_KAFKA)
                     : slice_is_word(function, "url")    ? PRIVILEGE(MAY_READ_URL)
                     : slice_is_word(function, "remote") ? PRIVILEGE(MAY_READ_REMOTE)
                                                         : 0;
    return set == 0 ? NULL : access_check(execution->access, set, (struct right_on){0});
}

static struct err *looks_up(const void *user, struct slice database, struct slice dictionary)
{
    const struct execution *execution = user;
    return access_check(execution->access, PRIVILEGE(MAY_DICT_GET),
                        (struct right_on){.database = database, .table = dictionary});
}

void access_query_init(struct execution *execution)
{
    execution->rights = (struct query_rights){
        .user = execution, .sees = sees, .sees_queries = sees_queries, .calls = calls, .looks_up = looks_up};
    execution->context.rights =
        execution->access == access_everything(execution->server->access) ? NULL : &execution->rights;
}

const struct access_session *access_of_rights(const struct query_rights *rights)
{
    return rights == NULL ? NULL : ((const struct execution *)rights->user)->access;
}

const char *access_address_of_rights(const struct query_rights *rights)
{
    return rights == NULL ? "" : ((const struct execution *)rights->user)->process->address;
}
