using Cortex.Backends;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Cortex.Identity.Credentials;

/// <summary>
/// Strips the caller's headers on the plain routes of <c>reverseProxy:</c>, ahead of the transforms an operator wrote for a route, so that these
/// may still put a credential of their own on. Routes of backends copy no header at all and are left alone.
/// </summary>
internal sealed class PlainRouteTransforms : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        if (context.Route.Metadata?.ContainsKey(BackendRoutes.BackendMetadata) is true)
            return;
        context.RequestTransforms.Insert(0, new RequestFuncTransform(transform =>
        {
            InboundHeaders.Strip(transform.ProxyRequest.Headers);
            return ValueTask.CompletedTask;
        }));
    }
}
