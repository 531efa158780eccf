/*
 * search_literal.c: LIKE '%literal%', 'literal%', '%literal': which of many strings contain, begin or end with it?
 *
 * how      strings of a column mostly stand side by side in memory: they are searched as one text, 64 bytes at a time,
 *          for the literal's first two bytes and its last one, which rarely meet; a place where all of it stands counts
 *          when it lies in one string
 * thread   any, no shared state
 */
#include "query/functions/search_literal.h"

#include "base/vector.h"

#include <string.h>

#define BLOCK 64U

/* Could the literal begin at one of BLOCK places? last: the distance of its last byte. */
VECTORISED static bool block_may(const char *data, size_t last, char first, char second, char end)
{
    uint8_t any = 0;
    for (uint32_t i = 0; i < BLOCK; i++) {
        any |= (uint8_t)((data[i] == first) & (data[i + 1] == second) & (data[i + last] == end));
    }
    return any != 0;
}

/* texts[0..count) stand side by side. */
static void search_together(const struct slice *texts, uint32_t count, struct slice literal, uint8_t *found)
{
    const char *at = texts[0].data;
    const char *end = texts[count - 1].data + texts[count - 1].length;
    char first = literal.data[0], second = literal.data[1], last = literal.data[literal.length - 1];
    uint32_t row = 0;
    while ((size_t)(end - at) >= literal.length) {
        size_t places = (size_t)(end - at) - literal.length + 1;
        if (places >= BLOCK) {
            if (!block_may(at, literal.length - 1, first, second, last)) {
                at += BLOCK;
                continue;
            }
            places = BLOCK;
        }
        const char *next = at + places;
        while (at < next) {
            if (at[0] != first || at[1] != second || memcmp(at, literal.data, literal.length) != 0) {
                at++;
                continue;
            }
            while (texts[row].data + texts[row].length <= at) {
                row++;
            }
            const char *row_end = texts[row].data + texts[row].length;
            if (literal.length <= (size_t)(row_end - at)) {
                found[row] = 1;
                at = row_end;
            } else {
                at++;
            }
        }
    }
}

void literal_contained(const struct slice *texts, uint32_t count, struct slice literal, uint8_t *found)
{
    memset(found, 0, count);
    for (uint32_t begin = 0; begin < count;) {
        uint32_t end = begin + 1;
        while (end < count && slice_end(texts[end - 1]) == texts[end].data) {
            end++;
        }
        if (literal.length == 0) {
            memset(found + begin, 1, end - begin);
        } else if (literal.length == 1) {
            for (uint32_t i = begin; i < end; i++) {
                found[i] = texts[i].length > 0 && memchr(texts[i].data, literal.data[0], texts[i].length) != NULL;
            }
        } else {
            search_together(texts + begin, end - begin, literal, found + begin);
        }
        begin = end;
    }
}

void literal_at_begin(const struct slice *texts, uint32_t count, struct slice literal, uint8_t *found)
{
    if (literal.length == 0 || literal.length > 8) {
        for (uint32_t i = 0; i < count; i++) {
            found[i] = texts[i].length >= literal.length &&
                       (literal.length == 0 || memcmp(texts[i].data, literal.data, literal.length) == 0);
        }
        return;
    }
    uint64_t mask = literal.length == 8 ? UINT64_MAX : ((uint64_t)1 << literal.length * 8) - 1;
    uint64_t wanted = 0;
    memcpy(&wanted, literal.data, literal.length);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t word;
        if (texts[i].length >= 8) {
            memcpy(&word, texts[i].data, 8);
            found[i] = (word & mask) == wanted;
        } else {
            found[i] = texts[i].length >= literal.length && memcmp(texts[i].data, literal.data, literal.length) == 0;
        }
    }
}

void literal_at_end(const struct slice *texts, uint32_t count, struct slice literal, uint8_t *found)
{
    for (uint32_t i = 0; i < count; i++) {
        found[i] = texts[i].length >= literal.length &&
                   (literal.length == 0 ||
                    memcmp(texts[i].data + texts[i].length - literal.length, literal.data, literal.length) == 0);
    }
}
