namespace Cortex.Mcp.Batches;

/// <summary>The reply to a batch: an array that is begun with the first answer, or 202 when there was none.</summary>
internal sealed class BatchReply(HttpResponse response)
{
    private bool _hasBegun;

    /// <summary>Adds one JSON-RPC response.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = "application/json";
        }

        await response.Body.WriteAsync(_hasBegun ? ","u8.ToArray() : "["u8.ToArray(), cancellationToken);
        _hasBegun = true;
        await response.Body.WriteAsync(answer, cancellationToken);
    }

    /// <summary>Ends the reply.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_hasBegun)
            await response.Body.WriteAsync("]"u8.ToArray(), cancellationToken);
        else
            response.StatusCode = StatusCodes.Status202Accepted;
    }
}
