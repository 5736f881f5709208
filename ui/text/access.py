"""Signing in and out, roles, limits, and one's own account."""

from __future__ import annotations

from typing import Final

ACCESS: Final[dict[str, tuple[str, str]]] = {
    "role.reader": ("查阅", "reader"),
    "role.editor": ("编辑", "editor"),
    "role.admin": ("管理", "administrator"),
    # signing in
    "signin.title": ("登录", "Sign in"),
    "signin.lead": ("请用管理员给您的账号登录。", "Sign in with the account that your administrator gave you."),
    "signin.name": ("账号", "Account"),
    "signin.password": ("密码", "Password"),
    "signin.go": ("登录", "Sign in"),
    "signin.help": (
        "没有账号或忘了密码，请联系管理员。",
        "No account, or the password forgotten? Ask your administrator.",
    ),
    "signin.wrong": (
        "账号或密码不对。请核对后再试；连续出错会要求等待。",
        "That account and password don't fit. Check them and try again; after several failures you have to wait.",
    ),
    "signin.wait": (
        "尝试次数过多，请在 {wait} 后再试。",
        "Too many attempts. Try again in {wait}.",
    ),
    "signin.expired": (
        "登录已过期，请重新登录。您的对话还在这个浏览器里。",
        "Your session has expired. Sign in again; your conversation is still in this browser.",
    ),
    "signin.out": ("您已退出登录。", "You have signed out."),
    "signin.stale": (
        "这个登录页放得太久了，请再试一次。若一直如此，请检查浏览器是否禁用了 Cookie。",
        "This sign-in page was left open too long; please try again. If it keeps happening, check that the browser "
        "keeps cookies.",
    ),
    "signin.unavailable": (
        "现在无法登录：服务不能保存登录状态，日志中有详情。",
        "Nobody can sign in now: the service can't keep sessions; its log has the details.",
    ),
    "wait.seconds": ("{n} 秒", "{n} s"),
    "wait.minutes": ("{n} 分钟", "{n} min"),
    # on the page
    "account.menu": ("我的账号", "My account"),
    "account.signout": ("退出", "Sign out"),
    "account.again": ("重新登录", "Sign in again"),
    "account.over": ("登录已过期", "Your session has expired"),
    "account.over.detail": (
        "请重新登录。您写下的问题和对话都会保留。",
        "Sign in again. What you have written and your conversation are kept.",
    ),
    # one's own account
    "account.title": ("我的账号", "My account"),
    "account.lead": ("{name}，权限：{role}。", "{name}, role: {role}."),
    "account.password": ("修改密码", "Change password"),
    "account.password.old": ("现在的密码", "Present password"),
    "account.password.new": ("新密码（至少 {n} 字）", "New password (at least {n} characters)"),
    "account.password.again": ("再输一次新密码", "New password once more"),
    "account.password.go": ("修改", "Change"),
    "account.password.differ": ("两次输入的新密码不同。", "The two new passwords differ."),
    "account.password.wrong": ("现在的密码不对。", "The present password is not right."),
    "account.password.done": (
        "密码已修改，其他设备上的登录都已退出。",
        "The password is changed; every other browser was signed out.",
    ),
    "password.length": ("密码须为 {fewest} 至 {most} 字。", "A password has {fewest} to {most} characters."),
    "password.easy": (
        "太容易猜到：多用不同的字符，不要用账号名。",
        "Too easy to guess: use more different characters, and not the account's name.",
    ),
    "account.sessions": ("登录的设备", "Where you are signed in"),
    "account.sessions.this": ("本机", "this browser"),
    "account.sessions.end": ("全部退出", "Sign out everywhere"),
    "account.sessions.address": ("地址", "Address"),
    "account.sessions.since": ("登录时间", "Signed in"),
    "account.sessions.seen": ("最近使用", "Last used"),
    "account.back": ("回到政策问答", "Back to PolicyQA"),
    # the audit log
    "audit.title": ("审计日志", "Audit log"),
    "audit.lead": ("最近 {n} 条，保留 {days} 天。", "The latest {n} entries; they are kept for {days} days."),
    "audit.export": ("导出全部（JSON Lines）", "Export all (JSON Lines)"),
    "audit.off": ("没有开启审计日志。", "The audit log is off."),
    "audit.at": ("时间", "Time"),
    "audit.who": ("账号", "Who"),
    "audit.action": ("操作", "Action"),
    "audit.target": ("对象", "What"),
    "audit.outcome": ("结果", "Outcome"),
    "audit.address": ("地址", "Address"),
    "audit.action.ask": ("提问", "asked"),
    "audit.action.search": ("检索", "searched"),
    "audit.action.upload": ("入库", "put in"),
    "audit.action.remove": ("移除", "took out"),
    "audit.action.feedback": ("反馈", "gave feedback"),
    "audit.action.evaluate": ("评测", "ran an evaluation"),
    "audit.action.sign_in": ("登录", "signed in"),
    "audit.action.sign_out": ("退出", "signed out"),
    "audit.action.password": ("改密码", "changed the password"),
    "audit.action.refused": ("越权被拒", "was refused"),
    "audit.action.limited": ("超限被拒", "was held back"),
    "audit.outcome.done": ("完成", "done"),
    "audit.outcome.failed": ("失败", "failed"),
    "audit.outcome.refused": ("拒绝", "refused"),
    "audit.outcome.limited": ("须等待", "has to wait"),
    "audit.outcome.answer": ("已回答", "answered"),
    "audit.outcome.refusal": ("文件中没有", "not in the documents"),
    # refusals
    "access.forbidden": (
        "账号 {name} 没有“{role}”权限。需要时请联系管理员。",
        "The account {name} lacks the role {role}. Ask your administrator if you need it.",
    ),
    "access.sign_in": (
        "请先登录，或在 Authorization: Bearer 中给出令牌。",
        "Sign in first, or send a token as Authorization: Bearer.",
    ),
    "access.bad_token": (
        "令牌无效、已过期或已撤销。",
        "The token is not valid: unknown, expired or revoked.",
    ),
    "access.session_over": ("登录已过期，请重新登录。", "The session has expired; sign in again."),
    "access.too_many": (
        "请求过于频繁，请在 {wait} 秒后再试。",
        "Too many requests; try again in {wait} s.",
    ),
}
