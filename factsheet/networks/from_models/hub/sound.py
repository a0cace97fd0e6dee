"""Make the sound that a model hears: samples, or frames of a spectrogram; and the past of a time series."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from factsheet.networks.from_models.hub.maker import AUDIO, InputMaker
from factsheet.networks.sizes import Size

if TYPE_CHECKING:
    from factsheet.networks.sizes import SizeOrigin

_AUDIO_SAMPLES = 16_000
"""One second at the rate that speech models are trained at."""
_FRAMES = 1_000
"""Ten seconds of sound, in frames of 10 ms."""


class SoundMaker(InputMaker):
    """Makes sound, or another signal over time."""

    def listens(self) -> bool:
        """Return whether sound is part of an inference."""
        if self.main in {"input_values", "input_features"}:
            return True
        return "input_features" in self.takes and any(self.part(name) is not None for name in AUDIO)

    def add_sound(self) -> None:
        """Make the sound, of the length that was asked for, that the config fixes, or of a second."""
        torch = self.torch
        bins = self.number(("num_mel_bins", "n_mels", "mel_bins", "input_feat_size"), AUDIO, 0)
        asked = "seq_len" in self.run.asked and "input_ids" not in self.takes
        positions = self.number(("max_source_positions",), AUDIO, 0)
        if self.main == "input_values" and bins and self.number(("max_length",), AUDIO, 0):
            frames = self.number(("max_length",), AUDIO, 0)  # a spectrogram as an image, of one size
            self.inputs["input_values"] = self.empty(1, frames, bins)
            self.sizes.append(Size("frames", f"{frames:,}", "fixed in the file"))
        elif self.main == "input_values":
            samples = self.run.seq_len if asked else _AUDIO_SAMPLES
            channels = self.number(("audio_channels",), (), 0)
            codes = self.number(
                ("codebook_size",), (), 0
            )  # an audio codec has channels, others a row of samples
            wave = (1, channels or 1, samples) if codes else (1, samples)
            self.inputs["input_values"] = self.empty(*wave)
            self.sizes.append(Size("samples", f"{samples:,}", "asked" if asked else "assumed"))
        else:
            dim = self.number(
                ("feature_projection_input_dim", "input_feat_per_channel", "input_dim"), AUDIO, 0
            )
            free = asked and not getattr(self.config, "is_encoder_decoder", False)
            shape: tuple[int, ...]
            if positions and bins and not dim:
                frames, origin, shape = 2 * positions, "fixed in the file", (1, bins, 2 * positions)
            else:
                frames, origin = (self.run.seq_len, "asked") if free else (_FRAMES, "assumed")
                shape = (1, frames, dim or bins or 80)
            spectrum = self.number(
                ("spec_size",), AUDIO, 0
            )  # of a square image that the spectrogram is folded into
            if spectrum and bins:
                frames, origin, shape = (
                    spectrum * spectrum // bins,
                    "fixed in the file",
                    (1, 1, spectrum**2 // bins, bins),
                )
            if "is_longer" in self.takes:
                self.inputs["is_longer"] = torch.zeros(1, 1, dtype=torch.bool, device="cpu")
            self.inputs["input_features"] = self.empty(*shape)
            self.sizes.append(Size("frames", f"{frames:,}", cast("SizeOrigin", origin)))
            for name in ("feature_attention_mask", "input_features_mask"):
                if name in self.takes:
                    kind = torch.bool if name == "input_features_mask" else torch.long
                    self.inputs[name] = torch.ones(1, frames, dtype=kind, device="cpu")

    def add_series(self) -> None:
        """Make the past of a time series."""
        if self.main != "past_values":
            return
        stated = self.number(("context_length",), (), 0)
        length = stated or self.run.seq_len
        channels = self.number(("num_input_channels", "input_size"), (), 1)
        self.inputs["past_values"] = self.empty(1, length, channels)
        origin: SizeOrigin = "fixed in the file" if stated else self.run.origin("seq_len")
        self.sizes.append(Size("time steps", f"{length:,}", origin))
