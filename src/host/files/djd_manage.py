"""manage.py of the project under a STATIC_ROOT of the release's own (the project sets none, or one outside)."""
import os
import runpy
import sys

from django.conf import settings

folder = os.getcwd()
sys.path[0] = folder
settings.STATIC_ROOT = os.environ["DJDEPLOY_STATIC_ROOT"]
sys.argv[0] = os.path.join(folder, "manage.py")
runpy.run_path(sys.argv[0], run_name="__main__")
