"""A board's ``/main.py``: MicroPython runs it at power-on and after a soft reset."""

from pulseblock import app

app.main()
