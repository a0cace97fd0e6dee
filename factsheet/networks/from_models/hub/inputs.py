"""Make the inputs of one inference of a transformers model: tokens, an image, sound, of the sizes asked for or stated.

What a model takes is read from the arguments of its `forward`, and the sizes from its config. Tensors have no data,
but for sizes that a model reads as numbers, such as the grid of patches of an image.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.hub.images import ImageMaker
from factsheet.networks.from_models.hub.maker import VISION
from factsheet.networks.from_models.hub.positions import position_limit
from factsheet.networks.from_models.hub.sound import SoundMaker
from factsheet.networks.from_models.tracing.tracer import Tracer
from factsheet.networks.sizes import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor, nn

    from factsheet.networks.family import Run
    from factsheet.networks.from_models.hub.maker import Inputs
    from factsheet.networks.from_models.hub.positions import PositionLimit
    from factsheet.networks.sizes import SizeOrigin


class MadeInputs(NamedTuple):
    """The named inputs of one inference, and the sizes that they have."""

    values: Inputs
    sizes: tuple[Size, ...]
    notes: tuple[str, ...] = ()


def make_inputs(module: nn.Module, run: Run, *, step: int | None = None) -> MadeInputs:
    """Make the named inputs of one sequence, by what `forward` takes.

    Args:
        module: the model, on the meta device.
        run: what an inference runs on.
        step: tokens that are decoded at once, after what is in a cache; all inputs if not given.

    Raises:
        WorkloadError: the model takes nothing that is known, or a size that was asked for does not fit it.
    """
    return _Maker(module, run).make(step)


class _Maker(ImageMaker, SoundMaker):
    """Makes text, and what goes with it."""

    def make(self, step: int | None) -> MadeInputs:
        """Make everything, or the tokens of one step."""
        takes, inputs = self.takes, self.inputs
        both = bool(getattr(self.config, "is_encoder_decoder", False))
        looks, listens = self.looks(), self.listens()
        if looks and step is None:
            self.add_image()
        if listens and step is None:
            self.add_sound()
        spoken = self.main in {"input_values", "input_features"} and "input_ids" not in takes
        if "input_ids" in takes and not (looks and self.main == "pixel_values" and not self.reads()):
            length = self._length(self._media_tokens() if step is None and not both else 0)
            length = length if both or step is None else step
            inputs["input_ids"] = self.tokens(length)
            self._more_of_text(length)
        if both and "decoder_input_ids" in takes:
            length = self._length(0) if "input_ids" not in inputs else inputs["input_ids"].shape[1]  # type: ignore[union-attr]
            inputs["decoder_input_ids"] = self.tokens(step or length)
        elif both and spoken and "decoder_input_values" in takes:
            bins = self.number(("num_mel_bins",), (), 80)
            inputs["decoder_input_values"] = self.empty(1, step or self._length(0), bins)
        self.add_series()
        if not inputs:
            raise WorkloadError(
                f"it is not known what {type(self.module).__name__} takes (its main input is `{self.main}`)",
                "operators are recorded by running the model on inputs of the right shapes",
                "name a package.module:callable that returns the model and its example inputs, or export it to ONNX",
            )
        if "use_cache" in takes:
            inputs["use_cache"] = False
        return MadeInputs(inputs, tuple(self.sizes), tuple(self.notes))

    def _length(self, media: int) -> int:
        """Return the tokens of a sequence; those of an image or of sound are among them."""
        limit = position_limit(self.module)
        if self.run.cache_length is not None:
            _check_positions(limit, self.run.cache_length + 1)
            self.sizes.append(Size("cached tokens", f"{self.run.cache_length:,}", "asked"))
            return self.run.seq_len
        length, asked = self.run.seq_len, "seq_len" in self.run.asked
        origin: SizeOrigin = "asked" if asked else "assumed"
        if media and length <= media:
            self.notes.append(
                f"image and sound make {media:,} tokens, more than a sequence of {length:,}: as many of text are"
                " taken beside them"
            )
            length += media
        if asked:
            _check_positions(limit, length)
        if limit is not None and length > limit.tokens:
            self.notes.append(
                f"a sequence of {limit.tokens:,} tokens is assumed, as many as the model has positions for"
            )
            length = limit.tokens
        self.sizes.append(Size("sequence length", f"{length:,}", origin))
        return length

    def _more_of_text(self, length: int) -> None:
        """Add what some models take beside tokens: places on a page, rotary positions that images would decide."""
        if "bbox" in self.takes:
            self.inputs["bbox"] = self.torch.empty(1, length, 4, dtype=self.torch.long, device="meta")
        if "image_grid_thw" in self.takes:
            self.inputs["position_ids"] = self.torch.empty(3, 1, length, dtype=self.torch.long, device="meta")
        if "token_type_ids" in self.takes and "pixel_values" in self.inputs:
            self.inputs["token_type_ids"] = self.torch.empty(1, length, dtype=self.torch.long, device="meta")
        if "cross_attention_mask" in self.takes and "pixel_values" in self.inputs:
            tiles = self.number(("max_num_tiles",), VISION, 4)
            mask = self.torch.empty(1, length, 1, tiles, dtype=self.torch.long, device="meta")
            self.inputs["cross_attention_mask"] = mask
        if "image_attention_mask" in self.takes and "pixel_values" in self.inputs and self.several_images():
            mask = self.torch.empty(1, length, 1, dtype=self.torch.long, device="meta")
            self.inputs["image_attention_mask"] = mask
        if "image_embeds_position_mask" in self.takes:
            mask = self.torch.empty(1, length, dtype=self.torch.long, device="meta")
            self.inputs["image_embeds_position_mask"] = mask
        if "qformer_input_ids" in self.takes:
            self.inputs["qformer_input_ids"] = self.tokens(length)

    def _media_tokens(self) -> int:
        """Return the tokens that an image or sound takes among those of the text, where it takes any."""
        total = 0
        names = (
            (
                "get_image_features",
                "pixel_values",
                ("image_token_id", "image_token_index", "media_placeholder_token_id"),
            ),
            ("get_audio_features", "input_features", ("audio_token_id", "audio_token_index")),
        )
        for function, name, marks in names:
            features = getattr(self.module, function, None)
            among = any(hasattr(self.config, mark) for mark in marks)
            for mark in marks:  # any token will do, since none of them has a number; old configs name none
                if name in self.inputs and getattr(self.config, mark, 0) is None:
                    setattr(self.config, mark, 0)
            if name in self.inputs and among:
                total += self._tokens_of(cast("Callable[..., object]", features or self._projected))
        return total

    def _tokens_of(self, features: Callable[..., object]) -> int:
        takes = inspect.signature(features).parameters
        given = {name: value for name, value in self.inputs.items() if name in takes or "given" in takes}
        stated = self.number(
            ("image_seq_length", "image_seq_len", "mm_tokens_per_image", "num_query_tokens"), (), 0
        )
        try:
            # Followed as a trace is, which answers what a model reads from tensors without data.
            with Tracer(self.module).running(), self.torch.device("meta"):
                found = features(**given)
        except Exception:  # noqa: BLE001 - any model's own code, which may read numbers that are not there
            return stated
        pooled = getattr(found, "pooler_output", None)
        module: Any = self.module  # every model of transformers has this method
        table = module.get_input_embeddings()
        width = int(getattr(table, "embedding_dim", 0))
        numbers = sum(tensor.numel() for tensor in self._flat(found if pooled is None else pooled))
        return numbers // width if width and numbers % width == 0 else stated

    def _projected(self, **given: object) -> object:
        """Run the whole model, and return what goes from a tower to the text."""
        found: list[object] = []
        handles = [
            part.register_forward_hook(lambda _part, _args, output: found.append(output))
            for name, part in self.module.named_modules()
            if name.rpartition(".")[2] == "multi_modal_projector"
        ]
        try:
            unknown = self.torch.randint(
                2, (1, self.run.seq_len), device="meta"
            )  # none is known to stand for sound
            self.module(**given, input_ids=unknown)
        finally:
            for handle in handles:
                handle.remove()
        return found

    def _flat(self, nested: object) -> Iterator[Tensor]:
        if isinstance(nested, self.torch.Tensor):
            yield cast("Tensor", nested)
        elif isinstance(nested, (list, tuple)):
            for item in nested:
                yield from self._flat(item)


def _check_positions(limit: PositionLimit | None, length: int) -> None:
    """Raise where a sequence is longer than the table of positions."""
    if limit is not None and length > limit.tokens:
        raise WorkloadError(
            f"a sequence of {length:,} tokens is longer than the model's {limit.tokens:,} positions",
            f"{limit.name} has one vector for each position, and none for more",
            f"give a sequence length of at most {limit.tokens:,}",
        )
