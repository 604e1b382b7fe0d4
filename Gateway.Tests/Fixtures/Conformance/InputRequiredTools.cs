using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Tools that need input and get it by multi round-trip requests (SEP-2322), as servers of the modern era do.</summary>
internal static class InputRequiredTools
{
    public static IEnumerable<McpServerTool> All(FixtureNames names) =>
    [
        names.Tool("test_input_required_result_elicitation", "Needs a name from the person.", Elicit),
        names.Tool("test_input_required_result_sampling", "Needs an answer of the client's model.", Sample),
        names.Tool("test_input_required_result_list_roots", "Needs the client's roots.", ListRoots),
        names.Tool("test_input_required_result_multiple_inputs", "Needs three answers at once.", AskThree),
        names.Tool("test_input_required_result_capabilities", "Asks for what the client declared alone.", AskWhatIsDeclared),
    ];

    private static CallToolResult Elicit(RequestContext<CallToolRequestParams> context) =>
        InputRequests.FindText(context.Params!, "user_name", "name") is { } name
            ? FixtureMedia.Result($"Hello, {name}!")
            : throw InputRequests.Ask(null, ("user_name", InputRequests.Text("What is your name?", "name")));

    private static CallToolResult Sample(RequestContext<CallToolRequestParams> context) =>
        context.Params!.InputResponses?.TryGetValue("capital_question", out var response) is true
        && response.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo) is { } answer
            ? FixtureMedia.Result($"The model said: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}")
            : throw InputRequests.Ask(null, ("capital_question", InputRequests.Model("What is the capital of France?")));

    private static CallToolResult ListRoots(RequestContext<CallToolRequestParams> context) =>
        context.Params!.InputResponses?.TryGetValue("client_roots", out var response) is true
        && response.Deserialize(InputResponse.ListRootsResultJsonTypeInfo) is { } answer
            ? FixtureMedia.Result($"Roots: {string.Join(", ", answer.Roots.Select(root => root.Uri))}")
            : throw InputRequests.Ask(null, ("client_roots", InputRequests.Roots()));

    private static CallToolResult AskThree(RequestContext<CallToolRequestParams> context) =>
        context.Params!.InputResponses is { Count: >= 3 }
            ? FixtureMedia.Result("All three answers arrived.")
            : throw InputRequests.Ask(
                "three-answers",
                ("user_name", InputRequests.Text("What is your name?", "name")),
                ("greeting", InputRequests.Model("Write a greeting.")),
                ("client_roots", InputRequests.Roots()));

    private static CallToolResult AskWhatIsDeclared(RequestContext<CallToolRequestParams> context)
    {
        if (context.Params!.InputResponses is { Count: > 0 })
            return FixtureMedia.Result("The answers arrived.");
        var declared = context.JsonRpcRequest.Context?.ClientCapabilities;
        List<(string, InputRequest)> requests = [];
        if (declared?.Elicitation is not null)
            requests.Add(("user_name", InputRequests.Text("What is your name?", "name")));
        if (declared?.Sampling is not null)
            requests.Add(("capital_question", InputRequests.Model("What is the capital of France?")));
        if (declared?.Roots is not null)
            requests.Add(("client_roots", InputRequests.Roots()));
        return requests.Count > 0 ? throw InputRequests.Ask(null, requests) : FixtureMedia.Result("The client declared nothing to ask for.");
    }
}
