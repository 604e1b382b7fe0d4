using System.Globalization;
using System.Text.Encodings.Web;
using Cortex.Foundation.Model;
using Cortex.Governance.Limits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Callers;

/// <summary>
/// Authenticates a request by its bearer token, for the protected resource its path names, and answers those it turns away:
/// 401 with the way to a token, 400 for two tokens, 429 where too many were refused, 503 where the issuer's keys can't be had, 403 for a token
/// without a required scope.
/// </summary>
internal sealed partial class CallerAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemeOptions,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    TokenValidator validator,
    RefusedTokenLimits limits,
    ProtectedResources resources,
    AdvertisedScopes advertised,
    IOptionsMonitor<IdentityOptions> identity)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemeOptions, loggers, encoder)
{
    private static readonly TimeSpan RetryAfter = IssuerKeys.MinInterval;

    private Refusal? _refusal;

    private ProtectedResource Resource => field ??= resources.Of(Request.PathBase + Request.Path);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        switch (BearerToken.Read(Request.Headers.Authorization))
        {
            case BearerToken.Present(var text):
                return await ValidateAsync(text);
            case BearerToken.Malformed(var problem):
                return Refuse(new Refusal.Invalid(problem));
            case BearerToken.Ambiguous:
                return Refuse(new Refusal.Ambiguous());
            default:
                return AuthenticateResult.NoResult();
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var scopes = advertised.For(Resource);
        return _refusal switch
        {
            Refusal.Invalid(var problem) => WriteAsync(BearerChallenge.InvalidToken(problem, scopes, Resource.Metadata), problem),
            Refusal.Ambiguous => WriteAsync(
                BearerChallenge.InvalidRequest("More than one Authorization header.", Resource.Metadata), "Send exactly one Authorization header."),
            Refusal.Undecided => WriteUndecidedAsync(),
            Refusal.TooMany(var refused) => WriteTooManyAsync(refused),
            _ => WriteAsync(
                BearerChallenge.NoToken(scopes, Resource.Metadata),
                $"This resource needs an OAuth 2.1 access token. The metadata at {Resource.Metadata} names the authorization servers."),
        };
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = ScopeSet.Of(identity.CurrentValue.RequiredScopes);
        var held = Context.Features.Get<ValidatedToken>()?.Scopes ?? ScopeSet.Empty;
        if (held.ContainsAll(needed))
            return ProblemAsync(StatusCodes.Status403Forbidden, null, "Nobody may call this address.");
        var description = $"The token lacks a scope that every request needs: {needed.Except(held)}.";

        // The era is not known before the body is read; the form for legacy clients serves both.
        return WriteAsync(BearerChallenge.InsufficientScope(needed, held, Era.Legacy, description, Resource.Metadata), description);
    }

    private async Task<AuthenticateResult> ValidateAsync(string text)
    {
        if (limits.FindRefusal(Context) is { } over && !validator.Knows(text))
            return Refuse(new Refusal.TooMany(over));
        switch (await validator.ValidateAsync(text, Resource, Context.RequestAborted))
        {
            case TokenVerdict.Valid(var token):
                Context.Features.Set(token);
                return AuthenticateResult.Success(new AuthenticationTicket(token.Principal, Scheme.Name));
            case TokenVerdict.Invalid(var problem):
                return Refuse(await limits.CountAsync(Context) is { } refused ? new Refusal.TooMany(refused) : new Refusal.Invalid(problem));
            case TokenVerdict.Undecided(var issuer):
                Log.Undecided(Logger, issuer);
                return Refuse(new Refusal.Undecided());
            default:
                throw new InvalidOperationException("Validating a token ended in no known way.");
        }
    }

    private AuthenticateResult Refuse(Refusal refusal)
    {
        _refusal = refusal;
        if (refusal is Refusal.Invalid(var problem))
            Log.Refused(Logger, problem);
        return AuthenticateResult.Fail("The request carries no token that counts.");
    }

    private Task WriteUndecidedAsync()
    {
        Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return ProblemAsync(
            StatusCodes.Status503ServiceUnavailable,
            "temporarily_unavailable",
            "The keys of the token's issuer can't be fetched at the moment, so that the token can't be checked. Try again later with the same token.");
    }

    private Task WriteTooManyAsync(LimitDecision.Refused refused)
    {
        LimitRefusal.Refuse(Context, refused);
        return ProblemAsync(
            StatusCodes.Status429TooManyRequests, "temporarily_unavailable", "Too many tokens from your network were refused. Wait for as long as Retry-After says, then try again.");
    }

    private Task WriteAsync(BearerChallenge challenge, string detail)
    {
        challenge.WriteTo(Response);
        return ProblemAsync(challenge.Status, challenge.Error, detail);
    }

    private Task ProblemAsync(int status, string? error, string detail)
    {
        Response.Headers.CacheControl = "no-store";
        var extensions = new Dictionary<string, object?>();
        if (error is not null)
            extensions["error"] = error;
        return TypedResults.Problem(detail, statusCode: status, extensions: extensions).ExecuteAsync(Context);
    }

    /// <summary>Why a request was not authenticated though it carried something.</summary>
    private abstract record Refusal
    {
        public sealed record Invalid(string Problem) : Refusal;

        public sealed record Ambiguous : Refusal;

        public sealed record Undecided : Refusal;

        public sealed record TooMany(LimitDecision.Refused Limit) : Refusal;
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Debug, "A token was refused: {Problem}", EventName = "caller.refused")]
        public static partial void Refused(ILogger logger, string problem);

        [LoggerMessage(3011, LogLevel.Debug, "A token of {Issuer} could not be decided: its keys can't be had", EventName = "caller.undecided")]
        public static partial void Undecided(ILogger logger, string issuer);
    }
}
