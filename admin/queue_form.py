"""A queue as a form: what stands in it for its settings, and the settings it stands for."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, FileField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.utils import unset_value

from admin import problems
from admin.destinations.field import DestinationField
from admin.forms import _text, _trimmed, whole_number
from admin.queue_words import STRATEGIES
from app.core import numbering
from app.core.destinations import ToAccount, ToExternal
from app.core.queues import Strategy
from app.services.agents import Who
from app.services.audio import LONGEST_TEXT, Recorded, Recording, Spoken
from app.services.errors import DomainError
from app.services.menus import KEYS
from app.services.queue_settings import BRANCHES, NONE, RANGES, QueueSettings
from app.services.queue_sounds import SILENCE, Silence
from app.services.sounds import SoundInfo

NUMBERS = ("ring", *RANGES)
MOVES = {"up": -1, "down": 1}
SOUNDS = ".wav,.mp3,audio/wav,audio/mpeg"


class AgentsField(Field):
    """Who answers, in order: a field each, ``account:100101`` or ``external:+48600100200``. ``data`` are the agents.

    Two more fields hold who shall be added: ``agents-account`` and ``agents-external``. Whoever is chosen there counts when the
    form is saved, too, so that nobody is lost who was chosen but not added.
    """

    def process(self, formdata: MultiDict[str, str] | None, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read what was sent, where anything was; else show ``data``."""
        del extra_filters
        self.process_errors: list[str] = []
        self.wrong: dict[int, str] = {}
        self.object_data: Sequence[Who] = () if data is unset_value else data
        self.data = list(self._typed(formdata) if formdata else self.object_data)

    def _typed(self, form: MultiDict[str, str]) -> Iterable[Who]:
        yield from (who for who in map(_agent, form.getlist(self.name)) if who)
        if login := form.get(f"{self.name}-account", ""):
            yield ToAccount(login)
        if number := form.get(f"{self.name}-external", "").strip():
            yield ToExternal(numbering.as_city(number) or number)

    def move(self, order: str) -> None:
        """Do what a button beside an agent says: ``up.2``, ``down.0``, ``remove.1``; anything else changes nothing."""
        what, _dot, place = order.partition(".")
        at = whole_number(place)
        if not 0 <= at < len(self.data):
            return
        if what == "remove":
            self.data.pop(at)
        elif what in MOVES and 0 <= at + MOVES[what] < len(self.data):
            self.data.insert(at + MOVES[what], self.data.pop(at))

    def refuse(self, error: DomainError, path: str) -> None:
        """Say beside the agent that ``path`` names (``.2``), or below all of them, what is wrong."""
        said = problems.sentence(error)
        self.wrong[whole_number(path.removeprefix("."))] = said
        self.errors: list[str] = [*self.errors, said]


def _agent(text: str) -> Who | None:
    kind, _colon, which = text.partition(":")
    if kind == "account":
        return ToAccount(which)
    return ToExternal(which) if kind == "external" else None


def code(who: Who) -> str:
    """An agent as its field holds it."""
    return f"account:{who.login}" if isinstance(who, ToAccount) else f"external:{who.number}"


def _count(label: LazyString) -> Field:
    return _text(label, inputmode="numeric", maxlength=5)


class QueueForm(FlaskForm):
    """The fields are called as the services call them; those of the keys have a dot: ``keys.1``."""

    name = _text(_("Name"), maxlength=100)
    strategy = RadioField(_("Who rings first"), choices=[], validate_choice=False)
    agents = AgentsField(_("Agents"))
    max_wait = _count(_("Longest wait, in seconds"))
    overflow = DestinationField(_("After that the caller goes to"), nothing=_("nowhere: the caller hears an apology"))
    no_agents = DestinationField(_("When no agent is on duty"), nothing=_("as after the longest wait"))
    full = DestinationField(_("When the queue is full"), nothing=_("as after the longest wait"))
    max_waiting = _count(_("Most callers waiting at once"))
    ring = _count(_("An agent's phone rings for so many seconds"))
    retry = _count(_("Seconds until the same agent is tried again"))
    wrap_up = _count(_("Rest after each call, in seconds"))
    misses = _count(_("Break after so many missed calls in a row"))
    miss_pause = _count(_("That break lasts so many seconds"))
    announce_agent = BooleanField(_("Agents hear the queue's name and how long the caller has waited"))
    announce_every = _count(_("Tell callers their place every so many seconds"))
    silent = BooleanField(_("No greeting"))
    usual = BooleanField(_("The usual music instead"))
    call_back = SelectField(_("Key to be called back"), choices=[], validate_choice=False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.strategy.choices = [SelectChoice(strategy.value, name) for strategy, (name, _says) in STRATEGIES.items()]
        self.call_back.choices = [SelectChoice("", _("none")), *(SelectChoice(key, key) for key in KEYS)]

    def field_of(self, name: str) -> Field:
        """One of those with a dot, for templates."""
        return self[name]

    def new_greeting(self) -> Recording | None:
        """What was uploaded or, without that, typed; the file wins."""
        text = self["greeting.text"].data
        return self._uploaded("greeting.file") or (Spoken(text) if text else None)

    def new_music(self) -> Recorded | None:
        """What was uploaded."""
        return self._uploaded("music.file")

    def greeting(self, before: SoundInfo | None) -> Recording | Silence | None:
        """What is new against ``before``; None when nothing is. A text that was emptied is to be heard no more."""
        new = self.new_greeting()
        if before is None or isinstance(new, Recorded):
            return new
        if self.silent.data or (new is None and before.text):
            return SILENCE
        return None if new is None or new == Spoken(before.text) else new

    def music(self, before: SoundInfo | None) -> Recorded | Silence | None:
        """The same of what is heard while waiting."""
        return self.new_music() or (SILENCE if before and self.usual.data else None)

    def _uploaded(self, name: str) -> Recorded | None:
        upload = self[name].data
        return Recorded(upload.filename, upload.read()) if upload else None

    def settings(self) -> QueueSettings:
        """What the form stands for; what is wrong with it the services say."""
        keys = {key: self[f"keys.{key}"].data for key in KEYS}
        known = self.strategy.data in {strategy.value for strategy in Strategy}
        led: dict[str, Any] = {branch: self[branch].data for branch in BRANCHES}
        counts: dict[str, Any] = {name: _number(name, self[name].data) for name in NUMBERS}
        strategy: Any = Strategy(self.strategy.data) if known else self.strategy.data or ""
        return QueueSettings(
            name=self.name.data,
            strategy=strategy,
            agents=tuple(self.agents.data),
            announce_agent=self.announce_agent.data,
            keys={key: to for key, to in keys.items() if to},
            call_back=self.call_back.data or "",
            **counts,
            **led,
        )

    @property
    def unfolds(self) -> bool:
        """Whether something is wrong below «more»."""
        first = ("name", "strategy", "agents", "max_wait", "overflow")
        return any(field.errors for field in self if field.name not in first)


for _key in KEYS:
    setattr(QueueForm, f"keys.{_key}", DestinationField(_("Key %(key)s", key=_key), nothing="–"))
setattr(
    QueueForm,
    "greeting.text",
    TextAreaField(_("Text to be spoken"), filters=[_trimmed], render_kw={"rows": 2, "maxlength": LONGEST_TEXT}),
)
setattr(QueueForm, "greeting.file", FileField(_("or a recording"), render_kw={"accept": SOUNDS}))
setattr(QueueForm, "music.file", FileField(_("Music of your own"), render_kw={"accept": SOUNDS}))


def shown(settings: QueueSettings, greeting: SoundInfo | None = None) -> QueueForm:
    """The form that shows ``settings`` and the greeting's text."""
    values: dict[str, object] = {f"keys.{key}": to for key, to in settings.keys.items()}
    for name in NUMBERS:
        value = getattr(settings, name)
        values[name] = "" if name in NONE and value == NONE[name] else str(value)
    values |= {name: getattr(settings, name) for name in (*BRANCHES, "name", "agents", "announce_agent", "call_back")}
    return QueueForm(strategy=settings.strategy.value, **values, **{"greeting.text": greeting.text if greeting else ""})


def _number(name: str, text: str) -> int | None:
    return NONE[name] if name in NONE and not text else whole_number(text)
