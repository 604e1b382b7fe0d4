using Cortex.Identity.AuthorizationServer.Registration;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>Notes that a client got tokens, so that it is kept.</summary>
internal sealed class NoteClientUse(ClientUses uses) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    /// <summary>Once it is certain that the reply is no error.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
            .UseSingletonHandler<NoteClientUse>()
            .SetOrder(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor.Order + 600)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response.Error is null && context.Request?.ClientId is { Length: > 0 } clientId)
            await uses.NoteAsync(clientId, context.CancellationToken);
    }
}
