namespace Cortex.Console.Account;

/// <summary>What the page says of a form that was just sent. The address carries its word, and nothing else of the address is shown.</summary>
/// <param name="Word">In the address.</param>
/// <param name="Text">On the page.</param>
internal sealed record AccountNotice(string Word, string Text)
{
    private const string Parameter = "done";

    public static readonly AccountNotice Disconnected = new("disconnected", "The client was disconnected. Its tokens no longer count, and it has to ask you again.");

    public static readonly AccountNotice TokenRemoved = new("token-removed", "The token was removed, and no longer counts.");

    public static readonly AccountNotice Unlinked = new("unlinked", "The account is no longer linked. The provider has taken back what you had granted.");

    public static readonly AccountNotice UnlinkedHere = new(
        "unlinked-here", "The account is no longer linked, and the gateway has forgotten what you had granted. The provider could not be told: if you want it to forget as well, remove the access in your account there.");

    public static readonly AccountNotice TokenKept = new("token-kept", "The token was tried and kept. Your agents act with it from now on. It is not shown again.");

    public static readonly AccountNotice NothingToRemove = new("nothing", "There was nothing to remove.");

    /// <summary>Goes to the page that says so.</summary>
    public IResult Show() => Results.LocalRedirect($"{AccountPaths.Account}?{Parameter}={Word}");

    /// <summary>What a request's address asks the page to say; null for nothing.</summary>
    public static AccountNotice? Find(HttpRequest request)
    {
        var word = request.Query[Parameter].ToString();
        return new[] { Disconnected, TokenRemoved, Unlinked, UnlinkedHere, TokenKept, NothingToRemove }.FirstOrDefault(notice => notice.Word == word);
    }
}
