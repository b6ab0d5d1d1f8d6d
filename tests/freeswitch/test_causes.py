"""What a cause means: of a telephone outside, of several devices, of a leg's own end."""

import pytest

from app.core.outcome import Outcome
from freeswitch.causes import attempt_of, cause_of, outcome_of, outside_of


@pytest.mark.parametrize(
    ("cause", "status", "outcome"),
    [
        ("USER_BUSY", "486", Outcome.BUSY),
        ("CALL_REJECTED", "603", Outcome.DECLINED),
        ("CALL_REJECTED", "", Outcome.DECLINED),
        ("NO_USER_RESPONSE", "480", Outcome.NO_ANSWER),
        ("NO_ANSWER", "", Outcome.NO_ANSWER),
        ("ORIGINATOR_CANCEL", "487", Outcome.NO_ANSWER),
        ("UNALLOCATED_NUMBER", "404", Outcome.NO_SUCH_NUMBER),
        ("INVALID_NUMBER_FORMAT", "484", Outcome.NO_SUCH_NUMBER),
        ("NUMBER_CHANGED", "410", Outcome.NO_SUCH_NUMBER),
        ("SUBSCRIBER_ABSENT", "480", Outcome.NOT_REGISTERED),
        ("DESTINATION_OUT_OF_ORDER", "502", Outcome.NOT_REGISTERED),
        ("DESTINATION_OUT_OF_ORDER", "", Outcome.NO_ANSWER),
        ("ALLOTTED_TIMEOUT", "", Outcome.NO_ANSWER),
    ],
)
def test_the_worlds_answer_is_told_and_no_other_trunk_is_tried(cause: str, status: str, outcome: Outcome) -> None:
    assert outside_of(cause, status) is outcome


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        ("GATEWAY_DOWN", ""),
        ("INVALID_GATEWAY", ""),
        ("CALL_REJECTED", "403"),
        ("CALL_REJECTED", "401"),
        ("CALL_REJECTED", "407"),
        ("RECOVERY_ON_TIMER_EXPIRE", "408"),
        ("NORMAL_TEMPORARY_FAILURE", "503"),
        ("NORMAL_TEMPORARY_FAILURE", "500"),
        ("NETWORK_OUT_OF_ORDER", "502"),
        ("NORMAL_CIRCUIT_CONGESTION", "503"),
        ("REQUESTED_CHAN_UNAVAIL", ""),
        ("INCOMPATIBLE_DESTINATION", "488"),
        ("EXCHANGE_ROUTING_ERROR", "483"),
    ],
)
def test_a_trunks_own_failure_lets_another_be_tried(cause: str, status: str) -> None:
    assert outside_of(cause, status) is Outcome.NO_LINE


@pytest.mark.parametrize("disposition", ["", "SUCCESS"])
def test_an_attempt_that_succeeded_or_was_not_made_has_no_reason(disposition: str) -> None:
    assert outside_of(disposition) is None
    assert attempt_of(disposition, ("USER_BUSY",)) is None


@pytest.mark.parametrize(
    ("disposition", "devices", "outcome"),
    [
        ("USER_NOT_REGISTERED", (), Outcome.NOT_REGISTERED),
        ("USER_BUSY", ("USER_BUSY",), Outcome.BUSY),
        ("USER_BUSY", ("USER_BUSY", "CALL_REJECTED"), Outcome.BUSY),
        ("CALL_REJECTED", ("CALL_REJECTED", "USER_BUSY"), Outcome.BUSY),
        ("USER_BUSY", ("USER_BUSY", "NO_USER_RESPONSE"), Outcome.NO_ANSWER),
        ("NO_ANSWER", ("USER_BUSY", "NO_ANSWER"), Outcome.NO_ANSWER),
        ("NORMAL_TEMPORARY_FAILURE", ("NORMAL_TEMPORARY_FAILURE", "CALL_REJECTED"), Outcome.DECLINED),
        ("PICKED_OFF", ("USER_BUSY", "PICKED_OFF"), Outcome.ELSEWHERE),
        ("ORIGINATOR_CANCEL", ("USER_BUSY", "ORIGINATOR_CANCEL"), Outcome.CANCELLED),
    ],
)
def test_of_several_devices_the_most_telling_reason_counts(
    disposition: str, devices: tuple[str, ...], outcome: Outcome
) -> None:
    assert attempt_of(disposition, devices) is outcome


@pytest.mark.parametrize("outcome", [Outcome.NO_LINE, Outcome.NO_SUCH_NUMBER, Outcome.BUSY, Outcome.NO_ANSWER])
def test_a_caller_is_told_what_his_phone_then_says_itself(outcome: Outcome) -> None:
    assert outcome_of(cause_of(outcome)) is outcome
