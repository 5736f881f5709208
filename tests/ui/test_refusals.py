from __future__ import annotations

import pytest

from qa.language import Language
from qa.wording import say
from ui.refusals import without_nearest


@pytest.mark.parametrize("language", list(Language))
def test_a_refusal_keeps_its_reason_and_loses_the_addresses_that_stand_below(language: Language) -> None:
    nearest = say("have_nearest", language, addresses="《柳河市绿色出行补贴办法》第二条、第三条")
    text = say("other_region", language, regions="桃源", sought="桃源的骑行补贴", have=nearest)
    shown = without_nearest(text)
    assert "桃源的骑行补贴" in shown
    assert "第二条" not in shown
    assert shown[-1] in "。."


def test_a_text_without_addresses_stays_as_it_is() -> None:
    text = say("not_covered", Language.ZH, sought="骑行", have=say("have_nothing", Language.ZH))
    assert without_nearest(text) == text
