using System.Text.Json.Serialization;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Vault;

/// <summary>A row of <c>linked_accounts</c>, its tokens still sealed. Version 0 says that there is no row.</summary>
internal sealed record GrantRow
{
    public const string Columns = """
        person_id AS Person, backend_id AS Backend, issuer AS Issuer, state AS StateName, sealed AS Sealed, key_id AS KeyId, scopes AS Scopes, expires_at AS ExpiresAt,
        version AS Version, link_id AS LinkId, asked_fence AS AskedFence, linked_at AS LinkedAt, updated_at AS UpdatedAt
        """;

    public const string Linked = "linked";
    public const string NeedsRelink = "needs_relink";
    public const string Unlinked = "unlinked";

    public string Person { get; init; } = "";

    public string Backend { get; init; } = "";

    /// <summary>The provider's issuer, exactly as its metadata says it.</summary>
    public string Issuer { get; init; } = "";

    public string StateName { get; init; } = Unlinked;

    /// <summary>See <see cref="GrantSealing"/>; empty unless linked.</summary>
    public byte[] Sealed { get; init; } = [];

    /// <summary>Name of the key that sealed it.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>Scopes the provider granted, separated by spaces: its own, which need not be scopes of the gateway.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>End of the access token in Unix milliseconds; null when the provider does not say.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>Grows with each change of tokens or state.</summary>
    public long Version { get; init; }

    /// <summary>One act of linking.</summary>
    public string LinkId { get; init; } = "";

    /// <summary>Fencing token of a refresh whose answer is not on record; null when there is none.</summary>
    public long? AskedFence { get; init; }

    public long LinkedAt { get; init; }

    /// <summary>When the tokens or the state last changed, in Unix milliseconds.</summary>
    public long UpdatedAt { get; init; }

    [JsonIgnore]
    public GrantState State => StateName switch
    {
        Linked => GrantState.Linked,
        NeedsRelink => GrantState.NeedsRelink,
        Unlinked => GrantState.Unlinked,
        _ => throw new InvalidOperationException($"'{StateName}' is no state of a linked account."),
    };

    [JsonIgnore]
    public GrantKey Key => new(PersonId.Parse(Person), BackendId.Parse(Backend));

    /// <summary>What is remembered where there is no row.</summary>
    public static GrantRow Absent(GrantKey key) => new() { Person = key.Person.Value, Backend = key.Backend.Value };

    /// <summary>True when the access token has ended.</summary>
    public bool HasEnded(DateTimeOffset now) => ExpiresAt <= now.ToUnixTimeMilliseconds();

    /// <summary>True when the access token ends so soon that it is to be refreshed: a minute ahead, or a tenth of its life when that is shorter.</summary>
    public bool IsDue(DateTimeOffset now) =>
        ExpiresAt is { } end && now.ToUnixTimeMilliseconds() >= end - Math.Clamp((end - UpdatedAt) / 10, 0, 60_000);
}
