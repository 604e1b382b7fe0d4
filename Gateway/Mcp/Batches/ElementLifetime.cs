using Microsoft.AspNetCore.Http.Features;

namespace Cortex.Mcp.Batches;

/// <summary>The lifetime of one element of a batch: it ends with the client, and aborting it ends the element, not the connection.</summary>
internal sealed class ElementLifetime : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly CancellationTokenSource _source;

    public ElementLifetime(IHttpRequestLifetimeFeature outer)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer.RequestAborted);
        RequestAborted = _source.Token;
    }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>True when the reply was given up; what was written of it is void.</summary>
    public bool IsAborted { get; private set; }

    public void Abort()
    {
        IsAborted = true;
        _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
