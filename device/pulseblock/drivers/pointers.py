"""Names for the types of `kernel`'s arguments: viper knows them by itself, and nothing else looks at them."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    ptr8 = bytearray
    ptr16 = array[int]
    ptr32 = array[int]
else:
    ptr8 = ptr16 = ptr32 = None
