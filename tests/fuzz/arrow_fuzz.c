/* arrow_fuzz.c: any bytes as the body of an INSERT in the formats Arrow and ArrowStream; the first byte chooses the
 * format and the columns. Their structure is looked for, too. */
#include "format/infer.h"
#include "tests/fuzz/format_fuzz.h"

#define NESTED                                                                                                         \
    "a UInt8, b LowCardinality(Nullable(String)), c Array(Array(UInt32)), d Array(Tuple(UInt8, Map(String, Date))), "  \
    "e FixedString(4), f JSON, g UUID, h Decimal(9, 2), i DateTime('UTC'), j DateTime64(3, 'UTC'), k IPv6"
#define OTHERS                                                                                                         \
    "a String, b Nullable(DateTime64(9, 'UTC')), c Float64, d Bool, e Date32, f Array(LowCardinality(String)), "       \
    "g Int256, h Decimal(38, 5), i Date, j Enum8('x' = 1, 'y' = 2), k IntervalSecond"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = {
        "a Nullable(Int64), b String, c Array(Nullable(String)), d Tuple(x UInt8, y String), e Map(String, UInt16)",
        NESTED,
        OTHERS,
    };
    if (size == 0) {
        return 0;
    }
    const char *format = data[0] & 1 ? "Arrow" : "ArrowStream";
    fuzz_format(format, columns[data[0] / 2 % 3], data + 1, size - 1);
    struct arena *arena = arena_create(NULL);
    struct inferred_column *found = NULL;
    struct slice read_as;
    uint32_t count;
    err_free(format_infer(arena, slice_text(format), NULL, slice_of((const char *)data + 1, size - 1), true, &found,
                          &count, &read_as));
    arena_destroy(arena);
    return 0;
}
