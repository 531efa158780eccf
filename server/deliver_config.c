/*
 * deliver_config.c: who is notified: the keys alertmanager, alert_webhook and alert_file, and the section `alerting` of the file.
 *
 *   alerting:
 *     external_url: https://weir.example
 *     external_labels: {region: eu}
 *     resend_delay: 1m
 *     receivers:
 *       - name: team
 *         webhook: https://hooks.example/alerts     # or alertmanager: URL, file: PATH ("-": the standard output)
 *         secret: …                                 # signs: X-Weir-Signature
 *         bearer: …                                 # or user: and password:
 *         ca_file: /etc/ssl/own-ca.pem
 *         timeout: 10s
 */
#include "alert/duration.h"
#include "server/config.h"
#include "server/deliver.h"
#include "server/yaml_file.h"

#include <stdio.h>

struct reading {
    struct deliver_config *out;
    const char *path;
    yaml_document_t *document;
};

static struct err *refuse(const struct reading *reading, const yaml_node_t *node, const char *what, struct slice word)
{
    return err_new(ERR_BAD_ARGUMENTS, "%s, line %zu: %s%s%.*s%s", reading->path, node->start_mark.line + 1, what,
                   word.length > 0 ? " \"" : "", SLICE_ARG(slice_cut(word, 80)), word.length > 0 ? "\"" : "");
}

static yaml_node_t *node_at(const struct reading *reading, int index)
{
    return yaml_document_get_node(reading->document, index);
}

static struct err *scalar(const struct reading *reading, const yaml_node_t *node, struct slice *out)
{
    if (node->type != YAML_SCALAR_NODE) {
        return refuse(reading, node, "a value must stand here", (struct slice){0});
    }
    *out = slice_of((const char *)node->data.scalar.value, node->data.scalar.length);
    return NULL;
}

static struct err *text(const struct reading *reading, const yaml_node_t *node, const char **out)
{
    struct slice value = {0};
    struct err *err = scalar(reading, node, &value);
    if (err != NULL) {
        return err;
    }
    if (memchr(value.length == 0 ? "" : value.data, 0, value.length) != NULL ||
        memchr(value.length == 0 ? "" : value.data, '\n', value.length) != NULL) {
        return refuse(reading, node, "a value of one line must stand here", (struct slice){0});
    }
    *out = arena_text(reading->out->arena, value);
    return *out == NULL ? arena_error(reading->out->arena) : NULL;
}

static struct err *duration(const struct reading *reading, const yaml_node_t *node, int64_t *out)
{
    struct slice value = {0};
    struct err *err = scalar(reading, node, &value);
    if (err == NULL && (!duration_parse(value, out) || *out < 1000 || *out > INT64_C(86400000000))) {
        err = refuse(reading, node, "a duration from 1ms to 1d must stand here, such as 10s; not", value);
    }
    return err;
}

static bool has_scheme(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

/* Enters a receiver; a name that is taken, or a URL that is none, is an error. */
static struct err *add(struct deliver_config *out, const struct receiver_config *receiver, const char *where)
{
    if (receiver->kind != RECEIVER_FILE && !has_scheme(receiver->url)) {
        return err_new(ERR_BAD_ARGUMENTS, "%s: the URL of the receiver \"%s\" must begin with http:// or https://",
                       where, receiver->name);
    }
    for (uint32_t k = 0; k < out->count; k++) {
        if (strcmp(out->receivers[k].name, receiver->name) == 0) {
            return err_new(ERR_BAD_ARGUMENTS, "%s: there are two receivers of the name \"%s\"", where, receiver->name);
        }
    }
    if (out->count == DELIVER_RECEIVERS_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "%s: there are more than %u receivers of alerts", where,
                       DELIVER_RECEIVERS_MAX);
    }
    out->receivers[out->count++] = *receiver;
    return NULL;
}

static struct err *read_receiver(const struct reading *reading, const yaml_node_t *node)
{
    struct err *err = NULL;
    char where[1200];
    int64_t timeout_us = (int64_t)DELIVER_TIMEOUT_US;
    struct receiver_config receiver = {
        .name = "", .url = "", .secret = "", .bearer = "", .user = "", .password = "", .ca_file = ""};
    const struct {
        const char *key;
        const char **to;
    } keys[] = {{"name", &receiver.name},        {"secret", &receiver.secret},     {"bearer", &receiver.bearer},
                {"user", &receiver.user},        {"password", &receiver.password}, {"ca_file", &receiver.ca_file},
                {"alertmanager", &receiver.url}, {"webhook", &receiver.url},       {"file", &receiver.url}};
    uint32_t kinds = 0;
    (void)snprintf(where, sizeof(where), "%s, line %zu", reading->path, node->start_mark.line + 1);
    if (node->type != YAML_MAPPING_NODE) {
        return refuse(reading, node, "a receiver must stand here: name and one of alertmanager, webhook, file",
                      (struct slice){0});
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        struct slice key = {0};
        size_t k = 0;
        OR_DONE(scalar(reading, node_at(reading, pair->key), &key));
        if (slice_equal(key, slice_text("timeout"))) {
            OR_DONE(duration(reading, node_at(reading, pair->value), &timeout_us));
            continue;
        }
        while (k < 9 && !slice_equal(key, slice_text(keys[k].key))) {
            k++;
        }
        if (k == 9) {
            return refuse(reading, node_at(reading, pair->key), "a receiver has no key", key);
        }
        if (k >= 6) {
            receiver.kind = (enum receiver_kind)(k - 6);
            kinds++;
        }
        OR_DONE(text(reading, node_at(reading, pair->value), keys[k].to));
    }
    if (receiver.name[0] == 0 || kinds != 1 || receiver.url[0] == 0) {
        return refuse(reading, node, "a receiver needs a name and one of alertmanager, webhook, file",
                      (struct slice){0});
    }
    receiver.timeout_us = (uint64_t)timeout_us;
    err = add(reading->out, &receiver, where);
done:
    return err;
}

static struct err *read_labels(const struct reading *reading, const yaml_node_t *node)
{
    struct err *err = NULL;
    struct labels *labels = &reading->out->external_labels;
    if (node->type != YAML_MAPPING_NODE) {
        return refuse(reading, node, "labels must stand here: name: value", (struct slice){0});
    }
    size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    labels->items = ARENA_ARRAY(reading->out->arena, struct label, count == 0 ? 1 : count);
    if (labels->items == NULL) {
        return arena_error(reading->out->arena);
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        struct label *label = &labels->items[labels->count];
        const char *name = "", *value = "";
        OR_DONE(text(reading, node_at(reading, pair->key), &name));
        OR_DONE(text(reading, node_at(reading, pair->value), &value));
        *label = (struct label){slice_text(name), slice_text(value)};
        if (!label_name_is_valid(label->name)) {
            return refuse(reading, node_at(reading, pair->key), "no label can have the name", label->name);
        }
        labels->count++;
    }
    if (!labels_sort(labels, NULL)) {
        return refuse(reading, node, "a label stands there twice", (struct slice){0});
    }
done:
    return err;
}

static struct err *read_section(const struct reading *reading, const yaml_node_t *node)
{
    struct err *err = NULL;
    if (node->type != YAML_MAPPING_NODE) {
        return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0
                   ? NULL
                   : refuse(reading, node, "alerting holds keys", (struct slice){0});
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *value = node_at(reading, pair->value);
        const char *url = "";
        struct slice key = {0};
        OR_DONE(scalar(reading, node_at(reading, pair->key), &key));
        if (slice_equal(key, slice_text("external_url"))) {
            OR_DONE(text(reading, value, &url));
            reading->out->external_url = slice_text(url);
        } else if (slice_equal(key, slice_text("resend_delay"))) {
            OR_DONE(duration(reading, value, &reading->out->resend_us));
        } else if (slice_equal(key, slice_text("external_labels"))) {
            OR_DONE(read_labels(reading, value));
        } else if (!slice_equal(key, slice_text("receivers"))) {
            return refuse(reading, node_at(reading, pair->key), "alerting has no key", key);
        } else if (value->type != YAML_SEQUENCE_NODE) {
            return refuse(reading, value, "receivers is a list", (struct slice){0});
        } else {
            for (const yaml_node_item_t *item = value->data.sequence.items.start; item < value->data.sequence.items.top;
                 item++) {
                OR_DONE(read_receiver(reading, node_at(reading, *item)));
            }
        }
    }
done:
    return err;
}

static struct err *read_document(struct reading *reading)
{
    const yaml_node_t *root = yaml_document_get_root_node(reading->document);
    if (root == NULL || root->type != YAML_MAPPING_NODE) {
        return NULL; /* config.c said what is wrong with it */
    }
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        struct slice key = {0};
        struct err *err = scalar(reading, node_at(reading, pair->key), &key);
        if (err == NULL && slice_equal(key, slice_text("alerting"))) {
            err = read_section(reading, node_at(reading, pair->value));
        }
        if (err != NULL) {
            return err;
        }
    }
    return NULL;
}

static struct err *read_file(struct deliver_config *out, const char *path)
{
    yaml_document_t document;
    struct err *err = yaml_file_load(path, &document);
    if (err == NULL) {
        struct reading reading = {.out = out, .path = path, .document = &document};
        err = read_document(&reading);
        yaml_document_delete(&document);
    }
    return err;
}

/* "URL, URL": receivers that are named after their kind and number. */
static struct err *read_list(struct deliver_config *out, const char *list, enum receiver_kind kind, const char *key)
{
    struct err *err = NULL;
    uint32_t number = 0;
    for (const char *at = list; *at != 0;) {
        size_t length = strcspn(at, ", ");
        if (length > 0) {
            struct receiver_config receiver = {.kind = kind,
                                               .secret = "",
                                               .bearer = "",
                                               .user = "",
                                               .password = "",
                                               .ca_file = "",
                                               .timeout_us = DELIVER_TIMEOUT_US};
            receiver.url = arena_text(out->arena, slice_of(at, length));
            number++;
            receiver.name =
                number == 1 ? receiver_kinds[kind] : arena_format(out->arena, "%s%u", receiver_kinds[kind], number);
            if (receiver.url == NULL || receiver.name == NULL) {
                return arena_error(out->arena);
            }
            OR_DONE(add(out, &receiver, key));
        }
        at += length;
        at += *at != 0;
    }
done:
    return err;
}

struct err *deliver_config_read(const struct config *config, struct deliver_config *out)
{
    struct err *err = NULL;
    *out = (struct deliver_config){.arena = arena_create(NULL), .resend_us = DELIVER_RESEND_US};
    if (out->arena == NULL) {
        return err_oom();
    }
    out->receivers = ARENA_ARRAY(out->arena, struct receiver_config, DELIVER_RECEIVERS_MAX);
    if (out->receivers == NULL) {
        return arena_error(out->arena);
    }
    if (config->config_file[0] != 0) {
        OR_DONE(read_file(out, config->config_file));
    }
    OR_DONE(read_list(out, config->alertmanager, RECEIVER_ALERTMANAGER, "alertmanager"));
    OR_DONE(read_list(out, config->alert_webhook, RECEIVER_WEBHOOK, "alert_webhook"));
    OR_DONE(read_list(out, config->alert_file, RECEIVER_FILE, "alert_file"));
    if (config->external_url[0] != 0) {
        out->external_url = arena_slice(out->arena, slice_text(config->external_url));
        err = out->external_url.data == NULL ? arena_error(out->arena) : NULL;
    }
done:
    return err;
}

void deliver_config_deinit(struct deliver_config *config)
{
    arena_destroy(config->arena);
    *config = (struct deliver_config){0};
}
