using Cortex.Foundation.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Foundation.Pages;

/// <summary>Puts server-rendered pages together: Razor components without interactivity, form tokens, the style sheet.</summary>
internal static class PagesRegistration
{
    /// <summary>Registers what pages need; may be called by every room that has pages.</summary>
    internal static void AddPages(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        // On plain http browsers refuse __Host- cookies.
        var secure = configuration.Get<GatewayOptions>().PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery(options =>
        {
            options.FormFieldName = FormTokens.FieldName;
            options.HeaderName = null;
            // The pages' own headers say more.
            options.SuppressXFrameOptionsHeader = true;
            options.Cookie.Name = secure ? "__Host-cortex-form" : "cortex-form";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            options.Cookie.Path = "/";
        });
        builder.Services.TryAddSingleton<FormTokens>();
    }

    /// <summary>Serves the style sheet.</summary>
    internal static void MapPages(this WebApplication app) => app.MapGet(PageStyles.Path, PageStyles.Serve);
}
