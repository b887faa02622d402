"""What a verification prints: who vouches, counts, then what failed, in three languages and any width."""

import json

import msgspec
import pytest

from conformance.verdicts import Reason, Verdict
from conformance.verification_results import DocumentCheck, LogCheck, Verification
from reports.characters import display_width
from reports.texts import LANGUAGES, Texts
from reports.verification_text import MOST_SHOWN, encode_verification, render_verification


def check(folder, document="request", reason=None, detail="", **changes):
    verdicts = {None: Verdict.PASS, Reason.NO_DATA: Verdict.INCONCLUSIVE, Reason.BAD_INPUT: Verdict.ERROR}
    values = {
        "folder": folder,
        "document": document,
        "verdict": verdicts.get(reason, Verdict.FAIL),
        "reason": reason,
        "detail": detail,
    }
    return DocumentCheck(**values | changes)


def found(*documents, **changes):
    values = {
        "schema_version": 1,
        "anchor": "saved",
        "anchor_sha256": "ab" * 32,
        "saved_lists": 1_204,
        "given_lists": 0,
        "gateway": "130240900004",
        "cases": 2,
        "documents": documents,
        "uncounted": (),
        "logs": (),
        "other_files": 0,
    }
    return Verification(**values | changes)


LOG = LogCheck(
    name="play",
    verdict=Verdict.PASS,
    reason=None,
    detail="",
    entries=1_205,
    messages=602,
    delivered=602,
    computed=0,
)
GOOD = (
    check("c1", moment_us=1, moment_from="receipt"),
    check("c1", "result", moment_us=1, moment_from="signer"),
)
BAD = check("c2", "result", Reason.INVALID_SIGNATURE, "digest: the document was changed after signing")
RICH = found(
    *GOOD,
    BAD,
    check("c2", "answer", Reason.NO_DATA, "neither a result nor a refusal is saved"),
    check("?", "folder", Reason.BAD_INPUT, "1 folders not looked into"),
    uncounted=(
        check("c3", "rejected-request"),
        check("c4", "rejected-request", Reason.INVALID_SIGNATURE),
        check("c5", "arrived-request"),
    ),
    logs=(LOG,),
    other_files=2,
)


def test_all_of_it_in_lines():
    assert render_verification(RICH, Texts("en")) == (
        "anchor: the root saved with the documents (SHA-256 abababababababab...); it\n"
        "  proves only that they agree among themselves, --root pins another\n"
        "revocation lists: 1,204, all from the folder; a revocation that nobody saved\n"
        "  there is unknown, --root takes lists as well\n"
        "gateway: BIN 130240900004, as the folder names it\n"
        "\n"
        "2 cases                                good   bad   not shown\n"
        "requests                                  1     0           0\n"
        "results                                   1     1           0\n"
        "cases with a wrong number of answers      0     0           1\n"
        "folders                                   0     0           1\n"
        "message logs                              1     0           0\n"
        "\n"
        "moments: 1 proved by a receipt of the gateway, 1 as the signer says\n"
        "message logs: 602 messages in 1,205 entries\n"
        "2 requests that the portal turned away; 1 of them verify (not counted)\n"
        "1 request arrived otherwise than it was sent (not counted)\n"
        "2 other files, not looked at: nothing vouches for them\n"
        "\n"
        "ERROR      ?/folder\n"
        "           1 folders not looked into (BAD_INPUT)\n"
        "BAD        c2/result\n"
        "           digest: the document was changed after signing (INVALID_SIGNATURE)\n"
        "\n"
        "not shown  c2/answer\n"
        "           neither a result nor a refusal is saved (NO_DATA)\n"
        "\n"
        "Not all that was saved verifies.\n"
    )


@pytest.mark.parametrize(
    ("verification", "sentence"),
    [
        (found(*GOOD), "All that was saved verifies."),
        (found(*GOOD, BAD), "Not all that was saved verifies."),
        (found(), "Nothing failed, but not all could be shown to verify."),
        (
            found(check("c", reason=Reason.NO_DATA, detail="x")),
            "Nothing failed, but not all could be shown to verify.",
        ),
        (
            found(*GOOD, logs=(msgspec.structs.replace(LOG, verdict=Verdict.FAIL),)),
            "Not all that was saved verifies.",
        ),
    ],
)
def test_the_last_sentence_says_it(verification, sentence):
    assert render_verification(verification, Texts("en")).splitlines()[-1] == sentence


def test_a_given_anchor_stands_first():
    told = render_verification(found(*GOOD, anchor="given"), Texts("en"))
    assert told.startswith("anchor: the given root (SHA-256 abababababababab...)\n")


def test_lists_beside_the_given_root_are_counted_apart():
    told = render_verification(found(*GOOD, anchor="given", given_lists=2), Texts("en"))
    assert "\nrevocation lists: 1,204 in the folder, 2 beside the given root\n" in told


def test_equal_findings_are_told_once():
    many = [check(f"c{n}", reason=Reason.NO_DATA, detail="the same") for n in range(9)]
    told = render_verification(found(*many), Texts("en"))
    assert told.count("the same") == 1
    assert "c0/request   ... 8 more" in told


def test_only_so_many_findings_are_told():
    many = [check("c", reason=Reason.NO_DATA, detail=f"cause {n}") for n in range(MOST_SHOWN + 3)]
    told = render_verification(found(*many), Texts("en"))
    assert told.count("cause ") == MOST_SHOWN
    assert "... 3 more" in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [10, 40, 60, 80])
def test_lines_keep_the_width(language, width):
    lines = render_verification(RICH, Texts(language), width).splitlines()
    table = [line for line in lines if line.endswith(tuple("0123456789"))]
    prose = [line for line in lines if line not in table and not line.startswith(("2 ", "2 "))]
    assert max(map(display_width, prose)) <= max(width, 40)
    assert len({display_width(line) for line in table if "   " in line}) == 1


def test_hostile_names_stay_in_their_line():
    told = render_verification(
        found(check("c\x1b[31m\nX", reason=Reason.NO_DATA, detail="a\r\nb")), Texts("en")
    )
    assert "\x1b" not in told
    assert "c[31m X/request" in told


def test_json_comes_back_the_same():
    text = encode_verification(RICH)
    assert msgspec.json.decode(text, type=Verification) == RICH
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
