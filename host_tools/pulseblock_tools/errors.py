"""What a user sees when something they gave is wrong, and the exit code a script sees."""

OK = 0
FAILED = 1  # the work itself failed (a damaged journal, a block that would not restart)
BAD_INPUT = 2  # a file, a setting or an option is wrong
NO_BLOCK = 3  # no block, or not the one asked for
PORT_BUSY = 4  # another program holds the port
NO_PERMISSION = 5  # the port may not be opened by this user
WRONG_FIRMWARE = 6  # the block runs something else, or a version these tools do not know
LOST_CONNECTION = 7  # the block stopped answering
RUNTIME_MISSING = 8  # Node or MicroPython for the virtual block cannot be had
INTERRUPTED = 130  # Ctrl-C


class UserError(Exception):
    """Something outside the program is wrong; ``str()`` is the one line a user reads.

    ``exit_code`` is one of this module's constants.
    """

    def __init__(self, message: str, exit_code: int = BAD_INPUT) -> None:
        super().__init__(message)
        self.exit_code = exit_code
