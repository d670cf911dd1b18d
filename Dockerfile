# The command, on Node and nothing else: no shell, no package manager, not root.
# It takes what `npm run prepack` has written: docker build -t flink-steward .
FROM gcr.io/distroless/nodejs24-debian12:nonroot

LABEL org.opencontainers.image.title="Flink Steward" \
      org.opencontainers.image.description="Keeps the S3 bucket of Apache Flink's checkpoints small without ever breaking a restore." \
      org.opencontainers.image.source="https://github.com/flink-steward/flink-steward" \
      org.opencontainers.image.licenses="Apache-2.0"

COPY LICENSE dist/THIRD-PARTY-NOTICES.txt dist/cli/steward.mjs /opt/steward/

# Where steward.json is looked for, and files are written that --html, --out and their like name.
WORKDIR /work
# nonroot, by its number, so that Kubernetes can tell that it is not root.
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/opt/steward/steward.mjs"]
CMD ["--help"]
