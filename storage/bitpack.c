/*
 * bitpack.c: packing by a 64-bit accumulator, unpacking by one unaligned load per value.
 *
 * A load of 64 bits at the value's byte holds it whole while width + 7 ≤ 64 − 1, so widths 57…63 are not used.
 */
#include "storage/bitpack.h"

#include "base/vector.h"

#include <string.h>

uint32_t bitpack_width(uint64_t max)
{
    uint32_t width = max == 0 ? 0 : 64U - (uint32_t)__builtin_clzll(max);
    return width > 56 ? 64 : width;
}

#define PACK(values)                                                                                                   \
    uint64_t accumulator = 0;                                                                                          \
    uint32_t bits = 0;                                                                                                 \
    if (width == 0) {                                                                                                  \
        memset(out, 0, BITPACK_SLACK);                                                                                 \
        return;                                                                                                        \
    }                                                                                                                  \
    for (uint32_t i = 0; i < count; i++) {                                                                             \
        uint64_t value = (values)[i];                                                                                  \
        accumulator |= value << bits;                                                                                  \
        bits += width;                                                                                                 \
        if (bits >= 64) {                                                                                              \
            memcpy(out, &accumulator, 8);                                                                              \
            out += 8;                                                                                                  \
            bits -= 64;                                                                                                \
            accumulator = bits == 0 ? 0 : value >> (width - bits);                                                     \
        }                                                                                                              \
    }                                                                                                                  \
    memcpy(out, &accumulator, 8);                                                                                      \
    memset(out + (bits + 7) / 8, 0, BITPACK_SLACK)

void bitpack_pack(const uint64_t *values, uint32_t count, uint32_t width, uint8_t *out)
{
    if (width == 64) {
        memcpy(out, values, (size_t)count * 8);
        memset(out + (size_t)count * 8, 0, BITPACK_SLACK);
        return;
    }
    PACK(values);
}

void bitpack_pack32(const uint32_t *values, uint32_t count, uint32_t width, uint8_t *out)
{
    PACK(values);
}

#define UNPACK(type, c_out)                                                                                            \
    if (width == 0) {                                                                                                  \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            (c_out)[i] = base;                                                                                         \
        }                                                                                                              \
        return;                                                                                                        \
    }                                                                                                                  \
    uint64_t mask = ~(uint64_t)0 >> (64 - width);                                                                      \
    for (uint32_t i = 0; i < count; i++) {                                                                             \
        uint64_t word;                                                                                                 \
        size_t bit = (size_t)i * width;                                                                                \
        memcpy(&word, packed + bit / 8, 8);                                                                            \
        (c_out)[i] = (type)(base + (type)(word >> bit % 8 & mask));                                                    \
    }

/* Widths of whole bytes need no shifts: the compiler turns these loops into vector code. */
#define WIDEN(from, type, c_out)                                                                                       \
    for (uint32_t i = 0; i < count; i++) {                                                                             \
        from value;                                                                                                    \
        memcpy(&value, packed + (size_t)i * sizeof(value), sizeof(value));                                             \
        (c_out)[i] = (type)(base + (type)value);                                                                       \
    }                                                                                                                  \
    return

VECTORISED void bitpack_unpack64(const uint8_t *packed, uint32_t count, uint32_t width, uint64_t base, uint64_t *out)
{
    switch (width) {
    case 8:
        WIDEN(uint8_t, uint64_t, out);
    case 16:
        WIDEN(uint16_t, uint64_t, out);
    case 32:
        WIDEN(uint32_t, uint64_t, out);
    case 64:
        WIDEN(uint64_t, uint64_t, out);
    default:
        break;
    }
    UNPACK(uint64_t, out);
}

VECTORISED void bitpack_unpack32(const uint8_t *packed, uint32_t count, uint32_t width, uint32_t base, uint32_t *out)
{
    switch (width) {
    case 8:
        WIDEN(uint8_t, uint32_t, out);
    case 16:
        WIDEN(uint16_t, uint32_t, out);
    case 32:
        WIDEN(uint32_t, uint32_t, out);
    default:
        break;
    }
    UNPACK(uint32_t, out);
}

VECTORISED void bitpack_unpack16(const uint8_t *packed, uint32_t count, uint32_t width, uint16_t base, uint16_t *out)
{
    switch (width) {
    case 8:
        WIDEN(uint8_t, uint16_t, out);
    case 16:
        WIDEN(uint16_t, uint16_t, out);
    default:
        break;
    }
    UNPACK(uint16_t, out);
}

VECTORISED void bitpack_unpack8(const uint8_t *packed, uint32_t count, uint32_t width, uint8_t base, uint8_t *out)
{
    if (width == 8) {
        WIDEN(uint8_t, uint8_t, out);
    }
    UNPACK(uint8_t, out);
}
