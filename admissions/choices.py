"""What the enquiry form lets people choose from. The values are sealed; the labels are for the form and for staff."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WritingAs(models.TextChoices):
    SELF = "self", _("Myself")
    PARENT = "parent", _("A parent or guardian")
    FAMILY = "family", _("Another family member or a friend")
    PROFESSIONAL = "professional", _("A professional, such as a therapist, a school or a hospital")


class PreferredContact(models.TextChoices):
    CALL = "call", _("Call me")
    TEXT = "text", _("Text me")
    EMAIL = "email", _("E-mail me")


class Danger(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSAID = "unsaid", _("I’d rather not say")


class SafeContact(models.TextChoices):
    CALL = "call", _("Call the number I give you")
    VOICEMAIL = "voicemail", _("Leave a voicemail")
    TEXT = "text", _("Send a text message")
    EMAIL = "email", _("Send an e-mail")


class BestTime(models.TextChoices):
    MORNING = "morning", _("Morning (8–11 a.m.)")
    MIDDAY = "midday", _("Midday (11 a.m. – 2 p.m.)")
    AFTERNOON = "afternoon", _("Afternoon (2–5 p.m.)")
    EVENING = "evening", _("Evening (5–8 p.m.)")
    ANY = "any", _("Any time")


# From and to, as hours of the day at the office.
SAFE_HOURS: dict[str, tuple[int, int]] = {
    BestTime.MORNING: (8, 11),
    BestTime.MIDDAY: (11, 14),
    BestTime.AFTERNOON: (14, 17),
    BestTime.EVENING: (17, 20),
}


class SayWho(models.TextChoices):
    PROGRAM = "program", _("Say who you are and where you call from")
    FIRST_NAME = "first_name", _("Give a first name only, and say no more until you speak with me")


class ParentKnows(models.TextChoices):
    YES = "yes", _("Yes, they know")
    NOT_YET = "not_yet", _("Not yet")
    ASK_FIRST = "ask_first", _("No. Please talk with me before you talk with them")


class ConsentChannel(models.TextChoices):
    CALL = "call", _("calls")
    TEXT = "text", _("text messages")
    EMAIL = "email", _("e-mail")


class State(models.TextChoices):
    AL = "AL", _("Alabama")
    AK = "AK", _("Alaska")
    AZ = "AZ", _("Arizona")
    AR = "AR", _("Arkansas")
    CA = "CA", _("California")
    CO = "CO", _("Colorado")
    CT = "CT", _("Connecticut")
    DE = "DE", _("Delaware")
    DC = "DC", _("District of Columbia")
    FL = "FL", _("Florida")
    GA = "GA", _("Georgia")
    HI = "HI", _("Hawaii")
    ID = "ID", _("Idaho")
    IL = "IL", _("Illinois")
    IN = "IN", _("Indiana")
    IA = "IA", _("Iowa")
    KS = "KS", _("Kansas")
    KY = "KY", _("Kentucky")
    LA = "LA", _("Louisiana")
    ME = "ME", _("Maine")
    MD = "MD", _("Maryland")
    MA = "MA", _("Massachusetts")
    MI = "MI", _("Michigan")
    MN = "MN", _("Minnesota")
    MS = "MS", _("Mississippi")
    MO = "MO", _("Missouri")
    MT = "MT", _("Montana")
    NE = "NE", _("Nebraska")
    NV = "NV", _("Nevada")
    NH = "NH", _("New Hampshire")
    NJ = "NJ", _("New Jersey")
    NM = "NM", _("New Mexico")
    NY = "NY", _("New York")
    NC = "NC", _("North Carolina")
    ND = "ND", _("North Dakota")
    OH = "OH", _("Ohio")
    OK = "OK", _("Oklahoma")
    OR = "OR", _("Oregon")
    PA = "PA", _("Pennsylvania")
    RI = "RI", _("Rhode Island")
    SC = "SC", _("South Carolina")
    SD = "SD", _("South Dakota")
    TN = "TN", _("Tennessee")
    TX = "TX", _("Texas")
    UT = "UT", _("Utah")
    VT = "VT", _("Vermont")
    VA = "VA", _("Virginia")
    WA = "WA", _("Washington")
    WV = "WV", _("West Virginia")
    WI = "WI", _("Wisconsin")
    WY = "WY", _("Wyoming")
    AS = "AS", _("American Samoa")
    GU = "GU", _("Guam")
    MP = "MP", _("Northern Mariana Islands")
    PR = "PR", _("Puerto Rico")
    VI = "VI", _("U.S. Virgin Islands")
    ELSEWHERE = "elsewhere", _("Outside the United States")
