"""The course on a school's cluster (Kubernetes): what its JupyterHub is told, and an instructor's server there.

The rest of it is in ``deploy/kubernetes/``: the image, the values of JupyterHub's chart, and the two services.
"""
