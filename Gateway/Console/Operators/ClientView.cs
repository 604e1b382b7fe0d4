using System.Text.Json;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Identity.AuthorizationServer.Registration;

namespace Cortex.Console.Operators;

/// <summary>A client.</summary>
/// <param name="Origin"><c>configured</c>, <c>dynamic</c> (it registered itself), or <c>document</c> (its id is the address of a document about it).</param>
/// <param name="UsedAt">When it last got a token, to the hour; null when that is not known.</param>
/// <param name="DisabledAt">When an operator shut it out; null when none did.</param>
/// <param name="Grants">Grants of persons that stand.</param>
internal sealed record ClientView(
    string Id, string? Name, string? Type, string Origin, IReadOnlyList<string> RedirectUris, DateTimeOffset? RegisteredAt, DateTimeOffset? UsedAt,
    DateTimeOffset? DisabledAt, long Grants)
{
    public const string Configured = "configured";

    public static ClientView Of(ClientRecord client) => new(
        client.Id,
        client.Name,
        client.Type,
        FindOrigin(client),
        client.RedirectUris is { Length: > 0 } uris ? [.. JsonElement.Parse(uris).EnumerateArray().Select(uri => uri.GetString()!)] : [],
        Moment(client.RegisteredAt),
        Moment(client.UsedAt),
        Moment(client.DisabledAt),
        client.Grants);

    public ClientState ToState() => new(Id, Origin, Grants, DisabledAt is not null);

    private static string FindOrigin(ClientRecord client) =>
        client.Properties is { Length: > 0 } properties && JsonElement.Parse(properties).TryGetProperty(ClientRegistry.OriginProperty, out var origin)
            ? origin.GetString()!
            : ClientIdUrl.TryParse(client.Id, out _) ? "document" : "dynamic";

    private static DateTimeOffset? Moment(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}

/// <summary>Some clients.</summary>
/// <param name="Next">Value of <c>after</c> for the next page; null at the end.</param>
internal sealed record PageOfClients(IReadOnlyList<ClientView> Items, string? Next);

/// <summary>How a client stands, for the record of a change.</summary>
internal sealed record ClientState(string Id, string Origin, long Grants, bool IsDisabled);
