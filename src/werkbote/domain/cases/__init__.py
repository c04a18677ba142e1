"""Cases (Vorgänge) and vehicles: what they are, how they move, which period keeps them."""

from werkbote.domain.cases.plates import Plate as Plate
from werkbote.domain.cases.plates import UnableToReadPlate as UnableToReadPlate
from werkbote.domain.cases.plates import read_plate as read_plate
from werkbote.domain.cases.retention import CaseLaw as CaseLaw
from werkbote.domain.cases.retention import Keeping as Keeping
from werkbote.domain.cases.retention import parse as parse
from werkbote.domain.cases.states import TRANSITIONS as TRANSITIONS
from werkbote.domain.cases.states import Cause as Cause
from werkbote.domain.cases.states import Contract as Contract
from werkbote.domain.cases.states import Kind as Kind
from werkbote.domain.cases.states import State as State
from werkbote.domain.cases.states import UnableToMove as UnableToMove
from werkbote.domain.cases.states import diagram as diagram
from werkbote.domain.cases.states import move as move
from werkbote.domain.cases.vehicles import GERMANY as GERMANY
from werkbote.domain.cases.vehicles import Matter as Matter
from werkbote.domain.cases.vehicles import Role as Role
from werkbote.domain.cases.vehicles import Vehicle as Vehicle
from werkbote.domain.cases.vehicles import joined as joined
from werkbote.domain.cases.vehicles import may_be_told as may_be_told
from werkbote.domain.cases.vins import UnableToReadVin as UnableToReadVin
from werkbote.domain.cases.vins import check_digit_fits as check_digit_fits
from werkbote.domain.cases.vins import read_vin as read_vin
