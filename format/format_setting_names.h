/*
 * format_setting_names.h: settings of formats that ClickHouse has and nothing here looks at.
 */
#ifndef FORMAT_FORMAT_SETTING_NAMES_H
#define FORMAT_FORMAT_SETTING_NAMES_H

#include "base/slice.h"

#include <stdbool.h>

/* It is about formats that are refused, about guesses of types, or about speed: any value will do. */
bool format_setting_is_ignored(struct slice name);
/* It would change what is read or written: it can be no other than *fallback. */
bool format_setting_is_fixed(struct slice name, const char **fallback);

#endif
