# syntax=docker/dockerfile:1
FROM node:20-bookworm-slim AS build
WORKDIR /app
# Not `npm ci`: the lockfile leaves out optional packages of other systems (scripts/lib/deps.mjs); versions are the lockfile's.
COPY package.json package-lock.json ./
RUN npm install --no-save --include=dev --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --no-save --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production EVERSTORM_HOME=/var/lib/everstorm
WORKDIR /app
# procps: the demo's diagnostics; ca-certificates: core.http to https addresses.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates procps \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -p /var/lib/everstorm /run/everstorm-keys \
  && chown node:node /var/lib/everstorm /run/everstorm-keys
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY packs ./packs
RUN ln -s /app/dist/src/bin/everstorm.js /usr/local/bin/everstorm && chmod +x /app/dist/src/bin/everstorm.js
USER node
EXPOSE 9101
ENTRYPOINT ["node", "--enable-source-maps", "/app/dist/src/bin/everstorm.js"]
CMD ["--help"]
