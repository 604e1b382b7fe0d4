namespace Cortex.Foundation.JsonRpc;

/// <summary>How far a token has got.</summary>
internal enum JsonTokenStatus : byte
{
    /// <summary>The chunk ended first.</summary>
    More,

    Ended,

    /// <summary>The byte at hand cannot stand there.</summary>
    Bad,
}
