/* parquet_fuzz.c: any bytes as the body of an INSERT in the format Parquet; the first byte chooses the columns. Their
 * structure is looked for, too. Checksums of pages do not stand in the way: those of the committed inputs have none. */
#include "format/infer.h"
#include "tests/fuzz/format_fuzz.h"

#define FLAT                                                                                                           \
    "a Nullable(Int64), b String, c Nullable(String), d Bool, e Float32, f Float64, g FixedString(4), h Decimal(9, "   \
    "2),"                                                                                                              \
    " i Decimal(38, 5), j Date32, k DateTime64(6, 'UTC'), l UUID, m UInt8, n Int128"
#define NESTED                                                                                                         \
    "a Array(Nullable(Int64)), b Array(Array(String)), c Tuple(x Nullable(Int64), y String, z Array(UInt16)), "        \
    "d Map(String, Nullable(Int64)), e Array(Tuple(a Nullable(Int32), b String)), f JSON, g Array(Map(String, Date))"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = {FLAT, NESTED, "a String, b String, c String, d String"};
    if (size == 0) {
        return 0;
    }
    fuzz_format("Parquet", columns[data[0] % 3], data + 1, size - 1);
    struct arena *arena = arena_create(NULL);
    struct inferred_column *found = NULL;
    struct slice read_as;
    uint32_t count;
    err_free(format_infer(arena, slice_text("Parquet"), NULL, slice_of((const char *)data + 1, size - 1), true, &found,
                          &count, &read_as));
    arena_destroy(arena);
    return 0;
}
