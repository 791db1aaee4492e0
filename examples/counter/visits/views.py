from django.shortcuts import render

from .models import Counter


def home(request):
    return render(request, "visits/home.html", {"visits": Counter.visit("home")})
