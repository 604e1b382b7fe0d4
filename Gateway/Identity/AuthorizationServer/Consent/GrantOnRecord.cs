using System.Text.Json;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>A grant that was not revoked, as OpenIddict has it on record. Its moments are UTC.</summary>
/// <param name="id">Id of OpenIddict's authorization.</param>
/// <param name="clientId">The client that has it.</param>
/// <param name="scopes">JSON array of texts; null for none.</param>
/// <param name="createdAt">When it was given.</param>
/// <param name="lastTokenAt">When a token was last made of it.</param>
/// <param name="isAlive">True while a token of it can be used.</param>
internal sealed class GrantOnRecord(string id, string? clientId, string? scopes, DateTime? createdAt, DateTime? lastTokenAt, bool isAlive)
{
    public string Id => id;

    public string? ClientId => clientId;

    public string Scopes => scopes is null ? "" : string.Join(' ', JsonElement.Parse(scopes).EnumerateArray().Select(scope => scope.GetString()));

    public DateTimeOffset Since => Moment(createdAt) ?? DateTimeOffset.UnixEpoch;

    public DateTimeOffset? LastTokenAt => Moment(lastTokenAt);

    public bool IsAlive => isAlive;

    private static DateTimeOffset? Moment(DateTime? utc) => utc is { } moment ? new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)) : null;
}
