/*
 * shell.c: the interactive client: line editing and history (libedit), statements over several lines, timing.
 *
 * A statement ends with ';'. Ctrl-C drops what was typed, or cancels the query that runs. History stays in
 * ~/.weir_history, a line a statement, written after each.
 * signals  while a line is edited the terminal sends none: Ctrl-C and Ctrl-Z are keys like others (libedit would end
 *          the process on an interrupt); while a query runs SIGINT sets the session's `cancel`
 */
#include "client/session.h"
#include "client/statement.h"

#include <histedit.h>
#include <stdlib.h>
#include <unistd.h>

#define HISTORY_LINES 1000

static struct session *running; /* whose query Ctrl-C cancels */
static bool continued;          /* the prompt stands for another line of a statement */
static bool dropped;            /* by Ctrl-C */

struct shell {
    struct session *session;
    EditLine *edit;
    History *lines;
    char history_path[4096]; /* empty: none */
};

static char *prompt(EditLine *edit)
{
    static char first[] = "weir :) ", next[] = "     :-] ";
    (void)edit;
    return continued ? next : first;
}

static unsigned char drop_line(EditLine *edit, int key)
{
    const LineInfo *line = el_line(edit);
    (void)key;
    (void)el_cursor(edit, (int)(line->lastchar - line->cursor));
    dropped = true;
    return CC_NEWLINE;
}

static unsigned char suspend(EditLine *edit, int key)
{
    (void)edit;
    (void)key;
    (void)raise(SIGTSTP);
    return CC_REDISPLAY;
}

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (running != NULL) {
        running->cancel = 1;
    }
}

static bool is_command(struct slice text, const char *word)
{
    while (text.length > 0 && ((unsigned char)text.data[text.length - 1] <= ' ' || text.data[text.length - 1] == ';')) {
        text.length--;
    }
    while (text.length > 0 && (unsigned char)text.data[0] <= ' ') {
        text = slice_of(text.data + 1, text.length - 1);
    }
    return slice_equal(text, slice_text(word));
}

static bool is_exit(struct slice text)
{
    static const char *const words[] = {"exit", "quit", "q", "\\q", ":q", "logout"};
    for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        if (is_command(text, words[k])) {
            return true;
        }
    }
    return false;
}

static void print_help(void)
{
    (void)puts("A statement ends with ';' and may have several lines.\n"
               "  help          this text\n"
               "  exit, Ctrl-D  leaves\n"
               "  Ctrl-C        drops what was typed, or cancels the query that runs\n"
               "  Ctrl-R        looks for a statement of before\n"
               "SHOW TABLES; SHOW SOURCES; DESCRIBE t; SELECT … FORMAT Vertical;");
}

static void run_statement(struct session *session, struct slice statement)
{
    struct weir_reply reply;
    if (statement_wants_data(statement)) {
        (void)fprintf(stderr, "The data of an INSERT come from a pipe: weir client -q 'INSERT …' < FILE\n\n");
        return;
    }
    session->cancel = 0;
    running = session;
    void (*before)(int) = signal(SIGINT, on_interrupt);
    struct err *err = session_run(session, statement, NULL, &reply);
    (void)signal(SIGINT, before);
    running = NULL;
    (void)putchar('\n');
    if (err != NULL) {
        (void)fflush(stdout);
        (void)session_complain(err);
        return;
    }
    if (reply.rows_result > 0) {
        (void)printf("%llu row%s in set. ", (unsigned long long)reply.rows_result, reply.rows_result == 1 ? "" : "s");
    }
    (void)printf("Elapsed: %.3f sec.", reply.elapsed_seconds);
    if (reply.rows_read > 0) {
        (void)printf(" Read %llu rows, %.2f MB.", (unsigned long long)reply.rows_read, (double)reply.bytes_read / 1e6);
    }
    if (reply.rows_written > 0) {
        (void)printf(" Wrote %llu rows.", (unsigned long long)reply.rows_written);
    }
    (void)puts("\n");
}

static void remember(struct shell *shell, struct slice statement)
{
    HistEvent event;
    struct buffer line = {0};
    statement_append_line(statement, &line);
    buffer_char(&line, 0);
    if (!line.failed) {
        (void)history(shell->lines, &event, H_ENTER, line.data);
        if (shell->history_path[0] != 0) {
            (void)history(shell->lines, &event, H_SAVE, shell->history_path);
        }
    }
    buffer_deinit(&line);
}

/* Runs all whole statements of the text; what is left stays in it. */
static void run_whole(struct shell *shell, struct buffer *text)
{
    size_t end;
    shell->session->cancel = 0;
    while ((end = statement_end(buffer_all(text))) > 0) {
        struct slice statement = slice_of(text->data, end - 1);
        while (statement.length > 0 && (unsigned char)statement.data[0] <= ' ') {
            statement = slice_of(statement.data + 1, statement.length - 1);
        }
        if (!statement_is_empty(statement)) {
            remember(shell, slice_of(statement.data, statement.length + 1));
            run_statement(shell->session, statement);
        }
        memmove(text->data, text->data + end, text->length - end);
        text->length -= end;
        if (shell->session->cancel != 0) {
            text->length = 0; /* Ctrl-C is for what follows in the line, too */
        }
    }
    if (text->length > 0 && text->data[0] != '/' &&
        statement_is_empty(buffer_all(text))) { /* but not of an open comment */
        text->length = 0;
    }
}

static void read_lines(struct shell *shell)
{
    struct buffer text = {0};
    while (!text.failed) {
        int length = 0;
        continued = text.length > 0;
        dropped = false;
        const char *line = el_gets(shell->edit, &length);
        if (dropped) {
            text.length = 0;
            (void)puts("^C");
            continue;
        }
        if (line == NULL || length <= 0) { /* Ctrl-D, or the terminal is gone */
            (void)putchar('\n');
            break;
        }
        if (text.length == 0 && is_exit(slice_of(line, (size_t)length))) {
            break;
        }
        if (text.length == 0 && is_command(slice_of(line, (size_t)length), "help")) {
            print_help();
            continue;
        }
        buffer_append(&text, line, (size_t)length);
        run_whole(shell, &text);
    }
    buffer_deinit(&text);
}

int shell_run(struct session *session)
{
    HistEvent event;
    struct shell shell = {.session = session, .edit = el_init("weir", stdin, stdout, stderr), .lines = history_init()};
    const char *home = getenv("HOME");
    if (shell.edit == NULL || shell.lines == NULL) {
        return session_complain(err_new(ERR_OOM, "the terminal cannot be set up"));
    }
    if (home != NULL && *home != 0 && strlen(home) + 16 < sizeof(shell.history_path)) {
        (void)snprintf(shell.history_path, sizeof(shell.history_path), "%s/.weir_history", home);
    }
    (void)history(shell.lines, &event, H_SETSIZE, HISTORY_LINES);
    (void)history(shell.lines, &event, H_SETUNIQUE, 1);
    if (shell.history_path[0] != 0) {
        (void)history(shell.lines, &event, H_LOAD, shell.history_path);
    }
    (void)el_set(shell.edit, EL_PROMPT, prompt);
    (void)el_set(shell.edit, EL_EDITOR, "emacs");
    (void)el_set(shell.edit, EL_SIGNAL, 1);
    (void)el_set(shell.edit, EL_SETTY, "-d", "-isig", NULL);
    (void)el_set(shell.edit, EL_ADDFN, "drop-line", "drops what was typed", drop_line);
    (void)el_set(shell.edit, EL_ADDFN, "suspend", "stops the process", suspend);
    (void)el_set(shell.edit, EL_HIST, history, shell.lines);
    (void)el_set(shell.edit, EL_BIND, "^C", "drop-line", NULL);
    (void)el_set(shell.edit, EL_BIND, "^Z", "suspend", NULL);
    (void)el_set(shell.edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    (void)printf("weir client %s. Statements end with ';', help helps.\n\n", WEIR_VERSION);
    read_lines(&shell);
    history_end(shell.lines);
    el_end(shell.edit);
    (void)puts("Bye.");
    return 0;
}
