# Two stages: the first builds the wheel with the front end, the second holds only what runs.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md ./
COPY service service
COPY workers workers
COPY frontend frontend
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /wheels

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 huiyin && mkdir /data && chown huiyin /data
WORKDIR /srv/huiyin
COPY requirements/run.lock requirements/run.lock
RUN pip install --no-cache-dir --require-hashes -r requirements/run.lock
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl && rm -r /wheels
COPY processes processes
COPY forms forms
COPY demo demo
USER huiyin
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "service.running.serving"]
