using Cortex.Foundation.Outbound;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>Registers the sign-in by e-mail.</summary>
internal static class MagicLinkRegistration
{
    public static void AddMagicLink(IServiceCollection services)
    {
        services.AddSingleton<MagicLinkStore>();
        services.AddSingleton<MagicLinkLimits>();
        services.AddSingleton<MagicLinkMail>();
        services.AddSingleton(provider => new SmtpDelivery(provider.GetService<TrustedRoots>()));
        services.AddSingleton<MagicLinkSender>();
        services.AddSingleton<SignInMethod, MagicLinkSignIn>();
    }
}
