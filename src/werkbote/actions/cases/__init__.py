"""Cases and vehicles: opened, filed, moved and closed; recorded, and given to people."""

from werkbote.actions.cases.composing import compose as compose
from werkbote.actions.cases.composing import keep as keep
from werkbote.actions.cases.filing import UnableToFile as UnableToFile
from werkbote.actions.cases.filing import file_message as file_message
from werkbote.actions.cases.filing import file_unfiled as file_unfiled
from werkbote.actions.cases.marking import UnableToMark as UnableToMark
from werkbote.actions.cases.marking import mark_message as mark_message
from werkbote.actions.cases.opening import LONGEST_TITLE as LONGEST_TITLE
from werkbote.actions.cases.opening import Details as Details
from werkbote.actions.cases.opening import UnableToChange as UnableToChange
from werkbote.actions.cases.opening import UnableToOpen as UnableToOpen
from werkbote.actions.cases.opening import answer_contract as answer_contract
from werkbote.actions.cases.opening import change_case as change_case
from werkbote.actions.cases.opening import close_case as close_case
from werkbote.actions.cases.opening import move_case as move_case
from werkbote.actions.cases.opening import open_case as open_case
from werkbote.actions.cases.vehicles import UnableToRecord as UnableToRecord
from werkbote.actions.cases.vehicles import correct_vehicle as correct_vehicle
from werkbote.actions.cases.vehicles import end_role as end_role
from werkbote.actions.cases.vehicles import give_role as give_role
from werkbote.actions.cases.vehicles import record_vehicle as record_vehicle
from werkbote.actions.cases.vehicles import rewrite_vehicle as rewrite_vehicle
