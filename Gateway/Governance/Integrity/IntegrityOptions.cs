namespace Cortex.Governance.Integrity;

/// <summary>
/// The root key <c>integrity:</c>: whether what backends offer is held against what was approved: tools, prompts, resource templates and the instructions
/// of servers, with all that a model reads or a client trusts about them.
/// </summary>
internal sealed class IntegrityOptions
{
    /// <summary>
    /// <c>off</c>: nothing is compared. <c>warn</c>: a changed definition is served, logged and shown to operators. <c>block</c>: it is withheld until a
    /// person approves it. What a person rejected is withheld in both.
    /// </summary>
    public IntegrityMode Mode { get; init; } = IntegrityMode.Warn;

    /// <summary>
    /// What becomes of a name that was never approved. <c>allow</c>: it is trusted on first use, unless something about it is suspicious. <c>hold</c>: it
    /// waits for approval like a change.
    /// </summary>
    public NewTools NewTools { get; init; } = NewTools.Allow;

    /// <summary>
    /// Public keys of operators, in PEM: what they sign with <c>cortex integrity sign</c> is the baseline, and nothing else can approve. Unset: the gateway
    /// signs what it trusts on first use and what persons approve over the operator API.
    /// </summary>
    public string? OperatorKey { get; init; }

    /// <summary>Other settings for single backends, by id.</summary>
    public IReadOnlyDictionary<string, BackendIntegrityOptions> Backends { get; init; } = new Dictionary<string, BackendIntegrityOptions>();
}

/// <summary>One entry of <c>integrity.backends</c>.</summary>
internal sealed class BackendIntegrityOptions
{
    /// <summary>Instead of <see cref="IntegrityOptions.Mode"/>.</summary>
    public IntegrityMode? Mode { get; init; }

    /// <summary>Instead of <see cref="IntegrityOptions.NewTools"/>.</summary>
    public NewTools? NewTools { get; init; }
}

/// <summary>What a difference from the baseline leads to.</summary>
internal enum IntegrityMode
{
    /// <summary>Nothing is compared.</summary>
    Off,

    /// <summary>It is served and reported.</summary>
    Warn,

    /// <summary>It is withheld and reported.</summary>
    Block,
}

/// <summary>What becomes of a name that was never approved.</summary>
internal enum NewTools
{
    /// <summary>It is trusted on first use.</summary>
    Allow,

    /// <summary>It waits for approval.</summary>
    Hold,
}
