/*
 * codec_numbers.c: how a block's numbers are written: what is smallest, told by samples and counts before it is
 * written.
 *
 * flow     codec.c → here
 * wishes   a column's CODEC may ask for differences wherever they are smaller, or for frames alone (codec_wish.h)
 * choice   frame, or differences in a frame, whichever is smaller; few values, one value that is most of them, or runs
 *          of equal ones, where that saves an eighth more. A sample of 32 rows says which of these are looked at.
 * inside   runs, mostly and decimals leave numbers over that are blocks in themselves, NEST_MAX deep
 */
#include "storage/bitpack.h"
#include "storage/codec_encode.h"
#include "storage/codec_layout.h"

#include <math.h>
#include <stdlib.h>

/* ---- frames */

struct frame_plan {
    uint32_t width;
    uint32_t patches;
    uint64_t bits; /* of packed values and patches */
};

static struct frame_plan frame_of(const uint64_t *numbers, uint32_t count, uint64_t base)
{
    uint32_t histogram[65] = {0};
    for (uint32_t k = 0; k < count; k++) {
        uint64_t number = numbers[k] - base;
        histogram[number == 0 ? 0 : 64 - __builtin_clzll(number)]++;
    }
    uint32_t width = 64;
    while (width > 0 && histogram[width] == 0) {
        width--;
    }
    /* a patch costs 2 bytes for its row and 8 for its value */
    struct frame_plan best = {.width = width > 56 ? 64 : width};
    uint32_t above = 0;
    best.bits = (uint64_t)best.width * count;
    for (uint32_t w = width; w > 0; w--) {
        above += histogram[w];
        uint64_t bits = (uint64_t)(w - 1 > 56 ? 64 : w - 1) * count + (uint64_t)above * 80;
        if (bits + 64 < best.bits) {
            best = (struct frame_plan){.width = w - 1 > 56 ? 64 : w - 1, .patches = above, .bits = bits};
        }
    }
    return best;
}

static void put_frame(struct buffer *out, uint64_t *numbers, uint32_t count, uint64_t base,
                      const struct frame_plan *plan)
{
    for (uint32_t k = 0; k < count; k++) {
        numbers[k] -= base;
    }
    codec_put(out, base, 8);
    codec_put(out, plan->width, 1);
    codec_put(out, plan->patches, 2);
    if (plan->patches > 0) {
        uint64_t limit = (uint64_t)1 << plan->width;
        for (uint32_t k = 0; k < count; k++) {
            if (numbers[k] >= limit) {
                codec_put(out, k, 2);
                codec_put(out, numbers[k], 8);
                numbers[k] = 0;
            }
        }
    }
    buffer_grow(out, bitpack_bytes(count, plan->width) + 2 * BITPACK_SLACK);
    if (!out->failed) {
        bitpack_pack(numbers, count, plan->width, (uint8_t *)out->data + out->length);
        out->length += bitpack_bytes(count, plan->width);
    }
}

void codec_put_frame(struct buffer *out, uint64_t *numbers, uint32_t count, uint64_t base)
{
    struct frame_plan plan = frame_of(numbers, count, base);
    put_frame(out, numbers, count, base, &plan);
}

/* ---- looking at numbers */

bool codec_is_signed(const struct type *type)
{
    switch (type->kind) {
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_DATE32:
    case TYPE_DATETIME64:
    case TYPE_DECIMAL:
    case TYPE_ENUM8:
    case TYPE_ENUM16:
    case TYPE_INTERVAL:
        return true;
    default:
        return false;
    }
}

#define WIDEN(c_type, wide)                                                                                            \
    do {                                                                                                               \
        const c_type *values = column->values;                                                                         \
        for (uint32_t k = 0; k < count; k++) {                                                                         \
            numbers[k] = (uint64_t)(wide)values[k];                                                                    \
        }                                                                                                              \
    } while (0)

void codec_widen(const struct column *column, uint32_t count, uint64_t *numbers)
{
    bool is_signed = codec_is_signed(column->type);
    switch (column->type->width) {
    case 1:
        if (is_signed) {
            WIDEN(int8_t, int64_t);
        } else {
            WIDEN(uint8_t, uint64_t);
        }
        break;
    case 2:
        if (is_signed) {
            WIDEN(int16_t, int64_t);
        } else {
            WIDEN(uint16_t, uint64_t);
        }
        break;
    case 4:
        if (is_signed) {
            WIDEN(int32_t, int64_t);
        } else {
            WIDEN(uint32_t, uint64_t);
        }
        break;
    default:
        memcpy(numbers, column->values, (size_t)count * 8);
        break;
    }
}

/* Order of signed numbers as unsigned ones. */
#define SIGN_BIT ((uint64_t)1 << 63)

struct survey codec_survey(const uint64_t *numbers, uint32_t count, bool is_signed)
{
    uint64_t flip = is_signed ? SIGN_BIT : 0;
    uint64_t min = numbers[0] ^ flip, max = min, falls = 0, before = min;
    uint64_t low = 0, high = 0;
    uint32_t changes = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint64_t value = numbers[k] ^ flip;
        min = value < min ? value : min;
        max = value > max ? value : max;
        falls |= value < before;
        changes += value != before;
        before = value;
        low += value & 0xffffffff;
        high += value >> 32;
    }
    struct survey survey = {
        .min = min ^ flip, .max = max ^ flip, .runs = changes + 1, .sorted = falls == 0, .constant = changes == 0};
    survey.sum = (__int128)(((unsigned __int128)high << 32) + low) - (is_signed ? (__int128)SIGN_BIT * count : 0);
    return survey;
}

/* ---- plans */

#define SAMPLE_ROWS 32U
#define SAMPLED_MIN 256U /* fewer rows are not looked at further */
#define TABLE_MAX   256U
#define TABLE_SLOTS 1024U
#define INSIDE_BITS 200U /* about what a block inside costs besides its values */

struct number_plan {
    enum codec codec; /* FRAME, DELTA, TABLE, MOSTLY, RUNS */
    uint64_t bits;
    uint64_t base; /* of the frame, of values or differences */
    struct frame_plan frame;
    uint64_t value; /* MOSTLY: the one that most are */
    uint32_t count; /* TABLE: of values; MOSTLY: of others; RUNS: of runs */
    uint64_t table[TABLE_MAX];
};

/* The values that may be few: how many of the sample differ, and the most frequent one. */
static void sample(const uint64_t *numbers, uint32_t count, uint32_t *distinct, uint64_t *frequent, uint32_t *times)
{
    uint64_t values[SAMPLE_ROWS];
    uint32_t seen[SAMPLE_ROWS] = {0}, step = count / SAMPLE_ROWS;
    *distinct = 0;
    for (uint32_t k = 0; k < SAMPLE_ROWS; k++) {
        uint64_t value = numbers[k * step + k * k * 7 % step]; /* at no fixed distance */
        uint32_t at = 0;
        while (at < *distinct && values[at] != value) {
            at++;
        }
        values[at] = value;
        *distinct += at == *distinct;
        seen[at]++;
    }
    *times = 0;
    for (uint32_t k = 0; k < *distinct; k++) {
        if (seen[k] > *times) {
            *times = seen[k];
            *frequent = values[k];
        }
    }
}

static inline uint32_t table_slot(const uint64_t *slots, const uint8_t *used, uint64_t value)
{
    uint32_t slot = (uint32_t)(value * 0x9e3779b97f4a7c15ULL >> 54);
    while (used[slot] && slots[slot] != value) {
        slot = (slot + 1) % TABLE_SLOTS;
    }
    return slot;
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The values, ascending; 0: there are more than TABLE_MAX. */
static uint32_t table_of(const uint64_t *numbers, uint32_t count, uint64_t *table)
{
    uint64_t slots[TABLE_SLOTS];
    uint8_t used[TABLE_SLOTS] = {0};
    uint32_t found = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t slot = table_slot(slots, used, numbers[k]);
        if (!used[slot]) {
            if (found == TABLE_MAX) {
                return 0;
            }
            used[slot] = 1;
            slots[slot] = table[found++] = numbers[k];
        }
    }
    qsort(table, found, sizeof(*table), by_number);
    return found;
}

/* Differences to the number before, in scratch->more, where they are likely to be much smaller; NULL: they are not. */
static uint64_t *differences_of(struct codec_scratch *scratch, const uint64_t *numbers, uint32_t count, bool sorted,
                                uint32_t frame_width, uint64_t *least_out)
{
    uint64_t least = UINT64_MAX, most = 0;
    if ((frame_width <= 3 && !scratch->wish.differences) || count <= 64) {
        return NULL;
    }
    if (!sorted) {
        for (uint32_t k = count / 4; k < count / 4 + 32 && k + 1 < count; k++) {
            uint64_t difference = (numbers[k + 1] - numbers[k]) ^ SIGN_BIT;
            least = difference < least ? difference : least;
            most = difference > most ? difference : most;
        }
        if (!scratch->wish.differences &&
            bitpack_width(most - least) + (frame_width > 8 ? 4 : frame_width / 3) >= frame_width) {
            return NULL;
        }
        least = UINT64_MAX;
    }
    uint64_t *differences = codec_scratch_bytes(&scratch->more, (size_t)count * 8);
    for (uint32_t k = 1; differences != NULL && k < count; k++) {
        uint64_t difference = numbers[k] - numbers[k - 1];
        differences[k - 1] = difference;
        difference ^= SIGN_BIT;
        least = difference < least ? difference : least;
    }
    *least_out = least ^ SIGN_BIT;
    return differences;
}

static void take_if_less(struct number_plan *plan, enum codec codec, uint64_t bits, uint32_t count)
{
    if (bits * 8 < plan->bits * 7) {
        plan->codec = codec;
        plan->bits = bits;
        plan->count = count;
    }
}

static void plan_numbers(struct codec_scratch *scratch, const uint64_t *numbers, uint32_t count, uint32_t value_width,
                         const struct survey *survey, struct number_plan *plan)
{
    uint64_t least = 0;
    uint32_t frame_width = bitpack_width(survey->max - survey->min), distinct = 0, times = 0;
    plan->codec = CODEC_FRAME;
    plan->base = survey->min;
    plan->frame = frame_of(numbers, count, survey->min);
    plan->bits = plan->frame.bits;
    uint64_t *differences = differences_of(scratch, numbers, count, survey->sorted, frame_width, &least);
    if (differences != NULL) {
        struct frame_plan frame = frame_of(differences, count - 1, least);
        uint64_t gain = scratch->wish.differences ? 0 : frame_width > 8 ? 2 * (uint64_t)count : plan->bits / 3;
        if (frame.bits + 64 + gain < plan->bits) {
            plan->codec = CODEC_DELTA;
            plan->base = least;
            plan->frame = frame;
            plan->bits = frame.bits + 64;
        }
    }
    if (count < SAMPLED_MIN || scratch->wish.frames) {
        return;
    }
    if (scratch->depth < NEST_MAX) {
        take_if_less(plan, CODEC_RUNS,
                     (uint64_t)survey->runs * (bitpack_width(count / survey->runs) + 3 + frame_width) + INSIDE_BITS,
                     survey->runs);
    }
    sample(numbers, count, &distinct, &plan->value, &times);
    if (distinct <= SAMPLE_ROWS / 2 && plan->bits > 2 * (uint64_t)count) {
        uint32_t values = table_of(numbers, count, plan->table);
        if (values > 0) {
            take_if_less(plan, CODEC_TABLE,
                         (uint64_t)values * value_width * 8 + (uint64_t)bitpack_width(values - 1) * count, values);
        }
    }
    if (times >= SAMPLE_ROWS / 5 && scratch->depth < NEST_MAX && plan->bits > 2 * (uint64_t)count) {
        uint32_t others = 0;
        for (uint32_t k = 0; k < count; k++) {
            others += numbers[k] != plan->value;
        }
        take_if_less(plan, CODEC_MOSTLY, count + (uint64_t)others * frame_width + INSIDE_BITS, others);
    }
}

/* ---- writing them */

/* Values as a block behind its length. They lie in scratch->inside of this depth. */
static void put_inside(struct buffer *out, struct codec_scratch *scratch, const struct type *type, void *values,
                       uint32_t count)
{
    struct column column = {.type = type, .form = COLUMN_FLAT, .row_count = count, .values = values};
    size_t begin = out->length;
    codec_put(out, 0, 4);
    scratch->depth++;
    struct err *err = codec_encode(&column, scratch, out, NULL);
    scratch->depth--;
    if (err != NULL || out->failed) {
        err_free(err);
        out->failed = true;
        return;
    }
    size_t bytes = out->length - begin - 4;
    memcpy(out->data + begin, &bytes, 4); /* little-endian; some 100 KiB at most */
}

static void put_runs(struct buffer *out, struct codec_scratch *scratch, const struct type *type,
                     const uint64_t *numbers, uint32_t count, uint32_t runs)
{
    char *values = codec_scratch_bytes(&scratch->inside[scratch->depth], (size_t)runs * type->width);
    uint64_t *lengths = codec_scratch_bytes(&scratch->more, (size_t)runs * 8);
    uint32_t run = 0;
    if (values == NULL || lengths == NULL) {
        out->failed = true;
        return;
    }
    for (uint32_t k = 0, begin = 0; k < count; k++) {
        if (k + 1 == count || numbers[k + 1] != numbers[k]) {
            lengths[run] = k + 1 - begin;
            memcpy(values + (size_t)run++ * type->width, &numbers[k], type->width);
            begin = k + 1;
        }
    }
    ASSERT(run == runs);
    codec_put(out, CODEC_RUNS, 1);
    codec_put(out, runs, 2);
    codec_put_frame(out, lengths, runs, 1);
    put_inside(out, scratch, type, values, runs);
}

static void put_mostly(struct buffer *out, struct codec_scratch *scratch, const struct type *type,
                       const uint64_t *numbers, uint32_t count, uint64_t value, uint32_t others)
{
    uint8_t bitmap[CHUNK_ROWS_MAX / 8] = {0};
    char *values = codec_scratch_bytes(&scratch->inside[scratch->depth], (size_t)others * type->width + 8);
    if (values == NULL) {
        out->failed = true;
        return;
    }
    for (uint32_t k = 0, other = 0; k < count; k++) {
        if (numbers[k] != value) {
            bitmap[k / 8] |= (uint8_t)(1U << k % 8);
            memcpy(values + (size_t)other++ * type->width, &numbers[k], type->width);
        }
    }
    codec_put(out, CODEC_MOSTLY, 1);
    codec_put(out, value, type->width);
    codec_put(out, others, 2);
    buffer_append(out, bitmap, (count + 7) / 8);
    put_inside(out, scratch, type, values, others);
}

static void put_table(struct buffer *out, struct codec_scratch *scratch, const struct type *type,
                      const uint64_t *numbers, uint32_t count, const struct number_plan *plan)
{
    uint64_t slots[TABLE_SLOTS];
    uint8_t used[TABLE_SLOTS] = {0};
    uint32_t places[TABLE_SLOTS], width = bitpack_width(plan->count - 1);
    uint32_t *codes = codec_scratch_bytes(&scratch->more, (size_t)count * 4);
    if (codes == NULL) {
        out->failed = true;
        return;
    }
    codec_put(out, CODEC_TABLE, 1);
    codec_put(out, plan->count - 1, 1);
    for (uint32_t k = 0; k < plan->count; k++) {
        uint32_t slot = table_slot(slots, used, plan->table[k]);
        used[slot] = 1;
        slots[slot] = plan->table[k];
        places[slot] = k;
        codec_put(out, plan->table[k], type->width);
    }
    for (uint32_t k = 0; k < count; k++) {
        codes[k] = places[table_slot(slots, used, numbers[k])];
    }
    buffer_grow(out, bitpack_bytes(count, width) + 2 * BITPACK_SLACK);
    if (!out->failed) {
        bitpack_pack32(codes, count, width, (uint8_t *)out->data + out->length);
        out->length += bitpack_bytes(count, width);
    }
}

static void put_plan(struct buffer *out, struct codec_scratch *scratch, const struct type *type, uint64_t *numbers,
                     uint32_t count, const struct number_plan *plan)
{
    switch (plan->codec) {
    case CODEC_RUNS:
        put_runs(out, scratch, type, numbers, count, plan->count);
        break;
    case CODEC_MOSTLY:
        put_mostly(out, scratch, type, numbers, count, plan->value, plan->count);
        break;
    case CODEC_TABLE:
        put_table(out, scratch, type, numbers, count, plan);
        break;
    case CODEC_DELTA:
        codec_put(out, CODEC_DELTA, 1);
        codec_put(out, numbers[0], 8);
        put_frame(out, (uint64_t *)(void *)scratch->more.data, count - 1, plan->base, &plan->frame);
        break;
    default:
        codec_put(out, CODEC_FRAME, 1);
        put_frame(out, numbers, count, plan->base, &plan->frame);
        break;
    }
}

void codec_put_numbers(struct buffer *out, struct codec_scratch *scratch, const struct type *type, uint64_t *numbers,
                       uint32_t count, const struct survey *survey)
{
    struct number_plan plan;
    plan_numbers(scratch, numbers, count, type->width, survey, &plan);
    put_plan(out, scratch, type, numbers, count, &plan);
}

/* ---- floats */

static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};

/* Is value exactly number / 10^exponent for a whole number below 2^51? Zeros keep their sign only as patches. */
static inline bool to_whole(double value, double power, int64_t *number)
{
    double scaled = value * power;
    if (!(scaled > -0x1p51 && scaled < 0x1p51)) {
        return false;
    }
    double rounded = nearbyint(scaled);
    *number = (int64_t)rounded;
    return rounded / power == value && (rounded != 0 || !signbit(value));
}

bool codec_put_decimals(struct buffer *out, struct codec_scratch *scratch, const double *values, uint32_t count)
{
    uint32_t exponent = 0, step = count / 32 + 1;
    for (uint32_t k = 0; k < count; k += step) {
        int64_t number;
        while (exponent < 10 && !to_whole(values[k], powers[exponent], &number) && isfinite(values[k])) {
            exponent++;
        }
    }
    uint64_t *numbers = codec_scratch_bytes(&scratch->inside[scratch->depth], (size_t)count * 8);
    uint16_t *rows = codec_scratch_bytes(&scratch->bytes, (size_t)count * 2);
    if (numbers == NULL || rows == NULL) {
        out->failed = true;
        return true;
    }
    uint32_t patches = 0;
    uint64_t min = UINT64_MAX;
    double power = powers[exponent];
    for (uint32_t k = 0; k < count; k++) {
        int64_t number = 0;
        if (!to_whole(values[k], power, &number)) {
            rows[patches++] = (uint16_t)k;
            numbers[k] = k == 0 ? 0 : numbers[k - 1];
            continue;
        }
        numbers[k] = (uint64_t)number;
        min = ((uint64_t)number ^ SIGN_BIT) < min ? (uint64_t)number ^ SIGN_BIT : min;
    }
    if (patches > count / 16) {
        return false;
    }
    for (uint32_t k = 0; k < patches; k++) { /* any number of the frame will do below a patch */
        numbers[rows[k]] = min ^ SIGN_BIT;
    }
    struct number_plan plan;
    struct survey survey = codec_survey(numbers, count, true);
    plan_numbers(scratch, numbers, count, 8, &survey, &plan);
    bool inside = plan.codec != CODEC_FRAME && scratch->depth < NEST_MAX;
    codec_put(out, inside ? CODEC_DECIMALS : CODEC_DECIMAL, 1);
    codec_put(out, exponent, 1);
    codec_put(out, patches, 2);
    for (uint32_t k = 0; k < patches; k++) {
        codec_put(out, rows[k], 2);
        buffer_append(out, &values[rows[k]], 8);
    }
    if (inside) {
        put_inside(out, scratch, type_simple(TYPE_INT64), numbers, count);
    } else {
        codec_put_frame(out, numbers, count, min ^ SIGN_BIT);
    }
    return true;
}

void codec_put_floats(struct buffer *out, struct codec_scratch *scratch, const struct column *column)
{
    uint32_t count = column->row_count, width = column->type->width;
    uint64_t *numbers = codec_scratch_bytes(&scratch->numbers, (size_t)count * 8);
    size_t begin = out->length;
    struct number_plan plan;
    if (numbers == NULL) {
        out->failed = true;
        return;
    }
    for (uint32_t k = 0; k < count; k++) {
        numbers[k] = 0;
        memcpy(&numbers[k], (const char *)column->values + (size_t)k * width, width);
    }
    struct survey survey = codec_survey(numbers, count, false);
    plan_numbers(scratch, numbers, count, width, &survey, &plan);
    codec_put_values(out, scratch, column->values, count, width, false);
    if (!out->failed && plan.bits / 8 < out->length - begin) {
        out->length = begin;
        put_plan(out, scratch, column->type, numbers, count, &plan);
    }
}
