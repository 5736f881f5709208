from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient


def test_the_page_speaks_chinese_at_the_root_and_english_below_en(page_client: TestClient) -> None:
    chinese = page_client.get("/", headers={"Accept-Language": "zh-CN"}).text
    english = page_client.get("/en/", headers={"Accept-Language": "zh-CN"}).text
    assert re.search(r'<html\s+lang="zh-CN"', chinese)
    assert re.search(r'<html\s+lang="en"', english)
    assert "<title>政策问答" in chinese
    assert "<title>PolicyQA" in english


def test_a_browser_that_prefers_english_is_sent_there_with_its_link(page_client: TestClient) -> None:
    answer = page_client.get("/?clause=a.b", headers={"Accept-Language": "en-GB"}, follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["location"] == "/en/?clause=a.b"


@pytest.mark.parametrize(("cookie", "status"), [("en", 302), ("zh", 200), ("xx", 200)])
def test_the_readers_own_choice_comes_before_the_browsers(page_client: TestClient, cookie: str, status: int) -> None:
    headers = {"Accept-Language": "zh", "Cookie": f"policyqa_language={cookie}"}
    assert page_client.get("/", headers=headers, follow_redirects=False).status_code == status


def test_the_document_names_no_other_host(page_client: TestClient) -> None:
    page = page_client.get("/", headers={"Accept-Language": "zh"}).text
    tags = re.findall(r"<(?:script|link|img|meta|iframe)\b[^>]*>", page)
    assert tags
    assert not [tag for tag in tags if re.search(r"https?://|src=\"//", tag)]


def test_style_sheets_and_scripts_are_there(page_client: TestClient) -> None:
    page = page_client.get("/", headers={"Accept-Language": "zh"}).text
    wanted = re.findall(r'(?:href|src)="(/look/[^"]+)"', page)
    assert len(wanted) > 5
    assert {page_client.get(address).status_code for address in wanted} == {200}
