"""The indicators counted again, slowly and obviously, over lists of rows: the oracle of the SQL."""

from collections import Counter
from datetime import timedelta

from conformance.calendar import WorkingCalendar, local_time
from conformance.indicators.definitions import Moment, SameDay
from conformance.log import SCHEMA_VERSION, Manifest, utc_text

SECOND = 1_000_000
DAY_US = 86_400 * SECOND


def cases_of(rows):
    cases = {}
    for row in rows:
        cases.setdefault(row.case_id, []).append(row)
    return cases


def moments(row):
    return [m for m in (row.enabled_us, row.started_us, row.completed_us) if m is not None]


def manifest_of(pack, taken_us=None, **stated):
    """Return the manifest of a log that was taken at *taken_us*."""
    return Manifest(
        schema_version=SCHEMA_VERSION,
        pack=pack.act.id,
        pack_sha256="",
        seed=None,
        origin="test",
        period_start=None,
        period_end=None,
        zone=pack.act.zone,
        extracted_at=None if taken_us is None else utc_text(taken_us),
        log_sha256="",
        **stated,
    )


class Plain:
    def __init__(self, pack, rows, taken_us=None, error_us=0, gaps=((), False)):
        self.damaged, self.hides_endings = gaps
        told = ("P1", "P5", "P8", "V1")
        self.hidden = {s.code for s in pack.steps if s.code not in told} if self.hides_endings else set()
        self.pack, self.rules, self.error_us = pack, pack.indicators, error_us
        every = [m for row in rows for m in moments(row)]
        self.taken_us = taken_us if taken_us is not None else max(every, default=0)
        ids = {name: s.id for s in pack.services for name in (s.id, s.code)}
        self.cases = []
        self.excluded = 0
        for own in cases_of(rows).values():
            services = {ids.get(row.service) for row in own}
            paths = {row.path for row in own}
            if len(services) > 1 or len(paths) > 1 or None in services:
                self.excluded += 1
            else:
                self.cases.append((services.pop(), paths.pop(), own))

    def ending(self, own):
        steps = {step for entry in self.rules.endings for step in entry.steps}
        ends = [
            (row.completed_us, row.step, row.outcome or "", self.stated(row))
            for row in own
            if row.step in steps and row.completed_us is not None
        ]
        return min(ends, default=None)

    def stated(self, row):
        field = self.rules.reason_field
        return row.field(field) is not None

    def lacking(self, own):
        return own[0].case_id in self.damaged or (self.hides_endings and self.ending(own) is None)

    def outcome(self, own):
        ending = self.ending(own)
        if ending is None:
            last = max((m for row in own for m in moments(row)), default=None)
            gone = last is not None and last + self.rules.dropped_after_s * SECOND < self.taken_us
            gone = gone and not self.lacking(own)
            return "dropped" if gone else "open"
        _, step, code, stated = ending
        for entry in self.rules.endings:
            if step in entry.steps and (not entry.codes or code in entry.codes):
                return "failed" if entry.outcome == "refused" and not stated else str(entry.outcome)
        return None

    def by_outcome(self):
        return Counter(((service, path), self.outcome(own)) for service, path, own in self.cases)

    def by_month(self, said):
        """Count the words that *said* has for the cases, by group and local month of their beginning."""
        found = {}
        for service, path, own in self.cases:
            begun = [m for row in own for m in (row.enabled_us, row.completed_us) if m is not None]
            word = said(service, path, own)
            if begun and word is not None:
                month = f"{local_time(min(begun), self.pack.act.zone):%Y-%m}"
                found.setdefault(((service, path), month), Counter())[word] += 1
        return found

    def reasons(self):
        return Counter(
            (service, self.ending(own)[2]) for service, _, own in self.cases if self.outcome(own) == "refused"
        )

    def attempts(self):
        found = {}
        for entry in self.rules.availability:
            tried = met = 0
            for _, path, own in self.cases:
                steps = [row for row in own if path == entry.path and row.step in entry.steps]
                tried += bool(steps)
                met += any(row.outcome in entry.unavailable for row in steps)
            if tried:
                found[entry.path] = (tried, met)
        return found

    def timeliness(self):
        found = Counter()
        for service, path, own in self.cases:
            word = self.in_time(service, path, own)
            if word is not None:
                found[(service, path), word] += 1
        return found

    def in_time(self, service, path, own):
        terms = [t for t in self.rules.terms if service in t.services and path == t.path]
        if not terms or not any(row.step == terms[0].start for row in own):
            return None
        if self.lacking(own):
            return "unsure"
        term = terms[0]
        answers = [r.completed_us for r in own if r.step in term.answers and r.completed_us is not None]
        answered = min(answers, default=None)
        if isinstance(term.due, SameDay):
            return self.by_day(term, own, answered)
        return self.by_step(service, own, answered)

    def by_step(self, service, own, answered):
        unsure = False
        for row in own:
            column = self.pack.column(service, row.step)
            if column is None or column.limit.max_s is None:
                continue
            if row.enabled_us is None or row.completed_us is None:
                unsure = True
                continue
            took, blur = row.completed_us - row.enabled_us, row.resolution_us - 1 + 2 * self.error_us
            if took - blur > column.limit.max_s * SECOND:
                return "missed"
            unsure = unsure or took + blur > column.limit.max_s * SECOND
        if answered is None:
            return "unsure" if self.ending(own) else "open"
        hidden = any(
            column.step in self.hidden and column.limit.max_s is not None
            for table in self.pack.tables
            if (table.service, table.path) == (service, own[0].path)
            for column in table.columns
        )
        return "unsure" if unsure or hidden else "kept"

    def by_day(self, term, own, answered):
        asked = min(
            (r.completed_us for r in own if r.step == term.start and r.completed_us is not None), default=None
        )
        blur = max(row.resolution_us for row in own) - 1 + self.error_us
        if asked is None or blur > DAY_US:
            return "unsure"
        earliest, latest = self.due_us(term, asked - blur), self.due_us(term, asked + blur)
        if earliest is None or latest is None:
            return "unsure"
        if answered is None:
            if self.taken_us - blur > latest:
                return "missed"
            return "unsure" if self.ending(own) else "open"
        if answered + blur <= earliest:
            return "kept"
        return "missed" if answered - blur > latest else "unsure"

    def due_us(self, term, asked_us):
        calendar = WorkingCalendar(self.pack.calendar(term.due.calendar), self.pack.act.zone)
        day = calendar.local_day(asked_us)
        if not calendar.knows(day):
            return None
        cutoff = calendar.cutoff_us(day, term.due.before_closing_s)
        while cutoff is None or asked_us > cutoff:
            day += timedelta(days=1)
            if not calendar.knows(day):
                return None
            cutoff = calendar.cutoff_us(day, term.due.before_closing_s)
            if cutoff is not None:
                break
        at = asked_us
        while (
            calendar.local_day(at) <= day
        ):  # walk to the first microsecond of the next day, by halving steps
            at += DAY_US
        low = asked_us
        while at - low > 1:
            middle = (low + at) // 2
            low, at = (middle, at) if calendar.local_day(middle) <= day else (low, middle)
        assert local_time(at, self.pack.act.zone).date() > day
        return low

    def times(self):
        """Per group: the ended times, the open ones, and how many are unusable."""
        found = {}
        starts = {start.path: start for start in self.rules.result_times}
        for service, path, own in self.cases:
            start = starts.get(path)
            if start is None:
                continue
            name = "enabled_us" if start.moment is Moment.ENABLED else "completed_us"
            began = [getattr(r, name) for r in own if r.step == start.step and getattr(r, name) is not None]
            if not began:
                continue
            ended, waiting, unusable = found.setdefault((service, path), ([], [], []))
            ending = self.ending(own)
            last = max(m for row in own for m in moments(row))
            until = ending[0] if ending else last if self.outcome(own) == "dropped" else self.taken_us
            took = until - min(began)
            (unusable if took < 0 else ended if ending else waiting).append(took)
        return found
