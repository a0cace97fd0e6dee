"""A user's program that uses the whole face; a test type-checks it strictly and runs it."""

from __future__ import annotations

import sys
from pathlib import Path

import factsheet


def main(folder: Path) -> None:
    """Use every name of the face once."""
    sheet: factsheet.FactSheet = factsheet.load(folder / "bert.yaml")
    again = factsheet.loads(sheet.to_yaml(), name="again")
    assert again == sheet
    plain: dict[str, object] = sheet.model_dump(mode="json")
    assert factsheet.FactSheet.model_validate(plain) == sheet

    copied = sheet.model_copy(update={"purpose": None})
    assert copied.purpose is None
    changed = sheet.updated("parameters.power", "3.2 W")
    power = changed.parameters.power if changed.parameters is not None else None
    assert power is not None
    assert power.quantity is not None
    watts: float = power.quantity.value
    assert watts == 3.2
    file: Path = changed.save(folder / "changed.yaml")

    with factsheet.using_templates(folder / "edge-board.yaml"):
        assert factsheet.load(file) == changed  # a template is read where a sheet names it

    begun: str = factsheet.new(folder / "bert.yaml", name="begun", seq_len=32, batch=4).text
    assert begun.startswith("# yaml-language-server")

    settings = factsheet.Settings(select=("FS2",))
    found = [(one.rule_id, one.severity, one.place) for one in changed.check(settings)]
    found += [(one.rule_id, one.severity, one.place) for one in factsheet.check(file, settings=settings)]
    names: list[str] = [fact.name for fact in sheet.derive(factsheet.Request(seq_len=64), batch=2).facts]
    assert "analog_ops" in names

    page: str = sheet.render("html", role="data-scientist", options=factsheet.RenderOptions())
    assert "<html" in page
    tiles = sum(row.tiles or 0 for row in factsheet.inspect(sheet, depth=1).rows)
    rows = list(factsheet.sweep(folder / "bert.yaml", seq_len=[32, 64], batch="1:4:*2", hardware="ibm-2022"))
    chip = factsheet.profile(factsheet.profiles()[0])
    assert chip.geometry.rows.value > 0
    try:
        factsheet.FactSheet.from_data({"factsheet": 1})
    except factsheet.errors.InvalidSheetError as error:
        sys.stdout.write(f"{error.diagnostics().splitlines()[0]}\n")
    trust = factsheet.SigstoreTrust(
        identity="me", issuer="https://example.org", trusted_root=folder / "no.json"
    )
    for refused in (folder / "none", b"none"):
        try:
            if isinstance(refused, Path):
                signed: bytes = factsheet.attest(sheet, [refused])
                factsheet.add_signature(signed, sheet, [refused], signed_by=[refused])
            else:
                holds: bool = factsheet.verify(refused, sheet, sigstore=trust).holds
                assert not holds
        except (factsheet.errors.AttestationError, factsheet.errors.UsageError) as error:
            found.append(("", "error", error.help))  # no key, no envelope
    sys.stdout.write(f"{tiles} {len(rows)} {len(found)} {factsheet.__version__}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
