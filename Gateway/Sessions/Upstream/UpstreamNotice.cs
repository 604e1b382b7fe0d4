namespace Cortex.Sessions.Upstream;

/// <summary>What the gateway heard of a native server.</summary>
internal enum UpstreamNoticeKind
{
    /// <summary>The server listens to the gateway's wishes from here on.</summary>
    Listening,

    /// <summary>It does so again after a break, in which something may have been missed.</summary>
    ListeningAgain,

    ToolsChanged,
    PromptsChanged,
    ResourcesChanged,
    ResourceUpdated,
}

/// <summary>One notice.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Uri">The resource, by the server's own URI; empty for any other kind.</param>
internal readonly record struct UpstreamNotice(UpstreamNoticeKind Kind, string Uri = "");
