"""The image of a student's server, from the folder above this one and its environment.yml:

jupyter-repo2docker --config classroom/repo2docker_config.py --no-run --image-name registry.example.org/rnnlib-book:1 .
"""

c = get_config()  # noqa: F821 (repo2docker gives it to this file)

# Not in the home folder: there Kubernetes puts the student's own files, and the book would be hidden beneath them.
c.Repo2Docker.target_repo_dir = "/srv/rnnlib-book"
# So that links which fetch a teacher's own notebooks work, too (classroom/link.py).
c.Repo2Docker.appendix = "RUN ${NB_PYTHON_PREFIX}/bin/pip install --no-cache-dir nbgitpuller==1.3.0"
