# Cortex Gateway: docker build -t cortex-gateway .
# Run it with a configuration at /etc/cortex/cortex.yaml; everything the gateway keeps is in the database that it names.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# The packages, in a layer of their own: it is rebuilt only when a lock file changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Gateway/Gateway.csproj Gateway/packages.lock.json Gateway/
RUN dotnet restore Gateway --locked-mode

COPY .editorconfig ./
COPY docs/backend-contract.schema.json docs/
COPY Gateway/ Gateway/
# /data becomes a folder that the gateway's user may write to, for SQLite and its key.
RUN dotnet publish Gateway -c Release --no-restore -p:UseAppHost=false -o /app && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=$APP_UID:$APP_UID /data /etc/cortex/data
ENV ASPNETCORE_URLS=http://*:8080 ASPNETCORE_HTTP_PORTS=
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["dotnet", "Gateway.dll"]
CMD ["serve", "--config", "/etc/cortex/cortex.yaml"]
