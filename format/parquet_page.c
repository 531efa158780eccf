/*
 * parquet_page.c: pages of a column: levels and values packed behind a header, the dictionary's before all others; and what
 * the metadata say of them.
 *
 * format   data pages of version 1, as ClickHouse writes them. The page index stands behind the row group's pages, which
 *          is where its parts are known and need not be kept for the whole file.
 */
#include "format/parquet.h"

#include "format/thrift_compact.h"

#include <zlib.h>

/* ---- fields of the structs */
enum { PAGE_TYPE = 1, PAGE_BYTES, PAGE_PACKED, PAGE_CRC, PAGE_DATA_HEADER, PAGE_DICTIONARY_HEADER = 7 };
enum { HEADER_VALUES = 1, HEADER_ENCODING, HEADER_DEFINITIONS, HEADER_REPETITIONS };
enum { CHUNK_OFFSET = 2, CHUNK_META, OFFSET_INDEX_AT, OFFSET_INDEX_BYTES, COLUMN_INDEX_AT, COLUMN_INDEX_BYTES };
enum {
    META_TYPE = 1,
    META_ENCODINGS,
    META_PATH,
    META_CODEC,
    META_VALUES,
    META_BYTES,
    META_PACKED,
    META_DATA_AT = 9,
    META_DICTIONARY_AT = 11,
    META_STATISTICS,
    META_ENCODING_STATS,
    META_BLOOM_AT,
    META_BLOOM_BYTES,
};

uint64_t parquet_page_bytes(const struct parquet_leaf *leaf)
{
    uint64_t level_bits = parquet_bits(leaf->definitions_max) + parquet_bits(leaf->repetitions_max);
    uint64_t values = leaf->has_dictionary ? leaf->value_count * (uint64_t)parquet_bits(leaf->dictionary.count) / 8
                      : leaf->form == PARQUET_BITS ? leaf->values.length / 8
                                                   : leaf->values.length;
    return values + leaf->entries * level_bits / 8;
}

/* ---- one page */

/* Where all is NULL there is no dictionary, and a page is not of it. */
static bool is_coded(const struct parquet_leaf *leaf)
{
    return leaf->has_dictionary && leaf->dictionary.count > 0;
}

static void put_levels(struct buffer *out, const struct buffer *levels, uint32_t greatest)
{
    size_t begin = out->length;
    uint32_t bytes = 0;
    if (greatest == 0) {
        return;
    }
    buffer_append(out, &bytes, sizeof(bytes));
    parquet_put_levels(out, (const uint8_t *)levels->data, (uint32_t)levels->length, parquet_bits(greatest));
    if (!out->failed) {
        bytes = (uint32_t)(out->length - begin - sizeof(bytes));
        memcpy(out->data + begin, &bytes, sizeof(bytes));
    }
}

static void put_bits(struct buffer *out, const struct buffer *values)
{
    for (size_t i = 0; i < values->length; i += 8) {
        uint32_t byte = 0;
        for (size_t k = 0; k < 8 && i + k < values->length; k++) {
            byte |= (uint32_t)(values->data[i + k] != 0) << k;
        }
        buffer_char(out, (char)byte);
    }
}

/* The page's bytes, in the scratch or where they are. */
static struct slice body_of(struct parquet *parquet, const struct parquet_leaf *leaf)
{
    struct buffer *out = &parquet->scratch;
    out->length = 0;
    put_levels(out, &leaf->repetitions, leaf->repetitions_max);
    put_levels(out, &leaf->definitions, leaf->definitions_max);
    if (is_coded(leaf)) {
        uint32_t bits = parquet_bits(leaf->dictionary.count - 1);
        bits = bits == 0 ? 1 : bits; /* some readers do not expect none */
        buffer_char(out, (char)bits);
        parquet_put_runs(out, (const uint32_t *)(const void *)leaf->codes.data, leaf->value_count, bits);
    } else if (leaf->form == PARQUET_BITS) {
        put_bits(out, &leaf->values);
    } else if (out->length == 0) {
        return buffer_all(&leaf->values);
    } else {
        buffer_slice(out, buffer_all(&leaf->values));
    }
    return buffer_all(out);
}

/* Appends a page to `out`: its header, and the body packed. dictionary_count 0: of the leaf's entries. */
static struct err *put_page(struct parquet *parquet, const struct parquet_leaf *leaf, struct slice body,
                            uint32_t dictionary_count, struct buffer *out)
{
    struct err *err = NULL;
    struct thrift_writer thrift;
    struct buffer *packed = &parquet->packed;
    packed->length = 0;
    if (body.length > PARQUET_PAGE_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED,
                       "column '%.*s': the values of a row have %zu bytes; a page of Parquet has %llu at most",
                       SLICE_ARG(leaf->path[0]), body.length, (unsigned long long)PARQUET_PAGE_MAX);
    }
    OR_DONE(parquet_pack(parquet->packer, body, packed));
    if (packed->length > PARQUET_PAGE_MAX) {
        err = err_new(ERR_LIMIT_EXCEEDED, "column '%.*s': a page packed has %zu bytes", SLICE_ARG(leaf->path[0]),
                      packed->length);
        goto done;
    }
    thrift_begin(&thrift, out);
    thrift_put_i32(&thrift, PAGE_TYPE, dictionary_count > 0 ? PARQUET_PAGE_DICTIONARY : PARQUET_PAGE_DATA);
    thrift_put_i32(&thrift, PAGE_BYTES, (int32_t)body.length);
    thrift_put_i32(&thrift, PAGE_PACKED, (int32_t)packed->length);
    if (parquet->settings->parquet_checksums) {
        thrift_put_i32(&thrift, PAGE_CRC, (int32_t)crc32_z(0, (const Bytef *)packed->data, packed->length));
    }
    thrift_put_struct(&thrift, dictionary_count > 0 ? PAGE_DICTIONARY_HEADER : PAGE_DATA_HEADER);
    thrift_put_i32(&thrift, HEADER_VALUES, (int32_t)(dictionary_count > 0 ? dictionary_count : leaf->entries));
    thrift_put_i32(&thrift, HEADER_ENCODING,
                   dictionary_count == 0 && is_coded(leaf) ? PARQUET_ENCODING_DICTIONARY : PARQUET_ENCODING_PLAIN);
    if (dictionary_count == 0) {
        thrift_put_i32(&thrift, HEADER_DEFINITIONS, PARQUET_ENCODING_RLE);
        thrift_put_i32(&thrift, HEADER_REPETITIONS, PARQUET_ENCODING_RLE);
    }
    thrift_end(&thrift);
    thrift_end(&thrift);
    buffer_slice(out, buffer_all(packed));
done:
    return err;
}

static void reset_page(struct parquet_leaf *leaf)
{
    leaf->definitions.length = leaf->repetitions.length = leaf->values.length = leaf->codes.length = 0;
    leaf->entries = leaf->value_count = leaf->rows = 0;
    parquet_bounds_reset(&leaf->bounds);
}

/* What the page index will say of it. */
static void note_page(struct parquet_leaf *leaf, size_t place)
{
    struct parquet_page page = {.place = place,
                                .bytes = (uint32_t)(leaf->pages.length - place),
                                .first_row = leaf->group_rows,
                                .nulls = leaf->entries - leaf->value_count,
                                .has_values = leaf->value_count > 0,
                                .has_bounds = parquet_bounds_written(&leaf->bounds)};
    if (page.has_bounds) {
        page.least_bytes = (uint32_t)leaf->bounds.least.length;
        page.greatest_bytes = (uint32_t)leaf->bounds.greatest.length;
        buffer_slice(&leaf->page_bounds, buffer_all(&leaf->bounds.least));
        buffer_slice(&leaf->page_bounds, buffer_all(&leaf->bounds.greatest));
    }
    buffer_append(&leaf->notes, &page, sizeof(page));
}

struct err *parquet_page_end(struct parquet *parquet, struct parquet_leaf *leaf)
{
    struct err *err = NULL;
    size_t place = leaf->pages.length;
    if (leaf->entries == 0) {
        return NULL;
    }
    struct slice body = body_of(parquet, leaf);
    OR_DONE(put_page(parquet, leaf, body, 0, &leaf->pages));
    note_page(leaf, place);
    leaf->bytes_plain += leaf->pages.length - place - parquet->packed.length + body.length;
    leaf->group_entries += leaf->entries;
    leaf->group_nulls += leaf->entries - leaf->value_count;
    leaf->group_rows += leaf->rows;
    leaf->pages_coded += is_coded(leaf);
    leaf->pages_plain += !is_coded(leaf);
    parquet_bounds_merge(&leaf->all, leaf, &leaf->bounds);
    if (parquet->scratch.failed || leaf->pages.failed || leaf->notes.failed || leaf->page_bounds.failed ||
        leaf->values.failed || leaf->definitions.failed || leaf->repetitions.failed || leaf->bounds.least.failed ||
        leaf->bounds.greatest.failed || leaf->all.least.failed || leaf->all.greatest.failed) {
        err = err_oom();
    }
    reset_page(leaf);
done:
    return err;
}

/* ---- the row group's part */

struct err *parquet_leaf_write(struct parquet *parquet, struct parquet_leaf *leaf, struct buffer *out)
{
    struct err *err = NULL;
    size_t begin = out->length;
    if (parquet->settings->parquet_bloom_filter && parquet_bloom_has(leaf) && !parquet_bloom_end(leaf)) {
        return err_oom();
    }
    if (leaf->pages_coded > 0) {
        struct slice body = buffer_all(&leaf->dictionary.bytes);
        OR_DONE(put_page(parquet, leaf, body, leaf->dictionary.count, out));
        leaf->dictionary_bytes = (uint32_t)(out->length - begin);
        leaf->bytes_plain += leaf->dictionary_bytes - parquet->packed.length + body.length;
    }
    buffer_slice(out, buffer_all(&leaf->pages));
    leaf->bytes_packed = out->length - begin;
    parquet_dictionary_reset(&leaf->dictionary);
    buffer_deinit(&leaf->pages);
done:
    return err;
}

static const struct parquet_page *pages_of(const struct parquet_leaf *leaf, size_t *count)
{
    *count = leaf->notes.length / sizeof(struct parquet_page);
    return (const void *)leaf->notes.data;
}

/* False: it says nothing, since a page's bounds are not known. */
static bool put_column_index(const struct parquet_leaf *leaf, struct buffer *out)
{
    size_t count;
    const struct parquet_page *pages = pages_of(leaf, &count);
    struct thrift_writer thrift;
    const char *bound;
    for (size_t k = 0; k < count; k++) {
        if (pages[k].has_values && !pages[k].has_bounds) {
            return false;
        }
    }
    thrift_begin(&thrift, out);
    thrift_put_list(&thrift, 1, THRIFT_TRUE, count);
    for (size_t k = 0; k < count; k++) {
        thrift_item_bool(&thrift, !pages[k].has_values);
    }
    for (int which = 0; which < 2; which++) {
        thrift_put_list(&thrift, which == 0 ? 2 : 3, THRIFT_BINARY, count);
        bound = leaf->page_bounds.data;
        for (size_t k = 0; k < count; k++) {
            uint32_t least = pages[k].least_bytes, greatest = pages[k].greatest_bytes;
            struct slice value = which == 0 ? slice_of(bound, least) : slice_of(bound + least, greatest);
            thrift_item_binary(&thrift, pages[k].has_values ? value : slice_text(""));
            bound += pages[k].has_values ? least + greatest : 0;
        }
    }
    thrift_put_i32(&thrift, 4, 0); /* in no order */
    if (leaf->repetitions_max == 0) {
        thrift_put_list(&thrift, 5, THRIFT_I64, count);
        for (size_t k = 0; k < count; k++) {
            thrift_item_int(&thrift, (int64_t)pages[k].nulls);
        }
    }
    thrift_end(&thrift);
    return true;
}

static void put_offset_index(const struct parquet_leaf *leaf, uint64_t begin, struct buffer *out)
{
    size_t count;
    const struct parquet_page *pages = pages_of(leaf, &count);
    struct thrift_writer thrift;
    thrift_begin(&thrift, out);
    thrift_put_list(&thrift, 1, THRIFT_STRUCT, count);
    for (size_t k = 0; k < count; k++) {
        thrift_item_struct(&thrift);
        thrift_put_i64(&thrift, 1, (int64_t)(begin + pages[k].place));
        thrift_put_i32(&thrift, 2, (int32_t)pages[k].bytes);
        thrift_put_i64(&thrift, 3, (int64_t)pages[k].first_row);
        thrift_end(&thrift);
    }
    thrift_end(&thrift);
}

static void put_encoding_stats(struct thrift_writer *thrift, int32_t page, int32_t encoding, uint32_t count)
{
    thrift_item_struct(thrift);
    thrift_put_i32(thrift, 1, page);
    thrift_put_i32(thrift, 2, encoding);
    thrift_put_i32(thrift, 3, (int32_t)count);
    thrift_end(thrift);
}

static void put_encodings(struct thrift_writer *thrift, const struct parquet_leaf *leaf)
{
    bool levels = leaf->definitions_max + leaf->repetitions_max > 0, coded = leaf->pages_coded > 0;
    thrift_put_list(thrift, META_ENCODINGS, THRIFT_I32, 1U + levels + coded);
    if (levels) {
        thrift_item_int(thrift, PARQUET_ENCODING_RLE);
    }
    thrift_item_int(thrift, PARQUET_ENCODING_PLAIN); /* the dictionary's, too */
    if (coded) {
        thrift_item_int(thrift, PARQUET_ENCODING_DICTIONARY);
    }
}

static void put_meta(const struct parquet *parquet, struct thrift_writer *thrift, const struct parquet_leaf *leaf,
                     uint64_t begin, uint64_t bloom_begin, uint64_t bloom_bytes)
{
    bool has_dictionary = leaf->dictionary_bytes > 0;
    thrift_put_struct(thrift, CHUNK_META);
    thrift_put_i32(thrift, META_TYPE, (int32_t)leaf->physical);
    put_encodings(thrift, leaf);
    thrift_put_list(thrift, META_PATH, THRIFT_BINARY, leaf->path_length);
    for (uint32_t k = 0; k < leaf->path_length; k++) {
        thrift_item_binary(thrift, leaf->path[k]);
    }
    thrift_put_i32(thrift, META_CODEC, parquet_packer_codec(parquet->packer));
    thrift_put_i64(thrift, META_VALUES, (int64_t)leaf->group_entries);
    thrift_put_i64(thrift, META_BYTES, (int64_t)leaf->bytes_plain);
    thrift_put_i64(thrift, META_PACKED, (int64_t)leaf->bytes_packed);
    thrift_put_i64(thrift, META_DATA_AT, (int64_t)(begin + leaf->dictionary_bytes));
    if (has_dictionary) {
        thrift_put_i64(thrift, META_DICTIONARY_AT, (int64_t)begin);
    }
    parquet_put_statistics(thrift, META_STATISTICS, leaf, &leaf->all, leaf->group_nulls);
    thrift_put_list(thrift, META_ENCODING_STATS, THRIFT_STRUCT,
                    0U + has_dictionary + (leaf->pages_coded > 0) + (leaf->pages_plain > 0));
    if (has_dictionary) {
        put_encoding_stats(thrift, PARQUET_PAGE_DICTIONARY, PARQUET_ENCODING_PLAIN, 1);
    }
    if (leaf->pages_coded > 0) {
        put_encoding_stats(thrift, PARQUET_PAGE_DATA, PARQUET_ENCODING_DICTIONARY, leaf->pages_coded);
    }
    if (leaf->pages_plain > 0) {
        put_encoding_stats(thrift, PARQUET_PAGE_DATA, PARQUET_ENCODING_PLAIN, leaf->pages_plain);
    }
    if (bloom_bytes > 0) {
        thrift_put_i64(thrift, META_BLOOM_AT, (int64_t)bloom_begin);
        thrift_put_i32(thrift, META_BLOOM_BYTES, (int32_t)bloom_bytes);
    }
    thrift_end(thrift);
}

void parquet_leaf_describe(const struct parquet *parquet, const struct parquet_leaf *leaf, uint64_t begin,
                           uint64_t offset, struct buffer *out, struct thrift_writer *columns)
{
    size_t index_begin = out->length, index_end;
    uint64_t bloom_begin = offset;
    if (leaf->bloom.length > 0) {
        parquet_put_bloom(out, &leaf->bloom);
        offset += out->length - index_begin;
        index_begin = out->length;
    }
    thrift_item_struct(columns);
    thrift_put_i64(columns, CHUNK_OFFSET, 0); /* there are no metadata beside the pages */
    put_meta(parquet, columns, leaf, begin, bloom_begin, offset - bloom_begin);
    if (parquet->settings->parquet_page_index) {
        bool known = put_column_index(leaf, out);
        index_end = out->length;
        put_offset_index(leaf, begin + leaf->dictionary_bytes, out);
        thrift_put_i64(columns, OFFSET_INDEX_AT, (int64_t)(offset + index_end - index_begin));
        thrift_put_i32(columns, OFFSET_INDEX_BYTES, (int32_t)(out->length - index_end));
        if (known) {
            thrift_put_i64(columns, COLUMN_INDEX_AT, (int64_t)offset);
            thrift_put_i32(columns, COLUMN_INDEX_BYTES, (int32_t)(index_end - index_begin));
        }
    }
    thrift_end(columns);
}

void parquet_leaf_reset(struct parquet_leaf *leaf)
{
    reset_page(leaf);
    parquet_dictionary_reset(&leaf->dictionary);
    buffer_deinit(&leaf->definitions);
    buffer_deinit(&leaf->repetitions);
    buffer_deinit(&leaf->values);
    buffer_deinit(&leaf->codes);
    buffer_deinit(&leaf->pages);
    buffer_deinit(&leaf->notes);
    buffer_deinit(&leaf->page_bounds);
    buffer_deinit(&leaf->bloom);
    parquet_bounds_deinit(&leaf->bounds);
    parquet_bounds_deinit(&leaf->all);
    leaf->group_entries = leaf->group_nulls = leaf->group_rows = 0;
    leaf->bytes_plain = leaf->bytes_raw = leaf->bytes_packed = 0;
    leaf->pages_plain = leaf->pages_coded = leaf->dictionary_bytes = 0;
    leaf->bloom_values = 0;
}
