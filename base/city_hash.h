/*
 * city_hash.h: CityHash128 of version 1.0.2, the checksum of ClickHouse's compressed frames. Later versions of that
 * function give other values. For checksums on the wire alone: checksum.h has those of files.
 *
 * thread   any.
 */
#ifndef BASE_CITY_HASH_H
#define BASE_CITY_HASH_H

#include <stddef.h>
#include <stdint.h>

struct city_hash {
    uint64_t low, high;
};

struct city_hash city_hash128(const void *data, size_t bytes);

#endif
