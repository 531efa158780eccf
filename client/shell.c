/*
 * shell.c: the interactive client: statements over several lines, shortcuts, history, timing.
 *
 * A statement ends with ';', or with \G. Ctrl-C drops what was typed, or cancels the query that runs. History stays in
 * ~/.weir_history, a line a statement, written after each.
 * signals  while a query runs SIGINT sets the session's `cancel`; while a line is edited: edit.c
 */
#include "client/complete.h"
#include "client/edit.h"
#include "client/session.h"
#include "client/statement.h"

#include <stdlib.h>
#include <unistd.h>

static struct session *running; /* whose query Ctrl-C cancels */

struct shell {
    struct session *session;
    struct edit *edit;
    struct completer *completer;
    bool quiet; /* \timing: no line about rows and time */
};

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (running != NULL) {
        running->cancel = 1;
    }
}

/* Without spaces and ';' around it. */
static struct slice trimmed(struct slice text)
{
    while (text.length > 0 && ((unsigned char)text.data[text.length - 1] <= ' ' || text.data[text.length - 1] == ';')) {
        text.length--;
    }
    while (text.length > 0 && (unsigned char)text.data[0] <= ' ') {
        text = slice_of(text.data + 1, text.length - 1);
    }
    return text;
}

static bool is_exit(struct slice text)
{
    static const char *const words[] = {"exit", "quit", "q", "\\q", ":q", "logout"};
    for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        if (slice_equal(text, slice_text(words[k]))) {
            return true;
        }
    }
    return false;
}

static void print_help(void)
{
    (void)puts(
        "A statement ends with ';' and may have several lines; with \\G its rows are shown one below the other.\n"
        "  \\?, help      this text\n"
        "  \\d            tables; \\d NAME: the columns of one\n"
        "  \\l            databases\n"
        "  \\c NAME       another database, as USE NAME;\n"
        "  \\s            sources\n"
        "  \\p            what runs now\n"
        "  \\f NAME       format of results; \\f: the one of before\n"
        "  \\x            every result one row below the other, and back\n"
        "  \\timing       rows and seconds behind a result, or not\n"
        "  \\i FILE       runs the statements of a file\n"
        "  \\q, Ctrl-D    leaves\n"
        "  Tab           completes names and keywords\n"
        "  Ctrl-C        drops what was typed, or cancels the query that runs\n"
        "  Ctrl-R        looks for a statement of before\n"
        "INSERT INTO t FROM INFILE 'rows.csv.gz'; SELECT … INTO OUTFILE 'rows.csv'; SELECT … FORMAT Vertical;");
}

static bool changes_tables(struct slice statement)
{
    static const char *const words[] = {"CREATE", "DROP",   "ALTER",   "RENAME", "EXCHANGE",
                                        "ATTACH", "DETACH", "RESTORE", "UNDROP"};
    for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        if (statement_begins(statement, words[k])) {
            return true;
        }
    }
    return false;
}

static void print_summary(const struct weir_reply *reply)
{
    if (reply->rows_result > 0) {
        (void)printf("%llu row%s in set. ", (unsigned long long)reply->rows_result, reply->rows_result == 1 ? "" : "s");
    }
    (void)printf("Elapsed: %.3f sec.", reply->elapsed_seconds);
    if (reply->rows_read > 0) {
        (void)printf(" Read %llu rows, %.2f MB.", (unsigned long long)reply->rows_read,
                     (double)reply->bytes_read / 1e6);
        if (reply->server_seconds > 0) {
            (void)printf(" (%.2f million rows/s., %.2f MB/s.)", (double)reply->rows_read / reply->server_seconds / 1e6,
                         (double)reply->bytes_read / reply->server_seconds / 1e6);
        }
    }
    if (reply->rows_written > 0) {
        (void)printf(" Wrote %llu rows.", (unsigned long long)reply->rows_written);
    }
    (void)puts("\n");
}

static void run_statement(struct shell *shell, struct slice statement, bool vertical)
{
    struct session *session = shell->session;
    struct weir_reply reply = {0};
    if (statement_wants_data(statement)) {
        struct statement_file file;
        if (!statement_file(statement, &file)) {
            (void)fprintf(stderr,
                          "The data of an INSERT come from a pipe: weir client -q 'INSERT …' < FILE, or from a file: "
                          "INSERT INTO t FROM INFILE 'FILE' FORMAT CSV;\n\n");
            return;
        }
    }
    session->cancel = 0;
    running = session;
    void (*before)(int) = signal(SIGINT, on_interrupt);
    struct err *err = statement_begins(statement, "USE") ? session_use_database(session, statement)
                                                         : session_run(session, statement, vertical, NULL, &reply);
    (void)signal(SIGINT, before);
    running = NULL;
    if (changes_tables(statement) || statement_begins(statement, "USE")) {
        completer_forget(shell->completer);
    }
    (void)putchar('\n');
    if (err != NULL) {
        (void)fflush(stdout);
        (void)session_complain(err);
    } else if (!shell->quiet) {
        print_summary(&reply);
    }
}

static void remember(struct shell *shell, struct slice statement)
{
    struct buffer line = {0};
    statement_append_line(statement, &line);
    buffer_char(&line, 0);
    if (!line.failed) {
        edit_remember(shell->edit, line.data);
    }
    buffer_deinit(&line);
}

/* Runs all whole statements of the text; what is left stays in it. */
static void run_whole(struct shell *shell, struct buffer *text)
{
    size_t end;
    shell->session->cancel = 0;
    while (text->data != NULL && (end = statement_end(buffer_all(text))) > 0) {
        struct slice whole = slice_of(text->data, end);
        while (whole.length > 0 && (unsigned char)whole.data[0] <= ' ') {
            whole = slice_of(whole.data + 1, whole.length - 1);
        }
        bool vertical = end > 1 && text->data[end - 1] == 'G';
        struct slice statement = slice_of(whole.data, whole.length - (vertical ? 2 : 1));
        if (!statement_is_empty(statement)) {
            remember(shell, whole);
            run_statement(shell, statement, vertical);
        }
        memmove(text->data, text->data + end, text->length - end);
        text->length -= end;
        if (shell->session->cancel != 0) {
            text->length = 0; /* Ctrl-C is for what follows in the line, too */
        }
    }
    if (text->data != NULL && text->length > 0 && text->data[0] != '/' &&
        statement_is_empty(buffer_all(text))) { /* but not of an open comment */
        text->length = 0;
    }
}

/* ---- shortcuts */

static void run_text(struct shell *shell, const char *begin, struct slice name)
{
    struct buffer text = {0};
    buffer_text(&text, begin);
    buffer_slice(&text, name);
    if (!text.failed) {
        run_statement(shell, buffer_all(&text), false);
    }
    buffer_deinit(&text);
}

static void set_format(struct shell *shell, struct slice name)
{
    static char format[64];
    struct session *session = shell->session;
    if (name.length >= sizeof(format)) {
        (void)puts("There is no format of that name.");
        return;
    }
    (void)snprintf(format, sizeof(format), "%.*s", SLICE_ARG(name));
    session->format = name.length == 0 ? "PrettyCompact" : format;
    (void)printf("Format: %s.\n", session->format);
}

static void run_file(struct shell *shell, struct slice name)
{
    struct buffer path = {0};
    buffer_slice(&path, name);
    buffer_char(&path, 0);
    FILE *file = path.failed ? NULL : fopen(path.data, "re");
    if (file == NULL) {
        (void)printf("The file \"%.*s\" cannot be opened: %m.\n", SLICE_ARG(name));
    } else {
        running = shell->session;
        shell->session->cancel = 0;
        void (*before)(int) = signal(SIGINT, on_interrupt);
        (void)batch_run_file(shell->session, fileno(file));
        (void)signal(SIGINT, before);
        running = NULL;
        completer_forget(shell->completer);
        (void)fclose(file);
    }
    buffer_deinit(&path);
}

/* A line that is no statement; false: it is one. */
static bool run_shortcut(struct shell *shell, struct slice line)
{
    struct slice word = line, rest;
    if (slice_equal(line, slice_text("help")) || slice_equal(line, slice_text("?"))) {
        print_help();
        return true;
    }
    if (line.length < 2 || line.data[0] != '\\' || line.data[1] == 'G') {
        return false;
    }
    word.length = 0;
    while (word.length < line.length && (unsigned char)line.data[word.length] > ' ') {
        word.length++;
    }
    rest = trimmed(slice_of(line.data + word.length, line.length - word.length));
    if (slice_equal(word, slice_text("\\?"))) {
        print_help();
    } else if (slice_equal(word, slice_text("\\d"))) {
        run_text(shell, rest.length == 0 ? "SHOW TABLES" : "DESCRIBE TABLE ", rest);
    } else if (slice_equal(word, slice_text("\\l"))) {
        run_text(shell, "SHOW DATABASES", slice_text(""));
    } else if (slice_equal(word, slice_text("\\c"))) {
        run_text(shell, "USE ", rest);
    } else if (slice_equal(word, slice_text("\\s"))) {
        run_text(shell, "SHOW SOURCES", slice_text(""));
    } else if (slice_equal(word, slice_text("\\p"))) {
        run_text(shell,
                 "SELECT query_id, user, elapsed, read_rows, formatReadableSize(memory_usage) AS memory, query FROM "
                 "system.processes",
                 slice_text(""));
    } else if (slice_equal(word, slice_text("\\f"))) {
        set_format(shell, rest);
    } else if (slice_equal(word, slice_text("\\x"))) {
        shell->session->vertical = !shell->session->vertical;
        (void)puts(shell->session->vertical ? "Rows one below the other." : "Rows as the format has them.");
    } else if (slice_equal(word, slice_text("\\timing"))) {
        shell->quiet = !shell->quiet;
        (void)puts(shell->quiet ? "Timing is off." : "Timing is on.");
    } else if (slice_equal(word, slice_text("\\i"))) {
        run_file(shell, rest);
    } else {
        (void)printf("There is no shortcut %.*s; \\? lists them.\n", SLICE_ARG(word));
    }
    (void)fflush(stdout);
    return true;
}

static void read_lines(struct shell *shell)
{
    struct buffer text = {0};
    while (!text.failed) {
        struct slice line;
        enum edit_result result = edit_line(shell->edit, text.length == 0 ? slice_text("") : buffer_all(&text), &line);
        if (result == EDIT_DROPPED) {
            text.length = 0;
            (void)puts("^C");
            continue;
        }
        if (result == EDIT_END) {
            (void)putchar('\n');
            break;
        }
        if (text.length == 0 && is_exit(trimmed(line))) {
            break;
        }
        if (text.length == 0 && run_shortcut(shell, trimmed(line))) {
            continue;
        }
        buffer_slice(&text, line);
        run_whole(shell, &text);
    }
    buffer_deinit(&text);
}

int shell_run(struct session *session)
{
    char history_path[4096] = "";
    const char *home = getenv("HOME");
    struct shell shell = {.session = session, .completer = completer_create(session)};
    if (home != NULL && *home != 0 && strlen(home) + 16 < sizeof(history_path)) {
        (void)snprintf(history_path, sizeof(history_path), "%s/.weir_history", home);
    }
    struct err *err =
        shell.completer == NULL ? err_oom() : edit_open(history_path, completer_find, shell.completer, &shell.edit);
    if (err != NULL) {
        completer_destroy(shell.completer);
        return session_complain(err);
    }
    (void)printf("weir client %s. Statements end with ';', help helps.\n\n", WEIR_VERSION);
    read_lines(&shell);
    edit_close(shell.edit);
    completer_destroy(shell.completer);
    (void)puts("Bye.");
    return 0;
}
