/*
 * parquet_bloom.c: Bloom filters of columns: which values a row group surely has not.
 *
 * how      The dictionary's values make the filter at the group's end, when there is one. Values that go without are put in
 *          as they come, into a filter that would do for a whole group; at the end it is folded to what they need: blocks
 *          are chosen by the upper bits of a hash, so that of a filter of half the size each is two of them.
 * columns  of numbers without fraction, texts and UUIDs, outside of lists. Equal floats may differ in their bytes,
 *          and what readers compare as times and decimals they may hash in a form of their own.
 * source   https://github.com/apache/parquet-format/blob/master/BloomFilter.md
 */
#include "format/parquet.h"

#include "format/thrift_compact.h"

#include <xxhash.h>

#define BLOCK_BYTES    32U
#define BLOCK_WORDS    8U
#define BITS_A_VALUE   10.5 /* one in a hundred that are not there seems to be; ClickHouse's default */
#define BYTES_MOST     ((uint64_t)16 << 20)
#define OVERFULL_TIMES 4U /* with so many more values it says little: then there is none */

enum { HEADER_BYTES = 1, HEADER_ALGORITHM, HEADER_HASH, HEADER_COMPRESSION };

bool parquet_bloom_has(const struct parquet_leaf *leaf)
{
    enum type_kind kind = leaf->type->kind;
    bool times = kind == TYPE_DATE || kind == TYPE_DATE32 || kind == TYPE_DATETIME || kind == TYPE_DATETIME64;
    bool fractions = kind == TYPE_FLOAT32 || kind == TYPE_FLOAT64 || leaf->form == PARQUET_BIG;
    return !times && !fractions && leaf->form != PARQUET_BITS && leaf->form != PARQUET_JSON &&
           leaf->repetitions_max == 0;
}

/* A power of two: bytes of a filter for so many values. */
static uint64_t bytes_for(uint64_t values)
{
    uint64_t bytes = BLOCK_BYTES;
    while (bytes < BYTES_MOST && (double)bytes * 8 < (double)values * BITS_A_VALUE) {
        bytes *= 2;
    }
    return bytes;
}

bool parquet_bloom_begin(struct buffer *bloom, uint64_t values)
{
    uint64_t bytes = bytes_for(values);
    bloom->length = 0;
    if (!buffer_reserve(bloom, bytes)) {
        return false;
    }
    memset(bloom->data, 0, bytes);
    bloom->length = bytes;
    return true;
}

void parquet_bloom_add(struct buffer *bloom, struct slice value)
{
    static const uint32_t salts[BLOCK_WORDS] = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                                0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};
    uint64_t hash = XXH64(value.data, value.length, 0), blocks = bloom->length / BLOCK_BYTES;
    uint32_t *block = (uint32_t *)(void *)(bloom->data + ((hash >> 32) * blocks >> 32) * BLOCK_BYTES);
    for (uint32_t k = 0; k < BLOCK_WORDS; k++) {
        block[k] |= 1U << ((uint32_t)hash * salts[k] >> 27);
    }
}

static void fold(struct buffer *bloom, uint64_t bytes)
{
    while (bloom->length > bytes) {
        uint32_t *words = (uint32_t *)(void *)bloom->data;
        size_t blocks = bloom->length / BLOCK_BYTES / 2;
        for (size_t block = 0; block < blocks; block++) {
            for (size_t k = 0; k < BLOCK_WORDS; k++) {
                words[block * BLOCK_WORDS + k] =
                    words[2 * block * BLOCK_WORDS + k] | words[(2 * block + 1) * BLOCK_WORDS + k];
            }
        }
        bloom->length /= 2;
    }
}

bool parquet_bloom_end(struct parquet_leaf *leaf)
{
    const struct parquet_dictionary *dictionary = &leaf->dictionary;
    uint64_t values = leaf->bloom_values;
    bool of_dictionary = leaf->has_dictionary && dictionary->count > 0;
    if (of_dictionary) {
        values = dictionary->count;
        if (!parquet_bloom_begin(&leaf->bloom, values)) {
            return false;
        }
        for (uint32_t number = 0; number < dictionary->count; number++) {
            parquet_bloom_add(&leaf->bloom, parquet_dictionary_bytes(leaf, number));
        }
    }
    if (leaf->bloom.length > 0) {
        fold(&leaf->bloom, bytes_for(values));
    }
    if ((double)leaf->bloom.length * 8 * OVERFULL_TIMES < (double)values * BITS_A_VALUE) {
        leaf->bloom.length = 0;
    }
    return true;
}

void parquet_put_bloom(struct buffer *out, const struct buffer *bloom)
{
    struct thrift_writer thrift;
    thrift_begin(&thrift, out);
    thrift_put_i32(&thrift, HEADER_BYTES, (int32_t)bloom->length);
    for (int field = HEADER_ALGORITHM; field <= HEADER_COMPRESSION; field++) { /* the one that each has */
        thrift_put_struct(&thrift, (int16_t)field);
        thrift_put_empty(&thrift, 1);
        thrift_end(&thrift);
    }
    thrift_end(&thrift);
    buffer_slice(out, buffer_all(bloom));
}
