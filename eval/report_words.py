"""Every word of the HTML report, Chinese and English side by side."""

from __future__ import annotations

MEASURES: dict[str, tuple[str, str]] = {
    "right": ("答得对", "right"),
    "hit1": ("命中@1", "hit@1"),
    "hit3": ("命中@3", "hit@3"),
    "hit5": ("命中@5", "hit@5"),
    "hit10": ("命中@10", "hit@10"),
    "recall5": ("召回@5", "recall@5"),
    "recall10": ("召回@10", "recall@10"),
    "mrr10": ("倒数排名@10", "MRR@10"),
    "ndcg10": ("nDCG@10", "nDCG@10"),
    "first_citation": ("首条引用正确", "first citation right"),
    "citation_precision": ("引用准确率", "citation precision"),
    "citation_recall": ("引用召回率", "citation recall"),
    "alce_precision": ("句级引用准确率", "ALCE citation precision"),
    "alce_recall": ("句级引用召回率", "ALCE citation recall"),
    "literal": ("引文逐字一致", "quotations literal"),
    "numbers": ("数字有出处", "numbers supported"),
    "facts": ("事实召回", "fact recall"),
    "complete": ("事实齐全", "complete"),
    "refused": ("该拒则拒", "refused where it should"),
    "false_refusal": ("误拒", "false refusals"),
    "crag": ("CRAG 得分", "CRAG score"),
}
WHY: dict[str, tuple[str, str]] = {
    "gold_unresolved": ("库中找不到依据", "gold is not in the store"),
    "not_retrieved": ("前十条没有检索到全部依据", "some gold not among the first ten"),
    "not_cited": ("检索到了,但没有引用", "retrieved but not cited"),
    "fact_missing": ("答案缺少事实", "a fact is missing"),
    "false_refusal": ("文件里有,却拒答", "refused though the documents say"),
    "missed_refusal": ("文件里没有,却作答", "answered though the documents do not say"),
}
TYPES: dict[str, str] = {
    "fact": "事实",
    "number": "数字",
    "date": "日期",
    "list": "列举",
    "definition": "定义",
    "obligation": "义务",
    "penalty": "罚则",
    "procedure": "程序",
    "compare": "比较",
    "crossref": "互引",
    "yesno": "是否",
    "followup": "追问",
    "unanswerable": "无解",
    "falsepremise": "错误前提",
}
SLICES: dict[str, tuple[str, str]] = {
    "type": ("按题型,差的在前", "by type, worst first"),
    "lang": ("按语言", "by language"),
    "document": ("按文件,差的在前", "by document, worst first"),
    "half": ("按奇偶行", "by odd and even lines"),
}
WORDS: dict[str, tuple[str, str]] = {
    "title": ("评测报告", "Evaluation report"),
    "questions": ("题", "questions"),
    "set": ("问题集", "question set"),
    "store": ("文件库", "store"),
    "encoder": ("编码器", "encoder"),
    "system": ("系统", "system"),
    "started": ("开始", "started"),
    "took": ("用时", "took"),
    "measures": ("指标与 95% 区间", "Measures with 95 % intervals"),
    "reading": (
        "区间由对题目重抽样得出;题数少则区间宽,两次运行的差别请用 --compare 检验。",
        "Intervals come from resampling the questions; test differences between runs with --compare.",
    ),
    "depth": ("检索深度与命中", "Hits by depth"),
    "why": ("为什么没答好", "What went wrong"),
    "calibration": ("置信度是否可信", "Does confidence mean what it says"),
    "latency": ("用时(毫秒)", "Latency in milliseconds"),
    "stage": ("环节", "stage"),
    "traces": ("逐题记录", "Question by question"),
    "all": ("全部", "all"),
    "wrong": ("只看没答对的", "wrong only"),
    "filter": ("筛选:题目、编号、文件…", "filter: words, id, document…"),
    "refusals": ("拒答", "refusals"),
    "refusal_line": (
        "应拒 {due} 题拒了 {right} 题;可答 {answerable} 题误拒 {false} 题",
        "{right} of {due} unanswerable refused; {false} of {answerable} answerable refused",
    ),
    "expected": ("应有依据", "expected"),
    "cited": ("引用", "cited"),
    "retrieved": ("检索到", "retrieved"),
    "facts": ("应有事实", "facts asked for"),
    "reply": ("回答", "reply"),
    "refusal": ("拒答", "refusal"),
    "history": ("前文", "earlier turns"),
    "standalone": ("补全后的问题", "standalone question"),
    "rank": ("名次", "rank"),
    "not_found": ("未检索到", "not retrieved"),
    "not_cited": ("未引用", "not cited"),
    "is_cited": ("已引用", "cited"),
    "not_literal": ("非逐字", "not literal"),
    "problems": ("无法定位的依据", "Gold that could not be placed"),
    "worst": ("最弱之处", "weakest slice"),
    "confidence": ("置信度", "confidence"),
    "accuracy": ("正确率", "accuracy"),
    "count": ("题数", "n"),
    "unanswerable": ("文件中没有答案,应当拒答", "the documents do not say: a refusal is right"),
}


def both(key: str, words: dict[str, tuple[str, str]] = WORDS) -> str:
    """The Chinese and the English of a word, in one string; a key without an entry is given back as it is."""
    pair = words.get(key)
    if pair is None:
        return key
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} {pair[1]}"
