"""Parts of a block at the level of their registers and pins.

A fake behaves as its data sheet says, and fails the test at once (``AssertionError``) where a driver does
something the data sheet does not allow: a wrong register, a wrong length, a wrong order, an empty FIFO, a
pulse too long.  Time is the fake clock's: sleeping, bus transfers and pin changes make it pass.
"""
