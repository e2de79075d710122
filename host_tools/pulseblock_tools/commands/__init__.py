"""One file per command; each has a ``register(app)`` that adds it to the Typer app."""
