using Cortex.Foundation.Pages;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>What every form of the sign-in page sends along, and what was wrong with the last one. Public because components are.</summary>
/// <param name="Token">The form token.</param>
/// <param name="Return">Where to go afterwards.</param>
/// <param name="Error">What to tell the person; null when nothing is wrong.</param>
public sealed record SignInForm(FormToken Token, string Return, string? Error);
