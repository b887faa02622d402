"""What the judge says of one saved document."""

from conformance.evidence import Saved, verify_document
from conformance.regulation import Signer
from conformance.saved_documents import open_documents
from tests.conformance.signed_world import (
    IIN,
    NOW_US,
    NUMBER,
    OTHER_IIN,
    SERVICE,
    canonical,
    request_for,
)

REQUEST = canonical(request_for("c1"))


def verdict(world, document="request", *, case="c1", signer=Signer.CONSUMER, at_us=NOW_US, number=NUMBER):
    moments = at_us if isinstance(at_us, tuple) else (at_us,)
    given_ = verify_document(
        open_documents(world.folder), Saved(case, document, signer, SERVICE, number), moments
    )
    assert IIN not in given_.detail
    assert OTHER_IIN not in given_.detail
    return f"{given_.reason}: {given_.detail}" if given_.reason else "pass"


def assert_invalid(world, cause, document="request", **options):
    assert f"INVALID_SIGNATURE: {document}: {cause}" in verdict(world, document, **options)
