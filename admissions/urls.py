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
    path("received/<str:reference>/call.ics", views.call_event, name="call_event"),
    # What its sender may do within the hour, without a link
    path("received/<str:reference>/link/", views.own_link, name="own_link"),
    path("received/<str:reference>/call/", views.own_call_time_by_receipt, name="own_call_time_by_receipt"),
    # The private link
    path("mine/<str:token>/", views.own_enquiry, name="own_enquiry"),
    path("mine/<str:token>/call.ics", views.own_call_event, name="own_call_event"),
    path("mine/<str:token>/add/", views.own_message, name="own_message"),
    path("mine/<str:token>/safety/", views.own_safety, name="own_safety"),
    path("mine/<str:token>/call/", views.own_call_time, name="own_call_time"),
    path("mine/<str:token>/withdraw/", views.own_withdraw, name="own_withdraw"),
]
