# The service and its command line in one image: `serve` (default), `migrate`, `client add …`, `keys`, …
# `npm run rehearse:image` takes the same steps without Docker; it refuses an instruction that it does not know.

# The Node that package.json brings for the tests, so that they prove what runs here. The tag pins major and minor and takes patches.
# No digest: it could not be looked up where this was written. To pin wholly, add @sha256:… here.
FROM node:24.21-slim AS base
WORKDIR /app

FROM base AS dependencies
COPY package.json package-lock.json ./
# No PostgreSQL and no second Node in the image (both optional); no code of a package runs while it is built.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM base AS program
COPY package.json ./
COPY migrations ./migrations
COPY schemes ./schemes
COPY openapi ./openapi
COPY src ./src
# COPY keeps the modes of the checkout: one made under umask 077 would be unreadable for the user below.
RUN chmod -R u=rwX,go=rX .

FROM base
LABEL org.opencontainers.image.title="settlement-points" \
      org.opencontainers.image.description="Scores, ranks and publishes points-based household settlement, exactly and verifiably."
# Outside a container the service listens on 127.0.0.1 alone; in here nobody could reach it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=program /app ./
# The image's user `node`, as a number: Kubernetes' runAsNonRoot cannot judge a name. The files stay root's, so the process cannot
# alter its own program; it writes nowhere, so the root file system can be read-only.
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
# Is the process alive? Not /readyz: restarting us does not mend a database that is away. Node asks, the image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Exec form: a shell as process 1 would keep SIGTERM to itself, and every stop would end in a kill.
ENTRYPOINT ["node", "--no-warnings", "--max-semi-space-size=32", "src/cli/points.mjs"]
CMD ["serve"]
