/*
 * io.h: the file layer. All files of the data directory are read and written through it, so that tests can make each
 * call fail and can lose what was not synced.
 *
 * Two makers: io_system (the real file system below one directory) and io_memory (base/io_memory.h: a crash device).
 * Paths are relative to the io's root ("packs/12.pack"); ".." and absolute paths are refused.
 * Each write, sync, rename and unlink passes the failpoint that the caller gives, so that kill tests can name the
 * moment. Rules of the callers: a file that failed to sync is given up, never synced again; a new file's name is
 * durable only after io_sync_dir of its folder.
 *
 * thread   any for an io; one at a time for a file, but io_read, which any number of threads may call at once.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/arena.h"
#include "base/err.h"
#include "base/failpoint.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct io;
struct io_file;

enum io_mode {
    IO_READ,   /* must exist */
    IO_CREATE, /* must not exist; read and write */
    IO_WRITE,  /* must exist; read and write */
    IO_SECRET, /* as IO_CREATE, for the owner's eyes alone */
};

struct io_ops {
    struct err *(*open)(struct io *io, const char *path, enum io_mode mode, struct io_file **out);
    struct err *(*read)(struct io_file *file, uint64_t offset, void *data, size_t bytes, size_t *read_bytes);
    /* Hints; NULL: nothing is gained. */
    void (*prefetch)(struct io_file *file, uint64_t offset, uint64_t bytes);
    void (*write_out)(struct io_file *file, uint64_t offset, uint64_t bytes);
    struct err *(*write)(struct io_file *file, uint64_t offset, const void *data, size_t bytes, size_t *written);
    struct err *(*truncate)(struct io_file *file, uint64_t bytes);
    struct err *(*size)(struct io_file *file, uint64_t *bytes);
    struct err *(*sync)(struct io_file *file);
    void (*close)(struct io_file *file);
    struct err *(*sync_dir)(struct io *io, const char *path);
    struct err *(*rename)(struct io *io, const char *from, const char *to);
    struct err *(*link)(struct io *io, const char *from, struct io *to_io, const char *to, bool *linked);
    struct err *(*unlink)(struct io *io, const char *path);
    struct err *(*make_dir)(struct io *io, const char *path);
    struct err *(*remove_dir)(struct io *io, const char *path);
    struct err *(*list)(struct io *io, const char *path, struct arena *arena, struct slice **names, uint32_t *count);
    struct err *(*exists)(struct io *io, const char *path, bool *exists);
    struct err *(*free_bytes)(struct io *io, uint64_t *bytes);
    void (*destroy)(struct io *io);
};

struct io {
    const struct io_ops *ops;
    char *root; /* for messages: the directory as the user named it */
};

struct io_file {
    struct io *io;
    char *path; /* relative */
    bool sync_failed;
};

/* The real file system below `directory`, which must exist. */
struct err *io_system(const char *directory, struct io **out);
void io_destroy(struct io *io); /* accepts NULL; all files must be closed */

/* Errors name the file as "root/path". A missing file is ERR_OPEN_FILE. */
struct err *io_open(struct io *io, const char *path, enum io_mode mode, struct io_file **out);
void io_close(struct io_file *file); /* accepts NULL; does not sync */
/* Exactly `bytes` bytes at offset; fewer in the file is ERR_CORRUPT ("ends at byte …"). */
struct err *io_read(struct io_file *file, uint64_t offset, void *data, size_t bytes);
/* Up to `bytes`; *read_bytes < bytes only at the end of the file. */
struct err *io_read_some(struct io_file *file, uint64_t offset, void *data, size_t bytes, size_t *read_bytes);
/* These bytes will be read soon: they are fetched meanwhile, if they can be. */
void io_prefetch(struct io_file *file, uint64_t offset, uint64_t bytes);
/* Everything or an error; after an error the file's bytes from offset on are unknown. ENOSPC is ERR_NOT_ENOUGH_SPACE.
 */
struct err *io_write(struct io_file *file, uint64_t offset, const void *data, size_t bytes,
                     struct failpoint *failpoint);
/* These bytes will not change any more: they go to the disk from now on, so that a later io_sync has less to wait for.
 */
void io_write_out(struct io_file *file, uint64_t offset, uint64_t bytes);
struct err *io_truncate(struct io_file *file, uint64_t bytes);
struct err *io_size(struct io_file *file, uint64_t *bytes);
/* After a failure every further sync of this file fails, too: what it holds is unknown. */
struct err *io_sync(struct io_file *file, struct failpoint *failpoint);
struct err *io_sync_dir(struct io *io, const char *path, struct failpoint *failpoint); /* "" is the root */
struct err *io_rename(struct io *io, const char *from, const char *to, struct failpoint *failpoint);
/* A second name for the same bytes, perhaps in another io; to must not exist. *linked false: the two are not on one
 * file system, or it has no hard links. */
struct err *io_link(struct io *io, const char *from, struct io *to_io, const char *to, struct failpoint *failpoint,
                    bool *linked);
struct err *io_unlink(struct io *io, const char *path, struct failpoint *failpoint); /* a missing file is an error */
struct err *io_make_dir(struct io *io, const char *path);                            /* exists already: fine */
struct err *io_remove_dir(struct io *io, const char *path); /* not there, or not empty, and then it stays: fine */
/* Names in a folder but "." and "..", sorted, in the arena. */
struct err *io_list(struct io *io, const char *path, struct arena *arena, struct slice **names, uint32_t *count);
struct err *io_exists(struct io *io, const char *path, bool *exists);
struct err *io_free_bytes(struct io *io, uint64_t *bytes);

#endif
