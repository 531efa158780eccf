/*
 * segment_reader.c: opens a segment by its footer, reads columns by granule.
 *
 * flow     storage/snapshot.c, storage/compactor.c → here → storage/block_cache.c → storage/codec_decode.c
 * input    hostile: the footer is checked against the ledger's hash first, and parsed as if it were not (segment_footer.c)
 * thread   any; immutable after open but the dictionaries and the key's texts, each loaded once under its own flag
 */
#include "storage/segment_private.h"

#include "base/checksum.h"
#include "storage/segment_layout.h"

#include <stdlib.h>

/* What the segment keeps is charged to its cache. Alone, or under its lock. */
static void charge(struct segment *segment)
{
    uint64_t bytes = sizeof(*segment) + arena_bytes(segment->arena);
    block_cache_charge(segment->cache, (int64_t)bytes - (int64_t)segment->charged);
    segment->charged = bytes;
}

struct err *segment_open(struct io *io, struct block_cache *cache, const struct segment_place *place,
                         struct segment **out)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    struct segment *segment = calloc(1, sizeof(*segment));
    if (segment == NULL || (segment->path = strdup(place->path)) == NULL ||
        (segment->arena = arena_create(NULL)) == NULL) {
        if (segment != NULL) {
            free(segment->path);
            free(segment);
        }
        return err_oom();
    }
    lock_init(&segment->lock, LOCK_BLOCK_CACHE);
    atomic_init(&segment->references, 1);
    segment->io = io;
    segment->cache = cache;
    segment->pack = place->pack;
    segment->offset = place->offset;
    segment->length = place->length;
    uint8_t header[PACK_HEADER_BYTES], trailer[SEGMENT_TRAILER_BYTES];
    uint32_t footer_bytes, magic, version, zero[2];
    uint64_t hash;
    OR_DONE(io_open(io, place->path, IO_READ, &file));
    OR_DONE(io_read(file, 0, header, sizeof(header)));
    memcpy(&version, header + 8, 4);
    memcpy(&zero[0], header + 12, 4);
    if (memcmp(header, PACK_MAGIC, 8) != 0 || version == 0 || zero[0] != 0) {
        err = err_new(ERR_CORRUPT, "\"%s/%s\" does not begin as a pack", io->root, place->path);
        goto done;
    }
    if (version > PACK_FORMAT_VERSION) {
        err = err_new(ERR_NEWER_VERSION, "\"%s/%s\" has format version %u; this server reads up to %u", io->root,
                      place->path, version, PACK_FORMAT_VERSION);
        goto done;
    }
    if (place->length < SEGMENT_TRAILER_BYTES || place->offset < PACK_HEADER_BYTES ||
        place->offset > INT64_MAX - place->length) {
        err = segment_damaged(segment, "its place");
        goto done;
    }
    OR_DONE(io_read(file, place->offset + place->length - sizeof(trailer), trailer, sizeof(trailer)));
    memcpy(&footer_bytes, trailer, 4);
    memcpy(&zero[0], trailer + 4, 4);
    memcpy(&hash, trailer + 8, 8);
    memcpy(&zero[1], trailer + 16, 4);
    memcpy(&magic, trailer + 20, 4);
    if (magic != SEGMENT_MAGIC || zero[0] != 0 || zero[1] != 0 || footer_bytes > FOOTER_BYTES_MAX ||
        footer_bytes > place->length - sizeof(trailer) || hash != place->footer_hash) {
        err = segment_damaged(segment, "its trailer, or it is not the one that the ledger names");
        goto done;
    }
    char *footer = arena_alloc(segment->arena, footer_bytes);
    if (footer == NULL) {
        err = arena_error(segment->arena);
        goto done;
    }
    OR_DONE(io_read(file, place->offset + place->length - sizeof(trailer) - footer_bytes, footer, footer_bytes));
    if (checksum(footer, footer_bytes) != hash) {
        err = segment_damaged(segment, "its checksum");
        goto done;
    }
    OR_DONE(segment_parse_footer(segment, slice_of(footer, footer_bytes), version));
    charge(segment);
    *out = segment;
    segment = NULL;
done:
    io_close(file);
    segment_unref(segment);
    return err;
}

struct segment *segment_ref(struct segment *segment)
{
    atomic_fetch_add_explicit(&segment->references, 1, memory_order_relaxed);
    return segment;
}

bool segment_is_at(const struct segment *segment, uint64_t pack, uint64_t offset)
{
    return segment->pack == pack && segment->offset == offset;
}

bool segment_is_shared(const struct segment *segment)
{
    return atomic_load_explicit(&segment->references, memory_order_acquire) > 1;
}

void segment_unref(struct segment *segment)
{
    if (segment != NULL && atomic_fetch_sub_explicit(&segment->references, 1, memory_order_acq_rel) == 1) {
        block_cache_charge(segment->cache, -(int64_t)segment->charged);
        lock_deinit(&segment->lock);
        arena_destroy(segment->arena);
        free(segment->path);
        free(segment);
    }
}

uint64_t segment_row_count(const struct segment *segment)
{
    return segment->row_count;
}

uint32_t segment_granule_count(const struct segment *segment)
{
    return segment->granule_count;
}

uint32_t segment_granule_rows(const struct segment *segment, uint32_t granule)
{
    uint64_t before = (uint64_t)granule * CHUNK_ROWS_MAX;
    return segment->row_count - before < CHUNK_ROWS_MAX ? (uint32_t)(segment->row_count - before) : CHUNK_ROWS_MAX;
}

uint32_t segment_schema_version(const struct segment *segment)
{
    return segment->schema_version;
}

uint64_t segment_table_id(const struct segment *segment)
{
    return segment->table_id;
}

const char *segment_path(const struct segment *segment)
{
    return segment->path;
}

unsigned __int128 segment_row_sum(const struct segment *segment)
{
    return segment->row_sum;
}

uint32_t segment_column_count(const struct segment *segment)
{
    return segment->column_count;
}

const struct segment_column *segment_column(const struct segment *segment, uint32_t index)
{
    return &segment->columns[index].column;
}

int32_t segment_column_find(const struct segment *segment, uint32_t id)
{
    for (uint32_t k = 0; k < segment->column_count; k++) {
        if (segment->columns[k].column.id == id) {
            return (int32_t)k;
        }
    }
    return -1;
}

const struct zone *segment_zone(const struct segment *segment, uint32_t granule, uint32_t column)
{
    return &segment->columns[column].zones[granule];
}

const struct zone *segment_zone_all(const struct segment *segment, uint32_t column)
{
    return &segment->columns[column].all;
}

uint32_t segment_key_count(const struct segment *segment)
{
    return segment->key_count;
}

uint32_t segment_key_column(const struct segment *segment, uint32_t key)
{
    return segment->key_columns[key];
}

struct err *segment_key_index(const struct segment *segment, struct arena *arena, uint32_t key, struct column **out)
{
    const struct type *type = segment->columns[segment->key_columns[key]].column.type;
    const struct column **rows = arena_array(arena, segment->granule_count, sizeof(*rows));
    if (rows == NULL) {
        return arena_error(arena);
    }
    const char *at = segment->keys.data, *end = at + segment->keys.length;
    for (uint32_t granule = 0; granule < segment->granule_count; granule++) {
        for (uint32_t k = 0; k < segment->key_count; k++) {
            uint32_t bytes = 0;
            if (end - at >= 4) {
                memcpy(&bytes, at, 4);
                at += 4;
            }
            if (bytes == 0 || (size_t)(end - at) < bytes) {
                return segment_damaged(segment, "its key index ends early");
            }
            if (k == key) {
                struct column *row = NULL;
                struct err *err = codec_decode(arena, slice_of(at, bytes), type, 1, NULL, 0, &row);
                if (err != NULL) {
                    return err_while(err, "\"%s/%s\", key index of the segment at byte %llu", segment->io->root,
                                     segment->path, (unsigned long long)segment->offset);
                }
                rows[granule] = row;
            }
            at += bytes;
        }
    }
    *out = column_concat(arena, rows, segment->granule_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *segment_load_key_texts(struct segment *segment)
{
    struct err *err = NULL;
    if (segment->key_count == 0 || atomic_load_explicit(&segment->key_texts, memory_order_acquire) != NULL) {
        return NULL;
    }
    const struct column_info *info = &segment->columns[segment->key_columns[0]];
    if (info->column.type->kind != TYPE_STRING || info->column.type->nullable || (info->all.known && info->all.exact)) {
        return NULL;
    }
    struct arena *work = arena_create(NULL);
    struct column *firsts = NULL;
    if (work == NULL) {
        return err_oom();
    }
    OR_DONE(segment_key_index(segment, work, 0, &firsts));
    const struct column *flat = column_flat(work, firsts);
    if (flat == NULL) {
        err = arena_error(work);
        goto done;
    }
    lock_take(&segment->lock);
    if (atomic_load_explicit(&segment->key_texts, memory_order_relaxed) == NULL) {
        const struct column *copy = column_copy(segment->arena, flat);
        if (copy == NULL) {
            err = arena_error(segment->arena);
        } else {
            atomic_store_explicit(&segment->key_texts, copy->values, memory_order_release);
        }
        charge(segment);
    }
    lock_give(&segment->lock);
done:
    arena_destroy(work);
    return err;
}

const struct slice *segment_key_texts(const struct segment *segment, uint32_t column)
{
    return segment->key_count > 0 && segment->key_columns[0] == column
               ? atomic_load_explicit(&segment->key_texts, memory_order_acquire)
               : NULL;
}

static struct block_place place_of(const struct segment *segment, const struct granule_place *from)
{
    return (struct block_place){.path = segment->path,
                                .pack = segment->pack,
                                .offset = segment->offset + from->offset,
                                .bytes = from->bytes,
                                .checksum = from->checksum};
}

struct block_place segment_place_of(const struct segment *segment, uint32_t granule, uint32_t column)
{
    return place_of(segment, &segment->columns[column].granules[granule]);
}

void segment_prefetch(const struct segment *segment, struct block_place *places, uint32_t count)
{
    block_cache_prefetch(segment->cache, segment->io, places, count);
}

static struct err *read_block(const struct segment *segment, struct arena *arena, const struct granule_place *from,
                              struct slice *out)
{
    struct block_place place = place_of(segment, from);
    return block_cache_read(segment->cache, segment->io, &place, arena, out);
}

/* Reads the whole dictionary into the segment's arena, once. */
static struct err *load_dictionary(struct segment *segment, struct column_info *info, const struct column **out)
{
    struct err *err = NULL;
    *out = atomic_load_explicit(&info->dictionary, memory_order_acquire);
    if (*out != NULL) {
        return NULL;
    }
    struct arena *work = arena_create(NULL);
    uint32_t block_count = (info->dictionary_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX;
    const struct column **parts = work == NULL ? NULL : arena_array(work, block_count, sizeof(*parts));
    if (parts == NULL) {
        arena_destroy(work);
        return err_oom();
    }
    for (uint32_t k = 0; k < block_count; k++) {
        struct slice block;
        struct column *part = NULL;
        uint32_t rows = k + 1 < block_count ? CHUNK_ROWS_MAX : info->dictionary_count - k * CHUNK_ROWS_MAX;
        OR_DONE(read_block(segment, work, &info->dictionary_blocks[k], &block));
        err = codec_decode(work, block, info->column.type, rows, NULL, 0, &part);
        if (err != NULL) {
            err = err_while(err, "\"%s/%s\", dictionary at byte %llu", segment->io->root, segment->path,
                            (unsigned long long)(segment->offset + info->dictionary_blocks[k].offset));
            goto done;
        }
        parts[k] = part;
    }
    struct column *joined = column_concat(work, parts, block_count);
    if (joined == NULL) {
        err = arena_error(work);
        goto done;
    }
    lock_take(&segment->lock);
    *out = atomic_load_explicit(&info->dictionary, memory_order_relaxed);
    if (*out == NULL) {
        *out = column_copy(segment->arena, joined);
        atomic_store_explicit(&info->dictionary, *out, memory_order_release);
        charge(segment);
    }
    lock_give(&segment->lock);
    if (*out == NULL) {
        err = err_oom();
    }
done:
    arena_destroy(work);
    return err;
}

struct err *segment_read(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                         struct column **out)
{
    return segment_read_need(segment, arena, granule, column, &column_need_whole, out);
}

/* A granule's column: its bytes, and the dictionary of their codes, NULL if there is none. */
static struct err *read_granule(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                                const struct column **dictionary, struct slice *block)
{
    struct err *err = NULL;
    ASSERT(granule < segment->granule_count && column < segment->column_count);
    struct column_info *info = &segment->columns[column];
    *dictionary = NULL;
    if (info->dictionary_count > 0) {
        OR_DONE(load_dictionary(segment, info, dictionary));
    }
    OR_DONE(read_block(segment, arena, &info->granules[granule], block));
done:
    return err;
}

static struct err *while_decoding(struct err *err, const struct segment *segment, uint32_t granule, uint32_t column)
{
    uint64_t offset = segment->offset + segment->columns[column].granules[granule].offset;
    return err == NULL ? NULL
                       : err_while(err, "\"%s/%s\", byte %llu (column %u, granule %u)", segment->io->root,
                                   segment->path, (unsigned long long)offset, column, granule);
}

struct err *segment_read_need(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                              const struct column_need *need, struct column **out)
{
    struct err *err = NULL;
    const struct column *dictionary;
    struct slice block;
    OR_DONE(read_granule(segment, arena, granule, column, &dictionary, &block));
    const struct column_info *info = &segment->columns[column];
    err = codec_decode_need(arena, block, info->column.type, segment_granule_rows(segment, granule), dictionary,
                            info->dictionary_id, need, out);
    err = while_decoding(err, segment, granule, column);
done:
    return err;
}

struct err *segment_pick(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                         const uint32_t *positions, uint32_t count, struct column **out)
{
    struct err *err = NULL;
    const struct column *dictionary;
    struct slice block;
    *out = NULL;
    OR_DONE(read_granule(segment, arena, granule, column, &dictionary, &block));
    const struct column_info *info = &segment->columns[column];
    err = codec_pick(arena, block, info->column.type, segment_granule_rows(segment, granule), dictionary,
                     info->dictionary_id, positions, count, out);
    err = while_decoding(err, segment, granule, column);
done:
    return err;
}

struct err *segment_find_text(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                              struct slice text, uint32_t *positions, uint32_t *count, bool *known)
{
    struct err *err = NULL;
    ASSERT(granule < segment->granule_count && column < segment->column_count);
    const struct column_info *info = &segment->columns[column];
    struct slice block;
    *known = false;
    if (info->column.type->kind != TYPE_STRING || info->dictionary_count > 0) {
        return NULL;
    }
    OR_DONE(read_block(segment, arena, &info->granules[granule], &block));
    codec_find_text(block, segment_granule_rows(segment, granule), text, positions, count, known);
done:
    return err;
}

struct err *segment_filter(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t column,
                           const struct number_ranges *ranges, uint64_t *bits, bool *known)
{
    struct err *err = NULL;
    ASSERT(granule < segment->granule_count && column < segment->column_count);
    const struct column_info *info = &segment->columns[column];
    struct slice block;
    *known = false;
    if (info->dictionary_count > 0 || !number_ranges_suit(info->column.type)) {
        return NULL;
    }
    OR_DONE(read_block(segment, arena, &info->granules[granule], &block));
    OR_DONE(codec_filter(arena, block, info->column.type, segment_granule_rows(segment, granule), ranges, bits, known));
done:
    return err;
}

struct err *segment_dictionary(struct segment *segment, uint32_t column, const struct column **out)
{
    struct column_info *info = &segment->columns[column];
    *out = NULL;
    return info->dictionary_count == 0 ? NULL : load_dictionary(segment, info, out);
}

uint32_t segment_index_count(const struct segment *segment)
{
    return segment->index_count;
}

const struct index_shape *segment_index(const struct segment *segment, uint32_t index)
{
    return &segment->indexes[index].shape;
}

bool segment_has_index(const struct segment *segment, const struct index_shape *shape, uint32_t column_id)
{
    for (uint32_t k = 0; k < segment->index_count; k++) {
        const struct index_shape *have = &segment->indexes[k].shape;
        if (segment->columns[have->column].column.id == column_id && have->kind == shape->kind &&
            have->input == shape->input && have->parameter == shape->parameter && have->group == shape->group) {
            return true;
        }
    }
    return false;
}

uint64_t segment_index_bytes(const struct segment *segment, uint32_t index)
{
    const struct index_info *info = &segment->indexes[index];
    uint64_t bytes = 0;
    for (uint32_t granule = 0; granule < segment->granule_count; granule += info->shape.group) {
        bytes += info->groups[granule / info->shape.group].bytes;
    }
    return bytes;
}

struct err *segment_index_block(const struct segment *segment, struct arena *arena, uint32_t index, uint32_t granule,
                                struct slice *out)
{
    const struct index_info *info = &segment->indexes[index];
    const struct granule_place *place = &info->groups[granule / info->shape.group];
    *out = slice_text("");
    if (place->bytes == 0) {
        return NULL;
    }
    struct err *err = read_block(segment, arena, place, out);
    if (err == NULL && !index_block_valid(&info->shape, *out)) {
        err = err_new(ERR_CORRUPT, "\"%s/%s\", byte %llu: a damaged block of index %u", segment->io->root,
                      segment->path, (unsigned long long)(segment->offset + place->offset), index);
    }
    return err;
}

struct segment_column_size segment_column_size(const struct segment *segment, uint32_t column)
{
    const struct column_info *info = &segment->columns[column];
    struct segment_column_size size = {.dictionary_count = info->dictionary_count};
    for (uint32_t k = 0; k < segment->granule_count; k++) {
        size.bytes += info->granules[k].bytes;
    }
    for (uint32_t k = 0; k * CHUNK_ROWS_MAX < info->dictionary_count; k++) {
        size.bytes += info->dictionary_blocks[k].bytes;
    }
    return size;
}
