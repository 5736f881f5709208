"""What is read off a question: language, intent, names, places, terms, follow-ups, slips."""

import os
import subprocess
import sys
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import Kind, PolicyDocument, Status
from qa.document_names import title_core
from qa.followup import make_standalone
from qa.intent import Want, read_intent
from qa.language import Language, detect, plain
from qa.lexicon import everyday
from qa.places import labels_in, places_in, regions_in, years_in
from qa.spelling import Speller
from qa.terms import in_chinese_words, question_terms, quoted
from qa.titles import Titles
from qa.wordcounts import WordCounts


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("补贴多少钱?", Language.ZH),
        ("補貼多少錢?", Language.HANT),
        ("How much is the subsidy?", Language.EN),
        ("5G和AI怎么补?", Language.ZH),
        ("What does “产业链” mean?", Language.EN),
        ("", Language.ZH),
    ],
)
def test_language_is_that_of_the_words(question: str, language: Language) -> None:
    assert detect(question) is language


@pytest.mark.parametrize(
    ("question", "want"),
    [
        ("每台补多少钱?", Want.AMOUNT),
        ("占比达到几成?", Want.PERCENT),
        ("哪天开始施行?", Want.DATE),
        ("逾期几天不受理,期限是多久?", Want.DURATION),
        ("这个通知的文号是什么?", Want.DOCUMENT_NUMBER),
        ("由哪个部门负责?", Want.BODY),
        ("申请要满足哪些条件?", Want.LIST),
        ("什么是家用电器?", Want.DEFINITION),
        ("骗补贴怎么罚?", Want.PENALTY),
        ("怎么申请,走什么流程?", Want.PROCEDURE),
        ("二级能效也能补吗?", Want.YES_NO),
        ("东湖区和西湖区的补贴有什么不同?", Want.COMPARISON),
        ("为什么要设保证金?", Want.REASON),
    ],
)
def test_intent_is_read_off_the_question_word(question: str, want: Want) -> None:
    assert want in read_intent(question).wants


def test_number_of_things_asked_for_is_read() -> None:
    assert read_intent("给了哪四条建议?").count == 4
    assert read_intent("哪三类企业可以申报?").count == 3
    assert read_intent("哪些企业可以申报?").count is None


def test_which_few_is_no_amount() -> None:
    assert Want.COUNT not in read_intent("哪几个区可以申报?").wants


def test_regions_are_found_by_short_and_paired_names() -> None:
    assert regions_in("浙江省和内蒙古") == ("浙江", "内蒙古")
    assert regions_in("川渝比一比") == ("四川", "重庆")


def test_year_inside_a_document_number_is_no_year() -> None:
    assert years_in("云政发〔2031〕12号在2029年印发") == (2029,)
    assert years_in("二〇二一年") == (2021,)


@pytest.mark.parametrize("printed", ["第四十五条", "第45条", "第４５条", "Article 45"])
def test_article_is_found_however_it_is_printed(printed: str) -> None:
    label = labels_in(f"{printed}怎么规定")[0]
    assert (label.kind, label.value, label.sub) == ("条", 45, 0)


def test_inserted_article_is_another_article() -> None:
    assert labels_in("第十二条之一")[0].sub == 1


def test_unknown_province_is_a_place_all_the_same() -> None:
    assert "东岭" in places_in("东岭省的补贴是多少")
    assert places_in("全市的补贴是多少") == ()
    assert "德国" in places_in("德国的占比是多少")


def document(doc_id: str, title: str, **more: object) -> PolicyDocument:
    return PolicyDocument(doc_id=doc_id, title=title, source="a.txt", **more)  # type: ignore[arg-type]


TITLES = Titles(
    [
        document("law", "中华人民共和国湖泊安全法", status=Status.DRAFT, kind=Kind.LAW),
        document("rule", "云湖市公共泊位管理办法", number="云政发〔2031〕12号", kind=Kind.RULE),
        document("news", "云湖市公布《云湖市公共泊位管理办法》", kind=Kind.NEWS),
    ]
)


@pytest.mark.parametrize(
    ("question", "doc_id"),
    [
        ("《云湖市公共泊位管理办法》怎么收费", "rule"),
        ("云湖市公共泊位管理办法怎么收费", "rule"),
        ("云政发[2031]12号怎么收费", "rule"),
        ("云政发﹝2031﹞第12号怎么收费", "rule"),
        ("湖安法第三条是什么", "law"),
        ("湖泊安全法怎么规定", "law"),
    ],
)
def test_document_is_found_by_any_of_its_names(question: str, doc_id: str) -> None:
    assert TITLES.mentions(question)[0].doc_id == doc_id


def test_official_text_comes_before_news_about_it() -> None:
    assert [m.doc_id for m in TITLES.mentions("《云湖市公共泊位管理办法》")][:2] == ["rule", "news"]


def test_title_that_no_document_goes_by_is_said_to_be_unknown() -> None:
    assert TITLES.unknown_titles("《无人机飞行条例》怎么规定") == ("无人机飞行条例",)
    assert TITLES.unknown_titles("《泊位管理办法》怎么规定") == ()


def test_core_of_a_title_is_what_people_shorten() -> None:
    assert title_core("关于印发《云湖市夜间经济发展规划》的通知") == "云湖市夜间经济发展规划"


@settings(deadline=None)  # the first call loads the segmenter
@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    TITLES.mentions(text)
    TITLES.affinity(text)
    labels_in(text)
    read_intent(text)
    places_in(text)
    question_terms(plain(text), detect(text))


def test_everyday_word_brings_its_official_words() -> None:
    terms = question_terms(plain("网民有多少"), Language.ZH)
    assert {"网民", "互联网用户"} <= {term.word for term in terms}
    assert next(t for t in terms if t.word == "互联网用户").stands_for == "网民"


def test_english_question_is_followed_by_its_chinese_words() -> None:
    assert in_chinese_words("to apply for subsidies") == "apply subsidies 申请 申报 适用 补贴 补助"
    assert in_chinese_words("to zzz") == "to zzz"


@pytest.mark.parametrize(
    ("question", "official"),
    [
        ("厂子生意做到多大才能报", "营业收入"),
        ("管事的收黑钱怎么办", "徇私舞弊"),
        ("偷摸拿别人的数据", "窃取"),
        ("平台看人下菜碟", "差别待遇"),
        ("去国外开分号", "分支机构"),
        ("打零工的怎么交社保", "灵活就业"),
        ("哪些技术要死磕", "攻关"),
        ("没尽到义务会怎样", "未履行"),
    ],
)
def test_casual_wording_leads_to_what_rules_say(question: str, official: str) -> None:
    assert official in {term.word for term in question_terms(plain(question), Language.ZH)}


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("独立法人资格", "制定"),
        ("发生意外怎么报告", "营业收入"),
        ("互联网接入服务", "联网"),
        ("个体工商户登记", "经营者"),
        ("机动车登记规定", "高速铁路"),
        ("国家产业政策", "资产"),
        ("人工智能人才", "高技能人才"),
        ("面积过半数的业主", "50%以上"),
        ("部分工作由谁做", "职责分工"),
    ],
)
def test_everyday_word_is_not_read_across_two_other_words(question: str, never: str) -> None:
    assert never not in {term.word for term in question_terms(plain(question), Language.ZH) if term.stands_for}


@pytest.mark.parametrize("name", ["everyday.tsv", "glossary_en.tsv"])
def test_word_list_names_each_word_once_and_says_what_stands_for_it(name: str) -> None:
    lines = (resources.files("qa") / "data" / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    keys = [row[0].lower() for row in rows]
    assert len(keys) == len(set(keys))
    assert all(len(row) == 2 and row[1].split() for row in rows)


def test_everyday_words_are_short_enough_to_be_found() -> None:
    assert [word for word in everyday() if len(word) > 6] == []


def test_english_phrase_brings_chinese_words() -> None:
    words = {term.word for term in question_terms("which leading enterprises get subsidies", Language.EN)}
    assert {"龙头企业", "补贴"} <= words


def test_english_words_of_one_meaning_meet_where_there_are_english_texts() -> None:
    question = "What happens to a centre recognised by cheating?"
    met = {term.word: term.stands_for for term in question_terms(question, Language.EN, english_texts=True)}
    assert met["fraud"] == "cheating"
    assert "recognition".startswith(next(word for word in met if word.startswith("recogn")))
    assert "fraud" not in {term.word for term in question_terms(question, Language.EN)}


def test_quoted_words_are_kept_whole() -> None:
    assert quoted("什么是“一环三带”和「双湖」?") == ("一环三带", "双湖")


SPELLER = Speller(WordCounts(["区块链应用", "区块链平台", "监管部门监管", "加强监管"]))


def test_slip_that_sounds_alike_is_mended() -> None:
    assert SPELLER.mend("区快链怎么用")[0] == "区块链怎么用"
    assert SPELLER.mend("兼管部门是谁")[1] == (("兼管", "监管"),)


@pytest.mark.parametrize(
    "question", ["两用一备是什么", "一期谁来建", "办法条里怎么说", "最多能收几毛", "建多少个", "新疆要做什么"]
)
def test_words_that_are_no_slip_are_left_as_typed(question: str) -> None:
    printed = ["一倍以上三倍以下", "一起", "条例", "能手", "奖多少", "新建项目"] * 3
    assert Speller(WordCounts(printed)).mend(question) == (question, ())


def test_word_is_mended_where_the_texts_print_what_stands_beside_it() -> None:
    speller = Speller(WordCounts(["漏洞管理规定", "管理规定"]))
    assert speller.mend("漏洞管里规定从哪天起生效")[0] == "漏洞管理规定从哪天起生效"


def test_everyday_word_is_mended_across_what_the_segmenter_sees() -> None:
    assert Speller(WordCounts([])).mend("哪里能停电平车")[0] == "哪里能停电瓶车"


def test_word_that_the_texts_print_is_left_alone() -> None:
    assert SPELLER.mend("区块链平台") == ("区块链平台", ())


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (["江苏对泊位怎么收费?"], "那浙江呢?", "浙江对泊位怎么收费?"),
        (["“双湖”要怎么建?"], "那“三带”呢?", "“三带”要怎么建?"),
        (["办法第五条说什么?"], "那第六条呢", "办法第六条说什么?"),
        (["2030年补多少?"], "那2031年呢?", "2031年补多少?"),
    ],
)
def test_follow_up_takes_the_place_of_its_counterpart(history: list[str], question: str, standalone: str) -> None:
    assert make_standalone(question, history).text == standalone


def test_follow_up_without_counterpart_carries_the_topic() -> None:
    turn = make_standalone("罚多少?", ["泊位管理办法里乱停车怎么处理?"])
    assert turn.text == "泊位管理办法,罚多少?"
    assert turn.carried


def test_question_that_names_its_own_document_stands_alone() -> None:
    turn = make_standalone("《云湖市夜间经济发展规划》的目标有哪些?", ["泊位怎么收费?"])
    assert turn.text == "《云湖市夜间经济发展规划》的目标有哪些?"
    assert not turn.carried


def test_chain_of_follow_ups_keeps_its_topic() -> None:
    assert make_standalone("那安徽呢?", ["江苏对泊位怎么收费?", "那浙江呢?"]).text == "安徽对泊位怎么收费?"


def test_words_are_cut_alike_in_every_process() -> None:
    shown = "from qa import terms; print([terms.log_frequency(word) for word in sorted(terms._policy_words())])"
    runs = [
        subprocess.run(
            [sys.executable, "-c", shown],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        for seed in ("0", "1")
    ]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout) > 1000
