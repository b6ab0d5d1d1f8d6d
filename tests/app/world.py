"""An office whose phones, and telephones outside, do anything at any moment: a real engine, and a switch that obeys."""

from dataclasses import replace
from functools import partial

from app.core.actions import Connect, ConnectOutside, Intercept
from app.core.commands import Ring, RingOutside, Script
from app.core.events import CallArrived, CallCameIn, KeyPressed, LegHungUp, LegsJoined, Role, SwitchFound
from app.core.outcome import Outcome
from app.core.states import Aside, Asking, Conferring, Talking, Waiting
from app.engine import Engine
from tests.app import model_refer
from tests.app.doubles import Complaints, Journal, Presence, Roster, Timers
from tests.app.model_count import count
from tests.app.model_leg import Leg
from tests.app.model_switch import ModelSwitch
from tests.core.company import CITIES, MAIN, SERVICE
from tests.core.stories import PEOPLE

KEYS = ["#", "**", "*", "2", "3", "1", "7"]
CODES = ["#23", "**23", "**24", "#22#", "**22", "#99#", "*"]
CODES += ["#81", "**81", "#82", "**82"]
CODES += ["#30", "**30", "#31", "**31", "**32", "#33", "#41", "**42", "#43", "#600100200", "**600100200", "#51"]
CALLERS = ["101", "102", "103", "104", "105"]
DIALLED = ["22", "21", "23", "24", "99", "30", "31", "32", "33", "40", "41", "42", "43", "49", "51", "600100200", MAIN]
DIALLED += ["81", "82", SERVICE, "*61"]
REFERRED = ["23", "99", "81", "30", "31", "42", "600100200"]
PICKERS = ["103", "104", "201", "201"]
PICKUPS = ["*8112", "*823", "*822", "*821", "*831", "*830", "*832", "*881", "*882"]
UNRELIABLE = ["103", "102", "105", "trunk-1", "trunk-2"]
OUTSIDE = "+48601000111"


class World:
    """An office whose phones do anything."""

    def __init__(self, directory):
        self.directory = directory
        self.queues = directory.tenants[1].queues
        self.keys_for_all = directory.tenants[1].keys_on_internal_calls
        self.switch, self.journal, self.bugs = ModelSwitch(), Journal(), Complaints()
        self.complaints = self.switch.complaints
        self.switch.dropped = self.dropped
        self.dead, self.customers = set(), {}
        self.start()
        self.find()

    def start(self):
        self.timers, self.roster = Timers(), Roster()
        self.engine = Engine(self.journal, Presence(), self.roster, self.timers, self.directory, clock=lambda: self.switch.now)
        self.engine.attach("one", self)

    def restart(self):
        """The controller is killed, and comes back."""
        while self.switch.orders:
            self.switch.carry_out()
        self.switch.heard.clear()
        self.dead = set()  # it learns of them one by one
        self.switch.remind()
        self.start()
        self.find()

    def find(self):
        self.hear(SwitchFound(switch="one", core="core", legs=count(self.switch), at=self.switch.now))

    def hear(self, event):
        self.engine.mailbox_of("one")(event)
        self.engine.stop()
        self.engine.run()
        for call in self.engine.calls.values():
            self.customers[call.id] = "" if isinstance(call.state, Aside) else call.leg

    def send(self, command):
        """The engine's orders pass here on their way to the switch."""
        pair = (getattr(command, "first", None), getattr(command, "second", None))
        legs = {getattr(command, "leg", ""), getattr(command, "other", ""), *(script.leg for script in pair if script)}
        if legs & self.dead:
            self.complaints.append(f"{command} is for a leg known to be dead")
        for script in (command, *pair):
            for action in [*script.actions, *script.rescue] if isinstance(script, Script) else [script]:
                self.check(script, action)
        self.switch.send(command)

    def check(self, order, action):
        """Tenants cannot reach each other, and what is shown outside is a number of one's own."""
        if isinstance(action, Intercept):
            self.intercepted(order)
        if isinstance(action, Connect | Ring):
            own = self.directory.tenants[self.engine.calls[order.call].record.tenant].accounts
            self.complaints += [f"{order} rings {login}" for login in action.logins if login not in own]
        if isinstance(action, ConnectOutside | RingOutside) and action.to.shown not in CITIES:
            self.complaints.append(f"{order} shows {action.to.shown}")

    def intercepted(self, script):
        tenant = self.directory.tenant_of(self.switch.legs[script.leg].login)
        if tenant is None or tenant.id != self.engine.calls[script.call].record.tenant:
            self.complaints.append(f"{script} picks up a stranger's call")

    def dropped(self, leg: Leg):
        """Nobody who talked is dropped without a word, unless his partner put down."""
        talked = leg.answered and not leg.nobody and self.customers.get(leg.call) == leg.id
        if talked and not leg.told and not leg.left_by_partner:
            self.complaints.append(f"{leg.id} was dropped without a word")

    def begin(self, caller, so_far):
        """Let a story start in the middle: Bartek is rung, talks, asks Celina with ** or has sent the caller to her."""
        place, *steps = so_far.split() if so_far.startswith("queue") else ("", *so_far.split())
        self.dial(caller, ("81" if caller else SERVICE) if place else "22" if caller else MAIN)
        for step in steps:
            self.flush()
            if step == "offer":
                self.switch.offers()[0]()
                continue
            ringing = [leg for leg in self.switch.living() if leg.parent or (leg.attempt and not leg.answered)]
            if step[0] in "#*":
                self.press(next(leg for leg in self.switch.living() if leg.login == "102"), step)
            elif ringing and step == "answer":
                self.switch.answer(ringing[0])
            elif ringing:
                self.switch.refuse(ringing[0], Outcome.BUSY)

    # --- what may happen next ---

    def moves(self):
        """What may happen now, each kind with its weight."""
        switch, living = self.switch, self.switch.living()
        ringing = [leg for leg in living if leg.parent or (leg.attempt and not leg.answered)]
        others = [leg for leg in living if leg not in ringing]
        underway = switch.underway()
        quiet = not (switch.heard or switch.orders or underway)
        yield 30, [self.deliver] * bool(switch.heard)
        yield 30, [switch.carry_out] * bool(switch.orders)
        yield 2, [self.deliver_second] * self.may_swap()
        yield 12, underway
        yield 8, [partial(switch.answer, leg) for leg in ringing]
        yield 3, [partial(switch.refuse, leg, why) for leg in ringing for why in (Outcome.BUSY, Outcome.DECLINED)]
        yield 8, switch.offers()
        yield 3, [partial(switch.agent_is_too_short, leg) for leg in living if leg.answers]
        yield 4, [partial(switch.hang_up, leg) for leg in others if not leg.nobody]
        yield 8, [partial(self.press, leg, keys) for leg in others if leg.answered and not leg.nobody for keys in CODES]
        yield 4, [partial(self.press, leg, key) for leg in others if leg.answered and not leg.nobody for key in KEYS]
        yield 2, [partial(self.dial, who, what) for who in CALLERS for what in DIALLED] * (len(switch.legs) < 16)
        yield 2, [partial(self.dial, "", what) for what in (*CITIES, "+48229999999")] * (len(switch.legs) < 16)
        yield 5, [partial(self.dial, who, what) for who in PICKERS for what in PICKUPS] * bool(ringing)
        own = [leg for leg in others if quiet and self.talks(leg) and leg.login in PEOPLE]  # no phone is faster than we are
        yield 1, [partial(model_refer.blind, switch, leg, number) for leg in own for number in REFERRED]
        both = [(one, two) for one in own for two in own if one.login == two.login and one is not two is not one.partner]
        yield 2, [partial(model_refer.attended, switch, one, two) for one, two in both]
        yield 5, [partial(switch.time_passes, leg) for leg in self.busy()] * quiet
        yield 3, [partial(self.ring_timer, key) for key in self.timers.waiting] * quiet
        # Known limit: killed within the tenth of a second of an intercept, the controller cannot know that one is under way.
        yield 1, [self.restart] * (bool(living) and not any(self.picks_up(leg) for leg in living))
        yield 1, [partial(switch.offline.symmetric_difference_update, {login}) for login in UNRELIABLE]
        yield 1, [self.change_queues]

    def happen(self, kind, which):
        """One of the moves: ``kind`` and ``which`` are any numbers."""
        kinds = [(weight, moves) for weight, moves in self.moves() if moves]
        chosen = [moves for weight, moves in kinds for _ in range(weight)][kind % sum(weight for weight, _ in kinds)]
        chosen[which % len(chosen)]()

    def may_swap(self):
        """Neighbours of two legs; but what one phone's transfer key does to two calls is told in one breath."""
        pair = self.switch.heard[:2]
        attended = any(getattr(event, "outcome", None) is Outcome.TRANSFERRED for event in self.switch.heard)
        return len({event.leg for event in pair}) > 1 and not attended and not any(map(self.joins_two_calls, pair))

    def joins_two_calls(self, event):
        return isinstance(event, LegsJoined) and len({self.switch.legs[leg].call for leg in (event.leg, event.other)}) > 1

    def picks_up(self, leg):
        ordered = [order for order in self.switch.orders if isinstance(order, Script) and order.leg == leg.id]
        actions = [*leg.todo, *(action for order in ordered for action in order.actions)]
        return any(isinstance(action, Intercept) for action in actions)

    def talks(self, leg):
        call = self.engine.calls.get(leg.call)
        return leg.partner and call is not None and isinstance(call.state, Talking | Aside)

    def busy(self):
        return [
            leg for leg in self.switch.living() if not leg.parked and not leg.limbo and (leg.todo or leg.parent or leg.attempt)
        ]

    def deliver(self, place=0):
        event = self.switch.heard.pop(place)
        call = self.engine.calls.get(event.call)
        self.hear(event)
        if isinstance(event, LegHungUp):
            self.dead.add(event.leg)
        if isinstance(event, KeyPressed) and call is not None and self.engine.calls.get(event.call) is not call:
            self.heard_key(event, call)

    def deliver_second(self):
        self.deliver(1)

    def heard_key(self, event, call):
        leg = self.switch.legs[event.leg]
        dialled = leg.role is Role.CALLER and leg.id == call.id
        if isinstance(call.state, Asking | Waiting) and leg.id == call.leg:
            return  # whoever is in a menu or a queue may choose
        if leg.login not in PEOPLE or (dialled and not self.keys_for_all):
            self.complaints.append(f"{event} was listened to")

    def press(self, leg, keys):
        for key in keys.replace("**", "+"):
            self.switch.tell(KeyPressed, leg, keys=key.replace("+", "**"))

    def change_queues(self):
        """Somebody deletes the queues, or makes them again."""
        acme = self.directory.tenants[1]
        queues = self.queues if not acme.queues else {}
        self.directory = replace(self.directory, tenants={**self.directory.tenants, 1: replace(acme, queues=queues)})
        self.engine.change_directory(self.directory)
        self.engine.stop()
        self.engine.run()

    def ring_timer(self, key):
        self.timers.waiting.pop(key)()
        self.engine.stop()
        self.engine.run()

    def dial(self, login, number):
        """Somebody outside has no login, and dials a city number."""
        leg = Leg(f"{login or 'outside'}-{len(self.switch.legs)}", login, Role.CALLER, dialled=number, number=OUTSIDE)
        self.switch.legs[leg.id] = leg
        if login:
            self.switch.tell(CallArrived, leg, login=login, dialled=number)
        else:
            self.switch.tell(CallCameIn, leg, trunk="pstn", number=leg.number, name="", dialled=number)

    # --- the end of a story ---

    def settle(self):
        """Nobody does anything any more; time passes until nothing changes but the music of those who are put aside."""
        for _ in range(60):
            self.flush()
            if not (self.busy() or self.timers.waiting):
                break
            for key in list(self.timers.waiting):
                if key in self.timers.waiting:
                    self.ring_timer(key)
            self.flush()
            for leg in self.busy():
                if leg.alive:
                    self.switch.time_passes(leg)
        self.flush()
        for leg in self.switch.living():
            if leg.parked or leg.limbo:
                self.switch.time_passes(leg)
        for leg in [leg for leg in self.switch.living() if leg.nobody]:
            self.switch.hang_up(leg)  # else it waits for ever
        self.flush()
        states = {type(call.state) for call in self.engine.calls.values()}
        if not states <= {Talking, Conferring, Aside}:
            self.complaints.append(f"stuck in {states}")

    def flush(self):
        for _ in range(2000):
            underway = self.switch.underway()
            if self.switch.orders:
                self.switch.carry_out()
            elif underway:
                underway[0]()
            elif self.switch.heard:
                self.deliver()
            else:
                self.complaints += [
                    f"{leg.id} waits, and nobody is rung any more" for leg in self.switch.living() if leg.forgotten
                ]
                return
        self.complaints.append("they talk to each other for ever")

    def everybody_leaves(self):
        for _ in range(200):
            living = self.switch.living()
            if not living:
                break
            self.switch.hang_up(living[0])
            self.flush()
        self.flush()
