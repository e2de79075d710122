"""Button, battery, tables, and an I2C bus that hangs."""

from fakes.adc import FakeADC
from fakes.clock import FakeClock
from fakes.expect import raises, without_heap
from fakes.hung_i2c import FakeHungBus
from fakes.pins import FakePin

from pulseblock.drivers.battery import LIPO, Battery, Charge
from pulseblock.drivers.button import Button
from pulseblock.drivers.i2c_rescue import free_bus
from pulseblock.drivers.table import Curve, check_table, interpolate
from pulseblock.drivers.vbus import Vbus

TABLE = ((10, 100), (20, 200), (40, 0))


def test_a_table_goes_straight_from_point_to_point():
    assert [interpolate(TABLE, x) for x in (10, 15, 20, 30, 39)] == [100, 150, 200, 100, 10]


def test_a_table_ends_level():
    assert interpolate(TABLE, -5) == 100
    assert interpolate(TABLE, 40) == 0
    assert interpolate(TABLE, 4000) == 0


def test_a_curve_says_the_same_as_its_table_whatever_was_asked_before():
    for table in (TABLE, LIPO, ((0, 0), (7, 3))):
        curve = Curve("t", table)
        x = 1
        for _ in range(500):
            x = x * 75 % 65537
            at = x % (table[-1][0] + 40) - 20
            assert curve.at(at) == interpolate(table, at), (table, at)


def test_a_table_that_could_overflow_is_refused():
    check_table("t", ((0, 0), (16383, 65535)))
    check_table("t", ((30000, 30000), (40000, 60000)))
    raises(ValueError, check_table, "t", ((0, 0), (16385, 65535)))
    raises(ValueError, check_table, "t", ((0, 65535), (16385, 0)))


def test_the_button_pulls_to_ground():
    level = [1]
    button = Button(FakePin(level=lambda: level[0]))
    assert not button.is_down()
    level[0] = 0
    assert button.is_down()


def test_charge_falls_with_the_voltage_from_full_to_empty():
    before = 100
    for millivolts in range(4300, 3200, -10):
        percent = Charge().update(millivolts)
        assert percent <= before
        before = percent
    assert Charge().update(4200) == 100
    assert Charge().update(3300) == 0
    assert Charge().update(0) == 0


def test_charge_does_not_flutter():
    charge = Charge()
    shown = {charge.update(3780 + noise) for noise in (0, 3, -3, 4, -4, 2, -1) * 5}
    assert len(shown) == 1


def test_charge_follows_in_the_end():
    charge = Charge()
    for millivolts in range(4200, 3299, -1):
        percent = charge.update(millivolts)
        assert abs(percent - interpolate(LIPO, millivolts)) < 2


def test_low_comes_once_and_goes_after_charging():
    charge = Charge()
    charge.update(3700)
    assert not charge.low
    charge.update(3640)
    assert charge.low
    charge.update(3665)  # the load is gone; the cell recovers a little
    assert charge.low
    charge.update(3740)
    assert not charge.low


def test_the_battery_is_measured_behind_its_divider():
    for millivolts in (3300, 3700, 4200):
        battery = Battery(FakeADC(millivolts * 65536 // (3 * 3300)))
        assert abs(battery.millivolts() - millivolts) < 40
        halved = Battery(FakeADC(millivolts * 65536 // (2 * 3300)), 2)
        assert abs(halved.millivolts() - millivolts) < 40


def test_what_was_measured_last_is_known():
    battery = Battery(FakeADC(3780 * 65536 // 9900))
    assert 35 <= battery.poll() <= 45
    assert battery.charge.percent == battery.poll()


def test_a_battery_never_measured_is_unknown():
    battery = Battery(FakeADC(33000))
    assert battery.charge.percent == -1
    assert not battery.charge.low


def test_a_divider_out_of_range_is_named():
    for divider in (0, 11):
        assert str(raises(ValueError, Battery, FakeADC(), divider)).startswith("divider:")


def test_looking_at_button_and_usb_power_allocates_nothing():
    button = Button(FakePin(level=lambda: 0))
    usb = Vbus(FakePin(level=lambda: 1))
    assert without_heap(button.is_down)
    assert without_heap(usb.is_plugged)


def test_measuring_the_battery_allocates_nothing():
    battery = Battery(FakeADC(25000))
    assert without_heap(battery.poll) > 0


def test_a_free_bus_is_left_alone():
    clock = FakeClock()
    bus = FakeHungBus(clock, [])
    assert not free_bus(bus.scl, bus.sda, clock)
    assert bus.clocks == 0


def test_a_bus_hung_anywhere_in_any_byte_is_freed():
    clock = FakeClock()
    for byte in range(256):
        for sent in range(8):
            bits = [byte >> bit & 1 for bit in range(7 - sent, -1, -1)]
            bus = FakeHungBus(clock, bits)
            was_hanging = free_bus(bus.scl, bus.sda, clock)
            assert was_hanging == (bits[0] == 0)
            assert bus.free()
            assert bus.stopped or not was_hanging
            assert bus.clocks == (10 if was_hanging else 0)  # nine, and that of the STOP


def test_a_bus_that_stays_down_is_an_os_error():
    clock = FakeClock()
    for line in ("sda", "scl"):
        bus = FakeHungBus(clock, [], shorted=line)
        error = raises(OSError, free_bus, bus.scl, bus.sda, clock)
        assert error.args[0] == 5
        assert line.upper() in error.args[1]
    assert clock.us < 60000
