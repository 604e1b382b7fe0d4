using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Minting;
using Microsoft.Net.Http.Headers;

namespace Cortex.Identity.Credentials;

/// <summary>Caller and backend → the one outbound credential. The only place where tokens change hands: see the README beside it. Thread-safe.</summary>
internal sealed class CredentialResolver(TokenMinter minter)
{
    /// <summary>The headers by which <paramref name="caller"/> speaks to <paramref name="backend"/>.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="backend">Who is called.</param>
    /// <param name="request">The inbound request; only <c>auth: forward</c> reads it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public ValueTask<CredentialResult> ResolveAsync(
        Caller caller, BackendDefinition backend, HttpContext? request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<CredentialResult>(backend.Auth switch
        {
            BackendAuth.UserToken => Grant(caller, backend, Bearer(minter.Mint(caller, backend))),
            BackendAuth.Static when StaticHeader(backend) is { } header => Grant(caller, backend, header),
            BackendAuth.Static => new CredentialResult.Refused($"Backend '{backend.Id}' has no credential: an operator must set its staticSecret."),
            BackendAuth.Forward when Inbound(request) is { } header => Grant(caller, backend, header),
            BackendAuth.Forward => new CredentialResult.Refused($"Backend '{backend.Id}' expects the caller's own token, and this request carries none."),
            BackendAuth.None => CredentialResult.Granted.Nothing,
            _ => new CredentialResult.Refused($"Backend '{backend.Id}' asks for a kind of credential that does not exist."),
        });
    }

    /// <summary>The headers by which the gateway itself reads the backend's catalog. They never hold a person's credential.</summary>
    public CredentialResult.Granted ForCatalog(BackendDefinition backend)
    {
        if (backend.Options.CatalogToken is { } configured)
            return new CredentialResult.Granted([Bearer(configured.Reveal())]);
        return backend.Auth switch
        {
            BackendAuth.UserToken or BackendAuth.Forward => new CredentialResult.Granted([Bearer(minter.MintCatalogToken(backend))]),
            BackendAuth.Static when StaticHeader(backend) is { } header => new CredentialResult.Granted([header]),
            _ => CredentialResult.Granted.Nothing,
        };
    }

    private CredentialResult.Granted Grant(Caller caller, BackendDefinition backend, KeyValuePair<string, string> credential)
    {
        if (backend.Kind is not BackendKind.Contract)
            return new CredentialResult.Granted([credential]);
        var headers = new List<KeyValuePair<string, string>>(6) { credential };
        CallerHeaders.Add(headers, caller, minter.ScopesFor(caller, backend));
        return new CredentialResult.Granted(headers);
    }

    private static KeyValuePair<string, string> Bearer(string token) => new(HeaderNames.Authorization, "Bearer " + token);

    private static KeyValuePair<string, string>? StaticHeader(BackendDefinition backend)
    {
        if (backend.Options.StaticSecret is not { } secret)
            return null;
        return backend.Options.StaticHeader is { Length: > 0 } name ? new(name, secret.Reveal()) : Bearer(secret.Reveal());
    }

    private static KeyValuePair<string, string>? Inbound(HttpContext? request) =>
        request?.Request.Headers.Authorization is [{ Length: > 0 } value] ? new(HeaderNames.Authorization, value) : null;
}
