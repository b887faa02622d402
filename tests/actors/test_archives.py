import io
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.archives import ArchiveLimits, ArchiveProblem, ArchiveRefused, has_archive_end, read_archive

LIMITS = ArchiveLimits(max_entries=5, max_octets=3_000, max_entry_octets=1_000, max_ratio=100)
TEXT = b"what the file says "


def written(*files, method=zipfile.ZIP_DEFLATED, comment=b""):
    """Write a ZIP of pairs of name (or ZipInfo) and content with the standard library."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        archive.comment = comment
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def streamed(*files):
    """Write a ZIP to what cannot be rewound: sizes follow the content, in descriptors."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise io.UnsupportedOperation

    held = Pipe()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def info(name, **attributes):
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_DEFLATED
    for attribute, value in attributes.items():
        setattr(made, attribute, value)
    return made


def read(octets, limits=LIMITS):
    return dict(read_archive(octets, limits))


def problem(octets, limits=LIMITS):
    with pytest.raises(ArchiveRefused) as caught:
        read(octets, limits)
    return caught.value.problem


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_are_read_as_they_were_written(method):
    files = {"a.txt": TEXT, "folder/b.txt": b"", "Талон №1.txt": TEXT * 3}
    octets = written(*files.items(), method=method, comment=b"a comment")
    assert read(octets) == files
    assert read(streamed(*files.items())) == files
    assert has_archive_end(octets)


def test_an_archive_of_nothing_holds_nothing():
    assert read(written()) == {}
    assert not has_archive_end(written())


def test_a_folder_is_no_file():
    assert read(written(("folder/", b""), ("folder/a.txt", TEXT))) == {"folder/a.txt": TEXT}


def test_a_name_in_an_old_alphabet_is_some_name():
    octets = written(("abcd.txt", TEXT)).replace(b"abcd.txt", b"\x80\x81\x82\xff.txt")
    (name,) = read(octets)
    assert name.endswith(".txt")


def test_the_number_of_entries_is_limited_inclusively():
    files = [(f"{n}.txt", TEXT) for n in range(6)]
    assert len(read(written(*files[:5]))) == 5
    assert problem(written(*files)) is ArchiveProblem.TOO_MANY


def test_the_size_of_an_entry_is_limited_inclusively():
    # Half of it packs badly, so that the ratio is in order.
    content = bytes(n * n * 7 % 251 for n in range(1_001))
    assert read(written(("a", content[:1_000]))) == {"a": content[:1_000]}
    assert problem(written(("a", content))) is ArchiveProblem.TOO_LARGE


def test_the_size_of_all_together_is_limited_inclusively():
    content = bytes(n * n * 7 % 251 for n in range(1_000))
    files = [(f"{n}", content) for n in range(3)]
    assert len(read(written(*files))) == 3
    assert problem(written(*files, ("3", b"x"))) is ArchiveProblem.TOO_LARGE


def test_the_ratio_is_limited():
    limits = ArchiveLimits(max_ratio=100)
    bomb = written(("a", b"\0" * 1_000_000))
    assert problem(bomb, limits) is ArchiveProblem.RATIO
    assert read(bomb, ArchiveLimits(max_ratio=2_000)) == {"a": b"\0" * 1_000_000}


def test_an_entry_that_grows_beyond_what_it_says_is_broken():
    """The headers say ten octets; the stream would give a million, and stops at eleven."""
    octets = written(("a", b"\0" * 1_000_000))
    size = struct.pack("<L", 1_000_000)
    assert octets.count(size) == 2
    assert problem(octets.replace(size, struct.pack("<L", 10))) is ArchiveProblem.BROKEN


def test_an_entry_that_stays_below_what_it_says_is_broken():
    octets = written(("a", TEXT))
    size = struct.pack("<L", len(TEXT))
    assert problem(octets.replace(size, struct.pack("<L", len(TEXT) + 1))) is ArchiveProblem.BROKEN


BAD_NAMES = (
    "../a", "a/../b", "..", "/a", "a//b", "./a", "a/.", "C:a", "c:/a", "a\\b", "..\\a", "a\nb", "/",
    "x" * 1_025, "",
)  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES, ids=range(len(BAD_NAMES)))
def test_a_name_that_leads_elsewhere_is_refused(name):
    octets = rebuilt(name=name.encode())
    assert problem(octets) is ArchiveProblem.BAD_NAME


def test_a_name_with_a_zero_octet_is_refused():
    assert problem(rebuilt(name=b"a\0c")) is ArchiveProblem.BAD_NAME


@pytest.mark.parametrize("names", [("a", "a"), ("a", "A"), ("й", "Й")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(names):
    assert problem(written(*((name, TEXT) for name in names))) is ArchiveProblem.BAD_NAME


def test_a_second_name_in_an_extra_field_is_judged_too():
    def extra(name):
        field = b"\1" + struct.pack("<L", zlib.crc32(b"a.txt")) + name
        return struct.pack("<2H", 0x7075, len(field)) + field

    assert read(written((info("a.txt", extra=extra("Талон.txt".encode())), TEXT))) == {"a.txt": TEXT}
    assert problem(written((info("a.txt", extra=extra(b"../a.txt")), TEXT))) is ArchiveProblem.BAD_NAME


@pytest.mark.parametrize("extra", [b"\x01\x00\x00\x00", b"\x99\x99\x05\x00x", b"xx"])
def test_extra_fields_that_say_nothing_sound_are_refused(extra):
    octets = rebuilt(extra=extra)
    assert problem(octets) is ArchiveProblem.BROKEN


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind):
    octets = written((info("a", external_attr=(kind | 0o644) << 16), b"/etc/passwd"))
    assert problem(octets) is ArchiveProblem.LINK


def test_a_folder_is_called_one():
    assert problem(written((info("a", external_attr=stat.S_IFDIR << 16), b""))) is ArchiveProblem.BROKEN
    assert problem(rebuilt(name=b"a/")) is ArchiveProblem.BROKEN


@pytest.mark.parametrize("bit", [0, 6, 13])
def test_encrypted_entries_are_refused(bit):
    assert problem(rebuilt(flags=1 << bit)) is ArchiveProblem.ENCRYPTED
    assert problem(rebuilt(method=99)) is ArchiveProblem.ENCRYPTED


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 98])
def test_other_methods_are_refused(method):
    assert problem(rebuilt(method=method)) is ArchiveProblem.BROKEN


def rebuilt(*, local=None, content=TEXT, **central):
    """Write a ZIP of one stored entry by hand; *local* differs from the central header where it says so."""
    fields = {
        "name": b"a.txt", "extra": b"", "flags": 0, "method": 0, "crc": zlib.crc32(content),
        "start": 0, "disk": 0, "packed": len(content), "size": len(content), "attributes": 0, "count": 1,
        "before": b"", "between": b"", "after": b"",
    } | central  # fmt: skip
    low = fields | {"extra": b""} | (local or {})
    first = struct.pack(
        "<4s5H3L2H", LOCAL, 20, low["flags"], low["method"], 0, 0, low["crc"], low["packed"], low["size"],
        len(low["name"]), len(low["extra"]),
    )  # fmt: skip
    body = fields["before"] + first + low["name"] + low["extra"] + content + fields["between"]
    directory = struct.pack(
        "<4s6H3L5H2L", CENTRAL, 20, 20, fields["flags"], fields["method"], 0, 0, fields["crc"],
        fields["packed"], fields["size"], len(fields["name"]), len(fields["extra"]), 0, fields["disk"], 0,
        fields["attributes"], fields["start"],
    ) + fields["name"] + fields["extra"]  # fmt: skip
    count = fields["count"]
    end = struct.pack("<4s4H2LH", END, 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end + fields["after"]


def test_the_archive_by_hand_is_sound():
    assert read(rebuilt()) == {"a.txt": TEXT}
    assert zipfile.ZipFile(io.BytesIO(rebuilt())).read("a.txt") == TEXT


@pytest.mark.parametrize(
    "change",
    [
        {"local": {"name": b"b.txt"}},
        {"local": {"method": 8}},
        {"local": {"flags": 1 << 11}},
        {"local": {"crc": 1}},
        {"local": {"size": 1}},
        {"local": {"packed": 1}},
        {"local": {"name": b"a"}},
        {"crc": 1},
        {"size": len(TEXT) - 1},
        {"packed": len(TEXT) - 1},
        {"packed": len(TEXT) + 1},
        {"packed": 2**32 - 1},
        {"size": len(TEXT), "content": TEXT + b"!"},
        {"start": 1},
        {"start": 2**32 - 1},
        {"disk": 1},
        {"before": b"a program before the archive", "start": 28},
        {"between": b"hidden"},
        {"after": b"more"},
        {"count": 0},
        {"count": 2},
    ],
    ids=str,
)
def test_what_two_readers_could_read_in_two_ways_is_refused(change):
    assert problem(rebuilt(**change), ArchiveLimits()) in (ArchiveProblem.BROKEN, ArchiveProblem.RATIO)


def test_two_entries_that_share_their_content_are_refused():
    """The core of a bomb that needs no nesting: many entries, one stream."""
    one = rebuilt()
    at = one.index(CENTRAL)
    directory, end = one[at : one.index(END)], one[one.index(END) :]
    other = directory.replace(b"a.txt", b"b.txt")
    octets = (
        one[:at] + directory + other + struct.pack("<4s4H2LH", END, 0, 0, 2, 2, 2 * len(directory), at, 0)
    )
    assert len(end) == 22
    assert problem(octets) is ArchiveProblem.BROKEN


def test_an_entry_that_would_start_beyond_the_end_is_refused():
    """The first one says that it reaches almost to the end, so the second one has no room for its header."""
    whole = len(rebuilt()) + 51
    reach = whole - 40
    one = rebuilt(packed=reach - 35, local={"packed": reach - 35}, size=reach - 35)
    octets = bytearray(one[: one.index(CENTRAL)])
    first = one[one.index(CENTRAL) : one.index(END)]
    second = rebuilt(name=b"b.txt", start=reach)
    second = second[second.index(CENTRAL) : second.index(END)]
    octets += first + second
    octets += struct.pack("<4s4H2LH", END, 0, 0, 2, 2, len(first + second), one.index(CENTRAL), 0)
    assert problem(bytes(octets), ArchiveLimits()) is ArchiveProblem.BROKEN


def test_a_stream_with_something_after_it_is_refused():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(TEXT) + packer.flush()
    sound = {"method": 8, "crc": zlib.crc32(TEXT), "size": len(TEXT)}
    assert read(rebuilt(content=packed, packed=len(packed), **sound)) == {"a.txt": TEXT}
    for content in (packed + b"x", packed[:-1], b"\xff" + packed):
        assert problem(rebuilt(content=content, packed=len(content), **sound)) is ArchiveProblem.BROKEN


@pytest.mark.parametrize("octets", [b"", LOCAL, END, END + b"\0" * 17, b"\0" * 70_000, END * 20_000])
def test_what_is_no_archive_is_broken(octets):
    assert problem(octets) is ArchiveProblem.BROKEN


SOUND = written(("a.txt", TEXT * 3), ("b/c.txt", TEXT))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_changed_octet_never_changes_what_is_read(data):
    octets = bytearray(SOUND)
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        contents = list(read(bytes(octets)).values())
    except ArchiveRefused:
        return
    assert contents == [TEXT * 3, TEXT]


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(head, tail):
    for octets in (head, head + SOUND, SOUND + tail, SOUND[: len(head)] + tail):
        try:
            contents = read(octets)
        except ArchiveRefused:
            contents = {}
        assert contents in ({}, {"a.txt": TEXT * 3, "b/c.txt": TEXT})
        assert has_archive_end(octets) >= bool(contents)
