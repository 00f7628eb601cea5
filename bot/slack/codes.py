"""What each error code of Slack's means for what we were doing, method by method.

The table holds every code that is documented for a method we call, and those any method may answer. A code that is
not in it may mean anything: it is taken as »perhaps«, and alarms (bot/slack/outcomes.py).
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.domain.lanes import ASIDE, DELETE, EDIT, FORM, GUARD, HOME, LOOK, POST


class Means(StrEnum):
    LATER = "later"  # certainly not done, and for a while nothing is
    PERHAPS = "perhaps"  # done or not: look first
    NEVER = "never"  # certainly not done, and never will be: our fault, or what it is about has gone
    PLACE = "place"  # certainly not done; the channel or the person cannot be reached until somebody mends it
    GONE = "gone"  # certainly not done; the person is not here any more
    TEAM = "team"  # certainly not done; the workspace lets us do nothing until somebody mends it


ACTS = {
    "chat.postMessage": POST,
    "chat.update": EDIT,
    "chat.delete": DELETE,
    "conversations.open": LOOK,
    "conversations.history": LOOK,
    "conversations.info": GUARD,
    "conversations.members": GUARD,
    "users.info": GUARD,
    "auth.test": GUARD,
    "views.publish": HOME,
    "views.open": FORM,
    "views.push": FORM,
    "views.update": FORM,
    "chat.postEphemeral": ASIDE,
}
"""What we do with each method: what is paused when Slack asks for it."""


def _all(means: Means, codes: str) -> dict[str, Means]:
    return dict.fromkeys(codes.split(), means)


ANY_METHOD: dict[str, Means] = {
    **_all(Means.LATER, "ratelimited rate_limited team_added_to_org"),
    **_all(Means.PERHAPS, "fatal_error internal_error service_unavailable request_timeout"),
    **_all(
        Means.TEAM,
        """
        access_denied accesslimited account_inactive app_access_restricted deprecated_endpoint
        enterprise_is_restricted invalid_auth method_deprecated missing_scope no_permission not_allowed_token_type
        not_authed org_login_required team_access_not_granted token_expired token_revoked two_factor_setup_required
        """,
    ),
    **_all(Means.PLACE, "ekm_access_denied"),
    **_all(
        Means.NEVER,
        """
        invalid_arg_name invalid_arguments invalid_array_arg invalid_charset invalid_form_data invalid_post_type
        missing_post_type
        """,
    ),
}

EVERYWHERE = frozenset(
    _all(
        Means.TEAM,
        """
        access_denied accesslimited account_inactive app_access_restricted enterprise_is_restricted invalid_auth not_authed
        org_login_required team_access_not_granted token_expired token_revoked two_factor_setup_required
        """,
    )
)
"""Said of the token or the workspace, whatever was asked; another code of »team« may be this one method's."""

_MESSAGE = {
    **_all(
        Means.NEVER,
        """
        as_user_not_supported invalid_attachments invalid_blocks invalid_blocks_format invalid_metadata_format
        invalid_metadata_schema markdown_text_conflict metadata_must_be_sent_from_app metadata_too_large
        msg_blocks_too_long msg_too_long no_text too_many_attachments
        """,
    ),
    **_all(Means.PLACE, "channel_not_found is_archived not_in_channel"),
    **_all(Means.LATER, "message_limit_exceeded"),
    **_all(Means.TEAM, "team_not_found"),
}

METHODS: dict[str, dict[str, Means]] = {
    "chat.postMessage": {
        **_MESSAGE,
        **_all(
            Means.PLACE,
            """
            messages_tab_disabled cannot_dm_bot restricted_action restricted_action_non_threadable_channel
            restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
            slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked
            slack_connect_lists_sharing_blocked
            """,
        ),
        **_all(Means.GONE, "user_disabled user_not_found users_not_found"),
        **_all(
            Means.NEVER,
            """
            attachment_payload_limit_exceeded cannot_reply_to_message draft_already_deleted draft_already_sent
            draft_has_conflict draft_not_found duplicate_channel_not_found duplicate_message_not_found
            missing_file_data send_on_behalf_not_allowed too_many_contact_cards
            """,
        ),
    },
    "chat.update": {
        **_MESSAGE,
        **_all(
            Means.PLACE,
            """
            external_channel_migrating is_inactive posting_to_channel_denied slack_connect_blocked_file_type
            slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked
            slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked
            """,
        ),
        **_all(Means.PERHAPS, "streaming_state_conflict update_failed"),
        **_all(
            Means.NEVER,
            """
            block_mismatch blocked_file_type cant_broadcast_message cant_update_message edit_window_closed
            file_deleted file_is_deleted file_not_found file_share_limit_reached max_file_sharing_exceeded
            message_not_found no_dual_broadcast_content_update unable_to_share_files
            """,
        ),
    },
    "chat.delete": {
        **_all(Means.PLACE, "channel_not_found is_archived not_in_channel"),
        **_all(Means.NEVER, "cant_delete_message message_not_found"),
    },
    "chat.postEphemeral": {
        **_MESSAGE,
        **_all(Means.PLACE, "messages_tab_disabled restricted_action user_not_in_channel"),
        **_all(Means.NEVER, "cannot_reply_to_message is_bot unknown_method"),
    },
    "conversations.open": {
        **_all(Means.GONE, "user_disabled user_not_found"),
        **_all(Means.PLACE, "channel_not_found method_not_supported_for_channel_type user_not_visible"),
        **_all(
            Means.NEVER, "invalid_user_combination not_enough_users too_many_users users_list_not_supplied"
        ),
    },
    "conversations.history": {
        **_all(Means.PLACE, "channel_is_limited_access channel_not_found not_in_channel"),
        **_all(
            Means.NEVER, "invalid_cursor invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest"
        ),
    },
    "conversations.info": _all(Means.PLACE, "channel_is_limited_access channel_not_found"),
    "conversations.members": {
        **_all(Means.PLACE, "channel_not_found method_not_supported_for_channel_type"),
        **_all(Means.PERHAPS, "fetch_members_failed"),
        **_all(Means.NEVER, "invalid_cursor invalid_limit"),
    },
    "users.info": {
        **_all(Means.GONE, "user_not_found user_not_visible"),
        **_all(Means.NEVER, "too_many_users"),
    },
    "views.open": _all(
        Means.NEVER,
        "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id view_too_large",
    ),
    "views.push": _all(
        Means.NEVER,
        """
        duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id not_found push_limit_reached
        view_too_large
        """,
    ),
    "views.update": _all(Means.NEVER, "duplicate_external_id hash_conflict not_found view_too_large"),
    "views.publish": {
        **_all(Means.NEVER, "duplicate_external_id hash_conflict missing_profile_id view_too_large"),
        **_all(Means.TEAM, "not_enabled not_implemented"),
    },
    "auth.test": {},
    "apps.connections.open": {
        **_all(Means.TEAM, "forbidden_team"),
        **_all(Means.NEVER, "insecure_request missing_args"),
    },
}


_SHAPE = re.compile(r"[a-z_]{1,64}", re.ASCII)
UNKNOWN = "unknown"


def slacks_word(said: object) -> str:
    """An error's code, if it has the shape of one, cut to what a column holds; anything else may quote what was sent."""
    return said[:60] if isinstance(said, str) and _SHAPE.fullmatch(said) else UNKNOWN


def meaning(method: str, code: str) -> Means | None:
    """None: nobody has told us of this code."""
    return METHODS.get(method, {}).get(code) or ANY_METHOD.get(code)
