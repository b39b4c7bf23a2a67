from django.http import HttpRequest, HttpResponse


def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    raise NotImplementedError


def guide_print(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def picture(request: HttpRequest, digest: str) -> HttpResponse:
    raise NotImplementedError
