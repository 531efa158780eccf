/*
 * shortest.h: the fewest digits that read back as the same float: "1.25e+02". Finite values.
 */
#ifndef BASE_SHORTEST_H
#define BASE_SHORTEST_H

#include <stddef.h>

#define SHORTEST_BYTES_MAX 40

#ifdef __cplusplus
extern "C" {
#endif
/* Writes up to SHORTEST_BYTES_MAX bytes, without a zero byte; how many. */
size_t shortest_double(double value, char *to);
size_t shortest_float(float value, char *to);
#ifdef __cplusplus
}
#endif

#endif
