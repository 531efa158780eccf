/*
 * checksum.c: XXH3 and BLAKE2b by their libraries.
 */
#include "base/checksum.h"

#include "base/err.h"

#include <sodium.h>
#include <stdio.h>
#include <xxhash.h>

uint64_t checksum(const void *data, size_t bytes)
{
    return XXH3_64bits(data, bytes);
}

uint64_t checksum_seeded(const void *data, size_t bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(data, bytes, seed);
}

unsigned __int128 checksum128(const void *data, size_t bytes)
{
    XXH128_hash_t hash = XXH3_128bits(data, bytes);
    return (unsigned __int128)hash.high64 << 64 | hash.low64;
}

struct hash hash_parts(const struct hash_part *parts, size_t count)
{
    struct hash hash;
    crypto_generichash_state state;
    ASSERT(crypto_generichash_init(&state, NULL, 0, HASH_BYTES) == 0);
    for (size_t k = 0; k < count; k++) {
        ASSERT(crypto_generichash_update(&state, parts[k].data, parts[k].bytes) == 0);
    }
    ASSERT(crypto_generichash_final(&state, hash.bytes, HASH_BYTES) == 0);
    return hash;
}

struct hash hash_of(const void *data, size_t bytes)
{
    struct hash_part part = {data, bytes};
    return hash_parts(&part, 1);
}

void hash_text(const struct hash *hash, char text[65])
{
    ASSERT(sodium_bin2hex(text, 65, hash->bytes, HASH_BYTES) != NULL);
}
