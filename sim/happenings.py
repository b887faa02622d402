"""What happens to a world while a case is played: outages, revocations, a restart, a roll-over of keys."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.durations import parse_duration_us
from sim.plan import OUTAGES, Deed, Happening

if TYPE_CHECKING:
    from sim.world import Case, Process, World


@dataclass(slots=True)
class Happenings:
    """Let things happen; outages are counted, so that the end of a short one does not end a longer one."""

    outages: Counter[Deed] = field(default_factory=Counter)

    def is_down(self, deed: Deed) -> bool:
        """Tell whether an outage of this kind lasts."""
        return self.outages[deed] > 0

    def happen(self, world: "World", happening: Happening, case: "Case") -> None:
        """Let *happening* happen, now or as much later as it says."""
        after_us = parse_duration_us(happening.after)
        if after_us:
            world.env.process(self._later(world, happening, case, after_us))
        else:
            self._now(world, happening, case)

    def _later(self, world: "World", happening: Happening, case: "Case", after_us: int) -> "Process":
        yield world.env.timeout(after_us)
        self._now(world, happening, case)

    def _now(self, world: "World", happening: Happening, case: "Case") -> None:
        if happening.do in OUTAGES:
            self.change(world, happening.do, 1)
            world.env.process(self._end(world, happening.do, parse_duration_us(happening.lasting or "0 s")))
            return
        cast, now_us = world.cast, world.now_us
        match happening.do:
            case Deed.TAKE_SLOT:
                if case.player.slot is not None:
                    cast.provider.schedule.seize(case.player.slot, "registrar's telephone")
            case Deed.TAMPER_IN_TRANSIT:
                case.player.tampered_in_transit = True
            case Deed.REVOKE_CERTIFICATE:
                cast.authority.revoke(case.player.citizen.credential.draft.serial, now_us)
                cast.revocation.publish(now_us)
            case Deed.REVOKE_PROVIDER:
                cast.authority.revoke(cast.workstation.credential.draft.serial, now_us)
                cast.revocation.publish(now_us)
            case Deed.REVOKE_AUTHORITY:
                cast.authority.revoke_issuing(cast.authority.issuers[0], now_us)
                cast.revocation.publish(now_us)
            case Deed.ROLL_OVER:
                cast.authority.roll_over(now_us)
                cast.revocation.trust_again()
                cast.revocation.publish(now_us)
            case Deed.RESTART_PORTAL:
                cast.portal = cast.portal.restarted()

    def _end(self, world: "World", deed: Deed, lasting_us: int) -> "Process":
        yield world.env.timeout(lasting_us)
        self.change(world, deed, -1)

    def change(self, world: "World", deed: Deed, change: int) -> None:
        """Begin (1) or end (-1) an outage."""
        self.outages[deed] += change
        cast = world.cast
        cast.gateway.up = not self.is_down(Deed.GATEWAY_DOWN)
        cast.revocation.responder_up = not self.is_down(Deed.OCSP_DOWN)
        cast.revocation.responder_knows = not self.is_down(Deed.OCSP_UNKNOWN)
        cast.revocation.lists_up = not self.is_down(Deed.LISTS_DOWN)
        cast.revocation.lists_fresh = not self.is_down(Deed.LISTS_STALE)
        if deed in (Deed.LISTS_DOWN, Deed.LISTS_STALE):
            cast.revocation.publish(world.now_us)
