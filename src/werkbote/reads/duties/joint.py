"""Joint controllers as a screen shows them: the agreements in force, and the paper of one."""

from collections.abc import Sequence

from werkbote.domain import duties, team
from werkbote.reads import access
from werkbote.store import duties_joint as store
from werkbote.store import keyring, models, scope


def agreements(*, viewer: access.Viewer) -> Sequence[tuple[int, duties.joint.Agreement]]:
    """Return the agreements in force with their rows; the same for every branch."""
    access.check_right(viewer, team.Right.READ_SETTINGS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        return list(store.in_force(keys))


def agreement_paper(*, viewer: access.Viewer, row: int) -> bytes:
    """Return an agreement as it was uploaded; raise access.UnableToSee where there is none."""
    access.check_right(viewer, team.Right.READ_SETTINGS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        found = models.JointController.objects.filter(id=row).first()
        if found is None:
            raise access.UnableToSee("There is no such agreement.")
        return store.paper(keys, found)
