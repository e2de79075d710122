"""Contact: when the knees have left the block, when they are back, and when the block is carried away."""

from pulseblock.core.contact import Contact
from pulseblock.core.settings import Settings

STEP_MS = 10
HOLD_CN = 1500
DEGREE_Q13 = 143


class Felt:
    """What contact looks at, of force and of posture."""

    def __init__(self):
        self.hold = HOLD_CN
        self.reference = 5000
        self.value = HOLD_CN
        self.x = self.y = 0
        self.jolt = self
        self.rings = False


class Block:
    """A block that is felt step by step."""

    def __init__(self, lost_at=(0, 0), **settings):
        self.contact = Contact(Settings(**settings))
        self.felt = Felt()
        self.t_ms = (1 << 30) - 500  # the clock wraps meanwhile
        self.felt.x, self.felt.y = lost_at

    def feel(self, force_cn, duration_ms, degrees=(0, 0), rings=False):
        """Return after how long contact was back, None if it was not."""
        self.felt.value = force_cn
        self.felt.x, self.felt.y = degrees[0] * DEGREE_Q13, degrees[1] * DEGREE_Q13
        self.felt.rings = rings
        for ms in range(0, duration_ms, STEP_MS):
            self._tick()
            if self.contact.update(self.t_ms, self.felt, self.felt):
                return ms
        return None

    def carried(self, duration_ms, degrees=(0, 0), rings=False):
        """Return after how long the block was seen to be carried, None if it was not."""
        self.felt.x, self.felt.y = degrees[0] * DEGREE_Q13, degrees[1] * DEGREE_Q13
        self.felt.rings = rings
        for ms in range(0, duration_ms, STEP_MS):
            self._tick()
            if self.contact.is_carried(self.t_ms, self.felt):
                return ms
        return None

    def _tick(self):
        self.t_ms = (self.t_ms + STEP_MS) & 0x3FFFFFFF


def let_go(**settings):
    block = Block(**settings)
    block.feel(0, 50)
    return block


def test_contact_is_lost_below_15_per_cent_of_the_hold():
    for share_pct, lost in ((15, False), (14, True)):
        block = Block()
        block.feel(HOLD_CN * share_pct // 100, STEP_MS)
        assert block.contact.lost == lost
    block = Block(contact_pct=30)
    block.feel(HOLD_CN * 29 // 100, STEP_MS)
    assert block.contact.lost


def test_it_is_back_once_the_hold_is_felt_for_200_ms():
    for force_cn in (HOLD_CN, 4 * HOLD_CN, HOLD_CN - 250):  # less than the hold by 5 % of the reference
        block = let_go()
        assert block.feel(force_cn, 1000) == 200
        assert not block.contact.lost


def test_a_hold_half_as_firm_takes_800_ms_and_a_lighter_one_is_none():
    for force_cn in (HOLD_CN - 260, HOLD_CN // 2):
        assert let_go().feel(force_cn, 2000) == 800
    block = let_go()
    assert block.feel(HOLD_CN // 2 - 10, 5000) is None
    assert block.contact.lost


def test_what_comes_and_goes_begins_anew_each_time():
    block = let_go()
    for _ in range(5):
        assert block.feel(HOLD_CN, 190) is None
        assert block.feel(0, 20) is None
    for _ in range(5):
        assert block.feel(HOLD_CN // 2, 700) is None
        assert block.feel(0, 20) is None
    for _ in range(3):  # a hold half as firm goes on all the while
        assert block.feel(HOLD_CN, 190) is None
        assert block.feel(HOLD_CN // 2, 20) is None
    assert block.contact.lost


def test_nobody_holds_a_block_that_shakes_or_has_turned():
    assert let_go().feel(HOLD_CN, 3000, rings=True) is None
    assert let_go().feel(HOLD_CN, 3000, degrees=(0, 11)) is None
    assert let_go().feel(HOLD_CN, 3000, degrees=(-11, 0)) is None
    assert let_go().feel(HOLD_CN, 3000, degrees=(4, -5)) == 200


def test_a_block_that_has_turned_for_150_ms_is_carried():
    for degrees in ((11, 0), (0, -11), (6, 6)):
        assert let_go().carried(1000, degrees) == 150
    assert let_go().carried(5000, (4, -5)) is None


def test_so_is_one_that_shakes_for_longer_than_a_kick_rings():
    assert let_go().carried(2000, rings=True) == 700
    block = let_go()
    for _ in range(3):
        assert block.carried(690, rings=True) is None
        assert block.carried(50) is None
        assert block.carried(140, (11, 0)) is None
        assert block.carried(50) is None


def test_turning_is_meant_from_where_contact_was_lost_and_seen_anew_each_time():
    block = Block(lost_at=(20 * DEGREE_Q13, 0))
    block.feel(0, 50, degrees=(20, 0))
    assert block.carried(1000, (20, 5)) is None
    assert block.carried(140, (0, 0)) is None
    assert block.feel(HOLD_CN, 500, degrees=(20, 0)) == 200
    assert block.feel(0, 50, degrees=(0, 0)) is None  # lost once more, in another posture
    assert block.carried(1000, (5, 0)) is None
    assert block.carried(1000, (20, 0)) == 150
    block = let_go()
    assert block.carried(100, (11, 0), rings=True) is None
    assert block.feel(HOLD_CN, 500) == 200
    assert block.feel(0, 50) is None
    assert block.carried(1000, (11, 0)) == 150
