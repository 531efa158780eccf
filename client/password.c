/*
 * password.c: reads a password from the terminal of the process, wherever its input comes from.
 *
 * echo     is off, and so are signals: Ctrl-C is a byte here, so that the terminal is always put back as it was
 */
#include "client/password.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CTRL_C    3
#define CTRL_D    4
#define BACKSPACE 8
#define CTRL_U    21
#define DELETE    127

static bool read_line(int terminal, char out[PASSWORD_BYTES])
{
    size_t length = 0;
    char byte;
    for (;;) {
        if (read(terminal, &byte, 1) != 1 || byte == CTRL_C || byte == CTRL_D) {
            return false;
        }
        if (byte == '\n' || byte == '\r') {
            out[length] = 0;
            return true;
        }
        if (byte == BACKSPACE || byte == DELETE) {
            while (length > 0 && ((unsigned char)out[--length] & 0xc0) == 0x80) { /* all bytes of a UTF-8 letter */
            }
        } else if (byte == CTRL_U) {
            length = 0;
        } else if (length < PASSWORD_BYTES - 1) {
            out[length++] = byte;
        }
    }
}

bool password_ask(const char *user, char out[PASSWORD_BYTES])
{
    struct termios before, unseen;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0) {
            (void)close(terminal);
        }
        return false;
    }
    unseen = before;
    unseen.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
    unseen.c_cc[VMIN] = 1;
    unseen.c_cc[VTIME] = 0;
    bool read = tcsetattr(terminal, TCSAFLUSH, &unseen) == 0;
    if (read) {
        (void)dprintf(terminal, "Password for user %s: ", user); /* what is typed from here on is not shown */
        read = read_line(terminal, out);
    }
    (void)tcsetattr(terminal, TCSAFLUSH, &before);
    (void)dprintf(terminal, "\n");
    (void)close(terminal);
    if (!read) {
        explicit_bzero(out, PASSWORD_BYTES);
    }
    return read;
}
