/* escape.c: one escape at a time. */
#include "format/escape.h"

#include "base/hex.h"

const char *escape_decode(const char *at, const char *end, struct buffer *out)
{
    static const char letters[] = "bfnrt0ave", bytes[] = "\b\f\n\r\t\0\a\v\x1b", plain[] = "\\'\"`/=";
    if (end - at < 2) {
        return NULL;
    }
    char c = at[1];
    const char *letter = memchr(letters, c, sizeof(letters) - 1);
    if (letter != NULL) {
        buffer_char(out, bytes[letter - letters]);
        return at + 2;
    }
    if (c == 'x') {
        if (end - at < 4) {
            return NULL;
        }
        uint32_t high = hex_digit(at[2]), low = hex_digit(at[3]);
        if (high < 16 && low < 16) {
            buffer_char(out, (char)(high << 4 | low));
            return at + 4;
        }
    }
    if (c == 'N') {
        return at + 2;
    }
    if (memchr(plain, c, sizeof(plain) - 1) == NULL && (unsigned char)c >= 0x20) {
        buffer_char(out, '\\');
    }
    buffer_char(out, c);
    return at + 2;
}
