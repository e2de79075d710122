"""Light and sound: RGB LED, WS2812 and buzzer."""

from fakes.clock import FakeClock
from fakes.expect import raises, without_heap
from fakes.pwm import FakePWM
from fakes.ws2812 import FakeWs2812

from pulseblock.drivers.buzzer import Buzzer
from pulseblock.drivers.gamma import gamma
from pulseblock.drivers.led import Led
from pulseblock.drivers.rgb import RgbLed
from pulseblock.drivers.ws2812 import Ws2812

RUNTIMES = ("cpython", "micropython", "installed")


def test_gamma_is_the_power_law():
    for level in range(256):
        assert abs(gamma(level) - 65535 * (level / 255) ** 2.2) < 600
    assert gamma(0) == 0
    assert gamma(255) == 65535


def test_gamma_grows_and_shows_the_dimmest_levels():
    before = -1
    for level in range(256):
        assert gamma(level) > before
        before = gamma(level)


def led(common_anode=False):
    channels = [FakePWM() for _ in range(3)]
    return channels, RgbLed(channels[0], channels[1], channels[2], common_anode)


def test_the_led_is_dark_until_told():
    channels, _ = led()
    assert [channel.duty for channel in channels] == [0, 0, 0]
    channels, _ = led(common_anode=True)
    assert [channel.duty for channel in channels] == [65535, 65535, 65535]


def test_the_led_does_not_flicker():
    channels, _ = led()
    assert all(channel.hz >= 200 for channel in channels)


def test_each_colour_has_its_channel():
    channels, lamp = led()
    lamp.light(255, 0, 0)
    assert [channel.duty for channel in channels] == [65535, 0, 0]
    lamp.light(0, 255, 0)
    assert [channel.duty for channel in channels] == [0, 65535, 0]
    lamp.light(0, 0, 255)
    assert [channel.duty for channel in channels] == [0, 0, 65535]


def test_a_common_anode_turns_the_duty_round():
    channels, lamp = led(common_anode=True)
    lamp.light(255, 100, 0)
    assert [channel.duty for channel in channels] == [0, 65535 - gamma(100), 65535]


def test_the_led_is_written_to_only_on_a_change():
    channels, lamp = led()
    lamp.light(1, 2, 3)
    writes = [channel.writes for channel in channels]
    lamp.light(1, 2, 3)
    assert [channel.writes for channel in channels] == writes
    lamp.light(1, 2, 4)
    assert [channel.writes for channel in channels] == [writes[0], writes[1], writes[2] + 1]


def test_light_allocates_nothing():
    channels, lamp = led()
    without_heap(lambda: lamp.light(10, 20, 30))
    assert channels[2].duty == gamma(30)


def test_every_output_allocates_nothing():
    pwm = FakePWM()
    lamp = Led(pwm)
    buzzer = Buzzer(FakePWM())
    clock = FakeClock()
    strip = Strip()
    row = Ws2812(strip, clock, strip.bitstream, 3)

    def show():
        lamp.light(10, 20, 30)
        buzzer.tone(2000)
        buzzer.tone(0)
        row.light(10, 20, 30)

    without_heap(show)
    assert pwm.duty == gamma(30)
    assert strip.sent == 2


class Strip:
    """Pixels that only count what they are sent; the fake ones keep it, on the heap."""

    def __init__(self):
        self.sent = 0

    def bitstream(self, _pin, _encoding, _timing, _data):
        self.sent += 1


def test_a_single_led_shows_how_bright_the_colour_is():
    for active_low in (False, True):
        pwm = FakePWM()
        lamp = Led(pwm, active_low)
        dark = 65535 if active_low else 0
        assert pwm.duty == dark
        assert pwm.hz >= 200
        for colour in ((200, 10, 20), (10, 200, 20), (10, 20, 200), (200, 200, 200)):
            lamp.light(0, 0, 0)
            assert pwm.duty == dark
            lamp.light(colour[0], colour[1], colour[2])
            assert abs(pwm.duty - dark) == gamma(200)


def test_a_single_led_is_written_to_only_on_a_change():
    pwm = FakePWM()
    lamp = Led(pwm)
    lamp.light(9, 9, 9)
    writes = pwm.writes
    lamp.light(9, 3, 0)
    assert pwm.writes == writes


def pixels(number=1):
    clock = FakeClock()
    strip = FakeWs2812(clock, number)
    return clock, strip, Ws2812(strip.pin, clock, strip.bitstream, number)


def test_pixels_are_dark_until_told():
    clock, strip, _ = pixels(2)
    clock.sleep_us(300)
    assert strip.colours == [(0, 0, 0)] * 2


def test_every_pixel_shows_the_colour():
    clock, strip, lamp = pixels(3)
    lamp.light(255, 128, 0)
    clock.sleep_us(300)
    assert strip.colours == [(255, gamma(128) >> 8, 0)] * 3


def test_frames_are_apart_however_fast_they_are_asked_for():
    clock, strip, lamp = pixels()
    for level in range(0, 256, 5):
        lamp.light(level, 255 - level, 255)
    clock.sleep_us(300)
    assert strip.colours == [(255, 0, 255)]


def test_pixels_are_sent_only_on_a_change():
    _, strip, lamp = pixels()
    lamp.light(9, 90, 200)
    sent = strip.sent
    lamp.light(9, 90, 200)
    assert strip.sent == sent


def test_pixels_need_a_number():
    clock = FakeClock()
    for number in (0, 65):
        strip = FakeWs2812(clock, number)
        error = raises(ValueError, Ws2812, strip.pin, clock, strip.bitstream, number)
        assert str(error).startswith("pixels:")


def test_the_buzzer_is_silent_until_told():
    pwm = FakePWM()
    Buzzer(pwm)
    assert pwm.duty == 0


def test_a_tone_sounds_until_silence():
    pwm = FakePWM()
    buzzer = Buzzer(pwm)
    buzzer.tone(2000)
    assert (pwm.hz, pwm.duty) == (2000, 32768)
    buzzer.tone(440)
    assert (pwm.hz, pwm.duty) == (440, 32768)
    buzzer.tone(0)
    assert pwm.duty == 0


def test_a_tone_that_goes_on_is_not_begun_again():
    pwm = FakePWM()
    buzzer = Buzzer(pwm)
    buzzer.tone(2000)
    writes = pwm.writes
    buzzer.tone(2000)
    assert pwm.writes == writes


def test_the_same_tone_after_silence_sounds_again():
    pwm = FakePWM()
    buzzer = Buzzer(pwm)
    for hz in (2000, 0, 10000, 100, 0, 2000):
        buzzer.tone(hz)
    assert (pwm.hz, pwm.duty) == (2000, 32768)


def test_a_tone_no_piezo_makes_is_refused_and_changes_nothing():
    pwm = FakePWM()
    buzzer = Buzzer(pwm)
    buzzer.tone(2000)
    for hz in (-1, 99, 10001):
        assert str(raises(ValueError, buzzer.tone, hz)).startswith("hz:")
    assert (pwm.hz, pwm.duty) == (2000, 32768)
