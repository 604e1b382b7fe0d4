using Cortex.Identity.AuthorizationServer.SignIn;

namespace Cortex.Console.Account;

/// <summary>Where <c>/account</c> and its forms are.</summary>
internal static class AccountPaths
{
    public const string Account = "/account";
    public const string Disconnect = "/account/clients/disconnect";
    public const string SignOutEverywhere = "/account/sign-out-everywhere";
    public const string NewToken = "/account/tokens/new";
    public const string RemoveToken = "/account/tokens/remove";

    /// <summary>Takes a linked account back.</summary>
    public const string Unlink = "/link/{backend}/unlink";

    /// <summary>Takes a token that was made at the provider.</summary>
    public const string PasteToken = "/link/{backend}/token";

    /// <summary>The page, for whoever has to sign in first.</summary>
    public static readonly ReturnUrl Page = ReturnUrl.ParseOrDefault(Account);

    /// <summary>The form for a new token, for whoever has to sign in first.</summary>
    public static readonly ReturnUrl NewTokenPage = ReturnUrl.ParseOrDefault(NewToken);
}
