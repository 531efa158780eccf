/*
 * bitpack.h: unsigned integers in as few bits as they need.
 *
 * Value i of width w stands at bits [i·w, (i+1)·w) of the bytes, lowest bit first; widths are 0…56 and 64. Packed bytes
 * are followed by BITPACK_SLACK bytes that a reader may touch.
 * thread   any: pure functions.
 */
#ifndef STORAGE_BITPACK_H
#define STORAGE_BITPACK_H

#include <stddef.h>
#include <stdint.h>

#define BITPACK_SLACK 8U

/* The width that holds values up to max. */
uint32_t bitpack_width(uint64_t max);
/* Bytes of count values, slack not included. */
static inline size_t bitpack_bytes(uint32_t count, uint32_t width)
{
    return ((size_t)count * width + 7) / 8;
}
/* Writes bitpack_bytes + BITPACK_SLACK bytes (the slack is zero). Values must fit the width. */
void bitpack_pack(const uint64_t *values, uint32_t count, uint32_t width, uint8_t *out);
void bitpack_pack32(const uint32_t *values, uint32_t count, uint32_t width, uint8_t *out);
/* out[i] = base + value i, modulo 2^width of the target. */
void bitpack_unpack64(const uint8_t *packed, uint32_t count, uint32_t width, uint64_t base, uint64_t *out);
void bitpack_unpack32(const uint8_t *packed, uint32_t count, uint32_t width, uint32_t base, uint32_t *out);
void bitpack_unpack16(const uint8_t *packed, uint32_t count, uint32_t width, uint16_t base, uint16_t *out);
void bitpack_unpack8(const uint8_t *packed, uint32_t count, uint32_t width, uint8_t base, uint8_t *out);

#endif
