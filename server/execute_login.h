/*
 * execute_login.h: whose request it is: credentials of a request become an access_session, and what that sets.
 */
#ifndef SERVER_EXECUTE_LOGIN_H
#define SERVER_EXECUTE_LOGIN_H

#include "server/execute.h"

/* What the request says of who sends it, of headers and parameters that are there; may lie in the arena. */
struct access_credentials;
struct err *request_credentials(const struct request *request, struct arena *arena, struct access_credentials *out);
/* Begins; *waits: a password is being verified, request->process.logging_in says until when. */
struct err *execution_login(struct execution *execution, bool *waits);
/* When it no longer waits: execution->access is there, with roles and settings applied. */
struct err *execution_logged_in(struct execution *execution);
void execution_login_end(struct execution *execution);

#endif
