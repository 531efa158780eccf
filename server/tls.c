/*
 * tls.c: certificate, key and authorities from their files, kept current; sessions get a copy of what is current.
 *
 * states   An identity is what the files held at one time: immutable, counted. A file that is being written is not read:
 *          it must look the same twice.
 * lock     tls->lock (LOCK_TLS): which identity is current
 * thread   any; tls_refresh: one
 */
#include "server/tls.h"

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

METRIC_GAUGE(expiry, "weir_tls_certificate_expiry_timestamp_seconds",
             "when the server's certificate expires; 0: no TLS");
METRIC_COUNTER(loaded, "weir_tls_certificate_loads_total", "times that certificate and key were read");
METRIC_COUNTER(failed, "weir_tls_certificate_failed_loads_total", "times that changed files could not be used");

#define FILE_BYTES_MAX      ((size_t)4 << 20)
#define CHAIN_MAX           16U
#define HANDSHAKE_BYTES_MAX ((size_t)64 << 10) /* one message of it; a client's chain of certificates */
#define WARN_BEFORE_S       (14 * 86400)

/* What the files held. */
struct identity {
    _Atomic uint32_t references;
    gnutls_x509_crt_t chain[CHAIN_MAX];
    unsigned int chain_length;
    gnutls_x509_privkey_t key;
    gnutls_x509_trust_list_t authorities; /* NULL: clients need no certificate */
    time_t expires_s;
};

/* What says that a file is another one; zeros: it is not there. */
struct look {
    struct {
        dev_t device;
        ino_t inode;
        off_t bytes;
        struct timespec changed;
    } files[3];
};

struct tls {
    char certificate[512], key[512], client_ca[512];
    gnutls_certificate_credentials_t credentials; /* of native sessions: hold only the callback */
    gnutls_priority_t priorities;
    struct lock lock;
    struct identity *identity;
    struct look read, seen; /* when it was read; at the last look */
};

static struct tls *running; /* the process's; set before the first session, cleared after the last */

static void identity_unref(struct identity *identity)
{
    if (identity == NULL || atomic_fetch_sub_explicit(&identity->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (unsigned int i = 0; i < identity->chain_length; i++) {
        gnutls_x509_crt_deinit(identity->chain[i]);
    }
    if (identity->key != NULL) {
        gnutls_x509_privkey_deinit(identity->key);
    }
    if (identity->authorities != NULL) {
        gnutls_x509_trust_list_deinit(identity->authorities, 1);
    }
    free(identity);
}

static struct identity *identity_current(struct tls *tls)
{
    lock_take(&tls->lock);
    struct identity *identity = tls->identity;
    atomic_fetch_add_explicit(&identity->references, 1, memory_order_relaxed);
    lock_give(&tls->lock);
    return identity;
}

/* ---- files */

static struct err *read_file(const char *key, const char *path, struct buffer *out)
{
    struct err *err = NULL;
    ssize_t count = 1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return err_errno(ERR_BAD_ARGUMENTS, errno, "%s: opening \"%s\"; it must be a PEM file that the server may read",
                         key, path);
    }
    while (err == NULL && count != 0) {
        if (out->length > FILE_BYTES_MAX) {
            err = err_new(ERR_BAD_ARGUMENTS, "%s: \"%s\" has more than %zu bytes: it is no PEM file", key, path,
                          FILE_BYTES_MAX);
        } else if (!buffer_reserve(out, 4096)) {
            err = err_oom();
        } else if ((count = read(file, out->data + out->length, 4096)) > 0) {
            out->length += (size_t)count;
        } else if (count < 0 && errno != EINTR) {
            err = err_errno(ERR_BAD_ARGUMENTS, errno, "%s: reading \"%s\"", key, path);
        }
    }
    (void)close(file);
    return err;
}

static gnutls_datum_t datum_of(const struct buffer *buffer)
{
    return (gnutls_datum_t){.data = (unsigned char *)buffer->data, .size = (unsigned int)buffer->length};
}

static struct err *read_chain(const struct tls *tls, struct identity *identity)
{
    struct err *err = NULL;
    struct buffer text = {0};
    unsigned int count = CHAIN_MAX;
    OR_DONE(read_file("tls_certificate", tls->certificate, &text));
    gnutls_datum_t pem = datum_of(&text);
    int result =
        gnutls_x509_crt_list_import(identity->chain, &count, &pem, GNUTLS_X509_FMT_PEM,
                                    GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED | GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
    if (result == GNUTLS_E_CERTIFICATE_LIST_UNSORTED) {
        err =
            err_new(ERR_BAD_ARGUMENTS,
                    "tls_certificate: the certificates of \"%s\" are not in order; the server's own comes first, each "
                    "next one is its issuer's",
                    tls->certificate);
    } else if (result <= 0) {
        err = err_new(ERR_BAD_ARGUMENTS,
                      "tls_certificate: \"%s\" holds no certificate in PEM (-----BEGIN CERTIFICATE-----): %s",
                      tls->certificate, gnutls_strerror(result));
    } else {
        identity->chain_length = (unsigned int)result;
        identity->expires_s = gnutls_x509_crt_get_expiration_time(identity->chain[0]);
    }
done:
    buffer_deinit(&text);
    return err;
}

static struct err *read_key(const struct tls *tls, struct identity *identity)
{
    struct err *err = NULL;
    struct buffer text = {0};
    OR_DONE(read_file("tls_key", tls->key, &text));
    gnutls_datum_t pem = datum_of(&text);
    if (gnutls_x509_privkey_init(&identity->key) < 0) {
        identity->key = NULL;
        err = err_oom();
        goto done;
    }
    int result = gnutls_x509_privkey_import2(identity->key, &pem, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
    bool encrypted = text.length > 0 && memmem(text.data, text.length, "ENCRYPTED", 9) != NULL;
    if (result < 0 && encrypted) {
        err =
            err_new(ERR_BAD_ARGUMENTS,
                    "tls_key: \"%s\" is encrypted with a password, and nobody is there to type it; decrypt it (openssl "
                    "pkey -in … -out …) and let the server alone read it",
                    tls->key);
    } else if (result < 0) {
        err =
            err_new(ERR_BAD_ARGUMENTS, "tls_key: \"%s\" holds no private key in PEM (-----BEGIN PRIVATE KEY-----): %s",
                    tls->key, gnutls_strerror(result));
    }
done:
    if (text.data != NULL) {
        gnutls_memset(text.data, 0, text.capacity);
    }
    buffer_deinit(&text);
    return err;
}

static struct err *check_pair(const struct tls *tls, const struct identity *identity)
{
    unsigned char of_certificate[64], of_key[64];
    size_t bytes = sizeof(of_certificate), key_bytes = sizeof(of_key);
    int result = gnutls_x509_crt_get_key_id(identity->chain[0], GNUTLS_KEYID_USE_SHA256, of_certificate, &bytes);
    if (result >= 0) {
        result = gnutls_x509_privkey_get_key_id(identity->key, GNUTLS_KEYID_USE_SHA256, of_key, &key_bytes);
    }
    if (result < 0 || bytes != key_bytes || memcmp(of_certificate, of_key, bytes) != 0) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "tls_key: \"%s\" is not the key of the first certificate in tls_certificate \"%s\"", tls->key,
                       tls->certificate);
    }
    return NULL;
}

static struct err *read_authorities(const struct tls *tls, struct identity *identity)
{
    struct err *err = NULL;
    struct buffer text = {0};
    if (tls->client_ca[0] == 0) {
        return NULL;
    }
    OR_DONE(read_file("tls_client_ca", tls->client_ca, &text));
    gnutls_datum_t pem = datum_of(&text);
    if (gnutls_x509_trust_list_init(&identity->authorities, 0) < 0) {
        identity->authorities = NULL;
        err = err_oom();
        goto done;
    }
    int count = gnutls_x509_trust_list_add_trust_mem(identity->authorities, &pem, NULL, GNUTLS_X509_FMT_PEM, 0, 0);
    if (count <= 0) {
        err = err_new(ERR_BAD_ARGUMENTS,
                      "tls_client_ca: \"%s\" holds no certificate in PEM (-----BEGIN CERTIFICATE-----): %s",
                      tls->client_ca, gnutls_strerror(count));
    }
done:
    buffer_deinit(&text);
    return err;
}

static void tell_expiry(const struct tls *tls, time_t expires_s)
{
    int64_t left_s = (int64_t)expires_s - clock_wall_us() / 1000000;
    if (left_s < WARN_BEFORE_S) {
        LOG_WARNING(left_s < 0 ? "the TLS certificate has expired" : "the TLS certificate expires soon",
                    LOG_TEXT("file", tls->certificate), LOG_INT("days", left_s / 86400));
    }
}

static struct err *load(struct tls *tls)
{
    struct err *err = NULL;
    struct identity *identity = calloc(1, sizeof(*identity));
    if (identity == NULL) {
        return err_oom();
    }
    atomic_init(&identity->references, 1);
    OR_DONE(read_chain(tls, identity));
    OR_DONE(read_key(tls, identity));
    OR_DONE(check_pair(tls, identity));
    OR_DONE(read_authorities(tls, identity));
    metric_add(&metric_loaded, 1);
    metric_change(&metric_expiry,
                  (int64_t)identity->expires_s - (int64_t)(tls->identity == NULL ? 0 : tls->identity->expires_s));
    tell_expiry(tls, identity->expires_s);
    lock_take(&tls->lock);
    struct identity *old = tls->identity;
    tls->identity = identity;
    lock_give(&tls->lock);
    identity = old;
done:
    identity_unref(identity);
    return err;
}

static struct look look_at(const struct tls *tls)
{
    struct look look;
    const char *const paths[] = {tls->certificate, tls->key, tls->client_ca};
    memset(&look, 0, sizeof(look));
    for (size_t k = 0; k < sizeof(paths) / sizeof(paths[0]); k++) {
        struct stat status;
        if (paths[k][0] != 0 && stat(paths[k], &status) == 0) {
            look.files[k].device = status.st_dev;
            look.files[k].inode = status.st_ino;
            look.files[k].bytes = status.st_size;
            look.files[k].changed = status.st_mtim;
        }
    }
    return look;
}

void tls_refresh(struct tls *tls, bool at_once)
{
    if (tls == NULL) {
        return;
    }
    const struct look look = look_at(tls);
    bool stands = memcmp(&look, &tls->seen, sizeof(look)) == 0;
    tls->seen = look;
    if (!at_once && (memcmp(&look, &tls->read, sizeof(look)) == 0 || !stands)) {
        return;
    }
    tls->read = look;
    struct err *err = load(tls);
    if (err != NULL) {
        metric_add(&metric_failed, 1);
        LOG_ERROR("the TLS certificate stays as it was: the new one cannot be used", LOG_ERR(err));
        err_free(err);
    } else {
        LOG_INFO("TLS certificate read", LOG_TEXT("file", tls->certificate));
    }
}

/* ---- start */

static struct err *check_config(const struct config *config)
{
    bool has_certificate = config->tls_certificate[0] != 0, has_key = config->tls_key[0] != 0;
    bool listens = config->https_port != 0 || config->native_secure_port != 0;
    if (listens && !(has_certificate && has_key)) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "https_port and native_secure_port need tls_certificate and tls_key; %s is missing",
                       !has_certificate ? "tls_certificate" : "tls_key");
    }
    if (!listens && (has_certificate || has_key || config->tls_client_ca[0] != 0)) {
        return err_new(ERR_BAD_ARGUMENTS, "tls_certificate, tls_key and tls_client_ca are for https_port and "
                                          "native_secure_port, and both are 0; set one of them");
    }
    return NULL;
}

struct err *tls_start(const struct config *config, struct tls **out)
{
    struct err *err = check_config(config);
    if (err != NULL || (config->https_port == 0 && config->native_secure_port == 0)) {
        return err;
    }
    struct tls *tls = calloc(1, sizeof(*tls));
    if (tls == NULL) {
        return err_oom();
    }
    lock_init(&tls->lock, LOCK_TLS);
    memcpy(tls->certificate, config->tls_certificate, sizeof(tls->certificate));
    memcpy(tls->key, config->tls_key, sizeof(tls->key));
    memcpy(tls->client_ca, config->tls_client_ca, sizeof(tls->client_ca));
    if (gnutls_certificate_allocate_credentials(&tls->credentials) < 0 ||
        gnutls_priority_init(&tls->priorities, TLS_PRIORITIES, NULL) < 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "GnuTLS %s cannot start", gnutls_check_version(NULL));
        goto done;
    }
    gnutls_certificate_set_retrieve_function3(tls->credentials, tls_certificate);
    tls->read = tls->seen = look_at(tls);
    OR_DONE(load(tls));
    ASSERT(running == NULL);
    running = *out = tls;
    tls = NULL;
done:
    tls_stop(tls);
    return err;
}

void tls_stop(struct tls *tls)
{
    if (tls == NULL) {
        return;
    }
    if (running == tls) {
        running = NULL;
        metric_change(&metric_expiry, -(int64_t)tls->identity->expires_s);
    }
    if (tls->credentials != NULL) {
        gnutls_certificate_free_credentials(tls->credentials);
    }
    if (tls->priorities != NULL) {
        gnutls_priority_deinit(tls->priorities);
    }
    identity_unref(tls->identity);
    lock_deinit(&tls->lock);
    free(tls);
}

/* ---- sessions */

/* Was the client's certificate given by one of the authorities? */
static int verify_client(gnutls_session_t session)
{
    struct identity *identity = identity_current(running);
    gnutls_x509_crt_t chain[CHAIN_MAX];
    unsigned int count = 0, made = 0, status = 1;
    const gnutls_datum_t *raw = gnutls_certificate_get_peers(session, &count);
    gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (void *)GNUTLS_KP_TLS_WWW_CLIENT};
    while (raw != NULL && made < count && made < CHAIN_MAX && gnutls_x509_crt_init(&chain[made]) >= 0) {
        made++;
        if (gnutls_x509_crt_import(chain[made - 1], &raw[made - 1], GNUTLS_X509_FMT_DER) < 0) {
            count = 0; /* it is none */
        }
    }
    if (made == 0 || made != count || identity->authorities == NULL ||
        gnutls_x509_trust_list_verify_crt2(identity->authorities, chain, made, &purpose, 1, 0, &status, NULL) < 0) {
        status = 1;
    }
    while (made > 0) {
        gnutls_x509_crt_deinit(chain[--made]);
    }
    identity_unref(identity);
    return status == 0 ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
}

/* What GnuTLS frees with the session. */
static bool copy_identity(const struct identity *identity, gnutls_pcert_st **chain, unsigned int *chain_length,
                          gnutls_privkey_t *key)
{
    unsigned int made = 0;
    *chain = gnutls_calloc(identity->chain_length, sizeof(**chain));
    while (*chain != NULL && made < identity->chain_length &&
           gnutls_pcert_import_x509(&(*chain)[made], identity->chain[made], 0) >= 0) {
        made++;
    }
    if (made == identity->chain_length && gnutls_privkey_init(key) >= 0) {
        if (gnutls_privkey_import_x509(*key, identity->key, GNUTLS_PRIVKEY_IMPORT_COPY) >= 0) {
            *chain_length = made;
            return true;
        }
        gnutls_privkey_deinit(*key);
    }
    while (*chain != NULL && made > 0) {
        gnutls_pcert_deinit(&(*chain)[--made]);
    }
    gnutls_free(*chain);
    return false;
}

int tls_certificate(gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **chain,
                    unsigned int *chain_length, gnutls_ocsp_data_st **ocsp, unsigned int *ocsp_length,
                    gnutls_privkey_t *key, unsigned int *flags)
{
    (void)info;
    struct identity *identity = identity_current(running);
    bool fine = copy_identity(identity, chain, chain_length, key);
    if (identity->authorities != NULL) {
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_function(session, verify_client);
    }
    gnutls_handshake_set_max_packet_length(session, HANDSHAKE_BYTES_MAX);
    identity_unref(identity);
    *ocsp = NULL;
    *ocsp_length = 0;
    *flags = GNUTLS_CERT_RETR_DEINIT_ALL;
    return fine ? 0 : -1;
}

struct err *tls_session_create(struct tls *tls, int descriptor, gnutls_session_t *out)
{
    gnutls_session_t session;
    if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS) < 0) {
        return err_oom();
    }
    if (gnutls_priority_set(session, tls->priorities) < 0 ||
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, tls->credentials) < 0) {
        gnutls_deinit(session);
        return err_oom();
    }
    gnutls_handshake_set_max_packet_length(session, HANDSHAKE_BYTES_MAX);
    gnutls_transport_set_int(session, descriptor);
    *out = session;
    return NULL;
}
