/*
 * arrow_infer.h: the columns that Arrow's data say they have.
 *
 * thread   any: pure functions
 */
#ifndef FORMAT_ARROW_INFER_H
#define FORMAT_ARROW_INFER_H

#include "format/infer.h"

/* sample: the data's beginning, with the schema. Names and types in the arena. errors: ERR_CANNOT_INFER_STRUCTURE, what
 * arrow_type_of says */
struct err *arrow_infer(struct arena *arena, bool is_file, struct slice sample, struct inferred_column **columns,
                        uint32_t *count);

#endif
