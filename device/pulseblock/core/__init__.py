"""The counting core: samples in, events out, in integers alone.

It imports nothing but ``micropython.const`` and its own modules, knows no hardware, clock or file,
and runs unchanged under MicroPython and CPython.  Data flows one way through its modules:

    sample -> stream -> force, posture -> press -> drag -> judge -> rounds -> event

``counter.Counter`` is the one entry; from its events ``calibration.Calibration`` makes the settings of one
wearer.  Quantities and their formats, everywhere in the core:

============  =====================  ==================================================
quantity      unit, format           range
============  =====================  ==================================================
time          ms ticks               0 .. 2^30-1, wrapping, as MicroPython's ticks_ms
duration      ms                     0 .. 2^29-1
force         cN (0.01 N)            0 .. 65535
acceleration  Q2.13 g (8192 = 1 g)   -32768 .. 32767 raw, -16383 .. 16383 once filtered
tilt          cdeg (0.01 degree)     -18000 .. 18000
jolt          mg (0.001 g)           0 .. 3464
share         per cent               0 .. 1000, of the reference press unless said otherwise
drag          um (0.001 mm)          -32767 .. 32767, travel of the block per reference press
============  =====================  ==================================================

Every intermediate stays inside -2^30 .. 2^30-1: beyond that a 32-bit MicroPython allocates.
"""
