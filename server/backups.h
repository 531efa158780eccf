/*
 * backups.h: BACKUP and RESTORE over SQL, and system.backups: those since the server's start.
 *
 * where    `backups_path` of the configuration, by default backups/ in the data directory; a backup's name is that of a
 *          directory right there
 * threads  any; server->lock guards the list
 */
#ifndef SERVER_BACKUPS_H
#define SERVER_BACKUPS_H

#include "server/execute.h"

struct backups;
struct backup_entry;
/* What a statement does: BACKUP, RESTORE. */
typedef struct err *(*backup_work)(struct execution *execution, const struct ast_backup *backup,
                                   struct backup_entry *entry);

struct err *backups_start(struct server *server);
void backups_stop(struct server *server);
/* One row: id and status, as ClickHouse's. */
struct err *execute_backup(struct execution *execution, const struct ast_statement *statement);
struct err *execute_restore(struct execution *execution, const struct ast_statement *statement);

/* ---- backups.c, for restore.c */
/* ERR_BACKUP_TABLE: segments of one of the tables are in quarantine. */
struct err *backups_check_whole(struct execution *execution, const uint64_t *tables, uint32_t count);
/* Is it a frozen copy, Disk('shadow', 'name/table')? */
bool backups_is_frozen(const struct ast_backup_place *place);
/* The place's folder, and how system.backups calls it; in the arena. */
struct err *backups_place(struct execution *execution, const struct ast_backup_place *place, const char **folder,
                          const char **shown);
void backups_id_text(const uint8_t id[16], char text[37]);
/* Does the element's EXCEPT name this table, view or dictionary? */
bool backups_excepts(const struct ast_backup_element *element, const char *database, const char *name);
/* Enters the statement into the list and does it, now or in the background. entry: all but query_id, id and numbers. */
struct err *backups_run(struct execution *execution, const struct ast_statement *statement, backup_work work,
                        struct backup_entry *entry);

/* ---- backups_list.c, for backups.c */
enum backup_status {
    BACKUP_CREATING,
    BACKUP_CREATED,
    BACKUP_FAILED,
    BACKUP_RESTORING,
    BACKUP_RESTORED,
    BACKUP_RESTORE_FAILED,
    BACKUP_CANCELLED,
    BACKUP_RESTORE_CANCELLED
};
#define BACKUP_STATUS_TYPE                                                                                             \
    "Enum8('CREATING_BACKUP' = 0, 'BACKUP_CREATED' = 1, 'BACKUP_FAILED' = 2, 'RESTORING' = 3, 'RESTORED' = 4, "        \
    "'RESTORE_FAILED' = 5, 'BACKUP_CANCELLED' = 6, 'RESTORE_CANCELLED' = 7)"

/* One row of system.backups. Texts are owned. */
struct backup_entry {
    uint64_t number; /* of the server's life */
    char id[37];
    char query_id[64];
    char *name, *folder, *base_name, *error;
    const char *base_folder; /* of the statement alone; or NULL */
    enum backup_status status;
    int64_t started_at_us, ended_at_us; /* 0: it runs */
    uint64_t files, bytes, entries, files_read, bytes_read;
};

/* Enters one that begins; its number. ERR_BACKUP_EXISTS when a backup is being made in the folder. */
struct err *backups_begin(struct server *server, const struct backup_entry *entry, uint64_t *number);
/* It ended: all but texts and number are taken from entry, the status follows from err, which is borrowed. */
void backups_finish(struct server *server, uint64_t number, struct backup_entry *entry, const struct err *err);
/* The same, and answers the statement; err, or the answer's, comes back. */
struct err *backups_end(struct execution *execution, uint64_t number, struct backup_entry *entry, struct err *err);
/* A random id, as text. */
void backups_id_new(char text[37]);

/* ---- backups_async.c */
/* Begins it. An error: it was not begun. */
struct err *backups_async(struct execution *execution, const struct ast_statement *statement, backup_work work,
                          const struct backup_entry *entry, uint64_t number);
/* Cancels those that run, and waits for them; before sources and store stop. */
void backups_async_stop(struct server *server);
struct backup_job;
struct backup_job **backups_jobs(struct server *server); /* under server->lock */

/* The directory of all backups, made at first use; or that of frozen copies, shadow/ of the data directory. */
struct err *backups_io(struct server *server, bool frozen, struct io **out);
/* One FREEZE or UNFREEZE at a time: waits for its turn. */
struct err *backups_freeze_begin(struct server *server);
void backups_freeze_end(struct server *server);

#endif
