from django.test import TestCase

from . import version


class VersionTest(TestCase):
    def test_version_is_a_word(self):
        self.assertTrue(version.NUMBER.isidentifier())
