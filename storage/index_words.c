/*
 * index_words.c: see index_words.h.
 */
#include "storage/index_words.h"

#include "base/checksum.h"

#include <simde/x86/sse2.h>
#include <string.h>

#define PIECE  64U /* bytes of a text at a time */
#define SPREAD 0x9e3779b97f4a7c15U

/* A bit for each byte that is part of a word: digits, letters, and all beyond ASCII. */
static uint64_t classify_16(const char *text)
{
    simde__m128i bytes = simde_mm_loadu_si128(text);
    simde__m128i letters =
        simde_mm_sub_epi8(simde_mm_or_si128(bytes, simde_mm_set1_epi8(0x20)), simde_mm_set1_epi8('a'));
    simde__m128i digits = simde_mm_sub_epi8(bytes, simde_mm_set1_epi8('0'));
    simde__m128i words =
        simde_mm_or_si128(simde_mm_cmpeq_epi8(simde_mm_min_epu8(letters, simde_mm_set1_epi8(25)), letters),
                          simde_mm_cmpeq_epi8(simde_mm_min_epu8(digits, simde_mm_set1_epi8(9)), digits));
    return (uint64_t)(uint32_t)simde_mm_movemask_epi8(simde_mm_or_si128(words, bytes));
}

static uint64_t classify(const char *text, size_t length)
{
    uint64_t mask = 0;
    uint32_t at = 0;
    for (; at + 16 <= PIECE && at + 16 <= length; at += 16) {
        mask |= classify_16(text + at) << at;
    }
    if (at < PIECE && at < length) {
        char last[16] = {0};
        memcpy(last, text + at, length - at);
        mask |= classify_16(last) << at;
    }
    return mask;
}

/* The first 8 bytes, zeros behind shorter words: no byte of a word is zero. readable: bytes from the word's first on.
 */
static uint64_t start_of(struct slice word, size_t readable)
{
    uint64_t start = 0;
    if (readable < 8) {
        memcpy(&start, word.data, word.length);
        return start;
    }
    memcpy(&start, word.data, 8);
    return word.length >= 8 ? start : start & (((uint64_t)1 << word.length * 8) - 1);
}

static bool visit_word(struct word_memo *memo, struct slice word, size_t readable, index_visit *visit, void *user)
{
    uint64_t start = start_of(word, readable), end;
    uint64_t *known = &memo->starts[start * SPREAD >> 54];
    size_t length = word.length < INDEX_PREFIX ? word.length : INDEX_PREFIX;
    if (*known != start) {
        *known = start;
        if (!visit(user, checksum(word.data, length))) {
            return false;
        }
    }
    if (word.length <= INDEX_PREFIX) {
        return true;
    }
    memcpy(&end, word.data + word.length - 8, 8);
    struct slice *other = &memo->words[(start * SPREAD + end) * SPREAD >> 55];
    if (other->length == word.length && memcmp(other->data, word.data, word.length) == 0) {
        return true;
    }
    *other = word;
    return visit(user, checksum(word.data, word.length));
}

bool index_words_visit(struct word_memo *memo, struct slice text, index_visit *visit, void *user)
{
    size_t begin = 0; /* of the word that is open */
    bool open = false;
    for (size_t at = 0; at < text.length; at += PIECE) {
        uint64_t mask = classify(text.data + at, text.length - at);
        uint64_t before = mask << 1 | (open ? 1U : 0U);
        uint64_t begins = mask & ~before;
        for (uint64_t ends = ~mask & before; ends != 0; ends &= ends - 1) {
            if (!open) {
                begin = at + (uint32_t)__builtin_ctzll(begins);
                begins &= begins - 1;
            }
            open = false;
            size_t end = at + (uint32_t)__builtin_ctzll(ends);
            if (!visit_word(memo, slice_of(text.data + begin, end - begin), text.length - begin, visit, user)) {
                return false;
            }
        }
        if (begins != 0) {
            begin = at + (uint32_t)__builtin_ctzll(begins);
            open = true;
        }
    }
    return !open ||
           visit_word(memo, slice_of(text.data + begin, text.length - begin), text.length - begin, visit, user);
}
