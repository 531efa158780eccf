/*
 * ast_access.h: the syntax tree of statements about users, roles, quotas and settings profiles.
 *
 * One struct for all of them: what a statement did not say is zero, and `has_…` tells where that is not the same.
 * Ownership: as of ast.h.
 */
#ifndef SQL_AST_ACCESS_H
#define SQL_AST_ACCESS_H

#include "base/slice.h"
#include "sql/privileges.h"

#include <stdbool.h>
#include <stdint.h>

/* Stored in the ledger (LEDGER_ACCESS): never reuse a number. */
enum ast_entity { AST_USER = 1, AST_ROLE = 2, AST_QUOTA = 3, AST_PROFILE = 4 };

enum ast_access_action {
    AST_ACCESS_CREATE,
    AST_ACCESS_ALTER,
    AST_ACCESS_DROP,
    AST_ACCESS_GRANT,
    AST_ACCESS_REVOKE,
    AST_ACCESS_SHOW_LIST,   /* SHOW USERS, ROLES, QUOTAS, SETTINGS PROFILES; current: SHOW CURRENT ROLES, … */
    AST_ACCESS_SHOW_CREATE, /* names empty: the current user */
    AST_ACCESS_SHOW_GRANTS,
    AST_ACCESS_SHOW_ACCESS,
    AST_ACCESS_SHOW_QUOTA,
    AST_ACCESS_SET_ROLE,
    AST_ACCESS_SET_DEFAULT_ROLE,
};

/* Names of users or roles: ALL, NONE, or a list; and those that are left out. */
struct ast_names {
    bool given;
    bool all;
    struct slice *names; /* CURRENT_USER has no data */
    uint32_t count;
    struct slice *except;
    uint32_t except_count;
};

enum ast_host_kind { AST_HOST_ANY, AST_HOST_NONE, AST_HOST_LOCAL, AST_HOST_IP, AST_HOST_NAME, AST_HOST_LIKE };
struct ast_host {
    enum ast_host_kind kind;
    struct slice text; /* IP: an address or network */
};

/* SETTINGS: name = value MIN a MAX b READONLY, or PROFILE 'p'. */
enum ast_writable { AST_WRITABLE_UNSAID, AST_WRITABLE, AST_CONST };
struct ast_setting_rule {
    struct slice profile; /* data NULL: it is a setting */
    struct slice name;
    struct slice value, min, max; /* as text; data NULL: not said */
    enum ast_writable writable;
};

enum ast_quota_resource {
    AST_QUOTA_QUERIES,
    AST_QUOTA_SELECTS,
    AST_QUOTA_INSERTS,
    AST_QUOTA_ERRORS,
    AST_QUOTA_RESULT_ROWS,
    AST_QUOTA_RESULT_BYTES,
    AST_QUOTA_READ_ROWS,
    AST_QUOTA_READ_BYTES,
    AST_QUOTA_WRITTEN_BYTES,
    AST_QUOTA_EXECUTION_TIME, /* in microseconds */
    AST_QUOTA_RESOURCES,
};
extern const char *const quota_resource_names[AST_QUOTA_RESOURCES];

struct ast_quota_interval {
    uint64_t seconds;
    bool randomized;
    bool removed; /* NO LIMITS, in ALTER: this interval goes */
    uint64_t max[AST_QUOTA_RESOURCES];
    bool limited[AST_QUOTA_RESOURCES];
};

/* SELECT, INSERT(a, b) of one GRANT … ON. */
struct ast_grant {
    privileges set;
    struct slice *columns;
    uint32_t column_count;
    bool on_database, on_table; /* *.*, db.*, db.t; `t` and `*` alone: no database was written, the current one */
    bool current_database;
    struct slice database, table;
    uint32_t offset;
};

struct ast_access {
    enum ast_access_action action;
    enum ast_entity entity;
    struct slice *names;
    uint32_t name_count;
    uint32_t name_offset;
    bool if_exists, if_not_exists, or_replace;
    bool current;
    struct slice new_name; /* RENAME TO; or empty */

    bool has_auth;       /* IDENTIFIED, NOT IDENTIFIED */
    struct slice method; /* empty: IDENTIFIED BY */
    struct slice secret; /* data NULL: none was given */
    struct slice salt;   /* likewise */
    bool has_database;
    struct slice default_database; /* empty: NONE */
    uint32_t auth_offset;

    bool has_hosts, adds_hosts, drops_hosts;
    struct ast_host *hosts;
    uint32_t host_count;

    struct ast_names roles;    /* DEFAULT ROLE, SET ROLE; role grants: what is granted */
    struct ast_names grantees; /* to whom: GRANT, REVOKE, CREATE QUOTA … TO; a user's GRANTEES */
    bool role_default;         /* SET ROLE DEFAULT */

    bool has_settings, adds_settings, drops_settings;
    struct ast_setting_rule *settings;
    uint32_t setting_count;

    struct ast_quota_interval *intervals;
    uint32_t interval_count;
    struct slice quota_key; /* NOT KEYED: "none"; user_name, ip_address; or empty: not said */

    struct ast_grant *grants;
    uint32_t grant_count;
    bool grants_roles;
    bool option;   /* WITH GRANT OPTION, WITH ADMIN OPTION; GRANT OPTION FOR */
    bool replaces; /* WITH REPLACE OPTION */
};

#endif
