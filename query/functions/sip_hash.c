/*
 * sip_hash.c: SipHash-2-4.
 *
 * thread   any, no shared state
 */
#include "query/functions/sip_hash.h"

#include <string.h>

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static void sip_rounds(uint64_t v[4], int count)
{
    for (int i = 0; i < count; i++) {
        v[0] += v[1];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[0] = rotate(v[0], 32);
        v[2] += v[3];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[2] = rotate(v[2], 32);
    }
}

unsigned __int128 sip_hash(struct slice bytes, enum sip_form form, const uint64_t key[2])
{
    uint64_t v[4] = {0x736f6d6570736575ULL ^ key[0], 0x646f72616e646f6dULL ^ key[1], 0x6c7967656e657261ULL ^ key[0],
                     0x7465646279746573ULL ^ key[1]};
    size_t at = 0;
    bool reference = form == SIP_128_REFERENCE;
    if (reference) {
        v[1] ^= 0xee;
    }
    for (; at + 8 <= bytes.length; at += 8) {
        uint64_t word;
        memcpy(&word, bytes.data + at, 8);
        v[3] ^= word;
        sip_rounds(v, 2);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)bytes.length << 56;
    for (size_t i = 0; at + i < bytes.length; i++) {
        last |= (uint64_t)(unsigned char)bytes.data[at + i] << (i * 8);
    }
    v[3] ^= last;
    sip_rounds(v, 2);
    v[0] ^= last;
    v[2] ^= reference ? 0xee : 0xff;
    sip_rounds(v, 4);
    if (form == SIP_64) {
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }
    if (!reference) {
        return (unsigned __int128)(v[2] ^ v[3]) << 64 | (v[0] ^ v[1]);
    }
    uint64_t low = v[0] ^ v[1] ^ v[2] ^ v[3];
    v[1] ^= 0xdd;
    sip_rounds(v, 4);
    return (unsigned __int128)(v[0] ^ v[1] ^ v[2] ^ v[3]) << 64 | low;
}
