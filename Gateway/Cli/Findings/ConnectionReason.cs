using System.Security.Authentication;

namespace Cortex.Cli.Findings;

/// <summary>Why no connection came about, without what stands around the reason.</summary>
internal static class ConnectionReason
{
    public static string Of(Exception exception)
    {
        var inner = exception;
        while (inner is not AuthenticationException && inner.InnerException is { } next)
            inner = next;
        return inner.Message.TrimEnd('.');
    }
}
