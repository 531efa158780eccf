/*
 * access_login.c: verifying passwords without holding a thread for it.
 *
 * states   a login waits in the queue → is computed by the login thread → is done, and its owner is woken up. Equal ones
 *          (user and password) share one computation.
 * cache    what was verified: keyed hashes of user, password and what is stored of it, so that an entry says nothing
 *          about another password and none counts after a change. The key is of this process.
 * locks    logins->lock (LOCK_LOGIN) guards queue and cache; owners are woken up under it
 */
#include "base/clock.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "server/access_password.h"
#include "server/access_private.h"

#include <sodium.h>
#include <stdlib.h>

METRIC_COUNTER(computed, "weir_logins_computed_total", "passwords that were hashed to verify a login");
METRIC_COUNTER(failed, "weir_logins_failed_total", "logins with a wrong user, password or address");
METRIC_COUNTER(overloaded, "weir_logins_refused_total", "logins that were not looked at: too many waited");

#define VERIFIED_SETS 1024U
#define VERIFIED_WAYS 4U

struct mark {
    unsigned char bytes[32];
};

struct job {
    struct job *next;
    struct mark mark;
    struct access_model *model; /* of when it came: its user is what the password is verified against */
    char *user;
    char *password;
    size_t user_bytes, password_bytes;
    char address[64];
    uint32_t owners; /* logins that wait for it, and the thread while it computes */
    bool done, right;
};

struct access_login {
    struct logins *logins;
    struct access *access;
    struct job *job;
    struct access_login *next; /* of those that wait */
    void (*wake)(void *user);
    void *user;
    char *name;
    size_t name_bytes;
    char address[64];
    bool given;
};

struct logins {
    struct access *access;
    struct lock lock;
    struct condition changed;
    pthread_t thread;
    bool started, stopping;
    struct job *first; /* waiting or being computed */
    uint32_t count;
    struct access_login *waiting;
    uint32_t waiting_count;
    unsigned char key[crypto_generichash_KEYBYTES];
    struct mark verified[VERIFIED_SETS][VERIFIED_WAYS]; /* by the mark's first bytes; the newest first */
};

static void add(crypto_generichash_state *state, struct slice text)
{
    uint64_t length = text.length;
    crypto_generichash_update(state, (const unsigned char *)&length, sizeof(length));
    crypto_generichash_update(state, (const unsigned char *)text.data, text.length);
}

/* user NULL: there is none of that name. */
static struct mark mark_of(const struct logins *logins, const struct access_thing *user, struct slice name,
                           struct slice password)
{
    struct mark mark;
    crypto_generichash_state state;
    crypto_generichash_init(&state, logins->key, sizeof(logins->key), sizeof(mark.bytes));
    add(&state, name);
    add(&state, password);
    add(&state, user == NULL ? slice_text("") : user->secret);
    add(&state, user == NULL ? slice_text("") : user->salt);
    crypto_generichash_final(&state, mark.bytes, sizeof(mark.bytes));
    return mark;
}

static struct mark *set_of(struct logins *logins, const struct mark *mark)
{
    return logins->verified[(mark->bytes[0] | (unsigned)mark->bytes[1] << 8) % VERIFIED_SETS];
}

static bool is_verified(struct logins *logins, const struct mark *mark)
{
    lock_take(&logins->lock);
    bool is = false;
    for (uint32_t i = 0; i < VERIFIED_WAYS; i++) {
        is |= sodium_memcmp(&set_of(logins, mark)[i], mark, sizeof(*mark)) == 0;
    }
    lock_give(&logins->lock);
    return is;
}

/* ---- what comes of it */

static struct err *wrong(struct slice name, bool given)
{
    metric_add(&metric_failed, 1);
    return given ? err_new(ERR_AUTHENTICATION,
                           "%.*s: Authentication failed: password is incorrect, or there is no user with such name",
                           (int)(name.length < 200 ? name.length : 200), name.data)
                 : err_new(ERR_REQUIRED_PASSWORD,
                           "%.*s: a password is required; give user and password (Basic authentication, the headers "
                           "X-ClickHouse-User and X-ClickHouse-Key, or the parameters user and password)",
                           (int)(name.length < 200 ? name.length : 200), name.data);
}

static struct err *enter(struct access_model *model, const struct access_thing *user, const char *address,
                         struct access_session **out)
{
    if (user->method == ACCESS_NO_PASSWORD && !access_address_is_local(address)) {
        metric_add(&metric_failed, 1);
        return err_new(
            ERR_AUTHENTICATION,
            "%.*s: Authentication failed: the user has no password, and is let in from this machine alone, not "
            "from %s; give the user a password",
            SLICE_ARG(user->name), address);
    }
    return access_session_make(model, user, NULL, 0, out);
}

/* ---- the thread */

static void compute(struct job *job)
{
    const struct access_thing *user = access_model_find(job->model, AST_USER, slice_of(job->user, job->user_bytes));
    bool allowed = user != NULL && access_address_is_allowed(user, job->address);
    job->right = access_password_verify(allowed ? user : NULL, slice_of(job->password, job->password_bytes));
    metric_add(&metric_computed, 1);
}

static void job_free(struct job *job)
{
    if (job->password != NULL) {
        sodium_memzero(job->password, job->password_bytes);
    }
    access_model_unref(job->model);
    free(job->password);
    free(job->user);
    free(job);
}

/* Under the lock. */
static void job_leave(struct job *job)
{
    if (--job->owners == 0) {
        job_free(job);
    }
}

static void *run(void *object)
{
    struct logins *logins = object;
    lock_take(&logins->lock);
    while (!logins->stopping) {
        struct job *job = logins->first;
        if (job == NULL) {
            condition_wait(&logins->changed, &logins->lock);
            continue;
        }
        if (job->owners == 1) { /* nobody waits any more */
            logins->first = job->next;
            logins->count--;
            job_leave(job);
            continue;
        }
        lock_give(&logins->lock);
        compute(job);
        lock_take(&logins->lock);
        job->done = true;
        logins->first = job->next;
        logins->count--;
        if (job->right) {
            struct mark *set = set_of(logins, &job->mark);
            memmove(&set[1], &set[0], (VERIFIED_WAYS - 1) * sizeof(*set));
            set[0] = job->mark;
        }
        for (struct access_login *login = logins->waiting; login != NULL; login = login->next) {
            if (login->job == job && login->wake != NULL) {
                login->wake(login->user);
            }
        }
        condition_broadcast(&logins->changed);
        job_leave(job);
    }
    lock_give(&logins->lock);
    return NULL;
}

struct err *logins_start(struct access *access)
{
    struct err *err = NULL;
    struct logins *logins = calloc(1, sizeof(*logins));
    if (logins == NULL) {
        return err_oom();
    }
    if (sodium_init() < 0) {
        free(logins);
        return err_new(ERR_LOGICAL, "libsodium cannot start");
    }
    logins->access = access;
    lock_init(&logins->lock, LOCK_LOGIN);
    condition_init(&logins->changed);
    randombytes_buf(logins->key, sizeof(logins->key));
    randombytes_buf(logins->verified, sizeof(logins->verified)); /* no mark that somebody could have */
    access->logins = logins;
    OR_DONE(thread_start(&logins->thread, "login", run, logins));
    logins->started = true;
done:
    return err;
}

/* No request is left. */
void logins_stop(struct access *access)
{
    struct logins *logins = access->logins;
    if (logins == NULL) {
        return;
    }
    lock_take(&logins->lock);
    logins->stopping = true;
    condition_broadcast(&logins->changed);
    lock_give(&logins->lock);
    if (logins->started) {
        (void)pthread_join(logins->thread, NULL);
    }
    while (logins->first != NULL) {
        struct job *next = logins->first->next;
        job_free(logins->first);
        logins->first = next;
    }
    condition_deinit(&logins->changed);
    lock_deinit(&logins->lock);
    free(logins);
    access->logins = NULL;
}

/* ---- logging in */

static struct job *find_job(struct logins *logins, const struct mark *mark, const char *address)
{
    for (struct job *job = logins->first; job != NULL; job = job->next) {
        if (!job->done && sodium_memcmp(&job->mark, mark, sizeof(*mark)) == 0 && strcmp(job->address, address) == 0) {
            return job;
        }
    }
    return NULL;
}

static struct err *overload(const char *what)
{
    metric_add(&metric_overloaded, 1);
    return err_new(ERR_SERVER_OVERLOADED, "Too many logins wait for their passwords to be verified%s; try again", what);
}

/* Under the lock: behind those that wait already. */
static struct err *add_job(struct logins *logins, struct access_model *model, const struct mark *mark,
                           const struct access_credentials *credentials, struct slice name, struct job **out)
{
    uint32_t same = 0;
    struct job **place = &logins->first;
    for (; *place != NULL; place = &(*place)->next) {
        same += strcmp((*place)->address, credentials->address) == 0;
    }
    if (logins->count >= LOGINS_MAX || same >= LOGINS_PER_ADDRESS) {
        return overload(same >= LOGINS_PER_ADDRESS ? " from this address" : "");
    }
    struct job *job = calloc(1, sizeof(*job));
    if (job == NULL) {
        return err_oom();
    }
    job->mark = *mark;
    job->model = access_model_ref(model);
    job->owners = 1;
    job->user = malloc(name.length + 1);
    job->password = malloc(credentials->password.length + 1);
    if (job->user == NULL || job->password == NULL) {
        job_leave(job);
        return err_oom();
    }
    memcpy(job->user, name.data, name.length);
    job->user_bytes = name.length;
    if (credentials->password.length > 0) {
        memcpy(job->password, credentials->password.data, credentials->password.length);
    }
    job->password_bytes = credentials->password.length;
    memcpy(job->address, credentials->address, strnlen(credentials->address, sizeof(job->address) - 1));
    *place = job;
    logins->count++;
    condition_broadcast(&logins->changed);
    *out = job;
    return NULL;
}

static struct err *wait_for(struct access *access, struct access_model *model, const struct mark *mark,
                            const struct access_credentials *credentials, struct slice name, void (*wake)(void *user),
                            void *user, struct access_login **out)
{
    struct err *err = NULL;
    struct logins *logins = access->logins;
    struct access_login *login = calloc(1, sizeof(*login));
    char *own_name = login == NULL ? NULL : malloc(name.length + 1);
    if (own_name == NULL) {
        free(login);
        return err_oom();
    }
    memcpy(own_name, name.data, name.length);
    *login = (struct access_login){.logins = logins,
                                   .access = access,
                                   .wake = wake,
                                   .user = user,
                                   .name = own_name,
                                   .name_bytes = name.length,
                                   .given = credentials->given};
    memcpy(login->address, credentials->address, strnlen(credentials->address, sizeof(login->address) - 1));
    lock_take(&logins->lock);
    struct job *job = find_job(logins, mark, credentials->address);
    if (logins->waiting_count >= LOGIN_WAITERS_MAX) {
        err = overload("");
    } else if (job == NULL) {
        err = add_job(logins, model, mark, credentials, name, &job);
    }
    if (err == NULL) {
        job->owners++;
        login->job = job;
        login->next = logins->waiting;
        logins->waiting = login;
        logins->waiting_count++;
        *out = login;
        login = NULL;
    }
    lock_give(&logins->lock);
    if (login != NULL) {
        free(login->name);
        free(login);
    }
    return err;
}

struct err *access_login_begin(struct access *access, const struct access_credentials *credentials,
                               void (*wake)(void *user), void *user_object, struct access_login **login,
                               struct access_session **out)
{
    struct err *err = NULL;
    struct slice name = credentials->user.length == 0 ? slice_text("default") : credentials->user;
    struct access_model *model = access_current(access);
    *login = NULL;
    *out = NULL;
    if (name.length > 1000 || credentials->password.length > ACCESS_PASSWORD_BYTES_MAX) {
        err = wrong(name, true); /* it is nobody's, whoever it may be */
        goto done;
    }
    const struct access_thing *user = access_model_find(model, AST_USER, name);
    if (user != NULL && user->method == ACCESS_NO_PASSWORD && credentials->password.length == 0 &&
        access_address_is_allowed(user, credentials->address)) {
        err = enter(model, user, credentials->address, out);
        goto done;
    }
    if (credentials->password.length == 0 && !credentials->given) { /* nobody tried a password */
        err = wrong(name, false);
        goto done;
    }
    struct mark mark = mark_of(access->logins, user, name, credentials->password);
    if (user != NULL && is_verified(access->logins, &mark) && access_address_is_allowed(user, credentials->address)) {
        err = enter(model, user, credentials->address, out);
        goto done;
    }
    err = wait_for(access, model, &mark, credentials, name, wake, user_object, login);
done:
    access_model_unref(model);
    return err;
}

bool access_login_waits(const struct access_login *login)
{
    lock_take(&login->logins->lock);
    bool waits = !login->job->done;
    lock_give(&login->logins->lock);
    return waits;
}

struct err *access_login_end(struct access_login *login, struct access_session **out)
{
    struct err *err = NULL;
    *out = NULL;
    if (login == NULL) {
        return NULL;
    }
    struct logins *logins = login->logins;
    lock_take(&logins->lock);
    struct access_login **place = &logins->waiting;
    while (*place != login) {
        place = &(*place)->next;
    }
    *place = login->next;
    logins->waiting_count--;
    bool done = login->job->done, right = login->job->right;
    struct access_model *model = access_model_ref(login->job->model);
    job_leave(login->job);
    lock_give(&logins->lock);
    struct slice name = slice_of(login->name, login->name_bytes);
    if (done && right) {
        struct access_session *session = NULL;
        OR_DONE(enter(model, access_model_find(model, AST_USER, name), login->address, &session));
        err = access_session_renew(login->access, &session); /* the user may have changed meanwhile */
        if (err != NULL) {
            access_session_unref(session);
        } else {
            *out = session;
        }
    } else if (done) {
        err = wrong(name, login->given);
    }
done:
    access_model_unref(model);
    free(login->name);
    free(login);
    return err;
}

struct err *access_authenticate(struct access *access, const struct access_credentials *credentials,
                                struct access_session **out)
{
    struct access_login *login = NULL;
    struct err *err = access_login_begin(access, credentials, NULL, NULL, &login, out);
    if (err != NULL || login == NULL) {
        return err;
    }
    lock_take(&access->logins->lock);
    while (!login->job->done && !access->logins->stopping) {
        condition_wait(&access->logins->changed, &access->logins->lock);
    }
    lock_give(&access->logins->lock);
    err = access_login_end(login, out);
    return err == NULL && *out == NULL ? err_new(ERR_AUTHENTICATION, "the server stops") : err;
}
