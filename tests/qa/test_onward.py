"""What is quoted below an answer, and which clause comes first: duties, tasks, notices, items beside, places."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.document_kinds import kinds_in
from qa.intent import Want, read_intent
from qa.library import Library
from qa.pointing import ITEMS_BESIDE
from qa.reply import Answer

BICYCLES = """云湖市共享单车管理规定

第一条 为了规范共享单车停放,制定本规定。
第二条 市城市管理局负责共享单车的监督管理。
第三条 运营企业应当履行下列管理义务:
(一)接到乱停放报告后,应当在两小时内清理;
(二)每月向市城市管理局报送投放数量。
第四条 骑行人不得在盲道上停放车辆。
第五条 运营企业未按本规定采取清理措施的,由市城市管理局责令改正,处五千元罚款。
第六条 骑行人违反本规定在盲道停放车辆的,由公安机关交通管理部门处五十元罚款。
第七条 本规定自2031年5月1日起施行。
"""

PLAN = """云湖市人民政府办公室关于印发《云湖市垃圾分类三年行动计划》的通知
云湖政办发〔2031〕15号

各区人民政府,市各委办局:
现将《云湖市垃圾分类三年行动计划》印发给你们,请认真贯彻执行。

云湖市人民政府办公室
2031年3月2日

云湖市垃圾分类三年行动计划

一、总体目标
到2033年,全市生活垃圾回收利用率达到45%,分类设施覆盖所有居民小区。

二、重点任务
(一)建设回收网络。每个街道设一个回收站,由国有企业统一运营,实现回收利用全程可查。
(二)加强宣传引导。每年组织一次分类宣传月活动。

三、保障措施
(一)落实经费。市财政每年安排专项资金两千万元。
"""

DISTRICTS = """云湖市各区科技小微企业认定条件

一、东湖区
(一)基本条件
1.企业注册成立两年以上,具有独立法人资格。
2.企业上年度营业收入一千万元以上,近两年主营业务收入年均增长百分之十以上。
3.以上第1、2项要求,对获得市级奖励的企业可以放宽百分之三十。
(二)评价指标
企业拥有三项以上发明专利。

二、西苑区
(一)基本条件
1.企业注册成立三年以上,具有独立法人资格。
2.企业上年度营业收入五百万元以上。
(二)评价指标
评价指标与东湖区要求相同。
"""


@pytest.fixture(scope="module")
def shelf_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("onward") / "store", load_encoder(), create=True) as opened:
        for name, text in (("单车.txt", BICYCLES), ("分类.txt", PLAN), ("各区.txt", DISTRICTS)):
            opened.ingest(parse_bytes(name, text.encode()), text.encode())
        yield opened


@pytest.fixture(scope="module")
def helper(shelf_store: Store) -> Assistant:
    return Assistant(shelf_store)


def cited(reply: object) -> list[str]:
    assert isinstance(reply, Answer)
    return ["›".join(citation.clause.path) for citation in reply.citations]


def test_a_penalty_without_an_article_number_brings_the_duty_whose_breach_it_punishes(helper: Assistant) -> None:
    found = cited(helper.ask("单车乱停放,运营企业没有清理,归谁处理?"))
    assert found[0].startswith("第五条")
    assert any(path.startswith("第三条") for path in found[1:])


def test_of_two_such_penalties_the_one_for_that_conduct_is_quoted(helper: Assistant) -> None:
    assert cited(helper.ask("把单车停在盲道上会怎么处理?"))[0].startswith("第六条")


def test_a_number_said_without_its_year_names_the_notice_and_the_plan_it_issues(shelf_store: Store) -> None:
    titles = Library(shelf_store).shelf().titles
    named = {titles.documents[m.doc_id].title for m in titles.mentions("云湖政办15号文发下来的计划")}
    assert "云湖市垃圾分类三年行动计划" in named
    assert not titles.mentions("云湖政办16号文发下来的计划")


def test_what_a_numbered_plan_says_comes_first_and_the_notice_that_has_the_number_below(helper: Assistant) -> None:
    reply = helper.ask("云湖政办发〔2031〕15号印发的计划,回收利用率要达到多少?")
    assert isinstance(reply, Answer)
    assert [citation.document.title for citation in reply.citations] == [
        "云湖市垃圾分类三年行动计划",
        "云湖市人民政府办公室关于印发《云湖市垃圾分类三年行动计划》的通知",
    ]
    assert "45%" in reply.text
    assert "问题所说的" in reply.text


def test_a_goal_asked_with_its_task_is_quoted_with_the_task(helper: Assistant) -> None:
    found = cited(helper.ask("回收利用率达到45%的目标,由哪条任务来落实?"))
    assert found[0].startswith("一、总体目标")
    assert any("(一)建设回收网络" in path for path in found[1:])


def test_items_that_a_clause_names_by_number_are_quoted_below_it(helper: Assistant) -> None:
    found = cited(helper.ask("东湖区获得市级奖励的企业,要求可以放宽百分之几?"))
    assert "3." in found[0]
    assert {path.rsplit("›", 1)[-1][:2] for path in found[1:]} == {"1.", "2."}


@pytest.mark.parametrize("fine", ["处五万元以上五十万元以下罚款", "以上款项", "上述要求"])
def test_an_amount_is_no_pointer_to_items(fine: str) -> None:
    assert ITEMS_BESIDE.search(fine) is None


def test_two_figures_of_one_clause_are_no_comparison(helper: Assistant) -> None:
    reply = helper.ask("东湖区企业,营收和增速各要多少?")
    assert isinstance(reply, Answer)
    assert "|" not in reply.text
    assert reply.citations[0].clause.path[-1].startswith("2.")


def test_places_side_by_side_are_compared_without_a_word_that_says_so(helper: Assistant) -> None:
    reply = helper.ask("西苑区跟东湖区,企业至少成立几年才行?")
    assert isinstance(reply, Answer)
    assert [citation.clause.path[0] for citation in reply.citations] == ["二、西苑区", "一、东湖区"]
    assert "三年" in reply.text
    assert "两年" in reply.text


def test_what_a_section_leaves_to_another_is_followed_and_not_its_other_lists(helper: Assistant) -> None:
    found = cited(helper.ask("西苑区看哪些评价指标?"))
    assert found == ["二、西苑区›(二)评价指标", "一、东湖区›(二)评价指标"]


def test_one_thing_is_no_list() -> None:
    assert not read_intent("有一项业务上了系统就够了吧?").has(Want.LIST)
    assert read_intent("有两项业务要上系统").count == 2


@pytest.mark.parametrize("question", ["总书记要求干部补什么课", "What did the Politburo speech ask for?"])
def test_a_speech_is_named_by_who_gives_it(question: str) -> None:
    assert "讲话" in kinds_in(question)
