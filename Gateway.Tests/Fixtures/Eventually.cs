namespace Cortex.Tests.Fixtures;

/// <summary>Waits for what happens behind a reply.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Waits until <paramref name="condition"/> holds; false when it never does.</summary>
    public static Task<bool> HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until <paramref name="condition"/> holds, which is asked for elsewhere; false when it never does.</summary>
    public static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
                return false;
            await Task.Delay(10);
        }

        return true;
    }

    /// <summary>
    /// Makes a change again and again until <paramref name="condition"/> holds; false when it never does. For what nobody promises to hear at
    /// once, such as the first change after a subscription.
    /// </summary>
    public static async Task<bool> HoldsAfterAsync(Func<Task> change, Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!deadline.IsCancellationRequested)
        {
            await change();
            for (var look = 0; look < 20; look++)
            {
                if (condition())
                    return true;
                await Task.Delay(10);
            }
        }

        return false;
    }
}
