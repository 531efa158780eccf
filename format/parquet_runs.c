/*
 * parquet_runs.c: numbers as Parquet's mix of runs and bit-packed groups of eight ("RLE" in its documents).
 *
 * bytes    a run: its length × 2, and the number in whole bytes; groups: their count × 2 + 1, and the bits of eight
 *          numbers each, the lowest first. A run is worth it from eight numbers on.
 */
#include "format/binary.h"
#include "format/parquet.h"

#define RUN_MIN 8U

/* Numbers of either width: levels are bytes, codes are four. */
struct numbers {
    const uint32_t *wide; /* or NULL */
    const uint8_t *narrow;
};

static inline uint32_t number_at(struct numbers numbers, uint32_t i)
{
    return numbers.wide != NULL ? numbers.wide[i] : numbers.narrow[i];
}

uint32_t parquet_bits(uint32_t greatest)
{
    return greatest == 0 ? 0 : 32 - (uint32_t)__builtin_clz(greatest);
}

static void put_run(struct buffer *out, uint32_t number, uint32_t count, uint32_t bits)
{
    binary_put_length(out, (uint64_t)count << 1);
    buffer_append(out, &number, (bits + 7) / 8);
}

/* The last group is filled up with zeros. */
static void put_groups(struct buffer *out, struct numbers numbers, uint32_t begin, uint32_t end, uint32_t bits)
{
    uint32_t groups = (end - begin + 7) / 8;
    uint64_t kept = 0;
    uint32_t kept_bits = 0;
    if (groups == 0) {
        return;
    }
    binary_put_length(out, (uint64_t)groups << 1 | 1);
    if (!buffer_reserve(out, (size_t)groups * bits)) {
        out->failed = true;
        return;
    }
    for (uint32_t i = begin; i < begin + groups * 8; i++) {
        kept |= (uint64_t)(i < end ? number_at(numbers, i) : 0) << kept_bits;
        kept_bits += bits;
        while (kept_bits >= 8) {
            out->data[out->length++] = (char)kept;
            kept >>= 8;
            kept_bits -= 8;
        }
    }
}

static inline void put(struct buffer *out, struct numbers numbers, uint32_t count, uint32_t bits)
{
    uint32_t begin = 0; /* of what is not written */
    for (uint32_t i = 0; i < count;) {
        uint32_t number = number_at(numbers, i), end = i + 1;
        while (end < count && number_at(numbers, end) == number) {
            end++;
        }
        uint32_t whole = begin + (i - begin + 7) / 8 * 8; /* groups before a run are full */
        if (whole < end && end - whole >= RUN_MIN) {
            put_groups(out, numbers, begin, whole, bits);
            put_run(out, number, end - whole, bits);
            begin = end;
        }
        i = end;
    }
    put_groups(out, numbers, begin, count, bits);
}

void parquet_put_runs(struct buffer *out, const uint32_t *numbers, uint32_t count, uint32_t bits)
{
    put(out, (struct numbers){numbers, NULL}, count, bits);
}

void parquet_put_levels(struct buffer *out, const uint8_t *levels, uint32_t count, uint32_t bits)
{
    put(out, (struct numbers){NULL, levels}, count, bits);
}
