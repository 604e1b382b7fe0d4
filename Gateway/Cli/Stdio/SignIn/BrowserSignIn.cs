using ModelContextProtocol.Authentication;

namespace Cortex.Cli.Stdio.SignIn;

/// <summary>Has the user sign in by their browser. Thread-safe; the SDK runs one sign-in at a time.</summary>
internal sealed class BrowserSignIn(Browser browser, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Requests that waited for a sign-in which failed do not open the browser again, each for itself.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private volatile Task _underWay = Task.CompletedTask;
    private volatile Failure? _last;
    private volatile bool _isClosed;

    /// <summary>Ends with the sign-in that is under way, if there is one.</summary>
    public Task IdleAsync() => _underWay;

    /// <summary>From now on nobody is asked to sign in.</summary>
    public void Close() => _isClosed = true;

    /// <exception cref="StdioException">Nobody signed in.</exception>
    public async Task<AuthorizationResult> RunAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
    {
        if (_isClosed)
            throw new StdioException("The bridge ends: nobody is asked to sign in any more.");
        if (_last is { } last && time.GetElapsedTime(last.Since) < Rest)
            throw new StdioException(last.Message);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay = ended.Task;
        try
        {
            return await AskAsync(context, cancellationToken);
        }
        catch (StdioException exception)
        {
            _last = new Failure(time.GetTimestamp(), exception.Message);
            throw;
        }
        finally
        {
            ended.SetResult();
        }
    }

    private async Task<AuthorizationResult> AskAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
    {
        var state = System.Web.HttpUtility.ParseQueryString(context.AuthorizationUri.Query)["state"] ?? "";
        await using var redirect = await LoopbackRedirect.ListenAsync(context.RedirectUri, state, cancellationToken);
        await browser.OpenAsync(context.AuthorizationUri);
        try
        {
            var query = await redirect.ComeAsync().WaitAsync(Patience, time, cancellationToken);
            return query["error"].ToString() is { Length: > 0 } error
                ? throw new StdioException($"The sign-in was refused: {OneLine(error, query["error_description"].ToString())} The next request asks again.")
                : new AuthorizationResult { Code = query["code"], State = query["state"], Iss = query["iss"].ToString() is { Length: > 0 } issuer ? issuer : null };
        }
        catch (TimeoutException exception)
        {
            throw new StdioException($"Nobody signed in within {Patience.TotalMinutes:0} minutes. The next request asks again.", exception);
        }
    }

    private static string OneLine(string error, string description) =>
        string.Concat($"{error}{(description.Length == 0 ? "" : $": {description.TrimEnd('.')}")}.".Select(c => char.IsControl(c) ? ' ' : c));

    private sealed record Failure(long Since, string Message);
}
