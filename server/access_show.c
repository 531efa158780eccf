/*
 * access_show.c: SHOW USERS, SHOW CREATE USER, SHOW GRANTS, SHOW ACCESS, SHOW QUOTA. Nothing shows a secret.
 */
#include "server/access.h"
#include "server/access_model.h"
#include "server/access_statement.h"
#include "sql/printer.h"

static privileges show_needs(enum ast_entity kind)
{
    static const enum privilege leaves[] = {0, MAY_SHOW_USERS, MAY_SHOW_ROLES, MAY_SHOW_QUOTAS, MAY_SHOW_PROFILES};
    return PRIVILEGE(leaves[kind]);
}

/* One row for each line of the text (which may be empty). */
static struct err *reply(struct execution *execution, const char *column, const struct buffer *lines)
{
    struct err *err = NULL;
    struct slice quoted = lines->failed ? (struct slice){0} : sql_string(execution->arena, buffer_all(lines));
    if (quoted.data == NULL) {
        return lines->failed ? err_oom() : arena_error(execution->arena);
    }
    struct slice name = sql_identifier(execution->arena, slice_text(column));
    err = name.data == NULL
              ? arena_error(execution->arena)
              : execute_text(execution, "SELECT arrayJoin(arrayFilter(x -> x != '', splitByChar('\\n', %.*s))) AS %.*s",
                             SLICE_ARG(quoted), SLICE_ARG(name));
    return err;
}

static struct err *show_list(struct execution *execution, const struct ast_access *access)
{
    struct err *err = NULL;
    if (access->current) {
        struct buffer lines = {0};
        uint32_t count;
        const struct slice *roles = access_session_enabled(execution->access, true, &count);
        for (uint32_t i = 0; i < count; i++) {
            buffer_slice(&lines, roles[i]);
            buffer_char(&lines, '\n');
        }
        err = reply(execution, "role_name", &lines);
        buffer_deinit(&lines);
        return err;
    }
    static const char *const tables[] = {
        [AST_USER] = "users", [AST_ROLE] = "roles", [AST_QUOTA] = "quotas", [AST_PROFILE] = "settings_profiles"};
    return execute_text(execution, "SELECT name FROM system.%s ORDER BY name", tables[access->entity]);
}

/* The names of the statement; none: the current user, or all things of the kind. */
static struct err *each(struct execution *execution, const struct ast_access *access, enum ast_entity kind,
                        void (*print)(const struct access_thing *thing, struct buffer *out), struct buffer *lines)
{
    struct err *err = NULL;
    struct access_model *model = access_current(execution->server->access);
    struct slice own = access_session_user(execution->access);
    for (uint32_t i = 0; err == NULL && i < (access->name_count == 0 ? 1 : access->name_count); i++) {
        struct slice name = access->name_count == 0 || access->names[i].data == NULL ? own : access->names[i];
        const struct access_thing *thing = access_model_find(model, kind, name);
        if (thing == NULL && access->action == AST_ACCESS_SHOW_GRANTS) {
            thing = access_model_find(model, AST_ROLE, name);
        }
        bool mine = thing != NULL && thing->kind == AST_USER && slice_equal(thing->name, own);
        uint32_t count = 0;
        const struct slice *roles = access_session_enabled(execution->access, false, &count);
        for (uint32_t k = 0; thing != NULL && thing->kind == AST_ROLE && k < count && !mine; k++) {
            mine = slice_equal(roles[k], name);
        }
        if (!mine) {
            err = access_check(execution->access, show_needs(thing == NULL ? kind : thing->kind), (struct right_on){0});
        }
        if (err == NULL && thing == NULL) {
            static const enum err_code codes[] = {[AST_USER] = ERR_UNKNOWN_USER,
                                                  [AST_ROLE] = ERR_UNKNOWN_ROLE,
                                                  [AST_QUOTA] = ERR_UNKNOWN_QUOTA,
                                                  [AST_PROFILE] = ERR_NO_PROFILE};
            err = err_new(codes[kind], "There is no `%.*s` in user directories", SLICE_ARG(name));
        } else if (err == NULL) {
            print(thing, lines);
        }
    }
    access_model_unref(model);
    return err;
}

static void print_shown(const struct access_thing *thing, struct buffer *out)
{
    access_thing_print(thing, true, out);
    buffer_char(out, '\n');
}

static void print_grants(const struct access_thing *thing, struct buffer *out)
{
    access_thing_print_grants(thing, true, out);
}

static struct err *show_access(struct execution *execution)
{
    struct err *err = NULL;
    struct buffer lines = {0};
    struct access_model *model = access_current(execution->server->access);
    OR_DONE(access_check(execution->access,
                         show_needs(AST_USER) | show_needs(AST_ROLE) | show_needs(AST_QUOTA) | show_needs(AST_PROFILE),
                         (struct right_on){0}));
    for (uint32_t i = 0; i < model->count; i++) {
        print_shown(model->things[i], &lines);
    }
    for (uint32_t i = 0; i < model->count; i++) {
        access_thing_print_grants(model->things[i], true, &lines);
    }
    err = reply(execution, "ACCESS", &lines);
done:
    access_model_unref(model);
    buffer_deinit(&lines);
    return err;
}

struct err *execute_show_access(struct execution *execution, const struct ast_access *access)
{
    struct err *err = NULL;
    struct buffer lines = {0};
    if (access->action == AST_ACCESS_SHOW_LIST) {
        return show_list(execution, access);
    }
    if (access->action == AST_ACCESS_SHOW_QUOTA) {
        return execute_text(execution, "SELECT * FROM system.quota_usage");
    }
    if (access->action == AST_ACCESS_SHOW_ACCESS) {
        return show_access(execution);
    }
    bool grants = access->action == AST_ACCESS_SHOW_GRANTS;
    OR_DONE(each(execution, access, access->entity, grants ? print_grants : print_shown, &lines));
    err = reply(execution, grants ? "GRANTS" : "CREATE", &lines);
done:
    buffer_deinit(&lines);
    return err;
}
