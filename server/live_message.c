/*
 * live_message.c: what a client says on its WebSocket: subscribe, unsubscribe, ping.
 *
 * thread   `live`
 */
#include "server/live_private.h"

#include <jansson.h>

static void unsubscribe(struct live_viewer *viewer, const char *id)
{
    for (uint32_t i = 0; i < viewer->sub_count; i++) {
        if (viewer->subs[i] != NULL && strcmp(viewer->subs[i]->id, id) == 0) {
            live_sub_free(viewer->subs[i]);
            viewer->subs[i] = NULL;
            return;
        }
    }
    live_viewer_refuse(viewer, id, err_new(ERR_BAD_ARGUMENTS, "there is no subscription \"%.64s\"", id));
}

static void subscribe(struct live_viewer *viewer, const json_t *message, const char *id)
{
    struct live_wish *wish = NULL;
    struct err *err = live_wish_read(viewer->live, viewer->context, message, &wish);
    if (err == NULL) {
        err = live_sub_add(viewer, wish);
    }
    if (err != NULL) {
        live_viewer_refuse(viewer, id, err);
    }
    live_wish_free(wish);
}

void live_message(struct live_viewer *viewer, struct slice text)
{
    json_error_t problem;
    json_t *message = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &problem);
    const json_t *id_value = json_object_get(message, "id");
    const char *type = json_string_value(json_object_get(message, "type"));
    bool has_id = json_is_string(id_value) && json_string_length(id_value) <= LIVE_ID_MAX;
    const char *id = has_id ? json_string_value(id_value) : NULL;
    if (message == NULL) {
        live_viewer_refuse(viewer, NULL,
                           err_new(ERR_BAD_ARGUMENTS, "a message must be a JSON object: %s", problem.text));
    } else if (type != NULL && strcmp(type, "subscribe") == 0) {
        subscribe(viewer, message, id);
    } else if (type != NULL && strcmp(type, "unsubscribe") == 0) {
        unsubscribe(viewer, id == NULL ? "" : id);
    } else if (type != NULL && strcmp(type, "ping") == 0) {
        live_viewer_say(viewer, slice_text("{\"type\":\"pong\"}"));
    } else {
        live_viewer_refuse(viewer, id,
                           err_new(ERR_BAD_ARGUMENTS, "\"type\" of a message must be subscribe, unsubscribe or ping"));
    }
    json_decref(message);
}
