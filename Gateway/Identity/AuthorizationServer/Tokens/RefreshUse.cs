using Cortex.Foundation.Model;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Tokens;

/// <summary>One use of a refresh token: which, by whom, and what was asked for. Only the same request is given the same answer.</summary>
internal sealed record RefreshUse(string TokenId, string ClientId, string Scope, string Resource)
{
    public static RefreshUse Of(string tokenId, OpenIddictRequest request) => new(
        tokenId,
        request.ClientId ?? "",
        ScopeSet.ParseLenient(request.Scope).ToString(),
        string.Join(' ', request.GetResources()));
}
