using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace Cortex.Bench;

/// <summary>YARP alone, one route and one cluster with its defaults: the least a proxy of this make can cost.</summary>
internal static class BareYarp
{
    private const string AllocatedPath = "/bench/allocated";

    /// <summary>Bytes that the proxy at <paramref name="url"/> allocated since its start.</summary>
    public static async Task<double> AllocatedBytesAsync(string url)
    {
        using var http = new HttpClient();
        return double.Parse(await http.GetStringAsync(new Uri(url + AllocatedPath)), CultureInfo.InvariantCulture);
    }

    public static async Task<int> RunAsync(string url, string backend)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddLogging().AddRouting().AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "backend", Match = new RouteMatch { Path = "/{**rest}" } }],
            [new ClusterConfig { ClusterId = "backend", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = backend } } }]);
        await using var app = builder.Build();
        app.UseRouting();
        app.MapGet(AllocatedPath, () => GC.GetTotalAllocatedBytes(precise: true));
        app.MapReverseProxy();
        await app.RunAsync();
        return 0;
    }
}
