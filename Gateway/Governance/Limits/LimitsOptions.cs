using Cortex.Foundation.Model;

namespace Cortex.Governance.Limits;

/// <summary>
/// The root key <c>limits:</c>: how much of something may come from one place. <c>off</c>, or 0, switches a single limit off. Counts are refilled
/// evenly: after a full burst, one of 60 a minute comes back each second. Addresses are those of <c>X-Forwarded-For</c> behind <c>gateway.trustedProxies</c>.
/// </summary>
internal sealed class LimitsOptions
{
    /// <summary>Requests at <c>/mcp</c>.</summary>
    public RequestLimitOptions Requests { get; init; } = new();

    /// <summary>Requests with a token that does not count.</summary>
    public RefusedTokenLimitOptions RefusedTokens { get; init; } = new();

    /// <summary>Registrations of clients.</summary>
    public RegistrationLimitOptions Registrations { get; init; } = new();

    /// <summary>Documents about clients that are fetched.</summary>
    public DocumentLimitOptions ClientDocuments { get; init; } = new();

    /// <summary>Sign-in forms sent, and sign-in links opened.</summary>
    public SignInLimitOptions SignIns { get; init; } = new();

    /// <summary>Sign-in links sent by e-mail.</summary>
    public MagicLinkLimitOptions MagicLinks { get; init; } = new();

    /// <summary>Token requests.</summary>
    public TokenLimitOptions TokenRequests { get; init; } = new();

    /// <summary>Requests at the operator API, <c>/api/admin</c>.</summary>
    public OperatorLimitOptions Operators { get; init; } = new();

    /// <summary>Events at the billing webhook, <c>/api/billing/events</c>.</summary>
    public BillingLimitOptions BillingEvents { get; init; } = new();
}

/// <summary><c>limits.requests:</c>.</summary>
internal sealed class RequestLimitOptions
{
    /// <summary>Requests a minute of one caller: a person with one client, or a machine client.</summary>
    public Allowance PerMinute { get; init; } = 6_000;

    /// <summary>Requests of one caller at once.</summary>
    public int Burst { get; init; } = 1_000;

    /// <summary>Requests a minute of one client, whoever uses it.</summary>
    public Allowance ClientPerMinute { get; init; } = 120_000;

    /// <summary>Requests of one client at once.</summary>
    public int ClientBurst { get; init; } = 20_000;
}

/// <summary>
/// <c>limits.refusedTokens:</c>. Whoever is over it gets 429 for every token that this replica has not seen to count before, a right one too; tokens that
/// are in use go on.
/// </summary>
internal sealed class RefusedTokenLimitOptions
{
    /// <summary>Refused tokens a minute from one address.</summary>
    public Allowance AddressPerMinute { get; init; } = 1_200;

    /// <summary>Refused tokens a minute from one network: an IPv4 /24, an IPv6 /64.</summary>
    public Allowance NetworkPerMinute { get; init; } = 6_000;
}

/// <summary><c>limits.registrations:</c>.</summary>
internal sealed class RegistrationLimitOptions
{
    /// <summary>Registrations an hour from one address.</summary>
    public Allowance AddressPerHour { get; init; } = 200;

    /// <summary>Registrations an hour from one network: an IPv4 /24, an IPv6 /64.</summary>
    public Allowance NetworkPerHour { get; init; } = 600;

    /// <summary>Registrations a day in total.</summary>
    public Allowance PerDay { get; init; } = 20_000;
}

/// <summary><c>limits.clientDocuments:</c>.</summary>
internal sealed class DocumentLimitOptions
{
    /// <summary>Documents a minute that requests from one address have fetched. What is cached is not counted.</summary>
    public Allowance AddressPerMinute { get; init; } = 30;

    /// <summary>Documents a minute in total.</summary>
    public Allowance PerMinute { get; init; } = 600;
}

/// <summary><c>limits.signIns:</c>.</summary>
internal sealed class SignInLimitOptions
{
    /// <summary>Sign-in forms sent and sign-in links opened a minute from one address.</summary>
    public Allowance AddressPerMinute { get; init; } = 120;

    /// <summary>Sign-in forms sent and sign-in links opened a minute from one network: an IPv4 /24, an IPv6 /64.</summary>
    public Allowance NetworkPerMinute { get; init; } = 600;
}

/// <summary><c>limits.magicLinks:</c>.</summary>
internal sealed class MagicLinkLimitOptions
{
    /// <summary>Links an hour asked for from one address.</summary>
    public Allowance AddressPerHour { get; init; } = 20;

    /// <summary>Links an hour asked for from one network: an IPv4 /24, an IPv6 /64.</summary>
    public Allowance NetworkPerHour { get; init; } = 100;

    /// <summary>Links an hour to one e-mail address, whoever asks.</summary>
    public Allowance RecipientPerHour { get; init; } = 5;

    /// <summary>Links a day in total: the budget of mail.</summary>
    public Allowance PerDay { get; init; } = 2_000;
}

/// <summary><c>limits.tokenRequests:</c>.</summary>
internal sealed class TokenLimitOptions
{
    /// <summary>Token requests a minute from one address.</summary>
    public Allowance AddressPerMinute { get; init; } = 1_200;

    /// <summary>Token requests a minute of one client.</summary>
    public Allowance ClientPerMinute { get; init; } = 6_000;
}

/// <summary><c>limits.operators:</c>.</summary>
internal sealed class OperatorLimitOptions
{
    /// <summary>Requests a minute of one operator with one client, or of one machine client.</summary>
    public Allowance PerMinute { get; init; } = 600;
}

/// <summary><c>limits.billingEvents:</c>.</summary>
internal sealed class BillingLimitOptions
{
    /// <summary>Events a minute from one address, whether they are signed or not.</summary>
    public Allowance AddressPerMinute { get; init; } = 600;
}
