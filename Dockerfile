# syntax=docker/dockerfile:1

# The packages, in a virtual environment that the last stage takes over.
FROM python:3.12-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app
COPY requirements-production.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --no-deps --only-binary :all: \
        -r requirements-production.lock

FROM python:3.12-slim
# Pango sets the letters; their font comes with a package, so no system font is needed.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 bau \
    && useradd --system --uid 10001 --gid bau --no-create-home --shell /usr/sbin/nologin bau \
    && install -d -o bau -g bau -m 0700 /var/lib/bau /var/lib/bau/files /var/lib/bau/beat /var/lib/bau/bank
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/app/staticfiles \
    FILES_ROOT=/var/lib/bau/files \
    XDG_CACHE_HOME=/var/cache/bau
# Compiled once, so that a read-only container need not do it at every start. The static files
# get names with a digest, which only the production settings do: the environment for it is
# made up and is not kept in the image.
RUN python -m compileall -q /app \
    && python -m config.deploy_check collectstatic --no-input \
    && install -d -o bau -g bau -m 0700 /var/cache/bau
USER 10001:10001
# Only now: production has no default, and a build has no secrets.
ENV BAU_ENV=production
EXPOSE 8000
VOLUME ["/var/lib/bau/files", "/var/lib/bau/bank"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-m", "config.health_probe"]
CMD ["gunicorn", "config.wsgi:application", "--config", "config/gunicorn.py"]
