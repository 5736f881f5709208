from datetime import date

import pytest

from index.types import Filters
from qa.request import FilterError, filters_from_json


def test_absent_and_null_fields_restrict_nothing() -> None:
    assert filters_from_json({}) == filters_from_json({"issuers": None, "as_of": None}) == Filters()


def test_every_field_is_read() -> None:
    given = {
        "documents": ["d1"], "issuers": ["云溪市人民政府"], "regions": ["云溪市"], "kinds": ["plan"],
        "number": "云政发〔2031〕12号", "as_of": "2031-05-01", "in_force": True,
    }  # fmt: skip
    read = filters_from_json(given)
    assert read.documents == ("d1",)
    assert read.as_of == date(2031, 5, 1)
    assert read.in_force is True


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"issuer": ["x"]}, "issuer"),
        ({"kinds": "plan"}, "kinds"),
        ({"as_of": "2031-13-01"}, "as_of"),
        ({"as_of": 5}, "as_of"),
        ({"in_force": "yes"}, "in_force"),
        ({"number": 12}, "number"),
    ],
)
def test_a_bad_filter_names_its_field(given: dict[str, object], field: str) -> None:
    with pytest.raises(FilterError, match=field):
        filters_from_json(given)
