/*
 * parquet_writer.c: Parquet: row groups of columns, and behind them all the footer that says where they are.
 *
 * flow     rows → columns' pages in memory (parquet_levels.c) → at the group's end, the file: pages of one column after the
 *          other, the group's Bloom filters and page index
 * memory   of one row group as its pages are, packed, twice while it is written; what the footer keeps of the others. It
 *          counts in the options' budget, after each chunk.
 * source   https://github.com/apache/parquet-format; defaults and types as ClickHouse has them
 */
#include "base/interrupt.h"
#include "format/parquet.h"
#include "format/thrift_compact.h"
#include "format/writer_private.h"

#include <stdlib.h>

#define FORMAT_VERSION   2
#define DICTIONARY_MAX   ((uint64_t)256 << 20) /* its places are 32 bits */
#define PAGE_BYTES_LEAST 1024U                 /* for a value or two, headers would be most of the file */
#define PAGE_BYTES_MOST  ((uint64_t)256 << 20)

enum { FOOTER_VERSION = 1, FOOTER_SCHEMA, FOOTER_ROWS, FOOTER_GROUPS, FOOTER_CREATED_BY = 6, FOOTER_ORDERS };
enum { GROUP_COLUMNS = 1, GROUP_BYTES, GROUP_ROWS, GROUP_OFFSET = 5, GROUP_PACKED };

void parquet_destroy(struct parquet *parquet)
{
    if (parquet == NULL) {
        return;
    }
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        parquet_leaf_reset(parquet->leaves[k]);
    }
    if (parquet->budget != NULL) {
        budget_give(parquet->budget, parquet->taken);
    }
    parquet_packer_destroy(parquet->packer);
    buffer_deinit(&parquet->scratch);
    buffer_deinit(&parquet->packed);
    buffer_deinit(&parquet->groups);
    arena_destroy(parquet->arena);
    free(parquet);
}

/* The values of a group begin. */
static void begin_group(struct parquet *parquet)
{
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        struct parquet_leaf *leaf = parquet->leaves[k];
        parquet_leaf_reset(leaf);
        leaf->has_dictionary = leaf->form != PARQUET_BITS && parquet->settings->parquet_dictionary_bytes > 0;
    }
    parquet->group_rows = 0;
}

static uint64_t within(uint64_t value, uint64_t least, uint64_t most)
{
    return value < least ? least : value > most ? most : value;
}

struct err *parquet_open(struct writer *writer)
{
    struct err *err = NULL;
    struct format_settings *settings = &writer->settings;
    struct parquet *parquet = calloc(1, sizeof(*parquet));
    if (parquet == NULL) {
        return err_oom();
    }
    settings->parquet_page_bytes = within(settings->parquet_page_bytes, PAGE_BYTES_LEAST, PAGE_BYTES_MOST);
    settings->parquet_dictionary_bytes = within(settings->parquet_dictionary_bytes, 0, DICTIONARY_MAX);
    writer->parquet = parquet;
    parquet->settings = settings;
    parquet->budget = writer->options.budget;
    parquet->arena = arena_create(writer->options.budget);
    if (parquet->arena == NULL) {
        return err_oom();
    }
    OR_DONE(parquet_schema(parquet, writer->columns, writer->column_count));
    OR_DONE(parquet_packer_create(settings->parquet_packing, &parquet->packer));
    begin_group(parquet);
done:
    return err;
}

/* ---- memory */

static uint64_t bytes_of_leaf(const struct parquet_leaf *leaf)
{
    const struct parquet_dictionary *dictionary = &leaf->dictionary;
    return leaf->definitions.capacity + leaf->repetitions.capacity + leaf->values.capacity + leaf->codes.capacity +
           leaf->pages.capacity + leaf->notes.capacity + leaf->page_bounds.capacity + leaf->bloom.capacity +
           leaf->bounds.least.capacity + leaf->bounds.greatest.capacity + leaf->all.least.capacity +
           leaf->all.greatest.capacity + dictionary->bytes.capacity + dictionary->places.capacity +
           dictionary->hashes.capacity + dictionary->slot_count * sizeof(uint32_t);
}

/* Counts what is there now, and `more` bytes. */
static struct err *settle(struct parquet *parquet, uint64_t more)
{
    uint64_t bytes = more + parquet->written_max + parquet->scratch.capacity + parquet->packed.capacity +
                     parquet->groups.capacity + parquet_packer_bytes(parquet->settings->parquet_packing);
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        bytes += bytes_of_leaf(parquet->leaves[k]);
    }
    if (parquet->budget == NULL) {
        return NULL;
    }
    if (bytes > parquet->taken && !budget_take(parquet->budget, bytes - parquet->taken)) {
        return budget_error(parquet->budget, bytes - parquet->taken);
    }
    if (bytes < parquet->taken) {
        budget_give(parquet->budget, parquet->taken - bytes);
    }
    parquet->taken = bytes;
    return NULL;
}

/* ---- row groups */

/* Ends the pages; bytes of the group, about. */
static struct err *end_pages(struct parquet *parquet, uint64_t *bytes)
{
    struct err *err = NULL;
    *bytes = 0;
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        OR_DONE(interrupt_check());
        OR_DONE(parquet_page_end(parquet, parquet->leaves[k]));
        const struct parquet_leaf *leaf = parquet->leaves[k];
        *bytes += leaf->pages.length + leaf->dictionary.bytes.length + leaf->bloom.length + leaf->page_bounds.length +
                  leaf->notes.length;
    }
done:
    return err;
}

/* What the footer will say of the group, and its page index behind the pages. begins: where its leaves' are. */
static void describe_group(struct parquet *parquet, const uint64_t *begins, size_t out_begin, struct buffer *out)
{
    struct thrift_writer thrift;
    uint64_t plain = 0, packed = 0, group = parquet->offset;
    thrift_begin(&thrift, &parquet->groups);
    thrift_put_list(&thrift, GROUP_COLUMNS, THRIFT_STRUCT, parquet->leaf_count);
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        const struct parquet_leaf *leaf = parquet->leaves[k];
        parquet_leaf_describe(parquet, leaf, begins[k], parquet->offset + out->length - out_begin, out, &thrift);
        plain += leaf->bytes_plain;
        packed += leaf->bytes_packed;
    }
    thrift_put_i64(&thrift, GROUP_BYTES, (int64_t)plain);
    thrift_put_i64(&thrift, GROUP_ROWS, (int64_t)parquet->group_rows);
    thrift_put_i64(&thrift, GROUP_OFFSET, (int64_t)group);
    thrift_put_i64(&thrift, GROUP_PACKED, (int64_t)packed);
    thrift_end(&thrift);
}

static struct err *end_group(struct parquet *parquet, struct buffer *out)
{
    struct err *err = NULL;
    uint64_t bytes;
    size_t begin = out->length;
    uint64_t *begins = NULL;
    if (parquet->group_rows == 0) {
        return NULL;
    }
    OR_DONE(end_pages(parquet, &bytes));
    OR_DONE(settle(parquet, bytes));
    begins = calloc((size_t)parquet->leaf_count + 1, sizeof(*begins));
    if (begins == NULL || !buffer_reserve(out, bytes)) {
        err = err_oom();
        goto done;
    }
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        OR_DONE(interrupt_check());
        begins[k] = parquet->offset + out->length - begin;
        OR_DONE(parquet_leaf_write(parquet, parquet->leaves[k], out));
    }
    describe_group(parquet, begins, begin, out);
    if (out->failed || parquet->groups.failed) {
        err = err_oom();
        goto done;
    }
    parquet->offset += out->length - begin;
    parquet->written_max = out->length - begin > parquet->written_max ? out->length - begin : parquet->written_max;
    parquet->rows += parquet->group_rows;
    parquet->group_count++;
    begin_group(parquet);
done:
    free(begins);
    return err;
}

static bool is_full(const struct parquet *parquet)
{
    uint64_t bytes = 0;
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        bytes += parquet->leaves[k]->bytes_raw;
    }
    return parquet->group_rows >= parquet->settings->parquet_row_group_rows ||
           bytes >= parquet->settings->parquet_row_group_bytes;
}

/* Rows [begin, end) of the chunk. */
static struct err *add_rows(struct parquet *parquet, struct budget *budget, const struct chunk *chunk, uint32_t begin,
                            uint32_t end)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(budget);
    if (arena == NULL) {
        return err_oom();
    }
    for (uint32_t k = 0; k < parquet->column_count; k++) {
        const struct column *column = chunk->columns[k];
        if (begin > 0 || end < chunk->row_count) {
            column = column_part(arena, column, begin, end);
        }
        if (column == NULL) {
            err = arena_error(arena);
            goto done;
        }
        OR_DONE(parquet_add(parquet, arena, parquet->columns[k], column));
        arena_reset(arena);
    }
    parquet->group_rows += end - begin;
done:
    arena_destroy(arena);
    return err;
}

static void fail(struct writer *writer, struct err *err)
{
    if (err != NULL) {
        writer->out->failed = true;
        if (writer->bad_state == NULL) {
            writer->bad_state = err;
        } else {
            err_free(err);
        }
    }
}

void parquet_begin(struct writer *writer)
{
    buffer_text(writer->out, PARQUET_MAGIC);
    writer->parquet->offset = strlen(PARQUET_MAGIC);
}

void parquet_chunk(struct writer *writer, const struct chunk *chunk)
{
    struct err *err = NULL;
    struct parquet *parquet = writer->parquet;
    for (uint32_t begin = 0, end; begin < chunk->row_count && !writer->out->failed; begin = end) {
        uint64_t wanted = parquet->settings->parquet_row_group_rows;
        uint64_t left = wanted > parquet->group_rows ? wanted - parquet->group_rows : 1;
        end = left < chunk->row_count - begin ? begin + (uint32_t)left : chunk->row_count;
        OR_DONE(add_rows(parquet, writer->options.budget, chunk, begin, end));
        OR_DONE(settle(parquet, 0));
        if (is_full(parquet)) {
            OR_DONE(end_group(parquet, writer->out));
        }
    }
done:
    fail(writer, err);
}

/* ---- the footer */

static struct err *put_footer(struct parquet *parquet, struct buffer *out)
{
    size_t begin = out->length;
    struct thrift_writer thrift;
    thrift_begin(&thrift, out);
    thrift_put_i32(&thrift, FOOTER_VERSION, FORMAT_VERSION);
    parquet_put_schema(&thrift, FOOTER_SCHEMA, parquet);
    thrift_put_i64(&thrift, FOOTER_ROWS, (int64_t)parquet->rows);
    thrift_put_list(&thrift, FOOTER_GROUPS, THRIFT_STRUCT, parquet->group_count);
    buffer_slice(out, buffer_all(&parquet->groups));
    thrift_put_binary(&thrift, FOOTER_CREATED_BY, slice_text("Weir version " WEIR_VERSION));
    thrift_put_list(&thrift, FOOTER_ORDERS, THRIFT_STRUCT, parquet->leaf_count);
    for (uint32_t k = 0; k < parquet->leaf_count; k++) {
        thrift_item_struct(&thrift);
        thrift_put_empty(&thrift, 1); /* as the type says */
        thrift_end(&thrift);
    }
    thrift_end(&thrift);
    if (out->length - begin > UINT32_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "the footer of the Parquet file has %zu bytes; it can have %u",
                       out->length - begin, UINT32_MAX);
    }
    uint32_t bytes = (uint32_t)(out->length - begin);
    buffer_append(out, &bytes, sizeof(bytes));
    buffer_text(out, PARQUET_MAGIC);
    return out->failed ? err_oom() : NULL;
}

void parquet_end(struct writer *writer, const struct writer_statistics *statistics)
{
    struct err *err = NULL;
    (void)statistics;
    if (writer->out->failed) {
        return;
    }
    OR_DONE(end_group(writer->parquet, writer->out));
    OR_DONE(settle(writer->parquet, writer->parquet->groups.length));
    err = put_footer(writer->parquet, writer->out);
done:
    fail(writer, err);
}
