/*
 * io.c: the checks and failpoints that all file layers share, and the real file system.
 *
 * flow     storage → io_* here (paths, failpoints, short writes, failed syncs) → ops of io_system or io_memory
 * thread   any; pread and pwrite carry their offsets
 */
#include "base/io.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static struct err *check_path(const struct io *io, const char *path)
{
    if (path[0] == '/' || strstr(path, "..") != NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "\"%s\" leaves the directory \"%s\"", path, io->root);
    }
    return NULL;
}

/* The error of a failpoint's action; NULL: none. SHORT is left to the caller. */
static struct err *fail(struct failpoint *failpoint, const char *what, const struct io *io, const char *path,
                        enum failpoint_action *action)
{
    *action = failpoint == NULL ? FAILPOINT_NONE : failpoint_hit(failpoint);
    if (*action == FAILPOINT_EIO) {
        return err_errno(ERR_IO, EIO, "%s \"%s/%s\"", what, io->root, path);
    }
    if (*action == FAILPOINT_ENOSPC) {
        return err_errno(ERR_NOT_ENOUGH_SPACE, ENOSPC, "%s \"%s/%s\"", what, io->root, path);
    }
    return NULL;
}

void io_destroy(struct io *io)
{
    if (io != NULL) {
        io->ops->destroy(io);
    }
}

struct err *io_open(struct io *io, const char *path, enum io_mode mode, struct io_file **out)
{
    struct err *err = check_path(io, path);
    return err != NULL ? err : io->ops->open(io, path, mode, out);
}

void io_close(struct io_file *file)
{
    if (file != NULL) {
        file->io->ops->close(file);
    }
}

struct err *io_read_some(struct io_file *file, uint64_t offset, void *data, size_t bytes, size_t *read_bytes)
{
    size_t done = 0;
    while (done < bytes) {
        size_t piece = 0;
        struct err *err = file->io->ops->read(file, offset + done, (char *)data + done, bytes - done, &piece);
        if (err != NULL) {
            return err;
        }
        if (piece == 0) {
            break;
        }
        done += piece;
    }
    *read_bytes = done;
    return NULL;
}

struct err *io_read(struct io_file *file, uint64_t offset, void *data, size_t bytes)
{
    size_t done = 0;
    struct err *err = io_read_some(file, offset, data, bytes, &done);
    if (err == NULL && done < bytes) {
        err =
            err_new(ERR_CORRUPT, "file \"%s/%s\" ends at byte %llu, but %zu bytes are wanted at byte %llu",
                    file->io->root, file->path, (unsigned long long)(offset + done), bytes, (unsigned long long)offset);
    }
    return err;
}

void io_prefetch(struct io_file *file, uint64_t offset, uint64_t bytes)
{
    if (file->io->ops->prefetch != NULL) {
        file->io->ops->prefetch(file, offset, bytes);
    }
}

struct err *io_write(struct io_file *file, uint64_t offset, const void *data, size_t bytes, struct failpoint *failpoint)
{
    enum failpoint_action action;
    struct err *err = fail(failpoint, "writing", file->io, file->path, &action);
    size_t done = 0;
    size_t end = action == FAILPOINT_SHORT ? bytes / 2 : bytes;
    while (err == NULL && done < end) {
        size_t piece = 0;
        err = file->io->ops->write(file, offset + done, (const char *)data + done, end - done, &piece);
        done += piece;
        if (err == NULL && piece == 0) {
            break;
        }
    }
    if (err == NULL && done < bytes) {
        err = err_new(ERR_IO, "writing \"%s/%s\": only %zu of %zu bytes were written at byte %llu", file->io->root,
                      file->path, done, bytes, (unsigned long long)offset);
    }
    return err;
}

void io_write_out(struct io_file *file, uint64_t offset, uint64_t bytes)
{
    if (file->io->ops->write_out != NULL && bytes > 0) {
        file->io->ops->write_out(file, offset, bytes);
    }
}

struct err *io_truncate(struct io_file *file, uint64_t bytes)
{
    return file->io->ops->truncate(file, bytes);
}

struct err *io_size(struct io_file *file, uint64_t *bytes)
{
    return file->io->ops->size(file, bytes);
}

struct err *io_sync(struct io_file *file, struct failpoint *failpoint)
{
    if (file->sync_failed) {
        return err_new(ERR_IO, "syncing \"%s/%s\": an earlier sync failed, so what it holds is unknown", file->io->root,
                       file->path);
    }
    enum failpoint_action action;
    struct err *err = fail(failpoint, "syncing", file->io, file->path, &action);
    if (err == NULL) {
        err = file->io->ops->sync(file);
    }
    file->sync_failed = err != NULL;
    return err;
}

struct err *io_sync_dir(struct io *io, const char *path, struct failpoint *failpoint)
{
    enum failpoint_action action;
    struct err *err = check_path(io, path);
    if (err == NULL) {
        err = fail(failpoint, "syncing", io, path, &action);
    }
    return err != NULL ? err : io->ops->sync_dir(io, path);
}

struct err *io_rename(struct io *io, const char *from, const char *to, struct failpoint *failpoint)
{
    enum failpoint_action action;
    struct err *err = check_path(io, from);
    if (err == NULL) {
        err = check_path(io, to);
    }
    if (err == NULL) {
        err = fail(failpoint, "renaming", io, from, &action);
    }
    return err != NULL ? err : io->ops->rename(io, from, to);
}

struct err *io_link(struct io *io, const char *from, struct io *to_io, const char *to, struct failpoint *failpoint,
                    bool *linked)
{
    enum failpoint_action action;
    struct err *err = check_path(io, from);
    *linked = false;
    if (err == NULL) {
        err = check_path(to_io, to);
    }
    if (err == NULL) {
        err = fail(failpoint, "linking", to_io, to, &action);
    }
    return err != NULL || io->ops != to_io->ops ? err : io->ops->link(io, from, to_io, to, linked);
}

struct err *io_unlink(struct io *io, const char *path, struct failpoint *failpoint)
{
    enum failpoint_action action;
    struct err *err = check_path(io, path);
    if (err == NULL) {
        err = fail(failpoint, "removing", io, path, &action);
    }
    return err != NULL ? err : io->ops->unlink(io, path);
}

struct err *io_make_dir(struct io *io, const char *path)
{
    struct err *err = check_path(io, path);
    return err != NULL ? err : io->ops->make_dir(io, path);
}

struct err *io_remove_dir(struct io *io, const char *path)
{
    struct err *err = check_path(io, path);
    return err != NULL ? err : io->ops->remove_dir(io, path);
}

struct err *io_list(struct io *io, const char *path, struct arena *arena, struct slice **names, uint32_t *count)
{
    struct err *err = check_path(io, path);
    return err != NULL ? err : io->ops->list(io, path, arena, names, count);
}

struct err *io_exists(struct io *io, const char *path, bool *exists)
{
    struct err *err = check_path(io, path);
    return err != NULL ? err : io->ops->exists(io, path, exists);
}

struct err *io_free_bytes(struct io *io, uint64_t *bytes)
{
    return io->ops->free_bytes(io, bytes);
}

/* The real file system. */

struct system_io {
    struct io io;
    int directory;
};

struct system_file {
    struct io_file file;
    int descriptor;
};

static struct err *system_error(int number, const char *what, const struct io *io, const char *path)
{
    enum err_code code = number == ENOSPC || number == EDQUOT ? ERR_NOT_ENOUGH_SPACE
                         : number == ENOENT                   ? ERR_OPEN_FILE
                                                              : ERR_IO;
    return err_errno(code, number, "%s \"%s/%s\"", what, io->root, path);
}

static int directory_of(struct io *io)
{
    return ((struct system_io *)io)->directory;
}

static int descriptor_of(struct io_file *file)
{
    return ((struct system_file *)file)->descriptor;
}

static struct err *system_open(struct io *io, const char *path, enum io_mode mode, struct io_file **out)
{
    static const int flags[] = {[IO_READ] = O_RDONLY,
                                [IO_CREATE] = O_RDWR | O_CREAT | O_EXCL,
                                [IO_WRITE] = O_RDWR,
                                [IO_SECRET] = O_RDWR | O_CREAT | O_EXCL};
    struct system_file *file = calloc(1, sizeof(*file));
    char *copy = strdup(path);
    if (file == NULL || copy == NULL) {
        free(file);
        free(copy);
        return err_oom();
    }
    file->descriptor = openat(directory_of(io), path, flags[mode] | O_CLOEXEC, mode == IO_SECRET ? 0600 : 0640);
    if (file->descriptor < 0) {
        struct err *err = system_error(errno, "opening", io, path);
        free(file);
        free(copy);
        return err;
    }
    file->file.io = io;
    file->file.path = copy;
    *out = &file->file;
    return NULL;
}

static struct err *system_read(struct io_file *file, uint64_t offset, void *data, size_t bytes, size_t *read_bytes)
{
    ssize_t result;
    do {
        result = pread(descriptor_of(file), data, bytes, (off_t)offset);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return err_errno(ERR_READ_FILE, errno, "reading \"%s/%s\" at byte %llu", file->io->root, file->path,
                         (unsigned long long)offset);
    }
    *read_bytes = (size_t)result;
    return NULL;
}

static void system_prefetch(struct io_file *file, uint64_t offset, uint64_t bytes)
{
    (void)posix_fadvise(descriptor_of(file), (off_t)offset, (off_t)bytes, POSIX_FADV_WILLNEED);
}

static struct err *system_write(struct io_file *file, uint64_t offset, const void *data, size_t bytes, size_t *written)
{
    ssize_t result;
    do {
        result = pwrite(descriptor_of(file), data, bytes, (off_t)offset);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return system_error(errno, "writing", file->io, file->path);
    }
    *written = (size_t)result;
    return NULL;
}

/* An error is told again by the sync. */
static void system_write_out(struct io_file *file, uint64_t offset, uint64_t bytes)
{
#if defined(__linux__)
    (void)sync_file_range(descriptor_of(file), (off64_t)offset, (off64_t)bytes, SYNC_FILE_RANGE_WRITE);
#else
    (void)file, (void)offset, (void)bytes;
#endif
}

static struct err *system_truncate(struct io_file *file, uint64_t bytes)
{
    return ftruncate(descriptor_of(file), (off_t)bytes) == 0 ? NULL
                                                             : system_error(errno, "truncating", file->io, file->path);
}

static struct err *system_size(struct io_file *file, uint64_t *bytes)
{
    struct stat stat;
    if (fstat(descriptor_of(file), &stat) != 0) {
        return system_error(errno, "reading the size of", file->io, file->path);
    }
    *bytes = (uint64_t)stat.st_size;
    return NULL;
}

static struct err *system_sync(struct io_file *file)
{
    return fdatasync(descriptor_of(file)) == 0 ? NULL : system_error(errno, "syncing", file->io, file->path);
}

static void system_close(struct io_file *file)
{
    (void)close(descriptor_of(file));
    free(file->path);
    free(file);
}

static struct err *system_sync_dir(struct io *io, const char *path)
{
    int directory = openat(directory_of(io), *path == 0 ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        return system_error(errno, "opening", io, path);
    }
    struct err *err = fsync(directory) == 0 ? NULL : system_error(errno, "syncing", io, path);
    (void)close(directory);
    return err;
}

static struct err *system_rename(struct io *io, const char *from, const char *to)
{
    return renameat(directory_of(io), from, directory_of(io), to) == 0 ? NULL
                                                                       : system_error(errno, "renaming", io, from);
}

static struct err *system_link(struct io *io, const char *from, struct io *to_io, const char *to, bool *linked)
{
    *linked = linkat(directory_of(io), from, directory_of(to_io), to, 0) == 0;
    bool impossible = errno == EXDEV || errno == EPERM || errno == EMLINK || errno == EOPNOTSUPP;
    return *linked || impossible ? NULL : system_error(errno, "linking", to_io, to);
}

static struct err *system_unlink(struct io *io, const char *path)
{
    return unlinkat(directory_of(io), path, 0) == 0 ? NULL : system_error(errno, "removing", io, path);
}

static struct err *system_make_dir(struct io *io, const char *path)
{
    return mkdirat(directory_of(io), path, 0750) == 0 || errno == EEXIST ? NULL
                                                                         : system_error(errno, "making", io, path);
}

static struct err *system_remove_dir(struct io *io, const char *path)
{
    return unlinkat(directory_of(io), path, AT_REMOVEDIR) == 0 || errno == ENOENT || errno == ENOTEMPTY ||
                   errno == EEXIST
               ? NULL
               : system_error(errno, "removing", io, path);
}

static int compare_names(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static struct err *system_list(struct io *io, const char *path, struct arena *arena, struct slice **names,
                               uint32_t *count)
{
    struct err *err = NULL;
    int descriptor = openat(directory_of(io), *path == 0 ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (directory == NULL) {
        err = system_error(errno, "listing", io, path);
        if (descriptor >= 0) {
            (void)close(descriptor);
        }
        return err;
    }
    uint32_t used = 0, capacity = 0;
    struct slice *list = NULL;
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (used == capacity) {
            uint32_t larger = capacity == 0 ? 64 : capacity * 2;
            struct slice *grown = ARENA_ARRAY(arena, struct slice, larger);
            if (grown == NULL) {
                err = arena_error(arena);
                goto done;
            }
            if (used > 0) {
                memcpy(grown, list, used * sizeof(*list));
            }
            list = grown;
            capacity = larger;
        }
        char *name = arena_text(arena, slice_text(entry->d_name));
        if (name == NULL) {
            err = arena_error(arena);
            goto done;
        }
        list[used++] = slice_text(name);
    }
    if (used > 1) {
        qsort(list, used, sizeof(*list), compare_names);
    }
    *names = list;
    *count = used;
done:
    (void)closedir(directory);
    return err;
}

static struct err *system_exists(struct io *io, const char *path, bool *exists)
{
    struct stat stat;
    *exists = fstatat(directory_of(io), path, &stat, 0) == 0;
    return *exists || errno == ENOENT ? NULL : system_error(errno, "looking for", io, path);
}

static struct err *system_free_bytes(struct io *io, uint64_t *bytes)
{
    struct statvfs space;
    if (fstatvfs(directory_of(io), &space) != 0) {
        return system_error(errno, "reading the free space of", io, "");
    }
    *bytes = (uint64_t)space.f_bavail * (uint64_t)space.f_frsize;
    return NULL;
}

static void system_destroy(struct io *io)
{
    (void)close(directory_of(io));
    free(io->root);
    free(io);
}

static const struct io_ops system_ops = {
    .open = system_open,
    .read = system_read,
    .prefetch = system_prefetch,
    .write = system_write,
    .write_out = system_write_out,
    .truncate = system_truncate,
    .size = system_size,
    .sync = system_sync,
    .close = system_close,
    .sync_dir = system_sync_dir,
    .rename = system_rename,
    .link = system_link,
    .unlink = system_unlink,
    .make_dir = system_make_dir,
    .remove_dir = system_remove_dir,
    .list = system_list,
    .exists = system_exists,
    .free_bytes = system_free_bytes,
    .destroy = system_destroy,
};

struct err *io_system(const char *directory, struct io **out)
{
    struct system_io *io = calloc(1, sizeof(*io));
    char *root = strdup(directory);
    if (io == NULL || root == NULL) {
        free(io);
        free(root);
        return err_oom();
    }
    io->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (io->directory < 0) {
        struct err *err = err_errno(ERR_OPEN_FILE, errno, "opening the directory \"%s\"", directory);
        free(io);
        free(root);
        return err;
    }
    io->io.ops = &system_ops;
    io->io.root = root;
    *out = &io->io;
    return NULL;
}
