/*
 * city_hash.h: CityHash of version 1.0.2: 64 bits, which ClickHouse's cityHash64 and uniq use, and 128 bits, the checksum
 * of its compressed frames. Later versions of these functions give other values. Not for files: checksum.h has theirs.
 *
 * thread   any
 * source   Geoff Pike and Jyrki Alakuijala, CityHash 1.0.2 (2011)
 */
#ifndef BASE_CITY_HASH_H
#define BASE_CITY_HASH_H

#include "base/slice.h"

struct city_hash {
    uint64_t low, high;
};

uint64_t city_hash64(struct slice bytes);
/* Hash128to64 of two words: how ClickHouse combines the hashes of several arguments. */
uint64_t city_hash_pair(uint64_t low, uint64_t high);
struct city_hash city_hash128(const void *data, size_t bytes);

#endif
