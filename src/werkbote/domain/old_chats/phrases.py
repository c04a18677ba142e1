"""The phrases WhatsApp writes into exports, German and English, as regular expressions."""

_MEDIA_DE = r"(?:Bild|Foto|Video|Audio|GIF|Sticker|Dokument|Sprachnachricht|Videonachricht|Medien)"
_MEDIA_EN = r"(?:image|photo|video|audio|GIF|sticker|document|voice message|video note|media)"

WORDS = (
    *("weggelassen", "ausgelassen", "ausgeschlossen", "omitted", "gelöscht", "deleted"),
    *("einmal", "view once", "standort", "ort: ", "location", "https://", "anruf"),
    *("call", "keine antwort", "nicht angenommen", "no answer"),
)
"""At least one of them stands in every phrase below that fills a message: a quick first look."""

OMITTED = (
    rf"<?{_MEDIA_DE} (?:weggelassen|ausgelassen|ausgeschlossen)>?",
    rf"<?{_MEDIA_EN} omitted>?",
    r"[^\n<>]+ • \d+ Seiten? Dokument weggelassen",
    r"[^\n<>]+ • \d+ pages? document omitted",
)
DELETED = (
    r"(?:Diese Nachricht wurde|Du hast diese Nachricht) gelöscht",
    r"Diese Nachricht wurde von (?:Admin|Gruppenadmin) .+ gelöscht",
    r"(?:This message was deleted|You deleted this message)(?: by admin .+)?",
)
VIEW_ONCE = (
    (
        r"<?(?:Einmal|Einmalig)[- ]?(?:ansicht|ansehen|anzeigen)?[- ]?(?:Nachricht|Foto|Bild|Video|"
        r"Sprachnachricht|Medien)(?: (?:weggelassen|ausgelassen|ausgeschlossen))?>?"
    ),
    r"<?View once (?:message|photo|image|video|voice message|media)(?: omitted)?>?",
    (
        r"(?:Du hast|Sie haben) eine (?:Einmalansicht|Nachricht zur einmaligen Ansicht) (?:erhalten|"
        r"gesendet)\b.*"
    ),
    r"You (?:received|sent) a view once .+",
)
CONTACT = (
    r"<?Kontaktkarten? (?:weggelassen|ausgelassen|ausgeschlossen)>?",
    r"<?Contact cards? omitted>?",
)
LOCATION = (
    r"(?:Standort|Ort|location): https?://\S+",
    r"https?://(?:maps\.google\.com/\?q=|maps\.apple\.com/|www\.google\.com/maps)\S*$",
    r"(?:Live-Standort (?:wird )?(?:geteilt|beendet)|live location shared|live location ended)",
)
CALL = (
    (
        r"(?:Verpasster|Abgelehnter|Entgangener|Stummgeschalteter verpasster) (?:Gruppen-?)?"
        r"(?:Sprach|Video)?anruf\b.*"
    ),
    r"(?:Gruppen-?)?(?:Sprach|Video)anruf(?:[,.] .+)?",
    r"(?:Missed|Declined|Silenced missed|Silenced) (?:group )?(?:voice|video) call\b.*",
    r"(?:Group )?(?:voice|video) call(?:[,.] .+)?",
    r"(?:Keine Antwort|Nicht angenommen|No answer)",
)
POLL = (r"UMFRAGE:", r"POLL:")
EVENT = (r"(?:EREIGNIS|VERANSTALTUNG|EVENT|TERMIN):",)

NOTICES = (
    r"Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt",
    r"Nachrichten, die du in diesem Chat sendest, sowie Anrufe, sind jetzt mit",
    r"Nachrichten in diesem Chat sowie Anrufe sind jetzt mit",
    r"Nachrichten (?:und Anrufe )?(?:in|an) (?:diesem|dieser|diese) (?:Chat|Gruppe)\b.*verschlüssel",
    (
        r"Messages (?:and calls are|to this (?:chat|group)|you send to this)\b.*"
        r"(?:end-to-end|secured)"
    ),
    r"Dieser Chat (?:ist|wird) (?:mit|von|jetzt)\b",
    r"This (?:chat|business|is)\b.*(?:account|business|encrypted|secure service|Meta)",
    r".*(?:Unternehmensaccount|Unternehmenskonto|Business-Account)\b",
    r".*\b(?:is a contact|ist ein Kontakt|ist in deinen Kontakten)\b\.?$",
    r"(?:Deine|Ihre|Die) Sicherheitsnummer .+ (?:geändert|hat sich geändert)",
    r".*Sicherheitsnummer (?:von|für|mit) .+ (?:hat sich )?geändert",
    r"Your security code with .+ changed",
    (
        r".*(?:Telefonnummer (?:geändert|gewechselt)|changed (?:their|to a new) phone number|"
        r"zu einer neuen (?:Telefonn|N)ummer gewechselt|changed to \+?\d)"
    ),
    (
        r"(?:Du hast|.+ hat) (?:die|diese|eine) (?:Gruppe|Broadcast-Liste|Community)\b.*"
        r"(?:erstellt|verlassen|gelöscht|hinzugefügt|geändert)"
    ),
    r"(?:You|.+) created (?:group|this group|broadcast list|community)\b",
    r"(?:Du hast|.+ hat|.+ haben) .+ (?:hinzugefügt|entfernt)\.?$",
    r"(?:You|.+) (?:added|removed) .+",
    r"(?:Du wurdest|.+ wurde) .*(?:hinzugefügt|entfernt)\.?$",
    r"(?:You were|.+ was) (?:added|removed)\.?$",
    r"(?:Du hast|.+ hat) die Gruppe verlassen\.?$",
    r"(?:You|.+) left\.?$",
    r"(?:Du bist|.+ ist) (?:dieser Gruppe|der Gruppe|der Community|über den Einladungslink)\b.*",
    r"(?:You|.+) joined (?:using|from|via|this|the)\b",
    (
        r"(?:Du hast|.+ hat) (?:den Betreff|den Namen|das Gruppenbild|die Gruppenbeschreibung|"
        r"das Bild|die Beschreibung|die Einstellungen|die Gruppeneinstellungen)\b.*"
        r"(?:geändert|gelöscht|entfernt|zurückgesetzt)"
    ),
    r"(?:You|.+) (?:changed|deleted) (?:the|this group's|the subject)\b",
    r"(?:Du bist|.+ ist) jetzt (?:ein |kein )?Admin",
    r"(?:You're|.+ is) (?:now|no longer) an admin",
    r"(?:Du hast|.+ hat) (?:eine Nachricht|diese Nachricht) angepinnt",
    r"(?:You|.+) pinned a message",
    r"(?:Du hast|.+ hat) (?:selbstlöschende|die Dauer der selbstlöschenden) Nachrichten\b",
    r"(?:You|.+) (?:turned (?:on|off)|updated|set)\b.*disappearing message",
    r".*(?:benutzt|verwendet|uses?) .*(?:Standarddauer|default timer|default message timer)",
    (
        r"(?:Du hast|.+ hat) (?:diesen Kontakt|dieses Unternehmen|diese\w* \w+) "
        r"(?:blockiert|freigegeben|entblockt)"
    ),
    r"You (?:blocked|unblocked) this (?:contact|business)",
    r"(?:Warte|Warten) auf diese Nachricht\b",
    r"Waiting for this message\b",
    r"(?:Du hast|.+ hat) einen (?:Sprach|Video|Gruppen)anruf (?:gestartet|begonnen)",
    r"(?:You|.+) started a (?:voice|video|group)? ?call",
    r"(?:Verpasster|Missed) .*(?:anruf|call)",
    r"(?:Chatverlauf|Der Chatverlauf|Chat history) .*(?:geteilt|shared|angehängt|attached)",
)
