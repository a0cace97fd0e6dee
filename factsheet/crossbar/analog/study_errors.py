"""What can go wrong with a study or a training, in words for people."""

from __future__ import annotations

from factsheet.crossbar.analog.errors import AnalogError


class StudyError(AnalogError):
    """A study or a training that can not be carried out as asked."""

    def __reduce__(self) -> tuple[type[StudyError], tuple[str, str, str]]:
        # Without it, an exception from another process would arrive without its second and third part.
        return type(self), (self.message, self.why, self.help)
