"""How long a report on 10,000 reps takes, and how large it is: ``python tests/benchmarks/report_size.py``."""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pulseblock_tools  # noqa: F401  makes the firmware importable
from host.training_at_hand import DAY_MS, Training, database_of
from pulseblock_tools.report.page import About, render
from pulseblock_tools.report.training import read_training
from pulseblock_tools.store.database import reading
from pulseblock_tools.store.listing import Wanted


def long_training(reps: int = 10_000) -> Training:
    """A training of so many reps, 36 a day."""
    training = Training()
    for day in range(-(-reps // 36)):
        began = training.utc_ms
        training.day(day / 7)
        training.passes(DAY_MS - (training.utc_ms - began))
    return training


def measure(engine) -> tuple[float, int, int]:
    """Seconds of the processor, bytes and reps of the report on a database."""
    began = time.process_time()
    with reading(engine) as connection:
        trainings = read_training(connection, Wanted())
    page = render(trainings, About())
    seconds = time.process_time() - began
    return seconds, len(page.encode()), sum(len(trained.every_rep) for trained in trainings)


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database_of(Path(folder) / "training.db", long_training())
        seconds, size, reps = measure(engine)
        engine.dispose()
    print(f"{reps} reps: {seconds:.2f} s, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
