"""The data of the event loop: what a plan fixes, and what changes while it is played.

Everything lies in one flat sequence of whole numbers, *m* everywhere, as in the memory of a machine: the same
loop runs over an array when compiled and over a list when not, and nothing but *m* is handed from function to
function. First come single numbers, then tables. A record of a table is given by its *place*, where it begins
in *m*; the constants below are what has to be added to that for each field. Moments and times are
microseconds.
"""

from typing import Any

Ints = Any
"""A NumPy array of int64; in the uncompiled loop a list of int."""

NEVER = 2**62
"""A moment that does not come."""

# Single numbers that change. COMPLETE: no further case will be drawn; ROOM: events that the agenda has room
# for; CAPACITY: cases that there are desks for; ENDED_COUNT: cases that have ended and are still at theirs.
NOW_US = 0
ARRIVED = 1
DRAWN = 2
COMPLETE = 3
CHANGES_DONE = 4
EVENTS = 5
TOUCHED = 6
UNDER_WAY = 7
CAPACITY = 8
ROOM = 9
NEXT_ARRIVAL_US = 10
ENDED_COUNT = 11

# Single numbers of the plan. ROWS, VISITS, TIMES: how many of them a case can have at most; HELD, VISIT_OF
# and TIMES_FROM: where in the record of a case the servers it has, its latest visits and its times begin.
HORIZON_US = 12
SLOT_HOLD_US = 13
KINDS = 14
TIMES = 15
ROWS = 16
VISITS = 17
PRIORITIES = 18
CASE_WIDTH = 19
HELD = 20
VISIT_OF = 21
TIMES_FROM = 22
HOURS_COUNT = 23
DAYS_COUNT = 24
CHANGE_COUNT = 25
SLOT_COUNT = 26

# Where the tables begin: those of the plan, those that change, those that get longer. ARRIVALS: the desks of
# the cases to come, case *n* at ``n % CAPACITY``; ENDED: the desks of those that have ended.
CODES = 27
KINDS_AT = 28
RETRIES_AT = 29
RULES_AT = 30
HOURS_AT = 31
DAYS_AT = 32
CHANGES_AT = 33
SLOTS_AT = 34
DOCTORS_AT = 35
STATIONS_AT = 36
QUEUES_AT = 37
FREE_AT = 38
SERVERS_AT = 39
OFFICES_AT = 40
USES_AT = 41
TOUCHED_AT = 42
ARRIVALS_AT = 43
ENDED_AT = 44
AGENDA_AT = 45
CASES_AT = 46
ROWS_AT = 47
VISITS_AT = 48
HEADER = 49

# Of a kind of station: its first station, and 1 if each office has one of its own.
KIND = 2
FIRST_STATION = 0
PER_OFFICE = 1

# Of a retry; no ATTEMPTS (0): as many as it takes.
RETRY = 4
PAUSE_US = 0
FACTOR_PERCENT = 1
LONGEST_US = 2
ATTEMPTS = 3

# Of a rule of lateness: how long before closing (-1: never late), and 1 if who is late waits for the next
# day.
RULE = 2
CUTOFF_US = 0
LATE_WAITS = 1

# Of a local day: its beginning, its last closing (-1: closed).
DAY = 2
DAY_FROM = 0
DAY_CLOSES = 1

# Of a change of a station.
CHANGE = 4
CHANGE_US = 0
CHANGE_STATION = 1
CHANGE_SERVERS = 2
CHANGE_REFUSES = 3

# Of a slot: when it begins, since when it can be chosen, whose it is.
SLOT = 3
SLOT_FROM = 0
SLOT_KNOWN = 1
SLOT_DOCTOR = 2

# The key of a case, by which events of one moment are ordered: its number, then its desk in the lowest bits.
DESK_BITS = 24
DESK_MASK = 2**24 - 1

# Of a case. After these come, for each kind of station, the server it has (0: none), for each kind the place
# of its latest visit, and the times drawn for it. DUE_US is when something happens to it, PHASE what.
CASE = 28
NUMBER = 0
ARRIVAL_US = 1
PROGRAM = 2
OFFICE = 3
PRIORITY = 4
PC = 5
PHASE = 6
DUE_US = 7
ASKED_US = 8
ENABLED_US = 9
STARTED_US = 10
WAITED_US = 11
COMPLETED_US = 12
MARK_US = 13
NOTE = 14
STEP = 15
STATION = 16
SERVER = 17
REQUEST = 18
MESSAGE = 19
SLOT_HELD = 20
FIELDS_OF_PROGRESS = 21
TRIES = 21
ROW_COUNT = 22
VISIT_COUNT = 23
BEFORE = 24
AFTER = 25
DESK = 26
KEY = 27

# What a case does now.
ABSENT = 0
RUNS = 1
WAITS = 2
ENDED = 3
ABANDONED = 4

# Of a row; an absent moment or number is -1.
ROW = 12
ROW_STEP = 0
ROW_OUTCOME = 1
ROW_ENABLED_US = 2
ROW_STARTED_US = 3
ROW_COMPLETED_US = 4
ROW_WAITED_US = 5
ROW_STATION = 6
ROW_SERVER = 7
ROW_REQUEST = 8
ROW_MESSAGE = 9
ROW_SLOT = 10
ROW_NOTE = 11

# Of a visit to a station with servers. Who leaves without having been served has no VISIT_STARTED_US.
VISIT = 4
VISIT_STATION = 0
VISIT_ASKED_US = 1
VISIT_STARTED_US = 2
VISIT_ENDED_US = 3

# Of a station. FREE_FROM and SERVERS_FROM are where its heap of free servers begins, and its servers.
STATION_WIDTH = 8
ON_DUTY = 0
REFUSES = 1
IS_TOUCHED = 2
SERVERS_FROM = 3
FREE_COUNT = 4
UNLIMITED = 5
FREE_FROM = 6
STATION_NUMBER = 7

# Of a queue.
QUEUE = 2
HEAD = 0
TAIL = 1

# What a server does.
AWAY = 0
FREE = 1
BUSY = 2

# Of an office: its latest numbers, and the first of its slots that somebody may still have.
OFFICE_WIDTH = 3
LAST_REQUEST = 0
LAST_MESSAGE = 1
FIRST_SLOT = 2

# Of the use of a slot by an office; NEXT_SLOT is the next one of it that somebody may still have.
USE = 3
HOLDER = 0
UNTIL_US = 1
NEXT_SLOT = 2

# Why the loop stops.
ALL_ENDED = 0
NEEDS_CASES = 1
AT_HORIZON = 2
NEEDS_ROOM = 3
