using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cortex.Backends;
using Cortex.Foundation.Outbound;

namespace Cortex.Identity.Linking;

/// <summary>
/// Finds the authorization server of a third-party MCP server, as the MCP specification has clients do it
/// (<see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#authorization-server-discovery">authorization</see>):
/// 1. a request without a token, whose 401 names the server's metadata and scopes;
/// 2. the metadata (<see href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728</see>) there, else at the well-known addresses of the server's path and
///    origin; its <c>resource</c> must be this server;
/// 3. the first authorization server it names, whose metadata (<see href="https://www.rfc-editor.org/rfc/rfc8414">RFC 8414</see>, else OpenID Connect
///    Discovery) must name the issuer exactly so, and S256;
/// 4. its endpoints, each of which the address policy must allow. One of another origin than the issuer is logged.
/// Addresses met on the way may be public ones only, and on loopback where the server itself is. Nothing is remembered. Thread-safe.
/// </summary>
internal sealed partial class ProviderDiscovery(GuardedHttpClients clients, DocumentFetcher fetcher, TimeProvider time, ILogger<ProviderDiscovery> logger)
{
    private const int MaxDocumentBytes = 256 * 1024;

    private static readonly TimeSpan ChallengeDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Finds the provider of a backend.</summary>
    public async Task<DiscoveryResult> FindAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        var server = backend.ServerAddress;
        var trust = server.IsLoopback ? OutboundTrust.DiscoveredOnLoopback : OutboundTrust.Discovered;
        var operatorTrust = backend.Options.AllowPlaintext ? OutboundTrust.OperatorPlaintext : OutboundTrust.Operator;
        var challenge = await AskAsync(server, operatorTrust, cancellationToken);

        var reasons = new List<string>();
        foreach (var (address, metadataTrust) in ServerMetadata(server, challenge, trust, operatorTrust))
        {
            if (await ReadAsync(address, metadataTrust, reasons, cancellationToken) is not { } metadata)
                continue;
            if (!backend.IsPartOf(metadata.Text("resource")))
                return new DiscoveryResult.Failed($"{Name(address)} is the metadata of another resource than {server}");
            if (metadata.Texts("authorization_servers") is not [var issuer, ..])
                return new DiscoveryResult.Failed($"{Name(address)} names no authorization server");
            var scopes = challenge.Scope ?? string.Join(' ', metadata.Texts("scopes_supported"));
            return await FindAsync(backend, issuer, metadata.Text("resource")!, scopes, trust, cancellationToken);
        }

        return new DiscoveryResult.Failed(string.Join("; ", reasons));
    }

    /// <summary>Where an issuer's metadata may be, in the order of the MCP specification.</summary>
    internal static IEnumerable<Uri> IssuerMetadata(Uri issuer)
    {
        var origin = issuer.GetLeftPart(UriPartial.Authority);
        var path = issuer.AbsolutePath.TrimEnd('/');
        yield return new Uri($"{origin}/.well-known/oauth-authorization-server{path}");
        yield return new Uri($"{origin}/.well-known/openid-configuration{path}");
        if (path.Length > 0)
            yield return new Uri($"{origin}{path}/.well-known/openid-configuration");
    }

    private static IEnumerable<(Uri Address, OutboundTrust Trust)> ServerMetadata(
        Uri server, ServerChallenge challenge, OutboundTrust trust, OutboundTrust operatorTrust)
    {
        if (Uri.TryCreate(challenge.ResourceMetadata, UriKind.Absolute, out var named))
            yield return (named, trust);
        const string WellKnown = "/.well-known/oauth-protected-resource";
        var origin = server.GetLeftPart(UriPartial.Authority);
        if (server.AbsolutePath.Length > 1)
            yield return (new Uri(origin + WellKnown + server.AbsolutePath.TrimEnd('/')), operatorTrust);
        yield return (new Uri(origin + WellKnown), operatorTrust);
    }

    /// <summary>An address without its query, for a log or a page.</summary>
    private static string Name(Uri address) => address.GetLeftPart(UriPartial.Path);

    private async Task<ServerChallenge> AskAsync(Uri server, OutboundTrust trust, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ChallengeDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, server)
            {
                Content = new StringContent("""{"jsonrpc":"2.0","id":0,"method":"ping"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            };
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var response = await clients.For(trust).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode == HttpStatusCode.Unauthorized ? ServerChallenge.Read(response.Headers.WwwAuthenticate) : ServerChallenge.None;
        }
        catch (HttpRequestException exception)
        {
            Log.NoChallenge(logger, exception, server.Authority);
            return ServerChallenge.None;
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.NoChallenge(logger, exception, server.Authority);
            return ServerChallenge.None;
        }
    }

    private async Task<DiscoveryResult> FindAsync(
        BackendDefinition backend, string issuer, string resource, string scopes, OutboundTrust trust, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var address))
            return new DiscoveryResult.Failed("its metadata names an authorization server that is no address");
        if (!AddressPolicy.TryAllow(address, trust, out var refusal))
            return new DiscoveryResult.Failed($"its authorization server may not be called: {refusal}");
        if (address.Query.Length > 0 || address.Fragment.Length > 0)
            return new DiscoveryResult.Failed("the address of its authorization server carries a query or a fragment");

        var reasons = new List<string>();
        foreach (var place in IssuerMetadata(address))
        {
            if (await ReadAsync(place, trust, reasons, cancellationToken) is not { } metadata)
                continue;
            return Check(backend, metadata, issuer, resource, scopes, trust) switch
            {
                (_, { } problem) => new DiscoveryResult.Failed($"{Name(place)} {problem}"),
                ({ } provider, _) => new DiscoveryResult.Found(provider),
                _ => throw new InvalidOperationException("Metadata was neither good nor bad."),
            };
        }

        return new DiscoveryResult.Failed(string.Join("; ", reasons));
    }

    private (LinkProvider? Provider, string? Problem) Check(
        BackendDefinition backend, ProviderDocument metadata, string issuer, string resource, string scopes, OutboundTrust trust)
    {
        if (metadata.Text("issuer") != issuer)
            return (null, $"is the metadata of another issuer than '{issuer}'");
        if (!metadata.Texts("code_challenge_methods_supported").Contains("S256"))
            return (null, "does not offer S256");
        if (!metadata.TryAddress("authorization_endpoint", trust, out var authorization, out var problem)
            || !metadata.TryAddress("token_endpoint", trust, out var token, out problem))
            return (null, problem);
        var registration = Optional("registration_endpoint", ref problem);
        var revocation = Optional("revocation_endpoint", ref problem);
        if (problem.Length > 0)
            return (null, problem);

        foreach (var endpoint in new[] { authorization, token, registration, revocation })
        {
            if (endpoint is not null && endpoint.GetLeftPart(UriPartial.Authority) != new Uri(issuer).GetLeftPart(UriPartial.Authority))
                Log.ForeignEndpoint(logger, backend.Id.Value, issuer, endpoint.Authority);
        }

        return (new LinkProvider
        {
            Issuer = issuer,
            AuthorizationEndpoint = authorization,
            TokenEndpoint = token,
            RegistrationEndpoint = registration,
            RevocationEndpoint = revocation,
            Resource = resource,
            Scopes = scopes,
            NamesItselfInAnswers = metadata.Flag("authorization_response_iss_parameter_supported"),
            TakesClientDocuments = metadata.Flag("client_id_metadata_document_supported"),
            TokenAuthentication = metadata.Texts("token_endpoint_auth_methods_supported"),
            OffersOfflineAccess = metadata.Texts("scopes_supported").Contains("offline_access"),
            OnLoopback = trust == OutboundTrust.DiscoveredOnLoopback,
        }, null);

        Uri? Optional(string name, ref string fault)
        {
            if (metadata.Text(name) is null)
                return null;
            if (!metadata.TryAddress(name, trust, out var endpoint, out var why))
                fault = why;
            return endpoint;
        }
    }

    private async Task<ProviderDocument?> ReadAsync(Uri address, OutboundTrust trust, List<string> reasons, CancellationToken cancellationToken)
    {
        switch (await fetcher.FetchAsync(address, trust, MaxDocumentBytes, cancellationToken))
        {
            case FetchResult.Received received when ProviderDocument.TryParse(received.Body, out var document):
                return document;
            case FetchResult.Received:
                reasons.Add($"{Name(address)} is not a JSON object");
                return null;
            case FetchResult.Failed failed:
                reasons.Add(failed.Reason);
                return null;
            default:
                throw new InvalidOperationException("A fetch ended in no known way.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3601, LogLevel.Information, "Backend {Backend}: its provider {Issuer} has an endpoint of another origin, {Endpoint}", EventName = "linking.foreign_endpoint")]
        public static partial void ForeignEndpoint(ILogger logger, string backend, string issuer, string endpoint);

        [LoggerMessage(3602, LogLevel.Warning, "The server at {Server} did not say how to get a token", EventName = "linking.no_challenge")]
        public static partial void NoChallenge(ILogger logger, Exception exception, string server);
    }
}
