using Microsoft.AspNetCore.Http.Features;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Stands in for the request's lifetime while YARP forwards: the call ends when its client cancels it, at its deadline, or when the reply turns out to
/// be unusable, and YARP's abort of the connection is held back, so that an answer can still be given. While a person is asked, no
/// deadline of the call runs. Thread-safe.
/// </summary>
internal sealed class ForwardLifetime : IHttpRequestLifetimeFeature, IHttpResetFeature, IDisposable
{
    /// <summary>How long a person is waited for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>How long a server has, once it has answered, to end its reply.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationToken _cancelled;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly TimeSpan _maxDuration;
    private TimeSpan _waited;
    private long _waitsSince;
    private int _waits;
    private bool _isSettled;

    /// <summary>Starts the clock.</summary>
    /// <param name="firstByte">Longest wait for the reply's head.</param>
    /// <param name="maxDuration">Longest life of the call.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancelled">Ended when the client cancels the call.</param>
    public ForwardLifetime(TimeSpan firstByte, TimeSpan maxDuration, TimeProvider time, CancellationToken cancelled)
    {
        _cancelled = cancelled;
        _time = time;
        _startedAt = time.GetTimestamp();
        _maxDuration = maxDuration;
        _source = new CancellationTokenSource(firstByte < maxDuration ? firstByte : maxDuration, time);
        _registration = cancelled.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        RequestAborted = _source.Token;
    }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>True when the client wants the answer no more.</summary>
    public bool IsCancelled => _cancelled.IsCancellationRequested;

    /// <summary>True when the call was ended: cancelled, at its deadline, or by <see cref="End"/>.</summary>
    public bool IsEnded => _source.IsCancellationRequested;

    /// <summary>True while a person is asked.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate)
                return _waits > 0;
        }
    }

    /// <summary>Time since the call went out.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    /// <summary>Allows another <paramref name="silence"/> until the next byte, within the call's longest life.</summary>
    public void AllowSilence(TimeSpan silence)
    {
        lock (_gate)
        {
            if (_waits > 0 || _isSettled)
                return;
            var rest = _maxDuration + _waited - Elapsed;
            if (rest <= TimeSpan.Zero)
                _source.Cancel();
            else
                _source.CancelAfter(rest < silence ? rest : silence);
        }
    }

    /// <summary>A person is asked: no deadline runs until <see cref="Answered"/>.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            if (_isSettled)
                return;
            if (_waits++ == 0)
                _waitsSince = _time.GetTimestamp();
            _source.CancelAfter(LongestWait);
        }
    }

    /// <summary>One question is settled; the clock runs again after the last, with <paramref name="silence"/> until the next byte.</summary>
    public void Answered(TimeSpan silence)
    {
        lock (_gate)
        {
            if (_waits == 0 || --_waits > 0)
                return;
            _waited += _time.GetElapsedTime(_waitsSince);
        }

        AllowSilence(silence);
    }

    /// <summary>The answer is here: nothing else prolongs the call, and a server that does not end its reply soon is left.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            if (_isSettled)
                return;
            (_isSettled, _waits) = (true, 0);
            _source.CancelAfter(LongestFarewell);
        }
    }

    /// <summary>Ends the call towards the backend.</summary>
    public void End() => _source.Cancel();

    /// <summary>YARP gives up on the response; the answer is still ours to give.</summary>
    public void Abort() => _source.Cancel();

    /// <summary>As <see cref="Abort"/>, for HTTP/2.</summary>
    public void Reset(int errorCode) => _source.Cancel();

    public void Dispose()
    {
        lock (_gate)
            _isSettled = true;
        _registration.Dispose();
        _source.Dispose();
    }
}
