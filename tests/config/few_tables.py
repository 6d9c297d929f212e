"""Settings of a tiny Django project, enough to see that the launcher makes what is missing.

All our tables take most of a minute; that they can be made is seen wherever a test uses them.
"""

from environ import Env

SECRET_KEY = "only for this test"
DATABASES = {"default": Env().db("DATABASE_URL")}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
USE_TZ = True
