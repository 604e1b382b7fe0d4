using Cortex.Foundation.Model;

namespace Cortex.Foundation.Pages;

/// <summary>
/// One section of <c>/account</c>, of whichever room has something to show a person of their own: register it as a service. Its forms go, with the
/// form token, to endpoints that the same room maps.
/// </summary>
internal abstract class AccountSection
{
    /// <summary>Where it stands: 10 clients, 20 linked accounts, 30 personal access tokens, 40 activity, 50 sessions.</summary>
    public abstract int Order { get; }

    /// <summary>What it shows this person; null for nothing.</summary>
    /// <param name="person">Who is signed in.</param>
    /// <param name="token">For the section's forms.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public abstract Task<AccountPart?> ShowAsync(Person person, FormToken token, CancellationToken cancellationToken);
}

/// <summary>A component and its parameters. It begins with an <c>h2</c>. Public because components are.</summary>
public sealed record AccountPart(Type Component, IReadOnlyDictionary<string, object?> Parameters);
