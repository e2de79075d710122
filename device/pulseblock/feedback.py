"""What the wearer sees and hears: events, and the guide's say, as signals on the board's light and buzzer."""

from pulseblock.core import events
from pulseblock.core.counter import AWAY
from pulseblock.guide.training import of_press
from pulseblock.signals import patterns


class Feedback:
    """Has ``player`` play what events and ``guide`` (a `guide.training.Guide`) ask for, on ``board``."""

    def __init__(self, board, player, guide):
        self._board = board
        self._player = player
        self._guide = guide
        self._tone = 0

    def take(self, event, counter, in_session, now):
        """Tell what an event of ``counter`` means in training; ``in_session``: the journal has one open."""
        signal = self._guide.take(event, counter.rep.faults, now) or of_press(event, counter)
        if event == events.READY:
            signal = patterns.READY
        elif event == events.SESSION_END and in_session:
            signal = patterns.SESSION_END
        self.play(signal, now)

    def tick(self, counter, now):
        """Tell what the program has due at ``now`` (ms ticks)."""
        signal = self._guide.tick(counter.state != AWAY, now)
        if signal == patterns.TICK or signal == patterns.COUNTDOWN:
            self._player.play_in_time(signal, now)
        else:
            self.play(signal, now)

    def play(self, signal, now):
        """Play ``signal``, if it is one."""
        if signal:
            self._player.play(signal, now)

    def show(self, counter, now):
        """Bring light and buzzer up to ``now``; without a signal they show how ``counter`` does."""
        player = self._player
        if counter.state == AWAY:
            player.background(patterns.WAITING, now)
        else:
            player.background(patterns.PRESSING, now)
            player.press_pct = counter.press_pct
        if player.tick(now):
            colour = player.colour
            self._board.light(colour >> 16, colour >> 8 & 0xFF, colour & 0xFF)
            if player.tone != self._tone:
                self._tone = player.tone
                self._board.tone(player.tone)

    def quiet(self):
        """Light and buzzer off, until the next change."""
        self._board.light(0, 0, 0)
        self._board.tone(0)
