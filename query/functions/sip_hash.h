/*
 * sip_hash.h: SipHash-2-4 in the forms that ClickHouse has: of 64 bits, of 128 bits made of its last state, and of 128
 * bits as its authors have it.
 *
 * source   Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012)
 */
#ifndef QUERY_FUNCTIONS_SIP_HASH_H
#define QUERY_FUNCTIONS_SIP_HASH_H

#include "base/slice.h"

#include <stdint.h>

enum sip_form { SIP_64, SIP_128, SIP_128_REFERENCE };

unsigned __int128 sip_hash(struct slice bytes, enum sip_form form, const uint64_t key[2]);

#endif
