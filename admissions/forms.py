"""EnquiryForm and the desk's NoteForm: normalise and validate, nothing else."""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django import db, forms
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from admissions.choices import BestTime, PreferredContact, SafeContact, State, WritingAs
from admissions.fields import EmailField, OneLineField, TelephoneField, TextField
from admissions.models import Enquiry
from content import published
from content.models import LevelOfCare

logger = logging.getLogger(__name__)

MESSAGE_MAX = 2000
NOTE_MAX = 4000
NOT_SURE = _("Not sure yet")
CHOOSE_ONE = _("Please choose one of these.")
# What this process has seen last, for when the database is away, by language.
_last_seen: dict[str, dict[LevelOfCare, str]] = {}


class EnquiryForm(forms.Form):
    """Asks for what someone needs to call back safely, and for no diagnosis, member number, social security number or
    date of birth. `cleaned_data["level_of_care"]` is a LevelOfCare or None, `["telephone"]` a fields.Telephone.

    While the database is away and this process has never seen the levels of care, `knows_levels` is False: the page
    keeps the choice that was made, and the form must not be stored, because it cannot say which level that is.
    """

    # Screen readers would call every empty field invalid; what is optional says so instead.
    use_required_attribute = False

    writing_as = forms.ChoiceField(
        label=_("Who is writing?"),
        choices=WritingAs.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose who is writing."), "invalid_choice": CHOOSE_ONE},
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
        help_text=_(
            "Think of who else might hear or see it. We leave no voicemail and send no text or e-mail unless you tick"
            " it here."
        ),
        choices=SafeContact.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )
    best_times = forms.MultipleChoiceField(
        label=_("When is a good time? (optional)"),
        choices=BestTime.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHOOSE_ONE},
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The one field that a form changes.
        self.fields["level_of_care"] = deepcopy(self.base_fields["level_of_care"])
        levels = _levels()
        self.knows_levels = levels is not None
        self.levels = {str(level.pk): level for level in levels or []}
        choices = [("", NOT_SURE), *((str(level.pk), name) for level, name in (levels or {}).items())]
        chosen = self.data.get("level_of_care", "")
        if chosen and not self.knows_levels:
            choices.append((chosen, _("The one you have chosen")))
        self.fields["level_of_care"].choices = choices  # type: ignore[attr-defined]

    @cached_property
    def helper(self) -> FormHelper:
        return _helper()

    def clean_best_times(self) -> list[str]:
        times = self.cleaned_data["best_times"]
        return [BestTime.ANY.value] if BestTime.ANY in times else times

    def clean_level_of_care(self) -> LevelOfCare | None:
        return self.levels.get(self.cleaned_data["level_of_care"])

    def clean(self) -> dict[str, Any]:
        self._check_level_suits_age()
        if not {"telephone", "email"} & self.errors.keys():
            self._check_reachable()
        return self.cleaned_data

    def _check_level_suits_age(self) -> None:
        level, age_band = self.cleaned_data.get("level_of_care"), self.cleaned_data.get("age_band")
        if level and level.ages == LevelOfCare.Ages.TEENS and age_band == Enquiry.AgeBand.ADULT:
            self.add_error(
                "level_of_care", _("This level of care is for teens. Please choose another, or “Not sure yet”.")
            )
        if level and level.ages == LevelOfCare.Ages.ADULTS and age_band == Enquiry.AgeBand.TEEN:
            self.add_error(
                "level_of_care", _("This level of care is for adults. Please choose another, or “Not sure yet”.")
            )

    def _check_reachable(self) -> None:
        telephone, email = self.cleaned_data["telephone"], self.cleaned_data["email"]
        preferred, safe = self.cleaned_data.get("preferred_contact"), self.cleaned_data.get("safe_contact", [])
        if not telephone and not email:
            self.add_error(
                "telephone", _("Please write a telephone number or an e-mail address, so that we can answer.")
            )
        elif preferred == PreferredContact.EMAIL and not email:
            self.add_error("email", _("Please write your e-mail address, or choose another way to reach you first."))
        elif preferred in {PreferredContact.CALL, PreferredContact.TEXT} and not telephone:
            self.add_error(
                "telephone", _("Please write your telephone number, or choose e-mail as the way to reach you first.")
            )
        elif preferred in {PreferredContact.TEXT, PreferredContact.EMAIL} and preferred not in safe:
            way = SafeContact(preferred).label
            text = _("Please tick “%(way)s” if that is safe. If it is not, choose another way to reach you first.")
            self.add_error("safe_contact", forms.ValidationError(text, code="unsafe", params={"way": way}))


class _Shared(dict[str, forms.Field]):
    """Fields that all forms of a class use. Django would copy each, its widget and its choices, for each form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


EnquiryForm.base_fields = _Shared(EnquiryForm.base_fields)


def _levels() -> dict[LevelOfCare, str] | None:
    """The levels that can be chosen, and what each is called in this language; while the database is away, the last
    that this process has seen, in another language if need be, or None. Staff are told the name in the first one."""
    try:
        levels = published.accepting_levels()
        names = published.level_names(levels)
        _last_seen[published.language()] = {level: names[level.pk] for level in levels}
    except db.Error:
        logger.error("Levels of care cannot be read: the database is away.")
    return _last_seen.get(published.language()) or next(iter(_last_seen.values()), None)


def _helper() -> FormHelper:
    """The parts of the form, in order. The page has the form tag, the token and the button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        Fieldset(_("You"), "writing_as", "name", css_id="part-you"),
        Fieldset(
            _("How we can reach you"),
            _intro(_("Give us a telephone number, an e-mail address, or both.")),
            "telephone",
            "email",
            Field("preferred_contact", wrapper_class="three-choices"),
            "safe_contact",
            Field("best_times", wrapper_class="short-choices"),
            css_id="part-reach",
        ),
        Fieldset(
            _("The person seeking care"),
            _intro(_("That may be you, or the person you are writing about.")),
            "age_band",
            "state",
            "level_of_care",
            "insurer",
            css_id="part-person",
        ),
        Fieldset(
            _("In your own words"), HTML('{% include "admissions/_not_watched.html" %}'), "message", css_id="part-words"
        ),
    )
    return helper


def _intro(text: Any) -> HTML:
    return HTML(format_lazy('<p class="part-intro">{}</p>', text))


class NoteForm(forms.Form):
    """What staff write about an enquiry; a step to another status needs no words."""

    use_required_attribute = False

    note = TextField(
        label=_("What happened?"),
        max_length=NOTE_MAX,
        error_messages={"required": _("Please write the note first.")},
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, is_required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = is_required
