using System.Collections.Concurrent;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Callers;
using Cortex.Identity.Minting;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Credentials;

/// <summary>
/// The credentials of <c>auth: exchange</c>: tokens that a configured token endpoint gives for who calls
/// (<see href="https://www.rfc-editor.org/rfc/rfc8693#section-2.1">RFC 8693</see>). One is used again for the same inbound token, backend and scopes until shortly
/// before it ends, and never past the inbound token; those who need it at once share one question. Thread-safe.
/// </summary>
internal sealed partial class ExchangedCredentials(
    TokenEndpoint endpoint, TokenMinter minter, IssuerDirectory issuers, TimeProvider time, ILogger<ExchangedCredentials> logger)
{
    private const string GrantType = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    private const string Jwt = "urn:ietf:params:oauth:token-type:jwt";
    private const int MaxKept = 20_000;

    /// <summary>How long a token is used whose endpoint does not say when it ends.</summary>
    private static readonly TimeSpan UnknownLife = TimeSpan.FromMinutes(1);

    /// <summary>A token is replaced so long before its end, or a tenth of its life when that is shorter.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(30);

    private readonly ExpiringCache<Key, string> _kept = new(MaxKept, time);
    private readonly ConcurrentDictionary<Key, Lazy<Task<CredentialResult>>> _asking = new();

    public ValueTask<CredentialResult> FindAsync(Caller caller, BackendDefinition backend, HttpContext? request, CancellationToken cancellationToken)
    {
        var key = KeyOf(caller, backend);
        return _kept.TryGet(key, out var token) ? ValueTask.FromResult<CredentialResult>(Granted(token)) : AskOnceAsync(key, caller, backend, request, cancellationToken);
    }

    /// <summary>In the place of a credential that the backend refused: a fresh one once; null when that was refused as well.</summary>
    public async ValueTask<CredentialResult?> ReplaceAsync(
        Caller caller, BackendDefinition backend, CredentialResult.Granted rejected, HttpContext? request, CancellationToken cancellationToken)
    {
        if (rejected.IsRenewed)
            return null;
        var key = KeyOf(caller, backend);
        if (_kept.TryGet(key, out var token) && token == BearerHeader.TokenOf(rejected).Reveal())
            _kept.Remove(key);
        var result = await FindAsync(caller, backend, request, cancellationToken);
        return result is CredentialResult.Granted granted ? granted with { IsRenewed = true } : result;
    }

    private static Key KeyOf(Caller caller, BackendDefinition backend) => new(caller.TokenHash, backend.Id, caller.Scopes, backend.Options.Exchange!);

    private static CredentialResult.Granted Granted(string token) => new([BearerHeader.Of(token)]) { Origin = CredentialOrigin.Exchanged };

    private async ValueTask<CredentialResult> AskOnceAsync(
        Key key, Caller caller, BackendDefinition backend, HttpContext? request, CancellationToken cancellationToken)
    {
        if (FindSubject(caller, backend, request) is not { } subject)
            return new CredentialResult.Refused($"Backend '{backend.Id}' takes tokens in exchange for those of the company's own issuer, and this caller's token is of another; sign in there.");
        var asking = _asking.GetOrAdd(key, _ => new Lazy<Task<CredentialResult>>(() => AskAsync(key, caller, backend, subject)));
        return await asking.Value.WaitAsync(cancellationToken);
    }

    /// <summary>The token that speaks for the caller; null when the endpoint can't take the caller's own. The embedded server's tokens are good for the gateway alone.</summary>
    private string? FindSubject(Caller caller, BackendDefinition backend, HttpContext? request)
    {
        var options = backend.Options.Exchange!;
        if (options.Subject == ExchangeSubject.MintedToken)
            return minter.Mint(caller, backend, options.TokenEndpoint!);
        return issuers.Current.Find(caller.Issuer) is ExternalIssuer ? BearerHeader.TokenOf(request) : null;
    }

    private async Task<CredentialResult> AskAsync(Key key, Caller caller, BackendDefinition backend, string subject)
    {
        try
        {
            var options = backend.Options.Exchange!;
            var trust = backend.Options.AllowPlaintext ? OutboundTrust.OperatorPlaintext : OutboundTrust.Operator;
            switch (await endpoint.AskAsync(ClientOf(options), Form(options, subject), trust, CancellationToken.None))
            {
                case TokenResult.Received received:
                    _kept.Set(key, received.AccessToken, EndOf(received, caller));
                    return Granted(received.AccessToken);
                case TokenResult.Refused refused:
                    Log.Refused(logger, backend.Id.Value, $"it answered '{refused.Error}'");
                    return new CredentialResult.Refused(
                        $"The token endpoint of backend '{backend.Id}' refuses to exchange a token for this caller ('{refused.Error}'); an operator must check backends.{backend.Id}.exchange and what the endpoint lets the gateway's client exchange.");
                case TokenResult.NoAnswer none:
                    Log.Refused(logger, backend.Id.Value, none.Reason);
                    return new CredentialResult.Refused($"The token endpoint of backend '{backend.Id}' gave no token just now. Try the same call again in a minute.");
                default:
                    throw new InvalidOperationException("A token endpoint answered in no known way.");
            }
        }
        finally
        {
            _asking.TryRemove(key, out _);
        }
    }

    private static GrantClient ClientOf(ExchangeOptions options) => new()
    {
        ClientId = options.ClientId!,
        ClientSecret = options.ClientSecret?.Reveal(),
        Authentication = options switch
        {
            { ClientSecret: null } => ClientAuthentication.None,
            { ClientAuthentication: ExchangeAuthentication.Post } => ClientAuthentication.SecretPost,
            _ => ClientAuthentication.SecretBasic,
        },
        TokenEndpoint = new Uri(options.TokenEndpoint!),
        Resource = options.Resource,
    };

    private static IEnumerable<KeyValuePair<string, string>> Form(ExchangeOptions options, string subject)
    {
        yield return new("grant_type", GrantType);
        yield return new("subject_token", subject);
        yield return new("subject_token_type", options.Subject == ExchangeSubject.MintedToken ? Jwt : AccessToken);
        yield return new("requested_token_type", AccessToken);
        if (options.Audience is { } audience)
            yield return new("audience", audience);
        if (options.Scopes.Count > 0)
            yield return new("scope", string.Join(' ', options.Scopes));
    }

    private DateTimeOffset EndOf(TokenResult.Received received, Caller caller)
    {
        var now = time.GetUtcNow();
        var life = received.ExpiresAt is { } end ? end - now : UnknownLife;
        var ahead = life / 10 < RenewBefore ? life / 10 : RenewBefore;
        var until = now + life - ahead;
        return until < caller.ExpiresAt ? until : caller.ExpiresAt;
    }

    /// <summary>What a token was given for; other options ask anew.</summary>
    private readonly record struct Key(string TokenHash, BackendId Backend, ScopeSet Scopes, ExchangeOptions Options);

    private static partial class Log
    {
        [LoggerMessage(3210, LogLevel.Warning, "No token in exchange for a caller of backend {Backend}: {Reason}", EventName = "credential.not_exchanged")]
        public static partial void Refused(ILogger logger, string backend, string reason);
    }
}
