"""Sixty texts that try to be something else than text: markup, script, template, address, formula, direction, size."""

from __future__ import annotations

MARKUP = (
    "<img src=x onerror=window.__pwned=1>",
    "</script><script>window.__pwned=2</script>",
    "<svg onload=window.__pwned=1>",
    "<svg><script>window.__pwned=1</script></svg>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'></iframe>",
    "<body onload=window.__pwned=1>",
    "<math><mi xlink:href='javascript:window.__pwned=1'>x</mi></math>",
    "<details open ontoggle=window.__pwned=1>",
    "<style>@import 'http://x.test/a.css';</style>",
    "<link rel=stylesheet href=http://x.test/a.css>",
    "<base href=http://x.test/>",
    "<meta http-equiv=refresh content='0;url=http://x.test/'>",
    "<!--<script>",
    "<![CDATA[<script>window.__pwned=1</script>]]>",
    "</noscript><img src=x onerror=window.__pwned=1>",
    "</title><script>window.__pwned=1</script>",
    "</svg></noscript><script>window.__pwned=1</script>",
    "</textarea></pre><script>window.__pwned=1</script>",
    "<a href='javascript:window.__pwned=1'>x</a>",
    "<form action=http://x.test><input name=q>",
    '"><script>window.__pwned=1</script>',
    "' onmouseover='window.__pwned=1",
    "&lt;script&gt;window.__pwned=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.__pwned=1&#62;",
    "<\x00script>window.__pwned=1</script>".replace("\x00", "\ufffd"),
)
SCRIPT = (
    "${window.__pwned=3}",
    "`+alert(1)+`",
    '");window.__pwned=1;//',
    "');window.__pwned=1;//",
    '\u2028\u2029"\\',
    "\\u003cscript\\u003ewindow.__pwned=1\\u003c/script\\u003e",
    "__proto__",
    "constructor",
    "toString",
    "javascript:window.__pwned=4",
)
TEMPLATE = (
    "{{7*7}}{% raw %}{#",
    "{{ cycler.__init__.__globals__.os.getcwd() }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "100% {% free",
    "{fingerprint}",
    "{0.__class__}",
    "%(name)s %s %n",
    "$\\frac{1}{2}$ $",
    "layer.ports",
)
ADDRESS = (
    "https://x.test/<script>",
    "data:text/html,<script>window.__pwned=1</script>",
    "//x.test/a.js",
    "file:///etc/passwd",
    "blob:null/1",
)
FORMULA = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
)
LETTERS = (
    "\u202egnp.exe\u202c",
    "\u2066\u2069\u200f\u200e",
    "a\u0301\u0302\u0303\u0304" * 20,
    "👩‍👩‍👧‍👦🇲🇽",
    "x" * 10_000,
)
HOSTILE = (*MARKUP, *SCRIPT, *TEMPLATE, *ADDRESS, *FORMULA, *LETTERS)
