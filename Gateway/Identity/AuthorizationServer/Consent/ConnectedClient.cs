using Cortex.Foundation.Model;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>A client that a person let in.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Name">The name it gave itself, or its id.</param>
/// <param name="Destinations">Where answers to it go: hosts, or the schemes of apps.</param>
/// <param name="Scopes">What it holds or may have without another question.</param>
/// <param name="Since">Since when.</param>
/// <param name="LastUsedAt">When it last got a token; null when it never did, or too long ago to be on record.</param>
internal sealed record ConnectedClient(
    string ClientId, string Name, IReadOnlyList<string> Destinations, ScopeSet Scopes, DateTimeOffset Since, DateTimeOffset? LastUsedAt);
