"""What a PJSIP phone says of itself and of its calls."""

import pjsua2 as pj

AGENT = "Centralka contract phone"  # FreeSWITCH updates the display only of phones that say what they are


def audio() -> pj.CallOpParam:
    """The usual settings for sound alone: by itself PJSIP offers typed text too (RFC 4103), on two more ports for each call."""
    settings = pj.CallOpParam(True)
    settings.opt.textCount = 0
    return settings


def reply(code: int) -> pj.CallOpParam:
    """An answer to an INVITE. PJSIP names itself in requests only."""
    answer = audio() if code == pj.PJSIP_SC_OK else pj.CallOpParam()
    answer.statusCode = code
    agent = pj.SipHeader()
    agent.hName, agent.hValue = "User-Agent", AGENT
    answer.txOption.headers.append(agent)
    return answer
