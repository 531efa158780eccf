/*
 * catalogue.h: databases, tables, sources, views and dictionaries by name, as the ledger records them.
 *
 * A table_def or source_def is one immutable version of a definition, reference counted; a change makes a new one.
 * What runs behind a definition (head, segments) is struct table (storage/table.h): the catalogue opens one per table
 * through the hooks that the store was opened with, and hands out references to it by name.
 * Texts are SQL as the binder prints it again; expressions are bound by the layer above through its own tables.
 * DDL      one at a time; each is one ledger commit and visible when the call returns.
 * thread   any.
 * errors   ClickHouse's codes: ERR_UNKNOWN_DATABASE, ERR_UNKNOWN_TABLE with "did you mean", ERR_TABLE_EXISTS …
 */
#ifndef STORAGE_CATALOGUE_H
#define STORAGE_CATALOGUE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "storage/type.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct catalogue;
struct ledger;
struct store;
struct table;

enum column_default_kind {
    COLUMN_DEFAULT_NONE = 0,
    COLUMN_DEFAULT_DEFAULT = 1,
    COLUMN_DEFAULT_MATERIALIZED = 2,
    COLUMN_DEFAULT_ALIAS = 3,
    COLUMN_DEFAULT_EPHEMERAL = 4,
};

/* All texts: NUL-terminated, "" when absent. */
struct column_def {
    uint32_t
        id; /* never reused within a table; names segments' columns across renames. 0 in a new definition: assigned */
    const char *name;
    const struct type *type;
    enum column_default_kind default_kind;
    const char *default_text;
    const char *codec;
    const char *comment;
    uint32_t place;    /* of one that is not stored: how many stored ones stand before it */
    uint32_t typed_in; /* the schema version that gave it its type; rows of older ones are cast. Assigned */
};

/* INDEX name expression TYPE type GRANULARITY n. kind 0: minmax, which zone maps answer. */
struct index_def {
    const char *name;
    const char *expression; /* "lower(url)" */
    const char *type;       /* "bloom_filter(0.01)" */
    uint64_t granularity;
    uint32_t kind;      /* enum index_kind (storage/index.h), or 0 */
    uint32_t input;     /* enum index_input */
    uint32_t column;    /* index among the columns */
    uint32_t parameter; /* as struct index_wish has them, as are these */
    uint32_t bytes;
    uint32_t bits;
};

struct table_def {
    uint64_t id;             /* 0 in a new definition: assigned, never reused */
    uint32_t schema_version; /* 1, 2, …; assigned */
    const char *database;
    const char *name;
    const char *engine; /* "MergeTree" */
    const struct column_def *columns;
    uint32_t column_count; /* those that are stored */
    /* ALIAS: computed when it is read; EPHEMERAL: only INSERTs give it, for the expressions of others. Each has an
     * expression. They are numbered behind the stored ones where a program's columns are meant. */
    const struct column_def *computed;
    uint32_t computed_count;
    const struct index_def *indexes;
    uint32_t index_count;
    const char *const *order_by; /* expressions of the sort key, one by one */
    uint32_t order_by_count;
    const char *primary_key;  /* "a, b"; as given or "" */
    const char *partition_by; /* expression or "" */
    const char *ttl;          /* expression or "" */
    const char *watermark;    /* "ts - INTERVAL 5 SECOND" or "" */
    const char *watermark_column;
    const char *settings; /* "index_granularity = 8192" or "" */
    const char *comment;
    const char *create_sql; /* canonical CREATE TABLE without database changes, for SHOW CREATE */
    bool internal;          /* kept by the server itself (system.dead_letters): not to be dropped by users */
    int64_t created_at_us;
    uint8_t uuid[16];
    /* owned by the catalogue */
    struct arena *arena;
    _Atomic uint32_t references;
};

enum source_state {
    SOURCE_RUNNING = 1,
    SOURCE_PAUSED = 2,  /* by ALTER SOURCE … PAUSE */
    SOURCE_STOPPED = 3, /* by an error that needs a person: reason says which */
};

struct source_def {
    uint64_t id;      /* assigned */
    uint32_t version; /* 1, 2, …; assigned: changes with definition and state */
    const char *database;
    const char *name;
    uint64_t table_id;
    const char *definition;     /* the CREATE SOURCE statement, canonical */
    const char *const *streams; /* identities "<cluster id>/<topic>" as far as resolved; may be none yet */
    uint32_t stream_count;
    enum source_state state;
    const char *reason; /* of PAUSED and STOPPED */
    int64_t created_at_us;
    struct arena *arena;
    _Atomic uint32_t references;
};

/* What has a name among a database's tables but no rows on disk. */
enum object_kind {
    OBJECT_VIEW = 1,
    OBJECT_DICTIONARY = 2,
    OBJECT_MATERIALIZED = 3, /* a materialized view: its rows are those of a table */
    OBJECT_ALERT = 4,        /* an alert or a recording rule: nothing that can be read */
};

struct object_def {
    uint64_t id;      /* assigned, of one series with tables */
    uint32_t version; /* 1, 2, …; assigned */
    enum object_kind kind;
    const char *database;
    const char *name;
    const char *definition; /* the CREATE statement, canonical */
    const char *comment;
    int64_t created_at_us; /* assigned */
    uint8_t uuid[16];      /* assigned, if it is zeros */
    const char *stopped;   /* why a materialized view gets no rows any more; "": it does. NULL is taken for it */
    int64_t stopped_at_us;
    /* Of a view with REFRESH: the moment of its schedule that its rows are of, when their SELECT began and ended. */
    int64_t refreshed_slot_us, refreshed_began_us;
    int64_t refreshed_us; /* 0: never */
    struct arena *arena;
    _Atomic uint32_t references;
};

/* A deep copy with one reference in an arena of its own; NULL: memory is out. Fields marked "assigned" are kept. */
struct table_def *table_def_copy(const struct table_def *def);
struct table_def *table_def_ref(const struct table_def *def);
void table_def_unref(const struct table_def *def); /* accepts NULL */
/* Stored and other columns as they were defined, below column_count + computed_count. */
const struct column_def *table_def_column(const struct table_def *def, uint32_t index);
/* Fills in columns' typed_in, before being the schema version before, or NULL. */
void table_def_follow(struct table_def *def, const struct table_def *before);
struct source_def *source_def_copy(const struct source_def *def);
struct source_def *source_def_ref(const struct source_def *def);
void source_def_unref(const struct source_def *def);
struct object_def *object_def_copy(const struct object_def *def);
struct object_def *object_def_ref(const struct object_def *def);
void object_def_unref(const struct object_def *def);

/* What the store calls for what runs behind a definition (storage/table.c gives them). */
struct table_hooks {
    /* The table exists from now on (at start or by CREATE TABLE); its segments: ledger_segments(). */
    struct err *(*open)(struct store *store, const struct table_def *def, struct table **out);
    /* A new schema version is durable. */
    void (*altered)(struct table *table, const struct table_def *def);
    /* Before the drop is committed: no writer gets in any more; false in *out_err means refuse. May be NULL. */
    struct err *(*drop_begin)(struct table *table);
    /* The drop is durable (dropped) or failed: writers may go on. The catalogue's reference goes afterwards. */
    void (*drop_end)(struct table *table, bool dropped);
    void (*ref)(struct table *table);
    void (*unref)(struct table *table);
};

/* ---- databases: "default" and "system" always exist */
struct err *catalogue_create_database(struct catalogue *catalogue, const char *name, bool if_not_exists);
/* Refused when it holds tables that sources feed; drops its tables. */
struct err *catalogue_drop_database(struct catalogue *catalogue, const char *name, bool if_exists);
bool catalogue_has_database(struct catalogue *catalogue, const char *name);
struct err *catalogue_databases(struct catalogue *catalogue, struct arena *arena, const char ***out, uint32_t *count);

/* ---- tables */
/* Copies def. *out (may be NULL) gets a reference; with if_not_exists the existing table, *created false. */
struct err *catalogue_create_table(struct catalogue *catalogue, const struct table_def *def, bool if_not_exists,
                                   struct table **out, bool *created);
/* Refused while a source feeds it (the error names the source), and for internal tables. Removes its segments. */
struct err *catalogue_drop_table(struct catalogue *catalogue, const char *database, const char *name, bool if_exists);
/* A new schema version or name: def->id names the table; def->schema_version must be the current one. */
struct err *catalogue_alter_table(struct catalogue *catalogue, const struct table_def *def);
/*
 * Tables, views and dictionaries get new names in one commit: those of each other (EXCHANGE), or that of what then goes
 * (CREATE OR REPLACE); or keep theirs, and have another definition. Definitions are as those of catalogue_alter_table and catalogue_alter_object. replaces: a table
 * or view that has one of the names and is not among these is dropped; else that is ERR_TABLE_EXISTS.
 */
struct catalogue_renamed {
    const struct table_def *table; /* one of the two */
    const struct object_def *object;
};
struct err *catalogue_rename_together(struct catalogue *catalogue, const struct catalogue_renamed *renamed,
                                      uint32_t count, bool replaces);
/* create_sql of a table that is being filled, and is to replace another, begins so. */
#define CATALOGUE_REPLACEMENT "REPLACE "
/* Drops what a crash left of such tables; before statements run. */
struct err *catalogue_drop_unfinished(struct catalogue *catalogue);
/* A reference, or ERR_UNKNOWN_DATABASE, ERR_UNKNOWN_TABLE with the nearest name. */
struct err *catalogue_table(struct catalogue *catalogue, const char *database, const char *name, struct table **out);
struct table *catalogue_table_find(struct catalogue *catalogue, const char *database, const char *name); /* or NULL */
struct table *catalogue_table_by_id(struct catalogue *catalogue, uint64_t id);                           /* or NULL */
/* The current definition, a reference; NULL: no such table. */
struct table_def *catalogue_table_def(struct catalogue *catalogue, uint64_t id);
/* The definition that a segment of an older schema version was written with; NULL: no such. */
struct table_def *catalogue_table_version(struct catalogue *catalogue, uint64_t id, uint32_t schema_version);
/* References to all tables (of a database, or NULL: all), ordered by (database, name); the array is in the arena and
 * the references are given back when the arena is destroyed. */
struct err *catalogue_tables(struct catalogue *catalogue, struct arena *arena, const char *database,
                             struct table ***tables, struct table_def ***defs, uint32_t *count);

/* ---- sources */
/* Copies def; *out gets a reference. A second source on the same (table, stream) is refused by name. */
struct err *catalogue_create_source(struct catalogue *catalogue, const struct source_def *def, bool if_not_exists,
                                    struct source_def **out, bool *created);
/* Replaces definition, streams, state and reason of the source with def->id. */
struct err *catalogue_alter_source(struct catalogue *catalogue, const struct source_def *def, struct source_def **out);
struct err *catalogue_drop_source(struct catalogue *catalogue, const char *database, const char *name, bool if_exists);
struct err *catalogue_source(struct catalogue *catalogue, const char *database, const char *name,
                             struct source_def **out);
struct err *catalogue_sources(struct catalogue *catalogue, struct arena *arena, struct source_def ***out,
                              uint32_t *count);

/* ---- views and dictionaries: their names are of one space with those of tables */
enum object_existing { OBJECT_REFUSE, OBJECT_KEEP, OBJECT_REPLACE }; /* what becomes of one with the name */
/* Copies def; ERR_TABLE_EXISTS. *created (may be NULL): false when one was kept. Only an object of the same kind is
 * replaced. */
struct err *catalogue_create_object(struct catalogue *catalogue, const struct object_def *def,
                                    enum object_existing existing, bool *created);
/* A new name or definition for the object with def->id. */
struct err *catalogue_alter_object(struct catalogue *catalogue, const struct object_def *def);
struct err *catalogue_drop_object(struct catalogue *catalogue, const struct object_def *def);
/* A commit stopped a materialized view: what the ledger knows already. */
struct err *catalogue_object_stopped(struct catalogue *catalogue, uint64_t id, const char *reason);
/* A commit refreshed it: the same. */
struct view_refreshed; /* storage/ledger.h */
struct err *catalogue_object_refreshed(struct catalogue *catalogue, const struct view_refreshed *refreshed);
/* A random UUID, RFC 9562. */
void catalogue_new_uuid(uint8_t uuid[16]);
/* A reference; NULL: no such object. */
struct object_def *catalogue_object_find(struct catalogue *catalogue, const char *database, const char *name);
/* References as those of catalogue_tables, by (database, name). */
struct err *catalogue_objects(struct catalogue *catalogue, struct arena *arena, struct object_def ***out,
                              uint32_t *count);

/* ---- by the store */
struct err *catalogue_open(struct store *store, struct ledger *ledger, const struct table_hooks *hooks,
                           struct catalogue **out);
void catalogue_close(struct catalogue *catalogue);

#endif
