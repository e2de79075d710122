"""The button held at power-on, on the whole block."""

from pulseblock_tools.virtual.block import VirtualBlock


def test_a_block_whose_button_is_held_starts_without_its_app() -> None:
    with VirtualBlock() as block:
        assert block.running
        block.computer.set_inputs(button=1)
        block.cut_power()
        block.power_on()
        assert not block.running
        assert block.computer.exec("print(1 + 1)").strip() == "2"
        block.computer.set_inputs(button=0)
        block.cut_power()
        block.power_on()
        assert block.running
