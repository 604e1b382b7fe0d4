namespace Cortex.Console.Billing;

/// <summary>What became of an event.</summary>
internal abstract record BillingResult
{
    private BillingResult()
    {
    }

    /// <summary>It is on record, or was before, or is of no concern.</summary>
    /// <param name="Outcome">A stable word for the record: <c>applied</c>, <c>repeated</c>, <c>superseded</c>, <c>ignored</c>.</param>
    public sealed record Done(string Outcome) : BillingResult;

    /// <summary>It can't take effect (yet); the sender keeps it and sends it again.</summary>
    public sealed record Refused(int Status, string Problem) : BillingResult;
}
