/*
 * access_private.h: what the files of access.h share: access.c (model, changes), access_session.c, access_login.c,
 * access_quota.c.
 */
#ifndef SERVER_ACCESS_PRIVATE_H
#define SERVER_ACCESS_PRIVATE_H

#include "base/lock.h"
#include "server/access.h"
#include "server/access_model.h"

struct ledger;
struct logins;
struct quota_counts;

struct access {
    struct ledger *ledger;
    struct lock change; /* LOCK_ACCESS_CHANGE: one change at a time */
    struct lock lock;   /* LOCK_ACCESS: model, counts */
    struct access_model *model;
    struct quota_counts *counts; /* of access_quota.c */
    struct logins *logins;
    struct access_session *everything;
};

struct access_session {
    struct arena *arena;
    _Atomic uint32_t references;
    struct access_model *model;
    const struct access_thing *user; /* of the model */
    const struct rights *rights;
    const struct slice *asked; /* roles that were set, in place of the default ones; NULL: none were */
    uint32_t asked_count;
    struct slice *enabled; /* all roles that count: first the current ones, then those that these have */
    uint32_t enabled_count, current_count;
    struct ast_setting_rule *rules; /* in the order in which they apply */
    uint32_t rule_count, rule_capacity;
    const struct access_thing **quotas;
    uint32_t quota_count;
};

/* access_session.c */
struct err *access_session_make(struct access_model *model, const struct access_thing *user, const struct slice *asked,
                                uint32_t asked_count, struct access_session **out);
/* access_login.c */
struct err *logins_start(struct access *access);
void logins_stop(struct access *access);
/* access_quota.c */
struct err *quotas_start(struct access *access);
void quotas_stop(struct access *access);
/* access_config.c: things of the configuration file, made fixed; the caller owns the references. */
struct err *access_config_read(const char *path, struct arena *arena, struct access_thing ***out, uint32_t *count);

#endif
