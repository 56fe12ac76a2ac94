"""What the web server runs in each of its processes; `canbo serve` has made sure of database and catalogues."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from canbo.config import sealing
from canbo.reports.output.charts import ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbo.config.settings")

POOL = {"min_size": 1, "max_size": 4, "timeout": 5}
"""Connections of one process. Commands and tests need one each and keep no pool."""

settings.DATABASES["default"]["OPTIONS"]["pool"] = POOL

application = get_wsgi_application()
ready()  # nobody waits yet; a thread that were still at it when the server ends would keep it from ending
sealing.begin()  # this one sleeps, and dies with the process wherever it is: what it did not commit is sealed later
