"""Which events one client wants, and in which form (``mod_event_socket.c``, the commands event, nixevent, noevents)."""

_NAMES = frozenset(
    """
    CUSTOM CLONE CHANNEL_CREATE CHANNEL_DESTROY CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_ANSWER CHANNEL_HANGUP
    CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_BRIDGE
    CHANNEL_UNBRIDGE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_OUTGOING CHANNEL_PARK CHANNEL_UNPARK CHANNEL_APPLICATION
    CHANNEL_ORIGINATE CHANNEL_UUID API LOG INBOUND_CHAN OUTBOUND_CHAN STARTUP SHUTDOWN PUBLISH UNPUBLISH TALK NOTALK
    SESSION_CRASH MODULE_LOAD MODULE_UNLOAD DTMF MESSAGE PRESENCE_IN NOTIFY_IN PRESENCE_OUT PRESENCE_PROBE MESSAGE_WAITING
    MESSAGE_QUERY ROSTER CODEC BACKGROUND_JOB DETECTED_SPEECH DETECTED_TONE PRIVATE_COMMAND HEARTBEAT TRAP ADD_SCHEDULE
    DEL_SCHEDULE EXE_SCHEDULE RE_SCHEDULE RELOADXML NOTIFY PHONE_FEATURE PHONE_FEATURE_SUBSCRIBE SEND_MESSAGE RECV_MESSAGE
    REQUEST_PARAMS CHANNEL_DATA GENERAL COMMAND SESSION_HEARTBEAT CLIENT_DISCONNECTED SERVER_DISCONNECTED SEND_INFO RECV_INFO
    RECV_RTCP_MESSAGE SEND_RTCP_MESSAGE CALL_SECURE NAT RECORD_START RECORD_STOP PLAYBACK_START PLAYBACK_STOP CALL_UPDATE
    FAILURE SOCKET_DATA MEDIA_BUG_START MEDIA_BUG_STOP CONFERENCE_DATA_QUERY CONFERENCE_DATA CALL_SETUP_REQ CALL_SETUP_RESULT
    CALL_DETAIL DEVICE_STATE TEXT SHUTDOWN_REQUESTED ALL
    """.split()  # noqa: SIM905 - a table of words is easier to read than a table of quotation marks
)


class Subscription:
    """Nothing at first. Words after CUSTOM are subclasses; ALL means every name and every subclass."""

    def __init__(self) -> None:
        self.form = "plain"
        self._on = False
        self._names: set[str] = set()
        self._subclasses: set[str] = set()
        self._every_subclass = False

    def wants(self, name: str, subclass: str) -> bool:
        """Shall this event be sent?"""
        if not self._on or not (name in self._names or "ALL" in self._names):
            return False
        return name != "CUSTOM" or self._every_subclass or subclass in self._subclasses

    def add(self, text: str) -> str:
        """``event [json|plain] NAME … [CUSTOM SUBCLASS …]``: what the switch replies."""
        words = text.split()
        if words and words[0].lower() in ("json", "plain"):
            self.form = words.pop(0).lower()
        elif words and words[0].lower() == "xml":
            return "-ERR this simulator does not speak XML"
        known = 0
        custom = False
        for word in words:
            if custom:
                self._subclasses.add(word)
            elif word.upper() in _NAMES:
                known += 1
                self._names.add(word.upper())
                custom = word.upper() == "CUSTOM"
                self._every_subclass |= word.upper() == "ALL"
        if not known:
            return "-ERR no keywords supplied"
        self._on = True
        return f"+OK event listener enabled {self.form}"

    def remove(self, text: str) -> str:
        """``nixevent NAME …``."""
        words = text.split()
        known = 0
        custom = False
        for word in words:
            if custom:
                self._subclasses.discard(word)
            elif word.upper() in _NAMES:
                known += 1
                custom = word.upper() == "CUSTOM"
                self._drop(word.upper())
        return "+OK events nixed" if known else "-ERR no keywords supplied"

    def clear(self) -> str:
        """``noevents``."""
        if not self._on:
            return "-ERR not listening for events"
        self._on = self._every_subclass = False
        self._names.clear()
        self._subclasses.clear()
        return "+OK no longer listening for events"

    def _drop(self, name: str) -> None:
        if name == "ALL":
            self._names.clear()
        elif name != "CUSTOM":
            if "ALL" in self._names:
                self._names = set(_NAMES) - {"ALL"}
            self._names.discard(name)
