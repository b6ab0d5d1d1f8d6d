"""Transfers that nobody answers, until the very end: on a real switch, because these stories last as long as people wait.

The stories of one test are told at the same time, each at a desk of its own.
"""

from app.core.actions import Prompt
from app.core.outcome import Outcome
from tests.contract.desk import Desk, in_parallel
from tests.contract.people import Person
from tests.contract.product import Product
from tests.contract.worlds import on_freeswitch

PAUSE_SECONDS = 10  # of music, between the two times that the transferor is rung
RETURN_SECONDS = 20
CONSULT_SECONDS = 20
LATE = 3


@on_freeswitch
def test_a_caller_nobody_wants(pbx: Product, called: Desk, calling: Desk, english: Desk, nina: Person) -> None:
    def apologized_to() -> None:
        """The target does not answer, the transferor refuses twice: there is nowhere else to go."""
        called.talk()
        called.transferor.presses("#23")
        called.target.rings(called.customer)
        called.target.ended(within=pbx.ring_seconds + LATE)
        refuses_twice(called, "23")
        called.customer.is_told(Prompt.TRANSFER_FAILED)
        called.customer.ended()
        record = called.logged("22 transferred", "23 no-answer", "22 declined")
        assert record.outcome is Outcome.ANSWERED

    def diverted() -> None:
        """… but this company has said where."""
        calling.talk()
        calling.transferor.presses("#23")
        calling.target.rings(calling.customer)
        calling.target.is_busy()
        refuses_twice(calling, "23")
        nina.rings(calling.customer)
        nina.answer()
        calling.talks_to(nina)
        nina.hangs_up()
        calling.customer.ended()
        calling.logged("22 transferred", "23 busy", "21 declined", "201 answered")

    def wanted_at_last() -> None:
        """The transferor does not hear the first ringing and takes the caller at the second."""
        english.talk()
        english.transferor.presses("#31")
        english.target.rings(english.customer)
        english.target.is_busy()
        english.transferor.rings_again(english.customer, "31")
        english.customer.hears_ringing_tone()
        english.transferor.ended(within=RETURN_SECONDS + LATE)
        english.customer.hears_music()
        english.transferor.rings_again(english.customer, "31", within=PAUSE_SECONDS + LATE)
        english.transferor.answer()
        english.talks_to(english.transferor)
        english.finish("23 transferred", "31 busy", "23 answered")

    in_parallel([apologized_to, diverted, wanted_at_last])


@on_freeswitch
def test_a_target_who_does_not_answer_while_somebody_waits_for_it(called: Desk, calling: Desk) -> None:
    def waited_for() -> None:
        called.talk()
        called.consult()
        called.transferor.hears_ringing_tone()
        called.target.ended(within=CONSULT_SECONDS + LATE)
        called.transferor.is_told(Prompt.NO_ANSWER)
        called.talks_to(called.transferor)
        called.finish("22 consulted", "23 no-answer", "22 answered")

    def left_ringing() -> None:
        calling.talk()
        calling.consult()
        calling.transferor.hangs_up()
        calling.customer.hears_ringing_tone()
        calling.target.ended(within=CONSULT_SECONDS + LATE)
        calling.comes_back("23")
        calling.finish("22 transferred", "23 no-answer", "21 answered")

    in_parallel([waited_for, left_ringing])


def refuses_twice(desk: Desk, target: str) -> None:
    """The transferor does not want the caller back."""
    desk.transferor.rings_again(desk.customer, target)
    desk.transferor.declines()
    desk.customer.hears_music()
    desk.transferor.rings_again(desk.customer, target, within=PAUSE_SECONDS + LATE)
    desk.transferor.declines()
