/*
 * duration.c: see duration.h.
 */
#include "alert/duration.h"

#define UNIT_COUNT 7U

static const struct unit {
    const char *name;
    int64_t us;
    bool exact; /* printed only when nothing is left */
} units[UNIT_COUNT] = {
    {"y", INT64_C(31536000000000), true}, {"w", INT64_C(604800000000), true}, {"d", INT64_C(86400000000), false},
    {"h", INT64_C(3600000000), false},    {"m", INT64_C(60000000), false},    {"s", INT64_C(1000000), false},
    {"ms", INT64_C(1000), false},
};

/* The unit at the front of the text that comes after `from`; UNIT_COUNT: none. */
static uint32_t unit_at(struct slice text, uint32_t from)
{
    for (uint32_t k = from; k < UNIT_COUNT; k++) {
        size_t length = strlen(units[k].name);
        bool longer = k == 4 && text.length > 1 && text.data[1] == 's'; /* "ms" is no "m" */
        if (!longer && text.length >= length && memcmp(text.data, units[k].name, length) == 0) {
            return k;
        }
    }
    return UNIT_COUNT;
}

bool duration_parse(struct slice text, int64_t *out_us)
{
    int64_t total = 0;
    uint32_t from = 0;
    *out_us = 0;
    if (slice_equal(text, slice_text("0"))) {
        return true;
    }
    if (text.length == 0) {
        return false;
    }
    while (text.length > 0) {
        int64_t number = 0, part;
        size_t digits = 0;
        for (; digits < text.length && text.data[digits] >= '0' && text.data[digits] <= '9'; digits++) {
            if (__builtin_mul_overflow(number, 10, &number) ||
                __builtin_add_overflow(number, text.data[digits] - '0', &number)) {
                return false;
            }
        }
        text = slice_of(text.data + digits, text.length - digits);
        uint32_t unit = digits == 0 ? UNIT_COUNT : unit_at(text, from);
        if (unit == UNIT_COUNT || __builtin_mul_overflow(number, units[unit].us, &part) ||
            __builtin_add_overflow(total, part, &total)) {
            return false;
        }
        size_t length = strlen(units[unit].name);
        text = slice_of(text.data + length, text.length - length);
        from = unit + 1;
    }
    *out_us = total;
    return true;
}

void duration_print(struct buffer *out, int64_t us)
{
    if (us / 1000 <= 0) {
        buffer_text(out, "0s");
        return;
    }
    for (uint32_t k = 0; k < UNIT_COUNT; k++) {
        if (us >= units[k].us && (!units[k].exact || us % units[k].us == 0)) {
            buffer_printf(out, "%lld%s", (long long)(us / units[k].us), units[k].name);
            us %= units[k].us;
        }
    }
}
