"""Ways to damage octets: flipped bits, cuts, additions, and the same values in other encodings."""

import itertools
from dataclasses import dataclass, replace

from actors import der
from actors.forgery import _Parts

CONSTRUCTED = 0x20
OCTET_STRING = 0x04


def flipped(octets, stride=1, offset=0):
    """Yield the number of a bit and *octets* with it flipped, for every bit or every *stride*-th."""
    for bit in range(offset, 8 * len(octets), stride):
        damaged = bytearray(octets)
        damaged[bit // 8] ^= 1 << bit % 8
        yield bit, bytes(damaged)


def cut(octets):
    """Yield every beginning and every end of *octets* but the whole."""
    for length in range(len(octets)):
        yield octets[:length]
        yield octets[len(octets) - length :]


def extended(octets):
    """Yield *octets* with something before or after."""
    for more in (b"\x00", b"\x05\x00", b"\xff", b"\n", b"\x30\x00", octets):
        yield octets + more
        yield more + octets


@dataclass(frozen=True)
class Node:
    """One DER element; *long* (octets too many) and *open* write its length as DER forbids."""

    tag: int
    content: bytes
    children: tuple["Node", ...] = ()
    long: int = 0
    open: bool = False

    def octets(self):
        content = b"".join(one.octets() for one in self.children) if self.children else self.content
        if self.open:
            return bytes((self.tag, 0x80)) + content + b"\x00\x00"
        return bytes((self.tag,)) + self._length(len(content)) + content

    def _length(self, length):
        if length < 0x80 and not self.long:
            return bytes((length,))
        size = self.long if length < 0x80 else (length.bit_length() + 7) // 8 + self.long
        return bytes((0x80 | size,)) + length.to_bytes(size, "big")


def tree(octets):
    """Read one DER element with all below it."""
    node, rest = _read(octets)
    assert not rest
    assert node.octets() == octets
    return node


def other_encodings(octets):
    """Yield the same values as in the DER *octets*, with one element written as only BER permits."""
    whole = tree(octets)
    for path in _paths(whole):
        node = _at(whole, path)
        for more in (1, 2):
            yield _put(whole, path, replace(node, long=more)).octets()
        if node.tag & CONSTRUCTED:
            yield _put(whole, path, replace(node, open=True)).octets()
        if node.tag == OCTET_STRING:
            part = Node(OCTET_STRING, node.content)
            yield _put(whole, path, Node(OCTET_STRING | CONSTRUCTED, b"", (part,))).octets()


def other_orders(octets):
    """Yield the DER *octets* with the elements of one SET in another order."""
    whole = tree(octets)
    for path in _paths(whole):
        node = _at(whole, path)
        if node.tag in (0x31, 0xA0) and len(node.children) > 1:
            for order in itertools.permutations(node.children):
                if order != node.children:
                    yield _put(whole, path, replace(node, children=order)).octets()


def with_algorithms(p7s, *, digest=None, signature=None):
    """Name other algorithms in a signature; neither name is under the signature value."""
    parts = _Parts.of(p7s)
    fields = [one.octets for one in der.read_all(der.read(parts.signers[0], der.SEQUENCE).content)]
    fields[2], fields[4] = digest or fields[2], signature or fields[4]
    signer = der.write(der.SEQUENCE, *fields)
    return replace(parts, digests=der.write(der.SET, fields[2]), signers=(signer,)).octets()


def _read(octets):
    tag, length, start = octets[0], octets[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(octets[2:start], "big")
    content, rest = octets[start : start + length], octets[start + length :]
    children = []
    left = content if tag & CONSTRUCTED else b""
    while left:
        child, left = _read(left)
        children.append(child)
    return Node(tag, content, tuple(children)), rest


def _paths(node):
    yield ()
    for index, child in enumerate(node.children):
        for path in _paths(child):
            yield (index, *path)


def _at(node, path):
    for index in path:
        node = node.children[index]
    return node


def _put(node, path, new):
    if not path:
        return new
    first, *rest = path
    children = (*node.children[:first], _put(node.children[first], rest, new), *node.children[first + 1 :])
    return replace(node, children=children)
