/*
 * websocket.h: WebSocket's handshake and frames, the server's side.
 *
 * reader   takes bytes as they come and gives whole messages and control frames. A message has at most
 *          WEBSOCKET_MESSAGE_MAX bytes, whatever its frames are; nothing is allocated for a length on the wire.
 * errors   end the connection: websocket_next says with which code it is to be closed
 * source   RFC 6455
 * thread   pure functions; a reader: one at a time
 */
#ifndef SERVER_WEBSOCKET_H
#define SERVER_WEBSOCKET_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define WEBSOCKET_MESSAGE_MAX ((size_t)1 << 20)
#define WEBSOCKET_HEAD_MAX    10U
#define WEBSOCKET_ACCEPT_MAX  32U

enum websocket_code {
    WEBSOCKET_NORMAL = 1000,
    WEBSOCKET_GOING_AWAY = 1001,
    WEBSOCKET_PROTOCOL = 1002,
    WEBSOCKET_NOT_TEXT = 1003,
    WEBSOCKET_NO_CODE = 1005, /* never sent */
    WEBSOCKET_NOT_UTF8 = 1007,
    WEBSOCKET_POLICY = 1008,
    WEBSOCKET_TOO_BIG = 1009,
    WEBSOCKET_INTERNAL = 1011,
};

enum websocket_opcode {
    WEBSOCKET_TEXT = 1,
    WEBSOCKET_BINARY = 2,
    WEBSOCKET_CLOSE = 8,
    WEBSOCKET_PING = 9,
    WEBSOCKET_PONG = 10
};

struct websocket_reader {
    struct buffer in; /* what came and is not taken yet */
    size_t taken;
    struct buffer message; /* of frames before the last */
    bool in_message;
    bool whole; /* message was given: it goes with the next call */
};

enum websocket_event {
    WEBSOCKET_MORE,    /* bytes are needed */
    WEBSOCKET_MESSAGE, /* a text: payload */
    WEBSOCKET_PINGED,  /* payload comes back in a pong */
    WEBSOCKET_CLOSED,  /* the client closes, with *code */
    WEBSOCKET_BROKEN,  /* close it with *code */
};

/* False: memory is out. */
bool websocket_feed(struct websocket_reader *reader, struct slice bytes);
/* The next event; payload is valid until the next call. After CLOSED and BROKEN nothing more may be asked. */
enum websocket_event websocket_next(struct websocket_reader *reader, struct slice *payload, enum websocket_code *code);
void websocket_reader_deinit(struct websocket_reader *reader);

/* The head of an unmasked, final frame; returns its length. */
size_t websocket_head(enum websocket_opcode opcode, size_t payload_bytes, char to[WEBSOCKET_HEAD_MAX]);
/* Sec-WebSocket-Accept for a client's Sec-WebSocket-Key. False: the key is none. */
bool websocket_accept(struct slice key, char out[WEBSOCKET_ACCEPT_MAX]);

#endif
