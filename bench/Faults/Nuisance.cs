namespace Cortex.Bench.Faults;

/// <summary>Somebody who keeps calling one tool, whatever it answers, ten times a second at most.</summary>
internal sealed class Nuisance : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private int _calls;

    public Nuisance(Subject subject) => _work = Task.Run(() => WorkAsync(subject));

    public int Calls => _calls;

    public void Dispose()
    {
        _stop.Cancel();
        _work.Wait();
        _stop.Dispose();
    }

    private async Task WorkAsync(Subject subject)
    {
        try
        {
            using var connection = new HttpConnection(subject.Address);
            await connection.OpenAsync(_stop.Token);
            while (true)
            {
                await connection.ExchangeAsync(subject.Request, _stop.Token);
                _calls++;
                await Task.Delay(Pause, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
