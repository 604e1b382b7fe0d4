using Cortex.Identity.Linking;

namespace Cortex.Identity.Credentials;

/// <summary>What goes out to a backend in place of the caller's token.</summary>
internal abstract record CredentialResult
{
    private CredentialResult()
    {
    }

    /// <summary>The headers to set on the outgoing request, replacing any of the same name. Empty: the backend gets no credential.</summary>
    public sealed record Granted(IReadOnlyList<KeyValuePair<string, string>> Headers) : CredentialResult
    {
        public static Granted Nothing { get; } = new([]);

        /// <summary>Whose credential it is.</summary>
        public CredentialOrigin Origin { get; init; }

        /// <summary>The account at the backend that it stands for: what belongs to another one, such as a session, is of no use to it. Null where the caller alone decides.</summary>
        public string? Account { get; init; }

        /// <summary>True when it came in the place of one that the backend refused.</summary>
        public bool IsRenewed { get; init; }

        public override string ToString() => "***";
    }

    /// <summary>The person must link their account at this backend first, for the first time, anew or for more scopes.</summary>
    /// <param name="Reason">One sentence for the agent: which account, and why.</param>
    /// <param name="Invitation">Where they do so.</param>
    public sealed record LinkNeeded(string Reason, LinkInvitation Invitation) : CredentialResult
    {
        /// <summary>The account that is linked and does not do; null when none is.</summary>
        public string? Account { get; init; }
    }

    /// <summary>There is no credential for this caller at this backend, and the call must not go out.</summary>
    /// <param name="Reason">One sentence for the agent; never holds a secret.</param>
    public sealed record Refused(string Reason) : CredentialResult;
}
