using Cortex.Backends;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// The transforms of backend routes: no header of the client goes out and none of the backend comes back, but what the
/// <see cref="BackendCall"/> says.
/// </summary>
internal sealed class ForwardTransforms : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        if (context.Route.Metadata?.ContainsKey(BackendRoutes.BackendMetadata) != true)
            return;
        context.UseDefaultForwarders = false;
        context.CopyRequestHeaders = false;
        context.CopyResponseHeaders = false;
        context.CopyResponseTrailers = false;
        context.AddRequestTransform(transform =>
        {
            CallOf(transform.HttpContext).Apply(transform);
            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(transform => transform.ProxyResponse is null
            ? ValueTask.CompletedTask
            : CallOf(transform.HttpContext).OnReplyAsync(transform));
    }

    private static BackendCall CallOf(HttpContext context) => context.Features.Get<BackendCall>()
        ?? throw new InvalidOperationException("A backend route was reached without a call.");
}
