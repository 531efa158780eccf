/*
 * system_access.c: users, roles, grants, quotas and settings profiles as tables, with ClickHouse's columns.
 *
 * rights   those that show everybody's need SHOW USERS, SHOW ROLES, … (access_query.c); current_roles, enabled_roles and
 *          quota_usage show the user's own
 * secrets  none: auth_params is '{}'
 */
#include "server/access.h"
#include "server/access_model.h"
#include "server/access_query.h"
#include "server/system_tables.h"

#include <stdio.h>

static void put(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value));
}

static void put_storage(struct source_rows *rows, uint32_t column, const struct access_thing *thing)
{
    put(rows, column, thing->fixed ? "users_xml" : "local_directory");
}

/* apply_to_all, apply_to_list, apply_to_except */
static void put_to(struct source_rows *rows, uint32_t column, const struct ast_names *names)
{
    source_row_uint(rows, column, names->all);
    for (uint32_t i = 0; i < names->count; i++) {
        source_row_element(rows, column + 1, names->names[i]);
    }
    for (uint32_t i = 0; i < names->except_count; i++) {
        source_row_element(rows, column + 2, names->except[i]);
    }
}

/* Each thing of the kinds (bits); rows are put and ended by `row`. */
struct walk {
    struct source_rows *rows;
    struct arena *arena;
    bool stop;
    struct err *err;
};

static struct err *each(struct table_source *source, struct arena *arena, const struct source_request *request,
                        struct source_output *output, unsigned kinds,
                        void (*row)(struct walk *walk, const struct access_thing *thing))
{
    struct err *err = NULL;
    struct walk walk = {.arena = arena};
    struct access_model *model = access_current(system_server()->access);
    OR_DONE(source_rows_begin(source, arena, request, output, &walk.rows));
    for (uint32_t i = 0; i < model->count && !walk.stop && walk.err == NULL; i++) {
        if ((kinds & 1U << model->things[i]->kind) != 0) {
            row(&walk, model->things[i]);
        }
    }
    OR_DONE(walk.err);
    err = source_rows_end(walk.rows);
done:
    access_model_unref(model);
    return err;
}

static void end_row(struct walk *walk)
{
    if (walk->err == NULL && !walk->stop) {
        walk->err = source_row_end(walk->rows, &walk->stop);
    }
}

/* ---- users, roles */

static const char *const user_columns[] = {"name",
                                           "String",
                                           "id",
                                           "UUID",
                                           "storage",
                                           "String",
                                           "auth_type",
                                           "Array(String)",
                                           "auth_params",
                                           "Array(String)",
                                           "host_ip",
                                           "Array(String)",
                                           "host_names",
                                           "Array(String)",
                                           "host_names_regexp",
                                           "Array(String)",
                                           "host_names_like",
                                           "Array(String)",
                                           "default_roles_all",
                                           "UInt8",
                                           "default_roles_list",
                                           "Array(String)",
                                           "default_roles_except",
                                           "Array(String)",
                                           "grantees_any",
                                           "UInt8",
                                           "grantees_list",
                                           "Array(String)",
                                           "grantees_except",
                                           "Array(String)",
                                           "default_database",
                                           "String",
                                           NULL};

static void user_row(struct walk *walk, const struct access_thing *user)
{
    static const char *const methods[] = {[ACCESS_NO_PASSWORD] = "no_password",
                                          [ACCESS_ARGON2ID] = "argon2id_password",
                                          [ACCESS_SHA256] = "sha256_password",
                                          [ACCESS_DOUBLE_SHA1] = "double_sha1_password",
                                          [ACCESS_PLAIN] = "plaintext_password"};
    source_row_text(walk->rows, 0, user->name);
    source_row_uuid(walk->rows, 1, user->uuid);
    put_storage(walk->rows, 2, user);
    source_row_element(walk->rows, 3, slice_text(methods[user->method]));
    source_row_element(walk->rows, 4, slice_text("{}"));
    for (uint32_t i = 0; i < user->host_count; i++) {
        const struct ast_host *host = &user->hosts[i];
        if (host->kind == AST_HOST_IP || host->kind == AST_HOST_ANY) {
            source_row_element(walk->rows, 5, host->kind == AST_HOST_IP ? host->text : slice_text("::/0"));
        } else if (host->kind == AST_HOST_LOCAL) {
            source_row_element(walk->rows, 6, slice_text("localhost"));
        }
    }
    if (user->host_count == 0) {
        source_row_element(walk->rows, 5, slice_text("::/0"));
    }
    source_row_uint(walk->rows, 9, user->all_default);
    for (uint32_t i = 0; i < user->default_count; i++) {
        source_row_element(walk->rows, 10, user->default_roles[i]);
    }
    for (uint32_t i = 0; i < user->except_count; i++) {
        source_row_element(walk->rows, 11, user->default_except[i]);
    }
    source_row_uint(walk->rows, 12, 1);
    source_row_text(walk->rows, 15, user->default_database);
    end_row(walk);
}

static struct err *users(struct table_source *source, struct arena *arena, const struct source_request *request,
                         struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_USER, user_row);
}

static const char *const role_columns[] = {"name", "String", "id", "UUID", "storage", "String", NULL};

static void role_row(struct walk *walk, const struct access_thing *role)
{
    source_row_text(walk->rows, 0, role->name);
    source_row_uuid(walk->rows, 1, role->uuid);
    put_storage(walk->rows, 2, role);
    end_row(walk);
}

static struct err *roles(struct table_source *source, struct arena *arena, const struct source_request *request,
                         struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_ROLE, role_row);
}

/* ---- grants */

static const char *const grant_columns[] = {"user_name",
                                            "Nullable(String)",
                                            "role_name",
                                            "Nullable(String)",
                                            "access_type",
                                            "String",
                                            "database",
                                            "Nullable(String)",
                                            "table",
                                            "Nullable(String)",
                                            "column",
                                            "Nullable(String)",
                                            "is_partial_revoke",
                                            "UInt8",
                                            "grant_option",
                                            "UInt8",
                                            NULL};

static void put_grantee(struct walk *walk, const struct access_thing *thing)
{
    source_row_null(walk->rows, thing->kind == AST_USER ? 1 : 0);
    source_row_text(walk->rows, thing->kind == AST_USER ? 0 : 1, thing->name);
}

struct grant_walk {
    struct walk *walk;
    const struct access_thing *thing;
};

static void grant_line(void *user, const struct right_line *line)
{
    const struct grant_walk *grants = user;
    struct source_rows *rows = grants->walk->rows;
    const struct slice names[3] = {line->on.database, line->on.table, line->on.column};
    privileges set = line->set;
    const char *name;
    while ((name = privileges_next(&set)) != NULL && !grants->walk->stop) {
        put_grantee(grants->walk, grants->thing);
        put(rows, 2, name);
        for (uint32_t k = 0; k < 3; k++) {
            if (names[k].length == 0) {
                source_row_null(rows, 3 + k);
            } else {
                source_row_text(rows, 3 + k, names[k]);
            }
        }
        source_row_uint(rows, 6, line->revoke);
        source_row_uint(rows, 7, line->option);
        end_row(grants->walk);
    }
}

static void grant_rows(struct walk *walk, const struct access_thing *thing)
{
    struct grant_walk grants = {walk, thing};
    rights_each(thing->rights, grant_line, &grants);
}

static struct err *grants(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_USER | 1U << AST_ROLE, grant_rows);
}

static const char *const role_grant_columns[] = {
    "user_name", "Nullable(String)",        "role_name", "Nullable(String)",  "granted_role_name",
    "String",    "granted_role_is_default", "UInt8",     "with_admin_option", "UInt8",
    NULL};

static bool is_default(const struct access_thing *thing, struct slice role)
{
    return thing->kind == AST_ROLE || access_role_is_default(thing, role);
}

static void role_grant_rows(struct walk *walk, const struct access_thing *thing)
{
    for (uint32_t i = 0; i < thing->role_count && !walk->stop; i++) {
        put_grantee(walk, thing);
        source_row_text(walk->rows, 2, thing->roles[i].name);
        source_row_uint(walk->rows, 3, is_default(thing, thing->roles[i].name));
        source_row_uint(walk->rows, 4, thing->roles[i].admin);
        end_row(walk);
    }
}

static struct err *role_grants(struct table_source *source, struct arena *arena, const struct source_request *request,
                               struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_USER | 1U << AST_ROLE, role_grant_rows);
}

/* The roles of who asks. */
static const char *const own_role_columns[] = {
    "role_name", "String", "with_admin_option", "UInt8", "is_current", "UInt8", "is_default", "UInt8", NULL};

static struct err *own_roles(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output, bool current)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const struct access_session *session = access_of_rights(source->rights);
    uint32_t count = 0, current_count = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    if (session == NULL) { /* the server itself */
        goto done;
    }
    (void)access_session_enabled(session, true, &current_count);
    const struct slice *names = access_session_enabled(session, current, &count);
    const struct access_thing *user = access_session_thing(session);
    for (uint32_t i = 0; i < count && !stop; i++) {
        bool admin = false, granted = false;
        for (uint32_t k = 0; k < user->role_count; k++) {
            bool it_is = slice_equal(user->roles[k].name, names[i]);
            granted |= it_is;
            admin |= it_is && user->roles[k].admin;
        }
        source_row_text(rows, 0, names[i]);
        source_row_uint(rows, 1, admin);
        source_row_uint(rows, 2, i < current_count);
        source_row_uint(rows, 3, granted && is_default(user, names[i]));
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static struct err *current_roles(struct table_source *source, struct arena *arena, const struct source_request *request,
                                 struct source_output *output)
{
    return own_roles(source, arena, request, output, true);
}

static struct err *enabled_roles(struct table_source *source, struct arena *arena, const struct source_request *request,
                                 struct source_output *output)
{
    return own_roles(source, arena, request, output, false);
}

/* ---- privileges */

static const char *const privilege_columns[] = {"privilege", "String",           "aliases",      "Array(String)",
                                                "level",     "Nullable(String)", "parent_group", "Nullable(String)",
                                                NULL};

static void put_optional(struct source_rows *rows, uint32_t column, const char *value)
{
    if (value == NULL) {
        source_row_null(rows, column);
    } else {
        put(rows, column, value);
    }
}

static struct err *privilege_rows(struct table_source *source, struct arena *arena,
                                  const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const char *name, *alias, *level, *parent;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t i = 0; !stop; i++) {
        privileges_describe(i, &name, &alias, &level, &parent);
        if (name == NULL) {
            break;
        }
        put(rows, 0, name);
        if (alias != NULL) {
            source_row_element(rows, 1, slice_text(alias));
        }
        put_optional(rows, 2, level);
        put_optional(rows, 3, parent);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- quotas */

static const char *const quota_columns[] = {"name",
                                            "String",
                                            "id",
                                            "UUID",
                                            "storage",
                                            "String",
                                            "keys",
                                            "Array(String)",
                                            "durations",
                                            "Array(String)",
                                            "apply_to_all",
                                            "UInt8",
                                            "apply_to_list",
                                            "Array(String)",
                                            "apply_to_except",
                                            "Array(String)",
                                            NULL};

static void quota_row(struct walk *walk, const struct access_thing *quota)
{
    source_row_text(walk->rows, 0, quota->name);
    source_row_uuid(walk->rows, 1, quota->uuid);
    put_storage(walk->rows, 2, quota);
    if (!quota->unkeyed) {
        source_row_element(walk->rows, 3, slice_text(quota->by_address ? "ip_address" : "user_name"));
    }
    for (uint32_t i = 0; i < quota->interval_count; i++) {
        char seconds[32];
        (void)snprintf(seconds, sizeof(seconds), "%llu", (unsigned long long)quota->intervals[i].seconds);
        source_row_element(walk->rows, 4, slice_text(seconds));
    }
    put_to(walk->rows, 5, &quota->to);
    end_row(walk);
}

static struct err *quotas(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_QUOTA, quota_row);
}

#define RESOURCES(COLUMN)                                                                                              \
    COLUMN("queries", "UInt64")                                                                                        \
    COLUMN("query_selects", "UInt64")                                                                                  \
    COLUMN("query_inserts", "UInt64")                                                                                  \
    COLUMN("errors", "UInt64")                                                                                         \
    COLUMN("result_rows", "UInt64")                                                                                    \
    COLUMN("result_bytes", "UInt64")                                                                                   \
    COLUMN("read_rows", "UInt64")                                                                                      \
    COLUMN("read_bytes", "UInt64")                                                                                     \
    COLUMN("written_bytes", "UInt64")                                                                                  \
    COLUMN("execution_time", "Float64")
#define LIMIT(name, type)          "max_" name, "Nullable(" type ")",
#define USED_AND_LIMIT(name, type) name, "Nullable(" type ")", "max_" name, "Nullable(" type ")",

static const char *const limit_columns[] = {
    "quota_name", "String", "duration", "UInt32", "is_randomized_interval", "UInt8", RESOURCES(LIMIT) NULL};

static void put_amount(struct source_rows *rows, uint32_t column, uint32_t resource, uint64_t amount)
{
    if (resource == AST_QUOTA_EXECUTION_TIME) {
        source_row_double(rows, column, (double)amount * 1e-6);
    } else {
        source_row_uint(rows, column, amount);
    }
}

static void limit_rows(struct walk *walk, const struct access_thing *quota)
{
    for (uint32_t i = 0; i < quota->interval_count && !walk->stop; i++) {
        const struct ast_quota_interval *interval = &quota->intervals[i];
        source_row_text(walk->rows, 0, quota->name);
        source_row_uint(walk->rows, 1, interval->seconds);
        source_row_uint(walk->rows, 2, interval->randomized);
        for (uint32_t r = 0; r < AST_QUOTA_RESOURCES; r++) {
            if (interval->limited[r]) {
                put_amount(walk->rows, 3 + r, r, interval->max[r]);
            } else {
                source_row_null(walk->rows, 3 + r);
            }
        }
        end_row(walk);
    }
}

static struct err *quota_limits(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_QUOTA, limit_rows);
}

static const char *const usage_columns[] = {"quota_name",
                                            "String",
                                            "quota_key",
                                            "String",
                                            "start_time",
                                            "Nullable(DateTime)",
                                            "end_time",
                                            "Nullable(DateTime)",
                                            "duration",
                                            "Nullable(UInt32)",
                                            RESOURCES(USED_AND_LIMIT) NULL};

static struct err *quota_usage(struct table_source *source, struct arena *arena, const struct source_request *request,
                               struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct access_quota_row *list = NULL;
    uint32_t count = 0;
    bool stop = false;
    const struct access_session *session = access_of_rights(source->rights);
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    if (session != NULL) {
        OR_DONE(access_quota_rows(system_server()->access, session, access_address_of_rights(source->rights), arena,
                                  &list, &count));
    }
    for (uint32_t i = 0; i < count && !stop; i++) {
        source_row_text(rows, 0, list[i].quota);
        source_row_text(rows, 1, list[i].key);
        source_row_uint(rows, 2, (uint64_t)list[i].started_at_s);
        source_row_uint(rows, 3, (uint64_t)list[i].started_at_s + list[i].seconds);
        source_row_uint(rows, 4, list[i].seconds);
        for (uint32_t r = 0; r < AST_QUOTA_RESOURCES; r++) {
            put_amount(rows, 5 + 2 * r, r, list[i].used.amounts[r]);
            if (list[i].limits->limited[r]) {
                put_amount(rows, 6 + 2 * r, r, list[i].limits->max[r]);
            } else {
                source_row_null(rows, 6 + 2 * r);
            }
        }
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- settings profiles */

static const char *const profile_columns[] = {
    "name",   "String",       "id",    "UUID",          "storage",       "String",          "num_elements",
    "UInt64", "apply_to_all", "UInt8", "apply_to_list", "Array(String)", "apply_to_except", "Array(String)",
    NULL};

static void profile_row(struct walk *walk, const struct access_thing *profile)
{
    source_row_text(walk->rows, 0, profile->name);
    source_row_uuid(walk->rows, 1, profile->uuid);
    put_storage(walk->rows, 2, profile);
    source_row_uint(walk->rows, 3, profile->rule_count);
    put_to(walk->rows, 4, &profile->to);
    end_row(walk);
}

static struct err *profiles(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_PROFILE, profile_row);
}

static const char *const element_columns[] = {"profile_name",
                                              "Nullable(String)",
                                              "user_name",
                                              "Nullable(String)",
                                              "role_name",
                                              "Nullable(String)",
                                              "index",
                                              "UInt64",
                                              "setting_name",
                                              "Nullable(String)",
                                              "value",
                                              "Nullable(String)",
                                              "min",
                                              "Nullable(String)",
                                              "max",
                                              "Nullable(String)",
                                              "writability",
                                              "Nullable(String)",
                                              "inherit_profile",
                                              "Nullable(String)",
                                              NULL};

static void put_slice(struct source_rows *rows, uint32_t column, struct slice value)
{
    if (value.data == NULL) {
        source_row_null(rows, column);
    } else {
        source_row_text(rows, column, value);
    }
}

static void element_rows(struct walk *walk, const struct access_thing *thing)
{
    static const enum ast_entity owners[] = {AST_PROFILE, AST_USER, AST_ROLE};
    for (uint32_t i = 0; i < thing->rule_count && !walk->stop; i++) {
        const struct ast_setting_rule *rule = &thing->rules[i];
        for (uint32_t k = 0; k < 3; k++) {
            put_slice(walk->rows, k, thing->kind == owners[k] ? thing->name : (struct slice){0});
        }
        source_row_uint(walk->rows, 3, i);
        put_slice(walk->rows, 4, rule->profile.data == NULL ? rule->name : (struct slice){0});
        put_slice(walk->rows, 5, rule->value);
        put_slice(walk->rows, 6, rule->min);
        put_slice(walk->rows, 7, rule->max);
        put_optional(walk->rows, 8,
                     rule->writable == AST_CONST      ? "CONST"
                     : rule->writable == AST_WRITABLE ? "WRITABLE"
                                                      : NULL);
        put_slice(walk->rows, 9, rule->profile);
        end_row(walk);
    }
}

static struct err *elements(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    return each(source, arena, request, output, 1U << AST_USER | 1U << AST_ROLE | 1U << AST_PROFILE, element_rows);
}

void system_access_register(void)
{
    static struct system_table list[] = {
        {.name = "users", .columns = user_columns, .generate = users},
        {.name = "roles", .columns = role_columns, .generate = roles},
        {.name = "grants", .columns = grant_columns, .generate = grants},
        {.name = "role_grants", .columns = role_grant_columns, .generate = role_grants},
        {.name = "current_roles", .columns = own_role_columns, .generate = current_roles},
        {.name = "enabled_roles", .columns = own_role_columns, .generate = enabled_roles},
        {.name = "privileges", .columns = privilege_columns, .generate = privilege_rows},
        {.name = "quotas", .columns = quota_columns, .generate = quotas},
        {.name = "quota_limits", .columns = limit_columns, .generate = quota_limits},
        {.name = "quota_usage", .columns = usage_columns, .generate = quota_usage},
        {.name = "settings_profiles", .columns = profile_columns, .generate = profiles},
        {.name = "settings_profile_elements", .columns = element_columns, .generate = elements},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
