"""What values say already is not asked for again in words; what has no strength is not called acting."""

from __future__ import annotations

from typing import Any

from factsheet.authoring.implied_answers import implied_answers


def implied(**sections: Any) -> dict[str, Any]:
    return {".".join(map(str, one.path)): one.value for one in implied_answers(sections)}


def test_a_recipe_of_inference_answers_what_is_asked_in_words() -> None:
    found = implied(
        inference_methodology={
            "drift_compensation": {"value": "global", "source": "declared"},
            "output_noise": {"value": 0.06, "relative_to": "w_max"},
            "input_noise": 0,
            "devices": {
                "device": "phase-change memory (PCM)",
                "model": "PCMLikeNoiseModel",
                "programming_scale": 1.0,
                "read_scale": {"value": 0.0},
                "drift_scale": {"not_disclosed": "A reason."},
            },
        }
    )
    assert found == {
        "inference_methodology.non_idealities": ["programming noise", "ADC (output) noise"],
        "inference_methodology.compensation": "Drift: global compensation.",
        "inference_methodology.programming": "Simulated: the programming noise of PCMLikeNoiseModel, times 1.0.",
        "hardware.inference.technology": "phase-change memory (PCM)",
    }


def test_nothing_is_said_of_what_is_not_stated() -> None:
    assert implied() == {}
    assert implied(inference_methodology={"drift_compensation": {"not_disclosed": "A reason."}}) == {}
    assert implied(inference_methodology={"drift_compensation": "none"}) == {
        "inference_methodology.compensation": "Drift is not compensated."
    }
