/*
 * native_packets.c: packets of the native protocol, field by field. See native_packets.h.
 *
 * source   ClickHouse's documentation, "Native protocol"; src/Core/Protocol.h and ProtocolDefines.h for the numbers
 */
#include "server/native_packets.h"

#include "format/binary.h"
#include "server/settings.h"

#define SERVER_NAME   "Weir"
#define VERSION_MAJOR 26U /* of the dialect, as version() has them */
#define VERSION_MINOR 7U
#define VERSION_PATCH 1U

#define INTERFACE_TCP  1U
#define INTERFACE_HTTP 2U

#define SETTING_IMPORTANT 1U
#define SETTING_CUSTOM    2U

/* ---- reading */

/* So many bytes more must be there. */
static bool want(struct packet_reader *reader, size_t bytes)
{
    if (reader->err != NULL || packet_short(reader)) {
        return false;
    }
    if (reader->bytes.length - reader->at < bytes) {
        reader->wanted = reader->at + bytes;
        return false;
    }
    return true;
}

uint64_t packet_number(struct packet_reader *reader)
{
    uint64_t number = 0;
    if (!want(reader, 1)) {
        return 0;
    }
    const char *at = reader->bytes.data + reader->at;
    size_t bytes = binary_take_length(at, slice_end(reader->bytes), &number);
    if (bytes == 0) {
        reader->wanted = reader->bytes.length + 1;
        return 0;
    }
    reader->at += bytes;
    return number;
}

uint8_t packet_byte(struct packet_reader *reader)
{
    return want(reader, 1) ? (uint8_t)reader->bytes.data[reader->at++] : 0;
}

void packet_skip(struct packet_reader *reader, size_t bytes)
{
    reader->at += want(reader, bytes) ? bytes : 0;
}

struct slice packet_text(struct packet_reader *reader, size_t bytes_max, const char *what)
{
    uint64_t length = packet_number(reader);
    if (reader->err == NULL && !packet_short(reader) && length > bytes_max) {
        reader->err = err_new(ERR_STRING_TOO_LARGE, "%s: %llu bytes, at most %zu are taken", what,
                              (unsigned long long)length, bytes_max);
    }
    if (!want(reader, (size_t)length)) {
        return slice_text("");
    }
    struct slice text = slice_of(reader->bytes.data + reader->at, (size_t)length);
    reader->at += (size_t)length;
    return text;
}

static struct slice name(struct packet_reader *reader, const char *what)
{
    return packet_text(reader, PACKET_NAME_BYTES_MAX, what);
}

void hello_packet_read(struct packet_reader *reader, struct hello_packet *out)
{
    out->client = name(reader, "the client's name");
    out->major = packet_number(reader);
    out->minor = packet_number(reader);
    out->revision = packet_number(reader);
    out->database = name(reader, "the database");
    out->user = name(reader, "the user's name");
    out->password = name(reader, "the password");
}

static void read_client(struct packet_reader *reader, uint32_t revision, struct query_packet *out)
{
    uint8_t kind = packet_byte(reader);
    if (kind == 0 || reader->err != NULL) {
        return; /* no query of a client: nothing is said of it */
    }
    (void)name(reader, "initial_user");
    (void)name(reader, "initial_query_id");
    (void)name(reader, "initial_address");
    packet_skip(reader, revision >= REVISION_QUERY_START ? 8 : 0);
    uint8_t interface = packet_byte(reader);
    if (interface == INTERFACE_TCP) {
        out->os_user = name(reader, "os_user");
        out->host = name(reader, "client_hostname");
        out->client = name(reader, "client_name");
        out->major = packet_number(reader);
        out->minor = packet_number(reader);
        out->revision = packet_number(reader);
    } else if (!packet_short(reader) && reader->err == NULL) {
        reader->err = err_new(ERR_UNEXPECTED_PACKET, "a query of the interface %u: only 1, TCP, is taken", interface);
    }
    out->quota_key = name(reader, "quota_key");
    if (revision >= REVISION_DISTRIBUTED_DEPTH) {
        (void)packet_number(reader);
    }
    out->patch = packet_number(reader);
    if (revision >= REVISION_TRACING && packet_byte(reader) != 0) {
        packet_skip(reader, 16 + 8);
        (void)name(reader, "tracestate");
        packet_skip(reader, 1);
    }
    for (uint32_t k = 0; k < 3 && revision >= REVISION_PARALLEL_REPLICAS; k++) {
        (void)packet_number(reader);
    }
}

/* 'text' with backslashes, as a field of ClickHouse's is dumped; what has no quotes stays as it is. */
static struct slice unquote(struct arena *arena, struct slice text)
{
    if (text.length < 2 || text.data[0] != '\'' || text.data[text.length - 1] != '\'') {
        return text;
    }
    char *out = arena_alloc(arena, text.length);
    size_t length = 0;
    for (size_t i = 1; out != NULL && i + 1 < text.length; i++) {
        char c = text.data[i];
        if (c == '\\' && i + 2 < text.length) {
            static const char from[] = "nrt0bfav", to[] = "\n\r\t\0\b\f\a\v";
            const char *known = strchr(from, text.data[++i]);
            c = known == NULL || *known == 0 ? text.data[i] : to[known - from];
        }
        out[length++] = c;
    }
    return out == NULL ? (struct slice){0} : slice_of(out, length);
}

/* Before REVISION_SETTINGS_AS_TEXT a value's form depends on the setting. */
static struct slice read_value_of(struct packet_reader *reader, struct arena *arena, struct slice setting)
{
    bool number;
    if (reader->err != NULL || packet_short(reader)) {
        return slice_text("");
    }
    if (!settings_wire_form(setting, &number)) {
        reader->err = err_new(ERR_UNKNOWN_SETTING, "Unknown setting '%.*s'", SLICE_ARG(setting));
        return slice_text("");
    }
    if (!number) {
        return packet_text(reader, PACKET_NAME_BYTES_MAX, "a setting's value");
    }
    char *text = arena_format(arena, "%llu", (unsigned long long)packet_number(reader));
    if (text == NULL) {
        reader->err = reader->err == NULL ? arena_error(arena) : reader->err;
        return slice_text("");
    }
    return slice_text(text);
}

/* Up to an empty name. */
static uint32_t read_settings(struct packet_reader *reader, bool as_text, bool parameters, struct arena *arena,
                              struct packet_setting **out)
{
    uint32_t count = 0;
    struct packet_setting *list = NULL;
    for (;;) {
        struct slice setting = name(reader, parameters ? "a parameter's name" : "a setting's name");
        if (reader->err != NULL || packet_short(reader) || setting.length == 0) {
            break;
        }
        if (count == PACKET_SETTINGS_MAX) {
            reader->err =
                err_new(ERR_BAD_ARGUMENTS, "more than %u settings or parameters; send fewer", PACKET_SETTINGS_MAX);
            break;
        }
        if (count % 16 == 0) {
            struct packet_setting *grown = ARENA_ARRAY(arena, struct packet_setting, count + 16);
            if (grown == NULL) {
                reader->err = arena_error(arena);
                break;
            }
            if (count > 0) {
                memcpy(grown, list, count * sizeof(*list));
            }
            list = grown;
        }
        uint64_t flags = as_text ? packet_number(reader) : SETTING_IMPORTANT;
        size_t most = parameters ? PACKET_TEXT_BYTES_MAX : PACKET_NAME_BYTES_MAX;
        struct slice value = as_text ? packet_text(reader, most, "a value") : read_value_of(reader, arena, setting);
        if (reader->err == NULL && !packet_short(reader) && (parameters || (flags & SETTING_CUSTOM) != 0)) {
            value = unquote(arena, value);
            reader->err = value.data == NULL ? arena_error(arena) : NULL;
        }
        list[count++] = (struct packet_setting){setting, value, (flags & SETTING_IMPORTANT) != 0};
    }
    *out = list;
    return count;
}

void query_packet_read(struct packet_reader *reader, uint32_t revision, struct arena *arena, struct query_packet *out)
{
    bool as_text = revision >= REVISION_SETTINGS_AS_TEXT;
    memset(out, 0, sizeof(*out));
    out->os_user = out->host = out->client = out->quota_key = slice_text("");
    out->id = name(reader, "query_id");
    read_client(reader, revision, out);
    out->setting_count = read_settings(reader, as_text, false, arena, &out->settings);
    if (revision >= REVISION_CLUSTER_SECRET) {
        (void)name(reader, "the secret of a cluster");
    }
    out->stage = packet_number(reader);
    out->compressed = packet_number(reader) != 0;
    out->text = packet_text(reader, PACKET_TEXT_BYTES_MAX, "the statement");
    if (revision >= REVISION_PARAMETERS) {
        out->parameter_count = read_settings(reader, true, true, arena, &out->parameters);
    }
}

/* ---- writing */

void packet_put_hello(struct buffer *out, const char *zone)
{
    buffer_char(out, SERVER_HELLO);
    binary_put_text(out, slice_text(SERVER_NAME));
    binary_put_length(out, VERSION_MAJOR);
    binary_put_length(out, VERSION_MINOR);
    binary_put_length(out, NATIVE_REVISION);
    binary_put_text(out, slice_text(zone));
    binary_put_text(out, slice_text("weir"));
    binary_put_length(out, VERSION_PATCH);
}

void packet_put_exception(struct buffer *out, enum err_code code, struct slice message)
{
    static const char prefix[] = "DB::Exception: ";
    int32_t number = (int32_t)code;
    buffer_char(out, SERVER_EXCEPTION);
    buffer_append(out, &number, sizeof(number));
    binary_put_text(out, slice_text("DB::Exception"));
    binary_put_length(out, sizeof(prefix) - 1 + message.length);
    buffer_text(out, prefix);
    buffer_slice(out, message);
    binary_put_text(out, slice_text("")); /* no stack trace */
    buffer_char(out, 0);                  /* and no other one inside */
}

void packet_put_progress(struct buffer *out, uint32_t revision, const struct packet_progress *progress)
{
    buffer_char(out, SERVER_PROGRESS);
    binary_put_length(out, progress->rows);
    binary_put_length(out, progress->bytes);
    binary_put_length(out, progress->rows_total);
    if (revision >= REVISION_WRITTEN_ROWS) {
        binary_put_length(out, progress->rows_written);
        binary_put_length(out, progress->bytes_written);
    }
    if (revision >= REVISION_ELAPSED) {
        binary_put_length(out, progress->elapsed_ns);
    }
}

void packet_put_profile(struct buffer *out, uint64_t rows, uint64_t blocks, uint64_t bytes,
                        const uint64_t *rows_before_limit)
{
    buffer_char(out, SERVER_PROFILE_INFO);
    binary_put_length(out, rows);
    binary_put_length(out, blocks);
    binary_put_length(out, bytes);
    buffer_char(out, rows_before_limit == NULL ? 0 : 1);
    binary_put_length(out, rows_before_limit == NULL ? 0 : *rows_before_limit);
    buffer_char(out, 1); /* it is computed: old clients compute it themselves else, of streams that are not theirs */
}

static void put_column(struct buffer *out, const char *name, const char *type)
{
    binary_put_text(out, slice_text(name));
    binary_put_text(out, slice_text(type));
    buffer_char(out, 0); /* laid out as usual */
}

/* A block of the format Native; it is never packed. */
void packet_put_events(struct buffer *out, const struct packet_event *events, uint32_t count, uint32_t now_s)
{
    static const char about[] = {1, 0, 2, -1, -1, -1, -1, 0};
    static const uint64_t no_thread = 0;
    buffer_char(out, SERVER_PROFILE_EVENTS);
    binary_put_text(out, slice_text(""));
    buffer_append(out, about, sizeof(about));
    binary_put_length(out, 6);
    binary_put_length(out, count);
    put_column(out, "host_name", "String");
    for (uint32_t k = 0; k < count; k++) {
        binary_put_text(out, slice_text("weir"));
    }
    put_column(out, "current_time", "DateTime");
    for (uint32_t k = 0; k < count; k++) {
        buffer_append(out, &now_s, sizeof(now_s));
    }
    put_column(out, "thread_id", "UInt64");
    for (uint32_t k = 0; k < count; k++) {
        buffer_append(out, &no_thread, sizeof(no_thread));
    }
    put_column(out, "type", "Enum8('increment' = 1, 'gauge' = 2)");
    for (uint32_t k = 0; k < count; k++) {
        buffer_char(out, 1);
    }
    put_column(out, "name", "String");
    for (uint32_t k = 0; k < count; k++) {
        binary_put_text(out, slice_text(events[k].name));
    }
    put_column(out, "value", "Int64");
    for (uint32_t k = 0; k < count; k++) {
        buffer_append(out, &events[k].count, sizeof(events[k].count));
    }
}
