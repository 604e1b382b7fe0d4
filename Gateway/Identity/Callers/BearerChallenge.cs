using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>
/// A refusal in the terms of <see href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</see>: a status and the
/// value of <c>WWW-Authenticate</c>. Values keep to the characters RFC 6750 allows, so that no text
/// can end the header or add a parameter, and no client needs to unescape.
/// </summary>
/// <param name="Status">401; 400 when the request is malformed; 403 when the token is good but holds too little.</param>
/// <param name="Error">The error code, or null when no token was sent.</param>
/// <param name="HeaderValue">Value of <c>WWW-Authenticate</c>.</param>
internal sealed record BearerChallenge(int Status, string? Error, string HeaderValue)
{
    /// <summary>The request carried no token: no error code, only where to find one.</summary>
    public static BearerChallenge NoToken(ScopeSet scopes, string resourceMetadata) =>
        Make(StatusCodes.Status401Unauthorized, null, null, scopes, resourceMetadata);

    /// <summary>The request carried a token that does not count.</summary>
    public static BearerChallenge InvalidToken(string description, ScopeSet scopes, string resourceMetadata) =>
        Make(StatusCodes.Status401Unauthorized, "invalid_token", description, scopes, resourceMetadata);

    /// <summary>The request is malformed, for example with two tokens.</summary>
    public static BearerChallenge InvalidRequest(string description, string resourceMetadata) =>
        Make(StatusCodes.Status400BadRequest, "invalid_request", description, ScopeSet.Empty, resourceMetadata);

    /// <summary>
    /// The token is good but lacks scopes that a new consent could grant. Clients of the legacy era ask for exactly what they are told, so they
    /// are told what they hold as well; modern ones add what is missing to what they hold.
    /// </summary>
    /// <param name="needed">Every scope the operation needs.</param>
    /// <param name="held">What the token holds.</param>
    /// <param name="era">The era of the caller.</param>
    /// <param name="description">One sentence for a human.</param>
    /// <param name="resourceMetadata">Address of the protected-resource metadata.</param>
    public static BearerChallenge InsufficientScope(
        ScopeSet needed, ScopeSet held, Era era, string description, string resourceMetadata) =>
        Make(
            StatusCodes.Status403Forbidden, "insufficient_scope", description, era is Era.Legacy ? held.Union(needed) : needed, resourceMetadata);

    /// <summary>Writes status and header; the body is the caller's to write.</summary>
    public void WriteTo(HttpResponse response)
    {
        response.StatusCode = Status;
        response.Headers.WWWAuthenticate = HeaderValue;
    }

    private static BearerChallenge Make(int status, string? error, string? description, ScopeSet scopes, string resourceMetadata)
    {
        var header = new StringBuilder("Bearer");
        Append(header, "error", error);
        Append(header, "error_description", description);
        Append(header, "scope", scopes.Count == 0 ? null : scopes.ToString());
        Append(header, "resource_metadata", resourceMetadata);
        return new BearerChallenge(status, error, header.ToString());
    }

    private static void Append(StringBuilder header, string name, string? value)
    {
        if (value is null)
            return;
        header.Append(header.Length == "Bearer".Length ? " " : ", ").Append(name).Append("=\"");
        foreach (var c in value)
        {
            if (c is '"')
                header.Append('\'');
            else if (c is >= ' ' and <= '~' and not '\\')
                header.Append(c);
        }

        header.Append('"');
    }
}
