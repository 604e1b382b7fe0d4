using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>Whom a token speaks for.</summary>
internal abstract record TokenIdentity
{
    private TokenIdentity()
    {
    }

    /// <summary>A person, through a client.</summary>
    public sealed record Human(Person Person, string ClientId) : TokenIdentity;

    /// <summary>A client on its own behalf.</summary>
    public sealed record Machine(string ClientId) : TokenIdentity;

    /// <summary>Nobody the gateway knows or may know.</summary>
    /// <param name="Problem">One sentence for the client's developer.</param>
    public sealed record Nobody(string Problem) : TokenIdentity;
}
