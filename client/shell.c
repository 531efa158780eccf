/*
 * shell.c: the interactive client: line editing and history (libedit), statements over several lines, timing.
 *
 * A statement ends with ';'. Ctrl-C drops the line, or cancels the query that runs. History stays in ~/.weir_history.
 */
#include "client/session.h"
#include "client/statement.h"

#include <histedit.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define HISTORY_LINES 1000

static struct session *running; /* whose query Ctrl-C cancels */
static bool continued;          /* the prompt stands for another line of a statement */

static char *prompt(EditLine *edit)
{
    static char first[] = "weir :) ", next[] = "     :-] ";
    (void)edit;
    return continued ? next : first;
}

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (running != NULL) {
        running->cancel = 1;
    }
}

/* Without SA_RESTART: el_gets comes back when the line is interrupted. libedit calls this handler after its own. */
static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
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
               "  help         this text\n"
               "  exit, Ctrl-D leaves\n"
               "  Ctrl-C       drops the line, or cancels the query\n"
               "SHOW TABLES; SHOW SOURCES; DESCRIBE t; SELECT … FORMAT Vertical;");
}

static void run_statement(struct session *session, struct slice statement)
{
    struct weir_reply reply;
    session->cancel = 0;
    running = session;
    struct err *err = session_run(session, statement, NULL, &reply);
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

/* Runs all whole statements of the text; what is left stays in it. */
static void run_whole(struct session *session, struct buffer *text, History *lines, HistEvent *event)
{
    size_t end;
    while ((end = statement_end(buffer_all(text))) > 0) {
        struct slice statement = slice_of(text->data, end - 1);
        if (!statement_is_empty(statement)) {
            char *line = strndup(text->data, end);
            if (line != NULL) {
                for (char *c = line; *c != 0; c++) {
                    *c = *c == '\n' ? ' ' : *c;
                }
                (void)history(lines, event, H_ENTER, line);
                free(line);
            }
            run_statement(session, statement);
        }
        memmove(text->data, text->data + end, text->length - end);
        text->length -= end;
    }
    if (text->length > 0 && text->data[0] != '/' &&
        statement_is_empty(buffer_all(text))) { /* but not of an open comment */
        text->length = 0;
    }
}

static void read_lines(struct session *session, EditLine *edit, History *lines, HistEvent *event)
{
    struct buffer text = {0};
    for (;;) {
        int length = 0;
        continued = text.length > 0;
        const char *line = el_gets(edit, &length);
        if (line == NULL && length < 0) { /* Ctrl-C */
            text.length = 0;
            (void)putchar('\n');
            continue;
        }
        if (line == NULL || length == 0) {
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
        if (text.failed) {
            break;
        }
        run_whole(session, &text, lines, event);
    }
    buffer_deinit(&text);
}

int shell_run(struct session *session)
{
    HistEvent event;
    char path[4096] = "";
    const char *home = getenv("HOME");
    EditLine *edit = el_init("weir", stdin, stdout, stderr);
    History *lines = history_init();
    if (edit == NULL || lines == NULL) {
        return session_complain(err_new(ERR_OOM, "the terminal cannot be set up"));
    }
    if (home != NULL && strlen(home) + 16 < sizeof(path)) {
        (void)snprintf(path, sizeof(path), "%s/.weir_history", home);
    }
    (void)history(lines, &event, H_SETSIZE, HISTORY_LINES);
    (void)history(lines, &event, H_SETUNIQUE, 1);
    if (*path != 0) {
        (void)history(lines, &event, H_LOAD, path);
    }
    (void)el_set(edit, EL_PROMPT, prompt);
    (void)el_set(edit, EL_EDITOR, "emacs");
    (void)el_set(edit, EL_SIGNAL, 1);
    (void)el_set(edit, EL_HIST, history, lines);
    (void)el_set(edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    if (session->format == NULL) {
        session->format = "PrettyCompact";
    }
    catch_interrupts();
    (void)printf("weir client %s. Statements end with ';', help helps.\n\n", WEIR_VERSION);
    read_lines(session, edit, lines, &event);
    if (*path != 0) {
        (void)history(lines, &event, H_SAVE, path);
    }
    history_end(lines);
    el_end(edit);
    (void)puts("Bye.");
    return 0;
}
