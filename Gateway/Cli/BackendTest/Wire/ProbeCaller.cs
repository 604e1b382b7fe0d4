namespace Cortex.Cli.BackendTest.Wire;

/// <summary>As whom a request is sent.</summary>
/// <param name="Bearer">The token; null for none.</param>
/// <param name="Headers">What goes with it, such as <c>X-Cortex-User-Id</c>.</param>
internal sealed record ProbeCaller(string? Bearer, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Nobody.</summary>
    public static ProbeCaller Nobody { get; } = new(null, []);

    /// <summary>Whoever holds the token.</summary>
    public static ProbeCaller With(string bearer) => new(bearer, []);
}
