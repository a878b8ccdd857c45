"""From what a customer says to the policy that fits: the only home of models and of numpy."""
