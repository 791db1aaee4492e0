"""What a step prints, on its way to the step's log: through a pipe, so that the project's code never has the file itself,
and with a bound, so that it can not fill the disk."""
import os
import select
import threading

# Bytes of a step's log.
MOST = 64 << 20


class Output:
    def __init__(self, log):
        """log: a descriptor; `end` is what a program is given as its standard output, until begin()."""
        self.log = log
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

    def _copy(self):
        left, dropped, rounds = MOST, 0, 32
        while rounds:
            ready = select.select([self.start, self._asked], [], [])[0]
            if self.start not in ready:
                break
            rounds -= self._asked in ready  # what a pipe holds at most, and no endless voice
            data = os.read(self.start, 1 << 16)
            if not data:
                break
            dropped += len(data) - min(left, len(data))
            data = data[:left]
            left -= len(data)
            while data:
                data = data[os.write(self.log, data) :]
        if dropped:
            os.write(self.log, b"\ndjdeploy: %d more bytes of output were left out\n" % dropped)
