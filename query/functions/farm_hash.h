/*
 * farm_hash.h: FarmHash, MetroHash and wyhash of bytes, 64 bits each.
 *
 * forms    farm_hash is FarmHash's Hash64 of up to FARM_HASH_MAX bytes: of more it depends on the processor.
 *          farm_fingerprint is its Fingerprint64, the same everywhere
 * thread   any: pure functions
 * source   Geoff Pike, FarmHash 1.1; J. Andrew Rogers, MetroHash64, first form; Wang Yi, wyhash, final version 4
 */
#ifndef QUERY_FUNCTIONS_FARM_HASH_H
#define QUERY_FUNCTIONS_FARM_HASH_H

#include "base/slice.h"

#include <stdint.h>

#define FARM_HASH_MAX 511U
uint64_t farm_hash(struct slice bytes);
uint64_t farm_fingerprint(struct slice bytes);
uint64_t farm_fingerprint_pair(uint64_t a, uint64_t b);
uint64_t metro_hash(struct slice bytes);
uint64_t wy_hash(struct slice bytes);

#endif
