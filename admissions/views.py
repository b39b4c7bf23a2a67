from django.http import HttpRequest, HttpResponse


def enquiry_create(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def enquiry_received(request: HttpRequest, reference: str) -> HttpResponse:
    raise NotImplementedError
