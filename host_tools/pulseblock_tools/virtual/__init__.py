"""The virtual block: real MicroPython under Node, sensors that are fed, flash, and a USB port."""
