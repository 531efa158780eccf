/* session.h: what the shell and the batch mode share: a connection, settings, formats, running one statement. */
#ifndef CLIENT_SESSION_H
#define CLIENT_SESSION_H

#include "base/text.h"
#include "client/weir_client.h"

#include <stdio.h>

#define SESSION_PARAMETERS_MAX 64U

struct session {
    struct weir_client *client;
    struct weir_client_options options;
    struct weir_parameter parameters[SESSION_PARAMETERS_MAX];
    uint32_t parameter_count;
    const char *format; /* NULL: TabSeparated; PrettyCompact in the shell */
    bool time;          /* seconds to stderr after each query */
    volatile sig_atomic_t cancel;
};

/* Runs a statement; its reply goes to stdout. data: of an INSERT, or NULL. */
struct err *session_run(struct session *session, struct slice statement, FILE *data, struct weir_reply *reply);
/* "Code: 62. …" to stderr. Returns the exit code that stands for the error; frees it. */
int session_complain(struct err *err);

/* All statements of the text, one after the other. data: stdin, for an INSERT that wants data. Returns the exit code.
 */
int batch_run(struct session *session, struct slice text, FILE *data);
/* Line editing until exit or the end of input. Returns the exit code. */
int shell_run(struct session *session);

#endif
