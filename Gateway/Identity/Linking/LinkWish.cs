using Cortex.Backends;

namespace Cortex.Identity.Linking;

/// <summary>What a person who comes to link wants, once it was looked at.</summary>
internal abstract record LinkWish
{
    private LinkWish()
    {
    }

    /// <summary>It may go on.</summary>
    /// <param name="Backend">Where they link.</param>
    /// <param name="Provider">Where they are sent.</param>
    /// <param name="Scopes">What is asked for, separated by spaces.</param>
    public sealed record Good(BackendDefinition Backend, LinkProvider Provider, string Scopes) : LinkWish;

    /// <summary>It ends here, and nothing has begun.</summary>
    /// <param name="Page">What they are told.</param>
    public sealed record Refused(IResult Page) : LinkWish;
}
