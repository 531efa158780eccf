/*
 * bitfilter.h: which of the numbers that are packed in few bits (bitpack.h) lie in ranges, without unpacking them to
 * the width of their type.
 *
 * thread   any: pure functions, no memory of their own but the stack's
 */
#ifndef STORAGE_BITFILTER_H
#define STORAGE_BITFILTER_H

#include "storage/bitpack.h"
#include "storage/number_ranges.h"

#include <stdbool.h>

#define BITFILTER_RANGES_MAX 16U

/*
 * Bit k mod 64 of word k ÷ 64: does number k lie in one of the ranges? Bits behind the last number are 0.
 *
 * packed   as bitpack_pack writes it; what follows may be touched up to BITPACK_SLACK bytes; of widths 8, 16, 32 and 64
 *          (bytes of whole values) nothing behind them
 * ranges   1 to BITFILTER_RANGES_MAX, their ends within the width
 */
void bitfilter(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
               uint32_t range_count, uint64_t *bits);

/* ---- its variants, for tests and benchmarks */
void bitfilter_portable(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
                        uint32_t range_count, uint64_t *bits);
/* false: this processor cannot. */
bool bitfilter_permute(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
                       uint32_t range_count, uint64_t *bits);

/*
 * Words for `count` rows: in the order of the rows, those whose bit in `rows` is set get the next bits of `from`, the
 * others 0. `rows` and `out` may be the same.
 */
void bitfilter_spread(const uint64_t *rows, const uint64_t *from, uint32_t count, uint64_t *out);
void bitfilter_spread_portable(const uint64_t *rows, const uint64_t *from, uint32_t count, uint64_t *out);

#endif
