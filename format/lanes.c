/*
 * lanes.c: the columns of a chunk for writers of text; numbers and times straight into the output.
 */
#include "format/lanes.h"

#include "base/civil.h"
#include "base/number.h"

static enum lane_kind kind_of(const struct writer *writer, const struct type *type)
{
    switch ((int)type->kind) {
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
        return LANE_NUMBER;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        return LANE_FLOAT;
    case TYPE_DATETIME:
    case TYPE_DATETIME64:
        return writer->style.times == TIME_SIMPLE ? LANE_TIME : LANE_OTHER;
    case TYPE_STRING:
        return type->view == TYPE_VIEW_NONE ? LANE_TEXT : LANE_OTHER;
    default:
        return LANE_OTHER;
    }
}

struct lane *lanes_of(struct writer *writer, const struct chunk *chunk)
{
    if (writer->lanes == NULL) {
        writer->lanes = ARENA_ARRAY(writer->arena, struct lane, chunk->column_count + 1U);
        if (writer->lanes == NULL) {
            writer->out->failed = true;
            return NULL;
        }
        memset(writer->lanes, 0, (chunk->column_count + 1U) * sizeof(*writer->lanes));
    }
    for (uint32_t k = 0; k < chunk->column_count; k++) {
        struct lane *lane = &writer->lanes[k];
        const struct column *column = chunk->columns[k];
        const struct column *flat = column->form == COLUMN_DICT ? column->dictionary : column;
        lane->column = column;
        lane->type = column->type;
        lane->values = flat->values;
        lane->nulls = flat->nulls;
        lane->codes = column->form == COLUMN_DICT ? column->codes : NULL;
        lane->step = column->form == COLUMN_CONST ? 0 : 1;
        lane->kind = kind_of(writer, column->type);
        lane->zone = column->type->zone != NULL ? column->type->zone : writer->style.zone;
        lane->offset_end = lane->offset_begin = 0; /* nothing is known */
        lane->day = INT64_MIN;
    }
    return writer->lanes;
}

static void two(char *to, uint32_t value)
{
    to[0] = (char)('0' + value / 10);
    to[1] = (char)('0' + value % 10);
}

/* "2024-01-31 12:34:56.789"; a value in the same day and with the same offset as the one before costs little. */
static size_t print_time(struct lane *lane, int64_t ticks, uint32_t scale, char *to)
{
    int64_t factor = value_scale(scale), seconds = ticks / factor, fraction = ticks % factor;
    if (fraction < 0) {
        seconds--;
        fraction += factor;
    }
    if (seconds < lane->offset_begin || seconds >= lane->offset_end) {
        lane->offset = timezone_offset_range(lane->zone, seconds, &lane->offset_begin, &lane->offset_end);
    }
    int64_t local = civil_clamp_seconds(seconds + lane->offset), day = local / 86400 - (local % 86400 < 0);
    uint32_t rest = (uint32_t)(local - day * 86400);
    if (day != lane->day) {
        struct civil civil = civil_of_days((int32_t)day);
        two(lane->day_text, (uint32_t)civil.year / 100 % 100);
        two(lane->day_text + 2, (uint32_t)civil.year % 100);
        lane->day_text[4] = '-';
        two(lane->day_text + 5, civil.month);
        lane->day_text[7] = '-';
        two(lane->day_text + 8, civil.day);
        lane->day_text[10] = ' ';
        lane->day = day;
    }
    memcpy(to, lane->day_text, 16);
    two(to + 11, rest / 3600);
    to[13] = ':';
    two(to + 14, rest / 60 % 60);
    to[16] = ':';
    two(to + 17, rest % 60);
    if (scale == 0) {
        return 19;
    }
    to[19] = '.';
    for (uint32_t k = scale; k-- > 0; fraction /= 10) {
        to[20 + k] = (char)('0' + fraction % 10);
    }
    return 20 + scale;
}

void lane_print(struct lane *lane, struct buffer *out, size_t place)
{
    char *to = lane_room(out, VALUE_TEXT_MAX);
    if (to == NULL) {
        return;
    }
    const void *values = lane->values;
    switch ((int)lane->type->kind) {
    case TYPE_UINT8:
        out->length += number_print_u64(((const uint8_t *)values)[place], to);
        break;
    case TYPE_UINT16:
        out->length += number_print_u64(((const uint16_t *)values)[place], to);
        break;
    case TYPE_UINT32:
        out->length += number_print_u64(((const uint32_t *)values)[place], to);
        break;
    case TYPE_UINT64:
        out->length += number_print_u64(((const uint64_t *)values)[place], to);
        break;
    case TYPE_INT8:
        out->length += number_print_i64(((const int8_t *)values)[place], to);
        break;
    case TYPE_INT16:
        out->length += number_print_i64(((const int16_t *)values)[place], to);
        break;
    case TYPE_INT32:
        out->length += number_print_i64(((const int32_t *)values)[place], to);
        break;
    case TYPE_INT64:
        out->length += number_print_i64(((const int64_t *)values)[place], to);
        break;
    case TYPE_FLOAT32:
        out->length += number_print_float(((const float *)values)[place], to);
        break;
    case TYPE_FLOAT64:
        out->length += number_print_double(((const double *)values)[place], to);
        break;
    case TYPE_DATETIME:
        out->length += print_time(lane, ((const uint32_t *)values)[place], 0, to);
        break;
    case TYPE_DATETIME64:
        out->length += print_time(lane, ((const int64_t *)values)[place], lane->type->scale, to);
        break;
    default:
        ASSERT(false);
    }
}
