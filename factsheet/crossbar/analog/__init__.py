"""The functional simulator: a torch module as it would run on noisy, drifting crossbars. Needs the extra `torch`."""

from factsheet.workload.traced.extras import need

need("torch", "torch", "simulating crossbars")

from factsheet.crossbar.analog.convert import (  # noqa: E402 - a missing torch is to be named before it is imported
    Conversion,
    Converted,
    LeftDigital,
    analog_layers,
    can_convert,
    conversion_of,
    to_analog,
)
from factsheet.crossbar.analog.converter import Converter  # noqa: E402
from factsheet.crossbar.analog.device import Device, IdealDevice  # noqa: E402
from factsheet.crossbar.analog.draws import Draws  # noqa: E402
from factsheet.crossbar.analog.errors import AnalogError, NotProgrammedError  # noqa: E402
from factsheet.crossbar.analog.hardware import AnalogHardware  # noqa: E402
from factsheet.crossbar.analog.ir_drop import IrDrop  # noqa: E402
from factsheet.crossbar.analog.layers import AnalogConv1d, AnalogConv2d, AnalogLayer, AnalogLinear  # noqa: E402
from factsheet.crossbar.analog.matrix import AnalogMatrix  # noqa: E402
from factsheet.crossbar.analog.network import at, calibrating, compensate, program  # noqa: E402
from factsheet.crossbar.analog.pcm import Pcm  # noqa: E402
from factsheet.crossbar.analog.reram import Reram  # noqa: E402

__all__ = [
    "AnalogConv1d",
    "AnalogConv2d",
    "AnalogError",
    "AnalogHardware",
    "AnalogLayer",
    "AnalogLinear",
    "AnalogMatrix",
    "Conversion",
    "Converted",
    "Converter",
    "Device",
    "Draws",
    "IdealDevice",
    "IrDrop",
    "LeftDigital",
    "NotProgrammedError",
    "Pcm",
    "Reram",
    "analog_layers",
    "at",
    "calibrating",
    "can_convert",
    "compensate",
    "conversion_of",
    "program",
    "to_analog",
]
