using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Identity.AuthorizationServer.Protocol;
using Cortex.Identity.AuthorizationServer.Storage;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace Cortex.Identity.AuthorizationServer;

/// <summary>OpenIddict as this gateway uses it: code flow with PKCE S256, rotating refresh tokens, readable ES256 access tokens.</summary>
internal static class ServerSetup
{
    public static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Counted anew with every refresh.</summary>
    public static readonly TimeSpan RefreshTokenLifetime = TimeSpan.FromDays(14);

    /// <summary>
    /// For so long a second use of a refresh token is only refused; a later one is taken for theft and ends the whole grant. It covers
    /// clients that refresh from several processes at once.
    /// </summary>
    public static readonly TimeSpan RefreshTokenReuseLeeway = TimeSpan.FromSeconds(30);

    /// <param name="plaintext">True only when the public address is plain http on loopback.</param>
    public static void AddServer(IServiceCollection services, bool plaintext)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<AuthorizationDbContext>())
            .AddServer(server =>
            {
                SetEndpoints(server);
                SetFlows(server);
                SetTokens(server);
                AddHandlers(server);
                var host = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough();
                if (plaintext)
                    host.DisableTransportSecurityRequirement();
            });
        services.ConfigureOptions<ServerKeys>();
    }

    private static void SetEndpoints(OpenIddictServerBuilder server) => server
        .SetAuthorizationEndpointUris(ServerPaths.Authorize)
        .SetTokenEndpointUris(ServerPaths.Token)
        .SetConfigurationEndpointUris(ServerPaths.Metadata, ServerPaths.OpenIdMetadata)
        .SetJsonWebKeySetEndpointUris(ServerPaths.KeySet);

    // Scopes and resources come and go with the catalog and the configuration: own handlers check them, and every client may ask for all.
    private static void SetFlows(OpenIddictServerBuilder server) => server
        .AllowAuthorizationCodeFlow()
        .AllowRefreshTokenFlow()
        .RequireProofKeyForCodeExchange()
        .DisableScopeValidation()
        .DisableResourceValidation()
        .IgnoreScopePermissions()
        .IgnoreResourcePermissions()
        .IgnoreEndpointPermissions()
        .Configure(options =>
        {
            options.CodeChallengeMethods.Remove(OpenIddictConstants.CodeChallengeMethods.Plain);
            options.ResponseModes.IntersectWith([OpenIddictConstants.ResponseModes.Query]);
            options.ClientAuthenticationMethods.Remove(OpenIddictConstants.ClientAuthenticationMethods.PrivateKeyJwt);
        });

    private static void SetTokens(OpenIddictServerBuilder server) => server
        .DisableAccessTokenEncryption()
        .UseReferenceRefreshTokens()
        .SetAccessTokenLifetime(AccessTokenLifetime)
        .SetAuthorizationCodeLifetime(CodeLifetime)
        .SetRefreshTokenLifetime(RefreshTokenLifetime)
        .SetRefreshTokenReuseLeeway(RefreshTokenReuseLeeway);

    private static void AddHandlers(OpenIddictServerBuilder server)
    {
        server.RemoveEventHandler(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor);
        server.AddEventHandler(RedeemOnce.Descriptor);
        server.AddEventHandler(ResolveClientDocument.Descriptor);
        server.AddEventHandler(NoteClientUse.Descriptor);
        server.AddEventHandler(CheckScopes.Descriptor);
        server.AddEventHandler(CheckResource.Descriptor);
        server.AddEventHandler(CheckTokenResource.Descriptor);
        server.AddEventHandler(DescribeServer.Descriptor);
        server.AddEventHandler(RedirectErrors.Descriptor);
        server.AddEventHandler(AuditTokens.Descriptor);
    }
}
