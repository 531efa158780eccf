/*
 * codecs.c: what each codec costs: blocks of values that it is for, encoded as merges do, decoded, and, where they are
 * whole numbers, asked for a range as they are packed, in ns a value and GB of values per second of processor time, the
 * best of several runs. One line each, tab-separated. For bench/scan.py.
 *
 * values   CHUNK_ROWS_MAX a block, BLOCKS blocks, so that neither they nor what is decoded stay in the caches near the core
 * bytes    of values in memory: a number's width; a text's bytes; a code's four
 */
#include "base/arena.h"
#include "storage/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCKS 256U
#define RUNS   5
#define WORDS  200U /* of the dictionary */

static uint64_t random_state = 0x9e3779b97f4a7c15ULL;

static uint64_t next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double cpu_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(struct err *err)
{
    if (err != NULL) {
        (void)fprintf(stderr, "codecs: %s\n", err_message(err));
        exit(1);
    }
}

static void *there(void *memory)
{
    if (memory == NULL) {
        (void)fputs("codecs: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

/* ---- values */

enum shape {
    SHAPE_ONE,
    SHAPE_NOISE,
    SHAPE_SMALL,
    SHAPE_SEQUENCE,
    SHAPE_CENTS,
    SHAPE_FEW,
    SHAPE_MOSTLY,
    SHAPE_RUNS,
    SHAPE_CENTS_RISING,
    SHAPE_HEX,
    SHAPE_ID,
    SHAPE_WORDS,
    SHAPE_SENTENCES,
    SHAPE_CODES,
    SHAPE_CODES_SORTED
};

static int64_t number_of(enum shape shape, uint64_t row)
{
    static const int32_t few[] = {-200, 204, 404, 500, -7, 1000, 1, 30000, 8, 77};
    switch (shape) {
    case SHAPE_ONE:
        return 42;
    case SHAPE_SMALL: /* a few outliers */
        return (int64_t)(next() % 1000 == 0 ? next() % 1000000000 : next() % 5000);
    case SHAPE_SEQUENCE:
        return (int64_t)(row * 10 + next() % 10);
    case SHAPE_FEW:
        return (int64_t)few[next() % 10] * 1000003;
    case SHAPE_MOSTLY:
        return next() % 20 == 0 ? (int64_t)(next() % 1000000) : 0;
    case SHAPE_RUNS:
        return (int64_t)(row / 300) * 1000003 % 65521;
    default:
        return (int64_t)next();
    }
}

static double real_of(enum shape shape, uint64_t row)
{
    return shape == SHAPE_CENTS          ? (double)(next() % 100000) / 100
           : shape == SHAPE_CENTS_RISING ? (double)(row + next() % 2) / 100
                                         : (double)next() * 1.1e-7;
}

static struct slice text_of(struct arena *arena, enum shape shape)
{
    static const char *const words[] = {"error", "timeout", "user", "connection", "refused", "by", "host", "after"};
    char text[256];
    size_t length = 0;
    if (shape == SHAPE_HEX) {
        length = (size_t)snprintf(text, sizeof(text), "%016llx", (unsigned long long)next());
    } else if (shape == SHAPE_ID) {
        length = (size_t)snprintf(text, sizeof(text), "order-%010llu", (unsigned long long)(next() % 10000000000));
    } else if (shape == SHAPE_WORDS) {
        length = (size_t)snprintf(text, sizeof(text), "/api/v%u/items/%u", (unsigned)(next() % 3),
                                  (unsigned)(next() % 100000));
    } else {
        for (unsigned k = 0; k < 8; k++) {
            length += (size_t)snprintf(text + length, sizeof(text) - length, "%s ", words[next() % 8]);
        }
    }
    struct slice copy = arena_slice(arena, slice_of(text, length));
    (void)there((void *)(uintptr_t)copy.data);
    return copy;
}

static struct column *dictionary_make(struct arena *arena)
{
    struct column *column = there(column_new(arena, type_simple(TYPE_STRING), WORDS));
    struct slice *texts = column->values;
    for (uint32_t i = 0; i < WORDS; i++) {
        texts[i] = slice_text(there(arena_format(arena, "word-%03u", i)));
    }
    return column;
}

static struct column *column_make(struct arena *arena, const struct type *type, enum shape shape, uint32_t block,
                                  const struct column *dictionary)
{
    if (shape == SHAPE_CODES || shape == SHAPE_CODES_SORTED) {
        uint32_t *codes = there(ARENA_ARRAY(arena, uint32_t, CHUNK_ROWS_MAX));
        for (uint32_t row = 0; row < CHUNK_ROWS_MAX; row++) {
            codes[row] = shape == SHAPE_CODES ? (uint32_t)(next() % WORDS) : block * WORDS / BLOCKS / 2 + row / 4096;
        }
        return there(column_dict(arena, type, codes, CHUNK_ROWS_MAX, dictionary, 1));
    }
    struct column *column = there(column_new(arena, type, CHUNK_ROWS_MAX));
    for (uint32_t row = 0; row < CHUNK_ROWS_MAX; row++) {
        uint64_t place = (uint64_t)block * CHUNK_ROWS_MAX + row;
        char *to = (char *)column->values + (size_t)row * type->width;
        if (type->kind == TYPE_STRING) {
            struct slice text = text_of(arena, shape);
            memcpy(to, &text, sizeof(text));
        } else if (type->kind == TYPE_FLOAT64) {
            double value = real_of(shape, place);
            memcpy(to, &value, sizeof(value));
        } else {
            int64_t value = number_of(shape, place);
            memcpy(to, &value, type->width);
        }
    }
    return column;
}

static uint64_t bytes_of(const struct column *column)
{
    uint64_t bytes = 0;
    if (column->form == COLUMN_DICT) {
        return (uint64_t)column->row_count * sizeof(uint32_t);
    }
    const struct slice *texts = column->values;
    for (uint32_t row = 0; row < column->row_count && column->type->kind == TYPE_STRING; row++) {
        bytes += texts[row].length;
    }
    return column->type->kind == TYPE_STRING ? bytes : (uint64_t)column->row_count * column->type->width;
}

/* ---- one codec */

static const struct subject {
    const char *says;
    enum type_kind kind;
    enum shape shape;
    bool fresh; /* as ingest encodes it, not merges */
} subjects[] = {
    {"one number", TYPE_UINT32, SHAPE_ONE, false},
    {"random numbers", TYPE_UINT64, SHAPE_NOISE, false},
    {"numbers below 5000, few outliers", TYPE_UINT32, SHAPE_SMALL, false},
    {"a rising sequence", TYPE_INT64, SHAPE_SEQUENCE, false},
    {"floats with two decimals", TYPE_FLOAT64, SHAPE_CENTS, false},
    {"rising floats with two decimals", TYPE_FLOAT64, SHAPE_CENTS_RISING, false},
    {"random floats", TYPE_FLOAT64, SHAPE_NOISE, false},
    {"ten numbers far apart", TYPE_INT64, SHAPE_FEW, false},
    {"mostly zero", TYPE_UINT32, SHAPE_MOSTLY, false},
    {"runs of 300", TYPE_INT64, SHAPE_RUNS, false},
    {"16 hex digits", TYPE_STRING, SHAPE_HEX, false},
    {"prefixed ids", TYPE_STRING, SHAPE_ID, false},
    {"paths, as ingested", TYPE_STRING, SHAPE_WORDS, true},
    {"paths, merged", TYPE_STRING, SHAPE_WORDS, false},
    {"sentences, as ingested", TYPE_STRING, SHAPE_SENTENCES, true},
    {"sentences, merged", TYPE_STRING, SHAPE_SENTENCES, false},
    {"200 words", TYPE_STRING, SHAPE_CODES, false},
    {"200 words, sorted", TYPE_STRING, SHAPE_CODES_SORTED, false},
};

/* Numbers that are not below the first one, by the packed form: seconds for all blocks; 0: they are not told so. */
static double filter_measure(const struct buffer *all, const size_t *ends, const struct column *first)
{
    double best = 1e9;
    bool known = number_ranges_suit(first->type);
    if (!known) {
        return 0;
    }
    struct arena *work = there(arena_create(NULL));
    struct number_range range = number_range_of_type(first->type);
    range.low = number_order(first->type, first->values);
    const struct number_ranges ranges = {1, &range};
    for (int run = 0; run < RUNS && known; run++) {
        double begin = cpu_now();
        for (uint32_t b = 0; b < BLOCKS && known; b++) {
            uint64_t bits[CHUNK_ROWS_MAX / 64];
            size_t from = b == 0 ? 0 : ends[b - 1];
            must(codec_filter(work, slice_of(all->data + from, ends[b] - from), first->type, CHUNK_ROWS_MAX, &ranges,
                              bits, &known));
            arena_reset(work);
        }
        double seconds = cpu_now() - begin;
        best = seconds < best ? seconds : best;
    }
    arena_destroy(work);
    return known ? best : 0;
}

static void measure(const struct subject *subject)
{
    struct arena *values = there(arena_create(NULL)), *work = there(arena_create(NULL));
    const struct type *type = type_simple(subject->kind);
    const struct column *dictionary = dictionary_make(values);
    struct codec_scratch scratch = {.cold = !subject->fresh};
    struct column *columns[BLOCKS];
    struct buffer all = {0};
    size_t ends[BLOCKS];
    uint64_t bytes = 0;
    double encode_best = 1e9, decode_best = 1e9, copy_best = 1e9;

    for (uint32_t b = 0; b < BLOCKS; b++) {
        columns[b] = column_make(values, type, subject->shape, b, dictionary);
        bytes += bytes_of(columns[b]);
    }
    for (int run = 0; run < RUNS; run++) {
        double begin = cpu_now();
        all.length = 0;
        for (uint32_t b = 0; b < BLOCKS; b++) {
            must(codec_encode(columns[b], &scratch, &all, NULL));
            ends[b] = all.length;
        }
        double seconds = cpu_now() - begin;
        encode_best = seconds < encode_best ? seconds : encode_best;
    }
    if (all.failed) {
        must(err_oom());
    }
    for (int run = 0; run < RUNS; run++) {
        double begin = cpu_now();
        for (uint32_t b = 0; b < BLOCKS; b++) {
            struct column *column;
            size_t from = b == 0 ? 0 : ends[b - 1];
            must(codec_decode(work, slice_of(all.data + from, ends[b] - from), type, CHUNK_ROWS_MAX, dictionary, 1,
                              &column));
            arena_reset(work);
        }
        double seconds = cpu_now() - begin;
        decode_best = seconds < decode_best ? seconds : decode_best;
    }
    double filter_best = filter_measure(&all, ends, columns[0]);
    char *from = there(calloc(bytes, 1)), *to = there(calloc(bytes, 1));
    for (int run = 0; run < RUNS; run++) {
        double begin = cpu_now();
        memcpy(to, from, bytes);
        double seconds = cpu_now() - begin;
        copy_best = seconds < copy_best ? seconds : copy_best;
        from[(size_t)run % bytes] = to[0];
    }
    free(from);
    free(to);
    double rows = (double)BLOCKS * CHUNK_ROWS_MAX, gigabytes = (double)bytes / 1e9;
    enum codec codec = codec_of_block(slice_of(all.data, ends[0]), CHUNK_ROWS_MAX);
    printf("%s\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t", subject->says, codec_name(codec), (double)bytes / rows,
           (double)all.length / rows, encode_best / rows * 1e9, decode_best / rows * 1e9, gigabytes / decode_best,
           copy_best / decode_best);
    printf(filter_best == 0 ? "–\n" : "%.3f\n", filter_best / rows * 1e9);
    buffer_deinit(&all);
    codec_scratch_deinit(&scratch);
    arena_destroy(work);
    arena_destroy(values);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        measure(&subjects[i]);
    }
    return 0;
}
