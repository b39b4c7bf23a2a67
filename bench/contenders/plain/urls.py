from __future__ import annotations

from django.contrib import admin
from django.urls import path

from bench.contenders.plain import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("empty/", views.empty),
    path("contact/", views.ContactView.as_view(), name="contact"),
    path("thanks/", views.thanks, name="thanks"),
    path("<slug:slug>/", views.page, name="page"),
]
