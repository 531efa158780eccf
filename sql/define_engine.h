/*
 * define_engine.h: ENGINE = …: which there are, and what they take.
 *
 * MergeTree and the engines that combine rows of one key (storage/combining.h). Names, parameters and error codes are
 * ClickHouse's; its other engines are refused by name.
 */
#ifndef SQL_DEFINE_ENGINE_H
#define SQL_DEFINE_ENGINE_H

#include "sql/binder.h"
#include "storage/catalogue.h"

/* Is there such an engine? engine NULL: MergeTree. */
struct err *check_engine(struct binder *binder, const struct ast *engine);
/* The engine of a table whose columns and sorting key are defined: def->engine, and what it adds to the key. */
struct err *define_engine(struct binder *binder, const struct ast_create_table *create, struct table_def *def);
/* The primary key of a table whose engine adds to the sorting key; after define_engine. */
struct err *define_engine_primary_key(struct binder *binder, struct table_def *def);
/* CREATE alone: columns of an AggregatingMergeTree are keys or measures, unless its settings say that they need not. */
struct err *check_dimensions(struct arena *arena, const struct table_def *def);

/* For ALTER … (verb: RENAME, DROP, CLEAR): the engine needs the column. */
struct err *check_engine_column(struct binder *binder, const struct ast_alter *action, const struct ast *engine,
                                const char *verb);
/* MODIFY COLUMN: may it have this type? */
struct err *check_engine_type(struct binder *binder, const struct ast_alter *action, const struct ast *engine,
                              const struct type *from, const struct type *to);
/* Is it the engine's version or sign? It is not to be updated then. */
bool engine_orders_by(const struct table_def *def, struct slice column);

#endif
