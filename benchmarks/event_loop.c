/* The reference work as a bare event loop: seize and release, no more than that.
 *
 * Times are microseconds in int64. Events are taken in order of (time, case); a case has one event at a time:
 * its arrival, or the end of the step that it is in. Whoever finds no free server waits, first come first
 * served; whoever finds several takes the one with the lowest number.
 */
#include <stdint.h>
#include <stdlib.h>

typedef struct {
    int64_t time_us;
    int64_t number; /* the case */
} Event;

typedef struct {
    int64_t *free; /* a heap of the numbers of the free servers, lowest first */
    int64_t free_count;
    int64_t first, last; /* the cases that wait; -1: nobody */
} Station;

typedef struct {
    Event *events; /* a heap */
    int64_t event_count;
    Station *stations;
    int64_t *next; /* case -> the case that waits behind it */
    int64_t *step; /* case -> its step; -1: it has not arrived */
} Day;

static int before(Event one, Event other) {
    return one.time_us != other.time_us ? one.time_us < other.time_us : one.number < other.number;
}

static void push_event(Day *day, int64_t time_us, int64_t number) {
    Event event = {time_us, number};
    int64_t place = day->event_count++;
    while (place > 0 && before(event, day->events[(place - 1) / 2])) {
        day->events[place] = day->events[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    day->events[place] = event;
}

static Event pop_event(Day *day) {
    Event first = day->events[0], last = day->events[--day->event_count];
    int64_t place = 0, child;
    while ((child = 2 * place + 1) < day->event_count) {
        if (child + 1 < day->event_count && before(day->events[child + 1], day->events[child])) child++;
        if (!before(day->events[child], last)) break;
        day->events[place] = day->events[child];
        place = child;
    }
    day->events[place] = last;
    return first;
}

static void give_back(Station *at, int64_t server) {
    int64_t place = at->free_count++;
    while (place > 0 && server < at->free[(place - 1) / 2]) {
        at->free[place] = at->free[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    at->free[place] = server;
}

static int64_t take_free(Station *at) {
    int64_t lowest = at->free[0], last = at->free[--at->free_count], place = 0, child;
    while ((child = 2 * place + 1) < at->free_count) {
        if (child + 1 < at->free_count && at->free[child + 1] < at->free[child]) child++;
        if (at->free[child] >= last) break;
        at->free[place] = at->free[child];
        place = child;
    }
    at->free[place] = last;
    return lowest;
}

static int open_day(Day *day, int64_t cases, int64_t stations, const int64_t *servers) {
    int64_t all = 1; /* one arrival and one end of a step for every server are to come at most */
    day->stations = calloc((size_t)stations, sizeof(Station));
    if (!day->stations) return 0;
    for (int64_t s = 0; s < stations; s++) {
        Station *at = &day->stations[s];
        at->first = at->last = -1;
        at->free = malloc((size_t)servers[s] * sizeof(int64_t));
        if (!at->free) return 0;
        for (int64_t server = 0; server < servers[s]; server++) give_back(at, server);
        all += servers[s];
    }
    day->events = malloc((size_t)all * sizeof(Event));
    day->next = malloc((size_t)cases * sizeof(int64_t));
    day->step = malloc((size_t)cases * sizeof(int64_t));
    if (!day->events || !day->next || !day->step) return 0;
    for (int64_t number = 0; number < cases; number++) day->step[number] = -1;
    return 1;
}

static void close_day(Day *day, int64_t stations) {
    for (int64_t s = 0; day->stations && s < stations; s++) free(day->stations[s].free);
    free(day->stations);
    free(day->events);
    free(day->next);
    free(day->step);
}

/* Play all cases; arrivals are in order of time. Arrays of one row a step hold case after case, step after step.
 * Return the number of events, or -1 where memory is short. */
int64_t play(int64_t cases, int64_t steps, int64_t stations, const int64_t *servers, const int64_t *arrive_us,
             const int64_t *station, const int64_t *service_us, int64_t *came_us, int64_t *start_us,
             int64_t *end_us, int64_t *server) {
    Day day = {0};
    int64_t events = 0, arrived = 0;
    if (!open_day(&day, cases, stations, servers)) {
        close_day(&day, stations);
        return -1;
    }
    if (cases > 0) push_event(&day, arrive_us[0], 0);
    while (day.event_count > 0) {
        Event event = pop_event(&day);
        int64_t now_us = event.time_us, number = event.number, row;
        events++;
        if (day.step[number] < 0) {
            if (++arrived < cases) push_event(&day, arrive_us[arrived], arrived);
        } else { /* a step has ended: its server goes to the first who waits */
            row = number * steps + day.step[number];
            Station *at = &day.stations[station[row]];
            end_us[row] = now_us;
            if (at->first >= 0) {
                int64_t lucky = at->first, theirs = lucky * steps + day.step[lucky];
                at->first = day.next[lucky];
                if (at->first < 0) at->last = -1;
                start_us[theirs] = now_us;
                server[theirs] = server[row];
                push_event(&day, now_us + service_us[theirs], lucky);
            } else {
                give_back(at, server[row]);
            }
        }
        if (++day.step[number] == steps) continue;
        row = number * steps + day.step[number];
        Station *to = &day.stations[station[row]];
        came_us[row] = now_us;
        if (to->free_count > 0) {
            start_us[row] = now_us;
            server[row] = take_free(to);
            push_event(&day, now_us + service_us[row], number);
        } else {
            day.next[number] = -1;
            if (to->last >= 0) day.next[to->last] = number;
            else to->first = number;
            to->last = number;
        }
    }
    close_day(&day, stations);
    return events;
}
