/*
 * bind_window.h: what the binder's files about windows share.
 */
#ifndef SQL_BIND_WINDOW_H
#define SQL_BIND_WINDOW_H

#include "sql/binder.h"

/* A window with what it took from the window that it stands on. */
struct window_definition {
    const struct expression **partition; /* without constants */
    uint32_t partition_count;
    struct plan_sort_key *order;
    uint32_t order_count;
    bool has_frame; /* written, not the default */
    struct frame frame;
};

/* OVER (…), or OVER name when window is NULL. */
struct err *bind_window(struct binder *binder, struct scope *scope, const struct ast *call,
                        struct window_definition *window);

#endif
