/*
 * codec_decode_strings.c: strings and plain bytes of blocks; finding one without decoding them.
 *
 * flow     codec_decode.c, segment_reader.c (codec_find_text) → here
 * input    hostile: every length is checked against the block before it is used
 */
#include "base/vector.h"
#include "storage/bitpack.h"
#include "storage/codec_layout.h"
#include "storage/codec_read.h"

#include <lz4.h>
#include <zstd.h>

/* The rest of the block as `bytes` bytes that this codec packed: in place, or unpacked into the arena. */
static struct err *unpack_bytes(struct arena *arena, struct block_reader *reader, enum codec codec, size_t bytes,
                                const char **out)
{
    if (codec == CODEC_PLAIN) {
        *out = (const char *)codec_take(reader, bytes);
        return reader->failed ? codec_corrupt("its values end early") : NULL;
    }
    if (codec != CODEC_LZ4 && codec != CODEC_ZSTD) {
        return codec_corrupt("unknown codec of its bytes");
    }
    size_t packed = (size_t)(reader->end - reader->at);
    if (codec == CODEC_ZSTD && ZSTD_getFrameContentSize(reader->at, packed) != bytes) {
        return codec_corrupt("its ZSTD bytes are not as many as it says");
    }
    char *data = arena_array(arena, bytes, 1);
    if (data == NULL) {
        return arena_error(arena);
    }
    if (codec == CODEC_ZSTD) {
        size_t unpacked = ZSTD_decompress(data, bytes, reader->at, packed);
        if (ZSTD_isError(unpacked) || unpacked != bytes) {
            return codec_corrupt("its ZSTD bytes cannot be unpacked");
        }
    } else if (LZ4_decompress_safe((const char *)reader->at, data, (int)packed, (int)bytes) != (int)bytes) {
        return codec_corrupt("its LZ4 bytes cannot be unpacked");
    }
    reader->at = reader->end;
    *out = data;
    return NULL;
}

struct err *codec_read_values(struct arena *arena, struct block_reader *reader, enum codec codec, uint32_t count,
                              uint32_t width, void *out)
{
    const char *data = NULL;
    struct err *err = unpack_bytes(arena, reader, codec, (size_t)count * width, &data);
    if (err != NULL) {
        return err;
    }
    if (codec != CODEC_ZSTD) {
        memcpy(out, data, (size_t)count * width);
        return NULL;
    }
    for (uint32_t b = 0; b < width; b++) { /* a plane for each byte of a value */
        for (uint32_t k = 0; k < count; k++) {
            ((char *)out)[(size_t)k * width + b] = data[(size_t)b * count + k];
        }
    }
    return NULL;
}

struct err *codec_read_strings(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out)
{
    uint32_t *lengths = ARENA_ARRAY(arena, uint32_t, count);
    if (lengths == NULL) {
        return arena_error(arena);
    }
    struct err *err = codec_read_frame(reader, count, 4, lengths);
    if (err != NULL) {
        return err;
    }
    uint64_t bytes = codec_number(reader, 4), sum = 0;
    for (uint32_t k = 0; k < count; k++) {
        sum += lengths[k];
    }
    if (reader->failed || sum != bytes || bytes > STRINGS_BYTES_MAX) {
        return codec_corrupt("the lengths of its strings");
    }
    const char *heap = NULL;
    enum codec codec = (enum codec)codec_number(reader, 1);
    err = unpack_bytes(arena, reader, codec, bytes, &heap);
    if (err != NULL) {
        return err;
    }
    for (uint32_t k = 0; k < count; k++) {
        out[k] = slice_of(heap, lengths[k]);
        heap += lengths[k];
    }
    return NULL;
}

VECTORISED static void hex_all(const uint8_t *data, size_t bytes, char *out)
{
    for (size_t k = 0; k < bytes; k++) {
        uint8_t high = data[k] >> 4, low = data[k] & 15;
        out[k * 2] = (char)(high + (high > 9 ? 'a' - 10 : '0'));
        out[k * 2 + 1] = (char)(low + (low > 9 ? 'a' - 10 : '0'));
    }
}

struct err *codec_read_hex(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out)
{
    size_t length = codec_number(reader, 1);
    const uint8_t *data = codec_take(reader, count * length / 2);
    if (reader->failed || length % 2 != 0 || length == 0) {
        return codec_corrupt("its hex strings");
    }
    char *heap = arena_array(arena, count, length);
    if (heap == NULL) {
        return arena_error(arena);
    }
    hex_all(data, count * length / 2, heap);
    for (uint32_t k = 0; k < count; k++) {
        out[k] = slice_of(heap + k * length, length);
    }
    return NULL;
}

/* ---- templates */

#define TEXT_SLACK 16U /* bytes that are copied at once */

struct template
{
    size_t length;
    const uint8_t *text; /* of the first string */
    uint32_t places;
    uint16_t place[TEMPLATE_LENGTH_MAX];
    uint32_t symbol_count;
    const uint8_t *symbols;
    uint32_t width;
    const uint8_t *packed;
};

static struct err *take_template(struct block_reader *reader, uint32_t count, struct template *template)
{
    template->length = codec_number(reader, 2);
    if (reader->failed || template->length == 0 || template->length > TEMPLATE_LENGTH_MAX) {
        return codec_corrupt("the length of its template");
    }
    template->text = codec_take(reader, template->length);
    const uint8_t *bitmap = codec_take(reader, (template->length + 7) / 8);
    template->symbol_count = (uint32_t)codec_number(reader, 1);
    template->symbols = codec_take(reader, template->symbol_count);
    if (reader->failed || template->symbol_count == 0 || template->symbol_count > TEMPLATE_SYMBOLS_MAX) {
        return codec_corrupt("the symbols of its template");
    }
    template->places = 0;
    for (uint32_t c = 0; c < template->length; c++) {
        if (bitmap[c / 8] >> c % 8 & 1) {
            template->place[template->places++] = (uint16_t)c;
        }
    }
    template->width = bitpack_width(template->symbol_count - 1);
    template->packed = codec_take(reader, bitpack_bytes(count * template->places, template->width));
    return reader->failed ? codec_corrupt("a template's strings end early") : NULL;
}

/* Places that follow each other, eight at the most: which bytes of eight are theirs, and the template's others. */
struct template_run {
    uint32_t place, places;
    uint64_t theirs, others;
};

static uint32_t template_runs(const struct template *template, const char *text, struct template_run *runs)
{
    uint32_t count = 0;
    for (uint32_t p = 0, places; p < template->places; p += places) {
        uint32_t place = template->place[p];
        for (places = 1; places < 8 && p + places < template->places && template->place[p + places] == place + places;
             places++) {
        }
        uint64_t theirs = places == 8 ? UINT64_MAX : ((uint64_t)1 << 8 * places) - 1, word;
        memcpy(&word, text + place, 8);
        runs[count++] = (struct template_run){place, places, theirs, word & ~theirs};
    }
    return count;
}

/* Codes become symbols; returns the greatest code. Symbols are mostly a few in a row (digits), or two rows (and letters). */
VECTORISED static uint8_t put_symbols(uint8_t *codes, size_t count, const uint8_t *symbols, uint32_t symbol_count)
{
    uint8_t table[256] = {0}, most = 0, second = 0;
    uint32_t first = 1, end;
    while (first < symbol_count && symbols[first] == symbols[first - 1] + 1) {
        first++;
    }
    for (end = first + 1; end < symbol_count && symbols[end] == symbols[end - 1] + 1; end++) {
    }
    for (size_t k = 0; k < count; k++) {
        most = codes[k] > most ? codes[k] : most;
    }
    if (end >= symbol_count) {
        uint8_t base = symbols[0], split = (uint8_t)first;
        second = first < symbol_count ? (uint8_t)(symbols[first] - first - base) : 0;
        for (size_t k = 0; k < count; k++) {
            codes[k] = (uint8_t)(codes[k] + base + (codes[k] >= split ? second : 0));
        }
        return most;
    }
    memcpy(table, symbols, symbol_count);
    for (size_t k = 0; k < count; k++) {
        codes[k] = table[codes[k]];
    }
    return most;
}

struct err *codec_read_template(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out)
{
    struct template template;
    struct template_run runs[TEMPLATE_LENGTH_MAX];
    uint8_t codes[CHUNK_ROWS_MAX / 8 + BITPACK_SLACK], most = 0;
    char text[TEMPLATE_LENGTH_MAX + TEXT_SLACK] = {0};
    struct err *err = take_template(reader, count, &template);
    if (err != NULL) {
        return err;
    }
    const size_t length = template.length;
    char *heap = arena_alloc(arena, count * length + TEXT_SLACK); /* rows are written a little beyond their ends */
    if (heap == NULL) {
        return arena_error(arena);
    }
    memcpy(text, template.text, length);
    uint32_t run_count = template_runs(&template, text, runs);
    /* as many rows at a time as begin at a whole byte and have room in codes */
    uint32_t rows = (uint32_t)(CHUNK_ROWS_MAX / 8) / (template.places + 1) / 8 * 8;
    rows = rows == 0 ? 8 : rows;
    uint8_t *unpacked =
        rows * template.places + 8 <= sizeof(codes) ? codes : arena_alloc(arena, (size_t)rows * template.places + 8);
    if (unpacked == NULL) {
        return arena_error(arena);
    }
    for (uint32_t begin = 0; begin < count; begin += rows) {
        uint32_t end = count - begin < rows ? count : begin + rows;
        const uint8_t *packed = template.packed + (size_t)begin * template.places * template.width / 8;
        const size_t code_count = (size_t)(end - begin) * template.places;
        bitpack_unpack8(packed, (uint32_t)code_count, template.width, 0, unpacked);
        const uint8_t greatest = put_symbols(unpacked, code_count, template.symbols, template.symbol_count);
        const uint8_t *symbol = unpacked;
        most = greatest > most ? greatest : most;
        for (uint32_t k = begin; k < end; k++) {
            char *to = heap + (size_t)k * length;
            for (size_t at = 0; at < length; at += TEXT_SLACK) {
                memcpy(to + at, text + at, TEXT_SLACK);
            }
            for (uint32_t r = 0; r < run_count; r++) {
                uint64_t word;
                memcpy(&word, symbol, 8);
                word = (word & runs[r].theirs) | runs[r].others;
                memcpy(to + runs[r].place, &word, 8);
                symbol += runs[r].places;
            }
            out[k] = slice_of(to, length);
        }
    }
    return most < template.symbol_count ? NULL : codec_corrupt("a symbol lies outside its template");
}

/* ---- some rows */

/* Bits [bit, bit + width) of packed ones, width up to 56; eight bytes may be read there. */
static inline uint64_t bits_at(const uint8_t *packed, size_t bit, uint32_t width)
{
    uint64_t word;
    memcpy(&word, packed + bit / 8, 8);
    return word >> bit % 8 & (((uint64_t)1 << width) - 1);
}

struct err *codec_pick_hex(struct arena *arena, struct block_reader *reader, uint32_t rows, const uint32_t *positions,
                           uint32_t count, struct slice *out)
{
    size_t length = codec_number(reader, 1);
    const uint8_t *data = codec_take(reader, rows * length / 2);
    if (reader->failed || length % 2 != 0 || length == 0) {
        return codec_corrupt("its hex strings");
    }
    char *heap = arena_array(arena, count, length);
    if (heap == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        out[k] = slice_of(heap + k * length, length);
        hex_all(data + positions[k] * (length / 2), length / 2, heap + k * length);
    }
    return NULL;
}

struct err *codec_pick_template(struct arena *arena, struct block_reader *reader, uint32_t rows,
                                const uint32_t *positions, uint32_t count, struct slice *out)
{
    struct template template;
    struct err *err = take_template(reader, rows, &template);
    if (err != NULL) {
        return err;
    }
    char *heap = arena_array(arena, count, template.length);
    if (heap == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        char *text = heap + (size_t)k * template.length;
        size_t bit = (size_t)positions[k] * template.places * template.width;
        memcpy(text, template.text, template.length);
        for (uint32_t p = 0; p < template.places; p++, bit += template.width) {
            uint64_t symbol = bits_at(template.packed, bit, template.width);
            if (symbol >= template.symbol_count) {
                return codec_corrupt("a symbol lies outside its template");
            }
            text[template.place[p]] = (char)template.symbols[symbol];
        }
        out[k] = slice_of(text, template.length);
    }
    return NULL;
}

/* ---- finding */

/* The text's digits two to a byte; false: it has others, or is longer than there is room. */
static bool hex_pack(struct slice text, uint8_t *out, size_t room)
{
    if (text.length / 2 > room) {
        return false;
    }
    for (size_t k = 0; k < text.length; k++) {
        char c = text.data[k];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) {
            return false;
        }
        out[k / 2] = (uint8_t)(k % 2 == 0 ? digit << 4 : out[k / 2] | digit);
    }
    return true;
}

VECTORISED static uint32_t find_words(const uint8_t *data, uint32_t count, size_t stride, uint64_t word,
                                      uint32_t *positions)
{
    uint32_t found = 0;
    uint32_t k = 0;
    for (; stride == 8 && k + 8 <= count; k += 8) { /* mostly none is */
        uint64_t words[8], any = 0;
        memcpy(words, data + (size_t)k * 8, sizeof(words));
        for (uint32_t i = 0; i < 8; i++) {
            any |= words[i] == word;
        }
        for (uint32_t i = 0; any != 0 && i < 8; i++) {
            positions[found] = k + i;
            found += words[i] == word;
        }
    }
    for (; k < count; k++) {
        uint64_t here;
        memcpy(&here, data + k * stride, 8);
        positions[found] = k;
        found += here == word;
    }
    return found;
}

/* The text's symbols as they are packed, with slack behind them; false: no string of the template is this text. */
static bool template_pack(const struct template *template, struct slice text, uint8_t *packed)
{
    uint64_t codes[TEMPLATE_LENGTH_MAX];
    uint32_t place = 0;
    if (text.length != template->length) {
        return false;
    }
    for (uint32_t c = 0; c < template->length; c++) {
        if (place == template->places || template->place[place] != c) {
            if ((uint8_t)text.data[c] != template->text[c]) {
                return false;
            }
            continue;
        }
        const uint8_t *symbol = memchr(template->symbols, text.data[c], template->symbol_count);
        if (symbol == NULL) {
            return false;
        }
        codes[place++] = (uint64_t)(symbol - template->symbols);
    }
    bitpack_pack(codes, template->places, template->width, packed);
    return true;
}

static void find_in_template(struct block_reader *reader, uint32_t row_count, struct slice text, uint32_t *positions,
                             uint32_t *count, bool *known)
{
    struct template template;
    uint8_t wanted[TEMPLATE_LENGTH_MAX + 2 * BITPACK_SLACK];
    struct err *err = take_template(reader, row_count, &template);
    *known = err == NULL && reader->at == reader->end;
    err_free(err);
    if (!*known || !template_pack(&template, text, wanted)) {
        return;
    }
    size_t bits = (size_t) template.places * template.width;
    uint32_t first_bits = bits < 56 ? (uint32_t)bits : 56;
    uint64_t first = bits_at(wanted, 0, first_bits);
    for (uint32_t k = 0; k < row_count; k++) {
        if (bits_at(template.packed, k * bits, first_bits) != first) {
            continue;
        }
        bool same = true;
        for (size_t at = first_bits; same && at < bits; at += 56) {
            uint32_t width = bits - at < 56 ? (uint32_t)(bits - at) : 56;
            same = bits_at(template.packed, k * bits + at, width) == bits_at(wanted, at, width);
        }
        positions[*count] = k;
        *count += same;
    }
}

void codec_find_text(struct slice block, uint32_t row_count, struct slice text, uint32_t *positions, uint32_t *count,
                     bool *known)
{
    const uint8_t *data = (const uint8_t *)block.data;
    uint8_t packed[64];
    *known = false;
    *count = 0;
    if (block.length < BITPACK_SLACK + 3 || data[0] != NULLS_NONE) {
        return;
    }
    if (data[1] == CODEC_TEMPLATE) {
        struct block_reader reader = {.at = data + 2, .end = data + block.length - BITPACK_SLACK};
        find_in_template(&reader, row_count, text, positions, count, known);
        return;
    }
    if (data[1] != CODEC_HEX) {
        return;
    }
    size_t length = data[2];
    size_t stride = length / 2;
    if (length == 0 || length % 2 != 0 || block.length - BITPACK_SLACK - 3 != row_count * stride) {
        return;
    }
    *known = true;
    if (text.length != length || !hex_pack(text, packed, sizeof(packed))) {
        *known = text.length / 2 <= sizeof(packed) || text.length != length;
        return;
    }
    data += 3;
    if (stride >= 8) {
        uint64_t word;
        memcpy(&word, packed, 8);
        uint32_t found = find_words(data, row_count, stride, word, positions);
        for (uint32_t k = 0; k < found; k++) {
            positions[*count] = positions[k];
            *count += memcmp(data + positions[k] * stride, packed, stride) == 0;
        }
        return;
    }
    for (uint32_t k = 0; k < row_count; k++) {
        positions[*count] = k;
        *count += memcmp(data + k * stride, packed, stride) == 0;
    }
}
