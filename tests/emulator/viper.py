"""The RP2040's own code of a module compiled as viper, run on a bare RP2040 by the rules of MicroPython.

Of MicroPython there is only what such code calls: conversions of arguments and results, and divisions.
Layouts: py/persistentcode.c, py/emitnative.c, py/nativeglue.h and py/objfun.h of MicroPython 1.29.
"""

from __future__ import annotations

from array import array

from emulator.chip import RAM, bare_chip

_CODE = RAM + 0x4000
_SELF, _CONTEXT, _OBJECTS, _TABLE = RAM + 0x100, RAM + 0x120, RAM + 0x140, RAM + 0x200
_GLUE = RAM + 0x1000  # an address for each entry of the table: what is called there is done here
_ARGUMENTS, _MEMORY, _STACK = RAM + 0x800, RAM + 0x8000, RAM + 0x40000
_BACK = RAM + 0x2000
_ENTRIES = 64
_TO_NATIVE, _TO_OBJECT, _FLOOR_DIVIDE = 3, 4, 46  # mp_fun_kind_t
_NATIVE, _VIPER = 3, 4  # kinds of code
_NS_A_CYCLE = 8
_MOST = 100_000  # instructions

Memory = bytearray | array  # type: ignore[type-arg]


class ViperModule:
    """The functions of a .mpy, by their place in its source; `call` runs one."""

    def __init__(self, mpy: bytes) -> None:
        self._chip = bare_chip()
        self._put(_SELF, 0, _CONTEXT)
        self._put(_CONTEXT, 0, 0, 0, _OBJECTS)
        self._put(_OBJECTS, _TABLE)
        self._put(_TABLE, *(_GLUE + 4 * entry | 1 for entry in range(_ENTRIES)))
        self.divisions = 0
        self._starts = []
        at = _CODE
        for code in _Reader(mpy).functions():
            self._starts.append(at)
            self._write(at, code)
            at += len(code) + 3 & ~3

    def call(self, function: int, *arguments: int | Memory) -> int:
        """Return the result, an integer or what stands for None; memory is changed in place."""
        at = _MEMORY
        places: list[tuple[int, Memory]] = []
        words = []
        for argument in arguments:
            if isinstance(argument, int):
                words.append(argument << 1 | 1)
                continue
            self._write(at, bytes(argument))
            places.append((at, argument))
            words.append(at)
            at += len(bytes(argument)) + 3 & ~3
        self._put(_ARGUMENTS, *words)
        registers = self._chip.core.registers
        registers[0], registers[1], registers[2], registers[3] = _SELF, len(arguments), 0, _ARGUMENTS
        registers[13], registers[14] = _STACK, _BACK | 1
        self._run(self._starts[function])
        for at, memory in places:
            changed = bytes(self._chip.read_uint8(at + i) for i in range(len(bytes(memory))))
            memory[:] = (
                bytearray(changed) if isinstance(memory, bytearray) else array(memory.typecode, changed)
            )
        return _signed(registers[0]) >> 1

    def _run(self, start: int) -> None:
        core = self._chip.core
        core.pc = start
        for _ in range(_MOST):
            if core.pc == _BACK:
                return
            if _GLUE <= core.pc < _GLUE + 4 * _ENTRIES:
                core.registers[0] = self._glue((core.pc - _GLUE) // 4, *core.registers[:2]) & 0xFFFFFFFF
                core.pc = core.registers[14] & ~1
            else:
                self._chip.clock.tick(core.execute_instruction() * _NS_A_CYCLE)
        raise TimeoutError(f"no end, at 0x{core.pc:08x}")

    def _glue(self, entry: int, first: int, second: int) -> int:
        if entry == _TO_NATIVE:
            return _signed(first) >> 1 if first & 1 else first
        if entry == _TO_OBJECT:
            return first << 1 | 1
        assert entry == _FLOOR_DIVIDE, f"entry {entry} of mp_fun_table"
        self.divisions += 1
        return _signed(first) // _signed(second)

    def _put(self, at: int, *words: int) -> None:
        for i, word in enumerate(words):
            self._chip.write_uint32(at + 4 * i, word & 0xFFFFFFFF)

    def _write(self, at: int, data: bytes) -> None:
        for i, byte in enumerate(data):
            self._chip.write_uint8(at + i, byte)


class _Reader:
    """Reads a .mpy."""

    def __init__(self, data: bytes) -> None:
        assert data[:2] == b"M\x06"
        self._data = data
        self._at = 4

    def functions(self) -> list[bytes]:
        """The code of every function that the module defines."""
        names, objects = self._number(), self._number()
        for _ in range(names):
            length = self._number()
            if not length & 1:
                self._at += (length >> 1) + 1
        for _ in range(objects):
            kind = self._take(1)[0]
            if kind:
                self._take(self._number() + 1)
        _, inside = self._code()
        return inside

    def _code(self) -> tuple[bytes, list[bytes]]:
        head = self._number()
        kind = (head & 3) + 2
        assert kind in (_NATIVE, _VIPER)
        code = self._take(head >> 3)
        self._number()  # where the prelude is, or the scope's flags
        children = [self._code() for _ in range(self._number() if head & 4 else 0)]
        return code, [code for code, _ in children]

    def _number(self) -> int:
        number = 0
        while True:
            byte = self._take(1)[0]
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                return number

    def _take(self, length: int) -> bytes:
        self._at += length
        return self._data[self._at - length : self._at]


def _signed(word: int) -> int:
    return word - (1 << 32) if word & 0x80000000 else word
