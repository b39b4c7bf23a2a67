"""What visitors read."""

from __future__ import annotations

from django.urls import path

from content import views
from content.findable.feed import feed
from content.search_view import search
from content.wayfinding.views import crisis, which_level

app_name = "content"
urlpatterns = [
    # Ways for somebody who is asked for nothing
    path("crisis/", crisis, name="crisis"),
    path("which-level/", which_level, name="which_level"),
    # The whole guide on one page, to read or to print; chosen pages as a handout
    path("guide/print/", views.guide_print, name="guide_print"),
    # Search in what is live
    path("search/", search, name="search"),
    # What changed
    path("feed/", feed, name="feed"),
    path("<slug:slug>/changes/", views.page_changes, name="page_changes"),
    # Pages
    path("", views.page_detail, {"slug": "home"}, name="home"),
    path("<slug:slug>/", views.page_detail, name="page_detail"),
]
