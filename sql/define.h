/*
 * define.h: CREATE statements → definitions that the catalogue keeps.
 *
 * Everything that can be wrong with a CREATE is found here, before anything is stored: types, engines, sort keys,
 * partition and TTL expressions, settings. Texts in the definition are SQL as the printer writes it.
 */
#ifndef SQL_DEFINE_H
#define SQL_DEFINE_H

#include "sql/bind.h"
#include "storage/catalogue.h"

/*
 * Fills *out with what CREATE TABLE says (ids and times 0). With AS SELECT and no columns the columns are those of
 * `select_columns` (from the plan of the query); with AS table, of `as_table`. database: where an unqualified name
 * goes.
 */
struct err *define_table(struct arena *arena, const struct bind_options *options, const struct ast_create_table *create,
                         struct slice database, const struct source_column *select_columns,
                         uint32_t select_column_count, const struct table_def *as_table, struct table_def *out);

/*
 * What CREATE VIEW says, checked by binding its SELECT, with every table's database written out (the tree is changed).
 * Identity and times 0.
 */
struct err *define_view(struct arena *arena, const struct bind_options *options, const struct ast_create_table *create,
                        struct slice database, struct object_def *out);
/* The parts of a definition that define_view made; the tree points into the text. */
struct err *define_view_parts(struct arena *arena, struct slice definition, const struct ast_create_table **out);
/* Names, types and comments of the columns of an object with this definition. */
struct err *define_object_columns(struct arena *arena, enum object_kind kind, struct slice text,
                                  struct ast_column **out, uint32_t *count);
/* The definition under another name. */
struct err *define_view_rename(struct arena *arena, struct slice definition, struct slice database, struct slice name,
                               const char **out);

/* The setting names that CREATE TABLE accepts and ignores, for docs and system.merge_tree_settings; NULL ends it. */
const char *const *define_table_settings(void);

/*
 * What CREATE SOURCE says, checked as far as it can be without a broker: connector, format, properties present,
 * settings known. Property and setting values as text.
 */
struct source_setting {
    struct slice name;
    struct slice value;
    uint32_t offset; /* in the text, for errors */
};
struct source_definition {
    bool if_not_exists;
    struct slice name;
    struct slice database; /* of the table */
    struct slice table;
    struct slice format;
    const struct source_setting *properties; /* brokers, topic, kafka.… */
    uint32_t property_count;
    const struct source_setting *settings;
    uint32_t setting_count;
    const struct ast_select *select; /* or NULL */
    struct slice sql;                /* canonical statement */
};
struct err *define_source(struct arena *arena, const struct bind_options *options,
                          const struct ast_create_source *create, struct slice database, struct source_definition *out);

#endif
