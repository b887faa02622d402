import io
import zipfile
from dataclasses import replace
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.archives import ArchiveLimits
from actors.attachments import (
    AttachedFile,
    AttachmentLimits,
    AttachmentProblem,
    check_attachments,
    describe_file,
)

STRICT = AttachmentLimits()
LOOSE = AttachmentLimits(archive=ArchiveLimits())
PDF = b"%PDF-1.4 a scan nobody opens"
JPEG = b"\xff\xd8\xff\xe0 a photograph"
PNG = b"\x89PNG\r\n\x1a\n a picture"
TIFF = b"II*\x00 a fax"
GOOD = {"a.pdf": PDF, "b.JPG": JPEG, "c.jpeg": JPEG, "d.png": PNG, "e.tif": TIFF, "f.tiff": b"MM\x00* a fax"}


def archive(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name.replace("_", "."), content)
    return held.getvalue()


def listed(files):
    return [describe_file(name, content) for name, content in files.items()]


def check(files, limits=STRICT, listing=None):
    return check_attachments(listed(files) if listing is None else listing, files, limits)


def test_a_file_is_described_by_its_own_octets():
    assert describe_file("a.pdf", PDF) == AttachedFile(
        name="a.pdf", media="application/pdf", size=len(PDF), sha256=sha256(PDF).hexdigest()
    )
    assert describe_file("a.pdf", b"text").media == "application/octet-stream"


def test_scans_of_every_permitted_kind_pass():
    assert check(GOOD) is None
    assert check({}) is None
    assert check({"Талон (2).pdf": PDF}) is None


def test_the_number_of_files_is_limited_inclusively():
    files = {f"{n}.pdf": PDF for n in range(11)}
    assert check({f"{n}.pdf": PDF for n in range(10)}) is None
    assert check(files) is AttachmentProblem.TOO_MANY
    assert check(files, listing=[]) is AttachmentProblem.TOO_MANY
    assert check({}, listing=listed(files)) is AttachmentProblem.TOO_MANY


def test_the_size_of_a_file_is_limited_inclusively():
    limits = msgspec.structs.replace(STRICT, max_octets=len(PDF))
    assert check({"a.pdf": PDF}, limits) is None
    assert check({"a.pdf": PDF + b"x"}, limits) is AttachmentProblem.TOO_LARGE
    lying = [replace(describe_file("a.pdf", PDF), size=len(PDF) + 1)]
    assert check({"a.pdf": PDF}, limits, lying) is AttachmentProblem.TOO_LARGE
    assert STRICT.max_octets == 10_000_000


def test_the_size_of_all_files_together_is_limited_inclusively():
    limits = msgspec.structs.replace(STRICT, max_total_octets=2 * len(PDF))
    assert check({"a.pdf": PDF, "b.pdf": PDF}, limits) is None
    assert check({"a.pdf": PDF, "b.pdf": PDF + b"x"}, limits) is AttachmentProblem.TOTAL_TOO_LARGE
    assert check(dict.fromkeys(("a.pdf", "b.pdf", "c.pdf"), PDF), limits) is AttachmentProblem.TOTAL_TOO_LARGE
    assert STRICT.max_total_octets == 20_000_000


def test_no_file_is_hashed_before_all_sizes_are_known():
    """Listed and real sizes have to agree, so neither of them hides octets from the sum."""
    limits = msgspec.structs.replace(STRICT, max_total_octets=2 * len(PDF))
    files = dict.fromkeys(("a.pdf", "b.pdf", "c.pdf"), PDF)
    wrong = [replace(describe_file(name, PDF), sha256="0" * 64) for name in files]
    assert check(files, limits, wrong) is AttachmentProblem.TOTAL_TOO_LARGE
    modest = [replace(one, size=1) for one in wrong]
    assert check(files, limits, modest) is AttachmentProblem.SIZE_DIFFERS


def test_archives_share_one_budget_of_expanded_octets():
    content = archive(a_pdf=PDF, b_pdf=PDF)
    limits = AttachmentLimits(archive=ArchiveLimits(max_octets=4 * len(PDF)))
    assert check({"a.zip": content, "b.zip": content}, limits) is None
    assert check({"a.zip": content, "b.zip": content, "c.pdf": PDF}, limits) is None
    third = archive(a_pdf=PDF)
    files = {"a.zip": content, "b.zip": content, "c.zip": third}
    assert check(files, limits) is AttachmentProblem.ARCHIVE_TOO_LARGE
    assert check({"c.zip": third}, limits) is None
    assert ArchiveLimits().max_octets == 20_000_000


def test_what_is_listed_has_to_come_and_what_comes_has_to_be_listed():
    assert check({}, listing=listed({"a.pdf": PDF})) is AttachmentProblem.MISSING
    assert check({"a.pdf": PDF}, listing=[]) is AttachmentProblem.UNLISTED
    assert check({"a.pdf": PDF}, listing=listed({"A.pdf": PDF})) is AttachmentProblem.MISSING


@pytest.mark.parametrize("names", [("a.pdf", "a.pdf"), ("a.pdf", "A.PDF"), ("й.pdf", "\u0438\u0306.pdf")])
def test_two_names_of_one_file_are_refused(names):
    files = dict.fromkeys(names, PDF)
    listing = [describe_file(name, PDF) for name in names]
    assert check(files, listing=listing) is AttachmentProblem.REPEATED


def test_another_size_hash_or_type_than_listed_is_refused():
    one = describe_file("a.pdf", PDF)
    for change, problem in (
        ({"size": 1}, AttachmentProblem.SIZE_DIFFERS),
        ({"sha256": "0" * 64}, AttachmentProblem.HASH_DIFFERS),
        ({"sha256": one.sha256.upper()}, AttachmentProblem.HASH_DIFFERS),
        ({"media": "image/png"}, AttachmentProblem.WRONG_TYPE),
        ({"media": "application/PDF"}, AttachmentProblem.WRONG_TYPE),
    ):
        assert check({"a.pdf": PDF}, listing=[replace(one, **change)]) is problem


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_octet_of_a_file_can_be_changed(data):
    name = data.draw(st.sampled_from(sorted(GOOD)))
    changed = bytearray(GOOD[name])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    assert check(GOOD | {name: bytes(changed)}, listing=listed(GOOD)) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PD",
        b" %PDF-1.4",
        b"MZ a program",
        b"<html>",
        b"\xff\xd8",
        b"GIF89a",
        b"II+\x00",
        b"%!PS",
        b"\0" * 9,
    ],
    ids=range(10),
)
def test_what_is_no_permitted_type_is_refused(content):
    for media in ("application/pdf", "application/octet-stream", "image/tiff", ""):
        one = replace(describe_file("a.pdf", content), media=media)
        assert check({"a.pdf": content}, listing=[one]) is AttachmentProblem.WRONG_TYPE


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.exe", "a.png", "pdf", "a", "a.pdf.zip", "a.pdf\u200b"])
def test_the_name_has_to_say_what_the_file_is(name):
    assert check({name: PDF}) is AttachmentProblem.WRONG_TYPE


def test_a_type_that_is_not_permitted_is_refused_though_it_is_known():
    limits = msgspec.structs.replace(STRICT, media=frozenset({"application/pdf"}))
    assert check({"d.png": PNG}, limits) is AttachmentProblem.WRONG_TYPE


BAD_NAMES = (
    "", ".", "..", "../a.pdf", "/a.pdf", "a/b.pdf", "a\\b.pdf", "C:a.pdf", "a.pdf:hidden", "a\n.pdf",
    "a\0.pdf", "a.pdf.", "a.pdf ", " a.pdf", ".pdf", "x" * 252 + ".pdf", "\u202egpj.pdf", "CON", "nul.pdf",
    "Com1.x.pdf", "a*.pdf", "a?.pdf", 'a".pdf', "<a>.pdf", "a|b.pdf", "\x85.pdf",
)  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES, ids=range(len(BAD_NAMES)))
def test_a_name_that_is_no_name_of_one_file_is_refused(name):
    assert check({name: PDF}) is AttachmentProblem.BAD_NAME


@pytest.mark.parametrize(
    "name", ["x" * 251 + ".pdf", "console.pdf", "nulled.pdf", "a..b.pdf", "Ұлт №1, (талон).pdf"]
)
def test_other_names_are_names(name):
    assert check({name: PDF}) is None


ARCHIVES = {
    "zip": archive(a_pdf=PDF),
    "empty zip": archive(),
    "volume": b"PK\x07\x08" + archive(a_pdf=PDF),
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 30,
    "rar": b"Rar!\x1a\x07\x00",
    "gzip": b"\x1f\x8b\x08",
    "bzip2": b"BZh9",
    "xz": b"\xfd7zXZ\x00",
    "zstd": b"\x28\xb5\x2f\xfd",
    "cab": b"MSCF",
    "tar": b"\0" * 257 + b"ustar\0",
    "pdf and zip": PDF + archive(a_pdf=PDF),
    "pdf and zip, and more": PDF + archive(a_pdf=PDF) + b"%%EOF",
    "tar in a pdf": PDF.ljust(257, b" ") + b"ustar",
    "thousands of ends": PDF + b"PK\x05\x06" * 16_000,
}


@pytest.mark.parametrize("content", ARCHIVES.values(), ids=ARCHIVES.keys())
def test_an_archive_in_any_disguise_is_refused(content):
    for name in ("a.pdf", "a.zip"):
        one = replace(describe_file(name, content), media="application/pdf")
        assert check({name: content}, listing=[one]) is AttachmentProblem.ARCHIVE_REFUSED


def test_signs_of_an_archive_that_make_none_are_no_harm():
    for tail in (b"PK\x05\x06", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18):
        assert check({"a.pdf": PDF + tail}) is None


def test_an_archive_of_scans_passes_where_archives_are_permitted():
    content = archive(a_pdf=PDF, **{"scans/b_png": PNG})
    assert check({"a.zip": content}, LOOSE) is None
    assert check({"a.pdf": PDF, "a.zip": content}, LOOSE) is None
    assert check({"a.pdf": content}, LOOSE) is AttachmentProblem.WRONG_TYPE
    disguised = [replace(describe_file("a.zip", content), media="application/pdf")]
    assert check({"a.zip": content}, LOOSE, disguised) is AttachmentProblem.WRONG_TYPE


@pytest.mark.parametrize("kind", ["7z", "gzip", "tar", "pdf and zip", "empty zip"])
def test_other_archives_are_refused_even_then(kind):
    assert check({"a.zip": ARCHIVES[kind]}, LOOSE) is AttachmentProblem.ARCHIVE_REFUSED


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (archive(a_exe=b"MZ"), AttachmentProblem.ARCHIVE_WRONG_TYPE),
        (archive(a_exe=PDF), AttachmentProblem.ARCHIVE_WRONG_TYPE),
        (archive(a_pdf=b""), AttachmentProblem.ARCHIVE_WRONG_TYPE),
        (archive(a_zip=archive(a_pdf=PDF)), AttachmentProblem.ARCHIVE_NESTED),
        (archive(a_pdf=PDF + archive(a_pdf=PDF)), AttachmentProblem.ARCHIVE_NESTED),
        (archive(a_pdf=b"\x1f\x8b\x08"), AttachmentProblem.ARCHIVE_NESTED),
        (archive(**{f"n{n}_pdf": PDF for n in range(101)}), AttachmentProblem.ARCHIVE_TOO_MANY),
        (archive(a_pdf=PDF + b"\0" * 10_000_000), AttachmentProblem.ARCHIVE_TOO_LARGE),
        (archive(a_pdf=PDF + b"\0" * 1_000_000), AttachmentProblem.ARCHIVE_RATIO),
        (archive(**{"../a_pdf": PDF}), AttachmentProblem.ARCHIVE_BAD_NAME),
        (archive(**{"scans/nul_pdf": PDF}), AttachmentProblem.ARCHIVE_BAD_NAME),
        (archive(**{"\u202egpj_pdf": PDF}), AttachmentProblem.ARCHIVE_BAD_NAME),
        (archive(a_pdf=PDF)[:-1], AttachmentProblem.ARCHIVE_BROKEN),
    ],
    ids=range(13),
)
def test_an_archive_is_judged_by_what_is_in_it(content, problem):
    assert check({"a.zip": content}, LOOSE) is problem


def test_an_archive_inside_is_refused_though_archives_are_a_permitted_type():
    limits = msgspec.structs.replace(LOOSE, media=LOOSE.media | {"application/zip"})
    inner = archive(a_zip=archive(a_pdf=PDF))
    assert check({"a.zip": inner}, limits) is AttachmentProblem.ARCHIVE_NESTED
    without = msgspec.structs.replace(limits, archive=None)
    assert check({"a.zip": archive(a_pdf=PDF)}, without) is AttachmentProblem.ARCHIVE_REFUSED


def test_cheap_findings_come_first():
    """A file that is missing is found before another one is hashed or an archive is opened."""
    files = {"a.pdf": PDF, "b.zip": archive(a_exe=b"MZ")}
    wrong_hash = [
        replace(describe_file("a.pdf", PDF), sha256="0" * 64),
        describe_file("b.zip", files["b.zip"]),
    ]

    assert check(files, LOOSE, [*wrong_hash, describe_file("c.pdf", PDF)]) is AttachmentProblem.MISSING
    assert check(files, LOOSE, wrong_hash) is AttachmentProblem.HASH_DIFFERS
    assert (
        check(files, LOOSE, [describe_file("a.pdf", PDF), wrong_hash[1]])
        is AttachmentProblem.ARCHIVE_WRONG_TYPE
    )


names = st.text(max_size=12) | st.sampled_from(["a.pdf", "A.pdf", "../x.pdf", "b.png", "a.zip"])
contents = st.binary(max_size=40) | st.sampled_from([PDF, PNG, *ARCHIVES.values()])


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(names, contents, max_size=4), st.sampled_from([STRICT, LOOSE]))
def test_whatever_comes_gets_an_answer_and_only_fit_files_pass(files, limits):
    problem = check(files, limits)
    assert problem is None or problem in AttachmentProblem
    if problem is None:
        assert all("/" not in name and "\\" not in name for name in files)
        assert all(content[:3] in (b"%PD", b"\x89PN", b"PK\x03") for content in files.values())


def test_a_file_full_of_ends_of_archives_is_answered():
    """No time is asserted: a search that grows with the square would not end within the test run."""
    files = {f"{n}.pdf": PDF + b"PK\x05\x06" * 2_000_000 for n in range(2)}
    assert check(files) is AttachmentProblem.ARCHIVE_REFUSED
