/*
 * hash_mix.h: hashes of numbers as ClickHouse takes them.
 */
#ifndef QUERY_FUNCTIONS_HASH_MIX_H
#define QUERY_FUNCTIONS_HASH_MIX_H

#include <stdint.h>

/* The finalizer of MurmurHash3's 128-bit form, with which ClickHouse mixes 64-bit words. */
static inline uint64_t hash_mix64(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
}

/* ClickHouse's 32-bit hash of a number [Thomas Wang, Integer hash function, 2007]. */
static inline uint32_t hash_mix32(uint64_t key)
{
    key = ~key + (key << 18);
    key ^= key >> 31 | key << 33;
    key *= 21;
    key ^= key >> 11 | key << 53;
    key += key << 6;
    key ^= key >> 22 | key << 42;
    return (uint32_t)key;
}

#endif
