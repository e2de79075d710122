"""HX711 against its data sheet."""

from fakes.clock import FakeClock
from fakes.expect import raises, without_heap
from fakes.hx711 import FakeHX711

from pulseblock.drivers.hx711 import HX711

RUNTIMES = ("cpython", "micropython", "installed")


class Bench:
    """The chip on its pins, and the driver."""

    def __init__(self, counts=0, interrupt_us=0, **options):
        self.clock = FakeClock()
        self.chip = FakeHX711(self.clock, counts, interrupt_us)
        chip = self.chip
        self.cell = HX711(chip.dout, chip.pd_sck, self.clock, chip.lock, chip.unlock, **options)

    def raw(self):
        self.cell.wait()
        return self.cell.read_raw()

    def force(self):
        self.cell.wait()
        return self.cell.read()


def test_every_bit_arrives_with_its_sign():
    for counts in (0, 1, -1, 0x123456, -0x123456, 0x7FFFFF, -0x800000, 0x555555, 0x2AAAAA):
        bench = Bench(counts)
        bench.cell.start()
        assert bench.raw() == counts


def test_nothing_unsettled_is_read_after_the_start():
    for gain in (128, 64):
        bench = Bench(counts=400000, gain=gain)
        bench.cell.start()
        assert bench.raw() == 400000 * gain // 128
        assert bench.raw() == 400000 * gain // 128


def test_it_delivers_80_conversions_a_second():
    bench = Bench(1000)
    bench.cell.start()
    bench.raw()
    start_us = bench.clock.us
    for _ in range(80):
        bench.raw()
    assert abs(bench.clock.us - start_us - 1000000) < 15000


def test_a_missing_chip_times_out():
    bench = Bench()
    bench.chip.connected = False
    assert raises(OSError, bench.cell.start).args[0] == 110
    assert 400000 < bench.clock.us < 600000  # slow ones are waited for, and a step hardly longer


def test_a_chip_that_stops_converting_times_out():
    bench = Bench()
    bench.cell.start()
    bench.raw()
    bench.chip.frozen = True
    assert raises(OSError, bench.raw).args[0] == 110


def test_nothing_is_clocked_while_no_conversion_waits():
    bench = Bench()
    bench.cell.start()
    bench.raw()
    assert not bench.cell.ready()
    assert raises(OSError, bench.cell.read_raw).args[0] == 5


def test_interrupts_do_not_stretch_the_pulses():
    """Each of these would be a power-down if it struck while PD_SCK is high."""
    bench = Bench(counts=-345678, interrupt_us=100)
    bench.cell.start()
    for _ in range(20):
        assert bench.raw() == -345678
    assert bench.chip.locks == 0


def test_interrupts_are_let_in_again_whatever_happens():
    bench = Bench()
    bench.cell.start()
    bench.cell.wait()

    def interrupted(_level=None):
        raise KeyboardInterrupt

    bench.cell._pd_sck = interrupted
    raises(KeyboardInterrupt, bench.cell.read_raw)
    assert bench.chip.locks == 0


def test_a_word_cut_short_by_a_reset_of_the_processor_is_forgotten_at_the_start():
    bench = Bench(98765)
    bench.cell.start()
    bench.cell.wait()
    for _ in range(10):
        bench.chip.pd_sck(1)
        bench.chip.pd_sck(0)
    bench.cell.start()
    assert bench.raw() == 98765


def test_a_dout_shorted_to_ground_is_out_of_step():
    bench = Bench()
    bench.cell.start()
    bench.cell.wait()
    bench.cell._dout = lambda: 0
    assert raises(OSError, bench.cell.read_raw).args[0] == 5


def test_power_down_and_waking():
    bench = Bench(5000)
    bench.cell.start()
    bench.cell.power_down()
    bench.clock.sleep_ms(1)
    assert not bench.chip.powered()
    bench.cell.start()
    assert bench.chip.powered()
    assert bench.raw() == 5000


def test_power_down_in_the_middle_of_a_conversion_cycle():
    bench = Bench(5000)
    for wait_ms in (0, 3, 7, 11, 12, 40):
        bench.cell.start()
        bench.clock.sleep_ms(wait_ms)
        bench.cell.power_down()
        assert not bench.chip.powered()


def test_force_is_counts_over_the_scale():
    bench = Bench(counts=50000, counts_per_n=1000)
    bench.cell.start()
    assert bench.force() == 5000


def test_tare_is_what_an_unloaded_cell_shows():
    bench = Bench(counts=-81234, counts_per_n=1000, tare=-81234)
    bench.cell.start()
    assert bench.force() == 0
    bench.chip.counts = -81234 + 25000
    assert bench.force() == 2500


def test_a_cell_mounted_the_other_way():
    bench = Bench(counts=-50000, counts_per_n=-1000)
    bench.cell.start()
    assert bench.force() == 5000


def test_a_pull_is_no_force_however_small():
    for counts in (-50000, -1, 0):
        bench = Bench(counts=counts)
        bench.cell.start()
        assert bench.force() == 0


def test_the_end_of_the_scale():
    bench = Bench(counts=0x7FFFFF, counts_per_n=1)
    bench.cell.start()
    assert bench.force() == 65535
    bench = Bench(counts=656000, counts_per_n=1000)
    bench.cell.start()
    assert bench.force() == 65535


def test_saturation_is_flagged_and_over_when_it_is_over():
    bench = Bench(counts=0x7FFFFF)
    bench.cell.start()
    bench.raw()
    assert bench.cell.saturated
    bench.chip.counts = 0x7FFFFE
    bench.raw()
    assert not bench.cell.saturated
    bench.chip.counts = -0x800000
    bench.raw()
    assert bench.cell.saturated


def test_reading_allocates_nothing():
    bench = Bench(50000)
    bench.cell.start()
    bench.cell.wait()
    assert without_heap(bench.cell.read) == 5000


def test_bad_settings_are_named():
    for name, values in (
        ("gain", (32, 0, 127)),
        ("counts_per_n", (0, 10001, -10001)),
        ("tare", (0x800000, -0x800001)),
    ):
        for value in values:
            options = {name: value}
            error = raises(ValueError, lambda options=options: Bench(**options))
            assert str(error).startswith(name + ":")
