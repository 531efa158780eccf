/*
 * native_block.h: what native_reader.c, native_writer.c and native_scan.c share: limits and numbers of the format
 * Native. Private to the format layer.
 */
#ifndef FORMAT_NATIVE_BLOCK_H
#define FORMAT_NATIVE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* From these revisions of the client on DateTimes name their zone, and a byte behind the type says how the column is
 * laid out. */
#define NATIVE_REVISION_ZONE   54337U
#define NATIVE_REVISION_CUSTOM 54454U

#define NATIVE_COLUMNS_MAX    10000U
#define NATIVE_DICTIONARY_MAX (16U << 20)
#define NATIVE_TYPE_BYTES_MAX ((size_t)1 << 20)

/* What a block is, from revision 1 on: numbers of fields, each with its value; 0 ends them. */
#define NATIVE_INFO_END      0U
#define NATIVE_INFO_OVERFLOW 1U /* a byte */
#define NATIVE_INFO_BUCKET   2U /* four bytes */

/* JSON: the version in front of a column's values that are texts. The others are of servers among themselves. */
#define NATIVE_JSON_TEXT    1U
#define NATIVE_JSON_REFUSED "values of type JSON must be sent as texts, not in the layout of this version"

/* LowCardinality */
#define NATIVE_KEYS_VERSION 1U
#define NATIVE_KEYS_OWN     0x200U /* the block holds its dictionary */
#define NATIVE_KEYS_SHARED  0x100U /* a dictionary of the whole stream: files of tables have it, the format has not */
#define NATIVE_KEYS_UPDATE  0x400U
#define NATIVE_KEYS_WIDTH   0xffU

/* ---- parts of the writer */
struct arena;
struct buffer;
struct column;
struct type;
/* What stands in front of all data of a column; the data of rows [begin, end), false: memory is out. */
void native_put_prefixes(struct buffer *out, const struct type *type);
bool native_put_data(struct arena *arena, struct buffer *out, const struct column *column, uint32_t begin,
                     uint32_t end);
/* Both, of a whole column of JSON or Dynamic (native_json.c). */
bool native_put_view(struct arena *arena, struct buffer *out, const struct column *column);

#endif
