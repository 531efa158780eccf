/*
 * arrow_value.h: values of a batch's arrays as values of a builder's columns.
 *
 * thread   one at a time
 */
#ifndef FORMAT_ARROW_VALUE_H
#define FORMAT_ARROW_VALUE_H

#include "format/arrow_array.h"
#include "format/reader_private.h"

/* The reader's field of that name, or −1. any_case: in capitals or not, when none has it as it is */
int32_t arrow_find_target(const struct reader *reader, struct slice name, bool any_case);
/* May values of the one type (arrow_type_of a field) become values of the other, with what is inside them? any_case: of
 * tuples' names. */
bool arrow_value_fits(const struct type *from, const struct type *to, bool any_case);
/* Sets the field from the array's row. */
enum row_result arrow_value_set(struct reader *reader, struct builder *builder, struct field *field,
                                const struct arrow_array *array, uint32_t row);
/* Says what the error says, and frees it. */
enum row_result arrow_bad(struct reader *reader, const struct field *field, struct err *err);

#endif
