"""An Event Socket server that plays FreeSWITCH 1.10.12, with virtual phones: for demonstrations, scenario tests, load runs.

It shares no code with what is tested against it (only ``freeswitch.wire`` would be allowed, and is not needed): models are
the recorded streams of a real switch and the source of FreeSWITCH.

>>> simulator = Simulator(port=0, password="x", domain="acme.test", directory={"101", "102"}.__contains__)
>>> simulator.start()
>>> simulator.phone("101").register()
"""

from freeswitch.simulator.simulator import Simulator

__all__ = ["Simulator"]
