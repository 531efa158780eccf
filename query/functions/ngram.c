/*
 * ngram.c: how alike two texts are by their n-grams: ngramDistance (0 alike, 1 not) and ngramSearch (how many of the
 * needle's are there), of four bytes or three letters.
 *
 * how      a counter for each hash of 16 bits (CRC-32C), as ClickHouse has it, so that results agree to the last bit.
 *          In any case: ASCII by its bytes; of UTF-8 the bits that differ between most letters' cases are cleared.
 * thread   any; the counters belong to a call
 */
#include "query/functions/row.h"

#define GRAM_SLOTS 65536U
#define TEXT_MAX   32768U /* longer texts are not alike */

enum gram_form { GRAM_DISTANCE = 0, GRAM_SEARCH = 1, GRAM_ANY_CASE = 2, GRAM_UTF8 = 4 };

/* CRC-32C of eight bytes, bit by bit through a table of sixteen: as the processor's instruction, without it. */
static uint32_t crc32c(uint32_t crc, uint64_t value)
{
    static const uint32_t table[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
                                       0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                       0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
    for (int i = 0; i < 16; i++) {
        crc = table[(crc ^ value) & 15] ^ (crc >> 4);
        value >>= 4;
    }
    return crc;
}

static size_t letter_bytes(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
}

static uint32_t letter_at(struct slice text, size_t at, size_t bytes, bool any_case)
{
    uint32_t letter = 0;
    memcpy(&letter, text.data + at, bytes);
    if (any_case) {
        letter &= ~0x20U;
        letter &= bytes >= 2 ? ~0x2001U : ~0U;
        letter &= bytes >= 3 ? ~0x200000U : ~0U;
        letter &= bytes >= 4 ? ~0x20000000U : ~0U;
    }
    return letter;
}

/* Hashes of all n-grams; room for a hash per byte. */
static uint32_t grams_of(struct slice text, int form, uint16_t *out)
{
    bool any_case = (form & GRAM_ANY_CASE) != 0;
    uint32_t count = 0;
    if ((form & GRAM_UTF8) != 0) {
        uint32_t letters[3] = {0};
        uint32_t seen = 0;
        for (size_t at = 0; at < text.length;) {
            size_t bytes = letter_bytes((unsigned char)text.data[at]);
            bytes = bytes > text.length - at ? text.length - at : bytes;
            letters[0] = letters[1];
            letters[1] = letters[2];
            letters[2] = letter_at(text, at, bytes, any_case);
            at += bytes;
            if (++seen >= 3) {
                out[count++] = (uint16_t)crc32c(letters[2], (uint64_t)letters[0] << 32 | letters[1]);
            }
        }
        return count;
    }
    for (size_t at = 0; at + 4 <= text.length; at++) {
        unsigned char four[4];
        uint32_t word;
        memcpy(four, text.data + at, 4);
        for (int k = 0; any_case && k < 4; k++) {
            four[k] = four[k] >= 'A' && four[k] <= 'Z' ? four[k] | 0x20 : four[k];
        }
        memcpy(&word, four, 4);
        out[count++] = (uint16_t)crc32c(UINT32_MAX, word);
    }
    return count;
}

struct grams {
    uint16_t counters[GRAM_SLOTS]; /* all zero between rows */
    uint16_t text[TEXT_MAX], needle[TEXT_MAX];
};

static struct err *run_grams(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    struct slice needle = call->arguments[1].text;
    bool search = (call->tag & GRAM_SEARCH) != 0;
    if (text.length > TEXT_MAX || needle.length > TEXT_MAX) {
        out->real = search ? 0 : 1;
        return NULL;
    }
    if (call->kept == NULL) {
        call->kept = arena_zalloc(call->buffer.arena, sizeof(struct grams));
        if (call->kept == NULL) {
            return arena_error(call->buffer.arena);
        }
    }
    struct grams *grams = call->kept;
    uint32_t needle_count = grams_of(needle, call->tag, grams->needle);
    uint32_t text_count = grams_of(text, call->tag, grams->text);
    uint32_t distance = needle_count;
    for (uint32_t k = 0; k < needle_count; k++) {
        grams->counters[grams->needle[k]]++;
    }
    for (uint32_t k = 0; k < text_count; k++) {
        uint16_t *counter = &grams->counters[grams->text[k]];
        if ((int16_t)*counter > 0) {
            distance--;
        } else if (!search) {
            distance++;
        }
        --*counter;
    }
    for (uint32_t k = 0; k < needle_count; k++) {
        grams->counters[grams->needle[k]] = 0;
    }
    for (uint32_t k = 0; k < text_count; k++) {
        grams->counters[grams->text[k]] = 0;
    }
    uint32_t all = search ? needle_count : needle_count + text_count;
    float part = (float)distance * 1.0F / (float)(all == 0 ? 1 : all);
    out->real = search ? (double)(1.0F - part) : (double)part;
    return NULL;
}

static struct err *resolve_grams(const struct function_bind *bind, struct function *out)
{
    for (uint32_t i = 0; i < 2; i++) {
        if (bind->arguments[i].type->kind != TYPE_STRING) {
            return argument_error(bind, i, "a String is needed");
        }
    }
    if (bind->arguments[1].constant != NULL &&
        ((const struct slice *)bind->arguments[1].constant->values)->length > TEXT_MAX) {
        return err_new(ERR_STRING_TOO_LARGE, "function %s: the needle is longer than %u bytes", bind->name, TEXT_MAX);
    }
    return row_resolve(bind, out);
}

#define GRAMS(name, tag, about)                                                                                        \
    {                                                                                                                  \
        {name, false, 2, 2, 0, resolve_grams, tag}, "ss", TYPE_FLOAT32, 0, run_grams, about                            \
    }
static const struct row_function rows[] = {
    GRAMS("ngramDistance", GRAM_DISTANCE, "How far two texts are apart by their runs of four bytes, 0 to 1."),
    GRAMS("ngramDistanceCaseInsensitive", GRAM_DISTANCE | GRAM_ANY_CASE, "As ngramDistance, in any case."),
    GRAMS("ngramDistanceUTF8", GRAM_DISTANCE | GRAM_UTF8, "As ngramDistance, by runs of three letters."),
    GRAMS("ngramDistanceCaseInsensitiveUTF8", GRAM_DISTANCE | GRAM_UTF8 | GRAM_ANY_CASE,
          "As ngramDistanceUTF8, in any case."),
    GRAMS("ngramSearch", GRAM_SEARCH, "How much of the second text's runs of four bytes is in the first, 0 to 1."),
    GRAMS("ngramSearchCaseInsensitive", GRAM_SEARCH | GRAM_ANY_CASE, "As ngramSearch, in any case."),
    GRAMS("ngramSearchUTF8", GRAM_SEARCH | GRAM_UTF8, "As ngramSearch, by runs of three letters."),
    GRAMS("ngramSearchCaseInsensitiveUTF8", GRAM_SEARCH | GRAM_UTF8 | GRAM_ANY_CASE,
          "As ngramSearchUTF8, in any case."),
};
const struct function_group functions_ngram = {.rows = rows, .row_count = sizeof(rows) / sizeof(rows[0])};
