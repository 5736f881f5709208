"""The report's style sheet and its few lines of script; nothing is loaded from anywhere."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--faint:#667085;--line:#dfe3ea;--page:#f7f8fa;--card:#fff;--accent:#1f5f9e;
--good:#1b7f4d;--bad:#b3261e;--bar:#9dbfe0}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--faint:#98a2b3;--line:#333b47;--page:#14181f;--card:#1c222b;
--accent:#7fb2e5;--good:#5cc08d;--bad:#f2877f;--bar:#3f6d99}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",
"Segoe UI",system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px 80px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:36px 0 10px}h3{font-size:15px;margin:20px 0 6px}
.en{color:var(--faint);font-weight:400;font-size:.85em;margin-left:.5em}
.faint{color:var(--faint);fill:var(--faint)}.small{font-size:11px}
dl.facts{display:flex;flex-wrap:wrap;gap:2px 22px;margin:6px 0 18px}dl.facts div{display:flex;gap:6px}
dl.facts dt{color:var(--faint)}dl.facts dd{margin:0}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:10px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px}
.card b{display:block;font-size:24px;font-variant-numeric:tabular-nums;line-height:1.3}
.panel{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;overflow-x:auto}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:14px}
svg{width:100%;max-width:760px;height:auto;display:block;font-size:12px}
svg text{fill:var(--ink)}svg .faint{fill:var(--faint)}svg .figure{font-variant-numeric:tabular-nums}
svg .bar{fill:var(--bar)}svg .dot{fill:var(--accent)}svg .see{fill-opacity:.65}
svg .grid{stroke:var(--line);fill:none}svg .whisker{stroke:var(--ink);fill:none;stroke-width:1.2}
svg .line{stroke:var(--accent);fill:none;stroke-width:2}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:13.5px}
th,td{padding:4px 8px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
th:first-child,td:first-child{text-align:left}th{font-weight:600;white-space:nowrap}
.controls{display:flex;flex-wrap:wrap;gap:10px;align-items:center;margin:8px 0 12px}
.controls input[type=search]{flex:1 1 260px;font:inherit;padding:6px 10px;border:1px solid var(--line);
border-radius:8px;background:var(--card);color:inherit}
.pair{margin-top:24px}
details.q{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--good);border-radius:8px;
margin:6px 0;padding:0 14px 0 26px}
details.q.wrong{border-left-color:var(--bad)}details.q.partly{border-left-color:#c08a1e}
details.q>summary{cursor:pointer;padding:8px 0;list-style-position:outside}
details.q .tags{color:var(--faint);font-size:12.5px}
.why{color:var(--bad);font-size:12.5px}
blockquote{margin:4px 0 10px;padding:6px 12px;border-left:3px solid var(--line);white-space:pre-wrap;
overflow-wrap:anywhere}
ol.hits{padding-left:26px;margin:4px 0 12px}ol.hits li{margin:2px 0}ol.hits .text{color:var(--faint);font-size:13px;
overflow-wrap:anywhere}
.panel h3{margin-top:2px}.fact{display:inline-block;margin-right:16px}
.yes{color:var(--good)}.no{color:var(--bad)}
.touch{font-weight:600}
@media print{.controls{display:none}details.q{break-inside:avoid}}
"""
SCRIPT = """
const words=document.getElementById('words'),only=document.getElementById('only');
function show(){const w=words.value.trim().toLowerCase();let n=0;
for(const q of document.querySelectorAll('details.q')){
const seen=(!only.checked||!q.classList.contains('right'))&&(!w||q.dataset.words.includes(w));q.hidden=!seen;n+=seen}
document.getElementById('shown').textContent=n}
words.addEventListener('input',show);only.addEventListener('change',show);show();
"""
