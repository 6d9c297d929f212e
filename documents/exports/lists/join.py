"""Joining sheets with the letter before them: one page tree, one structure, one outline."""

from collections.abc import Sequence

import pikepdf

from documents.exports.lists import style
from documents.exports.lists.fonts import FontInUse
from documents.exports.lists.sheet import Entry, Sheet, Sheets
from documents.exports.lists.update import PdfUpdate, write_dictionary, write_text

# Of a text font: its glyphs are letters (not symbols).
_NONSYMBOLIC = 32


class JoinedLetter:
    """A letter of WeasyPrint as far as sheets are joined to it."""

    def __init__(self, update: PdfUpdate) -> None:
        self.update = update
        root = update.source.Root
        self.pages = [page.obj for page in update.source.pages]
        self.page_tree = root.Pages
        self.structure = root.StructTreeRoot
        self.document = self.structure.K[0]
        self._outlines = root.get("/Outlines")

    def begin(self, y: float) -> Sheet:
        """The rest of the letter's last page, from `y` on."""
        last = self.pages[-1]
        place = int(last.StructParents)
        bottom = style.FIRST_BOTTOM if len(self.pages) == 1 else style.BOTTOM
        return Sheet(last.objgen[0], place, y, bottom, self._list_owners(place))

    def finish(self, sheets: Sheets) -> bytes:
        """The whole file with its sheets; the page numbers are known only now."""
        sheets.close()
        self._write_font(sheets.regular, sheets.fonts[0])
        self._write_font(sheets.bold, sheets.fonts[1])
        count = len(self.pages) + len(sheets.written)
        for index, page in enumerate(self.pages):
            self._stamp(sheets, page, index, count)
        for index, written in enumerate(sheets.written, start=len(self.pages)):
            number = sheets.draw_page_number(index, count)
            self.update.put_stream(written.foot, number.encode())
        self._write_pages([written.number for written in sheets.written], count)
        self._write_structure(sheets)
        self._write_outline(sheets.entries)
        return self.update.finish()

    def _list_owners(self, place: int) -> list[str]:
        numbers = self.structure.ParentTree.Nums
        return [owner.unparse().decode() for owner in numbers[2 * place + 1]]

    def _stamp(self, sheets: Sheets, page: pikepdf.Object, index: int, count: int) -> None:
        """The letter's own page with its number, and with what was added to its last one."""
        added = sheets.draw_page_number(index, count)
        if index == len(self.pages) - 1:
            added = "".join(sheets.first.operators) + added
        # WeasyPrint leaves its own coordinates behind, so they are put between q and Q.
        before = self.update.add_stream(b"q\n")
        after = self.update.add_stream(f"\nQ\n{added}".encode())
        fonts = page.Resources.get("/Font", pikepdf.Dictionary())
        kept = "".join(f"{key} {font.unparse().decode()}" for key, font in fonts.items())
        resources = {"/Font": f"<<{kept}{sheets.font_entries}>>"}
        contents = page.Contents.unparse().decode()
        changed = {
            "/Contents": f"[{before} 0 R {contents} {after} 0 R]",
            "/Resources": write_dictionary(page.Resources, resources),
        }
        self.update.put(page.objgen[0], write_dictionary(page, changed))

    def _write_pages(self, new: Sequence[int], count: int) -> None:
        numbers = [*(page.objgen[0] for page in self.pages), *new]
        kids = " ".join(f"{number} 0 R" for number in numbers)
        changed = {"/Kids": f"[{kids}]", "/Count": str(count)}
        self.update.put(self.page_tree.objgen[0], write_dictionary(self.page_tree, changed))

    def _write_structure(self, sheets: Sheets) -> None:
        """The blocks behind those of the letter, and who owns the texts of each page."""
        blocks = [child.unparse().decode() for child in self.document.K]
        blocks += [f"{number} 0 R" for number in sheets.blocks]
        changed = {"/K": f"[{' '.join(blocks)}]"}
        self.update.put(self.document.objgen[0], write_dictionary(self.document, changed))
        owners = {place: self._list_owners(place) for place in range(len(self.pages))}
        owners[sheets.first.place] = sheets.first.owners
        numbers = [f"{place} [{' '.join(found)}]" for place, found in owners.items()]
        numbers += [f"{written.place} {written.owners} 0 R" for written in sheets.written]
        tree = self.structure.ParentTree.objgen[0]
        self.update.put(tree, f"<</Nums[{' '.join(numbers)}]>>")

    def _write_outline(self, entries: Sequence[Entry]) -> None:
        """Lines for the lists, as further children of the letter's own heading."""
        if self._outlines is None or not entries:
            return
        title = self._outlines.First
        parent, last = title.objgen[0], title.get("/Last")
        first = self.update.reserve(len(entries))
        numbers = range(first, first + len(entries))
        for at, (number, entry) in enumerate(zip(numbers, entries, strict=True)):
            before = numbers[at - 1] if at else (last.objgen[0] if last is not None else None)
            links = f"/Prev {before} 0 R" if before else ""
            links += f"/Next {number + 1} 0 R" if at < len(entries) - 1 else ""
            self.update.put(
                number,
                f"<</Title {write_text(entry.title)}/Parent {parent} 0 R{links}"
                f"/Dest[{entry.page} 0 R/XYZ 0 {entry.y:.2f} 0]>>",
            )
        if last is not None:
            self.update.put(last.objgen[0], write_dictionary(last, {"/Next": f"{first} 0 R"}))
        ends = {"/Last": f"{numbers[-1]} 0 R"} | (
            {"/First": f"{first} 0 R"} if last is None else {}
        )
        ends["/Count"] = str(int(title.get("/Count", 0)) + len(entries))
        self.update.put(parent, write_dictionary(title, ends))
        total = int(self._outlines.Count) + len(entries)
        changed = {"/Count": str(total)}
        self.update.put(self._outlines.objgen[0], write_dictionary(self._outlines, changed))

    def _write_font(self, font: FontInUse, number: int) -> None:
        """A composite font whose character codes are the glyphs' numbers (PDF 2.0, 9.7)."""
        face, cut = font.typeface, font.cut()
        name = f"/{cut.tag}+{face.name}"
        # Length1 is the length of the file as it is after unpacking.
        file = self.update.add_compressed(cut.file, f"/Length1 {cut.length}")
        text = self.update.add_compressed(cut.text_map)
        box = " ".join(map(str, face.box))
        descriptor = self.update.add(
            f"<</Type/FontDescriptor/FontName{name}/Flags {_NONSYMBOLIC}/FontBBox[{box}]"
            f"/ItalicAngle 0/Ascent {face.ascent}/Descent {face.descent}"
            f"/CapHeight {face.cap_height}/StemV {face.weight // 5}"
            f"/FontWeight {face.weight}/FontFile2 {file} 0 R>>"
        )
        glyphs = self.update.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont{name}/FontDescriptor {descriptor} 0 R"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/CIDToGIDMap/Identity/DW 0/W{cut.widths}>>"
        )
        self.update.put(
            number,
            f"<</Type/Font/Subtype/Type0/BaseFont{name}/Encoding/Identity-H"
            f"/DescendantFonts[{glyphs} 0 R]/ToUnicode {text} 0 R>>",
        )
