/* batch.c: statements out of an argument or a pipe. */
#include "client/session.h"
#include "client/statement.h"

int batch_run(struct session *session, struct slice text, FILE *data)
{
    struct weir_reply reply;
    while (!statement_is_empty(text)) {
        struct slice statement = text;
        size_t end = statement_end(text);
        if (end > 0 &&
            (!statement_holds_data(text) || statement_is_empty(slice_of(text.data + end, text.length - end)))) {
            statement.length = end - 1;
        }
        text = slice_of(text.data + statement.length, text.length - statement.length);
        if (text.length > 0 && text.data[0] == ';') {
            text = slice_of(text.data + 1, text.length - 1);
        }
        if (statement_is_empty(statement)) {
            continue;
        }
        bool wants_data = data != NULL && statement_wants_data(statement);
        struct err *err = session_run(session, statement, wants_data ? data : NULL, &reply);
        if (err != NULL) {
            return session_complain(err);
        }
        if (session->time) {
            (void)fprintf(stderr, "%.3f\n", reply.elapsed_seconds);
        }
    }
    return 0;
}
