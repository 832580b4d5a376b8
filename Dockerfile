# One image for all services; each is started by naming its program:
#   docker build -t tidemark .
#   docker run tidemark apps/gateway/dist/main.js
#   docker run tidemark apps/cli/dist/main.js migrate orgs
# Pin the first line by digest in your own builds: FROM node:24-bookworm-slim@sha256:…
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY . .
# No package has an install script, so none may run. The build and what goes into the image are the same scripts
# that `npm start` and `npm run image` use.
RUN npm ci --ignore-scripts --no-audit --no-fund && node scripts/prepare.mjs && node scripts/image-content.mjs /out

# Nothing but what was listed: no shell, no package manager, no compiler.
FROM scratch
COPY --from=build /out/base/ /
COPY --from=build /out/deps/ /
COPY --from=build /out/app/ /
WORKDIR /app
ENV NODE_ENV=production
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/node"]
CMD ["apps/gateway/dist/main.js"]
