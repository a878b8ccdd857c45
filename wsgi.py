"""What a WSGI server loads: `gunicorn wsgi:app`."""

import gc
import sys

from agent_assist.app.composition import create_app, start_rhythm
from agent_assist.core.errors import AgentAssistError

_APP_CANNOT_LOAD = 4  # gunicorn gives up on this code instead of starting workers forever

try:
    app = create_app()
except AgentAssistError as refusal:
    sys.stderr.write(f"agent-assist cannot start: {refusal}\n")
    sys.exit(_APP_CANNOT_LOAD)

# What was loaded stays for good: the collector need not look at it again during requests.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)

start_rhythm(app)
