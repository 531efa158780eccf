/* json_fuzz.c: any bytes as the body of an INSERT in JSONEachRow. */
#include "tests/fuzz/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format("JSONEachRow", FUZZ_COLUMNS, data, size);
    return 0;
}
