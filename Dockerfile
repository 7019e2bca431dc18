# docker build -t marsad . && docker run -v marsad:/data marsad
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/marsad \
    && /opt/marsad/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home --home-dir /home/marsad marsad \
    && install -d -o marsad -g marsad /data
COPY --from=build /opt/marsad /opt/marsad
ENV PATH=/opt/marsad/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MARSAD_DATA=/data
USER marsad
WORKDIR /home/marsad
VOLUME /data
# The service drains for up to 20 seconds; see stop_grace_period in docker-compose.yml.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 CMD ["marsad", "healthcheck"]
ENTRYPOINT ["marsad"]
CMD ["run"]
