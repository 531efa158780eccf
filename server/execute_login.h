/*
 * execute_login.h: whose request it is: credentials of a request become an access_session, and what that sets.
 */
#ifndef SERVER_EXECUTE_LOGIN_H
#define SERVER_EXECUTE_LOGIN_H

#include "server/execute.h"

/* Begins; *waits: a password is being verified, request->process.logging_in says until when. */
struct err *execution_login(struct execution *execution, bool *waits);
/* When it no longer waits: execution->access is there, with roles and settings applied. */
struct err *execution_logged_in(struct execution *execution);
void execution_login_end(struct execution *execution);

#endif
