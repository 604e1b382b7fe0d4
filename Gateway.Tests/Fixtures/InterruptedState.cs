using Cortex.Foundation.Storage;

namespace Cortex.Tests.Fixtures;

/// <summary>A shared state whose bus a test can interrupt.</summary>
internal sealed class InterruptedState(ISharedState state) : PassingState(state)
{
    public override event Action? BusInterrupted;

    /// <summary>As when the connection was lost.</summary>
    public void Interrupt() => BusInterrupted?.Invoke();
}
