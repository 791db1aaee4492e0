from .base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "only-for-development-on-this-machine"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
