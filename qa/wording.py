"""Every phrase that an answer, a notice or a refusal says of its own: Simplified, Traditional, English side by side.

Quotations are never here: they keep the script of the source.
"""

from __future__ import annotations

from qa.language import Language

_ZH, _HANT, _EN = range(3)
_COLUMN = {Language.ZH: _ZH, Language.HANT: _HANT, Language.EN: _EN}

PHRASES: dict[str, tuple[str, str, str]] = {
    # answers
    "source": ("——{address}", "——{address}", "— {address}"),
    "separator": ("、", "、", ", "),
    "listed": ("{address}共列{count}项:", "{address}共列{count}項:", "{address} lists {count} items:"),
    "compared": ("对照如下:", "對照如下:", "Side by side:"),
    "compared_topic": ("项目", "項目", "Item"),
    "compared_text": ("原文", "原文", "Text"),
    "compared_source": ("出处", "出處", "Source"),
    "referred": ("该条所指“{words}”的原文:", "該條所指“{words}”的原文:", "What “{words}” refers to:"),
    "task": ("落实它的“{words}”:", "落實它的“{words}”:", "The task that carries it out, “{words}”:"),
    "numbered": ("问题所说的“{words}”:", "問題所說的“{words}”:", "The document “{words}”:"),
    "contradicted": (
        "原文与问题中的“{asked}”不一致,原文为:",
        "原文與問題中的“{asked}”不一致,原文為:",
        "The text does not say “{asked}”. It says:",
    ),
    "no_such_item": (
        "{address}没有“{asked}”一项,所列为:",
        "{address}沒有“{asked}”一項,所列為:",
        "{address} has no item “{asked}”. It lists:",
    ),
    "english_lead": ("", "", "The documents say (original Chinese):"),
    "english_lead_same": ("", "", "The documents say:"),
    # notices
    "part_unreachable": (
        "文库有一部分暂时无法访问({servers}),其中的文件未经查找,本答复可能不完整。",
        "文庫有一部分暫時無法存取({servers}),其中的文件未經查找,本答覆可能不完整。",
        "Part of the library can't be reached now ({servers}): its documents were not searched, "
        "so this reply may be incomplete.",
    ),
    "draft": (
        "《{title}》是草案或征求意见稿,不是生效文本。",
        "《{title}》是草案或徵求意見稿,不是生效文本。",
        "“{title}” is a draft and not in force.",
    ),
    "trial": ("《{title}》为试行文本。", "《{title}》為試行文本。", "“{title}” applies on trial."),
    "repealed": ("《{title}》已废止。", "《{title}》已廢止。", "“{title}” has been repealed."),
    "superseded": ("《{title}》已被新文件取代。", "《{title}》已被新文件取代。", "“{title}” has been superseded."),
    "amended": (
        "《{title}》已有修改,请对照修改后的文本。",
        "《{title}》已有修改,請對照修改後的文本。",
        "“{title}” has been amended; check the amended text.",
    ),
    "newer": (
        "库中另有更新的版本:《{newer}》({day})。",
        "庫中另有更新的版本:《{newer}》({day})。",
        "The store also holds a newer version: “{newer}” ({day}).",
    ),
    "not_yet": (
        "《{title}》自{day}起施行,在{asked}尚未生效。",
        "《{title}》自{day}起施行,在{asked}尚未生效。",
        "“{title}” takes effect on {day}; it was not yet in force on {asked}.",
    ),
    "expired": (
        "《{title}》有效期至{day},在{asked}已失效。",
        "《{title}》有效期至{day},在{asked}已失效。",
        "“{title}” was valid until {day}; it was no longer in force on {asked}.",
    ),
    "missing": (
        "{labels}在《{title}》的原文件中缺失。",
        "{labels}在《{title}》的原文件中缺失。",
        "{labels} is missing from the source file of “{title}”.",
    ),
    "order": (
        "该段在原文件中的排版顺序有错乱,所属位置系推断,请核对原件第{pages}页。",
        "該段在原文件中的排版順序有錯亂,所屬位置係推斷,請核對原件第{pages}頁。",
        "The source prints this passage out of order; its place was inferred. Check page {pages} of the original.",
    ),
    "corrected": (
        "已将“{typed}”按“{meant}”查找。",
        "已將“{typed}”按“{meant}”查找。",
        "Searched for “{meant}” instead of “{typed}”.",
    ),
    "news": (
        "引文出自报道或解读,并非文件正文。",
        "引文出自報導或解讀,並非文件正文。",
        "Quoted from a report or an interpretation, not from the official text itself.",
    ),
    "removed": (
        "已删去{count}句未能在引用条款中核实的内容:{sentences}",
        "已刪去{count}句未能在引用條款中核實的內容:{sentences}",
        "Removed {count} sentence(s) that the cited clauses do not bear out: {sentences}",
    ),
    "model_failed": (
        "语言模型未能给出可核实的回答({why}),以下为逐字摘录。",
        "語言模型未能給出可核實的回答({why}),以下為逐字摘錄。",
        "The language model gave no answer that could be verified ({why}); what follows is quoted word for word.",
    ),
    # refusals
    "empty_question": ("请输入问题。", "請輸入問題。", "Please enter a question."),
    "no_documents": (
        "库中还没有文件,无法查找。",
        "庫中還沒有文件,無法查找。",
        "There are no documents in the store yet.",
    ),
    "no_documents_filtered": (
        "没有文件符合所选的筛选条件。",
        "沒有文件符合所選的篩選條件。",
        "No document passes the chosen filters.",
    ),
    "not_covered": (
        "现有文件没有写明这一点。查找的是“{sought}”,{have}",
        "現有文件沒有寫明這一點。查找的是“{sought}”,{have}",
        "The documents do not say. Looked for “{sought}”. {have}",
    ),
    "other_year": (
        "现有文件没有{years}年的这项内容。查找的是“{sought}”,{have}",
        "現有文件沒有{years}年的這項內容。查找的是“{sought}”,{have}",
        "The documents do not give this for {years}. Looked for “{sought}”. {have}",
    ),
    "other_region": (
        "现有文件没有{regions}的这项内容。查找的是“{sought}”,{have}",
        "現有文件沒有{regions}的這項內容。查找的是“{sought}”,{have}",
        "The documents do not cover this for {regions}. Looked for “{sought}”. {have}",
    ),
    "figure_not_given": (
        "相关文件谈到了这一事项,但没有给出所问的{wanted}。查找的是“{sought}”,{have}",
        "相關文件談到了這一事項,但沒有給出所問的{wanted}。查找的是“{sought}”,{have}",
        "The documents touch on this but do not give the {wanted}. Looked for “{sought}”. {have}",
    ),
    "missing_clause": (
        "《{title}》的原文件中没有{label}的内容(缺失),无法引用。{have}",
        "《{title}》的原文件中沒有{label}的內容(缺失),無法引用。{have}",
        "The source file of “{title}” lacks {label}, so it cannot be quoted. {have}",
    ),
    "no_such_clause": (
        "《{title}》中没有{label}。{have}",
        "《{title}》中沒有{label}。{have}",
        "“{title}” has no {label}. {have}",
    ),
    "unknown_document": (
        "库中没有《{title}》。{have}",
        "庫中沒有《{title}》。{have}",
        "“{title}” is not in the store. {have}",
    ),
    "have_nearest": (
        "库中最接近的是{addresses}。",
        "庫中最接近的是{addresses}。",
        "The nearest in the store: {addresses}.",
    ),
    "have_nothing": ("库中没有相近的内容。", "庫中沒有相近的內容。", "The store holds nothing close to it."),
    # what was wanted
    "want_amount": ("金额", "金額", "amount"),
    "want_count": ("数量", "數量", "number"),
    "want_percent": ("比例", "比例", "percentage"),
    "want_date": ("日期", "日期", "date"),
    "want_duration": ("期限", "期限", "period"),
    "want_document_number": ("文号", "文號", "document number"),
    "want_penalty": ("罚则", "罰則", "penalty"),
    "want_definition": ("定义", "定義", "definition"),
    "want_body": ("部门", "部門", "body"),
    "want_other": ("内容", "內容", "content"),
}


def say(phrase: str, language: Language, **values: object) -> str:
    """The phrase of that name in ``language``, with its places filled. Raises KeyError for an unknown name."""
    return PHRASES[phrase][_COLUMN[language]].format(**values)
