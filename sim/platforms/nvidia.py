"""NVIDIA's driver: the library of this system, and the kinds of arguments that its functions take."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

Int, Unsigned, Byte = ctypes.c_int, ctypes.c_uint, ctypes.c_ubyte
Size, Pointer = ctypes.c_size_t, ctypes.c_uint64
"""`Pointer`: into the memory of a GPU."""

Handle = ctypes.c_void_p
Text = ctypes.c_char_p
by_reference, text = ctypes.byref, ctypes.create_string_buffer


def driver() -> Any:
    """The driver, None where there is none."""
    try:
        return ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
