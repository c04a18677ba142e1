"""What is kept about the team, and the audit of its deeds."""

from werkbote.store.personal_data import words

_MEMBER = words.Whose.MEMBER
_OWN = words.Whose.ORGANISATION
_OWN_KEY = words.Protection.ORGANISATION_KEY

TABLES: tuple[words.Table, ...] = (
    words.Table(
        model="store.Organisation",
        purpose=words.OPERATE,
        fields=(
            *words.rows("id"),
            *words.each("name_sealed", _OWN, words.Kind.NAME, _OWN_KEY),
            *words.work(
                "key_name rotation lock_minutes export_alone read_hourly read_daily created_at"
            ),
            *words.each(
                "key_wrapped index_wrapped other_wrapped",
                _OWN,
                words.Kind.KEY,
                words.Protection.INSTALLATION_KEY,
            ),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the organisation uses this installation",
    ),
    words.Table(
        model="store.Branch",
        purpose=words.OPERATE,
        fields=(
            *words.rows("id organisation"),
            *words.each("name_sealed legal_entity_sealed", _OWN, words.Kind.NAME, _OWN_KEY),
            *words.work("state_code created_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the organisation uses this installation",
    ),
    words.Table(
        model="store.Member",
        purpose=words.TEAM,
        member="id",
        fields=(
            *words.rows("id organisation"),
            *words.each("email_hash", _MEMBER, words.Kind.CONTACT, words.Protection.KEYED_HASH),
            *words.each("email_sealed", _MEMBER, words.Kind.CONTACT, _OWN_KEY),
            *words.each("name_sealed", _MEMBER, words.Kind.NAME, _OWN_KEY),
            *words.each("password", _MEMBER, words.Kind.CREDENTIAL, words.Protection.PASSWORD_HASH),
            *words.each(
                "last_login failed_logins locked_until is_active role language created_at "
                "leaves_private_whatsapp",
                _MEMBER,
                words.Kind.STATE,
                why="decides about letting in; shown to owners, counted in no report",
            ),
        ),
        corrected="by the member or an owner",
        ended=words.Ended.WITH_MEMBER,
        kept="while employed; then the row goes, and messages lose their author",
    ),
    words.Table(
        model="store.Membership",
        purpose=words.TEAM,
        member="member",
        fields=(
            *words.rows("id organisation branch"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="says where somebody works"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_MEMBER,
        kept="while the member works at the branch",
    ),
    words.Table(
        model="store.Team",
        purpose=words.TEAM,
        fields=(
            *words.rows("id organisation branch"),
            *words.each("name_sealed", _OWN, words.Kind.NAME, _OWN_KEY),
            *words.work("kind ended_at created_at"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_ORGANISATION,
        kept="as long as the branch; an ended team is offered no more",
    ),
    words.Table(
        model="store.TeamMembership",
        purpose=words.TEAM,
        member="member",
        fields=(
            *words.rows("id organisation team"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="says what “my team” shows"),
        ),
        corrected="by an owner",
        ended=words.Ended.WITH_MEMBER,
        kept="while the member belongs to the team",
    ),
    words.Table(
        model="store.Factor",
        purpose=words.TEAM,
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="says whose factor it is"),
            *words.each("secret_sealed", _MEMBER, words.Kind.CREDENTIAL, _OWN_KEY),
            *words.each("credential", _MEMBER, words.Kind.CREDENTIAL, words.Protection.KEYED_HASH),
            *words.work("kind counter confirmed_at used_at created_at"),
        ),
        corrected="by the member",
        ended=words.Ended.WITH_MEMBER,
        kept="until the member or an owner removes it",
    ),
    words.Table(
        model="store.RecoveryCode",
        purpose=words.TEAM,
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="says whose code it is"),
            *words.each("digest", _MEMBER, words.Kind.CREDENTIAL, words.Protection.KEYED_HASH),
            *words.work("used_at"),
        ),
        corrected="by the member, all at once",
        ended=words.Ended.WITH_MEMBER,
        kept="until new ones are made",
    ),
    words.Table(
        model="store.Entry",
        purpose=words.TEAM,
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each(
                "member device started_at ended_at",
                _MEMBER,
                words.Kind.STATE,
                why="lets members see and end their own sessions; shown to nobody else",
            ),
            *words.work("strong"),
        ),
        rule="L-24",
        ended=words.Ended.BY_AGE,
        kept="90 days after its start",
    ),
    words.Table(
        model="store.PushDevice",
        purpose="telling a member's device that there is something new, without saying what",
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each(
                "member entry told_at created_at",
                _MEMBER,
                words.Kind.STATE,
                why="ends with the session; shown to nobody else",
            ),
            *words.each("digest", _MEMBER, words.Kind.CONTACT, words.Protection.KEYED_HASH),
            *words.each("sealed", _MEMBER, words.Kind.CONTACT, _OWN_KEY),
        ),
        ended=words.Ended.WITH_MEMBER,
        kept="as long as its session; a trigger takes it along",
    ),
    words.Table(
        model="store.Invitation",
        purpose=words.TEAM,
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each("email_sealed", _MEMBER, words.Kind.CONTACT, _OWN_KEY),
            *words.each(
                "invited_by member", _MEMBER, words.Kind.REFERENCE, why="who asked whom in"
            ),
            *words.work("role branches created_at expires_at ended_at"),
        ),
        corrected="by a new invitation",
        ended=words.Ended.BY_AGE,
        kept="30 days after it ended",
    ),
    words.Table(
        model="store.Acknowledgement",
        purpose="showing that staff act on instruction (Art. 29, 32(4))",
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each(
                "member", _MEMBER, words.Kind.REFERENCE, why="says who has read the policy"
            ),
            *words.work("version at"),
        ),
        ended=words.Ended.WITH_MEMBER,
        kept="while employed",
    ),
    words.Table(
        model="store.Training",
        purpose="showing that staff are trained (Art. 32(4), 39(1)(b))",
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="says who was trained"),
            *words.each("entered_by", _MEMBER, words.Kind.REFERENCE, why="who answers for it"),
            *words.work("topic held_on at"),
        ),
        ended=words.Ended.WITH_MEMBER,
        kept="while employed",
    ),
    words.Table(
        model="store.Token",
        purpose=words.OPERATE,
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="whose rights it has"),
            *words.each("name_sealed", _OWN, words.Kind.NAME, _OWN_KEY),
            *words.each("digest", _OWN, words.Kind.CREDENTIAL, words.Protection.KEYED_HASH),
            *words.work("scopes created_at expires_at ended_at"),
        ),
        ended=words.Ended.WITH_MEMBER,
        kept="with the member; worth nothing after it ended",
    ),
    words.Table(
        model="store.SupportWindow",
        purpose="showing when a vendor's support was let in, why and by whom (Art. 28, 32)",
        member="member",
        fields=(
            *words.rows("id organisation opened_by ended_by"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="says whom an owner let in"),
            *words.work("vendor agreement_on chats opened_at until ended_at"),
            *words.each("reason_sealed", _OWN, words.Kind.CONTENT, _OWN_KEY),
        ),
        ended=words.Ended.KEPT,
        kept="every opening, to show on which agreement and why",
    ),
    words.Table(
        model="store.Subscription",
        purpose=words.OPERATE,
        member="member",
        fields=(
            *words.rows("id organisation"),
            *words.each("member", _MEMBER, words.Kind.REFERENCE, why="whose branches are told of"),
            *words.each("url_sealed", _OWN, words.Kind.CONTACT, _OWN_KEY),
            *words.each("secret_sealed", _OWN, words.Kind.CREDENTIAL, _OWN_KEY),
            *words.work("told attempts failing_since problem due_at created_at ended_at"),
        ),
        ended=words.Ended.WITH_MEMBER,
        kept="with the member",
    ),
    words.Table(
        model="store.AuditEntry",
        purpose="showing who did what (Art. 5(2), 32)",
        fields=(
            *words.rows("id organisation position"),
            *words.each(
                "actor", _MEMBER, words.Kind.REFERENCE, why="a row number; the name is sealed"
            ),
            *words.work("verb object detail at previous hash"),
        ),
        rule="L-22",
        ended=words.Ended.BY_AGE,
        kept="three years to the end of the year; append-only and chained, holds row numbers and codes",
    ),
    words.Table(
        model="store.SettingNote",
        purpose="showing why a setting differs from the privacy default (Art. 5(2), 25(2))",
        fields=(
            *words.rows("id organisation made_by"),
            *words.work("setting object value kind reason created_at"),
            *words.each("reason_sealed", words.Whose.ORGANISATION, words.Kind.CONTENT, _OWN_KEY),
        ),
        ended=words.Ended.KEPT,
        kept="every note, to show what held on a day and why",
    ),
    words.Table(
        model="store.AuditCut",
        purpose="showing where the chain begins once its oldest entries have gone (Art. 5(2))",
        fields=words.work("id organisation position hash at"),
        ended=words.Ended.KEPT,
        kept="a number and a hash, nobody's data",
    ),
)
