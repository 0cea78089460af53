"""Live in class: a question on the projector, on which a class votes, talks, and votes again (docs/live.md).

``rooms`` is what a vote is and what of it may be told. ``service`` holds the rooms of a hub in its memory, as it is the
only place that all servers reach; ``client`` asks it from a server. ``asked`` makes what is asked of a practice
question or of a scene. ``setting_up`` names the service to JupyterHub.
"""
