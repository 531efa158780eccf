/*
 * spill.c: temporary files: making, writing, limits, reading.
 *
 * chunk    struct chunk_head, then the columns' bytes, packed by LZ4 when that is less
 */
#include "query/spill.h"

#include "base/checksum.h"

#include <lz4.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER           "temporary"
#define PATH_BYTES       64
#define CHECK_FREE_BYTES ((uint64_t)32 << 20) /* the disk's free space is asked for every so many bytes of a file */
#define CHUNK_BYTES      ((uint64_t)128 << 10)
#define CHUNK_BYTES_MAX  ((uint64_t)LZ4_MAX_INPUT_SIZE)

#define ADVICE                                                                                                         \
    "free space on the disk of the data directory, or raise the query's max_memory_usage, so that it needs no files"

FAILPOINT(spill_write);
FAILPOINT(spill_unlink);

struct chunk_head {
    uint64_t checksum; /* of what follows, and of the packed bytes */
    uint32_t raw_bytes;
    uint32_t packed_bytes; /* as many: not packed */
    uint32_t row_count;
    uint32_t column_count;
};

struct spill_file {
    struct spill_use *use;
    struct io_file *file;
    struct arena *work; /* for one write */
    char path[PATH_BYTES];
    uint64_t bytes;
};

static struct err *clear(struct spill_space *space, struct arena *arena)
{
    struct err *err = NULL;
    struct slice *names = NULL;
    uint32_t count = 0;
    OR_DONE(io_make_dir(space->io, FOLDER));
    OR_DONE(io_list(space->io, FOLDER, arena, &names, &count));
    for (uint32_t i = 0; i < count; i++) {
        const char *path = arena_format(arena, FOLDER "/%.*s", SLICE_ARG(names[i]));
        if (path == NULL) {
            return arena_error(arena);
        }
        OR_DONE(io_unlink(space->io, path, &failpoint_spill_unlink));
    }
done:
    return err_while(err, "clearing the folder of temporary files");
}

struct err *spill_space_open(struct spill_space *space, struct io *io, uint64_t bytes_max)
{
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    space->io = io;
    space->bytes_max = bytes_max;
    atomic_init(&space->bytes, 0);
    atomic_init(&space->bytes_total, 0);
    atomic_init(&space->number, 0);
    struct err *err = clear(space, arena);
    arena_destroy(arena);
    return err;
}

/* What can be done about a full disk. */
static struct err *with_advice(struct err *err, const char *what)
{
    return err_code(err) == ERR_NOT_ENOUGH_SPACE ? err_while(err, "%s (%s)", what, ADVICE) : err_while(err, "%s", what);
}

static void file_close(void *object)
{
    struct spill_file *file = object;
    atomic_fetch_sub(&file->use->bytes, file->bytes);
    atomic_fetch_sub(&file->use->space->bytes, file->bytes);
    io_close(file->file);
    arena_destroy(file->work);
    free(file);
}

struct err *spill_file_create(struct spill_use *use, struct arena *owner, struct spill_file **out)
{
    struct err *err = NULL;
    struct spill_file *file = calloc(1, sizeof(*file));
    if (file == NULL) {
        return err_oom();
    }
    ASSERT(use->space != NULL);
    file->use = use;
    file->work = arena_create(use->budget);
    if (file->work == NULL) {
        err = err_oom();
        goto done;
    }
    (void)snprintf(file->path, sizeof(file->path), FOLDER "/%llu",
                   (unsigned long long)atomic_fetch_add(&use->space->number, 1) + 1);
    OR_DONE(io_open(use->space->io, file->path, IO_CREATE, &file->file));
    OR_DONE(io_unlink(use->space->io, file->path, &failpoint_spill_unlink));
    if (!arena_on_destroy(owner, file_close, file)) {
        err = arena_error(owner);
        goto done;
    }
    *out = file;
    file = NULL;
done:
    if (file != NULL) {
        file_close(file);
    }
    return with_advice(err, "making a temporary file of the query");
}

/* Counts the bytes; they stay counted until the file is closed, written or not. */
static struct err *take_bytes(struct spill_file *file, uint64_t bytes)
{
    struct err *err = NULL;
    struct spill_use *use = file->use;
    struct spill_space *space = use->space;
    uint64_t before = file->bytes;
    uint64_t free_bytes;
    file->bytes += bytes;
    uint64_t query_bytes = atomic_fetch_add(&use->bytes, bytes) + bytes;
    uint64_t all_bytes = atomic_fetch_add(&space->bytes, bytes) + bytes;
    if (use->bytes_total != NULL) {
        atomic_fetch_add_explicit(use->bytes_total, bytes, memory_order_relaxed);
    }
    if (use->bytes_max != 0 && query_bytes > use->bytes_max) {
        return err_new(ERR_TOO_MANY_ROWS_OR_BYTES,
                       "Limit for temporary files of the query exceeded: it needs more than "
                       "max_temporary_data_on_disk_size_for_query = %llu bytes",
                       (unsigned long long)use->bytes_max);
    }
    if (space->bytes_max != 0 && all_bytes > space->bytes_max) {
        return err_new(ERR_TOO_MANY_ROWS_OR_BYTES,
                       "Limit for temporary files of all queries exceeded: they need more than temporary_bytes_max = "
                       "%llu bytes",
                       (unsigned long long)space->bytes_max);
    }
    if (before / CHECK_FREE_BYTES != file->bytes / CHECK_FREE_BYTES) {
        OR_DONE(io_free_bytes(space->io, &free_bytes));
        if (free_bytes < SPILL_FREE_BYTES) {
            err = err_new(ERR_NOT_ENOUGH_SPACE,
                          "the temporary file %s of the query would leave less than %llu bytes of the disk free: %llu "
                          "are; " ADVICE,
                          file->path, (unsigned long long)SPILL_FREE_BYTES, (unsigned long long)free_bytes);
        }
    }
done:
    return err;
}

static struct err *list_grow(struct arena *arena, struct spill_list *list)
{
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        uint64_t *offsets = ARENA_ARRAY(arena, uint64_t, capacity);
        if (offsets == NULL) {
            return arena_error(arena);
        }
        if (list->count > 0) {
            memcpy(offsets, list->offsets, list->count * sizeof(*offsets));
        }
        list->offsets = offsets;
        list->capacity = capacity;
    }
    return NULL;
}

/* The chunk's block, in the file's arena. */
static struct err *pack(struct spill_file *file, const struct chunk *chunk, struct chunk_head **block, size_t *bytes)
{
    struct arena *work = file->work;
    const struct column **ready = ARENA_ARRAY(work, const struct column *, chunk->column_count + 1U);
    uint64_t raw_bytes = 0;
    if (ready == NULL) {
        return arena_error(work);
    }
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        ready[c] = chunk->columns[c] == NULL ? NULL : spill_column_ready(work, chunk->columns[c]);
        if (chunk->columns[c] != NULL && ready[c] == NULL) {
            return arena_error(work);
        }
        raw_bytes += spill_column_bytes(ready[c]);
    }
    if (raw_bytes > CHUNK_BYTES_MAX) {
        return err_new(ERR_MEMORY_LIMIT, "%u rows of %llu bytes together are too many for a temporary file",
                       chunk->row_count, (unsigned long long)raw_bytes);
    }
    int bound = LZ4_compressBound((int)raw_bytes);
    char *raw = arena_alloc_aligned(work, raw_bytes + 1, 64);
    *block = arena_alloc_aligned(work, sizeof(**block) + (size_t)bound, 64);
    if (raw == NULL || *block == NULL) {
        return arena_error(work);
    }
    char *at = raw;
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        at = spill_column_put(ready[c], at);
    }
    ASSERT((uint64_t)(at - raw) == raw_bytes);
    char *packed = (char *)(*block + 1);
    int packed_bytes = LZ4_compress_default(raw, packed, (int)raw_bytes, bound);
    if (packed_bytes <= 0 || (uint64_t)packed_bytes >= raw_bytes) {
        memcpy(packed, raw, raw_bytes);
        packed_bytes = (int)raw_bytes;
    }
    **block = (struct chunk_head){.raw_bytes = (uint32_t)raw_bytes,
                                  .packed_bytes = (uint32_t)packed_bytes,
                                  .row_count = chunk->row_count,
                                  .column_count = chunk->column_count};
    *bytes = sizeof(**block) + (size_t)packed_bytes;
    (*block)->checksum = checksum(&(*block)->raw_bytes, *bytes - sizeof((*block)->checksum));
    return NULL;
}

struct err *spill_write(struct spill_file *file, struct arena *arena, struct spill_list *list,
                        const struct chunk *chunk)
{
    struct err *err = NULL;
    struct chunk_head *block = NULL;
    size_t bytes = 0;
    uint64_t offset = file->bytes;
    OR_DONE(list_grow(arena, list));
    OR_DONE(pack(file, chunk, &block, &bytes));
    OR_DONE(take_bytes(file, bytes));
    OR_DONE(with_advice(io_write(file->file, offset, block, bytes, &failpoint_spill_write),
                        "a temporary file of the query"));
    atomic_fetch_add_explicit(&file->use->space->bytes_total, bytes, memory_order_relaxed);
    list->offsets[list->count++] = offset;
    list->row_count += chunk->row_count;
    list->bytes += block->raw_bytes;
done:
    arena_reset(file->work);
    return err;
}

uint32_t spill_chunk_rows(uint64_t bytes_per_row)
{
    uint64_t rows = CHUNK_BYTES / (bytes_per_row == 0 ? 1 : bytes_per_row);
    return rows == 0 ? 1 : rows > CHUNK_ROWS_MAX ? CHUNK_ROWS_MAX : (uint32_t)rows;
}

static struct err *unpack(struct spill_file *file, struct arena *arena, uint64_t offset, struct chunk_head *head,
                          const char **raw)
{
    struct err *err = NULL;
    OR_DONE(io_read(file->file, offset, head, sizeof(*head)));
    if (head->packed_bytes > head->raw_bytes || head->raw_bytes > CHUNK_BYTES_MAX) {
        return err_new(ERR_CORRUPT,
                       "the temporary file %s is damaged at byte %llu: look at the disk, run the query again",
                       file->path, (unsigned long long)offset);
    }
    size_t bytes = sizeof(*head) + head->packed_bytes;
    struct chunk_head *block = arena_alloc_aligned(arena, bytes, 64);
    char *to = head->packed_bytes < head->raw_bytes ? arena_alloc_aligned(arena, head->raw_bytes, 64) : NULL;
    if (block == NULL || (to == NULL && head->packed_bytes < head->raw_bytes)) {
        return arena_error(arena);
    }
    OR_DONE(io_read(file->file, offset, block, bytes));
    if (block->checksum != checksum(&block->raw_bytes, bytes - sizeof(block->checksum)) ||
        (to != NULL && LZ4_decompress_safe((const char *)(block + 1), to, (int)head->packed_bytes,
                                           (int)head->raw_bytes) != (int)head->raw_bytes)) {
        return err_new(
            ERR_CORRUPT,
            "the temporary file %s is damaged at byte %llu, its checksum is wrong: look at the disk, run the "
            "query again",
            file->path, (unsigned long long)offset);
    }
    *raw = to != NULL ? to : (const char *)(block + 1);
    if (to != NULL) {
        arena_release(arena, block, bytes);
    }
done:
    return err;
}

struct err *spill_read(struct spill_file *file, struct arena *arena, uint64_t offset, const struct type *const *types,
                       struct chunk **out)
{
    struct err *err = NULL;
    struct chunk_head head;
    const char *at = NULL;
    OR_DONE(unpack(file, arena, offset, &head, &at));
    const char *end = at + head.raw_bytes;
    struct chunk *chunk = chunk_new(arena, head.column_count, head.row_count);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < head.column_count; c++) {
        OR_DONE(spill_column_get(arena, types[c], head.row_count, &at, end, &chunk->columns[c]));
    }
    *out = chunk;
done:
    return err;
}

void spill_order(const uint64_t *hashes, const uint32_t *numbers, uint32_t row_count, uint32_t depth,
                 uint32_t part_count, uint32_t *positions, uint32_t *begins)
{
    uint32_t places[SPILL_PARTS_MAX + 1] = {0};
    ASSERT(part_count <= SPILL_PARTS_MAX);
    for (uint32_t i = 0; i < row_count; i++) {
        places[spill_part(hashes[numbers == NULL ? i : numbers[i]], depth, part_count) + 1]++;
    }
    for (uint32_t p = 0; p < part_count; p++) {
        places[p + 1] += places[p];
    }
    memcpy(begins, places, (part_count + 1) * sizeof(*begins));
    for (uint32_t i = 0; i < row_count; i++) {
        positions[places[spill_part(hashes[numbers == NULL ? i : numbers[i]], depth, part_count)]++] = i;
    }
}
