"""The choice model: parameters, gravity, likelihood of the published figures."""
