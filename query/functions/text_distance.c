/*
 * text_distance.c: how far two texts are from each other: Hamming, Levenshtein, Damerau, Jaro, Winkler, Jaccard,
 * n-grams.
 *
 * bounds   what needs a table of both lengths takes 65,536 bytes a text at most
 * sources  V. I. Levenshtein (1966); F. J. Damerau (1964); M. A. Jaro (1989); W. E. Winkler (1990)
 * thread   any, no shared state
 */
#include "query/functions/row.h"

#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { BYTES, POINTS };
#define TEXT_UNITS_MAX 65536U

static struct err *too_long(struct row_call *call)
{
    return err_new(ERR_STRING_TOO_LARGE, "function %s takes texts of %u bytes at most", call->function->name,
                   TEXT_UNITS_MAX);
}

/* The text as numbers: its bytes or its code points. */
static struct err *units_of(struct row_call *call, struct slice text, bool points, uint32_t **out, uint32_t *count)
{
    *count = 0;
    if (text.length > TEXT_UNITS_MAX) {
        return too_long(call);
    }
    *out = ARENA_ARRAY(call->buffer.arena, uint32_t, text.length + 1);
    if (*out == NULL) {
        return arena_error(call->buffer.arena);
    }
    for (size_t at = 0; at < text.length;) {
        utf8proc_int32_t point = (unsigned char)text.data[at];
        size_t used = 1;
        if (points) {
            utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                       (utf8proc_ssize_t)(text.length - at), &point);
            if (length > 0) {
                used = (size_t)length;
            } else {
                point = (unsigned char)text.data[at];
            }
        }
        (*out)[(*count)++] = (uint32_t)point;
        at += used;
    }
    return NULL;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static struct err *run_levenshtein(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    uint32_t *a;
    uint32_t *b;
    uint32_t a_count;
    uint32_t b_count;
    OR_DONE(units_of(call, call->arguments[0].text, call->tag == POINTS, &a, &a_count));
    OR_DONE(units_of(call, call->arguments[1].text, call->tag == POINTS, &b, &b_count));
    uint32_t *row = ARENA_ARRAY(call->buffer.arena, uint32_t, b_count + 1U);
    if (row == NULL) {
        return arena_error(call->buffer.arena);
    }
    for (uint32_t j = 0; j <= b_count; j++) {
        row[j] = j;
    }
    for (uint32_t i = 0; i < a_count; i++) {
        uint32_t diagonal = row[0];
        row[0] = i + 1;
        for (uint32_t j = 0; j < b_count; j++) {
            uint32_t above = row[j + 1];
            row[j + 1] = least(diagonal + (a[i] != b[j]), least(above, row[j]) + 1);
            diagonal = above;
        }
    }
    out->natural = row[b_count];
done:
    return err;
}

/* With swaps of neighbours, no piece edited twice (optimal string alignment). */
static struct err *run_damerau(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice a = call->arguments[0].text;
    struct slice b = call->arguments[1].text;
    if (a.length > TEXT_UNITS_MAX || b.length > TEXT_UNITS_MAX) {
        return too_long(call);
    }
    size_t width = b.length + 1;
    uint32_t *rows = ARENA_ARRAY(call->buffer.arena, uint32_t, width * 3);
    if (rows == NULL) {
        return arena_error(call->buffer.arena);
    }
    for (size_t j = 0; j < width; j++) {
        rows[j] = (uint32_t)j;
    }
    for (size_t i = 1; i <= a.length; i++) {
        uint32_t *here = rows + i % 3 * width;
        const uint32_t *above = rows + (i - 1) % 3 * width;
        const uint32_t *before = rows + (i + 1) % 3 * width;
        here[0] = (uint32_t)i;
        for (size_t j = 1; j <= b.length; j++) {
            uint32_t best = least(above[j - 1] + (a.data[i - 1] != b.data[j - 1]), least(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1]) {
                best = least(best, before[j - 2] + 1);
            }
            here[j] = best;
        }
    }
    out->natural = rows[a.length % 3 * width + b.length];
    return err;
}

static struct err *run_hamming(struct row_call *call, union row_value *out)
{
    struct slice a = call->arguments[0].text;
    struct slice b = call->arguments[1].text;
    size_t both = a.length < b.length ? a.length : b.length;
    uint64_t count = (a.length > b.length ? a.length : b.length) - both;
    for (size_t i = 0; i < both; i++) {
        count += a.data[i] != b.data[i];
    }
    out->natural = count;
    return NULL;
}

static struct err *run_jaro(struct row_call *call, union row_value *out)
{
    struct slice a = call->arguments[0].text;
    struct slice b = call->arguments[1].text;
    if (a.length > TEXT_UNITS_MAX || b.length > TEXT_UNITS_MAX) {
        return too_long(call);
    }
    if (a.length == 0 || b.length == 0) {
        out->real = (double)(a.length + b.length); /* so ClickHouse has it */
        return NULL;
    }
    char *taken = arena_zalloc(call->buffer.arena, a.length + b.length);
    if (taken == NULL) {
        return arena_error(call->buffer.arena);
    }
    size_t most = a.length > b.length ? a.length : b.length;
    size_t window = most / 2 > 0 ? most / 2 - 1 : 0;
    double matches = 0;
    for (size_t i = 0; i < a.length; i++) {
        size_t from = i > window ? i - window : 0;
        for (size_t j = from; j < b.length && j <= i + window; j++) {
            if (taken[a.length + j] == 0 && a.data[i] == b.data[j]) {
                taken[i] = taken[a.length + j] = 1;
                matches++;
                break;
            }
        }
    }
    if (matches == 0) {
        return NULL;
    }
    double crossed = 0;
    for (size_t i = 0, j = 0; i < a.length; i++) {
        if (taken[i] != 0) {
            while (taken[a.length + j] == 0) {
                j++;
            }
            crossed += a.data[i] != b.data[j++];
        }
    }
    crossed = floor(crossed / 2);
    double jaro = (matches / (double)a.length + matches / (double)b.length + (matches - crossed) / matches) / 3;
    if (call->tag == 1 && jaro > 0.7) { /* Winkler: a common beginning counts */
        size_t prefix = 0;
        while (prefix < 4 && prefix < a.length && prefix < b.length && a.data[prefix] == b.data[prefix]) {
            prefix++;
        }
        jaro += 0.1 * (double)prefix * (1 - jaro);
        jaro = jaro > 1 ? 1 : jaro;
    }
    out->real = jaro;
    return NULL;
}

static int compare_units(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t distinct(uint32_t *values, uint32_t count)
{
    uint32_t kept = 0;
    qsort(values, count, sizeof(*values), compare_units);
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || values[kept - 1] != values[i]) {
            values[kept++] = values[i];
        }
    }
    return kept;
}

/* Jaccard's index of the sets of characters. */
static struct err *run_jaccard(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    uint32_t *sets[2];
    uint32_t sizes[2];
    for (int side = 0; side < 2; side++) {
        uint32_t *units;
        uint32_t count;
        OR_DONE(units_of(call, call->arguments[side].text, call->tag == POINTS, &units, &count));
        sets[side] = ARENA_ARRAY(call->buffer.arena, uint32_t, count + 1U);
        if (sets[side] == NULL) {
            return arena_error(call->buffer.arena);
        }
        for (uint32_t i = 0; i < count; i++) {
            sets[side][i] = units[i];
        }
        sizes[side] = distinct(sets[side], count);
    }
    uint32_t shared = 0;
    for (uint32_t i = 0, j = 0; i < sizes[0] && j < sizes[1];) {
        shared += sets[0][i] == sets[1][j];
        bool step = sets[0][i] <= sets[1][j];
        j += sets[1][j] <= sets[0][i];
        i += step;
    }
    uint32_t all = sizes[0] + sizes[1] - shared;
    out->real = all == 0 ? 0 : (double)shared / all;
done:
    return err;
}

#define ROWS(name, tag, shape, result, run, about)                                                                     \
    ROW_FULL(name, false, 2, 2, FUNCTION_CAN_FAIL, tag, shape, result, 0, run, about)
static const struct row_function rows[] = {
    ROWS("editDistance", BYTES, "ss", TYPE_UINT64, run_levenshtein, "Levenshtein's distance of two texts, of bytes."),
    ROWS("editDistanceUTF8", POINTS, "ss", TYPE_UINT64, run_levenshtein,
         "Levenshtein's distance of two texts, of characters."),
    ROWS("damerauLevenshteinDistance", 0, "ss", TYPE_UINT64, run_damerau,
         "Damerau's distance of two texts: Levenshtein's with swaps of neighbours."),
    ROWS("byteHammingDistance", 0, "ss", TYPE_UINT64, run_hamming, "The number of bytes that differ."),
    ROWS("jaroSimilarity", 0, "ss", TYPE_FLOAT64, run_jaro, "Jaro's similarity of two texts, 0 to 1."),
    ROWS("jaroWinklerSimilarity", 1, "ss", TYPE_FLOAT64, run_jaro, "Jaro's similarity, more for a common beginning."),
    ROWS("stringJaccardIndex", BYTES, "ss", TYPE_FLOAT64, run_jaccard, "Jaccard's index of two texts' sets of bytes."),
    ROWS("stringJaccardIndexUTF8", POINTS, "ss", TYPE_FLOAT64, run_jaccard,
         "Jaccard's index of two texts' sets of characters."),
};
static const struct function_alias aliases[] = {
    {"levenshteinDistance", false, "editDistance"},
    {"levenshteinDistanceUTF8", false, "editDistanceUTF8"},
    {"mismatches", false, "byteHammingDistance"},
};
const struct function_group functions_text_distance = ROW_GROUP(rows, aliases);
