"""Agents by telephone: whoever dials a feature code signs in to his queues, out of them, pauses, or goes on."""

from app.core import numbering
from app.core.actions import Answer, HangUp, Prompt, Say
from app.core.commands import Attend
from app.core.destinations import ToQueue
from app.core.directory import Directory, Queue, Tenant
from app.core.moves import language_of, lead, tenant_of
from app.core.outcome import Outcome
from app.core.queues import Duty
from app.core.states import Call, Refusing
from app.core.table import Step

CODES = {
    numbering.SIGN_IN: (Duty.SIGN_IN, Prompt.SIGNED_IN),
    numbering.SIGN_OUT: (Duty.SIGN_OUT, Prompt.SIGNED_OUT),
    numbering.PAUSE: (Duty.PAUSE, Prompt.PAUSED),
    numbering.RESUME: (Duty.RESUME, Prompt.RESUMED),
}


def attend(call: Call, code: str, number: str, at: float, directory: Directory) -> Step:
    """Do what the caller has dialled (``code``), in the queue with this internal number or, where that is empty, in all his."""
    tenant, language = tenant_of(call, directory), language_of(call, directory)
    meant = [queue for queue in _queues(number, tenant) if queue.agent(call.party.login)] if tenant else []
    if not meant:
        told = Answer(), Say(Prompt.NO_AGENT, language), HangUp(Outcome.NOT_ALLOWED)
        return lead(call, Refusing(Outcome.NOT_ALLOWED), *told)
    duty, prompt = CODES[code]
    told = Answer(), Say(prompt, language), HangUp(Outcome.ANSWERED)
    said = (Attend(call.record.tenant, queue.id, call.party.login, duty, at) for queue in meant)
    call, commands = lead(call, Refusing(Outcome.ANSWERED), *told)
    return call, (*said, *commands)


def _queues(number: str, tenant: Tenant) -> list[Queue]:
    if not number:
        return list(tenant.queues.values())
    extension = tenant.extensions.get(number)
    queue = tenant.queues.get(extension.to.name) if extension and isinstance(extension.to, ToQueue) else None
    return [queue] if queue else []
