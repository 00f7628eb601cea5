# The bot as an image: no shell is needed to run it, nothing in it can be written, and nobody in it is root.
# Pin the base by its digest where you build: docker build --build-arg BASE=python:3.11-slim-bookworm@sha256:...
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/indgang \
 && /opt/indgang/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock
COPY pyproject.toml manifest.yml /srv/indgang/
COPY bot /srv/indgang/bot
COPY handlers /srv/indgang/handlers
COPY storage /srv/indgang/storage
COPY schedules /srv/indgang/schedules
# Compiled here, since the disk it runs from takes no writing.
RUN /opt/indgang/bin/python -m compileall -q /srv/indgang

FROM ${BASE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin indgang \
 && install -d -o 10001 -g 10001 -m 700 /backups /marks
COPY --from=build /opt/indgang /opt/indgang
COPY --from=build /srv/indgang /srv/indgang
ENV PATH=/opt/indgang/bin:$PATH PYTHONPATH=/srv/indgang PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /srv/indgang
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
