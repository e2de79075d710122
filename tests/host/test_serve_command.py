"""``pulseblock serve``: what it says when it cannot begin."""

import socket

from pulseblock_tools import cli
from pulseblock_tools.errors import BAD_INPUT


def test_a_port_that_is_taken_is_one_line_that_names_the_option(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        code = cli.main(["serve", "--virtual", "--web-port", taken, "--db", str(tmp_path / "training.db")])
    assert (code, *capsys.readouterr()) == (
        BAD_INPUT,
        "",
        f"pulseblock: port {taken}: Address already in use: choose another with --web-port\n",
    )
