using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>
/// The tools that the suite's unscored scenarios of the tasks extension (SEP-2663) call. They run at once: the SDK keeps the extension in a
/// package that is not part of this version set.
/// </summary>
internal static class TaskTools
{
    public static IEnumerable<McpServerTool> All(FixtureNames names) =>
    [
        names.Tool("greet", "Greets somebody.", (string name) => $"Hello, {name}!"),
        names.Tool("slow_compute", "Takes its time.", ComputeAsync),
        names.Tool("failing_job", "Always fails.", () => new CallToolResult { IsError = true, Content = [FixtureMedia.Text("The job failed.")] }),
        names.Tool("protocol_error_job", "Ends in a protocol error.", ProtocolError),
        names.Tool("confirm_delete", "Asks before it deletes.", ConfirmDelete),
        names.Tool("multi_input", "Asks twice.", AskTwo),
        names.Tool("test_tool_with_task", "Asks for a name first.", GreetByName),
    ];

    private static async Task<string> ComputeAsync(int seconds, string? label, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(seconds, 10)), cancellationToken);
        return $"Computed {label ?? "a result"}.";
    }

    private static string ProtocolError() => throw new McpProtocolException("The job ended in a protocol error.", McpErrorCode.InternalError);

    private static CallToolResult ConfirmDelete(RequestContext<CallToolRequestParams> context, string filename) =>
        context.Params!.InputResponses?.ContainsKey("confirm") is true
            ? FixtureMedia.Result($"Deleted {filename}.")
            : throw InputRequests.Ask(null, ("confirm", InputRequests.Form($"Delete {filename}?", ElicitationSchemas.Confirmation)));

    private static CallToolResult AskTwo(RequestContext<CallToolRequestParams> context) =>
        context.Params!.InputResponses is { Count: >= 2 }
            ? FixtureMedia.Result("Both answers arrived.")
            : throw InputRequests.Ask(
                null,
                ("first", InputRequests.Form("Confirm the first step.", ElicitationSchemas.Confirmation)),
                ("second", InputRequests.Form("Confirm the second step.", ElicitationSchemas.Confirmation)));

    private static CallToolResult GreetByName(RequestContext<CallToolRequestParams> context) =>
        InputRequests.FindText(context.Params!, "user_name", "name") is { } name
            ? FixtureMedia.Result($"Hello, {name}!")
            : throw InputRequests.Ask(null, ("user_name", InputRequests.Text("What is your name?", "name")));
}
