/*
 * index.c: hashes of values, words and grams, and what a block of an index says of them (storage/index.h).
 *
 * format   docs/FORMAT.md, "Indexes": hashes and filters are stored, so this must never change
 */
#include "storage/index.h"

#include "base/checksum.h"
#include "base/vector.h"
#include "storage/catalogue.h"
#include "storage/index_bitmap.h"
#include "storage/index_words.h"

#include <math.h>
#include <stdatomic.h>

#define FILTER_BLOCK 32U
#define INDEX_RATES  65U /* bits for each hash of which the rate is remembered */

bool index_shape_is_sound(const struct type *type, enum index_kind kind, enum index_input input, uint32_t parameter)
{
    switch (kind) {
    case INDEX_GRAMS:
        return index_takes(type, kind, input) && parameter > 0 && parameter <= INDEX_GRAM_MAX;
    case INDEX_SET:
        return index_takes(type, kind, input) && parameter > 0 && parameter <= INDEX_HASHES_MAX;
    case INDEX_BITMAP:
        return input == INDEX_PLAIN && index_takes(type, kind, input) && parameter == 0;
    case INDEX_VALUES:
    case INDEX_WORDS:
        return index_takes(type, kind, input) && parameter == 0;
    }
    return false;
}

const char *index_kind_name(enum index_kind kind)
{
    static const char *const names[] = {[INDEX_VALUES] = "values",
                                        [INDEX_WORDS] = "words",
                                        [INDEX_GRAMS] = "grams",
                                        [INDEX_SET] = "set",
                                        [INDEX_BITMAP] = "bitmap"};
    return names[kind];
}

const struct type *index_input_type(const struct type *type, enum index_input input)
{
    switch (input) {
    case INDEX_MAP_KEYS:
        return type->children[0]->children[0];
    case INDEX_MAP_VALUES:
        return type->children[0]->children[1];
    case INDEX_ELEMENTS:
        return type->children[0];
    case INDEX_PLAIN:
    case INDEX_LOWER:
        break;
    }
    return type;
}

bool index_takes(const struct type *type, enum index_kind kind, enum index_input input)
{
    if (input == INDEX_MAP_KEYS || input == INDEX_MAP_VALUES) {
        return kind == INDEX_VALUES && type->kind == TYPE_MAP && type->view == TYPE_VIEW_NONE &&
               index_takes(index_input_type(type, input), kind, INDEX_PLAIN);
    }
    if (input == INDEX_ELEMENTS) {
        return (kind == INDEX_VALUES || kind == INDEX_WORDS || kind == INDEX_GRAMS) && type->kind == TYPE_ARRAY &&
               type->view == TYPE_VIEW_NONE && index_takes(index_input_type(type, input), kind, INDEX_PLAIN);
    }
    bool text =
        type->kind == TYPE_STRING && type->view == TYPE_VIEW_NONE && (type->function == NULL || type->function->simple);
    if (kind == INDEX_WORDS || kind == INDEX_GRAMS || kind == INDEX_BITMAP || input == INDEX_LOWER) {
        return text; /* bitmaps: only strings have dictionaries */
    }
    return text || (type->kind != TYPE_STRING && !type_is_nested(type) && !type_is_float(type) &&
                    type->kind != TYPE_NOTHING && type->view == TYPE_VIEW_NONE);
}

bool index_def_is_sound(const struct table_def *def, const struct index_def *index)
{
    bool filter = index->kind == INDEX_VALUES || index->kind == INDEX_WORDS || index->kind == INDEX_GRAMS;
    if (index->column >= def->column_count || index->granularity == 0 || index->kind > INDEX_BITMAP ||
        index->input > INDEX_ELEMENTS || index->bytes > INDEX_BYTES_MAX || index->bits > 64) {
        return false;
    }
    if (index->kind == 0) {
        return true;
    }
    return index->granularity <= (index->kind == INDEX_BITMAP ? BITMAP_GROUP_MAX : INDEX_GROUP_MAX) &&
           (!filter || index->bytes > 0 || index->bits > 0) &&
           index_shape_is_sound(def->columns[index->column].type, (enum index_kind)index->kind,
                                (enum index_input)index->input, index->parameter);
}

struct err *index_wishes(struct arena *arena, const struct table_def *def, struct index_wish **out, uint32_t *count)
{
    struct index_wish *wishes = ARENA_ARRAY(arena, struct index_wish, def->index_count + 1U);
    if (wishes == NULL) {
        return arena_error(arena);
    }
    *count = 0;
    for (uint32_t k = 0; k < def->index_count; k++) {
        const struct index_def *index = &def->indexes[k];
        if (index->kind != 0) {
            wishes[(*count)++] = (struct index_wish){
                .shape = {(enum index_kind)index->kind, (enum index_input)index->input, index->column, index->parameter,
                          (uint32_t)index->granularity},
                .bytes = index->bytes,
                .bits = index->bits,
            };
        }
    }
    *out = wishes;
    return NULL;
}

double index_false_rate(uint32_t bits)
{
    static _Atomic double rates[INDEX_RATES]; /* 0: not computed yet; whoever computes one finds the same */
    double known = bits < INDEX_RATES ? atomic_load_explicit(&rates[bits], memory_order_relaxed) : 0;
    if (known > 0) {
        return known;
    }
    double mean = 8.0 * FILTER_BLOCK / bits, share = exp(-mean), rate = 0, empty = 1;
    for (uint32_t count = 0; count < 1024; count++) { /* hashes that meet in one block */
        double one = 1 - empty;
        rate += share * one * one * one * one * one * one * one * one;
        share *= mean / (count + 1);
        empty *= 31.0 / 32.0;
    }
    if (bits < INDEX_RATES) {
        atomic_store_explicit(&rates[bits], rate, memory_order_relaxed);
    }
    return rate;
}

uint32_t index_bits_for(double rate)
{
    uint32_t bits = 4;
    while (bits < 64 && index_false_rate(bits) > rate) {
        bits++;
    }
    return bits;
}

/* ---- words and grams */

static bool in_word(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte & 0x80) != 0;
}

uint32_t index_word_count(struct slice text)
{
    uint32_t count = 0;
    for (size_t at = 0; at < text.length; at++) {
        count += in_word(text.data[at]) && (at == 0 || !in_word(text.data[at - 1]));
    }
    return count;
}

/* A word, or its first bytes. */
static bool visit_word(struct slice word, bool whole, index_visit *visit, void *user)
{
    if (word.length > INDEX_PREFIX || (!whole && word.length == INDEX_PREFIX)) {
        return visit(user, checksum(word.data, INDEX_PREFIX)) &&
               (!whole || visit(user, checksum(word.data, word.length)));
    }
    return !whole || visit(user, checksum(word.data, word.length));
}

static bool visit_words(struct slice text, bool begins, bool ends, index_visit *visit, void *user)
{
    for (size_t at = 0; at < text.length;) {
        if (!in_word(text.data[at])) {
            at++;
            continue;
        }
        size_t begin = at;
        while (at < text.length && in_word(text.data[at])) {
            at++;
        }
        bool first = begin > 0 || begins, last = at < text.length || ends;
        if (first && !visit_word(slice_of(text.data + begin, at - begin), last, visit, user)) {
            return false;
        }
    }
    return true;
}

static bool visit_grams(struct slice text, uint32_t bytes, index_visit *visit, void *user)
{
    for (size_t at = 0; at + bytes <= text.length; at++) {
        if (!visit(user, checksum(text.data + at, bytes))) {
            return false;
        }
    }
    return true;
}

bool index_part_hashes(const struct index_shape *shape, const struct index_part *part, index_visit *visit, void *user)
{
    switch (shape->kind) {
    case INDEX_WORDS:
        return visit_words(part->text, part->begins, part->ends, visit, user);
    case INDEX_GRAMS:
        return visit_grams(part->text, shape->parameter, visit, user);
    case INDEX_BITMAP: /* has no hashes */
        return true;
    case INDEX_VALUES:
    case INDEX_SET:
        break;
    }
    return !part->whole || visit(user, checksum(part->text.data, part->text.length));
}

/* memo: for the words of many rows. */
static bool visit_row(struct arena *arena, struct word_memo *memo, const struct index_shape *shape,
                      const struct column *column, uint32_t row, index_visit *visit, void *user)
{
    if (column_is_null(column, row)) {
        return true;
    }
    if (column->type->kind != TYPE_STRING) {
        return visit(user, column_hash(column, row));
    }
    struct slice text = *(const struct slice *)column_value(column, row);
    if (shape->input == INDEX_LOWER && text.length > 0) {
        char *lower = arena_alloc(arena, text.length);
        if (lower == NULL) {
            return false;
        }
        for (size_t k = 0; k < text.length; k++) {
            char byte = text.data[k];
            lower[k] = (char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
        }
        text.data = lower;
    }
    if (shape->kind == INDEX_WORDS) {
        return index_words_visit(memo, text, visit, user);
    }
    const struct index_part all = {text, true, true, true};
    return index_part_hashes(shape, &all, visit, user);
}

/* Rows [begin, end) of a column, each entry of a dictionary that is among them once. */
static bool visit_rows(struct arena *arena, const struct index_shape *shape, const struct column *column,
                       uint32_t begin, uint32_t end, index_visit *visit, void *user)
{
    struct word_memo *memo = shape->kind == INDEX_WORDS ? ARENA_NEW(arena, struct word_memo) : NULL;
    if (shape->kind == INDEX_WORDS && memo == NULL) {
        return false;
    }
    if (column->form == COLUMN_CONST) {
        return begin == end || visit_row(arena, memo, shape, column, 0, visit, user);
    }
    if (column->form != COLUMN_DICT) {
        for (uint32_t row = begin; row < end; row++) {
            if (!visit_row(arena, memo, shape, column, row, visit, user)) {
                return false;
            }
        }
        return true;
    }
    uint8_t *used = arena_zalloc(arena, column->dictionary->row_count + 1U);
    if (used == NULL) {
        return false;
    }
    for (uint32_t row = begin; row < end; row++) {
        used[column->codes[row]] = 1;
    }
    for (uint32_t entry = 0; entry < column->dictionary->row_count; entry++) {
        if (used[entry] && !visit_row(arena, memo, shape, column->dictionary, entry, visit, user)) {
            return false;
        }
    }
    return true;
}

/* All elements of the column's arrays, all keys or values of its maps. */
static bool visit_elements(struct arena *arena, const struct index_shape *shape, const struct column *lists,
                           index_visit *visit, void *user)
{
    const struct column *flat = column_flat(arena, lists);
    if (flat == NULL || flat->row_count == 0) {
        return flat != NULL;
    }
    const struct column *elements = flat->children[0];
    if (shape->input != INDEX_ELEMENTS) {
        elements = column_flat(arena, elements);
        elements = elements == NULL ? NULL : elements->children[shape->input == INDEX_MAP_KEYS ? 0 : 1];
    }
    return elements != NULL &&
           visit_rows(arena, shape, elements, flat->offsets[0], flat->offsets[flat->row_count], visit, user);
}

bool index_hashes(struct arena *arena, const struct index_shape *shape, const struct column *column, index_visit *visit,
                  void *user)
{
    return column->type->kind == TYPE_MAP || column->type->kind == TYPE_ARRAY
               ? visit_elements(arena, shape, column, visit, user)
               : visit_rows(arena, shape, column, 0, column->row_count, visit, user);
}

/* ---- blocks */

bool index_block_valid(const struct index_shape *shape, struct slice block)
{
    if (shape->kind == INDEX_BITMAP) {
        return index_bitmap_valid(block);
    }
    if (shape->kind != INDEX_SET) {
        return block.length > 0 && block.length % FILTER_BLOCK == 0;
    }
    uint64_t before = 0;
    for (size_t at = 0; at + 8 <= block.length; at += 8) {
        uint64_t hash;
        memcpy(&hash, block.data + at, 8);
        if (at > 0 && hash <= before) {
            return false;
        }
        before = hash;
    }
    return block.length > 0 && block.length % 8 == 0 && block.length / 8 <= shape->parameter;
}

static bool set_has(struct slice block, uint64_t hash)
{
    size_t low = 0, high = block.length / 8;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint64_t found;
        memcpy(&found, block.data + middle * 8, 8);
        if (found == hash) {
            return true;
        }
        if (found < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* Where a hash's block begins in a filter of so many bytes, and its bits there. */
static inline size_t filter_place(size_t bytes, uint64_t hash, uint32_t masks[8])
{
    static const uint32_t salts[8] = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                      0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};
    for (uint32_t k = 0; k < 8; k++) {
        masks[k] = (uint32_t)1 << ((uint32_t)hash * salts[k] >> 27);
    }
    return (size_t)((hash >> 32) * (uint64_t)(bytes / FILTER_BLOCK) >> 32) * FILTER_BLOCK;
}

/* The bits of a hash are eight lanes of one vector. */
VECTORISED void index_filter_add(char *filter, size_t bytes, const uint64_t *hashes, uint32_t count)
{
    for (uint32_t h = 0; h < count; h++) {
        uint32_t masks[8], words[8];
        char *block = filter + filter_place(bytes, hashes[h], masks);
        memcpy(words, block, sizeof(words));
        for (uint32_t w = 0; w < 8; w++) {
            words[w] |= masks[w];
        }
        memcpy(block, words, sizeof(words));
    }
}

bool index_block_has(const struct index_shape *shape, struct slice block, uint64_t hash)
{
    if (shape->kind == INDEX_SET) {
        return set_has(block, hash);
    }
    uint32_t masks[8], words[8], missing = 0;
    memcpy(words, block.data + filter_place(block.length, hash, masks), sizeof(words));
    for (uint32_t k = 0; k < 8; k++) {
        missing |= masks[k] & ~words[k];
    }
    return missing == 0;
}
