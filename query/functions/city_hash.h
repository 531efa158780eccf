/*
 * city_hash.h: CityHash64 as of version 1.0.2, which ClickHouse's cityHash64 and uniq use.
 * source   Geoff Pike and Jyrki Alakuijala, CityHash 1.0.2 (2011), MIT licence; written anew here
 */
#ifndef QUERY_FUNCTIONS_CITY_HASH_H
#define QUERY_FUNCTIONS_CITY_HASH_H

#include "base/slice.h"

uint64_t city_hash(struct slice bytes);
/* Hash128to64 of two words: how ClickHouse combines the hashes of several arguments. */
uint64_t city_hash_pair(uint64_t low, uint64_t high);

#endif
