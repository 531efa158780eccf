/*
 * access_statement.c: statements that change users, roles, quotas, settings profiles, and grants.
 *
 * flow     execute.c → here → access_define.c (copies are changed) → access_change (ledger, then the current model)
 * lock     LOCK_ACCESS_CHANGE from reading the model to its change; a password is hashed before it is taken
 * rights   who grants must have it WITH GRANT OPTION; who changes a user, ALTER USER; and a role, ADMIN OPTION or ROLE
 *          ADMIN. What the configuration file defines is ERR_ACCESS_READONLY.
 */
#include "server/access_statement.h"

#include "server/access.h"
#include "server/access_model.h"
#include "server/access_password.h"

#include <stdlib.h>

static const char *const kind_names[] = {
    [AST_USER] = "user", [AST_ROLE] = "role", [AST_QUOTA] = "quota", [AST_PROFILE] = "settings profile"};

/* What one statement changes. */
struct change {
    struct execution *execution;
    const struct ast_access *access;
    struct access_model *model;
    struct access_thing **things; /* copies, changed */
    uint32_t count;
    const struct access_thing **dropped; /* of the model */
    uint32_t dropped_count;
    uint32_t capacity;
};

static struct err *unknown(enum ast_entity kind, struct slice name)
{
    static const enum err_code codes[] = {[AST_USER] = ERR_UNKNOWN_USER,
                                          [AST_ROLE] = ERR_UNKNOWN_ROLE,
                                          [AST_QUOTA] = ERR_UNKNOWN_QUOTA,
                                          [AST_PROFILE] = ERR_NO_PROFILE};
    return err_new(codes[kind], "There is no %s `%.*s` in user directories", kind_names[kind], SLICE_ARG(name));
}

static struct err *change_begin(struct change *change, struct execution *execution, const struct ast_access *access)
{
    *change = (struct change){.execution = execution, .access = access};
    access_change_begin(execution->server->access);
    change->model = access_current(execution->server->access);
    change->capacity = 2 * change->model->count + access->name_count + access->grantees.count + 4;
    change->things = ARENA_ARRAY(execution->arena, struct access_thing *, change->capacity);
    change->dropped = ARENA_ARRAY(execution->arena, const struct access_thing *, change->capacity);
    return change->things == NULL || change->dropped == NULL ? arena_error(execution->arena) : NULL;
}

static struct err *change_end(struct change *change, struct err *err)
{
    struct access *access = change->execution->server->access;
    if (err == NULL && change->count + change->dropped_count > 0) {
        err = access_change(access, change->things, change->count, change->dropped, change->dropped_count);
    }
    for (uint32_t i = 0; i < change->count; i++) {
        access_thing_unref(change->things[i]);
    }
    access_change_end(access);
    access_model_unref(change->model);
    return err;
}

static struct err *not_fixed(const struct access_thing *thing)
{
    return !thing->fixed ? NULL
                         : err_new(ERR_ACCESS_READONLY,
                                   "The %s `%.*s` is defined in the configuration file, and is changed there alone",
                                   kind_names[thing->kind], SLICE_ARG(thing->name));
}

/* The copy of a thing that this statement changes; made when it is not there. */
static struct err *copy_of(struct change *change, const struct access_thing *thing, struct access_thing **out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < change->count; i++) {
        if (change->things[i]->kind == thing->kind && slice_equal(change->things[i]->name, thing->name)) {
            *out = change->things[i];
            return NULL;
        }
    }
    OR_DONE(not_fixed(thing));
    ASSERT(change->count < change->capacity);
    OR_DONE(access_thing_copy(thing, out));
    change->things[change->count++] = *out;
done:
    return err;
}

static struct slice real_name(const struct change *change, struct slice name)
{
    return name.data == NULL ? access_session_user(change->execution->access) : name; /* CURRENT_USER */
}

/* A user, or else a role. */
static struct err *find_grantee(const struct change *change, struct slice name, const struct access_thing **out)
{
    name = real_name(change, name);
    *out = access_model_find(change->model, AST_USER, name);
    *out = *out == NULL ? access_model_find(change->model, AST_ROLE, name) : *out;
    return *out != NULL ? NULL : unknown(AST_ROLE, name);
}

/* Names that a definition refers to must be there; CURRENT_USER becomes the user's name. */
static struct err *check_names(const struct change *change, struct ast_names *names, bool roles_alone)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < names->count + names->except_count; i++) {
        struct slice *name = i < names->count ? &names->names[i] : &names->except[i - names->count];
        const struct access_thing *found = NULL;
        if (roles_alone) {
            err = access_model_find(change->model, AST_ROLE, *name) == NULL ? unknown(AST_ROLE, *name) : NULL;
        } else {
            err = find_grantee(change, *name, &found);
            *name = err == NULL ? found->name : *name;
        }
        if (err != NULL) {
            break;
        }
    }
    return err;
}

static struct err *check_profiles(const struct change *change)
{
    for (uint32_t i = 0; i < change->access->setting_count; i++) {
        struct slice profile = change->access->settings[i].profile;
        if (profile.data != NULL && access_model_find(change->model, AST_PROFILE, profile) == NULL) {
            return unknown(AST_PROFILE, profile);
        }
    }
    return NULL;
}

/* DEFAULT ROLE names roles that the user has. */
static struct err *check_default_roles(const struct access_thing *user, const struct ast_names *roles)
{
    for (uint32_t i = 0; i < roles->count; i++) {
        bool granted = false;
        for (uint32_t k = 0; k < user->role_count && !granted; k++) {
            granted = slice_equal(user->roles[k].name, roles->names[i]);
        }
        if (!granted) {
            return err_new(ERR_SET_NON_GRANTED_ROLE, "Role %.*s should be granted to set default",
                           SLICE_ARG(roles->names[i]));
        }
    }
    return NULL;
}

/* ---- CREATE, ALTER, DROP */

static privileges needed(enum ast_access_action action, enum ast_entity kind)
{
    static const enum privilege leaves[][5] = {
        [AST_ACCESS_CREATE] = {0, MAY_CREATE_USER, MAY_CREATE_ROLE, MAY_CREATE_QUOTA, MAY_CREATE_PROFILE},
        [AST_ACCESS_ALTER] = {0, MAY_ALTER_USER, MAY_ALTER_ROLE, MAY_ALTER_QUOTA, MAY_ALTER_PROFILE},
        [AST_ACCESS_DROP] = {0, MAY_DROP_USER, MAY_DROP_ROLE, MAY_DROP_QUOTA, MAY_DROP_PROFILE}};
    return PRIVILEGE(leaves[action][kind]);
}

/*
 * Who changes or replaces a user must be able to grant what that user has: else ALTER USER would be a way to somebody
 * else's rights.
 */
static struct err *may_change(const struct change *change, const struct access_thing *thing)
{
    const struct access_session *session = change->execution->access;
    if ((thing->kind != AST_USER && thing->kind != AST_ROLE) ||
        slice_equal(thing->name, access_session_user(session)) ||
        access_may(session, PRIVILEGE(MAY_ROLE_ADMIN), (struct right_on){0}) ||
        (rights_may_pass_on(access_session_rights(session), thing->rights) && thing->role_count == 0)) {
        return NULL;
    }
    return err_new(
        ERR_ACCESS_DENIED,
        "%.*s: Not enough privileges. To change `%.*s`, which has more privileges than this user may grant, it's "
        "necessary to have the grant ROLE ADMIN ON *.*",
        SLICE_ARG(access_session_user(session)), SLICE_ARG(thing->name));
}

/* As long as the list of processes has room for. */
static struct err *check_length(struct slice name)
{
    return name.length <= ACCESS_USER_BYTES_MAX && memchr(name.data, 0, name.length) == NULL
               ? NULL
               : err_new(ERR_BAD_ARGUMENTS, "a name has at most %u bytes, none of them zero", ACCESS_USER_BYTES_MAX);
}

static struct err *create_one(struct change *change, struct slice name, const struct access_thing *defined)
{
    struct err *err = NULL;
    const struct ast_access *access = change->access;
    const struct access_thing *old = access_model_find(change->model, access->entity, name);
    struct access_thing *thing = NULL;
    if (old != NULL && access->if_not_exists) {
        return NULL;
    }
    if (old != NULL && !access->or_replace) {
        return err_new(ERR_ACCESS_EXISTS, "%s `%.*s`: cannot insert because %s `%.*s` already exists",
                       kind_names[access->entity], SLICE_ARG(name), kind_names[access->entity], SLICE_ARG(name));
    }
    if (old != NULL) {
        OR_DONE(not_fixed(old));
        OR_DONE(may_change(change, old));
    }
    if (access->entity == AST_USER || access->entity == AST_ROLE) {
        enum ast_entity other = access->entity == AST_USER ? AST_ROLE : AST_USER;
        if (access_model_find(change->model, other, name) != NULL) { /* GRANT … TO must know who is meant */
            return err_new(ERR_ACCESS_EXISTS, "there is a %s `%.*s` already; users and roles have different names",
                           kind_names[other], SLICE_ARG(name));
        }
    }
    OR_DONE(check_length(name));
    OR_DONE(access_thing_copy(defined, &thing));
    thing->name = arena_slice(thing->arena, name);
    if (thing->name.data == NULL) {
        err = arena_error(thing->arena);
        access_thing_unref(thing);
        goto done;
    }
    if (old != NULL) {
        memcpy(thing->uuid, old->uuid, sizeof(thing->uuid));
    } else {
        memset(thing->uuid, 0, sizeof(thing->uuid));
    }
    change->things[change->count++] = thing;
done:
    return err;
}

/* Made once, before the lock: hashing takes long. */
static struct err *define(struct execution *execution, const struct ast_access *access, struct access_thing **out)
{
    struct access_thing *thing = access_thing_create(access->entity, access->names[0]);
    (void)execution;
    if (thing == NULL) {
        return err_oom();
    }
    struct err *err = access_thing_define(thing, access, false);
    if (err != NULL) {
        access_thing_unref(thing);
        return err;
    }
    *out = thing;
    return NULL;
}

/* References to other things are looked at with the lock held. */
static struct err *check_references(struct change *change)
{
    struct err *err = NULL;
    struct ast_access *access = (struct ast_access *)(uintptr_t)change->access; /* CURRENT_USER is put in */
    OR_DONE(check_profiles(change));
    OR_DONE(check_names(change, &access->roles, true));
    err = check_names(change, &access->grantees, false);
done:
    return err;
}

static struct err *create(struct execution *execution, const struct ast_access *access)
{
    struct err *err = NULL;
    struct change change;
    struct access_thing *defined = NULL;
    OR_DONE(define(execution, access, &defined));
    err = change_begin(&change, execution, access);
    err = err == NULL ? check_references(&change) : err;
    if (err == NULL && access->entity == AST_USER && access->roles.given) {
        err = check_default_roles(defined, &access->roles);
    }
    for (uint32_t i = 0; err == NULL && i < access->name_count; i++) {
        err = create_one(&change, access->names[i], defined);
    }
    err = change_end(&change, err);
done:
    access_thing_unref(defined);
    return err;
}

/* Others that name it follow: they forget it, or know it under its new name. */
static struct err *rename_in_others(struct change *change, const struct access_thing *old, struct slice to)
{
    struct err *err = NULL;
    bool changed;
    for (uint32_t i = 0; i < change->model->count; i++) {
        const struct access_thing *thing = change->model->things[i];
        struct access_thing *copy = NULL, *probe = NULL;
        if (thing->fixed || thing == old) {
            continue;
        }
        OR_DONE(access_thing_copy(thing, &probe));
        err = access_thing_rename(probe, old->name, to, &changed);
        access_thing_unref(probe);
        if (err == NULL && changed) {
            OR_DONE(copy_of(change, thing, &copy));
            err = access_thing_rename(copy, old->name, to, &changed);
        }
        OR_DONE(err);
    }
done:
    return err;
}

static struct err *alter_one(struct change *change, struct slice name, const struct access_thing *defined)
{
    struct err *err = NULL;
    const struct ast_access *access = change->access;
    const struct access_thing *old = access_model_find(change->model, access->entity, real_name(change, name));
    struct access_thing *copy = NULL;
    if (old == NULL) {
        return access->if_exists ? NULL : unknown(access->entity, name);
    }
    OR_DONE(may_change(change, old));
    OR_DONE(copy_of(change, old, &copy));
    struct ast_access rest = *access;
    if (access->has_auth) { /* it was hashed already */
        rest.has_auth = false;
        copy->method = defined->method;
        copy->secret = arena_slice(copy->arena, defined->secret);
        copy->salt = arena_slice(copy->arena, defined->salt);
        if (copy->secret.data == NULL || copy->salt.data == NULL) {
            return arena_error(copy->arena);
        }
    }
    if (access->entity == AST_USER && access->roles.given) {
        OR_DONE(check_default_roles(old, &access->roles));
    }
    OR_DONE(access_thing_define(copy, &rest, false));
    if (access->new_name.length == 0 || slice_equal(access->new_name, old->name)) {
        goto done;
    }
    OR_DONE(check_length(access->new_name));
    if (access_model_find(change->model, access->entity, access->new_name) != NULL) {
        return err_new(ERR_ACCESS_EXISTS, "cannot rename to `%.*s`: there is one already", SLICE_ARG(access->new_name));
    }
    copy->name = arena_slice(copy->arena, access->new_name);
    if (copy->name.data == NULL) {
        return arena_error(copy->arena);
    }
    change->dropped[change->dropped_count++] = old;
    if (access->entity == AST_USER || access->entity == AST_ROLE) {
        err = rename_in_others(change, old, access->new_name);
    }
done:
    return err;
}

static struct err *alter(struct execution *execution, const struct ast_access *access)
{
    struct err *err = NULL;
    struct change change;
    struct access_thing *defined = NULL;
    if (access->new_name.length > 0 && access->name_count > 1) {
        return err_new(ERR_BAD_ARGUMENTS, "RENAME TO is for one name");
    }
    struct ast_access alone = {.entity = access->entity,
                               .names = access->names,
                               .has_auth = access->has_auth,
                               .method = access->method,
                               .secret = access->secret,
                               .salt = access->salt};
    OR_DONE(define(execution, &alone, &defined));
    err = change_begin(&change, execution, access);
    err = err == NULL ? check_references(&change) : err;
    for (uint32_t i = 0; err == NULL && i < access->name_count; i++) {
        err = alter_one(&change, access->names[i], defined);
    }
    err = change_end(&change, err);
done:
    access_thing_unref(defined);
    return err;
}

static struct err *drop(struct execution *execution, const struct ast_access *access)
{
    struct change change;
    struct err *err = change_begin(&change, execution, access);
    for (uint32_t i = 0; err == NULL && i < access->name_count; i++) {
        struct slice name = real_name(&change, access->names[i]);
        const struct access_thing *old = access_model_find(change.model, access->entity, name);
        if (old == NULL) {
            err = access->if_exists ? NULL : unknown(access->entity, name);
            continue;
        }
        err = not_fixed(old);
        err = err == NULL ? may_change(&change, old) : err;
        if (err == NULL && old->kind == AST_USER && slice_equal(old->name, slice_text("default"))) {
            err = err_new(ERR_BAD_ARGUMENTS,
                          "the user default is always there; ALTER USER default HOST NONE lets nobody in "
                          "under this name");
        }
        if (err == NULL && (old->kind == AST_USER || old->kind == AST_ROLE)) {
            err = rename_in_others(&change, old, (struct slice){0});
        }
        change.dropped[change.dropped_count++] = old;
    }
    /* what is dropped was perhaps copied, to forget another one that is dropped, too */
    for (uint32_t i = 0; i < change.count;) {
        bool gone = false;
        for (uint32_t k = 0; k < change.dropped_count && !gone; k++) {
            gone = change.dropped[k]->kind == change.things[i]->kind &&
                   slice_equal(change.dropped[k]->name, change.things[i]->name);
        }
        if (gone) {
            access_thing_unref(change.things[i]);
            change.things[i] = change.things[--change.count];
        } else {
            i++;
        }
    }
    return change_end(&change, err);
}

/* ---- GRANT, REVOKE */

static struct err *may_grant_roles(const struct change *change)
{
    const struct access_session *session = change->execution->access;
    const struct access_thing *user = access_session_thing(session);
    const struct ast_access *access = change->access;
    if (access_may(session, PRIVILEGE(MAY_ROLE_ADMIN), (struct right_on){0})) {
        return NULL;
    }
    for (uint32_t i = 0; i < access->roles.count; i++) {
        bool admin = false;
        for (uint32_t k = 0; k < user->role_count && !admin; k++) {
            admin = user->roles[k].admin && slice_equal(user->roles[k].name, access->roles.names[i]);
        }
        if (!admin) {
            return err_new(ERR_ACCESS_DENIED,
                           "%.*s: Not enough privileges. To execute this query, it's necessary to have the role %.*s "
                           "granted with ADMIN option",
                           SLICE_ARG(user->name), SLICE_ARG(access->roles.names[i]));
        }
    }
    return access->roles.all ? access_check(session, PRIVILEGE(MAY_ROLE_ADMIN), (struct right_on){0}) : NULL;
}

static struct err *may_grant_one(const struct change *change, const struct ast_grant *grant)
{
    const struct access_session *session = change->execution->access;
    struct right_on on = {0};
    if (grant->on_database) {
        on.database = grant->current_database ? change->execution->database : grant->database;
        on.table = grant->on_table ? grant->table : (struct slice){0};
    }
    enum privilege_level level = grant->column_count > 0 ? PRIVILEGE_COLUMN
                                 : grant->on_table       ? PRIVILEGE_TABLE
                                 : grant->on_database    ? PRIVILEGE_DATABASE
                                                         : PRIVILEGE_GLOBAL;
    privileges set = privileges_at(grant->set, level);
    for (uint32_t c = 0; c < (grant->column_count == 0 ? 1 : grant->column_count); c++) {
        on.column = grant->column_count == 0 ? (struct slice){0} : grant->columns[c];
        if (set != 0 && !rights_have(access_session_rights(session), set, on, true)) {
            struct buffer text = {0};
            rights_print_one(set, on, grant->columns, grant->column_count, &text);
            struct err *err =
                text.failed ? err_oom()
                            : err_new(ERR_ACCESS_DENIED,
                                      "%.*s: Not enough privileges. To execute this query, it's necessary to have the "
                                      "grant %.*s WITH GRANT OPTION",
                                      SLICE_ARG(access_session_user(session)), (int)text.length, text.data);
            buffer_deinit(&text);
            return err;
        }
    }
    return NULL;
}

/* REVOKE ALL from somebody takes what the one who revokes could give; so it needs no more than to take any of it. */
static struct err *may_grant(const struct change *change)
{
    struct err *err = NULL;
    const struct ast_access *access = change->access;
    if (access->grants_roles) {
        return may_grant_roles(change);
    }
    for (uint32_t i = 0; i < access->grant_count; i++) {
        OR_DONE(may_grant_one(change, &access->grants[i]));
    }
done:
    return err;
}

/* Does the role have the other one, itself or by others? */
static bool has_role(const struct access_model *model, const struct access_thing *thing, struct slice role,
                     uint32_t depth)
{
    bool has = slice_equal(thing->name, role);
    for (uint32_t i = 0; i < thing->role_count && !has && depth < 100; i++) {
        const struct access_thing *below = access_model_find(model, AST_ROLE, thing->roles[i].name);
        has = below != NULL && has_role(model, below, role, depth + 1);
    }
    return has;
}

static struct err *check_circles(const struct change *change, const struct access_thing *grantee)
{
    for (uint32_t i = 0; i < change->access->roles.count && grantee->kind == AST_ROLE; i++) {
        const struct access_thing *role = access_model_find(change->model, AST_ROLE, change->access->roles.names[i]);
        if (role != NULL && has_role(change->model, role, grantee->name, 0)) {
            return err_new(ERR_INVALID_GRANT, "the role `%.*s` would be granted to itself", SLICE_ARG(grantee->name));
        }
    }
    return NULL;
}

static struct err *grant_to(struct change *change, const struct access_thing *grantee)
{
    struct err *err = NULL;
    struct access_thing *copy = NULL;
    if (change->access->action == AST_ACCESS_GRANT && change->access->grants_roles) {
        OR_DONE(check_circles(change, grantee));
    }
    if (change->access->replaces) {
        OR_DONE(may_change(change, grantee));
    }
    OR_DONE(copy_of(change, grantee, &copy));
    err = access_thing_grant(copy, change->access, change->execution->database);
done:
    return err;
}

static struct err *grant(struct execution *execution, const struct ast_access *access)
{
    struct change change;
    struct err *err = change_begin(&change, execution, access);
    err = err == NULL && access->grants_roles && access->action == AST_ACCESS_GRANT
              ? check_names(&change, (struct ast_names *)(uintptr_t)&access->roles, true)
              : err;
    err = err == NULL ? may_grant(&change) : err;
    for (uint32_t i = 0; err == NULL && i < access->grantees.count; i++) {
        const struct access_thing *grantee = NULL;
        err = find_grantee(&change, access->grantees.names[i], &grantee);
        err = err == NULL ? grant_to(&change, grantee) : err;
    }
    for (uint32_t i = 0; err == NULL && access->grantees.all && i < change.model->count; i++) {
        const struct access_thing *thing = change.model->things[i];
        if ((thing->kind == AST_USER || thing->kind == AST_ROLE) && !thing->fixed &&
            access_names_have(&access->grantees, thing->name)) {
            err = grant_to(&change, thing);
        }
    }
    return change_end(&change, err);
}

/* ---- SET ROLE, SET DEFAULT ROLE */

static struct err *set_default_role(struct execution *execution, const struct ast_access *access)
{
    struct change change;
    struct err *err = change_begin(&change, execution, access);
    err = err == NULL ? check_names(&change, (struct ast_names *)(uintptr_t)&access->roles, true) : err;
    for (uint32_t i = 0; err == NULL && i < access->grantees.count; i++) {
        struct slice name = real_name(&change, access->grantees.names[i]);
        const struct access_thing *user = access_model_find(change.model, AST_USER, name);
        struct access_thing *copy = NULL;
        if (user == NULL) {
            err = unknown(AST_USER, name);
        } else if (!slice_equal(name, access_session_user(execution->access))) {
            err = access_check(execution->access, PRIVILEGE(MAY_ALTER_USER), (struct right_on){0});
        }
        err = err == NULL ? check_default_roles(user, &access->roles) : err;
        err = err == NULL ? copy_of(&change, user, &copy) : err;
        if (err == NULL) {
            const struct ast_access roles = {.entity = AST_USER, .roles = access->roles};
            err = access_thing_define(copy, &roles, false);
        }
    }
    return change_end(&change, err);
}

static struct err *set_role(struct execution *execution, const struct ast_access *access)
{
    struct err *err = NULL;
    const struct access_thing *user = access_session_thing(execution->access);
    struct slice *names =
        ARENA_ARRAY(execution->arena, struct slice, (size_t)user->role_count + access->roles.count + 1);
    uint32_t count = 0;
    if (names == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t i = 0; i < access->roles.count; i++) {
        names[count++] = access->roles.names[i];
    }
    for (uint32_t i = 0; access->roles.all && i < user->role_count; i++) {
        if (access_names_have(&access->roles, user->roles[i].name)) {
            names[count++] = user->roles[i].name;
        }
    }
    struct access_session *session = access_session_ref(execution->login_session);
    OR_DONE(access->role_default ? NULL : access_session_roles(&session, names, count)); /* are they there? */
    if (execution->session != NULL) {
        OR_DONE(session_set_roles(execution->session, access->role_default ? NULL : names, count));
    }
    if (execution->request->access != NULL) { /* the transport's connection keeps them */
        if (access->role_default) {
            OR_DONE(access_session_default(&session));
        }
        struct access_session *old = execution->request->access;
        execution->request->access = access_session_ref(session);
        access_session_unref(old);
    }
done:
    access_session_unref(session);
    return err;
}

struct err *execute_access(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_access *access = statement->access;
    switch (access->action) {
    case AST_ACCESS_CREATE:
        if (access->or_replace) {
            OR_DONE(access_check(execution->access, needed(AST_ACCESS_DROP, access->entity), (struct right_on){0}));
        }
        OR_DONE(access_check(execution->access, needed(access->action, access->entity), (struct right_on){0}));
        return create(execution, access);
    case AST_ACCESS_ALTER: {
        /* one's own password needs no privilege */
        struct ast_access rest = *access;
        rest.has_auth = false;
        bool own =
            access->entity == AST_USER && access->name_count == 1 && access->has_auth && !rest.has_hosts &&
            !rest.has_settings && !rest.has_database && !rest.roles.given && rest.new_name.length == 0 &&
            (access->names[0].data == NULL || slice_equal(access->names[0], access_session_user(execution->access)));
        if (!own) {
            OR_DONE(access_check(execution->access, needed(access->action, access->entity), (struct right_on){0}));
        }
        return alter(execution, access);
    }
    case AST_ACCESS_DROP:
        OR_DONE(access_check(execution->access, needed(access->action, access->entity), (struct right_on){0}));
        return drop(execution, access);
    case AST_ACCESS_GRANT:
    case AST_ACCESS_REVOKE:
        return grant(execution, access);
    case AST_ACCESS_SET_ROLE:
        return set_role(execution, access);
    case AST_ACCESS_SET_DEFAULT_ROLE:
        return set_default_role(execution, access);
    case AST_ACCESS_SHOW_LIST:
    case AST_ACCESS_SHOW_CREATE:
    case AST_ACCESS_SHOW_GRANTS:
    case AST_ACCESS_SHOW_ACCESS:
    case AST_ACCESS_SHOW_QUOTA:
        return execute_show_access(execution, access);
    }
done:
    return err;
}

bool access_statement_reads(const struct ast_access *access)
{
    return access->action >= AST_ACCESS_SHOW_LIST && access->action <= AST_ACCESS_SET_ROLE;
}

const char *access_statement_kind(const struct ast_access *access)
{
    static const char *const kinds[] = {
        [AST_ACCESS_CREATE] = "Create",    [AST_ACCESS_ALTER] = "Alter",      [AST_ACCESS_DROP] = "Drop",
        [AST_ACCESS_GRANT] = "Grant",      [AST_ACCESS_REVOKE] = "Revoke",    [AST_ACCESS_SHOW_LIST] = "Show",
        [AST_ACCESS_SHOW_CREATE] = "Show", [AST_ACCESS_SHOW_GRANTS] = "Show", [AST_ACCESS_SHOW_ACCESS] = "Show",
        [AST_ACCESS_SHOW_QUOTA] = "Show",  [AST_ACCESS_SET_ROLE] = "Set",     [AST_ACCESS_SET_DEFAULT_ROLE] = "Set"};
    return kinds[access->action];
}
