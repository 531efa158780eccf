/*
 * system_tables.h: what the files of system tables share.
 */
#ifndef SERVER_SYSTEM_TABLES_H
#define SERVER_SYSTEM_TABLES_H

#include "query/table_source.h"
#include "server/server.h"
#include "server/settings.h"

struct system_table {
    const char *name;
    const char *const *columns; /* name, type, …, NULL */
    const char *const *aliases; /* name, the column it is another name of, …, NULL; * leaves them out. Or NULL */
    struct err *(*generate)(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output);
    struct source_maker maker;
    struct row_subject subject; /* made when it is registered */
};

struct server *system_server(void);
void system_table_register(struct system_table *table);
void system_settings_register(void);   /* settings, merge_tree_settings, server_settings */
void system_numbers_register(void);    /* metrics, events, asynchronous_metrics, errors, warnings */
void system_metric_log_register(void); /* metric_log, asynchronous_metric_log */
void system_about_register(void);      /* formats, table_engines, table_functions, time_zones, keywords, disks, … */
void system_queries_register(void);    /* processes, query_log */
void system_stored_register(void);     /* databases, tables, columns, segments, parts, merges */
void system_mutations_register(void);  /* system.mutations */
void system_refreshes_register(void);  /* system.view_refreshes */
void system_quarantine_register(void); /* system.quarantined_segments */
void system_backups_register(void);    /* system.backups, system.restored_tables */
void system_indexes_register(void);    /* data_skipping_indices */
void system_retention_register(void);  /* detached_parts, holds */
void system_async_inserts_register(void); /* asynchronous_inserts, asynchronous_insert_log */
void system_live_register(void);          /* live_queries */
/* Live queries that have viewers, as rows of system.processes. */
struct err *system_live_processes(struct arena *arena, struct process **out, uint32_t *count);
void system_access_register(void);  /* users, roles, grants, quotas, settings_profiles, … */
void system_sources_register(void); /* system.sources, system.offset_ledger */

#endif
