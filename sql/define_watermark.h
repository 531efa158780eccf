/*
 * define_watermark.h: WATERMARK FOR column AS column [- INTERVAL n unit]: which column is the event time, and how far
 * rows may be out of order.
 */
#ifndef SQL_DEFINE_WATERMARK_H
#define SQL_DEFINE_WATERMARK_H

#include "sql/binder.h"
#include "storage/catalogue.h"

/* names: the columns as expressions see them. Sets def->watermark and def->watermark_column ("" without one). */
struct err *define_watermark(struct binder *binder, const struct ast_create_table *create,
                             const struct source_column *names, uint32_t name_count, struct table_def *def);

/* What the definition says as microseconds; 0 without a watermark. The arena is for work. */
struct err *watermark_delay(struct arena *arena, const struct table_def *def, int64_t *delay_us);

#endif
