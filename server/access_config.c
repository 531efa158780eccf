/*
 * access_config.c: the section `users` of the configuration file.
 *
 *   users:
 *     grafana:
 *       password: secret             # or password_sha256_hex, password_double_sha1_hex, password_argon2id
 *       networks: [10.0.0.0/8, ::1]  # none: from anywhere
 *       default_database: metrics
 *       settings: {readonly: 2, max_execution_time: 30}
 *       grants: ["GRANT SELECT ON metrics.*"]
 *       roles: [viewers]
 *
 * Without `grants` and `roles` a user may do everything but manage users (as in ClickHouse's users.xml);
 * access_management: 1 allows that too. Each user becomes the statements that would make it (access_print.c), so that
 * both ways to define one mean the same.
 */
#include "server/access_private.h"
#include "server/yaml_file.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define USERS_MAX 10000U

struct reading {
    const char *path;
    struct arena *arena;
    yaml_document_t *document;
    struct access_thing **things;
    uint32_t count, capacity;
};

/* One user's statements. */
struct user_text {
    struct slice name; /* quoted */
    struct buffer create, hosts, settings, grants;
    bool has_grants, manages;
};

static struct err *refuse(const struct reading *reading, const yaml_node_t *node, const char *what)
{
    return err_new(ERR_BAD_ARGUMENTS, "%s, line %zu: %s", reading->path, node->start_mark.line + 1, what);
}

static struct slice scalar(const yaml_node_t *node)
{
    return slice_of((const char *)node->data.scalar.value, node->data.scalar.length);
}

static struct err *scalar_of(const struct reading *reading, const yaml_node_t *node, struct slice *out)
{
    if (node->type != YAML_SCALAR_NODE) {
        return refuse(reading, node, "a value must stand here");
    }
    *out = scalar(node);
    return NULL;
}

static void put_text(const struct reading *reading, struct buffer *out, struct slice text)
{
    struct slice quoted = sql_string(reading->arena, text);
    if (quoted.data == NULL) {
        out->failed = true;
    } else {
        buffer_slice(out, quoted);
    }
}

/* Each value of a list, or the one that stands there. */
static struct err *each(const struct reading *reading, const yaml_node_t *node,
                        struct err *(*visit)(const struct reading *reading, struct user_text *user, struct slice text),
                        struct user_text *user)
{
    struct err *err = NULL;
    struct slice text;
    if (node->type == YAML_SCALAR_NODE) {
        return visit(reading, user, scalar(node));
    }
    if (node->type != YAML_SEQUENCE_NODE) {
        return refuse(reading, node, "a value or a list must stand here");
    }
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        OR_DONE(scalar_of(reading, yaml_document_get_node(reading->document, *item), &text));
        OR_DONE(visit(reading, user, text));
    }
done:
    return err;
}

static struct err *add_network(const struct reading *reading, struct user_text *user, struct slice text)
{
    buffer_text(&user->hosts, user->hosts.length == 0 ? " HOST IP " : ", IP ");
    put_text(reading, &user->hosts, text);
    return NULL;
}

static struct err *add_grant(const struct reading *reading, struct user_text *user, struct slice text)
{
    (void)reading;
    user->has_grants = true;
    buffer_slice(&user->grants, text);
    buffer_printf(&user->grants, " TO %.*s;\n", SLICE_ARG(user->name));
    return NULL;
}

static struct err *add_role(const struct reading *reading, struct user_text *user, struct slice text)
{
    struct slice quoted = sql_identifier(reading->arena, text);
    user->has_grants = true;
    buffer_printf(&user->grants, "GRANT %.*s TO %.*s;\n", SLICE_ARG(quoted), SLICE_ARG(user->name));
    user->grants.failed |= quoted.data == NULL;
    return NULL;
}

static struct err *add_settings(const struct reading *reading, const yaml_node_t *node, struct user_text *user)
{
    struct err *err = NULL;
    struct slice name, value;
    if (node->type != YAML_MAPPING_NODE) {
        return refuse(reading, node, "settings are lines of \"name: value\"");
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        OR_DONE(scalar_of(reading, yaml_document_get_node(reading->document, pair->key), &name));
        OR_DONE(scalar_of(reading, yaml_document_get_node(reading->document, pair->value), &value));
        struct slice quoted = sql_identifier(reading->arena, name);
        buffer_text(&user->settings, user->settings.length == 0 ? " SETTINGS " : ", ");
        buffer_slice(&user->settings, quoted.data == NULL ? slice_text("") : quoted);
        buffer_text(&user->settings, " = ");
        put_text(reading, &user->settings, value);
    }
done:
    return err;
}

static struct err *read_key(const struct reading *reading, const yaml_node_t *key, const yaml_node_t *value,
                            struct user_text *user)
{
    static const struct {
        const char *key, *method;
    } methods[] = {{"password", "plaintext_password"},
                   {"password_sha256_hex", "sha256_hash"},
                   {"password_double_sha1_hex", "double_sha1_hash"},
                   {"password_argon2id", "argon2id_hash"}};
    struct err *err = NULL;
    struct slice name, text;
    OR_DONE(scalar_of(reading, key, &name));
    for (size_t k = 0; k < sizeof(methods) / sizeof(methods[0]); k++) {
        if (slice_equal(name, slice_text(methods[k].key))) {
            OR_DONE(scalar_of(reading, value, &text));
            user->create.length = 0;
            buffer_printf(&user->create, " IDENTIFIED WITH %s", text.length == 0 ? "no_password" : methods[k].method);
            if (text.length > 0) {
                buffer_text(&user->create, " BY ");
                put_text(reading, &user->create, text);
            }
            return NULL;
        }
    }
    if (slice_equal(name, slice_text("networks"))) {
        err = each(reading, value, add_network, user);
    } else if (slice_equal(name, slice_text("grants"))) {
        user->has_grants = true;
        err = each(reading, value, add_grant, user);
    } else if (slice_equal(name, slice_text("roles"))) {
        err = each(reading, value, add_role, user);
    } else if (slice_equal(name, slice_text("settings"))) {
        err = add_settings(reading, value, user);
    } else if (slice_equal(name, slice_text("default_database"))) {
        OR_DONE(scalar_of(reading, value, &text));
        struct slice quoted = sql_identifier(reading->arena, text);
        buffer_printf(&user->hosts, " DEFAULT DATABASE %.*s", SLICE_ARG(quoted));
    } else if (slice_equal(name, slice_text("access_management"))) {
        OR_DONE(scalar_of(reading, value, &text));
        user->manages = slice_equal(text, slice_text("1")) || slice_is_word(text, "true");
    } else {
        err = refuse(reading, key,
                     "a user has password, password_sha256_hex, password_double_sha1_hex, password_argon2id, networks, "
                     "default_database, settings, grants, roles, access_management");
    }
done:
    return err;
}

/* The statements were made of values from outside: nothing but what is wanted may have come of them. */
static struct err *make_user(struct reading *reading, const yaml_node_t *at, struct slice name, struct user_text *user)
{
    struct err *err = NULL;
    struct access_thing *thing = NULL;
    struct buffer text = {0};
    uint8_t hash[32], uuid[16];

    if (!user->has_grants) {
        buffer_printf(&user->grants, "GRANT ALL ON *.* TO %.*s WITH GRANT OPTION;\n", SLICE_ARG(user->name));
        if (!user->manages) {
            buffer_printf(&user->grants, "REVOKE ACCESS MANAGEMENT ON *.* FROM %.*s;\n", SLICE_ARG(user->name));
            buffer_printf(&user->grants, "REVOKE GRANT OPTION FOR ALL ON *.* FROM %.*s;\n", SLICE_ARG(user->name));
        }
    }
    buffer_printf(&text, "CREATE USER %.*s", SLICE_ARG(user->name));
    buffer_slice(&text, buffer_all(&user->create));
    buffer_slice(&text, buffer_all(&user->hosts));
    buffer_slice(&text, buffer_all(&user->settings));
    buffer_text(&text, ";\n");
    buffer_slice(&text, buffer_all(&user->grants));
    if (text.failed || user->create.failed || user->hosts.failed || user->settings.failed || user->grants.failed) {
        err = err_oom();
        goto done;
    }
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)name.data, name.length, NULL, 0);
    memcpy(uuid, hash, sizeof(uuid)); /* the same at each start */
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40);
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
    err = access_thing_read(AST_USER, name, uuid, buffer_all(&text), true, &thing);
    if (err != NULL) {
        err = err_while(err, "%s, line %zu, user %.*s", reading->path, at->start_mark.line + 1, SLICE_ARG(name));
        goto done;
    }
    reading->things[reading->count++] = thing;
done:
    if (text.data != NULL) {
        sodium_memzero(text.data, text.length);
    }
    buffer_deinit(&text);
    return err;
}

static struct err *read_user(struct reading *reading, const yaml_node_t *key, const yaml_node_t *value)
{
    struct err *err = NULL;
    struct user_text user = {0};
    struct slice name;
    OR_DONE(scalar_of(reading, key, &name));
    if (name.length == 0 || name.length > ACCESS_USER_BYTES_MAX) {
        err = refuse(reading, key, "a user's name has 1 to 63 bytes");
        goto done;
    }
    user.name = sql_identifier(reading->arena, name);
    buffer_text(&user.create, " IDENTIFIED WITH no_password");
    if (user.name.data == NULL) {
        err = arena_error(reading->arena);
        goto done;
    }
    if (value->type != YAML_MAPPING_NODE) {
        err = refuse(reading, value, "a user is lines of \"key: value\"");
        goto done;
    }
    for (const yaml_node_pair_t *pair = value->data.mapping.pairs.start; pair < value->data.mapping.pairs.top; pair++) {
        OR_DONE(read_key(reading, yaml_document_get_node(reading->document, pair->key),
                         yaml_document_get_node(reading->document, pair->value), &user));
    }
    err = make_user(reading, key, name, &user);
done:
    if (user.create.data != NULL) {
        sodium_memzero(user.create.data, user.create.length);
    }
    buffer_deinit(&user.create);
    buffer_deinit(&user.hosts);
    buffer_deinit(&user.settings);
    buffer_deinit(&user.grants);
    return err;
}

static struct err *read_users(struct reading *reading, const yaml_node_t *users)
{
    struct err *err = NULL;
    if (users->type != YAML_MAPPING_NODE) {
        return users->type == YAML_SCALAR_NODE && users->data.scalar.length == 0
                   ? NULL
                   : refuse(reading, users, "users are lines of \"name:\" with each one's keys below");
    }
    size_t count = (size_t)(users->data.mapping.pairs.top - users->data.mapping.pairs.start);
    if (count > USERS_MAX) {
        return refuse(reading, users, "there are more than 10000 users");
    }
    reading->things = ARENA_ARRAY(reading->arena, struct access_thing *, count + 1);
    if (reading->things == NULL) {
        return arena_error(reading->arena);
    }
    for (const yaml_node_pair_t *pair = users->data.mapping.pairs.start; pair < users->data.mapping.pairs.top; pair++) {
        OR_DONE(read_user(reading, yaml_document_get_node(reading->document, pair->key),
                          yaml_document_get_node(reading->document, pair->value)));
    }
done:
    return err;
}

static struct err *read_document(struct reading *reading)
{
    const yaml_node_t *root = yaml_document_get_root_node(reading->document);
    if (root == NULL || root->type != YAML_MAPPING_NODE) {
        return NULL;
    }
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(reading->document, pair->key);
        if (key->type == YAML_SCALAR_NODE && slice_equal(scalar(key), slice_text("users"))) {
            return read_users(reading, yaml_document_get_node(reading->document, pair->value));
        }
    }
    return NULL;
}

struct err *access_config_read(const char *path, struct arena *arena, struct access_thing ***out, uint32_t *count)
{
    struct err *err = NULL;
    yaml_document_t document;
    struct reading reading = {.path = path, .arena = arena, .document = &document};
    *count = 0;
    if (path[0] == 0) {
        return NULL;
    }
    OR_DONE(yaml_file_load(path, &document));
    err = read_document(&reading);
    yaml_document_delete(&document);
done:
    if (err != NULL) {
        for (uint32_t i = 0; i < reading.count; i++) {
            access_thing_unref(reading.things[i]);
        }
        reading.count = 0;
    }
    *out = reading.things;
    *count = reading.count;
    return err;
}
