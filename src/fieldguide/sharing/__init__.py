"""The exchange as a service of the hub, for a school whose students share no disk (docs/exchange.md).

``service`` is what runs on the hub's side: ngshare, mended. ``steps`` are nbgrader's and our own steps of the exchange
of folders, with those folders brought from the service and taken there. ``setting_up`` names both, to JupyterHub and to
nbgrader.
"""
