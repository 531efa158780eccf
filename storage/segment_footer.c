/*
 * segment_footer.c: a segment's footer, parsed.
 *
 * flow     storage/segment_reader.c → here
 * input    hostile: every number is checked before it is used, and blocks must be all that stands before the footer
 * format   docs/FORMAT.md, "Segments"
 */
#include "storage/segment_private.h"

#include "storage/index_bitmap.h"
#include "storage/segment_layout.h"

struct footer_reader {
    const char *at;
    const char *end;
    uint64_t block_bytes; /* of all blocks so far */
    bool failed;
};

static const char *take(struct footer_reader *reader, size_t bytes)
{
    if (reader->failed || (size_t)(reader->end - reader->at) < bytes) {
        reader->failed = true;
        return NULL;
    }
    const char *data = reader->at;
    reader->at += bytes;
    return data;
}

static uint64_t take_number(struct footer_reader *reader, size_t width)
{
    uint64_t value = 0;
    const char *data = take(reader, width);
    if (data != NULL) {
        memcpy(&value, data, width);
    }
    return value;
}

static void take_zone(struct footer_reader *reader, const struct type *type, struct zone *zone)
{
    size_t width = type->width <= 16 ? type->width : 0;
    uint64_t flags = take_number(reader, 1);
    reader->failed |= flags > (ZONE_KNOWN | ZONE_EXACT | ZONE_SUM | ZONE_NULLS);
    reader->failed |= (flags & ZONE_KNOWN) != 0 && width == 0;
    *zone = (struct zone){.known = (flags & ZONE_KNOWN) != 0, .exact = (flags & ZONE_EXACT) != 0};
    if (zone->known) {
        const char *min = take(reader, width), *max = take(reader, width);
        if (max == NULL) {
            zone->known = false;
            return;
        }
        memcpy(zone->min.bytes, min, width);
        memcpy(zone->max.bytes, max, width);
        if (type->kind == TYPE_STRING &&
            (zone->min.string.length > ZONE_STRING_BYTES || zone->max.string.length > ZONE_STRING_BYTES)) {
            reader->failed = true;
        }
    }
    zone->null_count = flags & ZONE_NULLS ? (uint32_t)take_number(reader, 4) : 0;
    if (flags & ZONE_SUM) {
        const char *sum = take(reader, 16);
        if (sum != NULL) {
            memcpy(&zone->sum, sum, 16);
        }
    }
}

static void take_place(struct footer_reader *reader, uint64_t blocks_end, struct granule_place *place)
{
    place->offset = take_number(reader, 8);
    place->bytes = (uint32_t)take_number(reader, 4);
    place->checksum = take_number(reader, 8);
    reader->failed |= place->offset > blocks_end || place->bytes > blocks_end - place->offset;
    reader->block_bytes += place->bytes;
}

struct err *segment_damaged(const struct segment *segment, const char *what)
{
    return err_new(ERR_CORRUPT, "\"%s/%s\", segment at byte %llu: its footer is damaged: %s", segment->io->root,
                   segment->path, (unsigned long long)segment->offset, what);
}

static struct err *parse_column(struct segment *segment, struct footer_reader *reader, uint64_t blocks_end,
                                struct column_info *info)
{
    info->column.id = (uint32_t)take_number(reader, 4);
    size_t name_length = take_number(reader, 2);
    const char *name = take(reader, name_length);
    if (name == NULL) {
        return segment_damaged(segment, "a column's type");
    }
    struct err *err = type_parse(segment->arena, slice_of(name, name_length), &info->column.type);
    if (err != NULL) {
        return err_while(err, "\"%s/%s\", segment at byte %llu", segment->io->root, segment->path,
                         (unsigned long long)segment->offset);
    }
    info->dictionary_count = (uint32_t)take_number(reader, 4);
    if (type_is_nested(info->column.type) && info->dictionary_count > 0) {
        return segment_damaged(segment, "a column's dictionary");
    }
    uint32_t dictionary_blocks =
        info->dictionary_count / CHUNK_ROWS_MAX + (info->dictionary_count % CHUNK_ROWS_MAX > 0);
    if (reader->failed || (size_t)(reader->end - reader->at) / 20 < dictionary_blocks ||
        (size_t)(reader->end - reader->at) / 21 < segment->granule_count) {
        return segment_damaged(segment, "it ends early");
    }
    info->dictionary_blocks = ARENA_ARRAY(segment->arena, struct granule_place, dictionary_blocks);
    info->granules = ARENA_ARRAY(segment->arena, struct granule_place, segment->granule_count);
    info->zones = ARENA_ARRAY(segment->arena, struct zone, segment->granule_count);
    if (info->dictionary_blocks == NULL || info->granules == NULL || info->zones == NULL) {
        return arena_error(segment->arena);
    }
    for (uint32_t k = 0; k < dictionary_blocks; k++) {
        take_place(reader, blocks_end, &info->dictionary_blocks[k]);
    }
    take_zone(reader, info->column.type, &info->all);
    for (uint32_t k = 0; k < segment->granule_count; k++) {
        take_place(reader, blocks_end, &info->granules[k]);
        take_zone(reader, info->column.type, &info->zones[k]);
    }
    return reader->failed ? segment_damaged(segment, "a block lies outside, or it ends early") : NULL;
}

static bool index_is_sound(const struct segment *segment, const struct index_shape *shape)
{
    if (shape->input > INDEX_ELEMENTS || shape->group == 0 ||
        shape->group > (shape->kind == INDEX_BITMAP ? BITMAP_GROUP_MAX : INDEX_GROUP_MAX) ||
        shape->column >= segment->column_count) {
        return false;
    }
    return index_shape_is_sound(segment->columns[shape->column].column.type, shape->kind, shape->input,
                                shape->parameter);
}

static struct err *parse_indexes(struct segment *segment, struct footer_reader *reader, uint64_t blocks_end)
{
    segment->index_count = (uint32_t)take_number(reader, 4);
    if (reader->failed || segment->index_count > INDEXES_MAX) {
        return segment_damaged(segment, "its number of indexes");
    }
    segment->indexes = ARENA_ARRAY(segment->arena, struct index_info, segment->index_count);
    if (segment->indexes == NULL) {
        return arena_error(segment->arena);
    }
    for (uint32_t k = 0; k < segment->index_count; k++) {
        struct index_info *info = &segment->indexes[k];
        info->shape.kind = (enum index_kind)take_number(reader, 1);
        info->shape.input = (enum index_input)take_number(reader, 1);
        info->shape.column = (uint32_t)take_number(reader, 4);
        info->shape.parameter = (uint32_t)take_number(reader, 4);
        info->shape.group = (uint32_t)take_number(reader, 4);
        if (reader->failed || !index_is_sound(segment, &info->shape)) {
            return segment_damaged(segment, "an index");
        }
        uint32_t groups = segment->granule_count / info->shape.group + (segment->granule_count % info->shape.group > 0);
        if ((size_t)(reader->end - reader->at) / 20 < groups) {
            return segment_damaged(segment, "it ends early");
        }
        info->groups = ARENA_ARRAY(segment->arena, struct granule_place, groups);
        if (info->groups == NULL) {
            return arena_error(segment->arena);
        }
        for (uint32_t g = 0; g < groups; g++) {
            take_place(reader, blocks_end, &info->groups[g]);
        }
    }
    return reader->failed ? segment_damaged(segment, "an index's block lies outside") : NULL;
}

struct err *segment_parse_footer(struct segment *segment, struct slice footer, uint32_t pack_version)
{
    static _Atomic uint64_t next_dictionary_id = 1;
    struct err *err = NULL;
    struct footer_reader reader = {.at = footer.data, .end = footer.data + footer.length};
    uint64_t blocks_end = segment->length - SEGMENT_TRAILER_BYTES - footer.length;
    uint32_t version = (uint32_t)take_number(&reader, 4);
    if (!reader.failed && version > PACK_FORMAT_VERSION) {
        return err_new(ERR_NEWER_VERSION, "\"%s/%s\" has format version %u; this server reads up to %u",
                       segment->io->root, segment->path, version, PACK_FORMAT_VERSION);
    }
    segment->schema_version = (uint32_t)take_number(&reader, 4);
    segment->table_id = take_number(&reader, 8);
    segment->row_count = take_number(&reader, 8);
    const char *sum = take(&reader, 16);
    segment->granule_count = (uint32_t)take_number(&reader, 4);
    segment->column_count = (uint32_t)take_number(&reader, 4);
    segment->key_count = (uint32_t)take_number(&reader, 4);
    if (reader.failed || version != pack_version || segment->row_count == 0 ||
        segment->granule_count != segment->row_count / CHUNK_ROWS_MAX + (segment->row_count % CHUNK_ROWS_MAX > 0) ||
        segment->column_count == 0 || segment->column_count > SEGMENT_COLUMNS_MAX ||
        segment->key_count > segment->column_count || segment->granule_count > footer.length) {
        return segment_damaged(segment, "its version, or its numbers of rows, granules and columns");
    }
    memcpy(&segment->row_sum, sum, 16);
    segment->key_columns = ARENA_ARRAY(segment->arena, uint32_t, segment->key_count);
    segment->columns = ARENA_ARRAY(segment->arena, struct column_info, segment->column_count);
    if (segment->key_columns == NULL || segment->columns == NULL) {
        return arena_error(segment->arena);
    }
    memset(segment->columns, 0, segment->column_count * sizeof(*segment->columns));
    for (uint32_t k = 0; k < segment->key_count; k++) {
        segment->key_columns[k] = (uint32_t)take_number(&reader, 4);
        if (segment->key_columns[k] >= segment->column_count) {
            return segment_damaged(segment, "a key column");
        }
    }
    for (uint32_t k = 0; k < segment->column_count; k++) {
        OR_DONE(parse_column(segment, &reader, blocks_end, &segment->columns[k]));
        segment->columns[k].dictionary_id = atomic_fetch_add(&next_dictionary_id, 1) << 1 | 1;
    }
    segment->keys.length = take_number(&reader, 4);
    segment->keys.data = take(&reader, segment->keys.length);
    if (version >= PACK_VERSION_INDEXES) {
        OR_DONE(parse_indexes(segment, &reader, blocks_end));
    }
    if (reader.failed || reader.at != reader.end) {
        return segment_damaged(segment, "its key index, its indexes, or bytes behind them");
    }
    if (reader.block_bytes != blocks_end) {
        return segment_damaged(segment, "its blocks are not all that stands before it");
    }
done:
    return err;
}
