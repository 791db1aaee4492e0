from django.contrib.auth import get_user_model
from django.test import TestCase
from django.urls import reverse

from .models import Counter


class HomeTests(TestCase):
    def test_shows_its_line(self):
        self.assertContains(self.client.get("/"), '<p id="line">')

    def test_counts_every_visit(self):
        self.client.get("/")
        self.assertContains(self.client.get("/"), '<b id="visits">2</b>', html=True)
        self.assertEqual(Counter.objects.get(page="home").visits, 2)


class AdminTests(TestCase):
    def test_lists_the_counters(self):
        self.client.force_login(get_user_model().objects.create_superuser("root", password="x"))
        self.client.get("/")
        self.assertContains(self.client.get(reverse("admin:visits_counter_changelist")), "home")
