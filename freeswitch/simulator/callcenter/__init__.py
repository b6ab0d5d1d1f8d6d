"""``mod_callcenter``, played: callers wait in queues, agents are rung for them one by one or all at once.

Read in ``mod_callcenter.c`` of 1.10.12 and tried on that switch; its races are kept on purpose, because a controller must
live with them. Not played: standby agents, the strategies ``round-robin`` and ``ring-progressively``, tier rules, recording,
a queue's own periodic announcement, and the return of callers who had hung up (``abandoned-resume-allowed``).
"""

from freeswitch.simulator.callcenter.center import Center as Center
from freeswitch.simulator.callcenter.queues import FILE as FILE
