/* lanes_test.c: texts without anything to escape: lanes.h against a byte-by-byte look, at every length and place. */
#include "format/lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static bool may_be_escaped(unsigned char c, enum lane_escapes escapes)
{
    if (c < 0x20 || c == '\\') {
        return true;
    }
    return escapes == ESCAPES_TSV ? c == '\'' : c == '"' || c == 0xe2 || (c == '/' && escapes == ESCAPES_JSON_SLASHES);
}

/* Memory of exactly the size, so that sanitizers see bytes read or written beyond it. */
static void check(const char *text, size_t length, enum lane_escapes escapes)
{
    char *from = malloc(length + (length == 0)), *to = malloc(length + 16);
    bool plain = true;
    assert_non_null(from);
    assert_non_null(to);
    memcpy(from, text, length);
    for (size_t k = 0; k < length; k++) {
        plain &= !may_be_escaped((unsigned char)text[k], escapes);
    }
    bool answer = lane_copy_plain(to, slice_of(from, length), escapes);
    assert_int_equal(answer, plain);
    assert_true(!plain || memcmp(to, text, length) == 0);
    free(from);
    free(to);
}

static void as_byte_by_byte(void **state)
{
    (void)state;
    char text[64];
    for (int escapes = ESCAPES_TSV; escapes <= ESCAPES_JSON_SLASHES; escapes++) {
        for (size_t length = 0; length < sizeof(text); length++) {
            memset(text, 'a', sizeof(text));
            check(text, length, (enum lane_escapes)escapes);
            for (size_t place = 0; place < length; place++) {
                for (int byte = 0; byte < 256; byte++) {
                    text[place] = (char)byte;
                    check(text, length, (enum lane_escapes)escapes);
                }
                text[place] = (char)('b' + place % 20);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_byte_by_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
