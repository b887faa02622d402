"""Make a study ready to be played: fill in its world, rehearse its citizens, write its programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from msgspec.structs import replace

from conformance.calendar import WorkingCalendar
from conformance.errors import InputError
from conformance.pack import Pack
from sim.durations import parse_duration_us
from sim.laws import Law
from sim.load.blocks import Column
from sim.load.network import Change, CutoffRule, Kind, Network, RetryRule, SlotTime
from sim.load.paths import CaseKind, Queueing, Writer
from sim.load.plan import LoadPlan, Stream
from sim.load.programs import NONE, Programs
from sim.load.rehearsal import Rehearsal
from sim.load.study import Arrivals, Office, RetryPlan, Slots, StationStudy, Study, WhenDown
from sim.load.study_checks import books_slots, check_study, is_per_office
from sim.load.timeline import Span, hours_table, slot_times, station_changes
from sim.plan import CitizenPlan, LateRequests, WorldPlan

MOST_SLOTS = 20_000_000


def prepare(  # noqa: PLR0913 - what a plan is made from
    study: Study,
    world: WorldPlan,
    pack: Pack,
    *,
    place: str = "the study",
    moments_us: Mapping[str, Column] | None = None,
    rehearsal: Rehearsal | None = None,
) -> LoadPlan:
    """Return the plan of *study* in *world*.

    *place* names the study in errors, *moments_us* has the arrivals of its traces by their id. A *rehearsal*
    of the same world, from an earlier call, saves time. Raises InputError for a study that cannot be played.
    """
    world = changed_world(study, world)
    span = check_study(study, world, pack, place)
    return _Preparation(study, world, pack, place, span, moments_us or {}, rehearsal).plan()


def changed_world(study: Study, world: WorldPlan) -> WorldPlan:
    """Return *world* with the times and habits that *study* gives."""
    steps = {step: {**laws, **study.steps.get(step, {})} for step, laws in world.steps.items()}
    return replace(
        world,
        steps={**study.steps, **steps},
        decision={**world.decision, **study.decision},
        late_requests={**world.late_requests, **study.late_requests},
    )


@dataclass(slots=True)
class _Preparation:
    """A study while it is made ready; *retries* are the rules of trying again that it needs."""

    study: Study
    world: WorldPlan
    pack: Pack
    place: str
    span: Span
    moments_us: Mapping[str, Column]
    rehearsal: Rehearsal | None
    retries: list[RetryRule] = field(default_factory=list)
    laws: dict[str, Law] = field(default_factory=dict)
    changes: dict[tuple[StationStudy, int], tuple[Change, ...]] = field(default_factory=dict)

    def plan(self) -> LoadPlan:
        """Return the plan."""
        study, pack = self.study, self.pack
        offices, calendar = self._offices(), self._calendar("provider-hours")
        kinds = self._kinds(offices)
        writer = self._writer(kinds)
        rules, self.laws = self._rules(writer), self._laws()
        programs: dict[tuple[CaseKind, CitizenPlan], int] = {}
        streams = tuple(self._stream(arrivals, writer, programs) for arrivals in study.arrivals)
        doctors, slots = self._slots(offices, calendar)
        network = Network(
            programs=writer.programs,
            kinds=kinds,
            offices=len(offices),
            horizon_us=self.span.horizon_us,
            retries=tuple(self.retries),
            rules=rules,
            hours=hours_table(calendar, self.span),
            slots=slots,
            doctors=doctors,
            slot_hold_us=parse_duration_us(study.slots.hold if study.slots else self.world.slot_hold),
            priorities=1 + max((arrivals.priority for arrivals in study.arrivals), default=0),
        )
        total = sum(office.share for office in offices)
        return LoadPlan(
            study=study,
            pack=pack,
            network=network,
            starts_us=self.span.starts_us,
            ends_us=self.span.starts_us + parse_duration_us(study.lasts),
            streams=streams,
            kinds={begins: kind for (kind, _), begins in programs.items()},
            templates=tuple(writer.templates),
            steps=tuple(step.code for step in pack.steps),
            offices=tuple(office.name for office in offices),
            office_shares=tuple(accumulate(office.share / total for office in offices)),
            laws=self.laws,
        )

    def _offices(self) -> tuple[Office, ...]:
        offices = self.study.offices
        if isinstance(offices, int):
            width = max(2, len(str(offices)))
            return tuple(Office(name=f"clinic-{number:0{width}d}") for number in range(1, offices + 1))
        return offices

    def _station(self, name: str) -> StationStudy:
        return self.study.stations.get(name, StationStudy())

    def _calendar(self, name: str) -> WorkingCalendar:
        return WorkingCalendar(self.pack.calendar(name), self.pack.act.zone)

    def _kinds(self, offices: tuple[Office, ...]) -> tuple[Kind, ...]:
        """Return the kinds of stations of the world, with what the study says of each."""
        kinds = []
        for name, default in self.world.stations.items():
            station = self._station(name)
            servers = default.servers if station.servers is None else station.servers
            per_office = is_per_office(self.study, name)
            if servers is None and not station.shifts:
                kinds.append(Kind(name, None, per_office))
                continue
            counts = (
                [office.servers.get(name, servers or 0) for office in offices]
                if per_office
                else [servers or 0]
            )
            down = replace(station, when_down=when_down(name, station))
            kinds.append(Kind(name, tuple(self._changes(down, count) for count in counts), per_office))
        return tuple(kinds)

    def _changes(self, station: StationStudy, servers: int) -> tuple[Change, ...]:
        """Return the changes of a station; where nothing ever changes they are worked out only once."""
        key = (station, servers)
        if key not in self.changes:
            calendar = None if station.hours is None else self._calendar(station.hours)
            self.changes[key] = station_changes(station, servers, calendar, self.span)
        return self.changes[key]

    def _writer(self, kinds: tuple[Kind, ...]) -> Writer:
        rehearsal = self.rehearsal or Rehearsal(self.pack, self.world, self.span.starts_us)
        registry_timeout = RetryPlan(first=self.world.registry_timeout)
        return Writer(
            programs=Programs(),
            kinds={kind.name: number for number, kind in enumerate(kinds)},
            queueing={kind.name: self._queueing(kind.name) for kind in kinds},
            rules={},
            steps={step.code: number for number, step in enumerate(self.pack.steps)},
            registry_attempts=self.world.registry_attempts,
            registry_timeout=self._retry(registry_timeout),
            route_of=rehearsal.route,
        )

    def _queueing(self, name: str) -> Queueing:
        """Return how people queue at a station; the gateway's callers try again, as the world says."""
        station, time_out = self._station(name), self._station(name).time_out
        retry = self._retry(station.retry or RetryPlan(first=self.world.gateway_retry))
        again = NONE if time_out is None or time_out.retry is None else self._retry(time_out.retry)
        return Queueing(
            retry=retry if when_down(name, station) is WhenDown.RETRY else NONE,
            time_out=time_out is not None,
            after_time_out=again,
            attempts=1 if again == NONE else self.retries[again].attempts,
        )

    def _retry(self, plan: RetryPlan) -> int:
        """Return the number of a rule of trying again."""
        rule = RetryRule(
            pause_us=parse_duration_us(plan.first),
            factor_percent=round(100 * plan.factor),
            longest_us=parse_duration_us(plan.longest),
            attempts=plan.attempts,
        )
        if rule not in self.retries:
            self.retries.append(rule)
        return self.retries.index(rule)

    def _rules(self, writer: Writer) -> tuple[CutoffRule, ...]:
        """Return the rules of lateness, and tell *writer* which holds for which service and path."""
        rules: list[CutoffRule] = []
        for deadline in self.pack.deadlines:
            if deadline.kind != "cutoff" or deadline.before_closing_s is None:
                continue
            for service in deadline.services:
                for path in ("portal", "provider"):
                    policy = self.world.late_requests.get(path, LateRequests.NEXT_WORKING_DAY)
                    waits = policy is LateRequests.NEXT_WORKING_DAY
                    rule = CutoffRule(deadline.before_closing_s * 1_000_000, late_waits=waits)
                    if rule not in rules:
                        rules.append(rule)
                    writer.rules[self.pack.service(service).code, path] = rules.index(rule)
        return tuple(rules)

    def _laws(self) -> dict[str, Law]:
        """Return the laws of all times that a program can name."""
        world = self.world
        steps = {f"{step}/{name}": law for step, laws in world.steps.items() for name, law in laws.items()}
        decisions = {f"decision/{path}": law for path, law in world.decision.items()}
        time_outs = {
            f"time_out/{name}": station.time_out.after
            for name, station in self.study.stations.items()
            if station.time_out is not None
        }
        return {**steps, **decisions, **time_outs}

    def _stream(
        self, arrivals: Arrivals, writer: Writer, programs: dict[tuple[CaseKind, CitizenPlan], int]
    ) -> Stream:
        """Return a stream with the programs of its kinds of citizens, the usual ones last."""
        traits = [
            trait
            for trait in self.study.traits
            if (not trait.services or arrivals.service in trait.services)
            and (not trait.paths or arrivals.path in trait.paths)
        ]
        citizens = [(trait.id, trait.citizen) for trait in traits]
        begins = []
        for name, citizen in [*citizens, ("", CitizenPlan())]:
            kind = CaseKind(arrivals.service, arrivals.path, name)
            if (kind, citizen) not in programs:
                programs[kind, citizen] = self._program(writer, kind, citizen)
            begins.append(programs[kind, citizen])
        shares = (*accumulate(trait.share for trait in traits), 1.0)
        return Stream(arrivals, tuple(begins), shares, self.moments_us.get(arrivals.id))

    def _program(self, writer: Writer, kind: CaseKind, citizen: CitizenPlan) -> int:
        try:
            return writer.add(kind, citizen)
        except InputError as error:
            inside = f"traits.{kind.trait}" if kind.trait else "arrivals"
            found = f"{error.found} for {kind.service} on the {kind.path} path"
            raise InputError(self.place, inside, found, error.expected, error.nearest) from None

    def _slots(
        self, offices: tuple[Office, ...], calendar: WorkingCalendar
    ) -> tuple[tuple[int, ...], tuple[SlotTime, ...]]:
        """Return how many doctors each office has, and the slots of the largest of them."""
        slots = self.study.slots or Slots()
        doctors = tuple(slots.doctors if o.doctors is None else o.doctors for o in offices)
        if not books_slots(self.study):
            return doctors, ()
        days = len(list(self.span.days(before=0, after=slots.days_ahead + 1)))
        most = days * slots.per_day * max(doctors) * len(offices)
        if most > MOST_SLOTS:
            raise InputError(
                self.place, "slots", f"{most} slots", f"at most {MOST_SLOTS} in all offices together"
            )
        return doctors, slot_times(slots, max(doctors), calendar, self.span)


def when_down(name: str, station: StationStudy) -> WhenDown:
    """Return what callers do while a station is down: systems are called again, people wait."""
    if station.when_down is not None:
        return station.when_down
    return WhenDown.RETRY if name in {"gateway", "registry"} or station.retry is not None else WhenDown.QUEUE
