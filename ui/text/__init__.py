"""Every visible string of the page and of the HTTP API, Chinese and English side by side, a module for each part.

What an answer or a refusal says is not here but in ``qa.wording``: it belongs to the reply, in whatever language it was
asked.
"""

from __future__ import annotations

from collections import ChainMap
from typing import Final, Literal

from ui.text.access import ACCESS
from ui.text.asking import ASKING
from ui.text.documents import DOCUMENTS
from ui.text.evaluation import EVALUATION
from ui.text.evidence import EVIDENCE
from ui.text.frame import FRAME
from ui.text.library import LIBRARY

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
PARTS: Final = (FRAME, ASKING, EVIDENCE, DOCUMENTS, LIBRARY, EVALUATION, ACCESS)
TEXTS: Final = dict(ChainMap(*PARTS))
"""Both languages of each string by its key, which no two parts share."""
