using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Tools that keep their place between rounds in <c>requestState</c> (SEP-2322), which the client hands back as it got it.</summary>
internal static class RequestStateTools
{
    private const string State = "fixture-state";

    private static readonly byte[] Key = "a key of the conformance fixture"u8.ToArray();

    public static IEnumerable<McpServerTool> All(FixtureNames names) =>
    [
        names.Tool("test_input_required_result_request_state", "Takes its state back.", TakeBack),
        names.Tool("test_input_required_result_multi_round", "Asks twice, with another state each time.", AskTwice),
        names.Tool("test_input_required_result_tampered_state", "Refuses a state that is not its own.", RefuseForeign),
    ];

    private static CallToolResult TakeBack(RequestContext<CallToolRequestParams> context) => context.Params!.RequestState switch
    {
        null => throw InputRequests.Ask(State, ("confirm", InputRequests.Form("Please confirm", ElicitationSchemas.Confirmation))),
        State => FixtureMedia.Result("state-ok: the state came back."),
        _ => FixtureMedia.Result("state-mismatch: another state came back."),
    };

    private static CallToolResult AskTwice(RequestContext<CallToolRequestParams> context) => context.Params!.RequestState switch
    {
        null => throw InputRequests.Ask("round-1", ("step1", InputRequests.Text("Step 1: what is your name?", "name"))),
        "round-1" => throw InputRequests.Ask("round-2", ("step2", InputRequests.Text("Step 2: what is your favourite colour?", "color"))),
        _ => FixtureMedia.Result("Both rounds are done."),
    };

    private static CallToolResult RefuseForeign(RequestContext<CallToolRequestParams> context)
    {
        if (context.Params!.RequestState is not { } state)
            throw InputRequests.Ask(Sign("tampered"), ("confirm", InputRequests.Form("Please confirm", ElicitationSchemas.Confirmation)));
        return state.Split('.') is [var text, _] && state == Sign(text)
            ? FixtureMedia.Result("The state is genuine.")
            : throw new McpProtocolException("requestState was changed on its way.", McpErrorCode.InvalidParams);
    }

    private static string Sign(string text) => $"{text}.{Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(text)))}";
}
