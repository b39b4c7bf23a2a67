"""What visitors read."""

from __future__ import annotations

from django.urls import path

from content import views

app_name = "content"
urlpatterns = [
    # The whole guide on one page, to read or to print
    path("guide/print/", views.guide_print, name="guide_print"),
    # Pages
    path("", views.page_detail, {"slug": "home"}, name="home"),
    path("<slug:slug>/", views.page_detail, name="page_detail"),
]
