/*
 * arrow_type.h: which type of Arrow a column's type is, and the other way round, as ClickHouse has them.
 *
 * thread   any: pure functions
 */
#ifndef FORMAT_ARROW_TYPE_H
#define FORMAT_ARROW_TYPE_H

#include "base/arena.h"
#include "base/timezone.h"
#include "format/arrow_ipc.h"
#include "format/format_settings.h"
#include "storage/type.h"

static inline struct slice arrow_slice(struct arrow_text text)
{
    return (struct slice){text.data, text.length};
}

struct arrow_style {
    const struct format_settings *settings;
    const struct timezone *zone; /* of DateTimes that name none */
    int64_t dictionaries;        /* numbered so far */
};

/* The type of a column's values in the arena; dictionaries get numbers as they come. False: memory is out. */
bool arrow_field_of(struct arena *arena, struct slice name, const struct type *type, struct arrow_style *style,
                    struct arrow_field *out);
/* The type without the dictionary: of the values that its indexes stand for. */
void arrow_field_value(const struct type *type, const struct arrow_style *style, struct arrow_field *out);

/* The power of ten of a unit's ticks in a second. */
static inline uint32_t arrow_unit_scale(int32_t unit)
{
    return (uint32_t)unit * 3;
}

/* The type that the field's values have when nobody wants another one. errors: ERR_UNKNOWN_TYPE, ERR_NOT_IMPLEMENTED: it
 * is not read; the error names type and field. */
struct err *arrow_type_of(struct arena *arena, const struct arrow_field *field, const struct type **out);
const char *arrow_kind_name(enum arrow_kind kind);

#endif
