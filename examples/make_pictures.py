"""Pictures for docs/voor-verkoop.md from the filled-in example plan, as LibreOffice prints it.

    python examples/make_pictures.py [OUTDIR]

Needs LibreOffice with python3-uno, and poppler-utils. The sheet of source lines comes from the button itself, pressed
in the LibreOffice that the tests use.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "examples"), str(ROOT / "tests" / "support")]

from fill_example import filled_plan  # noqa: E402  # after the path above

from workbook_builder.saved.book import SavedBook  # noqa: E402
from workbook_builder.summary import LOCALES, SETTINGS, libreoffice, with_only  # noqa: E402
from workbook_builder.template.loader import load_template  # noqa: E402
from workbook_builder.workbook.renderer import render  # noqa: E402

DOTS = 110  # to the inch
POINTS = 72
DRILLED = "analysis.sales_vv.revenue"


class Picture(NamedTuple):
    """A part of the first page with these words: from the left and the top, width and height, in points."""

    name: str
    words: str
    left: int
    top: int
    width: int
    height: int


PICTURES = (
    Picture("kleuren", "Zo gebruik je dit plan", 25, 85, 550, 270),
    Picture("doelen", "Groei voor het voorstel", 25, 250, 800, 295),
    Picture("controles", "Alle aanbevolen kolommen", 25, 30, 800, 310),
    Picture("evaluatie", "Nu Q1", 25, 245, 575, 175),
)


def printed(workbook: Path, work: Path) -> Path:
    """The PDF of every sheet, with numbers as in Dutch."""
    user = work / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS.format(locale=LOCALES["nl"]), "utf-8")
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    command = [libreoffice(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(workbook)]
    subprocess.run(command, check=True, capture_output=True)
    return work / f"{workbook.stem}.pdf"


def drilled(workbook: Path, work: Path) -> Path:
    """The workbook with the sheet that the button makes for the revenue of the first product group, and no other."""
    from office_engine import NAME, OfficeProtection, new_app

    from addin import host, macros
    from addin.live_book import LiveBook

    host.HOSTS[NAME] = OfficeProtection()
    app = new_app()
    try:
        book = app.books.open(str(workbook))
        live = LiveBook(book)
        place = live.locate([DRILLED])[DRILLED]
        live.select(place.sheet, place._replace(rows=1).address)
        before = {sheet.name for sheet in book.sheets}
        macros.drill_down(live)
        [new] = {sheet.name for sheet in book.sheets} - before
        book.save(str(work / "saved.xlsx"))
    finally:
        app.quit()
    alone = SavedBook((work / "saved.xlsx").read_bytes(), "saved.xlsx")
    part = alone.sheets[new]
    for old, wide in ((b'fitToPage="false"', b'fitToPage="true"'), (b'"portrait"', b'"landscape"')):
        alone.package.put(part, alone.package.part(part).replace(old, wide))
    styles = next(name for name in alone.package if name.endswith("styles.xml"))
    english = b"[$-409]"  # LibreOffice keeps the language in which the button gave a number format; Excel does not
    alone.package.put(styles, alone.package.part(styles).replace(english, b""))
    (work / "drilled.xlsx").write_bytes(with_only(alone, new))
    return work / "drilled.xlsx"


def page_with(pdf: Path, words: str) -> int:
    """The number of the first page with these words, from 1."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    plain = [" ".join(page.split()) for page in text.split("\f")]
    return next(number for number, page in enumerate(plain, 1) if words in page)


def cut(pdf: Path, picture: Picture, out: Path) -> None:
    """Write a part of a page as PNG."""
    box = [round(size * DOTS / POINTS) for size in (picture.left, picture.top, picture.width, picture.height)]
    page = str(page_with(pdf, picture.words))
    where = [word for pair in zip(("-x", "-y", "-W", "-H"), map(str, box), strict=True) for word in pair]
    target = out / picture.name
    subprocess.run(
        ["pdftoppm", "-r", str(DOTS), "-f", page, "-l", page, "-singlefile", "-png", *where, pdf, target], check=True
    )


def main(out: Path) -> None:
    """Write every picture to `out`."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        workbook = work / "plan.xlsx"
        workbook.write_bytes(render(load_template(), filled_plan("nl")))
        pdf = printed(workbook, work)
        for picture in PICTURES:
            cut(pdf, picture, out)
        lines = printed(drilled(workbook, work), work)
        cut(lines, Picture("onderbouwing", "Bronregels achter", 50, 60, 740, 230), out)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
