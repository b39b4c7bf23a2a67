"""What visitors send."""

from __future__ import annotations

from django.urls import path

from admissions import views

app_name = "admissions"
urlpatterns = [
    path("", views.enquiry_create, name="enquiry_create"),
    # What it asks, and how long that is kept
    path("privacy/", views.privacy_facts, name="privacy_facts"),
    path("received/<str:reference>/", views.enquiry_received, name="enquiry_received"),
]
