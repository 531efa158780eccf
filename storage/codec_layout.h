/*
 * codec_layout.h: numbers in blocks that the encoder and the decoder share (docs/FORMAT.md, "Blocks").
 */
#ifndef STORAGE_CODEC_LAYOUT_H
#define STORAGE_CODEC_LAYOUT_H

#include <stdint.h>

enum nulls_kind { NULLS_NONE = 0, NULLS_SOME = 1, NULLS_ALL = 2 };

/* Bytes of all strings of a block. */
#define STRINGS_BYTES_MAX ((uint32_t)0x7e000000)

/* Blocks inside a block of numbers. */
#define NEST_MAX 2U

/* Strings of a template. */
#define TEMPLATE_LENGTH_MAX  256U
#define TEMPLATE_SYMBOLS_MAX 64U

#endif
