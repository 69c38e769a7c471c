# The packages are built apart, so that the image has neither pip's caches nor its leftovers.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.lock ./
RUN pip install --no-cache-dir --requirement requirements.lock
COPY pyproject.toml setup.cfg README.md ./
COPY src src
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && python -m compileall -q src

FROM python:3.13-slim-bookworm
WORKDIR /app
RUN groupadd --system --gid 10001 doorstep \
    && useradd --system --uid 10001 --gid doorstep --home-dir /app --no-create-home doorstep \
    && install --directory --owner doorstep --group doorstep --mode 0750 /app/instance
COPY --from=build /venv /venv
COPY --from=build /app/src src
COPY migrations migrations
COPY wsgi.py gunicorn.conf.py ./
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    APP_ENV=prod \
    BIND=0.0.0.0:8000
USER 10001:10001
VOLUME /app/instance
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn"]
