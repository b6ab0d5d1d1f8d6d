"""Text from people and from the network, made harmless for the switch, for a SIP header and for a display."""

LONGEST_NUMBER = 32
LONGEST_NAME = 100

_HARMLESS = str.maketrans("$\\\"':/@~;|{}[]", " -’’-- -,-()()")


def plain(text: str) -> str:
    """Text a person typed, made harmless for the switch and for a SIP display name.

    ``set`` expands variables in its value even where ``app_disable_expand_variables`` is on (``mod_dptools.c`` base_set), and
    a name with ``${…}`` could otherwise call the switch's API. Quotation marks would end the name in the From header; of a name
    with ``:``, ``/`` or ``@`` the phones would show a part only (``switch_utils.h`` switch_sanitize_number); brackets end the
    variables of a dial string; the others part lists. Each is replaced by one that every phone's alphabet has.
    """
    kept = (" " if character.isspace() else character for character in text if character.isprintable() or character.isspace())
    return "".join(kept).translate(_HARMLESS).strip()


def digits(number: str) -> str:
    """Of what is or claims to be a telephone number, only what one is made of."""
    return "".join(character for character in number if character in "+0123456789*#")[:LONGEST_NUMBER]
