/*
 * sessions.c: sessions by their ids. See sessions.h.
 *
 * lock     `mutex` guards the list and who holds a session; nothing is locked under it
 */
#include "server/access.h"
#include "server/session_private.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>

struct session_setting {
    char *name, *value;
};

struct session {
    struct session *next;
    char *user; /* whose it is: others have sessions of the same id of their own */
    char *id;
    bool busy;
    uint64_t timeout_us;
    uint64_t expires_us; /* monotonic, when it is not busy */
    char *database;      /* or NULL */
    struct session_setting *settings;
    uint32_t setting_count;
    char **roles; /* SET ROLE; NULL: the user's default ones */
    uint32_t role_count;
    struct temporary *tables;
    uint32_t table_count;
    struct budget *budget;
};

struct sessions {
    pthread_mutex_t mutex;
    struct session *first;
    uint32_t count;
    struct budget budget;
};

struct err *sessions_start(struct server *server)
{
    struct sessions *sessions = calloc(1, sizeof(*sessions));
    if (sessions == NULL) {
        return err_oom();
    }
    pthread_mutex_init(&sessions->mutex, NULL);
    budget_init(&sessions->budget, "all temporary tables", server->config.temporary_tables_memory_max, NULL);
    server->sessions = sessions;
    return NULL;
}

static void forget_roles(struct session *session)
{
    for (uint32_t i = 0; i < session->role_count; i++) {
        free(session->roles[i]);
    }
    free(session->roles);
    session->roles = NULL;
    session->role_count = 0;
}

void session_destroy(struct session *session)
{
    if (session == NULL) {
        return;
    }
    while (session->tables != NULL) {
        struct temporary *next = session->tables->next;
        temporary_destroy(session->tables);
        session->tables = next;
    }
    for (uint32_t i = 0; i < session->setting_count; i++) {
        free(session->settings[i].name);
        free(session->settings[i].value);
    }
    forget_roles(session);
    free(session->settings);
    free(session->database);
    free(session->user);
    free(session->id);
    free(session);
}

void sessions_stop(struct server *server)
{
    struct sessions *sessions = server->sessions;
    if (sessions == NULL) {
        return;
    }
    while (sessions->first != NULL) {
        struct session *next = sessions->first->next;
        session_destroy(sessions->first);
        sessions->first = next;
    }
    pthread_mutex_destroy(&sessions->mutex);
    free(sessions);
    server->sessions = NULL;
}

/* Takes those that are over out of the list; under the mutex. */
static struct session *take_expired(struct sessions *sessions)
{
    struct session *gone = NULL;
    uint64_t now_us = clock_monotonic_us();
    for (struct session **place = &sessions->first; *place != NULL;) {
        struct session *session = *place;
        if (!session->busy && session->expires_us <= now_us) {
            *place = session->next;
            session->next = gone;
            gone = session;
            sessions->count--;
        } else {
            place = &session->next;
        }
    }
    return gone;
}

static void free_all(struct session *session)
{
    while (session != NULL) {
        struct session *next = session->next;
        session_destroy(session);
        session = next;
    }
}

void sessions_expire(struct server *server)
{
    pthread_mutex_lock(&server->sessions->mutex);
    struct session *gone = take_expired(server->sessions);
    pthread_mutex_unlock(&server->sessions->mutex);
    free_all(gone);
}

/* Under the mutex. */
static struct err *find_or_make(struct sessions *sessions, struct slice user, struct slice id, bool check,
                                struct session **out)
{
    struct session *session = sessions->first;

    while (session != NULL &&
           !(slice_equal(slice_text(session->id), id) && slice_equal(slice_text(session->user), user))) {
        session = session->next;
    }
    if (session != NULL && session->busy) {
        return err_new(ERR_SESSION_IS_LOCKED, "Session %.*s is locked by a concurrent client", SLICE_ARG(id));
    }
    if (session == NULL && check) {
        return err_new(ERR_SESSION_NOT_FOUND, "Session %.*s not found", SLICE_ARG(id));
    }
    if (session == NULL && sessions->count == SESSIONS_MAX) {
        return err_new(ERR_TOO_MANY_QUERIES, "there are %u sessions already; more are not kept", SESSIONS_MAX);
    }
    if (session == NULL) {
        session = calloc(1, sizeof(*session));
        if (session == NULL || (session->id = strndup(id.data, id.length)) == NULL ||
            (session->user = strndup(user.data, user.length)) == NULL) {
            free(session == NULL ? NULL : session->id);
            free(session);
            return err_oom();
        }
        session->budget = &sessions->budget;
        session->next = sessions->first;
        sessions->first = session;
        sessions->count++;
    }
    *out = session;
    return NULL;
}

struct err *session_enter(struct server *server, struct slice user, struct slice id, bool check, uint64_t timeout_s,
                          struct session **out)
{
    struct sessions *sessions = server->sessions;

    if (timeout_s > SESSION_TIMEOUT_MAX) {
        return err_new(ERR_INVALID_SESSION_TIMEOUT, "Session timeout '%llu' is larger than max_session_timeout: %u",
                       (unsigned long long)timeout_s, SESSION_TIMEOUT_MAX);
    }
    if (id.length > 200 || memchr(id.data, 0, id.length) != NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "session_id is a text of at most 200 bytes");
    }
    pthread_mutex_lock(&sessions->mutex);
    struct session *gone = take_expired(sessions);
    struct err *err = find_or_make(sessions, user, id, check, out);
    if (err == NULL) {
        (*out)->busy = true;
        (*out)->timeout_us = timeout_s * 1000000;
    }
    pthread_mutex_unlock(&sessions->mutex);
    free_all(gone);
    return err;
}

void session_leave(struct server *server, struct session *session)
{
    if (session == NULL) {
        return;
    }
    pthread_mutex_lock(&server->sessions->mutex);
    session->busy = false;
    session->expires_us = clock_monotonic_us() + session->timeout_us;
    pthread_mutex_unlock(&server->sessions->mutex);
}

struct err *session_create(struct server *server, struct session **out)
{
    *out = calloc(1, sizeof(**out));
    if (*out == NULL) {
        return err_oom();
    }
    (*out)->budget = &server->sessions->budget;
    return NULL;
}

struct err *session_create_alone(struct budget *budget, struct session **out)
{
    *out = calloc(1, sizeof(**out));
    if (*out == NULL) {
        return err_oom();
    }
    (*out)->budget = budget;
    return NULL;
}

/* ---- SET, USE */

static struct err *replace(char **place, struct slice text)
{
    char *copy = strndup(text.data == NULL ? "" : text.data, text.length);
    if (copy == NULL) {
        return err_oom();
    }
    free(*place);
    *place = copy;
    return NULL;
}

struct err *session_set(struct session *session, struct slice name, struct slice value)
{
    struct err *err = NULL;
    uint32_t at = 0;

    while (at < session->setting_count && !slice_equal(slice_text(session->settings[at].name), name)) {
        at++;
    }
    if (at == SESSION_SETTINGS_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "a session keeps at most %u settings", SESSION_SETTINGS_MAX);
    }
    if (at == session->setting_count) {
        struct session_setting *grown = realloc(session->settings, (at + 1) * sizeof(*grown));
        if (grown == NULL) {
            return err_oom();
        }
        session->settings = grown;
        grown[at] = (struct session_setting){strndup(name.data, name.length), NULL};
        if (grown[at].name == NULL) {
            return err_oom();
        }
        err = replace(&grown[at].value, value);
        if (err != NULL) {
            free(grown[at].name);
            return err;
        }
        session->setting_count++;
        return NULL;
    }
    return replace(&session->settings[at].value, value);
}

struct err *session_use(struct session *session, struct slice database)
{
    return replace(&session->database, database);
}

struct slice session_setting(const struct session *session, struct slice name)
{
    for (uint32_t i = 0; i < session->setting_count; i++) {
        if (slice_equal(slice_text(session->settings[i].name), name)) {
            return slice_text(session->settings[i].value);
        }
    }
    return (struct slice){0};
}

struct err *session_apply(const struct session *session, struct settings *settings)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < session->setting_count; i++) {
        OR_DONE(settings_set(settings, slice_text(session->settings[i].name), slice_text(session->settings[i].value)));
    }
done:
    return err;
}

struct err *session_set_roles(struct session *session, const struct slice *roles, uint32_t count)
{
    char **own = roles == NULL ? NULL : calloc((size_t)count + 1, sizeof(*own));
    uint32_t made = 0;
    while (own != NULL && made < count && (own[made] = strndup(roles[made].data, roles[made].length)) != NULL) {
        made++;
    }
    forget_roles(session);
    session->roles = own;
    session->role_count = made;
    return roles != NULL && (own == NULL || made < count) ? err_oom() : NULL;
}

struct err *session_apply_roles(const struct session *session, struct access_session **access)
{
    struct slice *roles = session->roles == NULL ? NULL : calloc((size_t)session->role_count + 1, sizeof(*roles));
    if (session->roles == NULL) {
        return NULL;
    }
    if (roles == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < session->role_count; i++) {
        roles[i] = slice_text(session->roles[i]);
    }
    struct err *err = access_session_keep_roles(access, roles, session->role_count);
    free(roles);
    return err;
}

struct slice session_database(const struct session *session)
{
    return session->database == NULL ? (struct slice){0} : slice_text(session->database);
}

/* ---- tables */

bool session_has_tables(const struct session *session)
{
    return session->tables != NULL;
}

struct temporary *session_table(const struct session *session, struct slice name)
{
    struct temporary *temporary = session->tables;
    while (temporary != NULL && !slice_equal(slice_text(temporary->def->name), name)) {
        temporary = temporary->next;
    }
    return temporary;
}

void session_drop_table(struct session *session, struct temporary *temporary)
{
    struct temporary **place = &session->tables;
    while (*place != temporary) {
        place = &(*place)->next;
    }
    *place = temporary->next;
    session->table_count--;
    temporary_destroy(temporary);
}

struct err *session_create_table(struct session *session, const struct table_def *def, bool if_not_exists,
                                 bool or_replace, struct temporary **out, bool *created)
{
    struct err *err = NULL;
    struct temporary *old = session_table(session, slice_text(def->name));

    *created = false;
    if (old != NULL && !or_replace) {
        *out = old;
        return if_not_exists ? NULL : err_new(ERR_TABLE_EXISTS, "Temporary table %s already exists", def->name);
    }
    if (session->table_count == SESSION_TABLES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "a session has at most %u temporary tables", SESSION_TABLES_MAX);
    }
    OR_DONE(temporary_create(session->budget, def, out));
    if (old != NULL) {
        session_drop_table(session, old);
    }
    (*out)->next = session->tables;
    session->tables = *out;
    session->table_count++;
    *created = true;
done:
    return err;
}

void session_each_table(const struct session *session, void (*visit)(void *user, struct temporary *temporary),
                        void *user)
{
    for (struct temporary *temporary = session->tables; temporary != NULL; temporary = temporary->next) {
        visit(user, temporary);
    }
}
