"""What a step prints, on its way to the step's log: through a pipe, so that the project's code never has the file itself,
and with a bound, so that it can not fill the disk."""
import os
import select
import threading

from djd_paths import CUT

# Bytes of a step's log.
MOST = 64 << 20
# Reads of what a pipe holds once its program has ended: all of it, and no endless voice of what that left.
ROUNDS = 32


class Output:
    def __init__(self, log, most=MOST):
        """log: a descriptor that takes `most` bytes; `end` is what a program is given as its standard output, until begin()."""
        self.log, self.most = log, most
        self.start, self.end = os.pipe()
        self._asked, self._ask = os.pipe()
        self._thread = threading.Thread(target=self._copy, daemon=True)

    def begin(self):
        """The program has its end: ours is closed, and copying begins."""
        os.close(self.end)
        self._thread.start()

    def finish(self):
        """The program has ended. Something that it left may hold the pipe open: only what is there now is copied."""
        os.close(self._ask)
        self._thread.join(30)
        if not self._thread.is_alive():
            os.close(self.start)
            os.close(self._asked)

    def _copy(self):
        left, dropped, rounds = self.most, 0, ROUNDS
        while rounds:
            ready = select.select([self.start, self._asked], [], [])[0]
            if self.start not in ready:
                break
            rounds -= self._asked in ready
            data = os.read(self.start, 1 << 16)
            if not data:
                break
            taken = put(self.log, data[:left])
            # A disk without room takes nothing more; the program is not to wait for it.
            left = left - taken if taken == min(left, len(data)) else 0
            dropped += len(data) - taken
        if dropped:
            # Half a secret may stand at a cut: the runner hides it beside this mark.
            put(self.log, b"%s\ndjdeploy: %d more bytes of output were left out\n" % (CUT.encode(), dropped))


def put(log, data):
    """Writes as much as there is room for; returns how many bytes that was."""
    taken = 0
    while taken < len(data):
        try:
            taken += os.write(log, data[taken:])
        except OSError:
            break
    return taken
