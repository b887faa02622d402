"""Signed documents for the fragments: whatever folder rows name is filled with what fits its case."""

from hashlib import sha256

from conformance.fragment_changes import EXCHANGED, TAMPERED
from conformance.saved_documents import open_documents
from tests.conformance.signed_world import World, canonical, request_for, result_for

REJECTED = "rejected-request"
ARRIVED = "arrived-request"


class FragmentDocuments:
    """Fill a folder with the documents that the rows of a fragment name.

    A rejected request never verifies, as its refusal says. In a folder that is tampered with, the document
    of the step that names it differs from what was signed.
    """

    def __init__(self, pack, folder):
        self.codes = {service.id: service.code for service in pack.services}
        self.signers = {path.id: path.signed_by for path in pack.paths}
        self.world = World(folder)
        self.bundle = self.world.bundle()

    def __call__(self, rows):
        for row in rows:
            name = row.attribute("documents")
            if name is not None:
                self.save(name, row, next((r.request_number for r in rows if r.request_number), None))
        return open_documents(self.world.folder)

    def save(self, name, row, number):
        service = self.codes[row.service]
        request = canonical(request_for(name.removesuffix(TAMPERED), svc=service))
        result = canonical(result_for(sha256(request).hexdigest(), svc=service, reg_no=number))
        signer = self.world.person if self.signers[row.path] == "consumer" else self.world.organisation
        folder = self.world.save(name, request=request, result=result, signer=signer, bundle=self.bundle)
        signature = (folder / "request.p7s").read_bytes()
        damaged = request.replace(b"egov.request.v1", b"egov.request.v2")
        put(folder, REJECTED, request if name.endswith(EXCHANGED) else damaged, signature)
        if name.endswith(TAMPERED):
            tampered = {"P5": "request", "V5": "request", "P8": "result", "P7": ARRIVED}[row.step]
            signature = (folder / ("result.p7s" if tampered == "result" else "request.p7s")).read_bytes()
            octets = result.replace(b"issued", b"Issued") if tampered == "result" else damaged
            put(folder, tampered, octets, signature)


def put(folder, document, octets, signature):
    (folder / f"{document}.json").write_bytes(octets)
    (folder / f"{document}.p7s").write_bytes(signature)
