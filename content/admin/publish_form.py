"""The form on the page before publishing: what changed, from when, until when, and whether it is typography only."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.models import ClinicalReview, PageVersion
from content.office_hours import zone_name

# Nobody plans further, and a year of four nines is not a time in every zone.
FURTHEST = timedelta(days=5 * 366)


def shown_time(at: datetime, zone: str) -> str:
    """Such as: March 1, 2026, 7:30 p.m. (Eastern Time)."""
    return f"{date_format(timezone.localtime(at), 'DATETIME_FORMAT')} ({zone_name(zone)})"


class MomentField(forms.DateTimeField):
    """A date and a time on the site's clock."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            # What cannot be placed at the end of all calendars is refused as too far ahead.
            if error.code == "ambiguous_timezone" and error.params["datetime"].year < MAXYEAR:
                raise forms.ValidationError(_clock_change(error.params["datetime"])) from error
            raise

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        if moment and not timedelta() < moment - timezone.now() < FURTHEST:
            raise forms.ValidationError(_("Choose a time from now on, at most five years ahead."))
        return moment


def _clock_change(wall: datetime) -> str:
    """Why a time on the clock is not one moment: `wall` is naive."""
    here = timezone.get_current_timezone()
    words = {"time": date_format(wall, "TIME_FORMAT")}
    if wall.replace(tzinfo=here).astimezone(UTC).astimezone(here).replace(tzinfo=None) == wall:
        return _("%(time)s comes twice on that day, because the clocks go back. Choose another hour.") % words
    return _("There is no %(time)s on that day, because the clocks go forward. Choose another hour.") % words


class OneLineField(forms.CharField):
    """Words on one line, whatever was pasted into it."""

    def to_python(self, value: Any) -> str:
        text = "".join(character if character.isprintable() else " " for character in super().to_python(value))
        return " ".join(text.split())


class PublishForm(forms.Form):
    class When(TextChoices):
        NOW = "now", gettext_lazy("Now")
        LATER = "later", gettext_lazy("At a later time")

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    change_note = OneLineField(
        label=gettext_lazy("What changed?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("One line. It is shown to the public in the page’s history."),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When?"), choices=When.choices, initial=When.NOW, widget=forms.RadioSelect
    )
    starts_at = MomentField(required=False)
    ends_at = MomentField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("Leave it empty to keep the page live. Otherwise the page is taken down at that time."),
    )
    is_minor = forms.BooleanField(label=gettext_lazy("Minor: only typography has changed"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        zone: str,
        kept: PageVersion | None = None,
        review: ClinicalReview | None = None,
    ) -> None:
        """`zone`: the site's. `kept`: the version that the draft is already, whose note cannot be changed.
        `review`: the signature that a correction of typography may renew."""
        super().__init__(data, label_suffix="")
        self.kept = kept
        self.fields["starts_at"].label = _("From (%(zone)s)") % {"zone": zone_name(zone)}
        self.fields["ends_at"].label = _("Until (%(zone)s)") % {"zone": zone_name(zone)}
        if kept:
            self.fields["change_note"].disabled = True
            self.fields["change_note"].initial = kept.change_note
        if review:
            self.fields["is_minor"].help_text = _(
                "You sign the new version in the same step, due on %(date)s as before. By that you say that you have"
                " read it and that its references still support it."
            ) % {"date": date_format(review.due_on)}
        else:
            self.fields["is_minor"].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        when, starts_at, ends_at = data.get("when"), data.get("starts_at"), data.get("ends_at")
        if when == self.When.LATER and not starts_at and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Say from when, or choose to publish now."))
        if when == self.When.NOW and starts_at:
            self.add_error("when", _("You wrote a later time. Choose “At a later time”, or empty it."))
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The page would end before it goes live. Choose a later end."))
        return data
