using System.Data.Common;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking.Pages;

namespace Cortex.Identity.Linking;

/// <summary>Maps the pages of linking. A store that fails is said in words, since nothing is lost by it.</summary>
internal static partial class LinkEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(LinkPaths.Start, (HttpContext context, string backend, LinkStart start) => RunAsync(context, () => start.ShowAsync(context, backend)));
        endpoints.MapPost(LinkPaths.Start, (HttpContext context, string backend, LinkStart start) => RunAsync(context, () => start.BeginAsync(context, backend)));
        endpoints.MapGet(LinkPaths.Callback, (HttpContext context, string backend, LinkCallback callback) => RunAsync(context, () => callback.HandleAsync(context, backend)));
    }

    private static async Task<IResult> RunAsync(HttpContext context, Func<Task<IResult>> handle)
    {
        try
        {
            return await handle();
        }
        catch (Exception exception) when (exception is SharedStateException or DbException)
        {
            Log.NoStorage(context.RequestServices.GetRequiredService<ILogger<LinkStart>>(), exception);
            return LinkPages.Say(context, StatusCodes.Status503ServiceUnavailable, "This does not work at the moment", "The gateway's storage does not answer. What was linked before is as it was. Begin again in a minute.", null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3624, LogLevel.Error, "Linking an account failed, since the storage did not answer", EventName = "linking.no_storage")]
        public static partial void NoStorage(ILogger logger, Exception exception);
    }
}
