"""The staff's desk as a whole: its name, and what does not belong on it."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _
from django_tasks_db import admin as queue_admin  # noqa: F401 -- registers what is taken away again below
from django_tasks_db.models import DBTaskResult

from iop_site import mail_admin  # noqa: F401 -- registers its own
from iop_site.careful_admin import CarefulAdmin

admin.site.site_header = admin.site.site_title = _("Staff")
admin.site.index_title = _("What would you like to do?")
# Tables need the room; the front page and the breadcrumbs lead everywhere.
admin.site.enable_nav_sidebar = False

# The queue is the worker's business. What goes wrong in it is told where it matters.
# Django's “Authentication and Authorization”.
apps.get_app_config("auth").verbose_name = _("People and roles")

admin.site.unregister([DBTaskResult, User, Group])


@admin.register(User)
class AccountAdmin(CarefulAdmin, UserAdmin):
    pass


@admin.register(Group)
class RoleAdmin(CarefulAdmin, GroupAdmin):
    pass
