/*
 * city_hash.c: CityHash64, version 1.0.2.
 *
 * source   query/functions/city_hash.h
 * thread   any
 */
#include "query/functions/city_hash.h"

#define K0 0xc3a5c85c97cb3127ULL
#define K1 0xb492b66fbe98f273ULL
#define K2 0x9ae16a3b2f90404fULL
#define K3 0xc949d7c7509e6557ULL

static uint64_t fetch64(const char *p)
{
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

static uint64_t fetch32(const char *p)
{
    uint32_t word;
    memcpy(&word, p, 4);
    return word;
}

static uint64_t rotate(uint64_t value, int shift)
{
    return shift == 0 ? value : (value >> shift) | (value << (64 - shift));
}

static uint64_t shift_mix(uint64_t value)
{
    return value ^ (value >> 47);
}

uint64_t city_hash_pair(uint64_t low, uint64_t high)
{
    const uint64_t multiplier = 0x9ddfea08eb382d69ULL;
    uint64_t a = (low ^ high) * multiplier;
    a ^= a >> 47;
    uint64_t b = (high ^ a) * multiplier;
    b ^= b >> 47;
    return b * multiplier;
}

static uint64_t hash_0_to_16(const char *s, size_t length)
{
    if (length > 8) {
        uint64_t a = fetch64(s);
        uint64_t b = fetch64(s + length - 8);
        return city_hash_pair(a, rotate(b + length, (int)length)) ^ b;
    }
    if (length >= 4) {
        uint64_t a = fetch32(s);
        return city_hash_pair(length + (a << 3), fetch32(s + length - 4));
    }
    if (length > 0) {
        uint8_t a = (uint8_t)s[0];
        uint8_t b = (uint8_t)s[length >> 1];
        uint8_t c = (uint8_t)s[length - 1];
        uint32_t y = (uint32_t)a + ((uint32_t)b << 8);
        uint32_t z = (uint32_t)length + ((uint32_t)c << 2);
        return shift_mix(y * K2 ^ z * K3) * K2;
    }
    return K2;
}

static uint64_t hash_17_to_32(const char *s, size_t length)
{
    uint64_t a = fetch64(s) * K1;
    uint64_t b = fetch64(s + 8);
    uint64_t c = fetch64(s + length - 8) * K2;
    uint64_t d = fetch64(s + length - 16) * K0;
    return city_hash_pair(rotate(a - b, 43) + rotate(c, 30) + d, a + rotate(b ^ K3, 20) - c + length);
}

struct pair {
    uint64_t first, second;
};

static struct pair weak_hash(const char *s, uint64_t a, uint64_t b)
{
    uint64_t w = fetch64(s);
    uint64_t x = fetch64(s + 8);
    uint64_t y = fetch64(s + 16);
    uint64_t z = fetch64(s + 24);
    a += w;
    b = rotate(b + a + z, 21);
    uint64_t c = a;
    a += x;
    a += y;
    b += rotate(a, 44);
    return (struct pair){a + z, b + c};
}

static uint64_t hash_33_to_64(const char *s, size_t length)
{
    uint64_t z = fetch64(s + 24);
    uint64_t a = fetch64(s) + (length + fetch64(s + length - 16)) * K0;
    uint64_t b = rotate(a + z, 52);
    uint64_t c = rotate(a, 37);
    a += fetch64(s + 8);
    c += rotate(a, 7);
    a += fetch64(s + 16);
    uint64_t vf = a + z;
    uint64_t vs = b + rotate(a, 31) + c;
    a = fetch64(s + 16) + fetch64(s + length - 32);
    z = fetch64(s + length - 8);
    b = rotate(a + z, 52);
    c = rotate(a, 37);
    a += fetch64(s + length - 24);
    c += rotate(a, 7);
    a += fetch64(s + length - 16);
    uint64_t wf = a + z;
    uint64_t ws = b + rotate(a, 31) + c;
    uint64_t r = shift_mix((vf + ws) * K2 + (wf + vs) * K0);
    return shift_mix(r * K0 + vs) * K2;
}

uint64_t city_hash(struct slice bytes)
{
    const char *s = bytes.data;
    size_t length = bytes.length;
    if (length <= 16) {
        return hash_0_to_16(s, length);
    }
    if (length <= 32) {
        return hash_17_to_32(s, length);
    }
    if (length <= 64) {
        return hash_33_to_64(s, length);
    }
    uint64_t x = fetch64(s);
    uint64_t y = fetch64(s + length - 16) ^ K1;
    uint64_t z = fetch64(s + length - 56) ^ K0;
    struct pair v = weak_hash(s + length - 64, length, y);
    struct pair w = weak_hash(s + length - 32, length * K1, K0);
    z += shift_mix(v.second) * K1;
    x = rotate(z + x, 39) * K1;
    y = rotate(y, 33) * K1;
    length = (length - 1) & ~(size_t)63;
    do {
        x = rotate(x + y + v.first + fetch64(s + 16), 37) * K1;
        y = rotate(y + v.second + fetch64(s + 48), 42) * K1;
        x ^= w.second;
        y ^= v.first;
        z = rotate(z ^ w.first, 33);
        v = weak_hash(s, v.second * K1, x + w.first);
        w = weak_hash(s + 32, z + w.second, y);
        uint64_t swap = z;
        z = x;
        x = swap;
        s += 64;
        length -= 64;
    } while (length != 0);
    return city_hash_pair(city_hash_pair(v.first, w.first) + shift_mix(y) * K1 + z,
                          city_hash_pair(v.second, w.second) + x);
}
