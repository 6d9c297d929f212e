"""ZIP archives that are the same bytes whenever they hold the same files."""

import os
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

# The earliest moment a ZIP can name: an archive made twice must not differ in its clock.
FIXED_MOMENT = (1980, 1, 1, 0, 0, 0)
UNIX = 3
READABLE = 0o644 << 16


class DuplicateName(ValueError):
    """Two files of an archive have the same name, if only in another case; `name` is it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"twice in one archive: {name}")
        self.name = name


def write_archive(path: Path, files: Iterable[tuple[str, Path]]) -> int:
    """Write a ZIP of (name, where the content lies), sorted by name, and return how many files.

    Nothing is compressed: PDFs are already, and the bytes must not depend on a zlib version. The
    archive is written beside its place and then renamed, so that no torn one is ever seen.
    Raises DuplicateName.
    """
    entries = sorted(files)
    seen: set[str] = set()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with ZipFile(temporary, "w", ZIP_STORED) as archive:
            for name, source in entries:
                if name.casefold() in seen:
                    raise DuplicateName(name)
                seen.add(name.casefold())
                info = ZipInfo(name, FIXED_MOMENT)
                info.create_system, info.external_attr = UNIX, READABLE
                archive.writestr(info, source.read_bytes())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return len(entries)
