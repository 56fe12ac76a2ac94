"""Files that a passphrase opens: as another program writes them, and none that was changed."""

import base64
import io
import random

import pytest

from canbo.kernel.encrypted import CHUNK, MOST_WORK, Encrypting, Unreadable, WrongPassphrase, decrypting

PASSPHRASE = "một câu dài để mở"
LIGHT = 4
"""So that a test derives a key in no time."""
RAGE = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBRWXFMRmNFZktyeEgvQXlxRDdGR2tnIDE5Cmo3WFFvdHVpWk1STG9JMzFvWE1UU3ZDVjRiSy9R"
    "ZnB3bE9tZGQ1NHQ1bE0KLS0tIEV5VVQ3NVdmWkJQd1RXOXN5K0JCQWVyL2ExbTB5RE9kNHFBY09YbUlMaUEKQ5uLqCdcWvR1rXs6RGOrapghXYPHar5U"
    "lfYVtX7SINES+lxJuA=="
)
"""What rage, another implementation of age, made of "Canbo" with this passphrase."""


def sealed(content: bytes, part: int = 1000) -> bytes:
    """The content encrypted, given in parts of this size."""
    out = io.BytesIO()
    writer = Encrypting(out, PASSPHRASE, LIGHT)
    for start in range(0, len(content), part):
        writer.write(content[start : start + part])
    writer.finish()
    return out.getvalue()


def opened(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return decrypting(io.BytesIO(data), passphrase).read()


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def test_what_another_program_encrypted_is_read():
    assert opened(base64.b64decode(RAGE)) == b"Canbo"


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_it_is_read_as_it_was_written_from_any_place(size: int):
    told = content(size)
    assert opened(sealed(told, 999)) == opened(sealed(told, 2 * CHUNK + 5)) == told
    reading = decrypting(io.BytesIO(sealed(told)), PASSPHRASE)
    for place in (size, size // 2, 0, max(0, size - CHUNK - 1)):
        reading.seek(place)
        assert reading.read(100) == told[place : place + 100]


def test_the_same_twice_shows_nothing_of_itself():
    one, other = sealed(b"x" * 100), sealed(b"x" * 100)
    assert one != other
    assert b"xxxx" not in one


def test_another_passphrase_does_not_open_it():
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"x"), PASSPHRASE + " ")


@pytest.mark.parametrize("size", [5, CHUNK, 2 * CHUNK + 5])
def test_whatever_is_cut_off_or_changed_is_noticed(size: int):
    whole, chance = sealed(content(size)), random.Random(size)
    head = len(whole) - size - 16 * -(-size // CHUNK)
    chunk = CHUNK + 16
    cuts = {*(chance.randrange(len(whole)) for _ in range(20)), len(whole) - 1, head, head - 1, head + 16, head + chunk}
    for cut in (cut for cut in cuts if cut < len(whole)):
        with pytest.raises((Unreadable, WrongPassphrase)):
            opened(whole[:cut])
    for place in {*(chance.randrange(len(whole)) for _ in range(20)), 0, 30, head - 1, head, len(whole) - 1}:
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises((Unreadable, WrongPassphrase)):
            opened(bytes(changed))
    with pytest.raises(Unreadable):
        opened(whole + b"\0")


def test_two_chunks_that_change_places_are_noticed():
    whole = sealed(content(3 * CHUNK))
    chunk = CHUNK + 16
    head = len(whole) - 3 * chunk
    swapped = whole[:head] + whole[head + chunk : head + 2 * chunk] + whole[head : head + chunk] + whole[-chunk:]
    with pytest.raises(Unreadable):
        opened(swapped)


@pytest.mark.parametrize("work", [MOST_WORK + 1, 0])
def test_a_file_does_not_decide_how_much_memory_it_takes(work: int):
    odd = sealed(b"x").replace(b" %d\n" % LIGHT, b" %d\n" % work, 1)
    with pytest.raises(Unreadable):
        opened(odd)
