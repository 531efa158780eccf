/*
 * geo.c: distances and places on the Earth.
 *
 * distance  nearer than 13 degrees: on the plane that touches the middle latitude, with the lengths of a degree of
 *           the sphere or of WGS 84 there; farther: by the haversine of the mean sphere. ClickHouse's formulae; its
 *           tables of sines differ from these in the sixth digit
 * thread    any, no shared state
 */
#include "query/functions/row.h"

#include <math.h>

#define EARTH_RADIUS ((6378137.0 * 2 + 6356752.314245) / 3) /* metres */
#define NEAR_DEGREES 13.0
#define RADIAN       (M_PI / 180)

enum distance { DISTANCE_SPHERE, DISTANCE_ANGLE, DISTANCE_WGS84 };

static double square(double x)
{
    return x * x;
}

static struct err *run_distance(struct row_call *call, union row_value *out)
{
    const union row_value *a = call->arguments;
    double latitude_gap = fabs(a[1].real - a[3].real);
    double longitude_gap = fabs(a[0].real - a[2].real);
    longitude_gap = longitude_gap > 180 ? 360 - longitude_gap : longitude_gap;
    if (latitude_gap + longitude_gap < NEAR_DEGREES) {
        double middle = (a[1].real + a[3].real) / 2 * RADIAN;
        double degree = call->tag == DISTANCE_ANGLE ? 1 : EARTH_RADIUS * RADIAN;
        double along = degree;
        double across = degree * cos(middle);
        if (call->tag == DISTANCE_WGS84) {
            along = 111132.09 - 566.05 * cos(2 * middle) + 1.20 * cos(4 * middle);
            across = 111415.13 * cos(middle) - 94.55 * cos(3 * middle) + 0.12 * cos(5 * middle);
        }
        out->real = sqrt(square(along * latitude_gap) + square(across * longitude_gap));
        return NULL;
    }
    double haversine = square(sin(latitude_gap * RADIAN / 2)) +
                       cos(a[1].real * RADIAN) * cos(a[3].real * RADIAN) * square(sin(longitude_gap * RADIAN / 2));
    double angle = 2 * asin(sqrt(haversine > 1 ? 1 : haversine));
    out->real = call->tag == DISTANCE_ANGLE ? angle / RADIAN : angle * EARTH_RADIUS;
    return NULL;
}

static struct err *resolve_distance(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    bool wide = false;
    OR_DONE(row_resolve(bind, out));
    for (uint32_t i = 0; i < bind->count; i++) {
        wide |= bind->arguments[i].type->kind == TYPE_FLOAT64;
    }
    out->inner = type_simple(wide ? TYPE_FLOAT64 : TYPE_FLOAT32);
done:
    return err;
}

/* x, y, then centre and half axes of each ellipse. */
static struct err *run_in_ellipses(struct row_call *call, union row_value *out)
{
    const union row_value *a = call->arguments;
    for (uint32_t e = 2; e + 3 < call->count; e += 4) {
        double x = a[0].real - a[e].real;
        double y = a[1].real - a[e + 1].real;
        if (square(x) / square(a[e + 2].real) + square(y) / square(a[e + 3].real) <= 1) {
            out->natural = 1;
            break;
        }
    }
    return NULL;
}

static struct err *resolve_in_ellipses(const struct function_bind *bind, struct function *out)
{
    if (bind->count % 4 != 2) {
        return err_new(ERR_BAD_ARGUMENTS, "function pointInEllipses takes a point and four numbers per ellipse");
    }
    for (uint32_t i = 0; i < bind->count; i++) {
        if (bind->arguments[i].type->kind != TYPE_FLOAT64) {
            return argument_error(bind, i, "Float64 is needed");
        }
    }
    return row_resolve(bind, out);
}

static struct err *run_geohash(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    uint64_t digits = call->count > 2 ? call->arguments[2].natural : 0;
    digits = digits == 0 || digits > GEOHASH_DIGITS ? GEOHASH_DIGITS : digits;
    char *to = row_room(call, GEOHASH_DIGITS, &err);
    if (to == NULL) {
        return err;
    }
    geohash_encode(call->arguments[0].real, call->arguments[1].real, (uint32_t)digits, to);
    out->text = text_taken(&call->buffer, digits);
    return NULL;
}

static struct err *resolve_geohash(const struct function_bind *bind, struct function *out)
{
    for (uint32_t i = 0; i < 2; i++) {
        if (!type_is_float(bind->arguments[i].type)) {
            return argument_error(bind, i, "Float32 or Float64 is needed");
        }
    }
    return row_resolve(bind, out);
}

#define BOUND(name, least, most, resolve, tag, shape, result, run, about)                                              \
    {                                                                                                                  \
        {name, false, least, most, 0, resolve, tag}, shape, result, 0, run, about                                      \
    }
static const struct row_function rows[] = {
    BOUND("greatCircleDistance", 4, 4, resolve_distance, DISTANCE_SPHERE, "ffff", TYPE_FLOAT64, run_distance,
          "Metres between two points, each longitude and latitude, on the Earth as a sphere."),
    BOUND("greatCircleAngle", 4, 4, resolve_distance, DISTANCE_ANGLE, "ffff", TYPE_FLOAT64, run_distance,
          "Degrees between two points, each longitude and latitude."),
    BOUND("geoDistance", 4, 4, resolve_distance, DISTANCE_WGS84, "ffff", TYPE_FLOAT64, run_distance,
          "Metres between two points, each longitude and latitude, on WGS 84's ellipsoid where they are near."),
    BOUND("pointInEllipses", 6, ANY_COUNT, resolve_in_ellipses, 0, "f*", TYPE_UINT8, run_in_ellipses,
          "Is a point in one of the ellipses?"),
    BOUND("geohashEncode", 2, 3, resolve_geohash, 0, "ffu", TYPE_STRING, run_geohash,
          "The geohash of a longitude and a latitude."),
};
const struct function_group functions_geo = {.rows = rows, .row_count = sizeof(rows) / sizeof(rows[0])};
