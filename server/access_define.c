/*
 * access_define.c: what CREATE, ALTER, GRANT and REVOKE say of a user, role, quota or settings profile.
 *
 * secrets  a password becomes its Argon2id hash here and is not kept; hashes that other servers made are taken as they
 *          are, where they can be verified
 */
#include "base/arena.h"
#include "server/access_model.h"
#include "server/access_password.h"
#include "server/settings.h"

#include <stdlib.h>
#include <strings.h>

#define ROLES_MAX 1000U

/* ---- authentication */

static bool is_hex(struct slice text, size_t digits)
{
    bool hex = text.length == digits;
    for (size_t i = 0; hex && i < text.length; i++) {
        char c = (char)(text.data[i] | 0x20);
        hex = (text.data[i] >= '0' && text.data[i] <= '9') || (c >= 'a' && c <= 'f');
    }
    return hex;
}

static struct err *need_hex(struct slice method, struct slice secret, size_t digits)
{
    return is_hex(secret, digits)
               ? NULL
               : err_new(ERR_BAD_ARGUMENTS, "%.*s is a text of %zu hexadecimal digits", SLICE_ARG(method), digits);
}

static struct err *define_authentication(struct access_thing *thing, const struct ast_access *access, bool stored)
{
    static const char *const passwords[] = {"plaintext_password", "sha256_password",       "double_sha1_password",
                                            "argon2id_password",  "scram_sha256_password", "bcrypt_password"};
    struct err *err = NULL;
    struct slice method = access->method, secret = access->secret;
    bool plain = method.length == 0;
    char hash[ACCESS_HASH_BYTES];

    if (slice_is_word(method, "no_password")) {
        if (secret.data != NULL) {
            return err_new(ERR_BAD_ARGUMENTS, "no_password goes without BY");
        }
        thing->method = ACCESS_NO_PASSWORD;
        thing->secret = thing->salt = (struct slice){0};
        return NULL;
    }
    for (size_t k = 0; k < sizeof(passwords) / sizeof(passwords[0]); k++) {
        plain |= slice_is_word(method, passwords[k]);
    }
    enum access_method hashed = slice_is_word(method, "argon2id_hash")      ? ACCESS_ARGON2ID
                                : slice_is_word(method, "sha256_hash")      ? ACCESS_SHA256
                                : slice_is_word(method, "double_sha1_hash") ? ACCESS_DOUBLE_SHA1
                                                                            : ACCESS_NO_PASSWORD;
    if (!plain && hashed == ACCESS_NO_PASSWORD) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "IDENTIFIED WITH %.*s is not supported; there are no_password, plaintext_password, "
                       "sha256_password, sha256_hash, double_sha1_password, double_sha1_hash, argon2id_hash",
                       SLICE_ARG(method));
    }
    if (secret.data == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "IDENTIFIED WITH %.*s needs BY and a text", SLICE_ARG(method));
    }
    thing->salt = (struct slice){0};
    if (plain && thing->fixed && stored) { /* it is plain in the file anyway */
        thing->method = ACCESS_PLAIN;
    } else if (plain) {
        OR_DONE(access_password_hash(secret, hash));
        secret = slice_text(hash);
        thing->method = ACCESS_ARGON2ID;
    } else {
        thing->method = hashed;
        if (hashed == ACCESS_ARGON2ID && !access_password_is_hash(secret)) {
            return err_new(ERR_BAD_ARGUMENTS,
                           "argon2id_hash is a text that begins with $argon2id$, of at most %u bytes "
                           "and a cost that this server bears",
                           ACCESS_HASH_BYTES - 1);
        }
        if (hashed != ACCESS_ARGON2ID) {
            OR_DONE(need_hex(method, secret, hashed == ACCESS_SHA256 ? 64 : 40));
        }
        if (access->salt.length > 0) {
            thing->salt = arena_slice(thing->arena, access->salt);
        }
    }
    thing->secret = arena_slice(thing->arena, secret);
    err = thing->secret.data == NULL || (access->salt.length > 0 && !plain && thing->salt.data == NULL)
              ? arena_error(thing->arena)
              : NULL;
done:
    access_password_forget(hash, sizeof(hash));
    return err;
}

/* ---- lists */

static struct err *copy_names(struct arena *arena, const struct slice *names, uint32_t count, struct slice **out,
                              uint32_t *out_count)
{
    struct slice *copy = ARENA_ARRAY(arena, struct slice, (size_t)count + 1);
    for (uint32_t i = 0; copy != NULL && i < count; i++) {
        copy[i] = arena_slice(arena, names[i]);
        if (copy[i].data == NULL) {
            copy = NULL;
        }
    }
    if (copy == NULL) {
        return arena_error(arena);
    }
    *out = copy;
    *out_count = count;
    return NULL;
}

static struct err *copy_list(struct arena *arena, const struct ast_names *names, struct ast_names *out)
{
    struct err *err = NULL;
    *out = (struct ast_names){.given = true, .all = names->all};
    OR_DONE(copy_names(arena, names->names, names->count, &out->names, &out->count));
    err = copy_names(arena, names->except, names->except_count, &out->except, &out->except_count);
done:
    return err;
}

static struct err *define_hosts(struct access_thing *thing, const struct ast_access *access)
{
    uint32_t old_count = access->adds_hosts || access->drops_hosts ? thing->host_count : 0;
    struct ast_host *hosts = ARENA_ARRAY(thing->arena, struct ast_host, (size_t)old_count + access->host_count + 1);
    uint32_t count = 0;
    if (hosts == NULL) {
        return arena_error(thing->arena);
    }
    for (uint32_t i = 0; i < old_count; i++) {
        bool dropped = false;
        for (uint32_t k = 0; access->drops_hosts && k < access->host_count; k++) {
            dropped |= thing->hosts[i].kind == access->hosts[k].kind &&
                       slice_equal(thing->hosts[i].text, access->hosts[k].text);
        }
        if (!dropped) {
            hosts[count++] = thing->hosts[i];
        }
    }
    for (uint32_t k = 0; !access->drops_hosts && k < access->host_count; k++) {
        const struct ast_host *host = &access->hosts[k];
        bool any = (host->kind == AST_HOST_LIKE && slice_equal(host->text, slice_text("%"))) ||
                   (host->kind == AST_HOST_IP && slice_equal(host->text, slice_text("::/0")));
        bool local = host->kind == AST_HOST_NAME && slice_is_word(host->text, "localhost");
        if (host->kind >= AST_HOST_NAME && !any && !local) {
            return err_new(ERR_NOT_IMPLEMENTED,
                           "HOST %s '%.*s' is not supported: names of hosts are what a name server says; use HOST IP",
                           host->kind == AST_HOST_NAME ? "NAME" : "LIKE", SLICE_ARG(host->text));
        }
        if (host->kind == AST_HOST_IP && !access_network_is_valid(host->text)) {
            return err_new(ERR_BAD_ARGUMENTS, "HOST IP '%.*s' is no address or network; 10.0.0.0/8, ::1, fd00::/8 are",
                           SLICE_ARG(host->text));
        }
        hosts[count] = (struct ast_host){.kind = any ? AST_HOST_ANY : local ? AST_HOST_LOCAL : host->kind};
        if (hosts[count].kind == AST_HOST_IP) {
            hosts[count].text = arena_slice(thing->arena, host->text);
            if (hosts[count].text.data == NULL) {
                return arena_error(thing->arena);
            }
        }
        count++;
    }
    if (count == 0) {
        hosts[count++].kind = AST_HOST_NONE;
    }
    thing->hosts = hosts;
    thing->host_count = count;
    return NULL;
}

/* ---- settings */

static struct err *check_value(struct slice name, struct slice value)
{
    struct settings settings;
    settings_init(&settings);
    return value.data == NULL ? NULL : settings_set(&settings, name, value);
}

static struct err *copy_text(struct arena *arena, struct slice text, struct slice *out)
{
    *out = text.data == NULL ? (struct slice){0} : arena_slice(arena, text);
    return text.data != NULL && out->data == NULL ? arena_error(arena) : NULL;
}

static struct err *add_rule(struct access_thing *thing, const struct ast_setting_rule *rule, bool stored,
                            struct ast_setting_rule *out)
{
    struct err *err = NULL;
    if (!stored && rule->profile.data == NULL) {
        OR_DONE(check_value(rule->name, rule->value));
        OR_DONE(check_value(rule->name, rule->min));
        OR_DONE(check_value(rule->name, rule->max));
        if (rule->value.data == NULL && rule->min.data == NULL && rule->max.data == NULL && !rule->writable) {
            err = err_new(ERR_BAD_ARGUMENTS, "the setting %.*s has neither a value nor MIN, MAX, READONLY or WRITABLE",
                          SLICE_ARG(rule->name));
            goto done;
        }
    }
    out->writable = rule->writable;
    OR_DONE(copy_text(thing->arena, rule->profile, &out->profile));
    OR_DONE(copy_text(thing->arena, rule->name, &out->name));
    OR_DONE(copy_text(thing->arena, rule->value, &out->value));
    OR_DONE(copy_text(thing->arena, rule->min, &out->min));
    err = copy_text(thing->arena, rule->max, &out->max);
done:
    return err;
}

static struct err *define_rules(struct access_thing *thing, const struct ast_access *access, bool stored)
{
    struct err *err = NULL;
    bool keeps = access->adds_settings || access->drops_settings;
    uint32_t count = 0, old_count = keeps ? thing->rule_count : 0;
    struct ast_setting_rule *rules =
        ARENA_ARRAY(thing->arena, struct ast_setting_rule, (size_t)old_count + access->setting_count + 1);
    if (rules == NULL) {
        return arena_error(thing->arena);
    }
    for (uint32_t i = 0; i < old_count; i++) {
        bool replaced = false;
        for (uint32_t k = 0; k < access->setting_count; k++) {
            const struct ast_setting_rule *rule = &access->settings[k];
            replaced |=
                slice_equal(thing->rules[i].name, rule->name) && slice_equal(thing->rules[i].profile, rule->profile);
        }
        if (!replaced) {
            rules[count++] = thing->rules[i];
        }
    }
    for (uint32_t k = 0; !access->drops_settings && k < access->setting_count; k++) {
        OR_DONE(add_rule(thing, &access->settings[k], stored, &rules[count]));
        count++;
    }
    thing->rules = rules;
    thing->rule_count = count;
done:
    return err;
}

/* ---- quotas */

static struct err *define_quota(struct access_thing *thing, const struct ast_access *access)
{
    struct ast_quota_interval *intervals = ARENA_ARRAY(thing->arena, struct ast_quota_interval,
                                                       (size_t)thing->interval_count + access->interval_count + 1);
    uint32_t count = 0;
    if (intervals == NULL) {
        return arena_error(thing->arena);
    }
    if (access->quota_key.length > 0) {
        thing->unkeyed = slice_is_word(access->quota_key, "none");
        thing->by_address = slice_is_word(access->quota_key, "ip_address");
    }
    for (uint32_t i = 0; i < thing->interval_count; i++) {
        bool replaced = false;
        for (uint32_t k = 0; k < access->interval_count; k++) {
            replaced |= thing->intervals[i].seconds == access->intervals[k].seconds;
        }
        if (!replaced) {
            intervals[count++] = thing->intervals[i];
        }
    }
    for (uint32_t k = 0; k < access->interval_count; k++) {
        if (!access->intervals[k].removed) {
            intervals[count++] = access->intervals[k];
        }
    }
    thing->intervals = intervals;
    thing->interval_count = count;
    return NULL;
}

struct err *access_thing_define(struct access_thing *thing, const struct ast_access *access, bool stored)
{
    struct err *err = NULL;
    if (access->has_auth) {
        OR_DONE(define_authentication(thing, access, stored));
    }
    if (access->has_hosts) {
        OR_DONE(define_hosts(thing, access));
    }
    if (access->has_database) {
        OR_DONE(copy_text(thing->arena, access->default_database, &thing->default_database));
    }
    if (thing->kind == AST_USER && access->roles.given) {
        thing->all_default = access->roles.all;
        OR_DONE(copy_names(thing->arena, access->roles.names, access->roles.count, &thing->default_roles,
                           &thing->default_count));
        OR_DONE(copy_names(thing->arena, access->roles.except, access->roles.except_count, &thing->default_except,
                           &thing->except_count));
    }
    if (access->has_settings) {
        OR_DONE(define_rules(thing, access, stored));
    }
    if (thing->kind == AST_QUOTA) {
        OR_DONE(define_quota(thing, access));
    }
    if (access->grantees.given) {
        OR_DONE(copy_list(thing->arena, &access->grantees, &thing->to));
    }
done:
    return err;
}

/* ---- GRANT, REVOKE */

static struct err *grant_role(struct access_thing *thing, struct slice name, bool admin)
{
    for (uint32_t i = 0; i < thing->role_count; i++) {
        if (slice_equal(thing->roles[i].name, name)) {
            thing->roles[i].admin |= admin;
            return NULL;
        }
    }
    struct granted_role *roles = ARENA_ARRAY(thing->arena, struct granted_role, (size_t)thing->role_count + 1);
    struct slice own = arena_slice(thing->arena, name);
    if (roles == NULL || own.data == NULL) {
        return arena_error(thing->arena);
    }
    if (thing->role_count == ROLES_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "\"%.*s\" has %u roles already; more are not kept", SLICE_ARG(thing->name),
                       ROLES_MAX);
    }
    if (thing->role_count > 0) {
        memcpy(roles, thing->roles, thing->role_count * sizeof(*roles));
    }
    roles[thing->role_count++] = (struct granted_role){own, admin};
    thing->roles = roles;
    return NULL;
}

static void revoke_roles(struct access_thing *thing, const struct ast_access *access)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < thing->role_count; i++) {
        bool named = access_names_have(&access->roles, thing->roles[i].name);
        if (named && access->option) {
            thing->roles[i].admin = false;
        }
        if (!named || access->option) {
            thing->roles[kept++] = thing->roles[i];
        }
    }
    thing->role_count = kept;
}

static struct err *change_rights(struct access_thing *thing, const struct ast_access *access, bool grant,
                                 const struct ast_grant *one, struct slice database)
{
    struct err *err = NULL;
    struct right_on on = {0};
    privileges set = one->set;
    if (one->on_database) {
        on.database = one->current_database ? database : one->database;
        on.table = one->on_table ? one->table : (struct slice){0};
    }
    enum privilege_level level = one->column_count > 0 ? PRIVILEGE_COLUMN
                                 : one->on_table       ? PRIVILEGE_TABLE
                                 : one->on_database    ? PRIVILEGE_DATABASE
                                                       : PRIVILEGE_GLOBAL;
    privileges fits = privileges_at(set, level);
    if (set != 0 && fits == 0) {
        const char *name = privileges_next(&set);
        return err_new(ERR_INVALID_GRANT, "%s cannot be granted on the %s level", name,
                       level == PRIVILEGE_COLUMN  ? "column"
                       : level == PRIVILEGE_TABLE ? "table"
                                                  : "database");
    }
    for (uint32_t c = 0; c < (one->column_count == 0 ? 1 : one->column_count); c++) {
        on.column = one->column_count == 0 ? (struct slice){0} : one->columns[c];
        OR_DONE(grant ? rights_grant(thing->rights, fits, on, access->option)
                      : rights_revoke(thing->rights, fits, on, access->option));
    }
done:
    return err;
}

struct err *access_thing_grant(struct access_thing *thing, const struct ast_access *access, struct slice database)
{
    struct err *err = NULL;
    bool grant = access->action == AST_ACCESS_GRANT;
    if (access->replaces && access->grants_roles) {
        thing->role_count = 0;
    } else if (access->replaces) {
        thing->rights = rights_create(thing->arena);
        if (thing->rights == NULL) {
            return arena_error(thing->arena);
        }
    }
    for (uint32_t i = 0; i < access->grant_count; i++) {
        OR_DONE(change_rights(thing, access, grant, &access->grants[i], database));
    }
    if (access->grants_roles && !grant) {
        revoke_roles(thing, access);
    }
    for (uint32_t i = 0; grant && access->grants_roles && i < access->roles.count; i++) {
        OR_DONE(grant_role(thing, access->roles.names[i], access->option));
    }
done:
    return err;
}

/* ---- names that change */

static bool rename_in(struct slice *names, uint32_t *count, struct slice from, struct slice to)
{
    bool changed = false;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *count; i++) {
        bool named = slice_equal(names[i], from);
        changed |= named;
        if (!named || to.length > 0) {
            names[kept++] = named ? to : names[i];
        }
    }
    *count = kept;
    return changed;
}

struct err *access_thing_rename(struct access_thing *thing, struct slice from, struct slice new_name, bool *changed)
{
    struct slice to = new_name.length == 0 ? (struct slice){0} : arena_slice(thing->arena, new_name);
    uint32_t kept = 0;
    if (new_name.length > 0 && to.data == NULL) {
        return arena_error(thing->arena);
    }
    *changed = rename_in(thing->default_roles, &thing->default_count, from, to);
    *changed |= rename_in(thing->default_except, &thing->except_count, from, to);
    *changed |= rename_in(thing->to.names, &thing->to.count, from, to);
    *changed |= rename_in(thing->to.except, &thing->to.except_count, from, to);
    for (uint32_t i = 0; i < thing->role_count; i++) {
        bool named = slice_equal(thing->roles[i].name, from);
        *changed |= named;
        if (!named || to.length > 0) {
            thing->roles[kept++] = named ? (struct granted_role){to, thing->roles[i].admin} : thing->roles[i];
        }
    }
    thing->role_count = kept;
    return NULL;
}
