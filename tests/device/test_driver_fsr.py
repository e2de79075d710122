"""FSR: from the ADC's reading to newtons on the block."""

from fakes.adc import FakeADC
from fakes.expect import raises, without_heap

from pulseblock.drivers.fsr import FSR, FSR_406
from pulseblock.drivers.table import interpolate

LINEAR = ((0, 0), (20000, 20000))  # 0.1 uS is 0.01 N


def divider(conductance, r_ohm=1000):
    """What the ADC sees of an FSR of ``conductance`` (0.1 uS): Q16 of the supply."""
    return conductance * r_ohm * 65536 // (conductance * r_ohm + 10000000)


def force(conductance, table=LINEAR, r_ohm=1000, plate=1, **adc):
    return FSR(FakeADC(divider(conductance, r_ohm), **adc), r_ohm, table, plate).read()


def test_no_touch_is_no_force():
    assert force(0) == 0
    assert force(0, FSR_406) == 0


def test_force_follows_conductance_over_the_whole_table():
    for conductance in range(100, 20000, 331):
        assert abs(force(conductance) - conductance) <= 20 + conductance // 100


def test_the_divider_resistor_is_accounted_for():
    for r_ohm in (1000, 2200, 4700, 10000):
        for conductance in (200, 1000, 3000):
            assert abs(force(conductance, r_ohm=r_ohm) - conductance) <= 20 + conductance // 100


def test_the_typical_curve_goes_through_its_points():
    for conductance, newtons in FSR_406[1:-1]:
        assert abs(force(conductance, FSR_406) - newtons) <= 5 + newtons // 50


def test_the_typical_curve_is_that_of_the_data_sheet():
    for ohm, grams in (
        (30000, 20),
        (10000, 50),
        (6000, 100),
        (3500, 250),
        (1250, 1000),
        (750, 2000),
        (450, 4000),
    ):
        newtons = grams * 981 // 1000
        assert abs(interpolate(FSR_406, 10000000 // ohm) - newtons) <= 2 + newtons // 50


def test_force_never_falls_as_the_voltage_rises():
    adc = FakeADC(noise=0)
    sensor = FSR(adc, plate=16)
    before = -1
    for ratio in range(0, 65536, 16):
        adc.ratio = ratio
        now = sensor.read()
        assert now >= before
        before = now


def test_the_plate_carries_its_share():
    assert abs(force(8000, FSR_406, plate=16) - 16 * 981) <= 16 * 20


def test_more_than_16_bits_of_force_is_the_end_of_the_scale():
    assert force(15000, ((0, 0), (10000, 10000), (20000, 20000)), plate=100) == 65535


def test_saturation_is_flagged_and_over_when_it_is_over():
    adc = FakeADC(divider(20000))
    sensor = FSR(adc)
    sensor.read()
    assert not sensor.saturated
    adc.ratio = divider(23000)
    assert sensor.read() == 3923
    assert sensor.saturated
    adc.ratio = 65536  # a short
    assert sensor.read() == 3923
    assert sensor.saturated
    adc.ratio = divider(13000)
    sensor.read()
    assert not sensor.saturated


def test_the_end_of_the_adc_is_an_end_too():
    """With a large resistor the scale ends before the curve does."""
    adc = FakeADC(63000)
    sensor = FSR(adc, 100000)
    assert sensor.read() < 400
    assert not sensor.saturated
    adc.ratio = 64000
    assert sensor.read() == 3923
    assert sensor.saturated


def test_the_steps_of_the_adc_cost_little():
    """Errata RP2040-E11; which of two neighbouring codes is wide differs between descriptions."""
    for wide_codes in ((511, 1535, 2559, 3583), (512, 1536, 2560, 3584)):
        for ratio in range(300, 65200, 97):
            level = FSR(FakeADC(ratio, noise=3, wide_codes=wide_codes)).read_level()
            assert abs(level - ratio) < 65536 * 15 // 10000


def test_the_mean_passes_a_wide_code_where_a_single_reading_sticks():
    single, mean = set(), set()
    for ratio in range(24410, 24730, 16):  # the third wide code, ten codes across
        single.add(FakeADC(ratio, noise=0).read_u16())
        mean.add(FSR(FakeADC(ratio, noise=3)).read_level())
    assert len(mean) > 14
    assert len(single) < 14


def test_sixteen_conversions_a_reading():
    adc = FakeADC(30000)
    FSR(adc).read()
    assert adc.reads == 16


def test_oversampling_quietens_noise():
    single, mean = set(), set()
    adc = FakeADC(30000, noise=8)
    sensor = FSR(adc)
    for _ in range(50):
        single.add(adc.read_u16())
        mean.add(sensor.read_level())
    assert max(mean) - min(mean) < (max(single) - min(single)) // 2


def test_reading_allocates_nothing():
    sensor = FSR(FakeADC(30000), plate=16)
    assert without_heap(sensor.read) > 0


def test_bad_settings_are_named():
    adc = FakeADC()
    for r_ohm in (999, 100001, 0, -1):
        assert str(raises(ValueError, FSR, adc, r_ohm)).startswith("r_ohm:")
    for plate in (0, 101):
        assert str(raises(ValueError, FSR, adc, 1000, FSR_406, plate)).startswith("plate:")
    for table in (((0, 0),), ((0, 0), (0, 5)), ((5, 0), (4, 9)), ((0, 0), (100000, 65535))):
        assert str(raises(ValueError, FSR, adc, 1000, table)).startswith("table:")
