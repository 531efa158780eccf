/*
 * err.c: errors as values.
 *
 * thread   an error belongs to one thread at a time; no shared state but the static out-of-memory error
 */
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_BYTES_MAX  8192U
#define MESSAGE_HEAD_BYTES 6000U
#define MESSAGE_TAIL_BYTES 2000U

struct err {
    enum err_code code;
    char *message;
};

static char out_of_memory_message[] = "out of memory";
static struct err out_of_memory = {ERR_OOM, out_of_memory_message};

/* Text from outside may be megabytes long: the middle goes. */
static void shorten(char *message, size_t length)
{
    static const char mark[] = " ... ";
    memcpy(message + MESSAGE_HEAD_BYTES, mark, sizeof(mark) - 1);
    memmove(message + MESSAGE_HEAD_BYTES + sizeof(mark) - 1, message + length - MESSAGE_TAIL_BYTES,
            MESSAGE_TAIL_BYTES + 1);
}

struct err *err_newv(enum err_code code, const char *format, va_list list)
{
    struct err *err = malloc(sizeof(*err));
    char *message = NULL;

    int length = err == NULL ? -1 : vasprintf(&message, format, list);
    if (length < 0) {
        free(err);
        return &out_of_memory;
    }
    if ((size_t)length > MESSAGE_BYTES_MAX) {
        shorten(message, (size_t)length);
    }
    err->code = code;
    err->message = message;
    return err;
}

struct err *err_new(enum err_code code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    struct err *err = err_newv(code, format, list);
    va_end(list);
    return err;
}

struct err *err_oom(void)
{
    return &out_of_memory;
}

struct err *(err_while)(struct err *err, const char *format, ...)
{
    if (err == NULL || err == &out_of_memory) {
        return err;
    }
    char *context = NULL;
    va_list list;
    va_start(list, format);
    int length = vasprintf(&context, format, list);
    va_end(list);
    if (length < 0) {
        return err;
    }
    char *joined = NULL;
    if (asprintf(&joined, "%s: %s", context, err->message) >= 0) {
        free(err->message);
        err->message = joined;
    }
    free(context);
    return err;
}

struct err *err_errno(enum err_code code, int number, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    struct err *err = err_newv(code, format, list);
    va_end(list);
    if (err == &out_of_memory) {
        return err;
    }
    char text[128];
    char *joined = NULL;
    if (asprintf(&joined, "%s: %s (errno %d)", err->message, strerror_r(number, text, sizeof(text)), number) >= 0) {
        free(err->message);
        err->message = joined;
    }
    return err;
}

enum err_code err_code(const struct err *err)
{
    return err == NULL ? ERR_NONE : err->code;
}

const char *err_message(const struct err *err)
{
    return err == NULL ? "" : err->message;
}

const char *err_code_name(enum err_code code)
{
    switch (code) {
    case ERR_NONE:
        return "OK";
#define ERR_NAME(name, number, text)                                                                                   \
    case name:                                                                                                         \
        return text;
        ERR_CODES(ERR_NAME)
#undef ERR_NAME
    }
    return "UNKNOWN_EXCEPTION";
}

struct err *err_copy(const struct err *err)
{
    return err == NULL ? NULL : err_new(err->code, "%s", err->message);
}

void err_free(struct err *err)
{
    if (err != NULL && err != &out_of_memory) {
        free(err->message);
        free(err);
    }
}

void err_keep_first(struct err **first, struct err *err)
{
    if (*first == NULL) {
        *first = err;
    } else {
        err_free(err);
    }
}

_Noreturn void assert_failed(const char *expression, const char *file, int line)
{
    (void)fprintf(stderr, "weir: internal error: assertion failed: %s (%s:%d)\n", expression, file, line);
    abort();
}
