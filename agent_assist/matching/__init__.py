"""From what a customer says to the policy that fits: the only home of models and of numpy."""

import os

# onnxruntime reports to its maker when it is imported, unless told not to before. This product
# sends nothing anywhere.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
