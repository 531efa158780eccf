/*
 * ledger_file.h: the bytes of a ledger file: header, record frames, commits; writing them and reading them back.
 *
 * A file is a header (96 bytes) and commits; a commit is record frames and, last, a commit frame. Frames are aligned to
 * 8 bytes; a frame's checksum covers its head, its payload and its place (file number, offset). The chain:
 *     hash(n) = BLAKE2b-256(hash(n − 1), frames of commit n, the commit frame's payload without the hash)
 * The first commit of every file is a checkpoint.
 * torn     A commit that fails a check is a torn tail when no whole commit frame behind it says that it was known
 *          durable (commit_record.durable); then it was never acknowledged. Otherwise it is damage: ERR_CORRUPT.
 * thread   one at a time per scan
 * format   docs/FORMAT.md, "Ledger"
 */
#ifndef STORAGE_LEDGER_FILE_H
#define STORAGE_LEDGER_FILE_H

#include "storage/ledger_record.h"

#define LEDGER_FORMAT_VERSION    1U
#define LEDGER_FILE_HEADER_BYTES 96U
#define LEDGER_FRAME_HEAD_BYTES  16U
#define LEDGER_FRAME_ALIGNMENT   8U

struct ledger_file_header {
    uint32_t version;
    uint64_t number; /* of the file: 1, 2, … */
    uint64_t commit_first;
    int64_t created_at_us;
    uint8_t store_id[LEDGER_STORE_ID_BYTES]; /* the same in all files of a store */
    uint8_t hash_before[LEDGER_HASH_BYTES];  /* final hash of the file before; zeros in file 1 */
};

/* ---- writing */
void ledger_file_put_header(struct record_out *out, const struct ledger_file_header *header);
/* Appends one commit: the records of a batch in frames, then the commit frame.
 * offset: where out begins in the file. commit: number, time, durable, checkpoint are set; the rest is filled in.
 * hash: the chain's head; moves on. */
void ledger_file_put_commit(struct record_out *out, uint64_t file_number, uint64_t offset, struct slice batch,
                            struct commit_record *commit, uint8_t hash[LEDGER_HASH_BYTES]);

/* ---- reading */
struct ledger_scan {
    const char *path; /* for errors; borrowed */
    const uint8_t *data;
    size_t length;
    uint64_t file_number; /* by its name */
    struct ledger_file_header header;
    size_t at;                       /* end of the last whole commit */
    uint64_t commit_next;            /* number of the commit that begins at `at` */
    bool first;                      /* the next commit is the file's first */
    uint8_t hash[LEDGER_HASH_BYTES]; /* the chain's head at `at` */
};

enum ledger_scan_result {
    LEDGER_SCAN_COMMIT, /* *commit is set; scan moved behind it */
    LEDGER_SCAN_END,    /* the file ends with a whole commit */
    LEDGER_SCAN_TORN,   /* what is left is a torn tail (or a torn header) */
};

struct ledger_commit_place {
    struct commit_record record;
    size_t begin; /* first record frame */
    size_t end;   /* the commit frame */
};

/* Checks the header. TORN: no whole header and nothing behind it. */
struct err *ledger_scan_open(struct ledger_scan *scan, const char *path, uint64_t file_number, const void *data,
                             size_t length, enum ledger_scan_result *result);
struct err *ledger_scan_next(struct ledger_scan *scan, struct ledger_commit_place *commit,
                             enum ledger_scan_result *result);
/* Behind the last whole commit: is there a commit's frame that was written for another place of this file? No crash
 * leaves that: commits in front of it were removed, or exchanged. */
bool ledger_scan_moved(const struct ledger_scan *scan, size_t *at, uint64_t *from);
/* The record frames of a commit that ledger_scan_next returned, from *at = commit->begin on; false at the end. */
bool ledger_scan_record(const struct ledger_scan *scan, const struct ledger_commit_place *commit, size_t *at,
                        uint32_t *type, struct slice *payload);

/* Stages and publishes a commit: replay. */
struct ledger_state;
struct err *ledger_replay(const struct ledger_scan *scan, const struct ledger_commit_place *commit,
                          struct ledger_state *state, struct arena *arena);
/* Is the commit nothing but a close record? */
bool ledger_commit_is_close(const struct ledger_scan *scan, const struct ledger_commit_place *commit);

#endif
