/*
 * weir_client.c: requests and replies over libcurl.
 *
 * flow     client/shell.c, client/batch.c → here → server's HTTP interface
 * errors   a reply with another status than 200 is kept (at most ERROR_BYTES_MAX) and becomes the error's message; so
 *          does what follows "\r\n__exception__\r\n<tag>\r\n" behind rows: docs/HTTP.md, X-ClickHouse-Exception-Tag
 */
#include "client/weir_client.h"

#include "base/number.h"
#include "base/text.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>

#define ERROR_BYTES_MAX ((size_t)64 << 10)
#define TAG_BYTES_MAX   32U
#define TICK_MS         100

struct weir_client {
    CURL *curl;
    CURLM *multi; /* the one handle is in it while a request runs, so that something can be done meanwhile */
    struct curl_slist *headers;
    char *base_url;
    char *database;
    char *ca, *certificate, *key; /* or NULL */
    bool secure, accepts_invalid;
    char curl_error[CURL_ERROR_SIZE];
};

/* One request in flight. */
struct exchange {
    struct weir_client *client;
    const struct weir_query *query;
    struct weir_reply *reply;
    struct buffer error;
    uint64_t code;   /* X-ClickHouse-Exception-Code */
    bool stopped;    /* by the sink */
    char marker[64]; /* begins an exception behind rows: its tag is in a header */
    size_t marker_length;
    struct buffer held; /* of the reply: maybe the marker's beginning */
    bool failed;        /* the marker came */
};

static char *copy_of(const char *text, bool *failed)
{
    char *copy = text == NULL ? NULL : strdup(text);
    *failed |= text != NULL && copy == NULL;
    return copy;
}

struct err *weir_client_open(const struct weir_client_options *options, struct weir_client **out)
{
    struct err *err = NULL;
    struct weir_client *client = calloc(1, sizeof(*client));
    struct buffer text = {0};
    const char *host = options->host != NULL ? options->host : "127.0.0.1";
    bool bare_ipv6 = strchr(host, ':') != NULL && host[0] != '[', failed = false;

    if (client == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        err = err_oom();
        goto done;
    }
    buffer_printf(&text, "%s://%s%s%s:%u/?", options->secure ? "https" : "http", bare_ipv6 ? "[" : "", host,
                  bare_ipv6 ? "]" : "",
                  options->port != 0 ? options->port
                  : options->secure  ? 8443U
                                     : 8123U);
    buffer_char(&text, 0);
    client->base_url = text.failed ? NULL : strdup(text.data);
    client->database = copy_of(options->database, &failed);
    client->secure = options->secure;
    client->accepts_invalid = options->accept_invalid_certificate;
    client->ca = copy_of(options->ca, &failed);
    client->certificate = copy_of(options->certificate, &failed);
    client->key = copy_of(options->key, &failed);
    client->curl = curl_easy_init();
    client->multi = curl_multi_init();
    if (options->user != NULL) {
        text.length = 0;
        buffer_printf(&text, "X-ClickHouse-User: %s", options->user);
        buffer_char(&text, 0);
        client->headers = text.failed ? NULL : curl_slist_append(client->headers, text.data);
    }
    if (options->password != NULL && *options->password != 0) {
        text.length = 0;
        buffer_printf(&text, "X-ClickHouse-Key: %s", options->password);
        buffer_char(&text, 0);
        client->headers = text.failed ? client->headers : curl_slist_append(client->headers, text.data);
    }
    client->headers = curl_slist_append(client->headers, "Expect:"); /* no round trip before the body */
    if (client->base_url == NULL || client->curl == NULL || client->multi == NULL || client->headers == NULL ||
        failed) {
        err = err_oom();
        goto done;
    }
    *out = client;
    client = NULL;
done:
    buffer_deinit(&text);
    weir_client_close(client);
    return err;
}

void weir_client_close(struct weir_client *client)
{
    if (client != NULL) {
        curl_slist_free_all(client->headers);
        curl_easy_cleanup(client->curl);
        (void)curl_multi_cleanup(client->multi);
        free(client->base_url);
        free(client->database);
        free(client->ca);
        free(client->certificate);
        free(client->key);
        free(client);
    }
}

struct err *weir_client_use(struct weir_client *client, const char *database)
{
    char *copy = strdup(database);
    if (copy == NULL) {
        return err_oom();
    }
    free(client->database);
    client->database = copy;
    return NULL;
}

/* ---- what libcurl calls */

/* How many bytes at the end of the text the marker may begin with. */
static size_t begun(const struct exchange *exchange, struct slice text)
{
    size_t most = exchange->marker_length - 1 < text.length ? exchange->marker_length - 1 : text.length;
    while (most > 0 && memcmp(text.data + text.length - most, exchange->marker, most) != 0) {
        most--;
    }
    return most;
}

static bool give(struct exchange *exchange, struct slice bytes)
{
    const struct weir_query *query = exchange->query;
    return bytes.length == 0 || query->sink == NULL || query->sink(query->user, bytes.data, bytes.length);
}

/* What belongs to an exception goes to `error`; what may be the beginning of its marker waits. False: the sink stops. */
static bool split_reply(struct exchange *exchange, struct slice bytes)
{
    bool went_on = true;
    if (exchange->marker_length == 0) {
        return give(exchange, bytes);
    }
    if (exchange->failed) {
        size_t room = ERROR_BYTES_MAX - exchange->error.length;
        buffer_append(&exchange->error, bytes.data, bytes.length < room ? bytes.length : room);
        return true;
    }
    struct buffer both = {0};
    if (exchange->held.length > 0) {
        buffer_slice(&both, buffer_all(&exchange->held));
        buffer_slice(&both, bytes);
        exchange->held.length = 0;
        bytes = buffer_all(&both);
    }
    const char *found = memmem(bytes.data, bytes.length, exchange->marker, exchange->marker_length);
    size_t rows = found != NULL ? (size_t)(found - bytes.data) : bytes.length - begun(exchange, bytes);
    went_on = !both.failed && give(exchange, slice_of(bytes.data, rows));
    if (found != NULL) {
        exchange->failed = true;
        rows += exchange->marker_length;
    }
    struct slice rest = slice_of(bytes.data + rows, bytes.length - rows);
    buffer_slice(found != NULL ? &exchange->error : &exchange->held, rest);
    buffer_deinit(&both);
    return went_on;
}

static size_t take_reply(char *data, size_t size, size_t count, void *user)
{
    struct exchange *exchange = user;
    size_t bytes = size * count;
    long status = 0;
    (void)curl_easy_getinfo(exchange->client->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        size_t room = ERROR_BYTES_MAX - exchange->error.length;
        buffer_append(&exchange->error, data, bytes < room ? bytes : room);
        return bytes;
    }
    if (!split_reply(exchange, slice_of(data, bytes))) {
        exchange->stopped = true;
        return 0;
    }
    return bytes;
}

static size_t give_body(char *to, size_t size, size_t count, void *user)
{
    struct exchange *exchange = user;
    size_t bytes = exchange->query->body(exchange->query->user, to, size * count);
    return bytes == WEIR_BODY_FAILED ? CURL_READFUNC_ABORT : bytes;
}

/* "name":"123" within a header's JSON. */
static uint64_t summary_number(struct slice text, const char *name)
{
    char key[64];
    uint64_t value = 0;
    size_t length = (size_t)snprintf(key, sizeof(key), "\"%s\":", name);
    const char *found = memmem(text.data, text.length, key, length), *end = text.data + text.length;
    if (found == NULL) {
        return 0;
    }
    found += length;
    while (found < end && (*found == '"' || *found == ' ')) {
        found++;
    }
    for (; found < end && *found >= '0' && *found <= '9'; found++) {
        value = value * 10 + (uint64_t)(*found - '0');
    }
    return value;
}

static bool header_value(struct slice line, const char *name, struct slice *value)
{
    size_t length = strlen(name);
    if (line.length <= length || strncasecmp(line.data, name, length) != 0 || line.data[length] != ':') {
        return false;
    }
    *value = slice_of(line.data + length + 1, line.length - length - 1);
    while (value->length > 0 && (value->data[0] == ' ' || value->data[0] == '\t')) {
        *value = slice_of(value->data + 1, value->length - 1);
    }
    while (value->length > 0 && (unsigned char)value->data[value->length - 1] <= ' ') {
        value->length--;
    }
    return true;
}

static size_t take_header(char *data, size_t size, size_t count, void *user)
{
    struct exchange *exchange = user;
    struct slice line = slice_of(data, size * count), value;
    if (header_value(line, "X-ClickHouse-Exception-Code", &value)) {
        (void)number_parse_u64(value, &exchange->code);
    } else if (header_value(line, "X-ClickHouse-Exception-Tag", &value) && value.length <= TAG_BYTES_MAX) {
        exchange->marker_length = (size_t)snprintf(exchange->marker, sizeof(exchange->marker),
                                                   "\r\n__exception__\r\n%.*s\r\n", SLICE_ARG(value));
    } else if (header_value(line, "X-ClickHouse-Summary", &value)) {
        exchange->reply->rows_read = summary_number(value, "read_rows");
        exchange->reply->bytes_read = summary_number(value, "read_bytes");
        exchange->reply->rows_written = summary_number(value, "written_rows");
        exchange->reply->rows_result = summary_number(value, "result_rows");
        exchange->reply->server_seconds = (double)summary_number(value, "elapsed_ns") / 1e9;
    }
    return size * count;
}

static bool is_cancelled(const struct exchange *exchange)
{
    return exchange->query->cancel != NULL && *exchange->query->cancel != 0;
}

static int look_at_cancel(void *user, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return is_cancelled(user);
}

/* ---- a query */

static void add_parameter(struct weir_client *client, struct buffer *url, const char *name, struct slice value)
{
    char *escaped = value.length > INT32_MAX
                        ? NULL
                        : curl_easy_escape(client->curl, value.length == 0 ? "" : value.data, (int)value.length);
    char *escaped_name = curl_easy_escape(client->curl, name, 0);
    if (escaped_name == NULL || (escaped == NULL && value.length > 0)) {
        url->failed = true;
    } else {
        if (url->length > 0 && url->data[url->length - 1] != '?') {
            buffer_char(url, '&');
        }
        buffer_text(url, escaped_name);
        buffer_char(url, '=');
        buffer_text(url, escaped == NULL ? "" : escaped);
    }
    curl_free(escaped);
    curl_free(escaped_name);
}

static bool make_url(struct weir_client *client, const struct weir_query *query, struct buffer *url)
{
    buffer_text(url, client->base_url);
    if (client->database != NULL) {
        add_parameter(client, url, "database", slice_text(client->database));
    }
    if (query->default_format != NULL) {
        add_parameter(client, url, "default_format", slice_text(query->default_format));
    }
    for (uint32_t k = 0; k < query->parameter_count; k++) {
        add_parameter(client, url, query->parameters[k].name, slice_text(query->parameters[k].value));
    }
    if (query->body != NULL) {
        add_parameter(client, url, "query", query->text);
    }
    buffer_char(url, 0);
    return !url->failed;
}

static void set_tls(const struct weir_client *client)
{
    CURL *curl = client->curl;
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2); /* or newer */
    if (client->accepts_invalid) {
        (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (client->ca != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, client->ca);
    }
    if (client->certificate != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_SSLCERT, client->certificate);
    }
    if (client->key != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_SSLKEY, client->key);
    }
}

static void set_options(struct exchange *exchange, const char *url)
{
    CURL *curl = exchange->client->curl;
    const struct weir_query *query = exchange->query;
    curl_easy_reset(curl); /* keeps the connection */
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, exchange->client->headers);
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->client->curl_error);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_reply);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_at_cancel);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
    set_tls(exchange->client);
    if (query->body != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
        (void)curl_easy_setopt(curl, CURLOPT_READDATA, exchange);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)-1); /* chunked */
    } else {
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, query->text.length == 0 ? "" : query->text.data);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)query->text.length);
    }
}

static struct err *server_error(const struct exchange *exchange, long status)
{
    struct slice text = buffer_all(&exchange->error);
    while (text.length > 0 && (unsigned char)text.data[text.length - 1] <= ' ') {
        text.length--;
    }
    enum err_code code = exchange->code > 0 && exchange->code < INT32_MAX ? (enum err_code)exchange->code : ERR_ABORTED;
    if (text.length == 0) {
        return err_new(code, "the server answered with status %ld and no message", status);
    }
    return err_new(code, "%.*s", SLICE_ARG(text));
}

/* The server's message behind rows: "Code: 395. DB::Exception: …", then its length and the tag. */
static struct err *late_error(struct exchange *exchange)
{
    struct buffer *text = &exchange->error;
    static const char begin[] = "Code: ";
    const char *tag = exchange->marker + sizeof("\r\n__exception__\r\n") - 1;
    size_t tag_length = exchange->marker_length - (size_t)(tag - exchange->marker) - 2;
    const char *end = text->length == 0 ? NULL : memmem(text->data, text->length, tag, tag_length);
    struct slice number;
    if (end != NULL) {
        while (end > text->data && end[-1] != '\n') {
            end--;
        }
        text->length = (size_t)(end - text->data);
    }
    size_t digits = sizeof(begin) - 1;
    while (text->length > digits && text->data[digits] >= '0' && text->data[digits] <= '9') {
        digits++;
    }
    if (text->length >= sizeof(begin) && memcmp(text->data, begin, sizeof(begin) - 1) == 0) {
        number = slice_of(text->data + sizeof(begin) - 1, digits - (sizeof(begin) - 1));
        (void)number_parse_u64(number, &exchange->code);
    }
    return server_error(exchange, 200);
}

static CURLcode perform(const struct exchange *exchange)
{
    struct weir_client *client = exchange->client;
    CURLcode result = CURLE_OUT_OF_MEMORY;
    int running = 1, left;
    if (curl_multi_add_handle(client->multi, client->curl) != CURLM_OK) {
        return result;
    }
    while (curl_multi_perform(client->multi, &running) == CURLM_OK && running > 0) {
        if (is_cancelled(exchange)) {
            result = CURLE_ABORTED_BY_CALLBACK;
            break;
        }
        if (curl_multi_poll(client->multi, NULL, 0, TICK_MS, NULL) != CURLM_OK) {
            break;
        }
        if (exchange->query->tick != NULL) {
            exchange->query->tick(exchange->query->tick_user);
        }
    }
    const CURLMsg *message = running > 0 ? NULL : curl_multi_info_read(client->multi, &left);
    if (message != NULL && message->msg == CURLMSG_DONE) {
        result = message->data.result;
    }
    (void)curl_multi_remove_handle(client->multi, client->curl);
    return result;
}

/* What may help whom nobody answers. */
static const char *advice(const struct weir_client *client, CURLcode result)
{
    switch (result) {
    case CURLE_PEER_FAILED_VERIFICATION:
        return "; --ca FILE names an authority to trust, --accept-invalid-certificate trusts anybody";
    case CURLE_SSL_CONNECT_ERROR:
        return "; does this port speak TLS, and does the server ask for a certificate (--certificate, --key)?";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
        return client->secure ? "" : "; a port that speaks TLS needs --secure";
    default:
        return "";
    }
}

struct err *weir_client_query(struct weir_client *client, const struct weir_query *query, struct weir_reply *reply)
{
    struct err *err = NULL;
    struct buffer url = {0};
    struct exchange exchange = {.client = client, .query = query, .reply = reply};
    long status = 0;

    *reply = (struct weir_reply){0};
    client->curl_error[0] = 0;
    if (!make_url(client, query, &url)) {
        err = err_oom();
        goto done;
    }
    set_options(&exchange, url.data);
    CURLcode result = perform(&exchange);
    (void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(client->curl, CURLINFO_TOTAL_TIME, &reply->elapsed_seconds);
    const char *why = client->curl_error[0] != 0 ? client->curl_error : curl_easy_strerror(result);
    if (status != 0 && status != 200) {
        err = server_error(&exchange, status);
    } else if (result == CURLE_ABORTED_BY_CALLBACK) {
        err = err_new(ERR_QUERY_CANCELLED, "the query was cancelled");
    } else if (exchange.failed) {
        err = late_error(&exchange);
    } else if (result == CURLE_OK && !give(&exchange, buffer_all(&exchange.held))) {
        exchange.stopped = true;
    } else if (result == CURLE_OK || exchange.stopped) {
        err = NULL;
    } else if (status == 0) {
        err = err_new(ERR_CANNOT_CONNECT, "no answer from %.*s: %s%s", (int)(strlen(client->base_url) - 1),
                      client->base_url, why, advice(client, result));
    } else {
        err = err_new(ERR_CLIENT_GONE, "the reply broke off before its end: %s", why);
    }
done:
    buffer_deinit(&url);
    buffer_deinit(&exchange.error);
    buffer_deinit(&exchange.held);
    return err;
}
