"""What visitors read."""

from __future__ import annotations

from django.urls import path

from content import views

app_name = "content"
urlpatterns = [
    # The whole guide on one page, to read or to print
    path("guide/print/", views.guide_print, name="guide_print"),
    # A version that staff shared with somebody without an account
    path("preview/<str:token>/", views.preview, name="preview"),
    # Pictures, named by the hash of their content
    path("media/<str:name>", views.picture, name="picture"),
    # Pages
    path("", views.page_detail, {"slug": "home"}, name="home"),
    path("<slug:slug>/", views.page_detail, name="page_detail"),
]
