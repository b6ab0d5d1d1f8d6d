"""Who is who in the stories: companies whose numbers overlap, as they do for every provider."""

from dataclasses import dataclass, field, replace

from app.core.destinations import ToExtension
from app.services.call_settings import CallSettings


@dataclass(frozen=True)
class Member:
    """One person with an account, an internal number and a voice (the tone their phone makes, Hz)."""

    name: str
    shown: str  # what displays show
    number: str
    login: str
    tone: int
    password: str = field(repr=False)


@dataclass(frozen=True)
class Company:
    """A tenant, with what it has chosen."""

    name: str
    language: str
    members: tuple[Member, ...]
    settings: CallSettings


ANNA = Member("anna", "Anna Żółć", "21", "100101", 500, "s3cret-Anna")
BARTEK = Member("bartek", "Bartłomiej Źdźbło", "22", "100102", 700, "s3cret-Bartek")
CELINA = Member("celina", "Celina", "23", "100103", 950, "s3cret-Celina")
DAREK = Member("darek", "Darek, magazyn", "24", "100104", 1150, "s3cret-Darek")
EWA = Member("ewa", "Ewa", "201", "100105", 1350, "s3cret-Ewa")
GRETA = Member("greta", "Greta", "22", "200101", 1650, "s3cret-Greta")
HUGO = Member("hugo", "Hugo", "31", "200102", 1850, "s3cret-Hugo")
INES = Member("ines", "Ines", "23", "200103", 600, "s3cret-Ines")
JANEK = Member("janek", "Janek", "21", "300101", 550, "s3cret-Janek")
KASIA = Member("kasia", "Kasia Łoś", "22", "300102", 800, "s3cret-Kasia")
LENA = Member("lena", "Lena", "23", "300103", 1050, "s3cret-Lena")
MAREK = Member("marek", "Marek", "20", "300104", 1250, "s3cret-Marek")  # and 201 goes on from there
NINA = Member("nina", "Nina", "201", "300105", 1450, "s3cret-Nina")

BRIEFLY = CallSettings(ring_seconds=5, digit_timeout=2)  # so that stories need not wait as long as people do
BOTH_SIDES = replace(BRIEFLY, keys_on_internal_calls=True, transfer_fallback=ToExtension(NINA.number))
ACME = Company("Acme", "pl", (ANNA, BARTEK, CELINA, DAREK, EWA), BRIEFLY)
BETA = Company("Beta", "en", (GRETA, HUGO, INES), BRIEFLY)
GAMMA = Company("Gamma", "pl", (JANEK, KASIA, LENA, MAREK, NINA), BOTH_SIDES)
COMPANIES = (ACME, BETA, GAMMA)
MEMBERS = {member.name: (member, company) for company in COMPANIES for member in company.members}
