using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>One federated backend with every default filled in: what the rest of the gateway sees of <see cref="BackendOptions"/>.</summary>
internal sealed record BackendDefinition
{
    public required BackendId Id { get; init; }

    public required BackendKind Kind { get; init; }

    public required BackendAuth Auth { get; init; }

    /// <summary>Base addresses, without the endpoint's path; at least one.</summary>
    public required IReadOnlyList<Uri> Destinations { get; init; }

    /// <summary>Path of the endpoint, with a leading slash.</summary>
    public required string Path { get; init; }

    /// <summary>Address of the endpoint at the first destination.</summary>
    public Uri ServerAddress => new(Destinations[0].AbsoluteUri.TrimEnd('/') + Path);

    /// <summary>True when <paramref name="resource"/> is the server's address, or one above it on the same origin: what is granted for it is meant for this server.</summary>
    public bool IsPartOf(string? resource)
    {
        var server = ServerAddress;
        if (!Uri.TryCreate(resource, UriKind.Absolute, out var named) || named.GetLeftPart(UriPartial.Authority) != server.GetLeftPart(UriPartial.Authority)
            || named.Query.Length > 0 || named.Fragment.Length > 0)
            return false;
        var above = named.AbsolutePath.TrimEnd('/') + "/";
        return (server.AbsolutePath.TrimEnd('/') + "/").StartsWith(above, StringComparison.Ordinal);
    }

    /// <summary>The only audience of tokens minted for this backend.</summary>
    public required string Audience { get; init; }

    /// <summary>Prefix of public names; empty for none.</summary>
    public required string Prefix { get; init; }

    /// <summary>The options as written, for what has no derived form: timeouts, limits, secrets, scopes by glob.</summary>
    public required BackendOptions Options { get; init; }

    /// <summary>True when each person has a catalog of their own.</summary>
    public bool IsPersonal => Options.Catalog == CatalogSharing.PerPerson;

    /// <summary>True for the gateway itself, which stands among the backends as the owner of its builtins; it is never configured and never called.</summary>
    public bool IsGateway { get; private init; }

    /// <summary>The gateway as the owner of its builtins.</summary>
    public static BackendDefinition Gateway { get; } = new()
    {
        Id = BackendId.Parse("cortex"),
        Kind = BackendKind.Contract,
        Auth = BackendAuth.None,
        Destinations = [],
        Path = "/",
        Audience = "",
        Prefix = "",
        Options = new BackendOptions(),
        IsGateway = true,
    };

    /// <summary>The scope a native tool needs when no glob names another: <c>mcp:&lt;backend&gt;</c>.</summary>
    public Scope DefaultScope => Scope.Parse($"mcp:{Id}");
}
