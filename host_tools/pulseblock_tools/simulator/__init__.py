"""Labelled traces of people who do not exist, from the physics of the exercise.

``people`` draws a wearer, ``plans`` says what they will do, ``simulate`` turns both into a trace.  All of
it hangs on one integer, and nothing needs more than the standard library.
"""
