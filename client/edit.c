/*
 * edit.c: the line being edited: libedit keeps it and its history; what it has drawn is drawn over in colours.
 *
 * flow     shell.c → here → libedit → read_key → the terminal
 * colours  libedit knows none. Whenever it waits for a key its line is on the screen: the same characters are written
 *          over it in colours, in the same cells, and the cursor put back. What it draws itself then still fits.
 * keys     the terminal is in raw mode before the prompt appears. A Ctrl-D that comes while it is not (a query runs) is
 *          kept by the kernel as a NUL: to libedit that is the key of "quoted insert", and the next Ctrl-D would be a
 *          letter of the line, from which no Ctrl-D leads out. It is taken for the Ctrl-D that it was.
 * signals  while a line is edited the terminal sends none: Ctrl-C and Ctrl-Z are keys like others (libedit would end
 *          the process on an interrupt). Those that come from elsewhere interrupt the read, and are seen to there:
 *          libedit's own handlers go with its own way of reading alone.
 */
#include "client/edit.h"

#include "client/paint.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define HISTORY_LINES     1000
#define PROMPT_CELLS      9U
#define CANDIDATES_MAX    200U /* listed at once */
#define CONTROL_D         4
#define PAINTED_BYTES_MAX ((size_t)64 << 10) /* longer ones are not coloured: they are drawn anew with each key */

static const int signals[] = {SIGWINCH, SIGCONT, SIGINT, SIGQUIT, SIGHUP, SIGTERM};

#define SIGNAL_COUNT (sizeof(signals) / sizeof(signals[0]))

static volatile sig_atomic_t resized, resumed, ended; /* ended: by which signal */

struct edit {
    struct sigaction actions[SIGNAL_COUNT]; /* of before */
    EditLine *line;
    History *history;
    char *history_path;
    edit_complete *complete;
    void *user;
    struct slice before; /* lines of the statement before this one */
    bool continued;
    bool dropped;
    bool colours;
    struct buffer text, painted;
};

static struct edit *edit_of(EditLine *line)
{
    void *data = NULL;
    (void)el_get(line, EL_CLIENTDATA, &data);
    return data;
}

static char *prompt(EditLine *line)
{
    static char first[] = "weir :) ", next[] = "     :-] ";
    return edit_of(line)->continued ? next : first;
}

/* ---- colours */

/* Cells of a text; false: something in it takes no cells, or is not drawn as it is. */
static bool count_cells(struct slice text, size_t *cells)
{
    mbstate_t state = {0};
    *cells = 0;
    for (size_t at = 0; at < text.length;) {
        wchar_t c;
        size_t bytes = mbrtowc(&c, text.data + at, text.length - at, &state);
        int width = bytes == 0 || bytes > text.length - at ? -1 : wcwidth(c);
        if (width <= 0 || (unsigned char)text.data[at] < ' ') {
            return false;
        }
        *cells += (size_t)width;
        at += bytes;
    }
    return true;
}

static void move_up(struct buffer *out, size_t rows)
{
    if (rows > 0) {
        buffer_printf(out, "\x1b[%zuA", rows);
    }
}

static void paint(struct edit *edit)
{
    struct winsize size;
    const LineInfo *info = el_line(edit->line);
    struct slice line = slice_of(info->buffer, (size_t)(info->lastchar - info->buffer));
    struct slice left = slice_of(info->buffer, (size_t)(info->cursor - info->buffer));
    size_t cells = 0, cells_left = 0, prompt_cells = edit->continued ? PROMPT_CELLS : PROMPT_CELLS - 1;
    if (!edit->colours || line.length == 0 || line.length + edit->before.length > PAINTED_BYTES_MAX ||
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col <= prompt_cells || !count_cells(line, &cells) ||
        !count_cells(left, &cells_left) || (prompt_cells + cells) / size.ws_col >= size.ws_row) {
        return;
    }
    edit->text.length = edit->painted.length = 0;
    buffer_slice(&edit->text, edit->before);
    buffer_slice(&edit->text, line);
    buffer_text(&edit->painted, "\x1b"
                                "7\r");
    move_up(&edit->painted, (prompt_cells + cells_left) / size.ws_col);
    buffer_printf(&edit->painted, "\x1b[%zuC", prompt_cells);
    paint_sql(buffer_all(&edit->text), edit->before.length, &edit->painted);
    buffer_text(&edit->painted, "\x1b"
                                "8");
    if (!edit->painted.failed && !edit->text.failed) {
        (void)fwrite(edit->painted.data, 1, edit->painted.length, stdout);
        (void)fflush(stdout);
    }
}

/* The terminal's cursor goes behind the line's last character. */
static void go_behind(const struct edit *edit)
{
    struct winsize size;
    const LineInfo *info = el_line(edit->line);
    size_t cells, cells_left, prompt_cells = edit->continued ? PROMPT_CELLS : PROMPT_CELLS - 1;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
        !count_cells(slice_of(info->buffer, (size_t)(info->lastchar - info->buffer)), &cells) ||
        !count_cells(slice_of(info->buffer, (size_t)(info->cursor - info->buffer)), &cells_left)) {
        return;
    }
    size_t row = (prompt_cells + cells) / size.ws_col, row_now = (prompt_cells + cells_left) / size.ws_col;
    size_t column = (prompt_cells + cells) % size.ws_col;
    if (row > row_now) {
        (void)printf("\x1b[%zuB", row - row_now);
    }
    (void)putchar('\r');
    if (column > 0) {
        (void)printf("\x1b[%zuC", column);
    }
    (void)fflush(stdout);
}

/* ---- keys */

static bool more_waits(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 0) > 0;
}

static void on_signal(int number)
{
    if (number == SIGWINCH) {
        resized = 1;
    } else if (number == SIGCONT) {
        resumed = 1;
    } else {
        ended = number;
    }
}

static void take_signals(struct edit *edit)
{
    struct sigaction action = {.sa_handler = on_signal}; /* without SA_RESTART: reads end */
    for (size_t k = 0; k < SIGNAL_COUNT; k++) {
        (void)sigaction(signals[k], &action, &edit->actions[k]);
    }
}

static void give_signals(struct edit *edit)
{
    for (size_t k = 0; k < SIGNAL_COUNT; k++) {
        (void)sigaction(signals[k], &edit->actions[k], NULL);
    }
}

static void see_to_signals(struct edit *edit)
{
    if (ended != 0) { /* as it would have ended, but with the terminal as it was */
        (void)el_set(edit->line, EL_PREP_TERM, 0);
        give_signals(edit);
        (void)raise(ended);
        ended = 0;
        take_signals(edit); /* it was ignored before */
        (void)el_set(edit->line, EL_PREP_TERM, 1);
    }
    if (resumed != 0) {
        resumed = 0;
        (void)el_set(edit->line, EL_PREP_TERM, 1);
        (void)el_set(edit->line, EL_REFRESH);
    }
    if (resized != 0) {
        resized = 0;
        el_resize(edit->line);
    }
    paint(edit);
}

/* What libedit calls: 1: a character; 0: the end; -1: an error. */
static int read_key(EditLine *line, wchar_t *out)
{
    mbstate_t state = {0};
    if (!more_waits()) {
        paint(edit_of(line));
    }
    for (;;) {
        char byte;
        ssize_t bytes = read(STDIN_FILENO, &byte, 1);
        if (bytes < 0 && errno == EINTR) {
            see_to_signals(edit_of(line));
            continue;
        }
        if (bytes <= 0) {
            return (int)bytes;
        }
        if (byte == 0) {
            *out = CONTROL_D;
            return 1;
        }
        size_t taken = mbrtowc(out, &byte, 1, &state);
        if (taken == 1) {
            if (byte == '\r' || byte == '\n') {
                paint(edit_of(line)); /* it stays on the screen; keys that came fast were not waited for */
            }
            return 1;
        }
        if (taken == (size_t)-1) { /* no character begins or goes on so */
            state = (mbstate_t){0};
        }
    }
}

static unsigned char drop_line(EditLine *line, int key)
{
    const LineInfo *info = el_line(line);
    (void)key;
    go_behind(edit_of(line)); /* "^C" goes there */
    (void)el_cursor(line, (int)(info->lastchar - info->cursor));
    edit_of(line)->dropped = true;
    return CC_NEWLINE;
}

static unsigned char suspend(EditLine *line, int key)
{
    (void)key;
    (void)el_set(line, EL_PREP_TERM, 0);
    (void)raise(SIGTSTP);
    (void)el_set(line, EL_PREP_TERM, 1);
    return CC_REDISPLAY;
}

/* ---- completion */

static bool next_line(struct slice *text, struct slice *line)
{
    if (text->length == 0) {
        return false;
    }
    const char *feed = memchr(text->data, '\n', text->length);
    size_t length = feed == NULL ? text->length : (size_t)(feed - text->data);
    *line = slice_of(text->data, length);
    size_t taken = feed == NULL ? length : length + 1;
    *text = slice_of(text->data + taken, text->length - taken);
    return true;
}

/* How much all candidates begin with, in any case of letters; *count of them, *widest. */
static struct slice common_begin(struct slice candidates, size_t *count, size_t *widest)
{
    struct slice one, common = {0};
    *count = *widest = 0;
    while (next_line(&candidates, &one)) {
        common = *count == 0 ? one : common;
        size_t same = 0;
        while (same < common.length && same < one.length && strncasecmp(common.data + same, one.data + same, 1) == 0) {
            same++;
        }
        common.length = same;
        *widest = one.length > *widest ? one.length : *widest;
        ++*count;
    }
    return common;
}

static void list_candidates(struct slice candidates, size_t count, size_t widest)
{
    struct winsize size;
    size_t columns = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80U;
    size_t in_row = columns / (widest + 2) > 0 ? columns / (widest + 2) : 1;
    struct slice one;
    (void)putchar('\n');
    for (size_t k = 0; k < CANDIDATES_MAX && next_line(&candidates, &one); k++) {
        bool last = (k + 1) % in_row == 0 || k + 1 == count || k + 1 == CANDIDATES_MAX;
        (void)printf("%.*s%*s", SLICE_ARG(one), last ? 0 : (int)(widest + 2 - one.length), "");
        if (last) {
            (void)putchar('\n');
        }
    }
    if (count > CANDIDATES_MAX) {
        (void)printf("… and %zu more\n", count - CANDIDATES_MAX);
    }
    (void)fflush(stdout);
}

static void insert(EditLine *line, struct slice text)
{
    struct buffer copy = {0};
    buffer_slice(&copy, text);
    buffer_char(&copy, 0);
    if (!copy.failed) {
        (void)el_insertstr(line, copy.data);
    }
    buffer_deinit(&copy);
}

static unsigned char complete(EditLine *line, int key)
{
    struct edit *edit = edit_of(line);
    const LineInfo *info = el_line(line);
    struct buffer text = {0}, candidates = {0};
    size_t count = 0, widest = 0;
    unsigned char result = CC_ERROR;
    (void)key;
    buffer_slice(&text, edit->before);
    buffer_append(&text, info->buffer, (size_t)(info->cursor - info->buffer));
    size_t typed =
        text.failed || edit->complete == NULL ? 0 : edit->complete(edit->user, buffer_all(&text), &candidates);
    struct slice all = candidates.failed ? slice_text("") : buffer_all(&candidates);
    struct slice common = common_begin(all, &count, &widest);
    if (count > 0 && (common.length > typed || count == 1)) {
        el_deletestr(line, (int)typed); /* the name may have other cases than what was typed */
        insert(line, common);
        if (count == 1 && common.length > 0 && common.data[common.length - 1] != '(') {
            insert(line, slice_text(" "));
        }
        result = CC_REFRESH;
    } else if (count > 1) {
        list_candidates(all, count, widest);
        result = CC_REDISPLAY;
    }
    buffer_deinit(&text);
    buffer_deinit(&candidates);
    return result;
}

/* ---- a line */

enum edit_result edit_line(struct edit *edit, struct slice before, struct slice *line)
{
    int length = 0;
    edit->before = before;
    edit->continued = before.length > 0;
    edit->dropped = false;
    (void)el_set(edit->line, EL_PREP_TERM, 1); /* keys that come from here on are those of the line */
    take_signals(edit);
    const char *text = el_gets(edit->line, &length);
    give_signals(edit);
    (void)el_set(edit->line, EL_PREP_TERM, 0);
    if (edit->dropped) {
        return EDIT_DROPPED;
    }
    if (text == NULL || length <= 0) {
        return EDIT_END;
    }
    *line = slice_of(text, (size_t)length);
    return EDIT_LINE;
}

void edit_remember(struct edit *edit, const char *line)
{
    HistEvent event;
    (void)history(edit->history, &event, H_ENTER, line);
    if (edit->history_path != NULL) {
        (void)history(edit->history, &event, H_SAVE, edit->history_path);
    }
}

static void set_locale(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        (void)setlocale(LC_CTYPE, "C.UTF-8"); /* statements are UTF-8, whatever the terminal's settings */
    }
}

struct err *edit_open(const char *history_path, edit_complete *complete_word, void *user, struct edit **out)
{
    HistEvent event;
    struct err *err = NULL;
    set_locale();
    struct edit *edit = calloc(1, sizeof(*edit));
    if (edit != NULL) {
        edit->line = el_init("weir", stdin, stdout, stderr);
        edit->history = history_init();
    }
    if (edit == NULL || edit->line == NULL || edit->history == NULL) {
        err = err_new(ERR_OOM, "the terminal cannot be set up");
        goto done;
    }
    const char *terminal = getenv("TERM");
    edit->colours = getenv("NO_COLOR") == NULL && terminal != NULL && strcmp(terminal, "dumb") != 0;
    edit->complete = complete_word;
    edit->user = user;
    edit->history_path = history_path == NULL || *history_path == 0 ? NULL : strdup(history_path);
    (void)history(edit->history, &event, H_SETSIZE, HISTORY_LINES);
    (void)history(edit->history, &event, H_SETUNIQUE, 1);
    if (edit->history_path != NULL) {
        (void)history(edit->history, &event, H_LOAD, edit->history_path);
    }
    EditLine *line = edit->line;
    (void)el_set(line, EL_CLIENTDATA, edit);
    (void)el_set(line, EL_PROMPT, prompt);
    (void)el_set(line, EL_EDITOR, "emacs");
    (void)el_set(line, EL_SETTY, "-d", "-isig", NULL);
    (void)el_set(line, EL_GETCFN, read_key);
    (void)el_set(line, EL_ADDFN, "drop-line", "drops what was typed", drop_line);
    (void)el_set(line, EL_ADDFN, "suspend", "stops the process", suspend);
    (void)el_set(line, EL_ADDFN, "complete", "completes the word", complete);
    (void)el_set(line, EL_HIST, history, edit->history);
    (void)el_set(line, EL_BIND, "^C", "drop-line", NULL);
    (void)el_set(line, EL_BIND, "^Z", "suspend", NULL);
    (void)el_set(line, EL_BIND, "^R", "em-inc-search-prev", NULL);
    (void)el_set(line, EL_BIND, "^I", "complete", NULL);
    *out = edit;
    edit = NULL;
done:
    edit_close(edit);
    return err;
}

void edit_close(struct edit *edit)
{
    if (edit != NULL) {
        if (edit->history != NULL) {
            history_end(edit->history);
        }
        if (edit->line != NULL) {
            el_end(edit->line);
        }
        buffer_deinit(&edit->text);
        buffer_deinit(&edit->painted);
        free(edit->history_path);
        free(edit);
    }
}
