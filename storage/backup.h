/*
 * backup.h: tables as files of their own, from which they can be made again.
 *
 * A backup is a directory: a ledger that is the cut of the store's at one commit (storage/ledger_cut.h), the packs that
 * it names, linked or copied, and BACKUP, the manifest. It is consistent at that commit, whatever goes on meanwhile:
 * what is in no segment at the cut is not in it, and its coverage says so.
 *
 *     BACKUP.unfinished   first: until it is renamed, this is no backup, and the next one may write over it
 *     packs/<n>.pack      hard links where the file system allows it, else copies; those that the base has: links to
 * its ledger/000002.log   the cut BACKUP              last: the manifest, renamed from BACKUP.unfinished when all else
 * is synced
 *
 * Every backup is whole: its base may be removed. Packs are never changed, so links are as good as copies, but for a
 * disk that loses them both.
 * thread   any; one backup of a name at a time (the caller sees to that)
 * errors   ClickHouse's: ERR_BACKUP_EXISTS, ERR_BACKUP_NOT_FOUND, ERR_BACKUP_DAMAGED, ERR_BACKUP_VERSION …
 */
#ifndef STORAGE_BACKUP_H
#define STORAGE_BACKUP_H

#include "base/arena.h"
#include "base/checksum.h"
#include "base/err.h"
#include "storage/ledger.h"

#include <stdbool.h>
#include <stdint.h>

struct io;
struct store;

#define BACKUP_ID_BYTES 16U

/* A directory of a backup: `folder` below the io's root, "nightly". Its parent exists. */
struct backup_place {
    struct io *io;
    const char *folder;
};

struct backup_pack {
    uint64_t number;
    uint64_t bytes;
};

/* What the manifest says. */
struct backup_manifest {
    uint8_t id[BACKUP_ID_BYTES]; /* a random UUID */
    struct slice name;           /* under which it was made */
    struct slice base;           /* name of the backup whose packs it linked; empty: none */
    uint8_t store_id[LEDGER_STORE_ID_BYTES];
    struct commit_info at; /* the cut's commit: number, time, chain hash */
    uint64_t ledger_bytes; /* of its one file, and their hash */
    struct hash ledger_hash;
    const struct backup_pack *packs; /* ascending */
    uint32_t pack_count;
};

struct backup_request {
    struct backup_place to;
    const char *name; /* for the manifest */
    struct backup_place base;
    const char *base_name;  /* NULL: none */
    const uint64_t *tables; /* ascending; and views and dictionaries */
    uint32_t table_count;
    const uint64_t *objects;
    uint32_t object_count;
    const struct table_partition *partitions; /* of a table that is among them, the rows of these alone */
    uint32_t partition_count;
    bool live_only; /* nothing that is detached */
};

struct backup_report {
    uint8_t id[BACKUP_ID_BYTES];
    struct commit_info at;
    uint64_t files; /* packs and the ledger's */
    uint64_t bytes;
    uint64_t linked; /* packs; the others were copied */
};

/* Ends early with the thread's interrupt. Rows of heads are in it only if they were committed before: the caller
 * flushes the insert log and seals sources. After an error what was written is removed again, but for
 * BACKUP.unfinished. failpoints  backup_mark …, backup_link, backup_copy …, backup_ledger …, backup_finish … */
struct err *backup_make(struct store *store, const struct backup_request *request, struct backup_report *report);

/* The files of a backup, or of one that was never finished, go; from the first step on it is none. What is left is its
 * three empty directories. ERR_BACKUP_NOT_FOUND. */
struct err *backup_remove(const struct backup_place *place);

/* Reads BACKUP; texts and packs in the arena. */
struct err *backup_manifest_read(const struct backup_place *place, struct arena *arena, struct backup_manifest *out);
/* Is there a manifest? */
struct err *backup_is_there(const struct backup_place *place, bool *out);
/* The manifest against the ledger's file and the packs' sizes: what is missing or changed, told one by one. */
struct err *backup_check_files(const struct backup_place *place, void (*problem)(void *user, struct err *err),
                               void *user);

/* ---- making tables from a backup (backup_restore.c) */
struct backup;
struct table;
struct table_def;
struct object_def;
struct source_def;

/* Reads the manifest and the ledger, and checks that all files are there: ERR_BACKUP_NOT_FOUND, ERR_BACKUP_DAMAGED. */
struct err *backup_open(const struct backup_place *place, struct backup **out);
void backup_close(struct backup *backup); /* accepts NULL */
const struct backup_manifest *backup_manifest(const struct backup *backup);
/* Newest definitions, by (database, name), in the arena; they live as long as the backup. */
struct err *backup_tables(struct backup *backup, struct arena *arena, const struct table_def ***out, uint32_t *count);
struct err *backup_objects(struct backup *backup, struct arena *arena, const struct object_def ***out, uint32_t *count);
struct err *backup_sources(struct backup *backup, struct arena *arena, const struct source_def ***out, uint32_t *count);
/* The definition of a table's schema version, 1 to that of its newest. */
const struct table_def *backup_table_version(struct backup *backup, uint64_t id, uint32_t version);
/*
 * Fills `table`, which was made with the same schema versions and is empty, with the backup's rows, coverage and
 * tokens, in one commit that says where they came from. Every block is read, and its rows' sum compared with the
 * ledger's, before it is copied: ERR_BACKUP_DAMAGED. Packs get new numbers. Streams whose ids are others here are
 * written anew in the rows' addresses, and the row sums with them.
 *
 * partitions  NULL: all rows; else those of these partitions (and of segments that hold rows of several, which the
 *             caller splits), with all of the coverage
 * report      files, bytes and what is known of the backup
 * failpoints  restore_write, restore_sync, restore_sync_dir (+ those of packs and of the ledger)
 */
struct err *backup_restore_table(struct store *store, struct backup *backup, uint64_t id_there, struct table *table,
                                 const struct slice *partitions, uint32_t partition_count,
                                 struct backup_report *report);

/* ---- backup_manifest.c, for backup.c */
#define BACKUP_FILE       "BACKUP"
#define BACKUP_MARK       "BACKUP.unfinished"
#define BACKUP_LEDGER     "ledger/000002.log"
#define BACKUP_PATH_BYTES 1024
/* "nightly/packs/00000042.pack"; folder may be "" */
void backup_path(char path[BACKUP_PATH_BYTES], const char *folder, const char *name);
void backup_pack_path(char path[BACKUP_PATH_BYTES], const char *folder, uint64_t pack);
/* The manifest's text in the arena; data NULL: memory is out. */
struct slice backup_manifest_text(struct arena *arena, const struct backup_manifest *manifest);

/* ---- for backup_restore.c: lists of deleted rows (storage/backup_deleted.c) */
struct block_cache;
/* Those of segments that stand in this store already, in one pack (*pack 0: there are none); fills in here[i].deleted.
 */
struct err *backup_take_deleted(struct store *store, const struct backup_place *from, struct block_cache *cache,
                                const struct ledger_segment *there, struct ledger_segment *here, uint32_t count,
                                uint64_t *pack);
struct err *backup_batch_deleted(struct ledger_batch *batch, const struct ledger_segment *here, uint32_t count);

#endif
