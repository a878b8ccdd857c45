"""How gunicorn serves: one process with threads by default, on the loopback interface."""

from agent_assist.settings import read_settings

settings = read_settings()
bind = f"{settings.host}:{settings.port}"
workers = settings.workers
threads = settings.threads
worker_class = "gthread"
# Each worker loads the encoder itself: its threads would not survive a fork.
preload_app = False
control_socket_disable = True
timeout = 60
graceful_timeout = 20
keepalive = 5
accesslog = None  # the application logs requests itself, without what customers said
loglevel = settings.log_level.lower()
