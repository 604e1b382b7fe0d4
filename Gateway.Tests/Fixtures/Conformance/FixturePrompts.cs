using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>The suite's prompts.</summary>
internal static class FixturePrompts
{
    public static IEnumerable<McpServerPrompt> All(FixtureNames names) =>
    [
        names.Prompt("test_simple_prompt", "Has no arguments.", () => "This is a simple prompt for testing."),
        names.Prompt("test_prompt_with_arguments", "Has two arguments.", (string arg1, string arg2) =>
            $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"),
        names.Prompt("test_prompt_with_embedded_resource", "Embeds a resource.", (string resourceUri) => Messages(
            FixtureMedia.Embedded(resourceUri, "Embedded resource content for testing."),
            FixtureMedia.Text("Please process the embedded resource above."))),
        names.Prompt("test_prompt_with_image", "Holds an image.", () => Messages(
            FixtureMedia.ImageBlock, FixtureMedia.Text("Please analyze the image above."))),
        names.Prompt("test_input_required_result_prompt", "Needs input before it is complete.", AskForContext),
    ];

    private static GetPromptResult AskForContext(RequestContext<GetPromptRequestParams> context) =>
        InputRequests.FindText(context.Params!, "user_context", "context") is { } answer
            ? new GetPromptResult { Messages = Messages(FixtureMedia.Text($"Use this context: {answer}")) }
            : throw InputRequests.Ask(null, ("user_context", InputRequests.Text("Which context is the prompt to use?", "context")));

    private static List<PromptMessage> Messages(params IEnumerable<ContentBlock> contents) =>
        [.. contents.Select(content => new PromptMessage { Role = Role.User, Content = content })];
}
