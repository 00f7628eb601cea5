"""What an answer from Slack means for a message: sent, certainly not, perhaps, never, or a broken place.

One table for every code of the methods we use; a code that is not in it is taken as »perhaps«, and alarms.
"""

from __future__ import annotations

import http.client
import socket
from typing import NoReturn
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError

from bot.usecases.ports import CertainlyNotSent, NeverSendable, PerhapsSent, PlaceBroken

PLACE_BROKEN = frozenset(
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "no_permission",
        "ekm_access_denied",
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "users_not_found",
        "channel_not_visible",
        "method_not_supported_for_channel_type",
        "team_access_not_granted",
        "as_user_not_supported",
        "posting_to_channel_denied",
        "slack_connect_canvas_sharing_blocked",
        "slack_connect_file_link_sharing_blocked",
        "external_channel_migrating",
    ]
)
CERTAINLY_NOT = frozenset(
    [
        "ratelimited",
        "rate_limited",
        "not_authed",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "org_login_required",
        "access_denied",
        "not_allowed_token_type",
        "no_such_token",
        "ekm_access_denied",
        "team_added_to_org",
        "deprecated_endpoint",
        "two_factor_setup_required",
        "accesslimited",
        "message_limit_exceeded",
    ]
)
NEVER = frozenset(
    [
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "too_many_attachments",
        "metadata_too_large",
        "metadata_must_be_sent_from_app",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "json_not_object",
        "invalid_post_type",
        "missing_post_type",
        "missing_charset",
        "markdown_text_conflict",
        "attachment_payload_limit_exceeded",
        "message_not_found",
        "cant_update_message",
        "cant_delete_message",
        "edit_window_closed",
        "update_failed",
        "block_mismatch",
        "is_inactive",
        "unfurl_links_and_media",
        "file_share_limitation",
        "too_many_contact_cards",
        "superfluous_charset",
        "duplicate_channel_not_found",
        "duplicate_message_not_found",
        "cannot_reply_to_message",
        "thread_not_found",
        "external_channel_migrating",
        "invalid_attachments",
        "streaming_mode_mismatch",
    ]
)
PERHAPS = frozenset(
    ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "streaming_state_conflict"]
)


def explain(why: Exception) -> NoReturn:
    """Raises what a failed call means in the use cases' own words."""
    if isinstance(why, SlackApiError):
        _from_answer(why)
    if isinstance(why, HTTPError):
        raise PerhapsSent(f"http_{why.code}") from why
    if isinstance(why, URLError) and isinstance(why.reason, ConnectionRefusedError | socket.gaierror):
        raise CertainlyNotSent("not_reached") from why
    if isinstance(why, ConnectionRefusedError | socket.gaierror):
        raise CertainlyNotSent("not_reached") from why
    if isinstance(why, URLError | http.client.HTTPException | TimeoutError | ConnectionError | OSError):
        raise PerhapsSent(type(why).__name__.lower()) from why
    raise why


def _from_answer(why: SlackApiError) -> NoReturn:
    answer = why.response
    code = str(answer.get("error") or f"http_{answer.status_code}")
    if answer.status_code == 429 or code in ("ratelimited", "rate_limited"):
        raise CertainlyNotSent("ratelimited", float(answer.headers.get("Retry-After", 30))) from why
    if code in CERTAINLY_NOT:
        raise CertainlyNotSent(code) from why
    if code in PLACE_BROKEN:
        raise PlaceBroken(code) from why
    if code in NEVER:
        raise NeverSendable(code) from why
    raise PerhapsSent(code) from why
