"""Writing a question, the conversation, and what a question may be limited to."""

from __future__ import annotations

from typing import Final

ASKING: Final[dict[str, tuple[str, str]]] = {
    "ask.title": ("问一件政策上的事", "Ask about a policy"),
    "ask.lead": (
        "库中有 {documents} 份文件、{clauses} 条条款。回答只引用其中的原文；文件里没有的，会如实告知。",
        "{documents} documents, {clauses} clauses. Answers quote them; where they say nothing, you are told so.",
    ),
    "ask.empty": (
        "库里还没有文件。到“文库”里拖入几份政策文件，就可以提问。",
        "The library is empty. Drop a few policy files into the Library, then ask.",
    ),
    "ask.examples": ("不妨这样问", "For example"),
    "ask.question": ("问题", "Question"),
    "ask.placeholder": (
        "用日常语言提问，例如“能补贴多少钱？”",
        "Ask in everyday words",
    ),
    "ask.send": ("提问", "Ask"),
    "ask.stop": ("停止", "Stop"),
    "ask.new": ("新对话", "New conversation"),
    "ask.hint": ("Enter 提问 · Shift+Enter 换行", "Enter to ask · Shift+Enter for a new line"),
    "ask.editing": (
        "修改上一个问题，提问后取代它；清空即取消",
        "Editing: replaces the last question; clear the box to cancel",
    ),
    "ask.too_long": (
        "问题有 {chars} 字，最多 {limit} 字。请只留下要问的部分。",
        "The question has {chars} characters; {limit} is the most. Keep only what you are asking.",
    ),
    "ask.blank": ("请先写下问题。", "Write a question first."),
    "ask.searching": ("正在查找条款…", "Looking through the clauses…"),
    "ask.stopped": ("已停止。", "Stopped."),
    "ask.follow": ("接着问 {document}", "Ask next about {document}"),
    "turn.you": ("您问", "You asked"),
    "turn.understood": ("按“{question}”检索", "Searched as “{question}”"),
    "turn.edit": ("修改问题", "Edit question"),
    "turn.retry": ("重新回答", "Answer again"),
    "turn.copy": ("复制回答", "Copy answer"),
    "turn.cite": ("复制引注", "Copy citations"),
    "turn.copied": ("已复制", "Copied"),
    "turn.up": ("有帮助", "Helpful"),
    "turn.down": ("没帮助", "Not helpful"),
    "turn.thanks": ("已记下，谢谢。", "Noted, thank you."),
    "turn.took": ("{ms} 毫秒", "{ms} ms"),
    "turn.sure": ("把握 {percent}%", "{percent}% sure"),
    "turn.refusal": ("文件中没有", "Not in these documents"),
    "turn.nearest": ("最接近的条款", "The nearest clauses"),
    "turn.sources": ("出处", "Sources"),
    "turn.table": ("表格", "Table"),
    "turn.actions": ("这条回答的操作", "Actions for this answer"),
    "suggest.heading": ("{document}的{heading}是怎么规定的？", "What does {document} say on “{heading}”?"),
    "suggest.amount": ("{document}的{heading}是多少？", "How much is “{heading}” in {document}?"),
    "suggest.which": ("{document}的{heading}有哪些？", "What {heading} does {document} set?"),
    "suggest.how": ("{document}的{heading}是怎样的？", "What is the {heading} in {document}?"),
    "suggest.effective": ("{document}从什么时候起施行？", "When does {document} take effect?"),
    "filter.title": ("检索范围", "Where to look"),
    "filter.all": ("全部文件", "All documents"),
    "filter.some": ("已限定 {n} 项", "{n} restrictions"),
    "filter.documents": ("文件", "Documents"),
    "filter.find": ("按标题或文号筛选", "Find by title or number"),
    "filter.as_of": ("截至这一天有效", "In force on this day"),
    "filter.in_force": ("只看现行有效", "Only texts in force today"),
    "filter.clear": ("清除", "Clear"),
}
