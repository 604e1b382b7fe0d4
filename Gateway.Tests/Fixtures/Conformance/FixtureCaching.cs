using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Puts caching hints (SEP-2549) on every result that may carry one.</summary>
internal static class FixtureCaching
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(5);

    public static void AddHints(IMcpRequestFilterBuilder filters) => filters
        .AddListToolsFilter(next => async (request, cancellationToken) => Hint(await next(request, cancellationToken)))
        .AddListPromptsFilter(next => async (request, cancellationToken) => Hint(await next(request, cancellationToken)))
        .AddListResourcesFilter(next => async (request, cancellationToken) => Hint(await next(request, cancellationToken)))
        .AddListResourceTemplatesFilter(next => async (request, cancellationToken) => Hint(await next(request, cancellationToken)))
        .AddReadResourceFilter(next => async (request, cancellationToken) => Hint(await next(request, cancellationToken)));

    private static T Hint<T>(T result)
        where T : ICacheableResult
    {
        result.TimeToLive = TimeToLive;
        result.CacheScope = CacheScope.Public;
        return result;
    }
}
