/*
 * access_session.c: a user with what counts now: roles, rights, settings, quotas; and the questions that statements ask.
 */
#include "base/number.h"
#include "server/access_private.h"
#include "server/settings.h"

#include <stdlib.h>

#define PROFILE_DEPTH_MAX 20U
#define RULES_MAX         10000U
#define ENABLED_MAX       2000U

/* ---- making one */

static bool is_enabled(const struct access_session *session, struct slice role)
{
    for (uint32_t i = 0; i < session->enabled_count; i++) {
        if (slice_equal(session->enabled[i], role)) {
            return true;
        }
    }
    return false;
}

static struct err *enable(struct access_session *session, struct slice role)
{
    if (is_enabled(session, role) || access_model_find(session->model, AST_ROLE, role) == NULL) {
        return NULL;
    }
    if (session->enabled_count == ENABLED_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "a user has more than %u roles", ENABLED_MAX);
    }
    if ((session->enabled_count & (session->enabled_count - 1)) == 0) { /* 0, 1, 2, 4, … */
        uint32_t room = session->enabled_count == 0 ? 1 : session->enabled_count * 2;
        struct slice *grown = ARENA_ARRAY(session->arena, struct slice, room);
        if (grown == NULL) {
            return arena_error(session->arena);
        }
        if (session->enabled_count > 0) {
            memcpy(grown, session->enabled, session->enabled_count * sizeof(*grown));
        }
        session->enabled = grown;
    }
    session->enabled[session->enabled_count++] = role;
    return NULL;
}

bool access_role_is_default(const struct access_thing *user, struct slice role)
{
    const struct ast_names names = {.all = user->all_default,
                                    .names = user->default_roles,
                                    .count = user->default_count,
                                    .except = user->default_except,
                                    .except_count = user->except_count};
    return access_names_have(&names, role);
}

static bool was_asked(const struct access_session *session, struct slice role)
{
    for (uint32_t i = 0; i < session->asked_count; i++) {
        if (slice_equal(session->asked[i], role)) {
            return true;
        }
    }
    return false;
}

static struct err *enable_roles(struct access_session *session)
{
    struct err *err = NULL;
    const struct access_thing *user = session->user;
    for (uint32_t i = 0; i < user->role_count; i++) {
        struct slice role = user->roles[i].name;
        if (session->asked == NULL ? access_role_is_default(user, role) : was_asked(session, role)) {
            OR_DONE(enable(session, role));
        }
    }
    session->current_count = session->enabled_count;
    for (uint32_t k = 0; k < session->enabled_count; k++) { /* grows meanwhile */
        const struct access_thing *role = access_model_find(session->model, AST_ROLE, session->enabled[k]);
        for (uint32_t i = 0; i < role->role_count; i++) {
            OR_DONE(enable(session, role->roles[i].name));
        }
    }
done:
    return err;
}

static struct err *add_rules(struct access_session *session, const struct access_thing *thing, uint32_t depth)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < thing->rule_count; i++) {
        const struct ast_setting_rule *rule = &thing->rules[i];
        if (rule->profile.data != NULL) {
            const struct access_thing *profile = access_model_find(session->model, AST_PROFILE, rule->profile);
            if (profile != NULL && depth < PROFILE_DEPTH_MAX) { /* deeper: they inherit each other in a circle */
                OR_DONE(add_rules(session, profile, depth + 1));
            }
            continue;
        }
        if (session->rule_count == RULES_MAX) {
            return err_new(ERR_LIMIT_EXCEEDED, "a user has more than %u settings", RULES_MAX);
        }
        if (session->rule_count == session->rule_capacity) {
            uint32_t room = session->rule_capacity == 0 ? 16 : session->rule_capacity * 2;
            struct ast_setting_rule *grown = ARENA_ARRAY(session->arena, struct ast_setting_rule, room);
            if (grown == NULL) {
                return arena_error(session->arena);
            }
            if (session->rule_count > 0) {
                memcpy(grown, session->rules, session->rule_count * sizeof(*grown));
            }
            session->rules = grown;
            session->rule_capacity = room;
        }
        session->rules[session->rule_count++] = *rule;
    }
done:
    return err;
}

/* Is it for the user, or for a role that counts? */
static bool is_for(const struct access_session *session, const struct access_thing *thing)
{
    bool it_is = thing->to.given && access_names_have(&thing->to, session->user->name);
    for (uint32_t i = 0; i < session->enabled_count && !it_is && thing->to.given && !thing->to.all; i++) {
        it_is = access_names_have(&thing->to, session->enabled[i]);
    }
    return it_is;
}

static struct err *collect(struct access_session *session)
{
    struct err *err = NULL;
    const struct access_model *model = session->model;
    session->quotas = ARENA_ARRAY(session->arena, const struct access_thing *, (size_t)model->count + 1);
    if (session->quotas == NULL) {
        return arena_error(session->arena);
    }
    for (uint32_t i = 0; i < model->count; i++) {
        const struct access_thing *thing = model->things[i];
        if (thing->kind == AST_PROFILE && is_for(session, thing)) {
            OR_DONE(add_rules(session, thing, 0));
        } else if (thing->kind == AST_QUOTA && is_for(session, thing)) {
            session->quotas[session->quota_count++] = thing;
        }
    }
    for (uint32_t i = 0; i < session->enabled_count; i++) {
        OR_DONE(add_rules(session, access_model_find(model, AST_ROLE, session->enabled[i]), 0));
    }
    err = add_rules(session, session->user, 0);
done:
    return err;
}

struct err *access_session_make(struct access_model *model, const struct access_thing *user, const struct slice *asked,
                                uint32_t asked_count, struct access_session **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct access_session *session = arena == NULL ? NULL : ARENA_NEW(arena, struct access_session);
    struct rights *rights = session == NULL ? NULL : rights_create(arena);
    if (rights == NULL) {
        arena_destroy(arena);
        return err_oom();
    }
    session->arena = arena;
    session->references = 1;
    session->model = access_model_ref(model);
    session->user = user;
    if (asked != NULL) {
        struct slice *own = ARENA_ARRAY(arena, struct slice, (size_t)asked_count + 1);
        for (uint32_t i = 0; own != NULL && i < asked_count; i++) {
            own[i] = arena_slice(arena, asked[i]);
            own = own[i].data == NULL ? NULL : own;
        }
        if (own == NULL) {
            err = arena_error(arena);
            goto done;
        }
        session->asked = own;
        session->asked_count = asked_count;
    }
    OR_DONE(enable_roles(session));
    OR_DONE(rights_add(rights, user->rights));
    for (uint32_t i = 0; i < session->enabled_count; i++) {
        OR_DONE(rights_add(rights, access_model_find(model, AST_ROLE, session->enabled[i])->rights));
    }
    session->rights = rights;
    OR_DONE(collect(session));
    *out = session;
    session = NULL;
done:
    access_session_unref(session);
    return err;
}

struct access_session *access_session_ref(struct access_session *session)
{
    atomic_fetch_add_explicit(&session->references, 1, memory_order_relaxed);
    return session;
}

void access_session_unref(struct access_session *session)
{
    if (session != NULL && atomic_fetch_sub_explicit(&session->references, 1, memory_order_acq_rel) == 1) {
        access_model_unref(session->model);
        arena_destroy(session->arena);
    }
}

static bool same_authentication(const struct access_thing *a, const struct access_thing *b)
{
    bool same = a->method == b->method && slice_equal(a->secret, b->secret) && slice_equal(a->salt, b->salt) &&
                a->host_count == b->host_count;
    for (uint32_t i = 0; same && i < a->host_count; i++) {
        same = a->hosts[i].kind == b->hosts[i].kind && slice_equal(a->hosts[i].text, b->hosts[i].text);
    }
    return same;
}

struct err *access_session_renew(struct access *access, struct access_session **session)
{
    struct err *err = NULL;
    struct access_session *renewed = NULL;
    struct access_model *model = access_current(access);
    if (*session == access->everything || model->version == (*session)->model->version) {
        goto done;
    }
    const struct access_thing *user = access_model_find(model, AST_USER, (*session)->user->name);
    if (user == NULL || !same_authentication(user, (*session)->user)) {
        err = err_new(ERR_AUTHENTICATION, "%.*s: the user was dropped or has another password; connect again",
                      SLICE_ARG((*session)->user->name));
        goto done;
    }
    OR_DONE(access_session_make(model, user, (*session)->asked, (*session)->asked_count, &renewed));
    access_session_unref(*session);
    *session = renewed;
done:
    access_model_unref(model);
    return err;
}

struct err *access_session_of(struct access *access, struct slice name, struct access_session **out)
{
    struct access_model *model = access_current(access);
    const struct access_thing *user = access_model_find(model, AST_USER, name);
    struct err *err = user == NULL
                          ? err_new(ERR_UNKNOWN_USER, "There is no user `%.*s` in user directories", SLICE_ARG(name))
                          : access_session_make(model, user, NULL, 0, out);
    access_model_unref(model);
    return err;
}

struct err *access_session_roles(struct access_session **session, const struct slice *roles, uint32_t count)
{
    const struct access_thing *user = (*session)->user;
    for (uint32_t i = 0; i < count; i++) {
        bool granted = false;
        if (access_model_find((*session)->model, AST_ROLE, roles[i]) == NULL) {
            return err_new(ERR_UNKNOWN_ROLE, "There is no role `%.*s` in user directories", SLICE_ARG(roles[i]));
        }
        for (uint32_t k = 0; k < user->role_count && !granted; k++) {
            granted = slice_equal(user->roles[k].name, roles[i]);
        }
        if (!granted) {
            return err_new(ERR_SET_NON_GRANTED_ROLE, "Role %.*s should be granted to set as a default or current",
                           SLICE_ARG(roles[i]));
        }
    }
    return access_session_keep_roles(session, roles, count);
}

struct err *access_session_keep_roles(struct access_session **session, const struct slice *roles, uint32_t count)
{
    static const struct slice none;
    struct access_session *changed = NULL;
    struct err *err =
        access_session_make((*session)->model, (*session)->user, count == 0 ? &none : roles, count, &changed);
    if (err == NULL) {
        access_session_unref(*session);
        *session = changed;
    }
    return err;
}

struct err *access_session_default(struct access_session **session)
{
    struct access_session *changed = NULL;
    struct err *err = access_session_make((*session)->model, (*session)->user, NULL, 0, &changed);
    if (err == NULL) {
        access_session_unref(*session);
        *session = changed;
    }
    return err;
}

struct slice access_session_user(const struct access_session *session)
{
    return session->user->name;
}

const struct access_thing *access_session_thing(const struct access_session *session)
{
    return session->user;
}

const struct access_model *access_session_model(const struct access_session *session)
{
    return session->model;
}

const struct rights *access_session_rights(const struct access_session *session)
{
    return session->rights;
}

struct slice access_session_database(const struct access_session *session)
{
    return session->user->default_database;
}

const struct slice *access_session_enabled(const struct access_session *session, bool current, uint32_t *count)
{
    *count = current ? session->current_count : session->enabled_count;
    return session->enabled;
}

/* ---- asking */

bool access_may(const struct access_session *session, privileges set, struct right_on on)
{
    return rights_have(session->rights, set, on, false);
}

bool access_may_some(const struct access_session *session, privileges set, struct right_on on)
{
    return rights_have_some(session->rights, set, on);
}

struct err *access_deny(const struct access_session *session, privileges set, struct right_on on,
                        const struct slice *columns, uint32_t count)
{
    struct buffer text = {0};
    rights_print_one(set, on, columns, count, &text);
    struct err *err = text.failed
                          ? err_oom()
                          : err_new(ERR_ACCESS_DENIED,
                                    "%.*s: Not enough privileges. To execute this query, it's necessary to have "
                                    "the grant %.*s",
                                    SLICE_ARG(session->user->name), (int)text.length, text.data);
    buffer_deinit(&text);
    return err;
}

struct err *access_check(const struct access_session *session, privileges set, struct right_on on)
{
    return access_may(session, set, on) ? NULL : access_deny(session, set, on, &on.column, on.column.length > 0);
}

struct err *access_check_columns(const struct access_session *session, privileges set, struct right_on on,
                                 const struct slice *columns, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        on.column = columns[i];
        if (!access_may(session, set, on)) {
            return access_deny(session, set, on, columns, count);
        }
    }
    return NULL;
}

#define SEES_DATABASE PRIVILEGE(MAY_SHOW_DATABASES)
/* Any privilege on a thing shows that it is there. */
#define SEES_TABLE (privileges_at(PRIVILEGES_ALL, PRIVILEGE_TABLE))

bool access_sees(const struct access_session *session, struct right_on on)
{
    if (session == NULL || on.database.length == 0) {
        return true;
    }
    if (slice_is_word(on.database, "system") || slice_is_word(on.database, "information_schema")) {
        return true;
    }
    return rights_have_some(session->rights, on.table.length == 0 ? SEES_DATABASE | SEES_TABLE : SEES_TABLE, on);
}

/* ---- settings */

struct err *access_settings(const struct access_session *session, struct settings *settings)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < session->rule_count; i++) {
        if (session->rules[i].value.data != NULL) {
            OR_DONE(settings_set(settings, session->rules[i].name, session->rules[i].value));
        }
    }
done:
    return err_while(err, "applying the settings of the user %.*s", SLICE_ARG(session->user->name));
}

/* -1, 0, 1; as numbers when both are, else as texts. */
static int compare_values(struct slice a, struct slice b)
{
    uint64_t x, y;
    double u, v;
    if (number_parse_u64(a, &x) && number_parse_u64(b, &y)) {
        return (x > y) - (x < y);
    }
    if (number_parse_double(a, &u) && number_parse_double(b, &v)) {
        return (u > v) - (u < v);
    }
    return slice_compare(a, b);
}

/* *mode: the value of `readonly`. */
static void find_setting(const struct access_session *session, struct slice name, struct access_setting *out,
                         struct slice *mode)
{
    *out = (struct access_setting){0};
    *mode = slice_text("0");
    for (uint32_t i = 0; i < session->rule_count; i++) {
        const struct ast_setting_rule *rule = &session->rules[i];
        if (slice_equal(rule->name, slice_text("readonly")) && rule->value.data != NULL) {
            *mode = rule->value;
        }
        if (slice_equal(rule->name, name)) {
            out->min = rule->min.data == NULL ? out->min : rule->min;
            out->max = rule->max.data == NULL ? out->max : rule->max;
            out->value = rule->value.data == NULL ? out->value : rule->value;
            out->readonly = rule->writable == AST_WRITABLE_UNSAID ? out->readonly : rule->writable == AST_CONST;
        }
    }
}

void access_setting_find(const struct access_session *session, struct slice name, struct access_setting *out)
{
    struct slice mode;
    find_setting(session, name, out, &mode);
    out->readonly = out->readonly || slice_equal(mode, slice_text("1")) ||
                    (slice_equal(mode, slice_text("2")) && slice_equal(name, slice_text("readonly")));
}

struct err *access_check_setting(const struct access_session *session, struct slice name, struct slice value)
{
    struct access_setting found;
    struct slice readonly;
    find_setting(session, name, &found, &readonly);
    struct slice min = found.min, max = found.max, own = found.value;
    bool constant = found.readonly;
    if (own.data != NULL && slice_equal(own, value)) {
        return NULL;
    }
    bool never = slice_equal(readonly, slice_text("1"));
    if (never || (slice_equal(readonly, slice_text("2")) && slice_equal(name, slice_text("readonly")))) {
        return never && own.data == NULL && settings_is_default(name, value)
                   ? NULL
                   : err_new(ERR_READONLY, "Cannot modify '%.*s' setting in readonly mode", SLICE_ARG(name));
    }
    if (constant) {
        return err_new(ERR_SETTING_CONSTRAINT, "Setting %.*s should not be changed", SLICE_ARG(name));
    }
    if (min.data != NULL && compare_values(value, min) < 0) {
        return err_new(ERR_SETTING_CONSTRAINT, "Setting %.*s shouldn't be less than %.*s", SLICE_ARG(name),
                       SLICE_ARG(min));
    }
    /* of these 0 is no limit at all */
    bool unlimited = name.length > 4 && memcmp(name.data, "max_", 4) == 0 && slice_equal(value, slice_text("0"));
    if (max.data != NULL && (unlimited || compare_values(value, max) > 0)) {
        return err_new(ERR_SETTING_CONSTRAINT, "Setting %.*s shouldn't be greater than %.*s", SLICE_ARG(name),
                       SLICE_ARG(max));
    }
    return NULL;
}
