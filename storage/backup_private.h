/*
 * backup_private.h: an opened backup, for backup_read.c and backup_restore.c.
 */
#ifndef STORAGE_BACKUP_PRIVATE_H
#define STORAGE_BACKUP_PRIVATE_H

#include "storage/backup.h"
#include "storage/ledger_private.h"

struct backup {
    struct backup_place place;
    struct arena *arena;
    struct backup_manifest manifest;
    struct ledger *ledger; /* read-only */
};

/* The error of reading it, as ERR_BACKUP_DAMAGED where it says so; moved. */
struct err *backup_damaged(struct err *err, const struct backup *backup);

#endif
