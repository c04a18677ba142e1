"""Exports as the phones write them; names and words are invented."""

LRM, NNBSP, NBSP = "\u200e", "\u202f", "\u00a0"

ANDROID_DE = f"""\
13.03.24, 10:15 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Nur Personen in diesem Chat können sie lesen, anhören oder teilen. Mehr erfahren
13.03.24, 10:16 - Autohaus Nordlicht: Guten Tag, Ihr Fahrzeug ist fertig.
13.03.24, 10:17 - Petra Beispiel: Super, danke!
zweite Zeile: mit Doppelpunkt

vierte Zeile
13.03.24, 10:18 - Petra Beispiel: {LRM}IMG-20240313-WA0001.jpg (Datei angehängt)
So sieht der Kratzer aus
13.03.24, 10:19 - Petra Beispiel: <Medien ausgeschlossen>
13.03.24, 10:20 - Autohaus Nordlicht: Diese Nachricht wurde gelöscht.
13.03.24, 10:21 - Autohaus Nordlicht: Preis 1.200 €, <Diese Nachricht wurde bearbeitet.>
13.03.24, 10:22 - Petra Beispiel: Standort: https://maps.google.com/?q=52.5,13.4
13.03.24, 10:23 - +49 171 39200 17: null
13.03.24, 10:24 - Petra Beispiel: Petra.vcf (Datei angehängt)
13.03.24, 10:25 - Petra Beispiel: UMFRAGE:
Wann passt es?
OPTION: Montag (1 Stimme)
13.03.24, 10:26 - Petra hat den Betreff von „Golf: neu“ zu „Golf: fertig“ geändert.
13.03.24, 10:27 - Petra Beispiel: <Neues Ding>
"""

ANDROID_EN_US = f"""\
3/13/24, 10:15{NNBSP}AM - Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them. Learn more.
3/13/24, 10:16{NNBSP}AM - Dealer: Your car is ready
3/13/24, 12:17{NNBSP}PM - Jane: IMG-20240313-WA0001.jpg (file attached)
3/13/24, 12:18{NNBSP}AM - Jane: <Media omitted>
"""

IOS_DE = f"""\
[13.03.24, 10:15:07] Autohaus Nordlicht: {LRM}Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Nur Personen in diesem Chat können sie lesen, anhören oder teilen.
[13.03.24, 10:16:01] Autohaus Nordlicht: Guten Tag, Ihr Fahrzeug ist fertig.
[13.03.24, 10:17:22] Petra Beispiel: Super, danke!
zweite Zeile: mit Doppelpunkt
{LRM}[13.03.24, 10:18:05] Petra Beispiel: {LRM}<Anhang: 00000012-PHOTO-2024-03-13-10-18-05.jpg>
{LRM}[13.03.24, 10:19:05] Petra Beispiel: {LRM}Bild weggelassen
{LRM}[13.03.24, 10:19:40] Petra Beispiel: {LRM}Kontaktkarte ausgelassen
[13.03.24, 10:20:00] Autohaus Nordlicht: {LRM}Diese Nachricht wurde gelöscht.
[13.03.24, 10:21:00] Autohaus Nordlicht: Preis 1.200 €, {LRM}<Diese Nachricht wurde bearbeitet.>
{LRM}[13.03.24, 10:22:00] Autohaus Nordlicht: {LRM}Verpasster Sprachanruf. {LRM}Zurückrufen
{LRM}[13.03.24, 10:23:00] Petra Beispiel: {LRM}Standort: https://maps.google.com/?q=52.5,13.4
{LRM}[13.03.24, 10:24:00] Petra Beispiel: {LRM}Kaugummi weggelegt
""".replace("\n", "\r\n")

IOS_EN_GB = f"""\
[13/03/2024, 10:15:07] Dealer: {LRM}Messages and calls are end-to-end encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them.
[13/03/2024, 10:16:07] Dealer: Your car is ready
{LRM}[13/03/2024, 10:17:07] Jane: {LRM}<attached: 00000012-PHOTO-2024-03-13-10-18-05.jpg>
{LRM}[13/03/2024, 10:18:07] Jane: {LRM}image omitted
""".replace("\n", "\r\n")
