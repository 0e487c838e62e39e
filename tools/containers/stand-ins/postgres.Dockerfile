# Stands in for Docker's image of PostgreSQL, with Debian's: takes the same three variables.
ARG DEBIAN_IMAGE
FROM ${DEBIAN_IMAGE}
RUN apt-get -q update && apt-get -q -y install --no-install-recommends postgresql
COPY postgres-entrypoint /usr/local/bin/
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["postgres-entrypoint"]
