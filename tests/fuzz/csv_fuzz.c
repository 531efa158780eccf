/* csv_fuzz.c: any bytes as the body of an INSERT in CSV, TabSeparated, Values or a binary format; the first byte
 * chooses. */
#include "tests/fuzz/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[] = {"CSV", "CSVWithNames", "TSV", "TSVWithNamesAndTypes", "Values"};
    static const char *const binary[] = {"RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "Native"};
    if (size > 0 && data[0] >= 128) {
        fuzz_format(
            binary[data[0] % 4],
            "a UInt8, b Nullable(String), c Array(Array(Nullable(Int16))), d Map(String, Tuple(Bool, Date32)), "
            "e LowCardinality(Nullable(String)), f Enum8('x' = 1, 'y' = 2), g Array(Tuple(String, Enum16('z' = 3)))",
            data + 1, size - 1);
    } else if (size > 0) {
        fuzz_format(formats[data[0] % 5], "a String, b Int8, c Nullable(Float64), d DateTime('UTC'), e FixedString(3)",
                    data + 1, size - 1);
    }
    return 0;
}
