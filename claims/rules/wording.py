"""Text that looks like health data where none belongs: notes, references, questions.

A warning for who writes, not a lock: names and house numbers may look alike.
"""

import re

# ICD-10-GM: a letter, two digits, up to two more after a point, marks of certainty and kind.
_CODE = re.compile(
    r"(?<![\w.,/-])(?:[A-Z]\d\d(?:\.\d{1,2}|\.-)?|[a-z]\d\d\.\d{1,2})[!*+†]?(?![\w/-])(?!\.\d)"
)
# Parts of words that name illnesses, findings and treatments; German joins words freely.
_STEMS = (
    "abhängigkeitserkrank", "alkoholi", "angststörung", "arthrit", "arthros", "asthma",
    "bandscheibe", "beinbruch", "bipolar", "bluthochdruck", "borderline", "bronchi", "burn-out",
    "burnout", "chemotherap", "corona", "covid", "demenz", "depress", "diabet", "diagnos",
    "entzugsklinik", "entzündung", "epilep", "fibromyalg", "fraktur", "gastrit", "grippe",
    "hepatit", "herzinfarkt", "hexenschuss", "influenza", "karzinom", "knochenbruch",
    "leukämie", "lungenembol", "lymphom", "meniskus", "metasta", "migräne", "neuros",
    "panikattacke", "panikstörung", "parkinson", "psychiatr", "psychos", "psychotherap",
    "pneumon", "rheuma", "schizophren", "schlaganfall", "schwanger", "sklerose", "suchterkrank",
    "suchtklinik", "suizid", "syndrom", "thrombos", "tinnitus", "tumor", "unterleib",
    "addiction", "alcoholi", "anxiety", "appendic", "cancer", "dementia", "fracture",
    "heart attack", "hypertension", "leukaemia", "leukemia", "migraine", "pregnan", "sclerosis",
    "slipped disc", "suicid", "surgery",
)  # fmt: skip
# Short ones only as words of their own, or at the end of one.
_WORDS = re.compile(r"(?<!\w)(?:AIDS|HIV|MS-Schub|PTBS|PTSD)(?!\w)|\w*krebs(?!\w)", re.IGNORECASE)
_STEM = re.compile(
    rf"[\w-]*(?:{'|'.join(re.escape(stem) for stem in _STEMS)})[\w-]*", re.IGNORECASE
)


def find_medical_text(text: str) -> tuple[str, ...]:
    """What in a text looks like health data, as it is written there; empty: nothing.

    Codes like those of the ICD, and words from a short German and English list.
    """
    found = {
        match.start(): match.group()
        for pattern in (_STEM, _WORDS, _CODE)
        for match in pattern.finditer(text)
    }
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))
