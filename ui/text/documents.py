"""What documents are: their metadata, kinds and validity."""

from __future__ import annotations

from typing import Final

DOCUMENTS: Final[dict[str, tuple[str, str]]] = {
    "meta.number": ("文号", "Number"),
    "meta.issuer": ("发文机关", "Issuer"),
    "meta.issued": ("发布", "Issued"),
    "meta.effective": ("施行", "In force from"),
    "meta.expires": ("有效至", "Valid until"),
    "meta.region": ("地区", "Region"),
    "meta.kind": ("文种", "Kind"),
    "meta.status": ("效力", "Status"),
    "meta.source": ("源文件", "File"),
    "status.in_force": ("现行有效", "In force"),
    "status.draft": ("征求意见稿", "Draft"),
    "status.trial": ("试行", "Trial"),
    "status.amended": ("已修改", "Amended"),
    "status.repealed": ("已废止", "Repealed"),
    "status.superseded": ("已被替代", "Superseded"),
    "status.expired": ("已过有效期", "Expired"),
    "status.not_yet": ("尚未施行", "Not yet in force"),
    "status.unknown": ("效力未载明", "Status not stated"),
    "kind.law": ("法律", "Law"),
    "kind.regulation": ("法规", "Regulation"),
    "kind.rule": ("规章", "Rule"),
    "kind.normative": ("规范性文件", "Normative document"),
    "kind.plan": ("规划计划", "Plan"),
    "kind.notice": ("通知", "Notice"),
    "kind.interpretation": ("解读", "Interpretation"),
    "kind.news": ("新闻", "News"),
    "kind.speech": ("讲话", "Speech"),
    "kind.standard": ("标准", "Standard"),
    "kind.list": ("清单", "List"),
    "kind.other": ("其他", "Other"),
}
