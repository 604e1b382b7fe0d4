namespace Cortex.Demo;

/// <summary>What the demo backend makes of an <c>Authorization</c> header.</summary>
internal abstract record DemoTokenResult
{
    private DemoTokenResult()
    {
    }

    /// <summary>A token of the gateway, for this backend, in time.</summary>
    internal sealed record Valid(DemoCaller Caller) : DemoTokenResult;

    /// <summary>No token, or one that proves nothing here.</summary>
    internal sealed record Invalid(string Reason) : DemoTokenResult;

    /// <summary>The gateway's keys can't be had right now, so nothing can be said about the token.</summary>
    internal sealed record Unavailable(string Reason) : DemoTokenResult;
}
