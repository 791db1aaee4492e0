"""The log of a step, as it is sent to whoever waits for the step."""
import os

from djd_paths import CUT

# Bytes that are sent at once, and of the end of a long log.
TAIL = 64 * 1024


def forward(log, offset, emit):
    """Sends a part of what was written behind `offset`; returns the offset behind it."""
    try:
        with open(log, "rb") as file:
            file.seek(offset)
            data = file.read(TAIL)
    except FileNotFoundError:
        return offset
    # Whole lines only, so that a character is never cut in two; a line without an end goes when it is long.
    end = data.rfind(b"\n") + 1
    if end == 0 and len(data) == TAIL:
        end = len(data)
        while end > TAIL - 4 and data[end - 1] & 0xC0 == 0x80:
            end -= 1
        if data[end - 1] >= 0xC0:
            end -= 1
    if end:
        emit(data[:end].decode("utf-8", "replace"))
    return offset + end


def rest(log, offset, emit):
    """Sends the end of a log that is written to its end: why a step failed stands in its last lines. Of more, only its last part."""
    size = os.path.getsize(log) if os.path.exists(log) else offset
    if size - offset > TAIL:
        begin = _whole_character(log, size - TAIL)
        # Half a secret may stand at a cut: the runner hides it beside this mark.
        emit("djdeploy: %d bytes of output are not shown here; %s has them\n%s" % (begin - offset, log, CUT))
        offset = begin
    while offset < size:
        sent = forward(log, offset, emit)
        if sent == offset:
            break
        offset = sent
    return offset


def _whole_character(log, offset):
    """The first place from `offset` on where no character is cut in two."""
    with open(log, "rb") as file:
        file.seek(offset)
        start = file.read(4)
    return offset + len(start) - len(start.lstrip(bytes(range(0x80, 0xC0))))


def end_line(log):
    """A log ends with a newline, so that its last line is forwarded too."""
    with open(log, "rb+") as file:
        if file.seek(0, 2):
            file.seek(-1, 2)
            if file.read(1) != b"\n":
                file.write(b"\n")
