using System.Globalization;
using System.Text.Json;
using Cortex.Identity.AuthorizationServer.Registration;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>The application rows that are made from documents. Each use has a scope of its own, so that a request sees what was written last.</summary>
internal sealed class DocumentClients(IServiceScopeFactory scopes, ClientUses uses)
{
    private const string Origin = "document";
    private const int Attempts = 3;

    /// <summary>Until when the row may be used without a look at the document, in unix seconds.</summary>
    private const string FreshUntilProperty = "cortex_fresh_until";

    /// <summary>What is known of a client id.</summary>
    public async Task<DocumentRow> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        if (await clients.FindByClientIdAsync(clientId, cancellationToken) is not { } client)
            return new DocumentRow.None();
        var properties = await clients.GetPropertiesAsync(client, cancellationToken);
        if (!properties.TryGetValue(ClientRegistry.OriginProperty, out var origin) || origin.GetString() != Origin)
            return new DocumentRow.Other();
        return new DocumentRow.Kept(DateTimeOffset.FromUnixTimeSeconds(properties[FreshUntilProperty].GetInt64()));
    }

    /// <summary>Writes what a document says. Why it can't be, when OpenIddict has rules of its own against it; else null.</summary>
    public async Task<string?> SaveAsync(ClientIdUrl id, ClientDocument document, DateTimeOffset freshUntil, CancellationToken cancellationToken)
    {
        var descriptor = Describe(id, document, freshUntil);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteAsync(descriptor, cancellationToken);
                return null;
            }
            catch (Exception exception) when (exception is OpenIddictExceptions.ConcurrencyException or OpenIddictExceptions.ValidationException or DbUpdateException)
            {
                // Another replica may have written the same just now, or deleted the client as unused.
                if (await FindAsync(id.Value, cancellationToken) is DocumentRow.Kept kept && kept.FreshUntil >= freshUntil - TimeSpan.FromMinutes(1))
                    return null;
                if (exception is OpenIddictExceptions.ValidationException refused)
                    return refused.Results.FirstOrDefault()?.ErrorMessage ?? "it is not one that can be registered";
                if (attempt == Attempts)
                    throw;
            }
        }
    }

    private async Task WriteAsync(OpenIddictApplicationDescriptor descriptor, CancellationToken cancellationToken)
    {
        var clientId = descriptor.ClientId!;
        await using var scope = scopes.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        if (await clients.FindByClientIdAsync(clientId, cancellationToken) is { } known)
        {
            await clients.UpdateAsync(known, descriptor, cancellationToken);
            return;
        }

        await uses.AddAsync(clientId, cancellationToken);
        await clients.CreateAsync(descriptor, cancellationToken);
    }

    private static OpenIddictApplicationDescriptor Describe(ClientIdUrl id, ClientDocument document, DateTimeOffset freshUntil)
    {
        var descriptor = ClientRegistry.Describe(id.Value, document.Metadata);
        if (document.Keys is { } keys)
        {
            descriptor.ClientType = ClientTypes.Confidential;
            descriptor.JsonWebKeySet = new JsonWebKeySet(keys);
        }

        descriptor.Properties[ClientRegistry.OriginProperty] = JsonElement.Parse($"\"{Origin}\"");
        descriptor.Properties[FreshUntilProperty] = JsonElement.Parse(freshUntil.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return descriptor;
    }
}

/// <summary>What lies in the database under a client id.</summary>
internal abstract record DocumentRow
{
    private DocumentRow()
    {
    }

    /// <summary>Nothing.</summary>
    internal sealed record None : DocumentRow;

    /// <summary>A client that is known by other means, whatever its id looks like.</summary>
    internal sealed record Other : DocumentRow;

    /// <summary>What its document said when it was last read.</summary>
    internal sealed record Kept(DateTimeOffset FreshUntil) : DocumentRow;
}
