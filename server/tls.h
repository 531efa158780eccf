/*
 * tls.h: the server's certificate, and TLS with it: for HTTPS (libmicrohttpd asks GnuTLS) and for the native protocol.
 *
 * files    tls_certificate, tls_key and tls_client_ca (PEM) are read at the start and when they have changed since; what
 *          cannot be used then is told in the log, and the old ones stay
 * clients  with tls_client_ca a client needs a certificate that one of these authorities gave it; users log in all the
 *          same
 * version  TLS 1.2 and 1.3, forward-secret key exchange, authenticated ciphers; no resumption, no renegotiation
 * thread   any; one in a process, as GnuTLS's callbacks know of nothing else
 */
#ifndef SERVER_TLS_H
#define SERVER_TLS_H

#include "base/err.h"
#include "server/config.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>

struct tls;

#define TLS_PRIORITIES                                                                                                 \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-MAC-ALL:+AEAD:-RSA:-DHE-RSA:-DHE-DSS:%SERVER_PRECEDENCE"
/* From a connection's beginning to its first request. */
#define TLS_HELLO_US_MAX ((uint64_t)10 * 1000000)

/* NULL when no key of the configuration asks for TLS. Errors say what to do. */
struct err *tls_start(const struct config *config, struct tls **out);
void tls_stop(struct tls *tls); /* accepts NULL */
/* Reads the files again if they have changed; at once: whatever they are. Called every second or so by one thread.
 * Accepts NULL. */
void tls_refresh(struct tls *tls, bool at_once);

/* For GnuTLS (MHD_OPTION_HTTPS_CERT_CALLBACK2): the certificate as it is now, copied; and what the session wants of its
 * client. */
int tls_certificate(gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **chain,
                    unsigned int *chain_length, gnutls_ocsp_data_st **ocsp, unsigned int *ocsp_length,
                    gnutls_privkey_t *key, unsigned int *flags);
/* A server's session on a socket that does not block; the caller deinits it. */
struct err *tls_session_create(struct tls *tls, int descriptor, gnutls_session_t *out);

#endif
