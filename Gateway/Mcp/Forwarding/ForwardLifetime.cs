using Microsoft.AspNetCore.Http.Features;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Stands in for the request's lifetime while YARP forwards: the call ends with the client, at its deadline, or when the reply turns out to be
/// unusable, and YARP's abort of the connection is held back, so that an answer can still be given.
/// </summary>
internal sealed class ForwardLifetime : IHttpRequestLifetimeFeature, IHttpResetFeature, IDisposable
{
    private readonly IHttpRequestLifetimeFeature _outer;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly TimeSpan _maxDuration;

    /// <summary>Starts the clock.</summary>
    /// <param name="outer">The client's own lifetime.</param>
    /// <param name="firstByte">Longest wait for the reply's head.</param>
    /// <param name="maxDuration">Longest life of the call.</param>
    public ForwardLifetime(IHttpRequestLifetimeFeature outer, TimeSpan firstByte, TimeSpan maxDuration, TimeProvider time)
    {
        _outer = outer;
        _time = time;
        _startedAt = time.GetTimestamp();
        _maxDuration = maxDuration;
        _source = new CancellationTokenSource(firstByte < maxDuration ? firstByte : maxDuration, time);
        _registration = outer.RequestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        RequestAborted = _source.Token;
    }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>True when the client is gone.</summary>
    public bool IsClientGone => _outer.RequestAborted.IsCancellationRequested;

    /// <summary>True when the call was ended by its deadline, or by <see cref="End"/>.</summary>
    public bool IsEnded => _source.IsCancellationRequested;

    /// <summary>Time since the call went out.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    /// <summary>Allows another <paramref name="silence"/> until the next byte, within the call's longest life.</summary>
    public void AllowSilence(TimeSpan silence)
    {
        var rest = _maxDuration - Elapsed;
        if (rest <= TimeSpan.Zero)
            _source.Cancel();
        else
            _source.CancelAfter(rest < silence ? rest : silence);
    }

    /// <summary>Ends the call towards the backend.</summary>
    public void End() => _source.Cancel();

    /// <summary>YARP gives up on the response; the answer is still ours to give.</summary>
    public void Abort() => _source.Cancel();

    /// <summary>As <see cref="Abort"/>, for HTTP/2.</summary>
    public void Reset(int errorCode) => _source.Cancel();

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
