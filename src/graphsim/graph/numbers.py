"""Number endpoints: look up, PIN, register, deregister, settings, profile, storage region."""

from typing import Any

from graphsim.errors import GraphError
from graphsim.graph.call import Call, Json
from graphsim.state import number

REGIONS = ("AU", "ID", "IN", "JP", "SG", "KR", "DE", "CH", "GB", "BR", "BH", "ZA", "AE", "CA")
_REGISTRATION_SECONDS = 72 * 3_600.0
_MOST_WRONG_PINS = 5
_BASIC = (
    "id",
    "display_phone_number",
    "verified_name",
    "quality_rating",
    "code_verification_status",
)
_IN_COUNTRY = "IN_COUNTRY_STORAGE_ENABLED"
_PROFILE = ("about", "address", "description", "email", "websites", "vertical")
_LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}


def public(by: number.Number) -> Json:
    """A number with every field the Graph API can show."""
    tier = by.tier.replace("TIER_2K", "TIER_1K")
    return {
        "id": by.id,
        "display_phone_number": by.display_phone_number,
        "verified_name": by.verified_name,
        "quality_rating": _quality(by),
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": "CONNECTED" if by.registered else "DISCONNECTED",
        "platform_type": "CLOUD_API" if by.registered else "NOT_APPLICABLE",
        "account_mode": "LIVE",
        "is_official_business_account": False,
        "is_pin_enabled": by.pin is not None,
        "is_on_biz_app": by.coexistence,
        "messaging_limit_tier": tier,
        "whatsapp_business_manager_messaging_limit": by.tier,
        "throughput": {"level": "HIGH" if by.throughput >= 1_000 else "STANDARD"},  # noqa: PLR2004
        "webhook_configuration": {"application": by.webhook_url},
        "health_status": {"can_send_message": "AVAILABLE" if by.registered else "BLOCKED"},
    }


def _quality(by: number.Number) -> str:
    return "NA" if by.quality == "UNKNOWN" else by.quality


def show(call: Call) -> Json:
    """GET /{number} with optional fields."""
    whole = public(call.by)
    if call.query.get("fields"):
        return call.fields(whole)
    return {key: whole[key] for key in _BASIC}


def change(call: Call) -> Json:
    """POST /{number}: a new PIN or a webhook of its own."""
    if "pin" in call.body:
        call.by.pin = _pin(call)
    elif "webhook_configuration" in call.body:
        _override(call, call.body["webhook_configuration"])
    else:
        raise GraphError(100, "Give pin or webhook_configuration.")
    return {"success": True}


def _override(call: Call, given: Any) -> None:
    url = given.get("override_callback_uri") if isinstance(given, dict) else None
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise GraphError(100, "webhook_configuration.override_callback_uri must be a URL.")
    call.by.webhook_url = url
    call.by.verify_token = str(given.get("verify_token", call.by.verify_token))


def _pin(call: Call) -> str:
    found = call.word("pin")
    if len(found) != 6 or not found.isascii() or not found.isdigit():  # noqa: PLR2004
        raise GraphError(100, "Param pin must be a string of 6 digits.")
    return found


def register(call: Call) -> Json:
    """POST /{number}/register: with the PIN, and the storage region it will keep."""
    call.check_product()
    pin = _pin(call)
    by = call.by
    if by.wrong_pins >= _MOST_WRONG_PINS:
        raise GraphError(133008, "Too many wrong PINs; wait before the next attempt.")
    if by.pin is not None and by.pin != pin:
        by.wrong_pins += 1
        raise GraphError(133005, "Two step verification PIN mismatch.")
    region = call.word("data_localization_region", required=False)
    if region:
        _check_region(by, region)
        by.storage_region = region
    _count_registration(call)
    by.pin, by.registered, by.wrong_pins = pin, True, 0
    return {"success": True}


def deregister(call: Call) -> Json:
    """POST /{number}/deregister; impossible while a phone app holds the number."""
    if call.by.coexistence:
        raise GraphError(133000, "A number in use in the app is disconnected there, not here.")
    if not call.by.registered:
        raise GraphError(133010, "The phone number is not registered.")
    _count_registration(call)
    call.by.registered = False
    return {"success": True}


def _count_registration(call: Call) -> None:
    now, done = call.world.clock.now(), call.by.registrations
    if len(done) == done.maxlen and done[0] > now - _REGISTRATION_SECONDS:
        raise GraphError(133016, "At most 10 (de)registrations of a number in 72 hours.")
    done.append(now)


def _check_region(by: number.Number, region: str) -> None:
    if region not in REGIONS:
        raise GraphError(100, f"data_localization_region must be one of {', '.join(REGIONS)}.")
    if by.registered and region != by.storage_region:
        raise GraphError(
            100, "The storage region can change only while the number is not registered."
        )


def settings(call: Call) -> Json:
    """GET /{number}/settings, in the words of Meta's OpenAPI."""
    by = call.by
    storage: Json = {"status": "default"}
    if by.storage_region is not None:
        storage = {
            "status": _IN_COUNTRY.lower(),
            "data_localization_region": by.storage_region,
        }
    calling: Json = {
        "status": "disabled",
        "call_icon_visibility": "hidden",
        "ip_addresses": {"default": []},
        "callback_permission_status": "disabled",
    }
    return {
        "calling": calling | by.settings.get("calling", {}),
        "storage_configuration": storage,
        "payload_encryption": {"status": "disabled"},
        "user_identity_change": by.settings.get(
            "user_identity_change", {"enable_identity_key_check": False}
        ),
    }


def change_settings(call: Call) -> Json:
    """POST /{number}/settings: storage region (while unregistered), calling, identity check."""
    known = ("storage_configuration", "calling", "user_identity_change", "payload_encryption")
    given = {key: call.body[key] for key in known if key in call.body}
    if not given or not all(isinstance(value, dict) for value in given.values()):
        raise GraphError(100, f"Give one of {', '.join(known)} as an object.")
    if "storage_configuration" in given:
        _store_in(call, given["storage_configuration"])
    for key in ("calling", "user_identity_change"):
        if key in given:
            call.by.settings[key] = {**call.by.settings.get(key, {}), **given[key]}
    return {"success": True}


def _store_in(call: Call, given: Json) -> None:
    status = str(given.get("status", "")).upper()
    if status == "DEFAULT":
        region = None
        if call.by.registered and call.by.storage_region is not None:
            raise GraphError(100, "Deregister the number before changing its storage.")
    elif status == _IN_COUNTRY:
        region = str(given.get("data_localization_region", ""))
        _check_region(call.by, region)
    else:
        raise GraphError(100, f"storage_configuration.status must be DEFAULT or {_IN_COUNTRY}.")
    call.by.storage_region = region


def profile(call: Call) -> Json:
    """GET /{number}/whatsapp_business_profile."""
    whole = {"messaging_product": "whatsapp", "vertical": "OTHER", **call.by.profile}
    return {"data": [call.fields(whole, always=("messaging_product",))]}


def change_profile(call: Call) -> Json:
    """POST /{number}/whatsapp_business_profile: only the fields named change."""
    call.check_product()
    changed: Json = {}
    for key in _PROFILE:
        if key not in call.body:
            continue
        value = call.body[key]
        if key == "websites":
            urls = value if isinstance(value, list) else []
            if not urls or len(urls) > 2 or not all(_is_url(url) for url in urls):  # noqa: PLR2004
                raise GraphError(100, "Param websites must be one or two URLs.")
        elif not isinstance(value, str) or len(value) > _LIMITS.get(key, 64):
            raise GraphError(100, f"Param {key} must be a text of at most {_LIMITS.get(key, 64)}.")
        changed[key] = value
    handle = call.body.get("profile_picture_handle")
    if isinstance(handle, str) and handle:
        changed["profile_picture_url"] = f"{call.base}/profile/{call.by.id}.png"
    call.by.profile.update(changed)
    return {"success": True}


def _is_url(found: object) -> bool:
    return isinstance(found, str) and found.startswith(("http://", "https://"))
