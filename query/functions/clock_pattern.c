/*
 * clock_pattern.c: patterns of dates and times are read. See clock_pattern.h.
 */
#include "query/functions/clock_pattern.h"

#include "query/functions/value_text.h"

#include "base/timezone.h"

#define PATTERN_BYTES_MAX 4096U

const char *const month_names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
const char *const day_names[7] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static void add(struct pattern *pattern, enum item item, uint32_t least, uint32_t most)
{
    pattern->pieces[pattern->count++] = (struct piece){item, least, most, {"", 0}};
}

static void add_literal(struct pattern *pattern, const char *data, size_t length)
{
    if (length > 0) {
        pattern->pieces[pattern->count++] = (struct piece){LITERAL, 0, 0, {data, length}};
    }
}

static struct err *refused(const struct function_bind *bind, const char *letters, size_t length)
{
    return err_new(ERR_NOT_IMPLEMENTED, "function %s: the format '%.*s' is not supported", bind->name, (int)length,
                   letters);
}

static struct err *add_mysql(const struct function_bind *bind, struct pattern *pattern, const char *letter)
{
    static const struct {
        char letter;
        enum item item;
        uint32_t least, most;
    } items[] = {
        {'Y', YEAR, 4, 4},         {'y', YEAR_SHORT, 2, 2},    {'C', CENTURY, 2, 2},     {'m', MONTH, 2, 2},
        {'c', MONTH, 1, 2},        {'M', MONTH_NAME, 0, 0},    {'b', MONTH_SHORT, 0, 0}, {'d', DAY, 2, 2},
        {'e', DAY, 1, 2},          {'j', DAY_OF_YEAR, 3, 3},   {'u', WEEKDAY, 1, 1},     {'w', WEEKDAY_ZERO, 1, 1},
        {'W', WEEKDAY_NAME, 0, 0}, {'a', WEEKDAY_SHORT, 0, 0}, {'G', ISO_YEAR, 4, 4},    {'V', ISO_WEEK, 2, 2},
        {'H', HOUR, 2, 2},         {'k', HOUR, 1, 2},          {'h', HOUR_1_12, 2, 2},   {'I', HOUR_1_12, 2, 2},
        {'l', HOUR_1_12, 1, 2},    {'i', MINUTE, 2, 2},        {'s', SECOND, 2, 2},      {'S', SECOND, 2, 2},
        {'f', FRACTION, 1, 6},     {'p', HALF_OF_DAY, 0, 0},   {'z', ZONE_OFFSET, 0, 0},
    };
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        if (items[i].letter == *letter) {
            add(pattern, items[i].item, items[i].least, items[i].most);
            return NULL;
        }
    }
    const char *composed = *letter == 'D'   ? "m/d/y"
                           : *letter == 'F' ? "Y-m-d"
                           : *letter == 'T' ? "H:i:s"
                           : *letter == 'R' ? "H:i"
                           : *letter == 'r' ? "h:i:s p"
                                            : NULL;
    if (composed != NULL) {
        for (; *composed != '\0'; composed++) {
            if (strchr(":/- ", *composed) != NULL) {
                add_literal(pattern, composed, 1);
            } else {
                struct err *err = add_mysql(bind, pattern, composed);
                if (err != NULL) {
                    return err;
                }
            }
        }
        return NULL;
    }
    if (*letter == 'n' || *letter == 't' || *letter == '%') {
        add_literal(pattern, *letter == 'n' ? "\n" : *letter == 't' ? "\t" : "%", 1);
        return NULL;
    }
    if (strchr("QUvxXg", *letter) != NULL && *letter != '\0') {
        return refused(bind, letter, 1);
    }
    return err_new(ERR_BAD_ARGUMENTS, "function %s does not know the format '%%%c'", bind->name, *letter);
}

static struct err *compile_mysql(const struct function_bind *bind, struct slice text, struct pattern *pattern)
{
    struct err *err = NULL;
    size_t from = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != '%') {
            continue;
        }
        add_literal(pattern, text.data + from, i - from);
        if (++i == text.length) {
            return err_new(ERR_BAD_ARGUMENTS, "the pattern of function %s ends with '%%'", bind->name);
        }
        OR_DONE(add_mysql(bind, pattern, text.data + i));
        from = i + 1;
    }
    add_literal(pattern, text.data + from, text.length - from);
done:
    return err;
}

static struct err *add_joda(const struct function_bind *bind, struct pattern *pattern, const char *letters, uint32_t n,
                            bool parse)
{
    uint32_t two = n > 2 ? n : 2;
    switch (*letters) {
    case 'G':
        add(pattern, ERA, 0, 0);
        return NULL;
    case 'C':
        add(pattern, CENTURY, n, two);
        return NULL;
    case 'y':
    case 'Y':
        add(pattern, n == 2 ? YEAR_SHORT : YEAR, n == 2 ? 2 : n, n == 2 ? 2 : n > 4 ? n : 4);
        return NULL;
    case 'x':
        add(pattern, ISO_YEAR, n, n > 4 ? n : 4);
        return NULL;
    case 'w':
        add(pattern, ISO_WEEK, n, two);
        return NULL;
    case 'e':
        add(pattern, WEEKDAY, n, n);
        return NULL;
    case 'E':
        add(pattern, parse || n >= 4 ? WEEKDAY_NAME : WEEKDAY_SHORT, 0, 0);
        return NULL;
    case 'D':
        add(pattern, DAY_OF_YEAR, n, n > 3 ? n : 3);
        return NULL;
    case 'M':
        add(pattern, n >= 4 ? MONTH_NAME : n == 3 ? MONTH_SHORT : MONTH, n, two);
        return NULL;
    case 'd':
        add(pattern, DAY, n, two);
        return NULL;
    case 'a':
        add(pattern, HALF_OF_DAY, 0, 0);
        return NULL;
    case 'K':
        add(pattern, HOUR_0_11, n, two);
        return NULL;
    case 'h':
        add(pattern, HOUR_1_12, n, two);
        return NULL;
    case 'H':
        add(pattern, HOUR, n, two);
        return NULL;
    case 'k':
        add(pattern, HOUR_1_24, n, two);
        return NULL;
    case 'm':
        add(pattern, MINUTE, n, two);
        return NULL;
    case 's':
        add(pattern, SECOND, n, two);
        return NULL;
    case 'S':
        add(pattern, FRACTION, n, n);
        pattern->fraction_digits = n;
        return NULL;
    case 'z':
        if (parse || n < 4) {
            return refused(bind, letters, n);
        }
        add(pattern, ZONE_NAME, 0, 0);
        return NULL;
    case 'Z':
        if (!parse) {
            return refused(bind, letters, n);
        }
        add(pattern, ZONE_OFFSET, 0, 0);
        return NULL;
    default:
        return refused(bind, letters, n);
    }
}

/* Letters are fields, texts in quotes are themselves, '' is a quote. */
static struct err *compile_joda(const struct function_bind *bind, struct slice text, struct pattern *pattern,
                                bool parse)
{
    struct err *err = NULL;
    for (size_t i = 0; i < text.length;) {
        char c = text.data[i];
        if (c == '\'') {
            if (i + 1 < text.length && text.data[i + 1] == '\'') {
                add_literal(pattern, "'", 1);
                i += 2;
                continue;
            }
            size_t from = ++i;
            while (i < text.length && (text.data[i] != '\'' || (i + 1 < text.length && text.data[i + 1] == '\''))) {
                if (text.data[i] == '\'') { /* two quotes inside are one */
                    add_literal(pattern, text.data + from, i + 1 - from);
                    from = i + 2;
                    i++;
                }
                i++;
            }
            if (i >= text.length) {
                return err_new(ERR_BAD_ARGUMENTS, "the pattern of function %s has no closing quote", bind->name);
            }
            add_literal(pattern, text.data + from, i - from);
            i++;
        } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            uint32_t n = 1;
            while (i + n < text.length && text.data[i + n] == c) {
                n++;
            }
            OR_DONE(add_joda(bind, pattern, text.data + i, n, parse));
            i += n;
        } else {
            add_literal(pattern, text.data + i, 1);
            i++;
        }
    }
done:
    return err;
}

struct err *pattern_compile(const struct function_bind *bind, uint32_t index, bool parse, struct pattern **out)
{
    struct err *err = NULL;
    struct slice text = slice_text((bind->tag & JODA) != 0            ? "yyyy-MM-dd HH:mm:ss"
                                   : parse && (bind->tag & WIDE) != 0 ? "%Y-%m-%d %H:%i:%s.%f"
                                                                      : "%Y-%m-%d %H:%i:%s");
    struct slice name;
    struct type plain = {0};
    struct pattern *pattern = ARENA_NEW(bind->arena, struct pattern);
    if (index < bind->count) {
        OR_DONE(argument_constant_text(bind, index, &text));
    }
    if (text.length > PATTERN_BYTES_MAX) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "the pattern of function %s is longer than %u bytes", bind->name,
                       PATTERN_BYTES_MAX);
    }
    text = arena_slice(bind->arena, text);
    if (pattern == NULL || text.data == NULL) {
        return arena_error(bind->arena);
    }
    pattern->pieces = ARENA_ARRAY(bind->arena, struct piece, text.length * 7 + 1); /* "%r" becomes seven */
    if (pattern->pieces == NULL) {
        return arena_error(bind->arena);
    }
    pattern->tag = bind->tag;
    pattern->zone = zone_of(index == 1 && !parse ? bind->arguments[0].type : &plain, bind->context);
    OR_DONE((bind->tag & JODA) != 0 ? compile_joda(bind, text, pattern, parse) : compile_mysql(bind, text, pattern));
    if (index + 1 < bind->count) {
        OR_DONE(argument_constant_text(bind, index + 1, &name));
        OR_DONE(timezone_find(name, &pattern->zone));
    }
    *out = pattern;
done:
    return err;
}
