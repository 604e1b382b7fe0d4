using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Tools that look at what came with the call: declared capabilities, mirrored headers.</summary>
internal static class CallerTools
{
    public static IEnumerable<McpServerTool> All(FixtureNames names) =>
    [
        names.Tool("test_missing_capability", "Needs the capability sampling.", RequireSampling),
        names.Tool("test_header_tool", "Mirrors an argument in a header.", (
            [McpHeader("Region"), Description("The region to run in")] string region,
            [Description("The query to run")] string query) => $"Ran in {region}: {query}"),
    ];

    private static string RequireSampling(RequestContext<CallToolRequestParams> context) =>
        context.Server.ClientCapabilities?.Sampling is not null
            ? "The client declared sampling."
            : throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Sampling = new SamplingCapability() }, "This tool needs the client capability 'sampling'.");
}
