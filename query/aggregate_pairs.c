/*
 * aggregate_pairs.c: aggregates that keep the pairs of all rows until they are asked: maxIntersections(Position),
 * intervalLengthSum, sparkbar, rankCorr, mannWhitneyUTest, and gini of single values.
 *
 * words    a value is kept as the word of ordered_bits (times, interval ends, the x of sparkbar) or as a double
 * order    does not matter: finish sorts
 * source   Mann, Whitney, "On a test of whether one of two random variables is stochastically larger than the other",
 *          1947; Spearman's rank correlation; ClickHouse's definitions
 */
#include "query/aggregates.h"
#include "query/distribution.h"

#include <math.h>

enum pairs_use { USE_INTERSECTIONS, USE_POSITION, USE_LENGTH, USE_BARS, USE_RANKS, USE_MANN_WHITNEY, USE_GINI };

struct pair {
    union word {
        uint64_t bits;
        double real;
    } a, b;
};

struct pairs {
    struct pair *items;
    uint64_t count;
    uint64_t capacity;
    uint64_t unused;
};

struct pairs_rule {
    enum pairs_use use;
    enum type_kind kind; /* of the words of a; TYPE_FLOAT64: doubles */
    enum side side;      /* mannWhitneyUTest */
    bool corrects;
    uint32_t width; /* sparkbar */
    bool ranged;
    uint64_t first, last;
    double most; /* the greatest integer of sparkbar's y; 0: floats */
};

static struct err *pairs_room(struct pairs *state, struct arena *arena, uint64_t more)
{
    if (state->capacity - state->count >= more) {
        return NULL;
    }
    uint64_t capacity = state->capacity == 0 ? 8 : state->capacity * 2;
    capacity = capacity < state->count + more ? state->count + more : capacity;
    struct pair *items = ARENA_ARRAY(arena, struct pair, capacity);
    if (items == NULL) {
        return arena_error(arena);
    }
    if (state->count > 0) {
        memcpy(items, state->items, state->count * sizeof(*items));
    }
    state->items = items;
    state->capacity = capacity;
    return NULL;
}

static bool keeps_bits(enum pairs_use use)
{
    return use <= USE_BARS;
}

static struct err *words_of(struct arena *scratch, const struct column *column, bool bits, const struct column **out)
{
    *out = bits ? column_flat(scratch, column) : column_numbers(scratch, column, TYPE_FLOAT64);
    return *out == NULL ? arena_error(scratch) : NULL;
}

static union word word_at(const struct column *column, enum type_kind kind, bool bits, size_t i)
{
    union word word;
    if (bits) {
        word.bits = ordered_bits(kind, (const char *)column->values + i * column->type->width);
    } else {
        word.real = VALUE_AT(column, double, i);
    }
    return word;
}

static bool word_is_nan(enum type_kind kind, union word word)
{
    union {
        float single;
        double real;
        uint64_t bits;
    } value = {.bits = 0};
    if (kind != TYPE_FLOAT32 && kind != TYPE_FLOAT64) {
        return false;
    }
    ordered_value(kind, word.bits, &value);
    return kind == TYPE_FLOAT32 ? isnan(value.single) : isnan(value.real);
}

static struct err *pairs_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pairs_rule *rule = aggregate->data;
    bool single = aggregate->argument_count == 1;
    bool bits = keeps_bits(rule->use);
    bool both_bits = bits && rule->use != USE_BARS;
    const struct column *a_column, *b_column;
    OR_DONE(words_of(scratch, arguments[0], bits, &a_column));
    OR_DONE(words_of(scratch, arguments[single ? 0 : 1], both_bits, &b_column));
    EACH_ROW(struct pairs, {
        struct pair pair;
        pair.a = word_at(a_column, rule->kind, bits, i);
        pair.b = word_at(b_column, rule->kind, both_bits, i);
        bool lost = (rule->use == USE_GINI || rule->use == USE_MANN_WHITNEY) && isnan(pair.a.real);
        if (rule->use == USE_GINI && pair.a.real < 0) {
            err = err_new(ERR_BAD_ARGUMENTS, "Aggregate function `gini` does not support negative values");
            goto done;
        }
        if (rule->use == USE_BARS && rule->ranged) {
            lost = pair.a.bits < rule->first || pair.a.bits > rule->last;
        }
        if (rule->use == USE_LENGTH) {
            lost = pair.a.bits == pair.b.bits || word_is_nan(rule->kind, pair.a) || word_is_nan(rule->kind, pair.b);
        }
        if (!lost) {
            OR_DONE(pairs_room(state, arena, 1));
            state->items[state->count++] = pair;
        }
    })
done:
    return err;
}

static struct err *pairs_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    struct pairs *a = into;
    const struct pairs *b = from;
    if (a->count == 0) {
        *a = *b;
        return NULL;
    }
    OR_DONE(pairs_room(a, arena, b->count));
    if (b->count > 0) {
        memcpy(a->items + a->count, b->items, b->count * sizeof(*b->items));
        a->count += b->count;
    }
done:
    return err;
}

static struct err *pairs_write(WRITE_ARGUMENTS)
{
    const struct pairs *held = state;
    (void)aggregate;
    state_put_count(writer, held->count);
    if (held->count > 0) {
        state_put(writer, held->items, held->count * sizeof(*held->items));
    }
    return state_writer_error(writer);
}

static bool word_fits(enum type_kind kind, union word word)
{
    union {
        uint64_t bits;
        unsigned char bytes[8];
    } value = {.bits = 0};
    ordered_value(kind, word.bits, value.bytes);
    return ordered_bits(kind, value.bytes) == word.bits;
}

static struct err *pairs_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct pairs_rule *rule = aggregate->data;
    struct pairs *held = into;
    struct pair pair;
    uint64_t count;
    OR_DONE(state_take_elements(reader, sizeof(pair), UINT64_MAX, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, &pair, sizeof(pair)));
        bool bits = keeps_bits(rule->use);
        if (bits && (!word_fits(rule->kind, pair.a) || (rule->use != USE_BARS && !word_fits(rule->kind, pair.b)))) {
            return state_bad("a value is out of range");
        }
        if ((rule->use == USE_GINI && !(pair.a.real >= 0)) || (rule->use == USE_MANN_WHITNEY && isnan(pair.a.real))) {
            return state_bad("a value is out of range");
        }
        OR_DONE(pairs_room(held, arena, 1));
        held->items[held->count++] = pair;
    }
done:
    return err;
}

static int by_bits(const void *a, const void *b, void *user)
{
    (void)user;
    uint64_t x = ((const struct pair *)a)->a.bits;
    uint64_t y = ((const struct pair *)b)->a.bits;
    return (x > y) - (x < y);
}

static int by_value(const void *a, const void *b, void *user)
{
    (void)user;
    double x = ((const struct pair *)a)->a.real;
    double y = ((const struct pair *)b)->a.real;
    return isnan(x) || isnan(y) ? isnan(x) - isnan(y) : (x > y) - (x < y);
}

/* A copy of the pairs: finish may be asked again after more rows. */
static struct err *pairs_copy(struct arena *arena, const struct pairs *state, struct pair **out)
{
    *out = ARENA_ARRAY(arena, struct pair, state->count + 1);
    if (*out == NULL) {
        return arena_error(arena);
    }
    if (state->count > 0) {
        memcpy(*out, state->items, state->count * sizeof(**out));
    }
    return NULL;
}

/* --- intervals --------------------------------------------------------------------------------------------------- */

struct end {
    uint64_t at;
    int64_t weight;
};

static int by_place(const void *a, const void *b, void *user)
{
    (void)user;
    const struct end *x = a;
    const struct end *y = b;
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->weight > y->weight) - (x->weight < y->weight);
}

static struct err *intersections(struct arena *arena, const struct pairs_rule *rule, const struct pairs *state,
                                 uint64_t *most, uint64_t *place)
{
    struct err *err = NULL;
    struct end *ends = ARENA_ARRAY(arena, struct end, state->count * 2 + 1);
    uint64_t count = 0;
    int64_t depth = 0, deepest = 0;
    if (ends == NULL) {
        return arena_error(arena);
    }
    for (uint64_t i = 0; i < state->count; i++) {
        if (!word_is_nan(rule->kind, state->items[i].a)) {
            ends[count++] = (struct end){state->items[i].a.bits, 1};
        }
        if (!word_is_nan(rule->kind, state->items[i].b)) {
            ends[count++] = (struct end){state->items[i].b.bits, -1};
        }
    }
    OR_DONE(order_elements(arena, ends, count, sizeof(*ends), by_place, NULL));
    *place = 0;
    for (uint64_t i = 0; i < count; i++) {
        depth += ends[i].weight;
        if (depth > deepest) {
            deepest = depth;
            *place = ends[i].at;
        }
    }
    *most = (uint64_t)deepest;
done:
    return err;
}

static struct err *intersections_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pairs_rule *rule = aggregate->data;
    for (uint32_t g = 0; g < count; g++) {
        uint64_t most, place;
        char *to = (char *)out->values + (size_t)g * out->type->width;
        OR_DONE(intersections(arena, rule, (const void *)(states + (size_t)g * stride), &most, &place));
        if (rule->use == USE_INTERSECTIONS) {
            memcpy(to, &most, sizeof(most));
        } else if (most == 0) {
            memset(to, 0, out->type->width);
        } else {
            ordered_value(rule->kind, place, to);
        }
    }
done:
    return err;
}

/* What lies between two words: of floats in *real, else in *whole. */
static void add_length(enum type_kind kind, uint64_t from, uint64_t to, uint64_t *whole, double *real)
{
    if (kind == TYPE_FLOAT32) {
        float begin, end;
        ordered_value(kind, from, &begin);
        ordered_value(kind, to, &end);
        *real += (double)(end - begin);
    } else if (kind == TYPE_FLOAT64) {
        double begin, end;
        ordered_value(kind, from, &begin);
        ordered_value(kind, to, &end);
        *real += end - begin;
    } else {
        *whole += to - from;
    }
}

static struct err *length_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pairs_rule *rule = aggregate->data;
    for (uint32_t g = 0; g < count; g++) {
        const struct pairs *state = (const void *)(states + (size_t)g * stride);
        struct pair *items;
        uint64_t whole = 0;
        double real = 0;
        OR_DONE(pairs_copy(arena, state, &items));
        for (uint64_t i = 0; i < state->count; i++) {
            OR_DONE(interrupt_at(i));
            if (items[i].a.bits > items[i].b.bits) {
                items[i] = (struct pair){items[i].b, items[i].a};
            }
        }
        OR_DONE(order_elements(arena, items, state->count, sizeof(*items), by_bits, NULL));
        for (uint64_t i = 0; i < state->count;) {
            uint64_t from = items[i].a.bits, to = items[i].b.bits;
            for (i++; i < state->count && items[i].a.bits <= to; i++) {
                to = items[i].b.bits > to ? items[i].b.bits : to;
            }
            add_length(rule->kind, from, to, &whole, &real);
        }
        if (out->type->kind == TYPE_FLOAT64) {
            ((double *)out->values)[g] = real;
        } else {
            ((uint64_t *)out->values)[g] = whole;
        }
    }
done:
    return err;
}

/* --- sparkbar ---------------------------------------------------------------------------------------------------- */

static double capped(double value, double most)
{
    return most > 0 && value > most ? most : value;
}

static double mean(const struct pairs_rule *rule, double sum, double points)
{
    double value = points == 0 ? 0 : sum / points;
    return rule->most > 0 ? floor(value) : value;
}

/* Points of one x are one, their sum; the means of the points lie in `width` buckets from first to last. */
static void fill_buckets(const struct pairs_rule *rule, struct pair *items, uint64_t count, uint64_t first,
                         uint64_t last, double *buckets)
{
    double span = (double)(last - first) + 1;
    uint32_t here = 0; /* the bucket, and how many points it has */
    double points = 0;
    for (uint64_t i = 0; i < count;) {
        uint64_t x = items[i].a.bits;
        double y = 0;
        for (; i < count && items[i].a.bits == x; i++) {
            if (items[i].b.real > 0) {
                y = capped(y + items[i].b.real, rule->most);
            }
        }
        if (x >= first && x <= last && y > 0) {
            uint64_t bucket = (uint64_t)((double)rule->width / span * (double)(x - first));
            bucket = bucket >= rule->width ? rule->width - 1 : bucket;
            if (bucket != here) {
                buckets[here] = mean(rule, buckets[here], points);
                here = (uint32_t)bucket;
                points = 0;
            }
            buckets[here] += y;
            points++;
        }
    }
    buckets[here] = mean(rule, buckets[here], points);
}

static struct err *bars_row(struct arena *arena, const struct pairs_rule *rule, const struct pairs *state,
                            struct slice *out)
{
    struct err *err = NULL;
    struct pair *items;
    double *buckets = arena_zalloc(arena, rule->width * sizeof(*buckets));
    char *text = arena_alloc(arena, (size_t)rule->width * 3);
    bool any = false;
    size_t length = 0;
    if (buckets == NULL || text == NULL) {
        return arena_error(arena);
    }
    OR_DONE(pairs_copy(arena, state, &items));
    for (uint64_t i = 0; i < state->count; i++) {
        OR_DONE(interrupt_at(i));
        any |= items[i].b.real > 0;
    }
    *out = slice_of("", 0);
    if (!any) {
        return NULL;
    }
    OR_DONE(order_elements(arena, items, state->count, sizeof(*items), by_bits, NULL));
    uint64_t first = rule->ranged ? rule->first : items[0].a.bits;
    uint64_t last = rule->ranged ? rule->last : items[state->count - 1].a.bits;
    if (first >= last) {
        *out = slice_of("█", 3);
        return NULL;
    }
    fill_buckets(rule, items, state->count, first, last, buckets);
    double most = 0;
    for (uint32_t i = 0; i < rule->width; i++) {
        most = buckets[i] > most ? buckets[i] : most;
    }
    for (uint32_t i = 0; i < rule->width; i++) {
        double level = rule->most > 0 ? floor(buckets[i] * 7 / most) + 1 : buckets[i] / (most / 7) + 1;
        if (!(buckets[i] > 0) || isnan(level)) { /* nothing, or an infinity among them */
            text[length++] = ' ';
            continue;
        }
        text[length++] = '\xe2';
        text[length++] = '\x96';
        text[length++] = (char)(0x80 + (level > 8 ? 8 : (int)level));
    }
    *out = slice_of(text, length);
done:
    return err;
}

static struct err *bars_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    for (uint32_t g = 0; g < count; g++) {
        OR_DONE(bars_row(arena, aggregate->data, (const void *)(states + (size_t)g * stride),
                         &((struct slice *)out->values)[g]));
    }
done:
    return err;
}

/* --- ranks ------------------------------------------------------------------------------------------------------- */

/* items[i].a gets its rank from 1 on, equal ones the mean of theirs; in the order of items[i].b.bits, which are places.
 * Gives the correction for ties. */
static struct err *rank(struct arena *arena, struct pair *items, uint64_t count, double *ranks, double *correction)
{
    struct err *err = NULL;
    double ties = 0;
    OR_DONE(order_elements(arena, items, count, sizeof(*items), by_value, NULL));
    for (uint64_t begin = 0; begin < count;) {
        uint64_t end = begin + 1;
        while (end < count && items[end].a.real == items[begin].a.real) {
            end++;
        }
        double length = (double)(end - begin);
        for (uint64_t i = begin; i < end; i++) {
            ranks[items[i].b.bits] = (double)(begin + end + 1) / 2;
        }
        ties += length * length * length - length;
        begin = end;
    }
    double n = (double)count;
    *correction = 1 - ties / (n * n * n - n);
done:
    return err;
}

static struct err *ranks_of(struct arena *arena, const struct pairs *state, bool second, double **ranks, double *ties)
{
    struct err *err = NULL;
    struct pair *items;
    OR_DONE(pairs_copy(arena, state, &items));
    *ranks = ARENA_ARRAY(arena, double, state->count + 1);
    if (*ranks == NULL) {
        return arena_error(arena);
    }
    for (uint64_t i = 0; i < state->count; i++) {
        OR_DONE(interrupt_at(i));
        items[i].a = second ? items[i].b : items[i].a;
        items[i].b.bits = i;
    }
    OR_DONE(rank(arena, items, state->count, *ranks, ties));
done:
    return err;
}

static struct err *ranks_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    for (uint32_t g = 0; g < count; g++) {
        const struct pairs *state = (const void *)(states + (size_t)g * stride);
        double *first, *second, ties;
        double n = (double)state->count;
        double sum = 0;
        OR_DONE(ranks_of(arena, state, false, &first, &ties));
        OR_DONE(ranks_of(arena, state, true, &second, &ties));
        for (uint64_t i = 0; i < state->count; i++) {
            OR_DONE(interrupt_at(i));
            sum += (first[i] - second[i]) * (first[i] - second[i]);
        }
        ((double *)out->values)[g] = 1 - sum * 6 / (n * (n * n - 1));
    }
done:
    return err;
}

static struct err *mann_whitney_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pairs_rule *rule = aggregate->data;
    for (uint32_t f = 0; f < 2; f++) {
        out->children[f] = column_new(arena, out->type->children[f], count);
        if (out->children[f] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t g = 0; g < count; g++) {
        const struct pairs *state = (const void *)(states + (size_t)g * stride);
        double *ranks, ties;
        double n1 = 0, n2 = 0, sum = 0;
        OR_DONE(ranks_of(arena, state, false, &ranks, &ties));
        for (uint64_t i = 0; i < state->count; i++) {
            OR_DONE(interrupt_at(i));
            bool first = state->items[i].b.real == 0;
            n1 += first;
            n2 += !first;
            sum += first ? ranks[i] : 0;
        }
        if (n1 == 0 || n2 == 0) {
            err = err_new(ERR_BAD_ARGUMENTS, "Aggregate function %s require both samples to be non empty",
                          aggregate->name);
            goto done;
        }
        double u1 = n1 * n2 + n1 * (n1 + 1) / 2 - sum;
        double u2 = n1 * n2 - u1;
        double mean = n1 * n2 / 2 + 0.5 * rule->corrects;
        double deviation = sqrt(ties * n1 * n2 * (n1 + n2 + 1) / 12);
        double u = rule->side == SIDE_BOTH ? (u1 > u2 ? u1 : u2) : rule->side == SIDE_LESS ? u1 : u2;
        double z = (u - mean) / deviation;
        z = rule->side == SIDE_BOTH ? fabs(z) : z;
        double above = erfc(z / sqrt(2)) / 2;
        ((double *)out->children[0]->values)[g] = u2;
        ((double *)out->children[1]->values)[g] = rule->side == SIDE_BOTH ? 2 * above : above;
    }
done:
    return err;
}

static struct err *gini_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    for (uint32_t g = 0; g < count; g++) {
        const struct pairs *state = (const void *)(states + (size_t)g * stride);
        struct pair *items;
        double n = (double)state->count;
        double sum = 0, weighted = 0;
        OR_DONE(pairs_copy(arena, state, &items));
        OR_DONE(order_elements(arena, items, state->count, sizeof(*items), by_value, NULL));
        for (uint64_t i = 0; i < state->count; i++) {
            OR_DONE(interrupt_at(i));
            sum += items[i].a.real;
            weighted += (2 * (double)(i + 1) - n - 1) * items[i].a.real;
        }
        ((double *)out->values)[g] = state->count < 2 || sum == 0 ? (double)NAN : weighted / (n * sum);
    }
done:
    return err;
}

/* --- binding ----------------------------------------------------------------------------------------------------- */

static bool is_word(const struct type *type)
{
    return (type_is_integer(type) && type->width <= 8) || type_is_float(type);
}

static struct err *resolve_intervals(const struct aggregate_bind *bind, struct pairs_rule *rule, struct aggregate *out)
{
    bool times = rule->use == USE_LENGTH;
    for (uint32_t i = 0; i < 2; i++) {
        bool time = bind->types[i]->kind == TYPE_DATE || bind->types[i]->kind == TYPE_DATETIME;
        if (!is_word(bind->types[i]) && !(times && time)) {
            return aggregate_argument_error(bind, i, "a number of up to 64 bits is needed");
        }
    }
    if (bind->types[0]->kind != bind->types[1]->kind) {
        return aggregate_argument_error(bind, 1, "the type of the first argument is needed");
    }
    bool real = type_is_float(bind->types[0]);
    out->type = rule->use == USE_POSITION ? bind->types[0] : type_simple(times && real ? TYPE_FLOAT64 : TYPE_UINT64);
    out->finish = times ? length_finish : intersections_finish;
    return NULL;
}

static struct err *resolve_bars(const struct aggregate_bind *bind, struct pairs_rule *rule, struct aggregate *out)
{
    struct err *err = NULL;
    enum type_kind kind = bind->types[0]->kind;
    double width;
    if (bind->parameter_count != 1 && bind->parameter_count != 3) {
        return err_new(ERR_ARGUMENT_COUNT,
                       "The number of params does not match for aggregate function '%s', expected 1 or 3, got %u",
                       bind->name, bind->parameter_count);
    }
    OR_DONE(aggregate_parameter(bind, 0, &width));
    if (!(width >= 2 && width <= 1024)) {
        return err_new(ERR_BAD_ARGUMENTS, "Parameter width must be in range [2, 1024]");
    }
    if (!(kind >= TYPE_UINT8 && kind <= TYPE_UINT64) && kind != TYPE_DATE && kind != TYPE_DATETIME) {
        return aggregate_argument_error(bind, 0, "an unsigned integer, Date or DateTime is needed");
    }
    if (!is_word(bind->types[1])) {
        return aggregate_argument_error(bind, 1, "an integer or a float is needed");
    }
    rule->width = (uint32_t)width;
    rule->ranged = bind->parameter_count == 3;
    if (rule->ranged) {
        for (uint32_t p = 1; p < 3; p++) {
            const struct column *parameter = bind->parameters[p];
            const struct column *number = column_numbers(bind->arena, parameter, TYPE_UINT64);
            bool fits = type_is_integer(parameter->type) || type_is_time(parameter->type);
            if (fits && number == NULL) {
                return arena_error(bind->arena);
            }
            if (!fits) {
                return err_new(ERR_BAD_ARGUMENTS, "aggregate function %s: the range must be of the type of x",
                               bind->name);
            }
            *(p == 1 ? &rule->first : &rule->last) = *(const uint64_t *)number->values;
        }
        if (rule->first >= rule->last) {
            return err_new(ERR_BAD_ARGUMENTS, "Parameter `min_x` must be less than `max_x`");
        }
    }
    uint32_t bits = bind->types[1]->width * 8 - type_is_signed(bind->types[1]);
    rule->most = type_is_float(bind->types[1]) ? 0 : ldexp(1, (int)bits) - (bits <= 53);
    out->type = type_simple(TYPE_STRING);
    out->finish = bars_finish;
done:
    return err;
}

static struct err *resolve_mann_whitney(const struct aggregate_bind *bind, struct pairs_rule *rule,
                                        struct aggregate *out)
{
    static const struct slice names[2] = {{"u_statistic", 11}, {"p_value", 7}};
    static const char *const sides[] = {"two-sided", "less", "greater"};
    const struct type *fields[2] = {type_simple(TYPE_FLOAT64), type_simple(TYPE_FLOAT64)};
    struct err *err = NULL;
    rule->corrects = true;
    if (bind->parameter_count > 2) {
        return err_new(ERR_ARGUMENT_COUNT, "Aggregate function %s require two parameter or less", bind->name);
    }
    if (bind->parameter_count > 0) {
        const struct column *parameter = bind->parameters[0];
        int found = -1;
        for (int s = 0; s < 3 && parameter->type->kind == TYPE_STRING; s++) {
            found = slice_equal(*(const struct slice *)parameter->values, slice_text(sides[s])) ? s : found;
        }
        if (found < 0) {
            return err_new(ERR_BAD_ARGUMENTS,
                           "Unknown alternative in aggregate function %s. It must be one of: "
                           "'two-sided', 'less', 'greater'",
                           bind->name);
        }
        rule->side = (enum side)found;
    }
    if (bind->parameter_count > 1) {
        double corrects;
        OR_DONE(aggregate_parameter(bind, 1, &corrects));
        rule->corrects = corrects != 0;
    }
    out->type = type_tuple(bind->arena, fields, names, 2);
    out->finish = mann_whitney_finish;
    return out->type == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static struct err *pairs_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    struct pairs_rule *rule = arena_zalloc(bind->arena, sizeof(*rule));
    if (rule == NULL) {
        return arena_error(bind->arena);
    }
    rule->use = (enum pairs_use)bind->tag;
    rule->kind = type_physical(bind->types[0]);
    switch (rule->use) {
    case USE_INTERSECTIONS:
    case USE_POSITION:
    case USE_LENGTH:
        OR_DONE(resolve_intervals(bind, rule, out));
        break;
    case USE_BARS:
        OR_DONE(resolve_bars(bind, rule, out));
        break;
    default:
        for (uint32_t i = 0; i < bind->count; i++) {
            if (!type_is_number(bind->types[i])) {
                return rule->use == USE_GINI
                           ? aggregate_argument_error(bind, i, "a number is needed")
                           : err_new(ERR_NOT_IMPLEMENTED, "Aggregate function %s only supports numerical types",
                                     bind->name);
            }
        }
        out->type = type_simple(TYPE_FLOAT64);
        out->finish = rule->use == USE_GINI ? gini_finish : ranks_finish;
        if (rule->use == USE_MANN_WHITNEY) {
            OR_DONE(resolve_mann_whitney(bind, rule, out));
        }
    }
    out->data = rule;
    out->state_bytes = STATE_BYTES(struct pairs);
    out->add = pairs_add;
    out->merge = pairs_merge;
    out->write_state = pairs_write;
    out->read_state = pairs_read;
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"maxIntersections", false, 2, 2, 0, pairs_resolve, USE_INTERSECTIONS},
    {"maxIntersectionsPosition", false, 2, 2, 0, pairs_resolve, USE_POSITION},
    {"intervalLengthSum", false, 2, 2, AGGREGATE_NOT_NULL, pairs_resolve, USE_LENGTH},
    {"sparkbar", false, 2, 2, AGGREGATE_PARAMETERS, pairs_resolve, USE_BARS},
    {"rankCorr", false, 2, 2, 0, pairs_resolve, USE_RANKS},
    {"mannWhitneyUTest", false, 2, 2, AGGREGATE_PARAMETERS, pairs_resolve, USE_MANN_WHITNEY},
    {"gini", false, 1, 1, 0, pairs_resolve, USE_GINI},
};
static const struct aggregate_alias aliases[] = {{"sparkBar", false, "sparkbar"}};
const struct aggregate_group aggregates_pairs = GROUP_OF(definitions, aliases);
