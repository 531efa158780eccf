/*
 * checksum.h: the two kinds of hash in files.
 *
 * XXH3-64 finds damage: every block and record carries one [xxHash].  BLAKE2b-256 chains commits and names footers, so
 * that nothing can be changed and still fit [RFC 7693, libsodium].
 * thread   any.
 */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BYTES 32U

struct hash {
    uint8_t bytes[HASH_BYTES];
};

uint64_t checksum(const void *data, size_t bytes);
uint64_t checksum_seeded(const void *data, size_t bytes, uint64_t seed);
unsigned __int128 checksum128(const void *data, size_t bytes);

/* BLAKE2b-256 over the parts in order; parts may be empty. */
struct hash_part {
    const void *data;
    size_t bytes;
};
struct hash hash_parts(const struct hash_part *parts, size_t count);
struct hash hash_of(const void *data, size_t bytes);
/* 64 hex digits and a NUL. */
void hash_text(const struct hash *hash, char text[65]);

#endif
