namespace Cortex.Cli.Terminal;

/// <summary>
/// Shows that long work goes on, and for how long: a few characters on the error stream, if that is a terminal. The cursor is left at the start of the line, so that whatever is
/// written meanwhile takes their place.
/// </summary>
internal sealed class Progress : IAsyncDisposable
{
    private const string Frames = "|/-\\";
    private const string Clear = "\e[2K\r";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>Work that is done by then shows nothing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly TextWriter _error;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _drawing;

    private Progress(TextWriter error, bool isShown, TimeProvider time)
    {
        (_error, _time) = (error, time);
        _drawing = isShown ? DrawAsync() : Task.CompletedTask;
    }

    /// <summary>Begins, until it is disposed.</summary>
    /// <param name="error">The error stream.</param>
    /// <param name="isShown">True for a terminal.</param>
    /// <param name="time">The clock.</param>
    public static Progress Begin(TextWriter error, bool isShown, TimeProvider time) => new(error, isShown, time);

    /// <summary>Does a command's work and shows that it goes on.</summary>
    public static async Task<int> WhileAsync(TextWriter error, Func<Task<int>> work)
    {
        await using var progress = Begin(error, TerminalOutput.IsTerminal(error), TimeProvider.System);
        return await work();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _drawing;
        _ending.Dispose();
    }

    private async Task DrawAsync()
    {
        var since = _time.GetTimestamp();
        var isDrawn = false;
        try
        {
            await Task.Delay(Silence, _time, _ending.Token);
            for (var frame = 0; ; frame++)
            {
                await _error.WriteAsync($"{Frames[frame % Frames.Length]} {_time.GetElapsedTime(since).TotalSeconds:0} s\r");
                isDrawn = true;
                await Task.Delay(Step, _time, _ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            if (isDrawn)
                await _error.WriteAsync(Clear);
        }
    }
}
