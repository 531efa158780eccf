/*
 * execute_login.c: the forms in which a request says who sends it (docs/ACCESS.md, "Logging in").
 *
 * forms    Basic authentication; the headers X-ClickHouse-User and -Key; the parameters user and password. One of them:
 *          a mixture is ERR_AUTHENTICATION. None: the user default without a password.
 * waiting  while a password is verified the request has no thread: process.logging_in keeps it asleep
 */
#include "server/execute_login.h"

#include "server/access.h"

#include <sodium.h>
#include <stdio.h>
#include <strings.h>

#define BASIC_BYTES_MAX ((size_t)8 << 10)

static void wake(void *user)
{
    struct process *process = user;
    atomic_store(&process->logging_in, false);
    process->wake(process);
}

static struct err *read_basic(struct arena *arena, struct slice header, struct access_credentials *out)
{
    size_t length = 0;
    if (header.length < 6 || strncasecmp(header.data, "Basic ", 6) != 0) {
        return err_new(
            ERR_AUTHENTICATION,
            "Authorization: %.*s is not supported; use Basic authentication, the headers X-ClickHouse-User and "
            "X-ClickHouse-Key, or the parameters user and password",
            (int)(strcspn(header.data, " ") < 20 ? strcspn(header.data, " ") : 20), header.data);
    }
    char *decoded = header.length > BASIC_BYTES_MAX ? NULL : arena_alloc(arena, header.length);
    if (header.length <= BASIC_BYTES_MAX && decoded == NULL) {
        return arena_error(arena);
    }
    if (decoded == NULL ||
        sodium_base642bin((unsigned char *)decoded, header.length, header.data + 6, header.length - 6, " ", &length,
                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
        return err_new(ERR_AUTHENTICATION, "the Authorization header is not Basic authentication");
    }
    const char *colon = memchr(decoded, ':', length);
    if (colon == NULL) {
        return err_new(ERR_AUTHENTICATION, "the Authorization header holds no \"user:password\"");
    }
    out->user = slice_of(decoded, (size_t)(colon - decoded));
    out->password = slice_of(colon + 1, length - out->user.length - 1);
    return NULL;
}

struct err *request_credentials(const struct request *request, struct arena *arena, struct access_credentials *out)
{
    struct slice basic = request_header(request, "Authorization");
    struct slice user = request_parameter(request, "user"), password = request_parameter(request, "password");
    struct slice header_user = request_header(request, "X-ClickHouse-User"),
                 header_key = request_header(request, "X-ClickHouse-Key");
    struct slice certificate = request_header(request, "X-ClickHouse-SSL-Certificate-Auth");
    bool by_header = header_user.data != NULL || header_key.data != NULL;
    bool by_parameter = user.data != NULL || password.data != NULL;

    if (certificate.length > 0 && !slice_is_word(certificate, "off")) {
        return err_new(ERR_AUTHENTICATION, "authentication by certificates (X-ClickHouse-SSL-Certificate-Auth) is not "
                                           "supported");
    }
    if ((basic.data != NULL) + by_header + by_parameter > 1) {
        return err_new(ERR_AUTHENTICATION, "Invalid authentication: it is not allowed to use %s and %s simultaneously",
                       basic.data != NULL ? "the Authorization header" : "X-ClickHouse HTTP headers",
                       basic.data != NULL && by_header ? "X-ClickHouse HTTP headers"
                                                       : "the parameters user and password");
    }
    out->given = basic.data != NULL || by_header || by_parameter;
    out->user = by_header ? header_user : user;
    out->password = by_header ? header_key : password;
    return basic.data != NULL ? read_basic(arena, basic, out) : NULL;
}

struct err *execution_login(struct execution *execution, bool *waits)
{
    struct err *err = NULL;
    struct request *request = execution->request;
    struct process *process = execution->process;
    struct access *access = execution->server->access;
    struct access_credentials credentials = {.address = process->address};

    *waits = false;
    if (request->denied != NULL) {
        err = request->denied;
        request->denied = NULL;
        goto done;
    }
    if (request->access != NULL) { /* the transport has logged in */
        OR_DONE(access_session_renew(access, &request->access));
        execution->login_session = access_session_ref(request->access);
        goto done;
    }
    OR_DONE(request_credentials(request, execution->arena, &credentials));
    struct slice name = credentials.user.length == 0 ? slice_text("default") : credentials.user;
    (void)snprintf(process->user, sizeof(process->user), "%.*s",
                   (int)(name.length < sizeof(process->user) ? name.length : sizeof(process->user) - 1), name.data);
    atomic_store(&process->logging_in, true);
    err = access_login_begin(access, &credentials, wake, process, &execution->login, &execution->login_session);
    *waits = err == NULL && execution->login != NULL;
    if (!*waits) {
        atomic_store(&process->logging_in, false);
    }
done:
    return err;
}

struct role_visit {
    struct execution *execution;
    struct slice *roles;
    uint32_t count;
    bool failed;
};

static void take_role(void *user, struct slice name, struct slice value)
{
    struct role_visit *visit = user;
    if (!slice_equal(name, slice_text("role")) || visit->failed) {
        return;
    }
    if ((visit->count & (visit->count - 1)) == 0) { /* 0, 1, 2, 4, … */
        struct slice *grown =
            ARENA_ARRAY(visit->execution->arena, struct slice, visit->count == 0 ? 1 : 2 * (size_t)visit->count);
        if (grown == NULL) {
            visit->failed = true;
            return;
        }
        if (visit->count > 0) {
            memcpy(grown, visit->roles, visit->count * sizeof(*grown));
        }
        visit->roles = grown;
    }
    visit->roles[visit->count++] = value;
}

struct err *execution_logged_in(struct execution *execution)
{
    struct err *err = NULL;
    struct role_visit visit = {.execution = execution};
    if (execution->login != NULL) {
        struct access_login *login = execution->login;
        execution->login = NULL;
        OR_DONE(access_login_end(login, &execution->login_session));
    }
    request_each_parameter(execution->request, take_role, &visit);
    if (visit.failed) {
        return arena_error(execution->arena);
    }
    if (visit.count > 0) {
        OR_DONE(access_session_roles(&execution->login_session, visit.roles, visit.count));
    }
    struct slice name = access_session_user(execution->login_session);
    (void)snprintf(execution->process->user, sizeof(execution->process->user), "%.*s", SLICE_ARG(name));
    execution->access = execution->login_session;
    OR_DONE(access_settings(execution->access, &execution->settings));
    err = execution_keep_texts(execution); /* SET ROLE of the session may replace what they stand in */
done:
    return err;
}

void execution_login_end(struct execution *execution)
{
    struct access_session *session = NULL;
    err_free(access_login_end(execution->login, &session));
    execution->login = NULL;
    access_session_unref(session);
    access_session_unref(execution->login_session);
    execution->login_session = NULL;
    execution->access = NULL;
}
