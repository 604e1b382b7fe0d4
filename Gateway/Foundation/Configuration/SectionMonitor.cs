using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Cortex.Foundation.Configuration;

/// <summary>One section's options, whichever snapshot is current. Callbacks run when this section changed, not when another did.</summary>
internal sealed class SectionMonitor<TOptions>(LiveConfiguration configuration) : IOptionsMonitor<TOptions>, IOptions<TOptions>
    where TOptions : class, new()
{
    public TOptions CurrentValue => configuration.Get<TOptions>();

    TOptions IOptions<TOptions>.Value => CurrentValue;

    /// <summary>Sections have no names: every name gives the one there is.</summary>
    public TOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<TOptions, string?> listener)
    {
        var told = CurrentValue;
        return ChangeToken.OnChange(configuration.ChangeToken, () =>
        {
            var now = CurrentValue;
            if (ReferenceEquals(Interlocked.Exchange(ref told, now), now))
                return;
            listener(now, null);
        });
    }
}
