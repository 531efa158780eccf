/*
 * vector.h: norms and distances of vectors: tags that tuple_math.c (tuples) and vector.c (arrays) share.
 */
#ifndef QUERY_FUNCTIONS_VECTOR_H
#define QUERY_FUNCTIONS_VECTOR_H

#include "query/functions/functions.h"

enum norm { NORM_L1, NORM_L2, NORM_L2_SQUARED, NORM_LINF, NORM_LP };
/* Norms of one vector, distances of two (the norm of their difference), normalised vectors. */
enum norm_use { USE_NORM, USE_DISTANCE, USE_NORMALIZE };
#define NORM_TAG(use, norm) ((int)(use) << 4 | (int)(norm))
#define VECTOR_DOT          100
#define VECTOR_COSINE       101

/* The function of these tags where the first argument is an array. */
struct err *vector_resolve(const struct function_bind *bind, struct function *out);

#endif
