"""The first names of colleagues who say that they are in a conversation, for those who may see it too."""

from collections.abc import Collection

from werkbote.reads import access
from werkbote.reads.inbox import naming
from werkbote.store import keyring, models, scope


def colleagues(
    *, viewer: access.Viewer, conversation: int, members: Collection[int]
) -> tuple[str, ...]:
    """Return first names, in order; who may not see the conversation is not named.

    Raises access.UnableToSee where the conversation is not the viewer's.
    """
    access.check_conversation(viewer, conversation)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        branch = models.Conversation.objects.values_list("number__branch_id", flat=True)
        here = naming.members_at(keys, branch.get(id=conversation))
    wanted = set(members) - {viewer.member}
    return tuple(one.name.split()[0] for one in here if one.id in wanted and one.name.split())
