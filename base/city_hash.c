/*
 * city_hash.c: CityHash64 and CityHash128 1.0.2, written from the description of their arithmetic. Words are little-endian.
 *
 * source   base/city_hash.h
 */
#include "base/city_hash.h"

#define K0  0xc3a5c85c97cb3127U
#define K1  0xb492b66fbe98f273U
#define K2  0x9ae16a3b2f90404fU
#define K3  0xc949d7c7509e6557U
#define MIX 0x9ddfea08eb382d69U

static uint64_t load_64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static uint64_t load_32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return bits == 0 ? value : value >> bits | value << (64 - bits);
}

static uint64_t fold(uint64_t value)
{
    return value ^ value >> 47;
}

uint64_t city_hash_pair(uint64_t low, uint64_t high)
{
    uint64_t a = fold((low ^ high) * MIX);
    uint64_t b = fold((high ^ a) * MIX);
    return b * MIX;
}

/* At most 16 bytes. */
static uint64_t hash_short(const uint8_t *at, size_t bytes)
{
    if (bytes > 8) {
        uint64_t a = load_64(at), b = load_64(at + bytes - 8);
        return city_hash_pair(a, rotate(b + bytes, (unsigned)bytes)) ^ b;
    }
    if (bytes >= 4) {
        return city_hash_pair(bytes + (load_32(at) << 3), load_32(at + bytes - 4));
    }
    if (bytes > 0) {
        uint64_t y = at[0] + ((uint64_t)at[bytes / 2] << 8);
        uint64_t z = bytes + ((uint64_t)at[bytes - 1] << 2);
        return fold((y * K2) ^ (z * K3)) * K2;
    }
    return K2;
}

/* Both halves go on over 32 bytes. */
static struct city_hash weak_hash(const uint8_t *at, uint64_t a, uint64_t b)
{
    uint64_t w = load_64(at), x = load_64(at + 8), y = load_64(at + 16), z = load_64(at + 24);
    a += w;
    b = rotate(b + a + z, 21);
    uint64_t c = a;
    a += x;
    a += y;
    b += rotate(a, 44);
    return (struct city_hash){a + z, b + c};
}

/* Less than 128 bytes. */
static struct city_hash hash_middle(const uint8_t *at, size_t bytes, uint64_t a, uint64_t b)
{
    uint64_t c, d;
    if (bytes <= 16) {
        a = fold(a * K1) * K1;
        c = b * K1 + hash_short(at, bytes);
        d = fold(a + (bytes >= 8 ? load_64(at) : c));
    } else {
        c = city_hash_pair(load_64(at + bytes - 8) + K1, a);
        d = city_hash_pair(b + bytes, c + load_64(at + bytes - 16));
        a += d;
        for (size_t left = bytes - 16;; left -= 16) {
            a = (a ^ fold(load_64(at) * K1) * K1) * K1;
            b ^= a;
            c = (c ^ fold(load_64(at + 8) * K1) * K1) * K1;
            d ^= c;
            at += 16;
            if (left <= 16) {
                break;
            }
        }
    }
    a = city_hash_pair(a, c);
    b = city_hash_pair(d, b);
    return (struct city_hash){a ^ b, city_hash_pair(b, a)};
}

struct state {
    uint64_t x, y, z;
    struct city_hash v, w;
};

static void hash_64_bytes(struct state *state, const uint8_t *at)
{
    state->x = rotate(state->x + state->y + state->v.low + load_64(at + 16), 37) * K1;
    state->y = rotate(state->y + state->v.high + load_64(at + 48), 42) * K1;
    state->x ^= state->w.high;
    state->y ^= state->v.low;
    state->z = rotate(state->z ^ state->w.low, 33);
    state->v = weak_hash(at, state->v.high * K1, state->x + state->w.low);
    state->w = weak_hash(at + 32, state->z + state->w.high, state->y);
    uint64_t z = state->z;
    state->z = state->x;
    state->x = z;
}

static struct city_hash hash_seeded(const uint8_t *at, size_t bytes, uint64_t low, uint64_t high)
{
    if (bytes < 128) {
        return hash_middle(at, bytes, low, high);
    }
    struct state state = {.x = low, .y = high, .z = bytes * K1};
    state.v.low = rotate(high ^ K1, 49) * K1 + load_64(at);
    state.v.high = rotate(state.v.low, 42) * K1 + load_64(at + 8);
    state.w.low = rotate(high + state.z, 35) * K1 + low;
    state.w.high = rotate(low + load_64(at + 88), 53) * K1;
    size_t left = bytes;
    for (; left >= 128; left -= 128) {
        hash_64_bytes(&state, at);
        hash_64_bytes(&state, at + 64);
        at += 128;
    }
    state.y += rotate(state.w.low, 37) * K0 + state.z;
    state.x += rotate(state.v.low + state.z, 49) * K0;
    for (size_t done = 0; done < left;) { /* may reach back into bytes that were hashed before */
        done += 32;
        state.y = rotate(state.y - state.x, 42) * K0 + state.v.high;
        state.w.low += load_64(at + left - done + 16);
        state.x = rotate(state.x, 49) * K0 + state.w.low;
        state.w.low += state.v.low;
        state.v = weak_hash(at + left - done, state.v.low, state.v.high);
    }
    state.x = city_hash_pair(state.x, state.v.low);
    state.y = city_hash_pair(state.y, state.w.low);
    return (struct city_hash){city_hash_pair(state.x + state.v.high, state.w.high) + state.y,
                              city_hash_pair(state.x + state.w.high, state.y + state.v.high)};
}

static uint64_t hash_17_to_32(const uint8_t *at, size_t bytes)
{
    uint64_t a = load_64(at) * K1, b = load_64(at + 8);
    uint64_t c = load_64(at + bytes - 8) * K2, d = load_64(at + bytes - 16) * K0;
    return city_hash_pair(rotate(a - b, 43) + rotate(c, 30) + d, a + rotate(b ^ K3, 20) - c + bytes);
}

/* 32 of 33 to 64 bytes, from a and z, which hold the first and the last word. */
static struct city_hash hash_half(const uint8_t *at, uint64_t a, uint64_t z)
{
    uint64_t b = rotate(a + z, 52), c = rotate(a, 37);
    a += load_64(at + 8);
    c += rotate(a, 7);
    a += load_64(at + 16);
    return (struct city_hash){a + z, b + rotate(a, 31) + c};
}

static uint64_t hash_33_to_64(const uint8_t *at, size_t bytes)
{
    const uint8_t *end = at + bytes;
    struct city_hash v = hash_half(at, load_64(at) + (bytes + load_64(end - 16)) * K0, load_64(at + 24));
    struct city_hash w = hash_half(end - 32, load_64(at + 16) + load_64(end - 32), load_64(end - 8));
    uint64_t r = fold((v.low + w.high) * K2 + (w.low + v.high) * K0);
    return fold(r * K0 + v.high) * K2;
}

uint64_t city_hash64(struct slice text)
{
    const uint8_t *at = (const uint8_t *)text.data;
    size_t bytes = text.length;
    if (bytes <= 16) {
        return hash_short(at, bytes);
    }
    if (bytes <= 32) {
        return hash_17_to_32(at, bytes);
    }
    if (bytes <= 64) {
        return hash_33_to_64(at, bytes);
    }
    const uint8_t *end = at + bytes;
    uint64_t y = load_64(end - 16) ^ K1, z = load_64(end - 56) ^ K0;
    struct state state = {.v = weak_hash(end - 64, bytes, y), .w = weak_hash(end - 32, bytes * K1, K0)};
    state.z = z + fold(state.v.high) * K1;
    state.x = rotate(state.z + load_64(at), 39) * K1;
    state.y = rotate(y, 33) * K1;
    for (size_t left = (bytes - 1) / 64; left > 0; left--) {
        hash_64_bytes(&state, at);
        at += 64;
    }
    return city_hash_pair(city_hash_pair(state.v.low, state.w.low) + fold(state.y) * K1 + state.z,
                          city_hash_pair(state.v.high, state.w.high) + state.x);
}

struct city_hash city_hash128(const void *data, size_t bytes)
{
    const uint8_t *at = data;
    if (bytes >= 16) {
        return hash_seeded(at + 16, bytes - 16, load_64(at) ^ K3, load_64(at + 8));
    }
    if (bytes >= 8) {
        return hash_seeded((const uint8_t *)"", 0, load_64(at) ^ (bytes * K0), load_64(at + bytes - 8) ^ K1);
    }
    return hash_seeded(at, bytes, K0, K1);
}
