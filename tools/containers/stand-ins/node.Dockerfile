# Stands in for Docker's image of Node: the machine's own Node and npm on Debian's base.
ARG DEBIAN_IMAGE
FROM ${DEBIAN_IMAGE}
RUN apt-get -q update && apt-get -q -y install --no-install-recommends ca-certificates libstdc++6 && useradd --create-home node
COPY . /
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/machine.pem
