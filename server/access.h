/*
 * access.h: who may use the server, and for what: the interface that HTTP and the native protocol share.
 *
 * use      access_login_begin (or access_authenticate, which waits) turns a user's name, password and address into an
 *          access_session: the user with rights, settings and quotas as they are now. Statements ask it with
 *          access_may…; a connection that lives long calls access_session_renew before each statement.
 * model    users, roles, quotas and profiles come from the ledger and from the configuration file; each change makes a
 *          new model (access_model.h), and sessions keep the one that they were made with
 * logins   a password costs some 40 ms (Argon2id): one thread computes them, one after the other.
 *          Who waits holds no thread. At most LOGINS_MAX different ones wait, LOGINS_PER_ADDRESS of one address.
 *          What was verified is remembered under a keyed hash, until the user changes or others take its place.
 * thread   any; sessions are immutable and counted
 */
#ifndef SERVER_ACCESS_H
#define SERVER_ACCESS_H

#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "server/access_rights.h"
#include "sql/ast_access.h"

#include <stdbool.h>
#include <stdint.h>

#define LOGINS_MAX         64U
#define LOGINS_PER_ADDRESS 16U
#define LOGIN_WAITERS_MAX  4096U

struct access;
struct access_model;
struct access_session;
struct access_thing;
struct server;
struct settings;

struct err *access_start(struct server *server);
void access_stop(struct server *server);

/* ---- logging in */
struct access_credentials {
    struct slice user;     /* empty: default */
    struct slice password; /* may be empty */
    bool given;            /* some were; else what fails is ERR_REQUIRED_PASSWORD, so that a browser asks for them */
    const char *address;   /* the client's, as text */
};
/* ERR_AUTHENTICATION: wrong, or from an address that is not allowed; ERR_REQUIRED_PASSWORD; ERR_SERVER_OVERLOADED: too
 * many logins wait. *out: a reference. May take a second. */
struct err *access_authenticate(struct access *access, const struct access_credentials *credentials,
                                struct access_session **out);

/* The same without waiting. *login NULL: it is done, *out is the session. Else `wake` is called once, from another
 * thread and under a lock of rank LOCK_LOGIN, and then access_login_end tells. Credentials are copied. */
struct access_login;
struct err *access_login_begin(struct access *access, const struct access_credentials *credentials,
                               void (*wake)(void *user), void *user, struct access_login **login,
                               struct access_session **out);
bool access_login_waits(const struct access_login *login);
/* Also before it is done: then nobody is woken up any more, and *out stays NULL. Frees login; accepts NULL. */
struct err *access_login_end(struct access_login *login, struct access_session **out);

/* ---- sessions */
/* A user's, by name, with the default roles: for what runs with its rights when it is not there. ERR_UNKNOWN_USER. */
struct err *access_session_of(struct access *access, struct slice user, struct access_session **out);
struct access_session *access_session_ref(struct access_session *session);
void access_session_unref(struct access_session *session); /* accepts NULL */
/* The same user and roles by the model that is current. ERR_AUTHENTICATION: the user is gone, or has another password
 * or HOST. *session is replaced. */
struct err *access_session_renew(struct access *access, struct access_session **session);
/* With these roles in the place of the user's default ones: SET ROLE, the parameter `role`. ERR_UNKNOWN_ROLE,
 * ERR_SET_NON_GRANTED_ROLE. *session is replaced. */
struct err *access_session_roles(struct access_session **session, const struct slice *roles, uint32_t count);
/* The same with those of them that the user still has: what was set earlier, when roles may be dropped or revoked. */
struct err *access_session_keep_roles(struct access_session **session, const struct slice *roles, uint32_t count);
/* With the user's default roles again. */
struct err *access_session_default(struct access_session **session);
struct slice access_session_user(const struct access_session *session);
const struct access_thing *access_session_thing(const struct access_session *session);
const struct access_model *access_session_model(const struct access_session *session);
const struct rights *access_session_rights(const struct access_session *session);
struct slice access_session_database(const struct access_session *session); /* DEFAULT DATABASE, or empty */
/* Names of the roles that count now; current: without those that only they have. */
const struct slice *access_session_enabled(const struct access_session *session, bool current, uint32_t *count);
/* Does the user begin with a role that was granted to it? */
bool access_role_is_default(const struct access_thing *user, struct slice role);
/* One who may do everything, for what the server does for itself. Lives as long as the server. */
struct access_session *access_everything(struct access *access);

/* ---- asking */
/* Is all of the set granted on all of this? */
bool access_may(const struct access_session *session, privileges set, struct right_on on);
/* … on a part of it? */
bool access_may_some(const struct access_session *session, privileges set, struct right_on on);
/* ERR_ACCESS_DENIED unless access_may. */
struct err *access_check(const struct access_session *session, privileges set, struct right_on on);
struct err *access_check_columns(const struct access_session *session, privileges set, struct right_on on,
                                 const struct slice *columns, uint32_t count);
/* ERR_ACCESS_DENIED: the set is not granted on these columns (none: on all of it). */
struct err *access_deny(const struct access_session *session, privileges set, struct right_on on,
                        const struct slice *columns, uint32_t count);
/* For what every user may see: rows of system tables about a database, table or column (empty: not said). */
bool access_sees(const struct access_session *session, struct right_on on);

/* ---- settings */
/* Applies the values of profiles, roles and the user; before all that a request says. */
struct err *access_settings(const struct access_session *session, struct settings *settings);
/* What profiles, roles and the user say of a setting. */
struct access_setting {
    struct slice value, min, max; /* data NULL: nothing */
    bool readonly;                /* the user cannot change it */
};
void access_setting_find(const struct access_session *session, struct slice name, struct access_setting *out);
/* May the user set it so? ERR_SETTING_CONSTRAINT, ERR_READONLY. */
struct err *access_check_setting(const struct access_session *session, struct slice name, struct slice value);

/* ---- quotas */
struct access_used {
    uint64_t amounts[AST_QUOTA_RESOURCES];
};
/* Counts, and fails when that is more than what is allowed: ERR_QUOTA_EXCEEDED. enforce false: counts alone. */
struct err *access_use(struct access *access, const struct access_session *session, const char *address,
                       const struct access_used *used, bool enforce);

/* ---- the model, for statements and system tables */
struct access_model *access_current(struct access *access); /* a reference */
/* Takes the lock of changes, for a while: what is read of access_current then stays so. */
void access_change_begin(struct access *access);
void access_change_end(struct access *access);
/* Puts things in the place of those with their (kind, name); `dropped` leave. Durable when it returns. */
struct err *access_change(struct access *access, struct access_thing *const *things, uint32_t count,
                          const struct access_thing *const *dropped, uint32_t dropped_count);
/* One line of system.quota_usage. */
struct access_quota_row {
    struct slice quota, key;
    uint64_t seconds;
    int64_t started_at_s;
    const struct ast_quota_interval *limits;
    struct access_used used;
};
struct err *access_quota_rows(struct access *access, const struct access_session *session, const char *address,
                              struct arena *arena, struct access_quota_row **out, uint32_t *count);

#endif
