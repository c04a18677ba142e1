"""Row-level security, append-only triggers and the few functions that look across organisations.

The application's role owns nothing and sees rows of one organisation at a time, the one that
`store.scope` sets. Sign-in and webhooks open exactly one row by a key that only the caller has.
The functions that run with the owner's rights answer ids only.
"""

from typing import Final

ORGANISATION: Final = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
SIGN_IN: Final = "decode(NULLIF(current_setting('werkbote.sign_in', true), ''), 'hex')"
MEMBER: Final = "NULLIF(current_setting('werkbote.member', true), '')::bigint"
HOOK: Final = "NULLIF(current_setting('werkbote.hook', true), '')"

WALLED: Final = (
    "access_package",
    "account_news",
    "acknowledgement",
    "audit_cut",
    "audit_entry",
    "automation_rule",
    "branch",
    "branch_closed",
    "branch_details",
    "branch_hours",
    "breach",
    "breach_person",
    "canned_reply",
    "change",
    "consent",
    "consent_event",
    "consent_evidence",
    "consent_scan",
    "consent_task",
    "consent_way",
    "contact_request",
    "conversation",
    "conversation_event",
    "conversation_label",
    "customer_case",
    "decision",
    "erasure_mark",
    "erasure_run",
    "erasure_step",
    "factor",
    "hook_rejection",
    "house_rule",
    "identity",
    "identity_review",
    "invitation",
    "label",
    "legal_hold",
    "macro",
    "media",
    "media_chunk",
    "membership",
    "message",
    "message_change",
    "message_draft",
    "meter",
    "name_token",
    "newsletter_issue",
    "not_understood",
    "note",
    "notice_proof",
    "nudge",
    "number_check",
    "offboarding",
    "old_chat",
    "old_chat_arrival",
    "old_chat_file",
    "old_chat_page",
    "old_chat_piece",
    "package_chunk",
    "parked_status",
    "person",
    "person_request",
    "published_notice",
    "push_device",
    "recovery_code",
    "retention_mark",
    "search_token",
    "subscription",
    "suppression",
    "tax_audit",
    "team",
    "team_membership",
    "template",
    "token",
    "vehicle",
    "vehicle_role",
    "webhook_event",
)
OURS: Final = f"organisation_id = (SELECT {ORGANISATION})"
WIDER: Final = {
    "entry": f"{OURS} OR member_id = (SELECT {MEMBER})",
    "member": f"{OURS} OR email_hash = (SELECT {SIGN_IN}) OR id = (SELECT {MEMBER})",
    "number": f"{OURS} OR hook_slug = (SELECT {HOOK})",
    "organisation": f"id = (SELECT {ORGANISATION})",
}
_WALLS: Final = "".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
    f"CREATE POLICY own ON {table} USING ({condition});\n"
    for table, condition in (dict.fromkeys(WALLED, OURS) | WIDER).items()
)

APPEND_ONLY: Final = {
    "audit_cut": "UPDATE OR DELETE",
    "audit_entry": "UPDATE",
    "consent_event": "UPDATE OR DELETE",
    "consent_evidence": "UPDATE",
    "consent_scan": "UPDATE OF body, record, person_id",
    "decision": "UPDATE",
    "erasure_mark": "DELETE",
    "house_rule": "UPDATE OR DELETE",
}
"""What each table refuses; evidence, decisions and scans may end, an entry of the audit after its cut."""

_APPEND_ONLY: Final = """
CREATE FUNCTION werkbote_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION werkbote_refuse_change_but_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'body_sealed' = to_jsonb(OLD) - 'body_sealed' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION werkbote_end_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_cut c
               WHERE c.organisation_id = OLD.organisation_id AND c.position >= OLD.position) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON published_notice
    FOR EACH ROW EXECUTE FUNCTION werkbote_refuse_change_but_seal();
CREATE TRIGGER append_only_until BEFORE DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION werkbote_end_entry();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION werkbote_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON consent_event
    FOR EACH STATEMENT EXECUTE FUNCTION werkbote_refuse_change();
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE {deeds} ON {table}\n"
    "    FOR EACH ROW EXECUTE FUNCTION werkbote_refuse_change();\n"
    for table, deeds in APPEND_ONLY.items()
)

_KEPT: Final = (
    "organisation_id, number_id, person_id, outgoing, kind, provider_id, provider_sealed, body, "
    "at, received_at, reply_to, tag, archived_at"
)
_OLD: Final = ", ".join(f"OLD.{name}" for name in _KEPT.split(", "))
_NEW: Final = ", ".join(f"NEW.{name}" for name in _KEPT.split(", "))
_ARCHIVE: Final = f"""
CREATE FUNCTION werkbote_keep_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('werkbote.ending', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the letter % is in the archive', OLD.id
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER keep_letter AFTER UPDATE ON message FOR EACH ROW
    WHEN (OLD.archived_at IS NOT NULL AND ({_NEW}) IS DISTINCT FROM ({_OLD}))
    EXECUTE FUNCTION werkbote_keep_letter();
CREATE TRIGGER keep_letter_until BEFORE DELETE ON message FOR EACH ROW
    WHEN (OLD.archived_at IS NOT NULL) EXECUTE FUNCTION werkbote_keep_letter();
CREATE FUNCTION werkbote_keep_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    letter bigint;
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('werkbote.ending', true) = 'on' THEN
        RETURN OLD;
    END IF;
    SELECT m.id INTO letter FROM message m
        WHERE m.archived_at IS NOT NULL AND m.id = (
            CASE TG_TABLE_NAME WHEN 'media' THEN (to_jsonb(OLD) ->> 'message_id')::bigint
            ELSE (SELECT f.message_id FROM media f
                  WHERE f.id = (to_jsonb(OLD) ->> 'media_id')::bigint) END);
    IF letter IS NOT NULL THEN
        RAISE EXCEPTION 'the letter % is in the archive', letter
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_file BEFORE DELETE ON media
    FOR EACH ROW EXECUTE FUNCTION werkbote_keep_file();
CREATE TRIGGER keep_file BEFORE UPDATE OR DELETE ON media_chunk
    FOR EACH ROW EXECUTE FUNCTION werkbote_keep_file();
"""

_FORGET: Final = """
CREATE FUNCTION werkbote_forget_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_token t USING gone WHERE t.message_id = gone.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_tokens AFTER DELETE ON message REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION werkbote_forget_tokens();
CREATE FUNCTION werkbote_forget_vehicles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_case c SET vehicle_id = NULL FROM gone
        WHERE c.vehicle_id = gone.vehicle_id
          AND NOT EXISTS (SELECT 1 FROM vehicle_role r WHERE r.vehicle_id = gone.vehicle_id);
    DELETE FROM vehicle v USING gone
        WHERE v.id = gone.vehicle_id
          AND NOT EXISTS (SELECT 1 FROM vehicle_role r WHERE r.vehicle_id = v.id);
    RETURN NULL;
END $$;
CREATE TRIGGER forget_vehicles AFTER DELETE ON vehicle_role REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION werkbote_forget_vehicles();
CREATE FUNCTION push_device_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM push_device WHERE entry_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER push_device_ends AFTER UPDATE OF ended_at ON entry FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION push_device_ends();
"""

_KEEP_BODIES: Final = """
CREATE FUNCTION werkbote_keep_bodies(
    organisation bigint, ids bigint[], numbers bigint[], digests text[], bodies bytea[],
    times timestamptz[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('werkbote.organisation', organisation::text, true);
    INSERT INTO webhook_event (id, organisation_id, number_id, digest, body, received_at, problem)
        SELECT n.id, organisation, n.number, decode(n.digest, 'hex'), n.body, n.received, ''
        FROM unnest(ids, numbers, digests, bodies, times) AS n (id, number, digest, body, received)
        ON CONFLICT (number_id, digest) DO NOTHING;
    PERFORM pg_notify('werkbote_intake', '');
END
$$;
"""

_ACROSS: Final = """
CREATE FUNCTION werkbote_organisations() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
    'SELECT id FROM organisation ORDER BY id';
CREATE FUNCTION werkbote_organisation_of_branch(branch bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
    'SELECT b.organisation_id FROM branch b WHERE b.id = werkbote_organisation_of_branch.branch';
CREATE FUNCTION werkbote_organisation_of_message(message bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
    'SELECT m.organisation_id FROM message m WHERE m.id = werkbote_organisation_of_message.message';
CREATE FUNCTION werkbote_waiting_intake() RETURNS TABLE (organisation bigint, oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
    $$SELECT o.id, w.received_at FROM organisation o CROSS JOIN LATERAL (
          SELECT e.received_at FROM webhook_event e
          WHERE e.organisation_id = o.id AND e.state = 'received' ORDER BY e.id LIMIT 1) w
      ORDER BY w.received_at$$;
CREATE FUNCTION werkbote_waiting_numbers(at timestamptz)
    RETURNS TABLE (organisation bigint, number bigint, oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
    $$SELECT n.organisation_id, n.id, w.due_at FROM number n CROSS JOIN LATERAL (
          SELECT m.due_at FROM message m
          WHERE m.number_id = n.id AND m.state = 'queued' AND m.due_at <= $1 LIMIT 1) w
      WHERE n.paused_until IS NULL OR n.paused_until <= $1$$;
"""

SQL: Final = _WALLS + _APPEND_ONLY + _ARCHIVE + _FORGET + _KEEP_BODIES + _ACROSS
BACK: Final = """
DROP FUNCTION werkbote_waiting_numbers(timestamptz);
DROP FUNCTION werkbote_waiting_intake();
DROP FUNCTION werkbote_organisation_of_message(bigint);
DROP FUNCTION werkbote_organisation_of_branch(bigint);
DROP FUNCTION werkbote_organisations();
DROP FUNCTION werkbote_keep_bodies(bigint, bigint[], bigint[], text[], bytea[], timestamptz[]);
DROP FUNCTION push_device_ends() CASCADE;
DROP FUNCTION werkbote_forget_vehicles() CASCADE;
DROP FUNCTION werkbote_forget_tokens() CASCADE;
DROP FUNCTION werkbote_keep_file() CASCADE;
DROP FUNCTION werkbote_keep_letter() CASCADE;
DROP FUNCTION werkbote_end_entry() CASCADE;
DROP FUNCTION werkbote_refuse_change_but_seal() CASCADE;
DROP FUNCTION werkbote_refuse_change() CASCADE;
"""
"""Policies end with their tables; triggers with their functions."""
