using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Cortex.Identity.Callers;

/// <summary>
/// What the <c>Authorization</c> header of a request holds (<see href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750, section 2.1</see>).
/// Tokens in the query string or in a form are never looked at.
/// </summary>
internal abstract record BearerToken
{
    /// <summary>Longest token that is read, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Prefix = "Bearer ";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private BearerToken()
    {
    }

    /// <summary>No bearer token was sent.</summary>
    public sealed record Absent : BearerToken
    {
        public static Absent Instance { get; } = new();
    }

    /// <summary>One token was sent; nothing is known of it yet.</summary>
    public sealed record Present(string Token) : BearerToken;

    /// <summary>More than one header was sent: which one counts is not for the gateway to guess.</summary>
    public sealed record Ambiguous : BearerToken
    {
        public static Ambiguous Instance { get; } = new();
    }

    /// <summary>Something was sent that can't be a token.</summary>
    public sealed record Malformed(string Problem) : BearerToken;

    /// <summary>Reads the header.</summary>
    public static BearerToken Read(StringValues header)
    {
        if (header.Count > 1)
            return Ambiguous.Instance;
        var value = header.ToString();
        if (!value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Absent.Instance;
        var token = value.AsSpan(Prefix.Length).Trim(' ');
        if (token.Length > MaxLength)
            return new Malformed($"The token is longer than {MaxLength} characters.");
        if (token.IsEmpty || token.ContainsAnyExcept(Allowed))
            return new Malformed("The Authorization header holds no well-formed bearer token.");
        return new Present(token.ToString());
    }
}
