"""The words people read for what the services and the core express as codes."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.outcome import EndedBy


@dataclass(frozen=True)
class Result:
    """What came of something, never by colour alone: a word, an icon of `templates/icons.html`, a tone of ``.state``."""

    word: LazyString
    icon: str
    tone: str


OUTCOMES: Mapping[str, Result] = {
    "answered": Result(_("answered"), "talks", "good"),
    "busy": Result(_("busy"), "busy", "busy"),
    "no-answer": Result(_("no answer"), "missed", "bad"),
    "declined": Result(_("declined"), "hangup", "bad"),
    "not-registered": Result(_("phone not signed in"), "offline", "bad"),
    "cancelled": Result(_("caller hung up first"), "hangup", ""),
    "no-such-number": Result(_("no such number"), "warn", "bad"),
    "not-allowed": Result(_("not allowed"), "bad", "bad"),
    "answered-elsewhere": Result(_("answered elsewhere"), "good", ""),
    "transferred": Result(_("transferred"), "transfer", "talk"),
    "consulted": Result(_("asked a third person"), "waits", "busy"),
    "picked-up": Result(_("picked up from another phone"), "pickup", "good"),
    "nothing-to-pick-up": Result(_("nothing to pick up"), "info", ""),
    "no-line": Result(_("no line to the outside"), "bad", "bad"),
    "abandoned": Result(_("gave up waiting"), "missed", "bad"),
    "overflowed": Result(_("led on, nobody took the call"), "transfer", "busy"),
    "call-back": Result(_("asked to be called back"), "history", ""),
    "over-limit": Result(_("stopped by a limit"), "bad", "bad"),
    "failed": Result(_("failed"), "bad", "bad"),
}
"""How a call or a part of it ended, by `app.core.outcome.Outcome`, as it stands at the end of a sentence."""

REACHED = Result(_("reached in another call"), "good", "good")
"""Of a place in a queue that was kept for somebody to whom people have talked before it was his turn."""

OF_WHOLE_CALLS = (
    *("answered", "no-answer", "busy", "declined", "not-registered"),
    *("cancelled", "abandoned", "no-such-number", "not-allowed", "no-line", "over-limit", "failed"),
)
"""Those a whole call can have; the others are about parts of one."""

RESULTS: Mapping[str, LazyString] = {
    "missed": _("missed, for whatever reason"),
    **{outcome: OUTCOMES[outcome].word for outcome in OF_WHOLE_CALLS},
}
"""What calls can be looked for by, `app.services.history.MISSED` first."""

ENDINGS: Mapping[EndedBy, LazyString] = {
    EndedBy.CALLER: _("the caller hung up"),
    EndedBy.CALLEE: _("the called side hung up"),
}
"""Who put the receiver down, where a person did."""

STATES: Mapping[str, LazyString] = {
    "offline": _("not signed in"),
    "free": _("free"),
    "rings": _("rings"),
    "talks": _("talks"),
}

DESTINATIONS: Mapping[str, LazyString] = {
    "account": _("Phone"),
    "ring": _("Several phones"),
    "extension": _("Internal number"),
    "city": _("City number"),
    "external": _("External number"),
    "queue": _("Queue"),
    "menu": _("Menu"),
    "hours": _("By opening hours"),
    "message": _("Message"),
    "hangup": _("Hang up"),
}
"""The kinds of destination, in the order they are offered."""

WHICH: Mapping[str, LazyString] = {
    "account": _("Which phone"),
    "first": _("First phone"),
    "second": _("Second phone"),
    "third": _("Third phone"),
    "extension": _("Which internal number"),
    "city": _("Which city number"),
    "external": _("Telephone number"),
    "queue": _("Which queue"),
    "menu": _("Which menu"),
    "hours": _("Which hours"),
    "message": _("Which message"),
    "hangup": _("The caller hears"),
}
"""What a kind of destination still has to be asked."""

ORDERS: Mapping[str, LazyString] = {"together": _("all at once"), "in-order": _("one after another")}
HANG_UP: Mapping[str, LazyString] = {"normal": _("nothing more"), "busy": _("the busy tone")}

BRANCHES: Mapping[str, LazyString] = {
    "no_answer": _("If nobody answers"),
    "busy": _("If it is busy"),
    "unavailable": _("If no phone is signed in"),
    "open": _("When open"),
    "closed": _("When closed"),
}
"""When a call goes on from a ring plan or by opening hours."""

WHEN: Mapping[str, LazyString] = {
    "no_answer": _("nobody answers"),
    "busy": _("busy"),
    "unavailable": _("no phone signed in"),
    "open": _("open"),
    "closed": _("closed"),
    "no_agents": _("no agent on duty"),
    "full": _("the queue is full"),
}
"""The same in a picture of the way."""

TOLD = _("the caller is told so")
"""Where it goes on from a ring plan that says nothing about it."""

LIMITS: Mapping[str, LazyString] = {
    "premium": _("premium-rate number"),
    "minutes": _("the minutes of the day were used up"),
    "at-once": _("too many calls to outside at once"),
    "unknown": _("it was not written down which limit"),
}
"""Which limit has stopped a call, by `app.core.outcome.Limit`; what is said of a country names it."""

ANSWERERS: Mapping[str, Result] = {
    "account": Result(_("Phone"), "free", "good"),
    "external": Result(_("External number"), "outside", "good"),
    "ivr": Result(_("menu"), "menu", ""),
    "message": Result(_("message"), "message", ""),
}
"""Who or what would answer, by the kind of `app.services.answering.Answerer`."""

WEEKDAYS: Mapping[str, LazyString] = {
    "0": _("Monday"),
    "1": _("Tuesday"),
    "2": _("Wednesday"),
    "3": _("Thursday"),
    "4": _("Friday"),
    "5": _("Saturday"),
    "6": _("Sunday"),
}

SOUNDS: Mapping[str, LazyString] = {
    "silence": _("hears nothing"),
    "bell": _("the bell rings"),
    "ringback": _("hears the ringing tone"),
    "tone": _("hears the dial tone"),
    "music": _("hears music"),
    "prompt": _("hears an announcement"),
}
"""What a virtual phone plays, as `freeswitch.virtual` names it."""

PROMPTS: Mapping[str, LazyString] = {
    "no-such-number": _("There is no such number."),
    "busy": _("The number is busy. Please call again later."),
    "no-answer": _("Nobody answers. Please call again later."),
    "not-registered": _("This phone is not available at the moment."),
    "declined": _("The call was declined."),
    "not-allowed": _("This phone may not call that number."),
    "failed": _("Sorry, the call failed. Please try again."),
    "transfer-failed": _("Sorry, your call could not be transferred."),
    "nothing-to-pick-up": _("There is no call to pick up."),
    "picked-up-by": _("The call was picked up by number:"),
    "no-line": _("Sorry, there is no line at the moment. Please try later."),
    "over-limit": _("This call exceeds a limit set by your company."),
    "wrong-choice": _("That is not a valid choice."),
    "press-one": _("A call from your company. To take it, press one."),
    "place": _("Your place in the queue:"),
    "patience": _("Thank you for waiting."),
    "wait-0": _("Waiting time: less than a minute."),
    "wait-1": _("Waiting time: about one minute."),
    "wait-2": _("Waiting time: about two minutes."),
    "wait-3": _("Waiting time: about three minutes."),
    "wait-4": _("Waiting time: about four minutes."),
    "wait-5": _("Waiting time: about five minutes."),
    "wait-6": _("Waiting time: about six minutes."),
    "wait-7": _("Waiting time: about seven minutes."),
    "wait-8": _("Waiting time: about eight minutes."),
    "wait-9": _("Waiting time: about nine minutes."),
    "wait-10": _("Waiting time: about ten minutes."),
    "wait-15": _("Waiting time: about fifteen minutes."),
    "wait-20": _("Waiting time: about twenty minutes."),
    "wait-30": _("Waiting time: about half an hour."),
    "wait-45": _("Waiting time: about forty-five minutes."),
    "wait-60": _("Waiting time: an hour or more."),
    "call-back": _("We will call you back and keep your place. You may hang up now."),
    "no-call-back": _("We cannot call this number back. Please stay on the line."),
    "signed-in": _("You are signed in."),
    "signed-out": _("You are signed out."),
    "paused": _("You are on a break."),
    "resumed": _("Your break is over."),
    "no-agent": _("This phone is not an agent of any such queue."),
}
"""What is said to callers, by the name of the recording."""

NUMBERING: Mapping[str, LazyString] = {
    "format": _("An internal number has 2 or 3 digits."),
    "reserved": _("{number} is an emergency or alarm number, so it must stay free. Choose another one."),
    "twice": _("{number} stands here twice."),
    "taken": _("Number {number} is among the other numbers below."),
    "waits": _("Phones may wait a moment after {number}, because longer numbers begin with it: {others}."),
    "changed": _("Changed fields: {count}"),
    "wrong": _("to correct: {count}"),
}
"""What the one screen says while somebody types, before the server is asked; numbering.js fills the braces."""

ROLES: Mapping[str, tuple[LazyString, LazyString]] = {
    "operator": (_("Operator"), _("Sees and changes everything, in every tenant.")),
    "owner": (_("Owner"), _("Changes everything in this company: numbers, phones, people.")),
    "receptionist": (_("Receptionist"), _("Sees phones, queues and calls, and ticks off who was called back.")),
}

MACHINES: Mapping[str, LazyString] = {
    "first start": _("first start"),
    "make run": _("first start"),
    "command line": _("provider"),
    "python -m app import": _("provider, from a file"),
}
"""Who changed something where nobody was signed in, as the services write it down -> as people read it."""

CHANGES: Mapping[str, LazyString] = {
    "account-created": _("Phone added"),
    "account-renamed": _("Phone renamed"),
    "account-password-renewed": _("Phone's password renewed"),
    "account-deleted": _("Phone deleted"),
    "account-presents": _("Phone's number shown outside changed"),
    "city-created": _("City number given"),
    "city-changed": _("City number changed"),
    "city-main": _("Main number chosen"),
    "city-deleted": _("City number taken away"),
    "menu-created": _("Menu added"),
    "menu-changed": _("Menu changed"),
    "menu-deleted": _("Menu deleted"),
    "message-created": _("Message added"),
    "message-changed": _("Message changed"),
    "message-deleted": _("Message deleted"),
    "queue-created": _("Queue added"),
    "queue-changed": _("Queue changed"),
    "queue-deleted": _("Queue deleted"),
    "agent-signed-in": _("Agent signed in"),
    "agent-signed-out": _("Agent signed out"),
    "agent-paused": _("Agent sent on a break"),
    "agent-resumed": _("Agent's break ended"),
    "schedule-created": _("Opening hours added"),
    "schedule-changed": _("Opening hours changed"),
    "schedule-deleted": _("Opening hours deleted"),
    "trunk-created": _("Trunk added"),
    "trunk-changed": _("Trunk changed"),
    "trunk-deleted": _("Trunk deleted"),
    "trunks-imported": _("Trunks imported"),
    "refusals-seen": _("Stopped calls looked at"),
    "number-created": _("Number added"),
    "number-changed": _("Number changed"),
    "number-deleted": _("Number deleted"),
    "tenant-created": _("Tenant created"),
    "tenant-changed": _("Company settings changed"),
    "tenant-deleted": _("Tenant deleted"),
    "tenant-imported": _("File imported"),
    "user-created": _("Person added"),
    "user-changed": _("Person changed"),
    "user-deleted": _("Person deleted"),
    "user-password-changed": _("Own password changed"),
    "user-password-reset": _("Person's password renewed"),
}
"""What was changed, as the change log says it."""
