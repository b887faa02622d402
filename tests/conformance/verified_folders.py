"""What a third party says of a folder of documents, in a word each, and a refusal put into one."""

import hashlib

from conformance.saved_documents import open_documents
from conformance.verification import verify_folder
from conformance.verification_results import exit_code_of
from tests.conformance.signed_world import (
    IIN,
    NOW_US,
    OTHER_IIN,
    accepted,
    canonical,
    delivered,
    log_of,
    result_for,
    sign,
)


def verified(world, root=None):
    found = verify_folder(open_documents(world.folder, root))
    told = repr(found)
    assert IIN not in told
    assert OTHER_IIN not in told
    assert str(world.folder) not in told
    return found


def told(world):
    """Return everything that is not in order, in a word each."""
    found = verified(world)
    documents = {f"{d.folder}/{d.document}": d for d in found.documents}
    logs = {f"log {log.name}": log for log in found.logs}
    return {name: f"{c.reason}: {c.detail}" for name, c in (documents | logs).items() if c.reason}


def code(world):
    return exit_code_of(verified(world))


def refuse(world, case="c1", signer=None, **changes):
    """Put a refusal in the place of the result."""
    folder = world.folder / case
    digest = hashlib.sha256((folder / "request.json").read_bytes()).hexdigest()
    content = result_for(digest, outcome="refused", reason="NO_SLOT", req=case) | changes
    octets = canonical({key: value for key, value in content.items() if value is not None})
    (folder / "refusal.json").write_bytes(octets)
    (folder / "refusal.p7s").write_bytes(sign(octets, signer or world.organisation, at_us=NOW_US))
    (folder / "result.json").unlink()
    (folder / "result.p7s").unlink()
    carry_refusal(world, case)


def carry_refusal(world, case):
    request, refusal = ((world.folder / case / f"{n}.json").read_bytes() for n in ("request", "refusal"))
    events = [
        (NOW_US, accepted("gw-1", request)),
        (NOW_US + 1, delivered("gw-1")),
        (NOW_US + 2, accepted("gw-2", refusal, "workstation", "portal")),
        (NOW_US + 3, delivered("gw-2")),
    ]
    world.save_log(log_of(events, world.gateway))
