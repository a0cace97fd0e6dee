"""Say a memory device as aihwkit's model of its noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.crossbar.functional.devices.hermes_pcm import HermesPcm, HermesPcmSingle
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.pcm_by_table import PcmByTable
from factsheet.crossbar.functional.devices.reram import Reram

if TYPE_CHECKING:
    from factsheet.crossbar.functional.devices.device import Device

_OF_PCM: dict[type[Pcm], str] = {
    Pcm: "PCMLikeNoiseModel",
    PcmByTable: "CustomDriftPCMLikeNoiseModel",
    HermesPcm: "HermesNoiseModel",
    HermesPcmSingle: "HermesNoiseModel",
}


def noise_model_of(device: Device, converter: dict[str, Any]) -> dict[str, Any] | None:
    """Return the toolkit's model of a device's noise as plain data; `None` where it has none.

    Args:
        device: of the hardware.
        converter: the toolkit's converter of weights into conductances.
    """
    if isinstance(device, Pcm) and type(device) in _OF_PCM:
        model: dict[str, Any] = {
            "class": _OF_PCM[type(device)],
            "g_converter": converter,
            "prog_noise_scale": device.programming,
            "read_noise_scale": device.read_noise,
            "drift_scale": device.drift_exponent,
            "t_0": device.t0_s,
            "t_read": device.t_read_s,
        }
        if isinstance(device, HermesPcm):
            model["num_devices"] = 1 if isinstance(device, HermesPcmSingle) else 2
        if isinstance(device, PcmByTable):
            model["custom_drift_model"] = {
                "g_lst": list(device.levels_us),
                "nu_mean_lst": list(device.drift_mean),
                "nu_std_lst": list(device.drift_spread),
            }
        return model
    if type(device) is Reram:
        return {"class": "ReRamWan2022NoiseModel", "g_converter": converter, "noise_scale": device.spread}
    return None
