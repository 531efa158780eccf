/*
 * geo_area.c: geohashes back to places and over boxes; points in polygons.
 *
 * polygons  a ring with further rings as holes; a polygon [outer, holes …]; several of them. Their borders belong to
 *           them. Rings that cut themselves are taken by the even-odd rule (ClickHouse refuses them).
 * thread    any, no shared state
 */
#include "query/functions/nested.h"

#include <math.h>

/* --- geohashes ---------------------------------------------------------------------------------------------------- */

#define GEOHASHES_MAX    10000000.0
#define GEOHASH_ALPHABET "0123456789bcdefghjkmnpqrstuvwxyz"

static uint32_t letter_bits(char letter)
{
    const char *at = letter == '\0' ? NULL : strchr(GEOHASH_ALPHABET, letter);
    return at == NULL ? 31 : (uint32_t)(at - GEOHASH_ALPHABET); /* what is no letter of it counts as its last */
}

static void decode(struct slice text, double out[2])
{
    double low[2] = {-180, -90};
    double high[2] = {180, 90};
    uint32_t axis = 0;
    size_t digits = text.length > GEOHASH_DIGITS ? GEOHASH_DIGITS : text.length;
    for (size_t d = 0; d < digits; d++) {
        uint32_t letter = letter_bits(text.data[d]);
        for (int bit = 4; bit >= 0; bit--) {
            double middle = (low[axis] + high[axis]) / 2;
            *((letter >> bit & 1) != 0 ? &low[axis] : &high[axis]) = middle;
            axis = 1 - axis;
        }
    }
    out[0] = (low[0] + high[0]) / 2;
    out[1] = (low[1] + high[1]) / 2;
}

void geohash_encode(double longitude, double latitude, uint32_t digits, char *to)
{
    double low[2] = {-180, -90};
    double high[2] = {180, 90};
    double at[2] = {longitude, latitude};
    uint32_t axis = 0;
    for (uint32_t d = 0; d < digits; d++) {
        uint32_t letter = 0;
        for (int bit = 0; bit < 5; bit++) {
            double middle = (low[axis] + high[axis]) / 2;
            bool upper = at[axis] >= middle;
            *(upper ? &low[axis] : &high[axis]) = middle;
            letter = letter << 1 | upper;
            axis = 1 - axis;
        }
        to[d] = GEOHASH_ALPHABET[letter];
    }
}

static struct err *evaluate_decode(EVALUATE_ARGUMENTS)
{
    const struct column *texts = column_strings(arena, arguments[0]);
    struct column *made = column_new(arena, function->inner, row_count);
    if (texts == NULL || made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < 2; k++) {
        made->children[k] = column_new(arena, type_simple(TYPE_FLOAT64), row_count);
        if (made->children[k] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < row_count; i++) {
        double place[2];
        decode(VALUE_AT(texts, struct slice, i), place);
        ((double *)made->children[0]->values)[i] = place[0];
        ((double *)made->children[1]->values)[i] = place[1];
    }
    *out = made;
    return NULL;
}

static struct err *resolve_decode(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *parts[2] = {type_simple(TYPE_FLOAT64), type_simple(TYPE_FLOAT64)};
    static const struct slice names[2] = {{"longitude", 9}, {"latitude", 8}};
    OR_DONE(argument_string(bind, 0));
    out->inner = type_tuple(bind->arena, parts, names, 2);
    out->evaluate = evaluate_decode;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* Cells of a row's box: begins, steps and counts of longitude and latitude. */
struct cells {
    double begin[2], step[2];
    uint64_t count[2];
    uint32_t digits;
};

static double limited(double value, double limit)
{
    return value < -limit ? -limit : value > limit ? limit : value;
}

static struct err *cells_of(const double box[4], uint8_t precision, struct cells *out)
{
    *out = (struct cells){.digits = precision == 0 || precision > GEOHASH_DIGITS ? GEOHASH_DIGITS : precision};
    if (!(box[0] <= box[2] && box[1] <= box[3])) {
        return NULL;
    }
    double total = 1;
    for (int axis = 0; axis < 2; axis++) {
        uint32_t bits = out->digits * 5;
        bits = axis == 0 ? (bits + 1) / 2 : bits / 2;
        double limit = axis == 0 ? 180 : 90;
        double step = out->step[axis] = ldexp(limit * 2, -(int)bits);
        out->begin[axis] = floor(limited(box[axis], limit) / step) * step;
        double span = ceil(limited(box[axis + 2], limit) / step) - floor(limited(box[axis], limit) / step);
        span = span < 1 ? 1 : span;
        total *= span;
        out->count[axis] = (uint64_t)span;
    }
    return total <= GEOHASHES_MAX ? NULL
                                  : err_new(ERR_TOO_LARGE_ARRAY,
                                            "geohashesInBox would produce %.0f array elements, which is bigger than "
                                            "the allowed maximum of %.0f",
                                            total, GEOHASHES_MAX);
}

static struct err *evaluate_box(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *sides[4];
    const struct column *precisions = column_numbers(arena, arguments[4], TYPE_UINT8);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct cells *cells = ARENA_ARRAY(arena, struct cells, row_count);
    struct text_buffer buffer = {arena, NULL, 0};
    uint64_t total = 0;
    for (int k = 0; k < 4; k++) {
        sides[k] = column_numbers(arena, arguments[k], TYPE_FLOAT64);
        if (sides[k] == NULL) {
            return arena_error(arena);
        }
    }
    if (precisions == NULL || offsets == NULL || cells == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        double box[4];
        for (int k = 0; k < 4; k++) {
            box[k] = VALUE_AT(sides[k], double, i);
        }
        offsets[i] = (uint32_t)total;
        OR_DONE(cells_of(box, VALUE_AT(precisions, uint8_t, i), &cells[i]));
        total += cells[i].count[0] * cells[i].count[1];
        if (total > UINT32_MAX / 2) {
            return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
        }
    }
    offsets[row_count] = (uint32_t)total;
    struct column *items = column_new(arena, type_simple(TYPE_STRING), (uint32_t)total);
    if (items == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        for (uint64_t x = 0; x < cells[i].count[0]; x++) {
            for (uint64_t y = 0; y < cells[i].count[1]; y++) {
                char *to = text_room(&buffer, GEOHASH_DIGITS);
                if (to == NULL) {
                    return arena_error(arena);
                }
                geohash_encode(cells[i].begin[0] + (double)x * cells[i].step[0],
                               cells[i].begin[1] + (double)y * cells[i].step[1], cells[i].digits, to);
                ((struct slice *)items->values)[at++] = text_taken(&buffer, cells[i].digits);
            }
        }
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_box(const struct function_bind *bind, struct function *out)
{
    for (uint32_t a = 0; a < 4; a++) {
        const struct type *type = bind->arguments[a].type;
        if (!type_is_float(type) || type->kind != bind->arguments[0].type->kind) {
            return argument_error(bind, a, "Float32 or Float64 is needed, the same for all four");
        }
    }
    if (bind->arguments[4].type->kind != TYPE_UINT8) {
        return argument_error(bind, 4, "UInt8 is needed");
    }
    out->inner = type_array(bind->arena, type_simple(TYPE_STRING));
    out->evaluate = evaluate_box;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- pointInPolygon ----------------------------------------------------------------------------------------------- */

/* Rings of a column: arrays of points, of rings or of polygons; the innermost arrays are rings. */
struct rings {
    uint32_t depth;
    struct arrays levels[3]; /* from outside */
    const double *x, *y;
};

enum side { SIDE_OUT, SIDE_BORDER, SIDE_IN };

static enum side side_of_ring(const struct rings *rings, uint32_t begin, uint32_t end, double x, double y)
{
    bool inside = false;
    for (uint32_t i = begin, before = end - 1; i < end; before = i++) {
        double ax = rings->x[i], ay = rings->y[i], bx = rings->x[before], by = rings->y[before];
        double cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        if (cross == 0 && x >= fmin(ax, bx) && x <= fmax(ax, bx) && y >= fmin(ay, by) && y <= fmax(ay, by)) {
            return SIDE_BORDER;
        }
        if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) {
            inside = !inside;
        }
    }
    return inside ? SIDE_IN : SIDE_OUT;
}

static struct err *side_of(const struct function *function, const struct rings *rings, uint32_t ring, double x,
                           double y, enum side *out)
{
    const struct arrays *points = &rings->levels[rings->depth - 1];
    uint32_t begin = array_begin(points, ring), end = array_end(points, ring);
    if (end - begin < 3) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: a polygon has fewer than three points", function->name);
    }
    *out = side_of_ring(rings, begin, end, x, y);
    return NULL;
}

/* In the first of rings [begin, end) and in none of the others? */
static struct err *in_polygon(const struct function *function, const struct rings *rings, uint32_t begin, uint32_t end,
                              double x, double y, bool *out)
{
    struct err *err = NULL;
    *out = false;
    for (uint32_t ring = begin; ring < end; ring++) {
        enum side side;
        OR_DONE(side_of(function, rings, ring, x, y, &side));
        *out = ring == begin ? side != SIDE_OUT : *out && side != SIDE_IN;
    }
done:
    return err;
}

static struct err *rings_of(const struct function *function, struct arena *arena, const struct column *column,
                            struct rings *out)
{
    struct err *err = NULL;
    *out = (struct rings){0};
    for (; column->type->kind == TYPE_ARRAY; column = column->children[0]) {
        column = out->depth == 0 ? column : column_flat(arena, column);
        if (column == NULL) {
            return arena_error(arena);
        }
        out->levels[out->depth++] = arrays_of(column);
    }
    const struct column *points = column_flat(arena, column);
    struct column *cast;
    if (points == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < 2; k++) {
        OR_DONE(function_cast(arena, function->context, points->children[k], type_simple(TYPE_FLOAT64), &cast));
        const struct column *flat = column_flat(arena, cast);
        if (flat == NULL) {
            return arena_error(arena);
        }
        *(k == 0 ? &out->x : &out->y) = flat->values;
    }
done:
    return err;
}

static struct err *evaluate_in_polygon(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t count = function->argument_count - 1;
    struct rings *rings = ARENA_ARRAY(arena, struct rings, count);
    const struct column *point = column_flat(arena, arguments[0]);
    struct column *sides[2];
    struct column *made;
    if (rings == NULL || point == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < 2; k++) {
        OR_DONE(function_cast(arena, function->context, point->children[k], type_simple(TYPE_FLOAT64), &sides[k]));
    }
    for (uint32_t a = 0; a < count; a++) {
        OR_DONE(rings_of(function, arena, arguments[a + 1], &rings[a]));
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        double x = VALUE_AT(sides[0], double, i), y = VALUE_AT(sides[1], double, i);
        const struct arrays *top = &rings[0].levels[0];
        ASSERT(top->offsets != NULL); /* the type is an array */
        uint32_t row = i * top->step;
        bool inside = false;
        if (rings[0].depth == 1) { /* rings side by side, each of a row */
            for (uint32_t a = 0; a < count; a++) {
                enum side side;
                OR_DONE(side_of(function, &rings[a], i * rings[a].levels[0].step, x, y, &side));
                inside = a == 0 ? side != SIDE_OUT : inside && side != SIDE_IN;
            }
        } else if (rings[0].depth == 2) {
            OR_DONE(in_polygon(function, &rings[0], array_begin(top, row), array_end(top, row), x, y, &inside));
        } else {
            for (uint32_t p = array_begin(top, row); p < array_end(top, row) && !inside; p++) {
                const struct arrays *polygons = &rings[0].levels[1];
                OR_DONE(
                    in_polygon(function, &rings[0], array_begin(polygons, p), array_end(polygons, p), x, y, &inside));
            }
        }
        ((uint8_t *)made->values)[i] = inside;
    }
    *out = made;
done:
    return err;
}

static struct err *check_point(const struct function_bind *bind, uint32_t index, const struct type *type)
{
    if (type->kind != TYPE_TUPLE || type->child_count != 2) {
        return argument_error(bind, index, "a tuple of two numbers is needed");
    }
    for (uint32_t k = 0; k < 2; k++) {
        if (!type_is_number(type->children[k]) || type->children[k]->nullable) {
            return argument_error(bind, index, "a tuple of two numbers is needed");
        }
    }
    return NULL;
}

static struct err *resolve_in_polygon(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(check_point(bind, 0, bind->arguments[0].type));
    for (uint32_t a = 1; a < bind->count; a++) {
        const struct type *type = bind->arguments[a].type;
        uint32_t depth = 0;
        for (; type->kind == TYPE_ARRAY; type = type->children[0]) {
            depth++;
        }
        OR_DONE(check_point(bind, a, type));
        if (depth == 0 || depth > 3 || (bind->count > 2 && depth != 1)) {
            return argument_error(bind, a, "a ring, a polygon or several polygons are needed");
        }
    }
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_in_polygon;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"geohashDecode", false, 1, 1, 0, resolve_decode, 0},
    {"geohashesInBox", false, 5, 5, FUNCTION_CAN_FAIL, resolve_box, 0},
    {"pointInPolygon", false, 2, ANY_COUNT, FUNCTION_CAN_FAIL, resolve_in_polygon, 0},
};
const struct function_group functions_geo_area = GROUP_WITHOUT_ALIASES(definitions);
