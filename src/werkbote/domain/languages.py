"""In which language somebody writes, as far as everyday words of German and English tell."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GERMAN = _words("""
    aber auf auto bei bin bitte das dem den der ein eine einen er es für guten habe haben hallo
    heute ich ihr ihre ihren ist ja kann kein können könnte man mein meine meinem meinen meiner
    mich mir mit morgen nicht noch sie sind termin und uns von wann war wenn werden wie wir wird
    zu zum zur
    """)
_ENGLISH = _words("""
    and any are can could do does for from good have hello how i is it like me much my need of
    please ready should thank thanks that the there this to today tomorrow we what when where
    which will with would you your
    """)
_TELLING = 2
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """Return the language a message is written in as far as its everyday words tell, "" where they do not."""
    words = [word.casefold() for word in _WORD.findall(text)]
    german = sum(word in _GERMAN for word in words)
    english = sum(word in _ENGLISH for word in words)
    if max(german, english) < _TELLING or german == english:
        return ""
    return "de" if german > english else "en"
