/* session.h: what the shell and the batch mode share: a connection, settings, formats, running one statement. */
#ifndef CLIENT_SESSION_H
#define CLIENT_SESSION_H

#include "base/text.h"
#include "client/progress.h"
#include "client/statement.h"
#include "client/weir_client.h"

#include <stdio.h>

#define SESSION_PARAMETERS_MAX 64U

struct session {
    struct weir_client *client;
    struct weir_client_options options;
    struct weir_parameter parameters[SESSION_PARAMETERS_MAX + 1]; /* one more for the query's id */
    uint32_t parameter_count;
    const char *format;        /* NULL: the server's */
    bool time;                 /* seconds to stderr after each query */
    bool vertical;             /* every statement as if it ended with \G */
    struct progress *progress; /* NULL: not shown */
    volatile sig_atomic_t cancel;
};

/* Data of an INSERT: these bytes, then those of the file. */
struct session_data {
    struct slice first;
    int file; /* -1: none */
};

/* Runs a statement; its reply goes to stdout, or to the file that INTO OUTFILE names. data: NULL when it has none, or
 * FROM INFILE names them. vertical: it ended with \G. */
struct err *session_run(struct session *session, struct slice statement, bool vertical, const struct session_data *data,
                        struct weir_reply *reply);
/* "USE name": looks whether there is such a database. */
struct err *session_use_database(struct session *session, struct slice statement);
/* "Code: 62. …" to stderr. Returns the exit code that stands for the error; frees it. */
int session_complain(struct err *err);

/* All statements of the text, one after the other. data_file: where an INSERT that wants data finds it. Returns the
 * exit code. */
int batch_run(struct session *session, struct slice text, int data_file);
/* All statements of a file; an INSERT's data may follow it there. Returns the exit code. */
int batch_run_file(struct session *session, int file);
/* Line editing until exit or the end of input. Returns the exit code. */
int shell_run(struct session *session);

#endif
