/*
 * index_words.c: see index_words.h.
 */
#include "storage/index_words.h"

#include "base/checksum.h"
#include "base/vector.h"

#include <string.h>

#define PIECE  512U /* bytes of a text at a time */
#define SPREAD 0x9e3779b97f4a7c15U

/* A bit for each byte that is part of a word: digits, letters, and all beyond ASCII. */
VECTORISED static void classify(const char *text, uint32_t length, uint64_t masks[PIECE / 64])
{
    uint8_t classes[PIECE];
    for (uint32_t i = 0; i < length; i++) {
        uint8_t byte = (uint8_t)text[i];
        uint8_t digit = (uint8_t)(byte - '0') < 10, letter = (uint8_t)((byte | 0x20) - 'a') < 26, other = byte >= 0x80;
        classes[i] = digit | letter | other;
    }
    for (uint32_t i = length; i < (length + 63) / 64 * 64; i++) {
        classes[i] = 0;
    }
    for (uint32_t i = 0; i < (length + 63) / 64; i++) {
        uint64_t mask = 0;
        for (uint32_t k = 0; k < 8; k++) {
            uint64_t eight;
            memcpy(&eight, classes + i * 64 + k * 8, 8);
            mask |= (eight * 0x0102040810204080U >> 56) << k * 8; /* the lowest bits of eight bytes */
        }
        masks[i] = mask;
    }
}

/* The first 8 bytes, zeros behind shorter words: no byte of a word is zero. readable: bytes from the word's first on.
 */
static uint64_t start_of(struct slice word, size_t readable)
{
    uint64_t start = 0;
    if (word.length >= 8) {
        memcpy(&start, word.data, 8);
    } else if (readable >= 8) {
        memcpy(&start, word.data, 8);
        start &= ((uint64_t)1 << word.length * 8) - 1;
    } else {
        memcpy(&start, word.data, word.length);
    }
    return start;
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
    uint64_t masks[PIECE / 64];
    size_t begin = 0; /* of the word that is open */
    bool open = false;
    for (size_t at = 0; at < text.length; at += PIECE) {
        uint32_t length = text.length - at < PIECE ? (uint32_t)(text.length - at) : PIECE;
        classify(text.data + at, length, masks);
        for (uint32_t i = 0; i < (length + 63) / 64; i++) {
            uint64_t changes = masks[i] ^ (masks[i] << 1 | (open ? 1U : 0U));
            for (; changes != 0; changes &= changes - 1) {
                size_t place = at + i * 64 + (uint32_t)__builtin_ctzll(changes);
                if (open &&
                    !visit_word(memo, slice_of(text.data + begin, place - begin), text.length - begin, visit, user)) {
                    return false;
                }
                begin = place;
                open = !open;
            }
        }
    }
    return !open ||
           visit_word(memo, slice_of(text.data + begin, text.length - begin), text.length - begin, visit, user);
}
