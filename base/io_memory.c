/*
 * io_memory.c: files and folders in memory, with the disk's state beside the visible one.
 *
 * flow     tests → io.c (failpoints, short writes) → here
 * owns     inodes are shared by names and open files (references); names are full paths, folders are names too
 * thread   one lock over everything
 */
#include "base/io_memory.h"

#include "base/lock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR_BYTES 512U

struct bytes {
    uint8_t *data;
    size_t length;
};

/* An unsynced change of a file: a write, or (data NULL) a truncation to offset. */
struct change {
    uint64_t offset;
    struct bytes bytes;
    bool truncation;
    struct change *next;
};

struct inode {
    unsigned references;
    bool folder;
    struct bytes seen;   /* what programs read */
    struct bytes synced; /* what the disk holds */
    struct change *changes, *changes_last;
};

struct name {
    char *path;
    struct inode *inode;
};

struct names {
    struct name *items;
    size_t count;
};

/* An unsynced change of names: path gets inode, or loses it (NULL). */
struct name_change {
    char *path;
    struct inode *inode;
    struct name_change *next;
};

struct memory_io {
    struct io io;
    struct lock lock;
    struct names seen, synced;
    struct name_change *changes, *changes_last;
    uint64_t operations, off_at, syncs, fail_sync_at;
    bool off;
};

struct memory_file {
    struct io_file file;
    struct inode *inode;
};

static struct memory_io *memory_of(struct io *io)
{
    return (struct memory_io *)io;
}

/* Without memory a test cannot go on. */
static void *need(void *pointer)
{
    ASSERT(pointer != NULL);
    return pointer;
}

static void inode_unref(struct inode *inode)
{
    if (inode == NULL || --inode->references > 0) {
        return;
    }
    for (struct change *change = inode->changes; change != NULL;) {
        struct change *next = change->next;
        free(change->bytes.data);
        free(change);
        change = next;
    }
    free(inode->seen.data);
    free(inode->synced.data);
    free(inode);
}

static struct inode *inode_ref(struct inode *inode)
{
    if (inode != NULL) {
        inode->references++;
    }
    return inode;
}

static void bytes_resize(struct bytes *bytes, size_t length)
{
    if (length > bytes->length) {
        bytes->data = need(realloc(bytes->data, length));
        memset(bytes->data + bytes->length, 0, length - bytes->length);
    }
    bytes->length = length;
}

static void bytes_put(struct bytes *bytes, uint64_t offset, const void *data, size_t length)
{
    if (offset + length > bytes->length) {
        bytes_resize(bytes, (size_t)offset + length);
    }
    if (length > 0) {
        memcpy(bytes->data + offset, data, length);
    }
}

static void bytes_copy(struct bytes *to, const struct bytes *from)
{
    bytes_resize(to, from->length);
    if (from->length > 0) {
        memcpy(to->data, from->data, from->length);
    }
}

/* ---- names */

static struct name *name_find(struct names *names, const char *path)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i].path, path) == 0) {
            return &names->items[i];
        }
    }
    return NULL;
}

/* inode NULL: the name goes. */
static void name_set(struct names *names, const char *path, struct inode *inode)
{
    struct name *name = name_find(names, path);

    (void)inode_ref(inode);
    if (name != NULL) {
        inode_unref(name->inode);
        name->inode = inode;
        if (inode == NULL) {
            free(name->path);
            *name = names->items[--names->count];
        }
    } else if (inode != NULL) {
        names->items = need(realloc(names->items, (names->count + 1) * sizeof *names->items));
        names->items[names->count++] = (struct name){need(strdup(path)), inode};
    }
}

static void names_clear(struct names *names)
{
    while (names->count > 0) {
        inode_unref(names->items[--names->count].inode);
        free(names->items[names->count].path);
    }
    free(names->items);
    *names = (struct names){0};
}

static void name_changed(struct memory_io *memory, const char *path, struct inode *inode)
{
    struct name_change *change = need(calloc(1, sizeof *change));

    name_set(&memory->seen, path, inode);
    change->path = need(strdup(path));
    change->inode = inode_ref(inode);
    *(memory->changes == NULL ? &memory->changes : &memory->changes_last->next) = change;
    memory->changes_last = change;
}

/* Is path directly in the folder ("" is the root)? */
static bool in_folder(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    if (length > 0) {
        if (strncmp(path, folder, length) != 0 || path[length] != '/') {
            return false;
        }
        path += length + 1;
    }
    return strchr(path, '/') == NULL;
}

static void name_change_free(struct name_change *change)
{
    inode_unref(change->inode);
    free(change->path);
    free(change);
}

/* ---- power */

static struct err *off_error(const struct memory_io *memory)
{
    return err_new(ERR_IO, "\"%s\": the power is off", memory->io.root);
}

/* Counts an operation; an error when the power is off or goes now. */
static struct err *operation(struct memory_io *memory)
{
    memory->operations++;
    if (memory->off_at > 0 && --memory->off_at == 0) {
        memory->off = true;
    }
    return memory->off ? off_error(memory) : NULL;
}

uint64_t io_memory_operations(struct io *io)
{
    struct memory_io *memory = memory_of(io);
    lock_take(&memory->lock);
    uint64_t operations = memory->operations;
    lock_give(&memory->lock);
    return operations;
}

void io_memory_power_off_at(struct io *io, uint64_t at)
{
    struct memory_io *memory = memory_of(io);
    lock_take(&memory->lock);
    memory->off_at = at;
    lock_give(&memory->lock);
}

void io_memory_fail_sync_at(struct io *io, uint64_t sync)
{
    struct memory_io *memory = memory_of(io);
    lock_take(&memory->lock);
    memory->fail_sync_at = sync;
    lock_give(&memory->lock);
}

bool io_memory_is_off(struct io *io)
{
    struct memory_io *memory = memory_of(io);
    lock_take(&memory->lock);
    bool off = memory->off;
    lock_give(&memory->lock);
    return off;
}

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13; /* xorshift64, Marsaglia 2003 */
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Applies an unsynced change to what the disk holds, as far as the mode and chance want. */
static void change_land(struct inode *inode, const struct change *change, enum crash_mode mode, uint64_t *seed)
{
    if (mode == CRASH_LOSE) {
        return;
    }
    if (change->truncation) {
        if (mode == CRASH_KEEP || random_next(seed) % 2 == 0) {
            bytes_resize(&inode->synced, (size_t)change->offset);
        }
        return;
    }
    for (size_t at = 0; at < change->bytes.length;) {
        size_t sector = SECTOR_BYTES - (size_t)((change->offset + at) % SECTOR_BYTES);
        if (sector > change->bytes.length - at) {
            sector = change->bytes.length - at;
        }
        if (mode == CRASH_KEEP || random_next(seed) % 2 == 0) {
            bytes_put(&inode->synced, change->offset + at, change->bytes.data + at, sector);
        }
        at += sector;
    }
}

static void changes_land(struct inode *inode, enum crash_mode mode, uint64_t *seed)
{
    while (inode->changes != NULL) {
        struct change *change = inode->changes;
        change_land(inode, change, mode, seed);
        inode->changes = change->next;
        free(change->bytes.data);
        free(change);
    }
}

struct err *io_memory_power_on(struct io *io, enum crash_mode mode, uint64_t seed)
{
    struct memory_io *memory = memory_of(io);
    bool keep_names = mode != CRASH_LOSE;

    lock_take(&memory->lock);
    seed = seed * 0x9e3779b97f4a7c15U + 1;
    while (memory->changes != NULL) {
        struct name_change *change = memory->changes;
        keep_names = keep_names && (mode == CRASH_KEEP || random_next(&seed) % 4 != 0);
        if (keep_names) {
            name_set(&memory->synced, change->path, change->inode);
        }
        memory->changes = change->next;
        name_change_free(change);
    }
    names_clear(&memory->seen);
    for (size_t i = 0; i < memory->synced.count; i++) {
        struct inode *inode = memory->synced.items[i].inode;
        changes_land(inode, mode, &seed);
        bytes_copy(&inode->seen, &inode->synced);
        name_set(&memory->seen, memory->synced.items[i].path, inode);
    }
    memory->off = false;
    memory->off_at = 0;
    lock_give(&memory->lock);
    return NULL;
}

/* ---- operations */

static struct err *missing(struct io *io, const char *what, const char *path)
{
    return err_new(ERR_OPEN_FILE, "%s \"%s/%s\": No such file or directory", what, io->root, path);
}

static struct err *memory_open(struct io *io, const char *path, enum io_mode mode, struct io_file **out)
{
    struct memory_io *memory = memory_of(io);
    struct err *err = NULL;

    mode = mode == IO_SECRET ? IO_CREATE : mode;
    lock_take(&memory->lock);
    struct name *name = name_find(&memory->seen, path);
    if (memory->off) {
        err = off_error(memory);
    } else if (mode == IO_CREATE && name != NULL) {
        err = err_new(ERR_IO, "opening \"%s/%s\": File exists", io->root, path);
    } else if (mode != IO_CREATE && name == NULL) {
        err = missing(io, "opening", path);
    } else if (mode == IO_CREATE) {
        err = operation(memory);
    }
    if (err == NULL) {
        struct memory_file *file = need(calloc(1, sizeof *file));
        if (mode == IO_CREATE) {
            struct inode *inode = need(calloc(1, sizeof *inode));
            inode->references = 1;
            name_changed(memory, path, inode);
            file->inode = inode;
        } else {
            file->inode = inode_ref(name->inode);
        }
        file->file.io = io;
        file->file.path = need(strdup(path));
        *out = &file->file;
    }
    lock_give(&memory->lock);
    return err;
}

static struct inode *inode_of(struct io_file *file)
{
    return ((struct memory_file *)file)->inode;
}

static void memory_close(struct io_file *file)
{
    struct memory_io *memory = memory_of(file->io);

    lock_take(&memory->lock);
    inode_unref(inode_of(file));
    lock_give(&memory->lock);
    free(file->path);
    free(file);
}

static struct err *memory_read(struct io_file *file, uint64_t offset, void *data, size_t bytes, size_t *read_bytes)
{
    struct memory_io *memory = memory_of(file->io);
    struct inode *inode = inode_of(file);

    lock_take(&memory->lock);
    struct err *err = memory->off ? off_error(memory) : NULL;
    size_t there = offset < inode->seen.length ? inode->seen.length - (size_t)offset : 0;
    *read_bytes = err != NULL ? 0 : there < bytes ? there : bytes;
    if (*read_bytes > 0) {
        memcpy(data, inode->seen.data + offset, *read_bytes);
    }
    lock_give(&memory->lock);
    return err;
}

static void change_add(struct inode *inode, uint64_t offset, const void *data, size_t length, bool truncation)
{
    struct change *change = need(calloc(1, sizeof *change));

    change->offset = offset;
    change->truncation = truncation;
    bytes_put(&change->bytes, 0, data, length);
    *(inode->changes == NULL ? &inode->changes : &inode->changes_last->next) = change;
    inode->changes_last = change;
}

static struct err *memory_write(struct io_file *file, uint64_t offset, const void *data, size_t bytes, size_t *written)
{
    struct memory_io *memory = memory_of(file->io);
    struct inode *inode = inode_of(file);

    lock_take(&memory->lock);
    bool was_on = !memory->off;
    struct err *err = operation(memory);
    if (was_on) { /* also when the power goes just now: it may reach the disk */
        bytes_put(&inode->seen, offset, data, bytes);
        change_add(inode, offset, data, bytes, false);
        *written = bytes;
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_truncate(struct io_file *file, uint64_t bytes)
{
    struct memory_io *memory = memory_of(file->io);
    struct inode *inode = inode_of(file);

    lock_take(&memory->lock);
    struct err *err = operation(memory);
    if (err == NULL) {
        bytes_resize(&inode->seen, (size_t)bytes);
        change_add(inode, bytes, NULL, 0, true);
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_size(struct io_file *file, uint64_t *bytes)
{
    struct memory_io *memory = memory_of(file->io);

    lock_take(&memory->lock);
    struct err *err = memory->off ? off_error(memory) : NULL;
    *bytes = inode_of(file)->seen.length;
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_sync(struct io_file *file)
{
    struct memory_io *memory = memory_of(file->io);
    struct inode *inode = inode_of(file);
    uint64_t seed = 0;

    lock_take(&memory->lock);
    struct err *err = operation(memory);
    memory->syncs++;
    if (err == NULL && memory->fail_sync_at > 0 && --memory->fail_sync_at == 0) {
        changes_land(inode, CRASH_LOSE, &seed);
        err = err_new(ERR_IO, "syncing \"%s/%s\": Input/output error", file->io->root, file->path);
    }
    if (err == NULL) {
        changes_land(inode, CRASH_KEEP, &seed);
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_sync_dir(struct io *io, const char *path)
{
    struct memory_io *memory = memory_of(io);
    struct name_change *kept = NULL, *kept_last = NULL;

    lock_take(&memory->lock);
    struct err *err = operation(memory);
    while (err == NULL && memory->changes != NULL) {
        struct name_change *change = memory->changes;
        memory->changes = change->next;
        change->next = NULL;
        if (in_folder(change->path, path)) {
            name_set(&memory->synced, change->path, change->inode);
            name_change_free(change);
        } else {
            *(kept == NULL ? &kept : &kept_last->next) = change;
            kept_last = change;
        }
    }
    if (err == NULL) {
        memory->changes = kept;
        memory->changes_last = kept_last;
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_rename(struct io *io, const char *from, const char *to)
{
    struct memory_io *memory = memory_of(io);

    lock_take(&memory->lock);
    struct err *err = operation(memory);
    struct name *name = name_find(&memory->seen, from);
    if (err == NULL && name == NULL) {
        err = missing(io, "renaming", from);
    }
    if (err == NULL) {
        struct inode *inode = inode_ref(name->inode);
        name_changed(memory, to, inode); /* in this order: a crash between the two leaves both, never none */
        name_changed(memory, from, NULL);
        inode_unref(inode);
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_link(struct io *io, const char *from, struct io *to_io, const char *to, bool *linked)
{
    struct memory_io *memory = memory_of(io);

    *linked = false;
    if (io != to_io) {
        return NULL;
    }
    lock_take(&memory->lock);
    struct err *err = operation(memory);
    struct name *name = name_find(&memory->seen, from);
    if (err == NULL && (name == NULL || name_find(&memory->seen, to) != NULL)) {
        err = name == NULL ? missing(io, "linking", from)
                           : err_new(ERR_IO, "linking \"%s/%s\": it exists already", io->root, to);
    }
    if (err == NULL) {
        name_changed(memory, to, name->inode);
        *linked = true;
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_unlink(struct io *io, const char *path)
{
    struct memory_io *memory = memory_of(io);

    lock_take(&memory->lock);
    struct err *err = operation(memory);
    if (err == NULL && name_find(&memory->seen, path) == NULL) {
        err = missing(io, "removing", path);
    }
    if (err == NULL) {
        name_changed(memory, path, NULL);
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_make_dir(struct io *io, const char *path)
{
    struct memory_io *memory = memory_of(io);

    lock_take(&memory->lock);
    struct err *err = operation(memory);
    if (err == NULL && name_find(&memory->seen, path) == NULL) {
        struct inode *inode = need(calloc(1, sizeof *inode));
        inode->references = 1;
        inode->folder = true;
        name_changed(memory, path, inode);
        inode_unref(inode);
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_remove_dir(struct io *io, const char *path)
{
    struct memory_io *memory = memory_of(io);

    lock_take(&memory->lock);
    struct err *err = operation(memory);
    bool removes = err == NULL && name_find(&memory->seen, path) != NULL;
    for (size_t i = 0; removes && i < memory->seen.count; i++) {
        removes = !in_folder(memory->seen.items[i].path, path);
    }
    if (removes) {
        name_changed(memory, path, NULL);
    }
    lock_give(&memory->lock);
    return err;
}

static int compare_slices(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static struct err *memory_list(struct io *io, const char *path, struct arena *arena, struct slice **names,
                               uint32_t *count)
{
    struct memory_io *memory = memory_of(io);
    size_t skip = *path == 0 ? 0 : strlen(path) + 1;

    lock_take(&memory->lock);
    struct err *err = memory->off                                            ? off_error(memory)
                      : *path != 0 && name_find(&memory->seen, path) == NULL ? missing(io, "listing", path)
                                                                             : NULL;
    *count = 0;
    *names = ARENA_ARRAY(arena, struct slice, memory->seen.count + 1);
    if (*names == NULL) {
        err_keep_first(&err, arena_error(arena));
    }
    for (size_t i = 0; *names != NULL && i < memory->seen.count && err == NULL; i++) {
        if (in_folder(memory->seen.items[i].path, path)) {
            char *name = arena_text(arena, slice_text(memory->seen.items[i].path + skip));
            err = name == NULL ? arena_error(arena) : NULL;
            (*names)[(*count)++] = slice_text(name == NULL ? "" : name);
        }
    }
    if (err == NULL && *count > 1) {
        qsort(*names, *count, sizeof **names, compare_slices);
    }
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_exists(struct io *io, const char *path, bool *exists)
{
    struct memory_io *memory = memory_of(io);

    lock_take(&memory->lock);
    struct err *err = memory->off ? off_error(memory) : NULL;
    *exists = name_find(&memory->seen, path) != NULL;
    lock_give(&memory->lock);
    return err;
}

static struct err *memory_free_bytes(struct io *io, uint64_t *bytes)
{
    (void)io;
    *bytes = (uint64_t)1 << 40;
    return NULL;
}

static void memory_destroy(struct io *io)
{
    struct memory_io *memory = memory_of(io);

    while (memory->changes != NULL) {
        struct name_change *change = memory->changes;
        memory->changes = change->next;
        name_change_free(change);
    }
    names_clear(&memory->seen);
    names_clear(&memory->synced);
    lock_deinit(&memory->lock);
    free(memory->io.root);
    free(memory);
}

struct err *io_memory(struct io **out)
{
    static const struct io_ops ops = {
        .open = memory_open,
        .read = memory_read,
        .write = memory_write,
        .truncate = memory_truncate,
        .size = memory_size,
        .sync = memory_sync,
        .close = memory_close,
        .sync_dir = memory_sync_dir,
        .rename = memory_rename,
        .link = memory_link,
        .unlink = memory_unlink,
        .make_dir = memory_make_dir,
        .remove_dir = memory_remove_dir,
        .list = memory_list,
        .exists = memory_exists,
        .free_bytes = memory_free_bytes,
        .destroy = memory_destroy,
    };
    struct memory_io *memory = calloc(1, sizeof *memory);
    char *root = strdup("memory");

    if (memory == NULL || root == NULL) {
        free(memory);
        free(root);
        return err_oom();
    }
    memory->io.ops = &ops;
    memory->io.root = root;
    lock_init(&memory->lock, LOCK_IO);
    *out = &memory->io;
    return NULL;
}
