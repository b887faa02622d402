"""Everything that is signed comes out octet for octet as it always did; OpenSSL's verdict: tests/oracles."""

from tests.oracles import golden


def test_the_artefacts_are_the_golden_ones():
    assert golden.digests(golden.make()) == golden.saved()


def test_a_digest_tells_another_seed(monkeypatch):
    monkeypatch.setattr(golden, "SEED", b"another seed, for tests only")
    made = golden.digests(golden.Golden(golden.Authority(golden.SEED, golden.NOW_US - 400 * golden.DAY)))
    assert made["root.cer"] != golden.saved()["root.cer"]
