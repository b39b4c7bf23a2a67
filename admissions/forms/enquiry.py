"""EnquiryForm: what a visitor writes to Admissions."""

from __future__ import annotations

import logging
from copy import deepcopy
from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import db, forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import cached_property, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from admissions import call_times, consents, office
from admissions.choices import (
    BestTime,
    Danger,
    ParentKnows,
    PreferredContact,
    SafeContact,
    SayWho,
    State,
    WritingAs,
)
from admissions.fields import EmailField, OneLineField, Telephone, TelephoneField, TextField
from admissions.forms import rules
from admissions.forms.layout import helper_for
from admissions.forms.variants import Fields, Variant, fields_of, variant_of
from admissions.models import Enquiry
from content import published
from content.models import LevelOfCare

logger = logging.getLogger(__name__)

MESSAGE_MAX = 2000
NOT_SURE = _("Not sure yet")
CHOOSE_ONE = _("Please choose one of these.")


class ConsentField(forms.MultipleChoiceField):
    """The value of a box names the wording beside it, which staff may have changed since."""

    def valid_value(self, value: Any) -> bool:
        return consents.wording(str(value)) is not None


class CallTimeField(forms.ChoiceField):
    """Who chooses what somebody else has taken meanwhile is not sent back for that."""

    def valid_value(self, value: Any) -> bool:
        return call_times.read(str(value)) is not None


class EnquiryForm(forms.Form):
    """Asks for what someone needs to call back safely, and for no diagnosis, member number, social security number or
    date of birth. `cleaned_data["level_of_care"]` is a LevelOfCare or None, `["telephone"]` a fields.Telephone.

    Which questions it has, and in which words, depends on who writes (variants.py); `cleaned_data` has a value for each
    of all of them. Where neither the database nor a copy knows the levels of care, `knows_levels` is False: the page
    keeps the choice that was made, and the form must not be stored, because it cannot say which level that is.
    """

    # Screen readers would call every empty field invalid; what is optional says so instead.
    use_required_attribute = False

    in_danger = forms.ChoiceField(
        label=_("Is anyone in immediate danger?"),
        choices=Danger.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )
    writing_as = forms.ChoiceField(
        label=_("Who is writing?"),
        choices=WritingAs.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose who is writing."), "invalid_choice": CHOOSE_ONE},
    )
    age_band = forms.ChoiceField(
        label=_("Age of the person seeking care"),
        help_text=_("Our programs begin at age 13. For someone younger, call us: we help you look."),
        choices=Enquiry.AgeBand.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose the age of the person seeking care."),
            "invalid_choice": CHOOSE_ONE,
        },
    )
    parent_knows = forms.ChoiceField(
        label=_("Does a parent or guardian know that you are writing? (optional)"),
        choices=ParentKnows.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )
    organisation = OneLineField(
        label=_("Organization"),
        help_text=_("The hospital, practice, school or agency that you write for."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Please write the organization that you write for.")},
    )
    name = OneLineField(
        label=_("Your name"),
        help_text=_("The name we should ask for. A first name is enough."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Please write the name we should ask for.")},
    )
    telephone = TelephoneField(
        label=_("Telephone number"),
        help_text=_("With the area code, such as (617) 555-0142."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
    )
    preferred_contact = forms.ChoiceField(
        label=_("How should we reach you first?"),
        choices=PreferredContact.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how we should reach you first."), "invalid_choice": CHOOSE_ONE},
    )
    safe_contact = forms.MultipleChoiceField(
        label=_("Which of these is it safe for us to do?"),
        help_text=_("Think of who else might hear or see it. We do none of these unless you tick it here."),
        choices=SafeContact.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )
    best_times = forms.MultipleChoiceField(
        label=_("When is it safe to reach you? (optional)"),
        help_text=_("We keep to these hours. If you tick nothing, we may call at any time."),
        choices=BestTime.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )
    say_who = forms.ChoiceField(
        label=_("When somebody picks up, what may we say?"),
        help_text=_("If you choose nothing, we give a first name only."),
        choices=SayWho.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )
    other_name = OneLineField(label=_("Whom should we ask for?"), max_length=120, required=False)
    other_telephone = TelephoneField(
        label=_("At which number?"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    call_time = CallTimeField(
        label=_("When should we call you?"),
        help_text=format_lazy(
            _("The times are those of our office ({zone}). If yours is taken meanwhile, we offer you others."),
            zone=lazy(call_times.zone, str)(),
        ),
        required=False,
    )
    state = forms.ChoiceField(
        label=_("State where the person seeking care lives"),
        choices=[("", _("Choose a state")), *State.choices],
        error_messages={
            "required": _("Please choose the state where the person seeking care lives."),
            "invalid_choice": _("Please choose a state from the list."),
        },
    )
    level_of_care = forms.ChoiceField(
        label=_("Level of care"),
        help_text=_("“Not sure yet” is a good answer. We will work it out with you."),
        required=False,
        error_messages={
            "invalid_choice": _("We cannot take anyone new for this at the moment. Please choose from the list.")
        },
    )
    insurer = OneLineField(
        label=_("Health insurer (optional)"),
        help_text=_("The company’s name only. Please do not write a member number."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    message = TextField(
        label=_("Anything else you would like us to know (optional)"),
        help_text=_("Up to 2,000 characters. You do not need to name a diagnosis."),
        max_length=MESSAGE_MAX,
        required=False,
        # Some browsers send the text to a spelling service on the web.
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )

    person_knows = forms.BooleanField(
        label=_("The person knows that I am writing, and agrees"),
        error_messages={
            "required": _("Please tick this once the person knows. If they cannot be asked now, call us instead.")
        },
    )
    consent = ConsentField(
        label=_("Tick what is right for you (optional)"),
        help_text=_(
            "You need not agree to any of these to get an answer, and can take it back at any time, in any way."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )

    def __init__(self, data: QueryDict | dict[str, Any] | None = None) -> None:
        super().__init__(data)
        self.variant = variant_of(self.data.get("writing_as", ""), self.data.get("age_band", ""))
        self.fields = dict(VARIANTS[self.variant])
        self._choose("call_time", call_times.choices())
        self._choose("consent", [(wording.value, wording.text) for wording in consents.current()])
        self._choose("parent_knows", _what_teens_may_say())
        self._choose("level_of_care", self._levels_to_choose_from())

    def _choose(self, name: str, choices: list[Any]) -> None:
        """Of a field that is the same for all forms but for these."""
        if name in self.fields:
            self.fields[name] = deepcopy(self.fields[name])
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _levels_to_choose_from(self) -> list[tuple[str, Any]]:
        levels = _levels()
        self.knows_levels = levels is not None
        self.levels = {str(level.pk): level for level in levels or []}
        choices = [("", NOT_SURE), *((str(level.pk), name) for level, name in (levels or {}).items())]
        chosen = self.data.get("level_of_care", "")
        if chosen and not self.knows_levels:
            choices.append((chosen, _("The one you have chosen")))
        return choices

    @classmethod
    def half_done(cls, data: QueryDict) -> EnquiryForm:
        """What was filled in so far, without a word on what is still missing."""
        form = cls(data)
        form._errors, form.cleaned_data = ErrorDict(), {}
        return form

    @cached_property
    def helper(self) -> FormHelper:
        return helper_for(self.variant)

    def clean_best_times(self) -> list[str]:
        times = self.cleaned_data["best_times"]
        return [BestTime.ANY.value] if BestTime.ANY in times else times

    def clean_level_of_care(self) -> LevelOfCare | None:
        return self.levels.get(self.cleaned_data["level_of_care"])

    def clean_call_time(self) -> datetime | None:
        """None: as soon as possible."""
        return call_times.read(self.cleaned_data["call_time"])

    def clean_consent(self) -> list[consents.Wording]:
        return [wording for value in self.cleaned_data["consent"] if (wording := consents.wording(value))]

    def clean(self) -> dict[str, Any]:
        for name in EnquiryForm.base_fields.keys() - self.fields.keys():
            self.cleaned_data[name] = NOT_ASKED[name]
        rules.check_level_suits_age(self)
        rules.check_call_time_is_safe(self)
        rules.check_reachable(self)
        return self.cleaned_data


VARIANTS: dict[Variant, Fields] = {variant: fields_of(variant, EnquiryForm.base_fields) for variant in Variant}
EnquiryForm.base_fields = Fields(EnquiryForm.base_fields)
# The answers to what a variant does not ask. A professional's line is safe to call and to leave a message on.
NOT_ASKED: dict[str, Any] = {
    "parent_knows": "",
    "organisation": "",
    "person_knows": False,
    "safe_contact": [SafeContact.CALL.value, SafeContact.VOICEMAIL.value, SafeContact.EMAIL.value],
    "best_times": [],
    "say_who": SayWho.PROGRAM.value,
    "other_name": "",
    "other_telephone": Telephone(),
    "consent": [],
}


def _levels() -> dict[LevelOfCare, str] | None:
    """The levels that can be chosen, and what each is called in this language; None while nobody knows them. Staff are
    told the name in the site's first language."""
    try:
        levels = published.accepting_levels()
        names = published.level_names(levels)
    except db.Error:
        logger.error("Levels of care cannot be read: the database is away.")
        return None
    return {level: names[level.pk] for level in levels}


def _what_teens_may_say() -> list[tuple[str, Any]]:
    """State rules differ in what a minor may be promised, so staff say."""
    may_ask_first = office.teens_may_ask_first()
    return [choice for choice in ParentKnows.choices if may_ask_first or choice[0] != ParentKnows.ASK_FIRST]
