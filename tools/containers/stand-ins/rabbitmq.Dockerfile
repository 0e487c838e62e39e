# Stands in for Docker's image of RabbitMQ, with Debian's: takes the same two variables and the same mounted files.
ARG DEBIAN_IMAGE
FROM ${DEBIAN_IMAGE}
RUN apt-get -q update && apt-get -q -y install --no-install-recommends rabbitmq-server
COPY rabbitmq-entrypoint /usr/local/bin/
VOLUME /var/lib/rabbitmq
ENTRYPOINT ["rabbitmq-entrypoint"]
