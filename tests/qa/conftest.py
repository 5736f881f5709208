"""A small store about a fictional city, shared by this room's tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant

# importlib mode keeps this folder off the path, and the tests share a helper module
sys.path.append(str(Path(__file__).parent))

RULES = """云湖市家用电器以旧换新补贴办法

第一章 总则
第一条 为了促进绿色消费,规范补贴资金管理,制定本办法。
第二条 本办法所称家用电器,是指电冰箱、洗衣机、空调和热水器。
第三条 市商务局负责补贴工作的组织实施,市财政局负责资金的拨付和监督。

第二章 补贴标准
第四条 个人交回旧家电并购买一级能效产品的,每台补贴三百元;购买二级能效产品的,每台补贴一百五十元。
第五条 申请补贴应当同时符合下列条件:
(一)申请人具有云湖市户籍或者持有居住证;
(二)购买日期在2031年1月1日以后;
(三)旧家电交由备案的回收企业处理。
第六条 申请人应当在购买之日起三十日内提出申请,逾期不予受理。

第三章 法律责任
第七条 骗取补贴的,由市商务局追回补贴资金,处骗取金额一倍以上三倍以下罚款。
第八条 违反本办法第六条规定逾期申请的,不予补贴。
第九条 本办法自2031年1月1日起施行。
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store with the one document above."""
    with Store.open(tmp_path_factory.mktemp("qa") / "store", load_encoder(), create=True) as opened:
        raw = RULES.encode()
        opened.ingest(parse_bytes("补贴办法.txt", raw), raw)
        yield opened


@pytest.fixture(scope="session")
def assistant(store: Store) -> Assistant:
    """Answers without a language model."""
    return Assistant(store)


DOG_RULES = """云溪市养犬条例

第一条 为了规范养犬行为,制定本条例。
第二条 城市管理部门负责养犬的登记。
第三条 携犬出户应当使用犬绳。
第四条 携犬出户未使用犬绳的,处二百元罚款。
第五条 犬只死亡的,应当送至指定地点。
第六条 本条例自2031年1月1日起施行。
"""


@pytest.fixture(scope="session")
def dog_rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with six short articles, whose order tests decide."""
    with Store.open(tmp_path_factory.mktemp("dogs") / "store", load_encoder(), create=True) as opened:
        raw = DOG_RULES.encode()
        opened.ingest(parse_bytes("养犬.txt", raw), raw)
        yield opened
