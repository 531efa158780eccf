/*
 * format_fuzz.h: what the fuzz targets of readers share: any bytes in a format, at once and in pieces, into columns of
 * every scalar type. Both ways must give the same rows, or both an error.
 */
#ifndef TESTS_FUZZ_FORMAT_FUZZ_H
#define TESTS_FUZZ_FORMAT_FUZZ_H

#include "tests/format/convert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_COLUMNS                                                                                                   \
    "a String, b Int8, c UInt16, d Int32, e UInt64, f Float32, g Float64, h Decimal(9, 2), i Decimal(18, 5), j Date, " \
    "k Date32, l DateTime('UTC'), m DateTime64(3, 'Europe/Berlin'), n Bool, o Enum8('x' = 1, 'y' = -2), p UUID, "      \
    "q IPv4, r IPv6, s FixedString(5), t Nullable(Int64), u Nullable(String), v LowCardinality(String), w Int128"

static inline void fuzz_format(const char *format, const char *columns, const uint8_t *data, size_t size)
{
    struct buffer whole = {0}, pieces = {0};
    if (size == 0) {
        return;
    }
    size_t piece_bytes = 1 + data[0] % 40;
    struct slice text = slice_of((const char *)data + 1, size - 1);
    struct err *first = convert(columns, format, text, 0, "TSV", &whole);
    struct err *second = convert(columns, format, text, piece_bytes, "TSV", &pieces);
    ASSERT((first == NULL) == (second == NULL));
    ASSERT(first != NULL || slice_equal(buffer_all(&whole), buffer_all(&pieces)));
    err_free(first);
    err_free(second);
    buffer_deinit(&whole);
    buffer_deinit(&pieces);
}

#endif
