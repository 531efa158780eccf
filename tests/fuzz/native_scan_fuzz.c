/*
 * native_scan_fuzz.c: any bytes as a block of the format Native: where it ends is the same in one piece and in many, and
 * the reader finds the same end.
 *
 * input    a byte: revision and size of pieces; the block
 */
#include "format/native_scan.h"
#include "tests/fuzz/format_fuzz.h"

static const uint32_t revisions[] = {0, 54405, 54460};

/* Bytes of the block; 0: it is not whole; −1: it cannot be one. */
static ptrdiff_t scan_all(uint32_t revision, struct slice bytes, size_t piece_bytes)
{
    struct native_scan *scan = NULL;
    bool whole = false;
    ptrdiff_t end = 0;
    ASSERT(native_scan_create(revision, NULL, &scan) == NULL);
    for (size_t there = 0; end == 0 && !whole && there < bytes.length;) {
        there = bytes.length - there < piece_bytes ? bytes.length : there + piece_bytes;
        char *copy = malloc(there); /* of its own: sanitizers see reads behind it */
        ASSERT(copy != NULL);
        memcpy(copy, bytes.data, there);
        struct err *err = native_scan_step(scan, slice_of(copy, there), &whole);
        free(copy);
        end = err != NULL ? -1 : whole ? (ptrdiff_t)native_scan_bytes(scan) : 0;
        err_free(err);
    }
    native_scan_destroy(scan);
    return end;
}

/* Does the reader take it as a whole block, whatever it says of the values? */
static bool reads_to_end(uint32_t revision, struct slice block)
{
    struct arena *arena = arena_create(NULL);
    const struct type *types[CONVERT_COLUMNS_MAX];
    struct writer_column columns[CONVERT_COLUMNS_MAX];
    struct reader_column fields[CONVERT_COLUMNS_MAX];
    struct reader *reader = NULL;
    struct builder *builder = NULL;
    struct builder_options builder_options = {.first_capacity = 64};
    struct reader_options options = {.native_revision = revision};
    uint32_t count = convert_columns(arena, FUZZ_COLUMNS, columns);
    for (uint32_t k = 0; k < count; k++) {
        types[k] = columns[k].type;
        fields[k] = (struct reader_column){columns[k].name, columns[k].type, k};
    }
    ASSERT(builder_create(types, count, &builder_options, &builder) == NULL);
    ASSERT(reader_create(slice_text("Native"), fields, count, count, &options, &reader) == NULL);
    struct err *err = reader_feed(reader, builder, block, true);
    bool whole = err_code(err) != ERR_CANNOT_READ_DATA;
    err_free(err);
    reader_destroy(reader);
    builder_destroy(builder);
    arena_destroy(arena);
    return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    uint32_t revision = revisions[data[0] % 3];
    struct slice bytes = slice_of((const char *)data + 1, size - 1);
    ptrdiff_t end = scan_all(revision, bytes, SIZE_MAX);
    ASSERT(scan_all(revision, bytes, 1 + data[0] / 3) == end);
    if (end > 0) {
        ASSERT(reads_to_end(revision, slice_of(bytes.data, (size_t)end)));
    }
    return 0;
}
