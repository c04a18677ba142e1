"""Why a message or request failed, in words for staff: a German and an English sentence and a remedy."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A cause in both languages, each with what to do about it."""

    name: str
    de: str
    en: str
    remedy_de: str
    remedy_en: str


_TABLE = (
    # name, German, English, German remedy, English remedy
    (
        "token",
        "Der Zugang zu WhatsApp ist abgelaufen oder ungültig.",
        "The access to WhatsApp has expired or is invalid.",
        "Verbinden Sie die Nummer neu; bis dahin ist ihr Versand angehalten.",
        "Connect the number again; until then it sends nothing.",
    ),
    (
        "permission",
        "Dem Zugang zu WhatsApp fehlt eine Berechtigung.",
        "The access to WhatsApp lacks a permission.",
        "Erteilen Sie im Meta-Business-Manager die Rechte für Nachrichten und Verwaltung.",
        "Grant the messaging and management permissions in Meta Business Manager.",
    ),
    (
        "unclear",
        "Es ist unklar, ob WhatsApp die Nachricht angenommen hat.",
        "It is unclear whether WhatsApp accepted the message.",
        "Warten Sie auf eine Rückmeldung oder fragen Sie den Kunden; senden Sie nicht blind erneut.",
        "Wait for a status or ask the customer; do not send blindly again.",
    ),
    (
        "unreachable",
        "WhatsApp war nicht erreichbar; die Nachricht hat das Haus nicht verlassen.",
        "WhatsApp could not be reached; the message has not left the house.",
        "Es wird von selbst erneut versucht; prüfen Sie sonst die Internetverbindung.",
        "It is tried again by itself; otherwise check the internet connection.",
    ),
    (
        "busy",
        "WhatsApp ist gerade überlastet oder gestört.",
        "WhatsApp is overloaded or disturbed right now.",
        "Es wird von selbst erneut versucht.",
        "It is tried again by itself.",
    ),
    (
        "maintenance",
        "Die Nummer wird bei WhatsApp gerade gewartet.",
        "The number is in maintenance at WhatsApp.",
        "Es wird von selbst erneut versucht.",
        "It is tried again by itself.",
    ),
    (
        "account_rate",
        "Das Konto hat zu viele Anfragen in einer Stunde gestellt.",
        "The account has made too many requests within an hour.",
        "Der Versand wartet von selbst; verteilen Sie große Aussendungen.",
        "Sending waits by itself; spread large mailings.",
    ),
    (
        "throughput",
        "Die Nummer sendet schneller, als WhatsApp erlaubt.",
        "The number sends faster than WhatsApp allows.",
        "Der Versand verlangsamt sich von selbst.",
        "Sending slows down by itself.",
    ),
    (
        "pair_rate",
        "An diese Person gingen zu viele Nachrichten in kurzer Zeit.",
        "Too many messages went to this person in a short time.",
        "Der Versand an diese Person wartet von selbst.",
        "Sending to this person waits by itself.",
    ),
    (
        "spam",
        "WhatsApp hat den Versand gedrosselt, weil Empfänger Nachrichten gemeldet oder blockiert haben.",
        "WhatsApp throttles the number because recipients reported or blocked messages.",
        "Halten Sie Kampagnen an und prüfen Sie Einwilligungen und Inhalte.",
        "Stop campaigns and check consents and wording.",
    ),
    (
        "messaging_limit",
        "Das Tageslimit für neue Unterhaltungen ist erreicht.",
        "The daily limit of new conversations is reached.",
        "Es wird von selbst erneut versucht; Meta hebt das Limit bei guter Qualität an.",
        "It is tried again by itself; Meta raises the limit when quality is good.",
    ),
    (
        "invalid",
        "WhatsApp hat die Nachricht oder Anfrage als fehlerhaft abgelehnt.",
        "WhatsApp refused the message or request as invalid.",
        "Prüfen Sie Inhalt und Empfänger; die Einzelheiten stehen im Protokoll.",
        "Check content and recipient; the details are in the log.",
    ),
    (
        "missing",
        "WhatsApp kennt das angesprochene Objekt nicht.",
        "WhatsApp does not know the object asked for.",
        "Prüfen Sie die hinterlegten Kennungen der Nummer und des Kontos.",
        "Check the ids stored for the number and the account.",
    ),
    (
        "redirected",
        "Die Adresse von WhatsApp verweist auf einen anderen Rechner; dem wird nicht gefolgt.",
        "WhatsApp's address points to another host, which is not followed.",
        "Prüfen Sie die eingestellte Adresse der Schnittstelle und das Netz.",
        "Check the configured address of the interface and the network.",
    ),
    (
        "blocked",
        "Meta hat das Konto gesperrt oder eingeschränkt.",
        "Meta has locked or restricted the account.",
        "Öffnen Sie den Kontostatus im Meta-Business-Manager und legen Sie Widerspruch ein.",
        "Open the account quality page in Meta Business Manager and appeal.",
    ),
    (
        "display_name",
        "Der Anzeigename der Nummer ist nicht freigegeben.",
        "The display name of the number is not approved.",
        "Beantragen Sie einen zulässigen Anzeigenamen.",
        "Apply for a display name that follows the rules.",
    ),
    (
        "payment",
        "Im Meta-Konto fehlt eine gültige Zahlungsart.",
        "The Meta account has no valid payment method.",
        "Hinterlegen Sie im Meta-Business-Manager eine Zahlungsart.",
        "Add a payment method in Meta Business Manager.",
    ),
    (
        "registration",
        "Die Nummer ist bei WhatsApp nicht oder nicht mehr angemeldet.",
        "The number is not, or no longer, registered at WhatsApp.",
        "Melden Sie die Nummer in den Einstellungen erneut an.",
        "Register the number again in the settings.",
    ),
    (
        "registration_rate",
        "Die Nummer wurde zu oft oder zu schnell an- und abgemeldet.",
        "The number was registered or deregistered too often or too fast.",
        "Warten Sie; die An- und Abmeldung ist zehnmal in 72 Stunden möglich.",
        "Wait; registering is possible ten times within 72 hours.",
    ),
    (
        "pin",
        "Die sechsstellige PIN der Nummer ist falsch.",
        "The six-digit PIN of the number is wrong.",
        "Geben Sie die PIN ein, die bei der Anmeldung der Nummer vergeben wurde.",
        "Enter the PIN that was set when the number was registered.",
    ),
    (
        "pin_locked",
        "Die PIN wurde zu oft oder zu schnell falsch eingegeben.",
        "The PIN was entered wrongly too often or too fast.",
        "Warten Sie, bevor Sie es erneut versuchen, oder setzen Sie die PIN im Business-Manager zurück.",
        "Wait before you try again, or reset the PIN in Business Manager.",
    ),
    (
        "recipient_stopped",
        "Die Person hat Werbung in WhatsApp abbestellt.",
        "The person has stopped marketing messages in WhatsApp.",
        "Der Widerruf wurde eingetragen; senden Sie keine Werbung mehr.",
        "The withdrawal was recorded; send no more advertising.",
    ),
    (
        "window_closed",
        "Seit der letzten Nachricht der Person sind mehr als 24 Stunden vergangen.",
        "More than 24 hours have passed since the person last wrote.",
        "Schreiben Sie die Person mit einer Vorlage an.",
        "Write to the person with a template.",
    ),
    (
        "undeliverable",
        "Die Nachricht ist nicht zustellbar: Die Person nutzt WhatsApp nicht oder nimmt nichts an.",
        "The message cannot be delivered: the person does not use WhatsApp or accepts nothing.",
        "Rufen Sie an oder nutzen Sie einen anderen Weg.",
        "Call or use another way.",
    ),
    (
        "marketing_limit",
        "WhatsApp hat die Werbung nicht zugestellt, weil die Person gerade zu viel davon bekommt.",
        "WhatsApp did not deliver the advertising because the person receives too much of it now.",
        "Versuchen Sie es frühestens nach 24 Stunden und besser gar nicht.",
        "Do not try again before 24 hours have passed, better not at all.",
    ),
    (
        "experiment",
        "WhatsApp stellt dieser Person für einen Versuch keine Werbung zu.",
        "WhatsApp delivers no advertising to this person for an experiment.",
        "Warten Sie, bis die Person schreibt.",
        "Wait until the person writes.",
    ),
    (
        "country",
        "An Personen in diesem Land darf das Konto nicht senden.",
        "The account may not send to people in this country.",
        "Nutzen Sie einen anderen Weg.",
        "Use another way.",
    ),
    (
        "own_number",
        "Absender und Empfänger sind dieselbe Nummer.",
        "Sender and recipient are the same number.",
        "Wählen Sie einen anderen Empfänger.",
        "Choose another recipient.",
    ),
    (
        "test_number",
        "Die Testnummer darf nur an eingetragene Empfänger senden.",
        "The test number may only send to listed recipients.",
        "Tragen Sie den Empfänger im Meta-Entwicklerbereich ein.",
        "List the recipient in Meta's developer area.",
    ),
    (
        "needs_phone",
        "Diese Nachricht braucht eine Telefonnummer; bekannt ist nur die Nutzerkennung.",
        "This message needs a phone number; only the user id is known.",
        "Bitten Sie die Person um ihre Telefonnummer.",
        "Ask the person for the phone number.",
    ),
    (
        "identity",
        "Das Gerät der Person hat sich geändert; die Nachricht wurde zurückgehalten.",
        "The person's device has changed; the message was held back.",
        "Bestätigen Sie mit der Person, dass sie es ist, und senden Sie erneut.",
        "Confirm with the person that it is them and send again.",
    ),
    (
        "unsupported",
        "WhatsApp unterstützt diese Art von Nachricht nicht.",
        "WhatsApp does not support this kind of message.",
        "Senden Sie den Inhalt auf andere Art.",
        "Send the content in another form.",
    ),
    (
        "companion",
        "Die Nachricht kam von einem Gerät, das WhatsApp hier nicht unterstützt.",
        "The message came from a device that WhatsApp does not support here.",
        "Lesen Sie die Nachricht in der App auf dem Telefon.",
        "Read the message in the app on the phone.",
    ),
    (
        "media_in",
        "Die empfangene Datei war nicht abrufbar, meist weil sie zu groß ist.",
        "The received file could not be fetched, mostly because it is too large.",
        "Bitten Sie die Person, die Datei kleiner oder anders zu senden.",
        "Ask the person to send it smaller or in another way.",
    ),
    (
        "media_out",
        "WhatsApp nimmt die Datei nicht an: Art oder Größe passen nicht.",
        "WhatsApp does not accept the file: its kind or size does not fit.",
        "Wandeln Sie die Datei in ein zugelassenes Format um.",
        "Convert the file into an accepted format.",
    ),
    (
        "marketing_api",
        "Dieser Weg nimmt diese Art von Vorlage nicht an.",
        "This way does not take this kind of template.",
        "Prüfen Sie die Kategorie der Vorlage und die Einstellungen für Werbenachrichten.",
        "Check the template's category and the settings for marketing messages.",
    ),
    (
        "cursor",
        "Die Liste hat sich geändert, während sie gelesen wurde.",
        "The list changed while it was read.",
        "Laden Sie die Liste neu.",
        "Load the list again.",
    ),
    (
        "template_filling",
        "Die Angaben passen nicht zu den Platzhaltern der Vorlage.",
        "What was filled in does not fit the template's placeholders.",
        "Prüfen Sie Anzahl, Form und Länge der Angaben.",
        "Check number, form and length of the values.",
    ),
    (
        "template_missing",
        "Die Vorlage gibt es nicht oder sie ist in dieser Sprache nicht freigegeben.",
        "The template does not exist or is not approved in this language.",
        "Gleichen Sie die Vorlagen ab oder reichen Sie die Vorlage ein.",
        "Synchronise the templates or submit this one.",
    ),
    (
        "template_wording",
        "Der Wortlaut der Vorlage verstößt gegen Metas Regeln.",
        "The wording of the template breaks Meta's rules.",
        "Ändern Sie die Vorlage und reichen Sie sie erneut ein.",
        "Change the template and submit it again.",
    ),
    (
        "template_paused",
        "Meta hat die Vorlage wegen schlechter Rückmeldungen pausiert.",
        "Meta has paused the template because of poor feedback.",
        "Es wird später von selbst erneut versucht; überarbeiten Sie die Vorlage.",
        "It is tried again later by itself; revise the template.",
    ),
    (
        "template_disabled",
        "Meta hat die Vorlage endgültig abgeschaltet.",
        "Meta has disabled the template for good.",
        "Verwenden Sie eine andere Vorlage.",
        "Use another template.",
    ),
    (
        "template_syncing",
        "Die Vorlage wird bei Meta noch abgeglichen.",
        "The template is still being synchronised at Meta.",
        "Es wird von selbst erneut versucht.",
        "It is tried again by itself.",
    ),
    (
        "template_count",
        "Das Konto hat so viele Vorlagen, wie Meta erlaubt.",
        "The account has as many templates as Meta allows.",
        "Löschen Sie ungenutzte Vorlagen oder lassen Sie das Unternehmen verifizieren.",
        "Delete unused templates or have the business verified.",
    ),
    (
        "flow",
        "Das Formular ist gesperrt oder fehlerhaft.",
        "The form is blocked or faulty.",
        "Prüfen Sie das Formular im Meta-Business-Manager.",
        "Check the form in Meta Business Manager.",
    ),
    (
        "flow_rate",
        "Das Formular darf nur zehnmal je Stunde versendet werden.",
        "The form may only be sent ten times an hour.",
        "Es wird von selbst erneut versucht; beheben Sie die Fehler des Formulars.",
        "It is tried again by itself; cure the form's faults.",
    ),
    (
        "payments_terms",
        "Die Bedingungen für Zahlungen in WhatsApp sind nicht angenommen.",
        "The terms for payments in WhatsApp have not been accepted.",
        "Nehmen Sie die Bedingungen im Meta-Business-Manager an oder verzichten Sie auf Zahlungen.",
        "Accept them in Meta Business Manager or do without payments.",
    ),
    (
        "calling",
        "Der Anruf über WhatsApp kam nicht zustande.",
        "The call over WhatsApp did not come about.",
        "Rufen Sie über das Telefonnetz an.",
        "Call over the telephone network.",
    ),
    (
        "block_list",
        "Die Person konnte nicht blockiert oder freigegeben werden.",
        "The person could not be blocked or unblocked.",
        "Blockieren ist nur binnen 24 Stunden nach einer Nachricht der Person möglich.",
        "Blocking is only possible within 24 hours after the person wrote.",
    ),
    (
        "migration",
        "Der Umzug der Nummer ist gescheitert.",
        "Moving the number has failed.",
        "Prüfen Sie die Voraussetzungen des Umzugs im Meta-Business-Manager.",
        "Check the conditions for the move in Meta Business Manager.",
    ),
    (
        "sync_once",
        "Der Abgleich mit der App ist nur einmal und nur in den ersten 24 Stunden möglich.",
        "The synchronisation with the app is possible once, and only in the first 24 hours.",
        "Warten Sie auf die Daten oder verbinden Sie die Nummer neu.",
        "Wait for the data or connect the number again.",
    ),
    (
        "sync_declined",
        "In der App wurde die Weitergabe des Verlaufs abgelehnt.",
        "Sharing the chats was declined in the app.",
        "Es ist nichts zu tun; der Verlauf bleibt auf dem Telefon.",
        "Nothing is to be done; the chats stay on the phone.",
    ),
    (
        "lost_event",
        "Eine Meldung von WhatsApp ist nicht rechtzeitig angekommen und verloren.",
        "A report from WhatsApp did not arrive in time and is lost.",
        "Sehen Sie in der App nach, ob eine Nachricht fehlt.",
        "Look in the app whether a message is missing.",
    ),
)

REASONS = MappingProxyType(
    {
        name: Reason(name=name, de=de, en=en, remedy_de=remedy_de, remedy_en=remedy_en)
        for name, de, en, remedy_de, remedy_en in _TABLE
    }
)
"""Every reason by its name."""
