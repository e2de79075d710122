"""Small classes that speak to the block's parts, one part each.

None imports ``machine``: pins, buses and PWM channels come in as arguments, from the board file.
Every ``clock`` argument is MicroPython's ``time`` module or anything with the same ``ticks_ms``,
``ticks_us``, ``ticks_diff``, ``ticks_add``, ``sleep_ms`` and ``sleep_us``.

A part that is absent, or is another one, raises ``OSError``; so does a part that stops answering, after
a time-out.  A setting out of range raises ``ValueError``, naming the setting and its range.
"""
