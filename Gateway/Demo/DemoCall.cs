namespace Cortex.Demo;

/// <summary>One call: who asks, and for what.</summary>
internal sealed record DemoCall(DemoCaller Caller, DemoParameters Parameters)
{
    /// <summary>The reply of <paramref name="run"/>, or what is wrong with the parameters. Read them all before calling this.</summary>
    public DemoReply WhenSound(Func<DemoReply> run) =>
        Parameters.Fault() is { } fault ? new DemoReply.BadRequest(fault) : run();
}
