/*
 * text_part.c: pieces of texts and texts with pieces changed: substringIndex, overlay, translate, Unicode's normal
 * forms, soundex, beginnings and ends in any case.
 *
 * thread   any, no shared state
 */
#include "base/text.h"
#include "query/functions/row.h"

#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { BYTES, POINTS };
enum { STARTS, ENDS, ANY_CASE = 2, UTF8 = 4 };

static char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static size_t point_at(struct slice text, size_t index)
{
    size_t at = 0;
    while (index-- > 0 && at < text.length && !interrupted_at(index)) {
        at += utf8_bytes(text, at);
    }
    return at;
}

/* --- pieces ------------------------------------------------------------------------------------------------------ */

static struct err *run_substring_index(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    struct slice mark = call->arguments[1].text;
    int64_t count = call->arguments[2].integer;
    out->text = slice_of("", 0);
    if (mark.length == 0 || (call->tag == POINTS ? utf8_count(mark) : mark.length) != 1) {
        return err_new(ERR_BAD_ARGUMENTS, "the delimiter of function %s must be one character", call->function->name);
    }
    if (count == 0) {
        return NULL;
    }
    out->text = text;
    if (count > 0) {
        size_t from = 0;
        const char *at = NULL;
        for (; count > 0; count--) {
            at = from > text.length ? NULL : memmem(text.data + from, text.length - from, mark.data, mark.length);
            if (at == NULL || interrupted_at((uint64_t)count)) {
                return NULL;
            }
            from = (size_t)(at - text.data) + mark.length;
        }
        out->text.length = (size_t)(at - text.data);
        return NULL;
    }
    for (size_t at = text.length; at >= mark.length; at--) {
        if (memcmp(text.data + at - mark.length, mark.data, mark.length) == 0 && ++count == 0) {
            out->text = slice_of(text.data + at, text.length - at);
            return NULL;
        }
        if (at == mark.length || interrupted_at(at)) {
            break;
        }
    }
    return NULL;
}

static struct err *run_first_line(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    size_t length = 0;
    while (length < text.length && text.data[length] != '\n' && text.data[length] != '\r') {
        length++;
    }
    out->text = slice_of(text.data, length);
    return NULL;
}

static struct err *run_basename(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    size_t at = text.length;
    while (at > 0 && text.data[at - 1] != '/' && text.data[at - 1] != '\\') {
        at--;
    }
    out->text = slice_of(text.data + at, text.length - at);
    return NULL;
}

static struct err *run_cut_to_zero(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    out->text = slice_of(text.data, strnlen(text.data, text.length));
    return NULL;
}

/* overlay(text, piece, position [, length]): from position on so many characters are replaced. */
static struct err *run_overlay(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    struct slice piece = call->arguments[1].text;
    bool points = call->tag == POINTS;
    int64_t size = (int64_t)(points ? utf8_count(text) : text.length);
    int64_t position = call->arguments[2].integer;
    int64_t piece_size = (int64_t)(points ? utf8_count(piece) : piece.length);
    int64_t gone = call->count > 3 ? call->arguments[3].integer : piece_size;
    int64_t begin = position > 0 ? position - 1 : position < 0 ? size + position : size;
    begin = begin < 0 ? 0 : begin > size ? size : begin;
    gone = gone < 0 ? piece_size : gone;
    int64_t end = gone > size - begin ? size : begin + gone;
    size_t from = points ? point_at(text, (size_t)begin) : (size_t)begin;
    size_t until = points ? point_at(text, (size_t)end) : (size_t)end;
    char *to = row_room(call, from + piece.length + text.length - until, &err);
    if (to != NULL) {
        memcpy(to, text.data, from);
        memcpy(to + from, piece.data, piece.length);
        memcpy(to + from + piece.length, text.data + until, text.length - until);
        out->text = text_taken(&call->buffer, from + piece.length + text.length - until);
    }
    return err;
}

static struct err *run_space(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    int64_t count = call->arguments[0].integer;
    if (count > 1000000) {
        return err_new(ERR_STRING_TOO_LARGE, "space(%lld) is too long", (long long)count);
    }
    size_t length = count > 0 ? (size_t)count : 0;
    char *to = row_room(call, length, &err);
    if (to != NULL) {
        memset(to, ' ', length);
        out->text = text_taken(&call->buffer, length);
    }
    return err;
}

/* --- characters changed ------------------------------------------------------------------------------------------ */

static struct err *run_translate(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    struct slice from = call->arguments[1].text;
    struct slice into = call->arguments[2].text;
    size_t length = 0;
    if (utf8_count(from) < (call->tag == POINTS ? utf8_count(into) : 0) ||
        (call->tag == BYTES && from.length < into.length)) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: the second text may not be shorter than the third",
                       call->function->name);
    }
    for (size_t i = 0; call->tag == BYTES && i < from.length + into.length; i++) {
        if (((i < from.length ? from.data[i] : into.data[i - from.length]) & 0x80) != 0) {
            return err_new(ERR_BAD_ARGUMENTS, "function translate takes ASCII characters to change");
        }
    }
    char *to = row_room(call, text.length * 4, &err);
    if (to == NULL) {
        return err;
    }
    for (size_t at = 0, round = 0; at < text.length && !interrupted_at(round++);) {
        size_t bytes = call->tag == POINTS ? utf8_bytes(text, at) : 1;
        size_t index = 0;
        size_t f = 0;
        /* the last one of equal characters counts */
        size_t found = SIZE_MAX;
        while (f < from.length) {
            size_t one = call->tag == POINTS ? utf8_bytes(from, f) : 1;
            if (one == bytes && memcmp(from.data + f, text.data + at, one) == 0) {
                found = index;
            }
            f += one;
            index++;
        }
        if (found == SIZE_MAX) {
            memcpy(to + length, text.data + at, bytes);
            length += bytes;
        } else {
            size_t begin = call->tag == POINTS ? point_at(into, found) : found;
            if (begin < into.length) {
                size_t one = call->tag == POINTS ? utf8_bytes(into, begin) : 1;
                memcpy(to + length, into.data + begin, one);
                length += one;
            }
        }
        at += bytes;
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

static struct err *run_initcap_utf8(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length * 4 + 4, &err);
    size_t length = 0;
    bool start = true;
    if (to == NULL) {
        return err;
    }
    for (size_t at = 0, round = 0; at < text.length && !interrupted_at(round++);) {
        utf8proc_int32_t point;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &point);
        if (used <= 0) {
            to[length++] = text.data[at++];
            start = true;
            continue;
        }
        utf8proc_category_t category = utf8proc_category(point);
        bool word = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
                    (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
        point = start ? utf8proc_toupper(point) : utf8proc_tolower(point);
        start = !word;
        length += (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)to + length);
        at += (size_t)used;
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

/* Broken sequences become one U+FFFD each. */
static struct err *run_to_valid(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length * 3 + 3, &err);
    size_t length = 0;
    bool broken = false;
    if (to == NULL) {
        return err;
    }
    for (size_t at = 0, round = 0; at < text.length && !interrupted_at(round++);) {
        utf8proc_int32_t point;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &point);
        if (used <= 0) {
            if (!broken) {
                memcpy(to + length, "\xef\xbf\xbd", 3);
                length += 3;
            }
            broken = true;
            at++;
            continue;
        }
        broken = false;
        memcpy(to + length, text.data + at, (size_t)used);
        length += (size_t)used;
        at += (size_t)used;
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

static struct err *run_normalize(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    utf8proc_uint8_t *made = NULL;
    if (text.length > (size_t)1 << 28) {
        return err_new(ERR_STRING_TOO_LARGE, "function %s takes 256 MiB at most", call->function->name);
    }
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.length, &made,
                                           (utf8proc_option_t)(UTF8PROC_STABLE | call->tag));
    if (length < 0) {
        return err_new(length == UTF8PROC_ERROR_NOMEM ? ERR_OOM : ERR_BAD_ARGUMENTS, "function %s: %s",
                       call->function->name, utf8proc_errmsg(length));
    }
    char *to = row_room(call, (size_t)length, &err);
    if (to != NULL) {
        memcpy(to, made, (size_t)length);
        out->text = text_taken(&call->buffer, (size_t)length);
    }
    free(made);
    return err;
}

static struct err *run_soundex(struct row_call *call, union row_value *out)
{
    static const char codes[] = "01230120022455012623010202"; /* of A to Z */
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, 4, &err);
    size_t length = 0;
    char last = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length && length < 4; i++) {
        char letter = lower_of(text.data[i]);
        if (letter < 'a' || letter > 'z') {
            continue;
        }
        char code = codes[letter - 'a'];
        if (length == 0) {
            to[length++] = (char)(letter - 32);
            last = code;
        } else {
            if (code != '0' && code != last) {
                to[length++] = code;
            }
            last = code;
        }
    }
    while (length < 4) {
        to[length++] = '0';
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

/* --- tests and measures ------------------------------------------------------------------------------------------ */

static bool same_utf8_any_case(struct slice a, struct slice b, bool at_end)
{
    size_t x = at_end ? a.length : 0;
    size_t y = at_end ? b.length : 0;
    for (;;) {
        utf8proc_int32_t p = -1;
        utf8proc_int32_t q = -1;
        if (at_end) {
            if (y == 0) {
                return true;
            }
            if (x == 0) {
                return false;
            }
            do {
                x--;
            } while (x > 0 && ((unsigned char)a.data[x] & 0xc0) == 0x80);
            do {
                y--;
            } while (y > 0 && ((unsigned char)b.data[y] & 0xc0) == 0x80);
        } else if (y >= b.length) {
            return true;
        } else if (x >= a.length) {
            return false;
        }
        utf8proc_ssize_t m =
            utf8proc_iterate((const utf8proc_uint8_t *)a.data + x, (utf8proc_ssize_t)(a.length - x), &p);
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)b.data + y, (utf8proc_ssize_t)(b.length - y), &q);
        if (m <= 0 || n <= 0 ? a.data[x] != b.data[y] : utf8proc_tolower(p) != utf8proc_tolower(q)) {
            return false;
        }
        if (!at_end) {
            x += m > 0 && n > 0 ? (size_t)m : 1;
            y += m > 0 && n > 0 ? (size_t)n : 1;
        }
    }
}

static struct err *run_edge(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    struct slice edge = call->arguments[1].text;
    bool end = (call->tag & ENDS) != 0;
    if ((call->tag & UTF8) != 0 && (call->tag & ANY_CASE) != 0) {
        out->natural = same_utf8_any_case(text, edge, end);
        return NULL;
    }
    if (edge.length > text.length) {
        return NULL;
    }
    const char *at = end ? text.data + text.length - edge.length : text.data;
    bool same = true;
    if ((call->tag & ANY_CASE) == 0) {
        same = memcmp(at, edge.data, edge.length) == 0;
    } else {
        for (size_t i = 0; same && i < edge.length; i++) {
            same = lower_of(at[i]) == lower_of(edge.data[i]);
        }
    }
    if (same && (call->tag & UTF8) != 0 && edge.length > 0 && edge.length < text.length) { /* whole characters */
        const char *border = end ? at : at + edge.length;
        same = ((unsigned char)*border & 0xc0) != 0x80;
    }
    out->natural = same;
    return NULL;
}

static struct err *run_is_ascii(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    char all = 0;
    for (size_t i = 0; i < text.length; i++) {
        all |= text.data[i];
    }
    out->natural = (all & 0x80) == 0;
    return NULL;
}

static struct err *run_subsequence(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    struct slice needle = call->arguments[1].text;
    size_t found = 0;
    if (call->tag == (ANY_CASE | UTF8)) {
        for (size_t at = 0, n = 0; n < needle.length;) {
            utf8proc_int32_t p = -1;
            utf8proc_int32_t q = -1;
            if (at >= text.length) {
                return NULL;
            }
            utf8proc_ssize_t a =
                utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &p);
            utf8proc_ssize_t b =
                utf8proc_iterate((const utf8proc_uint8_t *)needle.data + n, (utf8proc_ssize_t)(needle.length - n), &q);
            bool same = a > 0 && b > 0 ? utf8proc_tolower(p) == utf8proc_tolower(q) : text.data[at] == needle.data[n];
            at += a > 0 ? (size_t)a : 1;
            n += !same ? 0 : b > 0 ? (size_t)b : 1;
        }
        out->natural = 1;
        return NULL;
    }
    for (size_t i = 0; i < text.length && found < needle.length; i++) {
        bool any_case = (call->tag & ANY_CASE) != 0;
        char a = any_case ? lower_of(text.data[i]) : text.data[i];
        char b = any_case ? lower_of(needle.data[found]) : needle.data[found];
        found += a == b;
    }
    out->natural = found == needle.length;
    return NULL;
}

static struct err *run_byte_kinds(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    uint64_t counts[256] = {0};
    uint64_t kinds = 0;
    double entropy = 0;
    for (size_t i = 0; i < text.length; i++) {
        counts[(unsigned char)text.data[i]]++;
    }
    for (uint32_t c = 0; c < 256; c++) {
        if (counts[c] > 0) {
            double share = (double)counts[c] / (double)text.length;
            entropy -= share * log2(share);
            kinds++;
        }
    }
    if (call->tag == 0) {
        out->natural = kinds;
    } else {
        out->real = entropy;
    }
    return NULL;
}

#define TEXT(name, any_case, tag, run, about) ROW(name, any_case, 1, 1, tag, "s", TYPE_STRING, run, about)
#define EDGE(name, tag, about)                ROW(name, false, 2, 2, tag, "ss", TYPE_UINT8, run_edge, about)
#define NORMAL(name, tag, about)                                                                                       \
    ROW_FULL(name, false, 1, 1, FUNCTION_CAN_FAIL, (int)(tag), "s", TYPE_STRING, 0, run_normalize, about)
static const struct row_function rows[] = {
    ROW_FULL("substringIndex", false, 3, 3, FUNCTION_CAN_FAIL, BYTES, "sSi", TYPE_STRING, 0, run_substring_index,
             "The text before the nth delimiter, or behind it, counted from the end, for negative n."),
    ROW_FULL("substringIndexUTF8", false, 3, 3, FUNCTION_CAN_FAIL, POINTS, "sSi", TYPE_STRING, 0, run_substring_index,
             "As substringIndex, with any character as delimiter."),
    TEXT("firstLine", false, 0, run_first_line, "The text before the first line end."),
    TEXT("basename", false, 0, run_basename, "The text behind the last slash or backslash."),
    TEXT("toStringCutToZero", false, 0, run_cut_to_zero, "The text before the first zero byte."),
    ROW("overlay", true, 3, 4, BYTES, "ssii", TYPE_STRING, run_overlay,
        "The text with bytes from a position replaced."),
    ROW("overlayUTF8", false, 3, 4, POINTS, "ssii", TYPE_STRING, run_overlay,
        "The text with characters from a position replaced."),
    ROW_FULL("space", true, 1, 1, FUNCTION_CAN_FAIL, 0, "i", TYPE_STRING, 0, run_space, "So many spaces."),
    ROW_FULL("translate", false, 3, 3, FUNCTION_CAN_FAIL, BYTES, "sSS", TYPE_STRING, 0, run_translate,
             "The text with bytes changed one by one."),
    ROW_FULL("translateUTF8", false, 3, 3, FUNCTION_CAN_FAIL, POINTS, "sSS", TYPE_STRING, 0, run_translate,
             "The text with characters changed one by one."),
    TEXT("initcapUTF8", false, 0, run_initcap_utf8, "The text with the first letter of each word a capital."),
    TEXT("toValidUTF8", false, 0, run_to_valid, "The text with U+FFFD for what is not UTF-8."),
    NORMAL("normalizeUTF8NFC", UTF8PROC_COMPOSE, "The text in Unicode's normal form C."),
    NORMAL("normalizeUTF8NFD", UTF8PROC_DECOMPOSE, "The text in Unicode's normal form D."),
    NORMAL("normalizeUTF8NFKC", UTF8PROC_COMPOSE | UTF8PROC_COMPAT, "The text in Unicode's normal form KC."),
    NORMAL("normalizeUTF8NFKD", UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, "The text in Unicode's normal form KD."),
    NORMAL("normalizeUTF8NFKCCasefold", UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
           "The text in Unicode's normal form KC, its case folded."),
    TEXT("soundex", true, 0, run_soundex, "The Soundex code of a word."),
    EDGE("startsWithUTF8", STARTS | UTF8, "Does the text begin with these characters?"),
    EDGE("endsWithUTF8", ENDS | UTF8, "Does the text end with these characters?"),
    EDGE("startsWithCaseInsensitive", STARTS | ANY_CASE, "Does the text begin so, in any case?"),
    EDGE("endsWithCaseInsensitive", ENDS | ANY_CASE, "Does the text end so, in any case?"),
    EDGE("startsWithCaseInsensitiveUTF8", STARTS | ANY_CASE | UTF8, "Does the text begin so, in any case of Unicode?"),
    EDGE("endsWithCaseInsensitiveUTF8", ENDS | ANY_CASE | UTF8, "Does the text end so, in any case of Unicode?"),
    ROW("isValidASCII", false, 1, 1, 0, "s", TYPE_UINT8, run_is_ascii, "Are all bytes below 128?"),
    ROW("hasSubsequence", true, 2, 2, 0, "ss", TYPE_UINT8, run_subsequence,
        "Are all bytes of the second text in the first, in their order?"),
    ROW("hasSubsequenceCaseInsensitive", true, 2, 2, ANY_CASE, "ss", TYPE_UINT8, run_subsequence,
        "As hasSubsequence, in any case."),
    ROW("hasSubsequenceUTF8", true, 2, 2, UTF8, "ss", TYPE_UINT8, run_subsequence, "As hasSubsequence, of UTF-8."),
    ROW("hasSubsequenceCaseInsensitiveUTF8", true, 2, 2, ANY_CASE | UTF8, "ss", TYPE_UINT8, run_subsequence,
        "As hasSubsequence, in any case of Unicode."),
    ROW("stringBytesUniq", false, 1, 1, 0, "s", TYPE_UINT16, run_byte_kinds, "How many different bytes a text has."),
    ROW("stringBytesEntropy", false, 1, 1, 1, "s", TYPE_FLOAT64, run_byte_kinds,
        "Shannon's entropy of a text's bytes."),
};
static const struct function_alias aliases[] = {
    {"SUBSTRING_INDEX", true, "substringIndex"},
    {"isASCII", false, "isValidASCII"},
};
const struct function_group functions_text_part = ROW_GROUP(rows, aliases);
