"""What the simulator's tests of trunks share: two trunks, numbers, and a way to be led over one."""

from freeswitch.simulator.gateways import Gateway
from freeswitch.simulator.phones import Phone
from tests.freeswitch.simulated import Stage

NOVA, ORION = Gateway("trunk-1", "sip.nova.test"), Gateway("trunk-2", "orion.test:5070", True, variables={"pbx_mark": "m2"})
CITY, MOBILE = "+48221234567", "+48600100200"
CONNECT = ("set hangup_after_bridge=true", "set continue_on_fail=true", "set call_timeout=20")


def connect(stage: Stage, phone: Phone, target: str, *before: str) -> str:
    """The phone dials, and its call is led to ``target``; its leg."""
    leg = stage.call(phone)
    stage.controller.script(leg, *CONNECT, *before, f"bridge {target}")
    stage.settle()
    return leg


def dialled(number: str = MOBILE, gateway: str = "trunk-1", variables: str = "") -> str:
    """A dial string to somebody outside."""
    return f"{variables}sofia/gateway/{gateway}/{number}"


def result(stage: Stage, leg: str) -> str:
    """How the attempt went, from the park at the script's end."""
    stage.settle()
    parks = stage.controller.named("CHANNEL_PARK", leg=leg)
    assert len(parks) == 2
    return str(parks[1]["variable_originate_disposition"])
