using Cortex.Mcp.Answers;

namespace Cortex.Mcp.Streams;

/// <summary>Registers the streams of notifications.</summary>
internal static class StreamsRegistration
{
    internal static void AddStreams(this IServiceCollection services)
    {
        services.AddSingleton<ListChanges>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<SessionStreams>();
        services.AddSingleton<SessionStreamParts>();
        services.AddSingleton<StreamAccess>();
        services.AddSingleton<ClientStreams>();
        services.AddSingleton<PostStreamResume>();
        services.AddSingleton<SessionStreamEndpoint>();
        services.AddSingleton<IAnsweredMethod, SubscriptionsListenMethod>();
        services.AddSingleton<IAnsweredMethod, ResourcesSubscribeMethod>();
        services.AddSingleton<IAnsweredMethod, ResourcesUnsubscribeMethod>();
    }
}
