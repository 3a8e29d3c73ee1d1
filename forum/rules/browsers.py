"""Which browser somebody logged in with, in words they know."""

# The first that is found wins: Edge and Opera also call themselves Chrome, and
# Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """“Firefox, Windows”; empty when neither is known."""
    found = (
        next((word for mark, word in table if mark in user_agent), "")
        for table in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))
