import os
import time

from django.http import JsonResponse
from django.shortcuts import render

from . import version
from .models import Visit


def home(request):
    return render(request, "home.html", {"version": version.NUMBER, "visits": Visit.objects.count()})


def slow(request):
    """Takes longer than a switch: ?s=1 seconds. The version is read when the request comes in."""
    number = version.NUMBER
    time.sleep(float(request.GET.get("s", "1")))
    return JsonResponse({"version": number})


def where(request):
    """Who answers, for the eyes of tests."""
    return JsonResponse(
        {
            "version": version.NUMBER,
            "pid": os.getpid(),
            "folder": os.getcwd(),
            "environment": sorted(os.environ),
            "scheme": request.scheme,
        }
    )


def lazy(request):
    """Imports a module late: it must be that of the release that runs, however long ago it was started."""
    from . import late

    return JsonResponse({"version": version.NUMBER, "late": late.NUMBER})
