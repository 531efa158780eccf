/*
 * access_model.h: users, roles, quotas and settings profiles in memory, and their canonical text.
 *
 * A thing is one of them, with all that was granted to it. Its text makes it again: a CREATE statement, then GRANTs, one
 * a line, each ended by ";\n"; that is what the ledger keeps (storage/access_record.h). A model is all things at one
 * moment.
 * owner    things and models are counted and immutable once they are in a model; each has an arena of its own
 */
#ifndef SERVER_ACCESS_MODEL_H
#define SERVER_ACCESS_MODEL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "server/access_rights.h"
#include "sql/ast_access.h"

#include <stdatomic.h>

#define ACCESS_USER_BYTES_MAX 63U /* of a name; struct process keeps it */

enum access_method {
    ACCESS_NO_PASSWORD,
    ACCESS_ARGON2ID,    /* secret: libsodium's text of it */
    ACCESS_SHA256,      /* secret: 64 hexadecimal digits of SHA-256(password + salt) */
    ACCESS_DOUBLE_SHA1, /* secret: 40 of SHA-1(SHA-1(password)) */
    ACCESS_PLAIN,       /* secret: the password; of the configuration file alone, never stored */
};

struct granted_role {
    struct slice name;
    bool admin; /* may be passed on */
};

struct access_thing {
    struct arena *arena;
    _Atomic uint32_t references;
    enum ast_entity kind;
    struct slice name;
    uint8_t uuid[16];
    bool fixed; /* of the configuration file: no statement changes it */

    enum access_method method; /* of users */
    struct slice secret, salt;
    struct ast_host *hosts; /* none: any */
    uint32_t host_count;
    bool all_default; /* DEFAULT ROLE ALL [EXCEPT …] */
    struct slice *default_roles;
    uint32_t default_count;
    struct slice *default_except;
    uint32_t except_count;
    struct slice default_database;

    struct granted_role *roles; /* of users and roles */
    uint32_t role_count;
    struct rights *rights;

    struct ast_setting_rule *rules; /* of users, roles and profiles */
    uint32_t rule_count;

    bool by_address; /* quotas: KEYED BY ip_address */
    bool unkeyed;    /* NOT KEYED: one for all */
    struct ast_quota_interval *intervals;
    uint32_t interval_count;
    struct ast_names to; /* quotas, profiles */
};

/* One without anything, with one reference. NULL: memory is out. */
struct access_thing *access_thing_create(enum ast_entity kind, struct slice name);
struct access_thing *access_thing_ref(const struct access_thing *thing);
void access_thing_unref(const struct access_thing *thing); /* accepts NULL */
/* One that is made of its text; also a copy, to be changed, of one that is in a model. */
struct err *access_thing_read(enum ast_entity kind, struct slice name, const uint8_t uuid[16], struct slice text,
                              bool fixed, struct access_thing **out);
struct err *access_thing_copy(const struct access_thing *thing, struct access_thing **out);
/* shown: without secrets, and the CREATE statement alone, without ';'. */
void access_thing_print(const struct access_thing *thing, bool shown, struct buffer *out);
/* GRANTs alone: SHOW GRANTS. */
void access_thing_print_grants(const struct access_thing *thing, bool shown, struct buffer *out);

/* What CREATE or ALTER says of it. stored: hashes and texts are as access_thing_print writes them; else a password is
 * hashed (which takes long). errors: ERR_BAD_ARGUMENTS, ERR_NOT_IMPLEMENTED, ERR_UNKNOWN_SETTING. */
struct err *access_thing_define(struct access_thing *thing, const struct ast_access *access, bool stored);
/* Of a GRANT or REVOKE: all but to whom; database: the current one. */
struct err *access_thing_grant(struct access_thing *thing, const struct ast_access *access, struct slice database);
/* A user or role is gone (to empty) or has another name. *changed: it was named. */
struct err *access_thing_rename(struct access_thing *thing, struct slice from, struct slice to, bool *changed);

bool access_names_have(const struct ast_names *names, struct slice name); /* ALL, or listed; and not left out */

struct access_model {
    _Atomic uint32_t references;
    uint64_t version;
    const struct access_thing **things; /* by (kind, name); a reference each */
    uint32_t count;
};

/* With all of the things; takes references. NULL: memory is out. */
struct access_model *access_model_create(const struct access_thing *const *things, uint32_t count, uint64_t version);
struct access_model *access_model_ref(struct access_model *model);
void access_model_unref(struct access_model *model); /* accepts NULL */
const struct access_thing *access_model_find(const struct access_model *model, enum ast_entity kind,
                                             struct slice name); /* or NULL */

#endif
