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

    /// <summary>The page, for whoever has to sign in first.</summary>
    public static readonly ReturnUrl Page = ReturnUrl.ParseOrDefault(Account);

    /// <summary>The form for a new token, for whoever has to sign in first.</summary>
    public static readonly ReturnUrl NewTokenPage = ReturnUrl.ParseOrDefault(NewToken);
}
