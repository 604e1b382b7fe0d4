namespace Cortex.Bench.Faults;

/// <summary>What <c>faults</c> came to.</summary>
/// <param name="States">What <c>whoami</c> says of the two bad backends.</param>
/// <param name="Readiness">What <c>/readyz</c> says of the one in the black hole.</param>
/// <param name="LiarCalls">Calls of the lying backend while the others were measured.</param>
internal sealed record FaultResult(IReadOnlyList<string> States, string Readiness, Compared Lists, Compared Calls, int LiarCalls)
{
    private const double Allowed = 1.1;

    /// <summary>True when the good backends are as fast with the bad ones as without, and every request was answered.</summary>
    public bool IsCalm => Failures == 0 && Lists.Ratio <= Allowed && Calls.Ratio <= Allowed;

    /// <summary>Requests to the good backends that were not answered with 200.</summary>
    public int Failures => Lists.Failures + Calls.Failures;
}

/// <summary>The same load at both gateways.</summary>
internal sealed record Compared(LoadResult Without, LoadResult With)
{
    /// <summary>How many times as long the slowest of a hundred take with the bad backends.</summary>
    public double Ratio => With.P99 / Without.P99;

    public int Failures => Without.Failures + With.Failures;
}
