"""What is kept about numbers, and what arrives at their webhooks."""

from werkbote.store.personal_data import words

_PERSON = words.Whose.PERSON
_OWN = words.Whose.ORGANISATION
_OWN_KEY = words.Protection.ORGANISATION_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Number",
        purpose=words.OPERATE,
        fields=(
            *words.rows("id organisation branch"),
            *words.each("phone_sealed label_sealed", _OWN, words.Kind.CONTACT, _OWN_KEY),
            *words.each(
                "token_sealed app_secret_sealed app_secret_previous_sealed verify_token_sealed "
                "pin_sealed",
                _OWN,
                words.Kind.CREDENTIAL,
                _OWN_KEY,
            ),
            *words.work("channel phone_number_id account_id hook_slug graph_url graph_version"),
            *words.work("per_second pace paused_until paused_code agreement_at quality tier"),
            *words.work("throughput storage_region created_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="while the number is connected",
    ),
    words.Table(
        model="store.NumberCheck",
        purpose=words.OPERATE,
        fields=(
            *words.rows("id organisation number by"),
            *words.work("step state how detail on_day at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="while the number is connected; who confirmed what is evidence",
    ),
    words.Table(
        model="store.Template",
        purpose=words.OPERATE,
        fields=(
            *words.rows("id organisation"),
            *words.work(
                "account_id provider_id name language status category purpose quality reason"
            ),
            *words.work("components changed edits submitted_at deleted_at"),
        ),
        corrected="at the provider",
        ended=words.Ended.WITH_ORGANISATION,
        kept="while the provider holds it; texts with placeholders, nobody's data",
    ),
    words.Table(
        model="store.Meter",
        purpose="checking the provider's bill",
        fields=(
            *words.rows("id organisation number"),
            *words.work("month category kind billable count"),
        ),
        ended=words.Ended.KEPT,
        kept="counts per month, nobody's data",
    ),
    words.Table(
        model="store.WebhookEvent",
        searched="body",
        rule="L-01",
        purpose="losing no message, and understanding it again after an update",
        fields=(
            *words.rows("id organisation number"),
            *words.each("digest", _PERSON, words.Kind.CONTENT, words.Protection.KEYED_HASH),
            *words.each("body", _PERSON, words.Kind.CONTENT, _OWN_KEY),
            *words.work("received_at state problem counts settled_at"),
        ),
        ended=words.Ended.BY_AGE,
        kept="days; an erasure opens what is left and searches it",
    ),
    words.Table(
        model="store.NotUnderstood",
        searched="content",
        purpose="understanding it after an update",
        fields=(
            *words.rows("id organisation number"),
            *words.each("digest", _PERSON, words.Kind.CONTENT, words.Protection.KEYED_HASH),
            *words.each("content", _PERSON, words.Kind.CONTENT, _OWN_KEY),
            *words.work("field why at received_at replayed_at"),
        ),
        ended=words.Ended.BY_AGE,
        kept="until replayed, or by age; an erasure opens what is left and searches it",
    ),
    words.Table(
        model="store.AccountNews",
        searched="content",
        purpose=words.OPERATE,
        fields=(
            *words.rows("id organisation number"),
            *words.each("digest", _OWN, words.Kind.CONTENT, words.Protection.KEYED_HASH),
            *words.each("content", _OWN, words.Kind.CONTENT, _OWN_KEY),
            *words.work("field event at received_at"),
        ),
        ended=words.Ended.BY_AGE,
        kept="as long as it explains the state of the account",
    ),
    words.Table(
        model="store.HookRejection",
        purpose="noticing an attack or a wrong secret",
        fields=(*words.rows("id organisation number"), *words.work("day reason count")),
        ended=words.Ended.BY_AGE,
        kept="counts per day, nobody's data",
    ),
)
