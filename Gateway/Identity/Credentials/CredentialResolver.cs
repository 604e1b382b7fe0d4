using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Minting;
using Microsoft.Net.Http.Headers;

namespace Cortex.Identity.Credentials;

/// <summary>Caller and backend → the one outbound credential. The only place where tokens change hands: see the README beside it. Thread-safe.</summary>
internal sealed class CredentialResolver(TokenMinter minter, LinkedCredentials linked, ExchangedCredentials exchanged)
{
    /// <summary>The headers by which <paramref name="caller"/> speaks to <paramref name="backend"/>.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="backend">Who is called.</param>
    /// <param name="request">The inbound request; only <c>auth: forward</c> and an exchange of the caller's own token read it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<CredentialResult> ResolveAsync(
        Caller caller, BackendDefinition backend, HttpContext? request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return backend.Auth switch
        {
            BackendAuth.LinkedAccount => linked.FindAsync(caller, backend, cancellationToken),
            BackendAuth.Exchange => ExchangeAsync(caller, backend, request, cancellationToken),
            _ => ValueTask.FromResult(Resolve(caller, backend, request)),
        };
    }

    /// <summary>What to do when the backend refused a credential: another one, to be tried once, or why there is none. Null when its refusal stands.</summary>
    public async ValueTask<CredentialResult?> ReplaceAsync(
        Caller caller, BackendDefinition backend, CredentialResult.Granted rejected, CredentialRefusal refusal, HttpContext? request, CancellationToken cancellationToken) =>
        (rejected.Origin, refusal) switch
        {
            (CredentialOrigin.Person, CredentialRefusal.NotAccepted) => await linked.ReplaceAsync(caller, backend, rejected, cancellationToken),
            (CredentialOrigin.Person, CredentialRefusal.ScopesMissing missing) => linked.AskForScopes(caller, backend, rejected, missing.Scopes),
            (CredentialOrigin.Exchanged, CredentialRefusal.NotAccepted) =>
                Complete(caller, backend, await exchanged.ReplaceAsync(caller, backend, rejected, request, cancellationToken)),
            _ => null,
        };

    /// <summary>The headers by which the gateway itself reads the backend's catalog. They never hold a person's credential.</summary>
    public CredentialResult.Granted ForCatalog(BackendDefinition backend)
    {
        if (backend.Options.CatalogToken is { } configured)
            return new CredentialResult.Granted([BearerHeader.Of(configured.Reveal())]) { Origin = CredentialOrigin.Shared };
        return backend.Auth switch
        {
            BackendAuth.UserToken or BackendAuth.Forward => new CredentialResult.Granted([BearerHeader.Of(minter.MintCatalogToken(backend))]) { Origin = CredentialOrigin.Minted },
            BackendAuth.Static when StaticHeader(backend) is { } header => new CredentialResult.Granted([header]) { Origin = CredentialOrigin.Shared },
            _ => CredentialResult.Granted.Nothing,
        };
    }

    private CredentialResult Resolve(Caller caller, BackendDefinition backend, HttpContext? request) => backend.Auth switch
    {
        BackendAuth.UserToken => Grant(caller, backend, BearerHeader.Of(minter.Mint(caller, backend)), CredentialOrigin.Minted),
        BackendAuth.Static when StaticHeader(backend) is { } header => Grant(caller, backend, header, CredentialOrigin.Shared),
        BackendAuth.Static => new CredentialResult.Refused($"Backend '{backend.Id}' has no credential: an operator must set its staticSecret."),
        BackendAuth.Forward when Inbound(request) is { } header => Grant(caller, backend, header, CredentialOrigin.Forwarded),
        BackendAuth.Forward => new CredentialResult.Refused($"Backend '{backend.Id}' expects the caller's own token, and this request carries none."),
        BackendAuth.None => CredentialResult.Granted.Nothing,
        _ => new CredentialResult.Refused($"Backend '{backend.Id}' asks for a kind of credential that does not exist."),
    };

    private async ValueTask<CredentialResult> ExchangeAsync(Caller caller, BackendDefinition backend, HttpContext? request, CancellationToken cancellationToken) =>
        Complete(caller, backend, await exchanged.FindAsync(caller, backend, request, cancellationToken))!;

    private CredentialResult.Granted Grant(Caller caller, BackendDefinition backend, KeyValuePair<string, string> credential, CredentialOrigin origin) =>
        (CredentialResult.Granted)Complete(caller, backend, new CredentialResult.Granted([credential]) { Origin = origin })!;

    /// <summary>Contract backends get the headers that say who calls as well.</summary>
    private CredentialResult? Complete(Caller caller, BackendDefinition backend, CredentialResult? result)
    {
        if (backend.Kind is not BackendKind.Contract || result is not CredentialResult.Granted granted)
            return result;
        var headers = new List<KeyValuePair<string, string>>(6);
        headers.AddRange(granted.Headers);
        CallerHeaders.Add(headers, caller, minter.ScopesFor(caller, backend));
        return granted with { Headers = headers };
    }

    private static KeyValuePair<string, string>? StaticHeader(BackendDefinition backend)
    {
        if (backend.Options.StaticSecret is not { } secret)
            return null;
        return backend.Options.StaticHeader is { Length: > 0 } name ? new(name, secret.Reveal()) : BearerHeader.Of(secret.Reveal());
    }

    private static KeyValuePair<string, string>? Inbound(HttpContext? request) =>
        request?.Request.Headers.Authorization is [{ Length: > 0 } value] ? new(HeaderNames.Authorization, value) : null;
}
