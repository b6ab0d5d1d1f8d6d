"""Replies and commands: who belongs to whom, on a channel that has nothing but an order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freeswitch.replies import OutOfStep, Replies, Reply
from freeswitch.wire import Frame


def ok(text: str) -> Frame:
    return Frame({"Content-Type": "command/reply", "Reply-Text": text})


def test_replies_go_to_commands_in_order() -> None:
    replies, first, second = Replies(5, 5), [], []
    replies.expect(first.append, 0)
    replies.expect(second.append, 0)
    replies.settle(ok("+OK one"))
    replies.settle(Frame({"Content-Type": "api/response"}, b"two"))
    assert (first, second) == ([Reply("+OK one")], [Reply("two")])


def test_a_late_reply_is_not_given_to_the_next_command() -> None:
    replies, slow, next_one = Replies(5, 5), [], []
    replies.expect(slow.append, 0)
    replies.expire(5)
    replies.expect(next_one.append, 6)
    replies.settle(ok("+OK for the slow one"))
    replies.settle(ok("+OK for the next"))
    assert slow == [Reply(missing="no reply within 5 s")]
    assert next_one == [Reply("+OK for the next")]


def test_a_reply_that_never_comes_ends_the_connection() -> None:
    replies = Replies(5, 3)
    replies.expect(lambda reply: None, 0)
    replies.expire(7.9)
    with pytest.raises(OutOfStep):
        replies.expire(8)


def test_a_stray_reply_ends_the_connection() -> None:
    with pytest.raises(OutOfStep):
        Replies(5, 5).settle(ok("+OK"))


def test_who_waits_is_told_of_the_loss_once() -> None:
    replies, told = Replies(5, 5), []
    replies.expect(told.append, 0)
    replies.expire(5)
    replies.expect(told.append, 6)
    replies.abandon("the line was cut")
    replies.abandon("the line was cut")
    assert told == [Reply(missing="no reply within 5 s"), Reply(missing="the line was cut")]


@pytest.mark.parametrize("text", ["-ERR No such channel!\n", "-USAGE: <uuid>", "-ERR invalid session id [x]"])
def test_a_refusal_is_a_failure(text: str) -> None:
    assert Reply(text).failure == text.strip()


@pytest.mark.parametrize("text", ["+OK", "", "-ERR no reply\n", "{}", "UP 0 years"])
def test_everything_else_is_none_not_even_an_api_without_a_word(text: str) -> None:
    assert Reply(text).failure == ""


@given(st.lists(st.sampled_from(["send", "reply", "wait"]), max_size=60))
def test_every_command_hears_exactly_once_and_only_its_own(story: list[str]) -> None:
    replies, told, now, sent, came = Replies(5, 1e9), {}, 0.0, 0, 0
    for move in story:
        if move == "send":
            replies.expect(lambda reply, number=sent: told.setdefault(number, []).append(reply), now)
            sent += 1
        elif move == "reply" and came < sent:
            replies.settle(ok(str(came)))
            came += 1
        elif move == "wait":
            now += 2
            replies.expire(now)
    replies.abandon("the end")
    assert sorted(told) == list(range(sent))
    for number, heard in told.items():
        (reply,) = heard
        assert reply.missing or reply == Reply(str(number))
