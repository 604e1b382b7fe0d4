# Cortex Gateway: docker build -t cortex-gateway .
# Run it with a configuration at /etc/cortex/cortex.yaml; everything the gateway keeps is in the database that it names. It writes nowhere
# but there, so that its root file system can be read-only. Probe it over HTTP, at /healthz and /readyz: there is neither a shell nor curl
# in here for a HEALTHCHECK.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source

# The packages, in a layer of their own: it is rebuilt only when a lock file changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Gateway/Gateway.csproj Gateway/packages.lock.json Gateway/
RUN dotnet restore Gateway --locked-mode -a $TARGETARCH -p:PublishReadyToRun=true

COPY .editorconfig ./
COPY docs/backend-contract.schema.json docs/
COPY Gateway/ Gateway/
# Compiled ahead of time, so that a start takes half as long. /data is a folder that the gateway's user may write to, for SQLite and its key.
RUN dotnet publish Gateway -c Release --no-restore -a $TARGETARCH --no-self-contained -p:PublishReadyToRun=true -p:UseAppHost=false -o /app && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="Cortex Gateway" \
      org.opencontainers.image.description="One MCP endpoint for everything a company's people let their agents touch" \
      org.opencontainers.image.source="https://github.com/wellknownmcp/cortex-gateway" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
WORKDIR /app
COPY --from=build /app ./
# 1654 is the user that the base image calls app; orchestrators that want a user other than root ask for a number.
COPY --from=build --chown=1654:1654 /data /data
COPY --from=build --chown=1654:1654 /data /etc/cortex/data
ENV ASPNETCORE_URLS=http://*:8080 ASPNETCORE_HTTP_PORTS= DOTNET_EnableDiagnostics=0
EXPOSE 8080
USER 1654:1654
ENTRYPOINT ["dotnet", "Gateway.dll"]
CMD ["serve", "--config", "/etc/cortex/cortex.yaml"]
