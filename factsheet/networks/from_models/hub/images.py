"""Make the image that a model looks at, in the layout that it takes: pixels, tiles, or patches with their grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.hub.building import PURPOSE
from factsheet.networks.from_models.hub.maker import VISION, InputMaker
from factsheet.networks.from_models.imports import need
from factsheet.networks.sizes import Size

if TYPE_CHECKING:
    from factsheet.networks.sizes import SizeOrigin

_SIDE = 224
_MAX_SIDE = 1 << 16


class ImageMaker(InputMaker):
    """Makes an image."""

    def looks(self) -> bool:
        """Return whether an image is part of an inference."""
        if self.main in {"pixel_values", "pixel_values_videos", "flattened_patches"}:
            return True
        return "pixel_values" in self.takes and any(
            self.part(name) is not None
            for name in ("vision_config", "image_config", "image_size", "vq_config", "image_encoder")
        )

    def reads(self) -> bool:
        """Return whether a model whose main input is an image reads text beside it, as captioning models do."""
        return self.part("text_config") is not None or self.part("qformer_config") is not None

    def several_images(self) -> bool:
        """Return whether images are a list, as in Idefics."""
        kind = str(getattr(self.config, "model_type", ""))
        return kind in {"idefics", "idefics2", "idefics3", "smolvlm"} or "pixel_attention_mask" in self.takes

    def add_image(self) -> None:
        """Make the image, of the size that was asked for or that the config states."""
        takes, torch = self.takes, self.torch
        high, wide, origin = self._sides()
        channels = self.number(("num_channels", "in_channels", "in_chans"), VISION, 3)
        if "image_grid_thw" in takes:
            self._patches(high, wide, channels)
        elif self.main == "flattened_patches":
            side = self.number(("patch_size",), VISION, 16)
            self.inputs["flattened_patches"] = self.empty(1, 2048, 2 + channels * side * side)
        elif "spatial_shapes" in takes:
            side = self.number(("patch_size",), VISION, 16)
            rows, cols = self._cut(high, wide, side)
            self.inputs["pixel_values"] = self.empty(1, rows * cols, channels * side * side)
            self.inputs["spatial_shapes"] = torch.tensor([[rows, cols]], device="cpu")
            self.inputs["pixel_attention_mask"] = torch.empty(1, rows * cols, dtype=torch.long, device="meta")
        else:
            self._pixels(high, wide, channels)
        self.sizes.append(Size("image", f"{high} x {wide}", origin))

    def _pixels(self, high: int, wide: int, channels: int) -> None:
        takes, torch = self.takes, self.torch
        frames = self.number(("num_frames", "frames_per_clip"), ("vision_config",), 0)
        name = self.main if self.main == "pixel_values_videos" else "pixel_values"
        shape: tuple[int, ...] = (1, channels, high, wide)
        if frames:
            shape = (1, frames, channels, high, wide)
            self.sizes.append(Size("frames", str(frames), "fixed in the file"))
        elif "aspect_ratio_ids" in takes:
            tiles = self.number(("max_num_tiles",), VISION, 4)
            shape = (1, 1, tiles, channels, high, wide)
            self.inputs["aspect_ratio_ids"] = torch.empty(1, 1, dtype=torch.long, device="meta")
            self.inputs["aspect_ratio_mask"] = torch.empty(1, 1, tiles, dtype=torch.long, device="meta")
        elif self.part("image_grid_pinpoints") is not None:
            shape = (1, self._tiles(high, wide), channels, *self._tile())
        elif self.several_images():
            shape = (1, 1, channels, high, wide)
        self.inputs[name] = self.empty(*shape)
        if "image_sizes" in takes and (self.part("image_grid_pinpoints") or "pixtral" in str(self.config)):
            self.inputs["image_sizes"] = torch.tensor([[high, wide]], device="cpu")
        if "interpolate_pos_encoding" in takes and self.run.image_size is not None:
            self.inputs["interpolate_pos_encoding"] = True
        if "pixel_mask" in takes and "input_ids" in takes:  # patches are chosen by it
            self.inputs["pixel_mask"] = torch.ones(1, high, wide, dtype=torch.long, device="cpu")
        if "task_inputs" in takes:
            length = self.number(("task_seq_len",), (), 77)
            self.inputs["task_inputs"] = torch.empty(1, length, device="meta")

    def _tile(self) -> tuple[int, int]:
        """Return the size that a vision tower takes, of an image that is cut into tiles."""
        side = self.number(("image_size",), ("vision_config",), 336)
        return side, side

    def _tiles(self, high: int, wide: int) -> int:
        """Return how many tiles an image is cut into, the whole image among them, as LLaVA-NeXT counts them."""
        counting = need("transformers.models.llava_next.modeling_llava_next", "hf", PURPOSE)
        pinpoints = self.part("image_grid_pinpoints")
        return int(counting.image_size_to_num_patches((high, wide), pinpoints, self._tile()[0]))

    def _patches(self, high: int, wide: int, channels: int) -> None:
        """Make the patches of an image as Qwen2-VL and its kin take them, and their grid, whose numbers are read."""
        side = self.number(("patch_size",), VISION, 14)
        merged = self.number(("spatial_merge_size",), VISION, 2)
        time = self.number(("temporal_patch_size",), VISION, 2)
        rows, cols = self._cut(high, wide, side * merged)
        rows, cols = rows * merged, cols * merged
        self.inputs["pixel_values"] = self.empty(rows * cols, channels * time * side * side)
        self.inputs["image_grid_thw"] = self.torch.tensor([[1, rows, cols]], device="cpu")

    def _cut(self, high: int, wide: int, side: int) -> tuple[int, int]:
        if high % side or wide % side:
            raise WorkloadError(
                f"an image of {high} x {wide} pixels is not made of patches of {side} x {side}",
                "the model takes whole patches",
                f"give a height and a width that {side} divides, such as {side * max(1, high // side)} x"
                f" {side * max(1, wide // side)}",
            )
        return high // side, wide // side

    def _sides(self) -> tuple[int, int, SizeOrigin]:
        if self.run.image_size is not None:
            return (*self.run.image_size, "asked")
        for part in self.parts(VISION):
            found = getattr(part, "image_size", None)
            if isinstance(found, dict):
                found = (found.get("height"), found.get("width"))
            sides = (found, found) if isinstance(found, int) else found
            if isinstance(sides, (list, tuple)) and len(sides) == 2 and all(_is_side(side) for side in sides):  # noqa: PLR2004
                return int(sides[0]), int(sides[1]), "fixed in the file"
        return _SIDE, _SIDE, "assumed"


def _is_side(side: object) -> bool:
    return isinstance(side, int) and not isinstance(side, bool) and 0 < side < _MAX_SIDE
