namespace Cortex.Mcp.Streams;

/// <summary>What a stream has to look at again.</summary>
[Flags]
internal enum StreamLook
{
    None = 0,

    /// <summary>The session's record, and the stream's place among the session's streams.</summary>
    Session = 1,

    /// <summary>Who answers for the watched resources.</summary>
    Catalog = 2,
}
