"""What a user sees when something they gave is wrong, and the exit code a script sees."""

OK = 0
FAILED = 1
BAD_INPUT = 2
NO_BLOCK = 3
PORT_BUSY = 4
NO_PERMISSION = 5
WRONG_FIRMWARE = 6
LOST_CONNECTION = 7
RUNTIME_MISSING = 8
INTERRUPTED = 130

# what the help of `pulseblock` and of its commands says of each
EXIT_CODES = {
    OK: "done",
    FAILED: "the work itself failed, such as a damaged journal",
    BAD_INPUT: "a file, a setting or an option is wrong",
    NO_BLOCK: "no block found, or not the one asked for",
    PORT_BUSY: "another program holds the block's port",
    NO_PERMISSION: "you may not open the block's port",
    WRONG_FIRMWARE: "the block runs something these tools do not know",
    LOST_CONNECTION: "the block stopped answering",
    RUNTIME_MISSING: "Node or MicroPython for the virtual block is missing",
    INTERRUPTED: "stopped with Ctrl-C",
}

OF_EVERY_COMMAND = {OK, FAILED, BAD_INPUT, INTERRUPTED}
OF_A_BLOCK = {NO_BLOCK, PORT_BUSY, NO_PERMISSION, WRONG_FIRMWARE, LOST_CONNECTION}


class UserError(Exception):
    """Something outside the program is wrong; ``str()`` is the one line a user reads.

    The line says what is wrong and what to do.  ``exit_code`` is one of this module's constants.
    """

    def __init__(self, message: str, exit_code: int = BAD_INPUT) -> None:
        super().__init__(message)
        self.exit_code = exit_code
