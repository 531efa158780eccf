/* csv_fuzz.c: any bytes as the body of an INSERT in CSV, TabSeparated or Values; the first byte chooses. */
#include "tests/fuzz/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[] = {"CSV", "CSVWithNames", "TSV", "TSVWithNamesAndTypes", "Values"};
    if (size > 0) {
        fuzz_format(formats[data[0] % 5], "a String, b Int8, c Nullable(Float64), d DateTime('UTC'), e FixedString(3)",
                    data + 1, size - 1);
    }
    return 0;
}
