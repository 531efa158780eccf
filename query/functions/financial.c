/*
 * financial.c: present values of cash flows, and the rates at which they are 0: financialNetPresentValue and
 * financialInternalRateOfReturn, of even periods or (…Extended) of dates.
 *
 * how      a rate is looked for by Newton's steps from a guess, kept between LOWEST_RATE and HIGHEST_RATE; where they
 *          lead nowhere, by halves of that range if the value's sign differs at its ends; NaN where there is none
 * errors   ERR_ARGUMENT_TYPE: another type than floats and signed integers, empty flows, dates of another count
 * source   ClickHouse decides the sums' order, the steps and the limits, so that digits agree
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

#include <float.h>
#include <math.h>

#define LOWEST_RATE  (-0.999999)
#define HIGHEST_RATE 100.0
#define STEPS_MAX    100U
#define VALUE_MAX    1e-6 /* of the flows at a rate that is taken for theirs */

enum financial { OF_VALUE = 0, OF_RATE = 1, OF_DATES = 2 };

struct flows {
    const double *values;
    const int32_t *days; /* NULL: a period apart each */
    uint32_t count;
    bool later;  /* the first one is a period away too */
    double year; /* days in one */
};

static double sum_of(const struct flows *flows)
{
    double sum = 0;
    for (uint32_t i = 0; i < flows->count; i++) {
        sum += flows->values[i];
    }
    return sum;
}

static double years(const struct flows *flows, uint32_t i)
{
    return (double)(flows->days[i] - flows->days[0]) / flows->year;
}

static double value_at(const struct flows *flows, double rate)
{
    double sum = 0;
    if (flows->days == NULL && rate == 0) {
        return sum_of(flows);
    }
    if (rate <= -1) {
        return INFINITY;
    }
    if (flows->days != NULL) {
        for (uint32_t i = 0; i < flows->count; i++) {
            double time = years(flows, i);
            sum += time == 0 ? flows->values[i] : flows->values[i] / pow(1 + rate, time);
        }
        return sum;
    }
    double growth = 1 + rate, factor = flows->later ? growth : 1;
    for (uint32_t i = 0; i < flows->count; i++) {
        sum += flows->values[i] / factor;
        factor *= growth;
    }
    return sum;
}

/* How the value changes with the rate. */
static double slope_at(const struct flows *flows, double rate)
{
    double sum = 0;
    if (rate <= -1) {
        return flows->days != NULL ? INFINITY : NAN;
    }
    if (flows->days != NULL) {
        for (uint32_t i = 0; i < flows->count; i++) {
            double time = years(flows, i);
            sum -= time == 0 ? 0 : flows->values[i] * time / pow(1 + rate, time + 1);
        }
        return sum;
    }
    double factor = 1 + rate;
    for (uint32_t i = 1; i < flows->count; i++) {
        factor *= 1 + rate;
        sum += -flows->values[i] * i / factor;
    }
    return sum;
}

static int sign_of(double number)
{
    return (number > 0) - (number < 0);
}

/* Where the slope is 0: half the way to the end that the last step points to, or back if the sign has changed. */
static double step_without_slope(const struct flows *flows, double *last, double now, double step, double rate,
                                 double lowest, double highest)
{
    if (*last == 0) {
        double other = rate == lowest ? highest : lowest;
        *last = value_at(flows, other);
        step = other - rate;
    }
    bool crossed = sign_of(*last) * sign_of(now) < 0;
    return (step < 0) == crossed ? (rate - lowest) / 2 : (rate - highest) / 2;
}

/* false: there is no root between what the steps have been to. */
static bool newton(const struct flows *flows, double guess, double *out)
{
    double lowest = LOWEST_RATE, highest = HIGHEST_RATE;
    double low_value = 0, high_value = 0, now = 0;
    double rate = guess, step = DBL_MAX, step1 = DBL_MAX;
    uint32_t left = STEPS_MAX;
    do {
        double last = now, step2 = step1;
        step1 = step;
        now = value_at(flows, rate);
        double slope = slope_at(flows, rate);
        left--;
        if (now == 0) {
            break;
        }
        step = slope == 0 ? step_without_slope(flows, &last, now, step, rate, lowest, highest) : now / slope;
        if (fabs(step * 2) > fabs(step2)) { /* not nearer than two steps ago: halves */
            double half = step > 0 ? (rate - lowest) / 2 : (rate - highest) / 2;
            step = rate != 0 && fabs(half) > fabs(rate) ? sign_of(step) * fabs(rate) * (double)1.1F : half;
            step1 = 3 * step;
        }
        guess = rate;
        rate -= step;
        if (rate <= lowest || rate >= highest) {
            step = 0.5 * (guess - (rate <= lowest ? lowest : highest));
            rate = guess - step;
            if (rate == lowest || rate == highest) {
                break;
            }
        }
        if (step > 0) {
            highest = guess;
            high_value = now;
        } else {
            lowest = guess;
            low_value = now;
        }
        if (high_value * low_value > 0) {
            return false;
        }
    } while (left > 0 && fabs(ldexp(rate, 1 - 49)) < fabs(step));
    *out = rate;
    return true;
}

static double rate_of(const struct flows *flows, double guess)
{
    double rate;
    if (!newton(flows, guess, &rate)) {
        return NAN;
    }
    if (rate >= LOWEST_RATE && rate <= HIGHEST_RATE && fabs(value_at(flows, rate)) < VALUE_MAX) {
        return rate;
    }
    double low = LOWEST_RATE, high = HIGHEST_RATE;
    double low_value = value_at(flows, low);
    if (!(low_value * value_at(flows, high) < 0)) {
        return NAN;
    }
    for (uint32_t i = 0; i < STEPS_MAX; i++) {
        double middle = low + (high - low) / 2;
        double value = value_at(flows, middle);
        if (value == 0 || middle == low || middle == high) {
            return middle;
        }
        if ((value < 0) == (low_value < 0)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool has_rate(const struct flows *flows)
{
    bool gains = false, losses = false;
    for (uint32_t i = 0; i < flows->count; i++) {
        gains |= flows->values[i] > 0 || (flows->days != NULL && isnan(flows->values[i]));
        losses |= flows->values[i] < 0 || (flows->days != NULL && isnan(flows->values[i]));
        if (flows->days != NULL && i > 0 && flows->days[i] <= flows->days[i - 1]) {
            return false;
        }
    }
    return flows->count > 1 && (flows->days != NULL ? gains || losses : gains && losses);
}

struct financial_plan {
    uint32_t flows, days, rate; /* arguments; UINT32_MAX: none */
    uint32_t later;
    double year;
};

static struct err *evaluate_financial(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct financial_plan *plan = function->data;
    bool of_rate = plan->flows == 0;
    struct arrays values = arrays_of(arguments[plan->flows]), days = {0};
    const struct column *numbers = column_numbers(arena, values.items, TYPE_FLOAT64);
    const struct column *dates = NULL, *rates = NULL, *later = NULL;
    struct column *made;
    uint64_t steps = 0;

    if (numbers == NULL || (numbers = column_flat(arena, numbers)) == NULL) {
        return arena_error(arena);
    }
    if (plan->days != UINT32_MAX) {
        days = arrays_of(arguments[plan->days]);
        dates = column_numbers(arena, days.items, TYPE_INT32);
        dates = dates == NULL ? NULL : column_flat(arena, dates);
        if (dates == NULL) {
            return arena_error(arena);
        }
    }
    if (plan->rate != UINT32_MAX) {
        rates = column_numbers(arena, arguments[plan->rate], TYPE_FLOAT64);
    }
    if (plan->later != UINT32_MAX) {
        later = column_numbers(arena, arguments[plan->later], TYPE_UINT8);
    }
    if ((rates == NULL && plan->rate != UINT32_MAX) || (later == NULL && plan->later != UINT32_MAX)) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct flows flows = {.values = (const double *)numbers->values + array_begin(&values, i),
                              .count = array_length(&values, i),
                              .later = later != NULL && VALUE_AT(later, uint8_t, i) == 0,
                              .year = plan->year};
        double rate = rates == NULL ? 0.1 : VALUE_AT(rates, double, i);
        OR_DONE(interrupt_steps(&steps, (uint64_t)flows.count * (of_rate ? STEPS_MAX * 100U : 100U)));
        if (dates != NULL) {
            flows.days = (const int32_t *)dates->values + array_begin(&days, i);
            if (array_length(&days, i) != flows.count) {
                return err_new(ERR_ARGUMENT_TYPE, "function %s: a row has %u cash flows and %u dates", function->name,
                               flows.count, array_length(&days, i));
            }
        } else if (!of_rate && flows.count == 0) {
            return err_new(ERR_ARGUMENT_TYPE, "function %s: the array of cash flows must not be empty", function->name);
        }
        ((double *)made->values)[i] = !of_rate           ? value_at(&flows, rate)
                                      : has_rate(&flows) ? rate_of(&flows, rate)
                                                         : NAN;
    }
    *out = made;
done:
    return err;
}

static struct err *check_financial(const struct function_bind *bind, const struct financial_plan *plan)
{
    const struct type *flows = bind->arguments[plan->flows].type;
    const struct type *item = flows->kind == TYPE_ARRAY ? flows->children[0] : flows;
    bool fits = flows->kind == TYPE_ARRAY && !item->nullable && item->width <= 8 && item->kind != TYPE_BOOL &&
                (type_is_float(item) || (type_is_integer(item) && type_is_signed(item)));
    if (plan->rate < bind->count && !type_is_float(bind->arguments[plan->rate].type)) {
        return argument_error(bind, plan->rate, "a Float32 or Float64 is needed");
    }
    if (!fits) {
        return argument_error(bind, plan->flows, "an array of floats or signed integers is needed");
    }
    if (plan->days != UINT32_MAX) {
        const struct type *days = bind->arguments[plan->days].type;
        if (days->kind != TYPE_ARRAY || days->children[0]->nullable ||
            (days->children[0]->kind != TYPE_DATE && days->children[0]->kind != TYPE_DATE32)) {
            return argument_error(bind, plan->days, "an array of Date or Date32 is needed");
        }
    }
    return NULL;
}

static struct err *resolve_financial(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    bool of_rate = (bind->tag & OF_RATE) != 0, of_dates = (bind->tag & OF_DATES) != 0;
    struct financial_plan *plan = ARENA_NEW(bind->arena, struct financial_plan);
    if (plan == NULL) {
        return arena_error(bind->arena);
    }
    uint32_t rate = of_rate ? 1U + of_dates : 0, last = 2U + of_dates;
    *plan = (struct financial_plan){.flows = of_rate ? 0 : 1,
                                    .days = of_dates ? (of_rate ? 1U : 2U) : UINT32_MAX,
                                    .rate = rate < bind->count ? rate : UINT32_MAX,
                                    .later = UINT32_MAX,
                                    .year = 365};
    OR_DONE(check_financial(bind, plan));
    if (of_rate && plan->rate != UINT32_MAX && bind->arguments[rate].constant == NULL) {
        return argument_error(bind, rate, "a constant is needed");
    }
    if (last < bind->count && !of_dates && !of_rate) {
        if (bind->arguments[last].type->kind != TYPE_BOOL) {
            return argument_error(bind, last, "a Bool is needed");
        }
        plan->later = last;
    }
    last = 3;
    if (of_dates && last < bind->count) {
        struct slice name;
        if (bind->arguments[last].type->kind != TYPE_STRING || bind->arguments[last].constant == NULL) {
            return argument_error(bind, last, "a constant String is needed");
        }
        OR_DONE(argument_constant_text(bind, last, &name));
        plan->year = slice_equal(name, slice_text("ACT_365_25")) ? 365.25 : 365;
        if (plan->year == 365 && !slice_equal(name, slice_text("ACT_365F"))) {
            return argument_error(bind, last, "ACT_365F or ACT_365_25 is needed");
        }
    }
    out->inner = type_simple(TYPE_FLOAT64);
    out->evaluate = evaluate_financial;
    out->data = plan;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"financialNetPresentValue", false, 2, 3, FUNCTION_CAN_FAIL, resolve_financial, OF_VALUE},
    {"financialNetPresentValueExtended", false, 3, 4, FUNCTION_CAN_FAIL, resolve_financial, OF_VALUE | OF_DATES},
    {"financialInternalRateOfReturn", false, 1, 2, 0, resolve_financial, OF_RATE},
    {"financialInternalRateOfReturnExtended", false, 2, 4, FUNCTION_CAN_FAIL, resolve_financial, OF_RATE | OF_DATES},
};
const struct function_group functions_financial = GROUP_WITHOUT_ALIASES(definitions);
