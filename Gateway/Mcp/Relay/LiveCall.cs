using System.Text;
using Cortex.Foundation.Model;
using Cortex.Sessions;

namespace Cortex.Mcp.Relay;

/// <summary>
/// A call that is being forwarded, as its client sees it. A modern client cancels by closing the connection. A legacy client cancels with
/// <c>notifications/cancelled</c>, which may arrive at any replica and before the call has begun, or by ending its session; a lost connection cancels nothing.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation"/></remarks>
internal sealed class LiveCall : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly IDisposable? _registration;
    private readonly string _requestId;

    private LiveCall(McpExchange exchange, SessionSignals signals)
    {
        _requestId = Encoding.UTF8.GetString(exchange.Message.Id.Span);
        if (exchange.Era == Era.Modern)
            _registration = exchange.Http.RequestAborted.UnsafeRegister(static call => ((LiveCall)call!).Cancel(), this);
        else if (exchange.SessionKey is { } session)
        {
            _registration = signals.Listen(session, Take);
            if (signals.WasHeard(new SessionSignal(SessionSignalKind.Ended, session)) || signals.WasHeard(new SessionSignal(SessionSignalKind.Cancelled, session, _requestId)))
                Cancel();
        }
    }

    /// <summary>Raised with the outward id of a server's request that the client has answered.</summary>
    public event Action<string>? Answered;

    /// <summary>Ended when the client wants the answer no more.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    public static LiveCall Begin(McpExchange exchange, SessionSignals signals) => new(exchange, signals);

    /// <summary>The client is gone and can't come back: as if it had cancelled.</summary>
    public void Abandon() => Cancel();

    public void Dispose()
    {
        _registration?.Dispose();
        _cancelled.Dispose();
    }

    private void Take(SessionSignal signal)
    {
        switch (signal.Kind)
        {
            case SessionSignalKind.Ended:
            case SessionSignalKind.Cancelled when signal.Subject == _requestId:
                Cancel();
                break;
            case SessionSignalKind.Answered:
                Answered?.Invoke(signal.Subject);
                break;
        }
    }

    private void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }
}
