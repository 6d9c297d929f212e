"""How gunicorn serves the portal. Addresses of visitors are personal data: no access log."""

import os

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
threads = 2
# In memory: on a read-only or slow disk the workers' heartbeat would stall.
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- memory, private to the container
# It would write a socket into the home folder, which the container does not have.
control_socket_disable = True
timeout = 60
graceful_timeout = 30
# A worker is replaced now and then, so a leak in a library never grows large.
max_requests = 5000
max_requests_jitter = 500
accesslog = None
errorlog = "-"
# Addresses of the API can hold long conditions; a proxy in front has the same limit.
limit_request_line = 8190
