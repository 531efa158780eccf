/*
 * sample_set.c: ClickHouse's adaptive sample of hashes, in buckets of 16.
 *
 * table    a hash lies in its bucket or, when that is full, in the next one that is not: all buckets between are full.
 *          A bucket is one cache line and is searched at once, so that it makes no difference to the processor whether
 *          a hash is there already: with branches every other new hash would be guessed wrongly.
 * order    a bucket is 16 neighbours of ClickHouse's table of single slots. Bytes have the hashes bucket by bucket;
 *          where several share one, ClickHouse may have them in another order, which makes no difference to what is
 *          read
 */
#include "query/sample_set.h"

#include "base/vector.h"

#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define DEGREE_MAX    17U
#define COUNT_MAX     (1U << (DEGREE_MAX - 1))
#define SKIP_MAX      31U
#define SLOT_SHIFT    (32U - DEGREE_MAX) /* of a hash, to the slot in ClickHouse's table */
#define DEGREE_MIN    4U
#define LIST_THIN_MAX (COUNT_MAX / 2 * 3) /* what may be left of a full list of twice COUNT_MAX */
#define BITMAP_WORDS  4096U               /* fit the first cache; with four times as many bits as COUNT_MAX */
#define YOUNG_DEGREE  12U                 /* from here on a table that must grow may become a list */
#define BUCKET        (1U << DEGREE_MIN)  /* slots of a bucket */
#define HOME_SHIFT    (SLOT_SHIFT + DEGREE_MIN)

static bool is_kept(const struct sample_set *set, uint32_t hash)
{
    return (hash & ((1U << set->skip) - 1)) == 0;
}

static uint32_t bucket_mask(const struct sample_set *set)
{
    return (1U << (set->degree - DEGREE_MIN)) - 1;
}

/* --- placing ----------------------------------------------------------------------------------------------------- */

/* Which slots of a bucket hold the hash, and which are free: a bit each. */
#if defined(__x86_64__)
#define COMPARED(at, value) _mm_cmpeq_epi32(_mm_load_si128((const __m128i *)(const void *)(at)), value)

static inline uint32_t equal_slots(const uint32_t *bucket, __m128i value)
{
    __m128i low = _mm_packs_epi32(COMPARED(bucket, value), COMPARED(bucket + 4, value));
    __m128i high = _mm_packs_epi32(COMPARED(bucket + 8, value), COMPARED(bucket + 12, value));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

static inline void bucket_search(const uint32_t *bucket, uint32_t hash, uint32_t *equal, uint32_t *unused)
{
    *equal = equal_slots(bucket, _mm_set1_epi32((int)hash));
    *unused = equal_slots(bucket, _mm_setzero_si128());
}

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl")))

WIDE static inline void bucket_search_wide(const uint32_t *bucket, uint32_t hash, uint32_t *equal, uint32_t *unused)
{
    __m512i slots = _mm512_load_si512(bucket);
    *equal = _mm512_cmpeq_epi32_mask(slots, _mm512_set1_epi32((int)hash));
    *unused = _mm512_testn_epi32_mask(slots, slots);
}

static bool is_wide(void)
{
    return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}
#else
static inline void bucket_search(const uint32_t *bucket, uint32_t hash, uint32_t *equal, uint32_t *unused)
{
    *equal = *unused = 0;
    for (uint32_t i = 0; i < BUCKET; i++) {
        *equal |= (uint32_t)(bucket[i] == hash) << i;
        *unused |= (uint32_t)(bucket[i] == 0) << i;
    }
}

#define WIDE
#define bucket_search_wide bucket_search
static bool is_wide(void)
{
    return false;
}
#endif

/* Puts hash (not 0) where it belongs; *added grows unless it is there. */
#define PLACE(search, slots, mask, hash, added)                                                                        \
    for (uint32_t place_at = (hash) >> HOME_SHIFT;; place_at++) {                                                      \
        uint32_t *bucket = (slots) + (size_t)(place_at & (mask)) * BUCKET;                                             \
        uint32_t equal, unused;                                                                                        \
        search(bucket, hash, &equal, &unused);                                                                         \
        if ((equal | unused) != 0) {                                                                                   \
            bucket[__builtin_ctz(equal != 0 ? equal : unused)] = (hash);                                               \
            (added) += equal == 0;                                                                                     \
            break;                                                                                                     \
        }                                                                                                              \
    }

#define AHEAD 24U /* hashes whose buckets are fetched before they are placed */

/* hashes[0, *done) into the slots until there are more than room new ones; how many were new. */
#define PLACE_ALL(name, attribute, search)                                                                             \
    attribute static uint32_t name(uint32_t *slots, uint32_t mask, const uint32_t *hashes, uint32_t count,             \
                                   uint32_t room, uint32_t *done)                                                      \
    {                                                                                                                  \
        uint32_t added = 0, i = 0;                                                                                     \
        uint32_t before = 0;                                                                                           \
        for (; i < count && added <= room; i++) {                                                                      \
            uint32_t hash = hashes[i];                                                                                 \
            uint32_t later = hashes[i + AHEAD < count ? i + AHEAD : i];                                                \
            __builtin_prefetch((slots) + (size_t)(later >> HOME_SHIFT & (mask)) * BUCKET, 1);                          \
            if (hash != before) {                                                                                      \
                PLACE(search, slots, mask, hash, added)                                                                \
                before = hash;                                                                                         \
            }                                                                                                          \
        }                                                                                                              \
        *done = i;                                                                                                     \
        return added;                                                                                                  \
    }
PLACE_ALL(place_narrow, , bucket_search)
PLACE_ALL(place_wide, WIDE, bucket_search_wide)

static uint32_t place_all(uint32_t *slots, uint32_t mask, const uint32_t *hashes, uint32_t count, uint32_t room,
                          uint32_t *done)
{
    return is_wide() ? place_wide(slots, mask, hashes, count, room, done)
                     : place_narrow(slots, mask, hashes, count, room, done);
}

/* --- growing and sampling ---------------------------------------------------------------------------------------- */

static uint32_t pick_nonzero(const uint32_t *from, uint32_t count, uint32_t *out)
{
    uint32_t picked = 0;
    for (uint32_t i = 0; i < count; i++) {
        out[picked] = from[i];
        picked += from[i] != 0;
    }
    return picked;
}

static struct err *grow(struct sample_set *set, struct arena *arena, uint32_t degree)
{
    size_t bytes = ((size_t)1 << degree) * sizeof(uint32_t);
    uint32_t *old = set->slots;
    uint32_t old_count = old == NULL ? 0 : 1U << set->degree;
    uint32_t *slots = arena_alloc_aligned(arena, bytes, 64);
    uint32_t placed;
    if (slots == NULL) {
        return arena_error(arena);
    }
    memset(slots, 0, bytes);
    set->slots = slots;
    set->degree = (uint8_t)degree;
    for (uint32_t i = 0; i < old_count; i += BUCKET) {
        uint32_t hashes[BUCKET];
        uint32_t count = pick_nonzero(old + i, BUCKET, hashes);
        place_all(slots, bucket_mask(set), hashes, count, BUCKET, &placed);
    }
    arena_release(arena, old, old_count * sizeof(*old));
    return NULL;
}

/* Clears hashes that are not kept; how many are. */
VECTORISED static uint32_t clear_unsampled(uint32_t *slots, uint32_t slot_count, uint32_t mask)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < slot_count; i++) {
        uint32_t hash = (slots[i] & mask) == 0 ? slots[i] : 0;
        slots[i] = hash;
        kept += hash != 0;
    }
    return kept;
}

/* The next bucket that holds a hash that belongs into another one. */
static uint32_t next_with_strangers(const uint32_t *slots, uint32_t bucket, uint32_t end)
{
    for (; bucket < end; bucket++) {
        const uint32_t *at = slots + (size_t)bucket * BUCKET;
        uint32_t strangers = 0;
        for (uint32_t i = 0; i < BUCKET; i++) {
            strangers |= at[i] == 0 ? 0 : (at[i] >> HOME_SHIFT) ^ bucket;
        }
        if ((strangers & (end - 1)) != 0) {
            break;
        }
    }
    return bucket;
}

#if defined(__x86_64__)
WIDE static uint32_t next_with_strangers_wide(const uint32_t *slots, uint32_t bucket, uint32_t end)
{
    __m512i mask = _mm512_set1_epi32((int)(end - 1));
    for (; bucket < end; bucket++) {
        __m512i hashes = _mm512_load_si512(slots + (size_t)bucket * BUCKET);
        __m512i moved = _mm512_xor_si512(_mm512_srli_epi32(hashes, HOME_SHIFT), _mm512_set1_epi32((int)bucket));
        if ((_mm512_test_epi32_mask(moved, mask) & _mm512_test_epi32_mask(hashes, hashes)) != 0) {
            break;
        }
    }
    return bucket;
}
#else
#define next_with_strangers_wide next_with_strangers
#endif

static bool is_full(const uint32_t *bucket)
{
    uint32_t equal, unused;
    bucket_search(bucket, 1, &equal, &unused);
    return unused == 0;
}

/* Hashes of a bucket that belong into another one are put where a search finds them. */
static void settle(uint32_t *slots, uint32_t bucket, uint32_t mask)
{
    uint32_t *at = slots + (size_t)bucket * BUCKET;
    uint32_t placed;
    for (uint32_t i = 0; i < BUCKET; i++) {
        uint32_t hash = at[i];
        if (hash != 0 && (((hash >> HOME_SHIFT) ^ bucket) & mask) != 0) {
            at[i] = 0;
            place_all(slots, mask, &hash, 1, 1, &placed);
        }
    }
}

/* Only hashes with `skip` low zero bits stay, each where a search finds it. */
static void sample(struct sample_set *set, uint8_t skip)
{
    uint32_t *slots = set->slots;
    bool wide = is_wide();
    set->skip = skip;
    if (slots == NULL) {
        return;
    }
    uint32_t mask = bucket_mask(set);
    uint32_t end = mask + 1;
    set->count = clear_unsampled(slots, 1U << set->degree, (1U << skip) - 1) + set->has_zero;
    /* what had to make way moves back; then, once the end is settled, what had gone over it */
    for (uint32_t b = 0; b < end; b++) {
        b = wide ? next_with_strangers_wide(slots, b, end) : next_with_strangers(slots, b, end);
        if (b < end) {
            settle(slots, b, mask);
        }
    }
    for (uint32_t b = 0; b < end; b++) {
        bool full = is_full(slots + (size_t)b * BUCKET);
        settle(slots, b, mask);
        if (!full) {
            break;
        }
    }
}

/* A young table of many hashes, of which few came twice, becomes a list; otherwise it stays a table. */
static struct err *grow_up(struct sample_set *set, struct arena *arena)
{
    if (set->seen > set->count + set->count / 4) {
        set->form = SAMPLE_TABLE;
        return NULL;
    }
    uint32_t degree = set->degree + 2U < DEGREE_MAX ? set->degree + 2U : DEGREE_MAX;
    uint32_t *list = ARENA_ARRAY(arena, uint32_t, (size_t)1 << degree);
    if (list == NULL) {
        return arena_error(arena);
    }
    set->count = pick_nonzero(set->slots, 1U << set->degree, list);
    arena_release(arena, set->slots, ((size_t)1 << set->degree) * sizeof(*list));
    set->slots = list;
    set->degree = (uint8_t)degree;
    set->form = SAMPLE_LIST;
    return NULL;
}

/* Room for one more. */
static struct err *make_room(struct sample_set *set, struct arena *arena)
{
    struct err *err = NULL;
    if (set->slots == NULL) {
        OR_DONE(grow(set, arena, DEGREE_MIN));
    }
    while (set->form != SAMPLE_LIST && set->count > 1U << (set->degree - 1)) {
        if (set->count > COUNT_MAX) {
            sample(set, (uint8_t)(set->skip + 1));
        } else if (set->form == SAMPLE_YOUNG && set->degree >= YOUNG_DEGREE) {
            OR_DONE(grow_up(set, arena));
        } else {
            uint32_t degree = set->degree + 2U;
            OR_DONE(grow(set, arena, degree < DEGREE_MAX ? degree : DEGREE_MAX));
        }
    }
done:
    return err;
}

/* --- adding ------------------------------------------------------------------------------------------------------ */

/* Those that are kept and not 0, moved to the front. */
#define PICK_ONE(hash)                                                                                                 \
    hashes[kept] = (hash);                                                                                             \
    kept += ((hash)&mask) == 0 && (hash) != 0

static uint32_t pick_narrow(uint32_t *hashes, uint32_t count, uint32_t mask)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t hash = hashes[i];
        PICK_ONE(hash);
    }
    return kept;
}

#if defined(__x86_64__)
WIDE static uint32_t pick_wide(uint32_t *hashes, uint32_t count, uint32_t mask)
{
    uint32_t kept = 0, i = 0;
    __m512i masks = _mm512_set1_epi32((int)mask);
    for (; i + 16 <= count; i += 16) {
        __m512i values = _mm512_loadu_si512(hashes + i);
        __mmask16 take = _mm512_testn_epi32_mask(values, masks) & _mm512_test_epi32_mask(values, values);
        _mm512_storeu_si512(hashes + kept, _mm512_maskz_compress_epi32(take, values));
        kept += (uint32_t)__builtin_popcount(take);
    }
    for (; i < count; i++) {
        uint32_t hash = hashes[i];
        PICK_ONE(hash);
    }
    return kept;
}
#else
#define pick_wide pick_narrow
#endif

static uint32_t pick_kept(const struct sample_set *set, uint32_t *hashes, uint32_t count)
{
    uint32_t mask = (1U << set->skip) - 1;
    return is_wide() ? pick_wide(hashes, count, mask) : pick_narrow(hashes, count, mask);
}

static bool any_zero(const uint32_t *hashes, uint32_t count)
{
    bool zero = false;
    for (uint32_t i = 0; i < count; i++) {
        zero |= hashes[i] == 0;
    }
    return zero;
}

static struct err *add_zero(struct sample_set *set, struct arena *arena)
{
    set->count += !set->has_zero && set->form != SAMPLE_LIST;
    set->has_zero = true;
    return make_room(set, arena);
}

/* Are there more than COUNT_MAX different hashes? True is certain: each bit stands for one at least. */
static bool exceed_max(const uint32_t *hashes, uint32_t count)
{
    uint64_t bits[BITMAP_WORDS] = {0};
    uint32_t found = 0;
    for (uint32_t i = 0; i < count && found <= COUNT_MAX;) {
        for (uint32_t end = count - i < 1024 ? count : i + 1024; i < end; i++) {
            uint64_t *word = &bits[hashes[i] / (UINT32_MAX / BITMAP_WORDS + 1U)];
            uint64_t bit = (uint64_t)1 << (hashes[i] / (UINT32_MAX / BITMAP_WORDS / 64 + 1U) % 64);
            found += (*word & bit) == 0;
            *word |= bit;
        }
    }
    return found > COUNT_MAX;
}

/* As a list: only hashes with `skip` low zero bits stay; then fewer, as long as it is certain that there are too many.
 */
static void list_thin(struct sample_set *set, uint8_t skip)
{
    set->skip = skip;
    set->count = pick_kept(set, set->slots, set->count);
    while (set->count > COUNT_MAX && set->skip < SKIP_MAX && exceed_max(set->slots, set->count)) {
        set->skip++;
        set->count = pick_kept(set, set->slots, set->count);
    }
}

/* The list's hashes as a table, in another arena if need be; the list is used up. */
static struct err *list_to_table(struct sample_set *set, struct arena *arena)
{
    struct err *err = NULL;
    uint32_t *list = set->slots;
    uint32_t count = set->count;
    uint32_t degree = DEGREE_MIN;
    while (degree < DEGREE_MAX && count > 1U << (degree - 1)) {
        degree++;
    }
    set->slots = NULL;
    set->form = SAMPLE_TABLE;
    set->count = set->has_zero;
    OR_DONE(grow(set, arena, degree));
    OR_DONE(sample_set_add(set, arena, list, count));
done:
    return err;
}

/* Room for one more in a list; or it is none any more. */
static struct err *list_room(struct sample_set *set, struct arena *arena)
{
    struct err *err = NULL;
    size_t bytes = ((size_t)1 << set->degree) * sizeof(uint32_t);
    if (set->count < 1U << set->degree) {
        return NULL;
    }
    if (set->degree < DEGREE_MAX) {
        uint32_t degree = set->degree + 2U < DEGREE_MAX ? set->degree + 2U : DEGREE_MAX;
        uint32_t *list = arena_grow(arena, set->slots, bytes, bytes, ((size_t)1 << degree) * sizeof(*list));
        if (list == NULL) {
            return arena_error(arena);
        }
        set->slots = list;
        set->degree = (uint8_t)degree;
        return NULL;
    }
    list_thin(set, set->skip);
    if (set->count > LIST_THIN_MAX) { /* there are many of some */
        uint32_t *list = set->slots;
        OR_DONE(list_to_table(set, arena));
        arena_release(arena, list, bytes);
    }
done:
    return err;
}

struct err *sample_set_add(struct sample_set *set, struct arena *arena, uint32_t *hashes, uint32_t count)
{
    struct err *err = NULL;
    uint32_t done;
    if (!set->has_zero && any_zero(hashes, count)) {
        OR_DONE(add_zero(set, arena));
    }
    count = pick_kept(set, hashes, count);
    for (; count > 0; count = pick_kept(set, hashes, count)) {
        if (set->form == SAMPLE_LIST) {
            OR_DONE(list_room(set, arena));
            count = pick_kept(set, hashes, count); /* skip may be greater now */
        }
        if (set->form == SAMPLE_LIST) {
            uint32_t left = (1U << set->degree) - set->count;
            done = count < left ? count : left;
            memcpy(set->slots + set->count, hashes, done * sizeof(*hashes));
            set->count += done;
            hashes += done;
            count -= done;
            continue;
        }
        OR_DONE(make_room(set, arena));
        uint32_t room = (1U << (set->degree - 1)) - set->count;
        set->count += place_all(set->slots, bucket_mask(set), hashes, count, room, &done);
        set->seen += done;
        OR_DONE(make_room(set, arena));
        hashes += done;
        count -= done;
    }
done:
    return err;
}

#define BATCH 32U /* rows whose buckets are fetched ahead */

/* How many rows of a batch are placed: up to one that needs room. */
#define PLACE_GROUPS(name, attribute, search)                                                                          \
    attribute static uint32_t name(char *sets, uint32_t stride, const uint32_t *groups, const uint32_t *hashes,        \
                                   uint32_t count)                                                                     \
    {                                                                                                                  \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            struct sample_set *set = (struct sample_set *)(void *)(sets + (size_t)groups[i] * stride);                 \
            uint32_t hash = hashes[i];                                                                                 \
            if (!is_kept(set, hash) || (hash == 0 && set->has_zero)) {                                                 \
                continue;                                                                                              \
            }                                                                                                          \
            if (hash == 0 || set->slots == NULL || (set->form == SAMPLE_LIST && set->count >> set->degree != 0)) {     \
                return i;                                                                                              \
            }                                                                                                          \
            if (set->form == SAMPLE_LIST) {                                                                            \
                set->slots[set->count++] = hash;                                                                       \
                continue;                                                                                              \
            }                                                                                                          \
            set->seen++;                                                                                               \
            PLACE(search, set->slots, bucket_mask(set), hash, set->count)                                              \
            if (set->count > 1U << (set->degree - 1)) {                                                                \
                return i;                                                                                              \
            }                                                                                                          \
        }                                                                                                              \
        return count;                                                                                                  \
    }
PLACE_GROUPS(place_groups_narrow, , bucket_search)
PLACE_GROUPS(place_groups_wide, WIDE, bucket_search_wide)

struct err *sample_set_add_groups(char *sets, uint32_t stride, const uint32_t *groups, struct arena *arena,
                                  const uint32_t *hashes, uint32_t count)
{
    struct err *err = NULL;
    bool wide = is_wide();
    for (uint32_t begin = 0; begin < count;) {
        uint32_t rows = count - begin < BATCH ? count - begin : BATCH;
        for (uint32_t i = begin; i < begin + rows; i++) {
            const struct sample_set *set = (const struct sample_set *)(void *)(sets + (size_t)groups[i] * stride);
            if (set->degree > DEGREE_MIN && is_kept(set, hashes[i])) {
                __builtin_prefetch(set->slots + (size_t)((hashes[i] >> HOME_SHIFT) & bucket_mask(set)) * BUCKET);
            }
        }
        uint32_t done = wide ? place_groups_wide(sets, stride, groups + begin, hashes + begin, rows)
                             : place_groups_narrow(sets, stride, groups + begin, hashes + begin, rows);
        begin += done;
        if (done < rows) {
            uint32_t hash = hashes[begin];
            struct sample_set *set = (struct sample_set *)(void *)(sets + (size_t)groups[begin] * stride);
            OR_DONE(make_room(set, arena));
            OR_DONE(sample_set_add(set, arena, &hash, 1));
            begin++;
        }
    }
done:
    return err;
}

static void skip_to(struct sample_set *set, uint8_t skip)
{
    if (skip > set->skip && set->form == SAMPLE_LIST) {
        list_thin(set, skip);
    } else if (skip > set->skip) {
        sample(set, skip);
    }
}

struct err *sample_set_merge(struct sample_set *into, struct arena *arena, const struct sample_set *from)
{
    struct err *err = NULL;
    if (from->slots == NULL) {
        return NULL;
    }
    if (into->slots == NULL) {
        *into = *from;
        return NULL;
    }
    skip_to(into, from->skip);
    if (from->has_zero) {
        OR_DONE(add_zero(into, arena));
    }
    uint32_t length = from->form == SAMPLE_LIST ? from->count : 1U << from->degree;
    for (uint32_t i = 0; i < length; i += BUCKET * BUCKET) {
        uint32_t hashes[BUCKET * BUCKET];
        uint32_t slots = length - i;
        slots = slots < BUCKET * BUCKET ? slots : BUCKET * BUCKET;
        memcpy(hashes, from->slots + i, slots * sizeof(*hashes));
        slots = pick_kept(into, hashes, slots); /* no free slots: those are 0 */
        OR_DONE(sample_set_add(into, arena, hashes, slots));
    }
done:
    return err;
}

/* --- the estimate ------------------------------------------------------------------------------------------------ */

/* CRC-32C of a word, as the SSE 4.2 instruction computes it from all ones. */
static uint32_t crc32c_word(uint64_t word)
{
    uint32_t crc = UINT32_MAX;
    for (uint32_t bit = 0; bit < 64; bit++) {
        uint32_t low = (crc ^ (uint32_t)(word >> bit)) & 1;
        crc = (crc >> 1) ^ (low ? 0x82F63B78U : 0);
    }
    return crc;
}

/* The set as a table: itself, or (of a list) another one in an arena beside, which is the caller's then. */
static struct err *as_table(const struct sample_set *set, struct arena *arena, struct sample_set *out,
                            struct arena **beside)
{
    struct err *err = NULL;
    *out = *set;
    *beside = NULL;
    if (set->form != SAMPLE_LIST) {
        return NULL;
    }
    *beside = arena_beside(arena);
    if (*beside == NULL) {
        return err_oom();
    }
    out->slots = ARENA_ARRAY(*beside, uint32_t, set->count + 1U);
    if (out->slots == NULL) {
        err = arena_error(*beside);
        goto done;
    }
    memcpy(out->slots, set->slots, set->count * sizeof(*out->slots));
    list_thin(out, out->skip);
    OR_DONE(list_to_table(out, *beside));
done:
    return err;
}

static uint64_t table_size(const struct sample_set *set)
{
    if (set->skip == 0) {
        return set->count;
    }
    uint64_t size = (uint64_t)set->count << set->skip;
    /* the bits that sampling cannot know are filled in, so that results are not all round */
    size += crc32c_word(set->count) & ((1ULL << set->skip) - 1);
    double all = 4294967296.0;
    if (size >= 4294967296U) {
        return 4294967296U;
    }
    return (uint64_t)round(all * (log(all) - log(all - (double)size)));
}

struct err *sample_set_size(const struct sample_set *set, struct arena *arena, uint64_t *size)
{
    struct sample_set table;
    struct arena *beside;
    struct err *err = as_table(set, arena, &table, &beside);
    *size = err == NULL ? table_size(&table) : 0;
    arena_destroy(beside);
    return err;
}

/* --- bytes ------------------------------------------------------------------------------------------------------- */

/* How many low bits are zero, then the hashes: 0 first, the others in the order of their slots. */
static void write_table(const struct sample_set *set, struct state_writer *writer)
{
    static const uint32_t zero;
    state_put_byte(writer, set->skip);
    state_put_count(writer, set->count);
    state_put(writer, &zero, set->has_zero ? sizeof(zero) : 0);
    for (uint32_t b = 0; set->slots != NULL && b < 1U << set->degree; b += BUCKET) {
        uint32_t slots[BUCKET] = {0};
        uint32_t hashes[BUCKET];
        uint32_t count = pick_nonzero(set->slots + b, BUCKET, hashes);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t slot = hashes[i] >> SLOT_SHIFT;
            while (slots[slot % BUCKET] != 0) {
                slot++;
            }
            slots[slot % BUCKET] = hashes[i];
        }
        pick_nonzero(slots, BUCKET, hashes);
        state_put(writer, hashes, count * sizeof(*hashes));
    }
}

struct err *sample_set_write(const struct sample_set *set, struct state_writer *writer)
{
    struct sample_set table;
    struct arena *beside;
    struct err *err = as_table(set, writer->arena, &table, &beside);
    if (err == NULL) {
        write_table(&table, writer);
        err = state_writer_error(writer);
    }
    arena_destroy(beside);
    return err;
}

struct err *sample_set_read(struct sample_set *set, struct arena *arena, struct state_reader *reader)
{
    struct err *err = NULL;
    uint8_t skip;
    uint64_t count;
    uint32_t hash;
    OR_DONE(state_take_byte(reader, SKIP_MAX, &skip));
    OR_DONE(state_take_elements(reader, sizeof(hash), COUNT_MAX, &count));
    skip_to(set, count > 0 ? skip : 0);
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, &hash, sizeof(hash)));
        OR_DONE(sample_set_add(set, arena, &hash, 1));
    }
done:
    return err;
}
