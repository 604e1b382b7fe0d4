using Cortex.Governance.Limits;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Brings the row of a client that names a document up to date before OpenIddict looks for the client, or refuses the client.</summary>
internal sealed class ResolveClientDocument(ClientDocumentDirectory documents) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const string Refused = "cortex.client_document_refused";

    /// <summary>Once it is known what the request holds, and before anything of it is checked: the client's keys may be in the document.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<ResolveClientDocument>()
            .SetOrder(OpenIddictServerHandlers.ResolveValidatedTokens.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    /// <summary>True when the client of this request was refused, so that nothing may be sent to its redirect URI either.</summary>
    public static bool HasRefused(OpenIddictServerTransaction transaction) => transaction.Properties.ContainsKey(Refused);

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (FindClientId(context) is not { } named || !ClientIdUrl.IsClaimed(named) || !ClientIdUrl.TryParse(named, out var id))
            return;
        var http = context.Transaction.GetHttpRequest()?.HttpContext
            ?? throw new InvalidOperationException("A client is looked for outside a request.");
        var goesOn = context.EndpointType is not OpenIddictServerEndpointType.Authorization;
        if (await documents.FindRefusalAsync(id, ClientAddress.Of(http), goesOn, context.CancellationToken) is not { } reason)
            return;
        context.Transaction.Properties[Refused] = true;
        context.Reject(
            goesOn ? OpenIddictConstants.Errors.InvalidClient : OpenIddictConstants.Errors.InvalidRequest,
            $"The document that client_id names can't be used: {reason}.");
    }

    /// <summary>A client that signs its request may name itself in the signature alone.</summary>
    private static string? FindClientId(ProcessAuthenticationContext context)
    {
        if (!string.IsNullOrEmpty(context.ClientId))
            return context.ClientId;
        return string.IsNullOrEmpty(context.ClientAssertion) ? null : TokenShape.TryRead(context.ClientAssertion, out _)?.Issuer;
    }
}
