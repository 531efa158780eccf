/*
 * farm_hash.c: see the header.
 */
#include "query/functions/farm_hash.h"

#include <string.h>

static uint64_t load64(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static uint32_t load32(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static uint64_t turn(uint64_t x, int by) /* right; by is from 1 to 63 */
{
    return x >> by | x << (64 - by);
}

/* --- FarmHash ---------------------------------------------------------------------------------------------------- */

#define K0 0xc3a5c85c97cb3127ULL
#define K1 0xb492b66fbe98f273ULL
#define K2 0x9ae16a3b2f90404fULL

struct two {
    uint64_t first, second;
};

static uint64_t shift_mix(uint64_t x)
{
    return x ^ (x >> 47);
}

static uint64_t mix_two(uint64_t u, uint64_t v, uint64_t factor)
{
    uint64_t a = shift_mix((u ^ v) * factor);
    return shift_mix((v ^ a) * factor) * factor;
}

static struct two weak(const char *s, uint64_t a, uint64_t b)
{
    uint64_t w = load64(s), x = load64(s + 8), y = load64(s + 16), z = load64(s + 24);
    a += w;
    b = turn(b + a + z, 21);
    uint64_t c = a;
    a += x + y;
    b += turn(a, 44);
    return (struct two){a + z, b + c};
}

static uint64_t farm_to_16(const char *s, size_t length)
{
    uint64_t factor = K2 + length * 2;
    if (length >= 8) {
        uint64_t a = load64(s) + K2, b = load64(s + length - 8);
        return mix_two(turn(b, 37) * factor + a, (turn(a, 25) + b) * factor, factor);
    }
    if (length >= 4) {
        return mix_two(length + ((uint64_t)load32(s) << 3), load32(s + length - 4), factor);
    }
    if (length > 0) {
        uint32_t a = (uint8_t)s[0], b = (uint8_t)s[length >> 1], c = (uint8_t)s[length - 1];
        uint32_t y = a + (b << 8), z = (uint32_t)length + (c << 2);
        return shift_mix(y * K2 ^ z * K0) * K2;
    }
    return K2;
}

static uint64_t farm_to_32(const char *s, size_t length)
{
    uint64_t factor = K2 + length * 2;
    uint64_t a = load64(s) * K1, b = load64(s + 8), c = load64(s + length - 8) * factor,
             d = load64(s + length - 16) * K2;
    return mix_two(turn(a + b, 43) + turn(c, 30) + d, a + turn(b + K2, 18) + c, factor);
}

static uint64_t fingerprint_to_64(const char *s, size_t length)
{
    uint64_t factor = K2 + length * 2;
    uint64_t a = load64(s) * K2, b = load64(s + 8), c = load64(s + length - 8) * factor,
             d = load64(s + length - 16) * K2;
    uint64_t y = turn(a + b, 43) + turn(c, 30) + d;
    uint64_t z = mix_two(y, a + turn(b + K2, 18) + c, factor);
    uint64_t e = load64(s + 16) * factor, f = load64(s + 24);
    uint64_t g = (y + load64(s + length - 32)) * factor, h = (z + load64(s + length - 24)) * factor;
    return mix_two(turn(e + f, 43) + turn(g, 30) + h, e + turn(f + a, 18) + g, factor);
}

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t kept = *a;
    *a = *b;
    *b = kept;
}

uint64_t farm_fingerprint(struct slice bytes)
{
    const uint64_t seed = 81;
    const char *s = bytes.data;
    size_t length = bytes.length;
    if (length <= 32) {
        return length <= 16 ? farm_to_16(s, length) : farm_to_32(s, length);
    }
    if (length <= 64) {
        return fingerprint_to_64(s, length);
    }
    uint64_t x = seed, y = seed * K1 + 113, z = shift_mix(y * K2 + 113) * K2;
    struct two v = {0, 0}, w = {0, 0};
    const char *end = s + (length - 1) / 64 * 64, *last = s + length - 64;
    x = x * K2 + load64(s);
    do {
        x = turn(x + y + v.first + load64(s + 8), 37) * K1;
        y = turn(y + v.second + load64(s + 48), 42) * K1;
        x ^= w.second;
        y += v.first + load64(s + 40);
        z = turn(z + w.first, 33) * K1;
        v = weak(s, v.second * K1, x + w.first);
        w = weak(s + 32, z + w.second, y + load64(s + 16));
        swap(&z, &x);
        s += 64;
    } while (s != end);
    uint64_t factor = K1 + ((z & 0xff) << 1);
    s = last;
    w.first += (length - 1) & 63;
    v.first += w.first;
    w.first += v.first;
    x = turn(x + y + v.first + load64(s + 8), 37) * factor;
    y = turn(y + v.second + load64(s + 48), 42) * factor;
    x ^= w.second * 9;
    y += v.first * 9 + load64(s + 40);
    z = turn(z + w.first, 33) * factor;
    v = weak(s, v.second * factor, x + w.first);
    w = weak(s + 32, z + w.second, y + load64(s + 16));
    swap(&z, &x);
    return mix_two(mix_two(v.first, w.first, factor) + shift_mix(y) * K0 + z, mix_two(v.second, w.second, factor) + x,
                   factor);
}

uint64_t farm_fingerprint_pair(uint64_t a, uint64_t b)
{
    const uint64_t factor = 0x9ddfea08eb382d69ULL;
    uint64_t y = (b ^ shift_mix((a ^ b) * factor)) * factor;
    y = (y ^ (y >> 44)) * factor;
    return (y ^ (y >> 41)) * factor;
}

/* 32 bytes. */
static uint64_t farm_block(const char *s, uint64_t factor, uint64_t seed, uint64_t other)
{
    uint64_t a = load64(s) * K1, b = load64(s + 8), c = load64(s + 24) * factor, d = load64(s + 16) * K2;
    uint64_t u = turn(a + b, 43) + turn(c, 30) + d + seed, v = a + turn(b + K2, 18) + c + other;
    a = shift_mix((u ^ v) * factor);
    return shift_mix((v ^ a) * factor);
}

static uint64_t mix_turned(uint64_t x, uint64_t y, uint64_t factor, int by)
{
    uint64_t a = shift_mix((x ^ y) * factor);
    return turn((y ^ a) * factor, by) * factor;
}

static uint64_t farm_long(const char *s, size_t length)
{
    uint64_t x = 81, y = 113, z = shift_mix(y * K2) * K2;
    struct two v = {81, 0}, w = {0, 0};
    uint64_t u = x - z, factor = K2 + (u & 0x82);
    const char *end = s + (length - 1) / 64 * 64, *last = s + length - 64;
    x *= K2;
    do {
        uint64_t a[8];
        memcpy(a, s, sizeof(a));
        x += a[0] + a[1];
        y += a[2];
        z += a[3];
        v.first += a[4];
        v.second += a[5] + a[1];
        w.first += a[6];
        w.second += a[7];
        x = turn(x, 26) * 9;
        y = turn(y, 29);
        z *= factor;
        v.first = turn(v.first, 33);
        v.second = turn(v.second, 30);
        w.first = (w.first ^ x) * 9;
        z = turn(z, 32) + w.second;
        w.second += z;
        z *= 9;
        swap(&u, &y);
        z += a[0] + a[6];
        v.first += a[2];
        v.second += a[3];
        w.first += a[4];
        w.second += a[5] + a[6];
        x += a[1];
        y += a[7];
        y += v.first;
        v.first += x - y;
        v.second += w.first;
        w.first += v.second;
        w.second += x - y;
        x += w.second;
        w.second = turn(w.second, 34);
        swap(&u, &z);
        s += 64;
    } while (s != end);
    s = last;
    u *= 9;
    v.second = turn(v.second, 28);
    v.first = turn(v.first, 20);
    w.first += (length - 1) & 63;
    u += y;
    y += u;
    x = turn(y - x + v.first + load64(s + 8), 37) * factor;
    y = turn(y ^ v.second ^ load64(s + 48), 42) * factor;
    x ^= w.second * 9;
    y += v.first + load64(s + 40);
    z = turn(z + w.first, 33) * factor;
    v = weak(s, v.second * factor, x + w.first);
    w = weak(s + 32, z + w.second, y + load64(s + 16));
    return mix_turned(mix_two(v.first + x, w.first ^ y, factor) + z - u,
                      mix_turned(v.second + y, w.second + z, K2, 30) ^ x, K2, 31);
}

uint64_t farm_hash(struct slice bytes)
{
    const char *s = bytes.data;
    size_t length = bytes.length;
    if (length <= 32 || (length > 96 && length <= 256)) {
        return farm_fingerprint(bytes);
    }
    uint64_t factor = (length <= 64 ? K2 - 30 : K2 - 114), other = factor + 2 * length;
    if (length <= 64) {
        return (farm_block(s + length - 32, other, 0, 0) * other + farm_block(s, factor, 0, 0)) * other;
    }
    if (length <= 96) {
        uint64_t a = farm_block(s, factor, 0, 0), b = farm_block(s + 32, other, 0, 0);
        return (farm_block(s + length - 32, other, a, b) * 9 + (a >> 17) + (b >> 21)) * other;
    }
    return farm_long(s, length);
}

/* --- MetroHash --------------------------------------------------------------------------------------------------- */

uint64_t metro_hash(struct slice bytes)
{
    static const uint64_t k[4] = {0xC83A91E1, 0x8648DBDB, 0x7BDEC03B, 0x2F5870A5};
    const char *at = bytes.data, *end = bytes.data + bytes.length;
    uint64_t hash = k[2] * k[0] + bytes.length;
    if (bytes.length >= 32) {
        uint64_t v[4] = {hash, hash, hash, hash};
        do {
            for (int i = 0; i < 4; i++) {
                v[i] += load64(at) * k[i];
                at += 8;
                v[i] = turn(v[i], 29) + v[(i + 2) % 4];
            }
        } while (end - at >= 32);
        v[2] ^= turn((v[0] + v[3]) * k[0] + v[1], 33) * k[1];
        v[3] ^= turn((v[1] + v[2]) * k[1] + v[0], 33) * k[0];
        v[0] ^= turn((v[0] + v[2]) * k[0] + v[3], 33) * k[1];
        v[1] ^= turn((v[1] + v[3]) * k[1] + v[2], 33) * k[0];
        hash += v[0] ^ v[1];
    }
    if (end - at >= 16) {
        uint64_t a = turn(hash + load64(at) * k[0], 33) * k[1];
        uint64_t b = turn(hash + load64(at + 8) * k[1], 33) * k[2];
        a ^= turn(a * k[0], 35) + b;
        b ^= turn(b * k[3], 35) + a;
        hash += b;
        at += 16;
    }
    if (end - at >= 8) {
        hash += load64(at) * k[3];
        at += 8;
        hash ^= turn(hash, 33) * k[1];
    }
    if (end - at >= 4) {
        hash += load32(at) * k[3];
        at += 4;
        hash ^= turn(hash, 15) * k[1];
    }
    if (end - at >= 2) {
        uint16_t word;
        memcpy(&word, at, 2);
        hash += word * k[3];
        at += 2;
        hash ^= turn(hash, 13) * k[1];
    }
    if (end - at >= 1) {
        hash += (uint8_t)*at * k[3];
        hash ^= turn(hash, 25) * k[1];
    }
    hash ^= turn(hash, 33);
    hash *= k[0];
    return hash ^ turn(hash, 33);
}

/* --- wyhash ------------------------------------------------------------------------------------------------------ */

static uint64_t wy_mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t wy_hash(struct slice bytes)
{
    static const uint64_t secret[4] = {0xa0761d6478bd642fULL, 0xe7037ed1a0b428dbULL, 0x8ebc6af09c88c6e3ULL,
                                       0x589965cc75374cc3ULL};
    const char *at = bytes.data;
    size_t length = bytes.length, left = length;
    uint64_t seed = secret[0], a = 0, b = 0;
    if (length >= 4 && length <= 16) {
        size_t by = length >> 3 << 2;
        a = (uint64_t)load32(at) << 32 | load32(at + by);
        b = (uint64_t)load32(at + length - 4) << 32 | load32(at + length - 4 - by);
    } else if (length > 0 && length < 4) {
        a = (uint64_t)(uint8_t)at[0] << 16 | (uint64_t)(uint8_t)at[length >> 1] << 8 | (uint8_t)at[length - 1];
    } else if (length > 16) {
        if (left > 48) {
            uint64_t other = seed, third = seed;
            do {
                seed = wy_mix(load64(at) ^ secret[1], load64(at + 8) ^ seed);
                other = wy_mix(load64(at + 16) ^ secret[2], load64(at + 24) ^ other);
                third = wy_mix(load64(at + 32) ^ secret[3], load64(at + 40) ^ third);
                at += 48;
                left -= 48;
            } while (left > 48);
            seed ^= other ^ third;
        }
        for (; left > 16; left -= 16, at += 16) {
            seed = wy_mix(load64(at) ^ secret[1], load64(at + 8) ^ seed);
        }
        a = load64(at + left - 16);
        b = load64(at + left - 8);
    }
    return wy_mix(secret[1] ^ length, wy_mix(a ^ secret[1], b ^ seed));
}
