using Cortex.Identity.AuthorizationServer.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>Ends the transaction in which a code or refresh token was used, once the answer is known and before it is sent.</summary>
internal sealed class FinishRedemption(Redemption redemption) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    /// <summary>After the error has its final name, before the answer is audited and written.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
            .UseScopedHandler<FinishRedemption>()
            .SetOrder(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor.Order + 250)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ApplyTokenResponseContext context) => await redemption.FinishAsync(context.Response, context.CancellationToken);
}
