/* normalize_fuzz.c: any bytes as a statement that is normalized: no more bytes than there is room for, and of both
 * results the same for the same bytes. */
#include "query/functions/normalize.h"
#include "tests/fuzz/require.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *query = malloc(size + 1), *to = malloc(NORMALIZE_ROOM(size));
    REQUIRE(query != NULL && to != NULL);
    memcpy(query, data, size);
    char *exact = realloc(query, size == 0 ? 1 : size); /* so that a byte too far is seen */
    REQUIRE(exact != NULL);
    for (int keep = 0; keep < 2; keep++) {
        struct slice text = slice_of(exact, size);
        size_t length = normalize_query(text, keep != 0, to);
        REQUIRE(length <= NORMALIZE_ROOM(size));
        length = normalize_for_hash(text, keep != 0, to);
        REQUIRE(length <= NORMALIZE_ROOM(size));
        uint64_t hash = normalize_hash(slice_of(to, length));
        length = normalize_for_hash(text, keep != 0, to);
        REQUIRE(normalize_hash(slice_of(to, length)) == hash);
    }
    free(exact);
    free(to);
    return 0;
}
