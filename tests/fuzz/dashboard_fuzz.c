/* dashboard_fuzz.c: any bytes as a dashboard's definition; what is wrong with it is always said. */
#include "server/dashboard_schema.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err *err = dashboard_check(slice_of((const char *)data, size));
    if (err != NULL && err_code(err) != ERR_BAD_ARGUMENTS) {
        abort();
    }
    err_free(err);
    return 0;
}
