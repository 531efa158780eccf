/*
 * define_alter_private.h: what the files of define_alter share: the statement that is altered.
 */
#ifndef SQL_DEFINE_ALTER_PRIVATE_H
#define SQL_DEFINE_ALTER_PRIVATE_H

#include "sql/binder.h"
#include "storage/catalogue.h"

struct alterer {
    struct binder binder;
    struct arena *arena;
    const struct table_def *current;
    struct ast_create_table create; /* as altered so far */
    uint32_t *ids;                  /* of its columns */
    bool changed;
};

/* define_alter_table.c: what is of the table, not of one column */
struct err *alter_order_by(struct alterer *alterer, const struct ast_alter *action);
struct err *alter_ttl(struct alterer *alterer, const struct ast_alter *action);
/* A column's new name goes into the TTLs of the table and of columns. */
struct err *alter_ttl_names(struct alterer *alterer, struct slice name, struct slice to);
struct err *alter_settings(struct alterer *alterer, const struct ast_alter *action);
struct err *alter_settings_reset(struct alterer *alterer, const struct ast_alter *action);

#endif
