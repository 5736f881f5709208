"""What stands around every page, and what is said when something fails."""

from __future__ import annotations

from typing import Final

FRAME: Final[dict[str, tuple[str, str]]] = {
    "name": ("政策问答", "PolicyQA"),
    "tagline": ("逐字引用，条款为凭", "Every answer, word for word from the clause"),
    "skip": ("跳到提问框", "Skip to the question box"),
    "nav": ("主要页面", "Main pages"),
    "nav.ask": ("问答", "Ask"),
    "nav.library": ("文库", "Library"),
    "nav.evaluation": ("评测", "Evaluation"),
    "nav.status": ("状态", "Status"),
    "switch.language": ("English", "中文"),
    "switch.theme": ("切换明暗", "Switch between light and dark"),
    "listing": ("、", ", "),
    "close": ("关闭", "Close"),
    "cancel": ("取消", "Cancel"),
    "lost": (
        "与服务的连接断开了。您的问题和对话已保留，恢复后可重试。",
        "The connection to the service was lost. Your question and conversation are kept; retry when it is back.",
    ),
    "refused": (
        "服务此刻没能接下这个问题。问题还在框里，请稍后再试。",
        "The service could not take the question just now. It is still in the box; try again in a moment.",
    ),
    "starting": ("正在启动，几秒钟后自动打开。", "Starting; the page opens by itself in a few seconds."),
    "waiting": ("正在读取…", "Loading…"),
    "failed": ("没能完成：{why}", "That did not work: {why}"),
    "failed.gone": (
        "这份文件或条款已不在库中，可能已被移除或替换。",
        "That document or clause is no longer in the library; it may have been removed or replaced.",
    ),
    "failed.store": (
        "存库没能读写，库里的内容没有变：{why}",
        "The store could not be read or written; what it holds is as it was: {why}",
    ),
    "internal": ("服务内部出错，日志中有详情。", "Something failed in the service; its log has the details."),
    "status.title": ("状态", "Status"),
    "status.lead": ("本机服务的配置与库的大小。", "How this service is set up, and how large the library is."),
    "status.health": ("服务", "Service"),
    "status.ok": ("正常，检索一次 {ms} 毫秒", "Running; a search took {ms} ms"),
    "status.probe": ("适用范围", "scope of application"),
    "status.documents": ("文件", "Documents"),
    "status.clauses": ("条款", "Clauses"),
    "status.passages": ("检索段", "Passages"),
    "status.disk": ("占用空间", "On disk"),
    "status.encoder": ("编码模型", "Encoder"),
    "status.model": ("语言模型", "Language model"),
    "status.model.off": ("未启用，回答由条款原文组成", "Off: answers are composed of the clauses themselves"),
    "status.limits": ("上限", "Limits"),
    "status.limits.value": ("上传 {mb} MB，问题 {chars} 字", "uploads {mb} MB, questions {chars} characters"),
    "status.api": ("接口文档", "API document"),
    "status.feedback": ("反馈", "Feedback"),
    "status.feedback.value": ("{n} 条", "{n} entries"),
    "status.feedback.export": ("导出为评测题", "Export as evaluation questions"),
    "status.version": ("版本", "Version"),
}
