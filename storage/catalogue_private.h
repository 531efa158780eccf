/*
 * catalogue_private.h: struct catalogue, for the catalogue's files.
 *
 * lock     `ddl`: one change at a time, held while it commits; `names`: the arrays, held shortly
 */
#ifndef STORAGE_CATALOGUE_PRIVATE_H
#define STORAGE_CATALOGUE_PRIVATE_H

#include "base/lock.h"
#include "storage/ledger_private.h"

struct catalogue_table {
    struct table_def *def; /* current version; a reference */
    struct table *table;   /* a reference; NULL without hooks */
};

struct catalogue {
    struct store *store;
    struct ledger *ledger;
    const struct table_hooks *hooks; /* or NULL */
    struct lock ddl;
    struct lock names;
    char **databases; /* sorted */
    uint32_t database_count, database_capacity;
    struct catalogue_table *tables; /* sorted by (database, name) */
    uint32_t table_count, table_capacity;
    struct source_def **sources; /* sorted by (database, name); references */
    uint32_t source_count, source_capacity;
    struct object_def **objects; /* sorted by (database, name); references */
    uint32_t object_count, object_capacity;
};

/* Order of ("a", "t") and ("b", "s"). */
int catalogue_name_compare(const char *database, const char *name, const char *other_database, const char *other_name);
/* Index of a table, and whether it is there; under names. */
uint32_t catalogue_table_index(const struct catalogue *catalogue, const char *database, const char *name, bool *found);
uint32_t catalogue_database_index(const struct catalogue *catalogue, const char *name, bool *found); /* likewise */
/* Puts a table and its definition (both moved) into their place; under names. */
struct err *catalogue_tables_insert(struct catalogue *catalogue, struct table_def *def, struct table *table);
void catalogue_tables_take_out(struct catalogue *catalogue, uint32_t at); /* its references stay the caller's */
/* Why a table cannot go: NULL, it can. Under ddl. */
struct err *catalogue_drop_check(const struct catalogue *catalogue, const struct table_def *def);
/* "Table a.b does not exist", and which one may be meant; under names. */
struct err *catalogue_unknown_table(const struct catalogue *catalogue, const char *database, const char *name);
bool catalogue_database_exists(const struct catalogue *catalogue, const char *name);         /* under names */
struct err *catalogue_unknown_database(const struct catalogue *catalogue, const char *name); /* under names */
/* The source that feeds a table, or NULL; under names or ddl. */
const struct source_def *catalogue_feeder(const struct catalogue *catalogue, uint64_t table_id);
/* Letters that have to be added, taken away or changed; counts up to 255. */
unsigned name_distance(const char *a, const char *b);
void catalogue_sources_load(struct catalogue *catalogue, struct ledger_state *state, bool *failed);
struct err *catalogue_objects_load(struct catalogue *catalogue, struct ledger_state *state);
uint32_t catalogue_object_index(const struct catalogue *catalogue, const char *database, const char *name, bool *found);
/* Puts a definition (moved) into its place; under names. */
struct err *catalogue_objects_insert(struct catalogue *catalogue, struct object_def *def);
void catalogue_objects_take_out(struct catalogue *catalogue, uint32_t at); /* and lets go of it */
/* Takes the objects of a database (NULL: all) out of the names and lets go of them; under names. */
void catalogue_objects_forget(struct catalogue *catalogue, const char *database);
/* Is the name short enough and printable? */
struct err *catalogue_check_name(const char *what, const char *name);

static inline void catalogue_table_unref(const struct catalogue *catalogue, struct table *table)
{
    if (table != NULL) {
        catalogue->hooks->unref(table);
    }
}

static inline struct table *catalogue_table_ref(const struct catalogue *catalogue, struct table *table)
{
    if (table != NULL) {
        catalogue->hooks->ref(table);
    }
    return table;
}

#endif
