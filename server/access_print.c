/*
 * access_print.c: a user, role, quota or settings profile as statements that make it again; and the way back.
 *
 * format   the texts are durable (docs/FORMAT.md, record 80): what is written once must be read for ever
 */
#include "server/access_model.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <stdio.h>

static const char *const entity_words[] = {
    [AST_USER] = "USER", [AST_ROLE] = "ROLE", [AST_QUOTA] = "QUOTA", [AST_PROFILE] = "SETTINGS PROFILE"};

struct printing {
    struct arena *arena; /* of quoted names */
    struct buffer *out;
    bool shown; /* to people: names as they write them */
};

static void put(struct printing *print, const char *text)
{
    buffer_text(print->out, text);
}

static void put_quoted(struct printing *print, struct slice quoted)
{
    if (quoted.data == NULL) {
        print->out->failed = true;
    } else {
        buffer_slice(print->out, quoted);
    }
}

/* What is stored has them always in backticks: a role may be called ALL. */
static void put_name(struct printing *print, struct slice name)
{
    if (print->shown) {
        put_quoted(print, sql_identifier(print->arena, name));
        return;
    }
    buffer_char(print->out, '`');
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] == '`' || name.data[i] == '\\') {
            buffer_char(print->out, '\\');
        }
        buffer_char(print->out, name.data[i]);
    }
    buffer_char(print->out, '`');
}

static void put_text(struct printing *print, struct slice text)
{
    put_quoted(print, sql_string(print->arena, text));
}

static void put_list(struct printing *print, const struct slice *names, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(print, i == 0 ? " " : ", ");
        put_name(print, names[i]);
    }
}

static void put_names(struct printing *print, const struct ast_names *names)
{
    put(print, names->all ? " ALL" : names->count == 0 ? " NONE" : "");
    put_list(print, names->names, names->count);
    if (names->except_count > 0) {
        put(print, " EXCEPT");
        put_list(print, names->except, names->except_count);
    }
}

static void put_authentication(struct printing *print, const struct access_thing *thing, bool shown)
{
    static const char *const methods[] = {[ACCESS_NO_PASSWORD] = "no_password",
                                          [ACCESS_ARGON2ID] = "argon2id_hash",
                                          [ACCESS_SHA256] = "sha256_hash",
                                          [ACCESS_DOUBLE_SHA1] = "double_sha1_hash",
                                          [ACCESS_PLAIN] = "plaintext_password"};
    put(print, " IDENTIFIED WITH ");
    put(print, shown && thing->method == ACCESS_ARGON2ID ? "argon2id_password" : methods[thing->method]);
    if (thing->method != ACCESS_NO_PASSWORD && !shown) {
        put(print, " BY ");
        put_text(print, thing->secret);
        if (thing->salt.length > 0) {
            put(print, " SALT ");
            put_text(print, thing->salt);
        }
    }
}

static void put_hosts(struct printing *print, const struct access_thing *thing)
{
    static const char *const kinds[] = {[AST_HOST_ANY] = "ANY", [AST_HOST_NONE] = "NONE", [AST_HOST_LOCAL] = "LOCAL",
                                        [AST_HOST_IP] = "IP",   [AST_HOST_NAME] = "NAME", [AST_HOST_LIKE] = "LIKE"};
    for (uint32_t i = 0; i < thing->host_count; i++) {
        put(print, i == 0 ? " HOST " : ", ");
        put(print, kinds[thing->hosts[i].kind]);
        if (thing->hosts[i].kind >= AST_HOST_IP) {
            put(print, " ");
            put_text(print, thing->hosts[i].text);
        }
    }
}

static void put_default_roles(struct printing *print, const struct access_thing *thing)
{
    struct ast_names names = {.all = thing->all_default,
                              .names = thing->default_roles,
                              .count = thing->default_count,
                              .except = thing->default_except,
                              .except_count = thing->except_count};
    if (!names.all || names.except_count > 0) {
        put(print, " DEFAULT ROLE");
        put_names(print, &names);
    }
}

static void put_bound(struct printing *print, const char *word, struct slice value)
{
    if (value.data != NULL) {
        put(print, word);
        put_text(print, value);
    }
}

static void put_rules(struct printing *print, const struct access_thing *thing)
{
    for (uint32_t i = 0; i < thing->rule_count; i++) {
        const struct ast_setting_rule *rule = &thing->rules[i];
        put(print, i == 0 ? " SETTINGS " : ", ");
        if (rule->profile.data != NULL) {
            put(print, "PROFILE ");
            put_name(print, rule->profile);
            continue;
        }
        put_quoted(print, sql_identifier(print->arena, rule->name));
        put_bound(print, " = ", rule->value);
        put_bound(print, " MIN ", rule->min);
        put_bound(print, " MAX ", rule->max);
        put(print, rule->writable == AST_CONST ? " CONST" : rule->writable == AST_WRITABLE ? " WRITABLE" : "");
    }
}

/* 3600 → INTERVAL 1 HOUR, in the largest unit that fits. */
static void put_interval(struct printing *print, const struct ast_quota_interval *interval)
{
    static const struct {
        const char *word;
        uint64_t seconds;
    } units[] = {{"YEAR", 31556952}, {"QUARTER", 7889238}, {"MONTH", 2629746}, {"WEEK", 604800},
                 {"DAY", 86400},     {"HOUR", 3600},       {"MINUTE", 60},     {"SECOND", 1}};
    size_t k = 0;
    bool limited = false;
    while (interval->seconds % units[k].seconds != 0) {
        k++;
    }
    buffer_printf(print->out, "FOR %sINTERVAL %llu %s", interval->randomized ? "RANDOMIZED " : "",
                  (unsigned long long)(interval->seconds / units[k].seconds), units[k].word);
    for (uint32_t r = 0; r < AST_QUOTA_RESOURCES; r++) {
        if (!interval->limited[r]) {
            continue;
        }
        put(print, limited ? ", " : " MAX ");
        limited = true;
        if (r == AST_QUOTA_EXECUTION_TIME) {
            buffer_printf(print->out, "%s = %llu.%06llu", quota_resource_names[r],
                          (unsigned long long)(interval->max[r] / 1000000),
                          (unsigned long long)(interval->max[r] % 1000000));
        } else {
            buffer_printf(print->out, "%s = %llu", quota_resource_names[r], (unsigned long long)interval->max[r]);
        }
    }
    put(print, limited ? "" : " TRACKING ONLY");
}

static void put_quota(struct printing *print, const struct access_thing *thing)
{
    put(print, thing->unkeyed ? " NOT KEYED" : thing->by_address ? " KEYED BY ip_address" : " KEYED BY user_name");
    for (uint32_t i = 0; i < thing->interval_count; i++) {
        put(print, i == 0 ? " " : ", ");
        put_interval(print, &thing->intervals[i]);
    }
}

void access_thing_print_grants(const struct access_thing *thing, bool shown, struct buffer *out)
{
    struct printing print = {arena_create(NULL), out, shown};
    if (print.arena == NULL) {
        out->failed = true;
        return;
    }
    rights_print(thing->rights, thing->name, out);
    for (uint32_t i = 0; i < thing->role_count; i++) {
        put(&print, "GRANT ");
        put_name(&print, thing->roles[i].name);
        put(&print, " TO ");
        put_name(&print, thing->name);
        put(&print, thing->roles[i].admin ? " WITH ADMIN OPTION\n" : "\n");
    }
    arena_destroy(print.arena);
}

void access_thing_print(const struct access_thing *thing, bool shown, struct buffer *out)
{
    struct printing print = {arena_create(NULL), out, shown};
    if (print.arena == NULL) {
        out->failed = true;
        return;
    }
    put(&print, "CREATE ");
    put(&print, entity_words[thing->kind]);
    put(&print, " ");
    put_name(&print, thing->name);
    if (thing->kind == AST_USER) {
        put_authentication(&print, thing, shown);
        put_hosts(&print, thing);
        put_default_roles(&print, thing);
        if (thing->default_database.length > 0) {
            put(&print, " DEFAULT DATABASE ");
            put_name(&print, thing->default_database);
        }
    }
    put_rules(&print, thing);
    if (thing->kind == AST_QUOTA) {
        put_quota(&print, thing);
    }
    if (thing->to.given && (thing->to.all || thing->to.count > 0)) {
        put(&print, " TO");
        put_names(&print, &thing->to);
    }
    if (!shown) {
        struct buffer grants = {0};
        put(&print, ";\n");
        access_thing_print_grants(thing, false, &grants);
        out->failed |= grants.failed;
        for (size_t i = 0; i < grants.length; i++) {
            if (grants.data[i] == '\n') {
                buffer_char(out, ';');
            }
            buffer_char(out, grants.data[i]);
        }
        buffer_deinit(&grants);
    }
    arena_destroy(print.arena);
}

/* ---- the way back */

static struct err *read_statement(struct access_thing *thing, const struct ast_statement *statement)
{
    const struct ast_access *access = statement->kind == AST_ACCESS ? statement->access : NULL;
    if (access != NULL && access->action == AST_ACCESS_CREATE && access->entity == thing->kind) {
        return access_thing_define(thing, access, true);
    }
    bool own = access != NULL && access->grantees.count == 1 && !access->grantees.all &&
               slice_equal(access->grantees.names[0], thing->name);
    if (own && (access->action == AST_ACCESS_GRANT || access->action == AST_ACCESS_REVOKE)) {
        return access_thing_grant(thing, access, slice_text("default"));
    }
    return err_new(ERR_CORRUPT, "what is stored of \"%.*s\" holds another statement", SLICE_ARG(thing->name));
}

struct err *access_thing_read(enum ast_entity kind, struct slice name, const uint8_t uuid[16], struct slice text,
                              bool fixed, struct access_thing **out)
{
    struct err *err = NULL;
    struct access_thing *thing = access_thing_create(kind, name);
    struct arena *arena = arena_create(NULL);
    uint32_t offset = 0;
    if (thing == NULL || arena == NULL || text.length >= UINT32_MAX) {
        err = err_oom();
        goto done;
    }
    memcpy(thing->uuid, uuid, sizeof(thing->uuid));
    thing->fixed = fixed;
    while (offset < text.length) {
        struct ast_statement *statement = NULL;
        OR_DONE(parse_statement(arena, text, &offset, (uint32_t)text.length + 1, &statement));
        if (statement == NULL) {
            break;
        }
        OR_DONE(read_statement(thing, statement));
    }
    *out = thing;
    thing = NULL;
done:
    arena_destroy(arena);
    access_thing_unref(thing);
    return err_while(err, "reading what is stored of \"%.*s\"", SLICE_ARG(name));
}
