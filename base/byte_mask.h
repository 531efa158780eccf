/*
 * byte_mask.h: which of 64 bytes are not 0, as bits.
 */
#ifndef BASE_BYTE_MASK_H
#define BASE_BYTE_MASK_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Bit k: byte k of the 64 is not 0. */
static inline uint64_t byte_mask(const uint8_t *bytes)
{
    uint64_t mask = 0;
#if defined(__SSE2__)
    for (uint32_t k = 0; k < 64; k += 16) {
        __m128i zeros = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)(bytes + k)), _mm_setzero_si128());
        mask |= (uint64_t)((uint32_t)_mm_movemask_epi8(zeros) ^ 0xffffU) << k;
    }
#else
    for (uint32_t k = 0; k < 64; k++) {
        mask |= (uint64_t)(bytes[k] != 0) << k;
    }
#endif
    return mask;
}

#endif
