using System.ComponentModel;
using Cortex.Feedback;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary><c>report_missing_capability</c>: an agent that hits a wall says so where someone can act on it.</summary>
internal sealed class ReportMissingCapability(TicketDesk desk) : Builtin<ReportMissingCapability.Arguments, ReportMissingCapability.Answered>(
    BuiltinNames.ReportMissingCapability,
    "Report a missing capability",
    "Tells the people behind these apps that a tool, field or parameter is missing. Use it when you can't do what the person wants because nothing here offers it, "
    + "not for errors or missing permissions. One short wish a report, without personal data. Then go on without it.",
    isReadOnly: false)
{
    protected override async ValueTask<BuiltinResult> CallAsync(BuiltinCall call, Arguments arguments, CancellationToken cancellationToken)
    {
        var report = new MissingCapability(
            arguments.WhatIWanted, arguments.Severity, arguments.UserIntent, arguments.ContextTool, arguments.ContextApp, arguments.SuggestedShape);
        switch (await desk.ReportAsync(call.Caller, report, cancellationToken))
        {
            case ReportResult.Reported(var receipt):
                return Answer(new Answered(receipt.TicketId.Value, receipt.Deduplicated, receipt.Backend?.Value, receipt.AckMessage));
            case ReportResult.Invalid(var faults):
                return new BuiltinResult.Failed($"The report was not taken: {string.Join(" ", faults)}");
            case ReportResult.Limited(var retryAfter):
                return new BuiltinResult.Failed($"You reported much of late; the report was not taken. Try again in {Math.Ceiling(retryAfter.TotalSeconds):0} s.");
            default:
                throw new InvalidOperationException("Taking a report ended in no known way.");
        }
    }

    /// <summary>The arguments.</summary>
    internal sealed record Arguments(
        [property: Description("What is missing, in one sentence: 'export a note as PDF'.")] string WhatIWanted,
        [property: Description("How much it hurts: blocking when the person's task can't be done.")] Severity Severity,
        [property: Description("What the person was after.")] string? UserIntent = null,
        [property: Description("Name of the tool that fell short, as tools/list shows it.")] string? ContextTool = null,
        [property: Description("Id of the app it should be in; whoami lists them.")] string? ContextApp = null,
        [property: Description("How the missing tool, field or parameter might look.")] string? SuggestedShape = null);

    /// <summary>The answer.</summary>
    internal sealed record Answered(
        [property: Description("Your ticket; list_cortex_tickets shows what becomes of it.")] string TicketId,
        [property: Description("True when you reported this before and the ticket was refreshed.")] bool Deduplicated,
        [property: Description("The app that the ticket is about; null for the endpoint as a whole.")] string? Backend,
        [property: Description("What happens next, in a sentence.")] string AckMessage);
}
