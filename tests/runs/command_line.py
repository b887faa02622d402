"""What the tests of the command line ask of what it told, and of what it left."""


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refused(told, *words):
    code, out, err = told
    assert code == 2
    assert out == ""
    assert err.startswith("reglament: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err


# ---- the face
