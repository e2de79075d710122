"""The emulated Pico's parts, through the registers of its I2C and ADC, under the firmware's own drivers."""

from array import array

import pytest
from fakes.wearer import HOLD_CN, G, Wearer
from rp2040py.rp2040 import RP2040

from emulator.chip import ChipADC, ChipI2C, ChipTime, bare_chip
from emulator.parts import Parts, ratio
from pulseblock.boards.pico_fsr import Board
from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings
from pulseblock.drivers.axes import Axes
from pulseblock.drivers.fsr import FSR
from pulseblock.drivers.lsm6dsox import LSM6DSOX, SELF_TEST_MG
from pulseblock.drivers.sampler import Sampler

_RISEN = 1 << 3  # IO_BANK0, EDGE_HIGH
INT1, BUTTON, VBUS = (Board.ACCELEROMETER["int1"], Board.BUTTON["pin"], Board.USB["pin"])


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def chip(parts: Parts) -> RP2040:
    chip = bare_chip()
    parts.attach(chip)
    return chip


@pytest.fixture
def time(chip: RP2040) -> ChipTime:
    return ChipTime(chip)


@pytest.fixture
def accelerometer(chip: RP2040, time: ChipTime) -> LSM6DSOX:
    return LSM6DSOX(ChipI2C(chip), time, Axes(Board.ACCELEROMETER["axes"]), _Input(chip, INT1))


@pytest.fixture
def force(chip: RP2040) -> FSR:
    part = Board.FORCE
    return FSR(ChipADC(chip, part["adc"]), part["r_ohm"], plate=part["plate"])


class _Input:
    """MicroPython's ``machine.Pin``."""

    def __init__(self, chip: RP2040, number: int) -> None:
        self._pin = chip.gpio[number]
        self._pin.pad_value |= 1 << 6  # PADS_BANK0, IE

    def value(self) -> int:
        return int(self._pin.input_value)


def test_who_am_i(chip: RP2040) -> None:
    found = bytearray(1)
    ChipI2C(chip).readfrom_mem_into(LSM6DSOX.ADDRESS, 0x0F, found)
    assert found == b"\x6c"


def test_no_part_answers_at_another_address(chip: RP2040) -> None:
    with pytest.raises(OSError, match="5"):
        ChipI2C(chip).writeto_mem(0x19, 0x0F, b"\0")
    test_who_am_i(chip)


def test_samples_come_in_batches(chip: RP2040, accelerometer: LSM6DSOX, time: ChipTime) -> None:
    int1 = _Input(chip, INT1)
    accelerometer.start(104, 4)
    assert not int1.value()
    time.sleep_ms(37)
    assert not int1.value()
    time.sleep_ms(3)
    assert int1.value()
    assert accelerometer.poll() == 4
    batch = array("h", [0] * 12)
    assert accelerometer.read_batch(batch) == 4
    assert batch[0] == pytest.approx(G, abs=4)
    time.sleep_ms(1)
    assert not int1.value()


def test_int1_has_one_edge_a_batch(chip: RP2040, accelerometer: LSM6DSOX, time: ChipTime) -> None:
    pin = chip.gpio[INT1]
    accelerometer.start(104, 4)
    pin.update_irq_value(_RISEN)
    time.sleep_ms(40)
    assert pin.irq_status & _RISEN
    pin.update_irq_value(_RISEN)
    time.sleep_ms(40)
    assert not pin.irq_status & _RISEN
    accelerometer.poll()
    accelerometer.read_batch(array("h", [0] * 48))
    time.sleep_ms(40)
    assert pin.irq_status & _RISEN


def test_half_a_sample_is_no_read(chip: RP2040, accelerometer: LSM6DSOX, time: ChipTime) -> None:
    accelerometer.start(104, 4)
    time.sleep_ms(20)
    with pytest.raises(AssertionError, match="belong"):
        ChipI2C(chip).readfrom_mem_into(LSM6DSOX.ADDRESS, 0x78, bytearray(3))


def test_the_accelerometer_passes_its_self_test(accelerometer: LSM6DSOX) -> None:
    lowest, highest = SELF_TEST_MG
    assert all(lowest <= change <= highest for change in accelerometer.self_test())


@pytest.mark.parametrize("force_cn", [0, 150, HOLD_CN, 5500, 15000])
def test_a_force_is_what_the_driver_measures(parts: Parts, force: FSR, force_cn: int) -> None:
    parts.wear([(10, force_cn, 0, 0, G)] * 2)
    assert force.read() == pytest.approx(force_cn, rel=0.04, abs=20)


def test_the_whole_scale_is_used() -> None:
    assert ratio(0) == 0
    assert [ratio(force) for force in range(1, 40000, 500)] == sorted(
        {ratio(f) for f in range(1, 40000, 500)}
    )
    assert ratio(16 * 3923) == 65536 * 2.22 // 3.22


def test_a_wearer_is_sensed_as_time_passes(
    parts: Parts, accelerometer: LSM6DSOX, force: FSR, time: ChipTime
) -> None:
    sampler = Sampler(accelerometer, force, time, 104, 9600)
    wearer = Wearer().hold(1500).presses(2).hold(1000)
    parts.wear(wearer.samples)
    settings = Settings()
    settings.set("rate_hz", 104)
    counter = Counter(settings)
    sample = array("i", [0] * 5)
    samples, reps = [], []
    while parts.is_worn:
        time.sleep_ms(5)
        sampler.tick()
        while sampler.read(sample):
            samples.append(tuple(sample))
            if counter.sample(*sample) == events.REP:
                reps.append(counter.rep.faults)
    assert reps == [0, 0]
    assert len(samples) == pytest.approx(wearer.ms * 104 / 1000, abs=8)
    assert max(force for _, force, *_ in samples) == pytest.approx(5500, rel=0.04)
    assert all(z == pytest.approx(G, abs=4) for *_, z in samples)


def test_it_is_plugged_in_and_has_a_button(chip: RP2040, parts: Parts) -> None:
    vbus, button = _Input(chip, VBUS), _Input(chip, BUTTON)
    chip.gpio[BUTTON].pad_value = 1 << 6 | 1 << 3  # IE, PUE
    assert (vbus.value(), button.value()) == (1, 1)
    parts.press_button(True)
    assert button.value() == 0
    parts.press_button(False)
    assert button.value() == 1
