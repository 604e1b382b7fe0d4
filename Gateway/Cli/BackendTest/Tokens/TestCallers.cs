using Cortex.Cli.BackendTest.Wire;
using Cortex.Identity.Callers;
using Cortex.Identity.Credentials;
using Cortex.Identity.Minting;

namespace Cortex.Cli.BackendTest.Tokens;

/// <summary>As whom the tests call: with tokens of an own issuer, with the one token or the headers that were given, or as nobody.</summary>
/// <param name="options">What was given.</param>
/// <param name="issuer">The own issuer; null without one.</param>
internal sealed class TestCallers(BackendTestOptions options, EphemeralIssuer? issuer)
{
    /// <summary>The two persons of the tests.</summary>
    public const string Alice = "p_backend_test_alice";
    public const string Bob = "p_backend_test_bob";

    /// <summary>True when tokens of any kind can be made.</summary>
    public bool Mints => issuer is not null;

    /// <summary>True when something is presented, so that its absence can be tested.</summary>
    public bool HasCredential => issuer is not null || options.Bearer is not null || options.Headers.Count > 0;

    /// <summary>The token that was given, for a test that spoils it; null without one.</summary>
    public string? Given => options.Bearer;

    /// <summary>The gateway itself, which reads the lists.</summary>
    public ProbeCaller Gateway => issuer is null ? AsGiven() : ProbeCaller.With(issuer.Mint(options.Audience, TokenClaims.GatewaySubject, TokenMinter.CatalogScope));

    /// <summary>A person.</summary>
    /// <param name="scopes">What they hold, separated by spaces.</param>
    public ProbeCaller Person(string scopes, string subject = Alice) =>
        issuer is null ? AsGiven() : new ProbeCaller(issuer.Mint(options.Audience, subject, scopes), HeadersOf(subject, scopes));

    /// <summary>A person whose token has a fault.</summary>
    public ProbeCaller Forger(TokenFault fault, string scopes) =>
        new(issuer!.Mint(options.Audience, Alice, scopes, fault), HeadersOf(Alice, scopes));

    /// <summary>Nobody, with a person's headers: a convenience, never proof.</summary>
    public static ProbeCaller Impostor(string scopes) => new(null, HeadersOf(Alice, scopes));

    private ProbeCaller AsGiven() => new(options.Bearer, options.Headers);

    private static KeyValuePair<string, string>[] HeadersOf(string subject, string scopes) =>
    [
        new(CallerHeaders.UserId, subject),
        new(CallerHeaders.UserEmail, EphemeralIssuer.EmailOf(subject)),
        new(CallerHeaders.Scopes, scopes),
    ];
}
