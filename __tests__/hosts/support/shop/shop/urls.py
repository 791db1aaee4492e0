from django.urls import path

from . import views

urlpatterns = [
    path("", views.home),
    path("slow/", views.slow),
    path("where/", views.where),
    path("lazy/", views.lazy),
]
