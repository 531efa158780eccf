/*
 * read_file.h: a whole file as text, for tests; the caller frees it.
 */
#ifndef TESTS_SQL_READ_FILE_H
#define TESTS_SQL_READ_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static inline char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t length = 0;
    size_t more;
    if (file == NULL) {
        fail_msg("cannot open %s", path);
    }
    do {
        text = realloc(text, length + 65537);
        assert_non_null(text);
        more = fread(text + length, 1, 65536, file);
        length += more;
    } while (more > 0);
    text[length] = '\0';
    fclose(file);
    return text;
}

#endif
