"""Claims the product must never make, as patterns, each with a sentence it has to catch.

No authority has approved the Cloud API; it is encrypted to Meta as processor, not end to end; the
EEA terms of 2024 hold no plain ban of business use; the API is not free of address books as long as
the Contact Book exists; no tool makes anybody lawful by itself.
"""

import re
from typing import Final

_FORBIDDEN: Final = (
    # An approval that does not exist.
    (
        (
            r"(?<!keine )(?<!kein )(behörde|bfdi|dsk|lfdi|datenschutzaufsicht)\w*( hat| haben)? [^.]{0,50}"
            r"(genehmigt|gebilligt|zugelassen|zertifiziert|freigegeben|anerkannt)"
        ),
        "Die Aufsichtsbehörde hat die Cloud API genehmigt.",
    ),
    (
        r"(behördlich|amtlich|offiziell) (genehmigt|geprüft|zugelassen|anerkannt|zertifiziert)",
        "Behördlich geprüfter Kanal: amtlich zugelassen.",
    ),
    (
        (
            r"(?<!no )(authority|authorities|regulators?) (has |have )(formally )?"
            r"(approved|certified|cleared|endorsed)"
        ),
        "The authorities have approved the Cloud API.",
    ),
    (r"officially (approved|certified|endorsed)", "An officially approved channel."),
    # Encryption that ends at Meta.
    (
        r"cloud[- ]api[^.;]{0,60}ende[- ]zu[- ]ende",
        "Die Cloud API ist Ende-zu-Ende-verschlüsselt.",
    ),
    (
        r"ende[- ]zu[- ]ende[^.;|]{0,40}(cloud[- ]api|business platform|zu ihrem server)",
        "Ende-zu-Ende-Verschlüsselung mit der Cloud API.",
    ),
    (r"cloud api[^.;]{0,60}end[- ]to[- ]end", "The Cloud API is end-to-end encrypted."),
    (
        r"end[- ]to[- ]end[^.;|]{0,40}(cloud api|business platform|to your server)",
        "End-to-end encryption with the Cloud API.",
    ),
    (
        r"meta (kann|können)[^.]{0,30}(nicht|keine)[^.]{0,20}(mitlesen|lesen|einsehen)",
        "Meta kann Ihre Nachrichten nicht mitlesen.",
    ),
    (r"meta can(not|'t) read", "Meta cannot read your messages."),
    # A ban that is not in the terms of the EEA.
    (
        (
            r"(bedingungen|agb|whatsapp) (?!enthalten kein)[^.]{0,40}(verbiet|untersag)[^.]{0,40}"
            r"(geschäftlich|gewerblich|unternehmen)"
        ),
        "Die Nutzungsbedingungen verbieten die gewerbliche Nutzung.",
    ),
    (
        r"terms (?![^.]{0,30}\bno\b)[^.]{0,40}(ban|forbid|prohibit)[^.]{0,40}(business|commercial)",
        "The terms prohibit commercial use.",
    ),
    # Address book and place of the data.
    (
        r"(kein|ohne)\w* (adressbuch|kontakt)[- ]?(upload|abgleich)[^.]{0,40}(garantiert|möglich)",
        "Kein Adressbuch-Upload möglich.",
    ),
    (
        (
            r"(daten|nachrichten)[^.]{0,30}(verlassen|bleiben)[^.]{0,20}"
            r"(nie|immer|ausschließlich)[^.]{0,20}(deutschland|europa|eu\b)"
        ),
        "Ihre Daten bleiben immer in Deutschland.",
    ),
    (
        r"data[^.]{0,30}(never leaves?|always (stays?|remains?))[^.]{0,20}(germany|europe|the eu)",
        "Your data never leaves Germany.",
    ),
    (r"(keine|ohne) (us-)?übermittlung in die usa", "Ohne Übermittlung in die USA."),
    (r"(no|without) transfer to the us", "There is no transfer to the US."),
    # Promises nobody can keep.
    (r"(dsgvo|datenschutz|rechts)[- ]?konform", "DSGVO-konformes WhatsApp."),
    (r"(rechts|abmahn|bußgeld)sicher", "Rechtssicher werben."),
    (r"(100|hundert) ?(%|prozent) (dsgvo|sicher|legal|rechtm)", "100 % DSGVO."),
    (r"garantiert (rechtm|legal|zulässig)", "Garantiert zulässig."),
    (r"gdpr[- ](compliant|proof|safe)", "GDPR-compliant messaging."),
    (r"(guarantee\w*|ensures?) (gdpr )?compliance", "Werkbote guarantees compliance."),
    (r"(fully|100 ?%) (legal|lawful|compliant)", "Fully lawful messaging."),
    # The app is not unlawful in every case.
    (
        (
            r"(business-app|whatsapp)[^.]{0,30} (ist|sind) (immer|stets|generell|grundsätzlich) "
            r"(verboten|illegal|rechtswidrig|unzulässig)"
        ),
        "Die Business-App ist immer verboten.",
    ),
    (
        (
            r"(business app|whatsapp)[^.]{0,30} (is|are) (always|generally) "
            r"(forbidden|illegal|unlawful)"
        ),
        "The Business app is always illegal.",
    ),
)

EXAMPLES: Final = tuple(example for _, example in _FORBIDDEN)

_PATTERNS: Final = tuple(re.compile(pattern, re.IGNORECASE) for pattern, _ in _FORBIDDEN)


def found_in(text: str) -> list[str]:
    """Return every forbidden claim in a text, with line breaks and hyphenation taken out."""
    plain = re.sub(r"\s+", " ", re.sub(r"(\u00ad|(?<=\w)[-\u2010])\n\s*(?=[a-zäöüß])", "", text))
    return [match.group() for pattern in _PATTERNS for match in pattern.finditer(plain)]
