/*
 * shortest.cc: the standard library of C++ prints the shortest digits of floats, and fast; that of C does not.
 */
#include "base/shortest.h"

#include <charconv>

template <typename Real> static size_t print(Real value, char *to)
{
    return static_cast<size_t>(std::to_chars(to, to + SHORTEST_BYTES_MAX, value, std::chars_format::scientific).ptr -
                               to);
}

size_t shortest_double(double value, char *to)
{
    return print(value, to);
}

size_t shortest_float(float value, char *to)
{
    return print(value, to);
}
