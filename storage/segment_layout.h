/*
 * segment_layout.h: numbers of the pack file that its writer and reader share (docs/FORMAT.md, "Pack file").
 */
#ifndef STORAGE_SEGMENT_LAYOUT_H
#define STORAGE_SEGMENT_LAYOUT_H

#include "base/slice.h"
#include "storage/codec.h"

#include <assert.h>
#include <stdint.h>

#define PACK_MAGIC        "WEIRPACK"
#define PACK_HEADER_BYTES 16U /* magic, version (4), zero (4) */

#define SEGMENT_MAGIC         0x544e4753U /* "SGNT" */
#define SEGMENT_TRAILER_BYTES 24U         /* footer's length (4), zero (4), footer's XXH3 (8), zero (4), magic (4) */

#define PACK_VERSION_INDEXES 3U /* footers end with their indexes from here on */

/* A footer is refused above this: 100,000 granules of 1,000 columns would be less. */
#define FOOTER_BYTES_MAX    ((uint32_t)1 << 30)
#define SEGMENT_COLUMNS_MAX 10000U

/* Flags of a zone in the footer. */
enum zone_flags { ZONE_KNOWN = 1, ZONE_EXACT = 2, ZONE_SUM = 4, ZONE_NULLS = 8 };

static_assert(sizeof(union zone_value) == 16, "a zone's value has 16 bytes");

#endif
