using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Completes any argument to the values that begin with what was typed.</summary>
internal static class FixtureCompletions
{
    private static readonly string[] Values = ["paris", "park", "party", "test-one", "test-two"];

    public static ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var typed = context.Params!.Argument.Value;
        var matches = Values.Where(value => value.StartsWith(typed, StringComparison.Ordinal)).ToList();
        return ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = matches, Total = matches.Count, HasMore = false } });
    }
}
