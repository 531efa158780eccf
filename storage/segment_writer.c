/*
 * segment_writer.c: turns sorted chunks into the segments of one immutable pack file.
 *
 * flow     storage/flush.c, storage/compactor.c → here → the ledger names what was written
 * owns     the open file until it is finished; an unfinished file is removed
 * thread   any flush or merge thread; one at a time for a writer
 * order    per segment: blocks by granule and those of indexes, dictionaries, footer, trailer; then sync file, sync
 *          folder. The ledger names a segment only after both, so recovery never sees a half-written one that counts.
 * format   docs/FORMAT.md, "Pack file"
 */
#include "storage/segment.h"

#include "base/checksum.h"
#include "base/metrics.h"
#include "base/text.h"
#include "storage/segment_layout.h"
#include "storage/table.h"

#include <assert.h>
#include <stdlib.h>

FAILPOINT(pack_write);
FAILPOINT(pack_sync);
FAILPOINT(pack_sync_dir);
FAILPOINT(pack_remove);
METRIC_COUNTER(bytes, "weir_pack_written_bytes_total", "bytes written to packs, by commits and merges");

/* Bytes are written to the file when so many have gathered. */
#define WRITE_BYTES ((size_t)1 << 20)

struct column_state {
    const struct column *dictionary; /* of the DICT granules of this segment; borrowed */
    bool any_granule;
    struct buffer granules; /* footer entries: place and zone of each granule */
    struct zone all;        /* of the whole segment */
    bool unbounded;         /* a granule has values, but no bounds of them: the segment has none either */
};

struct pack_writer {
    struct io *io;
    struct io_file *file;
    char *path;
    struct budget *budget;
    uint64_t charged; /* bytes taken from the budget */
    struct arena *arena;
    struct buffer out;   /* not yet in the file */
    uint64_t out_offset; /* file offset of its first byte */
    uint64_t sent;       /* before it all was told to go to the disk */
    struct codec_scratch scratch;
    const struct segment_schema *schema; /* NULL: between segments */
    uint64_t segment_begin;
    uint64_t row_count;
    uint32_t granule_count;
    unsigned __int128 row_sum;
    struct column_state *columns; /* column_count of them while a segment is written */
    uint32_t column_count;
    struct buffer keys; /* first row of each granule: one-row blocks */
    struct index_builder *indexes;
    bool last_granule; /* a short one was written */
    bool finished;
};

/* The next blocks are of this column; negative: of none, or of a key's index. */
static void wish(struct pack_writer *writer, int64_t column)
{
    const struct codec_wish *wishes = writer->schema->wishes;
    writer->scratch.wish = column < 0 || wishes == NULL ? (struct codec_wish){0} : wishes[column];
}

static uint64_t position(const struct pack_writer *writer)
{
    return writer->out_offset + writer->out.length;
}

static void put(struct buffer *out, uint64_t value, size_t width)
{
    buffer_append(out, &value, width);
}

/* Charges what the buffers hold now. */
static struct err *charge(struct pack_writer *writer)
{
    if (writer->budget == NULL) {
        return NULL;
    }
    uint64_t bytes = writer->out.capacity + codec_scratch_memory(&writer->scratch);
    if (bytes > writer->charged && !budget_take(writer->budget, bytes - writer->charged)) {
        return budget_error(writer->budget, bytes - writer->charged);
    }
    if (bytes < writer->charged) {
        budget_give(writer->budget, writer->charged - bytes);
    }
    writer->charged = bytes;
    return NULL;
}

static struct err *flush(struct pack_writer *writer)
{
    struct err *err = NULL;
    if (writer->out.failed) {
        return err_oom();
    }
    if (writer->out.length > 0) {
        OR_DONE(
            io_write(writer->file, writer->out_offset, writer->out.data, writer->out.length, &failpoint_pack_write));
        metric_add(&metric_bytes, writer->out.length);
        writer->out_offset += writer->out.length;
        writer->out.length = 0;
        uint64_t whole = writer->out_offset - writer->out_offset % WRITE_BYTES; /* what follows shares the last page */
        io_write_out(writer->file, writer->sent, whole - writer->sent);
        writer->sent = whole;
    }
    err = charge(writer);
done:
    return err;
}

struct err *pack_writer_open(struct io *io, const char *path, struct budget *budget, struct pack_writer **out)
{
    struct err *err = NULL;
    struct pack_writer *writer = calloc(1, sizeof(*writer));
    if (writer == NULL || (writer->path = strdup(path)) == NULL || (writer->arena = arena_create(budget)) == NULL) {
        err = err_oom();
        goto done;
    }
    writer->io = io;
    writer->budget = budget;
    OR_DONE(io_open(io, path, IO_CREATE, &writer->file));
    buffer_append(&writer->out, PACK_MAGIC, 8);
    put(&writer->out, PACK_FORMAT_VERSION, 4);
    put(&writer->out, 0, 4);
    *out = writer;
    writer = NULL;
done:
    pack_writer_close(writer);
    return err_while(err, "creating the pack \"%s\"", path);
}

static struct err *indexes_begin(struct pack_writer *writer, const struct segment_schema *schema)
{
    writer->indexes = index_builder_create(schema->indexes, schema->index_count, schema->column_count);
    if (writer->indexes == NULL) {
        return err_oom();
    }
    for (uint32_t k = 0; k < schema->column_count && schema->cold; k++) {
        bool sorted = schema->key_count > 0 && schema->key_columns[0] == k;
        if (!sorted && schema->columns[k].id < COLUMN_ID_HIDDEN) {
            index_builder_allow(writer->indexes, k, schema->columns[k].type);
        }
    }
    return NULL;
}

struct err *pack_segment_begin(struct pack_writer *writer, const struct segment_schema *schema)
{
    ASSERT(writer->schema == NULL && schema->column_count > 0 && schema->column_count <= SEGMENT_COLUMNS_MAX);
    writer->scratch.cold = schema->cold;
    arena_reset(writer->arena);
    writer->columns = ARENA_ARRAY(writer->arena, struct column_state, schema->column_count);
    if (writer->columns == NULL) {
        return arena_error(writer->arena);
    }
    memset(writer->columns, 0, schema->column_count * sizeof(*writer->columns));
    writer->column_count = schema->column_count;
    writer->schema = schema;
    writer->segment_begin = position(writer);
    writer->row_count = 0;
    writer->granule_count = 0;
    writer->row_sum = 0;
    writer->last_granule = false;
    writer->keys.length = 0;
    return indexes_begin(writer, schema);
}

/* Does a sort before b, as values of zones? */
static int compare_zone_values(const struct type *type, const union zone_value *a, const union zone_value *b)
{
    if (type->kind == TYPE_STRING) {
        return slice_compare(slice_of(a->string.text, a->string.length), slice_of(b->string.text, b->string.length));
    }
    union zone_value values[2] = {*a, *b};
    struct column one = {.type = type, .form = COLUMN_FLAT, .row_count = 1, .values = &values[0]};
    struct column other = one;
    other.values = &values[1];
    return column_compare(&one, 0, &other, 0);
}

static void zone_join(const struct type *type, struct column_state *state, const struct zone *zone, uint32_t row_count)
{
    struct zone *all = &state->all;
    all->null_count += zone->null_count;
    all->sum += zone->sum;
    if (!zone->known) {
        state->unbounded |= zone->null_count < row_count;
    } else if (!all->known) {
        all->known = true;
        all->exact = zone->exact;
        all->min = zone->min;
        all->max = zone->max;
    } else {
        all->exact &= zone->exact;
        if (compare_zone_values(type, &zone->min, &all->min) < 0) {
            all->min = zone->min;
        }
        if (compare_zone_values(type, &zone->max, &all->max) > 0) {
            all->max = zone->max;
        }
    }
}

static void put_zone(struct buffer *out, const struct type *type, const struct zone *zone)
{
    size_t width = type->width <= 16 ? type->width : 0;
    uint64_t flags = (zone->known ? ZONE_KNOWN : 0) | (zone->exact ? ZONE_EXACT : 0) | (zone->sum != 0 ? ZONE_SUM : 0) |
                     (zone->null_count != 0 ? ZONE_NULLS : 0);
    put(out, flags, 1);
    if (zone->known) {
        buffer_append(out, zone->min.bytes, width);
        buffer_append(out, zone->max.bytes, width);
    }
    if (zone->null_count != 0) {
        put(out, zone->null_count, 4);
    }
    if (zone->sum != 0) {
        buffer_append(out, &zone->sum, 16);
    }
}

/* The first row of the key columns as blocks of one row, each with its length in front. */
static struct err *put_keys(struct pack_writer *writer, const struct chunk *chunk, struct arena *arena)
{
    uint32_t row = 0;
    wish(writer, -1);
    for (uint32_t k = 0; k < writer->schema->key_count; k++) {
        const struct column *column = chunk->columns[writer->schema->key_columns[k]];
        struct column *first = column_take(arena, column, &row, 1);
        const struct column *flat = first == NULL ? NULL : column_flat(arena, first);
        if (flat == NULL) {
            return arena_error(arena);
        }
        size_t begin = writer->keys.length;
        put(&writer->keys, 0, 4);
        struct err *err = codec_encode(flat, &writer->scratch, &writer->keys, NULL);
        if (err != NULL) {
            return err;
        }
        uint32_t bytes = (uint32_t)(writer->keys.length - begin - 4);
        memcpy(writer->keys.data + begin, &bytes, 4);
    }
    return NULL;
}

struct err *pack_segment_granule(struct pack_writer *writer, const struct chunk *chunk,
                                 const unsigned __int128 *row_sum)
{
    struct err *err = NULL;
    const struct segment_schema *schema = writer->schema;
    ASSERT(schema != NULL && chunk->column_count == schema->column_count && !writer->last_granule);
    ASSERT(chunk->row_count > 0 && chunk->row_count <= CHUNK_ROWS_MAX);
    struct arena *work = arena_create(writer->budget);
    uint32_t *block_bytes = work == NULL ? NULL : ARENA_ARRAY(work, uint32_t, schema->column_count);
    if (block_bytes == NULL) {
        arena_destroy(work);
        return err_oom();
    }
    if (row_sum != NULL) {
        writer->row_sum += *row_sum;
    } else {
        OR_DONE(chunk_row_sum(work, chunk, &writer->row_sum));
    }
    for (uint32_t k = 0; k < schema->column_count; k++) {
        const struct column *column = chunk->columns[k];
        struct column_state *state = &writer->columns[k];
        ASSERT(column->row_count == chunk->row_count && type_equal(column->type, schema->columns[k].type));
        if (column->form == COLUMN_DICT) {
            ASSERT(!state->any_granule || state->dictionary == column->dictionary);
            state->dictionary = column->dictionary;
        }
        uint64_t begin = position(writer);
        size_t begin_length = writer->out.length;
        struct zone zone;
        wish(writer, k);
        OR_DONE(codec_encode(column, &writer->scratch, &writer->out, &zone));
        uint64_t bytes = position(writer) - begin;
        if (bytes > UINT32_MAX) {
            err = err_new(ERR_NOT_IMPLEMENTED, "a block of %llu bytes is too large", (unsigned long long)bytes);
            goto done;
        }
        put(&state->granules, begin - writer->segment_begin, 8);
        put(&state->granules, bytes, 4);
        put(&state->granules, checksum(writer->out.data + begin_length, (size_t)bytes), 8);
        put_zone(&state->granules, column->type, &zone);
        zone_join(column->type, state, &zone, chunk->row_count);
        state->any_granule = true;
        block_bytes[k] = (uint32_t)bytes;
    }
    OR_DONE(index_builder_granule(writer->indexes, chunk, block_bytes, &writer->out,
                                  writer->out_offset - writer->segment_begin));
    OR_DONE(put_keys(writer, chunk, work));
    writer->row_count += chunk->row_count;
    writer->granule_count++;
    writer->last_granule = chunk->row_count < CHUNK_ROWS_MAX;
    if (writer->out.length >= WRITE_BYTES) {
        err = flush(writer);
    }
done:
    arena_destroy(work);
    return err;
}

/* A dictionary: its number of entries, then blocks of at most CHUNK_ROWS_MAX entries. */
static struct err *put_dictionary(struct pack_writer *writer, const struct column *dictionary, struct buffer *footer)
{
    struct err *err = NULL;
    struct arena *work = arena_create(writer->budget);
    if (work == NULL) {
        return err_oom();
    }
    put(footer, dictionary->row_count, 4);
    for (uint32_t begin = 0; begin < dictionary->row_count; begin += CHUNK_ROWS_MAX) {
        uint32_t end = dictionary->row_count - begin > CHUNK_ROWS_MAX ? begin + CHUNK_ROWS_MAX : dictionary->row_count;
        struct column *part = column_part(work, dictionary, begin, end);
        if (part == NULL) {
            err = arena_error(work);
            goto done;
        }
        uint64_t offset = position(writer);
        size_t begin_length = writer->out.length;
        OR_DONE(codec_encode(part, &writer->scratch, &writer->out, NULL));
        uint64_t bytes = position(writer) - offset;
        put(footer, offset - writer->segment_begin, 8);
        put(footer, bytes, 4);
        put(footer, checksum(writer->out.data + begin_length, (size_t)bytes), 8);
    }
done:
    arena_destroy(work);
    return err;
}

struct err *pack_bytes(struct pack_writer *writer, struct slice bytes, uint64_t *offset)
{
    ASSERT(writer->schema == NULL);
    *offset = position(writer);
    buffer_slice(&writer->out, bytes);
    return writer->out.failed || writer->out.length >= WRITE_BYTES ? flush(writer) : NULL;
}

static struct err *put_column(struct pack_writer *writer, uint32_t index, struct buffer *footer)
{
    const struct segment_column *column = &writer->schema->columns[index];
    struct column_state *state = &writer->columns[index];
    struct slice name = type_name(writer->arena, column->type);
    if (name.data == NULL) {
        return arena_error(writer->arena);
    }
    put(footer, column->id, 4);
    put(footer, name.length, 2);
    buffer_slice(footer, name);
    struct err *err = NULL;
    if (state->dictionary == NULL) {
        put(footer, 0, 4);
    } else {
        wish(writer, index);
        err = put_dictionary(writer, state->dictionary, footer);
    }
    if (state->unbounded) {
        state->all.known = false;
        state->all.exact = false;
    }
    put_zone(footer, column->type, &state->all);
    buffer_append(footer, state->granules.data, state->granules.length);
    footer->failed |= state->granules.failed;
    return err;
}

static void forget_segment(struct pack_writer *writer)
{
    for (uint32_t k = 0; k < writer->column_count; k++) { /* the schema may be gone: it is the caller's */
        buffer_deinit(&writer->columns[k].granules);
    }
    index_builder_destroy(writer->indexes);
    writer->indexes = NULL;
    writer->schema = NULL;
    writer->columns = NULL;
    writer->column_count = 0;
}

struct err *pack_segment_end(struct pack_writer *writer, struct segment_summary *out)
{
    struct err *err = NULL;
    struct buffer footer = {0};
    const struct segment_schema *schema = writer->schema;
    ASSERT(schema != NULL && writer->row_count > 0);
    OR_DONE(index_builder_end(writer->indexes, &writer->out, writer->out_offset - writer->segment_begin));
    put(&footer, PACK_FORMAT_VERSION, 4);
    put(&footer, schema->schema_version, 4);
    put(&footer, schema->table_id, 8);
    put(&footer, writer->row_count, 8);
    buffer_append(&footer, &writer->row_sum, 16);
    put(&footer, writer->granule_count, 4);
    put(&footer, schema->column_count, 4);
    put(&footer, schema->key_count, 4);
    for (uint32_t k = 0; k < schema->key_count; k++) {
        put(&footer, schema->key_columns[k], 4);
    }
    for (uint32_t k = 0; k < schema->column_count; k++) {
        OR_DONE(put_column(writer, k, &footer));
    }
    put(&footer, writer->keys.length, 4);
    buffer_append(&footer, writer->keys.data, writer->keys.length);
    index_builder_footer(writer->indexes, &footer);
    if (footer.failed || writer->keys.failed) {
        err = err_oom();
        goto done;
    }
    if (footer.length > FOOTER_BYTES_MAX) {
        err = err_new(ERR_NOT_IMPLEMENTED, "a segment's footer of %zu bytes is too large", footer.length);
        goto done;
    }
    uint64_t hash = checksum(footer.data, footer.length);
    buffer_append(&writer->out, footer.data, footer.length);
    put(&writer->out, footer.length, 4);
    put(&writer->out, 0, 4);
    put(&writer->out, hash, 8);
    put(&writer->out, 0, 4);
    put(&writer->out, SEGMENT_MAGIC, 4);
    *out = (struct segment_summary){.offset = writer->segment_begin,
                                    .length = position(writer) - writer->segment_begin,
                                    .row_count = writer->row_count,
                                    .row_sum = writer->row_sum,
                                    .footer_hash = hash,
                                    .time_min_us = INT64_MAX,
                                    .time_max_us = INT64_MIN};
    if (schema->time_column >= 0 && writer->columns[schema->time_column].all.known) {
        const struct type *type = schema->columns[schema->time_column].type;
        out->time_min_us = type_time_us(type, writer->columns[schema->time_column].all.min.bytes);
        out->time_max_us = type_time_us(type, writer->columns[schema->time_column].all.max.bytes);
    }
    err = flush(writer);
done:
    buffer_deinit(&footer);
    forget_segment(writer);
    return err;
}

struct err *pack_writer_finish(struct pack_writer *writer)
{
    struct err *err = NULL;
    char folder[256];
    ASSERT(writer->schema == NULL);
    const char *slash = strrchr(writer->path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - writer->path);
    ASSERT(length < sizeof(folder));
    memcpy(folder, writer->path, length);
    folder[length] = 0;
    OR_DONE(flush(writer));
    OR_DONE(io_sync(writer->file, &failpoint_pack_sync));
    OR_DONE(io_sync_dir(writer->io, folder, &failpoint_pack_sync_dir));
    writer->finished = true;
done:
    return err_while(err, "finishing the pack \"%s\"", writer->path);
}

void pack_writer_close(struct pack_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->file != NULL) {
        io_close(writer->file);
        if (!writer->finished) {
            /* what cannot be removed becomes an orphan at the next start */
            err_free(io_unlink(writer->io, writer->path, &failpoint_pack_remove));
        }
    }
    forget_segment(writer);
    codec_scratch_deinit(&writer->scratch);
    buffer_deinit(&writer->out);
    buffer_deinit(&writer->keys);
    if (writer->budget != NULL) {
        budget_give(writer->budget, writer->charged);
    }
    arena_destroy(writer->arena);
    free(writer->path);
    free(writer);
}
