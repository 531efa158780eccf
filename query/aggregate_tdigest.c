/*
 * aggregate_tdigest.c: quantileTDigest, quantileTDigestWeighted: centroids of Float32 means and weights.
 *
 * state    at most 2,048 centroids and 2,048 values that are not merged yet
 * merge    neighbours while their weight stays below 4 q (1 - q) δ N, δ = 0.01, as ClickHouse merges them: on one
 *          thread the result is the same
 * source   Dunning, Ertl, "Computing extremely accurate quantiles using t-digests", 2019
 */
#include "query/quantile.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define CENTROIDS_MAX 2048U
#define UNMERGED_MAX  2048U
#define EPSILON       0.01F

struct centroid {
    float mean;
    float count;
};

struct digest {
    struct centroid *centroids;
    double total;
    uint32_t count;
    uint32_t capacity;
    uint32_t unmerged;
    uint32_t unused;
};

/* Stable: bottom-up merging. */
static void sort_centroids(struct centroid *centroids, struct centroid *room, uint32_t count)
{
    struct centroid *from = centroids;
    struct centroid *to = room;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t begin = 0; begin < count; begin += 2 * width) {
            uint32_t middle = count - begin < width ? count : begin + width;
            uint32_t end = count - begin < 2 * width ? count : begin + 2 * width;
            uint32_t a = begin;
            uint32_t b = middle;
            for (uint32_t i = begin; i < end; i++) {
                to[i] = a < middle && (b >= end || from[a].mean <= from[b].mean) ? from[a++] : from[b++];
            }
        }
        struct centroid *swap = from;
        from = to;
        to = swap;
    }
    if (from != centroids) {
        memcpy(centroids, from, count * sizeof(*centroids));
    }
}

static bool may_merge(double left, float right)
{
    return left == (double)right || (!isinf(left) && !isinf(right));
}

/* Weights of more than a float holds are its greatest. */
static struct centroid centroid_of(double mean, double count)
{
    return (struct centroid){(float)mean, count < (double)FLT_MAX ? (float)count : FLT_MAX};
}

/* Should the rule leave too many: every so many neighbours become one. */
static void squeeze(struct digest *digest)
{
    uint32_t batch = (digest->count + CENTROIDS_MAX - 1) / CENTROIDS_MAX;
    uint32_t kept = 0;
    double total = 0;
    if (digest->count <= CENTROIDS_MAX) {
        return;
    }
    for (uint32_t begin = 0; begin < digest->count; begin += batch) {
        double mean = (double)digest->centroids[begin].mean;
        double count = (double)digest->centroids[begin].count;
        for (uint32_t i = begin + 1; i < begin + batch && i < digest->count; i++) {
            const struct centroid *right = &digest->centroids[i];
            count += (double)right->count;
            if ((double)right->mean != mean) {
                mean += (double)right->count * ((double)right->mean - mean) / count;
            }
        }
        if (!isnan(mean)) {
            digest->centroids[kept] = centroid_of(mean, count);
            total += (double)digest->centroids[kept++].count;
        }
    }
    digest->count = kept;
    digest->total = total;
}

static void compress(struct digest *digest, struct centroid *room)
{
    if (digest->unmerged > 0) {
        sort_centroids(digest->centroids, room, digest->count);
        struct centroid *left = digest->centroids;
        double bound = digest->total * (double)EPSILON * 4;
        double sum = 0;
        double mean = (double)left->mean;
        double count = (double)left->count;
        for (uint32_t i = 1; i < digest->count; i++) {
            const struct centroid right = digest->centroids[i];
            double left_level = (sum + count * 0.5) / digest->total;
            double right_level = (sum + count + (double)right.count * 0.5) / digest->total;
            double spread = left_level * (1 - left_level);
            double right_spread = right_level * (1 - right_level);
            spread = spread > right_spread ? right_spread : spread;
            if (count + (double)right.count <= bound * spread && may_merge(mean, right.mean)) {
                count += (double)right.count;
                if ((double)right.mean != mean) {
                    mean += (double)right.count * ((double)right.mean - mean) / count;
                }
                *left = centroid_of(mean, count);
            } else {
                sum += (double)left->count;
                left++;
                *left = right;
                mean = (double)left->mean;
                count = (double)left->count;
            }
        }
        digest->total = sum + count;
        digest->count = (uint32_t)(left - digest->centroids) + 1;
        digest->unmerged = 0;
    }
    squeeze(digest);
}

static struct err *digest_push(struct digest *digest, struct arena *arena, struct centroid centroid)
{
    if (digest->count == digest->capacity) {
        uint32_t capacity = digest->capacity == 0 ? 16 : digest->capacity * 2;
        struct centroid *centroids = ARENA_ARRAY(arena, struct centroid, (size_t)capacity * 2); /* and room to sort */
        if (centroids == NULL) {
            return arena_error(arena);
        }
        if (digest->count > 0) {
            memcpy(centroids, digest->centroids, digest->count * sizeof(*centroids));
        }
        digest->centroids = centroids;
        digest->capacity = capacity;
    }
    digest->centroids[digest->count++] = centroid;
    digest->total += (double)centroid.count;
    if (++digest->unmerged > UNMERGED_MAX) {
        compress(digest, digest->centroids + digest->capacity);
    }
    return NULL;
}

static struct err *digest_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    bool weighted = aggregate->argument_count == 2;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_FLOAT32);
    const struct column *weight_column = weighted ? column_numbers(scratch, arguments[1], TYPE_UINT64) : numbers;
    if (numbers == NULL || weight_column == NULL) {
        return arena_error(scratch);
    }
    const float *values = numbers->values;
    const uint64_t *weights = weight_column->values;
    size_t step = column_step(numbers);
    size_t weight_step = column_step(weight_column);
    EACH_ROW(struct digest, {
        struct centroid centroid = {values[i * step], weighted ? (float)weights[i * weight_step] : 1.0F};
        if (!isnan(centroid.mean) && centroid.count != 0) {
            OR_DONE(digest_push(state, arena, centroid));
        }
    })
done:
    return err;
}

static struct err *digest_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    struct err *err = NULL;
    const struct digest *b = from;
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(digest_push(into, arena, b->centroids[i]));
    }
done:
    return err;
}

/* The centroids, merged: means and weights. */
static struct err *digest_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    struct digest *digest = state;
    if (digest->count > 0) {
        compress(digest, digest->centroids + digest->capacity);
    }
    state_put_count(writer, digest->count);
    state_put(writer, digest->centroids, digest->count * sizeof(*digest->centroids));
    return state_writer_error(writer);
}

static struct err *digest_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate, (void)scratch;
    struct centroid centroid;
    uint64_t count;
    OR_DONE(state_take_elements(reader, sizeof(centroid), UINT32_MAX / 2, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, &centroid, sizeof(centroid)));
        if (isnan(centroid.mean) || !isfinite(centroid.count) || centroid.count <= 0) {
            return state_bad("a centroid has no mean or no weight");
        }
        OR_DONE(digest_push(into, arena, centroid));
    }
done:
    return err;
}

static struct err *digest_prepare(const struct quantile *quantile, struct arena *arena, void *state, void **view)
{
    (void)quantile;
    (void)arena;
    struct digest *digest = state;
    if (digest->count > 0) {
        *view = digest;
        compress(digest, digest->centroids + digest->capacity);
    }
    return NULL;
}

static void digest_get(const struct quantile *quantile, void *state, double level, void *cell)
{
    const struct digest *digest = state;
    double x = level * digest->total;
    double before_x = 0;
    float sum = 0;
    struct centroid before = digest->centroids[0];
    if (digest->count == 1) {
        quantile_put(quantile, (double)before.mean, cell);
        return;
    }
    for (uint32_t i = 0; i < digest->count; i++) {
        const struct centroid *centroid = &digest->centroids[i];
        double here_x = (double)sum + (double)centroid->count * 0.5;
        if (here_x >= x) {
            double left = before_x + (before.count == 1 ? 0.5 : 0);
            double right = here_x - (centroid->count == 1 ? 0.5 : 0);
            float value = centroid->mean;
            if (x <= left) {
                value = before.mean;
            } else if (x < right) {
                double part = (double)(((float)x - (float)left) / ((float)right - (float)left));
                value = (float)((1 - part) * (double)before.mean + part * (double)centroid->mean);
            }
            quantile_put(quantile, (double)value, cell);
            return;
        }
        sum += centroid->count;
        before = *centroid;
        before_x = here_x;
    }
    quantile_put(quantile, (double)digest->centroids[digest->count - 1].mean, cell);
}

static struct err *digest_resolve(const struct aggregate_bind *given, struct aggregate *out)
{
    struct aggregate_bind one = *given;
    const struct aggregate_bind *bind = &one;
    one.tag &= ~QUANTILE_MANY;
    struct err *err = NULL;
    struct quantile *quantile = NULL;
    OR_DONE(quantile_argument(bind, false));
    OR_DONE(quantile_bind(given, 0, &quantile));
    quantile->value = type_is_time(bind->types[0]) ? bind->types[0] : type_simple(TYPE_FLOAT32);
    quantile->prepare = digest_prepare;
    quantile->get = digest_get;
    out->type = quantile_type(bind->arena, quantile);
    out->data = quantile;
    out->state_bytes = STATE_BYTES(struct digest);
    out->add = digest_add;
    out->merge = digest_merge;
    out->write_state = digest_write;
    out->read_state = digest_read;
    out->finish = quantile_finish;
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"quantileTDigest", false, 1, 1, AGGREGATE_PARAMETERS, digest_resolve, 0},
    {"quantileTDigestWeighted", false, 2, 2, AGGREGATE_PARAMETERS, digest_resolve, 1},
    {"quantilesTDigest", false, 1, 1, AGGREGATE_PARAMETERS, digest_resolve, 0 | QUANTILE_MANY},
    {"quantilesTDigestWeighted", false, 2, 2, AGGREGATE_PARAMETERS, digest_resolve, 1 | QUANTILE_MANY},
};
static const struct aggregate_alias aliases[] = {
    {"medianTDigest", false, "quantileTDigest"},
    {"medianTDigestWeighted", false, "quantileTDigestWeighted"},
};
const struct aggregate_group aggregates_tdigest = GROUP_OF(definitions, aliases);
